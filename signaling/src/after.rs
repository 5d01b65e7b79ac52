//! After a consultation: the question on the day after, what a supervisor has to look after, concerns for somebody's safety,
//! and what is handed to the city's public-health nurse.
//!
//! Here are the words and the hours. What they do to a consultation is [`crate::consultation`]'s; who reads a concern is
//! `consultation/project.rs`.

use crate::{
    intake::coded,
    time::{At, Millis},
};

coded!(
    /// How it goes on the day after, by the family's one tap.
    private Feeling {
        Better = "better", "良くなった";
        Same = "same", "かわらない";
        Worse = "worse", "悪くなった";
    }
);

coded!(
    /// Why a supervisor has something to look after.
    TaskKind {
        Concern = "concern", "気になる（安全の確認）";
        Dissatisfied = "dissatisfied", "「そう思わない」の回答";
        Referral = "referral", "保健師への紹介";
    }
);

coded!(
    /// What was decided about a concern. Always a person's judgement (児童虐待防止法 6条: whoever finds a child that is thought to be
    /// maltreated notifies promptly; secrecy does not stand against it).
    private ConcernDecision {
        Consult = "consult", "監督者と話し合う";
        Notify = "notify", "通告する";
        Watch = "watch", "市と情報を共有して見守る";
        NoNotice = "no_notice", "通告しない（理由を書く）";
    }
);

coded!(
    /// Who was notified.
    private Authority {
        ChildGuidance = "child_guidance", "児童相談所（189）";
        City = "city", "市のこども家庭センター";
        Welfare = "welfare", "福祉事務所";
        Police = "police", "警察（110）";
        Medical = "medical", "医療機関";
    }
);

impl TaskKind {
    /// Within which time a supervisor is to have dealt with it. A concern for somebody's safety is a matter of minutes; an
    /// unhappy family and a referral are one of the next working days.
    #[must_use]
    pub fn within(self) -> Millis {
        match self {
            Self::Concern => Millis::minutes(15),
            Self::Dissatisfied => Millis::days(7),
            Self::Referral => Millis::days(3),
        }
    }
}

impl TaskKind {
    /// Whether a supervisor's page sounds until somebody takes it: what is a matter of minutes.
    #[must_use]
    pub fn sounds(self) -> bool {
        self.within() < Millis::hours(1)
    }
}

/// The hour at which families are asked how it goes, and reminded: nobody sleeps any more, and the day is ahead.
const MORNING: Millis = Millis::hours(10);
/// A question that comes sooner than this asks about nothing yet.
const AT_LEAST: Millis = Millis::hours(8);

/// The morning of 「明日」 as a family at night means it: at half past midnight the one that comes in some hours.
#[must_use]
pub fn tomorrow_morning(now: At) -> At {
    let today = At::start_of(now.date()) + MORNING;
    let mut morning = today;
    while morning.0 < now.0 + AT_LEAST.0 {
        morning = morning + Millis::days(1);
    }
    morning
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22 00:00 in the city.
    fn midnight() -> At {
        At::start_of(time::Date::from_calendar_date(2026, time::Month::November, 22).expect("a date"))
    }

    #[test]
    fn tomorrow_is_the_next_morning_that_is_some_hours_away() {
        let asked = |hours: i64, minutes: i64| {
            let now = midnight() + Millis::hours(hours) + Millis::minutes(minutes);
            let at = tomorrow_morning(now);
            (at.date().day(), at.clock())
        };
        assert_eq!(asked(19, 42), (23, "10:00".to_owned()));
        assert_eq!(
            asked(0, 30),
            (22, "10:00".to_owned()),
            "the night of a day is its morning's"
        );
        assert_eq!(asked(2, 0), (22, "10:00".to_owned()));
        assert_eq!(asked(2, 1), (23, "10:00".to_owned()));
        assert_eq!(asked(9, 0), (23, "10:00".to_owned()));
        assert_eq!(asked(23, 59), (23, "10:00".to_owned()));
    }

    #[test]
    fn a_concern_is_a_matter_of_minutes() {
        assert_eq!(TaskKind::Concern.within(), Millis::minutes(15));
        let sound = TaskKind::ALL.iter().filter(|kind| kind.sounds());
        assert_eq!(sound.collect::<Vec<_>>(), [&TaskKind::Concern]);
        assert!(
            TaskKind::ALL
                .iter()
                .all(|kind| kind.within() >= TaskKind::Concern.within())
        );
    }
}
