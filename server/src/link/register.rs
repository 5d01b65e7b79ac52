//! `/register` and `/start`.

use super::{Visit, clipped, see};
use crate::{
    form::Fields,
    identity::{Cookie, IdentityError, Registration, RegistrationForm},
};
use axum::{
    extract::Query,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use frontend::page::guardian::{ConsentItem, GuardianView, Register};
use serde::Deserialize;
use signaling::{
    id::{CommandId, GuardianId},
    intake::IntakeDraft,
    registration::{CONSENT_VERSION, Purpose, Reach},
};

/// What the QR code of a poster or of an institution's leaflet carries.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(crate) struct Poster {
    phrase: String,
    from: String,
}

/// The registration form as typed.
fn form_of(fields: &Fields) -> RegistrationForm {
    let text = |name: &str| clipped(fields.one(name));
    RegistrationForm {
        passphrase: text("passphrase"),
        reach: text("reach"),
        institution: text("from"),
        given: Purpose::ALL
            .iter()
            .copied()
            .filter(|purpose| fields.one(&format!("consent_{}", purpose.code())) == "on")
            .collect(),
        recovery: text("recovery"),
        draft: IntakeDraft {
            about: text("about"),
            born: clipped(&fields.born()),
            due: text("due"),
            weeks: text("weeks"),
            gave_birth: text("gave_birth"),
            ..IntakeDraft::default()
        },
    }
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
        let leaflet = visit.identity.leaflet_of(&visit.city, &clipped(&poster.from)).await?;
        // Nothing is ticked beforehand: a consent is an act. How they heard of it stands on the paper in their hand.
        let form = RegistrationForm {
            passphrase: clipped(&poster.phrase),
            reach: leaflet.as_ref().map_or("", |one| one.reach.code()).to_owned(),
            institution: leaflet.map_or(String::new(), |one| one.code),
            ..RegistrationForm::default()
        };
        let command = visit.new_command();
        Ok(visit.guardian_page(
            StatusCode::OK,
            GuardianView::Register(Box::new(model(form, command, Vec::new()))),
        ))
    };
    let outcome = outcome.await;
    restorable(visit.to_guardian(outcome))
}

/// No script keeps what is half typed here, but browsers put it back on the way back to a page that they may keep. The empty
/// form holds nothing of anybody, so they may; `no-cache` has it asked for anew each time all the same.
fn restorable(mut response: Response) -> Response {
    if response.status() == StatusCode::OK {
        let asked_anew = HeaderValue::from_static("private, no-cache");
        response.headers_mut().insert(header::CACHE_CONTROL, asked_anew);
    }
    response
}

/// `POST /register`.
pub(crate) async fn submit(visit: Visit, fields: Fields) -> Response {
    let outcome = registered(&visit, &fields).await;
    visit.to_guardian(outcome)
}

async fn registered(visit: &Visit, fields: &Fields) -> Result<Response, IdentityError> {
    let identity = &visit.identity;
    let Some(command) = fields.command() else {
        return Ok(visit.unreadable());
    };
    let begins = fields.one("go") == "start";
    if let Some(credential) = identity.credential_of(&visit.headers, &visit.city.id).await? {
        return onward(visit, credential.guardian, command, begins).await;
    }
    let form = form_of(fields);
    match identity
        .register(&visit.city, command, &form, visit.from, &visit.headers)
        .await?
    {
        Registration::Done { guardian, token } => {
            let mut response = onward(visit, guardian, command, begins).await?;
            visit.setting(&mut response, Cookie::Guardian, &token);
            Ok(response)
        }
        Registration::Wrong(faults) => {
            let view = GuardianView::Register(Box::new(model(form, command, faults)));
            Ok(visit.guardian_page(StatusCode::UNPROCESSABLE_ENTITY, view))
        }
        Registration::Stale => {
            let again =
                "この画面は古くなっていました。もう一度「登録して相談をはじめる」か「登録だけする」を押してください。";
            let faults = vec![("form".to_owned(), again.to_owned())];
            let view = GuardianView::Register(Box::new(model(form, visit.new_command(), faults)));
            Ok(visit.guardian_page(StatusCode::UNPROCESSABLE_ENTITY, view))
        }
    }
}

/// To the consultation that the family wants to begin, or was about to begin when it had to register first; else to the
/// front page.
async fn onward(
    visit: &Visit,
    guardian: GuardianId,
    command: CommandId,
    begins: bool,
) -> Result<Response, IdentityError> {
    if !begins && visit.identity.cookie(Cookie::Onward, &visit.headers).is_none() {
        return Ok(see("/"));
    }
    let mut response = begun(visit, guardian, command).await?;
    visit.clearing(&mut response, Cookie::Onward);
    Ok(response)
}

/// `POST /start`.
pub(crate) async fn start(visit: Visit, fields: Fields) -> Response {
    let outcome = async {
        let Some(command) = fields.command() else {
            return Ok(visit.unreadable());
        };
        match visit.identity.credential_of(&visit.headers, &visit.city.id).await? {
            Some(credential) => begun(&visit, credential.guardian, command).await,
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
        reaches: Reach::offered()
            .map(|reach| (reach.code().to_owned(), reach.label().to_owned()))
            .collect(),
        consents: Purpose::ALL.iter().map(item).collect(),
        passphrase: form.passphrase,
        reach: form.reach,
        institution: form.institution,
        recovery: form.recovery,
        draft: form.draft,
        faults,
        command: Some(command),
    }
}
