//! The worklist of anytime consultations (いつでも相談): whose answer was promised by when, the nearest first, whoever has them.
//!
//! It shows, it does not order: 「次の方」 goes by the one order of both services, in which a promise that comes near moves up.

use super::order;
use crate::{chat::day_words, desk::Desk};
use leptos::prelude::*;
use signaling::{id::ConsultationId, queue::QueueRow, time::At};

/// The list, folded. Nothing where nobody waits for an answer.
pub(super) fn promises(desk: Desk) -> AnyView {
    let ids = Memo::new(move |_| desk.queue.with(order::promised));
    let title = move || ids.with(|ids| format!("いつでも相談：返事の期限順（{}件）", ids.len()));
    view! {
        <details class="promises" hidden=move || ids.with(Vec::is_empty)>
            <summary>{title}</summary>
            <ul class="plain" aria-label="返事の期限順">
                <For each=move || ids.get() key=|id| *id children=move |id| line(desk, id) />
            </ul>
        </details>
    }
    .into_any()
}

fn line(desk: Desk, id: ConsultationId) -> AnyView {
    let row = Memo::new(move |_| desk.queue.with(|queue| queue.row(id).cloned()));
    let words = move || row.with(|row| row.as_ref().map(|row| words(row, desk.now.get())));
    let late = move || {
        row.with(|row| {
            row.as_ref()
                .is_some_and(|row| left_minutes(row, desk.now.get()) < Some(0))
        })
    };
    let press = move |_| {
        let claimed = row.with_untracked(|row| row.as_ref().is_some_and(|row| row.claimed_by.is_some()));
        match claimed {
            true => desk.select(id),
            false => desk.preview.set(Some(id)),
        }
    };
    view! {
        <li><button type="button" class=move || if late() { "promise late num" } else { "promise num" } on:click=press>{words}</button></li>
    }
    .into_any()
}

fn left_minutes(row: &QueueRow, now: At) -> Option<i64> {
    row.reply_by.map(|due| (due.0 - now.0).div_euclid(60_000))
}

/// 「11月24日（火）03:00まで（あと5時間）・2歳3か月・佐藤 医師」.
fn words(row: &QueueRow, now: At) -> String {
    let Some(due) = row.reply_by else {
        return String::new();
    };
    let left = match left_minutes(row, now).unwrap_or_default() {
        ..0 => "期限を過ぎています".to_owned(),
        minutes @ 0..60 => format!("あと{minutes}分"),
        minutes => format!("あと{}時間", minutes / 60),
    };
    let by = row
        .claimed_by
        .as_ref()
        .map_or("担当なし".to_owned(), |by| by.addressed());
    format!("{}{}まで（{left}）・{}・{by}", day_words(due), due.clock(), row.subject)
}
