//! Handing over at the desk: the buttons, what is said above the conversation, and who is asked whether they are there.
//!
//! Promises: 「医師へ引き継ぐ」 is one press, and nothing is lost by a wrong one: whoever asks keeps the consultation until a doctor
//! takes it. The summary is made by the program from what is recorded, and every word of it can be changed (`form`).

mod form;

use super::{Desk, Dialog, Open, OpenStanding, Wish};
pub(super) use form::{chosen, dialog, people, value};
use leptos::prelude::*;
use signaling::{
    actor::Role,
    id::ConsultationId,
    view::{Brief, Handing},
};

/// Key H: the dialog, where it is this clinician's.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "keys are the browser's"))]
pub(super) fn open_dialog(desk: Desk, id: ConsultationId) {
    if is_mine(desk, id) {
        desk.ask(Wish::LoadColleagues);
        desk.dialog.set(Some(Dialog::HandOver(id)));
    }
}

/// Key D: 「医師へ引き継ぐ」, a midwife's.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "keys are the browser's"))]
pub(super) fn to_doctor(desk: Desk, id: ConsultationId) {
    if is_mine(desk, id) && desk.me.with_value(|me| me.role == Role::Midwife) {
        desk.ask(Wish::ToDoctor(id));
    }
}

fn is_mine(desk: Desk, id: ConsultationId) -> bool {
    untrack(|| {
        desk.open(id)
            .is_some_and(|open| desk.me.with_value(|me| open.standing(me)) == OpenStanding::Mine)
    })
}

/// 「医師へ引き継ぐ」 and 「引き継ぐ」.
pub(super) fn offer(desk: Desk, open: Open) -> impl IntoView {
    let id = open.consultation;
    let is_midwife = desk.me.with_value(|me| me.role == Role::Midwife);
    let asked = Memo::new(move |_| open.thread.with(|thread| thread.handing.is_some()));
    let hand_over = move |_| {
        desk.ask(Wish::LoadColleagues);
        desk.dialog.set(Some(Dialog::HandOver(id)));
    };
    view! {
        {is_midwife.then(|| view! {
            <button type="button" class="btn line small" disabled=move || asked.get() on:click=move |_| desk.ask(Wish::ToDoctor(id))>
                "医師へ引き継ぐ" <kbd class="kbd" aria-hidden="true">"D"</kbd>
            </button>
        })}
        <button type="button" class="btn quiet small" on:click=hand_over>"引き継ぐ" <kbd class="kbd" aria-hidden="true">"H"</kbd></button>
    }
}

/// What is said above the conversation: a question whether somebody is there, a hand-over under way, the summary that came with it.
pub(super) fn bar(desk: Desk, open: Open) -> impl IntoView {
    let standing = Memo::new(move |_| desk.me.with_value(|me| open.standing(me)));
    let idle = Memo::new(move |_| {
        standing.get() == OpenStanding::Mine && open.thread.with(|thread| thread.idle_asked.is_some())
    });
    let handing = Memo::new(move |_| open.thread.with(|thread| thread.handing.clone()));
    let brief = move || open.thread.with(|thread| thread.brief.clone());
    view! {
        {move || idle.get().then(|| still_there(desk, open).into_any())}
        {move || handing.get().and_then(|handing| match standing.get() {
            OpenStanding::Mine => Some(under_way(desk, open, &handing).into_any()),
            OpenStanding::Asked if desk.me.with_value(|me| handing.to.is(me)) => Some(to_me(desk, open, &handing).into_any()),
            _ => None,
        })}
        {move || match standing.get() {
            OpenStanding::Mine | OpenStanding::Asked => brief().map(|brief| summary(desk, &brief).into_any()),
            _ => None,
        }}
    }
}

fn still_there(desk: Desk, open: Open) -> impl IntoView {
    let id = open.consultation;
    view! {
        <div class="handing idle" role="alert">
            <p><b>"相談者が返事を待っています。対応中ですか？"</b>" 答えがないと、待ちに戻ります。"</p>
            <div class="row">
                <button type="button" class="btn small" on:click=move |_| desk.ask(Wish::StillHere(id))>"対応を続ける"</button>
                <button type="button" class="btn line small" on:click=move |_| desk.dialog.set(Some(Dialog::Release(id)))>"待ちに戻す"</button>
            </div>
        </div>
    }
}

fn under_way(desk: Desk, open: Open, handing: &Handing) -> impl IntoView + use<> {
    let id = open.consultation;
    let words = format!(
        "{}に引き継ぎを頼んでいます。受けるまで、あなたが担当です。",
        handing.to.addressed()
    );
    view! {
        <div class="handing" role="status">
            <p>{words}</p>
            <div class="row">
                <button type="button" class="btn line small" on:click=move |_| {
                    desk.ask(Wish::LoadColleagues);
                    desk.dialog.set(Some(Dialog::HandOver(id)));
                }>"要約を直す"</button>
                <button type="button" class="btn quiet small" on:click=move |_| desk.ask(Wish::WithdrawHandOver(id))>"依頼を取り消す"</button>
            </div>
        </div>
    }
}

fn to_me(desk: Desk, open: Open, handing: &Handing) -> impl IntoView + use<> {
    let id = open.consultation;
    let by_name = handing.to.person.is_some();
    let words = format!(
        "{}から引き継ぎを頼まれています。下の内部メモで話せます。",
        handing.by.addressed()
    );
    view! {
        <div class="handing to-me" role="status">
            <p>{words}</p>
            <div class="row">
                <button type="button" class="btn small" on:click=move |_| desk.ask(Wish::AcceptHandOver(id))>"引き受ける"</button>
                {by_name.then(|| view! {
                    <button type="button" class="btn quiet small" on:click=move |_| desk.dialog.set(Some(Dialog::Decline(id)))>"断る"</button>
                })}
            </div>
        </div>
    }
}

/// The last summary; folded for whoever wrote it.
fn summary(desk: Desk, brief: &Brief) -> impl IntoView + use<> {
    let mine = desk.is_me(&brief.by);
    let title = format!("引き継ぎの要約（{}、{}）", brief.by.addressed(), brief.at.clock());
    let rows = [
        ("だれのこと", &brief.hand_over.about),
        ("主な心配", &brief.hand_over.worry),
        ("危険サイン", &brief.hand_over.flags),
        ("これまでの話", &brief.hand_over.so_far),
        ("引き継ぐ理由", &brief.hand_over.note),
    ]
    .into_iter()
    .filter(|(_, words)| !words.is_empty())
    .map(|(name, words)| view! { <dt>{name}</dt><dd class="pre">{words.clone()}</dd> })
    .collect_view();
    view! {
        <details class="brief" open=!mine>
            <summary>{title}</summary>
            <dl class="facts">{rows}</dl>
        </details>
    }
}
