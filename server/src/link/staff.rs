//! Signing in, signing out and enrolling.

use super::{Visit, clipped, see};
use crate::identity::{Cookie, EnrolFault, IdentityError, OpenEnrolment, SignInFault, home_of};
use axum::{
    Form,
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use frontend::page::{
    Notice,
    staff::{Enrol, SignIn, StaffView},
};
use serde::Deserialize;

/// Why the sign-in page is shown, by code.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Why {
    why: String,
}

/// The sign-in form.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SignInFields {
    command: String,
    login: String,
    password: String,
    code: String,
}

/// The enrolment form.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EnrolFields {
    command: String,
    password: String,
    password_again: String,
    code: String,
}

/// `GET /staff/sign-in`; `?why=signed_out` and `?why=expired` say a sentence.
pub(crate) async fn show_sign_in(visit: Visit, Query(why): Query<Why>) -> Response {
    let outcome = async {
        if let Some(actor) = visit.identity.staff_of(&visit.headers).await? {
            return Ok(see(home_of(actor.staff.role)));
        }
        let hint = match why.why.as_str() {
            "signed_out" => Some("サインアウトしました。"),
            "expired" => Some("しばらく操作がなかったため、サインアウトしました。もう一度サインインしてください。"),
            _ => None,
        };
        let model = SignIn {
            hint: hint.map(str::to_owned),
            command: Some(visit.new_command()),
            ..SignIn::default()
        };
        Ok(visit.staff_page(StatusCode::OK, StaffView::SignIn(model)))
    };
    let outcome = outcome.await;
    visit.to_staff(outcome)
}

/// `POST /staff/sign-in`.
pub(crate) async fn sign_in(visit: Visit, Form(fields): Form<SignInFields>) -> Response {
    let SignInFields {
        command,
        login,
        password,
        code,
    } = fields.clone();
    let work = |visit: Visit| async move {
        let outcome = signed_in(&visit, &fields).await;
        visit.to_staff(outcome)
    };
    visit
        .once("/staff/sign-in", &command, &[&login, &password, &code], work)
        .await
}

async fn signed_in(visit: &Visit, fields: &SignInFields) -> Result<Response, IdentityError> {
    let before = visit.identity.cookie(Cookie::Staff, &visit.headers);
    let (identity, city) = (&visit.identity, &visit.city);
    let SignInFields {
        login, password, code, ..
    } = fields;
    let outcome = identity
        .sign_in(city, login, password, code, visit.from, before.as_deref())
        .await?;
    let fault = match outcome {
        Ok((role, token)) => {
            let mut response = see(home_of(role));
            visit.setting(&mut response, Cookie::Staff, &token);
            return Ok(response);
        }
        Err(fault) => fault,
    };
    if let Some(home) = identity.home_after_signing_in(city, login, &visit.headers).await? {
        return Ok(see(home));
    }
    let status = match fault {
        SignInFault::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        SignInFault::TooMany => StatusCode::TOO_MANY_REQUESTS,
    };
    let model = SignIn {
        login: clipped(login),
        fault: Some(fault.to_string()),
        hint: None,
        command: Some(visit.new_command()),
    };
    Ok(visit.staff_page(status, StaffView::SignIn(model)))
}

/// `POST /staff/sign-out`.
pub(crate) async fn sign_out(visit: Visit) -> Response {
    let outcome = async {
        visit.identity.sign_out(&visit.headers).await?;
        let mut response = see("/staff/sign-in?why=signed_out");
        visit.clearing(&mut response, Cookie::Staff);
        Ok(response)
    };
    let outcome = outcome.await;
    visit.to_staff(outcome)
}

/// `GET /staff/enrol/{token}`.
pub(crate) async fn show_enrolment(visit: Visit, Path(token): Path<String>) -> Response {
    let outcome = async {
        Ok(match visit.identity.open_enrolment(&visit.city, &token).await? {
            Some(open) => visit.staff_page(StatusCode::OK, form(&visit, &token, &open, None)),
            None => ended(&visit),
        })
    };
    let outcome = outcome.await;
    visit.to_staff(outcome)
}

/// `POST /staff/enrol/{token}`: spends the link and signs in.
pub(crate) async fn enrol(visit: Visit, Path(token): Path<String>, Form(fields): Form<EnrolFields>) -> Response {
    let (place, typed) = (format!("/staff/enrol/{token}"), fields.clone());
    let EnrolFields {
        command,
        password,
        password_again,
        code,
    } = typed;
    let work = |visit: Visit| async move {
        let outcome = enrolled(&visit, &token, &fields).await;
        visit.to_staff(outcome)
    };
    visit
        .once(&place, &command, &[&password, &password_again, &code], work)
        .await
}

async fn enrolled(visit: &Visit, token: &str, fields: &EnrolFields) -> Result<Response, IdentityError> {
    let Some(open) = visit.identity.open_enrolment(&visit.city, token).await? else {
        let home = visit
            .identity
            .home_after_enrolling(&visit.city, token, &visit.headers)
            .await?;
        return Ok(home.map_or_else(|| ended(visit), see));
    };
    let EnrolFields {
        password,
        password_again,
        code,
        ..
    } = fields;
    match visit.identity.enrol(&open, password, password_again, code).await? {
        Ok(session) => {
            let mut response = see(home_of(open.staff.role));
            visit.setting(&mut response, Cookie::Staff, &session);
            Ok(response)
        }
        Err(EnrolFault::Spent) => Ok(ended(visit)),
        Err(fault) => Ok(visit.staff_page(
            StatusCode::UNPROCESSABLE_ENTITY,
            form(visit, token, &open, Some(fault.to_string())),
        )),
    }
}

fn form(visit: &Visit, token: &str, open: &OpenEnrolment, fault: Option<String>) -> StaffView {
    StaffView::Enrol(Enrol {
        action: format!("/staff/enrol/{token}"),
        name: open.staff.addressed(),
        qr_svg: open.qr_svg.clone(),
        secret: open.secret.clone(),
        fault,
        command: Some(visit.new_command()),
    })
}

fn ended(visit: &Visit) -> Response {
    visit.staff_notice(Notice {
        status: 410,
        code: "enrolment_ended".to_owned(),
        title: "この登録リンクは使えません".to_owned(),
        text: "7日を過ぎたか、もう使われています。登録がすんでいる方は、サインインしてください。まだの方は、管理者に新しいリンクを頼んでください。"
            .to_owned(),
        link: Some(("/staff/sign-in".to_owned(), "サインイン".to_owned())),
        at: visit.identity.world.now(),
    })
}
