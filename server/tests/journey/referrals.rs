//! 「保健師への紹介」 at its other end: the city's public-health nurse reads what families consented to, receives it and ends it; and
//! everybody else who tries.

use super::{
    actors::{Clinician, Guardian, Supervisor},
    browser::Answer,
    openings::{events, in_consultation},
    outbox::told_staff,
    town::Town,
};
use crate::database::{Database, on_both};
use signaling::{
    actor::{Role, Viewer},
    consultation::Command,
    id::{ConsultationId, Seq},
    limits,
    time::Millis,
};
use std::sync::Arc;

/// What the family read and consented to. Its line ends are part of it.
const SHARED: &str = "夜泣きで眠れない日が続いています。\n訪問を希望。電話 042-000-0000";
const DONE: &str = "24日に家庭訪問をした";

/// A family that consented to [`SHARED`], its doctor, and where the nurse's form of it posts to.
struct Referred {
    guardian: Guardian,
    doctor: Clinician,
    consultation: ConsultationId,
    offer: Seq,
    form: String,
}

async fn referred(town: &Arc<Town>) -> Referred {
    let (mut guardian, mut doctor, consultation) = in_consultation(town).await;
    let command = town.command().to_string();
    let fields = [("command", command.as_str()), ("go", "offer"), ("shared", SHARED)];
    let path = format!("/concerns/{consultation}");
    assert_eq!(doctor.browser.posts(&path, &fields).await.leads_to(), path);
    let log = town.app.store.events(consultation, 0, 100).await.expect("read");
    let offer = log
        .iter()
        .rfind(|row| row.kind == "referral_offered")
        .expect("offered")
        .seq;
    assert_eq!(answers(town, &mut guardian, offer, "yes").await.status, 303);
    let form = format!("/referrals/{consultation}/{offer}");
    Referred {
        guardian,
        doctor,
        consultation,
        offer,
        form,
    }
}

async fn answers(town: &Town, guardian: &mut Guardian, offer: Seq, given: &str) -> Answer {
    let (command, offer) = (town.command().to_string(), offer.to_string());
    let fields = [("command", command.as_str()), ("offer", &offer), ("given", given)];
    guardian.posts("referral", &fields).await
}

async fn nurse(town: &Arc<Town>, name: &str) -> Supervisor {
    town.reader("hino", name, Role::PublicHealthNurse).await
}

/// Her list.
async fn list(nurse: &mut Supervisor) -> String {
    let page = nurse.browser.opens("/referrals").await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.body
}

/// Presses a button of a form, as a new press.
async fn presses(town: &Town, who: &mut Supervisor, form: &str, go: &str, words: &str) -> Answer {
    let command = town.command().to_string();
    let fields = [("command", command.as_str()), ("go", go), ("words", words)];
    who.browser.posts(form, &fields).await
}

/// How many of a kind stand in the log.
async fn count(town: &Town, consultation: ConsultationId, kind: &str) -> usize {
    let log = town.app.store.events(consultation, 0, 100).await.expect("read");
    log.iter().filter(|row| row.kind == kind).count()
}

fn is_refused(answer: &Answer, sentence: &str) {
    assert_eq!(answer.status, 422, "{sentence}: {}", answer.body);
    assert!(answer.body.contains(sentence), "{sentence} in {}", answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_nurse_reads_the_very_words_receives_them_and_ends_it_with_what_was_done() {
    let town = Town::new().await;
    let mut she = nurse(&town, "山本").await;
    assert!(list(&mut she).await.contains("いま届いている紹介はありません"));
    let mut case = referred(&town).await;
    assert_eq!(told_staff(&town, case.consultation).await, ["nurse_referral"]);
    let page = list(&mut she).await;
    for words in [
        SHARED,
        "11月22日（日）19:00 に同意",
        "期限 11月25日（水）19:00",
        "(1) 保健師への紹介",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    for word in ["熱が下がりません", "発熱", "38.5", "2歳", "佐藤", "母"] {
        assert!(!page.contains(word), "nothing else of the case: {word}");
    }
    assert!(!page.contains("<textarea"), "first it is received");
    assert_eq!(
        presses(&town, &mut she, &case.form, "take", "").await.leads_to(),
        "/referrals"
    );
    let page = list(&mut she).await;
    assert!(page.contains("11月22日（日）19:00 に受け取りました") && page.contains("対応を記録して終える"));
    is_refused(
        &presses(&town, &mut she, &case.form, "close", " ").await,
        "文字を入れてください",
    );
    let long = "あ".repeat(limits::NOTE_FIELD_CHARS + 1);
    let too_long = presses(&town, &mut she, &case.form, "close", &long).await;
    is_refused(
        &too_long,
        &format!("{}字までで書いてください", limits::NOTE_FIELD_CHARS),
    );
    assert!(too_long.body.contains(&long), "what was written is not lost");
    assert_eq!(
        presses(&town, &mut she, &case.form, "close", DONE).await.leads_to(),
        "/referrals"
    );
    let page = list(&mut she).await;
    assert!(page.contains("いま届いている紹介はありません") && page.contains("見る（1件）"));
    assert!(!page.contains("夜泣き"), "folded, it is not even sent");
    let open = she.browser.opens("/referrals?received=show").await.body;
    for words in [SHARED, DONE, "山本 保健師 が 11月22日（日）19:00 に対応を終えました"] {
        assert!(open.contains(words), "{words} in {open}");
    }
    // Those who referred and look after it read the same.
    let concern = format!("/concerns/{}", case.consultation);
    let told = case.doctor.browser.opens(&concern).await.body;
    assert!(told.contains("山本 保健師 が対応を終えました"), "{told}");
    let replay = town.supervisor("田中").await.replays(case.consultation).await.body;
    assert!(replay.contains("保健師が受け取る") && replay.contains(DONE) && replay.contains("山本（保健師）"));
    town.turn(Millis(limits::RECEIVED_SHOWN.0 + 1));
    let code = she.browser.opens("/referrals").await;
    assert_eq!(
        code.leads_to(),
        "/staff/sign-in?why=expired",
        "a month later she signs in again"
    );
    assert!(
        !list(&mut nurse(&town, "中村").await).await.contains("見る（"),
        "and the month is over"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_takes_its_consent_back_until_she_has_received_it() {
    let town = Town::new().await;
    let mut she = nurse(&town, "山本").await;
    let Referred {
        mut guardian,
        mut doctor,
        consultation,
        offer,
        form,
    } = referred(&town).await;
    assert!(list(&mut she).await.contains("夜泣き"));
    assert_eq!(answers(&town, &mut guardian, offer, "no").await.status, 303);
    let stale = presses(&town, &mut she, &form, "take", "").await;
    is_refused(&stale, "ご家族が同意を取り消しました。この紹介は受け取れません。");
    assert!(!stale.body.contains("夜泣き") && !list(&mut she).await.contains("夜泣き"));
    assert_eq!(count(&town, consultation, "task_taken").await, 0);
    let kept = presses(&town, &mut she, &form, "close", "母に電話した").await;
    is_refused(&kept, "母に電話した");

    assert_eq!(answers(&town, &mut guardian, offer, "yes").await.status, 303);
    let concern = format!("/concerns/{consultation}");
    let told = doctor.browser.opens(&concern).await.body;
    assert!(
        told.contains("相談者の同意がありました。市の保健師に伝えます。"),
        "{told}"
    );
    assert_eq!(presses(&town, &mut she, &form, "take", "").await.status, 303);
    let told = doctor.browser.opens(&concern).await.body;
    assert!(told.contains("山本 保健師 が受け取りました"), "{told}");
    let late = answers(&town, &mut guardian, offer, "no").await;
    is_refused(&late, "山本 保健師 が担当しています");
    assert!(list(&mut she).await.contains("夜泣き"), "it stays hers");
    // Nothing of it is sent to the family.
    let seen = serde_json::to_string(&guardian.log().events).expect("JSON");
    assert!(
        !seen.contains("task_taken") && !seen.contains("public_health_nurse"),
        "{seen}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn supervisors_see_who_has_it_and_end_it_themselves_once_the_deadline_is_past() {
    let town = Town::new().await;
    let (mut she, mut supervisor) = (nurse(&town, "山本").await, town.supervisor("田中").await);
    let case = referred(&town).await;
    let tasks = case.form.replace("/referrals/", "/tasks/");
    assert_eq!(
        presses(&town, &mut supervisor, &tasks, "take", "").await.leads_to(),
        "/tasks"
    );
    assert!(list(&mut she).await.contains("いま監督者の田中が対応しています"));
    assert_eq!(presses(&town, &mut she, &case.form, "take", "").await.status, 303);
    let page = supervisor.browser.opens("/tasks").await.body;
    assert!(
        page.contains("山本 保健師") && page.contains("保健師が受け取りました"),
        "{page}"
    );
    assert!(!page.contains(&format!("action=\"{tasks}\"")), "it is hers: {page}");
    for go in ["take", "close"] {
        let refused = presses(&town, &mut supervisor, &tasks, go, "済み").await;
        is_refused(&refused, "山本 保健師 が担当しています");
    }
    town.turn(Millis::days(3));
    // Sessions are of a day.
    let (mut supervisor, mut she) = (town.supervisor("田中").await, nurse(&town, "中村").await);
    let page = supervisor.browser.opens("/tasks").await.body;
    assert!(
        page.contains("（過ぎています）") && page.contains("自分が対応する"),
        "{page}"
    );
    assert!(
        list(&mut she).await.contains("代わりに受け取る"),
        "or a colleague of hers"
    );
    assert_eq!(
        presses(
            &town,
            &mut supervisor,
            &tasks,
            "close",
            "保健師が休みのため、係長が訪問した"
        )
        .await
        .leads_to(),
        "/tasks"
    );
    let stale = presses(&town, &mut she, &case.form, "take", "").await;
    is_refused(&stale, "この紹介は、田中が対応を終えています。");
    let past = she.browser.opens("/referrals?received=show").await.body;
    assert!(past.contains("田中 が") && past.contains("夜泣き"), "{past}");
    assert!(
        !past.contains("係長"),
        "a supervisor's words are no nurse's to read: {past}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reading_of_words_is_a_look_and_a_folded_list_is_none() {
    let town = Town::new().await;
    let mut she = nurse(&town, "山本").await;
    let case = referred(&town).await;
    let looks = async || {
        let looks = town.app.spine.looks(case.consultation).await.expect("read");
        let hers = looks.iter().filter(|look| look.who == "山本（保健師）");
        assert!(hers.clone().all(|look| look.what == "referral"));
        hers.count()
    };
    for read in 1..=3 {
        list(&mut she).await;
        assert_eq!(looks().await, read);
    }
    assert_eq!(presses(&town, &mut she, &case.form, "take", "").await.status, 303);
    assert_eq!(looks().await, 3, "pressing shows nothing");
    let page = presses(&town, &mut she, &case.form, "close", "").await;
    assert!(
        page.body.contains("夜泣き") && looks().await == 4,
        "a refused form shows it again"
    );
    assert_eq!(presses(&town, &mut she, &case.form, "close", DONE).await.status, 303);
    list(&mut she).await;
    assert_eq!(looks().await, 4, "nothing of it is on the page");
    she.browser.opens("/referrals?received=show").await;
    assert_eq!(looks().await, 5);
    assert!(town.app.spine.verify(case.consultation).await.is_ok());
    let replay = town.supervisor("田中").await.replays(case.consultation).await.body;
    assert!(replay.contains("山本（保健師）") && replay.contains("紹介の内容を見た"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_reads_or_changes_it_and_she_reads_and_changes_nothing_else() {
    let town = Town::new().await;
    let mut case = referred(&town).await;
    let before = events(&town, case.consultation).await;
    let mut of_tama = town.reader("tama", "多田", Role::PublicHealthNurse).await;
    assert!(!list(&mut of_tama).await.contains("夜泣き"));
    assert!(
        !of_tama
            .browser
            .opens("/referrals?received=show")
            .await
            .body
            .contains("夜泣き")
    );
    let foreign = presses(&town, &mut of_tama, &case.form, "take", "").await;
    assert!(foreign.status == 404 && !foreign.body.contains("夜泣き"));
    for role in Role::ALL.into_iter().filter(|role| *role != Role::PublicHealthNurse) {
        let mut other = town.reader("hino", "別の人", role).await;
        let home = server::identity::home_of(role);
        assert_eq!(other.browser.opens("/referrals").await.leads_to(), home, "{role:?}");
        assert_eq!(
            presses(&town, &mut other, &case.form, "take", "").await.leads_to(),
            home,
            "{role:?}"
        );
    }
    let family = &mut case.guardian.browser;
    assert_eq!(family.opens("/referrals").await.leads_to(), "/staff/sign-in");

    let mut she = nurse(&town, "山本").await;
    let raise = Command::RaiseConcern {
        facts: "あざ".to_owned(),
    };
    let actor = signaling::actor::Actor::Staff(case.doctor.staff.clone());
    let raised = town
        .app
        .spine
        .execute(case.consultation, &actor, town.command(), &raise)
        .await;
    let concern = raised.expect("raised").seq;
    let of = |task: &str| format!("/referrals/{}/{task}", case.consultation);
    let nobodys = format!("/referrals/{}/{}", town.app.world.new_id(), case.offer);
    for forged in [
        of(&concern.to_string()),
        of("1"),
        of("999999"),
        of("overlooked"),
        of("-1"),
        nobodys,
        "/referrals/x/1".to_owned(),
    ] {
        let answer = presses(&town, &mut she, &forged, "take", "").await;
        assert!(
            answer.status == 404 && !answer.body.contains("あざ"),
            "{forged}: {}",
            answer.status
        );
    }
    assert_eq!(presses(&town, &mut she, &case.form, "shred", "").await.status, 400);
    let nameless = she.browser.posts(&case.form, &[("go", "take")]).await;
    assert_eq!(nameless.status, 400, "a form without its command's id");
    let unreceived = presses(&town, &mut she, &case.form, "close", DONE).await;
    is_refused(&unreceived, "先に「受け取りました」を押してください");
    // Cases, socket and photos are closed to her.
    let id = case.consultation;
    for path in [
        format!("/logs/{id}"),
        format!("/concerns/{id}"),
        format!("/desk/consultations/{id}/history"),
    ] {
        assert_eq!(she.browser.opens(&path).await.leads_to(), "/referrals", "{path}");
    }
    let staff = signaling::actor::Staff {
        role: Role::PublicHealthNurse,
        ..case.doctor.staff.clone()
    };
    assert_eq!(Viewer::of_staff(&staff), None, "no log is projected for her");
    assert_eq!(events(&town, id).await, before + 1, "the concern alone");
    assert!(!list(&mut she).await.contains("あざ"));
}

on_both! {
    async fn two_nurses_who_press_at_once_are_one_who_has_it_and_one_who_is_told(database: Database) {
        let town = Town::on(database).await;
        let (mut one, mut other) = (nurse(&town, "山本").await, nurse(&town, "中村").await);
        let case = referred(&town).await;
        let (first, second) = tokio::join!(
            presses(&town, &mut one, &case.form, "take", ""),
            presses(&town, &mut other, &case.form, "take", ""),
        );
        let (refused, owner) = match (first.status, second.status) {
            (303, 422) => (second, "山本 保健師"),
            (422, 303) => (first, "中村 保健師"),
            other => panic!("{other:?}"),
        };
        is_refused(&refused, &format!("先に {owner} が受け取りました。"));
        assert_eq!(count(&town, case.consultation, "task_taken").await, 1);
        let (mut holder, mut late) = if owner == "山本 保健師" { (one, other) } else { (other, one) };
        assert!(list(&mut late).await.contains(&format!("{owner} が 11月22日（日）19:00 に受け取りました")));
        is_refused(&presses(&town, &mut late, &case.form, "close", DONE).await, "が受け取りました");
        // One who is sent twice, and once more by another press.
        let command = town.command().to_string();
        let fields = [("command", command.as_str()), ("go", "close"), ("words", DONE)];
        for _ in 0..2 {
            assert_eq!(holder.browser.posts(&case.form, &fields).await.leads_to(), "/referrals");
        }
        is_refused(&presses(&town, &mut holder, &case.form, "close", "もう一度").await, "対応を終えています");
        assert_eq!(count(&town, case.consultation, "task_closed").await, 1);
        let past = late.browser.opens("/referrals?received=show").await.body;
        assert!(past.contains(DONE) && past.contains(&format!("{owner} が")), "{past}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_oldest_stands_first_and_what_was_erased_says_so() {
    let town = Town::new().await;
    let mut she = nurse(&town, "山本").await;
    let older = referred(&town).await;
    town.turn(Millis::minutes(2));
    let mut doctor = town.clinician("鈴木").await;
    let mut guardian = town.waiting_guardian("べつの相談").await;
    let second = doctor.takes_next().await.expect("somebody waits");
    let offer = Command::OfferReferral {
        shared: "二つめの紹介".to_owned(),
    };
    let actor = signaling::actor::Actor::Staff(doctor.staff.clone());
    let offered = town.app.spine.execute(second, &actor, town.command(), &offer).await;
    answers(&town, &mut guardian, offered.expect("offered").seq, "yes").await;
    let page = list(&mut she).await;
    let (first, then) = (page.find("夜泣き").expect("there"), page.find("二つめ").expect("there"));
    assert!(first < then && page.contains("(2) 保健師への紹介"), "{page}");
    town.app.spine.erase_content(older.consultation).await.expect("erased");
    let page = list(&mut she).await;
    assert!(page.contains("消去されました") && !page.contains("夜泣き"), "{page}");
    let seen = guardian.opens_ticket().await;
    assert!(!seen.body.contains("public_health_nurse"));
}
