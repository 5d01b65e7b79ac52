//! What the column shows of the queue, computed from the rows that arrived: order, waits, who would be passed.
//!
//! Pure. Rows carry the number of the last event that they reflect, so one that arrives late changes nothing.

use signaling::{
    actor::Staff,
    id::{ConsultationId, Seq},
    intake::Service,
    protocol::QueueView,
    queue::{self, Presence, QueueRow},
    time::At,
    triage::Acuity,
};
use std::collections::BTreeMap;

/// The queue as this page knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Waiting and claimed rows, in no particular order.
    pub rows: Vec<QueueRow>,
    /// How many wait in each class, also beyond the window that was sent.
    pub waiting: Vec<(Acuity, u32)>,
    /// Rows that went, with the number of their last event: an older row of the same consultation is stale.
    gone: BTreeMap<ConsultationId, Seq>,
    /// The number of the last frame.
    number: u64,
}

/// How a numbered frame of the queue goes on from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is what comes next.
    Next,
    /// The queue holds what it says.
    Known,
    /// One was lost before it.
    Gap,
}

impl From<QueueView> for Queue {
    fn from(view: QueueView) -> Self {
        Self {
            rows: view.rows,
            waiting: view.waiting,
            gone: BTreeMap::new(),
            number: view.number,
        }
    }
}

impl Queue {
    /// The row of a consultation.
    #[must_use]
    pub fn row(&self, consultation: ConsultationId) -> Option<&QueueRow> {
        self.rows.iter().find(|row| row.consultation == consultation)
    }

    /// A frame with this number has come.
    pub fn step(&mut self, number: u64) -> Step {
        let step = match number.checked_sub(self.number) {
            None | Some(0) => return Step::Known,
            Some(1) => Step::Next,
            Some(_) => Step::Gap,
        };
        self.number = number;
        step
    }

    /// Whether the server has told more than has come.
    #[must_use]
    pub fn is_behind(&self, number: u64) -> bool {
        number > self.number
    }

    /// A row is new or changed.
    pub fn put(&mut self, row: QueueRow, waiting: Vec<(Acuity, u32)>) {
        if self.gone.get(&row.consultation).is_some_and(|last| row.seq <= *last) {
            return;
        }
        self.waiting = waiting;
        match self
            .rows
            .iter_mut()
            .find(|known| known.consultation == row.consultation)
        {
            Some(known) if known.seq > row.seq => {}
            Some(known) => *known = row,
            None => self.rows.push(row),
        }
    }

    /// A row is gone.
    pub fn remove(&mut self, consultation: ConsultationId, seq: Seq, waiting: Vec<(Acuity, u32)>) {
        if self.row(consultation).is_some_and(|row| row.seq > seq) {
            return;
        }
        self.waiting = waiting;
        self.gone.insert(consultation, seq);
        self.rows.retain(|row| row.consultation != consultation);
    }

    /// The family's page came or went, told by a watched consultation before the row itself is sent again.
    pub fn set_presence(&mut self, consultation: ConsultationId, presence: Presence) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.consultation == consultation) {
            row.presence = presence;
        }
    }
}

/// The lists of the column, each in the order in which it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    /// Whoever waits, of either service: by rank. It is the one order in which 「次の方」 takes them.
    pub waiting: Vec<ConsultationId>,
    /// Taken: longest first.
    pub claimed: Vec<ConsultationId>,
    /// Booked for later: the nearest first.
    pub booked: Vec<ConsultationId>,
}

/// Sorts the rows into their lists.
#[must_use]
pub fn lists(queue: &Queue) -> Lists {
    let waiting = in_order(queue).into_iter().map(|row| row.consultation).collect();
    let mut claimed: Vec<&QueueRow> = queue.rows.iter().filter(|row| row.claimed_by.is_some()).collect();
    claimed.sort_by_key(|row| (row.requested_at, row.consultation));
    let mut booked: Vec<&QueueRow> = queue.rows.iter().filter(|row| row.is_booked()).collect();
    booked.sort_by_key(|row| (row.appointment, row.consultation));
    Lists {
        waiting,
        claimed: claimed.into_iter().map(|row| row.consultation).collect(),
        booked: booked.into_iter().map(|row| row.consultation).collect(),
    }
}

/// Whoever was promised an answer and has none yet, taken or not: by deadline.
#[must_use]
pub fn promised(queue: &Queue) -> Vec<ConsultationId> {
    let mut rows: Vec<&QueueRow> = queue.rows.iter().filter(|row| row.reply_by.is_some()).collect();
    rows.sort_by_key(|row| (row.reply_by, row.consultation));
    rows.into_iter().map(|row| row.consultation).collect()
}

fn in_order(queue: &Queue) -> Vec<&QueueRow> {
    let mut rows: Vec<&QueueRow> = queue.rows.iter().filter(|row| row.waits()).collect();
    rows.sort_by_key(|row| (row.rank, row.consultation));
    rows
}

/// Whether taking this consultation asks for a reason, by the server's rule: it waits for somebody else, or somebody is passed who
/// stands above it, can be called, and waits for nobody else. Above one that is booked for later stands everybody who waits.
#[must_use]
pub fn needs_reason(queue: &Queue, consultation: ConsultationId, me: &Staff) -> bool {
    let above = in_order(queue)
        .into_iter()
        .take_while(|before| before.consultation != consultation)
        .filter(|before| before.is_for(me));
    queue.row(consultation).is_some_and(|row| {
        row.claimed_by.is_none() && (!row.is_for(me) || queue::passes_somebody(above.map(QueueRow::caller)))
    })
}

/// Whom colleagues ask this clinician to take over, longest first.
#[must_use]
pub fn asked(queue: &Queue, me: &Staff) -> Vec<ConsultationId> {
    let mut rows: Vec<&QueueRow> = queue.rows.iter().filter(|row| row.asks(me)).collect();
    rows.sort_by_key(|row| (row.requested_at, row.consultation));
    rows.into_iter().map(|row| row.consultation).collect()
}

/// The place of a waiting consultation in its list, from 1.
#[must_use]
pub fn place(queue: &Queue, consultation: ConsultationId) -> Option<usize> {
    in_order(queue)
        .iter()
        .position(|one| one.consultation == consultation)
        .map(|index| index + 1)
}

/// How many wait, those beyond the window included.
#[must_use]
pub fn waiting_count(queue: &Queue) -> usize {
    queue.rows.iter().filter(|row| row.waits()).count() + beyond_window(queue)
}

/// How many wait that were not sent as rows.
#[must_use]
pub fn beyond_window(queue: &Queue) -> usize {
    let counted: usize = queue.waiting.iter().map(|(_, count)| *count as usize).sum();
    counted.saturating_sub(queue.rows.iter().filter(|row| row.waits()).count())
}

/// How many are being served.
#[must_use]
pub fn claimed_count(queue: &Queue) -> usize {
    queue.rows.iter().filter(|row| row.claimed_by.is_some()).count()
}

/// The longest wait of those who wait live in seconds; nothing when nobody does.
#[must_use]
pub fn longest_wait_seconds(queue: &Queue, now: At) -> Option<i64> {
    queue
        .rows
        .iter()
        .filter(|row| row.waits() && row.service == Service::Night)
        .map(|row| now.seconds_since(row.came_at()))
        .max()
}

/// Steps of a wait. Each has a colour, and the figure beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitStep {
    /// Under ten minutes.
    Fresh,
    /// From ten.
    Ten,
    /// From twenty.
    Twenty,
    /// From thirty.
    Thirty,
}

impl WaitStep {
    /// The step of a wait in seconds.
    #[must_use]
    pub fn of(waited_seconds: i64) -> Self {
        match waited_seconds / 60 {
            ..10 => Self::Fresh,
            10..20 => Self::Ten,
            20..30 => Self::Twenty,
            _ => Self::Thirty,
        }
    }

    /// The step of an answer that is due: as the promise comes near, and when it is over.
    #[must_use]
    pub fn of_promise(reply_by: At, now: At) -> Self {
        match reply_by.0 - now.0 {
            ..0 => Self::Thirty,
            left if left < queue::BEFORE_PROMISE.0 => Self::Twenty,
            _ => Self::Fresh,
        }
    }

    /// Class of the style sheet.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Fresh => "wait num",
            Self::Ten => "wait num wait-10",
            Self::Twenty => "wait num wait-20",
            Self::Thirty => "wait num wait-30",
        }
    }
}

/// `02:10`, from an hour on 「1時間05分」, from a day on 「1日2時間」.
#[must_use]
pub fn wait_text(waited_seconds: i64) -> String {
    let (minutes, seconds) = (waited_seconds / 60, waited_seconds % 60);
    match minutes {
        ..60 => format!("{minutes:02}:{seconds:02}"),
        60..1440 => format!("{}時間{:02}分", minutes / 60, minutes % 60),
        _ => format!("{}日{}時間", minutes / 1440, minutes % 1440 / 60),
    }
}

/// When an appointment begins: 「あと25分」, 「あと3時間」, 「あと2日」.
#[must_use]
pub fn until_text(slot: At, now: At) -> String {
    // A minute that has begun is one.
    match (slot.seconds_since(now) + 59) / 60 {
        0 => "まもなく".to_owned(),
        minutes @ ..60 => format!("あと{minutes}分"),
        minutes @ 60..1440 => format!("あと{}時間", minutes / 60),
        minutes => format!("あと{}日", minutes / 1440),
    }
}

#[cfg(test)]
pub(crate) mod tests;
