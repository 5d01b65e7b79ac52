//! One event of every kind, and of the kinds that read otherwise for families and staff both readings.

use super::{CALL, DOCTOR, FAMILY, at, doctor, intake, marks, measured, measured_by_check, note, photo_id, trouble};
use crate::{
    call::{CallMode, CallOutcome, Holder, Path, interruption::Interruption},
    consultation::{Lane, Speaker, WireEvent, WireKind},
    id::Seq,
    intake::{Mode, Service},
    ladder::{Escalation, Step, Why},
    photo::PhotoFormat,
    survey::Answer,
    triage::{Action, Acuity},
};

fn event(seq: Seq, seconds: i64, kind: WireKind) -> WireEvent {
    WireEvent {
        seq,
        at: at(seconds),
        kind,
    }
}

fn requested() -> WireKind {
    WireKind::Requested {
        service: Service::Night,
        mode: Mode::Video,
        quiet: false,
        intake: Some(Box::new(intake())),
    }
}

fn flagged() -> WireKind {
    WireKind::Flagged {
        rule: "C02".to_owned(),
        action: Action::VisitNow,
        epds: None,
    }
}

fn alerted(step: Step, desks: u32, supervisor: Option<Escalation>) -> WireKind {
    WireKind::Alerted {
        step,
        desks,
        supervisor,
    }
}

fn escalation() -> Escalation {
    Escalation {
        why: Why::Unclaimed,
        due_at: at(750),
    }
}

fn claimed() -> WireKind {
    WireKind::Claimed {
        by: doctor(),
        overtake_reason: None,
    }
}

fn said(speaker: Speaker, lane: Lane, text: &str) -> WireKind {
    WireKind::Said {
        speaker,
        lane,
        text: Some(text.to_owned()),
    }
}

fn offered() -> WireKind {
    WireKind::CallOffered {
        by: doctor(),
        mode: CallMode::Video,
    }
}

fn joined(holder: Holder) -> WireKind {
    WireKind::CallJoined { call: CALL, holder }
}

fn ended(outcome: CallOutcome, talk_seconds: u32, by: Option<Holder>) -> WireKind {
    WireKind::CallEnded {
        call: CALL,
        outcome,
        talk_seconds,
        by,
    }
}

fn signed(staff: bool) -> WireKind {
    let note = note();
    WireKind::NoteSigned {
        by: doctor(),
        disposition: Some(note.disposition),
        advice: Some(note.advice.clone()),
        safety_net: note.safety_net.clone(),
        note: staff.then(|| Box::new(note)),
    }
}

fn checked(staff: bool) -> WireKind {
    let checked = measured_by_check().checked();
    WireKind::DeviceChecked {
        light: checked.light,
        checked: staff.then(|| Box::new(checked)),
    }
}

fn photo(speaker: Speaker, caption: Option<&str>) -> WireKind {
    WireKind::Photo {
        speaker,
        photo: photo_id(),
        format: PhotoFormat::Jpeg,
        width: 1536,
        height: 2048,
        bytes: 412_345,
        caption: caption.map(str::to_owned),
    }
}

/// Photos as they are sent, asked for and drawn over.
fn photos() -> Vec<(&'static str, WireEvent)> {
    let by = doctor();
    let marked = |marks| WireKind::PhotoMarked {
        by: doctor(),
        photo: photo_id(),
        marks,
    };
    vec![
        (
            "photo_by_family",
            event(7, 145, photo(Speaker::Guardian, Some("背中です。昨日から"))),
        ),
        ("photo_by_staff", event(8, 150, photo(Speaker::Staff(doctor()), None))),
        ("photo_wished", event(6, 141, WireKind::PhotoWished { by })),
        ("photo_marked", event(9, 155, marked(Some(marks())))),
        ("photo_marked_erased", event(9, 155, marked(None))),
    ]
}

pub(super) fn events() -> Vec<(&'static str, WireEvent)> {
    let everyone = Lane::Everyone;
    let (doctors, by) = (Speaker::Staff(doctor()), doctor);
    let path = Path::Direct;
    vec![
        ("requested", event(1, 0, requested())),
        ("flagged", event(2, 0, flagged())),
        ("queued", event(3, 0, WireKind::Queued { acuity: None })),
        (
            "queued_staff",
            event(
                3,
                0,
                WireKind::Queued {
                    acuity: Some(Acuity::Yellow),
                },
            ),
        ),
        ("turn_missed", event(4, 60, WireKind::TurnMissed { by: by() })),
        (
            "became_anytime",
            event(
                4,
                60,
                WireKind::BecameAnytime {
                    reply_hours: 24,
                    wished_for: None,
                },
            ),
        ),
        (
            "became_anytime_wished",
            event(
                4,
                60,
                WireKind::BecameAnytime {
                    reply_hours: 24,
                    wished_for: Some(at(86_400)),
                },
            ),
        ),
        (
            "appointment_booked",
            event(4, 60, WireKind::AppointmentBooked { slot: at(2_280) }),
        ),
        (
            "appointment_given_up",
            event(
                5,
                120,
                WireKind::AppointmentGivenUp {
                    service: Service::Night,
                    reply_hours: None,
                },
            ),
        ),
        (
            "appointment_given_up_anytime",
            event(
                5,
                120,
                WireKind::AppointmentGivenUp {
                    service: Service::Anytime,
                    reply_hours: Some(24),
                },
            ),
        ),
        ("appointment_reminded", event(5, 480, WireKind::AppointmentReminded)),
        ("appointment_begun", event(5, 2_280, WireKind::AppointmentBegun)),
        ("appointment_missed", event(6, 2_880, WireKind::AppointmentMissed)),
        ("alerted", event(4, 30, alerted(Step::Colleague, 2, None))),
        (
            "alerted_supervisor",
            event(4, 150, alerted(Step::Supervisor, 0, Some(escalation()))),
        ),
        (
            "alert_heard",
            event(
                4,
                2,
                WireKind::AlertHeard {
                    step: Step::Sound,
                    by: by(),
                },
            ),
        ),
        (
            "overlooked_closed",
            event(
                5,
                300,
                WireKind::OverlookedClosed {
                    by: by(),
                    done: Some("電話で様子をききました".to_owned()),
                },
            ),
        ),
        ("claimed", event(4, 95, claimed())),
        (
            "claimed_staff",
            event(
                4,
                95,
                WireKind::Claimed {
                    by: by(),
                    overtake_reason: Some("前回の続き".to_owned()),
                },
            ),
        ),
        ("released", event(5, 100, WireKind::Released { by: by(), reason: None })),
        (
            "released_staff",
            event(
                5,
                100,
                WireKind::Released {
                    by: by(),
                    reason: Some("交代".to_owned()),
                },
            ),
        ),
        (
            "said_by_staff",
            event(5, 110, said(doctors.clone(), everyone, "息は苦しそうですか？")),
        ),
        (
            "said_by_family",
            event(6, 140, said(Speaker::Guardian, everyone, "少し速いですが、笑います")),
        ),
        (
            "said_erased",
            event(
                6,
                140,
                WireKind::Said {
                    speaker: Speaker::Guardian,
                    lane: everyone,
                    text: None,
                },
            ),
        ),
        (
            "said_among_staff",
            event(6, 140, said(doctors, Lane::Staff, "助産師さんも見てください")),
        ),
        ("mode_wished", event(6, 141, WireKind::ModeWished { mode: Mode::Audio })),
        ("call_offered", event(CALL, 150, offered())),
        (
            "call_joined_by_staff",
            event(DOCTOR, 150, joined(Holder::Staff(doctor()))),
        ),
        ("call_joined_by_family", event(FAMILY, 158, joined(Holder::Guardian))),
        (
            "call_connected",
            event(10, 160, WireKind::CallConnected { call: CALL, path }),
        ),
        (
            "call_connected_relayed",
            event(
                10,
                160,
                WireKind::CallConnected {
                    call: CALL,
                    path: Path::RelayTls,
                },
            ),
        ),
        (
            "call_interrupted",
            event(11, 200, WireKind::CallInterrupted { call: CALL }),
        ),
        (
            "call_resumed",
            event(
                12,
                204,
                WireKind::CallResumed {
                    call: CALL,
                    path: Path::Relay,
                },
            ),
        ),
        (
            "call_mode_changed",
            event(
                13,
                220,
                WireKind::CallModeChanged {
                    call: CALL,
                    mode: CallMode::Audio,
                    holder: Holder::Guardian,
                },
            ),
        ),
        (
            "call_ended",
            event(14, 460, ended(CallOutcome::HungUp, 300, Some(Holder::Staff(doctor())))),
        ),
        (
            "call_ended_by_timer",
            event(9, 210, ended(CallOutcome::Unanswered, 0, None)),
        ),
        (
            "call_troubled",
            event(
                11,
                161,
                WireKind::CallTroubled {
                    call: CALL,
                    holder: Some(Holder::Guardian),
                    trouble: trouble(),
                },
            ),
        ),
        (
            "call_measured",
            event(
                15,
                461,
                WireKind::CallMeasured {
                    call: CALL,
                    measured: measured(),
                },
            ),
        ),
        (
            "seat_interrupted",
            event(
                11,
                200,
                WireKind::SeatInterrupted {
                    call: CALL,
                    holder: Holder::Guardian,
                    why: Interruption::Interrupted,
                },
            ),
        ),
        (
            "seat_returned",
            event(
                12,
                231,
                WireKind::SeatReturned {
                    call: CALL,
                    holder: Holder::Guardian,
                },
            ),
        ),
        (
            "missed_settled",
            event(10, 240, WireKind::MissedSettled { call: CALL, by: by() }),
        ),
        ("note_signed", event(15, 600, signed(false))),
        ("note_signed_staff", event(15, 600, signed(true))),
        (
            "note_added",
            event(
                18,
                900,
                WireKind::NoteAdded {
                    by: by(),
                    text: Some("翌朝、電話で確認".to_owned()),
                },
            ),
        ),
        ("device_checked", event(4, 50, checked(false))),
        ("device_checked_staff", event(4, 50, checked(true))),
        ("cancelled", event(4, 60, WireKind::Cancelled)),
        ("closed", event(16, 601, WireKind::Closed { by: by() })),
        (
            "surveyed",
            event(
                17,
                660,
                WireKind::Surveyed {
                    answer: Answer::Yes,
                    words: Some("夜中に助かりました".to_owned()),
                },
            ),
        ),
    ]
    .into_iter()
    .chain(photos())
    .collect()
}
