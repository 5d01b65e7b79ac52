//! The part of the configuration about the ladder: how long each step is given before the next is told that a family waits.

use super::{Draft, Key};
use signaling::{ladder::Delays, time::Millis};

/// Longest step in seconds: a ladder that takes longer alarms nobody in time.
const LONGEST_SECONDS: i64 = 3_600;
const ALLOWED: &str = "whole seconds from 1 to 3600";

fn seconds(draft: &mut Draft, value: &str, of: fn(&mut Delays) -> &mut Millis) -> bool {
    let seconds = value
        .parse()
        .ok()
        .filter(|seconds| (1..=LONGEST_SECONDS).contains(seconds));
    if let Some(seconds) = seconds {
        *of(&mut draft.config.ladder) = Millis::seconds(seconds);
    }
    seconds.is_some()
}

pub(super) const KEYS: &[Key] = &[
    Key {
        name: "ladder.sound_seconds",
        purpose: "How long a new arrival sounds at the desks on duty before their desktops show a notification. By default 30.",
        allowed: ALLOWED,
        set: |draft, value| seconds(draft, value, |delays| &mut delays.sound),
    },
    Key {
        name: "ladder.notification_seconds",
        purpose: "How long the notification is given before every other connected desk is told. By default 30.",
        allowed: ALLOWED,
        set: |draft, value| seconds(draft, value, |delays| &mut delays.notification),
    },
    Key {
        name: "ladder.colleague_seconds",
        purpose: "How long other desks are given before the supervisors are told. By default 90.",
        allowed: ALLOWED,
        set: |draft, value| seconds(draft, value, |delays| &mut delays.colleague),
    },
    Key {
        name: "ladder.ack_seconds",
        purpose: "How long a step is given that no page has confirmed, its browser being silenced or gone. By default 10.",
        allowed: ALLOWED,
        set: |draft, value| seconds(draft, value, |delays| &mut delays.ack),
    },
    Key {
        name: "ladder.supervisor_seconds",
        purpose: "By when supervisors are to have dealt with a consultation that came to them. By default 600.",
        allowed: ALLOWED,
        set: |draft, value| seconds(draft, value, |delays| &mut delays.supervisor),
    },
];
