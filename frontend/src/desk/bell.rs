//! 「対応中」 and the bell: whoever waits rings until somebody has claimed them, or this clinician has hushed it; also those who
//! waited already when the shift began or the page was loaded in the middle of it ([`rings`] says for whom).
//!
//! Promises: [`Desk::rung`] names those for whom this page has really made a sound; nobody else's step of the ladder is confirmed.
//! Sound is made by WebAudio after a click, because browsers keep a page silent before one; where it stays silent, the
//! desk says so. Notifications and the tab's title say that somebody came, never who or why.

use super::{Desk, keep};
use crate::claim::{order, rings};
use leptos::{ev, prelude::*};
use signaling::{duty::Duty, id::ConsultationId};
use std::{collections::BTreeSet, time::Duration};
use wasm_bindgen::{JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioContext, AudioContextState, Notification, NotificationOptions, NotificationPermission};

/// Pause between two rings: long enough to read a row in between.
const RING_EVERY: Duration = Duration::from_secs(4);
/// Loudness, and loudness while the clinician is talking with a family.
const LOUD: f32 = 0.25;
const SOFT: f32 = 0.04;
/// The two tones of a ring in hertz, and how long each lasts in seconds.
const TONES: [f32; 2] = [880.0, 1174.7];
const TONE_SECONDS: f64 = 0.22;
/// The bell. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Bell {
    desk: Desk,
    audio: StoredValue<Option<AudioContext>, LocalStorage>,
    /// For whom it rings.
    calling: Memo<BTreeSet<ConsultationId>>,
    /// When a sign of typing was last sent.
    pub(super) typing_sent_ms: StoredValue<i64>,
}

impl Bell {
    /// A bell that follows the queue.
    pub(super) fn new(desk: Desk) -> Self {
        let calling = Memo::new(move |_| {
            let (now, on_shift) = (desk.now.get(), desk.on_shift.get());
            let calling = |queue: &_| desk.heard.with(|heard| rings::calling(queue, heard, now));
            if on_shift {
                desk.queue.with(calling)
            } else {
                BTreeSet::new()
            }
        });
        let bell = Self {
            desk,
            audio: StoredValue::new_local(None),
            calling,
            typing_sent_ms: StoredValue::new(0),
        };
        // The shift goes on across reloads, as the server has it, and so does what was hushed in it.
        desk.heard.set(keep::hushed(desk));
        if desk.duty.get_untracked() == Duty::On {
            bell.begin();
        }
        bell.follow_callers();
        bell.follow_arrivals();
        bell.follow_presses();
        Effect::new(move |_| keep::keep_hushed(desk));
        set_interval(move || bell.ring_if_needed(), RING_EVERY);
        Effect::new(move |_| {
            let waiting = desk.queue.with(order::waiting_count);
            document().set_title(&if waiting > 0 {
                format!("({waiting}) 相談デスク")
            } else {
                "相談デスク".to_owned()
            });
        });
        bell
    }

    /// 「対応中」: it rings from now on, for whoever waits. Where sound is blocked, tries once more.
    pub(super) fn shift(self) {
        ask_for_notifications();
        if !self.desk.on_shift.get_untracked() {
            self.desk.heard.set(BTreeSet::new());
        }
        self.begin();
    }

    /// 「休憩」, 「終了」: it rings no more.
    pub(super) fn stop(self) {
        self.desk.on_shift.set(false);
    }

    fn begin(self) {
        self.desk.on_shift.set(true);
        if self.audio.with_value(Option::is_none) {
            self.audio.set_value(AudioContext::new().ok());
        }
        let Some(audio) = self.audio.with_value(Clone::clone) else {
            self.desk.sound_blocked.set(true);
            return;
        };
        let resumed = audio.resume();
        // `resume` does not settle where the browser waits for a click, so the state is looked at as well.
        let look = move || {
            self.look(&audio);
        };
        let after = look.clone();
        leptos::task::spawn_local(async move {
            if let Ok(resumed) = resumed {
                let _ = JsFuture::from(resumed).await;
            }
            after();
        });
        set_timeout(look, Duration::from_millis(500));
    }

    /// Whether the browser lets the page sound.
    fn look(self, audio: &AudioContext) -> bool {
        let sounds = audio.state() == AudioContextState::Running;
        self.desk.sound_blocked.set(!sounds);
        if self.desk.sounds.get_untracked() != sounds {
            self.desk.sounds.set(sounds);
        }
        sounds
    }

    /// Whatever is pressed first in a page that was loaded anew lets it sound again.
    fn follow_presses(self) {
        let pressed = move || {
            // Also before the browser has said whether it lets the page sound: that press would be lost.
            if self.desk.on_shift.get_untracked() && !self.desk.sounds.get_untracked() {
                self.begin();
            }
        };
        window_event_listener(ev::click, move |_| pressed());
        window_event_listener(ev::keydown, move |_| pressed());
    }

    /// Rings no more for those for whom it rings now.
    pub(super) fn hush(self) {
        let calling = self.calling.get_untracked();
        self.desk.heard.update(|heard| heard.extend(calling));
    }

    /// A colleague hands over, or this clinician is asked whether they are there: once, during a shift.
    pub(super) fn wanted(self) {
        if self.desk.on_shift.get_untracked() {
            self.ring();
        }
    }

    /// Rings at once for whoever begins to call, and as soon as the browser lets the page sound.
    fn follow_callers(self) {
        let desk = self.desk;
        Effect::new(move |_| {
            let calling = self.calling.get();
            desk.ringing.set(!calling.is_empty());
            if desk.sounds.get() && !desk.rung.with_untracked(|rung| calling.is_subset(rung)) {
                self.ring();
            }
        });
    }

    /// An arrival is told on the desktop; one that can wait sounds once.
    fn follow_arrivals(self) {
        let desk = self.desk;
        Effect::new(move |before: Option<BTreeSet<ConsultationId>>| {
            let waiting = desk.queue.with(rings::waiting_ids);
            self.forget_who_is_gone(&waiting);
            let heard = desk.heard.get_untracked();
            let came = |id: &&ConsultationId| {
                !heard.contains(id) && before.as_ref().is_some_and(|before| !before.contains(id))
            };
            let arrived: BTreeSet<ConsultationId> = waiting.iter().filter(came).copied().collect();
            if desk.on_shift.get_untracked() && !arrived.is_empty() {
                notify(News::Arrived);
                if self.calling.with_untracked(|calling| calling.is_disjoint(&arrived)) {
                    self.ring();
                }
            }
            waiting
        });
    }

    fn forget_who_is_gone(self, waiting: &BTreeSet<ConsultationId>) {
        let desk = self.desk;
        if !desk.rung.with_untracked(|rung| rung.is_subset(waiting)) {
            desk.rung.update(|rung| rung.retain(|id| waiting.contains(id)));
        }
        let heard = desk.heard.get_untracked();
        let still = desk
            .me
            .with_value(|me| desk.queue.with_untracked(|queue| rings::still_heard(queue, &heard, me)));
        if still != heard {
            desk.heard.set(still);
        }
    }

    fn ring_if_needed(self) {
        if self.desk.ringing.get_untracked() {
            self.ring();
        }
    }

    /// Rings once at a desk that is not on duty, where its browser lets it: nobody else has taken the family.
    pub(super) fn call_over(self) {
        self.ring();
    }

    fn ring(self) {
        let Some(audio) = self.audio.with_value(Clone::clone) else {
            return;
        };
        // What is begun while the browser keeps the page silent would sound all at once later.
        if !self.look(&audio) {
            return;
        }
        let talking = untrack(|| {
            self.desk.me.with_value(|me| {
                self.desk
                    .opened
                    .with(|opened| opened.iter().any(|open| open.in_call(me)))
            })
        });
        if chime(&audio, if talking { SOFT } else { LOUD }).is_err() {
            self.desk.sound_blocked.set(true);
            self.desk.sounds.set(false);
            return;
        }
        let calling = self.calling.get_untracked();
        if !self.desk.rung.with_untracked(|rung| calling.is_subset(rung)) {
            self.desk.rung.update(|rung| rung.extend(calling));
        }
    }
}

/// Two short tones, each fading out.
fn chime(audio: &AudioContext, loudness: f32) -> Result<(), JsValue> {
    for (index, tone) in TONES.into_iter().enumerate() {
        let starts = audio.current_time() + TONE_SECONDS * index as f64;
        let ends = starts + TONE_SECONDS * 2.0;
        let oscillator = audio.create_oscillator()?;
        let gain = audio.create_gain()?;
        oscillator.frequency().set_value(tone);
        gain.gain().set_value_at_time(loudness, starts)?;
        gain.gain().exponential_ramp_to_value_at_time(0.001, ends)?;
        oscillator.connect_with_audio_node(&gain)?;
        gain.connect_with_audio_node(&audio.destination())?;
        oscillator.start_with_when(starts)?;
        oscillator.stop_with_when(ends)?;
    }
    Ok(())
}

/// What the browser allows; nothing where it has no notifications at all (in-app browsers, some web views), where naming
/// them would be an error.
fn permission() -> Option<NotificationPermission> {
    js_sys::Reflect::has(&window(), &JsValue::from_str("Notification"))
        .is_ok_and(|there| there)
        .then(Notification::permission)
}

/// Whether the browser shows our notifications.
pub(super) fn may_notify() -> bool {
    permission() == Some(NotificationPermission::Granted)
}

fn ask_for_notifications() {
    if permission() == Some(NotificationPermission::Default) {
        // The answer is looked at when the next notification is due.
        let _ = Notification::request_permission();
    }
}

/// What a notification says. One of the same kind takes the place of the one before; another kind alerts anew.
#[derive(Clone, Copy)]
pub(super) enum News {
    /// Somebody has come.
    Arrived,
    /// Somebody waits on: a step of the ladder.
    StillWaiting,
}

/// Without health data: it may show on a locked screen.
pub(super) fn notify(news: News) {
    if !may_notify() {
        return;
    }
    let options = NotificationOptions::new();
    let (tag, title) = match news {
        News::Arrived => ("arrival", "新しい相談が届きました"),
        News::StillWaiting => ("still-waiting", "まだ待っている方がいます"),
    };
    options.set_tag(tag);
    let Ok(notification) = Notification::new_with_options(title, &options) else {
        return;
    };
    let to_front = Closure::once_into_js(move || {
        // A browser that does not bring the window to the front leaves it where it is.
        let _ = window().focus();
    });
    notification.set_onclick(Some(wasm_bindgen::JsCast::unchecked_ref(&to_front)));
}
