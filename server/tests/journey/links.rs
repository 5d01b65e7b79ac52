//! Links that came into other hands: forwarded, guessed, opened by machines, or too late.

use super::{
    openings::{events, in_consultation, is_alive, transfer_link},
    socket::Live,
    town::Town,
};
use signaling::limits;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forwarded_link_shows_a_door_without_a_word_of_what_is_behind_it() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    doctor.says(consultation, "ひみつの返事").await;
    guardian.says("ひみつの質問").await;
    let mut friend = town.browser("hino.test");
    for method in ["GET", "HEAD"] {
        let door = friend.sends(method, &guardian.path, &[], "").await;
        assert_eq!(door.status, 200);
        for word in [
            "熱が下がりません",
            "ひみつ",
            "佐藤",
            "発熱",
            "2歳",
            &consultation.to_string(),
        ] {
            assert!(!door.body.contains(word), "{word} stands in the door");
        }
        assert_eq!(door.header("cache-control"), Some("no-store"));
    }
    assert!(friend.cookies.is_empty(), "nothing was given");
    assert!(Live::is_signed_out(&friend, "/live").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guessed_or_damaged_ticket_is_not_there() {
    let town = Town::new().await;
    let guardian = town.waiting_guardian("あてずっぽう").await;
    let real = &guardian.path[3..];
    let flipped = if real.ends_with('A') { "B" } else { "A" };
    let guesses = [
        format!("/t/{}{flipped}", &real[..real.len() - 1]),
        format!("/t/{}", &real[..real.len() - 1]),
        format!("/t/{real}x"),
        format!("/t/{}", real.to_uppercase()),
        format!("/t/{}", guardian.consultation()),
        "/t/%00".to_owned(),
        "/t/%0d%0aset-cookie:%20x=y".to_owned(),
        "/t/..%2f..%2fetc%2fpasswd".to_owned(),
        format!("/t/{}", "a".repeat(4000)),
        "/t/'%20OR%201=1--".to_owned(),
    ];
    for guess in &guesses {
        let mut browser = guardian.browser.clone();
        let answer = browser.opens(guess).await;
        assert_eq!(answer.status, 404, "{guess}");
        assert!(!answer.body.contains("あてずっぽう"));
        for form in ["say", "survey", "intake"] {
            assert_eq!(
                browser.posts(&format!("{guess}/{form}"), &[("text", "x")]).await.status,
                404,
                "{guess}/{form}"
            );
        }
    }
    is_alive(&town).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_bot_that_opens_every_address_burns_nothing() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("プレビュー").await;
    let to = format!("{}/transfer", guardian.path);
    guardian.posts("transfer", &[]).await;
    let link = transfer_link(&town, &guardian.browser, &guardian.path).await;
    let before = events(&town, guardian.consultation()).await;
    let mut bot = town.browser("hino.test");
    let forms = ["say", "cancel", "mode", "survey", "intake", "door"].map(|form| format!("{}/{form}", guardian.path));
    let addresses = [
        vec![guardian.path.clone(), link.clone(), to, "/start".to_owned()],
        forms.to_vec(),
    ]
    .concat();
    for address in &addresses {
        for method in ["GET", "HEAD"] {
            let answer = bot.sends(method, address, &[], "").await;
            assert!(answer.status < 500, "{method} {address}");
            assert!(!answer.body.contains("プレビュー"), "{method} {address}");
        }
    }
    assert!(bot.cookies.is_empty());
    assert_eq!(events(&town, guardian.consultation()).await, before);
    let mut tablet = town.browser("hino.test");
    assert_eq!(
        tablet.posts(&link, &[]).await.leads_to(),
        guardian.path,
        "the link still works, once"
    );
    assert_eq!(town.browser("hino.test").posts(&link, &[]).await.status, 410);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transfer_code_is_worth_nothing_after_five_minutes() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("おそい人").await;
    let to = format!("{}/transfer", guardian.path);
    guardian.posts("transfer", &[]).await;
    let page = guardian
        .browser
        .opens(&to)
        .await
        .body
        .replace(|c: char| !c.is_ascii_digit(), " ");
    let code = page
        .split(' ')
        .find(|word| word.len() == 6)
        .expect("six digits")
        .to_owned();
    town.turn(limits::TRANSFER_CODE);
    let mut late = town.browser("hino.test");
    let answer = late.posts(&format!("{}/door", guardian.path), &[("code", &code)]).await;
    assert_eq!((answer.status, late.cookies.len()), (422, 0));
}
