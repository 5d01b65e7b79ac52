use super::{Act, Interruption, Interruptions, Media, Sign};
use crate::time::{At, Millis};

/// A page in a call, with the time.
struct Page {
    rule: Interruptions,
    now: At,
}

impl Page {
    fn on_a_phone() -> Self {
        Self {
            rule: Interruptions::new(true),
            now: At(0),
        }
    }

    fn on_a_computer() -> Self {
        Self {
            rule: Interruptions::new(false),
            now: At(0),
        }
    }

    fn meets(&mut self, sign: Sign) -> Vec<Act> {
        self.rule.handle(sign, self.now)
    }

    /// Seconds pass, one tick each.
    fn waits(&mut self, seconds: u32) -> Vec<Act> {
        let mut acts = Vec::new();
        for _ in 0..seconds {
            self.now = self.now + Millis::seconds(1);
            acts.extend(self.meets(Sign::Tick));
        }
        acts
    }
}

const TELL_HIDDEN: Act = Act::Tell(Some(Interruption::Hidden));
const TELL_INTERRUPTED: Act = Act::Tell(Some(Interruption::Interrupted));
const BOTH: Act = Act::Capture {
    audio: true,
    video: true,
};
const SOUND: Act = Act::Capture {
    audio: true,
    video: false,
};

#[test]
fn a_phone_that_is_put_away_is_told_and_logged_once_and_is_over_when_it_is_back() {
    let mut page = Page::on_a_phone();
    assert_eq!(
        page.meets(Sign::Hidden),
        [TELL_HIDDEN, Act::Begin(Interruption::Hidden)]
    );
    assert_eq!(page.waits(30), []);
    assert_eq!(page.meets(Sign::Shown), [Act::Play, Act::Tell(None)]);
    assert_eq!(page.waits(3), [Act::Over]);
    assert_eq!(page.waits(30), []);
}

#[test]
fn a_phone_call_takes_the_microphone_and_afterwards_it_is_captured_anew() {
    let mut page = Page::on_a_phone();
    assert_eq!(
        page.meets(Sign::Muted(Media::Audio)),
        [TELL_INTERRUPTED, Act::Begin(Interruption::Interrupted)]
    );
    assert_eq!(page.meets(Sign::Hidden), [], "it is told already");
    assert_eq!(page.meets(Sign::Muted(Media::Video)), []);
    assert_eq!(page.waits(60), [], "a hidden page is refused everything");
    assert_eq!(page.meets(Sign::Shown), [Act::Play]);
    assert_eq!(page.waits(1), [BOTH], "what the browser does not give back by itself");
    assert_eq!(page.waits(5), [], "one capture at a time");
    assert_eq!(page.meets(Sign::Captured), [Act::Tell(None)]);
    assert_eq!(page.waits(3), [Act::Over]);
}

#[test]
fn a_track_that_says_it_flows_again_is_not_believed() {
    let mut page = Page::on_a_phone();
    let _ = page.meets(Sign::Muted(Media::Audio));
    assert_eq!(page.meets(Sign::Unmuted(Media::Audio)), [SOUND]);
    assert_eq!(
        page.rule.told(),
        Some(Interruption::Interrupted),
        "until there is a fresh one"
    );
    assert_eq!(page.meets(Sign::Captured), [Act::Tell(None)]);
}

#[test]
fn signs_that_flap_are_one_interruption() {
    let mut page = Page::on_a_phone();
    let mut acts = Vec::new();
    for _ in 0..10 {
        acts.extend(page.meets(Sign::Hidden));
        acts.extend(page.waits(1));
        acts.extend(page.meets(Sign::Shown));
        acts.extend(page.waits(2));
    }
    acts.extend(page.waits(10));
    let logged: Vec<_> = acts
        .into_iter()
        .filter(|act| matches!(act, Act::Begin(_) | Act::Over))
        .collect();
    assert_eq!(logged, [Act::Begin(Interruption::Hidden), Act::Over]);
}

#[test]
fn where_the_browser_wants_a_touch_one_button_brings_all_back() {
    let mut page = Page::on_a_phone();
    let _ = page.meets(Sign::Ended(Media::Audio));
    let _ = page.meets(Sign::Ended(Media::Video));
    assert_eq!(page.meets(Sign::Refused), [Act::Ask(true)]);
    assert_eq!(page.waits(20), [], "not asked for again and again");
    assert_eq!(page.meets(Sign::Touched), [Act::Play, BOTH]);
    assert_eq!(page.meets(Sign::Captured), [Act::Tell(None), Act::Ask(false)]);
}

#[test]
fn a_touch_that_comes_too_early_may_be_repeated() {
    let mut page = Page::on_a_phone();
    let _ = page.meets(Sign::Ended(Media::Audio));
    let _ = page.meets(Sign::Refused);
    let _ = page.meets(Sign::Touched);
    assert_eq!(page.meets(Sign::Refused), [], "the button is still there");
    assert_eq!(page.meets(Sign::Touched), [Act::Play, SOUND]);
}

#[test]
fn a_track_that_ends_in_sight_is_captured_at_once() {
    let mut page = Page::on_a_phone();
    let acts = page.meets(Sign::Ended(Media::Audio));
    assert_eq!(acts, [TELL_INTERRUPTED, Act::Begin(Interruption::Interrupted), SOUND]);
}

#[test]
fn a_camera_that_is_unplugged_is_no_phone_call() {
    let mut page = Page::on_a_computer();
    let acts = page.meets(Sign::Ended(Media::Video));
    assert_eq!(
        acts,
        [Act::Capture {
            audio: false,
            video: true
        }]
    );
}

#[test]
fn a_clinician_who_looks_at_another_tab_goes_on_talking() {
    let mut page = Page::on_a_computer();
    assert_eq!(page.meets(Sign::Hidden), []);
    assert_eq!(page.waits(60), []);
    assert_eq!(page.meets(Sign::Shown), [Act::Play]);
}

#[test]
fn sound_that_was_halted_is_made_to_run_and_asks_for_a_touch_if_it_does_not() {
    let mut page = Page::on_a_phone();
    assert_eq!(
        page.meets(Sign::Halted),
        [TELL_INTERRUPTED, Act::Begin(Interruption::Interrupted)]
    );
    assert_eq!(page.waits(1), [Act::Play]);
    assert_eq!(page.waits(1), [Act::Play, Act::Ask(true)]);
    assert_eq!(page.meets(Sign::Touched), [Act::Play]);
    assert_eq!(page.meets(Sign::Runs), [Act::Tell(None), Act::Ask(false)]);
}

#[test]
fn who_switches_the_camera_off_is_not_asked_for_it_any_more() {
    let mut page = Page::on_a_computer();
    let _ = page.meets(Sign::Ended(Media::Video));
    assert_eq!(page.meets(Sign::Refused), [Act::Ask(true)]);
    assert_eq!(page.meets(Sign::Chosen(Media::Video)), [Act::Ask(false)]);
}
