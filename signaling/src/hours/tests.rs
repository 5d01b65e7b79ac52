use super::*;
use crate::time::parse_date;

fn span(from: u16, until: u16) -> Span {
    Span::try_from((from, until)).expect("a span")
}

/// 2026-11-22 is a Sunday.
fn at(date: &str, hour: i64, minute: i64) -> At {
    At::start_of(parse_date(date).expect("a date")) + Millis::minutes(hour * 60 + minute)
}

fn weekday_evenings() -> Hours {
    let evening = vec![span(1080, 1320)];
    Hours {
        sat: Vec::new(),
        sun: Vec::new(),
        ..Hours::every_day(&evening)
    }
}

#[test]
fn the_desk_opens_on_the_minute_and_closes_on_the_minute() {
    let hours = weekday_evenings();
    assert!(!hours.is_open(at("2026-11-24", 17, 59)));
    assert!(hours.is_open(at("2026-11-24", 18, 0)));
    assert!(hours.is_open(at("2026-11-24", 21, 59)));
    assert!(!hours.is_open(at("2026-11-24", 22, 0)));
    assert_eq!(hours.text(at("2026-11-24", 19, 0)), "18:00 – 22:00");
}

#[test]
fn a_family_that_comes_outside_of_hours_is_told_when_to_come_back() {
    let hours = weekday_evenings();
    assert_eq!(hours.text(at("2026-11-24", 9, 0)), "次は今日18:00から");
    assert_eq!(hours.text(at("2026-11-22", 19, 0)), "次は11月23日（月・祝）18:00から");
    assert_eq!(hours.text(at("2026-11-27", 23, 0)), "次は11月30日（月）18:00から");
    assert_eq!(
        hours.next_opening(at("2026-11-24", 19, 0)),
        Some(at("2026-11-24", 19, 0))
    );
}

#[test]
fn a_night_that_runs_past_midnight_belongs_to_the_day_it_began_on() {
    let hours = Hours {
        fri: vec![span(1080, 1500)],
        ..Hours::default()
    };
    assert!(hours.is_open(at("2026-11-28", 0, 59)));
    assert!(!hours.is_open(at("2026-11-28", 1, 0)));
    assert!(!hours.is_open(at("2026-11-27", 0, 30)));
    assert_eq!(hours.text(at("2026-11-28", 0, 10)), "18:00 – 01:00");
    assert_eq!(hours.text(at("2026-11-28", 2, 0)), "次は12月4日（金）18:00から");
}

#[test]
fn a_desk_without_hours_never_opens_and_one_with_all_hours_never_closes() {
    assert_eq!(Hours::default().text(at("2026-11-22", 3, 0)), "休止しています");
    assert_eq!(Hours::default().next_opening(at("2026-11-22", 3, 0)), None);
    assert!(Hours::always().is_open(at("2026-11-22", 23, 59)));
    assert_eq!(Hours::always().text(at("2026-11-22", 0, 0)), "24時間");
}

#[test]
fn hours_are_stored_as_json_and_spans_that_cannot_be_are_refused() {
    let json = r#"{"mon":[[1080,1320]]}"#;
    let hours: Hours = serde_json::from_str(json).expect("hours");
    assert_eq!(hours.lines()[0], "月 18:00 – 22:00");
    assert_eq!(hours.lines()[1], "火 休み");
    assert!(serde_json::from_str::<Hours>(r#"{"mon":[[1320,1080]]}"#).is_err());
    assert!(serde_json::from_str::<Hours>(r#"{"mon":[[1500,1600]]}"#).is_err());
}

#[test]
fn days_with_equal_hours_stand_in_one_line_and_what_is_told_apart_stays_apart() {
    assert_eq!(Hours::always().folded(), ["毎日 24時間"]);
    assert_eq!(Hours::default().folded(), ["毎日 休み"]);
    let folded = |json: &str| serde_json::from_str::<Hours>(json).expect("hours").folded();
    let weekdays =
        r#"{"mon":[[1080,1320]],"tue":[[1080,1320]],"wed":[[1080,1320]],"thu":[[1080,1320]],"fri":[[1080,1320]]}"#;
    assert_eq!(folded(weekdays), ["月〜金 18:00 – 22:00", "土・日 休み"]);
    let scattered = r#"{"mon":[[1080,1320]],"wed":[[1080,1320]],"holidays":[],"last_arrival_minutes":15}"#;
    assert_eq!(
        folded(scattered),
        [
            "月 18:00 – 22:00",
            "火 休み",
            "水 18:00 – 22:00",
            "木〜日 休み",
            "祝日 休み",
            "受付は終わりの15分前まで"
        ]
    );
}

/// A week's evenings; on holidays as given.
fn with_holidays(spans: &[Span]) -> Hours {
    Hours {
        holidays: Some(spans.to_vec()),
        ..weekday_evenings()
    }
}

fn closed_on(hours: &mut Hours, date: &str, words: &str) {
    let day = SingleDay {
        spans: Vec::new(),
        why: words.to_owned(),
    };
    hours.days.insert(parse_date(date).expect("a date"), day);
}

#[test]
fn a_holiday_is_a_day_like_others_until_a_city_gives_it_hours() {
    assert!(weekday_evenings().is_open(at("2026-11-23", 19, 0)));
    let closed = with_holidays(&[]);
    assert!(!closed.is_open(at("2026-11-23", 19, 0)));
    assert_eq!(closed.text(at("2026-11-23", 19, 0)), "次は11月24日（火）18:00から");
    assert_eq!(
        closed.closed_because(at("2026-11-23", 19, 0)).as_deref(),
        Some("今日は祝日（勤労感謝の日）でお休みです")
    );
    let longer = with_holidays(&[span(540, 1320)]);
    assert!(longer.is_open(at("2026-11-23", 9, 0)));
    assert!(!longer.is_open(at("2026-11-24", 9, 0)));
    assert_eq!(longer.lines()[7], "祝日 09:00 – 22:00");
}

#[test]
fn the_days_off_of_may_are_passed_over_in_one_go() {
    // 2026-05-02 is a Saturday; 3 to 6 May are holidays, the last one for the Sunday.
    let hours = with_holidays(&[]);
    assert_eq!(hours.text(at("2026-05-01", 23, 0)), "次は5月7日（木）18:00から");
}

#[test]
fn a_single_day_goes_before_the_holiday_and_the_week() {
    let mut hours = with_holidays(&[]);
    closed_on(&mut hours, "2026-11-24", "設備点検");
    assert!(!hours.is_open(at("2026-11-24", 19, 0)));
    assert_eq!(hours.text(at("2026-11-24", 19, 0)), "次は11月25日（水）18:00から");
    assert_eq!(
        hours.closed_because(at("2026-11-24", 19, 0)).as_deref(),
        Some("設備点検のため、今日はお休みです")
    );
    let open = SingleDay {
        spans: vec![span(600, 720)],
        why: String::new(),
    };
    hours.days.insert(parse_date("2026-11-23").expect("a date"), open);
    assert!(hours.is_open(at("2026-11-23", 10, 0)), "an extra opening on a holiday");
    assert_eq!(hours.text(at("2026-11-22", 19, 0)), "次は11月23日（月・祝）10:00から");
    assert_eq!(hours.closed_because(at("2026-11-22", 19, 0)), None, "a Sunday like any");
}

#[test]
fn a_day_that_is_closed_ends_no_night_that_began_before_it() {
    let mut hours = Hours::every_day(&[span(1080, 1500)]);
    closed_on(&mut hours, "2026-12-29", "年末年始");
    assert!(hours.is_open(at("2026-12-29", 0, 30)));
    assert!(!hours.is_open(at("2026-12-29", 19, 0)));
    assert_eq!(hours.closes_at(at("2026-12-28", 20, 0)), Some(at("2026-12-29", 1, 0)));
}

#[test]
fn before_closing_nobody_new_is_taken_while_those_who_are_there_are_still_answered() {
    let hours = Hours {
        last_arrival_minutes: 15,
        ..weekday_evenings()
    };
    let (last, late) = (at("2026-11-24", 21, 44), at("2026-11-24", 21, 45));
    assert!(hours.takes_arrivals(last));
    assert_eq!(hours.text(last), "18:00 – 22:00（受付は21:45まで）");
    assert!(hours.is_open(late) && !hours.takes_arrivals(late));
    assert_eq!(hours.text(late), "次は11月25日（水）18:00から");
    assert_eq!(hours.closed_because(late).as_deref(), Some("今日の受付は終わりました"));
    assert_eq!(hours.next_opening(late), Some(late), "it answers");
    assert_eq!(hours.next_arrival(late), Some(at("2026-11-25", 18, 0)));
    assert_eq!(hours.lines()[7], "受付は終わりの15分前まで");
}

#[test]
fn spans_that_follow_on_each_other_close_once_and_a_desk_of_all_hours_never_does() {
    let hours = Hours {
        last_arrival_minutes: 30,
        ..Hours::every_day(&[span(0, 720), span(720, 1320)])
    };
    assert!(hours.takes_arrivals(at("2026-11-24", 11, 45)), "it goes on at noon");
    assert_eq!(hours.closes_at(at("2026-11-24", 9, 0)), Some(at("2026-11-24", 22, 0)));
    let mut always = Hours {
        last_arrival_minutes: 30,
        ..Hours::always()
    };
    assert_eq!(always.closes_at(at("2026-11-24", 23, 50)), None);
    assert!(always.takes_arrivals(at("2026-11-24", 23, 50)));
    closed_on(&mut always, "2026-11-25", "");
    assert_eq!(always.closes_at(at("2026-11-24", 12, 0)), Some(at("2026-11-25", 0, 0)));
    assert!(!always.takes_arrivals(at("2026-11-24", 23, 50)));
    let next_day = at("2026-11-25", 8, 0);
    assert_eq!(
        always.closed_because(next_day).as_deref(),
        Some("今日は臨時のお休みです")
    );
    assert_eq!(always.text(next_day), "次は11月26日（木）00:00から");
}

#[test]
fn hours_of_before_holidays_were_known_are_read_and_written_as_they_were() {
    let json = serde_json::to_string(&weekday_evenings()).expect("JSON");
    assert!(!json.contains("holidays") && !json.contains("last_arrival"), "{json}");
    let json = r#"{"mon":[[1080,1320]],"holidays":[],"last_arrival_minutes":20}"#;
    let hours: Hours = serde_json::from_str(json).expect("hours");
    assert_eq!(hours.holidays.as_deref(), Some(&[][..]));
    assert_eq!(
        serde_json::from_str::<Hours>(&serde_json::to_string(&hours).expect("JSON")).expect("hours"),
        hours
    );
}
