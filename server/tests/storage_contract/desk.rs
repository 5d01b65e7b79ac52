//! A desk on a database: servers, clinicians, families, and a clock that is turned by hand.

use super::database::Database;
use server::{
    clock::{HandClock, World},
    seal::Keys,
    spine::{CommandError, Outcome, Spine},
    storage::Store,
};
use signaling::{
    actor::{Actor, Role, Staff},
    call::CallMode,
    consultation::{Command, Refusal, Request, Sealed},
    id::{CommandId, ConsultationId, GuardianId, MunicipalityId, StaffId},
    intake::{Complaint, Intake, Mode, Relation, Service},
    note::{Disposition, Note},
    subject::{Born, Subject},
    time::{At, Millis},
    triage::{Action, Fired},
};

/// The evening on which the stories begin: 2026-11-22 19:42 in the city.
pub(crate) const EVENING: At = At(1_795_344_120_000);

/// A desk.
pub(crate) struct Desk {
    pub(crate) database: Database,
    pub(crate) clock: HandClock,
    pub(crate) world: World,
    pub(crate) keys: Keys,
    pub(crate) spine: Spine,
}

impl Desk {
    pub(crate) fn on(database: Database) -> Self {
        let clock = HandClock::at(EVENING);
        let world = World::new(clock.clone());
        let keys = Keys::new(&[42; 32]);
        let spine = Spine::new(database.store.clone(), keys.clone(), world.clone());
        Self {
            database,
            clock,
            world,
            keys,
            spine,
        }
    }

    /// Another server on the same database.
    pub(crate) async fn another_server(&self) -> Spine {
        let store = Store::open(&self.database.url).await.expect("it opens");
        Spine::new(store, self.keys.clone(), self.world.clone())
    }

    pub(crate) fn store(&self) -> &Store {
        &self.database.store
    }

    pub(crate) fn city(&self) -> MunicipalityId {
        "hino".parse().expect("a municipality")
    }

    pub(crate) fn new_command(&self) -> CommandId {
        CommandId(self.world.new_id())
    }

    pub(crate) fn clinician(&self, name: &str) -> Staff {
        Staff {
            id: StaffId(self.world.new_id()),
            name: name.to_owned(),
            role: Role::Pediatrician,
        }
    }

    /// A family that has not said anything yet.
    pub(crate) fn family(&self) -> Family {
        let guardian = GuardianId(self.world.new_id());
        Family {
            guardian,
            consultation: ConsultationId(self.world.new_id()),
        }
    }

    /// A family that waits, one second after the one before.
    pub(crate) async fn waiting_family(&self) -> Family {
        let family = self.family();
        self.does(&family, &family.actor(), &family.request(&[]))
            .await
            .expect("the intake is sent");
        self.clock.turn(Millis::seconds(1));
        family
    }

    /// Sends a command with an id of its own.
    pub(crate) async fn does(
        &self,
        family: &Family,
        actor: &Actor,
        command: &Command,
    ) -> Result<Outcome, CommandError> {
        self.spine
            .execute(family.consultation, actor, self.new_command(), command)
            .await
    }

    /// Takes a family.
    pub(crate) async fn claims(&self, family: &Family, clinician: &Staff) -> Result<Outcome, CommandError> {
        let claim = Command::Claim { overtake_reason: None };
        self.does(family, &Actor::Staff(clinician.clone()), &claim).await
    }

    /// All texts of the conversation, in order.
    pub(crate) async fn texts(&self, family: &Family) -> Vec<String> {
        let events = self
            .spine
            .events(family.consultation, 0, 10_000)
            .await
            .expect("the log");
        events
            .into_iter()
            .filter_map(|event| match event.sealed {
                Some(Sealed::Text { text }) => Some(text),
                _ => None,
            })
            .collect()
    }
}

/// A family with its consultation.
#[derive(Clone, Copy)]
pub(crate) struct Family {
    pub(crate) guardian: GuardianId,
    pub(crate) consultation: ConsultationId,
}

impl Family {
    pub(crate) fn actor(&self) -> Actor {
        Actor::Guardian { id: self.guardian }
    }

    /// The intake as the server passes it on, with rules that fired.
    pub(crate) fn request(&self, fired: &[(&str, Action)]) -> Command {
        let born = Born::try_from("2024-08-20".to_owned()).expect("a date");
        Command::Request(Box::new(Request {
            municipality: "hino".parse().expect("a municipality"),
            service: Service::Night,
            closes_at: None,
            reply_hours: 24,
            intake: Intake {
                subject: Subject::Child { born },
                relation: Relation::Mother,
                complaints: vec![Complaint::Fever, Complaint::Cough],
                onset: None,
                temperature_tenths: Some(389),
                signs: Vec::new(),
                no_signs: true,
                asked: Vec::new(),
                worry: "ひみつの心配ごと".to_owned(),
                mode: Mode::Chat,
                quiet: false,
            },
            photos: Vec::new(),
            fired: fired
                .iter()
                .map(|(rule, action)| Fired {
                    rule: (*rule).to_owned(),
                    version: 1,
                    action: *action,
                })
                .collect(),
            rules: "test".to_owned(),
            returning: false,
            today: EVENING.date(),
        }))
    }
}

pub(crate) fn say(text: impl Into<String>) -> Command {
    Command::Say { text: text.into() }
}

pub(crate) fn ring() -> Command {
    Command::Ring { mode: CallMode::Video }
}

pub(crate) fn note() -> Command {
    Command::SignNote {
        note: Box::new(Note {
            complaints: vec![Complaint::Fever],
            advice: "水分を少しずつ。".to_owned(),
            disposition: Disposition::HomeCare,
            safety_net: Some("ぐったりしたら119番へ".to_owned()),
            internal: Some("内部のひみつ".to_owned()),
        }),
        scope_reason: None,
    }
}

/// The refusal that a command came to.
pub(crate) fn refusal(outcome: Result<Outcome, CommandError>) -> Refusal {
    match outcome {
        Err(CommandError::Refused(refusal)) => refusal,
        other => panic!("refused was expected, not {other:?}"),
    }
}
