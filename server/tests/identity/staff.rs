//! Doctors sign in; somebody else tries to.

use super::{
    browser::{Answer, Browser},
    town::{PASSWORD, Town},
};
use crate::{
    authenticator::code_of,
    database::{Database, on_both},
};
use axum::http::StatusCode;
use signaling::{actor::Role, limits, time::Millis};

const SIGN_IN: &str = "/staff/sign-in";

async fn signs_in(browser: &mut Browser, login: &str, password: &str, code: &str) -> Answer {
    browser
        .posts(SIGN_IN, &[("login", login), ("password", password), ("code", code)])
        .await
}

/// Signed in: the sign-in page leads on to the desk.
async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.opens(SIGN_IN).await.location.as_deref() == Some("/desk")
}

/// A code that the authenticator does not show now.
fn other_than(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().expect("digits") + 1) % 1_000_000)
}

on_both! {
    async fn a_doctor_signs_in_with_password_and_code_and_out_again(database: Database) {
        let town = Town::on(&database).await;
        town.doctor().await;
        let mut doctor = town.desktop();
        assert_eq!(signs_in(&mut doctor, " Sato ", PASSWORD, &town.code().await).await.leads_to(), "/desk");
        assert!(is_signed_in(&mut doctor).await);
        let before = doctor.clone();
        assert_eq!(doctor.posts("/staff/sign-out", &[]).await.leads_to(), "/staff/sign-in?why=signed_out");
        assert!(!is_signed_in(&mut doctor).await);
        assert!(!is_signed_in(&mut before.clone()).await, "a copied cookie is worth nothing after signing out");
    }

    async fn nothing_tells_an_unknown_login_from_a_wrong_password_or_a_wrong_code(database: Database) {
        let town = Town::on(&database).await;
        town.doctor().await;
        let code = town.code().await;
        let mut answers = Vec::new();
        for (login, password, code) in [
            ("nobody", PASSWORD, code.clone()),
            ("sato", "wrong wrong wrong", code.clone()),
            ("sato", PASSWORD, other_than(&code)),
            ("sato", PASSWORD, String::new()),
        ] {
            let answer = signs_in(&mut town.desktop(), login, password, &code).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            answers.push(answer.text("fault").to_owned());
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
    }

    async fn a_code_that_somebody_saw_is_worth_nothing_once_it_was_used(database: Database) {
        let town = Town::on(&database).await;
        town.doctor().await;
        let code = town.code().await;
        signs_in(&mut town.desktop(), "sato", PASSWORD, &code).await.leads_to();
        assert_eq!(signs_in(&mut town.desktop(), "sato", PASSWORD, &code).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        town.later(Millis::seconds(30));
        signs_in(&mut town.desktop(), "sato", PASSWORD, &town.code().await).await.leads_to();
    }

    async fn one_code_used_on_two_machines_at_the_same_moment_signs_in_one(database: Database) {
        let town = Town::on(&database).await;
        town.doctor().await;
        let code = town.code().await;
        let tries = (0..4).map(|_| {
            let (mut browser, code) = (town.desktop(), code.clone());
            tokio::spawn(async move { signs_in(&mut browser, "sato", PASSWORD, &code).await.status })
        });
        let mut entered = 0;
        for attempt in tries.collect::<Vec<_>>() {
            entered += u32::from(attempt.await.expect("it ran") == StatusCode::SEE_OTHER);
        }
        assert_eq!(entered, 1);
    }

    async fn five_wrong_tries_lock_the_account_for_a_quarter_of_an_hour(database: Database) {
        let town = Town::on(&database).await;
        town.doctor().await;
        for _ in 0..limits::SIGN_IN_TRIES {
            signs_in(&mut town.desktop(), "sato", "wrong wrong wrong", "000000").await;
        }
        let right = signs_in(&mut town.desktop(), "sato", PASSWORD, &town.code().await).await;
        assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY, "locked");
        town.later(limits::SIGN_IN_LOCK);
        signs_in(&mut town.desktop(), "sato", PASSWORD, &town.code().await).await.leads_to();
    }

    async fn guesses_at_the_same_moment_do_not_get_more_tries(database: Database) {
        let town = Town::on(&database).await;
        town.doctor().await;
        let guesses = (0..20).map(|_| {
            let mut browser = town.desktop();
            tokio::spawn(async move { signs_in(&mut browser, "sato", "wrong wrong wrong", "000000").await })
        });
        for guess in guesses.collect::<Vec<_>>() {
            guess.await.expect("it ran");
        }
        let right = signs_in(&mut town.desktop(), "sato", PASSWORD, &town.code().await).await;
        assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY, "locked");
    }

    async fn a_right_sign_in_forgives_the_wrong_ones_before_it(database: Database) {
        let town = Town::on(&database).await;
        town.doctor().await;
        for _ in 0..3 {
            for _ in 1..limits::SIGN_IN_TRIES {
                signs_in(&mut town.desktop(), "sato", "wrong wrong wrong", "000000").await;
            }
            signs_in(&mut town.desktop(), "sato", PASSWORD, &town.code().await).await.leads_to();
            town.later(Millis::minutes(5));
        }
    }

    async fn a_session_ends_after_an_hour_of_silence_and_after_a_shift(database: Database) {
        let town = Town::on(&database).await;
        town.doctor().await;
        let mut idle = town.desktop();
        signs_in(&mut idle, "sato", PASSWORD, &town.code().await).await.leads_to();
        town.later(Millis(limits::STAFF_SESSION_IDLE.0 - 1));
        assert!(is_signed_in(&mut idle).await, "an hour less a moment");
        town.later(limits::STAFF_SESSION_IDLE);
        assert!(!is_signed_in(&mut idle).await, "an hour after the last request");

        let mut busy = town.desktop();
        signs_in(&mut busy, "sato", PASSWORD, &town.code().await).await.leads_to();
        let half_hours = limits::STAFF_SESSION.0 / Millis::minutes(30).0;
        for _ in 1..half_hours {
            town.later(Millis::minutes(30));
            assert!(is_signed_in(&mut busy).await);
        }
        town.later(Millis::minutes(30));
        assert!(!is_signed_in(&mut busy).await, "twelve hours after signing in, however busy");
    }

    async fn signing_in_gives_a_new_session_and_ends_the_one_before(database: Database) {
        let town = Town::on(&database).await;
        town.doctor().await;
        let mut doctor = town.desktop();
        signs_in(&mut doctor, "sato", PASSWORD, &town.code().await).await.leads_to();
        let mut before = doctor.clone();
        town.later(Millis::minutes(1));
        signs_in(&mut doctor, "sato", PASSWORD, &town.code().await).await.leads_to();
        assert_ne!(doctor.cookies, before.cookies);
        assert!(is_signed_in(&mut doctor).await);
        assert!(!is_signed_in(&mut before).await);
    }

    async fn a_doctor_of_one_city_is_nobody_in_another(database: Database) {
        let town = Town::on(&database).await;
        town.doctor().await;
        let mut doctor = town.desktop();
        signs_in(&mut doctor, "sato", PASSWORD, &town.code().await).await.leads_to();
        assert!(!is_signed_in(&mut doctor.at("tama.test")).await, "the session holds in its own city only");
        town.later(Millis::seconds(30));
        let elsewhere = signs_in(&mut town.desktop().at("tama.test"), "sato", PASSWORD, &town.code().await).await;
        assert_eq!(elsewhere.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(doctor.at("unknown.test").opens(SIGN_IN).await.status, StatusCode::MISDIRECTED_REQUEST);
    }

    async fn a_closed_account_is_signed_out_everywhere(database: Database) {
        let town = Town::on(&database).await;
        town.doctor().await;
        let mut doctor = town.desktop();
        signs_in(&mut doctor, "sato", PASSWORD, &town.code().await).await.leads_to();
        let city = town.city("hino").await;
        let id = town.identity.store.staff_of(&city.id).await.expect("read")[0].staff.id;
        let now = town.identity.world.now();
        assert!(town.identity.store.disable_staff(&city.id, id, now).await.expect("closed"));
        assert!(!is_signed_in(&mut doctor).await);
        town.later(Millis::seconds(30));
        let again = signs_in(&mut doctor, "sato", PASSWORD, &town.code().await).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_new_midwife_enrols_by_her_link_once(database: Database) {
        let town = Town::on(&database).await;
        let city = town.city("hino").await;
        let added = town.identity.add_staff(&city, "takahashi", "高橋", Role::Midwife).await.expect("added");
        let link = added.expect("a new login").path;
        assert!(town.identity.add_staff(&city, "Takahashi", "別人", Role::Midwife).await.expect("asked").is_none());

        let mut midwife = town.desktop();
        let page = midwife.opens(&link).await;
        assert_eq!((page.status, page.text("name")), (StatusCode::OK, "高橋 助産師"));
        assert!(page.text("qr_svg").starts_with("<svg") && page.text("secret").len() == 32);
        assert_eq!(midwife.opens(&link).await.text("secret"), page.text("secret"), "looking spends nothing");

        let code = code_of(page.text("secret"), town.identity.world.now());
        let wrong = [
            ("short", "short", code.as_str(), "12文字以上"),
            ("long enough words", "other words", code.as_str(), "2つのパスワード"),
            ("long enough words", "long enough words", "000000", "確認コード"),
        ];
        for (password, again, code, sentence) in wrong {
            let fields = [("password", password), ("password_again", again), ("code", code)];
            let answer = midwife.posts(&link, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text("fault").contains(sentence), "{answer:?}");
        }
        let fields = [("password", "long enough words"), ("password_again", "long enough words"), ("code", code.as_str())];
        assert_eq!(midwife.posts(&link, &fields).await.leads_to(), "/desk");
        assert!(is_signed_in(&mut midwife).await);
        assert_eq!(town.desktop().opens(&link).await.status, StatusCode::GONE);
        assert_eq!(town.desktop().posts(&link, &fields).await.status, StatusCode::GONE);
        let replayed = signs_in(&mut town.desktop(), "takahashi", "long enough words", &code).await;
        assert_eq!(replayed.status, StatusCode::UNPROCESSABLE_ENTITY, "the code of enrolling has counted");
    }

    async fn an_enrolment_link_ends_after_a_week_or_when_a_newer_one_is_made(database: Database) {
        let town = Town::on(&database).await;
        let city = town.city("hino").await;
        let added = town.identity.add_staff(&city, "takahashi", "高橋", Role::Midwife).await.expect("added");
        let first = added.expect("a new login").path;
        let second = town.identity.enrol_again(&city, "takahashi").await.expect("made").expect("an account").path;
        assert_eq!(town.desktop().opens(&first).await.status, StatusCode::GONE);
        assert_eq!(town.desktop().at("tama.test").opens(&second).await.status, StatusCode::GONE, "another city");
        town.later(Millis(limits::STAFF_ENROLMENT.0 - 1));
        assert_eq!(town.desktop().opens(&second).await.status, StatusCode::OK);
        town.later(Millis(1));
        assert_eq!(town.desktop().opens(&second).await.status, StatusCode::GONE);
    }
}
