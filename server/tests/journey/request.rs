//! What a family asks, made without a browser.

use signaling::{
    consultation::Request,
    intake::{Complaint, Intake, Mode, Relation, Service},
    subject::{Born, Subject},
    time::At,
    triage::Fired,
};

/// An intake about a two-year-old with a fever, for which these rules fired.
pub(crate) fn request(city: &str, worry: &str, fired: Vec<Fired>, now: At) -> Request {
    Request {
        municipality: city.parse().expect("an id"),
        service: Service::Night,
        closes_at: None,
        reply_hours: 24,
        intake: Intake {
            subject: Subject::Child {
                born: Born::try_from("2024-08".to_owned()).expect("a month"),
            },
            relation: Relation::Mother,
            complaints: vec![Complaint::Fever],
            onset: None,
            temperature_tenths: Some(385),
            signs: Vec::new(),
            no_signs: true,
            asked: Vec::new(),
            worry: worry.to_owned(),
            mode: Mode::Chat,
            quiet: false,
        },
        photos: Vec::new(),
        fired,
        rules: "test".to_owned(),
        returning: false,
        today: now.date(),
    }
}
