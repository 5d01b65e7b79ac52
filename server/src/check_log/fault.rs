//! What can be wrong, in sentences.

use signaling::id::Seq;
use std::fmt;

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// In which consultation, if it is about one.
    pub consultation: Option<String>,
    /// What.
    pub wrong: Wrong,
}

impl Fault {
    pub(super) fn of(consultation: &str, wrong: Wrong) -> Self {
        Self {
            consultation: Some(consultation.to_owned()),
            wrong,
        }
    }

    pub(super) fn of_none(wrong: Wrong) -> Self {
        Self {
            consultation: None,
            wrong,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.consultation {
            Some(consultation) => write!(f, "consultation {consultation}: {}", self.wrong),
            None => write!(f, "{}", self.wrong),
        }
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// There is a gap, or the end is not where the consultation's row says.
    #[error("event {0} is missing")]
    EventMissing(Seq),
    /// A column of the event, or the event before it, was changed.
    #[error("event {0} was changed")]
    EventChanged(Seq),
    /// Like [`Wrong::EventMissing`], for looks.
    #[error("look {0} is missing")]
    LookMissing(Seq),
    /// Like [`Wrong::EventChanged`], for looks.
    #[error("look {0} was changed")]
    LookChanged(Seq),
    /// Events without a row of where the consultation stands.
    #[error("its row is missing")]
    RowMissing,
    /// The row is not what folding the log gives.
    #[error("its row differs from its log")]
    RowDiffers,
    /// Something stored has no readable form.
    #[error("it cannot be read ({0})")]
    Unreadable(String),
    /// A checkpoint saw more events than there are.
    #[error("it was cut off after event {has}; a checkpoint saw {saw}")]
    CutOff {
        /// The last event that is there.
        has: Seq,
        /// The last event that a checkpoint saw.
        saw: Seq,
    },
    /// A checkpoint saw it, and nothing of it is there.
    #[error("it is gone; a checkpoint saw {events} events")]
    Gone {
        /// The last event that a checkpoint saw.
        events: Seq,
    },
    /// The event is not the one that a checkpoint saw: the chain was made anew.
    #[error("event {0} is not the one that a checkpoint saw")]
    Rewritten(Seq),
    /// A gap in the checkpoints.
    #[error("checkpoint {0} is missing")]
    CheckpointMissing(u64),
    /// A checkpoint was changed, or its totals are not the sum of what it saw.
    #[error("checkpoint {0} was changed")]
    CheckpointChanged(u64),
    /// The database's checkpoint is not the exported one.
    #[error("checkpoint {0} is not the one that was exported")]
    CheckpointRewritten(u64),
    /// A gap in the decisions about red-flag rules.
    #[error("decision {seq} of {city} about a red-flag rule is missing")]
    DecisionMissing {
        /// Whose.
        city: String,
        /// Which.
        seq: u64,
    },
    /// A column of the decision, or the one before it, was changed.
    #[error("decision {seq} of {city} about a red-flag rule was changed")]
    DecisionChanged {
        /// Whose.
        city: String,
        /// Which.
        seq: u64,
    },
    /// A line of the exported file.
    #[error("line {0} of the exported file is not as it was exported")]
    FileChanged(usize),
}
