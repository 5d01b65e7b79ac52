//! The private link of one consultation. Its text is derived from the consultation's id and a key, so it can be shown
//! again at any time and is stored nowhere.

use super::{
    Identity,
    secret::{base32, digest, keyed},
};
use crate::storage::{NewTicket, StorageError, TicketRow, TicketStanding};
use signaling::id::{CommandId, ConsultationId, GuardianId, MunicipalityId};

/// 160 bits: nobody guesses one, and its Base32 has no padding.
const TICKET_BYTES: usize = 20;
const TICKET_CHARS: usize = 32;

impl Identity {
    /// The text of a consultation's ticket: 32 lower-case letters and digits.
    #[must_use]
    pub fn ticket_of(&self, consultation: ConsultationId) -> String {
        let bytes = keyed(&self.rings.ticket, &[consultation.0.as_bytes()]);
        base32(&bytes[..TICKET_BYTES]).to_lowercase()
    }

    /// `/t/{ticket}`.
    #[must_use]
    pub fn ticket_path(&self, consultation: ConsultationId) -> String {
        format!("/t/{}", self.ticket_of(consultation))
    }

    /// Begins a consultation, once per form. A family whose last intake has not been sent goes on with that one.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn begin_ticket(
        &self,
        guardian: GuardianId,
        city: &MunicipalityId,
        command: CommandId,
    ) -> Result<(ConsultationId, String), StorageError> {
        let consultation = ConsultationId(self.world.new_id());
        let row = TicketRow {
            consultation,
            guardian,
            municipality: city.clone(),
            created_at: self.world.now(),
        };
        let ticket_hash = digest(&self.ticket_of(consultation));
        let stands = self
            .store
            .begin_ticket(NewTicket {
                row,
                ticket_hash,
                command,
            })
            .await?;
        Ok((stands, self.ticket_of(stands)))
    }

    /// The consultation that a ticket of this municipality leads to.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn open_ticket(&self, ticket: &str, city: &MunicipalityId) -> Result<Option<TicketRow>, StorageError> {
        if ticket.len() != TICKET_CHARS {
            return Ok(None);
        }
        self.store.ticket(city, &digest(ticket)).await
    }

    /// A family's consultations, newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn tickets_of(&self, guardian: GuardianId) -> Result<Vec<TicketStanding>, StorageError> {
        self.store.tickets_of(guardian).await
    }

    /// The family's consultation that waits or is being held, if any.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn open_consultation(&self, guardian: GuardianId) -> Result<Option<ConsultationId>, StorageError> {
        let tickets = self.tickets_of(guardian).await?;
        Ok(tickets
            .into_iter()
            .find(TicketStanding::is_open)
            .map(|standing| standing.consultation))
    }
}

impl TicketStanding {
    /// Sent, and neither closed nor cancelled.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.sent
            .as_ref()
            .is_some_and(|(_, stage)| matches!(stage.as_str(), "waiting" | "booked" | "claimed"))
    }

    /// Where it stands, in words.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self.sent.as_ref().map(|(_, stage)| stage.as_str()) {
            None => "受付前",
            Some("waiting") => "待っています",
            Some("booked") => "予約しています",
            Some("claimed") => "相談中",
            Some("cancelled") => "取りやめました",
            Some(_) => "おわりました",
        }
    }
}
