//! Who sees what of an event. The stored event and the event on the wire are two types; between them stands
//! [`audience`], one exhaustive match, so that a new kind cannot be added without saying who may see it.

use super::event::{Event, Fact, Lane, Sealed, Speaker};
use crate::{
    actor::{Staff, Viewer},
    after::{Authority, ConcernDecision, Feeling},
    call::{
        CallMode, CallOutcome, CallbackOutcome, GuestRole, Holder, Path, cause::Trouble, interruption::Interruption,
        summary::Measured,
    },
    check::{Checked, Light},
    hand_over::{HandOver, Recipient},
    id::{PhotoId, Seq, StaffId},
    intake::{Intake, Mode, Service},
    ladder::{Escalation, Step},
    note::{Disposition, Note},
    photo::{Mark, PhotoFormat},
    survey::Answer,
    time::At,
    triage::{Action, Acuity, Epds},
};
use serde::{Deserialize, Serialize};

/// For whom an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Who is in the call, guests too: the family, the desk, and whoever was invited.
    Call,
    /// The family and the desk.
    Everyone,
    /// Clinicians and supervisors.
    Staff,
    /// The family and supervisors: what families say about us is not for the one it is said about, until it is reviewed.
    FamilyAndSupervisor,
    /// Supervisors, and the clinician whose concern it is; nobody else of the desk, and no family ever.
    Supervisor,
}

/// For whom this kind of event is.
#[must_use]
pub fn audience(fact: &Fact) -> Audience {
    match fact {
        Fact::Requested { .. }
        | Fact::Queued { .. }
        | Fact::TurnMissed { .. }
        | Fact::BecameAnytime { .. }
        | Fact::AppointmentBooked { .. }
        | Fact::AppointmentGivenUp { .. }
        | Fact::AppointmentBegun { .. }
        | Fact::AppointmentMissed
        | Fact::Claimed { .. }
        | Fact::Released { .. }
        | Fact::Photo { .. }
        | Fact::PhotoWished { .. }
        | Fact::ModeWished { .. }
        | Fact::NoteSigned { .. }
        | Fact::DeviceChecked { .. }
        | Fact::GuestInvited { .. }
        | Fact::InvitationWithdrawn { .. }
        | Fact::ColleagueInvited { .. }
        | Fact::HandedOn { .. }
        | Fact::IdleReturned { .. }
        | Fact::CallbackAsked { .. }
        | Fact::CallbackNumber { .. }
        | Fact::CallbackDone { .. }
        | Fact::CheckInPlanned { .. }
        | Fact::CheckInAsked
        | Fact::CheckedIn { .. }
        | Fact::Reopened { .. }
        | Fact::ReferralOffered { .. }
        | Fact::ReferralAnswered { .. }
        | Fact::Said {
            lane: Lane::Everyone, ..
        } => Audience::Everyone,
        // What a call is, who is in it and who answers for it; and that there will be none any more.
        Fact::CallOffered { .. }
        | Fact::CallJoined { .. }
        | Fact::CallLeft { .. }
        | Fact::CallConnected { .. }
        | Fact::CallInterrupted { .. }
        | Fact::CallResumed { .. }
        | Fact::CallModeChanged { .. }
        | Fact::CallHeld { .. }
        | Fact::CallEnded { .. }
        | Fact::GuestAdmitted { .. }
        | Fact::GuestRemoved { .. }
        | Fact::HandedOver { .. }
        | Fact::Cancelled
        | Fact::Closed { .. } => Audience::Call,
        // Points are for who asked: a panel that comes up after ten questions would tell how they were answered.
        Fact::EpdsRecorded { .. } | Fact::Flagged { epds: Some(_), .. } => Audience::Staff,
        // A silent rule only moves the queue; telling the family would read as a finding.
        Fact::Flagged { action, .. } if action.is_shown_to_family() => Audience::Everyone,
        Fact::Flagged { .. }
        | Fact::NoteAdded { .. }
        | Fact::HandOverOffered { .. }
        | Fact::HandOverAsked { .. }
        | Fact::HandOverDeclined { .. }
        | Fact::HandOverWithdrawn { .. }
        | Fact::HandOverLapsed
        | Fact::IdleAsked { .. }
        | Fact::IdleAnswered { .. }
        | Fact::Said { lane: Lane::Staff, .. } => Audience::Staff,
        // What clinicians judge among themselves, for their supervisors.
        Fact::ClassChanged { .. } | Fact::ScopePassed { .. } => Audience::Staff,
        // Who was told, and who looked after it: the family is helped, not told how nearly it was not.
        Fact::AppointmentReminded | Fact::Alerted { .. } | Fact::AlertHeard { .. } | Fact::OverlookedClosed { .. } => {
            Audience::Staff
        }
        // About machines and networks, and about the desk's own duties.
        Fact::CallTroubled { .. }
        | Fact::CallMeasured { .. }
        | Fact::SeatInterrupted { .. }
        | Fact::SeatReturned { .. }
        | Fact::MissedSettled { .. } => Audience::Staff,
        // What a clinician points out to colleagues reads as a finding to anybody else.
        Fact::PhotoMarked { .. } => Audience::Staff,
        Fact::Surveyed { .. } | Fact::SurveyNudged => Audience::FamilyAndSupervisor,
        // A family that reads of a concern may take the child away from those who could help.
        Fact::ConcernRaised { .. }
        | Fact::ConcernDecided { .. }
        | Fact::ConcernNotified { .. }
        | Fact::TaskShown { .. }
        | Fact::TaskTaken { .. }
        | Fact::TaskClosed { .. } => Audience::Supervisor,
    }
}

/// The clinician who alone besides supervisors reads it.
fn author(fact: &Fact) -> Option<StaffId> {
    match fact {
        Fact::ConcernRaised { by } => Some(by.id),
        Fact::ConcernDecided { author, .. } | Fact::ConcernNotified { author, .. } => Some(*author),
        _ => None,
    }
}

/// An event as one viewer receives it. PROTOCOL.md lists the kinds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireEvent {
    /// Its number. Numbers may jump: events for others are left out.
    pub seq: Seq,
    /// When, in milliseconds since the epoch.
    pub at: At,
    /// What.
    #[serde(flatten)]
    pub kind: WireKind,
}

/// What happened, as far as the viewer may know. Free text is nothing once its key has been erased.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "fields are those of `Fact` and `Sealed`, documented there and in PROTOCOL.md"
)]
pub enum WireKind {
    Requested {
        service: Service,
        mode: Mode,
        quiet: bool,
        intake: Option<Box<Intake>>,
    },
    Flagged {
        rule: String,
        action: Action,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epds: Option<Seq>,
    },
    Queued {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        acuity: Option<Acuity>,
    },
    TurnMissed {
        by: Staff,
    },
    BecameAnytime {
        reply_hours: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wished_for: Option<At>,
    },
    AppointmentBooked {
        slot: At,
    },
    AppointmentGivenUp {
        service: Service,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_hours: Option<u32>,
    },
    AppointmentBegun,
    AppointmentReminded,
    AppointmentMissed,
    Alerted {
        step: Step,
        desks: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        supervisor: Option<Escalation>,
    },
    AlertHeard {
        step: Step,
        by: Staff,
    },
    OverlookedClosed {
        by: Staff,
        done: Option<String>,
    },
    Claimed {
        by: Staff,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        overtake_reason: Option<String>,
    },
    Released {
        by: Staff,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    ClassChanged {
        by: Staff,
        before: Acuity,
        after: Acuity,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epds: Option<Seq>,
    },
    EpdsRecorded {
        by: Staff,
        points: Option<Epds>,
    },
    ScopePassed {
        by: Staff,
        rules: Vec<String>,
        reason: Option<String>,
    },
    Said {
        speaker: Speaker,
        lane: Lane,
        text: Option<String>,
    },
    Photo {
        speaker: Speaker,
        photo: PhotoId,
        format: PhotoFormat,
        width: u32,
        height: u32,
        bytes: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        caption: Option<String>,
    },
    PhotoWished {
        by: Staff,
    },
    PhotoMarked {
        by: Staff,
        photo: PhotoId,
        marks: Option<Vec<Mark>>,
    },
    ModeWished {
        mode: Mode,
    },
    CallOffered {
        by: Staff,
        mode: CallMode,
    },
    CallJoined {
        call: Seq,
        holder: Holder,
    },
    CallConnected {
        call: Seq,
        path: Path,
    },
    CallInterrupted {
        call: Seq,
    },
    CallResumed {
        call: Seq,
        path: Path,
    },
    CallModeChanged {
        call: Seq,
        mode: CallMode,
        holder: Holder,
    },
    CallEnded {
        call: Seq,
        outcome: CallOutcome,
        talk_seconds: u32,
        by: Option<Holder>,
    },
    CallTroubled {
        call: Seq,
        holder: Option<Holder>,
        trouble: Trouble,
    },
    CallMeasured {
        call: Seq,
        measured: Measured,
    },
    SeatInterrupted {
        call: Seq,
        holder: Holder,
        why: Interruption,
    },
    SeatReturned {
        call: Seq,
        holder: Holder,
    },
    MissedSettled {
        call: Seq,
        by: Staff,
    },
    CallLeft {
        call: Seq,
        holder: Holder,
    },
    CallHeld {
        call: Seq,
        on: bool,
        by: Staff,
    },
    GuestInvited {
        role: GuestRole,
        by: Holder,
        expires_at: At,
        name: Option<String>,
    },
    GuestAdmitted {
        invite: Seq,
        role: GuestRole,
        name: Option<String>,
    },
    GuestRemoved {
        invite: Seq,
        by: Staff,
    },
    InvitationWithdrawn {
        invite: Seq,
        by: Holder,
    },
    ColleagueInvited {
        call: Seq,
        by: Staff,
        colleague: Staff,
    },
    HandOverOffered {
        call: Seq,
        by: Staff,
        to: Staff,
    },
    HandedOver {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call: Option<Seq>,
        by: Staff,
        to: Staff,
    },
    HandedOn {
        by: Staff,
        recipient: Recipient,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hand_over: Option<Box<HandOver>>,
    },
    HandOverAsked {
        by: Staff,
        recipient: Recipient,
        hand_over: Option<Box<HandOver>>,
    },
    HandOverDeclined {
        by: Staff,
        reason: Option<String>,
    },
    HandOverWithdrawn {
        by: Staff,
    },
    HandOverLapsed,
    IdleAsked {
        of: Staff,
    },
    IdleAnswered {
        by: Staff,
    },
    IdleReturned {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Staff>,
    },
    CallbackAsked {
        by: Holder,
    },
    CallbackNumber {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
    },
    CallbackDone {
        by: Staff,
        outcome: CallbackOutcome,
    },
    NoteSigned {
        by: Staff,
        disposition: Option<Disposition>,
        advice: Option<String>,
        safety_net: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Box<Note>>,
    },
    NoteAdded {
        by: Staff,
        text: Option<String>,
    },
    DeviceChecked {
        light: Light,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        checked: Option<Box<Checked>>,
    },
    Cancelled,
    Closed {
        by: Staff,
    },
    CheckInPlanned {
        by: Staff,
        due_at: Option<At>,
    },
    CheckInAsked,
    CheckedIn {
        feeling: Feeling,
    },
    Reopened {
        service: Service,
    },
    SurveyNudged,
    ConcernRaised {
        by: Staff,
        text: Option<String>,
    },
    ConcernDecided {
        concern: Seq,
        by: Staff,
        decision: ConcernDecision,
        text: Option<String>,
    },
    ConcernNotified {
        concern: Seq,
        by: Staff,
        whom: Authority,
        notified_at: At,
        text: Option<String>,
    },
    ReferralOffered {
        by: Staff,
        text: Option<String>,
    },
    ReferralAnswered {
        offer: Seq,
        given: bool,
    },
    TaskShown {
        task: Seq,
        by: Staff,
    },
    TaskTaken {
        task: Seq,
        by: Staff,
    },
    TaskClosed {
        task: Seq,
        by: Staff,
        text: Option<String>,
    },
    Surveyed {
        answer: Answer,
        words: Option<String>,
    },
}

crate::redacted_debug!(
    WireKind:
    Requested, Flagged, Queued, TurnMissed, BecameAnytime, AppointmentBooked, AppointmentGivenUp, AppointmentBegun,
    AppointmentReminded, AppointmentMissed, Alerted, AlertHeard, OverlookedClosed, Claimed, Released,
    ClassChanged, EpdsRecorded, ScopePassed, Said, Photo, PhotoWished, PhotoMarked, ModeWished, CallOffered, CallJoined,
    CallConnected,
    CallInterrupted, CallResumed, CallModeChanged, CallEnded, CallTroubled, CallMeasured, SeatInterrupted,
    SeatReturned, MissedSettled, CallLeft, CallHeld, GuestInvited, GuestAdmitted, GuestRemoved, InvitationWithdrawn,
    ColleagueInvited, HandOverOffered, HandedOver, HandedOn, HandOverAsked, HandOverDeclined, HandOverWithdrawn,
    HandOverLapsed, IdleAsked, IdleAnswered, IdleReturned, CallbackAsked, CallbackNumber, CallbackDone, NoteSigned, NoteAdded,
    DeviceChecked, Cancelled, Closed, Surveyed, CheckInPlanned, CheckInAsked, CheckedIn, Reopened, SurveyNudged, ConcernRaised,
    ConcernDecided, ConcernNotified, ReferralOffered, ReferralAnswered, TaskShown, TaskTaken,
    TaskClosed
);

impl WireKind {
    /// The call that it is about.
    #[must_use]
    pub fn call(&self) -> Option<Seq> {
        match self {
            Self::CallJoined { call, .. }
            | Self::CallConnected { call, .. }
            | Self::CallInterrupted { call }
            | Self::CallResumed { call, .. }
            | Self::CallModeChanged { call, .. }
            | Self::CallEnded { call, .. }
            | Self::CallTroubled { call, .. }
            | Self::CallMeasured { call, .. }
            | Self::SeatInterrupted { call, .. }
            | Self::SeatReturned { call, .. }
            | Self::MissedSettled { call, .. } => Some(*call),
            _ => None,
        }
    }
}

/// The event as this viewer receives it; nothing where it is not for them. Whether the viewer may see the consultation at
/// all (its family, its municipality) is checked where the log is read.
#[must_use]
pub fn project(event: &Event, viewer: &Viewer) -> Option<WireEvent> {
    let allowed = match (audience(&event.fact), viewer) {
        (Audience::Call, _) => true,
        (_, Viewer::Guest { .. }) => false,
        (Audience::Everyone, _) => true,
        (Audience::Staff, _) => viewer.is_staff(),
        (Audience::FamilyAndSupervisor, _) => !matches!(viewer, Viewer::Clinician(_)),
        (Audience::Supervisor, Viewer::Clinician(id)) => author(&event.fact) == Some(*id),
        (Audience::Supervisor, _) => matches!(viewer, Viewer::Supervisor(_)),
    };
    allowed.then(|| WireEvent {
        seq: event.seq,
        at: event.at,
        kind: kind(event, viewer),
    })
}

fn kind(event: &Event, viewer: &Viewer) -> WireKind {
    let staff = viewer.is_staff();
    let text = || match &event.sealed {
        Some(Sealed::Text { text }) => Some(text.clone()),
        _ => None,
    };
    let reason = || match &event.sealed {
        Some(Sealed::Reason { reason }) if staff => Some(reason.clone()),
        _ => None,
    };
    match event.fact.clone() {
        Fact::Requested {
            service, mode, quiet, ..
        } => {
            let intake = match &event.sealed {
                Some(Sealed::Intake(intake)) => Some(intake.clone()),
                _ => None,
            };
            WireKind::Requested {
                service,
                mode,
                quiet,
                intake,
            }
        }
        Fact::Flagged { rule, action, epds, .. } => WireKind::Flagged { rule, action, epds },
        Fact::Queued { acuity } => WireKind::Queued {
            acuity: staff.then_some(acuity),
        },
        Fact::TurnMissed { by } => WireKind::TurnMissed { by },
        Fact::BecameAnytime {
            reply_hours,
            wished_for,
        } => WireKind::BecameAnytime {
            reply_hours,
            wished_for,
        },
        Fact::AppointmentBooked { slot, .. } => WireKind::AppointmentBooked { slot },
        Fact::AppointmentGivenUp {
            service, reply_hours, ..
        } => WireKind::AppointmentGivenUp { service, reply_hours },
        Fact::AppointmentBegun { .. } => WireKind::AppointmentBegun,
        Fact::AppointmentReminded => WireKind::AppointmentReminded,
        Fact::AppointmentMissed => WireKind::AppointmentMissed,
        Fact::Alerted {
            step,
            desks,
            supervisor,
        } => WireKind::Alerted {
            step,
            desks,
            supervisor,
        },
        Fact::AlertHeard { step, by } => WireKind::AlertHeard { step, by },
        Fact::OverlookedClosed { by } => WireKind::OverlookedClosed { by, done: text() },
        Fact::Claimed { by, .. } => WireKind::Claimed {
            by,
            overtake_reason: reason(),
        },
        Fact::Released { by } => WireKind::Released { by, reason: reason() },
        Fact::ClassChanged { by, from, to, epds } => WireKind::ClassChanged {
            by,
            before: from,
            after: to,
            reason: reason(),
            epds,
        },
        Fact::EpdsRecorded { by } => WireKind::EpdsRecorded {
            by,
            points: match &event.sealed {
                Some(Sealed::Epds { points }) => Some(*points),
                _ => None,
            },
        },
        Fact::ScopePassed { by, rules } => WireKind::ScopePassed {
            by,
            rules,
            reason: reason(),
        },
        Fact::Said { speaker, lane } => WireKind::Said {
            speaker,
            lane,
            text: text(),
        },
        Fact::Photo {
            speaker,
            photo,
            format,
            width,
            height,
            bytes,
        } => WireKind::Photo {
            speaker,
            photo,
            format,
            width,
            height,
            bytes,
            caption: text(),
        },
        Fact::PhotoWished { by } => WireKind::PhotoWished { by },
        Fact::PhotoMarked { by, photo } => WireKind::PhotoMarked {
            by,
            photo,
            marks: match &event.sealed {
                Some(Sealed::Marks { marks }) => Some(marks.clone()),
                _ => None,
            },
        },
        Fact::ModeWished { mode } => WireKind::ModeWished { mode },
        Fact::CallOffered { by, mode } => WireKind::CallOffered { by, mode },
        Fact::CallJoined { call, holder } => WireKind::CallJoined { call, holder },
        Fact::CallConnected { call, path } => WireKind::CallConnected { call, path },
        Fact::CallInterrupted { call } => WireKind::CallInterrupted { call },
        Fact::CallResumed { call, path } => WireKind::CallResumed { call, path },
        Fact::CallModeChanged { call, mode, holder } => WireKind::CallModeChanged { call, mode, holder },
        Fact::CallEnded {
            call,
            outcome,
            talk_seconds,
            by,
        } => WireKind::CallEnded {
            call,
            outcome,
            talk_seconds,
            by,
        },
        Fact::CallTroubled { call, holder, trouble } => WireKind::CallTroubled { call, holder, trouble },
        Fact::CallMeasured { call, measured } => WireKind::CallMeasured { call, measured },
        Fact::SeatInterrupted { call, holder, why } => WireKind::SeatInterrupted { call, holder, why },
        Fact::SeatReturned { call, holder } => WireKind::SeatReturned { call, holder },
        Fact::MissedSettled { call, by } => WireKind::MissedSettled { call, by },
        Fact::CallLeft { call, holder } => WireKind::CallLeft { call, holder },
        Fact::CallHeld { call, on, by } => WireKind::CallHeld { call, on, by },
        Fact::GuestInvited { role, by, expires_at } => WireKind::GuestInvited {
            role,
            by,
            expires_at,
            name: text(),
        },
        Fact::GuestAdmitted { invite, role } => WireKind::GuestAdmitted {
            invite,
            role,
            name: text(),
        },
        Fact::GuestRemoved { invite, by } => WireKind::GuestRemoved { invite, by },
        Fact::InvitationWithdrawn { invite, by } => WireKind::InvitationWithdrawn { invite, by },
        Fact::ColleagueInvited { call, by, colleague } => WireKind::ColleagueInvited { call, by, colleague },
        Fact::HandOverOffered { call, by, to } => WireKind::HandOverOffered { call, by, to },
        Fact::HandedOver { call, by, to } => WireKind::HandedOver { call, by, to },
        Fact::HandedOn { by, to } => WireKind::HandedOn {
            by,
            recipient: to,
            hand_over: summary(event).filter(|_| staff),
        },
        Fact::HandOverAsked { by, to } => WireKind::HandOverAsked {
            by,
            recipient: to,
            hand_over: summary(event),
        },
        Fact::HandOverDeclined { by } => WireKind::HandOverDeclined { by, reason: reason() },
        Fact::HandOverWithdrawn { by } => WireKind::HandOverWithdrawn { by },
        Fact::HandOverLapsed => WireKind::HandOverLapsed,
        Fact::IdleAsked { of } => WireKind::IdleAsked { of },
        Fact::IdleAnswered { by } => WireKind::IdleAnswered { by },
        // Families read that they wait again, not whom it was up to.
        Fact::IdleReturned { of } => WireKind::IdleReturned {
            of: staff.then_some(of),
        },
        Fact::CallbackAsked { by } => WireKind::CallbackAsked { by },
        // The one clinician who is to call reads it, and nobody else: not the family's other devices, not supervisors.
        Fact::CallbackNumber { to } => WireKind::CallbackNumber {
            number: text().filter(|_| *viewer == Viewer::Clinician(to)),
        },
        Fact::CallbackDone { by, outcome } => WireKind::CallbackDone { by, outcome },
        Fact::NoteSigned { by, disposition, .. } => signed(event, by, disposition, staff),
        Fact::NoteAdded { by } => WireKind::NoteAdded { by, text: text() },
        // The family was told the whole of it by its own page; its ticket shows the colour.
        Fact::DeviceChecked { checked } => WireKind::DeviceChecked {
            light: checked.light,
            checked: staff.then(|| Box::new(checked)),
        },
        Fact::Cancelled => WireKind::Cancelled,
        Fact::Closed { by } => WireKind::Closed { by },
        Fact::Surveyed { answer } => WireKind::Surveyed { answer, words: text() },
        Fact::CheckInAsked => WireKind::CheckInAsked,
        Fact::CheckInPlanned { by, due_at } => WireKind::CheckInPlanned { by, due_at },
        Fact::CheckedIn { feeling } => WireKind::CheckedIn { feeling },
        Fact::Reopened { service, .. } => WireKind::Reopened { service },
        Fact::SurveyNudged => WireKind::SurveyNudged,
        Fact::ConcernRaised { by } => WireKind::ConcernRaised { by, text: text() },
        Fact::ConcernDecided {
            concern, by, decision, ..
        } => WireKind::ConcernDecided {
            concern,
            by,
            decision,
            text: text(),
        },
        Fact::ConcernNotified {
            concern,
            by,
            whom,
            notified_at,
            ..
        } => WireKind::ConcernNotified {
            concern,
            by,
            whom,
            notified_at,
            text: text(),
        },
        Fact::ReferralOffered { by } => WireKind::ReferralOffered { by, text: text() },
        Fact::ReferralAnswered { offer, given } => WireKind::ReferralAnswered { offer, given },
        Fact::TaskShown { task, by } => WireKind::TaskShown { task, by },
        Fact::TaskTaken { task, by } => WireKind::TaskTaken { task, by },
        Fact::TaskClosed { task, by } => WireKind::TaskClosed { task, by, text: text() },
    }
}

fn summary(event: &Event) -> Option<Box<HandOver>> {
    match &event.sealed {
        Some(Sealed::HandOver(hand_over)) => Some(hand_over.clone()),
        _ => None,
    }
}

/// The family reads the advice and what to watch for; the record itself, with what is for colleagues, is the staff's.
fn signed(event: &Event, by: Staff, disposition: Disposition, staff: bool) -> WireKind {
    let note = match &event.sealed {
        Some(Sealed::Note(note)) => Some(note),
        _ => None,
    };
    WireKind::NoteSigned {
        by,
        disposition: (staff || disposition.family_label().is_some()).then_some(disposition),
        advice: note.map(|note| note.advice.clone()),
        safety_net: note.and_then(|note| note.safety_net.clone()),
        note: note.filter(|_| staff).cloned(),
    }
}
