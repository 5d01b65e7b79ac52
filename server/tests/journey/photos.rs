//! Photos on their way: from a page, in parts, over lines that drop; and who sees them.

use super::{
    actors::Guardian,
    browser::{Answer, Browser, Pages},
    openings::{events, in_consultation},
    town::Town,
};
use crate::pictures::{gives_away, held, jpeg, png, stands_upright};
use signaling::{
    consultation::{Command, Speaker, WireKind},
    id::{ConsultationId, PhotoId},
    limits,
    time::Millis,
    view::{LineKind, Thread},
};

/// A photo that is sent by somebody's script, to a family's ticket or to the desk.
pub(crate) struct Sending {
    pub(crate) photos: String,
    pub(crate) id: String,
    pub(crate) file: Vec<u8>,
}

impl Sending {
    pub(crate) fn to(path: &str, id: &impl ToString, file: Vec<u8>) -> Self {
        Self {
            photos: format!("{path}/photos"),
            id: id.to_string(),
            file,
        }
    }

    pub(crate) async fn puts(&self, browser: &mut Browser, range: &str, body: &[u8]) -> Answer {
        let (origin, path) = (browser.origin(), format!("{}/{}", self.photos, self.id));
        let headers = [("origin", origin.as_str()), ("content-range", range)];
        browser
            .sends_bytes("PUT", &path, "application/octet-stream", &headers, body)
            .await
    }

    /// The bytes from `from` to before `until`.
    pub(crate) async fn part(&self, browser: &mut Browser, from: usize, until: usize) -> Answer {
        let range = format!("bytes {from}-{}/{}", until - 1, self.file.len());
        self.puts(browser, &range, &self.file[from..until]).await
    }

    pub(crate) async fn asks(&self, browser: &mut Browser) -> Answer {
        self.puts(browser, &format!("bytes */{}", self.file.len()), b"").await
    }

    pub(crate) async fn all_parts(&self, browser: &mut Browser) -> Answer {
        let mut from = 0;
        loop {
            let until = (from + limits::PHOTO_PART_BYTES).min(self.file.len());
            let answer = self.part(browser, from, until).await;
            if answer.status != 200 || until == self.file.len() {
                return answer;
            }
            from = until;
        }
    }

    pub(crate) async fn last_word(&self, browser: &mut Browser, caption: &str) -> Answer {
        let fields = [("photo", self.id.as_str()), ("caption", caption)];
        browser.posts(&self.photos, &fields).await
    }

    pub(crate) async fn whole(&self, browser: &mut Browser, caption: &str) -> Answer {
        let answer = self.all_parts(browser).await;
        match answer.status {
            200 => self.last_word(browser, caption).await,
            _ => answer,
        }
    }

    pub(crate) async fn sees(&self, browser: &mut Browser, view: &str) -> Answer {
        browser.opens(&format!("{}/{}{view}", self.photos, self.id)).await
    }
}

/// The form of a page without script.
pub(crate) async fn posts_page(family: &mut Guardian, command: &str, caption: &str, file: &[u8]) -> Answer {
    posts_with_file(family, "photos", &[("command", command), ("caption", caption)], file).await
}

/// A form of the ticket with a file in it.
pub(crate) async fn posts_with_file(family: &mut Guardian, form: &str, fields: &[(&str, &str)], file: &[u8]) -> Answer {
    let field = |(name, value): &(&str, &str)| {
        format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let fields: String = fields.iter().map(field).collect();
    let head = fields
        + "--edge\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"IMG_0001.HEIC\"\r\n\
           content-type: image/heic\r\n\r\n";
    let body = [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
    let (path, origin) = (format!("{}/{form}", family.path), family.browser.origin());
    let kind = "multipart/form-data; boundary=edge";
    let headers = [("origin", origin.as_str())];
    family.browser.sends_bytes("POST", &path, kind, &headers, &body).await
}

pub(crate) fn number(answer: &Answer, name: &str) -> Option<u64> {
    serde_json::from_str::<serde_json::Value>(&answer.body).ok()?[name].as_u64()
}

pub(crate) fn code(answer: &Answer) -> String {
    let told: serde_json::Value = serde_json::from_str(&answer.body).unwrap_or_default();
    assert!(
        told["text"].as_str().is_some_and(|text| text.ends_with('。')),
        "{answer:?}"
    );
    told["code"].as_str().unwrap_or_default().to_owned()
}

fn photos_of(thread: &Thread) -> Vec<(Speaker, PhotoId, Option<String>)> {
    let lines = thread.lines.iter();
    let photos = lines.filter_map(|line| match &line.kind {
        LineKind::Photo {
            speaker,
            photo,
            caption,
            ..
        } => Some((speaker.clone(), *photo, caption.clone())),
        _ => None,
    });
    photos.collect()
}

/// What of photos is stored for a consultation: whole ones, and parts.
pub(crate) async fn stored(town: &Town, consultation: ConsultationId) -> (i64, i64) {
    let mut connection = town.app.store.read().await.expect("a connection");
    let mut count = async |sql: &'static str| -> i64 {
        let counted = sqlx::query_scalar(sql).bind(consultation.to_string());
        counted.fetch_one(&mut *connection).await.expect("counted")
    };
    (
        count("SELECT COUNT(*) FROM photos WHERE consultation_id = $1").await,
        count("SELECT COUNT(*) FROM photo_parts WHERE consultation_id = $1").await,
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_in_parts_reaches_both_sides_upright_and_without_its_place() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let file = held(&jpeg(3000, 2000), 1);
    assert!(gives_away(&file));
    let sending = Sending::to(&guardian.path, &town.command(), file);
    let answer = sending.whole(&mut guardian.browser, "背中です").await;
    assert_eq!(answer.status, 201, "{answer:?}");
    guardian
        .live()
        .sees(consultation, "the photo", |log| photos_of(&log.thread()).len() == 1)
        .await;
    doctor
        .live()
        .sees(consultation, "the photo", |log| {
            photos_of(&log.thread())
                .iter()
                .any(|(_, _, caption)| caption.as_deref() == Some("背中です"))
        })
        .await;
    let at_desk = Sending::to(&format!("/desk/consultations/{consultation}"), &sending.id, Vec::new());
    for view in ["", "/small"] {
        for answer in [
            sending.sees(&mut guardian.browser, view).await,
            at_desk.sees(&mut doctor.browser, view).await,
        ] {
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("content-type"), Some("image/jpeg"));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert!(stands_upright(&answer.bytes) && !gives_away(&answer.bytes));
        }
    }
    assert_eq!(stored(&town, consultation).await, (1, 0), "no part is left");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_is_sent_by_a_page_without_script_and_a_second_tap_sends_nothing() {
    let town = Town::new().await;
    let (mut guardian, _doctor, consultation) = in_consultation(&town).await;
    let page = guardian.opens_ticket().await;
    assert!(page.body.contains("enctype=\"multipart/form-data\""));
    assert!(page.body.contains("accept=\"image/jpeg,image/png,image/webp\""));
    let command = town.command().to_string();
    // What the sender calls it does not count.
    for _ in 0..2 {
        let answer = posts_page(&mut guardian, &command, "腕", &png(800, 600)).await;
        assert_eq!(answer.leads_to(), guardian.path);
    }
    assert_eq!(stored(&town, consultation).await, (1, 0));
    let page = guardian.opens_ticket().await;
    assert!(page.body.contains(&format!("{}/photos/{command}/small", guardian.path)));
    let photos = page.live().events.into_iter();
    assert_eq!(
        photos
            .filter(|event| matches!(event.kind, WireKind::Photo { .. }))
            .count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_drops_costs_one_part_and_what_comes_twice_counts_once() {
    let town = Town::new().await;
    let (mut guardian, _doctor, consultation) = in_consultation(&town).await;
    let sending = Sending::to(&guardian.path, &town.command(), png(1200, 900));
    let total = sending.file.len();
    let third = total / 3;
    let family = &mut guardian.browser;
    assert_eq!(number(&sending.asks(family).await, "received"), Some(0));
    for _ in 0..2 {
        let answer = sending.part(family, 0, third).await;
        assert_eq!((answer.status, number(&answer, "received")), (200, Some(third as u64)));
    }
    // A part too far: told from where to go on.
    let ahead = sending.part(family, 2 * third, total).await;
    assert_eq!((ahead.status, code(&ahead).as_str()), (409, "out_of_step"));
    assert_eq!(number(&ahead, "received"), Some(third as u64));
    let early = sending.last_word(family, "").await;
    assert_eq!((early.status, code(&early).as_str()), (409, "out_of_step"));
    // The tunnel ends; another minute, another connection.
    town.turn(Millis::minutes(20));
    assert_eq!(number(&sending.asks(family).await, "received"), Some(third as u64));
    sending.part(family, third, 2 * third).await;
    let end = sending.part(family, 2 * third, total).await;
    assert_eq!(number(&end, "received"), Some(total as u64));
    let first = sending.last_word(family, "").await;
    let again = sending.last_word(family, "ちがうことば").await;
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(number(&first, "seq"), number(&again, "seq"));
    let late = sending.asks(family).await;
    assert_eq!(
        number(&late, "seq"),
        number(&first, "seq"),
        "a lost answer is given again"
    );
    assert_eq!(stored(&town, consultation).await, (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_sides_send_and_a_photo_is_asked_for_until_one_comes() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    doctor.does(consultation, Command::AskPhoto).await.expect("asked");
    let page = guardian.opens_ticket().await;
    assert!(page.body.contains("capture=\"environment\""));
    assert!(Thread::of(&page.live().events).photo_wished);
    let desk = format!("/desk/consultations/{consultation}");
    let shown = Sending::to(&desk, &town.command(), png(300, 200));
    assert_eq!(shown.whole(&mut doctor.browser, "このあたり").await.status, 201);
    assert!(Thread::of(&guardian.opens_ticket().await.live().events).photo_wished);
    let sent = Sending::to(&guardian.path, &town.command(), png(300, 200));
    assert_eq!(sent.whole(&mut guardian.browser, "").await.status, 201);
    let thread = Thread::of(&guardian.opens_ticket().await.live().events);
    assert!(!thread.photo_wished);
    let by = photos_of(&thread).into_iter().map(|(by, _, _)| by == Speaker::Guardian);
    assert_eq!(by.collect::<Vec<_>>(), [false, true]);
    let seen = Sending::to(&guardian.path, &shown.id, Vec::new());
    assert_eq!(seen.sees(&mut guardian.browser, "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn photos_are_for_those_who_take_part_and_a_supervisor_is_written_down_before() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let sending = Sending::to(&guardian.path, &town.command(), png(300, 200));
    assert_eq!(sending.whole(&mut guardian.browser, "").await.status, 201);
    let at_desk = Sending::to(&format!("/desk/consultations/{consultation}"), &sending.id, Vec::new());
    let mut colleague = town.clinician("鈴木").await;
    let refused = at_desk.sees(&mut colleague.browser, "").await;
    assert_eq!((refused.status, code(&refused).as_str()), (404, "no_such_photo"));
    let mut supervisor = town.supervisor("田中").await;
    assert_eq!(
        at_desk.sees(&mut supervisor.browser, "").await.status,
        403,
        "the desk is the clinicians'"
    );
    let review = Sending::to(&format!("/logs/{consultation}"), &sending.id, Vec::new());
    assert_eq!(review.sees(&mut supervisor.browser, "").await.status, 200);
    let looks = town.app.spine.looks(consultation).await.expect("read");
    assert!(
        looks
            .iter()
            .any(|look| look.what == "photo" && look.who.contains("田中"))
    );
    let replay = supervisor.replays(consultation).await;
    assert!(replay.body.contains("写真を見た") && replay.body.contains(&format!("/photos/{}", sending.id)));
    assert!(!replay.body.contains("<img"), "every look at a photo is one of its own");
    doctor.signs_note_and_closes(consultation).await;
    assert_eq!(
        at_desk.sees(&mut doctor.browser, "").await.status,
        200,
        "they had it last"
    );
    assert_eq!(sending.sees(&mut guardian.browser, "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn photos_go_with_the_key_of_their_consultation() {
    let town = Town::new().await;
    let (mut guardian, _doctor, consultation) = in_consultation(&town).await;
    let sending = Sending::to(&guardian.path, &town.command(), png(300, 200));
    assert_eq!(sending.whole(&mut guardian.browser, "ことば").await.status, 201);
    let half = Sending::to(&guardian.path, &town.command(), png(300, 200));
    half.part(&mut guardian.browser, 0, 100).await;
    assert_eq!(stored(&town, consultation).await, (1, 1));
    town.app.spine.erase_content(consultation).await.expect("erased");
    assert_eq!(stored(&town, consultation).await, (0, 0));
    assert_eq!(sending.sees(&mut guardian.browser, "").await.status, 404);
    let next = half.part(&mut guardian.browser, 0, 100).await;
    assert_eq!((next.status, code(&next).as_str()), (422, "ended"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_no_further_is_put_away_and_the_oldest_first() {
    let town = Town::new().await;
    let (mut guardian, _doctor, consultation) = in_consultation(&town).await;
    for _ in 0..=limits::PHOTOS_UNFINISHED {
        let sending = Sending::to(&guardian.path, &town.command(), png(300, 200));
        assert_eq!(sending.part(&mut guardian.browser, 0, 100).await.status, 200);
        town.turn(Millis::seconds(1));
    }
    let kept = i64::try_from(limits::PHOTOS_UNFINISHED).expect("small");
    assert_eq!(stored(&town, consultation).await, (0, kept));
    town.turn(limits::PHOTO_PARTS_KEPT);
    town.turn(Millis::seconds(1));
    server::timers::sweep(&town.app.spine).await.expect("swept");
    assert_eq!(stored(&town, consultation).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_go_on_while_photos_are_made() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let before = events(&town, consultation).await;
    let desk = format!("/desk/consultations/{consultation}");
    let mut sendings = Vec::new();
    for _ in 0..limits::PHOTOS_UNFINISHED {
        for (path, browser) in [(&guardian.path, &guardian.browser), (&desk, &doctor.browser)] {
            let sending = Sending::to(path, &town.command(), jpeg(2400, 1800));
            sendings.push((sending, browser.clone()));
        }
    }
    let count = sendings.len() as u64;
    let all = sendings.iter_mut().map(|(sending, browser)| sending.whole(browser, ""));
    let (answers, ()) = tokio::join!(futures_util::future::join_all(all), async {
        guardian.says("写真を送っています").await;
        doctor.hears(consultation, "写真を送っています").await;
    });
    assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    assert_eq!(events(&town, consultation).await, before + count + 1);
}
