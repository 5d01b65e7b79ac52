//! The chains of decisions about red-flag rules, one a city.
//!
//! Not here: that such a chain was cut off at its end, which no checkpoint sees.

use super::{Fault, Report, Wrong};
use crate::{
    chain::Mac,
    seal::Keys,
    storage::{StorageError, Store},
};

/// Adds what holds and what is wrong.
pub(super) async fn hold(store: &Store, keys: &Keys, report: &mut Report) -> Result<(), StorageError> {
    for city in store.cities().await? {
        let rows = match store.decisions(&city.id).await {
            Err(StorageError::Unreadable { why, .. }) => {
                let why = format!("a decision of {} about a red-flag rule: {why}", city.id);
                report.faults.push(Fault::of_none(Wrong::Unreadable(why)));
                continue;
            }
            rows => rows?,
        };
        let (mut last, mut head) = (0, Mac::START);
        let city = city.id.to_string();
        for row in rows {
            let seq = row.seq;
            let wrong = if seq != last + 1 {
                Some(Wrong::DecisionMissing {
                    city: city.clone(),
                    seq: last + 1,
                })
            } else if keys.chain().decision(&head, &row) != row.mac {
                Some(Wrong::DecisionChanged {
                    city: city.clone(),
                    seq,
                })
            } else {
                None
            };
            if let Some(wrong) = wrong {
                report.faults.push(Fault::of_none(wrong));
                break;
            }
            (last, head) = (seq, row.mac);
            report.decisions += 1;
        }
    }
    Ok(())
}
