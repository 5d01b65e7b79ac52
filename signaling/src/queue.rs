//! The order in which families are called, and what they are told about it.
//!
//! The rank is a constant key made from events, `first unanswered message's time − head start of the class`, so it never
//! moves by itself, can be indexed, and starves nobody: a later family of a higher class passes only while its wait is
//! shorter than the head start allows.
//!
//! Both services stand in this one order. Who waits live sits there and waits; who asked outside of the hours was promised
//! an answer by a time, and counts as having come shortly before that time ([`BEFORE_PROMISE`]). Red and yellow do not wait
//! for a promise. Server and desk call by [`call_order`] and ask for a reason by [`passes_somebody`].

use crate::{
    actor::Staff,
    check::{Cause, Light},
    consultation::{Case, Stage},
    id::{ConsultationId, Seq},
    intake::{Complaint, Mode, Service},
    time::{At, Millis},
    triage::Acuity,
};
use serde::{Deserialize, Serialize};

/// How much earlier a class is treated as having come. Red passes everybody who has waited less than a day: nobody waits
/// that long. The others were chosen so that a white consultation is passed for half an hour at most.
#[must_use]
pub fn head_start(acuity: Acuity) -> Millis {
    match acuity {
        Acuity::Red => Millis::days(1),
        Acuity::Yellow => Millis::minutes(30),
        Acuity::Green => Millis::minutes(10),
        Acuity::White => Millis(0),
    }
}

/// The place in the queue: lower is called earlier. Ties are broken by the consultation's id, which is made in time order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rank(pub i64);

/// How long before its promised answer an anytime consultation stands among those who wait live, as if it had come then.
/// Two hours are enough for the queue of an evening, and short enough that those who wait live are hardly ever passed.
pub const BEFORE_PROMISE: Millis = Millis::hours(2);

/// The rank of a waiting consultation; nothing for one that does not wait.
#[must_use]
pub fn rank(case: &Case) -> Option<Rank> {
    let Stage::Waiting { .. } = case.stage else { return None };
    let asked_at = case.unanswered_since.unwrap_or(case.requested_at);
    let counts_from = match (case.reply_within, case.acuity) {
        (Some(within), Acuity::Green | Acuity::White) => asked_at + Millis((within.0 - BEFORE_PROMISE.0).max(0)),
        _ => asked_at,
    };
    Some(Rank(counts_from.0 - head_start(case.acuity).0))
}

/// Somebody who waits, as far as the order goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which consultation.
    pub consultation: ConsultationId,
    /// Where it stands.
    pub rank: Rank,
    /// Its class.
    pub acuity: Acuity,
    /// Whether it waits live, or for an answer at any time.
    pub service: Service,
}

impl Place {
    /// With what the order does not know: whether a page of the family is connected.
    #[must_use]
    pub fn caller(&self, is_connected: bool) -> Caller {
        Caller {
            consultation: self.consultation,
            service: self.service,
            is_connected,
        }
    }
}

/// Why a row stands where it stands (なぜこの順番か).
#[must_use]
pub fn reason(service: Service, acuity: Acuity) -> &'static str {
    match (service, acuity) {
        (_, Acuity::Red) => "赤は先頭です。",
        (_, Acuity::Yellow) => "黄は30分早く着いたものとして並びます。",
        (Service::Night, Acuity::Green) => "緑は10分早く着いたものとして並びます。",
        (Service::Night, Acuity::White) => "着いた順に並びます。",
        (Service::Anytime, _) => "返事の期限の2時間前に着いたものとして並びます。",
    }
}

/// Somebody who waits, and whether their page is connected, seen or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Which consultation.
    pub consultation: ConsultationId,
    /// Through which service.
    pub service: Service,
    /// Whether a page of the family is connected.
    pub is_connected: bool,
}

impl Caller {
    /// Whether it can be called now. An anytime consultation is answered in writing: nobody has to be there for it.
    #[must_use]
    pub fn can_be_called(&self) -> bool {
        self.is_connected || self.service == Service::Anytime
    }
}

/// Whom 「次の方」 takes, and whom instead if that one has just gone: by rank, over those who can be called; over all while
/// nobody's page is connected. `waiting` comes in order of rank.
#[must_use]
pub fn call_order(waiting: &[Caller]) -> Vec<ConsultationId> {
    let somebody_is_there = waiting.iter().any(|caller| caller.is_connected);
    waiting
        .iter()
        .filter(|caller| !somebody_is_there || caller.can_be_called())
        .map(|caller| caller.consultation)
        .collect()
}

/// Whether taking somebody passes one of those `before` it who can be called: that needs a reason. 「次の方」 never does.
pub fn passes_somebody(before: impl IntoIterator<Item = Caller>) -> bool {
    before.into_iter().any(|caller| caller.can_be_called())
}

/// Whether the family's page is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// A page is open and visible.
    Here,
    /// A page is open, the screen shows something else or is locked.
    Hidden,
    /// No page is connected.
    Away,
}

impl Presence {
    /// The words at the desk.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Here => "在室",
            Self::Hidden => "画面を閉じています",
            Self::Away => "接続が切れています",
        }
    }
}

/// A row of the desk's queue.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueRow {
    /// Which consultation.
    pub consultation: ConsultationId,
    /// The number of the last event that the row reflects.
    pub seq: Seq,
    /// Place; rows sort by it. Nothing for a claimed row.
    pub rank: Option<Rank>,
    /// Class.
    pub acuity: Acuity,
    /// Through which service.
    pub service: Service,
    /// How they want to talk.
    pub mode: Mode,
    /// Listen and type.
    pub quiet: bool,
    /// 「2歳3か月」.
    pub subject: String,
    /// What it is about.
    pub complaints: Vec<Complaint>,
    /// The beginning of the family's own words.
    pub worry: String,
    /// Rules that fired.
    pub flags: Vec<String>,
    /// When the intake was sent.
    pub requested_at: At,
    /// The first message that nobody has answered.
    pub unanswered_since: Option<At>,
    /// When the promised answer is due; for anytime consultations only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_by: Option<At>,
    /// Been here before.
    pub returning: bool,
    /// Is the page there?
    pub presence: Presence,
    /// The last check of the family's device: the colour and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<(Light, Cause)>,
    /// Who has it.
    pub claimed_by: Option<Staff>,
    /// The second clinician of its call, asked or seated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colleague: Option<crate::id::StaffId>,
}

impl QueueRow {
    /// The row as the order knows it.
    #[must_use]
    pub fn caller(&self) -> Caller {
        Caller {
            consultation: self.consultation,
            service: self.service,
            is_connected: self.presence != Presence::Away,
        }
    }
}

crate::redacted_debug!(QueueRow {
    consultation,
    seq,
    rank,
    acuity,
    presence,
    claimed_by
});

/// What a family is told about its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// How many wait before it.
    pub ahead: u32,
    /// Lower end of the estimate in whole minutes; nothing, like the upper end, while no clinician's desk is open: then nobody
    /// knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_minutes: Option<u32>,
    /// Upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_minutes: Option<u32>,
}

impl Position {
    /// 「約10〜20分」.
    #[must_use]
    pub fn estimate_text(self) -> String {
        match (self.from_minutes, self.to_minutes) {
            (_, Some(..=5)) => "まもなく".to_owned(),
            (Some(from), Some(to)) => format!("約{from}〜{to}分"),
            _ => "担当者が席につきしだい".to_owned(),
        }
    }
}

/// What a consultation takes where too few were measured: ten minutes, an assumption that a desk's first evenings replace.
pub const USUAL_SERVICE_SECONDS: u32 = 600;
/// Over which time consultations are measured: four weeks have every day of the week alike.
pub const SERVICE_MEASURED_OVER: Millis = Millis::days(28);
/// Fewer measured consultations than this say nothing: one long evening would be half of them.
const SERVICES_LEAST: usize = 10;

/// What a consultation takes: the median of those measured (seconds from the first claim to the end), or
/// [`USUAL_SERVICE_SECONDS`] while there are fewer than ten. A median, because a clinician who closes the next morning is no
/// reason to tell everybody an hour.
#[must_use]
pub fn usual_service_seconds(mut measured: Vec<u32>) -> u32 {
    if measured.len() < SERVICES_LEAST {
        return USUAL_SERVICE_SECONDS;
    }
    let middle = measured.len() / 2;
    *measured.select_nth_unstable(middle).1
}

/// The estimate from how long recent consultations took (`service_seconds`, median) and how many clinicians serve. The
/// range is wide on purpose and rounded to five minutes: an exact figure would promise what nobody can keep.
#[must_use]
pub fn position(ahead: u32, service_seconds: u32, clinicians_on_duty: u32) -> Position {
    let minutes = (clinicians_on_duty > 0).then(|| {
        let service_minutes = f64::from(service_seconds.clamp(60, 3600)) / 60.0;
        let middle = f64::from(ahead) * service_minutes / f64::from(clinicians_on_duty);
        let from_minutes = to_five(middle * 0.7);
        (from_minutes, to_five(middle * 1.4).max(from_minutes + 5))
    });
    Position {
        ahead,
        from_minutes: minutes.map(|(from, _)| from),
        to_minutes: minutes.map(|(_, to)| to),
    }
}

fn to_five(minutes: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small and not negative"
    )]
    let steps = (minutes / 5.0).round() as u32;
    steps * 5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(number: u128, service: Service, is_connected: bool) -> Caller {
        let consultation = ConsultationId(uuid::Uuid::from_u128(number));
        Caller {
            consultation,
            service,
            is_connected,
        }
    }

    fn called(waiting: &[Caller]) -> Vec<u128> {
        call_order(waiting).into_iter().map(|id| id.0.as_u128()).collect()
    }

    #[test]
    fn next_takes_the_first_that_can_be_called_and_nobody_has_to_be_there_for_an_anytime_consultation() {
        use Service::{Anytime, Night};
        let gone = caller(1, Night, false);
        let (near, there, far) = (
            caller(2, Anytime, false),
            caller(3, Night, true),
            caller(4, Anytime, false),
        );
        assert_eq!(called(&[gone, near, there, far]), [2, 3, 4]);
        assert_eq!(called(&[gone, far]), [1, 4], "nobody is there: the first at all");
        assert_eq!(called(&[]), [0; 0]);
    }

    #[test]
    fn next_passes_nobody_and_whoever_passes_somebody_that_can_be_called_says_why() {
        use Service::{Anytime, Night};
        // Every queue of up to five: who is there, and through which service.
        for length in 0..=5_u32 {
            for kinds in 0..4_u32.pow(length) {
                let waiting: Vec<Caller> = (0..length)
                    .map(|place| {
                        let kind = kinds / 4_u32.pow(place) % 4;
                        let service = if kind < 2 { Night } else { Anytime };
                        caller(u128::from(place), service, kind % 2 == 0)
                    })
                    .collect();
                let Some(first) = call_order(&waiting).first().copied() else {
                    continue;
                };
                let before = waiting.iter().copied().take_while(|one| one.consultation != first);
                assert!(!passes_somebody(before), "{waiting:?}");
            }
        }
        assert!(passes_somebody([caller(1, Night, true)]));
        assert!(passes_somebody([caller(1, Anytime, false)]));
        assert!(
            !passes_somebody([caller(1, Night, false)]),
            "whoever is away cannot be called"
        );
    }

    #[test]
    fn a_desk_without_a_history_says_ten_minutes_a_family_and_one_with_says_its_median() {
        assert_eq!(usual_service_seconds(vec![1_800; 9]), USUAL_SERVICE_SECONDS);
        assert_eq!(usual_service_seconds(vec![1_800; 10]), 1_800);
        let mut night = vec![900; 8];
        night.extend([30, 60, 40_000, 50_000]);
        assert_eq!(usual_service_seconds(night), 900, "what lies far out moves nothing");
    }

    #[test]
    fn a_family_behind_one_other_is_told_a_range_around_what_consultations_take() {
        let told = |service_seconds| position(1, service_seconds, 1).estimate_text();
        assert_eq!(told(USUAL_SERVICE_SECONDS), "約5〜15分");
        assert_eq!(told(900), "約10〜20分");
        assert_eq!(told(1_800), "約20〜40分");
    }

    #[test]
    fn while_nobody_is_on_duty_no_wait_is_invented() {
        for ahead in [0, 1, 40] {
            let told = position(ahead, 600, 0);
            assert_eq!(told.estimate_text(), "担当者が席につきしだい");
            assert_eq!((told.ahead, told.from_minutes, told.to_minutes), (ahead, None, None));
        }
    }

    #[test]
    fn the_estimate_is_a_range_in_steps_of_five_minutes() {
        assert_eq!(position(0, 600, 1).estimate_text(), "まもなく");
        assert_eq!(position(2, 600, 1).estimate_text(), "約15〜30分");
        assert_eq!(position(2, 600, 2).estimate_text(), "約5〜15分");
    }
}
