//! What families consented to have handed to the city's public-health nurse, as her list shows it.

use serde::{Deserialize, Serialize};
use signaling::{
    id::{CommandId, ConsultationId, Seq},
    time::At,
};

/// Her list. Forms post to `/referrals/{consultation}/{seq}` with `command` and `go`: `take`, or `close` and `words`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referrals {
    /// What nobody has ended yet, oldest first.
    pub lines: Vec<ReferralLine>,
    /// What was received in the last days and has ended.
    pub past: Past,
    /// What was wrong with the form that was just posted.
    pub fault: Option<ReferralFault>,
}

signaling::redacted_debug!(Referrals { lines, past });

/// Folded as a link and not on the page: reading it is a look, so it is read when somebody wants to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Past {
    /// How many there are.
    Folded(usize),
    /// All of them, newest first.
    Shown(Vec<ReferralLine>),
}

/// One referral: the words that the family consented to, and nothing else of its consultation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralLine {
    /// In which consultation.
    pub consultation: ConsultationId,
    /// The event that offered it.
    pub seq: Seq,
    /// When the family consented.
    pub consented_at: At,
    /// By when it is to be dealt with.
    pub due_at: At,
    /// The very words; nothing once they have been erased.
    pub shared: Option<String>,
    /// Where it stands for this reader.
    pub stand: Stand,
}

signaling::redacted_debug!(ReferralLine {
    consultation,
    seq,
    consented_at,
    due_at
});

/// Where a referral stands for the nurse who reads.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stand", rename_all = "snake_case")]
pub enum Stand {
    /// No nurse has received it.
    Waits {
        /// The supervisor who looks after it meanwhile.
        with: Option<String>,
        /// For the form that receives it.
        take: CommandId,
    },
    /// The reader has it.
    Mine {
        /// Since when.
        since: At,
        /// For the form that ends it.
        close: CommandId,
    },
    /// A colleague has it.
    Colleague {
        /// Who.
        by: String,
        /// Since when.
        since: At,
        /// For the form that takes it over, once its deadline is past.
        take: Option<CommandId>,
    },
    /// It has ended.
    Done {
        /// Who ended it.
        by: String,
        /// When.
        at: At,
        /// What a nurse wrote that was done.
        words: Option<String>,
    },
}

impl Stand {
    /// The stable code, which is all that is printed of it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Waits { .. } => "waits",
            Self::Mine { .. } => "mine",
            Self::Colleague { .. } => "colleague",
            Self::Done { .. } => "done",
        }
    }
}

impl std::fmt::Debug for Stand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// A form that was not accepted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralFault {
    /// Of which consultation.
    pub consultation: ConsultationId,
    /// Of which referral.
    pub seq: Seq,
    /// Why.
    pub text: String,
    /// What was written, which is not lost.
    pub typed: String,
}

signaling::redacted_debug!(ReferralFault { consultation, seq });

impl Referrals {
    /// The page's title: how many nobody has received yet.
    #[must_use]
    pub fn title(&self) -> String {
        let waits = |line: &&ReferralLine| matches!(line.stand, Stand::Waits { .. });
        match self.lines.iter().filter(waits).count() {
            0 => "保健師への紹介".to_owned(),
            waiting => format!("({waiting}) 保健師への紹介"),
        }
    }

    /// The fault of a card on this page.
    #[must_use]
    pub fn fault_of(&self, line: &ReferralLine) -> Option<&ReferralFault> {
        let of = |fault: &&ReferralFault| (fault.consultation, fault.seq) == (line.consultation, line.seq);
        self.fault.as_ref().filter(of)
    }
}
