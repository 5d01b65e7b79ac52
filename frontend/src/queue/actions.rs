//! What a family can do besides talking: see what it sent, change how to talk, go on with another device, leave. Plain
//! forms; leaving asks once more by a `details` element.

use crate::{
    guardian::{Stage, Visit, hidden_unless},
    page::guardian::{LivePage, TicketPage},
    ui,
};
use leptos::prelude::*;
use signaling::{
    intake::{Complaint, Intake, Mode},
    time::At,
    view::Thread,
};

/// The list of these actions. Those that need an open consultation are hidden once it is over. While somebody talks with the
/// family the list is folded into one row: on a phone the conversation needs the room.
#[must_use]
pub fn actions(visit: Visit, ticket: &TicketPage, page: &LivePage) -> AnyView {
    let sent = ui::still(|| sent(page));
    // What is over stays over: its page has no form that could only be refused.
    let open = if visit.stage.get_untracked().is_open() {
        ui::still(|| open_actions(ticket, page))
    } else {
        String::new()
    };
    let hidden = hidden_unless(visit, Stage::is_open);
    let unfolded = hidden_unless(visit, |stage| stage == Stage::Talking);
    view! {
        <section class="card fold-list" aria-label="相談の内容と操作">
            <details class="menu" open=unfolded>
                <summary>"相談の内容と操作"</summary>
                <div inner_html=sent></div>
                <div hidden=hidden inner_html=open></div>
            </details>
        </section>
    }
    .into_any()
}

fn sent(page: &LivePage) -> Option<AnyView> {
    let thread = Thread::of(&page.events);
    let at = thread.requested_at.unwrap_or_default();
    thread
        .intake
        .map(|intake| view! { <details><summary>"送った内容"</summary>{as_sent(&intake, at)}</details> }.into_any())
}

fn as_sent(intake: &Intake, at: At) -> AnyView {
    let complaints: Vec<&str> = intake.complaints.iter().copied().map(Complaint::label).collect();
    let row = |term: &'static str, words: String| view! { <dt>{term}</dt><dd class="said">{words}</dd> };
    let temperature = intake
        .temperature_tenths
        .map(|tenths| format!("{}.{}℃", tenths / 10, tenths % 10));
    view! {
        <dl class="sent">
            {row("だれについて", intake.subject.label(at.date()))}
            {row("どんなこと", complaints.join("、"))}
            {intake.onset.map(|onset| row("いつから", onset.label().to_owned()))}
            {temperature.map(|words| row("体温", words))}
            {row("いちばん心配なこと", intake.worry.clone())}
            {row("送った時刻", [&crate::chat::day_words(at), " ", &at.clock()].concat())}
        </dl>
    }
    .into_any()
}

fn open_actions(ticket: &TicketPage, page: &LivePage) -> AnyView {
    let thread = Thread::of(&page.events);
    let below = |part: &str| [&ticket.path, part].concat();
    let wished = thread.mode.unwrap_or(Mode::Chat);
    let modes = Mode::ALL
        .iter()
        .map(|mode| ui::pick("radio", "mode", mode.code(), *mode == wished, mode.label()))
        .collect_view();
    view! {
        <details>
            <summary>"話し方を変える"</summary>
            <form class="stack tight" method="post" action=below("/mode")>
                {ui::command_field(ticket.command)}
                <fieldset>
                    <legend class="visually-hidden">"話し方"</legend>
                    <div class="picks">{modes}</div>
                </fieldset>
                <button class="btn line">"この話し方にする"</button>
            </form>
        </details>
        <a class="row-button" href=below("/check")>"カメラと音の確認"</a>
        <a class="row-button" href=below("/invite")>"家族を通話に招待"</a>
        <form method="post" action=below("/transfer")>
            <button class="row-button">"別の端末で続ける"</button>
        </form>
        <details>
            <summary>"相談をとりやめる"</summary>
            <form class="stack tight" method="post" action=below("/cancel")>
                {ui::command_field(ticket.command)}
                <p class="sub">"とりやめると、順番はなくなります。書いた内容は記録として残ります。ほんとうにとりやめますか？"</p>
                <button class="btn danger line">"はい、とりやめます"</button>
            </form>
        </details>
    }
    .into_any()
}
