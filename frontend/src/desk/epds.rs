//! An EPDS at the desk: what a clinician recorded, and the way to record one. For mothers only.
//!
//! Promises: the points are shown as points and said to mean nothing more; item 10 stands beside the sum, since it is heard
//! whatever that is; what was recorded again replaces what was shown. The desk alone folds these events: no page of a family
//! knows that there are any.
//!
//! Not here: the questions, which a clinician asks from her own sheet; which rules fire (`signaling::triage`, on the server).

mod form;

use super::{Desk, Dialog, Open, OpenStanding};
pub(super) use form::dialog;
use leptos::prelude::*;
use signaling::{
    actor::Staff,
    consultation::{WireEvent, WireKind},
    id::ConsultationId,
    time::At,
    triage::{Action, Epds, Population},
};

/// The newest recording.
#[derive(Clone, PartialEq, Eq)]
pub struct Recording {
    /// Who asked.
    pub by: Staff,
    /// When it was written down.
    pub at: At,
    /// The points; nothing once they have been erased.
    pub points: Option<Epds>,
}

signaling::redacted_debug!(Recording { by, at });

/// What is known of EPDS in a consultation.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// What counts.
    pub newest: Option<Recording>,
    /// The rules that points have made fire, and of which the family was told nothing.
    pub flags: Vec<(String, Action)>,
}

signaling::redacted_debug!(Asked {});

impl Asked {
    /// Folds events, each once.
    pub fn fold<'a>(&mut self, events: impl IntoIterator<Item = &'a WireEvent>) {
        for event in events {
            match &event.kind {
                WireKind::EpdsRecorded { by, points } => {
                    self.newest = Some(Recording {
                        by: by.clone(),
                        at: event.at,
                        points: *points,
                    });
                }
                WireKind::Flagged {
                    rule,
                    action,
                    epds: Some(_),
                } => self.flags.push((rule.clone(), *action)),
                _ => {}
            }
        }
    }
}

/// Whether an event is folded by [`Asked`].
pub(super) fn is_of_epds(event: &WireEvent) -> bool {
    matches!(
        event.kind,
        WireKind::EpdsRecorded { .. } | WireKind::Flagged { epds: Some(_), .. }
    )
}

/// It is about a mother.
fn is_of_mother(open: Open) -> bool {
    let includes = |subject| Population::Mother.includes(subject);
    open.thread
        .with(|thread| thread.intake.as_ref().is_some_and(|intake| includes(intake.subject)))
}

/// Key Q, and the button: the form, where it is this clinician's.
pub(super) fn open_dialog(desk: Desk, id: ConsultationId) {
    let may = untrack(|| {
        desk.open(id)
            .is_some_and(|open| is_of_mother(open) && desk.me.with_value(|me| open.standing(me)) == OpenStanding::Mine)
    });
    if may {
        desk.dialog.set(Some(Dialog::Epds(id)));
    }
}

/// Beside the record: what was recorded last, and the button.
pub(super) fn section(desk: Desk, open: Open) -> impl IntoView {
    let id = open.consultation;
    let mine =
        Memo::new(move |_| is_of_mother(open) && desk.me.with_value(|me| open.standing(me)) == OpenStanding::Mine);
    let newest = Memo::new(move |_| open.epds.with(|asked| asked.newest.clone()));
    let words = move || match newest.with(Option::is_some) {
        true => "EPDSの点数を記録しなおす",
        false => "EPDSの点数を記録",
    };
    view! {
        <section class="epds" aria-label="EPDS" hidden=move || !mine.get() && newest.with(Option::is_none)>
            {move || newest.get().map(|recording| recorded(&recording))}
            {move || mine.get().then(|| view! {
                <button type="button" id=format!("do-epds-{id}") class="btn line small" on:click=move |_| open_dialog(desk, id)>
                    {words}" "<kbd class="kbd" aria-hidden="true">"Q"</kbd>
                </button>
            })}
        </section>
    }
}

fn recorded(recording: &Recording) -> impl IntoView + use<> {
    let when = format!(
        "{} {}　{}",
        recording.at.date_text(),
        recording.at.clock(),
        recording.by.addressed()
    );
    let points = recording.points.map(|points| {
        let tenth = if points.tenth() > 0 { "chip red" } else { "chip grey" };
        view! {
            <p class="row wrap"><b class="num">{format!("EPDS　合計{}点", points.total())}</b>
                <span class=format!("{tenth} num")>{format!("項目10は{}点", points.tenth())}</span></p>
        }
    });
    let erased = points
        .is_none()
        .then(|| view! { <p><b>"EPDS"</b>"（消去されました）"</p> });
    view! {
        {points}{erased}
        <p class="sub num">{when}</p>
        <p class="fine">"点数は、話をきくための目安です。相談者には見えません。"</p>
    }
}
