//! chat: the conversation and the composer.
//!
//! Promises: what is shown is the log, plus what this page has written and not yet seen in it; every own message says how
//! far it got; nothing typed is lost by a reload. Without script the composer is a form.
//!
//! Not here: calls.

#[cfg(feature = "hydrate")]
pub(crate) mod alive;

mod lines;
#[cfg(feature = "hydrate")]
mod scroll;

pub use lines::{Item, ItemKind, Key, day_words, items};

use crate::{
    guardian::{Connection, PendingState, Stage, Visit, hidden_unless},
    page::guardian::{LivePage, TicketPage},
    photo, ui,
};
use leptos::prelude::*;
use signaling::limits;

/// What 「折り返しをたのむ」 writes for the family.
pub(crate) const CALL_BACK: &str = "折り返しの電話をお願いします。";

/// The conversation. A log region: readers of the screen hear new lines, and only those.
#[must_use]
pub fn conversation(visit: Visit) -> AnyView {
    let lines = move || {
        visit
            .thread
            .with(|thread| visit.pending.with(|pending| items(thread, pending, visit.now)))
    };
    view! {
        <section class="talk" aria-labelledby="talk-title">
            <h2 id="talk-title" class="visually-hidden">"メッセージ"</h2>
            <div role="log" aria-live="polite" aria-label="メッセージ" id="log">
                <ol class="msgs">
                    <For each=lines key=|item| item.key.clone() children=move |item| line(visit, item) />
                </ol>
            </div>
        </section>
    }
    .into_any()
}

fn line(visit: Visit, item: Item) -> AnyView {
    let time = item.at.map(|at| view! { <time>{at.clock()}</time> });
    match item.kind {
        ItemKind::Day(words) => view! { <li class="msg sys day num">{words}</li> }.into_any(),
        ItemKind::Happened(words) => view! { <li class="msg sys"><span>{words}</span>" "{time}</li> }.into_any(),
        ItemKind::Theirs { who, text } => view! {
            <li class="msg"><b class="who">{who}</b><p>{text}</p><div class="foot num">{time}</div></li>
        }
        .into_any(),
        ItemKind::Mine { text } => view! {
            <li class="msg me">
                <p>{text}</p>
                <div class="foot num">{time}<span class="state">"送信済み"</span></div>
            </li>
        }
        .into_any(),
        ItemKind::Photo {
            who,
            photo,
            size,
            caption,
        } => {
            let (class, whose) = match &who {
                None => ("msg me", "あなたの写真"),
                Some(_) => ("msg", "担当者の写真"),
            };
            let picture = visit.path.with_value(|path| photo::small(path, photo, size, whose));
            view! {
                <li class=class>
                    {who.map(|who| view! { <b class="who">{who}</b> })}
                    {picture}
                    {caption.map(|caption| view! { <p>{caption}</p> })}
                    <div class="foot num">{time}</div>
                </li>
            }
            .into_any()
        }
        ItemKind::Pending {
            id,
            text,
            state: PendingState::Failed(why),
        } => view! {
            <li class="msg me fault">
                <p>{text}</p>
                <p class="wrong">"送れませんでした。"{why}</p>
                <div class="foot">
                    <button type="button" class="btn small line" data-again=id.to_string()>"もう一度"</button>
                    <button type="button" class="btn small quiet" data-drop=id.to_string()>"消す"</button>
                </div>
            </li>
        }
        .into_any(),
        ItemKind::Pending { text, state, .. } => view! {
            <li class="msg me"><p>{text}</p><div class="foot"><span class="state">{how_far(&state)}</span></div></li>
        }
        .into_any(),
    }
}

fn how_far(state: &PendingState) -> &'static str {
    match state {
        PendingState::Sent(_) => "送信済み",
        _ => "送信中",
    }
}

/// Where the family writes, at the foot of the page.
#[must_use]
pub fn composer(visit: Visit, ticket: &TicketPage, page: &LivePage) -> AnyView {
    let form = if visit.stage.get_untracked().is_open() {
        ui::still(|| form(ticket, page))
    } else {
        String::new()
    };
    let typing = move || match (visit.typing.get(), visit.clinician()) {
        (true, Some(who)) => [who.as_str(), "が入力中"].concat(),
        _ => String::new(),
    };
    let lost = move || match visit.connection.get() {
        Some(Connection::Lost) => "通信が途切れました。つなぎ直しています。書いたものは消えません。",
        Some(Connection::ByForms) => "この回線では通話ができません。文字は10〜30秒ごとに確かめています。",
        _ => "",
    };
    let hidden = hidden_unless(visit, Stage::is_open);
    view! {
        <footer class="foot-bar" id="foot-bar" hidden=hidden>
            <button type="button" class="btn line new-lines" id="new-lines" hidden=move || !visit.unseen.get()>
                "新しいメッセージ ↓"
            </button>
            <p class="typing fine" role="status" hidden=move || !visit.typing.get()>{typing}</p>
            <p class="lost" role="status" hidden=move || lost().is_empty()>{lost}</p>
            <div inner_html=form></div>
        </footer>
    }
    .into_any()
}

fn form(ticket: &TicketPage, page: &LivePage) -> AnyView {
    view! {
        {photo_form(ticket)}
        <form class="composer" id="composer" method="post" action=[&ticket.path, "/say"].concat()>
            {ui::command_field(ticket.command)}
            <label class="visually-hidden" for="message">"メッセージ"</label>
            <textarea
                id="message" name="text" rows="1" maxlength=limits::MESSAGE_CHARS.to_string() placeholder="メッセージ" required
                inner_html=ui::textarea_content(&page.message_draft)
            ></textarea>
            <button class="btn">"送る"</button>
        </form>
    }
    .into_any()
}

/// 「写真」: folded until it is wanted, above the words.
fn photo_form(ticket: &TicketPage) -> AnyView {
    view! {
        <details class="photos">
            <summary>"写真を送る"</summary>
            <form
                class="stack tight" id="photo-form" method="post" enctype="multipart/form-data"
                action=[&ticket.path, "/photos"].concat()
            >
                {ui::command_field(photo::of_page(ticket.command))}
                <label class="field" for="photo-file"><span>"写真（1枚ずつ、15MBまで）"</span>{photo::file_field("photo-file", None)}</label>
                <label class="field" for="photo-caption">
                    <span>"ひとこと（なくてもかまいません）"</span>
                    <input id="photo-caption" name="caption" maxlength=limits::CAPTION_CHARS.to_string() placeholder="例：背中、昨日から" />
                </label>
                <button class="btn block">"写真を送る"</button>
                {photo::progress()}
                <p class="fine">"撮った場所などの情報は、保存する前に消します。担当者だけが見ます。"</p>
            </form>
        </details>
    }
    .into_any()
}

/// A clinician asks for a photo: one button that opens the camera behind.
#[must_use]
pub fn wished_photo(visit: Visit, ticket: &TicketPage) -> AnyView {
    let hidden = move || !visit.stage.get().is_open() || !visit.thread.with(|thread| thread.photo_wished);
    let way = ui::still(|| {
        view! {
            <form
                class="stack tight" id="photo-wish" method="post" enctype="multipart/form-data"
                action=[&ticket.path, "/photos"].concat()
            >
                {ui::command_field(photo::of_page(ticket.command))}
                <label class="btn big block camera" for="photo-camera">"カメラで撮って送る"{photo::file_field("photo-camera", Some("environment"))}</label>
                <noscript><button class="btn line block">"撮った写真を送る"</button></noscript>
                {photo::progress()}
                <p class="fine">"アルバムの写真は、下の「写真を送る」から送れます。"</p>
            </form>
        }
        .into_any()
    });
    view! {
        <section class="card stack tight" role="status" id="photo-wished" hidden=hidden>
            <b>"担当者が写真をお願いしています"</b>
            <div class="stack tight" inner_html=way></div>
        </section>
    }
    .into_any()
}
