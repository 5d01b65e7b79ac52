//! The order held against every queue that chance makes: total, stable, and nobody starves.

use super::*;
use crate::{
    id::ConsultationId,
    queue::{Place, call_order},
};
use proptest::prelude::*;
use uuid::Uuid;

const DAY_MS: i64 = 86_400_000;

/// Somebody who comes: when, in which class, through which service.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    at: At,
    acuity: Acuity,
    reply_within: Option<Millis>,
}

impl Arrival {
    fn place(self, number: usize) -> Place {
        Place {
            consultation: ConsultationId(Uuid::from_u128(number as u128)),
            rank: HEAD_STARTS.rank(self.acuity, self.at, self.reply_within),
            acuity: self.acuity,
            service: if self.reply_within.is_some() {
                Service::Anytime
            } else {
                Service::Night
            },
            meant_for: None,
        }
    }
}

fn acuities() -> impl Strategy<Value = Acuity> {
    proptest::sample::select(Acuity::ALL.to_vec())
}

fn arrivals(within_ms: i64) -> impl Strategy<Value = Arrival> {
    let promises = prop_oneof![3 => Just(None), 1 => (0..48_i64).prop_map(|hours| Some(Millis::hours(hours)))];
    (0..within_ms, acuities(), promises).prop_map(|(at, acuity, reply_within)| Arrival {
        at: At(at),
        acuity,
        reply_within,
    })
}

fn live(within_ms: i64) -> impl Strategy<Value = Arrival> {
    arrivals(within_ms).prop_map(|one| Arrival {
        reply_within: None,
        ..one
    })
}

fn places(arrivals: &[Arrival]) -> Vec<Place> {
    arrivals
        .iter()
        .enumerate()
        .map(|(number, one)| one.place(number))
        .collect()
}

fn sorted(mut places: Vec<Place>) -> Vec<Place> {
    places.sort_by_key(Place::key);
    places
}

/// Calls one after the other, while others still come: every `service_ms` the first of those who are there.
fn called(arrivals: &[Arrival], service_ms: i64) -> Vec<Place> {
    let mut coming = places(arrivals);
    coming.sort_by_key(|place| arrivals[place.consultation.0.as_u128() as usize].at);
    let (mut waiting, mut done, mut now) = (Vec::new(), Vec::new(), At(0));
    while !coming.is_empty() || !waiting.is_empty() {
        let there = coming.partition_point(|place| arrivals[place.consultation.0.as_u128() as usize].at <= now);
        waiting.extend(coming.drain(..there));
        waiting.sort_by_key(Place::key);
        let callers: Vec<_> = waiting.iter().map(|place| place.caller(true)).collect();
        if let Some(first) = call_order(&callers).first() {
            let index = waiting.iter().position(|place| place.consultation == *first);
            done.push(waiting.remove(index.expect("it waits")));
        }
        now = now + Millis(service_ms);
    }
    done
}

proptest! {
    #[test]
    fn any_two_families_have_one_order_whoever_sorts_them_and_from_whatever_beginning(
        (all, shuffled) in prop::collection::vec(arrivals(DAY_MS), 1..40)
            .prop_map(|all| places(&all))
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
    ) {
        let order = sorted(all);
        prop_assert_eq!(&sorted(shuffled), &order);
        for pair in order.windows(2) {
            prop_assert!(pair[0].key() < pair[1].key(), "no two share a place");
        }
    }

    #[test]
    fn nobody_who_comes_or_goes_moves_two_others_against_each_other(
        before in prop::collection::vec(arrivals(DAY_MS), 2..20),
        more in prop::collection::vec(arrivals(DAY_MS), 0..20),
        left in any::<prop::sample::Index>(),
    ) {
        let order: Vec<_> = sorted(places(&before)).into_iter().map(|place| place.consultation).collect();
        let all: Vec<Arrival> = before.iter().chain(&more).copied().collect();
        let mut grown = sorted(places(&all));
        grown.remove(left.index(grown.len()));
        let still: Vec<_> = grown
            .into_iter()
            .map(|place| place.consultation)
            .filter(|id| id.0.as_u128() < before.len() as u128)
            .collect();
        let expected: Vec<_> = order.into_iter().filter(|id| still.contains(id)).collect();
        prop_assert_eq!(still, expected);
    }

    #[test]
    fn whoever_comes_later_passes_only_while_the_head_start_allows(
        (first, second) in (live(DAY_MS), live(3 * DAY_MS))
    ) {
        prop_assume!(second.at > first.at);
        let passes = second.place(1).key() < first.place(0).key();
        let allowed = HEAD_STARTS.passed_for(first.acuity, second.acuity);
        prop_assert_eq!(passes, second.at.0 - first.at.0 < allowed.0);
    }

    #[test]
    fn in_an_evening_that_never_ends_a_family_is_passed_by_no_more_than_came_within_the_head_start(
        evening in prop::collection::vec(live(4 * 3_600_000), 1..60),
        service_minutes in 1..30_i64,
    ) {
        let order = called(&evening, service_minutes * 60_000);
        prop_assert_eq!(order.len(), evening.len(), "everybody is called");
        for (turn, place) in order.iter().enumerate() {
            let mine = evening[place.consultation.0.as_u128() as usize];
            let later = order[..turn].iter().map(|before| evening[before.consultation.0.as_u128() as usize]);
            let passed = later.filter(|theirs| theirs.at > mine.at).count();
            let may_pass = evening.iter().filter(|theirs| {
                let later_by = theirs.at.0 - mine.at.0;
                later_by > 0 && later_by < HEAD_STARTS.passed_for(mine.acuity, theirs.acuity).0
            });
            prop_assert!(passed <= may_pass.count());
        }
    }
}

#[test]
fn with_no_head_starts_the_order_is_first_come_first_served_and_with_endless_ones_strict_priority() {
    let none = HeadStarts {
        red: Millis(0),
        yellow: Millis(0),
        green: Millis(0),
        white: Millis(0),
    };
    let (early, late) = (At(0), At(DAY_MS));
    assert!(none.rank(Acuity::White, early, None) < none.rank(Acuity::Red, late, None));
    let strict = HeadStarts {
        yellow: Millis::days(1_000),
        ..none
    };
    assert!(strict.rank(Acuity::Yellow, late, None) < strict.rank(Acuity::White, early, None));
}

/// 2026-11-22 19:12 in the city.
const AT_1912: At = At(1_795_342_320_000);

fn explained(service: Service, acuity: Acuity, since: Option<At>, within: Option<Millis>) -> String {
    let rank = HEAD_STARTS.rank(acuity, since.unwrap_or(AT_1912), within);
    explanation(service, acuity, (AT_1912, since), rank)
}

#[test]
fn a_row_says_the_rule_and_what_the_rule_makes_of_it() {
    let told = |acuity| explained(Service::Night, acuity, Some(AT_1912), None);
    assert_eq!(told(Acuity::White), "着いた順に並びます。19:12に着きました。");
    assert_eq!(
        told(Acuity::Yellow),
        "黄は60分早く着いたものとして並びます。19:12に着き、18:12に着いたものとして並んでいます。"
    );
    assert_eq!(told(Acuity::Red), "赤は先頭です。");
}

#[test]
fn a_row_that_waits_for_a_second_answer_or_for_a_promise_says_from_when_it_counts() {
    let later = AT_1912 + Millis::minutes(20);
    assert_eq!(
        explained(Service::Night, Acuity::White, Some(later), None),
        "着いた順に並びます。返事を待つ最初のメッセージが19:32に届きました。"
    );
    assert_eq!(
        explained(Service::Anytime, Acuity::White, Some(AT_1912), Some(Millis::hours(24))),
        "返事の期限の2時間前に着いたものとして並びます。11月22日 19:12に着き、11月23日 17:12に着いたものとして並んでいます。"
    );
}

#[test]
fn every_sentence_of_the_rule_names_the_head_start_that_the_order_uses() {
    for acuity in [Acuity::Yellow, Acuity::Green] {
        let minutes = head_start(acuity).0 / 60_000;
        assert!(reason(Service::Night, acuity).contains(&format!("{minutes}分早く")));
    }
    let hours = BEFORE_PROMISE.0 / 3_600_000;
    assert!(reason(Service::Anytime, Acuity::White).contains(&format!("{hours}時間前")));
}
