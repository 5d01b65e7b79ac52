//! Verdicts at their boundaries, and what people read.

use super::*;

fn well() -> Figures {
    Figures {
        connect_ms: 200,
        round_trip_ms: 40,
        jitter_ms: 3,
        loss_up_permille: 0,
        loss_down_permille: 0,
        path: Path::Direct,
    }
}

fn measured(figures: Figures) -> Measured {
    Measured {
        picture: Device::Works,
        sound: Device::Works,
        voice: true,
        heard: Heard::Yes,
        connection: Connection::Made(figures),
        kind: DeviceKind::Phone,
        browser: BrowserFamily::Chrome,
    }
}

fn judged(measured: Measured) -> (Light, Cause) {
    let Verdict { light, cause } = measured.verdict();
    (light, cause)
}

/// A change of the figures, and what becomes of the verdict.
fn with(change: impl FnOnce(&mut Figures)) -> (Light, Cause) {
    let mut figures = well();
    change(&mut figures);
    judged(measured(figures))
}

#[test]
fn a_family_where_all_is_well_reads_green() {
    assert_eq!(judged(measured(well())), (Light::Green, Cause::Fine));
}

#[test]
fn loss_turns_amber_past_two_percent_and_red_past_ten_in_either_direction() {
    let (amber, red) = ((Light::Amber, Cause::LossFair), (Light::Red, Cause::LossPoor));
    for (permille, verdict) in [(20, (Light::Green, Cause::Fine)), (21, amber), (100, amber), (101, red)] {
        assert_eq!(with(|f| f.loss_up_permille = permille), verdict, "{permille} up");
        assert_eq!(with(|f| f.loss_down_permille = permille), verdict, "{permille} down");
    }
}

#[test]
fn delay_turns_amber_past_300_ms_and_red_past_800() {
    assert_eq!(with(|f| f.round_trip_ms = 300).0, Light::Green);
    assert_eq!(with(|f| f.round_trip_ms = 301), (Light::Amber, Cause::RoundTripFair));
    assert_eq!(with(|f| f.round_trip_ms = 800).0, Light::Amber);
    assert_eq!(with(|f| f.round_trip_ms = 801), (Light::Red, Cause::RoundTripPoor));
}

#[test]
fn unevenness_and_slow_connecting_are_amber_and_never_red() {
    assert_eq!(with(|f| f.jitter_ms = 30).0, Light::Green);
    assert_eq!(with(|f| f.jitter_ms = 31), (Light::Amber, Cause::JitterFair));
    assert_eq!(with(|f| f.jitter_ms = 5_000), (Light::Amber, Cause::JitterFair));
    assert_eq!(with(|f| f.connect_ms = 3_000).0, Light::Green);
    assert_eq!(with(|f| f.connect_ms = 3_001), (Light::Amber, Cause::ConnectSlow));
    assert_eq!(with(|f| f.connect_ms = 60_000), (Light::Amber, Cause::ConnectSlow));
}

#[test]
fn the_path_alone_changes_no_colour() {
    for path in Path::ALL {
        assert_eq!(with(|f| f.path = *path), (Light::Green, Cause::Fine));
    }
}

#[test]
fn what_stops_a_call_is_said_before_what_troubles_it() {
    let mut bad = measured(Figures {
        loss_up_permille: 500,
        round_trip_ms: 2_000,
        ..well()
    });
    (bad.picture, bad.voice) = (Device::Refused, false);
    assert_eq!(judged(bad), (Light::Red, Cause::LossPoor));
    bad.heard = Heard::No;
    assert_eq!(judged(bad), (Light::Red, Cause::SpeakerSilent));
    bad.sound = Device::Refused;
    assert_eq!(judged(bad), (Light::Red, Cause::SoundRefused));
    bad.connection = Connection::Unsupported;
    assert_eq!(judged(bad), (Light::Red, Cause::Unsupported));
}

#[test]
fn without_a_microphone_there_is_no_call_and_without_a_camera_there_is_one_with_sound() {
    let devices = [
        (Device::Refused, Cause::SoundRefused, Cause::PictureRefused),
        (Device::Missing, Cause::SoundMissing, Cause::PictureMissing),
        (Device::Busy, Cause::SoundBusy, Cause::PictureBusy),
        (Device::Fault, Cause::SoundFault, Cause::PictureFault),
    ];
    for (device, of_sound, of_picture) in devices {
        let mut lacking = measured(well());
        lacking.picture = device;
        assert_eq!(judged(lacking), (Light::Amber, of_picture));
        lacking.sound = device;
        assert_eq!(judged(lacking), (Light::Red, of_sound));
    }
    let mut by_voice = measured(well());
    by_voice.picture = Device::Unasked;
    assert_eq!(judged(by_voice), (Light::Green, Cause::Fine), "no picture was wanted");
}

#[test]
fn a_connection_that_was_not_made_is_red_and_one_that_was_not_tried_is_amber() {
    let mut measured = measured(well());
    measured.connection = Connection::NotMade;
    assert_eq!(judged(measured), (Light::Red, Cause::NoConnection));
    measured.connection = Connection::Untried;
    assert_eq!(judged(measured), (Light::Amber, Cause::Untried));
}

#[test]
fn nobody_has_to_answer_whether_the_sound_was_heard() {
    let mut measured = measured(well());
    measured.heard = Heard::Unasked;
    assert_eq!(judged(measured), (Light::Green, Cause::Fine));
}

#[test]
fn every_verdict_is_one_sentence_and_one_thing_to_do() {
    for cause in Cause::ALL {
        let verdict = Verdict {
            light: Light::Red,
            cause: *cause,
        };
        for text in [verdict.sentence(), verdict.advice()] {
            assert!(text.ends_with('。') && text.matches('。').count() == 1, "{text}");
            assert!(text.chars().count() <= 45, "read at a glance: {text}");
        }
        assert!(
            !cause.label().contains('。') && cause.label().chars().count() <= 10,
            "{}",
            cause.label()
        );
    }
}

#[test]
fn what_is_kept_is_coded_and_banded() {
    let kept = serde_json::to_value(
        measured(Figures {
            round_trip_ms: 417,
            ..well()
        })
        .checked(),
    )
    .expect("JSON");
    let expected = serde_json::json!({
        "light": "amber", "cause": "round_trip_fair", "picture": "works", "sound": "works", "heard": "yes",
        "path": "direct", "kind": "phone", "browser": "chrome",
        "grades": {"connect": "good", "round_trip": "fair", "jitter": "good", "loss_up": "good", "loss_down": "good"},
    });
    assert_eq!(kept, expected);
}

#[test]
fn the_time_for_a_verdict_is_what_connecting_and_counting_may_take() {
    const { assert!(CONNECT_PATIENCE_MS + MEASURED_LEAST_MS <= VERDICT_MS && VERDICT_MS <= 10_000) };
    const { assert!(MEASURED_MS / PACKET_EVERY_MS >= 250) };
}

/// Sends `count` packets every 20 ms; `way` says which arrive and which come back after how long.
fn counted(count: u32, way: impl Fn(u32) -> (bool, Option<f64>)) -> Tally {
    let mut tally = Tally::default();
    let mut arrived = 0;
    for number in 0..count {
        let at = f64::from(number) * f64::from(PACKET_EVERY_MS);
        let packet = tally.send(at);
        let (arrives, back_after) = way(number);
        arrived += u32::from(arrives);
        if let (true, Some(after)) = (arrives, back_after) {
            tally.take(&echoed(arrived, &packet).expect("a packet"), at + after);
        }
    }
    tally
}

#[test]
fn packets_lost_on_the_way_there_are_told_from_those_lost_on_the_way_back() {
    // Of 200, every tenth never arrives; of the 180 that do, every ninth does not come back.
    let tally = counted(200, |number| (number % 10 != 3, (number % 10 != 7).then_some(40.0)));
    let figures = tally.figures(150.4, Path::Relay).expect("some came back");
    assert_eq!(figures.loss_up_permille, 100);
    assert_eq!(figures.loss_down_permille, 111);
    assert_eq!((figures.round_trip_ms, figures.jitter_ms), (40, 0));
    assert_eq!((figures.connect_ms, figures.path), (150, Path::Relay));
}

#[test]
fn an_even_way_has_no_jitter_and_an_uneven_one_approaches_its_difference() {
    let even = counted(250, |_| (true, Some(80.0)));
    assert_eq!(even.figures(0.0, Path::Direct).expect("figures").jitter_ms, 0);
    let uneven = counted(250, |number| (true, Some(if number % 2 == 0 { 40.0 } else { 100.0 })));
    let figures = uneven.figures(0.0, Path::Direct).expect("figures");
    assert_eq!(
        (figures.jitter_ms, figures.loss_up_permille, figures.loss_down_permille),
        (60, 0, 0)
    );
}

#[test]
fn nothing_that_comes_back_is_no_figure_and_a_lying_echo_makes_no_wonders() {
    let silent = counted(50, |_| (true, None));
    assert_eq!(silent.figures(0.0, Path::Direct), None);

    let mut tally = Tally::default();
    let packet = tally.send(0.0);
    for lie in [&[][..], &[0; 7], &[0xff; ECHOED_BYTES], &[0; ECHOED_BYTES + 1]] {
        tally.take(lie, 1.0);
    }
    assert_eq!(tally.figures(0.0, Path::Direct), None);
    let echo = echoed(u32::MAX, &packet).expect("a packet");
    tally.take(&echo, 30.0);
    tally.take(&echo, 9_000.0);
    let figures = tally.figures(0.0, Path::Direct).expect("one came back");
    assert_eq!(
        (
            figures.loss_up_permille,
            figures.loss_down_permille,
            figures.round_trip_ms
        ),
        (0, 0, 30)
    );
    assert_eq!(echoed(1, b"short"), None);
}
