//! Lines of an EPDS that a clinician has asked: its points, and the rules that they made fire.

use super::{ERASED, Entry, Mark, STAFF, Topic, line};
use signaling::consultation::{WireEvent, WireKind};

/// The line of an event that is about one; of another there is nothing to say.
pub(super) fn entry(event: &WireEvent) -> Entry {
    let record = |mark, title: &str, what: String| Entry {
        seen_by: STAFF,
        ..line(event.at, Topic::Record, mark, title, what)
    };
    match &event.kind {
        WireKind::EpdsRecorded {
            by,
            points: Some(points),
        } => {
            let items: Vec<String> = points.items().iter().map(ToString::to_string).collect();
            let what = format!(
                "合計{}点・項目10は{}点　{}",
                points.total(),
                points.tenth(),
                by.addressed()
            );
            Entry {
                words: Some(format!("項目1から10：{}", items.join("・"))),
                ..record(Mark::Plain, "EPDSの点数を記録", what)
            }
        }
        WireKind::EpdsRecorded { by, points: None } => Entry {
            words: Some(ERASED.to_owned()),
            ..record(Mark::Plain, "EPDSの点数を記録", by.addressed())
        },
        WireKind::Flagged { rule, action, .. } => record(
            Mark::Red,
            "危険サイン（EPDSの点数により）",
            format!("{rule}　{}。相談者には出していません", action.label()),
        ),
        _ => record(Mark::Plain, "", String::new()),
    }
}
