//! Is the log what was written? [`check`] goes through every chain and names the first event that is broken or missing.
//!
//! A chain shows changes, gaps and swaps. That its end was cut off, or that a consultation is gone altogether, is shown by
//! checkpoints: every hour the heads of the chains that changed, themselves a chain. Whoever can write to the database
//! and holds the master key can rewrite those too; so they are exported ([`export`]) and kept elsewhere, and `check` compares.

mod checkpoint;
mod decisions;
mod fault;

pub use checkpoint::{checkpoint, export};
pub use fault::{Fault, Wrong};

use crate::{
    chain::Mac,
    seal::Keys,
    storage::{ConsultationRow, EventRow, Heads, StorageError, Store},
};
use checkpoint::Known;
use signaling::{
    consultation::{Event, State, apply, lift},
    id::{ConsultationId, Seq},
};

/// Rows read at once.
const PIECE: u64 = 500;
/// How often a consultation is read again when it grows while it is checked.
const WHILE_GROWING: u32 = 20;

/// What was checked and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Consultations.
    pub consultations: u64,
    /// Events whose place in a chain holds.
    pub events: u64,
    /// Looks whose place in a chain holds.
    pub looks: u64,
    /// Checkpoints.
    pub checkpoints: u64,
    /// Decisions about red-flag rules whose place in their city's chain holds.
    pub decisions: u64,
    /// What is wrong; empty when all is well.
    pub faults: Vec<Fault>,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.faults.is_empty()
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for fault in &self.faults {
            writeln!(f, "{fault}")?;
        }
        let Self {
            consultations,
            events,
            looks,
            checkpoints,
            decisions,
            faults,
        } = self;
        let faults = faults.len();
        write!(
            f,
            "{consultations} consultations, {events} events, {looks} looks, {checkpoints} checkpoints, \
             {decisions} decisions: {faults} faults"
        )
    }
}

/// One consultation's part of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Events whose place in the chain holds.
    pub events: u64,
    /// Looks whose place in the chain holds.
    pub looks: u64,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// Checks every chain, the checkpoints, and, with the text of an exported file, the database against it. May run while
/// the desk does.
///
/// # Errors
/// The database cannot be read. What was tampered with is no error but a fault in the report.
pub async fn check(store: &Store, keys: &Keys, against: Option<&str>) -> Result<Report, StorageError> {
    let mut report = Report::default();
    // Checkpoints first: consultations may grow behind them, never shrink.
    let known = checkpoint::stored(store, keys, &mut report).await?;
    let exported = against.map(|file| checkpoint::exported(file, keys, &known, &mut report));
    let mut after = String::new();
    loop {
        let ids = store.chain_ids(&after, PIECE).await?;
        let Some(last) = ids.last() else { break };
        after.clone_from(last);
        for id in &ids {
            let checked = consultation(store, keys, id).await?;
            report.consultations += 1;
            report.events += checked.events;
            report.looks += checked.looks;
            report.faults.extend(checked.faults);
        }
    }
    decisions::hold(store, keys, &mut report).await?;
    reach(store, &known, &mut report).await?;
    if let Some(exported) = exported {
        reach(store, &exported, &mut report).await?;
    }
    Ok(report)
}

/// Checks both chains of one consultation, and that its row is what folding the log gives.
///
/// # Errors
/// The database cannot be read.
pub async fn consultation(store: &Store, keys: &Keys, id: &str) -> Result<Checked, StorageError> {
    let Ok(consultation) = id.parse::<ConsultationId>() else {
        return Ok(Checked {
            faults: vec![Fault::of(id, Wrong::Unreadable("its id".to_owned()))],
            ..Checked::default()
        });
    };
    let mut tries = 0;
    loop {
        let heads = match store.heads(consultation).await {
            Err(StorageError::Unreadable { why, .. }) => {
                return Ok(Checked {
                    faults: vec![Fault::of(id, Wrong::Unreadable(why))],
                    ..Checked::default()
                });
            }
            heads => heads?,
        };
        let mut checked = Checked::default();
        let result = one(store, keys, consultation, heads, &mut checked).await;
        tries += 1;
        match result {
            // It may have grown between two reads.
            Err(_) if tries < WHILE_GROWING && store.heads(consultation).await.ok() != Some(heads) => continue,
            Err(Trouble::Storage(StorageError::Unreadable { why, .. })) => {
                checked.faults.push(Fault::of(id, Wrong::Unreadable(why)));
            }
            Err(Trouble::Storage(error)) => return Err(error),
            Err(Trouble::Wrong(wrong)) => checked.faults.push(Fault::of(id, wrong)),
            Ok(()) => {}
        }
        return Ok(checked);
    }
}

/// What stops the check of one consultation.
enum Trouble {
    Wrong(Wrong),
    Storage(StorageError),
}

impl From<StorageError> for Trouble {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

async fn one(
    store: &Store,
    keys: &Keys,
    id: ConsultationId,
    heads: Option<Heads>,
    checked: &mut Checked,
) -> Result<(), Trouble> {
    let row = store.consultation(id).await?;
    let (state, head) = events(store, keys, id, checked).await?;
    let Some((heads, row)) = heads.zip(row) else {
        return Err(Trouble::Wrong(Wrong::RowMissing));
    };
    ends(heads.seq, heads.head, state.seq, head, Wrong::EventMissing)?;
    if ConsultationRow::of(id, &state).as_ref() != Some(&row) {
        return Err(Trouble::Wrong(Wrong::RowDiffers));
    }
    let (looks, audit_head) = looks(store, keys, id, checked).await?;
    ends(heads.audit_seq, heads.audit_head, looks, audit_head, Wrong::LookMissing)
}

/// Whether a chain ends where its consultation's row says.
fn ends(says: Seq, says_head: Mac, has: Seq, head: Mac, missing: fn(Seq) -> Wrong) -> Result<(), Trouble> {
    match has.cmp(&says) {
        std::cmp::Ordering::Less => Err(Trouble::Wrong(missing(has + 1))),
        std::cmp::Ordering::Equal if head == says_head => Ok(()),
        _ => Err(Trouble::Wrong(Wrong::RowDiffers)),
    }
}

async fn events(
    store: &Store,
    keys: &Keys,
    id: ConsultationId,
    checked: &mut Checked,
) -> Result<(State, Mac), Trouble> {
    let (mut state, mut head) = (State::default(), Mac::START);
    loop {
        let rows = store.events(id, state.seq, PIECE).await?;
        let complete = (rows.len() as u64) < PIECE;
        for row in rows {
            if row.seq != state.seq + 1 {
                return Err(Trouble::Wrong(Wrong::EventMissing(state.seq + 1)));
            }
            if keys.chain().event(&head, &row) != row.mac {
                return Err(Trouble::Wrong(Wrong::EventChanged(row.seq)));
            }
            head = row.mac;
            state = apply(state, &event(&row)?);
            checked.events += 1;
        }
        if complete {
            return Ok((state, head));
        }
    }
}

fn event(row: &EventRow) -> Result<Event, Trouble> {
    let fact = lift(row.version, &row.facts);
    let fact = fact.map_err(|error| Trouble::Wrong(Wrong::Unreadable(format!("event {}: {error}", row.seq))))?;
    Ok(Event {
        seq: row.seq,
        at: row.at,
        fact,
        sealed: None,
    })
}

async fn looks(store: &Store, keys: &Keys, id: ConsultationId, checked: &mut Checked) -> Result<(Seq, Mac), Trouble> {
    let (mut last, mut head) = (0, Mac::START);
    for row in store.looks(id).await? {
        if row.seq != last + 1 {
            return Err(Trouble::Wrong(Wrong::LookMissing(last + 1)));
        }
        if keys.chain().look(&head, &row) != row.mac {
            return Err(Trouble::Wrong(Wrong::LookChanged(row.seq)));
        }
        (last, head) = (row.seq, row.mac);
        checked.looks += 1;
    }
    Ok((last, head))
}

/// Whether every chain still reaches as far as checkpoints saw it, over the same links.
async fn reach(store: &Store, known: &Known, report: &mut Report) -> Result<(), StorageError> {
    for seen in known.heads() {
        let events = store.events(seen.id, seen.seq.saturating_sub(1), 1).await;
        let found = match events {
            Err(StorageError::Unreadable { .. }) => continue, // named already
            events => events?
                .into_iter()
                .next()
                .filter(|row| row.seq == seen.seq)
                .map(|row| row.mac),
        };
        let wrong = match found {
            Some(mac) if mac == seen.head || seen.seq == 0 => None,
            Some(_) => Some(Wrong::Rewritten(seen.seq)),
            None => Some(match store.last_event(seen.id).await? {
                None => Wrong::Gone { events: seen.seq },
                Some(has) => Wrong::CutOff { has, saw: seen.seq },
            }),
        };
        let looks = store.looks(seen.id).await.unwrap_or_default();
        let look = looks
            .iter()
            .find(|look| look.seq == seen.audit_seq)
            .map(|look| look.mac);
        let look_wrong = seen.audit_seq > 0 && look != Some(seen.audit_head);
        let id = seen.id.to_string();
        let wrong = wrong.or(look_wrong.then_some(Wrong::LookMissing(seen.audit_seq)));
        if let Some(wrong) = wrong {
            let fault = Fault::of(&id, wrong);
            if !report.faults.contains(&fault) {
                report.faults.push(fault);
            }
        }
    }
    Ok(())
}
