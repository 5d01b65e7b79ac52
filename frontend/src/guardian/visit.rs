//! What the living ticket knows, as signals. On the server they hold the model's values and never change.

use crate::page::guardian::{LivePage, TicketPage};
use leptos::prelude::*;
use signaling::{
    id::{CommandId, ConsultationId, Seq},
    queue::{Position, Presence},
    time::At,
    view::{Standing, Thread},
};

/// How the page is connected. Nothing before the script runs: a page without script makes no promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// For the first time.
    Connecting,
    /// As it should be.
    Connected,
    /// Being mended.
    Lost,
    /// No socket can be had here: forms carry what is said, and the page is asked for now and then.
    ByForms,
    /// This browser's credential is over: nothing of the consultation may stay in sight.
    SignedOut,
}

/// Where the family stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// 待合室.
    Waiting,
    /// It comes at its appointment.
    Booked,
    /// 相談中.
    Talking,
    /// おわり.
    Over,
    /// The family left.
    Cancelled,
}

impl Stage {
    /// From the folded log.
    #[must_use]
    pub fn of(standing: &Standing) -> Self {
        match standing {
            Standing::Waiting => Self::Waiting,
            Standing::Booked => Self::Booked,
            Standing::Claimed(_) => Self::Talking,
            Standing::Closed => Self::Over,
            Standing::Cancelled => Self::Cancelled,
        }
    }

    /// The page's heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Waiting => "待合室",
            Self::Booked => "予約しました",
            Self::Talking => "相談中",
            Self::Over => "おわり",
            Self::Cancelled => "とりやめました",
        }
    }

    /// For styles.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Booked => "booked",
            Self::Talking => "talking",
            Self::Over => "over",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether anything can still be said.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Booked | Self::Talking)
    }
}

/// A message on its way.
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its command; the same however often it is sent.
    pub id: CommandId,
    /// The words.
    pub text: String,
    /// The last event known when it was written: it can only come after that.
    pub after: Seq,
    /// How far it got.
    pub state: PendingState,
}

signaling::redacted_debug!(Pending { id, after, state });

/// How far a message got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PendingState {
    /// 送信中.
    Sending,
    /// Stored as this event, which is on its way here.
    Sent(Seq),
    /// 送れませんでした, and why.
    Failed(String),
}

/// The living ticket. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Visit {
    /// Which consultation.
    pub consultation: ConsultationId,
    /// The ticket's address, `/t/…`.
    pub path: StoredValue<String>,
    /// The server's clock when the page was made.
    pub now: At,
    /// The folded log.
    pub thread: RwSignal<Thread>,
    /// Where it stands; changes only when it truly does.
    pub stage: Memo<Stage>,
    /// The place in the queue.
    pub position: RwSignal<Option<Position>>,
    /// How the page is connected.
    pub connection: RwSignal<Option<Connection>>,
    /// Whether the clinician's page is there.
    pub presence: RwSignal<Option<Presence>>,
    /// The clinician is writing.
    pub typing: RwSignal<bool>,
    /// Messages on their way.
    pub pending: RwSignal<Vec<Pending>>,
    /// There is something new below what is being read.
    pub unseen: RwSignal<bool>,
}

impl Visit {
    /// From the model.
    #[must_use]
    pub fn new(now: At, ticket: &TicketPage, live: &LivePage) -> Self {
        let thread = RwSignal::new(Thread::of(&live.events));
        Self {
            consultation: ticket.consultation,
            path: StoredValue::new(ticket.path.clone()),
            now,
            thread,
            stage: Memo::new(move |_| thread.with(|thread| Stage::of(&thread.standing))),
            position: RwSignal::new(live.position),
            connection: RwSignal::new(None),
            presence: RwSignal::new(None),
            typing: RwSignal::new(false),
            pending: RwSignal::new(Vec::new()),
            unseen: RwSignal::new(false),
        }
    }

    /// How the family addresses the clinician, while there is one.
    #[must_use]
    pub fn clinician(&self) -> Option<String> {
        self.thread.with(|thread| match &thread.standing {
            Standing::Claimed(staff) => Some(staff.addressed()),
            _ => None,
        })
    }
}
