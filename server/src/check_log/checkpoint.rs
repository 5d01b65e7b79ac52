//! Checkpoints: made, exported, read back.

use super::{Fault, PIECE, Report, Wrong};
use crate::{
    chain::Mac,
    seal::Keys,
    storage::{Changed, CheckpointRow, Heads, StorageError, Store},
};
use serde::{Deserialize, Serialize};
use signaling::{id::ConsultationId, time::At};
use std::{collections::BTreeMap, io::Write};

/// What a checkpoint says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Body {
    /// How many consultations there are.
    consultations: u64,
    /// How many events in all.
    events: u64,
    /// How many looks in all.
    looks: u64,
    /// The heads that changed since the checkpoint before.
    heads: Vec<Heads>,
}

/// A checkpoint as a line of an exported file.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    number: u64,
    at: At,
    body: String,
    mac: String,
}

/// What checkpoints saw, the latest of each consultation.
#[derive(Debug, Default)]
pub(super) struct Known {
    heads: BTreeMap<ConsultationId, Heads>,
    links: BTreeMap<u64, Mac>,
    totals: (u64, u64, u64),
    last: Option<Mac>,
}

impl Known {
    pub(super) fn heads(&self) -> impl Iterator<Item = &Heads> {
        self.heads.values()
    }

    /// Takes the next checkpoint in.
    fn add(&mut self, row: &CheckpointRow, keys: &Keys) -> Result<(), Wrong> {
        let due = self.links.len() as u64 + 1;
        if row.number != due {
            return Err(Wrong::CheckpointMissing(due));
        }
        let changed = Wrong::CheckpointChanged(row.number);
        if keys.chain().checkpoint(&self.last.unwrap_or(Mac::START), row) != row.mac {
            return Err(changed);
        }
        let body: Body = serde_json::from_str(&row.body).map_err(|_| changed.clone())?;
        for heads in &body.heads {
            let before = self.heads.insert(heads.id, *heads);
            let (seq, looks) = before.map_or((0, 0), |before| (before.seq, before.audit_seq));
            self.totals.0 += u64::from(before.is_none());
            self.totals.1 += heads.seq.saturating_sub(seq);
            self.totals.2 += heads.audit_seq.saturating_sub(looks);
        }
        self.links.insert(row.number, row.mac);
        self.last = Some(row.mac);
        if self.totals == (body.consultations, body.events, body.looks) {
            Ok(())
        } else {
            Err(changed)
        }
    }
}

/// Writes down the heads of all chains that changed since the last checkpoint, with totals; nothing when none did.
///
/// # Errors
/// The database cannot be written.
pub async fn checkpoint(store: &Store, keys: &Keys, now: At) -> Result<Option<CheckpointRow>, StorageError> {
    let chain = keys.chain().clone();
    let make = move |last: Option<CheckpointRow>, changed: Vec<Changed>| {
        if changed.is_empty() {
            return Ok(None);
        }
        let unreadable = |error| StorageError::unreadable("the last checkpoint", error);
        let before = match &last {
            Some(last) => serde_json::from_str::<Body>(&last.body).map_err(unreadable)?,
            None => Body::default(),
        };
        let body = Body {
            consultations: before.consultations + changed.iter().filter(|one| one.seq_before == 0).count() as u64,
            events: before.events + changed.iter().map(|one| one.heads.seq - one.seq_before).sum::<u64>(),
            looks: before.looks
                + changed
                    .iter()
                    .map(|one| one.heads.audit_seq - one.audit_seq_before)
                    .sum::<u64>(),
            heads: changed.into_iter().map(|one| one.heads).collect(),
        };
        let mut row = CheckpointRow {
            number: last.as_ref().map_or(1, |last| last.number + 1),
            at: now,
            body: serde_json::to_string(&body).map_err(unreadable)?,
            mac: Mac::START,
        };
        row.mac = chain.checkpoint(&last.map_or(Mac::START, |last| last.mac), &row);
        Ok(Some(row))
    };
    match store.add_checkpoint(Box::new(make)).await {
        // Another server makes them too and was faster.
        Err(StorageError::Conflict(_) | StorageError::Busy(_)) => Ok(None),
        done => done,
    }
}

/// Writes all checkpoints as lines of JSON, to be kept away from the database, and tells how many.
///
/// # Errors
/// The database cannot be read, or `to` not written.
pub async fn export(store: &Store, to: &mut (dyn Write + Send)) -> Result<u64, ExportError> {
    let mut count = 0;
    loop {
        let rows = store.checkpoints(count, PIECE).await?;
        if rows.is_empty() {
            to.flush()?;
            return Ok(count);
        }
        for row in rows {
            count = row.number;
            let line = Line {
                number: row.number,
                at: row.at,
                body: row.body,
                mac: row.mac.to_string(),
            };
            serde_json::to_writer(&mut *to, &line).map_err(std::io::Error::from)?;
            to.write_all(b"\n")?;
        }
    }
}

/// Why checkpoints could not be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The file.
    #[error(transparent)]
    File(#[from] std::io::Error),
}

/// The database's own checkpoints, as far as they hold.
pub(super) async fn stored(store: &Store, keys: &Keys, report: &mut Report) -> Result<Known, StorageError> {
    let mut known = Known::default();
    let mut after = 0;
    loop {
        let rows = match store.checkpoints(after, PIECE).await {
            Err(StorageError::Unreadable { .. }) => {
                report.faults.push(Fault::of_none(Wrong::CheckpointChanged(after + 1)));
                return Ok(known);
            }
            rows => rows?,
        };
        let Some(last) = rows.last() else { return Ok(known) };
        after = last.number;
        for row in &rows {
            if let Err(wrong) = known.add(row, keys) {
                report.faults.push(Fault::of_none(wrong));
                return Ok(known);
            }
            report.checkpoints += 1;
        }
    }
}

/// An exported file's checkpoints, compared with those of the database.
pub(super) fn exported(file: &str, keys: &Keys, stored: &Known, report: &mut Report) -> Known {
    let mut known = Known::default();
    for (place, line) in file.lines().filter(|line| !line.trim().is_empty()).enumerate() {
        let row = read(line).filter(|row| known.add(row, keys).is_ok());
        let Some(row) = row else {
            report.faults.push(Fault::of_none(Wrong::FileChanged(place + 1)));
            return known;
        };
        if stored.links.get(&row.number) != Some(&row.mac) {
            let wrong = match stored.links.contains_key(&row.number) {
                true => Wrong::CheckpointRewritten(row.number),
                false => Wrong::CheckpointMissing(row.number),
            };
            let fault = Fault::of_none(wrong);
            if !report.faults.contains(&fault) {
                report.faults.push(fault);
            }
        }
    }
    known
}

fn read(line: &str) -> Option<CheckpointRow> {
    let line: Line = serde_json::from_str(line).ok()?;
    Some(CheckpointRow {
        number: line.number,
        at: line.at,
        body: line.body,
        mac: line.mac.parse().ok()?,
    })
}
