//! The three figures that the city answers for.

use super::Scope;
use crate::page::report::{Figure, LogFilter, Satisfaction};
use leptos::prelude::*;
use signaling::{
    intake::Service,
    report::{Counted, Shown},
    survey::Answer,
};

/// 満足度: the top box alone, with interval and response rate beside it.
pub(super) fn satisfaction(figure: &Satisfaction, scope: &Scope) -> impl IntoView + use<> {
    let said = |answer: &str| {
        Some(LogFilter {
            counted: Counted::Yes.code().into(),
            answer: answer.into(),
            ..scope.filter()
        })
    };
    let target = figure.target;
    let chip = match figure.percent {
        Some(percent) if percent >= target => {
            view! { <span class="chip green">{format!("目標 {target}% を達成")}</span> }.into_any()
        }
        Some(percent) => {
            view! { <span class="chip yellow">{format!("目標 {target}% まで {:.1}ポイント", target - percent)}</span> }
                .into_any()
        }
        None => view! { <span class="chip grey">{if scope.masked { "回答が少ないため非表示" } else { "まだ回答がありません" }}</span> }.into_any(),
    };
    let digits = usize::from(figure.share.is_some());
    let value = figure
        .percent
        .map_or("―".to_owned(), |percent| format!("{percent:.digits$}"));
    let interval = figure
        .interval
        .map(|(low, high)| format!("95%区間 {low:.1} – {high:.1}"));
    let unsure = figure.interval.is_some_and(|(low, _)| low < target) && figure.percent.is_some_and(|p| p >= target);
    let counts = figure.share.map(|share| {
        let open = scope.figure(Shown::Count(share.hits), said(Answer::Yes.code()), "「そう思う」");
        let all = scope.figure(Shown::Count(share.of), said("any"), "有効回答");
        view! { <p class="sub num">"「そう思う」 "{open}" / 有効回答 "{all}</p> }
    });
    let rounded = (figure.share.is_none() && figure.percent.is_some()).then(|| {
        view! { <p class="fine">"10未満の数がわからないように、1%未満を切り捨てています。"</p> }
    });
    let rate = figure
        .answered
        .and_then(|share| Some((share, share.percent()?)))
        .map(|(share, percent)| {
            let answered = scope.figure(Shown::Count(share.hits), said("any"), "回答");
            let asked = scope.figure(Shown::Count(share.of), said("asked"), "アンケートの対象");
            view! { <p class="sub num">{format!("回答率 {percent:.0}%（")}{answered}" / "{asked}"）"</p> }
        });
    let rather = scope.figure(
        figure.rather_yes,
        said(Answer::RatherYes.code()),
        "「どちらかといえばそう思う」",
    );
    view! {
        <section class="card kpi" aria-labelledby="kpi-satisfaction">
            <div class="row apart"><h2 id="kpi-satisfaction">"満足度"</h2>{chip}</div>
            <p class="v num">{value}<small>"%"</small></p>
            {meter(figure.percent.unwrap_or(0.0), Some(target))}
            {counts}
            {interval.map(|text| view! { <p class="sub num">{text}</p> })}
            {unsure.then(|| view! { <p class="fine">"区間の下のはしは目標を下まわっています。回答が増えると確かになります。"</p> })}
            {rounded}
            {rate}
            <p class="sub num">"「どちらかといえばそう思う」 "{rather}"（満足度には入れません）"</p>
            <p class="fine num">{format!("目標 {target}%　基準値 {}%", figure.baseline)}</p>
        </section>
    }
}

/// 登録者数.
pub(super) fn registered(figure: &Figure, new: Shown, unlinked: Shown) -> impl IntoView + use<> {
    let doubled = (unlinked != Shown::Count(0)).then(|| {
        view! { <p class="fine num">{format!("同じ家族の2台目かもしれない端末：{}", unlinked.text())}</p> }
    });
    view! {
        <section class="card kpi" aria-labelledby="kpi-registered">
            <div class="row apart"><h2 id="kpi-registered">"登録者数"</h2>{target_chip(figure)}</div>
            <p class="v num">{figure.count.text()}<small>"人"</small></p>
            {meter(reached(figure).unwrap_or(0.0), None)}
            <p class="sub num">
                {format!("期間内の新規 {}人", new.text())}
                {figure.this_month.map(|new| format!("（うち今月 {}人）", new.text()))}
            </p>
            <p class="sub"><a href="#reaches">"知ったきっかけの内訳"</a></p>
            {doubled}
            <p class="fine num">{format!("目標 {}人　基準値 {}人", thousands(figure.target), thousands(figure.baseline))}</p>
        </section>
    }
}

/// 相談件数.
pub(super) fn consultations(figure: &Figure, by_service: &[(String, Shown)], scope: &Scope) -> impl IntoView + use<> {
    let counted = LogFilter {
        counted: Counted::Yes.code().into(),
        ..scope.filter()
    };
    let services = by_service
        .iter()
        .map(|(words, shown)| {
            let service = Service::ALL.iter().find(|one| one.label() == words);
            let filter = service.map(|service| LogFilter {
                service: service.code().into(),
                ..counted.clone()
            });
            let open = scope.figure(*shown, filter, words);
            view! { <span class="by">{words.clone()}" "{open}</span> }
        })
        .collect_view();
    let this_month = figure.this_month.map(|new| {
        let filter = LogFilter {
            from: scope.this_month.clone(),
            ..counted.clone()
        };
        view! { <p class="sub num">"今月 +"{scope.figure(new, Some(filter), "今月")}</p> }
    });
    let pace = figure_count(figure.count)
        .filter(|count| *count > 0)
        .zip(scope.elapsed.filter(|elapsed| *elapsed > 0.08))
        .map(|(count, elapsed)| format!("このペースなら年度末に約{:.0}件", f64::from(count) / elapsed));
    view! {
        <section class="card kpi" aria-labelledby="kpi-consultations">
            <div class="row apart"><h2 id="kpi-consultations">"相談件数"</h2>{target_chip(figure)}</div>
            <p class="v num">{scope.figure(figure.count, Some(counted), "数えた全部")}<small>"件"</small></p>
            {meter(reached(figure).unwrap_or(0.0), scope.elapsed.map(|elapsed| elapsed * 100.0))}
            <p class="sub num">{services}</p>
            {this_month}
            {pace.map(|text| view! { <p class="sub num">{text}</p> })}
            <p class="fine num">{format!("目標 {}件　基準値 {}件　縦線は今日までの目安", thousands(figure.target), thousands(figure.baseline))}</p>
        </section>
    }
}

fn figure_count(shown: Shown) -> Option<u32> {
    match shown {
        Shown::Count(count) => Some(count),
        Shown::Under10 | Shown::Hidden => None,
    }
}

/// The count in percent of its target.
fn reached(figure: &Figure) -> Option<f64> {
    let count = figure_count(figure.count).filter(|_| figure.target > 0)?;
    Some(100.0 * f64::from(count) / f64::from(figure.target))
}

fn target_chip(figure: &Figure) -> impl IntoView + use<> {
    match reached(figure) {
        Some(percent) if percent >= 100.0 => {
            view! { <span class="chip green">{format!("目標 {} を達成", thousands(figure.target))}</span> }.into_any()
        }
        Some(percent) => {
            view! { <span class="chip yellow num">{format!("目標の {}%", percent.floor())}</span> }.into_any()
        }
        None => view! { <span class="chip grey">{format!("目標 {}", thousands(figure.target))}</span> }.into_any(),
    }
}

/// A bar with an optional line. Decoration: the words around it say the same. Attributes, not styles, because the page's
/// policy allows no inline style.
fn meter(percent: f64, line: Option<f64>) -> impl IntoView {
    let width = format!("{:.1}", percent.clamp(0.0, 100.0));
    view! {
        <svg class="kpi-meter" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect class="track" x="0" y="1" width="100" height="8"></rect>
            <rect class="fill" x="0" y="1" width=width height="8"></rect>
            {line.map(|at| view! { <rect class="line" x=format!("{:.1}", at.clamp(0.0, 99.6)) y="0" width="0.4" height="10"></rect> })}
        </svg>
    }
}

/// `1,440`.
fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        assert_eq!(
            [0, 999, 1440, 1_234_567].map(thousands),
            ["0", "999", "1,440", "1,234,567"]
        );
    }
}
