//! queue: the waiting room. The place, how long it takes, who is on tonight, and that closing the screen loses nothing.
//! Also the bar that says who is talking, once somebody is.
//!
//! Not here: the order itself (signaling's queue), the conversation (chat).

#[cfg(feature = "hydrate")]
pub(crate) mod wake;

mod actions;
mod appointment;
pub(crate) mod later;

pub use actions::actions;
#[cfg(feature = "ssr")]
pub use appointment::appointments;

use crate::{
    chat::day_words,
    guardian::{Stage, Visit, hidden_unless},
    page::guardian::{LivePage, TicketPage},
    ui,
};
use leptos::prelude::*;
use signaling::{
    intake::Service,
    queue::{Position, Presence},
    time::At,
    view::Standing,
};

/// Everything that is for waiting only. A family that asked outside of the hours has no place: it is promised an answer.
#[must_use]
pub fn waiting_room(visit: Visit, ticket: &TicketPage, page: &LivePage) -> AnyView {
    let hidden = hidden_unless(visit, |stage| stage == Stage::Waiting);
    // A family that waits live becomes one that is answered at any time when the desk closes for the night, or by its wish.
    let anytime = Memo::new(move |_| visit.thread.with(|thread| thread.service == Some(Service::Anytime)));
    let (now, promised) = (visit.now, page.reply_by);
    let promise = move || {
        let since_then = || visit.thread.with(|thread| thread.reply_by);
        anytime.get().then(|| promise(now, promised.or_else(since_then)))
    };
    let place = move || match visit.stage.get() {
        Stage::Waiting if !anytime.get() => place(visit.position.get()),
        _ => ().into_any(),
    };
    let later = ui::still(|| later::form(ticket, page));
    let way = ui::still(|| appointment::way(ticket, page));
    let rest = ui::still(|| rest(visit.now, page, anytime.get_untracked()));
    let closing = move || match anytime.get() {
        true => "画面を閉じても大丈夫です",
        false => "画面を閉じても順番は守られます",
    };
    let closing = ui::notice_bar(
        ui::Tone::Green,
        closing,
        "同じリンクを開けば、いつでもここにもどれます。".to_owned(),
    );
    view! {
        <section class="card place" hidden=move || !anytime.get() || hidden()>{promise}</section>
        <section class="card place" aria-live="polite" hidden=move || anytime.get() || hidden()>{place}</section>
        {appointment::card(visit, ticket)}
        <div class="contents" hidden=hidden inner_html=way></div>
        <div class="contents" hidden=move || anytime.get() || hidden() inner_html=later></div>
        <div class="stack" hidden=hidden>
            {closing}
            <div class="contents" inner_html=rest></div>
        </div>
    }
    .into_any()
}

/// When somebody will answer. The time is the one that was promised, however late the page is opened again.
fn promise(now: At, reply_by: Option<At>) -> AnyView {
    let reply = reply_by.map(|due| {
        if due < now {
            "お約束の時間を過ぎています。お待たせして申し訳ありません。順に返信しています。".to_owned()
        } else {
            format!("{} {}までに返信します", day_words(due), due.clock())
        }
    });
    view! {
        <p class="next">"相談を受け付けました"</p>
        {reply.map(|words| view! { <p><b class="num">{words}</b></p> })}
        <p class="fine">"返信が来たら、この画面に表示されます。"</p>
        <p class="fine">
            "待つあいだに様子が変わったら、"<a href="tel:%238000">"#8000"</a>"（夜間・小児）や"<a href="tel:119">"119"</a>"へ。"
        </p>
    }
    .into_any()
}

fn place(position: Option<Position>) -> AnyView {
    let Some(position) = position else {
        return view! { <p class="next">"順番を確かめています"</p> }.into_any();
    };
    let leads = match position.to_minutes {
        None => "、ご案内します",
        Some(..=5) => "ご案内します",
        Some(_) => "でご案内します",
    };
    let estimate = [&position.estimate_text(), leads].concat();
    let ahead = if position.ahead == 0 {
        view! { <p class="next">"つぎの順番です"</p> }.into_any()
    } else {
        view! { <p class="ahead"><span class="sub">"あなたの前に"</span><b class="num">{position.ahead.to_string()}<small>"人"</small></b></p> }
            .into_any()
    };
    view! {
        {ahead}
        <p><b class="num">{estimate}</b></p>
        <p class="fine">"緊急の方が先になることがあります"</p>
    }
    .into_any()
}

fn rest(now: At, page: &LivePage, anytime: bool) -> AnyView {
    let duty = (!page.on_duty.is_empty()).then(|| {
        view! { <section class="card stack tight"><h2>{ui::on_duty_title(now)}</h2>{ui::on_duty_list(&page.on_duty)}</section> }
    });
    view! {
        {duty}
        <noscript>
            <a class="btn line block" href="?poll=visible">{if anytime { "返信が来ているか見る" } else { "いまの順番を見る" }}</a>
        </noscript>
    }
    .into_any()
}

/// Who is talking with the family, and whether they are there.
#[must_use]
pub fn clinician_bar(visit: Visit) -> AnyView {
    let who = move || {
        visit.thread.with(|thread| match &thread.standing {
            Standing::Claimed(staff) => view! {
                {ui::avatar(&staff.name, staff.role.label())}
                <div class="grow"><b class="name">{staff.addressed()}</b><div class="fine">{staff.role.label()}</div></div>
            }
            .into_any(),
            _ => ().into_any(),
        })
    };
    let hidden = hidden_unless(visit, |stage| stage == Stage::Talking);
    view! {
        <section class="card clinician" aria-label="担当者" hidden=hidden>
            <div class="row">{who}</div>
            <p class="fine presence" role="status">{move || presence_words(visit.presence.get())}</p>
        </section>
    }
    .into_any()
}

/// The other side's page, in words for the family.
fn presence_words(presence: Option<Presence>) -> &'static str {
    match presence {
        None => "",
        Some(Presence::Here) => "この相談の画面を見ています",
        Some(Presence::Hidden) => "いま、ほかの画面を見ています",
        Some(Presence::Away) => "担当者の接続が切れています。もどりしだい続きます。",
    }
}
