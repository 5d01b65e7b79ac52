//! A form that a hurried thumb sends twice, before the first answer brought its cookie.
//!
//! Promises: the same form of the same page, from the same browser, is carried out once within [`limits::FORM_AGAIN`]; the second
//! waits for the first and gets its very answer, cookie included; what has begun is finished although the browser, which
//! gives up the first request when the second goes out, no longer listens. A form is the same when the page's `command`, which
//! is made anew for every page that is shown, the address and everything typed are.
//!
//! Not here: commands of a consultation and registrations, which are remembered in the database. A second server knows nothing
//! of the first one's forms: there the second tap is told in words that the first was enough.

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use signaling::{limits, time::At};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::OnceCell;

/// Which form, from which browser, with what typed: a digest, since it holds passwords.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Form([u8; 32]);

impl Form {
    /// Nothing for a page that carried no command: each of its posts stands for itself.
    pub(crate) fn of(place: &str, command: &str, browser: &[u8], typed: &[&str]) -> Option<Self> {
        if command.is_empty() {
            return None;
        }
        let mut digest = Sha256::new();
        let parts = [place.as_bytes(), command.as_bytes(), browser];
        for part in parts.into_iter().chain(typed.iter().map(|part| part.as_bytes())) {
            digest.update(part.len().to_be_bytes());
            digest.update(part);
        }
        Some(Self(digest.finalize().into()))
    }
}

/// An answer that can be given again.
#[derive(Clone)]
struct Kept {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Kept {
    async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        // Our own page, whole in memory already.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Self {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }
}

impl IntoResponse for Kept {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

struct Posted {
    form: Form,
    at: At,
    answer: Arc<OnceCell<Kept>>,
}

/// What was posted a moment ago.
#[derive(Default)]
pub(crate) struct Recent(Mutex<VecDeque<Posted>>);

impl Recent {
    /// Carries out a form, or gives the answer that it got when it came first.
    pub(crate) async fn once<W>(&self, form: Option<Form>, now: At, work: W) -> Response
    where
        W: Future<Output = Response> + Send + 'static,
    {
        let Some(form) = form else { return work.await };
        let answer = self.answer_of(form, now);
        let carried_out = tokio::spawn(async move {
            answer
                .get_or_init(|| async { Kept::of(work.await).await })
                .await
                .clone()
        });
        match carried_out.await {
            Ok(kept) => kept.into_response(),
            // The layer around all handlers answers for panics.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    fn answer_of(&self, form: Form, now: At) -> Arc<OnceCell<Kept>> {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while recent
            .front()
            .is_some_and(|posted| posted.at + limits::FORM_AGAIN < now)
        {
            recent.pop_front();
        }
        if let Some(posted) = recent.iter().find(|posted| posted.form == form) {
            return Arc::clone(&posted.answer);
        }
        if recent.len() == limits::FORMS_REMEMBERED {
            recent.pop_front();
        }
        let answer = Arc::default();
        recent.push_back(Posted {
            form,
            at: now,
            answer: Arc::clone(&answer),
        });
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn form(typed: &str) -> Option<Form> {
        Form::of("/staff/sign-in", "one", b"Firefox", &[typed])
    }

    async fn post(recent: &Recent, form: Option<Form>, at: At, carried_out: &Arc<AtomicU32>) -> String {
        let carried_out = Arc::clone(carried_out);
        let work = async move { format!("{}", carried_out.fetch_add(1, Ordering::SeqCst)).into_response() };
        let response = recent.once(form, at, work).await;
        String::from_utf8(to_bytes(response.into_body(), 100).await.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn the_second_tap_gets_the_first_ones_answer() {
        let (recent, count) = (Recent::default(), Arc::default());
        assert_eq!(post(&recent, form("a"), At(0), &count).await, "0");
        assert_eq!(post(&recent, form("a"), At(0) + limits::FORM_AGAIN, &count).await, "0");
        let later = At(limits::FORM_AGAIN.0 + 1);
        assert_eq!(post(&recent, form("a"), later, &count).await, "1", "a new try");
    }

    #[tokio::test]
    async fn something_else_typed_or_a_page_without_a_command_is_another_form() {
        let (recent, count) = (Recent::default(), Arc::default());
        let none = Form::of("/staff/sign-in", "", b"Firefox", &["a"]);
        let elsewhere = Form::of("/staff/sign-in", "one", b"Safari", &["a"]);
        let moved = Form::of("/staff/sign-in", "one", b"Firefoxa", &[""]);
        for (place, form) in [form("a"), form("b"), none, none, elsewhere, moved]
            .into_iter()
            .enumerate()
        {
            assert_eq!(post(&recent, form, At(0), &count).await, place.to_string());
        }
    }

    #[tokio::test]
    async fn what_has_begun_is_finished_although_nobody_listens_any_more() {
        let recent = Recent::default();
        let (go, gate) = tokio::sync::oneshot::channel::<()>();
        let first = recent.once(form("a"), At(0), async move {
            let _ = gate.await;
            "first".into_response()
        });
        // The browser gives the first request up: its future is dropped after it began.
        let mut first = Box::pin(first);
        assert!(futures_util::poll!(&mut first).is_pending());
        drop(first);
        let second = recent.once(form("a"), At(1), async { "second".into_response() });
        let mut second = Box::pin(second);
        assert!(futures_util::poll!(&mut second).is_pending());
        go.send(()).unwrap();
        let body = to_bytes(second.await.into_body(), 100).await.unwrap();
        assert_eq!(body, "first");
    }

    #[tokio::test]
    async fn only_so_many_are_remembered() {
        let (recent, count) = (Recent::default(), Arc::default());
        for number in 0..=limits::FORMS_REMEMBERED {
            post(&recent, form(&number.to_string()), At(0), &count).await;
        }
        let all = limits::FORMS_REMEMBERED + 1;
        assert_eq!(post(&recent, form("1"), At(0), &count).await, "1");
        assert_eq!(
            post(&recent, form("0"), At(0), &count).await,
            all.to_string(),
            "forgotten"
        );
    }
}
