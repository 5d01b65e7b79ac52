//! Writing the row of where a consultation stands, if it still stands where the writer saw it.

use super::{super::log::stored, ConsultationRow, code};
use crate::{chain::Mac, storage::StorageError};
use signaling::{actor::Staff, hand_over::Meant, id::Seq};
use sqlx::{Any, AnyConnection, any::AnyArguments, query::Query};

type AnyQuery = Query<'static, Any, AnyArguments>;

impl ConsultationRow {
    /// Writes the row if the consultation still stands at `expected`.
    pub(in crate::storage) async fn store(
        &self,
        connection: &mut AnyConnection,
        expected: Seq,
        head: &Mac,
    ) -> Result<(), StorageError> {
        let query = if expected == 0 {
            self.insertion(head)
        } else {
            self.update(expected, head)
        };
        match query.execute(connection).await?.rows_affected() {
            0 => Err(StorageError::SeqConflict),
            _ => Ok(()),
        }
    }

    fn insertion(&self, head: &Mac) -> AnyQuery {
        let sql = "INSERT INTO consultations (mode, flags, acuity, stage, stage_at, rank, claimed_by, claimed_name, \
                   claimed_role, unanswered_since, first_claimed_at, first_reply_at, ended_at, call_clinician, \
                   missed_calls, talk_seconds, disposition, signed_by, signed_name, signed_role, signed_at, survey, \
                   seq, head, call_causes, meant_for, id, municipality, guardian, service, quiet, subject, relation, complaint, \
                   complaints, returning_family, requested_at, audit_seq, audit_head, checkpointed_seq, \
                   checkpointed_audit_seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
                   $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, 0, $38, 0, 0) \
                   ON CONFLICT (id) DO NOTHING";
        self.bind_what_changes(sqlx::query(sql), head)
            .bind(self.id.to_string())
            .bind(self.municipality.to_string())
            .bind(self.guardian.to_string())
            .bind(code(&self.service))
            .bind(i64::from(self.quiet))
            .bind(code(&self.subject))
            .bind(code(&self.relation))
            .bind(self.complaints.first().map_or_else(String::new, code))
            .bind(json(&self.complaints))
            .bind(i64::from(self.returning))
            .bind(self.requested_at.0)
            .bind(Mac::START.0.to_vec())
    }

    fn update(&self, expected: Seq, head: &Mac) -> AnyQuery {
        let sql = "UPDATE consultations SET mode = $1, flags = $2, acuity = $3, stage = $4, stage_at = $5, rank = $6, \
                   claimed_by = $7, claimed_name = $8, claimed_role = $9, unanswered_since = $10, \
                   first_claimed_at = $11, first_reply_at = $12, ended_at = $13, call_clinician = $14, \
                   missed_calls = $15, talk_seconds = $16, disposition = $17, signed_by = $18, signed_name = $19, \
                   signed_role = $20, signed_at = $21, survey = $22, seq = $23, head = $24, call_causes = $25, \
                   meant_for = $26, service = $27, returning_family = $28, overlooked_at = $29, \
                   appointment_at = $30, reasoned = $31 WHERE id = $32 AND seq = $33";
        self.bind_what_changes(sqlx::query(sql), head)
            .bind(code(&self.service))
            .bind(i64::from(self.returning))
            .bind(self.overlooked_at.map(|at| at.0))
            .bind(self.appointment_at.map(|at| at.0))
            .bind(joined(self.reasoned.iter().map(|one| one.code())))
            .bind(self.id.to_string())
            .bind(stored(expected))
    }

    fn bind_what_changes(&self, query: AnyQuery, head: &Mac) -> AnyQuery {
        let claimed = self.claimed_by();
        let signer = self.signed.as_ref().map(|(by, _)| by);
        let id = |staff: Option<&Staff>| staff.map(|staff| staff.id.to_string());
        let name = |staff: Option<&Staff>| staff.map(|staff| staff.name.clone());
        let role = |staff: Option<&Staff>| staff.map(|staff| staff.role.code());
        query
            .bind(code(&self.mode))
            .bind(json(&self.flags))
            .bind(code(&self.acuity))
            .bind(self.stage.code())
            .bind(self.stage_at.0)
            .bind(self.rank.map(|rank| rank.0))
            .bind(id(claimed))
            .bind(name(claimed))
            .bind(role(claimed))
            .bind(self.unanswered_since.map(|at| at.0))
            .bind(self.first_claimed_at.map(|at| at.0))
            .bind(self.first_reply_at.map(|at| at.0))
            .bind(self.ended_at.map(|at| at.0))
            .bind(self.call_clinician.map(|id| id.to_string()))
            .bind(i64::from(self.missed_calls))
            .bind(i64::from(self.talk_seconds))
            .bind(self.disposition.as_ref().map(code))
            .bind(id(signer))
            .bind(name(signer))
            .bind(role(signer))
            .bind(self.signed.as_ref().map(|(_, at)| at.0))
            .bind(self.survey.as_ref().map(code))
            .bind(stored(self.seq))
            .bind(head.0.to_vec())
            .bind(joined(self.call_causes.iter().map(|cause| cause.code())))
            .bind(self.meant_for.map(Meant::code))
    }
}

/// Codes, separated by commas.
fn joined(codes: impl Iterator<Item = &'static str>) -> String {
    codes.collect::<Vec<_>>().join(",")
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
