//! Single days and the history of the hours: stored together, once a form, each city for itself.

use super::{
    cities::city,
    database::{Database, on_both},
    desk::{Desk, EVENING},
};
use server::storage::{OpeningChange, OpeningStep};
use signaling::{
    appointment::Offer,
    hours::{Hours, SingleDay, Span},
    id::{CommandId, StaffId},
    time::{Millis, parse_date},
};
use time::Date;

fn day(text: &str) -> Date {
    parse_date(text).expect("a date")
}

fn closed(words: &str) -> SingleDay {
    SingleDay {
        spans: Vec::new(),
        why: words.to_owned(),
    }
}

async fn changes(desk: &Desk, of: &str, command: CommandId, step: OpeningStep) -> bool {
    let now = desk.world.now();
    let change = OpeningChange {
        municipality: city(of).id,
        at: now,
        changed: format!("{step:?}").chars().take(4).collect(),
        staff: StaffId(desk.world.new_id()),
        staff_name: "山本".to_owned(),
        command,
    };
    desk.store().change_opening(change, step).await.expect("stored")
}

on_both! {
    async fn a_single_day_stands_until_it_is_taken_away_and_changes_no_other_city(database: Database) {
        let desk = Desk::on(database);
        for id in ["hino", "tama"] {
            let host = vec![format!("{id}.test")];
            assert!(desk.store().add_city(city(id), host, EVENING).await.expect("stored"));
        }
        let hours = async |id: &str| desk.store().city(&city(id).id).await.expect("read").expect("a city").hours;
        let command = || CommandId(desk.world.new_id());
        let new_year = day("2027-01-01");
        let first = command();
        assert!(changes(&desk, "hino", first, OpeningStep::Day(new_year, closed("年末年始"))).await);
        assert!(!changes(&desk, "hino", first, OpeningStep::Day(new_year, closed("ほか"))).await, "the same form");
        assert_eq!(hours("hino").await.days[&new_year], closed("年末年始"));
        assert!(hours("tama").await.days.is_empty());
        let open = SingleDay {
            spans: vec![Span::try_from((600, 720)).expect("a span")],
            why: String::new(),
        };
        assert!(changes(&desk, "hino", command(), OpeningStep::Day(new_year, open.clone())).await);
        assert_eq!(hours("hino").await.days[&new_year], open, "the newest counts");
        assert!(changes(&desk, "tama", first, OpeningStep::DayAsWeek(new_year)).await, "a form of another city");
        assert_eq!(hours("hino").await.days.len(), 1);
        assert!(changes(&desk, "hino", command(), OpeningStep::DayAsWeek(new_year)).await);
        assert!(changes(&desk, "hino", command(), OpeningStep::DayAsWeek(new_year)).await, "nothing to take away");
        assert!(hours("hino").await.days.is_empty());
    }

    async fn a_new_week_keeps_the_single_days_and_stands_in_the_history_newest_first(database: Database) {
        let desk = Desk::on(database);
        let host = vec!["hino.test".to_owned()];
        assert!(desk.store().add_city(city("hino"), host, EVENING).await.expect("stored"));
        let command = || CommandId(desk.world.new_id());
        changes(&desk, "hino", command(), OpeningStep::Day(day("2026-12-31"), closed(""))).await;
        desk.clock.turn(Millis(1));
        let hours = Hours {
            holidays: Some(Vec::new()),
            last_arrival_minutes: 15,
            ..Hours::always()
        };
        changes(&desk, "hino", command(), OpeningStep::Week { hours: hours.clone(), reply_hours: 12 }).await;
        let stored = desk.store().city(&city("hino").id).await.expect("read").expect("a city");
        assert_eq!((stored.reply_hours, stored.hours.last_arrival_minutes), (12, 15));
        assert_eq!(stored.hours.days.len(), 1);
        let changed = desk.store().opening_changes(&city("hino").id, 10).await.expect("read");
        let words: Vec<&str> = changed.iter().map(|(_, words, _)| words.as_str()).collect();
        assert_eq!(words, ["Week", "Day("]);
        assert_eq!(desk.store().opening_changes(&city("hino").id, 1).await.expect("read").len(), 1);
        assert!(desk.store().opening_changes(&city("tama").id, 10).await.expect("read").is_empty());
    }

    async fn the_appointments_that_a_city_offers_are_its_own_and_none_until_it_says_so(database: Database) {
        let desk = Desk::on(database);
        for id in ["hino", "tama"] {
            let host = vec![format!("{id}.test")];
            assert!(desk.store().add_city(city(id), host, EVENING).await.expect("stored"));
        }
        let offered = async |id: &str| desk.store().city(&city(id).id).await.expect("read").expect("a city").appointments;
        let command = || CommandId(desk.world.new_id());
        assert_eq!(offered("hino").await, None);
        let offer = Offer::new(3, 2);
        assert!(changes(&desk, "hino", command(), OpeningStep::Appointments(offer)).await);
        assert_eq!((offered("hino").await, offered("tama").await), (offer, None));
        assert!(changes(&desk, "hino", command(), OpeningStep::Appointments(None)).await);
        assert_eq!(offered("hino").await, None);
    }
}
