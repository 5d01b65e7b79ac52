//! What is stored: facts in clear, the rest sealed.

use crate::{
    actor::Staff,
    after::{Authority, ConcernDecision, Feeling},
    call::{
        CallMode, CallOutcome, CallbackOutcome, GuestRole, Holder, Path, cause::Trouble, interruption::Interruption,
        summary::Measured,
    },
    check::Checked,
    hand_over::{HandOver, Recipient},
    id::{GuardianId, MunicipalityId, PhotoId, Seq, StaffId},
    intake::{Complaint, Intake, Mode, Relation, Service},
    ladder::{Escalation, Step},
    note::{Disposition, Note},
    photo::{Mark, PhotoFormat},
    subject::SubjectBand,
    survey::Answer,
    time::At,
    triage::{Action, Acuity, Epds},
};
use serde::{Deserialize, Serialize};

/// The version that new events are written with. Older ones are lifted when read, never rewritten.
pub const EVENT_VERSION: u16 = 1;

/// Who spoke.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Speaker {
    /// The family.
    Guardian,
    /// A clinician.
    Staff(Staff),
}

/// Who may read what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// The family and the desk.
    Everyone,
    /// Staff among themselves (内部メモ).
    Staff,
}

/// The part of an event that stays: coded, banded, enough for every figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// A family sent its intake. Sealed: [`Sealed::Intake`].
    Requested {
        /// Tenant.
        municipality: MunicipalityId,
        /// Which family.
        guardian: GuardianId,
        /// Through which service.
        service: Service,
        /// Within how many hours an answer was promised; for anytime consultations only, and not in the oldest of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_hours: Option<u32>,
        /// When the desk closed that night; nothing where it did not, and in the oldest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        closes_at: Option<At>,
        /// How they want to talk.
        mode: Mode,
        /// They listen and type.
        quiet: bool,
        /// Age or gestation band.
        subject: SubjectBand,
        /// Who asks.
        relation: Relation,
        /// What it is about, main one first.
        complaints: Vec<Complaint>,
        /// The family has been here before.
        returning: bool,
        /// Edition of the red-flag rules that were asked.
        rules: String,
    },
    /// A red-flag rule fired.
    Flagged {
        /// "C01".
        rule: String,
        /// Its version.
        version: u32,
        /// What it does.
        action: Action,
        /// The recording of an EPDS that made it fire; nothing where the intake did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epds: Option<Seq>,
    },
    /// The family waits.
    Queued {
        /// The class it waits in.
        acuity: Acuity,
    },
    /// Its turn came and nobody of the family was connected. It keeps its rank.
    TurnMissed {
        /// Who called the next one.
        by: Staff,
    },
    /// It is answered at any time from now on: the desk closed for the night before anybody took it, or the family wished so.
    BecameAnytime {
        /// Within how many hours of its first unanswered message an answer is promised.
        reply_hours: u32,
        /// By when that is, where the family wished it; nothing where the desk closed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wished_for: Option<At>,
    },
    /// The family booked an appointment, its first one or another. It waits in no queue until then.
    AppointmentBooked {
        /// When it begins.
        slot: At,
        /// How many families the city let book the same ten minutes.
        families: u32,
    },
    /// The family gave its appointment up and waits from now on.
    AppointmentGivenUp {
        /// Through which service.
        service: Service,
        /// Within how many hours an answer was promised; for anytime consultations only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_hours: Option<u32>,
        /// When the desk closed that night; nothing where it did not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        closes_at: Option<At>,
    },
    /// It is time for the appointment: the family waits from now on, as one that came when it began.
    AppointmentBegun {
        /// When the desk closed that night; nothing where it did not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        closes_at: Option<At>,
    },
    /// The family was reminded of its appointment.
    AppointmentReminded,
    /// Nobody of the family was connected until the time was over in which it may be late: it stands as one that walked in when its
    /// appointment began.
    AppointmentMissed,
    /// Nobody has taken it yet, and the next were told.
    Alerted {
        /// Who.
        step: Step,
        /// How many desks that reached; 0 for the supervisor, who is told by a list.
        desks: u32,
        /// Why the supervisor was told, and by when it is to be dealt with; nothing for the steps before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        supervisor: Option<Escalation>,
    },
    /// A page has sounded or shown its notification; a supervisor looks after it.
    AlertHeard {
        /// Which step.
        step: Step,
        /// Whose page, or who.
        by: Staff,
    },
    /// What came to the supervisor was dealt with. Sealed [`Sealed::Text`]: what was done.
    OverlookedClosed {
        /// Who did.
        by: Staff,
    },
    /// A clinician took it. Sealed [`Sealed::Reason`] when somebody before it was passed.
    Claimed {
        /// Who.
        by: Staff,
        /// Whether somebody with an earlier rank was passed.
        overtook: bool,
    },
    /// It went back to the queue and keeps its place. Sealed: [`Sealed::Reason`].
    Released {
        /// Who gave it back.
        by: Staff,
    },
    /// A clinician judged the class anew, or recorded an EPDS that raises it. Sealed [`Sealed::Reason`], always where it was
    /// lowered.
    ClassChanged {
        /// Who.
        by: Staff,
        /// The class it had.
        from: Acuity,
        /// The class it has from now on.
        to: Acuity,
        /// The recording by which the rules raise it; nothing where a clinician judged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epds: Option<Seq>,
    },
    /// A clinician wrote down an EPDS that she has asked; the newest counts. Sealed: [`Sealed::Epds`].
    EpdsRecorded {
        /// Who.
        by: Staff,
    },
    /// What was just written or signed passed the scope guard on purpose. Sealed: [`Sealed::Reason`].
    ScopePassed {
        /// Who.
        by: Staff,
        /// The guard's rules that marked it ("S01").
        rules: Vec<String>,
    },
    /// Somebody wrote. Sealed: [`Sealed::Text`].
    Said {
        /// Who.
        speaker: Speaker,
        /// For whom.
        lane: Lane,
    },
    /// Somebody sent a photo; its pixels are beside the log. Sealed [`Sealed::Text`] when something was written with it.
    Photo {
        /// Who.
        speaker: Speaker,
        /// Which.
        photo: PhotoId,
        /// What it is stored as.
        format: PhotoFormat,
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
        /// Bytes of its large view.
        bytes: u32,
    },
    /// 「写真をお願い」: a clinician asks the family for a photo.
    PhotoWished {
        /// Who.
        by: Staff,
    },
    /// A clinician drew over a photo. Sealed: [`Sealed::Marks`], all that stand on it now.
    PhotoMarked {
        /// Who.
        by: Staff,
        /// Which photo.
        photo: PhotoId,
    },
    /// The family changed how it wants to talk.
    ModeWished {
        /// The new wish.
        mode: Mode,
    },
    /// A clinician rings the family.
    CallOffered {
        /// Who rings.
        by: Staff,
        /// What the call carries.
        mode: CallMode,
    },
    /// A seat was taken; this event's number is its incarnation.
    CallJoined {
        /// Which call.
        call: Seq,
        /// Who.
        holder: Holder,
    },
    /// Media flow for the first time.
    CallConnected {
        /// Which call.
        call: Seq,
        /// How they travel.
        path: Path,
    },
    /// Media stopped flowing.
    CallInterrupted {
        /// Which call.
        call: Seq,
    },
    /// Media flow again.
    CallResumed {
        /// Which call.
        call: Seq,
        /// How they travel now.
        path: Path,
    },
    /// Video came or went.
    CallModeChanged {
        /// Which call.
        call: Seq,
        /// What it carries now.
        mode: CallMode,
        /// Who changed it.
        holder: Holder,
    },
    /// The call is over.
    CallEnded {
        /// Which call.
        call: Seq,
        /// Why.
        outcome: CallOutcome,
        /// Seconds from the first connection; 0 when there was none.
        talk_seconds: u32,
        /// Who ended it; nothing for a timer.
        by: Option<Holder>,
    },
    /// The call failed, or began late.
    CallTroubled {
        /// Which call.
        call: Seq,
        /// The side that tells; nobody where no page did.
        holder: Option<Holder>,
        /// Why, on what and in what.
        trouble: Trouble,
    },
    /// How well the call went, as the clinician's page measured it.
    CallMeasured {
        /// Which call.
        call: Seq,
        /// What it measured.
        measured: Measured,
    },
    /// Somebody in the call is kept from it: a phone call, another app, a closed screen.
    SeatInterrupted {
        /// Which call.
        call: Seq,
        /// Who.
        holder: Holder,
        /// By what.
        why: Interruption,
    },
    /// They are there again.
    SeatReturned {
        /// Which call.
        call: Seq,
        /// Who.
        holder: Holder,
    },
    /// A missed call was dealt with in another way than by ringing again or writing.
    MissedSettled {
        /// Which call.
        call: Seq,
        /// Who says so.
        by: Staff,
    },
    /// A seat is free again, and the call goes on.
    CallLeft {
        /// Which call.
        call: Seq,
        /// Who left.
        holder: Holder,
    },
    /// The family and guests wait while clinicians talk, or go on.
    CallHeld {
        /// Which call.
        call: Seq,
        /// Whether they wait now.
        on: bool,
        /// Who said so.
        by: Staff,
    },
    /// Somebody may come into calls of this consultation by a link; this event's number is who they are. Good for one
    /// browser. Sealed [`Sealed::Text`]: the name that they were invited by.
    GuestInvited {
        /// What they are there for.
        role: GuestRole,
        /// Who invited them.
        by: Holder,
        /// The link can be spent until then.
        expires_at: At,
    },
    /// The invitation was spent. Sealed [`Sealed::Text`]: their own name.
    GuestAdmitted {
        /// Which invitation.
        invite: Seq,
        /// What they are there for.
        role: GuestRole,
    },
    /// A guest was put out of the call, and their credential is dead.
    GuestRemoved {
        /// Which guest.
        invite: Seq,
        /// Who did it.
        by: Staff,
    },
    /// Nobody came by the invitation, and nobody can any more.
    InvitationWithdrawn {
        /// The invitation of a guest or of a colleague.
        invite: Seq,
        /// Who took it back.
        by: Holder,
    },
    /// A colleague was asked into the call.
    ColleagueInvited {
        /// Which call.
        call: Seq,
        /// Who asks.
        by: Staff,
        /// Whom.
        colleague: Staff,
    },
    /// The consultation was offered to the colleague in the call.
    HandOverOffered {
        /// Which call.
        call: Seq,
        /// Who has it.
        by: Staff,
        /// To whom.
        to: Staff,
    },
    /// Somebody else has the consultation from now on; a call goes on.
    HandedOver {
        /// Which call; nothing where none runs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call: Option<Seq>,
        /// Who had it.
        by: Staff,
        /// Who has it now.
        to: Staff,
    },
    /// It waits from now on, meant for somebody. Sealed: [`Sealed::HandOver`].
    HandedOn {
        /// Who had it.
        by: Staff,
        /// For whom.
        to: Recipient,
    },
    /// Somebody is asked to take it over; whoever has it keeps it until then. Sealed: [`Sealed::HandOver`].
    HandOverAsked {
        /// Who has it.
        by: Staff,
        /// Whom.
        to: Recipient,
    },
    /// The colleague who was asked does not take it. Sealed: [`Sealed::Reason`].
    HandOverDeclined {
        /// Who.
        by: Staff,
    },
    /// Nobody is asked any more.
    HandOverWithdrawn {
        /// Who has it.
        by: Staff,
    },
    /// Nobody took it in time; what waits is for everybody again.
    HandOverLapsed,
    /// The family waits for a word: the clinician who has it is asked whether they are there.
    IdleAsked {
        /// Who.
        of: Staff,
    },
    /// They are.
    IdleAnswered {
        /// Who.
        by: Staff,
    },
    /// They did not answer: it went back to the queue and keeps its place.
    IdleReturned {
        /// Who had it.
        of: Staff,
    },
    /// They go on by telephone.
    CallbackAsked {
        /// Who wishes so.
        by: Holder,
    },
    /// Where to call. Sealed [`Sealed::Text`]: the digits.
    CallbackNumber {
        /// The clinician who had the consultation then, who alone is shown it.
        to: StaffId,
    },
    /// The telephone call was tried.
    CallbackDone {
        /// Who called.
        by: Staff,
        /// How it went.
        outcome: CallbackOutcome,
    },
    /// The clinician signed the record. Sealed: [`Sealed::Note`].
    NoteSigned {
        /// Who.
        by: Staff,
        /// 対応区分.
        disposition: Disposition,
        /// 主訴, as the clinician saw it.
        complaints: Vec<Complaint>,
    },
    /// An addition to the signed record. Sealed: [`Sealed::Text`].
    NoteAdded {
        /// Who.
        by: Staff,
    },
    /// The family's device and connection were checked.
    DeviceChecked {
        /// What is kept of it.
        checked: Checked,
    },
    /// The family left before the end.
    Cancelled,
    /// The consultation is over.
    Closed {
        /// Who closed it.
        by: Staff,
    },
    /// 「明日きく」: the family is to be asked how it goes.
    CheckInPlanned {
        /// Who.
        by: Staff,
        /// When; nothing where it is not to be asked after all.
        due_at: Option<At>,
    },
    /// The family was asked how it goes.
    CheckInAsked,
    /// It said so.
    CheckedIn {
        /// How.
        feeling: Feeling,
    },
    /// The family came back after the end. [`Fact::Queued`] follows.
    Reopened {
        /// Through which service.
        service: Service,
        /// Within how many hours an answer was promised; for anytime consultations only.
        reply_hours: Option<u32>,
    },
    /// The family was asked for the survey once more.
    SurveyNudged,
    /// Something gives concern for somebody's safety; this event's number names it. Sealed [`Sealed::Text`]: what was observed.
    ConcernRaised {
        /// Whose it is.
        by: Staff,
    },
    /// What was decided about it. Sealed [`Sealed::Text`] when something was written.
    ConcernDecided {
        /// Which.
        concern: Seq,
        /// Whose it is.
        author: StaffId,
        /// Who decided.
        by: Staff,
        /// What.
        decision: ConcernDecision,
    },
    /// Somebody was notified of it. Sealed [`Sealed::Text`] when something was written.
    ConcernNotified {
        /// Which.
        concern: Seq,
        /// Whose it is.
        author: StaffId,
        /// Who wrote it down.
        by: Staff,
        /// Who was notified.
        whom: Authority,
        /// When.
        notified_at: At,
    },
    /// This is to be handed to the city's public-health nurse, if the family consents. Sealed [`Sealed::Text`]: the very words.
    ReferralOffered {
        /// Who offers.
        by: Staff,
    },
    /// The family's consent to it, given, refused or taken back.
    ReferralAnswered {
        /// The offer.
        offer: Seq,
        /// Whether it may be handed over.
        given: bool,
    },
    /// A supervisor's open page has shown something that nobody looks after yet. The first page only.
    TaskShown {
        /// The event that opened it.
        task: Seq,
        /// Whose page.
        by: Staff,
    },
    /// A supervisor looks after something, or a public-health nurse has received a referral.
    TaskTaken {
        /// The event that opened it.
        task: Seq,
        /// Who.
        by: Staff,
    },
    /// It was dealt with. Sealed [`Sealed::Text`]: how.
    TaskClosed {
        /// The event that opened it.
        task: Seq,
        /// Who closed it.
        by: Staff,
    },
    /// The family answered the survey. Sealed [`Sealed::Text`] when they wrote something.
    Surveyed {
        /// 今後も利用したいか.
        answer: Answer,
    },
}

/// The part of an event that is encrypted with the consultation's key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "sealed", rename_all = "snake_case")]
pub enum Sealed {
    /// The whole intake.
    Intake(Box<Intake>),
    /// Something written.
    Text {
        /// The words.
        text: String,
    },
    /// Why something was done.
    Reason {
        /// The words.
        reason: String,
    },
    /// The record.
    Note(Box<Note>),
    /// The summary at a hand-over.
    HandOver(Box<HandOver>),
    /// Marks on a photo.
    Marks {
        /// All of them.
        marks: Vec<Mark>,
    },
    /// Points of an EPDS.
    Epds {
        /// Of items 1 to 10.
        points: Epds,
    },
}

crate::redacted_debug!(Sealed: Intake, Text, Reason, Note, HandOver, Marks, Epds);

/// An event that [`super::decide`] made and nobody has stored yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// What stays.
    pub fact: Fact,
    /// What is encrypted.
    pub sealed: Option<Sealed>,
}

impl From<Fact> for NewEvent {
    fn from(fact: Fact) -> Self {
        Self { fact, sealed: None }
    }
}

impl NewEvent {
    /// An event with a sealed part.
    #[must_use]
    pub fn sealed(fact: Fact, sealed: Sealed) -> Self {
        Self {
            fact,
            sealed: Some(sealed),
        }
    }
}

/// A stored event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// 1, 2, 3 … within the consultation.
    pub seq: Seq,
    /// When it was appended.
    pub at: At,
    /// What stays.
    pub fact: Fact,
    /// What was encrypted; nothing where there is none, or where the key has been erased.
    pub sealed: Option<Sealed>,
}

/// A stored event that this program cannot read.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableEvent {
    /// Written by a newer program.
    #[error("event version {0} is newer than this program")]
    Newer(u16),
    /// Not a fact.
    #[error("the facts cannot be read: {0}")]
    Format(#[from] serde_json::Error),
}

/// Reads the facts of an event of any version ever written.
///
/// # Errors
/// A newer version, or bytes that are no fact.
pub fn lift(version: u16, facts: &str) -> Result<Fact, UnreadableEvent> {
    match version {
        1 => Ok(serde_json::from_str(facts)?),
        newer => Err(UnreadableEvent::Newer(newer)),
    }
}

impl Fact {
    /// The kind as stored beside the facts, the same word as the tag inside them.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "requested",
            Self::Flagged { .. } => "flagged",
            Self::Queued { .. } => "queued",
            Self::TurnMissed { .. } => "turn_missed",
            Self::BecameAnytime { .. } => "became_anytime",
            Self::AppointmentBooked { .. } => "appointment_booked",
            Self::AppointmentGivenUp { .. } => "appointment_given_up",
            Self::AppointmentBegun { .. } => "appointment_begun",
            Self::AppointmentReminded => "appointment_reminded",
            Self::AppointmentMissed => "appointment_missed",
            Self::Alerted { .. } => "alerted",
            Self::AlertHeard { .. } => "alert_heard",
            Self::OverlookedClosed { .. } => "overlooked_closed",
            Self::Claimed { .. } => "claimed",
            Self::Released { .. } => "released",
            Self::ClassChanged { .. } => "class_changed",
            Self::EpdsRecorded { .. } => "epds_recorded",
            Self::ScopePassed { .. } => "scope_passed",
            Self::Said { .. } => "said",
            Self::Photo { .. } => "photo",
            Self::PhotoWished { .. } => "photo_wished",
            Self::PhotoMarked { .. } => "photo_marked",
            Self::ModeWished { .. } => "mode_wished",
            Self::CallOffered { .. } => "call_offered",
            Self::CallJoined { .. } => "call_joined",
            Self::CallConnected { .. } => "call_connected",
            Self::CallInterrupted { .. } => "call_interrupted",
            Self::CallResumed { .. } => "call_resumed",
            Self::CallModeChanged { .. } => "call_mode_changed",
            Self::CallEnded { .. } => "call_ended",
            Self::CallTroubled { .. } => "call_troubled",
            Self::CallMeasured { .. } => "call_measured",
            Self::SeatInterrupted { .. } => "seat_interrupted",
            Self::SeatReturned { .. } => "seat_returned",
            Self::MissedSettled { .. } => "missed_settled",
            Self::CallLeft { .. } => "call_left",
            Self::CallHeld { .. } => "call_held",
            Self::GuestInvited { .. } => "guest_invited",
            Self::GuestAdmitted { .. } => "guest_admitted",
            Self::GuestRemoved { .. } => "guest_removed",
            Self::InvitationWithdrawn { .. } => "invitation_withdrawn",
            Self::ColleagueInvited { .. } => "colleague_invited",
            Self::HandOverOffered { .. } => "hand_over_offered",
            Self::HandedOver { .. } => "handed_over",
            Self::HandedOn { .. } => "handed_on",
            Self::HandOverAsked { .. } => "hand_over_asked",
            Self::HandOverDeclined { .. } => "hand_over_declined",
            Self::HandOverWithdrawn { .. } => "hand_over_withdrawn",
            Self::HandOverLapsed => "hand_over_lapsed",
            Self::IdleAsked { .. } => "idle_asked",
            Self::IdleAnswered { .. } => "idle_answered",
            Self::IdleReturned { .. } => "idle_returned",
            Self::CallbackAsked { .. } => "callback_asked",
            Self::CallbackNumber { .. } => "callback_number",
            Self::CallbackDone { .. } => "callback_done",
            Self::NoteSigned { .. } => "note_signed",
            Self::NoteAdded { .. } => "note_added",
            Self::DeviceChecked { .. } => "device_checked",
            Self::Cancelled => "cancelled",
            Self::Closed { .. } => "closed",
            Self::CheckInPlanned { .. } => "check_in_planned",
            Self::CheckInAsked => "check_in_asked",
            Self::CheckedIn { .. } => "checked_in",
            Self::Reopened { .. } => "reopened",
            Self::SurveyNudged => "survey_nudged",
            Self::ConcernRaised { .. } => "concern_raised",
            Self::ConcernDecided { .. } => "concern_decided",
            Self::ConcernNotified { .. } => "concern_notified",
            Self::ReferralOffered { .. } => "referral_offered",
            Self::ReferralAnswered { .. } => "referral_answered",
            Self::TaskShown { .. } => "task_shown",
            Self::TaskTaken { .. } => "task_taken",
            Self::TaskClosed { .. } => "task_closed",
            Self::Surveyed { .. } => "surveyed",
        }
    }
}
