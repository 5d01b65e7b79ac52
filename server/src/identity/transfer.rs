//! Entering on another device: by six digits or a QR code that the first device shows for five minutes, or by the recovery
//! answer. Whoever enters joins the same family, and the family is told.

use super::{
    Identity, IdentityError,
    browser_name::in_app,
    rate::{FromAddress, Tried},
    secret::{digest, keyed, qr_svg, token_text},
    totp::digits,
};
use crate::storage::{CityRow, CodeTried, StorageError, TicketRow, TransferRow};
use axum::http::HeaderMap;
use frontend::page::guardian::{Door, Transfer};
use signaling::{
    id::{CommandId, ConsultationId, GuardianId},
    limits,
    registration::comparable,
};
use subtle::ConstantTimeEq as _;

/// 128 bits for the link in the QR code.
const LINK_BYTES: usize = 16;

/// Somebody entered.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The new device's credential, for its cookie.
    pub token: String,
    /// The consultation to go on with.
    pub consultation: ConsultationId,
}

/// Why the door stays shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DoorFault {
    /// Wrong, spent or ended: one answer for all three.
    #[error("番号が違うか、時間が切れています。はじめの端末に出ている番号を確かめてください。")]
    Code,
    /// Wrong too often.
    #[error("まちがいが続いたため、この番号は使えなくなりました。はじめの端末で新しい番号を出してください。")]
    CodeLocked,
    /// Not the answer.
    #[error("再開のことばが違います。")]
    Recovery,
    /// No tries left.
    #[error("まちがいが続いたため、再開のことばでは開けなくなりました。市の窓口におたずねください。")]
    RecoveryLocked,
    /// Too many tries from one address.
    #[error("試した回数が多すぎます。15分ほどたってから、もう一度お試しください。")]
    TooMany,
}

impl Identity {
    /// Makes a transfer for the family of a ticket; earlier ones end.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn begin_transfer(&self, ticket: &TicketRow) -> Result<(), IdentityError> {
        let now = self.world.now();
        let transfer = TransferRow {
            id: self.world.new_id().to_string(),
            guardian: ticket.guardian,
            consultation: ticket.consultation,
            wrong_tries: 0,
            expires_at: now + limits::TRANSFER_CODE,
        };
        let token_hash = digest(&self.link_token(&transfer));
        Ok(self.store.add_transfer(transfer, token_hash, now).await?)
    }

    /// The page of the transfer that runs, if one does.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn transfer_model(
        &self,
        ticket: &TicketRow,
        headers: &HeaderMap,
    ) -> Result<Option<Transfer>, IdentityError> {
        let current = self.store.current_transfer(ticket.guardian, self.world.now()).await?;
        let Some(transfer) = current.filter(|transfer| transfer.wrong_tries < limits::DOOR_TRIES) else {
            return Ok(None);
        };
        let link = format!("{}/e/{}", self.origin(headers), self.link_token(&transfer));
        Ok(Some(Transfer {
            path: self.ticket_path(ticket.consultation),
            code: self.code(&transfer),
            qr_svg: qr_svg(&link),
            link,
            expires_at: transfer.expires_at,
            in_app: in_app(headers),
        }))
    }

    /// The door of a ticket.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn door_model(&self, ticket: &TicketRow, fault: Option<DoorFault>) -> Result<Door, StorageError> {
        let recovery = self.store.recovery(ticket.guardian).await?;
        let answers_left = recovery.is_some_and(|row| row.wrong_tries < limits::DOOR_TRIES);
        let current = self.store.current_transfer(ticket.guardian, self.world.now()).await?;
        let code_locked = current.is_some_and(|transfer| transfer.wrong_tries >= limits::DOOR_TRIES);
        Ok(Door {
            path: self.ticket_path(ticket.consultation),
            has_recovery: answers_left,
            fault: fault.map(|fault| fault.to_string()),
            locked: code_locked && !answers_left,
            command: CommandId(self.world.new_id()),
        })
    }

    /// Enters with the six digits.
    ///
    /// # Errors
    /// The outer error is the server's; the inner one is for the person.
    pub async fn enter_by_code(
        &self,
        ticket: &TicketRow,
        typed: &str,
        from: FromAddress,
        headers: &HeaderMap,
    ) -> Result<Result<Entry, DoorFault>, IdentityError> {
        let now = self.world.now();
        if !self.rate.count(Tried::Door, from, now) {
            return Ok(Err(DoorFault::TooMany));
        }
        let Some(transfer) = self.store.current_transfer(ticket.guardian, now).await? else {
            return Ok(Err(DoorFault::Code));
        };
        let is_right = self.code(&transfer).as_bytes().ct_eq(digits(typed).as_bytes()).into();
        let last = transfer.wrong_tries + 1 >= limits::DOOR_TRIES;
        let (device, token) = self.joining("code", headers);
        Ok(
            match self
                .store
                .try_code(transfer, is_right, limits::DOOR_TRIES, device)
                .await?
            {
                CodeTried::Entered => Ok(Entry {
                    token,
                    consultation: ticket.consultation,
                }),
                CodeTried::Wrong if !last => Err(DoorFault::Code),
                CodeTried::Wrong | CodeTried::Over => Err(DoorFault::CodeLocked),
            },
        )
    }

    /// Enters with the recovery answer.
    ///
    /// # Errors
    /// The outer error is the server's; the inner one is for the person.
    pub async fn enter_by_recovery(
        &self,
        ticket: &TicketRow,
        typed: &str,
        from: FromAddress,
        headers: &HeaderMap,
    ) -> Result<Result<Entry, DoorFault>, IdentityError> {
        if !self.rate.count(Tried::Door, from, self.world.now()) {
            return Ok(Err(DoorFault::TooMany));
        }
        let answer = comparable(typed);
        let fits = (limits::RECOVERY_CHARS_LEAST..=limits::RECOVERY_CHARS).contains(&answer.chars().count());
        let Some(recovery) = self.store.recovery(ticket.guardian).await?.filter(|_| fits) else {
            return Ok(Err(DoorFault::Recovery));
        };
        if !self.store.count_recovery(ticket.guardian, limits::DOOR_TRIES).await? {
            return Ok(Err(DoorFault::RecoveryLocked));
        }
        if !self.hasher.verify(&answer, Some(&recovery.hash)).await? {
            let last = recovery.wrong_tries + 1 >= limits::DOOR_TRIES;
            return Ok(Err(if last {
                DoorFault::RecoveryLocked
            } else {
                DoorFault::Recovery
            }));
        }
        let (device, token) = self.joining("recovery", headers);
        self.store.reset_recovery(&ticket.municipality, ticket.guardian).await?;
        self.store.add_device(ticket.guardian, device).await?;
        Ok(Ok(Entry {
            token,
            consultation: ticket.consultation,
        }))
    }

    /// The transfer of a link that can still be spent. Looking spends nothing.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn transfer_by_link(&self, city: &CityRow, link: &str) -> Result<Option<TransferRow>, IdentityError> {
        Ok(self
            .store
            .transfer_by_link(&city.id, &digest(link), self.world.now())
            .await?)
    }

    /// The family, and the consultation, that a spent link let somebody into.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn spent_link(
        &self,
        city: &CityRow,
        link: &str,
    ) -> Result<Option<(GuardianId, ConsultationId)>, IdentityError> {
        Ok(self.store.spent_transfer(&city.id, &digest(link)).await?)
    }

    /// Enters by the link of the QR code; nothing when somebody spent it first.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn enter_by_link(
        &self,
        transfer: TransferRow,
        headers: &HeaderMap,
    ) -> Result<Option<Entry>, IdentityError> {
        let consultation = transfer.consultation;
        let (device, token) = self.joining("link", headers);
        Ok(self
            .store
            .spend_link(transfer, device)
            .await?
            .then_some(Entry { token, consultation }))
    }

    pub(crate) fn door_open_to(&self, from: FromAddress) -> bool {
        self.rate.count(Tried::Door, from, self.world.now())
    }

    fn code(&self, transfer: &TransferRow) -> String {
        let bytes = keyed(&self.rings.transfer, &[b"code", transfer.id.as_bytes()]);
        // 64 bits into a million: the bias is far below what five tries could use.
        let number = u64::from_be_bytes([
            bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7],
        ]);
        format!("{:06}", number % 1_000_000)
    }

    fn link_token(&self, transfer: &TransferRow) -> String {
        token_text(&keyed(&self.rings.transfer, &[b"link", transfer.id.as_bytes()])[..LINK_BYTES])
    }
}
