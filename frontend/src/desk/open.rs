//! One consultation that is open on the desk: what arrived, what is half-written, what is on its way.

use super::epds::{self, Asked};
use crate::page::desk::History;
use leptos::prelude::*;
use signaling::{
    actor::Staff,
    call::{Holder, summary::CallRecord},
    consultation::{Lane, Speaker, WireEvent, WireKind},
    id::{ConsultationId, PhotoId, Seq},
    note::NoteDraft,
    queue::Presence,
    time::At,
    triage::EpdsDraft,
    view::{LineKind, Standing, Thread},
};

/// Something sent whose event has not come back yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Sending {
    /// Counts up on this page.
    pub number: u64,
    /// The words.
    pub text: String,
    /// For whom.
    pub lane: Lane,
    /// The event that it became, once the server has answered.
    pub acked: Option<Seq>,
}

signaling::redacted_debug!(Sending { number, lane, acked });

/// Where a consultation stands for the clinician at this desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenStanding {
    /// Just taken; its log is on the way.
    Loading,
    /// Theirs.
    Mine,
    /// Over; the record may be added to.
    Ended,
    /// The family left.
    Left,
    /// A colleague's, who asked this clinician into its call or to take it over.
    Asked,
    /// Back in the queue, or somebody else's.
    Elsewhere,
}

/// A consultation with a tab. Signals, cheap to copy.
#[derive(Clone, Copy)]
pub struct Open {
    /// Which.
    pub consultation: ConsultationId,
    /// The log, folded.
    pub thread: RwSignal<Thread>,
    /// Its calls, for the record.
    pub calls: RwSignal<Vec<CallRecord>>,
    /// What was recorded of EPDS.
    pub epds: RwSignal<Asked>,
    /// Points of an EPDS that are being written down.
    pub epds_draft: RwSignal<EpdsDraft>,
    /// The log has arrived up to its end at least once.
    pub loaded: RwSignal<bool>,
    /// What has been read.
    pub read_until: RwSignal<Seq>,
    /// Whether the family's page is there, once told.
    pub presence: RwSignal<Option<Presence>>,
    /// The family was writing until then.
    pub typing_until: RwSignal<At>,
    /// The photos that are seen large.
    pub viewing: RwSignal<Vec<PhotoId>>,
    /// The message being written.
    pub message: RwSignal<String>,
    /// It goes to staff only.
    pub remark: RwSignal<bool>,
    /// Sent, on the way.
    pub sending: RwSignal<Vec<Sending>>,
    /// What became of the last message or call, where it was refused.
    pub talk_fault: RwSignal<Option<String>>,
    /// The record being written.
    pub note: RwSignal<NoteDraft>,
    /// The clinician has typed in it on this page, so that a draft from the server comes too late.
    pub note_touched: RwSignal<bool>,
    /// What stands in it was begun by the colleague who had the consultation before.
    pub note_inherited: RwSignal<bool>,
    /// When the record's draft was stored; nothing while a change is on its way.
    pub note_saved_at: RwSignal<Option<At>>,
    /// The record is being signed, added to, or the consultation ended.
    pub signing: RwSignal<bool>,
    /// What is missing, or what became of signing.
    pub note_fault: RwSignal<Option<String>>,
    /// The addition being written.
    pub addition: RwSignal<String>,
    /// The family's earlier consultations.
    pub history: RwSignal<Earlier>,
}

/// How far the family's earlier consultations have come. They are loaded after the tab opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// On their way.
    Loading,
    /// They could not be had.
    Failed,
    /// Here they are; perhaps none.
    Known(History),
}

impl Open {
    /// From what the page's model holds of its log; empty when it was only just taken.
    #[must_use]
    pub fn from_log(consultation: ConsultationId, events: &[WireEvent]) -> Self {
        let thread = Thread::of(events);
        let read_until = last_answered(&thread);
        let note = prefilled(&thread);
        let mut asked = Asked::default();
        asked.fold(events);
        Self {
            consultation,
            loaded: RwSignal::new(!events.is_empty()),
            read_until: RwSignal::new(read_until),
            thread: RwSignal::new(thread),
            calls: RwSignal::new(CallRecord::all(events)),
            epds: RwSignal::new(asked),
            epds_draft: RwSignal::new(EpdsDraft::default()),
            presence: RwSignal::new(None),
            typing_until: RwSignal::new(At::default()),
            viewing: RwSignal::new(Vec::new()),
            message: RwSignal::new(String::new()),
            remark: RwSignal::new(false),
            sending: RwSignal::new(Vec::new()),
            talk_fault: RwSignal::new(None),
            note: RwSignal::new(note),
            note_touched: RwSignal::new(false),
            note_inherited: RwSignal::new(false),
            note_saved_at: RwSignal::new(None),
            signing: RwSignal::new(false),
            note_fault: RwSignal::new(None),
            addition: RwSignal::new(String::new()),
            history: RwSignal::new(Earlier::Loading),
        }
    }

    /// Folds events that arrived; the record begins with what the family said it is about.
    pub fn receive(&self, events: &[WireEvent]) {
        let seen = self.thread.with_untracked(|thread| thread.seq);
        let new = || events.iter().filter(|event| event.seq > seen);
        if new().any(is_of_calls) {
            self.calls
                .update(|calls| new().for_each(|event| CallRecord::fold(calls, event)));
        }
        if new().any(epds::is_of_epds) {
            self.epds.update(|asked| asked.fold(new()));
        }
        self.thread.update(|thread| {
            for event in events {
                thread.fold(event);
            }
        });
        let seq = self.thread.with_untracked(|thread| thread.seq);
        self.sending
            .update(|sending| sending.retain(|one| one.acked.is_none_or(|acked| acked > seq)));
        if !self.note_touched.get_untracked() && self.note.with_untracked(|note| *note == NoteDraft::default()) {
            self.note.set(self.thread.with_untracked(prefilled));
        }
    }

    /// Everything so far has been read.
    pub fn mark_read(&self) {
        let seq = self.thread.with_untracked(|thread| thread.seq);
        if self.read_until.get_untracked() != seq {
            self.read_until.set(seq);
        }
    }

    /// Where it stands for `me`.
    #[must_use]
    pub fn standing(&self, me: &Staff) -> OpenStanding {
        if !self.loaded.get() {
            return OpenStanding::Loading;
        }
        self.thread.with(|thread| match &thread.standing {
            Standing::Claimed(by) if by.id == me.id => OpenStanding::Mine,
            Standing::Closed => OpenStanding::Ended,
            Standing::Cancelled => OpenStanding::Left,
            Standing::Waiting | Standing::Booked | Standing::Claimed(_) => {
                let colleague = thread.call.as_ref().and_then(|call| call.colleague.as_ref());
                if colleague.is_some_and(|one| one.staff.id == me.id) || thread.asks(me) {
                    OpenStanding::Asked
                } else {
                    OpenStanding::Elsewhere
                }
            }
        })
    }

    /// 「2歳3か月・発熱」.
    #[must_use]
    pub fn title(&self) -> String {
        self.thread.with(|thread| match (&thread.intake, thread.requested_at) {
            (Some(intake), Some(at)) => {
                let first = intake.complaints.first().map_or("", |complaint| complaint.label());
                format!("{}・{first}", intake.subject.label(at.date()))
            }
            (None, Some(_)) => "内容は消去されています".to_owned(),
            _ => "読みこんでいます".to_owned(),
        })
    }

    /// Whether the clinician sits in a running call here.
    #[must_use]
    pub fn in_call(&self, me: &Staff) -> bool {
        let holder = Holder::Staff(me.clone());
        self.thread.with(|thread| thread.incarnation_of(&holder).is_some())
    }
}

fn is_of_calls(event: &WireEvent) -> bool {
    matches!(event.kind, WireKind::CallOffered { .. }) || event.kind.call().is_some()
}

fn prefilled(thread: &Thread) -> NoteDraft {
    let complaints = thread.intake.iter().flat_map(|intake| &intake.complaints);
    NoteDraft {
        complaints: complaints.map(|one| one.code().to_owned()).collect(),
        ..NoteDraft::default()
    }
}

/// The desk's last word: what the family wrote after it has not been answered, so it does not count as read after a
/// reload.
fn last_answered(thread: &Thread) -> Seq {
    let by_desk = |kind: &LineKind| {
        matches!(
            kind,
            LineKind::Said {
                speaker: Speaker::Staff(_),
                lane: Lane::Everyone,
                ..
            } | LineKind::Photo {
                speaker: Speaker::Staff(_),
                ..
            }
        )
    };
    thread
        .lines
        .iter()
        .rev()
        .find(|line| by_desk(&line.kind))
        .map_or(0, |line| line.seq)
}

/// How many messages of the family came after what has been read.
#[must_use]
pub fn unread(thread: &Thread, read_until: Seq) -> usize {
    let by_family = |kind: &LineKind| {
        matches!(
            kind,
            LineKind::Said {
                speaker: Speaker::Guardian,
                ..
            } | LineKind::Photo {
                speaker: Speaker::Guardian,
                ..
            }
        )
    };
    thread
        .lines
        .iter()
        .rev()
        .take_while(|line| line.seq > read_until)
        .filter(|line| by_family(&line.kind))
        .count()
}
