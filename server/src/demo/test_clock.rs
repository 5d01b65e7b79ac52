//! A demo whose time the tests move, so that a journey through a night takes seconds: `soudan demo --test-clock TIME`.
//!
//! The clock begins at TIME, goes on by itself and is put forward through the Unix socket `clock` in the data directory: each line
//! is a number of seconds, and the answer the time that it has become, in milliseconds since 1970. Timers see a turn at once. A
//! server that is killed and started again goes on with the time that it had.
//!
//! Promises: only the owner of the data turns the clock; only a demo that has begun like this is
//! run like this, so that no other's consultations get times that are made up, and none is reached from beyond this machine
//! (clap refuses `--lan` and `--edge`, whose process has a clock of its own). Not here: clocks (`clock.rs`). Time never goes back.

use crate::clock::{Clock, TestClock};
use signaling::time::{At, Millis, parse_date};
use std::{
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
};

/// Name of the socket.
const SOCKET: &str = "clock";
/// Name of the file that keeps by how many milliseconds the clock is ahead of the machine's.
const KEPT: &str = "clock.ahead";
/// The farthest turn of one line.
const FARTHEST_DAYS: i64 = 400;

/// `2027-01-12T21:30` on the city's wall clock.
///
/// # Errors
/// It is no such time; what is, in words.
pub fn parse(text: &str) -> Result<At, String> {
    let read = || {
        let (date, clock) = text.split_once('T')?;
        let (hour, minute) = clock.split_once(':')?;
        let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
        let is_time = (0..24).contains(&hour) && (0..60).contains(&minute);
        let begins = At::start_of(parse_date(date)?);
        is_time.then(|| begins + Millis::minutes(hour * 60 + minute))
    };
    read().ok_or_else(|| "a time such as 2027-01-12T21:30".to_owned())
}

/// Goes on where an earlier start was, and listens for turns from now on.
///
/// # Errors
/// The socket cannot be made, or the time not be kept.
pub(super) fn obey(clock: TestClock, data: &Path) -> io::Result<()> {
    let kept = data.join(KEPT);
    match std::fs::read_to_string(&kept).map(|ahead| ahead.parse()) {
        Ok(Ok(ahead)) => clock.is_ahead_by(Millis(ahead)),
        _ => std::fs::write(&kept, clock.ahead().0.to_string())?,
    }
    let socket = data.join(SOCKET);
    if socket.exists() {
        std::fs::remove_file(&socket)?;
    }
    let listener = UnixListener::bind(&socket)?;
    std::fs::set_permissions(&socket, std::fs::Permissions::from_mode(0o600))?;
    tracing::warn!(now = %clock.now().in_tokyo(), "the time of this demo is moved by tests");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(turned_by(stream, clock.clone(), kept.clone()));
        }
    });
    Ok(())
}

/// Until whoever is at the other end has gone.
async fn turned_by(stream: UnixStream, clock: TestClock, kept: PathBuf) -> io::Result<()> {
    let (reads, mut writes) = stream.into_split();
    let mut lines = BufReader::new(reads).lines();
    while let Some(line) = lines.next_line().await? {
        let answer = turn(&clock, &line);
        std::fs::write(&kept, clock.ahead().0.to_string())?;
        writes.write_all(format!("{answer}\n").as_bytes()).await?;
    }
    Ok(())
}

fn turn(clock: &TestClock, line: &str) -> String {
    let farthest = Millis::days(FARTHEST_DAYS).0 / 1000;
    match line.trim().parse() {
        Ok(seconds) if (0..=farthest).contains(&seconds) => {
            clock.is_ahead_by(Millis(clock.ahead().0 + seconds * 1000));
            clock.now().0.to_string()
        }
        _ => format!("refused: seconds from 0 to {farthest}, and forward only"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_one_of_the_citys_wall_clock() {
        assert_eq!(parse("2026-11-22T19:00"), Ok(At(1_795_341_600_000)));
        for wrong in [
            "",
            "2026-11-22",
            "2026-11-31T19:00",
            "2026-11-22T24:00",
            "2026-11-22T19:60",
            "19:00",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_clock_goes_forward_and_nowhere_else() {
        let begun = At(1_795_341_600_000);
        let clock = TestClock::at(begun);
        let after: i64 = turn(&clock, "1200").parse().expect("a time");
        assert!(after >= (begun + Millis::minutes(20)).0);
        for wrong in ["-1", "", "x", "999999999", "1.5"] {
            assert!(turn(&clock, wrong).starts_with("refused"), "{wrong}");
        }
    }
}
