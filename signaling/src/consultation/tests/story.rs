//! A consultation in memory and the people in it.

use crate::{
    actor::{Actor, Role, Staff},
    call::agent::{BrowserFamily, DeviceKind},
    check::{Connection, Device, Heard, Measured},
    consultation::{Case, Command, Event, Fact, Refusal, Request, State, apply, decide},
    id::{GuardianId, StaffId},
    intake::{Complaint, Intake, Mode, Relation, Service},
    note::{Disposition, Note},
    subject::{Born, Subject},
    time::{At, Millis, parse_date},
    triage::{Action, Fired},
};
use uuid::Uuid;

/// 2026-11-22 19:42 in the city.
pub(super) const EVENING: At = At(1_795_344_120_000);

pub(super) fn staff(number: u128, name: &str, role: Role) -> Staff {
    Staff {
        id: StaffId(Uuid::from_u128(number)),
        name: name.to_owned(),
        role,
    }
}

pub(super) fn doctor() -> Staff {
    staff(11, "佐藤", Role::Pediatrician)
}

pub(super) fn midwife() -> Staff {
    staff(12, "鈴木", Role::Midwife)
}

pub(super) fn family() -> Actor {
    Actor::Guardian {
        id: GuardianId(Uuid::from_u128(1)),
    }
}

pub(super) fn note() -> Note {
    Note {
        complaints: vec![Complaint::Fever],
        advice: "水分を少しずつ。".to_owned(),
        disposition: Disposition::HomeCare,
        safety_net: Some("ぐったりしたら119番へ".to_owned()),
        internal: Some("STAFFONLY".to_owned()),
    }
}

/// A camera that was refused, and a network that was not tried.
pub(super) fn measured() -> Measured {
    Measured {
        picture: Device::Refused,
        sound: Device::Works,
        voice: true,
        heard: Heard::Yes,
        connection: Connection::Untried,
        kind: DeviceKind::Phone,
        browser: BrowserFamily::Chrome,
    }
}

pub(super) fn request(fired: &[(&str, Action)]) -> Command {
    Command::Request(Box::new(asks(fired)))
}

/// The same of a mother, four weeks after birth.
pub(super) fn mothers_request(fired: &[(&str, Action)]) -> Command {
    let mut request = asks(fired);
    request.intake.subject = Subject::Postpartum {
        gave_birth: parse_date("2026-10-25").expect("a date"),
    };
    Command::Request(Box::new(request))
}

pub(super) fn asks(fired: &[(&str, Action)]) -> Request {
    let fired = fired.iter().map(|(rule, action)| Fired {
        rule: (*rule).to_owned(),
        version: 1,
        action: *action,
    });
    let born = Born::try_from("2024-08-20".to_owned()).expect("a date");
    Request {
        municipality: "hino".parse().expect("a municipality"),
        service: Service::Night,
        closes_at: Some(EVENING + Millis::hours(3)),
        reply_hours: 24,
        intake: Intake {
            subject: Subject::Child { born },
            relation: Relation::Mother,
            complaints: vec![Complaint::Fever],
            onset: None,
            temperature_tenths: Some(389),
            signs: Vec::new(),
            no_signs: true,
            asked: Vec::new(),
            worry: "昨日の夜から熱があります".to_owned(),
            mode: Mode::Chat,
            quiet: false,
        },
        photos: Vec::new(),
        fired: fired.collect(),
        rules: "test".to_owned(),
        returning: false,
        today: EVENING.date(),
    }
}

/// A consultation as it is told.
#[derive(Clone, Debug)]
pub(super) struct Story {
    pub(super) state: State,
    pub(super) log: Vec<Event>,
    pub(super) now: At,
}

impl Story {
    /// Nothing has been said.
    pub(super) fn new() -> Self {
        Self {
            state: State::default(),
            log: Vec::new(),
            now: EVENING,
        }
    }

    /// A family waits.
    pub(super) fn waiting() -> Self {
        let mut story = Self::new();
        story.family(&request(&[])).expect("sent");
        story
    }

    /// A family asked outside of the hours of a city that answers within so many.
    pub(super) fn asked_at_any_time(reply_hours: u32, fired: &[(&str, Action)]) -> Self {
        let mut story = Self::new();
        let request = Request {
            service: Service::Anytime,
            reply_hours,
            ..asks(fired)
        };
        story.family(&Command::Request(Box::new(request))).expect("sent");
        story
    }

    /// The doctor has it.
    pub(super) fn claimed() -> Self {
        let mut story = Self::waiting();
        story.takes(&doctor()).expect("taken");
        story
    }

    /// Over, with a signed record.
    pub(super) fn closed() -> Self {
        let mut story = Self::claimed();
        story
            .doctor(&Command::SignNote {
                note: Box::new(note()),
                scope_reason: None,
            })
            .expect("signed");
        story.doctor(&Command::Close).expect("closed");
        story
    }

    /// Carries a command out and tells the kinds of its events.
    pub(super) fn does(&mut self, actor: &Actor, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        let decided = decide(&self.state, command, actor, self.now)?;
        let mut kinds = Vec::new();
        for new in decided {
            let event = Event {
                seq: self.state.seq + 1,
                at: self.now,
                fact: new.fact,
                sealed: new.sealed,
            };
            kinds.push(event.fact.kind());
            self.state = apply(std::mem::take(&mut self.state), &event);
            self.log.push(event);
        }
        Ok(kinds)
    }

    pub(super) fn family(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        self.does(&family(), command)
    }

    pub(super) fn doctor(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        self.does(&Actor::Staff(doctor()), command)
    }

    pub(super) fn midwife(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        self.does(&Actor::Staff(midwife()), command)
    }

    pub(super) fn takes(&mut self, clinician: &Staff) -> Result<Vec<&'static str>, Refusal> {
        let claim = Command::Claim { overtake_reason: None };
        self.does(&Actor::Staff(clinician.clone()), &claim)
    }

    pub(super) fn later(&mut self, length: Millis) {
        self.now = self.now + length;
    }

    pub(super) fn case(&self) -> &Case {
        self.state.case.as_deref().expect("the intake was sent")
    }

    pub(super) fn last(&self) -> &Fact {
        &self.log.last().expect("an event").fact
    }
}

pub(super) fn say(text: &str) -> Command {
    Command::Say { text: text.to_owned() }
}
