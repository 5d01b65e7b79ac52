//! `make sim`: evenings of a desk, thousands of them, to choose the head starts of the queue's order.
//!
//! A discrete-event simulation: families come by chance, clinicians take the first in the order, and nobody waits for a
//! clock. Promises: the same seed gives the same table on every machine; the order is [`signaling::queue`]'s own rank with
//! other head starts, not a copy, and whom a clinician takes is its own `call_order`. First come, first served is the rule
//! without head starts, strict priority the rule with endless ones.
//!
//! Deliberately not here: families who leave, lose their connection or come back, clinicians with several chats at once. They
//! change how long everybody waits, not who waits longer than whom.

mod booking;
mod chance;
mod city;
mod desk;
mod figures;

use city::{CITY, HOLIDAY, HUNDRED_TIMES, Load, TEN_TIMES};
use signaling::{
    appointment::Offer,
    limits,
    queue::{HEAD_STARTS, HeadStarts},
    time::Millis,
    triage::Acuity,
};
use std::io::{Result, Write};

/// The seed of the table in ARCHITECTURE.md.
const SEED: u64 = 20_261_126;

/// First come, first served.
const FIFO: HeadStarts = HeadStarts {
    red: Millis(0),
    yellow: Millis(0),
    green: Millis(0),
    white: Millis(0),
};
/// A class passes every lower one, whoever waits there for however long.
const STRICT: HeadStarts = HeadStarts {
    red: Millis::days(3_000),
    yellow: Millis::days(2_000),
    green: Millis::days(1_000),
    white: Millis(0),
};

fn main() -> Result<()> {
    let out = &mut std::io::stdout().lock();
    orders(out)?;
    candidates(out)?;
    estimates(out)?;
    appointments(out)
}

/// The desk's order beside the two that everybody knows.
fn orders(out: &mut impl Write) -> Result<()> {
    writeln!(
        out,
        "Wait until called in minutes, p50 / p95 / longest (seed {SEED}):\n"
    )?;
    writeln!(
        out,
        "| load | order | red | yellow | green | white | anytime, late |\n|---|---|---|---|---|---|---|"
    )?;
    for load in [CITY, TEN_TIMES, HUNDRED_TIMES, HOLIDAY] {
        for (name, rule) in [
            ("first come, first served", FIFO),
            ("strict priority", STRICT),
            ("the desk's", HEAD_STARTS),
        ] {
            writeln!(out, "| {} | {name} | {} |", load.name, cells(&load, rule))?;
        }
    }
    writeln!(out)
}

/// What other head starts would do on the evening that needs an order most.
fn candidates(out: &mut impl Write) -> Result<()> {
    writeln!(out, "Head starts compared on {}:\n", HOLIDAY.name)?;
    writeln!(
        out,
        "| yellow | green | red | yellow | green | white | anytime, late |\n|---|---|---|---|---|---|---|"
    )?;
    for yellow in [10, 20, 30, 45, 60, 90, 120] {
        for green in [0, 5, 10, 15, 20, 30] {
            if green >= yellow {
                continue;
            }
            let rule = HeadStarts {
                yellow: Millis::minutes(yellow),
                green: Millis::minutes(green),
                ..HEAD_STARTS
            };
            writeln!(out, "| {yellow} | {green} | {} |", cells(&HOLIDAY, rule))?;
        }
    }
    writeln!(out)
}

/// How many families were called within what they had been told when they came.
fn estimates(out: &mut impl Write) -> Result<()> {
    writeln!(
        out,
        "The estimate that families were told on coming, and when they were called:\n"
    )?;
    writeln!(
        out,
        "| load | sooner | within | later | by so many minutes, p95 |\n|---|---|---|---|---|"
    )?;
    for load in [CITY, TEN_TIMES, HUNDRED_TIMES, HOLIDAY] {
        let told = figures::told(&desk::run(&load, HEAD_STARTS, SEED));
        writeln!(out, "| {} | {told} |", load.name)?;
    }
    Ok(())
}

/// What a city that offers appointments makes of the waits of those who walk in.
fn appointments(out: &mut impl Write) -> Result<()> {
    writeln!(
        out,
        "\nAppointments: three in ten who may book wish for one. Wait in minutes, of those with one from its time on:\n"
    )?;
    writeln!(
        out,
        "| load | places an hour × families | red | yellow | green | white | by appointment | of all |\n|---|---|---|---|---|---|---|---|"
    )?;
    for load in [CITY, TEN_TIMES, HUNDRED_TIMES, HOLIDAY] {
        let none = desk::run(&load, HEAD_STARTS, SEED);
        writeln!(out, "| {} | none | {} |", load.name, mixed(&none))?;
        for (an_hour, families) in offers(&load) {
            let Some(offer) = Offer::new(an_hour, families) else {
                continue;
            };
            for (kept, how) in [(false, ", walking in then"), (true, "")] {
                let served = desk::run_with(&load, offer, kept, SEED);
                writeln!(
                    out,
                    "| {} | {an_hour} × {families}{how} | {} |",
                    load.name,
                    mixed(&served)
                )?;
            }
        }
    }
    Ok(())
}

/// A sixth of the clinicians' time, and all that can be offered.
fn offers(load: &Load) -> [(u32, u32); 2] {
    let clinicians = u32::try_from(load.clinicians).unwrap_or(u32::MAX);
    let families = clinicians.min(limits::APPOINTMENT_FAMILIES);
    [(2, families.div_ceil(2)), (6, families)]
}

fn mixed(served: &[desk::Served]) -> String {
    let by_class = Acuity::ALL.iter().map(|class| figures::waits(served, *class));
    let booked = figures::waited_booked(served);
    let share = format!("{:.0} %", booked.len() as f64 * 100.0 / served.len().max(1) as f64);
    let cells: Vec<String> = by_class.chain([figures::words(&booked), share]).collect();
    cells.join(" | ")
}

fn cells(load: &Load, rule: HeadStarts) -> String {
    let served = desk::run(load, rule, SEED);
    let waits = Acuity::ALL.iter().map(|class| figures::waits(&served, *class));
    let cells: Vec<String> = waits.chain([figures::late(&served)]).collect();
    cells.join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_evenings_and_another_one_gives_others() {
        let evenings = |seed| desk::run(&CITY, HEAD_STARTS, seed);
        assert_eq!(evenings(1), evenings(1));
        assert_ne!(evenings(1), evenings(2));
    }

    #[test]
    fn every_order_serves_the_same_families_in_the_same_number() {
        let served = |rule| desk::run(&TEN_TIMES, rule, SEED).len();
        assert_eq!(served(FIFO), served(STRICT));
        assert_eq!(served(FIFO), served(HEAD_STARTS));
    }

    #[test]
    fn without_head_starts_nobody_who_waits_live_is_called_before_somebody_who_came_earlier() {
        let mut live: Vec<_> = desk::run(&HOLIDAY, FIFO, SEED);
        live.retain(|one| one.family.reply_within.is_none());
        live.sort_by_key(|one| one.called_at);
        for pair in live.windows(2) {
            assert!(pair[0].family.asked_at <= pair[1].family.asked_at);
        }
    }

    /// Of those who waited live, all but one in twenty were called within so many minutes.
    fn usual(rule: HeadStarts, class: Acuity) -> f64 {
        figures::quantile(&figures::waited(&desk::run(&HOLIDAY, rule, SEED), class), 0.95)
    }

    #[test]
    fn the_desk_s_head_starts_are_the_shortest_with_which_yellow_and_green_wait_as_long_as_they_should() {
        let yellow_may = usual(STRICT, Acuity::Yellow) + 10.0;
        let green_may = usual(FIFO, Acuity::Green);
        assert!(usual(HEAD_STARTS, Acuity::Yellow) <= yellow_may);
        assert!(usual(HEAD_STARTS, Acuity::Green) <= green_may);
        let shorter = |yellow: i64, green: i64| HeadStarts {
            yellow: Millis(HEAD_STARTS.yellow.0 - Millis::minutes(yellow).0),
            green: Millis(HEAD_STARTS.green.0 - Millis::minutes(green).0),
            ..HEAD_STARTS
        };
        assert!(usual(shorter(15, 0), Acuity::Yellow) > yellow_may);
        assert!(usual(shorter(0, 5), Acuity::Green) > green_may);
    }

    #[test]
    fn appointments_have_the_longest_head_start_that_costs_yellow_ten_minutes_in_a_rush_and_they_are_called_before_others()
     {
        let [_, (an_hour, families)] = offers(&HOLIDAY);
        let offer = Offer::new(an_hour, families).expect("an offer");
        let served = |kept| desk::run_with(&HOLIDAY, offer, kept, SEED);
        let usual = |served: &[desk::Served], class| figures::quantile(&figures::waited(served, class), 0.95);
        let (walking_in, booked) = (served(false), served(true));
        assert!(usual(&booked, Acuity::Yellow) <= usual(&walking_in, Acuity::Yellow) + 10.0);
        assert!(figures::quantile(&figures::waited_booked(&booked), 0.5) < 30.0);
        assert!(usual(&booked, Acuity::Red) <= usual(&walking_in, Acuity::Red) + 1.0);
    }

    #[test]
    fn on_a_holiday_the_desk_s_order_helps_the_urgent_and_spares_the_patient_from_what_strict_priority_does_to_them() {
        let longest = |rule, class| figures::quantile(&figures::waited(&desk::run(&HOLIDAY, rule, SEED), class), 1.0);
        assert!(usual(HEAD_STARTS, Acuity::Yellow) < usual(FIFO, Acuity::Yellow));
        assert!(longest(HEAD_STARTS, Acuity::White) < longest(STRICT, Acuity::White));
        assert!(usual(HEAD_STARTS, Acuity::White) < usual(STRICT, Acuity::White));
    }
}
