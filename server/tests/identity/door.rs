//! A second phone wants in: by code, by QR code, by answer, or by guessing.

use super::{
    browser::Browser,
    family::{begins, registered},
    town::{EVENING, Town},
};
use crate::database::{Database, on_both};
use axum::http::StatusCode;
use signaling::{limits, time::Millis};

const COMMAND: &str = "019e0000-0000-7000-8000-000000000001";

/// A family with a ticket, its first phone and the ticket's path.
async fn family(town: &Town) -> (Browser, String) {
    let mut phone = registered(town, COMMAND).await;
    let path = begins(&mut phone, COMMAND).await;
    (phone, path)
}

/// Code and path of the link that the first phone shows.
async fn transfer(phone: &mut Browser, path: &str) -> (String, String) {
    let to = format!("{path}/transfer");
    assert_eq!(phone.posts(&to, &[]).await.leads_to(), to);
    let page = phone.opens(&to).await;
    assert_eq!(page.status, StatusCode::OK);
    let link = page
        .text("link")
        .strip_prefix("http://hino.test")
        .expect("this city's origin")
        .to_owned();
    (page.text("code").to_owned(), link)
}

fn other_than(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().expect("digits") + 1) % 1_000_000)
}

on_both! {
    async fn inside_of_line_the_link_leads_into_the_phones_own_browser_without_registering_again(database: Database) {
        let town = Town::on(&database).await;
        let (phone, path) = family(&town).await;
        let mut line = town.line();
        line.cookies = phone.cookies.clone();
        let (_, link) = transfer(&mut line, &path).await;
        let shown = line.opens(&format!("{path}/transfer")).await;
        assert_eq!(shown.text("in_app"), "line");
        let to = format!("{link}?openExternalBrowser=1");
        let mut safari = town.phone();
        let asked = safari.opens(&to).await;
        assert_eq!(asked.status, StatusCode::OK, "a preview spends nothing");
        assert_eq!(town.phone().opens(&to).await.status, StatusCode::OK, "nor does another one");
        assert_eq!(asked.text("action"), link);
        assert_eq!(safari.posts(&link, &[]).await.leads_to(), path);
        let devices = safari.opens("/mine").await.page["devices"].as_array().map(Vec::len);
        assert_eq!(devices, Some(2), "the same family");
        assert_eq!(town.phone().opens(&link).await.status, StatusCode::GONE, "once");
    }
}

on_both! {
    async fn a_second_phone_enters_by_code_and_the_first_one_is_told(database: Database) {
        let town = Town::on(&database).await;
        let (mut phone, path) = family(&town).await;
        let (code, _) = transfer(&mut phone, &path).await;
        assert_eq!(code.len(), 6);
        let door = format!("{path}/door");
        let mut second = town.desktop();
        town.later(Millis::minutes(1));
        assert_eq!(second.posts(&door, &[("code", &code)]).await.leads_to(), path);
        assert_eq!(town.desktop().posts(&door, &[("code", &code)]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
        assert_eq!(second.opens("/mine").await.page["devices"].as_array().expect("devices").len(), 2);

        let city = town.city("hino").await.id;
        let told = |browser: &Browser| {
            let (identity, city, headers) = (town.identity.clone(), city.clone(), headers(browser));
            async move { identity.new_devices(&headers, &city).await.expect("read") }
        };
        let news = told(&phone).await;
        assert_eq!(news.len(), 1);
        assert_eq!(news[0].0, "Windows・Chrome");
        assert!(told(&second).await.is_empty(), "the newcomer is not told of itself");
        phone.opens("/mine").await;
        assert!(told(&phone).await.is_empty(), "once is enough");
    }

    async fn a_code_is_worth_nothing_after_five_minutes(database: Database) {
        let town = Town::on(&database).await;
        let (mut phone, path) = family(&town).await;
        let (code, link) = transfer(&mut phone, &path).await;
        town.later(limits::TRANSFER_CODE);
        let late = town.desktop().posts(&format!("{path}/door"), &[("code", &code)]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(town.desktop().opens(&link).await.status, StatusCode::GONE);
        assert_eq!(town.desktop().posts(&link, &[]).await.status, StatusCode::GONE);
        assert_eq!(phone.opens(&format!("{path}/transfer")).await.leads_to(), path, "nothing to show any more");
    }

    async fn five_wrong_codes_lock_the_code_even_for_the_right_one(database: Database) {
        let town = Town::on(&database).await;
        let (mut phone, path) = family(&town).await;
        let (code, _) = transfer(&mut phone, &path).await;
        let (door, wrong) = (format!("{path}/door"), other_than(&code));
        let guesses = (0..12).map(|_| {
            let (mut browser, door, wrong) = (town.desktop(), door.clone(), wrong.clone());
            tokio::spawn(async move { browser.posts(&door, &[("code", &wrong)]).await })
        });
        for guess in guesses.collect::<Vec<_>>() {
            assert_eq!(guess.await.expect("it ran").status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let right = town.desktop().posts(&door, &[("code", &code)]).await;
        assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(right.text("fault").contains("使えなくなりました"), "{right:?}");
        let (fresh, _) = transfer(&mut phone, &path).await;
        town.desktop().posts(&door, &[("code", &fresh)]).await.leads_to();
    }

    async fn a_preview_of_the_qr_link_spends_nothing_and_the_button_spends_it_once(database: Database) {
        let town = Town::on(&database).await;
        let (mut phone, path) = family(&town).await;
        let (_, link) = transfer(&mut phone, &path).await;
        for _ in 0..3 {
            let preview = town.desktop().opens(&link).await;
            assert_eq!((preview.status, preview.text("action")), (StatusCode::OK, link.as_str()));
        }
        assert_eq!(town.desktop().at("tama.test").posts(&link, &[]).await.status, StatusCode::GONE, "another city");
        let posts = (0..4).map(|_| {
            let (mut browser, link) = (town.desktop(), link.clone());
            tokio::spawn(async move { browser.posts(&link, &[]).await.status })
        });
        let mut entered = 0;
        for post in posts.collect::<Vec<_>>() {
            entered += u32::from(post.await.expect("it ran") == StatusCode::SEE_OTHER);
        }
        assert_eq!(entered, 1);
        assert_eq!(phone.opens("/mine").await.page["devices"].as_array().expect("devices").len(), 2);
    }

    async fn the_answer_chosen_at_the_start_opens_the_door_until_five_wrong_ones(database: Database) {
        let town = Town::on(&database).await;
        let (_, path) = family(&town).await;
        let door = format!("{path}/door");
        town.desktop().posts(&door, &[("recovery", "タマ")]).await;
        assert_eq!(town.desktop().posts(&door, &[("recovery", " ﾎﾟﾁ ")]).await.leads_to(), path);
        for n in 1..=limits::DOOR_TRIES {
            let wrong = town.desktop().posts(&door, &[("recovery", "タマ")]).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(wrong.page["has_recovery"], n < limits::DOOR_TRIES, "{n}");
        }
        let right = town.desktop().posts(&door, &[("recovery", "ポチ")]).await;
        assert!(right.text("fault").contains("窓口"), "{right:?}");
        let city = town.city("hino").await.id;
        let row = town.identity.open_ticket(&path[3..], &city).await.expect("read").expect("a ticket");
        assert!(town.identity.store.reset_recovery(&city, row.guardian).await.expect("reset"));
        town.desktop().posts(&door, &[("recovery", "ポチ")]).await.leads_to();
    }

    async fn a_stranger_with_the_link_can_make_no_code_and_see_none(database: Database) {
        let town = Town::on(&database).await;
        let (mut phone, path) = family(&town).await;
        transfer(&mut phone, &path).await;
        let mut stranger = registered(&town, "019e0000-0000-7000-8000-000000000009").await;
        let to = format!("{path}/transfer");
        assert_eq!(stranger.posts(&to, &[]).await.leads_to(), path);
        assert_eq!(stranger.opens(&to).await.leads_to(), path);
        let unknown = format!("/t/{}/door", "a".repeat(32));
        assert_eq!(stranger.posts(&unknown, &[("code", "000000")]).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_phone_of_another_registered_family_is_asked_before_it_changes_over_and_may_be_the_same_people(database: Database) {
        let town = Town::on(&database).await;
        let (mut phone, path) = family(&town).await;
        let (city, until) = (town.city("hino").await, EVENING + Millis::days(1));
        let unlinked = async || {
            let families = town.identity.store.registrations(&city.id, until).await.expect("read").len();
            (families, town.identity.store.unlinked_devices(&city.id, until).await.expect("counted"))
        };
        let mut other = registered(&town, "019e0000-0000-7000-8000-000000000009").await;
        assert_eq!(unlinked().await, (2, 0));
        let before = other.cookies.clone();

        let (code, link) = transfer(&mut phone, &path).await;
        let asked = other.opens(&link).await;
        assert_eq!(asked.page["page"], "replace", "{asked:?}");
        assert_eq!(other.posts(&link, &[]).await.page["page"], "replace");
        let door = format!("{path}/door");
        let asked = other.posts(&door, &[("code", &code)]).await;
        assert_eq!((asked.status, asked.text("back")), (StatusCode::OK, path.as_str()));
        assert_eq!(other.cookies, before, "nothing was given up");
        assert_eq!(unlinked().await, (2, 0));

        assert_eq!(other.posts(&door, &[("code", &code), ("replace", "on")]).await.leads_to(), path);
        assert_ne!(other.cookies, before);
        assert_eq!(phone.opens("/mine").await.page["devices"].as_array().expect("devices").len(), 2);
        assert_eq!(unlinked().await, (2, 1), "both registrations count, and one may be the other's");
        let mut thief = town.phone();
        thief.cookies = before;
        assert_eq!(thief.opens("/mine").await.status, StatusCode::FORBIDDEN, "the earlier credential is over");
    }

    async fn a_revoked_device_is_out_at_once(database: Database) {
        let town = Town::on(&database).await;
        let (mut phone, path) = family(&town).await;
        let (_, link) = transfer(&mut phone, &path).await;
        let mut second = town.desktop();
        second.posts(&link, &[]).await.leads_to();
        let mine = phone.opens("/mine").await;
        let devices = mine.page["devices"].as_array().expect("devices");
        let other = devices.iter().find(|device| device["this"] == false).expect("the second");
        let id = other["device"].as_str().expect("an id").to_owned();

        let mut stranger = registered(&town, "019e0000-0000-7000-8000-000000000009").await;
        stranger.posts("/mine/revoke", &[("device", &id)]).await.leads_to();
        assert_eq!(second.opens("/mine").await.status, StatusCode::OK, "strangers revoke nothing");
        assert_eq!(phone.posts("/mine/revoke", &[("device", &id)]).await.leads_to(), "/mine");
        assert_eq!(second.opens("/mine").await.status, StatusCode::FORBIDDEN);
        assert_eq!(phone.opens("/mine").await.page["devices"].as_array().expect("devices").len(), 1);
    }
}

fn headers(browser: &Browser) -> axum::http::HeaderMap {
    let mut headers = axum::http::HeaderMap::new();
    let cookie = format!("soudan={}", browser.cookies["soudan"]);
    headers.insert(axum::http::header::COOKIE, cookie.parse().expect("a header"));
    headers
}
