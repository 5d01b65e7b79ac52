//! Calls of more than two: invitations and their doors, what a guest is shown, being put out, colleagues, handing over, and
//! the telephone.

use super::{
    actors::{Clinician, Guardian},
    browser::Browser,
    calls::incarnation,
    openings::in_consultation,
    socket::{Live, Log, Logs},
    town::Town,
    twice::invitation_in,
};
use frontend::page::guardian::InvitationLink;
use signaling::{
    actor::Role,
    call::{CallMode, CallbackOutcome, GuestRole, Holder},
    consultation::{Command, Refusal},
    id::{ConsultationId, Seq},
    limits,
    protocol::{ClientFrame, ErrorCode, ServerFrame, Signal, Watch},
    time::Millis,
};
use std::sync::Arc;

/// Stands in everything that is no guest's.
const SECRET: &str = "ひみつ相談内容";

/// Somebody who came by an invitation.
struct Guest {
    browser: Browser,
    path: String,
    live: Live,
    consultation: ConsultationId,
}

impl Guest {
    /// 「参加する」, and the page comes to life.
    async fn comes(town: &Town, path: &str, name: &str, consultation: ConsultationId) -> Self {
        let mut browser = town.browser("hino.test");
        assert_eq!(browser.opens(path).await.status, 200, "the door");
        let command = town.command().to_string();
        let answer = browser.posts(path, &[("command", &command), ("name", name)]).await;
        assert_eq!(answer.leads_to(), path);
        let logs = Logs::from([(consultation, Log::default())]);
        let live = Live::open(&browser, "/guest/live", logs, false).await;
        Self {
            browser,
            path: path.to_owned(),
            live,
            consultation,
        }
    }

    async fn does(&mut self, town: &Town, command: Command) -> Result<Seq, Refusal> {
        self.live.does(town.command(), self.consultation, command).await
    }
}

/// A call that the family has answered.
async fn talking(town: &Arc<Town>) -> (Guardian, Clinician, ConsultationId, Seq) {
    let (mut guardian, mut doctor, consultation) = in_consultation(town).await;
    let call = doctor.rings(consultation, CallMode::Video).await;
    guardian.does(Command::Join { call }).await.expect("answered");
    (guardian, doctor, consultation, call)
}

/// The doctor invites; gives the number and the path.
async fn invites(doctor: &mut Clinician, consultation: ConsultationId, role: GuestRole, name: &str) -> (Seq, String) {
    let name = name.to_owned();
    let invite = doctor
        .does(consultation, Command::Invite { role, name })
        .await
        .expect("invited");
    let address = format!("/desk/consultations/{consultation}/invitations/{invite}");
    let answer = doctor.browser.opens(&address).await;
    let link: InvitationLink = serde_json::from_str(&answer.body).expect("a link");
    let at = link.link.find("/g/").expect("a guest's door");
    (invite, link.link[at..].to_owned())
}

fn guest_seat(log: &Log, invite: Seq) -> Option<Seq> {
    let seats = log.thread().call?.seats;
    let seat = seats
        .into_iter()
        .find(|seat| matches!(seat.holder, Holder::Guest { invite: one, .. } if one == invite));
    seat.map(|seat| seat.incarnation)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_comes_by_the_familys_link_and_is_named_to_all() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation, call) = talking(&town).await;
    let command = town.command().to_string();
    let made = guardian
        .posts("invite", &[("command", &command), ("name", "けんた")])
        .await;
    let page = guardian.browser.opens(made.leads_to()).await;
    let link = invitation_in(&page);
    for _ in 0..2 {
        let door = town.browser("hino.test").opens(&link).await;
        assert_eq!(door.status, 200, "previews and scanners spend nothing");
        assert!(
            door.body.contains("ひの") || door.body.contains("日野"),
            "which desk it is"
        );
        assert!(!door.body.contains("熱が下がりません") && door.model_text().is_none());
    }
    let mut partner = Guest::comes(&town, &link, "健太", consultation).await;
    let seat = partner.does(&town, Command::Join { call }).await.expect("seated");
    for live in [guardian.live(), doctor.live()] {
        live.sees(consultation, "the partner", |log| {
            let thread = log.thread();
            let holders = thread.call.iter().flat_map(|call| &call.seats);
            holders.clone().count() == 3 && holders.into_iter().any(|seat| thread.who(&seat.holder).0 == "健太")
        })
        .await;
    }
    // Signals pass between any two seats, and only from one's own.
    let family = incarnation(guardian.log(), true);
    let muted = Signal::Muted {
        audio: true,
        video: false,
        why: None,
    };
    let signal = |from, to| ClientFrame::Signal {
        consultation,
        from,
        to,
        signal: muted.clone(),
    };
    partner.live.sends(&signal(family, seat)).await;
    partner.live.sends(&signal(seat, family)).await;
    let heard = guardian
        .live()
        .until("a signal", |frame| match frame {
            ServerFrame::Signal { from, to, .. } => Some((*from, *to)),
            _ => None,
        })
        .await;
    assert_eq!(heard, (seat, family));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_good_once_for_two_hours_and_in_its_own_city() {
    let town = Town::new().await;
    let (_guardian, mut doctor, consultation, _) = talking(&town).await;
    let (_, link) = invites(&mut doctor, consultation, GuestRole::Interpreter, "林").await;
    assert_eq!(town.browser("tama.test").opens(&link).await.status, 404, "another city");
    let command = town.command().to_string();
    let fields = [("command", command.as_str()), ("name", "林")];
    assert_eq!(town.browser("tama.test").posts(&link, &fields).await.status, 404);
    let mut changed = link.clone();
    let last = changed.pop().expect("a letter");
    changed.push(if last == 'A' { 'B' } else { 'A' });
    for forged in [
        changed.as_str(),
        "/g/",
        "/g/x",
        "/g/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        assert_eq!(town.browser("hino.test").opens(forged).await.status, 404, "{forged}");
        assert_eq!(
            town.browser("hino.test").posts(forged, &fields).await.status,
            404,
            "{forged}"
        );
    }
    let mut guest = Guest::comes(&town, &link, "林", consultation).await;
    assert_eq!(guest.browser.opens(&link).await.status, 200, "the same browser goes on");
    let mut other = town.browser("hino.test");
    assert_eq!(other.opens(&link).await.status, 410);
    let again = town.command().to_string();
    assert_eq!(
        other
            .posts(&link, &[("command", &again), ("name", "だれか")])
            .await
            .status,
        410,
        "spent"
    );
    assert!(other.cookies.is_empty());

    let (_, late) = invites(&mut doctor, consultation, GuestRole::Family, "祖母").await;
    town.turn(limits::INVITATION);
    town.turn(Millis(1));
    assert_eq!(other.opens(&late).await.status, 410, "too late");
    assert_eq!(other.posts(&late, &fields).await.status, 410);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_receives_who_is_in_the_call_and_nothing_else() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation, call) = talking(&town).await;
    let other = town.somebody_waits("hino", SECRET).await;
    guardian.says(SECRET).await;
    let (invite, link) = invites(&mut doctor, consultation, GuestRole::Interpreter, "林").await;
    let mut guest = Guest::comes(&town, &link, "林", consultation).await;
    guest.does(&town, Command::Join { call }).await.expect("seated");
    doctor.says(consultation, SECRET).await;
    let remark = Command::Remark {
        text: SECRET.to_owned(),
    };
    doctor.does(consultation, remark).await.expect("written");
    let typing = Signal::Typing;
    guardian
        .live()
        .sends(&ClientFrame::Signal {
            consultation,
            from: 0,
            to: 0,
            signal: typing,
        })
        .await;
    let number = "090-1234-5678".to_owned();
    guardian.does(Command::GiveNumber { number }).await.expect("given");
    guardian.live().settles().await;

    // By the socket: other consultations, the queue, drafts, and what is not a guest's to do.
    guest
        .live
        .sends(&ClientFrame::Watch(Watch {
            consultation: other,
            cursor: None,
        }))
        .await;
    assert_eq!(guest.live.error().await, ErrorCode::NotFound);
    for (frame, code) in [
        (ClientFrame::Queue, ErrorCode::NotAllowed),
        (
            ClientFrame::Draft {
                consultation,
                field: "message".to_owned(),
                revision: 1,
                body: "x".into(),
            },
            ErrorCode::NotAllowed,
        ),
    ] {
        guest.live.sends(&frame).await;
        assert_eq!(guest.live.error().await, code);
    }
    let text = "?".to_owned();
    assert_eq!(guest.does(&town, Command::Say { text }).await, Err(Refusal::NotAllowed));
    let somewhere = guest.live.does(town.command(), other, Command::Join { call }).await;
    assert_eq!(somewhere, Err(Refusal::NotFound));
    // From the beginning again: a cursor is no way round.
    guest.live.watches(consultation).await;
    // By the pages: their own, the ticket's, the desk's.
    let page = guest.browser.opens(&guest.path).await.body;
    let ticket = guest.browser.opens(&guardian.path).await.body;
    let replay = guest.browser.opens(&format!("/logs/{consultation}")).await.body;
    assert!(
        Live::is_signed_out(&guest.browser, "/live").await,
        "a guest is no family"
    );
    assert!(Live::is_signed_out(&guest.browser, "/desk/live").await);
    for received in [&guest.live.raw, &page, &ticket, &replay] {
        for hidden in [
            SECRET,
            "熱が下がりません",
            "intake",
            "09012345678",
            "\"presence\"",
            "typing",
            "\"row\":",
            "callback",
        ] {
            assert!(!received.contains(hidden), "{hidden} in {received}");
        }
    }
    assert!(guest_seat(&guest.live.logs[&consultation], invite).is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_guest_is_cut_off_at_once_and_is_heard_by_nobody() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation, call) = talking(&town).await;
    let (invite, link) = invites(&mut doctor, consultation, GuestRole::Family, "けんた").await;
    let mut guest = Guest::comes(&town, &link, "健太", consultation).await;
    let seat = guest.does(&town, Command::Join { call }).await.expect("seated");
    let mut second = Live::open(&guest.browser, "/guest/live", Logs::new(), false).await;
    doctor
        .does(consultation, Command::RemoveGuest { invite })
        .await
        .expect("removed");
    let family = incarnation(guardian.log(), true);
    let signal = Signal::Muted {
        audio: true,
        video: true,
        why: None,
    };
    // A tab that does not follow the log is told with what it sends.
    let shout = ClientFrame::Signal {
        consultation,
        from: seat,
        to: family,
        signal,
    };
    second
        .sends(&ClientFrame::Watch(Watch {
            consultation,
            cursor: None,
        }))
        .await;
    second.sends(&shout).await;
    assert!(second.hears_signed_out().await);
    guest.live.sends(&shout).await;
    assert!(guest.live.hears_signed_out().await);
    assert!(guest.live.raw.contains("guest_removed"), "and is told why");
    assert!(
        Live::is_signed_out(&guest.browser, "/guest/live").await,
        "there is no way back"
    );
    assert_eq!(guest.browser.opens(&link).await.status, 410);
    let command = town.command().to_string();
    assert_eq!(
        guest
            .browser
            .posts(&link, &[("command", &command), ("name", "健太")])
            .await
            .status,
        410
    );
    guardian
        .live()
        .sees(consultation, "two are left", |log| guest_seat(log, invite).is_none())
        .await;
    guardian.live().settles().await;
    assert!(!guardian.live().raw.contains("\"muted\""), "nobody heard it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fifth_is_not_invited_and_a_withdrawn_link_opens_nothing() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation, call) = talking(&town).await;
    let (invite, link) = invites(&mut doctor, consultation, GuestRole::Interpreter, "林").await;
    let name = "けんた".to_owned();
    let role = GuestRole::Family;
    guardian.does(Command::Invite { role, name }).await.expect("the fourth");
    let midwife = town.clinician_of("hino", "鈴木", Role::Midwife).await;
    let ask = Command::InviteColleague {
        call,
        to: midwife.staff.id,
        colleague: None,
    };
    let full = Err(Refusal::CallFull { limit: limits::SEATS });
    assert_eq!(doctor.does(consultation, ask.clone()).await, full);
    let withdraw = Command::WithdrawInvitation { invite };
    doctor.does(consultation, withdraw).await.expect("taken back");
    assert_eq!(town.browser("hino.test").opens(&link).await.status, 410);
    doctor.does(consultation, ask).await.expect("there is room");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_colleague_of_this_city_is_asked_in_and_takes_over_without_hanging_up() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation, call) = talking(&town).await;
    let mut midwife = town.clinician_of("hino", "鈴木", Role::Midwife).await;
    midwife.opens_desk().await;
    let stranger = town.clinician_of("tama", "田村", Role::Midwife).await;
    let ask = |to| Command::InviteColleague {
        call,
        to,
        colleague: None,
    };
    let foreign = doctor.does(consultation, ask(stranger.staff.id)).await;
    assert_eq!(foreign, Err(Refusal::NotAllowed), "another city's");
    let colleagues = doctor.browser.opens("/desk/colleagues").await.body;
    assert!(
        colleagues.contains("鈴木") && !colleagues.contains("佐藤"),
        "{colleagues}"
    );
    doctor.does(consultation, ask(midwife.staff.id)).await.expect("asked");
    let me = midwife.staff.id;
    midwife
        .live()
        .until("being asked", |frame| match frame {
            ServerFrame::Row { row, .. } if row.colleague == Some(me) => Some(()),
            _ => None,
        })
        .await;
    midwife.live().watches(consultation).await;

    // One call a clinician, also as a colleague.
    let elsewhere = town.somebody_waits("hino", "別の相談").await;
    let claim = Command::Claim { overtake_reason: None };
    midwife.does(elsewhere, claim).await.expect("taken");
    let other_call = midwife.rings(elsewhere, CallMode::Audio).await;
    assert_eq!(
        midwife.does(consultation, Command::Join { call }).await,
        Err(Refusal::InAnotherCall)
    );
    let hang_up = |call| Command::HangUp { call, failed: false };
    midwife.does(elsewhere, hang_up(other_call)).await.expect("over");
    midwife
        .does(consultation, Command::Join { call })
        .await
        .expect("seated");

    let hand_over = Command::HandOver { call, to: me };
    doctor.does(consultation, hand_over).await.expect("offered");
    midwife
        .does(consultation, Command::TakeOver { call })
        .await
        .expect("taken");
    guardian
        .sees_standing(
            "who is responsible now",
            |standing| matches!(standing, signaling::view::Standing::Claimed(by) if by.id == me),
        )
        .await;
    let ring = Command::Ring { mode: CallMode::Audio };
    let third = town.somebody_waits("hino", "三つめ").await;
    let claim = Command::Claim { overtake_reason: None };
    doctor.does(third, claim).await.expect("taken");
    assert_eq!(
        doctor.does(third, ring.clone()).await,
        Err(Refusal::InAnotherCall),
        "he still sits in it"
    );
    doctor.does(consultation, Command::Leave { call }).await.expect("left");
    doctor.does(third, ring.clone()).await.expect("and is free");
    assert_eq!(
        midwife.does(elsewhere, ring).await,
        Err(Refusal::InAnotherCall),
        "she is not"
    );
    midwife.does(consultation, hang_up(call)).await.expect("hers to end");
    assert!(
        town.app.spine.verify(consultation).await.is_ok(),
        "the row is what the log says"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_telephone_number_reaches_the_clinician_who_has_it_and_nobody_else() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let mut colleague = town.clinician("鈴木").await;
    colleague.live().watches(consultation).await;
    doctor.does(consultation, Command::AskCallback).await.expect("offered");
    let command = town.command().to_string();
    let wrong = guardian
        .posts("callback", &[("command", &command), ("number", "119")])
        .await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("電話番号を確かめてください"));
    let command = town.command().to_string();
    let given = guardian
        .posts(
            "callback",
            &[("command", &command), ("number", "０９０ー１２３４ー５６７８")],
        )
        .await;
    assert_eq!(given.leads_to(), guardian.path);
    let shown = |log: &Log| log.thread().callback.and_then(|callback| callback.number);
    doctor
        .live()
        .sees(consultation, "the number", |log| {
            shown(log).as_deref() == Some("09012345678")
        })
        .await;
    for live in [colleague.live(), guardian.live()] {
        live.sees(consultation, "that it was given", |log| {
            log.thread().callback.is_some_and(|one| one.is_given)
        })
        .await;
        assert!(!live.raw.contains("09012345678"));
    }
    let mut supervisor = town.supervisor("高橋").await;
    let replay = supervisor.replays(consultation).await.body;
    assert!(
        replay.contains("電話番号を預かる") && !replay.contains("1234"),
        "a replay holds no number"
    );
    let outcome = CallbackOutcome::Reached;
    doctor
        .does(consultation, Command::CallbackDone { outcome })
        .await
        .expect("noted");
    town.app.spine.erase_content(consultation).await.expect("erased");
    let events = town.app.spine.events(consultation, 0, 1_000).await.expect("read");
    assert!(
        events.iter().all(|event| event.sealed.is_none()),
        "the number goes with the consultation"
    );
}
