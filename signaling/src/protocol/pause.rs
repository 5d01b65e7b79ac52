//! How long a client waits before it tries again. Pure: the random number is an argument.

/// Longest pause between two sockets.
const LONGEST_BETWEEN_SOCKETS_MS: u64 = 5_000;
/// Four slow round trips, and the longest time for a `welcome`.
const FIRST_FOR_WELCOME_MS: u32 = 4_000;
/// See [`FIRST_FOR_WELCOME_MS`].
const LONGEST_FOR_WELCOME_MS: u32 = 10_000;
/// First pause before a command that met a failure of the server is sent again.
const FIRST_FOR_COMMAND_MS: u64 = 500;
/// Longest such pause: a person waits for it.
const LONGEST_FOR_COMMAND_MS: u64 = 15_000;

/// Milliseconds before the next socket, after so many failures in a row (from 1). It grows with every failure and differs
/// between tabs by `random` (0 to below 1), so that a restarted server is not met by all of them at once.
#[must_use]
pub fn before_socket_ms(failures: u32, random: f64) -> u64 {
    let longest = LONGEST_BETWEEN_SOCKETS_MS.min(250 << failures.min(10));
    50 + part(longest, random)
}

/// Milliseconds within which a socket must have said `welcome`, after so many failures in a row: a proxy may let it open, or try
/// to, and pass nothing on, and a phone that changed its network may open it on the old one. A slow line is given more each time.
#[must_use]
pub fn for_welcome_ms(failures: u32) -> f64 {
    f64::from(LONGEST_FOR_WELCOME_MS.min(FIRST_FOR_WELCOME_MS << failures.min(10)))
}

/// Milliseconds before a command is sent again that was answered with error `unavailable` so many times in a row (from 1):
/// half to the whole of a pause that doubles.
#[must_use]
pub fn before_command_ms(failures: u32, random: f64) -> u64 {
    let longest = LONGEST_FOR_COMMAND_MS.min(FIRST_FOR_COMMAND_MS << failures.saturating_sub(1).min(10));
    longest / 2 + part(longest / 2, random)
}

fn part(of: u64, random: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "0 to 15000"
    )]
    let part = (random.clamp(0.0, 1.0) * of as f64) as u64;
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_are_opened_again_soon_at_first_and_never_later_than_five_seconds() {
        assert_eq!((before_socket_ms(1, 0.0), before_socket_ms(1, 1.0)), (50, 550));
        assert_eq!(before_socket_ms(1_000, 1.0), 5_050);
    }

    #[test]
    fn a_socket_that_does_not_come_to_life_is_given_more_time_each_time() {
        let given: Vec<f64> = (0..4).map(for_welcome_ms).collect();
        assert_eq!(given, [4_000.0, 8_000.0, 10_000.0, 10_000.0]);
    }

    #[test]
    fn a_failing_server_is_asked_ever_less_often_and_a_person_waits_fifteen_seconds_at_most() {
        let longest: Vec<u64> = (1..=7).map(|failures| before_command_ms(failures, 1.0)).collect();
        assert_eq!(longest, [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
        assert_eq!(before_command_ms(1, 0.0), 250);
        assert_eq!(before_command_ms(u32::MAX, 1.0), 15_000);
    }
}
