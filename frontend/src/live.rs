//! The browser's side of the live protocol: one socket a tab, resumed by itself.
//!
//! Promises: a command is sent again with the same id until it is answered, across reconnects and, with growing pauses, while
//! the server cannot carry it out; where the credential is over the tab stops connecting and says so; watched consultations
//! resume from the last cursor; a missed wake-up is mended by the next heartbeat; a draft is stored within half a second of
//! the last key. Components subscribe to frames and never see the socket.
//!
//! Not here: what frames mean for a page (see [`signaling::view::Thread`]), and media.

mod by_forms;
mod drafts;
mod socket;

use crate::clock::{new_command_id, random};
use futures_channel::oneshot;
use leptos::prelude::*;
use signaling::{
    consultation::{Command, Refusal},
    id::{CommandId, ConsultationId, Seq},
    ladder::Hearing,
    protocol::{
        ClientFrame, Cursor, ErrorCode, IceServer, QueueCommand, ServerFrame, Signal as SeatSignal, Watch, pause,
    },
};
use std::{cell::RefCell, collections::BTreeMap, future::Future, rc::Rc, time::Duration};

/// How the tab is connected, for showing in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// The first connection is being made.
    Connecting,
    /// つながっています.
    Connected,
    /// つなぎ直しています.
    Lost,
    /// No socket can be had here, but the page's forms get through; a socket is tried on.
    ByForms,
    /// The credential is over: nothing is tried any more.
    SignedOut,
}

/// A command took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acked {
    /// In which consultation.
    pub consultation: ConsultationId,
    /// Its last event.
    pub seq: Seq,
}

type Answer = Result<Acked, Refusal>;
type Listener = Rc<dyn Fn(&ServerFrame)>;

/// Reads a frame. Each side brings its own, so that the family's bytes hold no reader of what only staff are sent.
pub(crate) type Reader = fn(&str) -> Option<ServerFrame>;

struct Pending {
    id: CommandId,
    frame: ClientFrame,
    answer: Option<oneshot::Sender<Answer>>,
    /// How often in a row the server could not carry it out.
    failures: u32,
}

#[derive(Default)]
struct Inner {
    socket: Option<socket::Open>,
    /// This socket's `welcome` has come.
    welcomed: bool,
    /// Bumped with every new socket, so that late events of an old one are ignored.
    generation: u32,
    failures: u32,
    watched: BTreeMap<ConsultationId, Option<Cursor>>,
    queue: bool,
    /// The one of several that is in front; nothing where all are seen.
    front: Option<ConsultationId>,
    /// By a guest's credential, through the guests' door.
    is_guest: bool,
    pending: Vec<Pending>,
    listeners: Vec<Listener>,
    drafts: drafts::Drafts,
    ice: Option<(Vec<IceServer>, String)>,
    heard_at_ms: f64,
    beat_at_ms: f64,
    beat_gap_ms: f64,
    /// The server was asked whether it is there, and the time for its answer runs.
    doubted: bool,
}

/// A handle to the tab's connection. Cheap to copy; lives as long as the reactive owner that made it.
#[derive(Clone, Copy)]
pub struct Live {
    inner: StoredValue<Rc<RefCell<Inner>>, LocalStorage>,
    state: RwSignal<LinkState>,
    reader: Reader,
}

impl Live {
    /// Connects, and from then on reconnects by itself.
    #[must_use]
    pub(crate) fn connect(watch: Vec<(ConsultationId, Cursor)>, queue: bool, reader: Reader) -> Self {
        Self::connect_through(watch, queue, false, reader)
    }

    /// The same for somebody who was invited to a call.
    #[must_use]
    pub(crate) fn connect_as_guest(consultation: ConsultationId, cursor: Cursor, reader: Reader) -> Self {
        Self::connect_through(vec![(consultation, cursor)], false, true, reader)
    }

    fn connect_through(watch: Vec<(ConsultationId, Cursor)>, queue: bool, is_guest: bool, reader: Reader) -> Self {
        let inner = Inner {
            is_guest,
            watched: watch
                .into_iter()
                .map(|(consultation, cursor)| (consultation, Some(cursor)))
                .collect(),
            queue,
            ..Inner::default()
        };
        let live = Self {
            inner: StoredValue::new_local(Rc::new(RefCell::new(inner))),
            state: RwSignal::new(LinkState::Connecting),
            reader,
        };
        socket::open(live);
        socket::keep_watch(live);
        live
    }

    /// How the tab is connected.
    #[must_use]
    pub fn link(&self) -> ReadSignal<LinkState> {
        self.state.read_only()
    }

    /// Calls `listener` with every frame from the server, in order.
    pub fn on_frame(&self, listener: impl Fn(&ServerFrame) + 'static) {
        self.with(|inner| inner.listeners.push(Rc::new(listener)));
    }

    /// Sends a command with a new id and waits for its answer, however long that takes.
    pub fn command(&self, consultation: ConsultationId, command: Command) -> impl Future<Output = Answer> + use<> {
        self.command_with_id(new_command_id(), consultation, command)
    }

    /// Like [`Live::command`], with an id that was kept from an earlier page: the effect takes place once.
    pub fn command_with_id(
        &self,
        id: CommandId,
        consultation: ConsultationId,
        command: Command,
    ) -> impl Future<Output = Answer> + use<> {
        self.ask(
            id,
            ClientFrame::Command {
                id,
                consultation,
                command,
            },
        )
    }

    /// Asks something of the queue as a whole.
    pub fn queue_command(&self, command: QueueCommand) -> impl Future<Output = Answer> + use<> {
        let id = new_command_id();
        self.ask(id, ClientFrame::QueueCommand { id, command })
    }

    fn ask(&self, id: CommandId, frame: ClientFrame) -> impl Future<Output = Answer> + use<> {
        let (sender, receiver) = oneshot::channel();
        self.send(&frame);
        self.with(|inner| {
            inner.pending.push(Pending {
                id,
                frame,
                answer: Some(sender),
                failures: 0,
            });
        });
        // The sender is dropped only with the page itself.
        async move { receiver.await.unwrap_or(Err(Refusal::NotFound)) }
    }

    /// Follows one more consultation, from its beginning or from a cursor.
    pub fn watch(&self, consultation: ConsultationId, cursor: Option<Cursor>) {
        self.with(|inner| inner.watched.insert(consultation, cursor));
        self.send(&ClientFrame::Watch(Watch { consultation, cursor }));
        socket::present(*self);
    }

    /// One of several is in front from now on: the families of the others are told that theirs is not seen.
    pub fn in_front(&self, consultation: Option<ConsultationId>) {
        self.with(|inner| inner.front = consultation);
        socket::present(*self);
    }

    /// Stops following.
    pub fn unwatch(&self, consultation: ConsultationId) {
        self.with(|inner| inner.watched.remove(&consultation));
        self.send(&ClientFrame::Unwatch { consultation });
    }

    /// Asks for the whole queue; [`ServerFrame::Queue`] is the answer.
    pub fn ask_for_queue(&self) {
        self.send(&ClientFrame::Queue);
    }

    /// Tells the server what this desk's page can do. Forgotten with the socket: said again on the next one.
    pub fn tell_hearing(&self, hearing: Hearing) {
        let Hearing {
            on_duty,
            sound,
            notifications,
        } = hearing;
        self.send(&ClientFrame::Hearing {
            on_duty,
            sound,
            notifications,
        });
    }

    /// Makes sure soon that the socket lives: packets of a call falter, or the network is another one.
    pub fn doubt(&self) {
        socket::doubt(*self);
    }

    /// Passes something to other seats; lost when the socket is down, which its receiver must bear.
    pub fn signal(&self, consultation: ConsultationId, from: Seq, to: Seq, signal: SeatSignal) {
        self.send(&ClientFrame::Signal {
            consultation,
            from,
            to,
            signal,
        });
    }

    /// Stores a half-written text soon. `field` is `note` or `message`.
    pub fn draft(&self, consultation: ConsultationId, field: &'static str, body: serde_json::Value) {
        drafts::changed(*self, consultation, field, body);
    }

    /// Half-written texts that the server has not stored yet: consultation, field, body.
    #[must_use]
    pub fn unsaved_drafts(&self) -> Vec<(ConsultationId, &'static str, serde_json::Value)> {
        self.with(|inner| inner.drafts.unsaved())
    }

    /// Does not wait for a pause in the writing.
    pub fn store_drafts_now(&self) {
        drafts::send_unsaved(*self);
    }

    /// ICE servers and transport policy of the last welcome.
    #[must_use]
    pub fn ice(&self) -> Option<(Vec<IceServer>, String)> {
        self.with(|inner| inner.ice.clone())
    }

    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        self.inner.with_value(|inner| work(&mut inner.borrow_mut()))
    }

    fn send(&self, frame: &ClientFrame) {
        let Ok(text) = serde_json::to_string(frame) else { return };
        self.with(|inner| {
            if let Some(socket) = &inner.socket {
                socket.send(&text);
            }
        });
    }

    /// The first frames of a socket: who we follow, everything unanswered, every draft that is not stored yet.
    fn introduce(self) {
        let (hello, unanswered) = self.with(|inner| {
            let watch = inner
                .watched
                .iter()
                .map(|(id, cursor)| Watch {
                    consultation: *id,
                    cursor: *cursor,
                })
                .collect();
            let hello = ClientFrame::Hello {
                version: signaling::protocol::VERSION,
                watch,
                queue: inner.queue,
            };
            (
                hello,
                inner
                    .pending
                    .iter()
                    .map(|pending| pending.frame.clone())
                    .collect::<Vec<_>>(),
            )
        });
        self.send(&hello);
        socket::present(self);
        for frame in &unanswered {
            self.send(frame);
        }
        drafts::send_unsaved(self);
    }

    /// A frame has come, or what the page says instead of one.
    pub(crate) fn received(self, frame: &ServerFrame) {
        match frame {
            ServerFrame::Welcome {
                ice_servers,
                ice_policy,
                ..
            } => {
                self.with(|inner| {
                    inner.failures = 0;
                    inner.welcomed = true;
                    inner.ice = Some((ice_servers.clone(), ice_policy.clone()));
                });
                self.state.set(LinkState::Connected);
            }
            ServerFrame::Events {
                consultation, cursor, ..
            } => self.with(|inner| {
                if let Some(seen) = inner.watched.get_mut(consultation)
                    && seen.is_none_or(|seen| seen < *cursor)
                {
                    *seen = Some(*cursor);
                }
            }),
            ServerFrame::Ack { id, consultation, seq } => {
                self.answered(
                    *id,
                    Ok(Acked {
                        consultation: *consultation,
                        seq: *seq,
                    }),
                );
            }
            ServerFrame::Refused { id, refusal, .. } => self.answered(*id, Err(refusal.clone())),
            ServerFrame::DraftSaved {
                consultation,
                field,
                revision,
                ..
            } => {
                self.with(|inner| inner.drafts.saved(*consultation, field, *revision));
            }
            ServerFrame::Beat { heads, .. } => {
                self.send(&ClientFrame::Beat);
                for head in heads {
                    let behind = self.with(|inner| {
                        inner
                            .watched
                            .get(&head.consultation)
                            .copied()
                            .filter(|seen| *seen < Some(head.cursor))
                    });
                    if let Some(cursor) = behind {
                        self.send(&ClientFrame::Watch(Watch {
                            consultation: head.consultation,
                            cursor,
                        }));
                    }
                }
            }
            ServerFrame::Error {
                code: ErrorCode::Unavailable,
                id: Some(id),
                ..
            } => self.ask_later(*id),
            // Which frame was dropped is not known; a command that was not is answered as it was.
            ServerFrame::Error {
                code: ErrorCode::TooFast,
                ..
            } => {
                let unanswered: Vec<_> = self.with(|inner| inner.pending.iter().map(|pending| pending.id).collect());
                unanswered.into_iter().for_each(|id| self.ask_later(id));
            }
            ServerFrame::Error {
                code: ErrorCode::SignedOut,
                ..
            } => self.signed_out(),
            _ => {}
        }
        let listeners = self.with(|inner| inner.listeners.clone());
        for listener in listeners {
            listener(frame);
        }
    }

    /// Sends a command again after a pause, unless it is answered by then.
    fn ask_later(self, id: CommandId) {
        let failures = self.with(|inner| {
            let pending = inner.pending.iter_mut().find(|pending| pending.id == id)?;
            pending.failures = pending.failures.saturating_add(1);
            Some(pending.failures)
        });
        let Some(failures) = failures else { return };
        let again = move || {
            let frame = self.with(|inner| {
                let pending = inner.pending.iter().find(|pending| pending.id == id)?;
                // A later failure has its own pause.
                (pending.failures == failures).then(|| pending.frame.clone())
            });
            if let Some(frame) = frame {
                self.send(&frame);
            }
        };
        let pause_ms = pause::before_command_ms(failures, random());
        set_timeout(again, Duration::from_millis(pause_ms));
    }

    /// Nothing will be carried out any more: whoever waits for an answer is told so, and has its words back.
    pub(crate) fn signed_out(self) {
        socket::give_up(self);
        for pending in self.with(|inner| std::mem::take(&mut inner.pending)) {
            if let Some(waiting) = pending.answer {
                // As in `answered`.
                let _ = waiting.send(Err(Refusal::NotAllowed));
            }
        }
    }

    /// A command was carried out or refused.
    pub(crate) fn answered(self, id: CommandId, answer: Answer) {
        let waiting = self.with(|inner| {
            let at = inner.pending.iter().position(|pending| pending.id == id)?;
            inner.pending.remove(at).answer
        });
        if let Some(waiting) = waiting {
            // Nobody waits any more when the component that asked is gone.
            let _ = waiting.send(answer);
        }
    }
}
