//! What the family's browser reads: frames and events of the live protocol, as far as they are ever sent to a family.
//!
//! The types are those of `signaling`; only the way of reading them differs. The derived readers of tagged enums buffer
//! every value and are made once more for every variant: half of the family's bytes. Here one flat record takes any frame
//! and one any event, unknown and missing fields are let be, and a `match` on the tag makes the value. Frames and kinds
//! that are for staff alone, or of a newer server, are passed over; the rest of their frame counts. `tests` holds both readers against each other, for everything a family is sent.
//!
//! Left out: the intake inside `requested`. The family reads it in markup that the server made.

use serde::Deserialize;
use signaling::{
    actor::{Role, Staff},
    after::Feeling,
    call::{CallMode, CallOutcome, CallbackOutcome, GuestRole, Holder, MutedWhy, Path},
    check::Light,
    consultation::{Lane, Speaker, WireEvent, WireKind},
    hand_over::Recipient,
    id::{CommandId, ConsultationId, PhotoId, Seq, StaffId},
    intake::{Mode, Service},
    note::Disposition,
    photo::PhotoFormat,
    protocol::{Cursor, DescriptionKind, ErrorCode, Head, IceServer, ServerFrame, Side, Signal},
    queue::{Position, Presence},
    survey::Answer,
    time::At,
    triage::Action,
};

pub(super) mod refusal;

#[cfg(test)]
mod tests;

/// Reads a frame; nothing where it is not for families, or of a newer server.
pub(crate) fn frame(text: &str) -> Option<ServerFrame> {
    serde_json::from_str::<Frame<'_>>(text).ok()?.read()
}

/// The fields of all frames.
#[derive(Deserialize)]
struct Frame<'a> {
    t: &'a str,
    version: Option<u16>,
    now: Option<At>,
    started_at: Option<At>,
    ice_servers: Option<Vec<IceServer>>,
    ice_policy: Option<String>,
    consultation: Option<ConsultationId>,
    #[serde(borrow)]
    events: Option<Vec<Event<'a>>>,
    cursor: Option<Cursor>,
    end: Option<bool>,
    position: Option<Position>,
    id: Option<CommandId>,
    seq: Option<Seq>,
    #[serde(borrow)]
    refusal: Option<refusal::Flat<'a>>,
    text: Option<String>,
    code: Option<&'a str>,
    from: Option<Seq>,
    to: Option<Seq>,
    #[serde(borrow)]
    signal: Option<Signalled<'a>>,
    side: Option<Side>,
    presence: Option<Presence>,
    field: Option<String>,
    revision: Option<u64>,
    body: Option<String>,
    at: Option<At>,
    heads: Option<Vec<Head>>,
}

impl Frame<'_> {
    fn read(self) -> Option<ServerFrame> {
        Some(match self.t {
            "welcome" => ServerFrame::Welcome {
                version: self.version?,
                now: self.now?,
                started_at: self.started_at,
                ice_servers: self.ice_servers?,
                ice_policy: self.ice_policy?,
            },
            "events" => ServerFrame::Events {
                consultation: self.consultation?,
                events: events(self.events?),
                cursor: self.cursor?,
                end: self.end?,
            },
            "position" => ServerFrame::Position {
                consultation: self.consultation?,
                position: self.position?,
            },
            "ack" => ServerFrame::Ack {
                id: self.id?,
                consultation: self.consultation?,
                seq: self.seq?,
            },
            "refused" => ServerFrame::Refused {
                id: self.id?,
                refusal: self.refusal?.read(),
                text: self.text?,
            },
            "signal" => ServerFrame::Signal {
                consultation: self.consultation?,
                from: self.from?,
                to: self.to?,
                signal: self.signal?.read()?,
            },
            "presence" => ServerFrame::Presence {
                consultation: self.consultation?,
                side: self.side?,
                presence: self.presence?,
            },
            "draft" => ServerFrame::Draft {
                consultation: self.consultation?,
                field: self.field?,
                revision: self.revision?,
                body: self.body?.into(),
                // Records are the staff's.
                inherited: false,
            },
            "draft_saved" => ServerFrame::DraftSaved {
                consultation: self.consultation?,
                field: self.field?,
                revision: self.revision?,
                at: self.at?,
            },
            "beat" => ServerFrame::Beat {
                now: self.now?,
                heads: self.heads?,
                queue: None,
            },
            "error" => ServerFrame::Error {
                code: match self.code? {
                    "unavailable" => ErrorCode::Unavailable,
                    "too_fast" => ErrorCode::TooFast,
                    "signed_out" => ErrorCode::SignedOut,
                    // About frames that this page does not send, or answered by nothing that it could do.
                    _ => return None,
                },
                text: self.text?,
                consultation: self.consultation,
                id: self.id,
            },
            _ => return None,
        })
    }
}

/// The fields of all signals.
#[derive(Deserialize)]
struct Signalled<'a> {
    kind: &'a str,
    description: Option<DescriptionKind>,
    offer: Option<u32>,
    sdp: Option<String>,
    build: Option<u32>,
    candidate: Option<String>,
    mid: Option<String>,
    m_line: Option<u16>,
    audio: Option<bool>,
    video: Option<bool>,
    why: Option<&'a str>,
}

impl Signalled<'_> {
    fn read(self) -> Option<Signal> {
        Some(match self.kind {
            "description" => Signal::Description {
                description: self.description?,
                offer: self.offer?,
                sdp: self.sdp?,
                build: self.build.unwrap_or_default(),
            },
            "candidate" => Signal::Candidate {
                candidate: self.candidate?,
                mid: self.mid,
                m_line: self.m_line,
            },
            "muted" => Signal::Muted {
                audio: self.audio?,
                video: self.video?,
                why: self.why.and_then(MutedWhy::from_code),
            },
            "unseen" => Signal::Unseen,
            "typing" => Signal::Typing,
            _ => return None,
        })
    }
}

/// Events in order. Kinds of a newer server are passed over, as a kind that is not for families is.
pub(super) fn events(all: Vec<Event<'_>>) -> Vec<WireEvent> {
    all.into_iter().filter_map(Event::read).collect()
}

/// A member of staff, somebody who was invited, or (with no fields but its tag) the family.
#[derive(Deserialize)]
struct Person<'a> {
    id: Option<StaffId>,
    name: Option<String>,
    role: Option<&'a str>,
    invite: Option<Seq>,
}

impl Person<'_> {
    fn staff(self) -> Option<Staff> {
        Some(Staff {
            id: self.id?,
            name: self.name?,
            role: Role::from_code(self.role?)?,
        })
    }

    fn holder(self) -> Holder {
        if let (Some(invite), Some(role)) = (self.invite, self.role.and_then(GuestRole::from_code)) {
            return Holder::Guest { invite, role };
        }
        self.staff().map_or(Holder::Guardian, Holder::Staff)
    }

    fn speaker(self) -> Speaker {
        self.staff().map_or(Speaker::Guardian, Speaker::Staff)
    }
}

/// To whom a consultation is handed on.
#[derive(Deserialize)]
struct Addressee<'a> {
    profession: &'a str,
    #[serde(borrow)]
    person: Option<Person<'a>>,
}

impl Addressee<'_> {
    fn read(self) -> Option<Recipient> {
        Some(Recipient {
            profession: Role::from_code(self.profession)?,
            person: match self.person {
                Some(person) => Some(person.staff()?),
                None => None,
            },
        })
    }
}

/// The fields of all events that families are sent.
#[derive(Deserialize)]
pub(super) struct Event<'a> {
    seq: Seq,
    at: At,
    kind: &'a str,
    #[serde(borrow)]
    by: Option<Person<'a>>,
    #[serde(borrow)]
    speaker: Option<Person<'a>>,
    #[serde(borrow)]
    holder: Option<Person<'a>>,
    #[serde(borrow)]
    colleague: Option<Person<'a>>,
    #[serde(borrow)]
    to: Option<Person<'a>>,
    #[serde(borrow)]
    recipient: Option<Addressee<'a>>,
    service: Option<Service>,
    mode: Option<Mode>,
    quiet: Option<bool>,
    rule: Option<String>,
    action: Option<Action>,
    lane: Option<Lane>,
    text: Option<String>,
    call: Option<Seq>,
    path: Option<Path>,
    outcome: Option<&'a str>,
    talk_seconds: Option<u32>,
    disposition: Option<Disposition>,
    advice: Option<String>,
    safety_net: Option<String>,
    light: Option<Light>,
    answer: Option<Answer>,
    words: Option<String>,
    on: Option<bool>,
    invite: Option<Seq>,
    role: Option<GuestRole>,
    name: Option<String>,
    expires_at: Option<At>,
    number: Option<String>,
    due_at: Option<At>,
    feeling: Option<Feeling>,
    offer: Option<Seq>,
    given: Option<bool>,
    photo: Option<PhotoId>,
    width: Option<u32>,
    height: Option<u32>,
    bytes: Option<u32>,
    caption: Option<String>,
    reply_hours: Option<u32>,
    wished_for: Option<At>,
    slot: Option<At>,
}

impl Event<'_> {
    fn read(self) -> Option<WireEvent> {
        let (seq, at) = (self.seq, self.at);
        let kind = match self.kind {
            "requested" => WireKind::Requested {
                service: self.service?,
                mode: self.mode?,
                quiet: self.quiet?,
                intake: None,
            },
            "flagged" => WireKind::Flagged {
                rule: self.rule?,
                action: self.action?,
                epds: None,
            },
            "queued" => WireKind::Queued { acuity: None },
            "turn_missed" => WireKind::TurnMissed { by: self.by?.staff()? },
            "became_anytime" => WireKind::BecameAnytime {
                reply_hours: self.reply_hours?,
                wished_for: self.wished_for,
            },
            "appointment_booked" => WireKind::AppointmentBooked { slot: self.slot? },
            "appointment_given_up" => WireKind::AppointmentGivenUp {
                service: self.service?,
                reply_hours: self.reply_hours,
            },
            "appointment_begun" => WireKind::AppointmentBegun,
            "appointment_missed" => WireKind::AppointmentMissed,
            "claimed" => WireKind::Claimed {
                by: self.by?.staff()?,
                overtake_reason: None,
            },
            "released" => WireKind::Released {
                by: self.by?.staff()?,
                reason: None,
            },
            "said" => WireKind::Said {
                speaker: self.speaker?.speaker(),
                lane: self.lane?,
                text: self.text,
            },
            "photo" => WireKind::Photo {
                speaker: self.speaker?.speaker(),
                photo: self.photo?,
                // The one that there is; the page shows whatever comes.
                format: PhotoFormat::Jpeg,
                width: self.width?,
                height: self.height?,
                bytes: self.bytes?,
                caption: self.caption,
            },
            "photo_wished" => WireKind::PhotoWished { by: self.by?.staff()? },
            "mode_wished" => WireKind::ModeWished { mode: self.mode? },
            "note_signed" => WireKind::NoteSigned {
                by: self.by?.staff()?,
                disposition: self.disposition,
                advice: self.advice,
                safety_net: self.safety_net,
                note: None,
            },
            "device_checked" => WireKind::DeviceChecked {
                light: self.light?,
                checked: None,
            },
            "cancelled" => WireKind::Cancelled,
            "closed" => WireKind::Closed { by: self.by?.staff()? },
            "surveyed" => WireKind::Surveyed {
                answer: self.answer?,
                words: self.words,
            },
            _ => self.of_call()?,
        };
        Some(WireEvent { seq, at, kind })
    }

    fn of_call(self) -> Option<WireKind> {
        let call_mode = match self.mode {
            Some(Mode::Audio) => Some(CallMode::Audio),
            Some(Mode::Video) => Some(CallMode::Video),
            Some(Mode::Chat) | None => None,
        };
        Some(match self.kind {
            "call_offered" => WireKind::CallOffered {
                by: self.by?.staff()?,
                mode: call_mode?,
            },
            "call_joined" => WireKind::CallJoined {
                call: self.call?,
                holder: self.holder?.holder(),
            },
            "call_connected" => WireKind::CallConnected {
                call: self.call?,
                path: self.path?,
            },
            "call_interrupted" => WireKind::CallInterrupted { call: self.call? },
            "call_resumed" => WireKind::CallResumed {
                call: self.call?,
                path: self.path?,
            },
            "call_mode_changed" => WireKind::CallModeChanged {
                call: self.call?,
                mode: call_mode?,
                holder: self.holder?.holder(),
            },
            "call_ended" => WireKind::CallEnded {
                call: self.call?,
                outcome: CallOutcome::from_code(self.outcome?)?,
                talk_seconds: self.talk_seconds?,
                by: self.by.map(Person::holder),
            },
            _ => return self.of_people(),
        })
    }

    fn of_people(self) -> Option<WireKind> {
        Some(match self.kind {
            "call_left" => WireKind::CallLeft {
                call: self.call?,
                holder: self.holder?.holder(),
            },
            "call_held" => WireKind::CallHeld {
                call: self.call?,
                on: self.on?,
                by: self.by?.staff()?,
            },
            "guest_invited" => WireKind::GuestInvited {
                role: self.role?,
                by: self.by?.holder(),
                expires_at: self.expires_at?,
                name: self.name,
            },
            "guest_admitted" => WireKind::GuestAdmitted {
                invite: self.invite?,
                role: self.role?,
                name: self.name,
            },
            "guest_removed" => WireKind::GuestRemoved {
                invite: self.invite?,
                by: self.by?.staff()?,
            },
            "invitation_withdrawn" => WireKind::InvitationWithdrawn {
                invite: self.invite?,
                by: self.by?.holder(),
            },
            "colleague_invited" => WireKind::ColleagueInvited {
                call: self.call?,
                by: self.by?.staff()?,
                colleague: self.colleague?.staff()?,
            },
            "handed_on" => WireKind::HandedOn {
                by: self.by?.staff()?,
                recipient: self.recipient?.read()?,
                hand_over: None,
            },
            "idle_returned" => WireKind::IdleReturned { of: None },
            "handed_over" => WireKind::HandedOver {
                call: self.call,
                by: self.by?.staff()?,
                to: self.to?.staff()?,
            },
            "callback_asked" => WireKind::CallbackAsked { by: self.by?.holder() },
            "callback_number" => WireKind::CallbackNumber { number: self.number },
            "callback_done" => WireKind::CallbackDone {
                by: self.by?.staff()?,
                outcome: CallbackOutcome::from_code(self.outcome?)?,
            },
            _ => return self.of_after(),
        })
    }

    fn of_after(self) -> Option<WireKind> {
        Some(match self.kind {
            "check_in_planned" => WireKind::CheckInPlanned {
                by: self.by?.staff()?,
                due_at: self.due_at,
            },
            "check_in_asked" => WireKind::CheckInAsked,
            "checked_in" => WireKind::CheckedIn { feeling: self.feeling? },
            "reopened" => WireKind::Reopened { service: self.service? },
            "survey_nudged" => WireKind::SurveyNudged,
            "referral_offered" => WireKind::ReferralOffered {
                by: self.by?.staff()?,
                text: self.text,
            },
            "referral_answered" => WireKind::ReferralAnswered {
                offer: self.offer?,
                given: self.given?,
            },
            _ => return None,
        })
    }
}
