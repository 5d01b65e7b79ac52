//! Who looked at a consultation: a second chain beside its log. A look is an opening or an export.

use super::Spine;
use crate::{
    chain::Mac,
    check_log,
    storage::{LookRow, StorageError},
};
use signaling::{
    actor::Actor,
    id::{ConsultationId, Seq},
    time::At,
};

/// How often a look is added again when somebody else looked at the same moment.
const TRIES: u32 = 50;

/// A look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Its number.
    pub seq: Seq,
    /// When.
    pub at: At,
    /// Who, as people read it: the name that they had then.
    pub who: String,
    /// What: `opened`, `exported`, or another stable word of the caller's.
    pub what: String,
}

impl Spine {
    /// Records a look. Call it before showing anything.
    ///
    /// # Errors
    /// There is no such consultation, or the database cannot be written.
    pub async fn look(&self, consultation: ConsultationId, actor: &Actor, what: &str) -> Result<(), StorageError> {
        let actor = serde_json::to_string(actor).map_err(|error| StorageError::unreadable("an actor", error))?;
        for _ in 0..TRIES {
            let heads = self.inner.store.heads(consultation).await?;
            let heads = heads.ok_or_else(|| StorageError::unreadable("a consultation", "there is none"))?;
            let mut row = LookRow {
                consultation,
                seq: heads.audit_seq + 1,
                at: self.now(),
                actor: actor.clone(),
                what: what.to_owned(),
                mac: Mac::START,
            };
            row.mac = self.inner.keys.chain().look(&heads.audit_head, &row);
            match self.inner.store.add_look(row).await {
                Err(StorageError::SeqConflict | StorageError::Busy(_)) => {}
                done => return done,
            }
        }
        Err(StorageError::SeqConflict)
    }

    /// Who looked, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn looks(&self, consultation: ConsultationId) -> Result<Vec<Look>, StorageError> {
        let rows = self.inner.store.looks(consultation).await?;
        Ok(rows
            .into_iter()
            .map(|row| Look {
                seq: row.seq,
                at: row.at,
                who: who(&row.actor),
                what: row.what,
            })
            .collect())
    }

    /// Checks both chains of a consultation and its row, and tells how many events there are.
    ///
    /// # Errors
    /// The first thing that is wrong, in a sentence.
    pub async fn verify(&self, consultation: ConsultationId) -> Result<u64, String> {
        let id = consultation.to_string();
        let checked = check_log::consultation(&self.inner.store, &self.inner.keys, &id).await;
        let checked = checked.map_err(|error| error.to_string())?;
        match checked.faults.first() {
            Some(fault) => Err(fault.to_string()),
            None => Ok(checked.events),
        }
    }
}

fn who(actor: &str) -> String {
    match serde_json::from_str(actor) {
        Ok(Actor::Staff(staff)) => format!("{}（{}）", staff.name, staff.role.label()),
        Ok(Actor::Guardian { .. }) => "ご家族".to_owned(),
        Ok(Actor::Guest { .. }) => "招待された方".to_owned(),
        Ok(Actor::System) => "システム".to_owned(),
        Err(_) => "不明".to_owned(),
    }
}
