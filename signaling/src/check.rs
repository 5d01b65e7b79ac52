//! 「カメラと音の確認」: from what a browser measured to one colour, one sentence and one thing to do.
//!
//! Promises: the same figures always give the same verdict, here and in the browser; what stops a call is said before what
//! only troubles it; there is exactly one sentence and one advice, never a list. What is kept ([`Checked`]) is coded and
//! banded and holds no address.
//!
//! Not here: how figures are measured (`tally` counts packets, the page does the rest), where a browser hides its
//! permissions (`frontend`), and whether the call itself will be good: a network that was fine may fail a minute later.

mod tally;
mod words;

pub use tally::{ECHOED_BYTES, PACKET_BYTES, Tally, echoed, packet};

use crate::{
    call::{
        Path,
        agent::{BrowserFamily, DeviceKind},
    },
    intake::coded,
};
use serde::{Deserialize, Serialize};

coded!(
    /// The colour, never without its word.
    Light {
        Green = "green", "良好";
        Amber = "amber", "注意";
        Red = "red", "通話できません";
    }
);

coded!(
    /// What became of asking for a camera or a microphone.
    Device {
        Works = "works", "使えます";
        Refused = "refused", "許可されていません";
        Missing = "missing", "見つかりません";
        Busy = "busy", "ほかのアプリが使っています";
        Fault = "fault", "使えませんでした";
        Unasked = "unasked", "使いません";
    }
);

coded!(
    /// Whether the person heard the test sound. Nobody has to say.
    Heard {
        Yes = "yes", "聞こえた";
        No = "no", "聞こえない";
        Unasked = "unasked", "未確認";
    }
);

coded!(
    /// How a figure stands to its two bounds.
    Grade {
        Good = "good", "良い";
        Fair = "fair", "やや悪い";
        Poor = "poor", "悪い";
    }
);

coded!(
    /// The one thing that decided. The label is what the desk reads.
    Cause {
        Fine = "fine", "問題なし";
        Unsupported = "unsupported", "通話できないブラウザ";
        SoundRefused = "sound_refused", "マイク不許可";
        SoundMissing = "sound_missing", "マイクなし";
        SoundBusy = "sound_busy", "マイク使用中";
        SoundFault = "sound_fault", "マイク不調";
        SpeakerSilent = "speaker_silent", "音が聞こえない";
        NoConnection = "no_connection", "接続できない";
        LossPoor = "loss_poor", "通信が途切れる";
        RoundTripPoor = "round_trip_poor", "遅れが大きい";
        NoVoice = "no_voice", "声が入っていない";
        PictureRefused = "picture_refused", "カメラ不許可";
        PictureMissing = "picture_missing", "カメラなし";
        PictureBusy = "picture_busy", "カメラ使用中";
        PictureFault = "picture_fault", "カメラ不調";
        LossFair = "loss_fair", "通信がやや不安定";
        RoundTripFair = "round_trip_fair", "やや遅れる";
        JitterFair = "jitter_fair", "ゆらぎがある";
        ConnectSlow = "connect_slow", "接続に時間";
        Untried = "untried", "接続は未確認";
    }
);

/// Two bounds of a figure: up to the first it is good, up to the second fair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The last good value.
    pub good: u32,
    /// The last fair value.
    pub fair: u32,
}

impl Bounds {
    /// Where a value stands.
    #[must_use]
    pub const fn grade(self, value: u32) -> Grade {
        if value <= self.good {
            Grade::Good
        } else if value <= self.fair {
            Grade::Fair
        } else {
            Grade::Poor
        }
    }
}

/// Packets of a thousand that were lost one way. Below 2 % WebRTC's sender goes faster, above 10 % it must go slower
/// (draft-ietf-rmcat-gcc-02 §6), and then the picture is the first to go.
pub const LOSS_PERMILLE: Bounds = Bounds { good: 20, fair: 100 };
/// There and back. ITU-T G.114: up to 150 ms one way nobody notices, past 400 ms a conversation does not work.
pub const ROUND_TRIP_MS: Bounds = Bounds { good: 300, fair: 800 };
/// How unevenly packets come (RFC 3550 §6.4.1, over the round trip). 30 ms is what networks for telephony are planned with
/// (Cisco QoS baseline); past 100 ms browsers stretch what is heard. Never red by itself: browsers wait it out.
pub const JITTER_MS: Bounds = Bounds { good: 30, fair: 100 };
/// From the offer until packets pass. Within one machine some 0.1 s, over a relay far away some round trips more; past three
/// seconds people press again.
pub const CONNECT_MS: Bounds = Bounds {
    good: 3_000,
    fair: 7_000,
};

/// How long a connection may take before there is said to be none: what [`VERDICT_MS`] leaves beside [`MEASURED_LEAST_MS`].
pub const CONNECT_PATIENCE_MS: u32 = CONNECT_MS.fair;
/// How long packets are counted: 250 of them, so that 2 % are five packets and not chance.
pub const MEASURED_MS: u32 = 5_000;
/// The shortest count that is still worth a verdict, where connecting took long.
pub const MEASURED_LEAST_MS: u32 = 2_000;
/// When the verdict stands at the latest. Ten seconds is as long as people wait without doing something else.
pub const VERDICT_MS: u32 = 9_500;
/// Between two packets: that of Opus.
pub const PACKET_EVERY_MS: u32 = 20;

/// What packets showed, through the same ICE servers as a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// From the offer until packets passed, in milliseconds.
    pub connect_ms: u32,
    /// Median there and back, in milliseconds.
    pub round_trip_ms: u32,
    /// RFC 3550's, over the round trip, in milliseconds.
    pub jitter_ms: u32,
    /// Lost on the way to the desk, of a thousand.
    pub loss_up_permille: u32,
    /// Lost on the way back, of a thousand.
    pub loss_down_permille: u32,
    /// How they travelled.
    pub path: Path,
}

/// What became of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "connection", rename_all = "snake_case", deny_unknown_fields)]
pub enum Connection {
    /// Packets passed.
    Made(Figures),
    /// None within [`CONNECT_PATIENCE_MS`].
    NotMade,
    /// It was not tried: no place was free, or the network was away.
    Untried,
    /// This browser has no calls.
    Unsupported,
}

/// What a browser measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// The camera.
    pub picture: Device,
    /// The microphone.
    pub sound: Device,
    /// Whether anything was heard through it.
    pub voice: bool,
    /// The test sound.
    pub heard: Heard,
    /// The connection.
    pub connection: Connection,
    /// The machine.
    pub kind: DeviceKind,
    /// The browser.
    pub browser: BrowserFamily,
}

/// The verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The colour.
    pub light: Light,
    /// Why.
    pub cause: Cause,
}

/// How the figures stand to their bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grades {
    /// Time to connect.
    pub connect: Grade,
    /// There and back.
    pub round_trip: Grade,
    /// Unevenness.
    pub jitter: Grade,
    /// Loss towards the desk.
    pub loss_up: Grade,
    /// Loss on the way back.
    pub loss_down: Grade,
}

/// What is kept of a check: codes and bands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Checked {
    /// The colour.
    pub light: Light,
    /// Why.
    pub cause: Cause,
    /// The camera.
    pub picture: Device,
    /// The microphone.
    pub sound: Device,
    /// The test sound.
    pub heard: Heard,
    /// How packets travelled; nothing where none did.
    pub path: Option<Path>,
    /// How the figures stand; nothing where there are none.
    pub grades: Option<Grades>,
    /// The machine.
    pub kind: DeviceKind,
    /// The browser.
    pub browser: BrowserFamily,
}

impl Figures {
    /// Each figure beside its bounds.
    #[must_use]
    pub fn grades(&self) -> Grades {
        Grades {
            connect: CONNECT_MS.grade(self.connect_ms),
            round_trip: ROUND_TRIP_MS.grade(self.round_trip_ms),
            jitter: JITTER_MS.grade(self.jitter_ms),
            loss_up: LOSS_PERMILLE.grade(self.loss_up_permille),
            loss_down: LOSS_PERMILLE.grade(self.loss_down_permille),
        }
    }
}

impl Measured {
    /// The verdict: the first of what stops a call, else the first of what troubles it, else green.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let red = |cause| Verdict {
            light: Light::Red,
            cause,
        };
        let amber = |cause| Verdict {
            light: Light::Amber,
            cause,
        };
        if let Some(cause) = self.stops() {
            red(cause)
        } else if let Some(cause) = self.troubles() {
            amber(cause)
        } else {
            Verdict {
                light: Light::Green,
                cause: Cause::Fine,
            }
        }
    }

    fn grades(&self) -> Option<Grades> {
        match &self.connection {
            Connection::Made(figures) => Some(figures.grades()),
            _ => None,
        }
    }

    /// No call comes of it: there is nothing to say, nothing to hear, or no way through.
    fn stops(&self) -> Option<Cause> {
        let sound = match self.sound {
            Device::Refused => Some(Cause::SoundRefused),
            Device::Missing | Device::Unasked => Some(Cause::SoundMissing),
            Device::Busy => Some(Cause::SoundBusy),
            Device::Fault => Some(Cause::SoundFault),
            Device::Works => None,
        };
        let poor = |grade| grade == Grade::Poor;
        if self.connection == Connection::Unsupported {
            return Some(Cause::Unsupported);
        }
        if sound.is_some() {
            return sound;
        }
        if self.heard == Heard::No {
            return Some(Cause::SpeakerSilent);
        }
        if self.connection == Connection::NotMade {
            return Some(Cause::NoConnection);
        }
        let grades = self.grades()?;
        if poor(grades.loss_up) || poor(grades.loss_down) {
            Some(Cause::LossPoor)
        } else {
            poor(grades.round_trip).then_some(Cause::RoundTripPoor)
        }
    }

    /// A call works, but not as it could.
    fn troubles(&self) -> Option<Cause> {
        if !self.voice {
            return Some(Cause::NoVoice);
        }
        match self.picture {
            Device::Refused => return Some(Cause::PictureRefused),
            Device::Missing => return Some(Cause::PictureMissing),
            Device::Busy => return Some(Cause::PictureBusy),
            Device::Fault => return Some(Cause::PictureFault),
            // Whoever wants to talk without a picture lacks none.
            Device::Works | Device::Unasked => {}
        }
        let Some(grades) = self.grades() else {
            return Some(Cause::Untried);
        };
        let not_good = |grade| grade != Grade::Good;
        let first = [
            (not_good(grades.loss_up) || not_good(grades.loss_down), Cause::LossFair),
            (not_good(grades.round_trip), Cause::RoundTripFair),
            (not_good(grades.jitter), Cause::JitterFair),
            (not_good(grades.connect), Cause::ConnectSlow),
        ];
        first.into_iter().find(|(is_so, _)| *is_so).map(|(_, cause)| cause)
    }

    /// What is kept of it.
    #[must_use]
    pub fn checked(&self) -> Checked {
        let Verdict { light, cause } = self.verdict();
        Checked {
            light,
            cause,
            picture: self.picture,
            sound: self.sound,
            heard: self.heard,
            path: match &self.connection {
                Connection::Made(figures) => Some(figures.path),
                _ => None,
            },
            grades: self.grades(),
            kind: self.kind,
            browser: self.browser,
        }
    }
}

#[cfg(test)]
mod tests;
