//! What Linux tells of a process: its memory and the time that processors gave it; and how one is kept to one processor.

use std::{ffi::OsStr, time::Duration};
use tokio::process::Command;

/// Linux counts processor time for user space in hundredths of a second, whatever its own clock (proc(5), `_SC_CLK_TCK`).
const TICK: Duration = Duration::from_millis(10);

/// A command that runs on this processor alone, or on any.
#[must_use]
pub fn on_processor(processor: Option<u32>, program: impl AsRef<OsStr>) -> Command {
    match processor {
        None => Command::new(program),
        Some(processor) => {
            // It becomes the program, so its number is the program's.
            let mut command = Command::new("taskset");
            command.args(["-c", &processor.to_string()]).arg(program);
            command
        }
    }
}

/// Resident memory in bytes.
#[must_use]
pub fn resident_bytes(pid: u32) -> Option<u64> {
    status_bytes(pid, "VmRSS:")
}

/// The most resident memory that it ever had, in bytes.
#[must_use]
pub fn peak_bytes(pid: u32) -> Option<u64> {
    status_bytes(pid, "VmHWM:")
}

fn status_bytes(pid: u32, field: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// Processor time of all its threads so far.
#[must_use]
pub fn processor_time(pid: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything; user and system time are the 12th and 13th field after it.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u32>().ok();
    Some(TICK * (ticks()? + ticks()?))
}

/// How many files and sockets this process may have open.
#[must_use]
pub fn open_files() -> Option<u64> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_works_is_seen_to_use_memory_and_time() {
        let me = std::process::id();
        assert!(resident_bytes(me) <= peak_bytes(me));
        assert!(resident_bytes(me).is_some_and(|bytes| bytes > 100_000));
        let before = processor_time(me).expect("it runs");
        let mut last = before;
        while last == before {
            last = processor_time(me).expect("it runs");
        }
        assert!(last > before);
        assert!(open_files().is_some_and(|files| files > 3));
    }
}
