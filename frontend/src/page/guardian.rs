//! Models of the family's pages.

use super::{City, Notice, OnDuty, Opening};
use serde::{Deserialize, Serialize};
use signaling::{
    call::{GuestRole, agent::BrowserFamily},
    consultation::{Refusal, WireEvent},
    id::{CommandId, ConsultationId, PhotoId, Seq},
    intake::{FieldFault, IntakeDraft, IntakeStep},
    photo::PhotoFault,
    protocol::Cursor,
    queue::Position,
    time::At,
    triage::{Action, Phone, Question},
};

/// A page for a family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardianPage {
    /// Whose page.
    pub city: City,
    /// The server's clock when the page was made.
    pub now: At,
    /// Which page.
    pub view: GuardianView,
}

/// The pages.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "page", rename_all = "snake_case")]
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(
        clippy::large_enum_variant,
        reason = "a page is made for one answer and is never one of many"
    )
)]
pub enum GuardianView {
    /// `/`.
    Entrance(Entrance),
    /// `/register`.
    Register(Box<Register>),
    /// `/t/{ticket}`.
    Ticket(TicketPage),
    /// `/t/{ticket}` on a device without the family's credential: no health data.
    Door(Door),
    /// `/e/{token}`: the QR code of a transfer was opened; the button spends it.
    Enter {
        /// Where the button posts to.
        action: String,
        /// The same for every post of this page.
        command: CommandId,
    },
    /// The same on a device that holds another family's credential, which would be replaced.
    Replace(Replace),
    /// `POST /t/{ticket}/transfer`: the code for another device.
    Transfer(Transfer),
    /// `/t/{ticket}/appointment`: 時間を予約する.
    Appointment(AppointmentPage),
    /// `/t/{ticket}/invite`: 家族を招待.
    Invite(InvitePage),
    /// `/g/{token}`: an invitation that can be spent.
    GuestDoor(GuestDoor),
    /// `/g/{token}` in the browser that came in: the call.
    Guest(GuestPage),
    /// `/mine`: つづきを見る.
    Mine(Mine),
    /// Anything that cannot be shown.
    Notice(Notice),
}

signaling::redacted_debug!(GuardianView: Entrance, Register, Ticket, Door, Replace, Enter, Transfer, Appointment, Invite, GuestDoor, Guest, Mine, Notice);

/// The city's front page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrance {
    /// Open now, or when.
    pub opening: Opening,
    /// Families waiting now.
    pub waiting: u32,
    /// What a new family would be told.
    pub position: Position,
    /// Who answers tonight.
    pub on_duty: Vec<OnDuty>,
    /// This device holds a credential.
    pub registered: bool,
    /// Path of this family's open consultation.
    pub open_ticket: Option<String>,
    /// For the form 「相談をはじめる」.
    pub command: CommandId,
}

signaling::redacted_debug!(Entrance {
    waiting,
    registered,
    command
});

/// Registration. The form posts to `/register` with the fields' names below.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// As typed or from the QR code. Field `passphrase`.
    pub passphrase: String,
    /// Code of how they heard of it; may stay empty. Field `reach`.
    pub reach: String,
    /// Code of the institution whose leaflet led here; empty without one. Field `from`.
    pub institution: String,
    /// Offered answers: code and words.
    pub reaches: Vec<(String, String)>,
    /// Consents by purpose. Fields `consent_{purpose}` = `on`.
    pub consents: Vec<ConsentItem>,
    /// Optional recovery answer. Field `recovery`.
    pub recovery: String,
    /// Subject fields, named as in [`IntakeDraft`]: `about`, `born`, `due`, `weeks`, `gave_birth`.
    pub draft: IntakeDraft,
    /// What is wrong: field name and sentence.
    pub faults: Vec<(String, String)>,
    /// Field `command`: the same form sent twice registers once.
    pub command: Option<CommandId>,
}

signaling::redacted_debug!(Register { command });

/// One purpose of use.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentItem {
    /// `consultation`, `municipal_sharing`, `statistics`, `quality_audit`.
    pub purpose: String,
    /// In plain words.
    pub text: String,
    /// Without it the service cannot be used.
    pub required: bool,
    /// Ticked.
    pub given: bool,
    /// Version of the words, stored with the consent.
    pub version: String,
}

signaling::redacted_debug!(ConsentItem {
    purpose,
    version,
    given
});

/// `/t/{ticket}`, always at the step the consultation is in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketPage {
    /// `/t/{ticket}`; forms post to paths below it.
    pub path: String,
    /// Which consultation.
    pub consultation: ConsultationId,
    /// For the forms of this page.
    pub command: CommandId,
    /// Another device of this family joined since this device last looked: name and when.
    pub new_devices: Vec<(String, At)>,
    /// The page is shown inside of an app, where calls may not work.
    pub in_app: Option<BrowserFamily>,
    /// Why the form that was just posted could not be carried out.
    pub refused: Option<Refusal>,
    /// The family's other consultation that stood against it: its ticket, and when it was sent.
    #[serde(default)]
    pub other_open: Option<Box<(String, At)>>,
    /// Where it stands.
    pub step: TicketStep,
}

signaling::redacted_debug!(TicketPage {
    consultation,
    command,
    step
});

/// Steps of a ticket.
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::large_enum_variant, reason = "there is one of it a page")
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum TicketStep {
    /// Before it is sent. Forms post to `{path}/intake` with `step`, `go` (`next`, `back`, `more`, `save`, `photo`, `send`) and
    /// the draft's fields by name; lists repeat the name. The last step's form is multipart: a file in `photo` is taken in
    /// whatever is pressed. Instead of `go`, `without` takes a photo away.
    Intake(Box<IntakePage>),
    /// From waiting to the survey.
    Live(LivePage),
}

/// One step of the intake.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntakePage {
    /// Which step is shown.
    pub at: IntakeStep,
    /// As typed so far.
    pub draft: IntakeDraft,
    /// Revision of the stored draft.
    pub revision: u64,
    /// What is wrong, once the family tried to go on.
    pub faults: Vec<FieldFault>,
    /// 「2歳3か月」, once known.
    pub subject: Option<String>,
    /// Red-flag questions in sight.
    pub questions: Vec<Question>,
    /// How many of them are asked at once; the others were unfolded.
    pub first: usize,
    /// How many more can be unfolded (`go` = `more`).
    pub folded: usize,
    /// Panels of rules that fire already, most urgent first.
    pub panels: Vec<Panel>,
    /// Open now, or when.
    pub opening: Opening,
    /// It was not sent, because another answer is promised by now than the page had said.
    #[serde(default)]
    pub promise_changed: bool,
    /// The photos that go with it, in order.
    #[serde(default)]
    pub photos: Vec<IntakePhoto>,
    /// Why the photo that was just chosen is not taken.
    #[serde(default)]
    pub photo_fault: Option<PhotoFault>,
}

/// A photo that goes with an intake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntakePhoto {
    /// Which; its views are below the ticket, as those of all photos.
    pub photo: PhotoId,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

signaling::redacted_debug!(IntakePage { at, revision, faults });

/// What a fired rule tells the family.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// "C01".
    pub rule: String,
    /// What to do.
    pub action: Action,
    /// In words.
    pub text: String,
    /// Telephone lines that help with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Phone>,
    /// Name of the publication it comes from; empty where the rule is not there any more.
    pub source: String,
}

signaling::redacted_debug!(Panel { rule, action });

/// A consultation from waiting to the survey. Forms post to `{path}/say` (`command`, `text`), `{path}/cancel`,
/// `{path}/later` (`hours` as shown), `{path}/appointment` (`go`: `give_up`), `{path}/mode` (`mode`), `{path}/survey` (`answer`, `words`), `{path}/transfer`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LivePage {
    /// What the family may see of the log.
    pub events: Vec<WireEvent>,
    /// Where the page stands.
    pub cursor: Cursor,
    /// The place, while waiting live.
    pub position: Option<Position>,
    /// When the answer is due that was promised to an anytime consultation.
    pub reply_by: Option<At>,
    /// By when it would be answered if the family would rather not wait live; nothing where it may not.
    #[serde(default)]
    pub later_by: Option<At>,
    /// Whether it may book an appointment.
    #[serde(default)]
    pub books: bool,
    /// Panels of rules that fired.
    pub panels: Vec<Panel>,
    /// Who answers tonight.
    pub on_duty: Vec<OnDuty>,
    /// Half-written message.
    pub message_draft: String,
    /// Its revision.
    pub draft_revision: u64,
    /// Whether the survey can still be answered.
    pub survey_open: bool,
    /// What of the survey is filled in already.
    pub survey_draft: Box<SurveyDraft>,
    /// Open now, or when.
    pub opening: Opening,
}

signaling::redacted_debug!(LivePage {
    events,
    cursor,
    position,
    draft_revision
});

/// The survey while it is being filled in.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SurveyDraft {
    /// Code of the chosen answer; empty before one is chosen.
    pub answer: String,
    /// The words so far.
    pub words: String,
}

signaling::redacted_debug!(SurveyDraft {});

/// The door of a ticket on a foreign device. Posts to `{path}/door` with `code`, or `recovery`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// `/t/{ticket}`.
    pub path: String,
    /// The family chose a recovery answer.
    pub has_recovery: bool,
    /// What was wrong with the last try.
    pub fault: Option<String>,
    /// No more tries here; ask the staff.
    pub locked: bool,
    /// The same for every post of this page.
    pub command: CommandId,
}

signaling::redacted_debug!(Door { has_recovery, locked });

/// Asked before a device gives up another family's credential. Posts to `action` with `replace` = `on` and `fields`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replace {
    /// Where the button posts to.
    pub action: String,
    /// What was typed at the door: names and values.
    pub fields: Vec<(String, String)>,
    /// Where 「やめる」 leads.
    pub back: String,
}

signaling::redacted_debug!(Replace {});

/// A transfer code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Path back to the ticket.
    pub path: String,
    /// Six digits.
    pub code: String,
    /// QR code of the entry link, as SVG.
    pub qr_svg: String,
    /// The entry link.
    pub link: String,
    /// When both end.
    pub expires_at: At,
    /// The page is shown inside of an app: the other device is this one's own browser.
    pub in_app: Option<BrowserFamily>,
}

signaling::redacted_debug!(Transfer { expires_at });

/// The family's own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mine {
    /// Consultations, newest first.
    pub consultations: Vec<MineRow>,
    /// Devices; revoking posts to `/mine/revoke` with `device`.
    pub devices: Vec<DeviceRow>,
}

/// One consultation of the family.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MineRow {
    /// `/t/{ticket}`.
    pub path: String,
    /// When it was sent, or begun.
    pub at: At,
    /// 「受付前」「待っています」「相談中」「おわりました」.
    pub standing: String,
    /// Still open.
    pub open: bool,
}

signaling::redacted_debug!(MineRow { at, open });

/// One device of the family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRow {
    /// Its id.
    pub device: String,
    /// 「iPhone・Safari」.
    pub name: String,
    /// Since when.
    pub since: At,
    /// This very device.
    pub this: bool,
}

/// The times that are free. Posts to `{path}/appointment` with `command`, `go` = `book` and `slot` in milliseconds.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentPage {
    /// `/t/{ticket}`.
    pub path: String,
    /// For the form of this page.
    pub command: CommandId,
    /// When the appointment begins that the family has.
    pub held: Option<At>,
    /// Days with times that are free, its own among them; none where it may not book.
    pub days: Vec<AppointmentDay>,
    /// Panels of rules that fired.
    pub panels: Vec<Panel>,
    /// Why the form that was just posted could not be carried out.
    pub refused: Option<String>,
}

signaling::redacted_debug!(AppointmentPage { command, held });

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentDay {
    /// When they begin, earliest first; all on one date.
    pub slots: Vec<At>,
}

/// Whom the family invited to its calls. Posts to `{path}/invite` with `command` and `name`, to `{path}/withdraw` with
/// `command` and `invite`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitePage {
    /// `/t/{ticket}`.
    pub path: String,
    /// For the form of this page.
    pub command: CommandId,
    /// Everybody who was invited and neither taken back nor put out.
    pub invited: Vec<InvitedRow>,
    /// Why the form that was just posted could not be carried out.
    pub refused: Option<String>,
}

signaling::redacted_debug!(InvitePage { command });

/// One who was invited.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedRow {
    /// Who, in this consultation.
    pub invite: Seq,
    /// 「けんたさん（ご家族）」.
    pub name: String,
    /// 「21:40まで使えます」.
    pub standing: String,
    /// Of an invitation of this family that can still be spent.
    pub link: Option<InvitationLink>,
}

signaling::redacted_debug!(InvitedRow { invite });

/// An invitation to pass on.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationLink {
    /// Its address.
    pub link: String,
    /// The same as a QR code.
    pub qr_svg: String,
}

signaling::redacted_debug!(InvitationLink {});

/// The door of an invitation. Posts to `action` with `command` and `name`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestDoor {
    /// `/g/{token}`.
    pub action: String,
    /// For the form.
    pub command: CommandId,
    /// What the guest is there for.
    pub role: GuestRole,
    /// The name that they were invited by, or what was typed.
    pub name: String,
    /// What was wrong with the last try.
    pub fault: Option<String>,
}

signaling::redacted_debug!(GuestDoor { command, role });

/// The call as a guest sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestPage {
    /// Which consultation; only its calls are shown.
    pub consultation: ConsultationId,
    /// Who this guest is in it.
    pub invite: Seq,
    /// What they are there for.
    pub role: GuestRole,
    /// Their name.
    pub name: String,
    /// What a guest may see of the log.
    pub events: Vec<WireEvent>,
    /// Where the page stands.
    pub cursor: Cursor,
}

signaling::redacted_debug!(GuestPage {
    consultation,
    invite,
    role,
    events,
    cursor
});
