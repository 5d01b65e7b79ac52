//! Why a call did not come to work, or came late: one class out of eight, decided from what a page saw.
//!
//! Promises: the same sight has the same cause; what is certain is believed before what is likely (a refused microphone
//! before a network that was also bad); no address, no text of a browser and no word of anybody is part of it.
//!
//! Not here: noticing (the page), and that a page which dies says nothing (then `decide` says [`CallCause::Other`]).

use super::agent::{BrowserFamily, DeviceKind};
use crate::{intake::coded, time::Millis};
use serde::{Deserialize, Serialize};

coded!(
    /// Why a call failed or began late. The order is that of certainty: of two pages that tell of one call, the earlier
    /// class counts.
    CallCause {
        InAppBrowser = "in_app_browser", "アプリの中のブラウザ";
        Permission = "permission", "カメラ・マイクの許可";
        NoDevice = "no_device", "カメラ・マイクがない・使えない";
        Interruption = "interruption", "着信や画面の切りかえ";
        OurRestart = "our_restart", "こちらの再起動";
        Turn = "turn", "中継サーバーに届かない";
        Ice = "ice", "通信経路がつながらない";
        Other = "other", "そのほか";
    }
);

/// A call whose media begin later than this after 「出る」 is late. A pair that has not connected by then is negotiated anew
/// ([`crate::negotiation::mending::CONNECT_MS`]), so every later one was mended at least once; and it is the time after which
/// people say 「もしもし」 a second time and hang up (ITU-T E.721 puts 95 % of local calls below 6 s).
pub const LATE_START: Millis = Millis::seconds(6);

impl CallCause {
    /// What happened, for the clinician.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::InAppBrowser => "アプリの中の画面で開いていて、カメラとマイクを使えませんでした。",
            Self::Permission => "カメラとマイクの使用が許可されていませんでした。",
            Self::NoDevice => "カメラやマイクが見つからないか、ほかのアプリが使っていました。",
            Self::Interruption => "つながる前に、着信か画面の切りかえで中断されました。",
            Self::OurRestart => "つながる前に、こちらのサーバーが再起動しました。",
            Self::Turn => "中継サーバーに届きませんでした。ネットワークが通話を止めているようです。",
            Self::Ice => "通信の経路がつながりませんでした。電波が弱いか、ネットワークが通話を止めているようです。",
            Self::Other => "原因はわかっていません。",
        }
    }

    /// What the clinician can do next.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::InAppBrowser => {
                "「ブラウザで開く」を押してもらうと、続きから通話できます。それまではチャットで話せます。"
            }
            Self::Permission => {
                "許可のしかたは相手の画面に出ています。音声だけ・聞くだけでも話せます。チャットでも伝えられます。"
            }
            Self::NoDevice => {
                "ほかのアプリを閉じてから、もう一度よんでください。聞くだけ、またはチャットでも話せます。"
            }
            Self::Interruption | Self::OurRestart => "もう一度よんでください。",
            Self::Turn | Self::Ice => {
                "Wi-Fiとモバイル通信を切りかえてもらい、もう一度よんでください。音声だけ、またはチャットでも話せます。"
            }
            Self::Other => "もう一度よぶか、チャットで続けてください。",
        }
    }
}

/// What became of camera and microphone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Devices {
    /// Asked for, not there yet.
    #[default]
    Asked,
    /// There, or done without, so long after 「出る」.
    There {
        /// The time that it took.
        after: Millis,
    },
    /// They failed, and the person has not gone on without them.
    Failed(CallCause),
}

/// What ICE gathered and met (W3C WebRTC §5.6, `icecandidate` and `icecandidateerror`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gathering {
    /// A candidate of this machine.
    pub host: bool,
    /// A candidate that a STUN server saw.
    pub reflexive: bool,
    /// A candidate of a relay.
    pub relay: bool,
    /// A relay was offered at all.
    pub relay_offered: bool,
    /// Only relays may be used.
    pub relay_only: bool,
    /// A server did not answer (701), or refused with a STUN error code (RFC 8489 §14.8: 300 to 699).
    pub server_failed: bool,
}

impl Gathering {
    /// Notes an ICE error code: 701 for a server that cannot be reached, a STUN error code otherwise.
    pub fn error(&mut self, code: u32) {
        self.server_failed |= (300..=701).contains(&code);
    }

    /// Notes the `type` of a candidate.
    pub fn candidate(&mut self, kind: &str) {
        match kind {
            "host" => self.host = true,
            "srflx" | "prflx" => self.reflexive = true,
            "relay" => self.relay = true,
            _ => {}
        }
    }

    /// A relay was needed or asked for, and did not answer.
    fn lacks_relay(self) -> bool {
        self.relay_offered && !self.relay && (self.relay_only || self.server_failed)
    }
}

/// What a page saw of a call between 「出る」 and the first media, or its end without any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// Camera and microphone here.
    pub devices: Devices,
    /// A phone call, another app or a closed screen, here or on the other side.
    pub interrupted: bool,
    /// The server started anew meanwhile.
    pub server_restarted: bool,
    /// Of all connections that were tried.
    pub gathering: Gathering,
    /// How long it took, or has taken so far.
    pub waited: Millis,
    /// Media flow.
    pub connected: bool,
}

impl Sight {
    /// Nothing while a call that works began in time.
    #[must_use]
    pub fn cause(self) -> Option<CallCause> {
        if self.connected && self.waited <= LATE_START {
            return None;
        }
        let asked_long = match self.devices {
            Devices::Failed(cause) => return Some(cause),
            // The question stood open for most of the time.
            Devices::There { after } => after.0 * 2 > self.waited.0,
            Devices::Asked => true,
        };
        Some(if self.interrupted {
            CallCause::Interruption
        } else if self.server_restarted {
            CallCause::OurRestart
        } else if asked_long {
            CallCause::Permission
        } else if self.gathering.lacks_relay() {
            CallCause::Turn
        } else if !self.connected || self.gathering != Gathering::default() {
            CallCause::Ice
        } else {
            CallCause::Other
        })
    }
}

/// A call that failed or began late, as a side tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Why.
    pub cause: CallCause,
    /// It works all the same, only late.
    pub late: bool,
    /// On what; nothing where no page told.
    pub device: Option<DeviceKind>,
    /// In what; nothing where no page told.
    pub browser: Option<BrowserFamily>,
}

impl Trouble {
    /// 「スマートフォン・Safari」; empty where no page told.
    #[must_use]
    pub fn where_words(self) -> String {
        let parts = [
            self.device.map(DeviceKind::label),
            self.browser.map(BrowserFamily::label),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("・")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Devices were there at once, and twenty seconds have brought nothing.
    fn waiting() -> Sight {
        Sight {
            devices: Devices::There {
                after: Millis::seconds(1),
            },
            waited: Millis::seconds(20),
            ..Sight::default()
        }
    }

    fn met(relay_only: bool, codes: &[u32], candidates: &[&str]) -> Sight {
        let mut gathering = Gathering {
            relay_offered: true,
            relay_only,
            ..Gathering::default()
        };
        codes.iter().for_each(|code| gathering.error(*code));
        candidates.iter().for_each(|kind| gathering.candidate(kind));
        Sight { gathering, ..waiting() }
    }

    #[test]
    fn a_call_that_works_in_time_has_no_cause() {
        let sight = Sight {
            connected: true,
            waited: LATE_START,
            ..waiting()
        };
        assert_eq!(sight.cause(), None);
        let late = Sight {
            waited: Millis(LATE_START.0 + 1_000),
            ..sight
        };
        assert!(late.cause().is_some());
    }

    #[test]
    fn a_device_that_failed_is_believed_before_everything_else() {
        for cause in [CallCause::Permission, CallCause::InAppBrowser, CallCause::NoDevice] {
            let sight = Sight {
                devices: Devices::Failed(cause),
                interrupted: true,
                server_restarted: true,
                ..met(true, &[701], &[])
            };
            assert_eq!(sight.cause(), Some(cause));
        }
    }

    #[test]
    fn a_question_that_stood_open_for_most_of_the_time_is_a_matter_of_permission() {
        let asked = Sight {
            devices: Devices::There {
                after: Millis::seconds(9),
            },
            waited: Millis::seconds(11),
            connected: true,
            ..Sight::default()
        };
        assert_eq!(asked.cause(), Some(CallCause::Permission));
        let never_answered = Sight {
            devices: Devices::Asked,
            ..waiting()
        };
        assert_eq!(never_answered.cause(), Some(CallCause::Permission));
    }

    #[test]
    fn a_relay_that_does_not_answer_is_told_from_paths_that_do_not_meet() {
        assert_eq!(
            met(true, &[701], &[]).cause(),
            Some(CallCause::Turn),
            "only relays, none there"
        );
        assert_eq!(met(true, &[], &[]).cause(), Some(CallCause::Turn), "it is still asking");
        assert_eq!(met(false, &[401], &["host"]).cause(), Some(CallCause::Turn), "refused");
        assert_eq!(
            met(false, &[701], &["host", "relay"]).cause(),
            Some(CallCause::Ice),
            "one of several"
        );
        assert_eq!(met(false, &[], &["host", "srflx"]).cause(), Some(CallCause::Ice));
        assert_eq!(waiting().cause(), Some(CallCause::Ice), "no relay is set up here");
    }

    #[test]
    fn what_came_between_is_named() {
        let rung = Sight {
            interrupted: true,
            server_restarted: true,
            ..waiting()
        };
        assert_eq!(rung.cause(), Some(CallCause::Interruption));
        let restarted = Sight {
            server_restarted: true,
            ..met(false, &[701], &["host"])
        };
        assert_eq!(restarted.cause(), Some(CallCause::OurRestart));
    }

    #[test]
    fn every_cause_says_what_happened_and_what_to_do() {
        for cause in CallCause::ALL {
            for text in [cause.sentence(), cause.advice()] {
                assert!(text.ends_with('。'), "{text}");
            }
        }
    }
}
