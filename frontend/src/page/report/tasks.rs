//! What supervisors have to look after, and the concerns of one consultation.

use super::PhoneLine;
use serde::{Deserialize, Serialize};
use signaling::{
    actor::Staff, after::TaskKind, consultation::WireEvent, id::CommandId, id::ConsultationId, id::Seq, time::At,
};

/// A consultation that nobody took in time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverlookedRow {
    /// Which.
    pub consultation: ConsultationId,
    /// Since when it is here.
    pub since: At,
    /// By when it is to be dealt with.
    pub due_at: At,
    /// Why it came here.
    pub why: String,
    /// 「黄・2時間以内」.
    pub class: String,
    /// 「2歳」 band.
    pub subject: String,
    /// Where the consultation stands by now.
    pub standing: String,
    /// Whether the family's page is connected.
    pub presence: String,
    /// Who deals with it.
    pub owner: Option<Staff>,
    /// Id of the command by which this reader takes it.
    pub take: CommandId,
    /// Id of the command by which this reader closes it.
    pub close: CommandId,
}

signaling::redacted_debug!(OverlookedRow {
    consultation,
    since,
    due_at
});

/// What supervisors have to look after. Forms post to `/tasks/{consultation}/{seq}`, or `…/overlooked`, with `command` and `go`:
/// `take`, or `close` and `words`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tasks {
    /// What came here because nobody took it in time, longest first.
    pub overlooked: Vec<OverlookedRow>,
    /// Whom to telephone about it.
    pub phones: Vec<PhoneLine>,
    /// All else, most pressing first.
    pub lines: Vec<TaskLine>,
    /// What was wrong with the form that was just posted, and of which task; without one, of what nobody took.
    pub fault: Option<(ConsultationId, Option<Seq>, String)>,
}

signaling::redacted_debug!(Tasks { overlooked, lines });

impl Tasks {
    /// The page's title: how many nobody looks after yet, and what for.
    #[must_use]
    pub fn title(&self) -> String {
        let overlooked = self.overlooked.iter().filter(|row| row.owner.is_none()).count();
        match overlooked + self.lines.iter().filter(|line| line.owner.is_none()).count() {
            0 => "対応すること".to_owned(),
            waiting => format!("({waiting}) 対応すること"),
        }
    }
}

/// One task.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskLine {
    /// In which consultation.
    pub consultation: ConsultationId,
    /// The event that opened it.
    pub seq: Seq,
    /// Why.
    pub kind: TaskKind,
    /// When.
    pub opened_at: At,
    /// By when it is to be dealt with.
    pub due_at: At,
    /// Who has it, as addressed.
    pub owner: Option<String>,
    /// A public-health nurse has received it, and until its deadline it is hers alone.
    pub is_held: bool,
    /// What the family consented to have handed over.
    pub shared: Option<String>,
    /// For the form that takes it, where this reader may.
    pub take: Option<CommandId>,
    /// For the form that closes it.
    pub close: CommandId,
}

signaling::redacted_debug!(TaskLine {
    consultation,
    seq,
    kind,
    due_at
});

/// 「気になる」 and 「保健師への紹介」 of one consultation. Posts to itself; see the server's `concern`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConcernPage {
    /// Which consultation.
    pub consultation: ConsultationId,
    /// Whether this reader may offer a referral.
    pub may_offer: bool,
    /// How far each concern has come to the supervisors.
    pub standing: Vec<ConcernStanding>,
    /// Whom to telephone where no supervisor has it.
    pub phones: Vec<PhoneLine>,
    /// What this reader may see of the log.
    pub events: Vec<WireEvent>,
    /// How far the last referral has come, once the family consented to it.
    pub handed: Option<HandedOn>,
    /// `2026-11-22`.
    pub today: String,
    /// For whichever form is sent.
    pub command: CommandId,
    /// What was just posted and not accepted.
    pub typed: ConcernTyped,
}

signaling::redacted_debug!(ConcernPage { consultation });

/// How far a referral has come that a family consented to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "handed", rename_all = "snake_case")]
pub enum HandedOn {
    /// Nobody has received it; a supervisor may look after it.
    Waits {
        /// The supervisor.
        with: Option<String>,
    },
    /// A public-health nurse has received it.
    Received {
        /// Who.
        by: String,
        /// When.
        at: At,
    },
    /// It was dealt with.
    Done {
        /// By whom.
        by: String,
        /// When.
        at: At,
    },
}

/// How far a concern has come to the supervisors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConcernStanding {
    /// Its event.
    pub concern: Seq,
    /// When a supervisor's page first showed it.
    pub shown_at: Option<At>,
    /// The supervisor who has it.
    pub owner: Option<String>,
    /// Until when one is to be there; nothing once it is dealt with.
    pub due_at: Option<At>,
}

/// A form of the page of concerns that was not accepted.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConcernTyped {
    /// Why.
    pub fault: Option<String>,
    /// Which form.
    pub go: String,
    /// About which concern.
    pub concern: String,
    /// What was written.
    pub text: String,
}

signaling::redacted_debug!(ConcernTyped { go });
