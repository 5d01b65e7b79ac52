//! Following consultations: what is sent when a tab begins to watch, and when a log has grown.

use super::{
    Who,
    socket::{Closed, Socket},
};
use crate::{hub::addressee, storage::StorageError};
use signaling::{
    actor::Actor,
    consultation::{Case, Stage, State, WireKind},
    id::{ConsultationId, Seq},
    limits,
    protocol::{Cursor, ErrorCode, ServerFrame, Side, Watch},
    queue::{Position, Presence},
    time::Millis,
};
use std::sync::Arc;

/// What the socket knows of a consultation it follows.
pub(super) struct Followed {
    /// Everything up to here was sent, as far as it is for this viewer.
    pub(super) sent: Seq,
    pub(super) talk: Talk,
    other_side: Option<Presence>,
    told: Option<Position>,
    /// The consultation when the last signal passed; nothing once its log has grown.
    passing: Option<Arc<State>>,
}

/// How closely a consultation is followed: the closer, the more often heartbeats come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Talk {
    /// Nobody has it.
    None,
    /// A clinician has it.
    Claimed,
    /// They are in a call.
    Call,
}

impl Talk {
    pub(super) fn of(case: Option<&Case>) -> Self {
        match case {
            Some(case) if case.call.is_some() => Self::Call,
            Some(case) if matches!(case.stage, Stage::Claimed { .. }) => Self::Claimed,
            _ => Self::None,
        }
    }

    fn after(self, kind: &WireKind) -> Self {
        match kind {
            WireKind::Claimed { .. } | WireKind::CallEnded { .. } => Self::Claimed,
            WireKind::CallOffered { .. } => Self::Call,
            WireKind::Released { .. } | WireKind::HandedOn { .. } | WireKind::IdleReturned { .. } => Self::None,
            _ => self,
        }
    }
}

impl Who {
    /// Whether this consultation may be known to this person at all.
    pub(super) fn may_see(&self, consultation: ConsultationId, case: &Case) -> bool {
        let theirs = match &self.actor {
            Actor::Guardian { id } => *id == case.guardian,
            Actor::Guest {
                consultation: one,
                invite,
            } => *one == consultation && case.guest(*invite).is_some(),
            Actor::Staff(_) => true,
            Actor::System => false,
        };
        theirs && case.municipality == self.municipality
    }
}

impl Socket {
    pub(super) async fn follow(&mut self, watch: Watch) -> Result<(), Closed> {
        let consultation = watch.consultation;
        if self.followed.len() >= limits::WATCHED_PER_SOCKET && !self.followed.contains_key(&consultation) {
            return self.error(ErrorCode::TooManyWatched, Some(consultation)).await;
        }
        let state = match self.app.spine.load(consultation).await {
            Ok(state) => state,
            Err(error) => return self.failed(&error).await,
        };
        let seen = state.filter(|state| {
            let case = state.case.as_deref();
            case.is_some_and(|case| self.who.may_see(consultation, case))
        });
        let Some(state) = seen else {
            return self.error(ErrorCode::NotFound, Some(consultation)).await;
        };
        let opened = !self.followed.contains_key(&consultation);
        // Going on from a cursor is no new look for whoever has the family. For anybody else it is one: a cursor is what
        // the tab says, and naming one must not be a way to read unseen.
        let holder = state.case.as_deref().and_then(Case::clinician);
        let mine = holder.is_some_and(|by| self.who.actor.clinician().is_some_and(|me| me.id == by.id));
        let goes_on = mine && watch.cursor.is_some_and(|cursor| cursor.0 > 0);
        if opened && !goes_on && self.who.side == Side::Staff {
            // Opening somebody's consultation is a look, and looks are audited before anything is shown.
            if let Err(error) = self.app.spine.look(consultation, &self.who.actor, "opened").await {
                return self.failed(&error).await;
            }
        }
        // A cursor beyond the end was not given by this database; the tab is given everything.
        let sent = watch
            .cursor
            .filter(|cursor| cursor.0 <= state.seq)
            .unwrap_or_default()
            .0;
        self.followed.insert(
            consultation,
            Followed {
                sent,
                talk: Talk::of(state.case.as_deref()),
                other_side: None,
                told: None,
                passing: None,
            },
        );
        self.app.hub.watch(
            self.id,
            consultation,
            self.who.side,
            self.who.holder.clone(),
            &self.line,
        );
        if self.who.side == Side::Guardian {
            self.position_moved = true;
        }
        self.send_from_cursor(consultation, true).await?;
        // A tab that only asks for what it missed has its drafts.
        if opened {
            self.send_drafts(consultation).await?;
        }
        self.tell_presence(consultation).await?;
        self.part_from_guest().await
    }

    /// A log has grown, or may have.
    pub(super) async fn catch_up(&mut self, consultation: ConsultationId) -> Result<(), Closed> {
        if let Some(followed) = self.followed.get_mut(&consultation) {
            followed.passing = None;
        }
        self.send_from_cursor(consultation, false).await?;
        self.part_from_guest().await
    }

    /// A guest who was removed, or whose consultation is over, has read so by now; the socket ends at once.
    pub(super) async fn part_from_guest(&mut self) -> Result<(), Closed> {
        if self.who.side == Side::Guest && !self.still_may().await? {
            self.error(ErrorCode::SignedOut, None).await?;
            return Err(Closed);
        }
        Ok(())
    }

    /// Sends what the log holds after the cursor, in pieces. `always` sends a piece even when there is nothing new.
    async fn send_from_cursor(&mut self, consultation: ConsultationId, always: bool) -> Result<(), Closed> {
        let mut must_send = always;
        loop {
            let Some(followed) = self.followed.get(&consultation) else {
                return Ok(());
            };
            let after = followed.sent;
            let (spine, viewer) = (&self.app.spine, &self.who.viewer);
            // Whoever begins to watch is told what the log holds; whoever is woken, most often what was just stored.
            let fresh = match always {
                true => None,
                false => spine.just_stored(consultation, viewer, after),
            };
            let is_fresh = fresh.is_some();
            let read = match fresh {
                Some(read) => Ok(read),
                None => spine.wire(consultation, viewer, after, limits::EVENTS_PER_FRAME).await,
            };
            let (events, last) = match read {
                Ok(read) => read,
                Err(error) => return self.failed(&error).await,
            };
            let end = is_fresh || last.saturating_sub(after) < limits::EVENTS_PER_FRAME as Seq;
            if let Some(followed) = self.followed.get_mut(&consultation) {
                followed.sent = last.max(after);
                let before = followed.talk;
                followed.talk = events.iter().fold(before, |talk, event| talk.after(&event.kind));
                if followed.talk > before || followed.talk == Talk::Claimed {
                    self.hasten_beat();
                }
            }
            // Events that are for others move the cursor only; the next frame or heartbeat carries it.
            if must_send || !events.is_empty() {
                let cursor = Cursor(last.max(after));
                self.send(&ServerFrame::Events {
                    consultation,
                    events,
                    cursor,
                    end,
                })
                .await?;
                must_send = false;
            }
            if end {
                return Ok(());
            }
        }
    }

    /// Whether the other side's page is there, told when it changed.
    pub(super) async fn tell_presence(&mut self, consultation: ConsultationId) -> Result<(), Closed> {
        let other = match self.who.side {
            Side::Guardian => Side::Staff,
            Side::Staff => Side::Guardian,
            // A guest sees who is in the call, and of pages nothing.
            Side::Guest => return Ok(()),
        };
        let presence = self.app.hub.presence(consultation, other);
        let Some(followed) = self.followed.get_mut(&consultation) else {
            return Ok(());
        };
        if followed.other_side == Some(presence) {
            return Ok(());
        }
        followed.other_side = Some(presence);
        self.send(&ServerFrame::Presence {
            consultation,
            side: other,
            presence,
        })
        .await
    }

    /// The places of the family's waiting consultations, where the words shown change; at most once a second.
    pub(super) async fn tell_positions(&mut self) -> Result<(), Closed> {
        self.position_moved = false;
        let mut changed = Vec::new();
        for (consultation, followed) in &mut self.followed {
            let position = match self.app.board.position(&self.who.municipality, *consultation).await {
                Ok(position) => position,
                Err(error) => {
                    tracing::error!(%error, "a place could not be read");
                    None
                }
            };
            if position.is_some() && position != followed.told {
                followed.told = position;
                changed.extend(position.map(|position| (*consultation, position)));
            }
        }
        // Only what was told makes the next wait: a family hears its first place as soon as there is one.
        if !changed.is_empty() {
            self.position_after = self.app.world.now() + Millis::seconds(1);
        }
        for (consultation, position) in changed {
            self.send(&ServerFrame::Position { consultation, position }).await?;
        }
        Ok(())
    }

    /// A consultation as far as it is there for this person.
    pub(super) async fn visible(&mut self, consultation: ConsultationId) -> Result<Option<Arc<State>>, StorageError> {
        let state = self.app.spine.load(consultation).await?;
        Ok(state.filter(|state| {
            let case = state.case.as_deref();
            case.is_some_and(|case| self.who.may_see(consultation, case))
        }))
    }

    /// The consultation for a signal between two seats: as it was when the last one passed, while both still sit in it and
    /// its log has not grown since, as far as this socket was woken. A connection begins with some ten signals within
    /// milliseconds, and asking the log for each would hold every later one up.
    pub(super) async fn passing(
        &mut self,
        consultation: ConsultationId,
        seats: (Seq, Seq),
    ) -> Result<Option<Arc<State>>, Closed> {
        let known = self
            .followed
            .get(&consultation)
            .and_then(|followed| followed.passing.clone());
        let both_sit = |state: &Arc<State>| {
            let call = state.case.as_deref().and_then(|case| case.call.as_ref());
            let (from, to) = seats;
            let sits =
                |incarnation| call.is_some_and(|call| call.seats.iter().any(|seat| seat.incarnation == incarnation));
            sits(from) && (sits(to) || addressee(call, from, to).is_some())
        };
        if let Some(state) = known.filter(both_sit) {
            return Ok(Some(state));
        }
        let state = self.state_of(consultation).await?;
        if let (Some(followed), Some(state)) = (self.followed.get_mut(&consultation), &state) {
            followed.passing = Some(Arc::clone(state));
        }
        Ok(state)
    }

    pub(super) async fn state_of(&mut self, consultation: ConsultationId) -> Result<Option<Arc<State>>, Closed> {
        match self.visible(consultation).await {
            Ok(state) => Ok(state),
            // Not "not found": nothing is known. The tab comes back and sends again what was not stored.
            Err(error) => {
                self.failed(&error).await?;
                Err(Closed)
            }
        }
    }
}
