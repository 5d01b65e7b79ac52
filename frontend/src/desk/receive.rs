//! What a frame from the server changes on the desk.

use super::{Desk, OpenStanding, Sending};
use crate::claim::order::Step;
use leptos::prelude::*;
use signaling::{
    consultation::{Lane, WireEvent},
    id::ConsultationId,
    limits,
    note::NoteDraft,
    protocol::{ServerFrame, Side, Signal},
    queue::{Presence, QueueRow},
    time::{At, Millis},
};

/// How long 「入力しています」 stays after the last sign of it: signs come every three seconds.
const TYPING_SHOWN: Millis = Millis::seconds(5);

/// Something that the page has to do because of a frame, beyond showing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// A consultation has become this clinician's: follow its log from the beginning.
    Watch(ConsultationId),
    /// One is theirs no longer: stop following.
    Unwatch(ConsultationId),
    /// Something of the queue was lost: ask for it anew.
    Queue,
    /// Somebody wants this clinician: a sound.
    Wanted,
}

impl Desk {
    /// Takes a frame in. `visible` says whether somebody can be reading the page now.
    pub fn receive(&self, frame: &ServerFrame, visible: bool) -> Vec<Follow> {
        match frame {
            ServerFrame::Queue(view) => {
                self.queue.set(view.clone().into());
                return view.rows.iter().filter_map(|row| self.adopt(row)).collect();
            }
            ServerFrame::Row { row, waiting, number } => {
                let Some(lost) = self.queue_goes_on(*number) else {
                    return Vec::new();
                };
                self.announce_arrival(row);
                let wanted = self.announce_hand_over(row).then_some(Follow::Wanted);
                self.queue
                    .update(|queue| queue.put(row.as_ref().clone(), waiting.clone()));
                return self.adopt(row).into_iter().chain(lost).chain(wanted).collect();
            }
            ServerFrame::Gone {
                consultation,
                seq,
                waiting,
                number,
            } => {
                let Some(lost) = self.queue_goes_on(*number) else {
                    return Vec::new();
                };
                self.queue
                    .update(|queue| queue.remove(*consultation, *seq, waiting.clone()));
                return lost;
            }
            ServerFrame::Beat {
                queue: Some(number), ..
            } if self.queue.with_untracked(|queue| queue.is_behind(*number)) => return vec![Follow::Queue],
            ServerFrame::Events {
                consultation,
                events,
                end,
                ..
            } => {
                return self
                    .receive_events(*consultation, events, *end, visible)
                    .into_iter()
                    .collect();
            }
            ServerFrame::Presence {
                consultation,
                side: Side::Guardian,
                presence,
            } => {
                self.receive_presence(*consultation, *presence);
            }
            ServerFrame::Signal {
                consultation,
                signal: Signal::Typing,
                ..
            } => {
                if let Some(open) = untrack(|| self.open(*consultation)) {
                    open.typing_until.set(self.now.get_untracked() + TYPING_SHOWN);
                }
            }
            ServerFrame::Draft {
                consultation,
                field,
                body,
                inherited,
                ..
            } => self.receive_draft(*consultation, field, body, *inherited),
            ServerFrame::DraftSaved {
                consultation,
                field,
                at,
                ..
            } if field == "note" => {
                if let Some(open) = untrack(|| self.open(*consultation)) {
                    open.note_saved_at.set(Some(*at));
                }
            }
            _ => {}
        }
        Vec::new()
    }

    /// Takes the number of a row in: nothing when the queue holds it already, otherwise what is to be done about a gap.
    fn queue_goes_on(&self, number: u64) -> Option<Vec<Follow>> {
        let mut step = Step::Known;
        self.queue.update_untracked(|queue| step = queue.step(number));
        match step {
            Step::Known => None,
            Step::Next => Some(Vec::new()),
            Step::Gap => Some(vec![Follow::Queue]),
        }
    }

    /// A row that is this clinician's gets a tab, also when it was taken in another window of theirs; so does one to whose
    /// call a colleague asks them.
    fn adopt(&self, row: &QueueRow) -> Option<Follow> {
        let mine = row.claimed_by.as_ref().is_some_and(|by| self.is_me(by));
        let asked = row.colleague.is_some_and(|id| self.me.with_value(|me| me.id == id));
        // Whoever is asked by name reads what it is about; a profession looks where it wishes.
        let by_name = row.claimed_by.is_some()
            && self.me.with_value(|me| row.asks(me))
            && row.handing.as_ref().is_some_and(|handing| handing.to.person.is_some());
        if by_name && !mine {
            return self
                .add_tab(row.consultation)
                .then_some(Follow::Watch(row.consultation));
        }
        if asked && !mine && untrack(|| self.open(row.consultation)).is_none() {
            let by = row.claimed_by.as_ref().map(signaling::actor::Staff::addressed);
            self.announced
                .set(format!("{}の通話によばれています。", by.unwrap_or_default()));
        }
        ((mine || asked) && self.add_tab(row.consultation)).then_some(Follow::Watch(row.consultation))
    }

    /// Whether somebody has just asked this clinician to take a consultation over.
    fn announce_hand_over(&self, row: &QueueRow) -> bool {
        let asks = |row: &QueueRow| self.me.with_value(|me| row.asks(me));
        let before = self
            .queue
            .with_untracked(|queue| queue.row(row.consultation).is_some_and(asks));
        let new = asks(row) && !before;
        if let Some(handing) = row.handing.as_ref().filter(|_| new) {
            self.announced.set(format!(
                "{}から引き継ぎの依頼が届きました。{}、{}",
                handing.by.addressed(),
                row.acuity.label(),
                row.subject
            ));
        }
        new
    }

    fn announce_arrival(&self, row: &QueueRow) {
        let was_here = |row: &QueueRow| !row.is_booked();
        let known = self
            .queue
            .with_untracked(|queue| queue.row(row.consultation).is_some_and(was_here));
        if !known && row.waits() {
            self.announced.set(format!(
                "新しい相談が届きました。{}、{}",
                row.acuity.label(),
                row.subject
            ));
        }
    }

    fn receive_events(
        &self,
        consultation: ConsultationId,
        events: &[WireEvent],
        end: bool,
        visible: bool,
    ) -> Option<Follow> {
        let open = untrack(|| self.open(consultation))?;
        let asked = || open.thread.with_untracked(|thread| thread.idle_asked);
        let before = asked();
        open.receive(events);
        let wanted = (asked().is_some() && asked() != before).then_some(Follow::Wanted);
        if !events.is_empty() {
            open.typing_until.set(At::default());
        }
        if end {
            open.loaded.set(true);
        }
        if visible && self.selected.get_untracked() == Some(consultation) {
            open.mark_read();
        }
        let standing = untrack(|| self.me.with_value(|me| open.standing(me)));
        if end && standing == OpenStanding::Elsewhere {
            self.remove_tab(consultation);
            return Some(Follow::Unwatch(consultation));
        }
        wanted.filter(|_| standing == OpenStanding::Mine)
    }

    fn receive_presence(&self, consultation: ConsultationId, presence: Presence) {
        if let Some(open) = untrack(|| self.open(consultation)) {
            open.presence.set(Some(presence));
        }
        self.queue.update(|queue| queue.set_presence(consultation, presence));
    }

    /// A stored draft, on watching or on taking the consultation over. What was typed on this page since is newer and stays.
    fn receive_draft(&self, consultation: ConsultationId, field: &str, body: &serde_json::Value, inherited: bool) {
        let Some(open) = untrack(|| self.open(consultation)) else {
            return;
        };
        match field {
            "note" if !open.note_touched.get_untracked() => {
                if let Ok(draft) = serde_json::from_value::<NoteDraft>(body.clone()) {
                    open.note.set(draft);
                    open.note_inherited.set(inherited);
                }
            }
            "message"
                if open.message.with_untracked(String::is_empty) && open.sending.with_untracked(Vec::is_empty) =>
            {
                let (text, remark) = read_message_draft(body);
                open.message.set(text);
                open.remark.set(remark);
            }
            "addition" if open.addition.with_untracked(String::is_empty) => {
                open.addition.set(body.as_str().unwrap_or_default().to_owned());
            }
            _ => {}
        }
    }
}

/// A half-written message as it is stored: the words, or an object that says they are for colleagues only.
fn message_draft(text: &str, remark: bool) -> serde_json::Value {
    if remark {
        serde_json::json!({ "text": text, "remark": true })
    } else {
        serde_json::Value::String(text.to_owned())
    }
}

/// What is stored of a conversation's field: what was sent and not answered yet, and what is being written. A page that ends
/// between sending and the answer leaves it all to the next one; the server drops what it took. Words for colleagues stay
/// for colleagues.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "only the browser stores drafts")
)]
pub(super) fn kept_message(sending: &[Sending], text: &str, remark: bool) -> serde_json::Value {
    let unanswered = || sending.iter().filter(|one| one.acked.is_none());
    let remark = remark || unanswered().any(|one| one.lane == Lane::Staff);
    let texts: Vec<&str> = unanswered().map(|one| one.text.as_str()).chain([text]).collect();
    let body = |texts: &[&str]| message_draft(texts.join("\n").trim_end_matches('\n'), remark);
    // Many long ones do not fit: what was written last is kept.
    let fits = |from: &usize| body(&texts[*from..]).to_string().len() <= limits::DRAFT_BYTES;
    let from = (0..texts.len()).find(fits).unwrap_or(texts.len());
    body(&texts[from..])
}

/// Reads [`message_draft`]: the words, and whether they are for colleagues only.
fn read_message_draft(body: &serde_json::Value) -> (String, bool) {
    let text = body.as_str().or_else(|| body.get("text")?.as_str()).unwrap_or_default();
    (text.to_owned(), body.get("remark").is_some_and(|remark| remark == true))
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
