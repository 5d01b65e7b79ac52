//! The task of one socket: waits for the tab, the hub, the board and the clock, and does one thing at a time.

use super::{
    Who, farewell,
    follow::{Followed, Talk},
    pace::{Pace, Verdict},
};
use crate::{
    app::App,
    hub::{Line, SocketId, Told},
};
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use signaling::{
    actor::Actor,
    id::{CommandId, ConsultationId},
    ladder::Hearing,
    limits,
    protocol::{ClientFrame, ErrorCode, FrameFault, Head, ServerFrame, Side, VERSION},
    time::{At, Millis},
};
use std::{collections::HashMap, time::Duration};
use tokio::sync::{broadcast, mpsc};

const SILENT_IN_CALL: Duration = Duration::from_millis(limits::SILENT_IN_CALL.0.unsigned_abs());

/// Why a socket's task ends. The tab sees a closed socket and opens the next one.
pub(super) struct Closed;

pub(super) struct Socket {
    pub(super) app: App,
    pub(super) who: Who,
    pub(super) id: SocketId,
    pub(super) followed: HashMap<ConsultationId, Followed>,
    pub(super) line: Line,
    pub(super) queue: Option<broadcast::Receiver<Utf8Bytes>>,
    /// The family's place may be told again from then on.
    pub(super) position_after: At,
    /// It moved since it was told.
    pub(super) position_moved: bool,
    greeted: bool,
    welcomed_at: At,
    pace: Pace,
    /// Since when a heartbeat is unanswered, by the time that never jumps: nobody is cut off because the clock was set.
    asked_at: Option<Duration>,
    /// What it was asked in a call it has not answered, and the other side was told so.
    is_silent: bool,
    beat_at: At,
    /// When it was last noted that this desk was heard of.
    duty_noted_at: At,
    stream: WebSocket,
}

/// What a socket's task does next.
enum Next {
    Heard(Option<Result<Message, axum::Error>>),
    Told(Told),
    Queue(Result<Utf8Bytes, broadcast::error::RecvError>),
    Positions,
    Beat,
    Silence,
}

pub(super) async fn serve(stream: WebSocket, app: App, who: Who) {
    let now = app.world.now();
    let (line, mut told) = Line::new();
    let mut socket = Socket {
        id: app.hub.arrive(),
        followed: HashMap::new(),
        line,
        queue: None,
        position_after: now,
        position_moved: false,
        greeted: false,
        welcomed_at: now,
        pace: Pace::new(now),
        asked_at: None,
        is_silent: false,
        duty_noted_at: At(0),
        beat_at: now + limits::BEAT_IN_CONSULTATION,
        app,
        who,
        stream,
    };
    // Whatever ends the task, the hub forgets the socket.
    while socket.step(&mut told).await.is_ok() {}
    for consultation in socket.followed.keys() {
        socket.app.hub.unwatch(socket.id, *consultation);
    }
    if socket.queue.is_some() {
        socket.app.hub.leave_desk(&socket.who.municipality, socket.id);
    }
    farewell::close(socket.stream).await;
}

impl Socket {
    async fn step(&mut self, told: &mut mpsc::Receiver<Told>) -> Result<(), Closed> {
        if self.line.is_overrun() {
            return Err(Closed);
        }
        let (world, silent_at) = (self.app.world.clone(), self.silent_at());
        let is_missed = self.asked_at.is_some() && !self.is_silent && self.talk() == Talk::Call;
        let missed_at = self.asked_at.unwrap_or_default() + SILENT_IN_CALL;
        let next = tokio::select! {
            message = self.stream.recv() => Next::Heard(message),
            Some(told) = told.recv() => match told {
                Told::Moved => {
                    self.line.takes_moved();
                    self.position_moved = true;
                    return Ok(());
                }
                told => Next::Told(told),
            },
            frame = next_of_queue(&mut self.queue) => Next::Queue(frame),
            () = world.wait_until(self.position_after), if self.position_moved => Next::Positions,
            () = world.wait_until(self.beat_at) => Next::Beat,
            () = world.wait_steadily(missed_at), if is_missed => Next::Silence,
            () = world.wait_steadily(silent_at), if self.asked_at.is_some() => return Err(Closed),
        };
        // Boxed: most sockets wait most of the time, and would otherwise keep room for the work of a busy one.
        Box::pin(self.carry_out(next)).await
    }

    async fn carry_out(&mut self, next: Next) -> Result<(), Closed> {
        match next {
            Next::Heard(message) => self.heard(message).await,
            Next::Told(Told::Frame(frame)) => self.send(&frame).await,
            Next::Told(Told::Woken(consultation)) => self.catch_up(consultation).await,
            Next::Told(Told::Presence(consultation)) => self.tell_presence(consultation).await,
            Next::Told(Told::Moved) => Ok(()),
            Next::Queue(Ok(text)) => self.send_message(Message::Text(text)).await,
            Next::Queue(Err(broadcast::error::RecvError::Lagged(_))) => self.send_queue().await,
            Next::Queue(Err(broadcast::error::RecvError::Closed)) => Err(Closed),
            Next::Positions => self.tell_positions().await,
            Next::Beat => self.send_beat().await,
            Next::Silence => {
                self.falls_silent(true);
                Ok(())
            }
        }
    }

    /// Whether the credential that opened the socket still stands: signing out, a revoked device and the end of a session
    /// end it with the next heartbeat. For staff an open desk counts as activity.
    pub(super) async fn still_may(&mut self) -> Result<bool, Closed> {
        let (identity, who) = (&self.app.identity, &self.who);
        let stands = match &who.actor {
            Actor::Guardian { id } => identity
                .guardian_of(&who.headers, &who.municipality)
                .await
                .map(|now| now.as_ref() == Some(id)),
            Actor::Staff(staff) => identity
                .staff_of(&who.headers)
                .await
                .map(|now| now.is_some_and(|now| now.staff == *staff && now.municipality == who.municipality)),
            Actor::Guest { .. } => super::admitted(&self.app, &who.headers, &who.municipality)
                .await
                .map(|now| now.is_some_and(|(place, _)| place.actor() == who.actor)),
            Actor::System => Ok(false),
        };
        match stands {
            Ok(stands) => Ok(stands),
            // A database that does not answer now is no reason to cut anybody off.
            Err(error) => self.failed(&error).await.map(|()| true),
        }
    }

    /// How often this socket's heartbeat comes: often while somebody talks, rarely while waiting.
    fn beat(&self) -> Millis {
        match self.talk() {
            Talk::Call => limits::BEAT_IN_CALL,
            Talk::Claimed => limits::BEAT_IN_CONSULTATION,
            Talk::None => limits::BEAT_WAITING,
        }
    }

    fn talk(&self) -> Talk {
        let all = self.followed.values().map(|followed| followed.talk);
        all.max().unwrap_or(Talk::None)
    }

    /// A page in a call that says nothing is told of at once and cut off later: a phone may come back within a second.
    fn falls_silent(&mut self, silent: bool) {
        if std::mem::replace(&mut self.is_silent, silent) != silent {
            for consultation in self.followed.keys() {
                self.app.hub.silent(self.id, *consultation, silent);
            }
        }
    }

    async fn heard(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), Closed> {
        let text = match message {
            Some(Ok(Message::Text(text))) => Some(text),
            Some(Ok(Message::Binary(_))) => None,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Closed),
        };
        let now = self.app.world.now();
        self.asked_at = None;
        self.falls_silent(false);
        match self.pace.verdict(now) {
            Verdict::Allowed => {}
            Verdict::Dropped => return self.error(ErrorCode::TooFast, None).await,
            Verdict::Hopeless => {
                // Once for each socket: what it sends is dropped without a word.
                tracing::warn!(side = ?self.who.side, "a tab that sends without end is closed");
                self.error(ErrorCode::TooFast, None).await?;
                return Err(Closed);
            }
        }
        let Some(text) = text else {
            return self.error(ErrorCode::Unreadable, None).await;
        };
        match ClientFrame::from_text(text.as_str()) {
            Ok(frame) => self.take(frame).await,
            Err(FrameFault::TooLarge) => self.error(ErrorCode::TooLarge, None).await,
            Err(FrameFault::Version) if !self.greeted => {
                self.error(ErrorCode::Version, None).await?;
                Err(Closed)
            }
            Err(FrameFault::Version | FrameFault::Unreadable) => self.error(ErrorCode::Unreadable, None).await,
        }
    }

    async fn take(&mut self, frame: ClientFrame) -> Result<(), Closed> {
        if let ClientFrame::Hello { version, watch, queue } = frame {
            return self.greet(version, watch, queue).await;
        }
        if !self.greeted {
            self.error(ErrorCode::HelloFirst, None).await?;
            return Err(Closed);
        }
        match frame {
            ClientFrame::Hello { .. } | ClientFrame::Beat => Ok(()),
            ClientFrame::Watch(watch) => self.follow(watch).await,
            ClientFrame::Unwatch { consultation } => {
                self.followed.remove(&consultation);
                self.app.hub.unwatch(self.id, consultation);
                Ok(())
            }
            ClientFrame::Command {
                id,
                consultation,
                command,
            } => self.command(id, consultation, &command).await,
            ClientFrame::Queue if self.queue.is_some() => self.send_queue().await,
            ClientFrame::Queue => self.error(ErrorCode::NotAllowed, None).await,
            ClientFrame::QueueCommand { id, command } => self.queue_command(id, &command).await,
            ClientFrame::Signal {
                consultation,
                from,
                to,
                signal,
            } => self.pass(consultation, from, to, signal).await,
            ClientFrame::Present { consultation, state } => {
                self.app.hub.present(self.id, consultation, state);
                Ok(())
            }
            ClientFrame::Hearing {
                on_duty,
                sound,
                notifications,
            } => {
                let hearing = Hearing {
                    on_duty,
                    sound,
                    notifications,
                };
                self.app.hub.hears(&self.who.municipality, self.id, hearing);
                Ok(())
            }
            ClientFrame::Draft {
                consultation,
                field,
                revision,
                body,
            } => self.store_draft(consultation, &field, revision, &body).await,
        }
    }

    async fn greet(&mut self, version: u16, watch: Vec<signaling::protocol::Watch>, queue: bool) -> Result<(), Closed> {
        if version != VERSION {
            self.error(ErrorCode::Version, None).await?;
            return Err(Closed);
        }
        self.greeted = true;
        self.welcome().await?;
        if queue {
            self.open_queue().await?;
        }
        for one in watch {
            self.follow(one).await?;
        }
        Ok(())
    }

    /// Says hello, or says it again because the relay's credential gets old.
    async fn welcome(&mut self) -> Result<(), Closed> {
        self.welcomed_at = self.app.world.now();
        let welcome = ServerFrame::Welcome {
            started_at: Some(self.app.started_at),
            version: VERSION,
            now: self.welcomed_at,
            ice_servers: self.app.ice.servers(&self.app.world),
            ice_policy: self.app.ice.policy(self.who.side).to_owned(),
        };
        self.send(&welcome).await
    }

    async fn open_queue(&mut self) -> Result<(), Closed> {
        let Some(clinician) = self.who.actor.clinician().cloned() else {
            return self.error(ErrorCode::NotAllowed, None).await;
        };
        self.queue = Some(self.app.board.frames(&self.who.municipality));
        self.app.hub.enter_desk(&self.who.municipality, self.id, clinician);
        self.send_queue().await
    }

    async fn send_queue(&mut self) -> Result<(), Closed> {
        match self.app.board.whole(&self.who.municipality).await {
            Ok(whole) => self.send_message(Message::Text(whole)).await,
            Err(error) => self.failed(&error).await,
        }
    }

    /// A consultation was just claimed: the next beat must not wait for the slow rhythm.
    pub(super) fn hasten_beat(&mut self) {
        self.beat_at = self.beat_at.min(self.app.world.now() + self.beat());
    }

    /// When a socket that goes on leaving its heartbeat unanswered is closed: in a consultation nine seconds after its last
    /// sign of life at most, so that a lost connection is told to the other side within ten. It counts from the beat, not
    /// from the last sign: a tab that was not asked owes no answer.
    fn silent_at(&self) -> Duration {
        let beat = self.beat().max(limits::BEAT_IN_CONSULTATION);
        let answer_within = u64::try_from(beat.0 + limits::BEAT_GRACE.0).unwrap_or(0);
        self.asked_at.unwrap_or_default() + Duration::from_millis(answer_within)
    }

    async fn send_beat(&mut self) -> Result<(), Closed> {
        if !self.still_may().await? {
            self.error(ErrorCode::SignedOut, None).await?;
            return Err(Closed);
        }
        let now = self.app.world.now();
        if self.greeted && self.app.ice.is_old(self.welcomed_at, now) {
            self.welcome().await?;
        }
        let queue = self.queue_head().await;
        let heads = self.heads().await;
        self.beat_at = now + self.beat();
        self.asked_at.get_or_insert(self.app.world.steady());
        self.note_duty(now).await;
        self.send(&ServerFrame::Beat { now, heads, queue }).await
    }

    /// The end of every log that this tab watches. Of one that waits the queue knows it, which was just held against what is
    /// stored; ten thousand who wait are no ten thousand questions to the database.
    async fn heads(&mut self) -> Vec<Head> {
        let mut heads = Vec::with_capacity(self.followed.len());
        for (consultation, followed) in &mut self.followed {
            let known = self.app.board.head(&self.who.municipality, *consultation);
            let head = match known.filter(|_| followed.talk == Talk::None) {
                Some(seq) => Some(seq),
                None => match self.app.spine.load(*consultation).await {
                    Ok(Some(state)) => {
                        followed.talk = Talk::of(state.case.as_deref());
                        Some(state.seq)
                    }
                    _ => None,
                },
            };
            heads.extend(head.map(|seq| Head {
                consultation: *consultation,
                cursor: signaling::protocol::Cursor(seq),
            }));
        }
        heads
    }

    /// A desk that is heard of is noted, to the minute, for whoever asks since when one is away.
    async fn note_duty(&mut self, now: At) {
        let Some(clinician) = self.who.actor.clinician().filter(|_| self.queue.is_some()) else {
            return;
        };
        if now.0 - self.duty_noted_at.0 < Millis::minutes(1).0 {
            return;
        }
        self.duty_noted_at = now;
        if let Err(error) = self.app.store.duty_seen(clinician.id, now).await {
            tracing::error!(%error, "that a desk was heard of could not be noted");
        }
    }

    /// Where the queue stands that this tab follows. Whoever follows it has it held against what is stored.
    async fn queue_head(&mut self) -> Option<u64> {
        let (board, city) = (&self.app.board, &self.who.municipality);
        let waits = self.who.side == Side::Guardian && !self.followed.is_empty();
        if self.queue.is_none() && !waits {
            return None;
        }
        if let Err(error) = board.check(city).await {
            tracing::error!(%error, "the queue could not be held against what is stored");
        }
        self.queue.as_ref().map(|frames| board.number(city, frames))
    }

    /// Tells the tab what is wrong with a frame.
    pub(super) async fn error(&mut self, code: ErrorCode, consultation: Option<ConsultationId>) -> Result<(), Closed> {
        self.tell_error(code, consultation, None).await
    }

    async fn tell_error(
        &mut self,
        code: ErrorCode,
        consultation: Option<ConsultationId>,
        id: Option<CommandId>,
    ) -> Result<(), Closed> {
        let text = match code {
            ErrorCode::Version => "新しい版に更新してください。ページを読み込み直すと直ります。",
            ErrorCode::HelloFirst | ErrorCode::Unreadable => "通信の内容を読み取れませんでした。",
            ErrorCode::TooLarge => "送られた内容が大きすぎます。",
            ErrorCode::TooFast => "送る間隔が短すぎます。少し待ってください。",
            ErrorCode::TooManyWatched => "開いている相談が多すぎます。",
            ErrorCode::NotFound => "この相談は見つかりません。",
            ErrorCode::NotAllowed => "この操作はできません。",
            ErrorCode::Unavailable => "いまは処理できません。すぐにもう一度試します。",
            ErrorCode::SignedOut => farewell::signed_out_words(self.who.side),
        };
        self.send(&ServerFrame::Error {
            code,
            text: text.to_owned(),
            consultation,
            id,
        })
        .await
    }

    /// A fault of this server: logged here once, told without its cause.
    pub(super) async fn failed(&mut self, error: &(dyn std::error::Error + Sync)) -> Result<(), Closed> {
        tracing::error!(%error, "a frame could not be served");
        self.error(ErrorCode::Unavailable, None).await
    }

    /// A fault of this server in carrying out a command: the tab asks again, with the same id, after a pause.
    pub(super) async fn failed_command(
        &mut self,
        error: &(dyn std::error::Error + Sync),
        consultation: Option<ConsultationId>,
        id: CommandId,
    ) -> Result<(), Closed> {
        tracing::error!(%error, "a command could not be carried out");
        self.tell_error(ErrorCode::Unavailable, consultation, Some(id)).await
    }

    pub(super) async fn send(&mut self, frame: &ServerFrame) -> Result<(), Closed> {
        match serde_json::to_string(frame) {
            Ok(text) => self.send_message(Message::Text(text.into())).await,
            Err(error) => {
                tracing::error!(%error, "a frame cannot be written");
                Err(Closed)
            }
        }
    }

    async fn send_message(&mut self, message: Message) -> Result<(), Closed> {
        // By the machine's clock: it is the connection that is slow, whatever time it is at the desk.
        let longest = Duration::from_millis(limits::SLOWEST_SEND.0.unsigned_abs());
        match tokio::time::timeout(longest, self.stream.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Closed),
        }
    }
}

async fn next_of_queue(
    queue: &mut Option<broadcast::Receiver<Utf8Bytes>>,
) -> Result<Utf8Bytes, broadcast::error::RecvError> {
    match queue {
        Some(frames) => frames.recv().await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size_of_task<F: Future>(_: fn(WebSocket, App, Who) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn a_socket_that_waits_keeps_no_room_for_the_work_of_a_busy_one() {
        let bytes = size_of_task(super::serve);
        assert!(bytes <= 4096, "{bytes} bytes for every waiting family");
    }
}
