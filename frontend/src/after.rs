//! after: what a family does once the advice is given. How it goes on the day after, coming back to the same team, consent to a
//! referral, and the summaries of earlier stays. Forms without script; what has been answered says so.
//!
//! Not here: the summary itself (`note`), the survey.

use crate::{
    guardian::{Stage, Visit},
    note,
    page::guardian::TicketPage,
    ui,
};
use leptos::prelude::*;
use signaling::{
    after::Feeling,
    id::CommandId,
    limits,
    view::{CheckIn, Referral, Thread},
};

/// The question on the day after, and what came of it.
#[must_use]
pub fn check_in(visit: Visit, ticket: &TicketPage) -> AnyView {
    let stands = Memo::new(move |_| visit.thread.with(|thread| thread.check_in.clone()));
    let now = visit.now;
    let is_asked = move |one: &CheckIn| {
        let open = one.asked_at.is_some_and(|at| now <= at + limits::CHECK_IN_OPEN);
        open && one.feeling.is_none()
    };
    let asked = move || stands.with(|one| one.as_ref().is_some_and(is_asked));
    let words = move || stands.with(|one| one.as_ref().map_or("", said));
    let form = ui::still(|| question(ticket));
    view! {
        <section class="card stack" id="check-in" aria-labelledby="check-in-title" hidden=move || !asked() inner_html=form></section>
        <p class="bar-note key" role="status" id="checked-in" hidden=move || words().is_empty()>{words}</p>
    }
    .into_any()
}

fn said(one: &CheckIn) -> &'static str {
    match (one.feeling, one.asked_at) {
        (Some(Feeling::Better), _) => "よかったです。お返事ありがとうございました。お大事になさってください。",
        (Some(Feeling::Same), _) => {
            "お返事ありがとうございました。心配なことがあれば、下から「また相談する」を押してください。"
        }
        (Some(Feeling::Worse), _) => {
            "お返事を受け取りました。順番を早めて、担当者がもう一度お話をうかがいます。急を要するときは、待たずに119へ。"
        }
        (None, None) => "明日の朝、その後のようすをおたずねします。",
        (None, Some(_)) => "",
    }
}

fn question(ticket: &TicketPage) -> AnyView {
    let answers = Feeling::ALL
        .iter()
        .map(|feeling| {
            let class = if *feeling == Feeling::Worse {
                "btn line big block"
            } else {
                "btn big block"
            };
            view! { <button class=class name="feeling" value=feeling.code()>{feeling.label()}</button> }
        })
        .collect_view();
    view! {
        <h2 id="check-in-title">"その後、いかがですか"</h2>
        <form class="stack tight" method="post" action=[&ticket.path, "/how"].concat()>
            {ui::command_field(ticket.command)}
            {answers}
        </form>
        <p class="fine">"「悪くなった」を押すと、順番を早めてもう一度相談を受け付けます。命にかかわる症状は、すぐに "<a href="tel:119">"119"</a>" へ。"</p>
    }
    .into_any()
}

/// 「また相談する」: to the same team for some days; afterwards, and where the family left, from the beginning.
#[must_use]
pub fn come_back(visit: Visit, ticket: &TicketPage) -> AnyView {
    let now = visit.now;
    let open = move || {
        let ended_at = visit.thread.with(|thread| thread.ended_at);
        visit.stage.get() == Stage::Over && ended_at.is_some_and(|at| now <= at + limits::COME_BACK)
    };
    let form = ui::still(|| again(ticket));
    view! {
        <div id="again" hidden=move || !open() inner_html=form></div>
        <a class="btn line block" href="/" hidden=open>"新しく相談する"</a>
    }
    .into_any()
}

fn again(ticket: &TicketPage) -> AnyView {
    view! {
        <details>
            <summary>"また相談する"</summary>
            <form class="stack" method="post" action=[&ticket.path, "/again"].concat()>
                {ui::command_field(ticket.command)}
                <div class="field">
                    <label for="again-text">"いま心配なこと"</label>
                    <p class="fine" id="again-hint">"同じ担当チームに、これまでのやりとりと一緒に届きます（終わってから7日間）。"</p>
                    <textarea id="again-text" name="text" rows="3" required maxlength=limits::MESSAGE_CHARS.to_string()
                        aria-describedby="again-hint"></textarea>
                </div>
                <button class="btn block">"また相談する"</button>
            </form>
        </details>
    }
    .into_any()
}

/// What is to be handed to the public-health nurse, in the very words, with the two answers.
#[must_use]
pub fn referral(visit: Visit, ticket: &TicketPage) -> AnyView {
    let stands = Memo::new(move |_| visit.thread.with(|thread| thread.referral.as_ref().map(Offer::of)));
    let (path, command) = (StoredValue::new([&ticket.path, "/referral"].concat()), ticket.command);
    let body = move || stands.with(|offer| offer.as_ref().map(|offer| offered(offer, &path.get_value(), command)));
    view! {
        <section class="card stack" id="referral" aria-labelledby="referral-title" hidden=move || stands.with(Option::is_none)>
            <h2 id="referral-title">"市の保健師への紹介"</h2>
            <div class="stack tight">{body}</div>
        </section>
    }
    .into_any()
}

/// The referral as it can be compared.
#[derive(Clone, PartialEq, Eq)]
struct Offer {
    offer: String,
    by: String,
    shared: String,
    given: Option<bool>,
}

impl Offer {
    fn of(referral: &Referral) -> Self {
        Self {
            offer: referral.offer.to_string(),
            by: referral.by.addressed(),
            shared: referral
                .shared
                .clone()
                .unwrap_or_else(|| "（保存期間が過ぎたため消去されました）".to_owned()),
            given: referral.given,
        }
    }
}

fn offered(offer: &Offer, path: &str, command: CommandId) -> AnyView {
    let standing = match offer.given {
        None => [
            &offer.by,
            "からの提案です。同意していただいたときだけ、下の内容を市の保健師に伝えます。",
        ]
        .concat(),
        Some(true) => "同意をいただきました。下の内容を市の保健師に伝えます。伝える前なら取り消せます。".to_owned(),
        Some(false) => "市の保健師には伝えません。気が変わったら、下から同意できます。".to_owned(),
    };
    let button = |given: &'static str, words: &'static str, class: &'static str| {
        view! { <button class=class name="given" value=given>{words}</button> }
    };
    let yes = (offer.given != Some(true)).then(|| button("yes", "伝えることに同意する", "btn block"));
    let no = match offer.given {
        None => Some(button("no", "伝えない", "btn line block")),
        Some(true) => Some(button("no", "同意を取り消す", "btn line block")),
        Some(false) => None,
    };
    view! {
        <p>{standing}</p>
        <h3>"伝える内容"</h3>
        <p class="said">{offer.shared.clone()}</p>
        <form class="stack tight" method="post" action=path.to_owned()>
            {ui::command_field(command)}
            <input type="hidden" name="offer" value=offer.offer.clone() />
            {yes}
            {no}
        </form>
        <p class="fine">"同意しなくても、相談はこれまでどおり受けられます。"</p>
    }
    .into_any()
}

/// What was advised before the family came back, until there is a newer summary.
#[must_use]
pub fn earlier(visit: Visit) -> AnyView {
    let has = |thread: &Thread| !thread.earlier.is_empty() && thread.is_open();
    let hidden = move || !visit.thread.with(has);
    let body = move || visit.thread.with(|thread| thread.earlier.last().map(note::written));
    view! {
        <details class="card" id="earlier" hidden=hidden>
            <summary>"前回のまとめ"</summary>
            <div class="stack">{body}</div>
        </details>
    }
    .into_any()
}
