//! `/register` and `/start`.

use super::{Visit, clipped, see};
use crate::identity::{Cookie, IdentityError, Registration, RegistrationForm};
use axum::{Form, extract::Query, http::StatusCode, response::Response};
use frontend::page::guardian::{ConsentItem, GuardianView, Register};
use serde::Deserialize;
use signaling::{
    id::{CommandId, GuardianId},
    intake::IntakeDraft,
    registration::{CONSENT_VERSION, Purpose, Reach},
};

/// What the QR code of a poster carries.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(crate) struct Poster {
    phrase: String,
}

/// The registration form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct RegisterFields {
    command: String,
    passphrase: String,
    reach: String,
    recovery: String,
    about: String,
    born: String,
    born_year: String,
    born_month: String,
    born_day: String,
    due: String,
    weeks: String,
    gave_birth: String,
    consent_consultation: String,
    consent_municipal_sharing: String,
    consent_statistics: String,
    consent_quality_audit: String,
}

impl RegisterFields {
    /// A birth date as one field, or as year, month and (where known) day.
    fn born(&self) -> String {
        let part = |text: &str| text.trim().parse::<u32>().ok();
        match (part(&self.born_year), part(&self.born_month), part(&self.born_day)) {
            (Some(year), Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
            (Some(year), Some(month), None) => format!("{year:04}-{month:02}"),
            _ => clipped(&self.born),
        }
    }

    fn form(&self) -> RegistrationForm {
        let ticked = |purpose: &Purpose| {
            let field = match purpose {
                Purpose::Consultation => &self.consent_consultation,
                Purpose::MunicipalSharing => &self.consent_municipal_sharing,
                Purpose::Statistics => &self.consent_statistics,
                Purpose::QualityAudit => &self.consent_quality_audit,
            };
            field == "on"
        };
        RegistrationForm {
            passphrase: clipped(&self.passphrase),
            reach: clipped(&self.reach),
            given: Purpose::ALL.iter().copied().filter(ticked).collect(),
            recovery: clipped(&self.recovery),
            draft: IntakeDraft {
                about: clipped(&self.about),
                born: self.born(),
                due: clipped(&self.due),
                weeks: clipped(&self.weeks),
                gave_birth: clipped(&self.gave_birth),
                ..IntakeDraft::default()
            },
        }
    }
}

/// The form that opens a consultation.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct StartFields {
    command: String,
}

/// `GET /register`.
pub(crate) async fn show(visit: Visit, Query(poster): Query<Poster>) -> Response {
    let outcome = async {
        if visit
            .identity
            .credential_of(&visit.headers, &visit.city.id)
            .await?
            .is_some()
        {
            return Ok(see("/"));
        }
        // Nothing is ticked beforehand: a consent is an act.
        let form = RegistrationForm {
            passphrase: clipped(&poster.phrase),
            ..RegistrationForm::default()
        };
        let command = CommandId(visit.identity.world.new_id());
        Ok(visit.guardian_page(StatusCode::OK, GuardianView::Register(model(form, command, Vec::new()))))
    };
    let outcome = outcome.await;
    visit.to_guardian(outcome)
}

/// `POST /register`.
pub(crate) async fn submit(visit: Visit, Form(fields): Form<RegisterFields>) -> Response {
    let outcome = registered(&visit, &fields).await;
    visit.to_guardian(outcome)
}

async fn registered(visit: &Visit, fields: &RegisterFields) -> Result<Response, IdentityError> {
    let (identity, command) = (&visit.identity, visit.command(&fields.command));
    if let Some(credential) = identity.credential_of(&visit.headers, &visit.city.id).await? {
        return onward(visit, credential.guardian, command).await;
    }
    let form = fields.form();
    match identity
        .register(&visit.city, command, &form, visit.from, &visit.headers)
        .await?
    {
        Registration::Done { guardian, token } => {
            let mut response = onward(visit, guardian, command).await?;
            visit.setting(&mut response, Cookie::Guardian, &token);
            Ok(response)
        }
        Registration::Wrong(faults) => {
            let view = GuardianView::Register(model(form, command, faults));
            Ok(visit.guardian_page(StatusCode::UNPROCESSABLE_ENTITY, view))
        }
        Registration::Stale => {
            let again = "この画面は古くなっていました。もう一度「登録する」を押してください。";
            let faults = vec![("form".to_owned(), again.to_owned())];
            let view = GuardianView::Register(model(form, CommandId(identity.world.new_id()), faults));
            Ok(visit.guardian_page(StatusCode::UNPROCESSABLE_ENTITY, view))
        }
    }
}

/// To the consultation that the family was about to begin when it had to register first, else to the front page.
async fn onward(visit: &Visit, guardian: GuardianId, command: CommandId) -> Result<Response, IdentityError> {
    if visit.identity.cookie(Cookie::Onward, &visit.headers).is_none() {
        return Ok(see("/"));
    }
    let mut response = begun(visit, guardian, command).await?;
    visit.clearing(&mut response, Cookie::Onward);
    Ok(response)
}

/// `POST /start`.
pub(crate) async fn start(visit: Visit, Form(fields): Form<StartFields>) -> Response {
    let outcome = async {
        match visit.identity.credential_of(&visit.headers, &visit.city.id).await? {
            Some(credential) => begun(&visit, credential.guardian, visit.command(&fields.command)).await,
            None => {
                let mut response = see("/register");
                visit.setting(&mut response, Cookie::Onward, "start");
                Ok(response)
            }
        }
    };
    let outcome = outcome.await;
    visit.to_guardian(outcome)
}

/// One consultation at a time: who has an open one goes on with it.
async fn begun(visit: &Visit, guardian: GuardianId, command: CommandId) -> Result<Response, IdentityError> {
    let identity = &visit.identity;
    if let Some(open) = identity.open_consultation(guardian).await? {
        return Ok(see(&identity.ticket_path(open)));
    }
    let (consultation, _) = identity.begin_ticket(guardian, &visit.city.id, command).await?;
    Ok(see(&identity.ticket_path(consultation)))
}

fn model(form: RegistrationForm, command: CommandId, faults: Vec<(String, String)>) -> Register {
    let item = |purpose: &Purpose| ConsentItem {
        purpose: purpose.code().to_owned(),
        text: purpose.label().to_owned(),
        required: purpose.is_required(),
        given: form.given.contains(purpose),
        version: CONSENT_VERSION.to_owned(),
    };
    Register {
        reaches: Reach::ALL
            .iter()
            .map(|reach| (reach.code().to_owned(), reach.label().to_owned()))
            .collect(),
        consents: Purpose::ALL.iter().map(item).collect(),
        passphrase: form.passphrase,
        reach: form.reach,
        recovery: form.recovery,
        draft: form.draft,
        faults,
        command: Some(command),
    }
}
