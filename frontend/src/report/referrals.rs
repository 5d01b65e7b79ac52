//! `/referrals`: what families consented to have handed to the city's public-health nurse. She receives it, and ends it with what was
//! done. Forms without script, for a desk and for a phone.
//!
//! Promises: the very words that the family consented to, and when, and nothing else of its consultation; a form that is refused
//! says why beside its card and keeps what was written, also where the card is gone.
//!
//! Not here: which ones there are and who may do what (server and `signaling`).

use crate::{
    chat::day_words,
    page::report::{Past, ReferralFault, ReferralLine, Referrals, Stand},
    ui,
};
use leptos::prelude::*;
use signaling::{id::CommandId, limits, time::At};

/// The list.
pub(super) fn referrals(page: Referrals, now: At) -> impl IntoView {
    let count = page.lines.len();
    let shown = page.lines.iter();
    let body = if count == 0 {
        view! { <p class="card empty">"いま届いている紹介はありません。ご家族が同意すると、この画面に届きます。"</p> }
            .into_any()
    } else {
        shown
            .map(|line| card(line, page.fault_of(line), now))
            .collect_view()
            .into_any()
    };
    let beside_a_card = page.lines.iter().any(|line| page.fault_of(line).is_some());
    let fault = page.fault.filter(|_| !beside_a_card);
    view! {
        <div class="stack referrals">
            <div class="report-head"><h1>"保健師への紹介"</h1><p class="sub num">{format!("{count}件")}</p></div>
            <p class="sub">"ご家族が、市の保健師に伝えることに同意した内容です。開いたことは記録されます。"</p>
            {fault.map(gone)}
            {body}
            {past(page.past, now)}
        </div>
    }
}

/// 「11月22日（日）19:05」.
fn stamp(at: At) -> String {
    format!("{}{}", day_words(at), at.clock())
}

/// A form was refused whose card is not here any more: why, and what was written, to be copied.
fn gone(fault: ReferralFault) -> AnyView {
    let typed = (!fault.typed.is_empty()).then(|| {
        view! {
            <h2>"送れなかった文"</h2>
            <p class="said">{fault.typed}</p>
        }
    });
    view! {
        <div role="alert" class="stack tight">
            {ui::notice_bar(ui::Tone::Red, fault.text, String::new())}
            {typed}
        </div>
    }
    .into_any()
}

fn past(past: Past, now: At) -> AnyView {
    const NAME: &str = "この30日に受け取り、対応を終えたもの";
    match past {
        Past::Folded(0) => ().into_any(),
        Past::Folded(count) => view! {
            <p><a class="btn line" href="/referrals?received=show#received">{format!("{NAME}を見る（{count}件）")}</a></p>
        }
        .into_any(),
        Past::Shown(lines) => {
            let nothing = lines.is_empty();
            let cards = lines.iter().map(|line| card(line, None, now)).collect_view();
            view! {
                <section class="stack" id="received" aria-labelledby="received-title">
                    <div class="row wrap apart">
                        <h2 id="received-title">{NAME}</h2>
                        <a class="btn quiet" href="/referrals">"たたむ"</a>
                    </div>
                    {nothing.then(|| view! { <p class="card empty">"まだありません。"</p> })}
                    {cards}
                </section>
            }
            .into_any()
        }
    }
}

fn card(line: &ReferralLine, fault: Option<&ReferralFault>, now: At) -> AnyView {
    let key = format!("{}-{}", line.consultation, line.seq);
    let title = format!("title-{key}");
    let shared = line
        .shared
        .clone()
        .unwrap_or_else(|| "（保存期間が過ぎたため消去されました）".to_owned());
    view! {
        <article class="card stack tight" aria-labelledby=title>
            <div class="row wrap">
                <h2 id=title.clone() class="num">{format!("{} に同意", stamp(line.consented_at))}</h2>
                {chip(line, now)}
            </div>
            <h3>"伝える内容"</h3>
            <p class="said words">{shared}</p>
            {rest(line, fault, &key)}
        </article>
    }
    .into_any()
}

fn chip(line: &ReferralLine, now: At) -> AnyView {
    if matches!(line.stand, Stand::Done { .. }) {
        return view! { <span class="chip green">"対応済み"</span> }.into_any();
    }
    let late = line.due_at <= now;
    let class = if late { "chip red num" } else { "chip yellow num" };
    let late = if late { "（過ぎています）" } else { "" };
    view! { <span class=class>{format!("期限 {}{late}", stamp(line.due_at))}</span> }.into_any()
}

/// Where it stands, and what this reader can do about it.
fn rest(line: &ReferralLine, fault: Option<&ReferralFault>, key: &str) -> AnyView {
    let action = format!("/referrals/{}/{}", line.consultation, line.seq);
    match &line.stand {
        Stand::Waits { with, take } => {
            let with = with.as_ref().map(|name| {
                view! { <p>{format!("いま監督者の{name}が対応しています。受け取ると、あなたが引き継ぎます。")}</p> }
            });
            view! {
                {with}
                {receive(action, *take, "受け取りました", fault)}
                <p class="fine">"受け取ったあとは、ご家族は同意を取り消せません。"</p>
            }
            .into_any()
        }
        Stand::Mine { since, close } => view! {
            <p class="num"><b>{format!("{} に受け取りました。", stamp(*since))}</b></p>
            {end(action, *close, fault, key)}
        }
        .into_any(),
        Stand::Colleague { by, since, take } => {
            let late = take.map(|take| {
                view! {
                    <p>"期限を過ぎています。代わりに受け取れます。"</p>
                    {receive(action, take, "代わりに受け取る", fault)}
                }
            });
            let refused = fault.filter(|_| late.is_none()).map(why);
            view! {
                <p class="num"><b>{format!("{by} が {} に受け取りました。", stamp(*since))}</b></p>
                {refused}
                {late}
            }
            .into_any()
        }
        Stand::Done { by, at, words } => {
            let words = words.clone().map(|text| {
                view! { <h3>"対応の記録"</h3><p class="said words">{text}</p> }
            });
            view! {
                <p class="num"><b>{format!("{by} が {} に対応を終えました。", stamp(*at))}</b></p>
                {words}
            }
            .into_any()
        }
    }
}

fn why(fault: &ReferralFault) -> AnyView {
    view! { <p class="wrong" role="alert">{fault.text.clone()}</p> }.into_any()
}

fn receive(action: String, take: CommandId, words: &'static str, fault: Option<&ReferralFault>) -> AnyView {
    view! {
        <form method="post" action=action class="stack tight">
            {ui::command_field(take)}
            {fault.map(why)}
            <div><button class="btn" name="go" value="take">{words}</button></div>
        </form>
    }
    .into_any()
}

fn end(action: String, close: CommandId, fault: Option<&ReferralFault>, key: &str) -> AnyView {
    let (field, hint) = (format!("words-{key}"), format!("hint-{key}"));
    let wrong = fault.is_some().then_some("true");
    let typed = fault.map_or(String::new(), |fault| fault.typed.clone());
    view! {
        <form method="post" action=action class="stack tight">
            {ui::command_field(close)}
            <div class="field">
                <label for=field.clone()>"どう対応したか"<span class="must">"必須"</span></label>
                <p class="fine" id=hint.clone()>"電話や訪問をした日、つないだ先など。監督者も読みます。"</p>
                <textarea id=field name="words" rows="3" required aria-invalid=wrong aria-describedby=hint
                    maxlength=limits::NOTE_FIELD_CHARS.to_string() inner_html=ui::textarea_content(&typed)></textarea>
            </div>
            {fault.map(why)}
            <div><button class="btn" name="go" value="close">"対応を記録して終える"</button></div>
        </form>
    }
    .into_any()
}
