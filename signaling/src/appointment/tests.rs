use super::*;
use crate::{
    hours::{SingleDay, typed},
    id::ConsultationId,
    intake::Service,
    queue::{Caller, Place, call_order},
    time::parse_date,
};
use proptest::prelude::*;
use uuid::Uuid;

/// An instant of the city's wall clock in November 2026.
fn on(day: u8, hour: i64, minute: i64) -> At {
    let date = parse_date(&format!("2026-11-{day:02}")).expect("a date");
    At::start_of(date) + Millis::minutes(hour * 60 + minute)
}

fn evenings() -> Hours {
    Hours::every_day(&typed::spans("18:00-20:00").expect("a span"))
}

fn offer(an_hour: u32, families: u32) -> Offer {
    Offer::new(an_hour, families).expect("an offer")
}

fn clocks(slots: &[At]) -> Vec<String> {
    slots.iter().map(|slot| slot.clock()).collect()
}

#[test]
fn a_city_offers_the_sixth_the_third_half_or_all_of_an_hour_and_some_families_a_place() {
    for (an_hour, families) in [(0, 1), (4, 1), (7, 1), (1, 0), (6, limits::APPOINTMENT_FAMILIES + 1)] {
        assert_eq!(Offer::new(an_hour, families), None, "{an_hour}, {families}");
    }
    let today = |an_hour| {
        let mut slots = offer(an_hour, 1).slots(&evenings(), on(26, 12, 0));
        slots.retain(|slot| slot.date() == on(26, 0, 0).date());
        clocks(&slots)
    };
    assert_eq!(today(1), ["18:00", "19:00"]);
    assert_eq!(today(2), ["18:00", "18:30", "19:00", "19:30"]);
    assert_eq!(today(3), ["18:00", "18:20", "18:40", "19:00", "19:20", "19:40"]);
    assert_eq!(today(6).len(), 12);
}

#[test]
fn a_place_begins_half_an_hour_ahead_at_least_and_within_a_week() {
    let slots = offer(6, 1).slots(&evenings(), on(26, 18, 15));
    assert_eq!(slots.first(), Some(&on(26, 18, 50)));
    assert_eq!(slots.last().map(|slot| slot.date()), parse_date("2026-12-03"));
    let admitted = |slot| offer(6, 1).admits(&evenings(), slot, on(26, 18, 15));
    assert_eq!(admitted(on(26, 18, 50)), Ok(()));
    assert_eq!(admitted(on(26, 18, 40)), Err(Refusal::SlotPast), "too soon");
    assert_eq!(admitted(on(25, 18, 40)), Err(Refusal::SlotPast));
    assert_eq!(admitted(At(i64::MIN)), Err(Refusal::SlotPast));
    assert_eq!(
        admitted(on(26, 18, 55)),
        Err(Refusal::SlotClosed),
        "no place begins then"
    );
    assert_eq!(admitted(on(26, 20, 0)), Err(Refusal::SlotClosed), "closed");
    assert_eq!(admitted(At(i64::MAX)), Err(Refusal::SlotClosed));
    assert_eq!(admitted(on(26, 18, 50) + Millis::days(14)), Err(Refusal::SlotClosed));
}

#[test]
fn no_place_lies_on_a_closed_day_or_past_the_last_arrival_and_none_sticks_out_of_the_hours() {
    let mut hours = evenings();
    hours.last_arrival_minutes = 30;
    hours.days.insert(on(27, 0, 0).date(), SingleDay::default());
    // 23 November is a holiday.
    hours.holidays = Some(Vec::new());
    let slots = offer(6, 1).slots(&hours, on(26, 12, 0));
    let of = |day: At| {
        clocks(
            &slots
                .iter()
                .copied()
                .filter(|slot| slot.date() == day.date())
                .collect::<Vec<_>>(),
        )
    };
    assert_eq!(of(on(26, 0, 0)).last().map(String::as_str), Some("19:20"));
    assert_eq!(of(on(27, 0, 0)), Vec::<String>::new());
    assert_eq!(of(on(28, 0, 0)).len(), 9);
    assert_eq!(
        offer(6, 1).admits(&hours, on(23, 18, 0), on(22, 12, 0)),
        Err(Refusal::SlotClosed)
    );
    let odd = Hours::every_day(&typed::spans("18:00-18:15").expect("a span"));
    let slots = offer(6, 1).slots(&odd, on(26, 12, 0));
    assert!(slots.iter().all(|slot| slot.clock() == "18:00"), "half a place is none");
    assert_eq!(offer(6, 1).slots(&Hours::default(), on(26, 12, 0)), []);
    assert!(offer(6, 1).slots(&Hours::always(), on(26, 12, 0)).len() > 900);
}

#[test]
fn what_is_offered_is_what_is_taken() {
    let now = on(26, 18, 3);
    for an_hour in PLACES_AN_HOUR {
        let (offer, hours) = (offer(an_hour, 1), evenings());
        let slots = offer.slots(&hours, now);
        let mut minute = on(26, 0, 0);
        while minute < on(26, 0, 0) + Millis::days(9) {
            assert_eq!(
                slots.contains(&minute),
                offer.admits(&hours, minute, now).is_ok(),
                "{minute:?}"
            );
            minute = minute + Millis::minutes(1);
        }
    }
}

#[test]
fn its_words_are_the_day_and_both_ends() {
    assert_eq!(words(on(27, 18, 20)), "11月27日（金）18:20〜18:30");
    let kept = explanation(Acuity::Green, on(27, 18, 20), rank(Acuity::Green, on(27, 18, 20)));
    assert!(kept.contains("予約は18:20、17:50に着いたもの"), "{kept}");
    let missed = explanation(
        Acuity::Green,
        on(27, 18, 20),
        HEAD_STARTS.rank(Acuity::Green, on(27, 18, 20), None),
    );
    assert!(missed.contains("18:00に着いたもの"), "{missed}");
}

#[test]
fn at_its_time_it_is_before_who_walked_in_lately_and_behind_red_and_yellow() {
    let slot = on(26, 19, 0);
    let mine = rank(Acuity::White, slot);
    let walked = |acuity, minutes: i64| HEAD_STARTS.rank(acuity, At(slot.0 - Millis::minutes(minutes).0), None);
    assert!(mine < walked(Acuity::Green, 0) && mine < walked(Acuity::Green, 9));
    assert!(
        walked(Acuity::Green, 11) < mine,
        "whoever has waited for a while is not passed"
    );
    assert!(mine < walked(Acuity::White, 29) && walked(Acuity::White, 31) < mine);
    for minutes in -29..600 {
        assert!(walked(Acuity::Yellow, minutes) < mine, "{minutes}");
        assert!(walked(Acuity::Red, minutes) < mine, "{minutes}");
    }
    let raised = rank(Acuity::Red, slot);
    assert_eq!(
        raised,
        HEAD_STARTS.rank(Acuity::Red, slot, None),
        "judged red it stands as red does"
    );
}

fn offers() -> impl Strategy<Value = Offer> {
    (
        proptest::sample::select(PLACES_AN_HOUR.to_vec()),
        1..=limits::APPOINTMENT_FAMILIES,
    )
        .prop_map(|(an_hour, families)| offer(an_hour, families))
}

/// A row of the queue that can be called.
fn place(number: usize, rank: Rank, acuity: Acuity) -> Place {
    Place {
        consultation: ConsultationId(Uuid::from_u128(number as u128)),
        rank,
        acuity,
        service: Service::Night,
        meant_for: None,
    }
}

proptest! {
    /// Every place of a whole day is taken to the last, and somebody walks in at any moment.
    #[test]
    fn however_many_book_whoever_walks_in_is_passed_by_a_known_number(
        offer in offers(),
        came_minute in 0..1440_i64,
        walked_in in proptest::sample::select(Acuity::ALL.to_vec()),
    ) {
        let came = on(26, 0, 0) + Millis::minutes(came_minute);
        let mine = HEAD_STARTS.rank(walked_in, came, None);
        let every = Millis::hours(1).0 / i64::from(offer.an_hour());
        let places = (0..48 * i64::from(offer.an_hour())).map(|number| At(on(26, 0, 0).0 + number * every));
        let passing = places.filter(|slot| *slot > came && rank(Acuity::Green, *slot) < mine);
        let passed = u32::try_from(passing.count()).expect("few") * offer.families();
        prop_assert!(passed <= most_that_pass(offer, walked_in), "{passed}");
        if walked_in <= Acuity::Yellow {
            prop_assert_eq!(passed, 0);
        }
    }

    /// The desk calls one every few minutes; every place is booked and kept. Nobody waits for ever, and who walked in is called
    /// before every appointment that begins once its head start is used up.
    #[test]
    fn nobody_who_walked_in_starves_beside_a_full_book(
        offer in offers(),
        walk_ins in prop::collection::vec((0..240_i64, proptest::sample::select(Acuity::ALL.to_vec())), 1..12),
        service_minutes in 3..20_i64,
    ) {
        let start = on(26, 12, 0);
        let every = Millis::hours(1).0 / i64::from(offer.an_hour());
        let mut coming: Vec<(At, Place)> = walk_ins
            .iter()
            .enumerate()
            .map(|(number, (minute, acuity))| {
                let came = start + Millis::minutes(*minute);
                (came, place(number, HEAD_STARTS.rank(*acuity, came, None), *acuity))
            })
            .collect();
        let walked = coming.len();
        for number in 0..4 * i64::from(offer.an_hour()) {
            let slot = At(start.0 + number * every);
            for _ in 0..offer.families() {
                let next = coming.len();
                coming.push((slot, place(next, rank(Acuity::Green, slot), Acuity::Green)));
            }
        }
        let came_at: Vec<At> = coming.iter().map(|(came, _)| *came).collect();
        let (mut waiting, mut called, mut now) = (Vec::<Place>::new(), Vec::new(), start);
        while called.len() < came_at.len() {
            let (there, later): (Vec<_>, Vec<_>) = coming.into_iter().partition(|(came, _)| *came <= now);
            coming = later;
            waiting.extend(there.into_iter().map(|(_, place)| place));
            waiting.sort_by_key(Place::key);
            let callers: Vec<Caller> = waiting.iter().map(|place| place.caller(true)).collect();
            if let Some(first) = call_order(&callers).first() {
                waiting.retain(|place| place.consultation != *first);
                called.push(first.0.as_u128() as usize);
            }
            now = now + Millis::minutes(service_minutes);
        }
        for (turn, number) in called.iter().enumerate().filter(|(_, number)| **number < walked) {
            let before = &called[..turn];
            let passed = before.iter().filter(|one| **one >= walked && came_at[**one] > came_at[*number]).count();
            let most = most_that_pass(offer, walk_ins[*number].1);
            prop_assert!(u32::try_from(passed).expect("few") <= most, "{passed} of {most}");
        }
    }
}
