//! Chains of MACs: each link covers the one before it and every stored byte of its row, so that a change, a gap or a swap
//! shows. HMAC-SHA256 (RFC 2104) under a key that the database does not hold.
//!
//! A chain alone cannot show that its end was cut off; the checkpoints do (see [`crate::check_log`]).

use crate::storage::{CheckpointRow, DecisionRow, EventRow, LookRow};
use hmac::{Hmac, KeyInit, Mac as _};
use sha2::Sha256;
use signaling::{id::ConsultationId, redacted::Redacted, time::DateText, triage::standing::Decided};
use std::{fmt, str::FromStr};

/// One link.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mac(pub [u8; 32]);

impl Mac {
    /// What the first link covers as the one before it.
    pub const START: Self = Self([0; 32]);

    /// Reads stored bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mac({self})")
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a MAC is 64 hexadecimal digits")]
pub struct InvalidMac;

impl FromStr for Mac {
    type Err = InvalidMac;

    fn from_str(text: &str) -> Result<Self, InvalidMac> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(InvalidMac);
        }
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * place..2 * place + 2], 16).map_err(|_| InvalidMac)?;
        }
        Ok(Self(bytes))
    }
}

/// Fields as bytes that can be read in one way only: every text and blob with its length before it.
pub(crate) struct Fields(Vec<u8>);

impl Fields {
    pub(crate) fn new(kind: &str) -> Self {
        Self(Vec::with_capacity(256)).text(kind)
    }

    pub(crate) fn id(mut self, consultation: ConsultationId) -> Self {
        self.0.extend_from_slice(consultation.0.as_bytes());
        self
    }

    pub(crate) fn number(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    pub(crate) fn text(self, text: &str) -> Self {
        self.blob(text.as_bytes())
    }

    fn blob(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    /// Nothing and an empty blob differ.
    fn optional(mut self, bytes: Option<&[u8]>) -> Self {
        self.0.push(u8::from(bytes.is_some()));
        self.blob(bytes.unwrap_or_default())
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Makes links.
#[derive(Clone)]
pub struct Chain {
    key: Redacted<[u8; 32]>,
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chain([redacted])")
    }
}

impl Chain {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self {
            key: Redacted::new(key),
        }
    }

    /// The link of an event.
    #[must_use]
    pub fn event(&self, previous: &Mac, row: &EventRow) -> Mac {
        let fields = Fields::new("event")
            .id(row.consultation)
            .number(row.seq)
            .number(row.at.0.cast_unsigned())
            .text(&row.kind)
            .number(row.version.into())
            .text(&row.facts)
            .optional(row.sealed.as_deref())
            .text(&row.actor);
        self.link(previous, fields)
    }

    /// The link of a look.
    #[must_use]
    pub fn look(&self, previous: &Mac, row: &LookRow) -> Mac {
        let fields = Fields::new("look")
            .id(row.consultation)
            .number(row.seq)
            .number(row.at.0.cast_unsigned())
            .text(&row.actor)
            .text(&row.what);
        self.link(previous, fields)
    }

    /// The link of a checkpoint.
    #[must_use]
    pub fn checkpoint(&self, previous: &Mac, row: &CheckpointRow) -> Mac {
        let at = row.at.0.cast_unsigned();
        self.link(
            previous,
            Fields::new("checkpoint").number(row.number).number(at).text(&row.body),
        )
    }

    /// The link of a decision about a red-flag rule.
    #[must_use]
    pub fn decision(&self, previous: &Mac, row: &DecisionRow) -> Mac {
        let decision = &row.decision;
        let (physician, on) = match &decision.decided {
            Decided::Approved { physician, on } => (Some(physician.as_str()), DateText(*on).to_string()),
            Decided::Withdrawn | Decided::Enabled | Decided::Disabled => (None, String::new()),
        };
        let fields = Fields::new("decision")
            .text(row.municipality.as_str())
            .number(row.seq)
            .number(decision.at.0.cast_unsigned())
            .text(&decision.rule)
            .number(decision.version.into())
            .text(&decision.fingerprint)
            .text(decision.decided.code())
            .optional(physician.map(str::as_bytes))
            .text(&on)
            .text(&row.staff.to_string())
            .text(&decision.by)
            .text(&row.command.to_string());
        self.link(previous, fields)
    }

    fn link(&self, previous: &Mac, fields: Fields) -> Mac {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.reveal()).expect("HMAC takes keys of any length");
        mac.update(&previous.0);
        mac.update(&fields.bytes());
        Mac(mac.finalize().into_bytes().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signaling::time::At;
    use uuid::Uuid;

    fn row() -> EventRow {
        EventRow {
            consultation: ConsultationId(Uuid::from_u128(1)),
            seq: 3,
            at: At(1_000),
            kind: "said".into(),
            version: 1,
            facts: "{}".into(),
            sealed: Some(vec![1, 2]),
            actor: "system".into(),
            mac: Mac::START,
        }
    }

    #[test]
    fn every_column_and_the_link_before_count() {
        let chain = Chain::new([1; 32]);
        let right = chain.event(&Mac::START, &row());
        let changed: [fn(&mut EventRow); 8] = [
            |row| row.consultation = ConsultationId(Uuid::from_u128(2)),
            |row| row.seq = 4,
            |row| row.at = At(1_001),
            |row| row.kind = "sai".into(),
            |row| row.version = 2,
            |row| row.facts = "{ }".into(),
            |row| row.sealed = None,
            |row| row.actor = "staff".into(),
        ];
        for change in changed {
            let mut row = row();
            change(&mut row);
            assert_ne!(chain.event(&Mac::START, &row), right);
        }
        assert_ne!(chain.event(&Mac([1; 32]), &row()), right);
        assert_ne!(Chain::new([2; 32]).event(&Mac::START, &row()), right);
        let empty = EventRow {
            sealed: Some(Vec::new()),
            ..row()
        };
        let none = EventRow { sealed: None, ..row() };
        assert_ne!(chain.event(&Mac::START, &empty), chain.event(&Mac::START, &none));
    }

    #[test]
    fn a_mac_reads_as_it_is_written() {
        let mac = Chain::new([1; 32]).event(&Mac::START, &row());
        assert_eq!(mac.to_string().parse(), Ok(mac));
        assert_eq!("é".repeat(32).parse::<Mac>(), Err(InvalidMac));
    }
}
