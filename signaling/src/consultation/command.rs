//! What people (and timers) ask for, and why it may be refused.

use crate::{
    actor::Staff,
    after::{Authority, ConcernDecision, Feeling},
    appointment::Offer,
    call::{CallMode, CallbackOutcome, GuestRole, Path, cause::Trouble, interruption::Interruption, summary::Measured},
    check,
    hand_over::{HandOver as Summary, HandTo},
    hours::Hours,
    id::{MunicipalityId, PhotoId, Seq, StaffId},
    intake::{Intake, Mode, Service},
    ladder::{Reach, Step, Why},
    note::{Note, NoteFault},
    photo::{Mark, Photo, PhotoFault},
    survey::Answer,
    text::TextFault,
    time::{At, Millis},
    triage::{Acuity, Epds, Fired},
};
use serde::{Deserialize, Serialize};

/// What the server adds to an intake before it is decided.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Tenant, by Host name.
    pub municipality: MunicipalityId,
    /// Night while the desk is open, anytime otherwise.
    pub service: Service,
    /// When the desk closes tonight; nothing where it does not, or is closed.
    pub closes_at: Option<At>,
    /// Within how many hours the city promises to answer an anytime consultation.
    pub reply_hours: u32,
    /// What the family said.
    pub intake: Intake,
    /// The photos that it had added by then, in order. Whoever stores the request fills them in.
    pub photos: Vec<Photo>,
    /// The rules that fired for it.
    pub fired: Vec<Fired>,
    /// Edition of the rules.
    pub rules: String,
    /// The family has been here before.
    pub returning: bool,
    /// Today in the city, for bands.
    pub today: time::Date,
}

crate::redacted_debug!(Request {
    municipality,
    service,
    rules,
    returning
});

/// What somebody asks for. Those that a client may send are read from JSON; [`Command::Request`], [`Command::Enter`],
/// [`Command::AddPhoto`],
/// [`Command::RingExpired`], the other timers' and others that say so are made by the server only and cannot be read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Guardian: send the intake.
    #[serde(skip)]
    Request(Box<Request>),
    /// Clinician: take it.
    Claim {
        /// Why somebody before it is passed; nothing when nobody is.
        #[serde(default)]
        overtake_reason: Option<String>,
    },
    /// System: its turn came and nobody of the family was connected. Its rank stays.
    #[serde(skip)]
    PassTurn {
        /// Who called the next one.
        by: Staff,
        /// How long the supervisor has where it is urgent.
        supervisor_within: Millis,
    },
    /// System: the desk has closed for the night.
    #[serde(skip)]
    EndNight {
        /// Within how many hours the city promises to answer.
        reply_hours: u32,
    },
    /// Guardian, by the form of the ticket: 「あとで返事をもらう」. It waits no longer, and is answered at any time.
    #[serde(skip)]
    AnswerLater {
        /// Within how many hours an answer was promised where it was pressed.
        shown_hours: u32,
        /// Within how many hours the city promises to answer.
        reply_hours: u32,
    },
    /// Guardian, by the form of the ticket: 「時間を予約する」, also instead of the appointment that it has.
    #[serde(skip)]
    BookAppointment {
        /// When it begins.
        slot: At,
        /// What the city offers; nothing where that is no appointments.
        offer: Option<Offer>,
        /// When the desk is open.
        hours: Box<Hours>,
    },
    /// Guardian, by the form of the ticket: no appointment after all. It waits from now on.
    #[serde(skip)]
    GiveUpAppointment {
        /// Night while the desk is open, anytime otherwise.
        service: Service,
        /// Within how many hours the city promises to answer an anytime consultation.
        reply_hours: u32,
        /// When the desk closes tonight.
        closes_at: Option<At>,
    },
    /// System: it is time for the appointment.
    #[serde(skip)]
    BeginAppointment {
        /// The event that booked it.
        booked: Seq,
        /// The desk is open, as it was to be.
        is_open: bool,
        /// When it closes.
        closes_at: Option<At>,
        /// Within how many hours the city promises to answer, where it is closed.
        reply_hours: u32,
    },
    /// Clinician, by [`Command::Claim`]: it is booked for later, somebody has time for it now, and its family is there.
    #[serde(skip)]
    BeginEarly {
        /// Why those who wait are passed.
        overtake_reason: Option<String>,
        /// When the desk closes.
        closes_at: Option<At>,
        /// Whether a page of the family is connected.
        is_there: bool,
    },
    /// System: the family is reminded of its appointment.
    #[serde(skip)]
    RemindAppointment {
        /// The event that booked it.
        booked: Seq,
    },
    /// System: the time in which the family may be late is over.
    #[serde(skip)]
    MissAppointment {
        /// The event by which the appointment began.
        begun: Seq,
        /// Whether a page of the family is connected.
        is_there: bool,
    },
    /// System: nobody has taken it yet, the next is told.
    #[serde(skip)]
    Climb {
        /// The event that began the step before.
        from: Seq,
        /// Who is there to be told.
        reach: Reach,
        /// How long the supervisor has.
        supervisor_within: Millis,
    },
    /// System: an answer is owed, and the supervisor is told.
    #[serde(skip)]
    TellOwed {
        /// Why.
        why: Why,
        /// When the family asked.
        asked_at: At,
        /// How long the supervisor has.
        supervisor_within: Millis,
    },
    /// Clinician: this page has sounded, or shown its notification. Supervisor: I look after it.
    HearAlert {
        /// Which step.
        step: Step,
    },
    /// Supervisor: it has been looked after.
    CloseOverlooked {
        /// What was done.
        done: String,
    },
    /// Clinician who has it: back to the queue.
    Release {
        /// Why.
        reason: String,
    },
    /// Guardian or clinician who has it: write.
    Say {
        /// The words.
        text: String,
    },
    /// Midwife who has it: write what the scope guard marks, all the same. What it does not mark is said as usual.
    SayBeyondScope {
        /// The words.
        text: String,
        /// Why; supervisors read it.
        reason: String,
    },
    /// Any clinician: judge the class anew.
    ChangeClass {
        /// The class.
        acuity: Acuity,
        /// Why; needed to lower it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Clinician who has it, of a mother: the points of an EPDS that she has asked from her own sheet.
    RecordEpds {
        /// Of items 1 to 10.
        points: Epds,
        /// What they make fire by the city's rules, as the server evaluated them.
        #[serde(skip)]
        fired: Option<Vec<Fired>>,
    },
    /// Guardian or clinician who has it: a photo, whose views the server has made.
    #[serde(skip)]
    AddPhoto {
        /// What is stored.
        photo: Photo,
        /// What was written with it.
        caption: Option<String>,
    },
    /// Clinician who has it: 「写真をお願い」.
    AskPhoto,
    /// Clinician who has it: what stands drawn over a photo from now on.
    MarkPhoto {
        /// Which photo.
        photo: PhotoId,
        /// All marks; none takes them away.
        marks: Vec<Mark>,
    },
    /// Any clinician or supervisor: write to staff only.
    Remark {
        /// The words.
        text: String,
    },
    /// Guardian: another way to talk.
    WishMode {
        /// Which.
        mode: Mode,
    },
    /// Clinician who has it: ring the family.
    Ring {
        /// What the call carries.
        mode: CallMode,
    },
    /// Guardian or clinician: take a seat in the running call, for the first time or again.
    Join {
        /// Which call.
        call: Seq,
    },
    /// A seated browser: media flow.
    CallConnected {
        /// Which call.
        call: Seq,
        /// How they travel.
        path: Path,
    },
    /// A seated browser: media stopped.
    CallInterrupted {
        /// Which call.
        call: Seq,
    },
    /// A seated browser: switch video on or off for the call.
    ChangeCallMode {
        /// Which call.
        call: Seq,
        /// What it carries from now on.
        mode: CallMode,
    },
    /// Guardian: not now.
    Decline {
        /// Which call.
        call: Seq,
    },
    /// A colleague or guest: leave the seat. The call goes on without them.
    Leave {
        /// Which call.
        call: Seq,
    },
    /// Guardian (family only) or clinician who has it: let somebody in by a link.
    Invite {
        /// What they are there for.
        role: GuestRole,
        /// Their name, shown on their tile until they say it themselves.
        name: String,
    },
    /// A guest, by the form behind the link: 「参加する」. Spends the invitation.
    #[serde(skip)]
    Enter {
        /// Their own name.
        name: String,
    },
    /// Who invited, or clinician who has it: nobody has come by it, and nobody shall. Also for a colleague who was asked.
    WithdrawInvitation {
        /// The number of the `guest_invited` or `colleague_invited` event.
        invite: Seq,
    },
    /// Clinician who has it: out of the call, for good.
    RemoveGuest {
        /// The number of the `guest_invited` event.
        invite: Seq,
    },
    /// Clinician who has it: ask a colleague into the running call.
    InviteColleague {
        /// Which call.
        call: Seq,
        /// Whom.
        to: StaffId,
        /// Whom, as the server knows them: a clinician of this municipality.
        #[serde(skip)]
        colleague: Option<Staff>,
    },
    /// Clinician who has it: the family and guests wait, or go on.
    Hold {
        /// Which call.
        call: Seq,
        /// Whether they wait.
        on: bool,
    },
    /// Clinician who has it: offer the consultation to the colleague in the call.
    HandOver {
        /// Which call.
        call: Seq,
        /// To whom.
        to: StaffId,
    },
    /// The colleague: take the consultation that was offered.
    TakeOver {
        /// Which call.
        call: Seq,
    },
    /// Clinician who has it: it waits from now on, meant for somebody.
    HandOn {
        /// For whom.
        to: HandTo,
        /// What they read first.
        hand_over: Box<Summary>,
        /// Whom, as the server knows them: a clinician of this municipality.
        #[serde(skip)]
        colleague: Option<Staff>,
    },
    /// Clinician who has it: ask somebody to take it over, and keep it until they do. Again to change whom or what.
    OfferHandOver {
        /// Whom.
        to: HandTo,
        /// What they read first.
        hand_over: Box<Summary>,
        /// Whom, as the server knows them: a clinician of this municipality.
        #[serde(skip)]
        colleague: Option<Staff>,
    },
    /// Whoever is asked: take it.
    AcceptHandOver,
    /// The colleague who is asked: not now.
    DeclineHandOver {
        /// Why.
        reason: String,
    },
    /// Clinician who has it: nobody is asked any more.
    WithdrawHandOver,
    /// Clinician who has it, asked whether they are there: yes.
    StillHere,
    /// System: nobody took it.
    #[serde(skip)]
    LapseHandOver {
        /// The event that asked.
        asked: Seq,
    },
    /// System: the family waits for a word, and its clinician is quiet.
    #[serde(skip)]
    AskIdle {
        /// The event since which.
        from: Seq,
    },
    /// System: the clinician who was asked did not answer.
    #[serde(skip)]
    ReturnIdle {
        /// The event that asked.
        asked: Seq,
    },
    /// Guardian or clinician who has it: go on by telephone.
    AskCallback,
    /// Guardian: where to call.
    GiveNumber {
        /// As it was typed.
        number: String,
    },
    /// Clinician who has it: how the telephone call went.
    CallbackDone {
        /// How.
        outcome: CallbackOutcome,
    },
    /// Guardian or clinician who has it: end the call.
    HangUp {
        /// Which call.
        call: Seq,
        /// It never came to work.
        #[serde(default)]
        failed: bool,
    },
    /// Either side: the call failed, or began late, and why. Also after its end; once a side and call.
    CallTroubled {
        /// Which call.
        call: Seq,
        /// What the page saw.
        trouble: Trouble,
    },
    /// Clinician: how well the call went. Also after its end; once a call.
    CallMeasured {
        /// Which call.
        call: Seq,
        /// What the page measured.
        measured: Measured,
    },
    /// A seated browser: a seat is interrupted, its own or, where a phone says nothing any more, another.
    SeatInterrupted {
        /// Which call.
        call: Seq,
        /// Which seat, by its incarnation.
        seat: Seq,
        /// By what.
        why: Interruption,
    },
    /// A seated browser: the seat is there again.
    SeatReturned {
        /// Which call.
        call: Seq,
        /// Which seat, by its incarnation.
        seat: Seq,
    },
    /// Clinician who has it: the missed call has been dealt with.
    SettleMissed {
        /// Which call.
        call: Seq,
    },
    /// System: the phone has rung long enough.
    #[serde(skip)]
    RingExpired {
        /// Which call.
        call: Seq,
    },
    /// Clinician who has it: 「確定」.
    SignNote {
        /// The record.
        note: Box<Note>,
        /// Midwife: why the family is to read what the scope guard marks; supervisors read it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scope_reason: Option<String>,
    },
    /// Clinician: add to the signed record.
    AddToNote {
        /// The words.
        text: String,
    },
    /// Clinician who has it: end the consultation.
    Close,
    /// Guardian: what 「カメラと音の確認」 measured.
    ReportCheck {
        /// The figures; the verdict is made from them here.
        measured: Box<check::Measured>,
    },
    /// Guardian: leave before the end.
    Cancel,
    /// Clinician who has it: 「明日きく」, or not after all.
    PlanCheckIn {
        /// Whether the family is to be asked.
        on: bool,
    },
    /// System: ask it.
    #[serde(skip)]
    AskCheckIn {
        /// The event that planned it.
        planned: Seq,
    },
    /// System: ask for the survey once more.
    #[serde(skip)]
    NudgeSurvey {
        /// The event that ended the consultation.
        closed: Seq,
    },
    /// Guardian, by the form of the ticket: how it goes. Worse goes back to the queue.
    #[serde(skip)]
    CheckIn {
        /// How.
        feeling: Feeling,
        /// Night while the desk is open, anytime otherwise.
        service: Service,
        /// Within how many hours the city promises to answer an anytime consultation.
        reply_hours: u32,
    },
    /// Guardian, by the form of the ticket: 「また相談する」.
    #[serde(skip)]
    ComeBack {
        /// The words.
        text: String,
        /// Night while the desk is open, anytime otherwise.
        service: Service,
        /// Within how many hours the city promises to answer an anytime consultation.
        reply_hours: u32,
    },
    /// Guardian, by the form of the ticket: whether what was shown may be handed over.
    #[serde(skip)]
    AnswerReferral {
        /// The offer.
        offer: Seq,
        /// Whether it may.
        given: bool,
    },
    /// Clinician who takes part, by a form: what is to be handed to the public-health nurse.
    #[serde(skip)]
    OfferReferral {
        /// The very words.
        shared: String,
    },
    /// Clinician who takes part or supervisor, by a form: 「気になる」.
    #[serde(skip)]
    RaiseConcern {
        /// What was observed.
        facts: String,
    },
    /// Whose concern it is, or supervisor, by a form: what was decided.
    #[serde(skip)]
    DecideConcern {
        /// Which.
        concern: Seq,
        /// What.
        decision: ConcernDecision,
        /// Why; needed where nobody is notified.
        words: String,
    },
    /// Whose concern it is, or supervisor, by a form: who was notified.
    #[serde(skip)]
    NotifyConcern {
        /// Which.
        concern: Seq,
        /// Who.
        whom: Authority,
        /// When.
        notified_at: At,
        /// To whom one spoke, the reference.
        words: String,
    },
    /// Supervisor, by an open page: it shows something that nobody looks after yet.
    #[serde(skip)]
    ShowTask {
        /// The event that opened it.
        task: Seq,
    },
    /// Supervisor, by a form: look after something. Public-health nurse: a referral is received.
    #[serde(skip)]
    TakeTask {
        /// The event that opened it.
        task: Seq,
    },
    /// Supervisor, by a form, or the public-health nurse who has it: it was dealt with.
    #[serde(skip)]
    CloseTask {
        /// The event that opened it.
        task: Seq,
        /// How.
        words: String,
    },
    /// Guardian: answer the survey.
    Survey {
        /// 今後も利用したいか.
        answer: Answer,
        /// Their own words.
        #[serde(default)]
        words: Option<String>,
    },
}

crate::redacted_debug!(
    Command:
    Request, Claim, PassTurn, EndNight, AnswerLater, BookAppointment, GiveUpAppointment,
    BeginAppointment, BeginEarly, RemindAppointment, MissAppointment, Climb, TellOwed, HearAlert, CloseOverlooked, Release, Say,
    SayBeyondScope, ChangeClass,
    RecordEpds, AddPhoto, AskPhoto, MarkPhoto, Remark, WishMode, Ring, Join, CallConnected, CallInterrupted,
    ChangeCallMode, Decline, Leave, Invite, Enter, WithdrawInvitation, RemoveGuest, InviteColleague, Hold,
    HandOver, TakeOver, HandOn, OfferHandOver, AcceptHandOver, DeclineHandOver, WithdrawHandOver, StillHere, LapseHandOver,
    AskIdle, ReturnIdle, AskCallback, GiveNumber, CallbackDone, HangUp, CallTroubled, CallMeasured, SeatInterrupted,
    SeatReturned, SettleMissed, RingExpired, SignNote, AddToNote, Close, ReportCheck, Cancel, Survey,
    PlanCheckIn, AskCheckIn, NudgeSurvey, CheckIn, ComeBack, AnswerReferral, OfferReferral, RaiseConcern, DecideConcern,
    NotifyConcern, ShowTask, TakeTask, CloseTask
);

/// Why a command is not carried out. The code is stable; the text is safe to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// There is no such consultation for this actor. Also said where it exists but is not theirs to know of.
    #[error("この相談は見つかりません。")]
    NotFound,
    /// The actor's role may not do this.
    #[error("この操作はできません。")]
    NotAllowed,
    /// Somebody else has it.
    #[error("{by} が担当しています。")]
    AlreadyClaimed {
        /// Who, as addressed.
        by: String,
    },
    /// Nobody has it, or not this clinician.
    #[error("先に「担当する」を押してください。")]
    NotYours,
    /// It is not waiting (any more).
    #[error("この相談は順番待ちではありません。")]
    NotWaiting,
    /// It is over.
    #[error("この相談は終わっています。")]
    Ended,
    /// It was already sent.
    #[error("この相談はもう送られています。")]
    AlreadyRequested,
    /// The family has another open consultation.
    #[error("すでに受付中の相談があります。")]
    AnotherOpen,
    /// Somebody is passed and no reason was given.
    #[error("順番を変える理由を書いてください。")]
    ReasonNeeded,
    /// A midwife's words state an individual's disease, and no reason was given; or they stand where none can be given.
    #[error("この方の病気について述べる表現があります。一般的な言い方に書きかえてください。")]
    BeyondScope {
        /// The guard's rule ("S01").
        rule: String,
    },
    /// What only mothers are asked, and the consultation is about a child.
    #[error("EPDSは、妊娠中または産後の方の相談でだけ記録できます。")]
    MothersOnly,
    /// A blank of a template is not filled.
    #[error("「{blank}」が空いています。埋めてから送ってください。")]
    BlankOpen {
        /// Its name.
        blank: String,
    },
    /// Nothing written.
    #[error("文字を入れてください。")]
    Empty,
    /// No answer was chosen.
    #[error("1つえらんでください。")]
    NothingChosen,
    /// Too long.
    #[error("{limit}字までで書いてください。")]
    TooLong {
        /// Most characters.
        limit: usize,
    },
    /// There is a call already.
    #[error("すでに通話中です。")]
    CallRunning,
    /// The clinician is in a call of another consultation.
    #[error("別の相談で通話中です。先にその通話を終えてください。")]
    InAnotherCall,
    /// There is no such call (any more).
    #[error("この通話は終わっています。")]
    NoSuchCall,
    /// The actor has no seat in the call.
    #[error("この通話に参加していません。")]
    NotSeated,
    /// As many people as a call holds are there, or invited.
    #[error("この通話は{limit}人までです。")]
    CallFull {
        /// Most people.
        limit: usize,
    },
    /// The invitation was used, taken back, or its time is over.
    #[error("この招待はもう使えません。招待した人に、もう一度送ってもらってください。")]
    InvitationOver,
    /// The clinician removed this guest.
    #[error("この通話から外れました。")]
    Removed,
    /// Not a telephone number that can be called back.
    #[error("{}", crate::phone::PhoneFault)]
    BadNumber,
    /// The record is not complete.
    #[error("{fault}")]
    NoteIncomplete {
        /// What is missing.
        fault: NoteFault,
    },
    /// The record is already signed; add to it instead.
    #[error("記録は確定しています。追記してください。")]
    NoteSigned,
    /// The record must be signed first.
    #[error("先に記録を確定してください。")]
    NoteNotSigned,
    /// The survey is answered, or its time is over.
    #[error("アンケートは受け付けられません。")]
    SurveyClosed,
    /// The days in which the family could come back, or answer, are over.
    #[error("期限が過ぎました。新しい相談をはじめてください。")]
    TooLate,
    /// What a supervisor looked after is closed, or what was offered is offered no more.
    #[error("この件はもう終わっています。")]
    TaskOver,
    /// The consultation has reached its greatest length.
    #[error("この相談にはこれ以上書き込めません。")]
    TooManyEvents,
    /// So many verdicts are kept, and no more.
    #[error("確認の結果は、これ以上記録できません。")]
    TooManyChecks,
    /// The signs are those of somebody who should not wait for an answer until tomorrow.
    #[error("急いだほうがよいかもしれません。返信を待たずに、このまま順番をお待ちください。")]
    TooUrgent,
    /// A later answer is promised by now than was shown.
    #[error("お返事までの時間が変わりました。もう一度、時間を確かめてから押してください。")]
    PromiseChanged,
    /// The appointment has begun, or begins too soon to be booked.
    #[error("その時間は、もう予約できません。30分よりあとの時間を選んでください。")]
    SlotPast,
    /// No appointment begins then, or the city offers none.
    #[error("その時間は予約できません。表示されている時間から選んでください。")]
    SlotClosed,
    /// Others have booked every place of that time.
    #[error("その時間は、ちょうど埋まりました。ほかの時間を選んでください。")]
    SlotFull,
    /// An appointment that is further away than it can be begun early.
    #[error("予約の30分前から、早めに始められます。")]
    TooEarly,
    /// An appointment is begun early only with a family that is there.
    #[error("ご家族の画面がつながっていません。予約の時刻になると順番に入ります。")]
    FamilyAway,
    /// The photo is not taken.
    #[error("{fault}")]
    Photo {
        /// Why.
        fault: PhotoFault,
    },
    /// There is no such photo here.
    #[error("この写真は見つかりません。")]
    NoSuchPhoto,
    /// Marks that are not on the photo, or too many.
    #[error("印が多すぎるか、写真の外にあります。")]
    MarksUnfit,
    /// 「次の方」 with nobody waiting.
    #[error("お待ちの方はいません。")]
    NobodyWaiting,
}

impl Refusal {
    /// The stable code, the same word as on the wire.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NotAllowed => "not_allowed",
            Self::AlreadyClaimed { .. } => "already_claimed",
            Self::NotYours => "not_yours",
            Self::NotWaiting => "not_waiting",
            Self::Ended => "ended",
            Self::AlreadyRequested => "already_requested",
            Self::AnotherOpen => "another_open",
            Self::ReasonNeeded => "reason_needed",
            Self::BeyondScope { .. } => "beyond_scope",
            Self::MothersOnly => "mothers_only",
            Self::BlankOpen { .. } => "blank_open",
            Self::Empty => "empty",
            Self::NothingChosen => "nothing_chosen",
            Self::TooLong { .. } => "too_long",
            Self::CallRunning => "call_running",
            Self::InAnotherCall => "in_another_call",
            Self::NoSuchCall => "no_such_call",
            Self::NotSeated => "not_seated",
            Self::CallFull { .. } => "call_full",
            Self::InvitationOver => "invitation_over",
            Self::Removed => "removed",
            Self::BadNumber => "bad_number",
            Self::NoteIncomplete { .. } => "note_incomplete",
            Self::NoteSigned => "note_signed",
            Self::NoteNotSigned => "note_not_signed",
            Self::SurveyClosed => "survey_closed",
            Self::TooLate => "too_late",
            Self::TaskOver => "task_over",
            Self::TooManyEvents => "too_many_events",
            Self::TooManyChecks => "too_many_checks",
            Self::TooUrgent => "too_urgent",
            Self::PromiseChanged => "promise_changed",
            Self::SlotPast => "slot_past",
            Self::SlotClosed => "slot_closed",
            Self::SlotFull => "slot_full",
            Self::TooEarly => "too_early",
            Self::FamilyAway => "family_away",
            Self::Photo { .. } => "photo",
            Self::NoSuchPhoto => "no_such_photo",
            Self::MarksUnfit => "marks_unfit",
            Self::NobodyWaiting => "nobody_waiting",
        }
    }
}

impl From<PhotoFault> for Refusal {
    fn from(fault: PhotoFault) -> Self {
        Self::Photo { fault }
    }
}

impl From<TextFault> for Refusal {
    fn from(fault: TextFault) -> Self {
        match fault {
            TextFault::Empty => Self::Empty,
            TextFault::TooLong { limit } => Self::TooLong { limit },
        }
    }
}
