//! One row of the queue, and its preview with 「この方を担当する」.

use super::{
    class_control,
    order::{self, WaitStep},
};
use crate::desk::{Desk, Dialog, Wish};
use leptos::prelude::*;
use signaling::{
    check::{Cause, Light},
    id::ConsultationId,
    intake::{Complaint, Service},
    queue::{Presence, QueueRow},
    time::At,
    triage::Acuity,
};

/// In which list a row stands. Rows change lists by leaving one and entering the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowKind {
    /// Nobody has it.
    Waiting,
    /// Somebody has it.
    Claimed,
    /// It is booked for later.
    Booked,
}

/// Chip colour of a class; the word always stands beside it.
pub(crate) fn chip_class(acuity: Acuity) -> &'static str {
    match acuity {
        Acuity::Red => "red",
        Acuity::Yellow => "yellow",
        Acuity::Green => "green",
        Acuity::White => "grey",
    }
}

fn edge_class(acuity: Acuity) -> &'static str {
    match acuity {
        Acuity::Red => "r",
        Acuity::Yellow => "y",
        Acuity::Green => "g",
        Acuity::White => "w",
    }
}

/// 「発熱、吐く」.
pub(crate) fn complaints_text(complaints: &[Complaint]) -> String {
    complaints
        .iter()
        .map(|complaint| complaint.label())
        .collect::<Vec<_>>()
        .join("、")
}

/// The first three, and how many more: a row is read at a glance.
fn first_complaints(complaints: &[Complaint]) -> String {
    match complaints.len() {
        ..=3 => complaints_text(complaints),
        all => format!("{} ほか{}", complaints_text(&complaints[..3]), all - 3),
    }
}

/// The dot's colour and the words of presence.
pub(crate) fn presence_chip(presence: Presence) -> impl IntoView {
    let class = match presence {
        Presence::Here => "chip green",
        Presence::Hidden => "chip amber",
        Presence::Away => "chip grey",
    };
    view! { <span class=class><span class="dot" aria-hidden="true"></span>{presence.label()}</span> }
}

/// The last check of the family's device: 「確認：注意（カメラなし）」.
pub(crate) fn device_chip(light: Light, cause: Option<Cause>) -> impl IntoView {
    let class = format!("chip {}", light.code());
    let why = cause.filter(|_| light != Light::Green);
    let why = why.map_or(String::new(), |cause| format!("（{}）", cause.label()));
    view! { <span class=class title="カメラと音の確認">{format!("確認：{}{why}", light.label())}</span> }
}

/// A row that follows the queue. One that has left the queue shows nothing until its list drops it.
pub(super) fn queue_row(desk: Desk, id: ConsultationId, kind: RowKind) -> impl IntoView {
    let row = Memo::new(move |_| desk.queue.with(|queue| queue.row(id).cloned()));
    let expanded = move || kind != RowKind::Claimed && desk.preview.get() == Some(id);
    let class = move || {
        let edge = row.with(|row| row.as_ref().map_or("w", |row| edge_class(row.acuity)));
        let picked = if expanded() { " sel" } else { "" };
        let taken = if kind == RowKind::Waiting { "" } else { " taken" };
        format!("qrow {edge}{picked}{taken}")
    };
    view! {
        <li class=class>
            {move || row.with(|row| row.as_ref().map(|row| face(desk, row, kind)))}
            {move || expanded().then(|| row.with(|row| row.as_ref().map(|row| preview(desk, row)))).flatten()}
        </li>
    }
}

fn face(desk: Desk, row: &QueueRow, kind: RowKind) -> impl IntoView + use<> {
    let id = row.consultation;
    let mine = row.claimed_by.as_ref().is_some_and(|by| desk.is_me(by));
    let press = move |_| match (kind, mine) {
        (RowKind::Waiting | RowKind::Booked, _) => desk
            .preview
            .update(|open| *open = if *open == Some(id) { None } else { Some(id) }),
        (RowKind::Claimed, true) => desk.select(id),
        (RowKind::Claimed, false) => {}
    };
    let name = format!("{}・{}", row.subject, first_complaints(&row.complaints));
    let title = if kind == RowKind::Claimed && !mine {
        view! { <b class="qrow-name">{name}</b> }.into_any()
    } else {
        let expanded = move || (kind != RowKind::Claimed).then(|| (desk.preview.get() == Some(id)).to_string());
        view! { <button type="button" class="qrow-name qrow-open" aria-expanded=expanded on:click=press>{name}</button> }.into_any()
    };
    let why = row.explanation();
    view! {
        <div class="top">
            <span class=format!("chip {}", chip_class(row.acuity)) title=why>{row.acuity.label()}</span>
            {wait(desk, row)}
        </div>
        {title}
        {(kind != RowKind::Claimed && !row.worry.is_empty()).then(|| view! { <p class="worry">{format!("「{}」", row.worry)}</p> })}
        {chips(desk, row, mine)}
    }
}

/// The wait of one that waits, and when one begins that is booked; a claimed row has neither.
fn wait(desk: Desk, row: &QueueRow) -> impl IntoView + use<> {
    let (came_at, service, reply_by) = (row.came_at(), row.service, row.reply_by);
    let begins = row.appointment.filter(|_| row.is_booked()).map(|slot| {
        let words = move || order::until_text(slot, desk.now.get());
        view! { <b class="wait num"><span class="visually-hidden">"予約 "</span>{words}</b> }
    });
    let waits = row.waits().then(|| {
        let waited = Memo::new(move |_| desk.now.get().seconds_since(came_at));
        // Hours are usual for those who did not ask for an answer at once; what counts is what they were promised.
        let class = Memo::new(move |_| match (service, reply_by) {
            (Service::Night, _) => WaitStep::of(waited.get()).class(),
            (Service::Anytime, Some(due)) => WaitStep::of_promise(due, desk.now.get()).class(),
            (Service::Anytime, None) => WaitStep::Fresh.class(),
        });
        view! {
            <b class=move || class.get()><span class="visually-hidden">"待ち "</span>{move || order::wait_text(waited.get())}</b>
        }
    });
    (begins, waits)
}

fn chips(desk: Desk, row: &QueueRow, mine: bool) -> impl IntoView + use<> {
    let flags = (!row.flags.is_empty())
        .then(|| view! { <span class="chip red">{format!("危険サイン {}", row.flags.join("・"))}</span> });
    let by = row.claimed_by.as_ref().map(|by| {
        let words = if mine {
            "あなたが担当".to_owned()
        } else {
            format!("{}が担当", by.addressed())
        };
        view! { <span class="chip key">{words}</span> }
    });
    let unanswered = row
        .unanswered_since
        .filter(|since| *since != row.came_at() && !row.is_booked())
        .map(|since| {
            view! { <span class="chip amber num">{format!("未返信 {}から", since.clock())}</span> }
        });
    let missed = row.turn_missed_at.filter(|_| row.claimed_by.is_none()).map(|at| {
        view! { <span class="chip amber num">{format!("順番のとき不在 {}", at.clock())}</span> }
    });
    let anytime = (row.service == Service::Anytime).then(|| {
        let due = row
            .reply_by
            .filter(|_| row.claimed_by.is_none())
            .map(|due| format!(" {}までに返事", short(due)));
        view! { <span class="chip key num">{row.service.label()}{due}</span> }
    });
    let appointment = row.appointment.map(|slot| {
        let when = if row.is_booked() { span_of(slot) } else { slot.clock() };
        view! { <span class="chip key num">{format!("予約 {when}")}</span> }
    });
    let had = row.had.as_ref().map(|by| {
        let words = format!("前回 {}", by.addressed());
        let (class, words) = match desk.is_me(by) {
            true => ("chip key", "前回あなたが担当".to_owned()),
            false => ("chip grey", words),
        };
        view! { <span class=class>{words}</span> }
    });
    let handing = row.handing.as_ref().map(|handing| {
        let to = handing.to.addressed();
        let words = match row.claimed_by {
            Some(_) => format!("{to}に引き継ぎ依頼中"),
            None => format!("{to}あて"),
        };
        view! { <span class="chip amber">{words}</span> }
    });
    view! {
        <div class="chips">
            {by}
            {handing}
            {flags}
            {anytime}
            {appointment}
            <span class="chip key">{row.mode.label()}</span>
            {row.quiet.then(|| view! { <span class="chip grey">"声を出さない"</span> })}
            {presence_chip(row.presence)}
            {missed}
            {row.device.map(|(light, cause)| device_chip(light, Some(cause)))}
            {had}
            <span class="chip grey">{if row.returning { "2回目以降" } else { "初回" }}</span>
            {unanswered}
        </div>
    }
}

fn preview(desk: Desk, row: &QueueRow) -> impl IntoView + use<> {
    let id = row.consultation;
    let booked = row.is_booked();
    let why = if booked {
        "予約の時刻に順番に入ります。30分前から、ご家族の画面がつながっていれば早めに始められます。".to_owned()
    } else {
        row.explanation()
    };
    let place = Memo::new(move |_| desk.queue.with(|queue| order::place(queue, id)));
    let claim = move |_| {
        if desk
            .me
            .with_value(|me| desk.queue.with_untracked(|queue| order::needs_reason(queue, id, me)))
        {
            desk.dialog.set(Some(Dialog::Overtake(id)));
        } else {
            desk.ask(Wish::Claim {
                consultation: id,
                overtake_reason: None,
            });
        }
    };
    let fault = move || {
        desk.row_fault
            .with(|fault| fault.as_ref().filter(|(of, _)| *of == id).map(|(_, text)| text.clone()))
    };
    view! {
        <div class="preview">
            <dl class="facts">
                <dt>"受付"</dt><dd class="num">{short(row.requested_at)}</dd>
                <dt>"順番"</dt><dd>{move || place.get().map(|place| format!("{place}番目。"))}{why}</dd>
            </dl>
            {move || fault().map(|text| view! { <p class="fault" role="alert">{text}</p> })}
            {(!booked).then(|| class_control(desk, id, row.acuity, false))}
            <div class="row">
                <button type="button" class="btn small" on:click=claim>{if booked { "早めに始める" } else { "この方を担当する" }}</button>
                <button type="button" class="btn quiet small" on:click=move |_| desk.preview.set(None)>"とじる"</button>
            </div>
        </div>
    }
}

/// 「11/22 19:40〜19:50」.
fn span_of(slot: At) -> String {
    format!("{} {}", day(slot), signaling::appointment::span(slot))
}

/// 「11/22 19:42」.
fn short(at: At) -> String {
    format!("{} {}", day(at), at.clock())
}

/// 「11/22」.
fn day(at: At) -> String {
    let date = at.date();
    format!("{}/{}", u8::from(date.month()), date.day())
}
