//! Anything in any order: nothing panics, the log replays to the same state, and nothing of the staff's reaches a family.

use super::{
    Story, doctor, midwife,
    story::{EVENING, family, measured, mothers_request, note, request, staff},
};
use crate::{
    actor::{Actor, Role, Viewer},
    after::{Authority, ConcernDecision, Feeling},
    appointment::Offer,
    call::{
        CallMode, CallbackOutcome, GuestRole, Path,
        cause::{CallCause, Trouble},
        interruption::Interruption,
        summary::Measured,
    },
    consultation::{
        Audience, Command, DeadlineKind, EVENT_VERSION, Event, Fact, Refusal, Stage, State, WireEvent, apply, audience,
        deadlines, decide, lift, project,
    },
    hand_over::{HandOver, HandTo, Patience},
    hours::Hours,
    id::{ConsultationId, GuardianId, PhotoId, Seq, StaffId},
    intake::{Mode, Service},
    ladder::{Delays, Reach, Step, Why},
    limits,
    photo::{Mark, MarkKind, Photo, PhotoFormat},
    queue::rank,
    survey::Answer,
    time::{At, Millis},
    triage::{Action, Acuity, Epds, Fired},
    view::Thread,
};
use proptest::prelude::*;
use uuid::Uuid;

/// Stands in everything that only staff may read.
const STAFF_ONLY: &str = "STAFFONLY";
/// Stands in everything that only the family and supervisors may read.
const NOT_FOR_CLINICIANS: &str = "FAMILYWORDS";
/// Stands in everything that a guest may not read; so do all the marks above.
const NOT_FOR_GUESTS: &str = "BETWEENUS";
/// Stands for some invitation of the log.
const INVITED: Seq = Seq::MAX - 1;
/// Stands in every concern: for supervisors and the clinician whose it is.
const CONCERN: &str = "OBSERVED";
/// A silent rule: it moves the queue and is told to staff.
const SILENT_RULE: &str = "SILENTRULE";
/// A rule that points of an EPDS fire: told to staff, though its action is shown to families elsewhere.
const EPDS_RULE: &str = "EPDSRULE";
/// The desk closes so long after the first families of the evening come.
const CLOSES_IN: Millis = Millis::hours(3);
/// Stands for the running call.
const CURRENT: Seq = Seq::MAX;
/// Stands for the time of the question that is open.
const NEVER: At = At(i64::MAX);

fn actors() -> impl Strategy<Value = Actor> {
    let stranger = Actor::Guardian {
        id: GuardianId(Uuid::from_u128(99)),
    };
    prop_oneof![
        6 => Just(family()),
        6 => Just(Actor::Staff(doctor())),
        3 => Just(Actor::Staff(midwife())),
        1 => Just(Actor::Staff(staff(21, "高橋", Role::Supervisor))),
        1 => Just(Actor::Staff(staff(22, "市役所", Role::CityViewer))),
        2 => Just(Actor::Staff(staff(23, "山本", Role::PublicHealthNurse))),
        1 => Just(Actor::System),
        1 => Just(stranger),
        4 => invites().prop_map(guest),
    ]
}

fn guest(invite: Seq) -> Actor {
    Actor::Guest {
        consultation: ConsultationId(Uuid::from_u128(5)),
        invite,
    }
}

fn invites() -> impl Strategy<Value = Seq> {
    prop_oneof![5 => Just(INVITED), 1 => 0_u64..40]
}

/// What makes more than two of a call, and the telephone.
fn of_people() -> impl Strategy<Value = Command> {
    let role = prop_oneof![2 => Just(GuestRole::Family), 1 => Just(GuestRole::Interpreter)];
    let outcome = prop_oneof![Just(CallbackOutcome::Reached), Just(CallbackOutcome::NotReached)];
    let ask = |call| Command::InviteColleague {
        call,
        to: midwife().id,
        colleague: Some(midwife()),
    };
    prop_oneof![
        2 => (role, "[a-z]{1,6}").prop_map(|(role, name)| Command::Invite { role, name }),
        3 => "[a-z]{1,6}".prop_map(|name| Command::Enter { name }),
        1 => invites().prop_map(|invite| Command::WithdrawInvitation { invite }),
        1 => invites().prop_map(|invite| Command::RemoveGuest { invite }),
        2 => calls().prop_map(ask),
        1 => calls().prop_map(|call| Command::Leave { call }),
        1 => (calls(), any::<bool>()).prop_map(|(call, on)| Command::Hold { call, on }),
        2 => calls().prop_map(|call| Command::HandOver { call, to: midwife().id }),
        2 => calls().prop_map(|call| Command::TakeOver { call }),
        1 => Just(Command::AskCallback),
        1 => Just(Command::GiveNumber { number: "090-1234-5678".to_owned() }),
        1 => outcome.prop_map(|outcome| Command::CallbackDone { outcome }),
    ]
}

/// What changes hands, and what timers make of it.
fn handing() -> impl Strategy<Value = Command> {
    let to = || {
        prop_oneof![
            2 => Just(HandTo::Person(midwife().id)),
            2 => Just(HandTo::Profession(Role::Midwife)),
            1 => Just(HandTo::Profession(Role::Pediatrician)),
            1 => Just(HandTo::Profession(Role::Supervisor)),
        ]
    };
    let summary = || {
        Box::new(HandOver {
            so_far: STAFF_ONLY.to_owned(),
            note: STAFF_ONLY.to_owned(),
            ..HandOver::default()
        })
    };
    let colleague = || Some(midwife());
    prop_oneof![
        1 => to().prop_map(move |to| Command::HandOn { to, hand_over: summary(), colleague: colleague() }),
        3 => to().prop_map(move |to| Command::OfferHandOver { to, hand_over: summary(), colleague: colleague() }),
        3 => Just(Command::AcceptHandOver),
        1 => staff_text().prop_map(|reason| Command::DeclineHandOver { reason }),
        1 => Just(Command::WithdrawHandOver),
        1 => Just(Command::StillHere),
        1 => (0_u64..40).prop_map(|asked| Command::LapseHandOver { asked }),
        2 => (0_u64..40).prop_map(|from| Command::AskIdle { from }),
        2 => (0_u64..40).prop_map(|asked| Command::ReturnIdle { asked }),
    ]
}

fn staff_text() -> impl Strategy<Value = String> {
    "[ -~あ-ん]{0,12}".prop_map(|text| format!("{STAFF_ONLY}{text}"))
}

fn calls() -> impl Strategy<Value = Seq> {
    prop_oneof![5 => Just(CURRENT), 1 => 0_u64..40]
}

fn classes() -> impl Strategy<Value = Acuity> {
    (0..Acuity::ALL.len()).prop_map(|index| Acuity::ALL[index])
}

/// An EPDS, evaluated by the server or, as it came from outside, not.
fn epds() -> impl Strategy<Value = Command> {
    let fired = |action| Fired {
        rule: EPDS_RULE.to_owned(),
        version: 1,
        action,
    };
    let actions = prop_oneof![Just(Action::TalkNow), Just(Action::SecondClass), Just(Action::Call119)];
    let fired = proptest::collection::vec(actions.prop_map(fired), 0..3);
    (
        proptest::array::uniform10(0_u8..4),
        proptest::option::weighted(0.9, fired),
    )
        .prop_map(|(points, fired)| Command::RecordEpds {
            points: Epds::of(points).expect("points"),
            fired,
        })
}

/// What sides tell of calls, with seats by chance.
fn tellings() -> impl Strategy<Value = Command> {
    let cause = prop_oneof![
        Just(CallCause::Ice),
        Just(CallCause::Permission),
        Just(CallCause::Other)
    ];
    let trouble = |cause| Trouble {
        cause,
        late: true,
        device: None,
        browser: None,
    };
    let measured = |loss_permille| Measured {
        path: Path::Direct,
        loss_permille,
        round_trip_ms: None,
    };
    let why = Interruption::Interrupted;
    prop_oneof![
        (calls(), cause).prop_map(move |(call, cause)| Command::CallTroubled {
            call,
            trouble: trouble(cause)
        }),
        (calls(), any::<u16>()).prop_map(move |(call, loss)| Command::CallMeasured {
            call,
            measured: measured(loss)
        }),
        (calls(), 0_u64..40).prop_map(move |(call, seat)| Command::SeatInterrupted { call, seat, why }),
        (calls(), 0_u64..40).prop_map(|(call, seat)| Command::SeatReturned { call, seat }),
        calls().prop_map(|call| Command::SettleMissed { call }),
    ]
}

/// Photos of a few ids, so that some come twice.
fn photos() -> impl Strategy<Value = Command> {
    let id = || (0_u128..6).prop_map(|id| PhotoId(Uuid::from_u128(id)));
    let add = (id(), proptest::option::of("[ -~あ-ん]{0,12}")).prop_map(|(id, caption)| Command::AddPhoto {
        photo: Photo {
            id,
            format: PhotoFormat::Jpeg,
            width: 4,
            height: 3,
            bytes: 700,
        },
        caption,
    });
    let mark = (id(), 0_u16..12_000).prop_map(|(photo, at)| Command::MarkPhoto {
        photo,
        marks: vec![Mark {
            shape: MarkKind::Ring,
            from: (0, 0),
            to: (at, at),
        }],
    });
    prop_oneof![3 => add, 1 => Just(Command::AskPhoto), 1 => mark]
}

/// What comes after the advice; the seqs are met by chance.
fn afterwards() -> impl Strategy<Value = Command> {
    let seqs = || 0_u64..30;
    let services = || prop_oneof![Just(Service::Night), Just(Service::Anytime)];
    let feelings = prop_oneof![Just(Feeling::Better), Just(Feeling::Same), Just(Feeling::Worse)];
    let concern = || format!("{STAFF_ONLY}{CONCERN}");
    prop_oneof![
        2 => any::<bool>().prop_map(|on| Command::PlanCheckIn { on }),
        2 => seqs().prop_map(|planned| Command::AskCheckIn { planned }),
        1 => seqs().prop_map(|closed| Command::NudgeSurvey { closed }),
        3 => (feelings, services()).prop_map(|(feeling, service)| Command::CheckIn { feeling, service, reply_hours: 24 }),
        3 => services().prop_map(|service| Command::ComeBack {
            text: format!("{NOT_FOR_GUESTS}またです"),
            service,
            reply_hours: 24,
        }),
        2 => Just(Command::RaiseConcern { facts: concern() }),
        2 => seqs().prop_map(move |at| Command::DecideConcern {
            concern: at,
            decision: ConcernDecision::Consult,
            words: concern(),
        }),
        1 => seqs().prop_map(move |at| Command::NotifyConcern {
            concern: at,
            whom: Authority::City,
            notified_at: At(0),
            words: concern(),
        }),
        2 => Just(Command::OfferReferral { shared: format!("{NOT_FOR_GUESTS}伝えること") }),
        2 => (seqs(), any::<bool>()).prop_map(|(offer, given)| Command::AnswerReferral { offer, given }),
        1 => seqs().prop_map(|task| Command::ShowTask { task }),
        1 => seqs().prop_map(|task| Command::TakeTask { task }),
        1 => (seqs(), staff_text()).prop_map(|(task, words)| Command::CloseTask { task, words }),
    ]
}

/// What a family does with appointments, and what becomes of them by themselves.
fn appointments() -> impl Strategy<Value = Command> {
    let first = EVENING.0 - EVENING.0.rem_euclid(limits::APPOINTMENT.0);
    let answered = prop_oneof![Just(Service::Night), Just(Service::Anytime)];
    prop_oneof![
        3 => (0..30_i64, any::<bool>()).prop_map(move |(number, offers)| Command::BookAppointment {
            slot: At(first + number * limits::APPOINTMENT.0),
            offer: Offer::new(6, 1).filter(|_| offers),
            hours: Box::new(Hours::always()),
        }),
        1 => answered.prop_map(|service| Command::GiveUpAppointment {
            service,
            reply_hours: 24,
            closes_at: None,
        }),
        3 => any::<bool>().prop_map(|is_open| Command::BeginAppointment {
            booked: CURRENT,
            is_open,
            closes_at: None,
            reply_hours: 24,
        }),
        1 => any::<bool>().prop_map(|is_there| Command::MissAppointment { begun: CURRENT, is_there }),
        1 => Just(Command::RemindAppointment { booked: CURRENT }),
    ]
}

/// What timers do to whoever waits, with who is there by chance.
fn by_itself() -> impl Strategy<Value = Command> {
    let supervisor_within = Delays::default().supervisor;
    let reach = (0..2_u32, 0..2_u32).prop_map(|(notifying, others)| Reach {
        sounding: 1,
        notifying,
        others,
    });
    prop_oneof![
        Just(Command::PassTurn {
            by: doctor(),
            supervisor_within
        }),
        Just(Command::EndNight { reply_hours: 24 }),
        prop_oneof![Just(Why::Hours), Just(Why::Promise), Just(Why::Away)].prop_map(move |why| Command::TellOwed {
            why,
            asked_at: NEVER,
            supervisor_within
        }),
        (calls(), reach).prop_map(move |(from, reach)| Command::Climb {
            from,
            reach,
            supervisor_within
        }),
    ]
}

fn commands() -> impl Strategy<Value = Command> {
    let mode = prop_oneof![Just(CallMode::Audio), Just(CallMode::Video)];
    let wish = prop_oneof![Just(Mode::Chat), Just(Mode::Audio), Just(Mode::Video)];
    let path = prop_oneof![Just(Path::Direct), Just(Path::RelayUdp), Just(Path::Unknown)];
    let in_calls = prop_oneof![
        mode.clone().prop_map(|mode| Command::Ring { mode }),
        calls().prop_map(|call| Command::Join { call }),
        (calls(), path).prop_map(|(call, path)| Command::CallConnected { call, path }),
        calls().prop_map(|call| Command::CallInterrupted { call }),
        (calls(), mode).prop_map(|(call, mode)| Command::ChangeCallMode { call, mode }),
        calls().prop_map(|call| Command::Decline { call }),
        (calls(), any::<bool>()).prop_map(|(call, failed)| Command::HangUp { call, failed }),
        calls().prop_map(|call| Command::RingExpired { call }),
    ];
    let rules = [("C01", Action::Call119), (SILENT_RULE, Action::StaffOnly)];
    let others = prop_oneof![
        2 => Just(request(&rules)),
        4 => proptest::option::of(staff_text()).prop_map(|overtake_reason| Command::Claim { overtake_reason }),
        2 => (proptest::option::of(staff_text()), any::<bool>()).prop_map(|(overtake_reason, is_there)| Command::BeginEarly {
            overtake_reason,
            closes_at: None,
            is_there,
        }),
        1 => staff_text().prop_map(|reason| Command::Release { reason }),
        6 => "[ -~あ-ん\n]{0,40}".prop_map(|text| Command::Say { text: format!("{NOT_FOR_GUESTS}{text}") }),
        2 => staff_text().prop_map(|text| Command::Remark { text }),
        1 => staff_text().prop_map(|reason| Command::SayBeyondScope { text: "骨折です".to_owned(), reason }),
        2 => (classes(), proptest::option::of(staff_text())).prop_map(|(acuity, reason)| Command::ChangeClass {
            acuity,
            reason,
        }),
        2 => epds(),
        1 => wish.prop_map(|mode| Command::WishMode { mode }),
        2 => appointments(),
        1 => (23..25_u32).prop_map(|shown_hours| Command::AnswerLater { shown_hours, reply_hours: 24 }),
        4 => by_itself(),
        1 => prop_oneof![Just(Step::Sound), Just(Step::Colleague), Just(Step::Supervisor)]
            .prop_map(|step| Command::HearAlert { step }),
        1 => staff_text().prop_map(|done| Command::CloseOverlooked { done }),
        2 => Just(Command::SignNote { note: Box::new(note()), scope_reason: None }),
        1 => staff_text().prop_map(|text| Command::AddToNote { text }),
        1 => Just(Command::Close),
        1 => Just(Command::ReportCheck { measured: Box::new(measured()) }),
        1 => Just(Command::Cancel),
        2 => "[a-z]{0,8}".prop_map(|words| Command::Survey {
            answer: Answer::Yes,
            words: Some(format!("{NOT_FOR_CLINICIANS}{words}")),
        }),
    ];
    prop_oneof![4 => others, 4 => in_calls, 2 => tellings(), 4 => of_people(), 3 => handing(), 1 => photos(), 2 => afterwards()]
}

/// Puts the running call where [`CURRENT`] stands.
fn aimed(command: Command, state: &State) -> Command {
    let running = state
        .case
        .as_deref()
        .and_then(|case| case.call.as_ref())
        .map_or(0, |call| call.id);
    let aim = |call| if call == CURRENT { running } else { call };
    match command {
        Command::TellOwed {
            why,
            asked_at: NEVER,
            supervisor_within,
        } => Command::TellOwed {
            why,
            asked_at: state
                .case
                .as_deref()
                .and_then(|case| case.unanswered_since)
                .unwrap_or(NEVER),
            supervisor_within,
        },
        Command::Climb {
            from: CURRENT,
            reach,
            supervisor_within,
        } => Command::Climb {
            from: state
                .case
                .as_deref()
                .and_then(|case| case.ladder.as_ref())
                .map_or(0, |ladder| ladder.begun_by),
            reach,
            supervisor_within,
        },
        Command::BeginAppointment {
            booked: CURRENT,
            is_open,
            closes_at,
            reply_hours,
        } => Command::BeginAppointment {
            booked: match state.case.as_deref().map(|case| &case.stage) {
                Some(Stage::Booked { booked, .. }) => *booked,
                _ => 0,
            },
            is_open,
            closes_at,
            reply_hours,
        },
        Command::RemindAppointment { .. } => Command::RemindAppointment {
            booked: match state.case.as_deref().map(|case| &case.stage) {
                Some(Stage::Booked { booked, .. }) => *booked,
                _ => 0,
            },
        },
        Command::MissAppointment { is_there, .. } => Command::MissAppointment {
            begun: state
                .case
                .as_deref()
                .and_then(|case| case.appointment)
                .map_or(0, |appointment| appointment.begun),
            is_there,
        },
        Command::Join { call } => Command::Join { call: aim(call) },
        Command::CallConnected { call, path } => Command::CallConnected { call: aim(call), path },
        Command::CallInterrupted { call } => Command::CallInterrupted { call: aim(call) },
        Command::ChangeCallMode { call, mode } => Command::ChangeCallMode { call: aim(call), mode },
        Command::Decline { call } => Command::Decline { call: aim(call) },
        Command::HangUp { call, failed } => Command::HangUp {
            call: aim(call),
            failed,
        },
        Command::RingExpired { call } => Command::RingExpired { call: aim(call) },
        Command::CallTroubled { call, trouble } => Command::CallTroubled {
            call: aim(call),
            trouble,
        },
        Command::CallMeasured { call, measured } => Command::CallMeasured {
            call: aim(call),
            measured,
        },
        Command::SeatInterrupted { call, seat, why } => Command::SeatInterrupted {
            call: aim(call),
            seat,
            why,
        },
        Command::SeatReturned { call, seat } => Command::SeatReturned { call: aim(call), seat },
        Command::SettleMissed { call } => Command::SettleMissed { call: aim(call) },
        Command::Leave { call } => Command::Leave { call: aim(call) },
        Command::Hold { call, on } => Command::Hold { call: aim(call), on },
        Command::HandOver { call, to } => Command::HandOver { call: aim(call), to },
        Command::TakeOver { call } => Command::TakeOver { call: aim(call) },
        Command::InviteColleague { call, to, colleague } => Command::InviteColleague {
            call: aim(call),
            to,
            colleague,
        },
        Command::WithdrawInvitation { invite } => Command::WithdrawInvitation {
            invite: known(invite, state),
        },
        Command::RemoveGuest { invite } => Command::RemoveGuest {
            invite: known(invite, state),
        },
        other => other,
    }
}

/// Puts the newest guest, or the colleague who was asked, where [`INVITED`] stands.
fn known(invite: Seq, state: &State) -> Seq {
    let case = state.case.as_deref();
    let guest = case.and_then(|case| case.guests.last()).map(|guest| guest.invite);
    let asked = case
        .and_then(|case| case.call.as_ref()?.colleague.as_ref())
        .map(|one| one.invite);
    if invite == INVITED {
        guest.max(asked).unwrap_or(0)
    } else {
        invite
    }
}

fn aimed_actor(actor: Actor, state: &State) -> Actor {
    match actor {
        Actor::Guest { invite, .. } => guest(known(invite, state)),
        other => other,
    }
}

/// A consultation that came about by chance, beginning with an intake.
fn stories() -> impl Strategy<Value = Story> {
    let step = (actors(), commands(), 0_i64..100_000);
    (any::<bool>(), proptest::collection::vec(step, 0..120)).prop_map(|(of_mother, steps)| {
        let mut story = Story::new();
        let rules = [(SILENT_RULE, Action::StaffOnly)];
        let first = if of_mother {
            mothers_request(&rules)
        } else {
            request(&rules)
        };
        story.family(&first).expect("sent");
        for (actor, command, milliseconds) in steps {
            story.later(Millis(milliseconds));
            let command = aimed(command, &story.state);
            let actor = aimed_actor(actor, &story.state);
            let again = decide(&story.state, &command, &actor, story.now);
            let before = story.state.clone();
            let done = story.does(&actor, &command);
            assert_eq!(again.is_ok(), done.is_ok(), "the same question has the same answer");
            check_step(&before, &story, &actor, &done);
        }
        story
    })
}

/// What holds at every step.
fn check_step(before: &State, story: &Story, actor: &Actor, done: &Result<Vec<&'static str>, Refusal>) {
    match done {
        Err(refusal) => {
            assert_eq!(*before, story.state, "a refusal changes nothing");
            assert!(!refusal.to_string().is_empty() && !refusal.code().is_empty());
        }
        Ok(kinds) => assert_eq!(story.state.seq, before.seq + kinds.len() as u64),
    }
    let case = story.case();
    assert_eq!(rank(case).is_some(), case.is_at_desk() && case.clinician().is_none());
    assert_eq!(
        case.is_open() && !case.is_at_desk(),
        Thread::of(&shown_to_doctor(&story.log)).standing == crate::view::Standing::Booked,
        "the page shows an appointment while the rules know of one"
    );
    assert_eq!(case.ended_at().is_some(), !case.is_open());
    assert!(
        case.call.is_none() || case.clinician().is_some(),
        "a call runs only with a clinician"
    );
    let missed = case.calls.missed.is_some();
    assert!(
        !missed || (case.is_open() && case.call.is_none()),
        "a missed call is something to do"
    );
    assert_eq!(
        missed,
        Thread::of(&shown_to_doctor(&story.log)).missed.is_some(),
        "the desk shows what the rules know"
    );
    if let Some(call) = &case.call {
        assert!(call.seats.len() <= limits::SEATS, "never five");
        assert!(case.clinicians_in_call().len() <= 2);
        for seat in &call.seats {
            if let crate::call::Holder::Guest { invite, .. } = seat.holder {
                assert!(case.admits(invite), "only who was let in sits");
            }
        }
    }
    let photos: std::collections::BTreeSet<_> = case.photos.iter().collect();
    assert_eq!(photos.len(), case.photos.len(), "an id is one photo");
    let (patience, delays) = (Patience::default(), Delays::default());
    for deadline in deadlines(&story.state, patience, delays) {
        let furthest = match deadline.kind {
            DeadlineKind::RingExpires { .. } => limits::RING,
            DeadlineKind::NightEnds { .. } => CLOSES_IN,
            DeadlineKind::AppointmentReminder { .. } | DeadlineKind::AppointmentBegins { .. } => {
                limits::APPOINTMENT_WITHIN
            }
            DeadlineKind::AppointmentGrace { .. } => limits::APPOINTMENT_GRACE,
            DeadlineKind::Climb { .. } => delays.colleague,
            DeadlineKind::Owed { .. } => Millis::hours(24),
            DeadlineKind::CheckIn { .. } | DeadlineKind::SurveyNudge { .. } => Millis::days(3),
            // All other waits are shorter than this one.
            _ => patience.idle,
        };
        assert!(deadline.due_at <= story.now + furthest);
    }
    let waits_live = rank(case).is_some() && case.service == Service::Night;
    assert_eq!(case.ladder.is_some(), waits_live, "whoever waits live has a ladder");
    if matches!(actor, Actor::Guardian { .. }) && *actor != family() {
        assert_eq!(*done, Err(Refusal::NotFound));
    }
    if let Ok(kinds) = done
        && kinds.contains(&"epds_recorded")
    {
        assert!(case.subject.is_mother(), "a child is asked no EPDS");
        let before = before.case.as_deref().map_or(Acuity::White, |case| case.acuity);
        assert!(case.acuity <= before, "points never lower a class");
        assert!(
            case.clinician()
                .is_some_and(|by| matches!(actor, Actor::Staff(one) if one.id == by.id))
        );
    }
    if matches!(actor, Actor::Staff(one) if one.role == Role::CityViewer) {
        assert!(done.is_err());
    }
    if let (Actor::Staff(one), Ok(kinds)) = (actor, done)
        && one.role == Role::PublicHealthNurse
    {
        let hers = |kind: &&str| ["task_taken", "task_closed"].contains(kind);
        assert!(kinds.iter().all(hers), "to her a consultation is its referrals");
    }
    for task in &case.after.tasks {
        let is_referral = task.handed().is_some();
        assert!(
            is_referral || task.received_at.is_none(),
            "she receives referrals alone"
        );
        let consented = case
            .after
            .referral
            .is_some_and(|(offer, given)| offer != task.seq || given == Some(true));
        assert!(
            !is_referral || consented || task.received_at.is_none(),
            "nothing is received without consent"
        );
    }
}

fn replayed<'a>(events: impl Iterator<Item = &'a Event>) -> State {
    events.fold(State::default(), apply)
}

fn shown_to_doctor(events: &[Event]) -> Vec<WireEvent> {
    let doctor = Viewer::Clinician(doctor().id);
    events.iter().filter_map(|event| project(event, &doctor)).collect()
}

fn shown(events: &[Event], viewer: &Viewer) -> String {
    let events: Vec<_> = events.iter().filter_map(|event| project(event, viewer)).collect();
    serde_json::to_string(&events).expect("JSON")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_commands_in_any_order_replay_to_the_same_state(story in stories()) {
        prop_assert_eq!(&replayed(story.log.iter()), &story.state);
        for (place, event) in story.log.iter().enumerate() {
            prop_assert_eq!(event.seq, place as u64 + 1);
        }
        // As it is stored and read back.
        let stored: Vec<Event> = story
            .log
            .iter()
            .map(|event| {
                let facts = serde_json::to_string(&event.fact).expect("JSON");
                let fact = lift(EVENT_VERSION, &facts).expect("it lifts");
                let sealed = serde_json::to_string(&event.sealed).expect("JSON");
                let sealed = serde_json::from_str(&sealed).expect("it is read");
                Event { seq: event.seq, at: event.at, fact, sealed }
            })
            .collect();
        prop_assert_eq!(&stored, &story.log);
        // Erased content changes no state; a piece read twice changes nothing.
        let erased: Vec<Event> = story.log.iter().map(|event| Event { sealed: None, ..event.clone() }).collect();
        prop_assert_eq!(&replayed(erased.iter().chain(&erased)), &story.state);
    }

    #[test]
    fn nothing_of_the_staffs_reaches_a_family(story in stories()) {
        let family_sees = shown(&story.log, &Viewer::Guardian(GuardianId(Uuid::from_u128(1))));
        for hidden in [STAFF_ONLY, SILENT_RULE, EPDS_RULE, "\"epds", "hand_over\":", "acuity", "internal", "overtake_reason", "browser", "marks"] {
            prop_assert!(!family_sees.contains(hidden), "{} in {}", hidden, family_sees);
        }
        for event in &story.log {
            let seen = project(event, &Viewer::Guardian(GuardianId(Uuid::from_u128(1))));
            let not_theirs = matches!(audience(&event.fact), Audience::Staff | Audience::Supervisor);
            prop_assert_eq!(seen.is_some(), !not_theirs);
        }
    }

    #[test]
    fn nothing_but_the_call_reaches_a_guest(story in stories()) {
        let seen = shown(&story.log, &Viewer::Guest { invite: 4 });
        let marks = [STAFF_ONLY, NOT_FOR_CLINICIANS, NOT_FOR_GUESTS, SILENT_RULE, EPDS_RULE, "\"epds", "intake", "09012345678", "advice"];
        for hidden in marks {
            prop_assert!(!seen.contains(hidden), "{} in {}", hidden, seen);
        }
        for event in &story.log {
            let seen = project(event, &Viewer::Guest { invite: 4 });
            prop_assert_eq!(seen.is_some(), audience(&event.fact) == Audience::Call);
        }
    }

    #[test]
    fn a_number_reaches_the_clinician_alone_to_whom_it_was_given(story in stories()) {
        let everybody = [
            Viewer::Guardian(GuardianId(Uuid::from_u128(1))),
            Viewer::Supervisor(StaffId(Uuid::from_u128(21))),
            Viewer::Clinician(StaffId(Uuid::from_u128(99))),
        ];
        for viewer in everybody {
            prop_assert!(!shown(&story.log, &viewer).contains("09012345678"));
        }
    }

    #[test]
    fn a_concern_reaches_supervisors_and_whose_it_is_and_nobody_else(story in stories()) {
        let authors: Vec<_> = story.case().after.concerns.iter().map(|(_, author)| *author).collect();
        for clinician in [doctor(), midwife()] {
            let seen = shown(&story.log, &Viewer::Clinician(clinician.id));
            prop_assert_eq!(seen.contains(CONCERN), authors.contains(&clinician.id));
        }
        let supervisor = shown(&story.log, &Viewer::Supervisor(StaffId(Uuid::from_u128(21))));
        prop_assert_eq!(supervisor.contains(CONCERN), !authors.is_empty());
        let family = shown(&story.log, &Viewer::Guardian(GuardianId(Uuid::from_u128(1))));
        // By their kinds: a guest may be called whatever they like.
        for kind in ["concern", "task"] {
            let told = format!("\"kind\":\"{kind}");
            prop_assert!(!family.contains(&told), "{}", kind);
            prop_assert!(authors.is_empty() || supervisor.contains("\"kind\":\"concern"), "it would be found");
        }
    }

    #[test]
    fn what_a_family_says_of_us_reaches_supervisors_and_no_clinician(story in stories()) {
        let clinician = shown(&story.log, &Viewer::Clinician(StaffId(Uuid::from_u128(11))));
        prop_assert!(!clinician.contains(NOT_FOR_CLINICIANS));
        let supervisor = shown(&story.log, &Viewer::Supervisor(StaffId(Uuid::from_u128(21))));
        let surveyed = story.log.iter().any(|event| matches!(event.fact, Fact::Surveyed { .. }));
        prop_assert_eq!(supervisor.contains(NOT_FOR_CLINICIANS), surveyed);
    }
}
