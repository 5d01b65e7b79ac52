//! The verdict on the page: its colour with its word, one sentence, one thing to do; and the figures, for who is asked for
//! them on the telephone.

use super::{Face, Step};
use crate::call::fault::MediaFault;
use leptos::prelude::*;
use signaling::check::{Cause, Connection, Figures, Light};

pub(super) fn result(face: Face, back: String) -> impl IntoView {
    let verdict = Memo::new(move |_| face.verdict().map(|verdict| (verdict.light, verdict.cause)));
    let class = move || {
        let light = verdict.get().map_or("", |(light, _)| light.code());
        format!("check-verdict {light}")
    };
    let sentence = move || face.verdict().map_or("", |verdict| verdict.sentence());
    let mark = move || match verdict.get() {
        Some((Light::Green, _)) => "✓",
        _ => "!",
    };
    view! {
        <div role="status">
            <section class=class id="verdict" hidden=move || verdict.get().is_none()>
                <h2>
                    <span class="mark" aria-hidden="true">{mark}</span>
                    {move || verdict.get().map_or("", |(light, _)| light.label())}
                </h2>
                <p class="check-sentence">{sentence}</p>
                <p>{move || advice(face)}</p>
                <a class="btn block" href=back hidden=move || verdict.get().is_none_or(|(light, _)| light != Light::Green)>
                    "もどって待つ"
                </a>
            </section>
        </div>
    }
}

/// The one thing to do. What a browser refused is said with the place where this browser keeps it.
fn advice(face: Face) -> &'static str {
    let Some(verdict) = face.verdict() else { return "" };
    let of_device = matches!(
        verdict.cause,
        Cause::SoundRefused | Cause::PictureRefused | Cause::Unsupported
    );
    match face.fault.get().filter(|_| of_device) {
        Some(fault @ (MediaFault::Refused | MediaFault::InAppBrowser | MediaFault::Insecure)) => {
            fault.advice(face.browser.get())
        }
        _ => verdict.advice(),
    }
}

/// The figures of a connection that was made.
pub(super) fn figures(face: Face) -> Option<impl IntoView> {
    if face.step.get() != Step::Done {
        return None;
    }
    let Some(Connection::Made(figures)) = face.connection.get() else {
        return None;
    };
    let rows = rows(&figures)
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd class="num">{value}</dd></div> })
        .collect_view();
    Some(view! { <dl class="check-figures" id="figures">{rows}</dl> })
}

fn rows(figures: &Figures) -> [(&'static str, String); 6] {
    let ms = |ms: u32| format!("{ms}ミリ秒");
    let percent = |permille: u32| format!("{}.{}%", permille / 10, permille % 10);
    [
        ("経路", figures.path.label().to_owned()),
        ("つながるまで", ms(figures.connect_ms)),
        ("往復", ms(figures.round_trip_ms)),
        ("ゆらぎ", ms(figures.jitter_ms)),
        ("失われた（行き）", percent(figures.loss_up_permille)),
        ("失われた（帰り）", percent(figures.loss_down_permille)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use signaling::call::Path;

    #[test]
    fn figures_are_read_with_their_units() {
        let figures = Figures {
            connect_ms: 412,
            round_trip_ms: 38,
            jitter_ms: 2,
            loss_up_permille: 104,
            loss_down_permille: 0,
            path: Path::Direct,
        };
        let shown: Vec<String> = rows(&figures).into_iter().map(|(_, value)| value).collect();
        assert_eq!(shown, ["直接接続", "412ミリ秒", "38ミリ秒", "2ミリ秒", "10.4%", "0.0%"]);
    }
}
