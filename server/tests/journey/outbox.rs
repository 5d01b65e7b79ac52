//! Asked at any hour, answered in the morning: words and photos in the night, the promise before it is sent, and a family that is
//! told outside of the desk without a word of what was said.

use super::{photos::Sending, town::Town, waiting::evenings_only};
use crate::pictures;
use futures_util::future::BoxFuture;
use server::{
    outbox::{Channel, ChannelError, TestFile, tell_all},
    storage::{Audience, NoticeRow},
};
use signaling::{consultation::Command, id::ConsultationId, time::Millis};
use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};

/// What staff who have no page open are told of a consultation.
pub(super) async fn told_staff(town: &Town, of: ConsultationId) -> Vec<String> {
    told(town, Audience::Staff, of).await
}

/// What a family that is not on its page is told.
pub(super) async fn told_family(town: &Town, of: ConsultationId) -> Vec<String> {
    told(town, Audience::Family, of).await
}

async fn told(town: &Town, audience: Audience, of: ConsultationId) -> Vec<String> {
    let all = town.app.store.unsent_notices(audience, 100).await.expect("read");
    let here = all.into_iter().filter(|notice| notice.consultation == of);
    here.map(|notice| notice.kind).collect()
}

/// A channel to families that can be out of order.
#[derive(Default)]
struct Post {
    told: Mutex<Vec<NoticeRow>>,
    broken: AtomicBool,
}

impl Channel for Post {
    fn audiences(&self) -> &'static [Audience] {
        &[Audience::Family]
    }

    fn tell<'a>(&'a self, notice: &'a NoticeRow) -> BoxFuture<'a, Result<(), ChannelError>> {
        Box::pin(async move {
            if self.broken.load(Ordering::Relaxed) {
                return Err(std::io::Error::other("out of order").into());
            }
            self.told.lock().expect("whole").push(notice.clone());
            Ok(())
        })
    }
}

impl Post {
    fn kinds(&self) -> Vec<String> {
        let told = self.told.lock().expect("whole");
        told.iter().map(|notice| notice.kind.clone()).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_asks_in_the_night_with_a_photo_and_is_told_in_the_morning_that_there_is_an_answer() {
    let town = Town::new().await;
    evenings_only(&town).await;
    town.turn(Millis::hours(8));
    let mut guardian = town.guardian();
    guardian.registers().await;
    guardian.sends_intake("首の後ろに赤いぶつぶつが出ています").await;
    let page = guardian.opens_ticket().await;
    assert!(page.body.contains("までに返信します"), "{}", page.body);
    let sending = Sending::to(&guardian.path, &town.command(), pictures::jpeg(800, 600));
    assert_eq!(sending.whole(&mut guardian.browser, "首の後ろ").await.status, 201);
    guardian.says_by_form("寝る前からです").await;
    // The morning.
    town.turn(Millis::hours(15));
    let mut doctor = town.clinician("佐藤").await;
    let consultation = doctor.takes_next().await.expect("it waits");
    let at_desk = Sending::to(&format!("/desk/consultations/{consultation}"), &sending.id, Vec::new());
    assert_eq!(at_desk.sees(&mut doctor.browser, "").await.status, 200);
    doctor.says(consultation, "あせものようです。着替えを多めに。").await;
    let post = Post::default();
    assert_eq!(tell_all(&town.app.spine, &post).await.expect("told"), 2);
    assert_eq!(post.kinds(), ["claimed", "answered"]);
    assert_eq!(tell_all(&town.app.spine, &post).await.expect("told"), 0, "each once");
    let answered = guardian.opens_ticket().await;
    assert!(answered.body.contains("あせものようです"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_that_fails_loses_nothing_and_goes_on_where_it_stood() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let _guardian = town.waiting_guardian("熱").await;
    let consultation = doctor.takes_next().await.expect("it waits");
    let post = Post::default();
    post.broken.store(true, Ordering::Relaxed);
    tell_all(&town.app.spine, &post).await.expect_err("out of order");
    doctor.says(consultation, "どうしましたか").await;
    doctor.does(consultation, Command::AskPhoto).await.expect("asked");
    post.broken.store(false, Ordering::Relaxed);
    assert_eq!(tell_all(&town.app.spine, &post).await.expect("told"), 3);
    assert_eq!(post.kinds(), ["claimed", "answered", "photo_wished"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_test_channel_writes_that_something_happened_and_no_word_of_it() {
    use std::os::unix::fs::PermissionsExt;
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let guardian = town.waiting_guardian("だれにも言わないで").await;
    let consultation = doctor.takes_next().await.expect("it waits");
    doctor.says(consultation, "秘密のことば").await;
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("notices.jsonl");
    tell_all(&town.app.spine, &TestFile(path.clone())).await.expect("told");
    let written = std::fs::read_to_string(&path).expect("it is there");
    assert_eq!(written.lines().count(), 2);
    assert!(written.contains("answered") && written.contains(&consultation.to_string()));
    for word in ["秘密", "だれにも", "佐藤", &guardian.path[3..]] {
        assert!(!written.contains(word), "{word}");
    }
    let mode = std::fs::metadata(&path).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_without_a_page_is_told_to_open_the_desk_and_no_family_is_told_of_it() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let _guardian = town.waiting_guardian("だれにも言わないで").await;
    let consultation = doctor.takes_next().await.expect("it waits");
    let command = town.command().to_string();
    let raise = [
        ("command", command.as_str()),
        ("go", "raise"),
        ("facts", "左うでに古いあざが3つ"),
    ];
    let path = format!("/concerns/{consultation}");
    assert_eq!(doctor.browser.posts(&path, &raise).await.leads_to(), path);
    let post = Post::default();
    tell_all(&town.app.spine, &post).await.expect("told");
    assert_eq!(post.kinds(), ["claimed"]);
    assert_eq!(told_staff(&town, consultation).await, ["supervisor_concern"]);

    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("notices.jsonl");
    assert_eq!(
        tell_all(&town.app.spine, &TestFile(path.clone())).await.expect("told"),
        1
    );
    let written = std::fs::read_to_string(&path).expect("it is there");
    let line: serde_json::Value = serde_json::from_str(&written).expect("one line");
    assert_eq!(
        (&line["audience"], &line["kind"]),
        (&"staff".into(), &"supervisor_concern".into())
    );
    let words = "監督者の対応が必要な相談があります。相談デスクを開いてください。";
    assert_eq!(line["words"], words);
    for word in ["あざ", "だれにも", "佐藤", "気になる"] {
        assert!(!written.contains(word), "{word}");
    }
}
