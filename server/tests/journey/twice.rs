//! Every form that the desk has, posted twice by the same browser: it takes effect once, and the second answer leads where
//! the first one did. The list of forms is read from the routers, so that a new one cannot be forgotten here.

use super::{
    appointments::offers,
    browser::{Answer, Browser, Pages},
    openings::{shown_transfer, transfer_link},
    town::{PASSWORD, Town, WORDS},
};
use crate::{
    authenticator::code_of,
    database::{Database, on_both},
};
use signaling::{
    actor::Role,
    after::TaskKind,
    consultation::{Command, WireKind},
    id::{CommandId, ConsultationId},
    limits,
    time::Millis,
};
use std::{collections::BTreeSet, sync::Arc};

/// The sources that say which addresses there are.
const ROUTERS: [&str; 2] = [include_str!("../../src/router.rs"), include_str!("../../src/link.rs")];

/// The templates of all routes that take a POST.
fn forms_of_the_desk() -> BTreeSet<String> {
    let routes = ROUTERS.iter().flat_map(|source| source.split(".route(").skip(1));
    let taking_posts = routes.filter(|route| {
        let handlers = route.split("\n        .").next().unwrap_or_default();
        handlers.contains("post(")
    });
    let addresses = taking_posts.map(|route| route.split('"').nth(1).expect("an address").to_owned());
    // The intake may carry a photo, so it stands among the routes of photos.
    addresses.chain(["/t/{ticket}/intake".to_owned()]).collect()
}

/// Who posts everything twice, and what was posted.
struct Fumbler<'a> {
    town: &'a Arc<Town>,
    posted: BTreeSet<String>,
}

impl Fumbler<'_> {
    /// Posts a form twice with the same command; both answers lead to the same page, which is given.
    async fn posts(&mut self, browser: &mut Browser, form: &str, path: &str, fields: &[(&str, &str)]) -> String {
        let command: CommandId = self.town.command();
        let command = command.to_string();
        let fields: Vec<_> = fields.iter().copied().chain([("command", command.as_str())]).collect();
        let first = browser.posts(path, &fields).await;
        let second = browser.posts(path, &fields).await;
        assert_eq!(
            (first.status, second.status),
            (303, 303),
            "{form}: {} {}",
            first.body,
            second.body
        );
        assert_eq!(first.leads_to(), second.leads_to(), "{form}");
        self.posted.insert(form.to_owned());
        first.leads_to().to_owned()
    }

    /// The same for a form of a ticket.
    async fn posts_at(&mut self, browser: &mut Browser, ticket: &str, form: &str, fields: &[(&str, &str)]) {
        let (template, path) = (format!("/t/{{ticket}}/{form}"), format!("{ticket}/{form}"));
        let leads_to = self.posts(browser, &template, &path, fields).await;
        assert!(leads_to.starts_with(ticket), "{form}: {leads_to}");
    }
}

async fn count(browser: &mut Browser, ticket: &str, wanted: fn(&WireKind) -> bool) -> usize {
    let events = browser.opens(ticket).await.live().events;
    events.iter().filter(|event| wanted(&event.kind)).count()
}

/// The family's other devices, by their ids.
async fn others(browser: &mut Browser) -> Vec<String> {
    let page = browser.opens("/mine").await;
    let ids = page.body.split("name=\"device\" value=\"").skip(1);
    ids.filter_map(|rest| rest.split('"').next().map(str::to_owned))
        .collect()
}

async fn the_familys_forms(fumbler: &mut Fumbler<'_>, browser: &mut Browser) -> String {
    let registration = [
        ("passphrase", WORDS),
        ("reach", "handbook"),
        ("about", "child"),
        ("born", "2024-08"),
        ("consent_consultation", "on"),
    ];
    fumbler.posts(browser, "/register", "/register", &registration).await;
    assert!(others(browser).await.is_empty());
    let ticket = fumbler.posts(browser, "/start", "/start", &[]).await;
    let symptoms = [("step", "symptoms"), ("go", "next"), ("complaints", "fever")];
    fumbler.posts_at(browser, &ticket, "intake", &symptoms).await;
    let send = [
        ("step", "mode"),
        ("go", "send"),
        ("worry", "二度おしました"),
        ("mode", "chat"),
    ];
    fumbler.posts_at(browser, &ticket, "intake", &send).await;
    assert_eq!(
        count(browser, &ticket, |kind| matches!(kind, WireKind::Requested { .. })).await,
        1
    );
    fumbler.posts_at(browser, &ticket, "say", &[("text", "もしもし")]).await;
    assert_eq!(
        count(browser, &ticket, |kind| matches!(kind, WireKind::Said { .. })).await,
        1
    );
    fumbler.posts_at(browser, &ticket, "mode", &[("mode", "audio")]).await;
    assert_eq!(
        count(browser, &ticket, |kind| matches!(kind, WireKind::ModeWished { .. })).await,
        1
    );
    ticket
}

async fn the_doors_forms(fumbler: &mut Fumbler<'_>, browser: &mut Browser, ticket: &str) {
    let town = fumbler.town;
    fumbler.posts_at(browser, ticket, "transfer", &[]).await;
    let code = shown_transfer(town, browser, ticket).await.code;
    let mut tablet = town.browser("hino.test");
    fumbler.posts_at(&mut tablet, ticket, "door", &[("code", &code)]).await;
    let tablets = others(browser).await;
    assert_eq!(tablets.len(), 1, "one code, one device");

    fumbler.posts_at(browser, ticket, "transfer", &[]).await;
    let link = transfer_link(town, browser, ticket).await;
    let mut laptop = town.browser("hino.test");
    assert_eq!(fumbler.posts(&mut laptop, "/e/{token}", &link, &[]).await, ticket);
    assert_eq!(others(browser).await.len(), 2, "one link, one device");
    assert_eq!(
        laptop.opens(&link).await.leads_to(),
        ticket,
        "scanned again by the one that it let in"
    );
    assert_eq!(
        town.browser("hino.test").posts(&link, &[]).await.status,
        410,
        "and worth nothing to others"
    );
    assert_eq!(town.browser("hino.test").opens(&link).await.status, 410);

    let revoked = [("device", tablets[0].as_str())];
    assert_eq!(
        fumbler.posts(browser, "/mine/revoke", "/mine/revoke", &revoked).await,
        "/mine"
    );
    assert_eq!(tablet.opens("/mine").await.status, 403, "the tablet is out");
    let laptops = others(browser).await;
    assert_eq!(laptops.len(), 1);
    let itself = [("device", laptops[0].as_str())];
    assert_eq!(
        fumbler
            .posts(&mut laptop, "/mine/revoke", "/mine/revoke", &itself)
            .await,
        "/"
    );
    assert!(others(browser).await.is_empty());
}

async fn the_calls_forms(fumbler: &mut Fumbler<'_>, browser: &mut Browser, ticket: &str) {
    let town = fumbler.town;
    fumbler
        .posts_at(browser, ticket, "callback", &[("number", "090-1234-5678")])
        .await;
    assert_eq!(
        count(browser, ticket, |kind| matches!(kind, WireKind::CallbackNumber { .. })).await,
        1
    );
    for name in ["けんた", "祖母"] {
        fumbler.posts_at(browser, ticket, "invite", &[("name", name)]).await;
    }
    assert_eq!(
        count(browser, ticket, |kind| matches!(kind, WireKind::GuestInvited { .. })).await,
        2
    );
    let page = browser.opens(&format!("{ticket}/invite")).await;
    let link = invitation_in(&page);
    let mut partner = town.browser("hino.test");
    assert_eq!(
        fumbler
            .posts(&mut partner, "/g/{token}", &link, &[("name", "健太")])
            .await,
        link
    );
    assert_eq!(
        count(browser, ticket, |kind| matches!(kind, WireKind::GuestAdmitted { .. })).await,
        1
    );
    let page = browser.opens(&format!("{ticket}/invite")).await;
    let (_, rest) = page
        .body
        .split_once("name=\"invite\" value=\"")
        .expect("one that waits");
    let invite = rest.split('"').next().expect("a number").to_owned();
    fumbler
        .posts_at(browser, ticket, "withdraw", &[("invite", &invite)])
        .await;
    assert_eq!(
        count(browser, ticket, |kind| matches!(
            kind,
            WireKind::InvitationWithdrawn { .. }
        ))
        .await,
        1
    );
}

/// The path of the first invitation that a page shows.
pub(crate) fn invitation_in(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("/g/").expect("a link");
    let token = rest.split('"').next().expect("its end");
    format!("/g/{token}")
}

async fn the_staffs_forms(fumbler: &mut Fumbler<'_>) {
    let (town, sign_in) = (fumbler.town, "/staff/sign-in");
    let (city, mut browser) = (town.city("hino").await, town.browser("hino.test"));
    let identity = &town.app.identity;
    let added = identity.add_staff(&city, "takahashi", "高橋", Role::Midwife).await;
    let link = added.expect("added").expect("a new login").path;
    let secret = secret_in(&browser.opens(&link).await);
    let code = code_of(&secret, town.app.world.now());
    let fields = [
        ("password", PASSWORD),
        ("password_again", PASSWORD),
        ("code", code.as_str()),
    ];
    assert_eq!(
        fumbler
            .posts(&mut browser, "/staff/enrol/{token}", &link, &fields)
            .await,
        "/desk"
    );
    assert_eq!(browser.opens("/desk").await.status, 200);
    assert_eq!(
        town.browser("hino.test").posts(&link, &fields).await.status,
        410,
        "worth nothing to others"
    );
    let signed_out = fumbler
        .posts(&mut browser, "/staff/sign-out", "/staff/sign-out", &[])
        .await;
    assert_eq!(signed_out, "/staff/sign-in?why=signed_out");
    assert_eq!(browser.opens("/desk").await.leads_to(), sign_in);

    town.turn(Millis::minutes(1));
    let code = identity
        .current_code(&city, "takahashi")
        .await
        .expect("read")
        .expect("enrolled");
    let fields = [("login", "takahashi"), ("password", PASSWORD), ("code", code.as_str())];
    assert_eq!(fumbler.posts(&mut browser, sign_in, sign_in, &fields).await, "/desk");
    assert_eq!(browser.opens("/desk").await.status, 200);
    // A signed-in browser is no way around another account's password.
    let fields = [("login", "another"), ("password", PASSWORD), ("code", code.as_str())];
    assert_eq!(browser.posts(sign_in, &fields).await.status, 422);
}

async fn the_administrators_forms(fumbler: &mut Fumbler<'_>) {
    let town = fumbler.town;
    let mut browser = town.reader("hino", "山本", Role::Administrator).await.browser;
    let rules = &town.app.rules;
    let fingerprint = rules.fingerprint(&rules.all().rules[0]).to_owned();
    let disable = [
        ("rule", "C01"),
        ("fingerprint", fingerprint.as_str()),
        ("go", "disable"),
    ];
    let address = "/admin/rules";
    assert_eq!(
        fumbler.posts(&mut browser, address, address, &disable).await,
        "/admin/rules#C01"
    );
    let kept = town.app.store.decisions(&town.city("hino").await.id).await;
    assert_eq!(kept.expect("read").len(), 1);
    let address = "/admin/templates";
    let template = [("go", "add"), ("title", "受診の目安"), ("body", "明日{診療科}へ")];
    assert_eq!(fumbler.posts(&mut browser, address, address, &template).await, address);
    let kept = town.app.store.templates(&town.city("hino").await.id).await;
    assert_eq!(kept.expect("read").len(), 1);
    let midwife = town
        .clinician_of("hino", "小林", Role::Midwife)
        .await
        .staff
        .id
        .to_string();
    let shift = [
        ("go", "add"),
        ("staff", midwife.as_str()),
        ("date", "2026-12-01"),
        ("span", "18:00-22:00"),
    ];
    assert_eq!(fumbler.posts(&mut browser, "/rota", "/rota", &shift).await, "/rota");
    let shifts = town
        .app
        .store
        .shifts(&town.city("hino").await.id, town.app.world.now())
        .await;
    assert_eq!(shifts.expect("read").len(), 1);
    let address = "/admin/hours";
    let closed = [("go", "day"), ("date", "2026-12-31"), ("kind", "closed")];
    assert_eq!(
        fumbler.posts(&mut browser, address, address, &closed).await,
        "/admin/hours#days"
    );
    let changes = town.app.store.opening_changes(&town.city("hino").await.id, 10).await;
    // The first one is that appointments were offered.
    assert_eq!(changes.expect("read").len(), 2);
    let address = "/admin/institutions";
    let nursery = [("go", "add"), ("name", "ひばり保育園"), ("kind", "nursery")];
    assert_eq!(fumbler.posts(&mut browser, address, address, &nursery).await, address);
    let institutions = town.app.store.institutions(&town.city("hino").await.id).await;
    assert_eq!(institutions.expect("read").len(), 1);
    let address = "/admin/phones";
    let phone = [("name1", "当番の監督者"), ("number1", "090-1234-5678")];
    assert_eq!(fumbler.posts(&mut browser, address, address, &phone).await, address);
    let phones = town.app.store.supervisor_phones(&town.city("hino").await.id).await;
    assert_eq!(phones.expect("read").len(), 1);
}

/// Beside a consultation that runs: a concern, and a referral to which the family consents.
async fn the_forms_beside_it(
    fumbler: &mut Fumbler<'_>,
    (doctor, family): (&mut Browser, &mut Browser),
    consultation: ConsultationId,
    ticket: &str,
) {
    let (form, path) = ("/concerns/{consultation}", format!("/concerns/{consultation}"));
    for fields in [
        [("go", "raise"), ("facts", "あざ")],
        [("go", "offer"), ("shared", "夜泣き")],
    ] {
        assert_eq!(fumbler.posts(doctor, form, &path, &fields).await, path);
    }
    let events = family.opens(ticket).await.live().events;
    let mut offers = events
        .iter()
        .filter(|event| matches!(event.kind, WireKind::ReferralOffered { .. }));
    let offer = offers.next().expect("offered").seq.to_string();
    assert!(offers.next().is_none());
    fumbler
        .posts_at(family, ticket, "referral", &[("offer", &offer), ("given", "yes")])
        .await;
}

/// What supervisors have to look after, and what the public-health nurse receives, each taken and closed.
async fn the_forms_of_tasks(fumbler: &mut Fumbler<'_>) {
    let town = fumbler.town;
    let mut supervisor = town.reader("hino", "田中", Role::Supervisor).await.browser;
    let mut nurse = town.reader("hino", "山本", Role::PublicHealthNurse).await.browser;
    let city = town.city("hino").await.id;
    let tasks = town.app.store.open_tasks(&city).await.expect("read");
    assert_eq!(tasks.len(), 2, "a concern and a referral");
    for task in tasks {
        let (browser, home) = match task.kind {
            TaskKind::Referral => (&mut nurse, "/referrals"),
            TaskKind::Concern | TaskKind::Dissatisfied => (&mut supervisor, "/tasks"),
        };
        let path = format!("{home}/{}/{}", task.consultation, task.seq);
        for fields in [
            [("go", "take"), ("words", "")],
            [("go", "close"), ("words", "電話した")],
        ] {
            let form = format!("{home}/{{consultation}}/{{task}}");
            assert_eq!(fumbler.posts(browser, &form, &path, &fields).await, home);
        }
    }
    assert!(town.app.store.open_tasks(&city).await.expect("read").is_empty());
}

/// On the next morning.
async fn the_forms_of_the_day_after(fumbler: &mut Fumbler<'_>, browser: &mut Browser, ticket: &str) {
    fumbler.town.turn(Millis::hours(16));
    server::timers::fire_due(&fumbler.town.app.spine).await.expect("fired");
    fumbler.posts_at(browser, ticket, "how", &[("feeling", "same")]).await;
    let checked_in = |kind: &WireKind| matches!(kind, WireKind::CheckedIn { .. });
    assert_eq!(count(browser, ticket, checked_in).await, 1);
    fumbler
        .posts_at(browser, ticket, "again", &[("text", "また熱が")])
        .await;
    let said = |kind: &WireKind| matches!(kind, WireKind::Reopened { .. });
    assert_eq!(count(browser, ticket, said).await, 1);
}

async fn what_nobody_took(fumbler: &mut Fumbler<'_>, town: &Arc<Town>) {
    let mut supervisor = town.supervisor("木村").await;
    let waits = town.somebody_waits("hino", "だれも出ません").await;
    // A desk that is not on duty may be connected: it is told before the supervisor.
    for _ in 0..2 {
        town.turn(Millis::minutes(1));
        server::timers::fire_due(&town.app.spine).await.expect("served");
    }
    let form = "/tasks/{consultation}/{task}";
    let path = format!("/tasks/{waits}/overlooked");
    let browser = &mut supervisor.browser;
    for (go, words) in [("take", ""), ("close", "電話しました")] {
        fumbler
            .posts(browser, form, &path, &[("go", go), ("words", words)])
            .await;
    }
    let page = browser.opens(&format!("/logs/{waits}")).await;
    assert_eq!(page.body.matches("電話しました").count(), 1, "{}", page.body);
}

/// A city offers appointments; a family that waits books one and gives it up.
async fn an_appointments_forms(fumbler: &mut Fumbler<'_>, browser: &mut Browser, ticket: &str) {
    let town = fumbler.town;
    assert_eq!(offers(town, "6", "1").await.status, 303);
    let city = town.city("hino").await;
    let offer = city.appointments.expect("it offers some");
    let slot = offer.slots(&city.hours, town.app.world.now())[0].0.to_string();
    let book = [("go", "book"), ("slot", slot.as_str())];
    fumbler.posts_at(browser, ticket, "appointment", &book).await;
    let booked = |kind: &WireKind| matches!(kind, WireKind::AppointmentBooked { .. });
    assert_eq!(count(browser, ticket, booked).await, 1);
    fumbler
        .posts_at(browser, ticket, "appointment", &[("go", "give_up")])
        .await;
    let given_up = |kind: &WireKind| matches!(kind, WireKind::AppointmentGivenUp { .. });
    assert_eq!(count(browser, ticket, given_up).await, 1);
}

/// A clinician's page sends these itself, so they are answered in place.
async fn the_desks_forms(fumbler: &mut Fumbler<'_>) {
    let town = fumbler.town;
    let mut midwife = town.clinician_of("hino", "中村", Role::Midwife).await;
    let command = town.command().to_string();
    for _ in 0..2 {
        assert_eq!(midwife.says_duty_with(&command, "on", &[]).await.status, 200);
    }
    fumbler.posted.insert("/desk/duty".to_owned());
}

/// The secret that the page of an enrolment shows, in fours.
pub(crate) fn secret_in(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("class=\"secret\">").expect("a secret");
    let (secret, _) = rest.split_once('<').expect("an element");
    secret.replace(' ', "")
}

on_both! {
    async fn every_form_posted_twice_takes_effect_once(database: Database) {
        let town = Town::on(database).await;
        let mut doctor = town.clinician("佐藤").await;
        let mut fumbler = Fumbler { town: &town, posted: BTreeSet::new() };
        let mut browser = town.browser("hino.test");
        let given_up = the_familys_forms(&mut fumbler, &mut browser).await;
        an_appointments_forms(&mut fumbler, &mut browser, &given_up).await;
        fumbler.posts_at(&mut browser, &given_up, "later", &[("hours", "24")]).await;
        assert_eq!(count(&mut browser, &given_up, |kind| matches!(kind, WireKind::BecameAnytime { .. })).await, 1);
        fumbler.posts_at(&mut browser, &given_up, "cancel", &[]).await;
        assert_eq!(count(&mut browser, &given_up, |kind| matches!(kind, WireKind::Cancelled)).await, 1);

        let ticket = fumbler.posts(&mut browser, "/start", "/start", &[]).await;
        assert_ne!(ticket, given_up, "one new consultation, which both answers lead to");
        let symptoms = [("step", "symptoms"), ("go", "next"), ("complaints", "fever")];
        fumbler.posts_at(&mut browser, &ticket, "intake", &symptoms).await;
        let send = [("step", "mode"), ("go", "send"), ("worry", "もういちど"), ("mode", "chat")];
        fumbler.posts_at(&mut browser, &ticket, "intake", &send).await;
        let consultation = doctor.takes_next().await.expect("one waits");
        the_doors_forms(&mut fumbler, &mut browser, &ticket).await;
        the_calls_forms(&mut fumbler, &mut browser, &ticket).await;
        doctor.says(consultation, "はい").await;
        the_forms_beside_it(&mut fumbler, (&mut doctor.browser, &mut browser), consultation, &ticket).await;
        doctor.does(consultation, Command::PlanCheckIn { on: true }).await.expect("planned");
        doctor.signs_note_and_closes(consultation).await;
        fumbler.posts_at(&mut browser, &ticket, "survey", &[("answer", "yes"), ("words", "ありがとう")]).await;
        assert_eq!(count(&mut browser, &ticket, |kind| matches!(kind, WireKind::Surveyed { .. })).await, 1);
        the_staffs_forms(&mut fumbler).await;
        the_administrators_forms(&mut fumbler).await;
        the_forms_of_tasks(&mut fumbler).await;
        what_nobody_took(&mut fumbler, &Arc::clone(&town)).await;
        the_forms_of_the_day_after(&mut fumbler, &mut browser, &ticket).await;
        the_desks_forms(&mut fumbler).await;

        assert_eq!(fumbler.posted, forms_of_the_desk(), "every form of the routers, and no other");
        assert!(fumbler.posted.len() >= 18, "the routers were read");
    }

    async fn a_sign_in_that_is_tapped_twice_counts_no_wrong_try(database: Database) {
        let town = Town::on(database).await;
        let city = town.city("hino").await;
        let identity = &town.app.identity;
        let added = identity.add_enrolled_staff(&city, "sato", "佐藤", Role::Pediatrician, PASSWORD).await;
        assert!(added.expect("added").is_some());
        let code = async || identity.current_code(&city, "sato").await.expect("read").expect("enrolled");
        let shown = code().await;
        let fields = [("login", "sato"), ("password", PASSWORD), ("code", shown.as_str())];
        // The second tap went out before the first answer came: without a cookie.
        assert_eq!(town.browser("hino.test").posts("/staff/sign-in", &fields).await.status, 303);
        assert_eq!(town.browser("hino.test").posts("/staff/sign-in", &fields).await.status, 422);
        for _ in 1..limits::SIGN_IN_TRIES {
            let wrong = [("login", "sato"), ("password", "not this one at all"), ("code", "000000")];
            assert_eq!(town.browser("hino.test").posts("/staff/sign-in", &wrong).await.status, 422);
        }
        town.turn(Millis::minutes(1));
        let shown = code().await;
        let fields = [("login", "sato"), ("password", PASSWORD), ("code", shown.as_str())];
        assert_eq!(town.browser("hino.test").posts("/staff/sign-in", &fields).await.status, 303, "not locked");
    }

    async fn a_door_that_is_tapped_twice_before_the_cookie_came_lets_in_once_and_leads_in_both_times(database: Database) {
        let town = Town::on(database).await;
        let mut guardian = town.waiting_guardian("二度おしました").await;
        let ticket = guardian.path.clone();
        let mut first = guardian.browser.clone();

        first.posts(&format!("{ticket}/transfer"), &[]).await;
        let code = shown_transfer(&town, &first, &ticket).await.code;
        let door = format!("{ticket}/door");
        taps_twice(&town, &door, &[("code", &code)], &ticket).await;
        assert_eq!(others(&mut first).await.len(), 1, "one code, one device");

        first.posts(&format!("{ticket}/transfer"), &[]).await;
        let link = transfer_link(&town, &first, &ticket).await;
        taps_twice(&town, &link, &[], &ticket).await;
        assert_eq!(others(&mut first).await.len(), 2, "one link, one device");
        guardian.opens_ticket().await;

        let (city, identity) = (town.city("hino").await, &town.app.identity);
        let added = identity.add_staff(&city, "takahashi", "高橋", Role::Midwife).await;
        let enrol = added.expect("added").expect("a new login").path;
        let code = code_of(&secret_in(&town.browser("hino.test").opens(&enrol).await), town.app.world.now());
        taps_twice(&town, &enrol, &[("password", PASSWORD), ("password_again", PASSWORD), ("code", &code)], "/desk").await;

        town.turn(Millis::minutes(1));
        let code = identity.current_code(&city, "takahashi").await.expect("read").expect("enrolled");
        let fields = [("login", "takahashi"), ("password", PASSWORD), ("code", code.as_str())];
        let mut in_hand = taps_twice(&town, "/staff/sign-in", &fields, "/desk").await;
        assert_eq!(in_hand.opens("/desk").await.status, 200);
        town.turn(Millis(limits::FORM_AGAIN.0 + 1));
        assert_eq!(town.browser("hino.test").posts("/staff/sign-in", &fields).await.status, 422, "a code counts once");
    }
}

/// Posts a form of one page twice from a browser that has no cookie yet: both lead to `inside`. Gives the browser with what the
/// second answer brought.
async fn taps_twice(town: &Town, form: &str, fields: &[(&str, &str)], inside: &str) -> Browser {
    let command = town.command().to_string();
    let fields: Vec<_> = fields.iter().copied().chain([("command", command.as_str())]).collect();
    let (mut one, mut other) = (town.browser("hino.test"), town.browser("hino.test"));
    let (first, second) = tokio::join!(one.posts(form, &fields), other.posts(form, &fields));
    for answer in [&first, &second] {
        assert_eq!(
            (answer.status, answer.leads_to()),
            (303, inside),
            "{form}: {}",
            answer.body
        );
    }
    other
}
