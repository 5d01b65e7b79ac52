//! The part of the configuration about how long the desk waits for clinicians.

use super::{Draft, Key};
use signaling::{hand_over::Patience, time::Millis};

/// Longest wait in minutes: an evening's desk is open for four hours.
const LONGEST_MINUTES: i64 = 240;
const ALLOWED: &str = "whole minutes from 1 to 240";

fn minutes(draft: &mut Draft, value: &str, of: fn(&mut Patience) -> &mut Millis) -> bool {
    let minutes = value
        .parse()
        .ok()
        .filter(|minutes| (1..=LONGEST_MINUTES).contains(minutes));
    if let Some(minutes) = minutes {
        *of(&mut draft.config.patience) = Millis::minutes(minutes);
    }
    minutes.is_some()
}

pub(super) const KEYS: &[Key] = &[
    Key {
        name: "desk.idle_minutes",
        purpose: "A family waits for a word from the clinician who has its consultation: after so long that clinician is asked whether \
                  they are there. By default 10.",
        allowed: ALLOWED,
        set: |draft, value| minutes(draft, value, |patience| &mut patience.idle),
    },
    Key {
        name: "desk.idle_answer_minutes",
        purpose: "Without an answer to that, the consultation goes back to the queue after so long, in its old place. By default 3.",
        allowed: ALLOWED,
        set: |draft, value| minutes(draft, value, |patience| &mut patience.idle_answer),
    },
    Key {
        name: "desk.hand_over_minutes",
        purpose: "How long a colleague or a profession is asked to take a consultation over; then one that waits is for everybody \
                  again. By default 5.",
        allowed: ALLOWED,
        set: |draft, value| minutes(draft, value, |patience| &mut patience.hand_over),
    },
];
