//! The kinds of everything on the wire, by exhaustive matches: a new variant does not compile until it is listed here, and
//! what is listed here must have a golden file and stand in PROTOCOL.md.

use crate::{
    consultation::{Command, Refusal, WireKind},
    protocol::{ClientFrame, ErrorCode, ServerFrame, Signal},
};

/// A function from a value to its tag, and the list of all tags.
macro_rules! kinds {
    ($function:ident, $list:ident, $type:ident { $($variant:ident = $tag:literal,)+ }) => {
        pub(super) const $list: &[&str] = &[$($tag,)+];

        pub(super) fn $function(value: &$type) -> &'static str {
            match value { $($type::$variant { .. } => $tag,)+ }
        }
    };
}

kinds!(of_client, CLIENT, ClientFrame {
    Hello = "hello",
    Watch = "watch",
    Unwatch = "unwatch",
    Command = "command",
    QueueCommand = "queue_command",
    Queue = "queue",
    Signal = "signal",
    Present = "present",
    Draft = "draft",
    Beat = "beat",
});

kinds!(of_server, SERVER, ServerFrame {
    Welcome = "welcome",
    Events = "events",
    Queue = "queue",
    Row = "row",
    Gone = "gone",
    Position = "position",
    Ack = "ack",
    Refused = "refused",
    Signal = "signal",
    Presence = "presence",
    Draft = "draft",
    DraftSaved = "draft_saved",
    Beat = "beat",
    Error = "error",
});

kinds!(of_event, EVENTS, WireKind {
    Requested = "requested",
    Flagged = "flagged",
    Queued = "queued",
    Claimed = "claimed",
    Released = "released",
    ClassChanged = "class_changed",
    ScopePassed = "scope_passed",
    Said = "said",
    Photo = "photo",
    PhotoWished = "photo_wished",
    PhotoMarked = "photo_marked",
    ModeWished = "mode_wished",
    CallOffered = "call_offered",
    CallJoined = "call_joined",
    CallConnected = "call_connected",
    CallInterrupted = "call_interrupted",
    CallResumed = "call_resumed",
    CallModeChanged = "call_mode_changed",
    CallEnded = "call_ended",
    CallTroubled = "call_troubled",
    CallMeasured = "call_measured",
    SeatInterrupted = "seat_interrupted",
    SeatReturned = "seat_returned",
    MissedSettled = "missed_settled",
    CallLeft = "call_left",
    CallHeld = "call_held",
    GuestInvited = "guest_invited",
    GuestAdmitted = "guest_admitted",
    GuestRemoved = "guest_removed",
    InvitationWithdrawn = "invitation_withdrawn",
    ColleagueInvited = "colleague_invited",
    HandOverOffered = "hand_over_offered",
    HandedOver = "handed_over",
    CallbackAsked = "callback_asked",
    CallbackNumber = "callback_number",
    CallbackDone = "callback_done",
    NoteSigned = "note_signed",
    NoteAdded = "note_added",
    DeviceChecked = "device_checked",
    Cancelled = "cancelled",
    Closed = "closed",
    Surveyed = "surveyed",
});

kinds!(of_signal, SIGNALS, Signal {
    Description = "description",
    Candidate = "candidate",
    Muted = "muted",
    Typing = "typing",
});

kinds!(of_command, COMMANDS, Command {
    Request = "request",
    Claim = "claim",
    Release = "release",
    Say = "say",
    SayBeyondScope = "say_beyond_scope",
    ChangeClass = "change_class",
    AddPhoto = "add_photo",
    AskPhoto = "ask_photo",
    MarkPhoto = "mark_photo",
    Remark = "remark",
    WishMode = "wish_mode",
    Ring = "ring",
    Join = "join",
    CallConnected = "call_connected",
    CallInterrupted = "call_interrupted",
    ChangeCallMode = "change_call_mode",
    Decline = "decline",
    Leave = "leave",
    Invite = "invite",
    Enter = "enter",
    WithdrawInvitation = "withdraw_invitation",
    RemoveGuest = "remove_guest",
    InviteColleague = "invite_colleague",
    Hold = "hold",
    HandOver = "hand_over",
    TakeOver = "take_over",
    AskCallback = "ask_callback",
    GiveNumber = "give_number",
    CallbackDone = "callback_done",
    HangUp = "hang_up",
    CallTroubled = "call_troubled",
    CallMeasured = "call_measured",
    SeatInterrupted = "seat_interrupted",
    SeatReturned = "seat_returned",
    SettleMissed = "settle_missed",
    RingExpired = "ring_expired",
    SignNote = "sign_note",
    AddToNote = "add_to_note",
    Close = "close",
    ReportCheck = "report_check",
    Cancel = "cancel",
    Survey = "survey",
});

/// Commands that the server makes and no client sends.
pub(super) const SERVER_ONLY: &[&str] = &["request", "enter", "add_photo", "ring_expired"];

kinds!(of_refusal, REFUSALS, Refusal {
    NotFound = "not_found",
    NotAllowed = "not_allowed",
    AlreadyClaimed = "already_claimed",
    NotYours = "not_yours",
    NotWaiting = "not_waiting",
    Ended = "ended",
    AlreadyRequested = "already_requested",
    AnotherOpen = "another_open",
    ReasonNeeded = "reason_needed",
    BeyondScope = "beyond_scope",
    Empty = "empty",
    NothingChosen = "nothing_chosen",
    TooLong = "too_long",
    CallRunning = "call_running",
    InAnotherCall = "in_another_call",
    NoSuchCall = "no_such_call",
    NotSeated = "not_seated",
    CallFull = "call_full",
    InvitationOver = "invitation_over",
    Removed = "removed",
    BadNumber = "bad_number",
    NoteIncomplete = "note_incomplete",
    NoteSigned = "note_signed",
    NoteNotSigned = "note_not_signed",
    SurveyClosed = "survey_closed",
    TooManyEvents = "too_many_events",
    TooManyChecks = "too_many_checks",
    Photo = "photo",
    NoSuchPhoto = "no_such_photo",
    MarksUnfit = "marks_unfit",
    NobodyWaiting = "nobody_waiting",
});

kinds!(of_error, ERRORS, ErrorCode {
    Version = "version",
    HelloFirst = "hello_first",
    Unreadable = "unreadable",
    TooLarge = "too_large",
    TooFast = "too_fast",
    TooManyWatched = "too_many_watched",
    NotFound = "not_found",
    NotAllowed = "not_allowed",
    Unavailable = "unavailable",
    SignedOut = "signed_out",
});
