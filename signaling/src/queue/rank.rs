//! The constant key by which families are called, and why a row stands where it stands.
//!
//! Promises: the order is total (ties are broken by the id, which is made in time order), stable (a rank is made of facts of
//! its own consultation, so neither time nor anybody else's coming moves it) and starves nobody
//! ([`HeadStarts::passed_for`] bounds how much later somebody may come and still be called first).
//!
//! The head starts are values, so that `make sim` holds the desk's own rule against others: no head start at all is plain
//! first come, first served; endless ones are strict priority. ARCHITECTURE.md shows the table.

use crate::{
    appointment,
    consultation::{Case, Stage},
    intake::Service,
    time::{At, Millis},
    triage::Acuity,
};
use serde::{Deserialize, Serialize};

/// The place in the queue: lower is called earlier. Ties are broken by the consultation's id, which is made in time order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rank(pub i64);

/// How much earlier than it came each class is treated as having come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadStarts {
    /// 赤.
    pub red: Millis,
    /// 黄.
    pub yellow: Millis,
    /// 緑.
    pub green: Millis,
    /// 白.
    pub white: Millis,
}

/// The desk's own. Red passes everybody who has waited less than a day: nobody waits that long. The others are the smallest
/// with which, in the simulated rush of a holiday (ARCHITECTURE.md, "queue"), all but one in twenty yellow ones wait at most
/// ten minutes longer than under strict priority, and green ones no longer than first come, first served. So a white
/// consultation is passed by those who come within the next hour, and by nobody after them.
pub const HEAD_STARTS: HeadStarts = HeadStarts {
    red: Millis::days(1),
    yellow: Millis::minutes(60),
    green: Millis::minutes(20),
    white: Millis(0),
};

/// How long before its promised answer an anytime consultation stands among those who wait live, as if it had come then.
/// Two hours are enough for the queue of an evening, and short enough that those who wait live are hardly ever passed.
pub const BEFORE_PROMISE: Millis = Millis::hours(2);

impl HeadStarts {
    /// Of this class.
    #[must_use]
    pub fn of(self, acuity: Acuity) -> Millis {
        match acuity {
            Acuity::Red => self.red,
            Acuity::Yellow => self.yellow,
            Acuity::Green => self.green,
            Acuity::White => self.white,
        }
    }

    /// The rank of somebody whose first unanswered message came at `asked_at`; `reply_within` where an answer was promised
    /// within that time. Red and yellow do not wait for a promise.
    #[must_use]
    pub fn rank(self, acuity: Acuity, asked_at: At, reply_within: Option<Millis>) -> Rank {
        let counts_from = match (reply_within, acuity) {
            (Some(within), Acuity::Green | Acuity::White) => asked_at + Millis((within.0 - BEFORE_PROMISE.0).max(0)),
            _ => asked_at,
        };
        Rank(counts_from.0 - self.of(acuity).0)
    }

    /// Among those who wait live: how much later than somebody of class `mine` one of class `theirs` may come and still be
    /// called first. Whoever comes later than that never passes, however many they are.
    #[must_use]
    pub fn passed_for(self, mine: Acuity, theirs: Acuity) -> Millis {
        Millis((self.of(theirs).0 - self.of(mine).0).max(0))
    }
}

/// How much earlier a class is treated as having come.
#[must_use]
pub fn head_start(acuity: Acuity) -> Millis {
    HEAD_STARTS.of(acuity)
}

/// The rank of a waiting consultation; nothing for one that does not wait.
#[must_use]
pub fn rank(case: &Case) -> Option<Rank> {
    matches!(case.stage, Stage::Waiting { .. }).then(|| standing(case))
}

/// The rank that it has while it waits, or had when it was taken.
#[must_use]
pub fn standing(case: &Case) -> Rank {
    if let Some(appointment) = case.appointment.filter(|one| one.kept) {
        return appointment::rank(case.acuity, appointment.slot);
    }
    let asked_at = case.unanswered_since.unwrap_or(case.came_at());
    HEAD_STARTS.rank(case.acuity, asked_at, case.reply_within)
}

/// The rule by which a class stands where it stands (なぜこの順番か).
#[must_use]
pub fn reason(service: Service, acuity: Acuity) -> &'static str {
    match (service, acuity) {
        (_, Acuity::Red) => "赤は先頭です。",
        (_, Acuity::Yellow) => "黄は60分早く着いたものとして並びます。",
        (Service::Night, Acuity::Green) => "緑は20分早く着いたものとして並びます。",
        (Service::Night, Acuity::White) => "着いた順に並びます。",
        (Service::Anytime, _) => "返事の期限の2時間前に着いたものとして並びます。",
    }
}

/// Why this row stands where it stands: the rule, and what it makes of this one. 「19:12に着き、18:12に着いたものとして
/// 並んでいます。」 A place that counts from a later message than the intake, or from a promise, says so.
#[must_use]
pub fn explanation(
    service: Service,
    acuity: Acuity,
    (requested_at, unanswered_since): (At, Option<At>),
    rank: Rank,
) -> String {
    let rule = reason(service, acuity);
    if acuity == Acuity::Red {
        return rule.to_owned();
    }
    let asked_at = unanswered_since.unwrap_or(requested_at);
    let counts_as = At(rank.0);
    let came = if asked_at == requested_at {
        format!("{}に着き", spoken(asked_at, counts_as))
    } else {
        format!("返事を待つ最初のメッセージが{}に届き", spoken(asked_at, counts_as))
    };
    if counts_as == asked_at {
        return format!("{rule}{came}ました。");
    }
    format!(
        "{rule}{came}、{}に着いたものとして並んでいます。",
        spoken(counts_as, asked_at)
    )
}

/// 「19:12」; with the day where the other instant is on another day.
fn spoken(at: At, beside: At) -> String {
    let date = at.date();
    if date == beside.date() {
        return at.clock();
    }
    format!("{}月{}日 {}", u8::from(date.month()), date.day(), at.clock())
}

#[cfg(test)]
mod tests;
