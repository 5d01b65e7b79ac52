//! From decided events to rows: numbers, seals, links of the chain, and all that is stored with them.

use super::{Spine, Views, cache::Folded, notice::notice};
use crate::{
    seal::{ContentKey, Place},
    storage::{Append, CommandRow, ConsultationRow, EventRow, Held, StorageError},
};
use signaling::{
    actor::Actor,
    consultation::{Case, EVENT_VERSION, Event, Fact, Lane, NewEvent, Stage, State, Task, apply, deadlines},
    hand_over::Patience,
    id::{CommandId, ConsultationId, PhotoId, StaffId},
    ladder::Delays,
    time::At,
};
use std::sync::Arc;

/// The fields that drafts are kept for. The intake's goes when it is sent, the note's when it is signed, the message's and
/// the remark's when they are said, the survey's when it is answered, a check's that was made before the intake once it is kept.
pub const DRAFT_FIELDS: [&str; 7] = ["intake", "note", "message", "remark", "addition", "survey", "check"];

/// A command whose effect is ready to be stored.
pub(super) struct Prepared {
    pub(super) append: Append,
    pub(super) events: Vec<Event>,
    /// How things stand once it is stored.
    pub(super) after: Folded,
}

/// Who did what, and when.
pub(super) struct Deed<'a> {
    pub(super) consultation: ConsultationId,
    pub(super) actor: &'a Actor,
    pub(super) command_id: CommandId,
    pub(super) now: At,
    /// The pixels of the photo that the command adds.
    pub(super) views: Option<&'a Views>,
}

impl Spine {
    /// Makes the rows of decided events.
    ///
    /// # Errors
    /// [`StorageError::Erased`] when there is something to seal and the key is gone.
    pub(super) fn prepare(
        &self,
        deed: &Deed<'_>,
        before: &Folded,
        decided: Vec<NewEvent>,
    ) -> Result<Prepared, StorageError> {
        let (key, new_key) = self.key_for(deed.consultation, before, &decided)?;
        let city = before.state.case.as_deref().map(|case| &case.municipality);
        let photo = self.photo_row(deed.consultation, city, &decided, deed.views, key.as_ref());
        let mut state = State::clone(&before.state);
        let mut head = before.head;
        let mut events = Vec::with_capacity(decided.len());
        let mut rows = Vec::with_capacity(decided.len());
        for new in decided {
            let event = Event {
                seq: state.seq + 1,
                at: deed.now,
                fact: new.fact,
                sealed: new.sealed,
            };
            let mut row = self.row(deed, &event, key.as_ref())?;
            row.mac = self.inner.keys.chain().event(&head, &row);
            head = row.mac;
            state = apply(state, &event);
            rows.push(row);
            events.push(event);
        }
        let timers = changed_timers(&before.state, &state, self.inner.patience, self.delays());
        let call_seats = changed_call_seats(&before.state, &state);
        let tasks = changed_tasks(&before.state, &state);
        let appointment = changed_appointment((&before.state, &state), &events);
        let result = CommandRow {
            actor: deed.actor.key(),
            command_id: deed.command_id,
            consultation: deed.consultation,
            first_seq: before.state.seq + 1,
            seq: state.seq,
            at: deed.now,
        };
        let row = ConsultationRow::of(deed.consultation, &state)
            .ok_or_else(|| StorageError::unreadable("a log", "it does not begin with a request"))?;
        let append = Append {
            expected: before.state.seq,
            row,
            new_key,
            timers,
            call_seats,
            appointment,
            tasks,
            photo,
            photos_with_intake: if before.state.seq == 0 {
                photos_of(&events).collect()
            } else {
                Vec::new()
            },
            sent_drafts: events
                .iter()
                .filter_map(|event| sent_draft(&event.fact))
                .map(|field| ((field != "note").then(|| deed.actor.key()), field))
                .collect(),
            notices: events
                .iter()
                .filter_map(|event| Some((event.seq, notice(&event.fact)?)))
                .collect(),
            events: rows,
            result,
        };
        Ok(Prepared {
            append,
            events,
            after: Folded {
                state: Arc::new(state),
                head,
                key,
            },
        })
    }

    /// The consultation's key, and its wrapped form where it is new. A log with events whose key is missing was erased: it
    /// gets no new one.
    fn key_for(
        &self,
        consultation: ConsultationId,
        before: &Folded,
        decided: &[NewEvent],
    ) -> Result<(Option<ContentKey>, Option<Vec<u8>>), StorageError> {
        let seals = decided
            .iter()
            .any(|event| event.sealed.is_some() || matches!(event.fact, Fact::Photo { .. }));
        match &before.key {
            Some(key) => Ok((Some(key.clone()), None)),
            None if !seals => Ok((None, None)),
            None if before.state.seq > 0 => Err(StorageError::Erased),
            None => {
                let key = ContentKey::random(&self.inner.world);
                let wrapped = self.inner.keys.wrap(&self.inner.world, consultation, &key);
                Ok((Some(key), Some(wrapped)))
            }
        }
    }

    fn row(&self, deed: &Deed<'_>, event: &Event, key: Option<&ContentKey>) -> Result<EventRow, StorageError> {
        let unwritable = |error: serde_json::Error| StorageError::unreadable("an event to be stored", error);
        let sealed = match (&event.sealed, key) {
            (Some(sealed), Some(key)) => {
                let plain = serde_json::to_vec(sealed).map_err(unwritable)?;
                let place = Place::Event {
                    consultation: deed.consultation,
                    seq: event.seq,
                };
                Some(key.seal(&self.inner.world, &place, &plain))
            }
            _ => None,
        };
        Ok(EventRow {
            consultation: deed.consultation,
            seq: event.seq,
            at: event.at,
            kind: event.fact.kind().to_owned(),
            version: EVENT_VERSION,
            facts: serde_json::to_string(&event.fact).map_err(unwritable)?,
            sealed,
            actor: deed.actor.key(),
            mac: crate::chain::Mac::START,
        })
    }
}

fn photos_of(events: &[Event]) -> impl Iterator<Item = PhotoId> {
    events.iter().filter_map(|event| match event.fact {
        Fact::Photo { photo, .. } => Some(photo),
        _ => None,
    })
}

fn changed_timers(before: &State, after: &State, patience: Patience, delays: Delays) -> Option<Vec<(String, At)>> {
    let now = deadlines(after, patience, delays);
    (deadlines(before, patience, delays) != now)
        .then(|| now.into_iter().map(|one| (one.kind.code(), one.due_at)).collect())
}

fn changed_call_seats(before: &State, after: &State) -> Option<Vec<StaffId>> {
    let seats = |state: &State| state.case.as_deref().map(Case::clinicians_in_call).unwrap_or_default();
    let now = seats(after);
    (seats(before) != now).then_some(now)
}

/// The place that is held from now on, where it is another one or none any more: of an appointment that has begun nobody books one.
fn changed_appointment((before, after): (&State, &State), events: &[Event]) -> Option<Option<Held>> {
    let booked = |state: &State| match state.case.as_deref()?.stage {
        Stage::Booked { slot, .. } => Some(slot),
        _ => None,
    };
    let families = events.iter().rev().find_map(|event| match event.fact {
        Fact::AppointmentBooked { families, .. } => Some(families),
        _ => None,
    });
    let held = |slot| Held {
        slot,
        families: families.unwrap_or_default(),
    };
    let now = booked(after);
    (booked(before) != now).then(|| now.map(held))
}

fn changed_tasks(before: &State, after: &State) -> Option<Vec<Task>> {
    let tasks = |state: &State| {
        state
            .case
            .as_deref()
            .map(|case| case.after.tasks.clone())
            .unwrap_or_default()
    };
    let now = tasks(after);
    (tasks(before) != now).then_some(now)
}

/// The draft that an event makes obsolete, of the actor who made the event; of a record also its earlier clinicians'.
fn sent_draft(fact: &Fact) -> Option<&'static str> {
    match fact {
        Fact::Requested { .. } => Some("intake"),
        Fact::DeviceChecked { .. } => Some("check"),
        Fact::NoteSigned { .. } => Some("note"),
        Fact::Said {
            lane: Lane::Everyone, ..
        } => Some("message"),
        Fact::Said { lane: Lane::Staff, .. } => Some("remark"),
        Fact::NoteAdded { .. } => Some("addition"),
        Fact::Surveyed { .. } => Some("survey"),
        _ => None,
    }
}
