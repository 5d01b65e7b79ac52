//! queue: the waiting room. The place, how long it takes, who is on tonight, and that closing the screen loses nothing.
//! Also the bar that says who is talking, once somebody is.
//!
//! Not here: the order itself (signaling's queue), the conversation (chat).

#[cfg(feature = "hydrate")]
pub(crate) mod wake;

mod actions;

pub use actions::actions;

use crate::{
    guardian::{Stage, Visit, hidden_unless},
    page::{Opening, guardian::LivePage},
    ui,
};
use leptos::prelude::*;
use signaling::{
    queue::{Position, Presence},
    view::Standing,
};

/// Everything that is for waiting only.
#[must_use]
pub fn waiting_room(visit: Visit, page: &LivePage) -> AnyView {
    let hidden = hidden_unless(visit, |stage| stage == Stage::Waiting);
    let opening = page.opening.clone();
    let place = move || match visit.stage.get() {
        Stage::Waiting => place(visit.position.get(), &opening),
        _ => ().into_any(),
    };
    let rest = ui::still(|| rest(page));
    view! {
        <section class="card place" aria-live="polite" hidden=hidden>{place}</section>
        <div class="stack" hidden=hidden inner_html=rest></div>
    }
    .into_any()
}

fn place(position: Option<Position>, opening: &Opening) -> AnyView {
    let Some(position) = position else {
        let reply = format!("{}時間以内に返信します", opening.reply_hours);
        return view! {
            <p class="next">"相談を受け付けました"</p>
            <p><b>{reply}</b></p>
            <p class="fine">"返信が来たら、この画面に表示されます。"</p>
        }
        .into_any();
    };
    let estimate = if position.to_minutes <= 5 {
        "まもなくご案内します".to_owned()
    } else {
        [&position.estimate_text(), "でご案内します"].concat()
    };
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

fn rest(page: &LivePage) -> AnyView {
    let duty = (!page.on_duty.is_empty()).then(|| {
        view! { <section class="card stack tight"><h2>"今夜の担当"</h2>{ui::on_duty_list(&page.on_duty)}</section> }
    });
    view! {
        {ui::notice_bar(
            ui::Tone::Green,
            "画面を閉じても順番は守られます".to_owned(),
            "同じリンクを開けば、いつでもここにもどれます。".to_owned(),
        )}
        {duty}
        <noscript>
            <a class="btn line block" href="">"いまの順番を見る"</a>
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
