//! The right column: the record being written beside the conversation, saved by itself, signed once and only added to
//! afterwards; and what this family asked before.
//!
//! What must be filled is `signaling`'s rule ([`signaling::note::NoteDraft::complete`]); this column only says it in time.

mod after;
pub(crate) mod calls;
pub(super) mod form;
pub(super) mod history;
pub(crate) mod signed;

use super::{Desk, Linked, Open, OpenStanding, epds, talk};
use leptos::prelude::*;
use signaling::{note::Disposition, view::Summary};

/// The column 「記録」.
pub(super) fn record_column(desk: Desk) -> impl IntoView {
    let nothing = move || desk.opened.with(Vec::is_empty);
    view! {
        <section class="col col-record" aria-labelledby="record-title">
            <div class="col-head">
                <h2 id="record-title">"記録"</h2>
                <For each=move || desk.opened.get() key=|open| open.consultation children=move |open| saved(desk, open) />
            </div>
            <For each=move || desk.opened.get() key=|open| open.consultation children=move |open| panel(desk, open).into_any() />
            {move || nothing().then(|| view! {
                <p class="empty">"相談を担当すると、ここに記録を書けます。書いたものは自動で保存されます。"</p>
            })}
        </section>
    }
}

fn panel(desk: Desk, open: Open) -> impl IntoView {
    let id = open.consultation;
    let hidden = move || desk.selected.get() != Some(id);
    let is_signed = Memo::new(move |_| open.thread.with(|thread| thread.summary.is_some()));
    let flags = Memo::new(move |_| open.thread.with(|thread| thread.flags.clone()));
    let standing = Memo::new(move |_| desk.me.with_value(|me| open.standing(me)));
    view! {
        <div class="record" hidden=hidden>
            {move || (!flags.with(Vec::is_empty)).then(|| {
                flags.with(|flags| open.epds.with(|asked| talk::intake::flag_panel(flags, &asked.flags)))
            })}
            {epds::section(desk, open).into_any()}
            {move || match (is_signed.get(), standing.get()) {
                (true, _) => signed::signed(desk, open).into_any(),
                (false, OpenStanding::Mine) => form::form(desk, open).into_any(),
                (false, OpenStanding::Left) => view! { <p class="sub">"相談者が途中でとりやめたため、記録は確定されていません。"</p> }.into_any(),
                (false, _) => ().into_any(),
            }}
            {after::after(desk, open).into_any()}
            {move || open.calls.with(|calls| calls::lines(calls))}
            {history::history(desk, open).into_any()}
        </div>
    }
}

/// 対応区分 of a signed record, as far as the clinician at this desk may read it.
fn disposition(desk: Desk, summary: &Summary) -> &'static str {
    let by = Some(summary.by.id);
    let words = |one: Disposition| desk.me.with_value(|me| one.label_for(me, by));
    summary.disposition.map_or("", words)
}

/// 「下書きを保存しました 19:58」.
fn saved(desk: Desk, open: Open) -> impl IntoView {
    let id = open.consultation;
    let words = Memo::new(move |_| {
        let touched = open.note_touched.get();
        if open.thread.with(|thread| thread.summary.is_some()) {
            return "確定済み".to_owned();
        }
        match (open.note_saved_at.get(), touched, desk.link.get()) {
            (Some(at), _, _) => format!("下書きを保存しました {}", at.clock()),
            (None, true, Linked::Lost) => "つながりしだい下書きを保存します".to_owned(),
            (None, true, Linked::SignedOut) => "サインインのあとで下書きを保存します".to_owned(),
            (None, true, _) => "下書きを保存しています…".to_owned(),
            (None, false, _) => String::new(),
        }
    });
    view! { <span class="fine num saved" role="status" hidden=move || desk.selected.get() != Some(id)>{move || words.get()}</span> }
}
