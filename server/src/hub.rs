//! Who is connected, and what is passed between them without being stored: presence and signals.
//!
//! Promises: nothing here decides anything about a consultation, and losing all of it (a restart) costs its clients a
//! reconnect, never an event. Wake-ups come from the spine after a commit; signals go to the sockets that hold the named
//! incarnation and are dropped when stale. A socket that reads too slowly is closed before it misses anything silently.
//!
//! Not here: the log, permissions (a socket registers only what it was allowed to watch).

mod changed;
mod polling;

pub use changed::Changed;

use signaling::{
    actor::Staff,
    call::Holder,
    id::{ConsultationId, MunicipalityId, Seq},
    ladder::{Hearing, Reach},
    limits,
    protocol::{Presented, ServerFrame, Side},
    queue::Presence,
    time::At,
};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::mpsc;

/// A number for a socket, unique in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SocketId(pub u64);

/// What a socket's task is told.
#[derive(Clone, Debug)]
pub enum Told {
    /// Send this frame as it is.
    Frame(Arc<ServerFrame>),
    /// The log has grown; read it from where the socket stands.
    Woken(ConsultationId),
    /// The other side's page came, went, or was hidden.
    Presence(ConsultationId),
    /// A family of this socket is to be told another place.
    Moved,
}

/// The way to a socket's task. Clones lead to the same one. A reader so slow that [`limits::OUTGOING_FRAMES`] lie unread is
/// not told less: it is closed, and resumes by cursor.
#[derive(Clone, Debug)]
pub struct Line {
    tell: mpsc::Sender<Told>,
    marks: Arc<Marks>,
}

#[derive(Debug, Default)]
struct Marks {
    overrun: AtomicBool,
    /// [`Told::Moved`] is under way.
    moved: AtomicBool,
}

impl Line {
    /// A line with what arrives at its end. It holds as much as a slow reader may leave waiting.
    #[must_use]
    pub fn new() -> (Self, mpsc::Receiver<Told>) {
        let (tell, told) = mpsc::channel(limits::OUTGOING_FRAMES);
        let marks = Arc::default();
        (Self { tell, marks }, told)
    }

    /// Whether something did not fit any more. From then on the socket must not go on: what comes after would come without
    /// what was lost. It is closed, and resumes.
    #[must_use]
    pub fn is_overrun(&self) -> bool {
        self.marks.overrun.load(Ordering::SeqCst)
    }

    fn tell(&self, told: Told) {
        // Closed lines belong to sockets that have just ended.
        if let Err(mpsc::error::TrySendError::Full(_)) = self.tell.try_send(told) {
            self.marks.overrun.store(true, Ordering::SeqCst);
        }
    }

    /// A place moves often and is looked up when it is told: one word of it at a time is enough.
    fn tell_moved(&self) {
        if !self.marks.moved.swap(true, Ordering::SeqCst) {
            self.tell(Told::Moved);
        }
    }

    /// [`Told::Moved`] has arrived.
    pub fn takes_moved(&self) {
        self.marks.moved.store(false, Ordering::SeqCst);
    }
}

/// One watched consultation of one socket.
struct Watcher {
    socket: SocketId,
    side: Side,
    holder: Holder,
    presented: Presented,
    /// It leaves unanswered what it is asked.
    silent: bool,
    line: Line,
}

impl Watcher {
    /// Whether the other side is told that this one is there. A supervisor looks on and answers nobody.
    fn counts(&self) -> bool {
        match &self.holder {
            Holder::Guardian => true,
            Holder::Staff(staff) => staff.role.is_clinician(),
            Holder::Guest { .. } => false,
        }
    }
}

#[derive(Default)]
struct Inner {
    watchers: HashMap<ConsultationId, Vec<Watcher>>,
    /// Pages without a socket that ask now and then: until when each counts as there.
    polling: HashMap<ConsultationId, (SocketId, At)>,
    /// Sockets of desks that follow a queue, by municipality.
    desks: HashMap<MunicipalityId, HashMap<SocketId, (Staff, Hearing)>>,
    next_socket: u64,
}

/// Everything that is connected to this process.
#[derive(Clone)]
pub struct Hub {
    inner: Arc<Mutex<Inner>>,
    presence_changed: Changed<ConsultationId>,
    desks_changed: Changed<MunicipalityId>,
}

impl Default for Hub {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub").finish_non_exhaustive()
    }
}

impl Hub {
    /// An empty hub.
    #[must_use]
    pub fn new() -> Self {
        Self {
            inner: Arc::default(),
            presence_changed: Changed::default(),
            desks_changed: Changed::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic while holding the lock leaves maps that are still whole: every change below is a single call.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number for a new socket.
    #[must_use]
    pub fn arrive(&self) -> SocketId {
        let mut inner = self.lock();
        inner.next_socket += 1;
        SocketId(inner.next_socket)
    }

    /// A socket follows a consultation. Its page counts as hidden until it says otherwise ([`Hub::present`]): nobody is told
    /// that somebody is there who may not be.
    pub fn watch(&self, socket: SocketId, consultation: ConsultationId, side: Side, holder: Holder, line: &Line) {
        {
            let mut inner = self.lock();
            let watchers = inner.watchers.entry(consultation).or_default();
            if watchers.iter().any(|watcher| watcher.socket == socket) {
                return;
            }
            watchers.push(Watcher {
                socket,
                side,
                holder,
                presented: Presented::Hidden,
                silent: false,
                line: line.clone(),
            });
        }
        self.tell_presence(consultation, side);
    }

    /// A socket stops following.
    pub fn unwatch(&self, socket: SocketId, consultation: ConsultationId) {
        let side = {
            let mut inner = self.lock();
            let Some(watchers) = inner.watchers.get_mut(&consultation) else {
                return;
            };
            let Some(at) = watchers.iter().position(|watcher| watcher.socket == socket) else {
                return;
            };
            let side = watchers.swap_remove(at).side;
            if watchers.is_empty() {
                inner.watchers.remove(&consultation);
            }
            side
        };
        self.tell_presence(consultation, side);
    }

    /// A tab was shown or hidden.
    pub fn present(&self, socket: SocketId, consultation: ConsultationId, presented: Presented) {
        self.change(socket, consultation, |watcher| {
            std::mem::replace(&mut watcher.presented, presented) != presented
        });
    }

    /// A socket leaves what it is asked unanswered, or has answered: a page that says nothing is seen by nobody.
    pub fn silent(&self, socket: SocketId, consultation: ConsultationId, silent: bool) {
        self.change(socket, consultation, |watcher| {
            std::mem::replace(&mut watcher.silent, silent) != silent
        });
    }

    /// Changes what is known of a socket's page; where that did change, the other side is told.
    fn change(&self, socket: SocketId, consultation: ConsultationId, change: impl FnOnce(&mut Watcher) -> bool) {
        let changed = {
            let mut inner = self.lock();
            let watchers = inner.watchers.get_mut(&consultation).into_iter().flatten();
            let mut own = watchers.filter(|watcher| watcher.socket == socket);
            own.next().and_then(|watcher| change(watcher).then_some(watcher.side))
        };
        if let Some(side) = changed {
            self.tell_presence(consultation, side);
        }
    }

    /// Whether a side's page is there: visible on any tab, hidden on all of them, or not connected.
    #[must_use]
    pub fn presence(&self, consultation: ConsultationId, side: Side) -> Presence {
        let inner = self.lock();
        let mut there = Presence::Away;
        for watcher in inner
            .watchers
            .get(&consultation)
            .into_iter()
            .flatten()
            .filter(|watcher| watcher.side == side && watcher.counts())
        {
            match watcher.presented {
                Presented::Visible if !watcher.silent => return Presence::Here,
                _ => there = Presence::Hidden,
            }
        }
        there
    }

    /// Consultations whose families came, went or were hidden, for the desks' queues. The board takes from it.
    #[must_use]
    pub fn presence_changes(&self) -> Changed<ConsultationId> {
        self.presence_changed.clone()
    }

    /// These families are to be told another place.
    pub fn moved(&self, families: Vec<ConsultationId>) {
        let inner = self.lock();
        for consultation in families {
            let watchers = inner.watchers.get(&consultation).into_iter().flatten();
            for watcher in watchers.filter(|watcher| watcher.side == Side::Guardian) {
                watcher.line.tell_moved();
            }
        }
    }

    fn tell_presence(&self, consultation: ConsultationId, changed: Side) {
        if changed == Side::Guardian {
            self.presence_changed.note(consultation);
        }
        let inner = self.lock();
        for watcher in inner
            .watchers
            .get(&consultation)
            .into_iter()
            .flatten()
            .filter(|watcher| watcher.side != changed && watcher.side != Side::Guest)
        {
            watcher.line.tell(Told::Presence(consultation));
        }
    }

    /// The log of a consultation has grown. A socket that misses this is told by its next heartbeat.
    pub fn wake(&self, consultation: ConsultationId) {
        let inner = self.lock();
        for watcher in inner.watchers.get(&consultation).into_iter().flatten() {
            watcher.line.tell(Told::Woken(consultation));
        }
    }

    /// Passes a frame on: to the sockets of one holder, or to everybody else who watches. What is for everybody is about
    /// the conversation, so guests of the call are left out.
    pub fn pass(&self, consultation: ConsultationId, from: SocketId, to: Option<&Holder>, frame: ServerFrame) {
        let frame = Arc::new(frame);
        let inner = self.lock();
        let watchers = || inner.watchers.get(&consultation).into_iter().flatten();
        let side = watchers()
            .find(|watcher| watcher.socket == from)
            .map(|watcher| watcher.side);
        for watcher in watchers() {
            let named = match to {
                Some(holder) => &watcher.holder == holder,
                // Whoever sits on the same side would take it for the other one.
                None => watcher.side != Side::Guest && Some(watcher.side) != side,
            };
            let meant = watcher.socket != from && named;
            if meant {
                watcher.line.tell(Told::Frame(Arc::clone(&frame)));
            }
        }
    }

    /// A desk opened the queue.
    pub fn enter_desk(&self, municipality: &MunicipalityId, socket: SocketId, staff: Staff) {
        self.lock()
            .desks
            .entry(municipality.clone())
            .or_default()
            .insert(socket, (staff, Hearing::default()));
        self.desks_changed.note(municipality.clone());
    }

    /// A desk closed it.
    pub fn leave_desk(&self, municipality: &MunicipalityId, socket: SocketId) {
        if let Some(desks) = self.lock().desks.get_mut(municipality) {
            desks.remove(&socket);
        }
        self.desks_changed.note(municipality.clone());
    }

    /// A desk says whether its clinician is on duty and what its browser lets it do.
    pub fn hears(&self, municipality: &MunicipalityId, socket: SocketId, hearing: Hearing) {
        let mut inner = self.lock();
        let desk = inner
            .desks
            .get_mut(municipality)
            .and_then(|desks| desks.get_mut(&socket));
        if let Some((_, known)) = desk {
            *known = hearing;
        }
    }

    /// How many desks each step of the ladder would reach.
    #[must_use]
    pub fn reach(&self, municipality: &MunicipalityId) -> Reach {
        let inner = self.lock();
        let desks = inner.desks.get(municipality).into_iter().flat_map(HashMap::values);
        Reach::of(desks.map(|(_, hearing)| *hearing))
    }

    /// Somebody said that they are at their desk, or not.
    pub fn duty_changed(&self, municipality: &MunicipalityId) {
        self.desks_changed.note(municipality.clone());
    }

    /// Municipalities where a desk was opened or closed, or somebody said whether they are at theirs.
    #[must_use]
    pub fn desk_changes(&self) -> Changed<MunicipalityId> {
        self.desks_changed.clone()
    }

    /// Clinicians whose desk is open, each once, by name.
    #[must_use]
    pub fn staff_at_desks(&self, municipality: &MunicipalityId) -> Vec<Staff> {
        let mut staff: Vec<Staff> = self
            .lock()
            .desks
            .get(municipality)
            .into_iter()
            .flat_map(HashMap::values)
            .map(|(staff, _)| staff.clone())
            .collect();
        staff.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        staff.dedup_by_key(|one| one.id);
        staff
    }

    /// How many sockets follow something.
    #[must_use]
    pub fn watchers(&self) -> usize {
        self.lock().watchers.values().map(Vec::len).sum()
    }
}

/// The holder of an incarnation in the running call, if it is still seated.
#[must_use]
pub fn holder_of(call: Option<&signaling::call::Call>, incarnation: Seq) -> Option<&Holder> {
    call?
        .seats
        .iter()
        .find(|seat| seat.incarnation == incarnation)
        .map(|seat| &seat.holder)
}

/// Whom a signal from one seat to another reaches; to the number of a call, while only who rang sits in it, the family that it
/// rings.
#[must_use]
pub fn addressee(call: Option<&signaling::call::Call>, from: Seq, to: Seq) -> Option<&Holder> {
    let rings = call.is_some_and(|call| call.id == to && call.rang_from() == Some(from));
    if rings {
        Some(&Holder::Guardian)
    } else {
        holder_of(call, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signaling::{actor::Role, id::StaffId};
    use uuid::Uuid;

    fn staff(role: Role) -> Holder {
        Holder::Staff(Staff {
            id: StaffId(Uuid::nil()),
            name: "佐藤".to_owned(),
            role,
        })
    }

    fn consultation() -> ConsultationId {
        ConsultationId(Uuid::nil())
    }

    #[tokio::test]
    async fn a_reader_that_leaves_its_frames_lying_is_closed_instead_of_told_less() {
        let hub = Hub::new();
        let (line, mut told) = Line::new();
        let socket = hub.arrive();
        hub.watch(socket, consultation(), Side::Guardian, Holder::Guardian, &line);
        for _ in 0..limits::OUTGOING_FRAMES {
            hub.wake(consultation());
        }
        assert!(!line.is_overrun(), "every wake-up has room");
        hub.wake(consultation());
        assert!(line.is_overrun());
        assert!(told.recv().await.is_some());
    }

    #[test]
    fn a_page_counts_as_hidden_until_it_says_that_it_can_be_seen() {
        let hub = Hub::new();
        let (line, _told) = Line::new();
        let socket = hub.arrive();
        hub.watch(socket, consultation(), Side::Guardian, Holder::Guardian, &line);
        assert_eq!(hub.presence(consultation(), Side::Guardian), Presence::Hidden);
        hub.present(socket, consultation(), Presented::Visible);
        assert_eq!(hub.presence(consultation(), Side::Guardian), Presence::Here);
    }

    #[test]
    fn a_supervisor_who_looks_on_is_not_somebody_who_is_there_for_the_family() {
        let hub = Hub::new();
        let (line, _told) = Line::new();
        let (looks_on, answers) = (hub.arrive(), hub.arrive());
        hub.watch(looks_on, consultation(), Side::Staff, staff(Role::Supervisor), &line);
        hub.present(looks_on, consultation(), Presented::Visible);
        assert_eq!(hub.presence(consultation(), Side::Staff), Presence::Away);
        hub.watch(answers, consultation(), Side::Staff, staff(Role::Midwife), &line);
        assert_eq!(hub.presence(consultation(), Side::Staff), Presence::Hidden);
    }
}
