//! Lines about what came after the advice.

use super::{ERASED, Entry, Mark, STAFF, SUPERVISOR, Topic, line};
use signaling::{
    actor::Role,
    after::Feeling,
    consultation::{WireEvent, WireKind},
    time::At,
};

const OWN: &str = "監督者と書いた人だけに表示";
const SUPERVISORS: &str = "監督者だけに表示";
const NURSES: &str = "監督者と保健師だけに表示";

/// The line of an event of this kind.
pub(super) fn entry(event: &WireEvent) -> Entry {
    let record = |mark, title: &str, what: String| line(event.at, Topic::Record, mark, title, what);
    let stamp = |at: At| format!("{} {}", at.date_text(), at.clock());
    let hidden = |words: &Option<String>, seen_by, entry: Entry| Entry {
        words: words.clone(),
        seen_by,
        ..entry
    };
    match &event.kind {
        WireKind::CheckInPlanned { by, due_at } => match due_at {
            Some(at) => record(Mark::Plain, "明日きく", format!("{}　{}", stamp(*at), by.addressed())),
            None => record(Mark::Plain, "明日きくのをやめる", by.addressed()),
        },
        WireKind::CheckInAsked => record(Mark::Plain, "その後をたずねる", String::new()),
        WireKind::CheckedIn { feeling } => {
            let mark = if *feeling == Feeling::Worse {
                Mark::Red
            } else {
                Mark::Green
            };
            record(mark, "その後の返事", feeling.label().to_owned())
        }
        WireKind::Reopened { service } => line(
            event.at,
            Topic::Order,
            Mark::Green,
            "また相談する",
            service.label().to_owned(),
        ),
        WireKind::SurveyNudged => Entry {
            seen_by: SUPERVISOR,
            ..record(Mark::Plain, "アンケートをもう一度お願い", String::new())
        },
        WireKind::ConcernRaised { by, text } => {
            let words = Some(text.clone().unwrap_or_else(|| ERASED.to_owned()));
            hidden(&words, OWN, record(Mark::Red, "気になる", by.addressed()))
        }
        WireKind::ConcernDecided { by, decision, text, .. } => {
            let what = format!("{}　{}", decision.label(), by.addressed());
            hidden(text, OWN, record(Mark::Red, "気になる：判断", what))
        }
        WireKind::ConcernNotified {
            by,
            whom,
            notified_at,
            text,
            ..
        } => {
            let what = format!("{}（{}）　{}", whom.label(), stamp(*notified_at), by.addressed());
            hidden(text, OWN, record(Mark::Red, "気になる：連絡", what))
        }
        WireKind::ReferralOffered { by, text } => Entry {
            words: Some(text.clone().unwrap_or_else(|| ERASED.to_owned())),
            ..record(Mark::Plain, "保健師への紹介を提案", by.addressed())
        },
        WireKind::ReferralAnswered { given, .. } => {
            let what = if *given { "同意した" } else { "同意しない" };
            record(Mark::Green, "保健師への紹介", what.to_owned())
        }
        WireKind::TaskShown { by, .. } => Entry {
            seen_by: SUPERVISORS,
            ..record(Mark::Plain, "監督者の画面に表示", by.name.clone())
        },
        WireKind::TaskTaken { by, .. } if by.role == Role::PublicHealthNurse => Entry {
            seen_by: SUPERVISORS,
            ..record(Mark::Green, "保健師が受け取る", by.name.clone())
        },
        WireKind::TaskClosed { by, text, .. } if by.role == Role::PublicHealthNurse => hidden(
            text,
            NURSES,
            record(Mark::Green, "保健師の対応を終える", by.name.clone()),
        ),
        WireKind::TaskTaken { by, .. } => Entry {
            seen_by: SUPERVISORS,
            ..record(Mark::Plain, "監督者が対応", by.name.clone())
        },
        WireKind::TaskClosed { by, text, .. } => hidden(
            text,
            SUPERVISORS,
            record(Mark::Green, "監督者の対応を終える", by.name.clone()),
        ),
        // Every other kind has its line elsewhere.
        _ => Entry {
            seen_by: STAFF,
            ..record(Mark::Plain, "", String::new())
        },
    }
}
