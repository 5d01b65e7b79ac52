//! Step 1 of the journey: the ways in. Registration, beginning a consultation, the door of a ticket on another device, the
//! family's own page; and for staff, signing in and enrolling.
//!
//! Every form works without scripts. GET shows, POST spends and answers 303 to a path of this desk; what is wrong with a
//! form comes back in the form, with 422 and a sentence by field. Nothing of what went wrong stands in an address.
//!
//! Not here: the front page and the ticket's own page, the layer that refuses posts from other sites.

mod door;
mod mine;
mod register;
mod staff;
mod twice;

pub use crate::render::{AsJson, Render};
pub(crate) use twice::Recent;

use crate::{
    identity::{Cookie, FromAddress, Identity, IdentityError},
    storage::{CityRow, TicketRow},
};
use axum::{
    Router,
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use frontend::page::{Notice, guardian::GuardianView, staff::StaffView};
use signaling::id::CommandId;

/// The routes of this step, for a state that holds an [`Identity`].
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Identity: FromRef<S>,
{
    Router::new()
        .route("/register", get(register::show).post(register::submit))
        .route("/start", post(register::start))
        .route("/e/{token}", get(door::show_link).post(door::enter_by_link))
        .route("/t/{ticket}/door", post(door::enter))
        .route(
            "/t/{ticket}/transfer",
            get(door::show_transfer).post(door::begin_transfer),
        )
        .route("/mine", get(mine::show))
        .route("/mine/revoke", post(mine::revoke))
        .route("/staff/sign-in", get(staff::show_sign_in).post(staff::sign_in))
        .route("/staff/sign-out", post(staff::sign_out))
        .route("/staff/enrol/{token}", get(staff::show_enrolment).post(staff::enrol))
}

/// A request to a municipality of this server.
pub(crate) struct Visit {
    identity: Identity,
    city: CityRow,
    from: FromAddress,
    headers: HeaderMap,
}

impl<S> FromRequestParts<S> for Visit
where
    S: Send + Sync,
    Identity: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let identity = Identity::from_ref(state);
        let from = parts.extensions.get::<FromAddress>().copied().unwrap_or_default();
        match identity.city_of(&parts.headers).await {
            Ok(Some(city)) => Ok(Self {
                identity,
                city,
                from,
                headers: parts.headers.clone(),
            }),
            Ok(None) => {
                let text = "このアドレスの相談窓口はありません。アドレスを確かめてください。";
                Err((StatusCode::MISDIRECTED_REQUEST, text).into_response())
            }
            Err(error) => {
                let notice = failure(&error.into(), &identity);
                Err((status(&notice), notice.text).into_response())
            }
        }
    }
}

impl Visit {
    fn guardian_page(&self, status: StatusCode, view: GuardianView) -> Response {
        self.identity.pages.guardian(status, view, &self.city.city())
    }

    fn staff_page(&self, status: StatusCode, view: StaffView) -> Response {
        self.identity.pages.staff(status, view, &self.city.city())
    }

    fn guardian_notice(&self, notice: Notice) -> Response {
        self.guardian_page(status(&notice), GuardianView::Notice(notice))
    }

    fn staff_notice(&self, notice: Notice) -> Response {
        self.staff_page(status(&notice), StaffView::Notice(notice))
    }

    /// The answer to a family, whatever happened. Pages of this step hold codes and credentials: no cache keeps them.
    fn to_guardian(&self, outcome: Result<Response, IdentityError>) -> Response {
        unstored(outcome.unwrap_or_else(|error| self.guardian_notice(failure(&error, &self.identity))))
    }

    /// The answer to staff.
    fn to_staff(&self, outcome: Result<Response, IdentityError>) -> Response {
        unstored(outcome.unwrap_or_else(|error| self.staff_notice(failure(&error, &self.identity))))
    }

    async fn ticket(&self, ticket: &str) -> Result<Option<TicketRow>, IdentityError> {
        Ok(self.identity.open_ticket(ticket, &self.city.id).await?)
    }

    fn no_such_ticket(&self) -> Response {
        self.guardian_notice(Notice {
            status: 404,
            code: "ticket_not_found".to_owned(),
            title: "このリンクは開けません".to_owned(),
            text: "リンクが途中で切れていないか、確かめてください。".to_owned(),
            link: Some(("/".to_owned(), "はじめのページへ".to_owned())),
            at: self.identity.world.now(),
        })
    }

    /// A form that our pages never send: it carries no usable command.
    fn unreadable(&self) -> Response {
        self.guardian_notice(Notice {
            status: 400,
            code: "bad_request".to_owned(),
            title: "送られた内容を読み取れませんでした".to_owned(),
            text: "前のページにもどって、もう一度送ってください。".to_owned(),
            link: Some(("/".to_owned(), "はじめのページへ".to_owned())),
            at: self.identity.world.now(),
        })
    }

    fn new_command(&self) -> CommandId {
        CommandId(self.identity.world.new_id())
    }

    /// Carries a form of a door out once, however often it is tapped.
    async fn once<W>(self, place: &str, command: &str, typed: &[&str], work: impl FnOnce(Self) -> W) -> Response
    where
        W: Future<Output = Response> + Send + 'static,
    {
        let host = self.headers.get(header::HOST).map_or(&[][..], HeaderValue::as_bytes);
        let agent = self
            .headers
            .get(header::USER_AGENT)
            .map_or(&[][..], HeaderValue::as_bytes);
        let form = twice::Form::of(place, command, &[host, b" ", agent].concat(), typed);
        let (recent, now) = (
            std::sync::Arc::clone(&self.identity.recent_forms),
            self.identity.world.now(),
        );
        recent.once(form, now, work(self)).await
    }

    fn setting(&self, response: &mut Response, cookie: Cookie, value: &str) {
        append(response, self.identity.setting(cookie, value));
    }

    fn clearing(&self, response: &mut Response, cookie: Cookie) {
        append(response, self.identity.clearing(cookie));
    }
}

fn append(response: &mut Response, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// 303 to a path of this desk.
fn see(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, location);
    response
}

fn unstored(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn status(notice: &Notice) -> StatusCode {
    StatusCode::from_u16(notice.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Logs the cause, once, and says what a person can do.
fn failure(error: &IdentityError, identity: &Identity) -> Notice {
    let busy = error.is_busy();
    if busy {
        tracing::warn!(target: "soudan::link", error = %error, "busy");
    } else {
        tracing::error!(target: "soudan::link", error = %error, cause = ?std::error::Error::source(error), "failed");
    }
    let (status, code, title) = if busy {
        (503, "busy", "いま混みあっています")
    } else {
        (500, "failed", "うまくいきませんでした")
    };
    Notice {
        status,
        code: code.to_owned(),
        title: title.to_owned(),
        text: "少し待ってから、もう一度お試しください。命にかかわる症状は、すぐに119へ。".to_owned(),
        link: Some(("/".to_owned(), "はじめのページへ".to_owned())),
        at: identity.world.now(),
    }
}

/// What is given back of a field that was far too long: enough to recognise it.
fn clipped(text: &str) -> String {
    text.chars().take(200).collect()
}
