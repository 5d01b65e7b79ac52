//! One line about each call: how long it carried what, how it travelled, how well, and what went wrong.
//!
//! Promises: whatever can be derived from the log is, so that a page that dies loses only what it measured. Folded from wire
//! events, by the server for the replay and by the desk for its record alike.

use super::{CallMode, CallOutcome, Path, cause::Trouble, interruption::Interruption};
use crate::{
    consultation::{WireEvent, WireKind},
    id::Seq,
    time::At,
};
use serde::{Deserialize, Serialize};

/// What the clinician's page measured over the whole call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// How media travelled at the end.
    pub path: Path,
    /// Packets that did not arrive, in thousandths of all that were sent here.
    pub loss_permille: u16,
    /// The median round trip in milliseconds; nothing where it was never measured.
    pub round_trip_ms: Option<u32>,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRecord {
    /// The number of its `call_offered` event.
    pub id: Seq,
    /// When it rang.
    pub offered_at: At,
    /// How it ended; nothing while it runs.
    pub outcome: Option<CallOutcome>,
    /// Milliseconds with video, since the first media.
    pub video_ms: i64,
    /// Milliseconds with sound alone.
    pub audio_ms: i64,
    /// How media travelled last.
    pub path: Option<Path>,
    /// What the page measured.
    pub measured: Option<Measured>,
    /// What went wrong at its start, as the sides tell.
    pub troubles: Vec<Trouble>,
    /// How often somebody was interrupted.
    pub interruptions: u32,
    /// What it carries, or carried last.
    pub mode: CallMode,
    /// Since when it carries [`CallRecord::mode`]; nothing before the first media.
    since: Option<At>,
}

impl CallRecord {
    /// Folds one more event into the calls so far.
    pub fn fold(calls: &mut Vec<Self>, event: &WireEvent) {
        if let WireKind::CallOffered { mode, .. } = event.kind {
            calls.push(Self::offered(event.seq, event.at, mode));
            return;
        }
        let Some(id) = event.kind.call() else { return };
        if let Some(call) = calls.iter_mut().find(|call| call.id == id) {
            call.goes_on(event);
        }
    }

    /// All calls of a log.
    #[must_use]
    pub fn all(events: &[WireEvent]) -> Vec<Self> {
        let mut calls = Vec::new();
        events.iter().for_each(|event| Self::fold(&mut calls, event));
        calls
    }

    fn offered(id: Seq, offered_at: At, mode: CallMode) -> Self {
        Self {
            id,
            offered_at,
            outcome: None,
            video_ms: 0,
            audio_ms: 0,
            path: None,
            measured: None,
            troubles: Vec::new(),
            interruptions: 0,
            mode,
            since: None,
        }
    }

    fn goes_on(&mut self, event: &WireEvent) {
        match &event.kind {
            WireKind::CallConnected { path, .. } | WireKind::CallResumed { path, .. } => {
                self.since.get_or_insert(event.at);
                self.path = Some(*path);
            }
            WireKind::CallModeChanged { mode, .. } => {
                self.count_until(event.at);
                self.mode = *mode;
            }
            WireKind::CallEnded { outcome, .. } => {
                self.count_until(event.at);
                self.since = None;
                self.outcome = Some(*outcome);
            }
            WireKind::CallTroubled { trouble, .. } => self.troubles.push(*trouble),
            WireKind::CallMeasured { measured, .. } => self.measured = Some(*measured),
            WireKind::SeatInterrupted { .. } => self.interruptions += 1,
            _ => {}
        }
    }

    fn count_until(&mut self, at: At) {
        let Some(since) = self.since else { return };
        self.since = Some(at);
        let ms = at.0.saturating_sub(since.0).max(0);
        match self.mode {
            CallMode::Video => self.video_ms += ms,
            CallMode::Audio => self.audio_ms += ms,
        }
    }

    /// 「通話 12分40秒（ビデオ 10分・音声 2分40秒）・中継・損失 0.4%・往復 48ms」; how it ended where nobody talked.
    #[must_use]
    pub fn line(&self) -> String {
        let all = (self.video_ms + self.audio_ms) / 1000;
        let mut parts = vec![if all == 0 {
            let ended = self.outcome.map_or("続いています", CallOutcome::label);
            format!("通話 {ended}")
        } else {
            format!("通話 {}{}", seconds_words(all), self.modes())
        }];
        let path = self.measured.map(|measured| measured.path).or(self.path);
        parts.extend(path.map(|path| path.label().to_owned()));
        if let Some(measured) = self.measured {
            let (whole, tenth) = (measured.loss_permille / 10, measured.loss_permille % 10);
            parts.push(format!("損失 {whole}.{tenth}%"));
            parts.extend(measured.round_trip_ms.map(|ms| format!("往復 {ms}ms")));
        }
        if self.interruptions > 0 {
            parts.push(format!("中断 {}回", self.interruptions));
        }
        parts.join("・")
    }

    /// Whole seconds of both; the parts add up to the whole.
    fn modes(&self) -> String {
        let all = (self.video_ms + self.audio_ms) / 1000;
        let video = self.video_ms / 1000;
        match (video, all - video) {
            (0, _) => "（音声）".to_owned(),
            (_, 0) => "（ビデオ）".to_owned(),
            (video, audio) => format!("（ビデオ {}・音声 {}）", seconds_words(video), seconds_words(audio)),
        }
    }
}

/// 「12分40秒」「10分」「48秒」「1時間5分」.
fn seconds_words(seconds: i64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let unit = |number: i64, unit: &str| (number > 0).then(|| format!("{number}{unit}"));
    let parts = [
        unit(hours, "時間"),
        unit(minutes, "分"),
        unit(rest, "秒").filter(|_| hours == 0),
    ];
    parts.into_iter().flatten().collect()
}

impl Interruption {
    /// What it was, for the replay.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Interrupted => "着信などで中断",
            Self::Hidden => "画面が閉じた",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Holder;

    fn log(kinds: &[(i64, WireKind)]) -> Vec<WireEvent> {
        (7..)
            .zip(kinds)
            .map(|(seq, (seconds, kind))| WireEvent {
                seq,
                at: At(seconds * 1000),
                kind: kind.clone(),
            })
            .collect()
    }

    fn offered() -> WireKind {
        WireKind::CallOffered {
            by: crate::actor::Staff {
                id: crate::id::StaffId(uuid::Uuid::nil()),
                name: "佐藤".to_owned(),
                role: crate::actor::Role::Pediatrician,
            },
            mode: CallMode::Video,
        }
    }

    fn ended(outcome: CallOutcome) -> WireKind {
        WireKind::CallEnded {
            call: 7,
            outcome,
            talk_seconds: 0,
            by: None,
        }
    }

    const RELAY: Path = Path::Relay;

    #[test]
    fn a_call_is_one_line_with_the_seconds_of_each_mode() {
        let changed = WireKind::CallModeChanged {
            call: 7,
            mode: CallMode::Audio,
            holder: Holder::Guardian,
        };
        let measured = Measured {
            path: RELAY,
            loss_permille: 4,
            round_trip_ms: Some(48),
        };
        let kinds = [
            (0, offered()),
            (10, WireKind::CallConnected { call: 7, path: RELAY }),
            (100, WireKind::CallInterrupted { call: 7 }),
            (104, WireKind::CallResumed { call: 7, path: RELAY }),
            (610, changed),
            (770, ended(CallOutcome::HungUp)),
            (771, WireKind::CallMeasured { call: 7, measured }),
        ];
        let calls = CallRecord::all(&log(&kinds));
        assert_eq!(
            calls[0].line(),
            "通話 12分40秒（ビデオ 10分・音声 2分40秒）・中継・損失 0.4%・往復 48ms"
        );
        let died = CallRecord::all(&log(&kinds[..6]));
        assert_eq!(
            died[0].line(),
            "通話 12分40秒（ビデオ 10分・音声 2分40秒）・中継",
            "a page that died before it told"
        );
    }

    #[test]
    fn a_call_without_talk_says_how_it_ended() {
        let calls = CallRecord::all(&log(&[(0, offered()), (60, ended(CallOutcome::Unanswered))]));
        assert_eq!(calls[0].line(), "通話 応答なし");
        assert_eq!(CallRecord::all(&log(&[(0, offered())]))[0].line(), "通話 続いています");
    }

    #[test]
    fn lengths_read_like_speech() {
        assert_eq!(
            [48, 600, 760, 3900].map(seconds_words),
            ["48秒", "10分", "12分40秒", "1時間5分"]
        );
    }
}
