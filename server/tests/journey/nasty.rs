//! Texts that come by other ways than the chat and would break out of a page if anything let them: what a browser says it
//! is, reasons, names of staff and cities, and what the desk fetches beside its socket.

use super::{
    actors::Guardian,
    hostile::{NASTY, stays_text},
    openings::{in_consultation, transfer_link},
    town::{Town, WORDS},
};
use frontend::page::desk::History;
use server::identity::NewCity;
use signaling::{actor::Role, consultation::Command, hours::Hours};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_browser_says_it_is_becomes_a_device_by_a_known_name_and_never_itself() {
    let town = Town::new().await;
    let mut guardian = town.guardian();
    guardian.registers().await;
    let agents = [
        "</script><script>alert(1)</script><img src=x onerror=alert(2)>'; DROP TABLE guardian_devices;--".to_owned(),
        "\" autofocus onfocus=alert(3) iPhone \"".to_owned(),
        "A".repeat(6_000),
        String::new(),
    ];
    for agent in agents {
        guardian.posts("transfer", &[]).await;
        let link = transfer_link(&town, &guardian.browser, &guardian.path).await;
        let mut device = town.browser("hino.test");
        device.agent = agent;
        assert_eq!(device.posts(&link, &[]).await.leads_to(), guardian.path);
        // The family is told of the new device, and sees it in the list.
        let told = guardian.opens_ticket().await.body;
        let listed = guardian.browser.opens("/mine").await.body;
        assert!(listed.contains("端末・") || listed.contains("iPhone・"), "{listed}");
        for page in [told, listed] {
            stays_text(&page);
            for part in ["alert(", "DROP TABLE", "onfocus", "AAAAAAAA"] {
                assert!(!page.contains(part), "{part} in {page}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reasons_and_names_stay_text_on_the_desk_in_the_list_and_in_the_replay() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let reason = NASTY.to_owned();
    doctor
        .does(consultation, Command::Release { reason })
        .await
        .expect("given back");
    let mut colleague = town.clinician(NASTY).await;
    let overtake_reason = Some(NASTY.to_owned());
    colleague
        .does(consultation, Command::Claim { overtake_reason })
        .await
        .expect("taken");
    colleague.says(consultation, "こんばんは").await;
    let mut supervisor = town.supervisor(NASTY).await;
    let mut pages = vec![
        guardian.opens_ticket().await.body,
        colleague.browser.opens("/desk").await.body,
        doctor.browser.opens("/desk").await.body,
        supervisor.opens_logs("").await.body,
    ];
    colleague.signs_note_and_closes(consultation).await;
    pages.push(guardian.opens_ticket().await.body);
    pages.push(supervisor.opens_logs("").await.body);
    let replay = supervisor.replays(consultation).await.body;
    let shown = replay.matches("DROP TABLE").count();
    assert!(shown >= 3, "two reasons and a name are read in the replay, not {shown}");
    pages.push(replay);
    pages.push(
        town.reader("hino", NASTY, Role::CityViewer)
            .await
            .sees_figures()
            .await
            .page,
    );
    pages.push(
        town.reader("hino", NASTY, Role::Administrator)
            .await
            .browser
            .opens("/admin")
            .await
            .body,
    );
    pages.iter().for_each(|page| stays_text(page));

    let history = format!("/desk/consultations/{consultation}/history");
    let fetched = doctor.browser.opens(&history).await;
    assert_eq!(fetched.header("content-type"), Some("application/json"));
    assert_eq!(fetched.header("x-content-type-options"), Some("nosniff"));
    serde_json::from_str::<History>(&fetched.body).expect("nothing but JSON");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_name_of_a_city_stays_text_on_every_page_that_shows_it() {
    let town = Town::new().await;
    let targets = town.city("hino").await.targets;
    let city = NewCity {
        id: "nasty".parse().expect("an id"),
        name: NASTY.to_owned(),
        service_name: NASTY.to_owned(),
        hosts: vec!["nasty.test".to_owned()],
        hours: Hours::always(),
        reply_hours: 24,
        targets,
        demo: true,
    };
    let (id, identity) = (city.id.clone(), &town.app.identity);
    assert!(identity.add_city(city).await.expect("founded"));
    identity.add_passphrase(&id, WORDS, None).await.expect("given out");

    let mut guardian = Guardian::new(&town, "nasty.test");
    let mut pages = Vec::new();
    for path in [
        "/",
        "/register",
        "/mine",
        "/t/nobodys",
        "/nowhere",
        "/staff/sign-in",
        "/e/nobodys",
    ] {
        pages.push(guardian.browser.opens(path).await.body);
    }
    guardian.registers().await;
    guardian.sends_intake("こんばんは").await;
    pages.push(guardian.opens_ticket().await.body);
    pages.push(town.browser("nasty.test").opens(&guardian.path).await.body);
    for (role, paths) in [
        (Role::Midwife, vec!["/desk"]),
        (Role::Supervisor, vec!["/logs", "/kpi"]),
        (Role::PublicHealthNurse, vec!["/referrals"]),
        (Role::Administrator, vec!["/admin"]),
    ] {
        let mut reader = town.reader("nasty", "高橋", role).await;
        for path in paths {
            let answer = reader.browser.opens(path).await;
            assert_eq!(answer.status, 200, "{path}");
            pages.push(answer.body);
        }
    }
    let added = identity
        .add_staff(&town.city("nasty").await, "sato", NASTY, Role::Midwife)
        .await;
    if let Some(link) = added.expect("asked") {
        pages.push(town.browser("nasty.test").opens(&link.path).await.body);
    }
    assert!(
        pages.iter().any(|page| page.contains("DROP TABLE")),
        "the name is shown"
    );
    pages.iter().for_each(|page| stays_text(page));
}
