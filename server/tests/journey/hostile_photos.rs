//! Photos by those who mean no good: refused with a code and a sentence, nothing stored, nothing given away, and the conversation
//! goes on.

use super::{
    openings::{events, in_consultation, is_alive},
    photos::{Sending, code, number, posts_page, stored},
    town::Town,
};
use crate::pictures;
use signaling::{
    consultation::{Command, Refusal},
    limits,
    photo::PhotoFault,
};
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_files_are_refused_by_their_code_and_leave_nothing() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let before = events(&town, consultation).await;
    let whole = pictures::jpeg(640, 480);
    let bad = [
        ("heic", pictures::heic()),
        ("kind", pictures::gif()),
        (
            "kind",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(),
        ),
        ("kind", b"%PDF-1.7 and more than twelve bytes".to_vec()),
        ("kind", [&[0_u8; 8], whole.as_slice()].concat()),
        ("unreadable", whole[..whole.len() / 2].to_vec()),
        ("unreadable", pictures::jpeg_of_scans(1_000)),
        ("unreadable", [&b"\x89PNG\r\n\x1a\n"[..], &whole].concat()),
        ("unreadable", pictures::webp(64, 64)[..40].to_vec()),
        ("too_many_pixels", pictures::png_that_claims(12_000, 9_000)),
        ("too_many_pixels", pictures::jpeg_that_claims(12_000, 9_000)),
        ("too_many_pixels", pictures::png_that_claims(1, 60_000)),
        ("too_many_pixels", pictures::png_that_claims(0x7FFF_FFFF, 0x7FFF_FFFF)),
    ];
    for (expected, file) in bad {
        let by_desk = Sending::to(
            &format!("/desk/consultations/{consultation}"),
            &town.command(),
            file.clone(),
        );
        let answer = by_desk.whole(&mut doctor.browser, "").await;
        assert_eq!(code(&answer), expected);
        let by_family = Sending::to(&guardian.path, &town.command(), file.clone());
        let answer = by_family.whole(&mut guardian.browser, "").await;
        assert_eq!((answer.status, code(&answer).as_str()), (422, expected));
        assert_eq!(by_family.sees(&mut guardian.browser, "").await.status, 404);
        // And on a page: the sentence, and the conversation around it.
        let page = posts_page(&mut guardian, &town.command().to_string(), "", &file).await;
        assert_eq!(page.status, 422);
        let fault: PhotoFault = serde_json::from_value(expected.into()).expect("a fault");
        assert!(page.body.contains(&fault.to_string()), "{expected}");
        assert_eq!(stored(&town, consultation).await, (0, 0), "{expected}");
    }
    assert_eq!(events(&town, consultation).await, before);
    guardian.says("まだつながっています").await;
    let good = Sending::to(&guardian.path, &town.command(), whole);
    assert_eq!(good.whole(&mut guardian.browser, "").await.status, 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_a_script_and_an_archive_in_one_file_come_out_as_pixels() {
    let town = Town::new().await;
    let (mut guardian, _doctor, _) = in_consultation(&town).await;
    for picture in [
        pictures::jpeg(64, 64),
        pictures::png(64, 64),
        pictures::transparent_png(64, 64),
    ] {
        let file = pictures::polyglot(&picture);
        assert!(pictures::gives_away(&file));
        let sending = Sending::to(&guardian.path, &town.command(), file);
        assert_eq!(sending.whole(&mut guardian.browser, "").await.status, 201);
        for view in ["", "/small"] {
            let answer = sending.sees(&mut guardian.browser, view).await;
            assert_eq!(answer.status, 200);
            assert!(!pictures::gives_away(&answer.bytes));
            assert_eq!(
                answer.header("content-security-policy"),
                Some("default-src 'none'; frame-ancestors 'none'")
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_is_told_before_it_is_sent_and_while_it_is_read() {
    let town = Town::new().await;
    let (mut guardian, _doctor, consultation) = in_consultation(&town).await;
    let head = pictures::jpeg(64, 64)[..100].to_vec();
    let sending = Sending::to(&guardian.path, &town.command(), head.clone());
    let family = &mut guardian.browser;
    let told = sending
        .puts(family, &format!("bytes 0-99/{}", limits::PHOTO_BYTES + 1), &head)
        .await;
    assert_eq!((told.status, code(&told).as_str()), (413, "too_large"));
    let part = vec![0xFF; limits::PHOTO_PART_BYTES + 1];
    let range = format!("bytes 0-{}/{}", part.len() - 1, limits::PHOTO_BYTES);
    assert_eq!(sending.puts(family, &range, &part).await.status, 413);
    let file = [head, vec![0; limits::PHOTO_BYTES]].concat();
    let page = posts_page(&mut guardian, &town.command().to_string(), "", &file).await;
    assert!(matches!(page.status, 413 | 422), "{}", page.status);
    assert_eq!(stored(&town, consultation).await, (0, 0));
    is_alive(&town).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ranges_that_lie_change_nothing() {
    let town = Town::new().await;
    let (mut guardian, _doctor, consultation) = in_consultation(&town).await;
    let file = pictures::png(300, 200);
    let total = file.len();
    let sending = Sending::to(&guardian.path, &town.command(), file.clone());
    let family = &mut guardian.browser;
    for range in [
        "",
        "bytes",
        "bytes 0-99",
        "bytes 99-0/200",
        "bytes 0-99/99",
        "bytes -1-99/200",
        "pixels 0-99/200",
        "bytes 0-99/99999999999999999999999",
    ] {
        let answer = sending.puts(family, range, &file[..100]).await;
        assert_eq!((answer.status, code(&answer).as_str()), (409, "out_of_step"), "{range}");
    }
    for body in [&file[..99], &file[..101], b""] {
        let answer = sending.puts(family, &format!("bytes 0-99/{total}"), body).await;
        assert_eq!(code(&answer), "out_of_step", "{} bytes", body.len());
    }
    assert_eq!(stored(&town, consultation).await, (0, 0));
    // The whole may not change its size on the way.
    sending.part(family, 0, 100).await;
    let other = format!("bytes 100-199/{}", total + 1);
    let answer = sending.puts(family, &other, &file[100..200]).await;
    assert_eq!((answer.status, number(&answer, "received")), (409, Some(100)));
    assert_eq!(stored(&town, consultation).await, (0, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_is_cut_off_stores_nothing_and_its_ticket_goes_on() {
    use tokio::io::AsyncWriteExt;
    let town = Town::new().await;
    let (mut guardian, _doctor, consultation) = in_consultation(&town).await;
    let head = format!(
        "POST {}/photos HTTP/1.1\r\nhost: {}\r\norigin: {}\r\ncookie: {}\r\ncontent-length: 900000\r\n\
         content-type: multipart/form-data; boundary=edge\r\n\r\n--edge\r\n\
         content-disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n",
        guardian.path,
        guardian.browser.host,
        guardian.browser.origin(),
        guardian.browser.cookie_line()
    );
    for _ in 0..=limits::PHOTOS_IN_HAND {
        let mut stream = tokio::net::TcpStream::connect(town.address)
            .await
            .expect("the server listens");
        stream.write_all(head.as_bytes()).await.expect("sent");
        stream.write_all(&pictures::jpeg(64, 64)).await.expect("sent");
        drop(stream);
    }
    // More than fit at once were begun and dropped: their room is given back.
    let good = Sending::to(&guardian.path, &town.command(), pictures::jpeg(64, 64));
    let mut answer = good.whole(&mut guardian.browser, "").await;
    while answer.status == 503 {
        assert_eq!(code(&answer), "busy");
        tokio::task::yield_now().await;
        answer = good.whole(&mut guardian.browser, "").await;
    }
    assert_eq!(answer.status, 201);
    assert_eq!(stored(&town, consultation).await, (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_reaches_anothers_photo_by_its_id() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let id = town.command();
    let mine = Sending::to(&guardian.path, &id, pictures::jpeg(64, 64));
    assert_eq!(mine.whole(&mut guardian.browser, "わたしの").await.status, 201);
    let mut other = town.waiting_guardian("べつの家族").await;
    // The same id at another ticket is another photo, which is not there.
    let theirs = Sending::to(&other.path, &id, pictures::png(32, 32));
    assert_eq!(theirs.sees(&mut other.browser, "").await.status, 404);
    assert_eq!(number(&theirs.asks(&mut other.browser).await, "received"), Some(0));
    let answer = theirs.last_word(&mut other.browser, "").await;
    assert_eq!((answer.status, code(&answer).as_str()), (409, "out_of_step"));
    assert_eq!(theirs.whole(&mut other.browser, "").await.status, 201);
    assert_eq!(stored(&town, other.consultation()).await, (1, 0));
    assert_eq!(stored(&town, consultation).await, (1, 0));
    let unchanged = mine.sees(&mut guardian.browser, "").await;
    assert_eq!(pictures_size(&unchanged.bytes), (64, 64));
    // A ticket without its cookie is a door, whatever stands behind it.
    let door = mine.sees(&mut other.browser, "").await;
    assert_ne!(door.header("content-type"), Some("image/jpeg"));
    let part = Sending::to(&guardian.path, &town.command(), pictures::jpeg(64, 64));
    let answer = part.part(&mut other.browser, 0, 100).await;
    assert_eq!((answer.status, code(&answer).as_str()), (403, "signed_out"));
    // The desk may not take the family's id, nor go on with what the family began.
    let desk = format!("/desk/consultations/{consultation}");
    let taken = Sending::to(&desk, &id, pictures::jpeg(64, 64))
        .whole(&mut doctor.browser, "")
        .await;
    assert_eq!((taken.status, code(&taken).as_str()), (409, "taken"));
    part.part(&mut guardian.browser, 0, 100).await;
    let by_desk = Sending::to(&desk, &part.id, pictures::jpeg(64, 64));
    assert_eq!(number(&by_desk.asks(&mut doctor.browser).await, "received"), Some(0));
    assert_eq!(stored(&town, consultation).await, (1, 1));
}

fn pictures_size(bytes: &[u8]) -> (u32, u32) {
    let picture = image::load_from_memory(bytes).expect("a picture");
    (picture.width(), picture.height())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_other_cities_and_other_sites_are_refused() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let mine = Sending::to(&guardian.path, &town.command(), pictures::jpeg(64, 64));
    assert_eq!(mine.whole(&mut guardian.browser, "").await.status, 201);
    let desk = format!("/desk/consultations/{consultation}");
    let mut stranger = town.browser("hino.test");
    let mut there = guardian.browser.at("tama.test");
    for sending in [
        Sending::to(&guardian.path, &mine.id, mine.file.clone()),
        Sending::to(&desk, &mine.id, mine.file.clone()),
        Sending::to(&format!("/logs/{consultation}"), &mine.id, Vec::new()),
    ] {
        for browser in [&mut stranger, &mut there] {
            let answer = sending.sees(browser, "").await;
            assert_ne!(answer.header("content-type"), Some("image/jpeg"));
        }
    }
    let of_tama = town
        .reader("tama", "多摩の監督", signaling::actor::Role::Supervisor)
        .await;
    let mut browser = of_tama.browser;
    let review = Sending::to(&format!("/logs/{consultation}"), &mine.id, Vec::new());
    assert_eq!(review.sees(&mut browser, "").await.status, 404);
    assert!(
        town.app
            .spine
            .looks(consultation)
            .await
            .expect("read")
            .iter()
            .all(|look| look.what != "photo")
    );
    let path = format!("{}/{}", mine.photos, town.command());
    for headers in [vec![], vec![("origin", "https://evil.example")]] {
        let kind = "application/octet-stream";
        let answer = doctor
            .browser
            .sends_bytes("PUT", &path, kind, &headers, &mine.file)
            .await;
        assert_eq!(answer.status, 403);
    }
    for bad in ["x", "..%2f..%2fetc", "00000000-0000-0000-0000-000000000000"] {
        assert_eq!(
            Sending::to(&guardian.path, &bad, Vec::new())
                .sees(&mut guardian.browser, "")
                .await
                .status,
            404
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn overlong_words_one_too_many_and_what_is_over_are_refused_before_anything_is_made() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let file = pictures::png(8, 8);
    let sending = Sending::to(&guardian.path, &town.command(), file.clone());
    let long = "あ".repeat(limits::CAPTION_CHARS + 1);
    let answer = sending.whole(&mut guardian.browser, &long).await;
    assert_eq!((answer.status, code(&answer).as_str()), (422, "too_long"));
    assert_eq!(
        stored(&town, consultation).await,
        (0, 1),
        "the parts stay: other words may come"
    );
    assert_eq!(sending.last_word(&mut guardian.browser, "みじかく").await.status, 201);
    for _ in 1..limits::PHOTOS_PER_CONSULTATION {
        let one = Sending::to(&guardian.path, &town.command(), file.clone());
        assert_eq!(one.whole(&mut guardian.browser, "").await.status, 201);
    }
    let more = Sending::to(&guardian.path, &town.command(), file.clone());
    let answer = more.part(&mut guardian.browser, 0, 10).await;
    assert_eq!((answer.status, code(&answer).as_str()), (422, "too_many"));
    assert_eq!(guardian.does(Command::AskPhoto).await, Err(Refusal::NotAllowed));
    guardian.says("文字は送れます").await;
    doctor.signs_note_and_closes(consultation).await;
    let late = Sending::to(&guardian.path, &town.command(), file);
    let answer = late.whole(&mut guardian.browser, "").await;
    assert_eq!((answer.status, code(&answer).as_str()), (422, "ended"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_city_whose_day_is_full_takes_photos_again_on_the_next() {
    let town = Town::new().await;
    let (mut guardian, _doctor, consultation) = in_consultation(&town).await;
    fills(&town, "hino").await;
    let sending = Sending::to(&guardian.path, &town.command(), pictures::png(300, 200));
    let answer = sending.whole(&mut guardian.browser, "").await;
    assert_eq!((answer.status, code(&answer).as_str()), (503, "city_full"));
    let page = posts_page(&mut guardian, &town.command().to_string(), "", &sending.file).await;
    assert_eq!(page.status, 422);
    assert_eq!(stored(&town, consultation).await, (0, 0));
    guardian.says("文字は送れます").await;
    town.turn(limits::PHOTO_CITY_WINDOW);
    town.turn(signaling::time::Millis::seconds(1));
    let mut next_day = town.waiting_guardian("翌日").await;
    let sending = Sending::to(&next_day.path, &town.command(), pictures::png(300, 200));
    assert_eq!(sending.whole(&mut next_day.browser, "").await.status, 201);
}

/// A city's day of photos, all at once.
async fn fills(town: &Arc<Town>, city: &'static str) {
    use futures_util::FutureExt;
    let now = town.app.world.now().0;
    let bytes = i64::try_from(limits::PHOTO_CITY_BYTES).expect("it fits");
    town.app
        .store
        .write(move |connection| {
            async move {
                let sql = "INSERT INTO photos (consultation_id, photo_id, municipality, at_ms, bytes, large, small) \
                           VALUES ('elsewhere', 'many', $1, $2, $3, $4, $5)";
                let insert = sqlx::query(sql).bind(city).bind(now).bind(bytes);
                insert.bind(vec![0_u8]).bind(vec![0_u8]).execute(connection).await?;
                Ok(())
            }
            .boxed()
        })
        .await
        .expect("stored");
}
