//! What a tab asks for: commands, drafts, and signals to other seats.

use super::socket::{Closed, Socket};
use crate::{
    hub::{addressee, holder_of},
    rules,
    spine::{CommandError, Outcome},
    storage::StorageError,
};
use signaling::{
    actor::Actor,
    consultation::{Case, Command, Fact, Refusal},
    hand_over::HandTo,
    id::{CommandId, ConsultationId, Seq},
    protocol::{ErrorCode, QueueCommand, ServerFrame, Side, Signal},
};

impl Socket {
    pub(super) async fn command(
        &mut self,
        id: CommandId,
        consultation: ConsultationId,
        command: &Command,
    ) -> Result<(), Closed> {
        // Another city's consultation is not there, whatever the command.
        match self.visible(consultation).await {
            Ok(Some(_)) => {}
            Ok(None) => return self.refuse(id, Refusal::NotFound).await,
            Err(error) => return self.failed_command(&error, Some(consultation), id).await,
        }
        let found;
        let command = match self.completed(consultation, command).await {
            Ok(None) => command,
            Ok(Some(command)) => {
                found = command;
                &found
            }
            Err(error) => return self.failed_command(&error, Some(consultation), id).await,
        };
        let outcome = self.app.spine.execute(consultation, &self.who.actor, id, command).await;
        let takes = outcome.as_ref().is_ok_and(|outcome| self.takes(outcome));
        self.answer(id, Some(consultation), outcome).await?;
        match takes {
            // What a colleague has half written of the record is theirs now.
            true => self.send_drafts(consultation).await,
            false => Ok(()),
        }
    }

    /// Whether this person has just become the consultation's clinician.
    fn takes(&self, outcome: &Outcome) -> bool {
        let me = self.who.actor.clinician().map(|me| me.id);
        outcome.events.iter().any(|event| match &event.fact {
            Fact::Claimed { by, .. } => Some(by.id) == me,
            Fact::HandedOver { to, .. } => Some(to.id) == me,
            _ => false,
        })
    }

    pub(super) async fn queue_command(&mut self, id: CommandId, command: &QueueCommand) -> Result<(), Closed> {
        let QueueCommand::Next = command;
        let Some(clinician) = self.who.actor.clinician().cloned() else {
            return self.refuse(id, Refusal::NotAllowed).await;
        };
        let hub = self.app.hub.clone();
        let present =
            move |consultation| hub.presence(consultation, Side::Guardian) != signaling::queue::Presence::Away;
        let outcome = self
            .app
            .spine
            .next(&self.who.municipality, &clinician, id, &present)
            .await;
        self.answer(id, None, outcome).await
    }

    /// A command with what the server alone knows of it; nothing where it is whole as it came.
    async fn completed(
        &mut self,
        consultation: ConsultationId,
        command: &Command,
    ) -> Result<Option<Command>, StorageError> {
        let Command::RecordEpds { points, .. } = command else {
            return self.with_colleague(command).await;
        };
        let fired = rules::epds::fired_by(&self.app, &self.who.municipality, consultation, *points).await?;
        Ok(Some(Command::RecordEpds { points: *points, fired }))
    }

    /// A colleague is who this municipality knows under the id, now; nobody the client could make up.
    async fn with_colleague(&mut self, command: &Command) -> Result<Option<Command>, StorageError> {
        let wanted = match command {
            Command::InviteColleague { to, .. } => *to,
            Command::HandOn {
                to: HandTo::Person(to), ..
            }
            | Command::OfferHandOver {
                to: HandTo::Person(to), ..
            } => *to,
            _ => return Ok(None),
        };
        let staff = self.app.store.staff_of(&self.who.municipality).await?;
        let colleague = staff
            .into_iter()
            .find(|row| row.staff.id == wanted && row.enrolled_at.is_some() && row.disabled_at.is_none());
        let found = colleague.map(|row| row.staff);
        let mut command = command.clone();
        if let Command::InviteColleague { colleague, .. }
        | Command::HandOn { colleague, .. }
        | Command::OfferHandOver { colleague, .. } = &mut command
        {
            *colleague = found;
        }
        Ok(Some(command))
    }

    async fn answer(
        &mut self,
        id: CommandId,
        consultation: Option<ConsultationId>,
        outcome: Result<Outcome, CommandError>,
    ) -> Result<(), Closed> {
        match outcome {
            Ok(outcome) => {
                self.send(&ServerFrame::Ack {
                    id,
                    consultation: outcome.consultation,
                    seq: outcome.seq,
                })
                .await
            }
            Err(CommandError::Refused(refusal)) => self.refuse(id, refusal).await,
            Err(CommandError::Storage(error)) => self.failed_command(&error, consultation, id).await,
        }
    }

    async fn refuse(&mut self, id: CommandId, refusal: Refusal) -> Result<(), Closed> {
        let text = refusal.to_string();
        self.send(&ServerFrame::Refused { id, refusal, text }).await
    }

    /// Signals go to the named incarnation only, and only from the sender's own; what is stale is dropped without a word,
    /// because the browsers make it again when they see the newer seat.
    pub(super) async fn pass(
        &mut self,
        consultation: ConsultationId,
        from: Seq,
        to: Seq,
        signal: Signal,
    ) -> Result<(), Closed> {
        if !self.followed.contains_key(&consultation) {
            return self.error(ErrorCode::NotFound, Some(consultation)).await;
        }
        let Some(state) = self.passing(consultation, (from, to)).await? else {
            return Ok(());
        };
        self.refuse_removed(state.case.as_deref()).await?;
        let Some(case) = state.case.as_deref().filter(|case| case.is_open()) else {
            return Ok(());
        };
        let Some(signal) = self.app.ice.passes(self.who.side, signal) else {
            return Ok(());
        };
        let frame = ServerFrame::Signal {
            consultation,
            from,
            to,
            signal,
        };
        if to == 0 {
            let typing = matches!(
                frame,
                ServerFrame::Signal {
                    signal: Signal::Typing,
                    ..
                }
            );
            let takes_part = self.who.side == Side::Guardian
                || case
                    .clinician()
                    .is_some_and(|by| self.who.actor.clinician().is_some_and(|me| me.id == by.id));
            if typing && takes_part {
                self.app.hub.pass(consultation, self.id, None, frame);
            }
            return Ok(());
        }
        let mine = holder_of(case.call.as_ref(), from) == Some(&self.who.holder);
        if let Some(theirs) = addressee(case.call.as_ref(), from, to).filter(|_| mine) {
            self.app.hub.pass(consultation, self.id, Some(theirs), frame);
        }
        Ok(())
    }

    /// A guest who was removed and goes on sending is told so and cut off. Once a socket, so once a log line.
    async fn refuse_removed(&mut self, case: Option<&Case>) -> Result<(), Closed> {
        let Actor::Guest { invite, .. } = self.who.actor else {
            return Ok(());
        };
        if case.is_some_and(|case| case.admits(invite)) {
            return Ok(());
        }
        tracing::warn!("a guest who is out went on sending, and was cut off");
        self.error(ErrorCode::SignedOut, None).await?;
        Err(Closed)
    }

    pub(super) async fn store_draft(
        &mut self,
        consultation: ConsultationId,
        field: &str,
        revision: u64,
        body: &serde_json::Value,
    ) -> Result<(), Closed> {
        let Some(_) = self.state_of(consultation).await? else {
            return self.error(ErrorCode::NotFound, Some(consultation)).await;
        };
        if !self.may_write(field) {
            return self.error(ErrorCode::NotAllowed, Some(consultation)).await;
        }
        let owner = self.who.actor.key();
        match self
            .app
            .spine
            .put_draft(consultation, &owner, field, revision, body)
            .await
        {
            Ok(revision) => {
                let at = self.app.world.now();
                self.send(&ServerFrame::DraftSaved {
                    consultation,
                    field: field.to_owned(),
                    revision,
                    at,
                })
                .await
            }
            Err(error) => self.failed(&error).await,
        }
    }

    /// The record is a clinician's, the survey a family's.
    fn may_write(&self, field: &str) -> bool {
        match field {
            "note" | "addition" => self.who.actor.clinician().is_some(),
            "survey" => matches!(self.who.actor, Actor::Guardian { .. }),
            _ => self.who.side != Side::Guest,
        }
    }

    pub(super) async fn send_drafts(&mut self, consultation: ConsultationId) -> Result<(), Closed> {
        let owner = self.who.actor.key();
        for field in ["note", "message", "addition", "survey"] {
            if !self.may_write(field) {
                continue;
            }
            let draft = match field {
                "note" => self.app.spine.note_draft(consultation, &self.who.actor).await,
                _ => {
                    let own = self.app.spine.draft(consultation, &owner, field).await;
                    own.map(|own| own.map(|(revision, body)| (revision, body, false)))
                }
            };
            match draft {
                Ok(Some((revision, body, inherited))) => {
                    self.send(&ServerFrame::Draft {
                        consultation,
                        field: field.to_owned(),
                        revision,
                        body,
                        inherited,
                    })
                    .await?;
                }
                Ok(None) => {}
                Err(error) => return self.failed(&error).await,
            }
        }
        Ok(())
    }
}
