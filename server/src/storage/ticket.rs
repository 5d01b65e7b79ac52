//! Private links of consultations.

use super::{StorageError, Store, guardian::guardian_id};
use futures_util::FutureExt;
use signaling::{
    id::{CommandId, ConsultationId, GuardianId, MunicipalityId},
    time::At,
};
use std::str::FromStr;

/// A ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRow {
    /// The consultation it leads to.
    pub consultation: ConsultationId,
    /// Whose.
    pub guardian: GuardianId,
    /// Where.
    pub municipality: MunicipalityId,
    /// When it was begun.
    pub created_at: At,
}

/// A ticket to add.
#[derive(Clone)]
pub struct NewTicket {
    /// What it would be.
    pub row: TicketRow,
    /// Digest of the link's text.
    pub ticket_hash: String,
    /// The form; sent twice it begins once.
    pub command: CommandId,
}

signaling::redacted_debug!(NewTicket { row, command });

/// Where a family's consultation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketStanding {
    /// Which.
    pub consultation: ConsultationId,
    /// When it was begun.
    pub created_at: At,
    /// When its intake was sent, and its stage now; nothing before.
    pub sent: Option<(At, String)>,
}

impl Store {
    /// Begins a consultation: the ticket of the same form where it was sent before, else the family's newest ticket whose
    /// intake has not been sent (nothing typed there is lost), else the new one.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn begin_ticket(&self, new: NewTicket) -> Result<ConsultationId, StorageError> {
        self.write(move |connection| {
            async move {
                let (guardian, command) = (new.row.guardian.to_string(), new.command.to_string());
                let unsent: Option<String> = sqlx::query_scalar(
                    "SELECT t.consultation FROM tickets t LEFT JOIN consultations c ON c.id = t.consultation \
                     WHERE t.guardian = $1 AND (t.command_id = $2 OR c.id IS NULL) \
                     ORDER BY CASE WHEN t.command_id = $2 THEN 0 ELSE 1 END, t.created_at DESC LIMIT 1",
                )
                .bind(&guardian)
                .bind(&command)
                .fetch_optional(&mut *connection)
                .await?;
                if let Some(consultation) = unsent {
                    return consultation_id(&consultation);
                }
                sqlx::query(
                    "INSERT INTO tickets (consultation, ticket_hash, guardian, municipality, command_id, created_at) \
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (guardian, command_id) DO NOTHING",
                )
                .bind(new.row.consultation.to_string())
                .bind(new.ticket_hash)
                .bind(&guardian)
                .bind(new.row.municipality.to_string())
                .bind(&command)
                .bind(new.row.created_at.0)
                .execute(&mut *connection)
                .await?;
                let sql = "SELECT consultation FROM tickets WHERE guardian = $1 AND command_id = $2";
                let stands: String = sqlx::query_scalar(sql)
                    .bind(guardian)
                    .bind(command)
                    .fetch_one(connection)
                    .await?;
                consultation_id(&stands)
            }
            .boxed()
        })
        .await
    }

    /// The ticket of a municipality by the digest of its link.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn ticket(&self, city: &MunicipalityId, ticket_hash: &str) -> Result<Option<TicketRow>, StorageError> {
        let mut connection = self.read().await?;
        let row: Option<(String, String, i64)> = sqlx::query_as(
            "SELECT t.consultation, t.guardian, t.created_at FROM tickets t JOIN guardians g ON g.id = t.guardian \
             WHERE t.ticket_hash = $1 AND t.municipality = $2 AND g.withdrawn_at IS NULL",
        )
        .bind(ticket_hash)
        .bind(city.as_str())
        .fetch_optional(&mut *connection)
        .await?;
        let Some((consultation, guardian, created_at)) = row else {
            return Ok(None);
        };
        Ok(Some(TicketRow {
            consultation: consultation_id(&consultation)?,
            guardian: guardian_id(&guardian)?,
            municipality: city.clone(),
            created_at: At(created_at),
        }))
    }

    /// A family's consultations, newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn tickets_of(&self, guardian: GuardianId) -> Result<Vec<TicketStanding>, StorageError> {
        let mut connection = self.read().await?;
        let rows: Vec<(String, i64, Option<i64>, Option<String>)> = sqlx::query_as(
            "SELECT t.consultation, t.created_at, c.requested_at, c.stage FROM tickets t \
             LEFT JOIN consultations c ON c.id = t.consultation WHERE t.guardian = $1 \
             ORDER BY t.created_at DESC, t.consultation DESC",
        )
        .bind(guardian.to_string())
        .fetch_all(&mut *connection)
        .await?;
        let standing = |(consultation, created_at, requested_at, stage): (String, i64, Option<i64>, Option<String>)| {
            Ok(TicketStanding {
                consultation: consultation_id(&consultation)?,
                created_at: At(created_at),
                sent: requested_at.map(At).zip(stage),
            })
        };
        rows.into_iter().map(standing).collect()
    }
}

pub(super) fn consultation_id(text: &str) -> Result<ConsultationId, StorageError> {
    ConsultationId::from_str(text).map_err(|e| StorageError::unreadable("consultation", e))
}
