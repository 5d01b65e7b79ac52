//! The lines of a conversation as they are shown: the log, day separators, and messages on their way.

use crate::guardian::{Pending, PendingState};
use signaling::{
    consultation::{Lane, Speaker},
    id::{CommandId, PhotoId, Seq},
    time::{At, weekday_letter},
    view::{Line, LineKind, Thread},
};

/// What makes a line the same line when the list changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// The separator before this event.
    Day(Seq),
    /// An event.
    Line(Seq),
    /// A message on its way, and how far it got: 0 sending, 1 stored, 2 failed.
    Pending(CommandId, u8),
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Identity.
    pub key: Key,
    /// When; nothing for separators and what is on its way.
    pub at: Option<At>,
    /// What.
    pub kind: ItemKind,
}

/// Kinds of lines.
#[derive(Clone, PartialEq, Eq)]
pub enum ItemKind {
    /// 「11月22日（日）」.
    Day(String),
    /// Something happened.
    Happened(String),
    /// The clinician wrote.
    Theirs {
        /// 「佐藤 医師」.
        who: String,
        /// The words.
        text: String,
    },
    /// The family wrote, and it is stored.
    Mine {
        /// The words.
        text: String,
    },
    /// Somebody sent a photo.
    Photo {
        /// 「佐藤 医師」; nothing for the family's own.
        who: Option<String>,
        /// Which.
        photo: PhotoId,
        /// Its shape.
        size: (u32, u32),
        /// What was written with it.
        caption: Option<String>,
    },
    /// The family wrote just now.
    Pending {
        /// Its command.
        id: CommandId,
        /// The words.
        text: String,
        /// How far it got.
        state: PendingState,
    },
}

signaling::redacted_debug!(ItemKind: Day, Happened, Theirs, Mine, Photo, Pending);

/// 「11月22日（日）」.
#[must_use]
pub fn day_words(at: At) -> String {
    let date = at.date();
    format!(
        "{}月{}日（{}）",
        u8::from(date.month()),
        date.day(),
        weekday_letter(date.weekday())
    )
}

/// All lines in order. A day is named where it changes, and at the top where the conversation began before today.
#[must_use]
pub fn items(thread: &Thread, pending: &[Pending], now: At) -> Vec<Item> {
    let mut items = Vec::with_capacity(thread.lines.len() + pending.len() + 1);
    let mut day = now.date();
    for line in &thread.lines {
        if line.at.date() != day {
            day = line.at.date();
            items.push(Item {
                key: Key::Day(line.seq),
                at: None,
                kind: ItemKind::Day(day_words(line.at)),
            });
        }
        items.push(Item {
            key: Key::Line(line.seq),
            at: Some(line.at),
            kind: kind(line),
        });
    }
    items.extend(still_pending(thread, pending).into_iter().map(|one| Item {
        key: Key::Pending(one.id, how_far(&one.state)),
        at: None,
        kind: ItemKind::Pending {
            id: one.id,
            text: one.text.clone(),
            state: one.state.clone(),
        },
    }));
    items
}

fn how_far(state: &PendingState) -> u8 {
    match state {
        PendingState::Sending => 0,
        PendingState::Sent(_) => 1,
        PendingState::Failed(_) => 2,
    }
}

fn kind(line: &Line) -> ItemKind {
    match &line.kind {
        LineKind::Happened(words) => ItemKind::Happened(words.clone()),
        LineKind::Photo {
            speaker,
            photo,
            size,
            caption,
        } => ItemKind::Photo {
            who: match speaker {
                Speaker::Guardian => None,
                Speaker::Staff(staff) => Some(staff.addressed()),
            },
            photo: *photo,
            size: *size,
            caption: caption.clone(),
        },
        LineKind::Said { speaker, text, .. } => {
            let text = text
                .clone()
                .unwrap_or_else(|| "（保存期間が終わり、内容は消去されました）".to_owned());
            match speaker {
                Speaker::Guardian => ItemKind::Mine { text },
                Speaker::Staff(staff) => ItemKind::Theirs {
                    who: staff.addressed(),
                    text,
                },
            }
        }
    }
}

/// Those that the log does not show yet. The event may come before its acknowledgement, so a message that was written
/// after the last known event and stands in the log with the same words is taken for its event.
fn still_pending<'a>(thread: &Thread, pending: &'a [Pending]) -> Vec<&'a Pending> {
    let mut taken: Vec<Seq> = Vec::new();
    let mut waits = |one: &Pending| match &one.state {
        PendingState::Failed(_) => true,
        PendingState::Sent(seq) => *seq > thread.seq,
        PendingState::Sending => {
            let is_twin = |line: &&Line| line.seq > one.after && !taken.contains(&line.seq) && says(line, &one.text);
            let twin = thread.lines.iter().find(is_twin).map(|line| line.seq);
            taken.extend(twin);
            twin.is_none()
        }
    };
    pending.iter().filter(|one| waits(one)).collect()
}

fn says(line: &Line, words: &str) -> bool {
    matches!(
        &line.kind,
        LineKind::Said { speaker: Speaker::Guardian, lane: Lane::Everyone, text: Some(text) } if text.trim() == words.trim()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use signaling::{
        actor::{Role, Staff},
        consultation::{WireEvent, WireKind},
        id::StaffId,
    };
    use uuid::Uuid;

    const NOW: At = At(1_795_347_600_000); // 2026-11-22 20:40 in Tokyo

    fn said(seq: Seq, at: At, text: &str) -> WireEvent {
        let kind = WireKind::Said {
            speaker: Speaker::Guardian,
            lane: Lane::Everyone,
            text: Some(text.to_owned()),
        };
        WireEvent { seq, at, kind }
    }

    fn writing(id: u128, after: Seq, text: &str, state: PendingState) -> Pending {
        Pending {
            id: CommandId(Uuid::from_u128(id)),
            text: text.to_owned(),
            after,
            state,
        }
    }

    fn pending_texts(items: &[Item]) -> Vec<&str> {
        items
            .iter()
            .filter_map(|item| match &item.kind {
                ItemKind::Pending { text, .. } => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_message_on_its_way_shows_once_whichever_of_event_and_acknowledgement_comes_first() {
        let before = Thread::of(&[said(1, NOW, "はい")]);
        let after = Thread::of(&[said(1, NOW, "はい"), said(2, NOW, "はい")]);
        let sending = [
            writing(1, 1, "はい", PendingState::Sending),
            writing(2, 1, "はい", PendingState::Sending),
        ];
        assert_eq!(pending_texts(&items(&before, &sending, NOW)).len(), 2);
        assert_eq!(
            pending_texts(&items(&after, &sending, NOW)).len(),
            1,
            "one of the two has arrived"
        );
        let sent = [writing(1, 1, "はい", PendingState::Sent(2))];
        assert_eq!(pending_texts(&items(&before, &sent, NOW)).len(), 1);
        assert_eq!(pending_texts(&items(&after, &sent, NOW)).len(), 0);
    }

    #[test]
    fn a_message_that_failed_stays_until_the_family_decides() {
        let thread = Thread::of(&[said(1, NOW, "x"), said(2, NOW, "熱")]);
        let failed = [writing(1, 1, "熱", PendingState::Failed("終わっています".into()))];
        assert_eq!(pending_texts(&items(&thread, &failed, NOW)), ["熱"]);
    }

    #[test]
    fn a_day_is_named_where_it_changes_and_today_needs_no_name() {
        let yesterday = At(NOW.0 - 24 * 3_600_000);
        let thread = Thread::of(&[said(1, yesterday, "a"), said(2, yesterday, "b"), said(3, NOW, "c")]);
        let days: Vec<_> = items(&thread, &[], NOW)
            .into_iter()
            .filter_map(|item| match item.kind {
                ItemKind::Day(words) => Some(words),
                _ => None,
            })
            .collect();
        assert_eq!(days, ["11月21日（土）", "11月22日（日）"]);
        assert_eq!(items(&Thread::of(&[said(1, NOW, "a")]), &[], NOW).len(), 1);
    }

    #[test]
    fn the_clinician_is_named_and_erased_words_say_so() {
        let staff = Staff {
            id: StaffId(Uuid::from_u128(7)),
            name: "佐藤".into(),
            role: Role::Pediatrician,
        };
        let kind = WireKind::Said {
            speaker: Speaker::Staff(staff),
            lane: Lane::Everyone,
            text: None,
        };
        let items = items(&Thread::of(&[WireEvent { seq: 1, at: NOW, kind }]), &[], NOW);
        let ItemKind::Theirs { who, text } = &items[0].kind else {
            panic!("the clinician's line")
        };
        assert_eq!(who, "佐藤 医師");
        assert!(text.contains("消去"));
    }
}
