//! What a phone does to a call when it rings, is locked, or shows another app, and how the call comes back from it.
//!
//! Promises: the other side is told at the first sign, and at the last one that it is over; one interruption is logged once,
//! however often its signs flap; a track that was taken away is captured anew when the page is back (what browsers say of
//! such a track afterwards is not believed: it may be live, unmuted and silent); where the browser wants a touch first, one
//! is asked for.
//!
//! Not here: the browser's events (`frontend`), and a phone that freezes without a last word: of that the heartbeat tells,
//! see [`crate::queue::Presence`].

use crate::{
    intake::coded,
    time::{At, Millis},
};

coded!(
    /// What keeps somebody from the call who has not left it.
    Interruption {
        Interrupted = "interrupted", "着信など";
        Hidden = "hidden", "画面を閉じた";
    }
);

/// What is captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// The microphone.
    Audio,
    /// The camera.
    Video,
}

/// What the browser says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// The page cannot be seen, or is about to be frozen.
    Hidden,
    /// It can be seen again.
    Shown,
    /// A track gives silence or black, and nobody here switched it off.
    Muted(Media),
    /// It flows again, as the browser says.
    Unmuted(Media),
    /// A track is over, and nobody here stopped it.
    Ended(Media),
    /// The page's sound was halted (`AudioContext`: `interrupted`, or `suspended` after it ran).
    Halted,
    /// It runs again.
    Runs,
    /// The capture that was asked for is there.
    Captured,
    /// It was refused.
    Refused,
    /// 「カメラとマイクをもどす」.
    Touched,
    /// The person switched a device on or off by hand: what became of it before is of no matter any more.
    Chosen(Media),
    /// Some time has passed.
    Tick,
}

/// What the page does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Tell the other side; nothing: it is over.
    Tell(Option<Interruption>),
    /// Log that it began.
    Begin(Interruption),
    /// Log that it is over.
    Over,
    /// Capture anew and send that instead.
    Capture {
        /// The microphone.
        audio: bool,
        /// The camera.
        video: bool,
    },
    /// Let sound and pictures of the other side play again.
    Play,
    /// Show the button, or put it away.
    Ask(bool),
}

/// How long a visible page waits for a track or its sound to come back by itself.
const RETURN_GRACE: Millis = Millis::seconds(1);
/// How long all must be well before an interruption counts as over: signs that flap are one interruption.
const CALM: Millis = Millis::seconds(3);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Track {
    #[default]
    Flows,
    Muted,
    Ended,
}

/// One side of one call, as its page sees itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interruptions {
    handheld: bool,
    hidden: bool,
    halted: bool,
    audio: Track,
    video: Track,
    /// Taken away since the last capture, whatever the browser says now.
    stale: (bool, bool),
    told: Option<Interruption>,
    /// Logged, and not over.
    open: bool,
    calm_since: Option<At>,
    /// Since when the page is visible and something is still missing.
    lacking_since: Option<At>,
    capturing: bool,
    /// A capture was refused; another one waits for a touch or a new sign.
    refused: bool,
    asking: bool,
}

impl Interruptions {
    /// At the beginning of a call. On a handheld a hidden page is as good as gone; on a computer only what it does to the
    /// tracks counts.
    #[must_use]
    pub fn new(handheld: bool) -> Self {
        Self {
            handheld,
            ..Self::default()
        }
    }

    /// What the other side is told now.
    #[must_use]
    pub fn told(&self) -> Option<Interruption> {
        self.told
    }

    /// Whether sound, and pictures, are taken away now.
    #[must_use]
    pub fn lacks(&self) -> (bool, bool) {
        (self.audio != Track::Flows, self.video != Track::Flows)
    }

    /// Something happened; what follows from it.
    #[must_use]
    pub fn handle(&mut self, sign: Sign, now: At) -> Vec<Act> {
        let mut acts = Vec::new();
        self.note(sign, &mut acts);
        self.tell(now, &mut acts);
        self.mend(sign, now, &mut acts);
        acts
    }

    fn note(&mut self, sign: Sign, acts: &mut Vec<Act>) {
        match sign {
            Sign::Hidden => self.hidden = true,
            Sign::Shown if self.hidden => {
                self.hidden = false;
                self.refused = false;
                acts.push(Act::Play);
            }
            Sign::Muted(media) => self.set(media, Track::Muted),
            Sign::Ended(media) => self.set(media, Track::Ended),
            Sign::Unmuted(media) => {
                if *self.track(media) == Track::Muted {
                    *self.track(media) = Track::Flows;
                    self.refused = false;
                }
            }
            Sign::Halted => self.halted = true,
            Sign::Runs => self.halted = false,
            Sign::Captured => {
                (self.audio, self.video, self.stale) = (Track::Flows, Track::Flows, (false, false));
                (self.capturing, self.refused) = (false, false);
            }
            Sign::Refused => (self.capturing, self.refused) = (false, true),
            Sign::Chosen(Media::Audio) => (self.audio, self.stale.0) = (Track::Flows, false),
            Sign::Chosen(Media::Video) => (self.video, self.stale.1) = (Track::Flows, false),
            Sign::Touched => {
                self.refused = false;
                acts.push(Act::Play);
            }
            Sign::Shown | Sign::Tick => {}
        }
    }

    fn track(&mut self, media: Media) -> &mut Track {
        match media {
            Media::Audio => &mut self.audio,
            Media::Video => &mut self.video,
        }
    }

    fn set(&mut self, media: Media, track: Track) {
        *self.track(media) = track;
        match media {
            Media::Audio => self.stale.0 = true,
            Media::Video => self.stale.1 = true,
        }
    }

    fn is_stale(&self) -> bool {
        self.stale.0 || self.stale.1
    }

    /// A microphone that is taken away is a phone call or the like, seen or unseen; a camera alone is not.
    fn why(&self) -> Option<Interruption> {
        if self.audio != Track::Flows || self.halted {
            Some(Interruption::Interrupted)
        } else if self.hidden && (self.handheld || self.is_stale()) {
            Some(Interruption::Hidden)
        } else {
            // Until what was taken away is captured anew, it is not over.
            self.told.filter(|_| self.is_stale())
        }
    }

    fn tell(&mut self, now: At, acts: &mut Vec<Act>) {
        let why = self.why();
        if why != self.told {
            self.told = why;
            acts.push(Act::Tell(why));
        }
        match why {
            Some(why) => {
                self.calm_since = None;
                if !self.open {
                    self.open = true;
                    acts.push(Act::Begin(why));
                }
            }
            None if self.open => {
                let since = *self.calm_since.get_or_insert(now);
                if now >= since + CALM {
                    (self.open, self.calm_since) = (false, None);
                    acts.push(Act::Over);
                }
            }
            None => {}
        }
    }

    /// What is missing is fetched once the page can be seen: a hidden one would be refused.
    fn mend(&mut self, sign: Sign, now: At, acts: &mut Vec<Act>) {
        let lacking = self.is_stale() || self.halted;
        if self.hidden || !lacking {
            self.lacking_since = None;
            self.ask(lacking && self.asking, acts);
            return;
        }
        let since = *self.lacking_since.get_or_insert(now);
        let waits = self.audio == Track::Muted || self.video == Track::Muted || self.halted;
        let due = sign == Sign::Touched || !waits || now >= since + RETURN_GRACE;
        if !due || self.capturing {
            return;
        }
        if self.halted && sign == Sign::Tick {
            acts.push(Act::Play);
        }
        if self.is_stale() && !self.refused {
            self.capturing = true;
            let (audio, video) = self.stale;
            acts.push(Act::Capture { audio, video });
            return;
        }
        // Sound that does not run after it was asked to, and devices that were refused, want a touch.
        let tried = self.refused || (self.halted && now >= since + RETURN_GRACE + RETURN_GRACE);
        self.ask(self.asking || tried, acts);
    }

    fn ask(&mut self, ask: bool, acts: &mut Vec<Act>) {
        if self.asking != ask {
            self.asking = ask;
            acts.push(Act::Ask(ask));
        }
    }
}

#[cfg(test)]
mod tests;
