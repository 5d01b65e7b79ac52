//! Stored events of every version ever written. A file is never changed: what it holds is in databases. A new version adds
//! files beside the old ones.

use super::{
    doctor, midwife, note,
    story::{Story, request},
};
use crate::{
    actor::Role,
    after::{Authority, ConcernDecision, Feeling},
    call::{
        CallMode, CallOutcome, CallbackOutcome, GuestRole, Holder, Path,
        agent::{BrowserFamily, DeviceKind},
        cause::{CallCause, Trouble},
        interruption::Interruption,
        summary::Measured,
    },
    check::{Cause, Checked, Device, Grade, Grades, Heard, Light},
    consultation::{EVENT_VERSION, Event, Fact, Lane, NewEvent, Sealed, Speaker, State, apply, decide, lift},
    hand_over::{HandOver, Recipient},
    id::PhotoId,
    intake::{Mode, Service},
    ladder::{Escalation, Step, Why},
    photo::{Mark, MarkKind, PhotoFormat},
    survey::Answer,
    time::At,
    triage::{Action, Acuity, Epds},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An event as it lies in the database, its sealed part opened.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    kind: String,
    version: u16,
    facts: String,
    sealed: Option<String>,
}

fn text(text: &str) -> Sealed {
    Sealed::Text { text: text.to_owned() }
}

fn reason(reason: &str) -> Sealed {
    Sealed::Reason {
        reason: reason.to_owned(),
    }
}

fn checked() -> Checked {
    Checked {
        light: Light::Amber,
        cause: Cause::PictureRefused,
        picture: Device::Refused,
        sound: Device::Works,
        heard: Heard::Yes,
        path: Some(Path::Direct),
        grades: Some(Grades {
            connect: Grade::Good,
            round_trip: Grade::Good,
            jitter: Grade::Fair,
            loss_up: Grade::Good,
            loss_down: Grade::Good,
        }),
        kind: DeviceKind::Phone,
        browser: BrowserFamily::Safari,
    }
}

/// One event of every kind as this program writes it, in an order that makes a whole consultation.
fn written_now() -> Vec<(&'static str, NewEvent)> {
    let by = doctor;
    let request = decide(&State::default(), &request(&[]), &super::story::family(), At(0)).expect("sent");
    let mut requested = request.into_iter().next().expect("an event");
    if let Fact::Requested { closes_at, .. } = &mut requested.fact {
        *closes_at = None;
    }
    let mut asked_at_night = requested.clone();
    if let Fact::Requested {
        service, reply_hours, ..
    } = &mut asked_at_night.fact
    {
        (*service, *reply_hours) = (Service::Anytime, Some(24));
    }
    let plain = |name, fact: Fact| (name, NewEvent::from(fact));
    let rule = "C02".to_owned();
    let said = |speaker, lane| Fact::Said { speaker, lane };
    let complaints = note().complaints;
    let disposition = note().disposition;
    let flagged = Fact::Flagged {
        rule,
        version: 3,
        action: Action::VisitNow,
        epds: None,
    };
    let overtook = Fact::Claimed {
        by: by(),
        overtook: true,
    };
    let signed = Fact::NoteSigned {
        by: by(),
        disposition,
        complaints,
    };
    let ended = |by| Fact::CallEnded {
        call: 9,
        outcome: CallOutcome::HungUp,
        talk_seconds: 61,
        by,
    };
    let mode = CallMode::Video;
    vec![
        ("requested", requested),
        plain("flagged", flagged),
        plain("queued", Fact::Queued { acuity: Acuity::Yellow }),
        (
            "claimed_past_somebody",
            NewEvent::sealed(overtook, reason("前回の続き")),
        ),
        (
            "released",
            NewEvent::sealed(Fact::Released { by: by() }, reason("交代")),
        ),
        plain(
            "claimed",
            Fact::Claimed {
                by: by(),
                overtook: false,
            },
        ),
        (
            "said_by_family",
            NewEvent::sealed(said(Speaker::Guardian, Lane::Everyone), text("熱があります")),
        ),
        (
            "said_among_staff",
            NewEvent::sealed(said(Speaker::Staff(by()), Lane::Staff), text("内部")),
        ),
        plain("call_offered", Fact::CallOffered { by: by(), mode }),
        plain(
            "call_joined_by_staff",
            Fact::CallJoined {
                call: 9,
                holder: Holder::Staff(by()),
            },
        ),
        plain(
            "call_joined",
            Fact::CallJoined {
                call: 9,
                holder: Holder::Guardian,
            },
        ),
        plain(
            "call_connected",
            Fact::CallConnected {
                call: 9,
                path: Path::Direct,
            },
        ),
        plain("call_interrupted", Fact::CallInterrupted { call: 9 }),
        plain(
            "call_resumed",
            Fact::CallResumed {
                call: 9,
                path: Path::Relay,
            },
        ),
        plain(
            "call_mode_changed",
            Fact::CallModeChanged {
                call: 9,
                mode,
                holder: Holder::Guardian,
            },
        ),
        plain("call_ended", ended(Some(Holder::Guardian))),
        plain("call_ended_by_timer", ended(None)),
        plain("mode_wished", Fact::ModeWished { mode: Mode::Audio }),
        ("note_signed", NewEvent::sealed(signed, Sealed::Note(Box::new(note())))),
        (
            "note_added",
            NewEvent::sealed(Fact::NoteAdded { by: by() }, text("追記")),
        ),
        plain("cancelled", Fact::Cancelled),
        plain("closed", Fact::Closed { by: by() }),
        (
            "surveyed",
            NewEvent::sealed(
                Fact::Surveyed {
                    answer: Answer::RatherYes,
                },
                text("助かりました"),
            ),
        ),
        plain(
            "call_connected_relayed",
            Fact::CallConnected {
                call: 9,
                path: Path::RelayTls,
            },
        ),
        ("requested_anytime", asked_at_night),
    ]
    .into_iter()
    .chain(told_of_calls())
    .chain(with_more_people())
    .chain(by_telephone())
    .collect()
}

/// What happens to whoever waits and is not taken. Their files begin at this number.
const WAITING_FROM: usize = 55;

fn told_while_waiting() -> Vec<(&'static str, NewEvent)> {
    let supervisor = Some(Escalation {
        why: Why::Away,
        due_at: At(1_795_342_920_000),
    });
    let plain = |name, fact: Fact| (name, NewEvent::from(fact));
    vec![
        plain("turn_missed", Fact::TurnMissed { by: doctor() }),
        plain(
            "became_anytime",
            Fact::BecameAnytime {
                reply_hours: 24,
                wished_for: None,
            },
        ),
        plain(
            "alerted",
            Fact::Alerted {
                step: Step::Supervisor,
                desks: 0,
                supervisor,
            },
        ),
        plain(
            "alert_heard",
            Fact::AlertHeard {
                step: Step::Sound,
                by: doctor(),
            },
        ),
        (
            "overlooked_closed",
            NewEvent::sealed(Fact::OverlookedClosed { by: doctor() }, text("電話で様子をききました")),
        ),
    ]
}

/// What sides tell of calls.
fn told_of_calls() -> Vec<(&'static str, NewEvent)> {
    let plain = |name, fact: Fact| (name, NewEvent::from(fact));
    let holder = Holder::Guardian;
    let troubled = |holder, device, browser, cause, late| Fact::CallTroubled {
        call: 9,
        holder,
        trouble: Trouble {
            cause,
            late,
            device,
            browser,
        },
    };
    vec![
        plain(
            "call_troubled",
            troubled(
                Some(holder.clone()),
                Some(DeviceKind::Phone),
                Some(BrowserFamily::Line),
                CallCause::InAppBrowser,
                true,
            ),
        ),
        plain(
            "call_troubled_untold",
            troubled(None, None, None, CallCause::Other, false),
        ),
        plain(
            "call_measured",
            Fact::CallMeasured {
                call: 9,
                measured: Measured {
                    path: Path::Relay,
                    loss_permille: 4,
                    round_trip_ms: Some(48),
                },
            },
        ),
        plain(
            "seat_interrupted",
            Fact::SeatInterrupted {
                call: 9,
                holder: holder.clone(),
                why: Interruption::Hidden,
            },
        ),
        plain("seat_returned", Fact::SeatReturned { call: 9, holder }),
        plain("missed_settled", Fact::MissedSettled { call: 9, by: doctor() }),
        plain("device_checked", Fact::DeviceChecked { checked: checked() }),
    ]
}

/// The kinds of a call of more than two.
fn with_more_people() -> Vec<(&'static str, NewEvent)> {
    let plain = |name, fact: Fact| (name, NewEvent::from(fact));
    let (call, invite, role) = (9, 24, GuestRole::Family);
    let (by, to, colleague) = (doctor(), super::midwife(), super::midwife());
    let invited = Fact::GuestInvited {
        role,
        by: Holder::Guardian,
        expires_at: At(7_200_000),
    };
    vec![
        ("guest_invited", NewEvent::sealed(invited, text("けんた"))),
        (
            "guest_admitted",
            NewEvent::sealed(Fact::GuestAdmitted { invite, role }, text("健太")),
        ),
        plain(
            "call_joined_by_guest",
            Fact::CallJoined {
                call,
                holder: Holder::Guest { invite, role },
            },
        ),
        plain(
            "call_left",
            Fact::CallLeft {
                call,
                holder: Holder::Guest { invite, role },
            },
        ),
        plain("guest_removed", Fact::GuestRemoved { invite, by: by.clone() }),
        plain(
            "invitation_withdrawn",
            Fact::InvitationWithdrawn {
                invite,
                by: Holder::Guardian,
            },
        ),
        plain(
            "colleague_invited",
            Fact::ColleagueInvited {
                call,
                by: by.clone(),
                colleague,
            },
        ),
        plain(
            "call_held",
            Fact::CallHeld {
                call,
                on: true,
                by: by.clone(),
            },
        ),
        plain(
            "hand_over_offered",
            Fact::HandOverOffered {
                call,
                by: by.clone(),
                to: to.clone(),
            },
        ),
        plain(
            "handed_over",
            Fact::HandedOver {
                call: Some(call),
                by,
                to,
            },
        ),
    ]
}

fn by_telephone() -> Vec<(&'static str, NewEvent)> {
    let to = doctor().id;
    vec![
        ("callback_asked", Fact::CallbackAsked { by: Holder::Guardian }.into()),
        (
            "callback_number",
            NewEvent::sealed(Fact::CallbackNumber { to }, text("09012345678")),
        ),
        (
            "callback_done",
            Fact::CallbackDone {
                by: doctor(),
                outcome: CallbackOutcome::Reached,
            }
            .into(),
        ),
    ]
}

/// What clinicians judge against the program. Their files begin at this number.
const JUDGED_FROM: usize = 50;

fn judged() -> Vec<(&'static str, NewEvent)> {
    let changed = |from, to| Fact::ClassChanged {
        by: doctor(),
        from,
        to,
        epds: None,
    };
    let passed = Fact::ScopePassed {
        by: doctor(),
        rules: vec!["S01".to_owned()],
    };
    vec![
        ("class_raised", changed(Acuity::Green, Acuity::Red).into()),
        (
            "class_lowered",
            NewEvent::sealed(changed(Acuity::Red, Acuity::Green), reason("落ち着いている")),
        ),
        (
            "scope_passed",
            NewEvent::sealed(passed, reason("医師が伝えたあとのため")),
        ),
    ]
}

/// Photos. Their files begin at this number.
const PHOTOS_FROM: usize = 60;

fn of_photos() -> Vec<(&'static str, NewEvent)> {
    let photo = PhotoId(uuid::Uuid::from_u128(0xF0705));
    let sent = |speaker| Fact::Photo {
        speaker,
        photo,
        format: PhotoFormat::Jpeg,
        width: 1536,
        height: 2048,
        bytes: 412_345,
    };
    let marks = vec![Mark {
        shape: MarkKind::Arrow,
        from: (2_000, 2_000),
        to: (5_000, 10_000),
    }];
    let marked = Fact::PhotoMarked { by: doctor(), photo };
    vec![
        ("photo_wished", Fact::PhotoWished { by: doctor() }.into()),
        (
            "photo_by_family",
            NewEvent::sealed(sent(Speaker::Guardian), text("背中です")),
        ),
        ("photo_by_staff", sent(Speaker::Staff(doctor())).into()),
        ("photo_marked", NewEvent::sealed(marked, Sealed::Marks { marks })),
    ]
}

/// What changes hands outside of a call's seats. Its files begin at this number.
const HANDED_FROM: usize = 75;

fn handed() -> Vec<(&'static str, NewEvent)> {
    let by = midwife;
    let doctors = || Recipient {
        profession: Role::Pediatrician,
        person: None,
    };
    let one = Recipient {
        profession: Role::Pediatrician,
        person: Some(doctor()),
    };
    let summary = || {
        Sealed::HandOver(Box::new(HandOver {
            about: "2歳3か月（母から）".to_owned(),
            worry: "発熱\n昨日の夜から熱があります".to_owned(),
            flags: "なし".to_owned(),
            so_far: "相談者：息が速いです".to_owned(),
            note: "医師の判断が必要なため".to_owned(),
        }))
    };
    let handed = |fact| NewEvent::sealed(fact, summary());
    vec![
        (
            "handed_on",
            handed(Fact::HandedOn {
                by: by(),
                to: doctors(),
            }),
        ),
        ("handed_on_to_one", handed(Fact::HandedOn { by: by(), to: one })),
        (
            "hand_over_asked",
            handed(Fact::HandOverAsked {
                by: by(),
                to: doctors(),
            }),
        ),
        (
            "hand_over_declined",
            NewEvent::sealed(Fact::HandOverDeclined { by: doctor() }, reason("別の相談の途中")),
        ),
        ("hand_over_withdrawn", Fact::HandOverWithdrawn { by: by() }.into()),
        ("hand_over_lapsed", Fact::HandOverLapsed.into()),
        ("idle_asked", Fact::IdleAsked { of: by() }.into()),
        ("idle_answered", Fact::IdleAnswered { by: by() }.into()),
        ("idle_returned", Fact::IdleReturned { of: by() }.into()),
        (
            "handed_over_without_call",
            Fact::HandedOver {
                call: None,
                by: by(),
                to: doctor(),
            }
            .into(),
        ),
    ]
}

/// What comes after the advice. Their files begin at this number.
const AFTER_FROM: usize = 85;

fn afterwards() -> Vec<(&'static str, NewEvent)> {
    let by = doctor;
    let planned = |due_at| Fact::CheckInPlanned { by: by(), due_at };
    let reopened = Fact::Reopened {
        service: Service::Anytime,
        reply_hours: Some(24),
    };
    let decided = Fact::ConcernDecided {
        concern: 91,
        author: by().id,
        by: by(),
        decision: ConcernDecision::Notify,
    };
    let notified = Fact::ConcernNotified {
        concern: 91,
        author: by().id,
        by: by(),
        whom: Authority::ChildGuidance,
        notified_at: At(1_795_344_120_000),
    };
    let sealed = |fact, words| NewEvent::sealed(fact, text(words));
    let feeling = Feeling::Worse;
    let answered = Fact::ReferralAnswered { offer: 94, given: true };
    vec![
        ("check_in_planned", planned(Some(At(1_795_395_600_000))).into()),
        ("check_in_not_planned", planned(None).into()),
        ("check_in_asked", Fact::CheckInAsked.into()),
        ("checked_in", Fact::CheckedIn { feeling }.into()),
        ("reopened", reopened.into()),
        ("survey_nudged", Fact::SurveyNudged.into()),
        (
            "concern_raised",
            sealed(Fact::ConcernRaised { by: by() }, "左うでに古いあざが3つ"),
        ),
        ("concern_decided", sealed(decided, "監督者と話し合った")),
        ("concern_notified", sealed(notified, "担当 山田さん")),
        (
            "referral_offered",
            sealed(Fact::ReferralOffered { by: by() }, "夜泣きで眠れない"),
        ),
        ("referral_answered", answered.into()),
        ("task_taken", Fact::TaskTaken { task: 94, by: by() }.into()),
        (
            "task_closed",
            sealed(Fact::TaskClosed { task: 94, by: by() }, "電話で引き継いだ"),
        ),
    ]
}

/// What families wish while they wait, and what supervisors' pages show. Their files begin at this number.
const WISHED_FROM: usize = 110;

fn wished() -> Vec<(&'static str, NewEvent)> {
    let later = Fact::BecameAnytime {
        reply_hours: 24,
        wished_for: Some(At(1_795_430_520_000)),
    };
    let shown = Fact::TaskShown { task: 94, by: doctor() };
    vec![("became_anytime_wished", later.into()), ("task_shown", shown.into())]
}

/// What the city's public-health nurse does. Their files begin at this number.
const NURSED_FROM: usize = 135;

fn nursed() -> Vec<(&'static str, NewEvent)> {
    let by = super::referral::nurse();
    let received = Fact::TaskTaken {
        task: 94,
        by: by.clone(),
    };
    let ended = NewEvent::sealed(Fact::TaskClosed { task: 94, by }, text("家庭訪問をした"));
    vec![
        ("task_taken_by_nurse", received.into()),
        ("task_closed_by_nurse", ended),
    ]
}

/// What becomes of appointments. Their files begin at this number.
const APPOINTED_FROM: usize = 120;

fn appointed() -> Vec<(&'static str, NewEvent)> {
    let (slot, closes_at) = (At(1_795_346_400_000), Some(At(1_795_354_920_000)));
    let given_up = |service, reply_hours, closes_at| Fact::AppointmentGivenUp {
        service,
        reply_hours,
        closes_at,
    };
    vec![
        (
            "appointment_booked",
            Fact::AppointmentBooked { slot, families: 2 }.into(),
        ),
        ("appointment_given_up", given_up(Service::Night, None, closes_at).into()),
        (
            "appointment_given_up_anytime",
            given_up(Service::Anytime, Some(24), None).into(),
        ),
        ("appointment_begun", Fact::AppointmentBegun { closes_at }.into()),
        ("appointment_missed", Fact::AppointmentMissed.into()),
        ("appointment_reminded", Fact::AppointmentReminded.into()),
    ]
}

/// An EPDS that a clinician has asked, and what the rules make of it. Their files begin at this number.
const EPDS_FROM: usize = 130;

fn epds() -> Vec<(&'static str, NewEvent)> {
    let points = Epds::of([1, 1, 2, 0, 1, 2, 1, 1, 0, 1]).expect("points");
    let recorded = Fact::EpdsRecorded { by: midwife() };
    let flagged = Fact::Flagged {
        rule: "M06".to_owned(),
        version: 1,
        action: Action::TalkNow,
        epds: Some(130),
    };
    let raised = Fact::ClassChanged {
        by: midwife(),
        from: Acuity::White,
        to: Acuity::Yellow,
        epds: Some(130),
    };
    vec![
        ("epds_recorded", NewEvent::sealed(recorded, Sealed::Epds { points })),
        ("flagged_by_epds", flagged.into()),
        ("class_raised_by_epds", raised.into()),
    ]
}

/// What this program writes, by the number of its file.
fn numbered() -> impl Iterator<Item = (usize, (&'static str, NewEvent))> {
    (1..)
        .zip(written_now())
        .chain((JUDGED_FROM..).zip(judged()))
        .chain((WAITING_FROM..).zip(told_while_waiting()))
        .chain((PHOTOS_FROM..).zip(of_photos()))
        .chain((HANDED_FROM..).zip(handed()))
        .chain((AFTER_FROM..).zip(afterwards()))
        .chain((WISHED_FROM..).zip(wished()))
        .chain((APPOINTED_FROM..).zip(appointed()))
        .chain((NURSED_FROM..).zip(nursed()))
        .chain((EPDS_FROM..).zip(epds()))
}

fn stored(event: &NewEvent) -> Stored {
    Stored {
        kind: event.fact.kind().to_owned(),
        version: EVENT_VERSION,
        facts: serde_json::to_string(&event.fact).expect("JSON"),
        sealed: event
            .sealed
            .as_ref()
            .map(|sealed| serde_json::to_string(sealed).expect("JSON")),
    }
}

fn directory() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/events")
}

fn files() -> Vec<(String, Stored)> {
    let mut files: Vec<_> = std::fs::read_dir(directory())
        .expect("golden files")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("it is read");
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, serde_json::from_str(&text).expect("a stored event"))
        })
        .collect();
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    files
}

#[test]
fn every_stored_event_ever_written_is_still_read() {
    let files = files();
    assert!(files.len() >= numbered().count());
    let mut state = State::default();
    for (name, file) in files {
        let fact = lift(file.version, &file.facts).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(fact.kind(), file.kind, "{name}");
        let sealed = file.sealed.map(|sealed| serde_json::from_str::<Sealed>(&sealed));
        let sealed = sealed.transpose().unwrap_or_else(|error| panic!("{name}: {error}"));
        let seq = state.seq + 1;
        state = apply(
            state,
            &Event {
                seq,
                at: At(seq.cast_signed()),
                fact,
                sealed,
            },
        );
    }
    let story = state.case.expect("the first file is an intake");
    assert_eq!((story.talk_seconds, story.survey), (122, Some(Answer::RatherYes)));
}

#[test]
fn events_are_written_as_the_files_of_this_version_have_them() {
    for (number, (name, event)) in numbered() {
        let name = format!("v{EVENT_VERSION}_{number:02}_{name}.json");
        let now = serde_json::to_string_pretty(&stored(&event)).expect("JSON");
        let file = std::fs::read_to_string(directory().join(&name)).unwrap_or_default();
        assert_eq!(
            file.trim_end(),
            now,
            "{name}: what is stored must keep its form, or have a new version"
        );
    }
}

#[test]
fn a_request_says_when_the_desk_closes_and_one_of_before_did_not() {
    let written = Story::waiting().log.swap_remove(0);
    let facts = serde_json::to_string(&written.fact).expect("JSON");
    assert!(facts.contains("\"closes_at\":"));
    assert_eq!(lift(EVENT_VERSION, &facts).expect("read"), written.fact);
    let (_, oldest) = files().swap_remove(0);
    let Fact::Requested { closes_at, .. } = lift(1, &oldest.facts).expect("read") else {
        panic!("the first file is an intake")
    };
    assert_eq!(closes_at, None);
}

#[test]
fn every_kind_has_a_golden_file() {
    let golden: BTreeSet<String> = files().into_iter().map(|(_, file)| file.kind).collect();
    // A consultation's whole way makes most kinds; those that it does not make are in the list above.
    for event in Story::closed().log {
        assert!(golden.contains(event.fact.kind()), "{}", event.fact.kind());
    }
    let kinds: BTreeSet<&str> = numbered().map(|(_, (_, event))| event.fact.kind()).collect();
    assert_eq!(
        kinds.len(),
        74,
        "one of each kind of `Fact`; a new kind comes with a new file"
    );
}

#[test]
fn a_newer_version_is_refused_and_named() {
    let error = lift(EVENT_VERSION + 1, "{}").expect_err("newer");
    assert!(error.to_string().contains(&(EVENT_VERSION + 1).to_string()));
    assert!(lift(EVENT_VERSION, "{\"kind\":\"no_such_kind\"}").is_err());
}
