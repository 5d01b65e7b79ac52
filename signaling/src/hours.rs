//! Opening hours of the night service: when the desk answers, until when it takes somebody new, and when it answers next.
//!
//! Hours are given by weekday in minutes of the city's wall clock. A span may run past midnight; then it belongs to the
//! day on which it began. Public holidays may have hours of their own, and a single day may be unlike its week (closed, or open at
//! other times): the single day goes before the holiday, the holiday before the weekday.
//!
//! Not here: reading spans that somebody typed ([`typed`]), who is on duty, keeping the single days (the server).

mod span;
pub mod typed;

pub use span::{InvalidSpan, Span};

use crate::{
    holiday::holiday,
    time::{At, Millis, weekday_letter},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use time::{Date, Weekday};

/// So far ahead an opening is looked for: past that a desk is closed for good.
const LOOK_AHEAD_DAYS: usize = 370;
/// Spans that follow on each other without a gap; past a week of them there is no closing to speak of.
const JOINED_SPANS: usize = 8;

/// Opening hours, stored as JSON: `{"mon":[[1080,1320]], …}`. A day without spans is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "days of the week")]
pub struct Hours {
    pub mon: Vec<Span>,
    pub tue: Vec<Span>,
    pub wed: Vec<Span>,
    pub thu: Vec<Span>,
    pub fri: Vec<Span>,
    pub sat: Vec<Span>,
    pub sun: Vec<Span>,
    /// On public holidays; nothing where they are days like others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holidays: Option<Vec<Span>>,
    /// In so many minutes before closing nobody new is taken.
    #[serde(skip_serializing_if = "is_zero")]
    pub last_arrival_minutes: u16,
    /// Days that are unlike their week. Kept apart from the week.
    #[serde(skip)]
    pub days: BTreeMap<Date, SingleDay>,
}

/// How one day is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SingleDay {
    /// None: closed.
    pub spans: Vec<Span>,
    /// Why, as families read it (「年末年始」); may be empty.
    pub why: String,
}

/// What a day's hours come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source<'a> {
    /// Somebody wrote this day down, with these words.
    Single(&'a str),
    /// It is this public holiday, which has hours of its own.
    Holiday(&'static str),
    /// The week.
    Weekday,
}

impl Hours {
    /// The same spans on every day of the week.
    #[must_use]
    pub fn every_day(spans: &[Span]) -> Self {
        let day = || spans.to_vec();
        Self {
            mon: day(),
            tue: day(),
            wed: day(),
            thu: day(),
            fri: day(),
            sat: day(),
            sun: day(),
            ..Self::default()
        }
    }

    /// Open at all times.
    #[must_use]
    pub fn always() -> Self {
        Self::every_day(&[Span::WHOLE_DAY])
    }

    /// The spans that begin on a weekday.
    #[must_use]
    pub fn on(&self, weekday: Weekday) -> &[Span] {
        match weekday {
            Weekday::Monday => &self.mon,
            Weekday::Tuesday => &self.tue,
            Weekday::Wednesday => &self.wed,
            Weekday::Thursday => &self.thu,
            Weekday::Friday => &self.fri,
            Weekday::Saturday => &self.sat,
            Weekday::Sunday => &self.sun,
        }
    }

    /// The spans that begin on a date, and what they come from.
    #[must_use]
    pub fn on_date(&self, date: Date) -> (&[Span], Source<'_>) {
        if let Some(day) = self.days.get(&date) {
            return (&day.spans, Source::Single(&day.why));
        }
        match self.holidays.as_deref().zip(holiday(date)) {
            Some((spans, name)) => (spans, Source::Holiday(name)),
            None => (self.on(date.weekday()), Source::Weekday),
        }
    }

    /// Whether the desk answers at this moment.
    #[must_use]
    pub fn is_open(&self, at: At) -> bool {
        self.open_span(at).is_some()
    }

    /// Whether the desk takes somebody who comes at this moment: it is open, and not about to close.
    #[must_use]
    pub fn takes_arrivals(&self, at: At) -> bool {
        let ends = |closes: At| at >= At(closes.0 - self.before_closing().0);
        self.is_open(at) && !self.closes_at(at).is_some_and(ends)
    }

    /// When the desk that is open now closes; nothing while it is closed, and where no end is in sight.
    #[must_use]
    pub fn closes_at(&self, at: At) -> Option<At> {
        let (_, mut closes) = self.open_span(at)?;
        for _ in 0..JOINED_SPANS {
            match self.open_span(closes) {
                Some((_, later)) => closes = later,
                None => return Some(closes),
            }
        }
        None
    }

    /// When the desk answers next; `at` itself while it is open, nothing when it never opens.
    #[must_use]
    pub fn next_opening(&self, at: At) -> Option<At> {
        if self.is_open(at) {
            return Some(at);
        }
        self.opening_after(at)
    }

    /// When somebody new is taken next; `at` itself where that is now.
    #[must_use]
    pub fn next_arrival(&self, at: At) -> Option<At> {
        if self.takes_arrivals(at) {
            return Some(at);
        }
        self.opening_after(at)
    }

    /// 「18:00 – 22:00」 while open; 「次は今日18:00から」 or 「次は11月24日（火）18:00から」 while closed, and when nobody new is taken.
    #[must_use]
    pub fn text(&self, at: At) -> String {
        let next = |opens: Option<At>| match opens {
            None => "休止しています".to_owned(),
            Some(opens) if opens.date() == at.date() => format!("次は今日{}から", opens.clock()),
            Some(opens) => format!("次は{}{}から", day_words(opens.date()), opens.clock()),
        };
        let Some((span, _)) = self.open_span(at) else {
            return next(self.next_opening(at));
        };
        if !self.takes_arrivals(at) {
            return next(self.opening_after(at));
        }
        match self.closes_at(at).filter(|_| self.last_arrival_minutes > 0) {
            Some(closes) => format!(
                "{}（受付は{}まで）",
                span.text(),
                At(closes.0 - self.before_closing().0).clock()
            ),
            None => span.text(),
        }
    }

    /// Why nobody is taken at this moment, where there is something to say that the week does not: 「今日の受付は終わりました」,
    /// 「今日は祝日（文化の日）でお休みです」, 「年末年始のため、今日はお休みです」.
    #[must_use]
    pub fn closed_because(&self, at: At) -> Option<String> {
        if self.takes_arrivals(at) {
            return None;
        }
        if self.is_open(at) {
            return Some("今日の受付は終わりました".to_owned());
        }
        let (spans, source) = self.on_date(at.date());
        match source {
            Source::Single("") if spans.is_empty() => Some("今日は臨時のお休みです".to_owned()),
            Source::Single("") | Source::Weekday => None,
            Source::Single(words) if spans.is_empty() => Some(format!("{words}のため、今日はお休みです")),
            Source::Single(words) => Some(format!("{words}のため、今日は時間が変わっています")),
            Source::Holiday(name) if spans.is_empty() => Some(format!("今日は祝日（{name}）でお休みです")),
            Source::Holiday(_) => None,
        }
    }

    /// 「月 18:00 – 22:00」, one line a weekday from Monday, then holidays and the last arrival where they are told apart.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut weekday = Weekday::Monday;
        let mut lines = Vec::with_capacity(9);
        for _ in 0..7 {
            lines.push(format!("{} {}", weekday_letter(weekday), spans_text(self.on(weekday))));
            weekday = weekday.next();
        }
        if let Some(spans) = &self.holidays {
            lines.push(format!("祝日 {}", spans_text(spans)));
        }
        if self.last_arrival_minutes > 0 {
            lines.push(format!("受付は終わりの{}分前まで", self.last_arrival_minutes));
        }
        lines
    }

    /// The same for people who read it at a glance: neighbouring days with equal hours in one line. 「毎日 24時間」, 「月〜金 18:00 –
    /// 22:00」, 「土・日 休み」.
    #[must_use]
    pub fn folded(&self) -> Vec<String> {
        let mut week = Vec::with_capacity(7);
        let mut weekday = Weekday::Monday;
        for _ in 0..7 {
            week.push((weekday_letter(weekday), self.on(weekday)));
            weekday = weekday.next();
        }
        let runs = week.chunk_by(|(_, one), (_, next)| one == next).map(|run| {
            let days = match run {
                [(only, _)] => (*only).to_string(),
                [(first, _), (second, _)] => format!("{first}・{second}"),
                [_, _, _, _, _, _, _] => "毎日".to_owned(),
                [(first, _), .., (last, _)] => format!("{first}〜{last}"),
                [] => String::new(),
            };
            format!(
                "{days} {}",
                run.first().map_or(String::new(), |(_, spans)| spans_text(spans))
            )
        });
        runs.chain(self.lines().into_iter().skip(7)).collect()
    }

    fn before_closing(&self) -> Millis {
        Millis::minutes(i64::from(self.last_arrival_minutes))
    }

    /// The span that the desk is open in, and when it ends.
    fn open_span(&self, at: At) -> Option<(Span, At)> {
        let today = at.date();
        let open = |date: Date| {
            let spans = self.on_date(date).0.iter();
            spans
                .map(move |span| (*span, span.begins(date), span.ends(date)))
                .find(|(_, begins, ends)| (*begins..*ends).contains(&at))
        };
        let (span, _, ends) = open(today).or_else(|| open(today.previous_day()?))?;
        Some((span, ends))
    }

    fn opening_after(&self, at: At) -> Option<At> {
        let mut date = at.date();
        for _ in 0..LOOK_AHEAD_DAYS {
            let spans = self.on_date(date).0.iter();
            let takes = |opens: &At| *opens > at && self.takes_arrivals(*opens);
            if let Some(opens) = spans.map(|span| span.begins(date)).filter(takes).min() {
                return Some(opens);
            }
            date = date.next_day()?;
        }
        None
    }
}

/// 「11月24日（火）」, 「11月23日（月・祝）」.
#[must_use]
pub fn day_words(date: Date) -> String {
    let weekday = weekday_letter(date.weekday());
    let holiday = if holiday(date).is_some() { "・祝" } else { "" };
    format!("{}月{}日（{weekday}{holiday}）", u8::from(date.month()), date.day())
}

/// 「9:00 – 12:00、18:00 – 22:00」 or 「休み」.
#[must_use]
pub fn spans_text(spans: &[Span]) -> String {
    if spans.is_empty() {
        return "休み".to_owned();
    }
    let texts: Vec<String> = spans.iter().map(|span| span.text()).collect();
    texts.join("、")
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(minutes: &u16) -> bool {
    *minutes == 0
}

#[cfg(test)]
mod tests;
