//! How a socket ends: with the credential that opened it, and when nobody reads it. And how a desk comes back to the truth.

use super::{socket::Live, town::Town};
use server::{hub::SocketId, seal::Keys, spine::Spine, storage::Store};
use signaling::{
    call::Holder,
    id::{ConsultationId, GuardianId},
    limits,
    protocol::{ClientFrame, DescriptionKind, ServerFrame, Signal},
    time::Millis,
};

/// A heartbeat comes and is answered.
async fn is_asked(live: &mut Live) {
    live.until("a heartbeat", |frame| {
        matches!(frame, ServerFrame::Beat { .. }).then_some(())
    })
    .await;
    live.settles().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_signs_out_is_cut_off_with_the_next_heartbeat() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut colleague = town.clinician("高橋").await;
    assert_eq!(doctor.browser.posts("/staff/sign-out", &[]).await.status, 303);
    town.turn(limits::BEAT_WAITING);
    assert!(doctor.live().is_closed().await);
    assert!(Live::is_signed_out(&doctor.browser, "/desk/live").await);
    is_asked(colleague.live()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_closed_is_cut_off_with_the_next_heartbeat() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let (city, now) = (town.city("hino").await, town.app.world.now());
    let closed = town.app.store.disable_staff(&city.id, doctor.staff.id, now).await;
    assert!(closed.expect("written"));
    town.turn(limits::BEAT_WAITING);
    assert!(doctor.live().is_closed().await);
    assert!(Live::is_signed_out(&doctor.browser, "/desk/live").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_the_family_revokes_is_cut_off_with_the_next_heartbeat() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("なくした電話で開いたままです").await;
    let consultation = guardian.consultation();
    let state = town.app.spine.load(consultation).await.expect("read").expect("there");
    let owner: GuardianId = state.case.as_deref().expect("it was sent").guardian;
    let devices = town.app.store.devices(owner).await.expect("read");
    let answer = guardian
        .browser
        .posts("/mine/revoke", &[("device", &devices[0].id)])
        .await;
    assert_eq!(answer.status, 303, "{answer:?}");
    town.turn(limits::BEAT_WAITING);
    assert!(guardian.live().is_closed().await);
    assert!(Live::is_signed_out(&guardian.browser, "/live").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_desk_is_activity_and_ends_after_one_shift() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let half_hours = limits::STAFF_SESSION.0 / Millis::minutes(30).0;
    for _ in 1..half_hours {
        town.turn(Millis::minutes(30));
        is_asked(doctor.live()).await;
    }
    town.turn(Millis::minutes(30));
    assert!(doctor.live().is_closed().await, "twelve hours are a shift");
    assert!(Live::is_signed_out(&doctor.browser, "/desk/live").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tab_that_reads_too_slowly_is_closed_and_misses_nothing_silently() {
    const SENT: u32 = 4_000;
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut guardian = town.waiting_guardian("電波が弱いです").await;
    let consultation = doctor.takes_next().await.expect("somebody waits");
    // More than the network between them holds, while the tab reads nothing.
    for offer in 1..=SENT {
        let signal = Signal::Description {
            description: DescriptionKind::Offer,
            offer,
            sdp: "a".repeat(limits::SDP_BYTES / 2),
            build: 0,
        };
        let frame = ServerFrame::Signal {
            consultation,
            from: 0,
            to: 0,
            signal,
        };
        town.app
            .hub
            .pass(consultation, SocketId(u64::MAX), Some(&Holder::Guardian), frame);
        tokio::task::yield_now().await;
    }
    let mut came = 0;
    while let Some(frame) = guardian.live().frame().await {
        if let ServerFrame::Signal {
            signal: Signal::Description { offer, .. },
            ..
        } = frame
        {
            assert_eq!(offer, came + 1, "one was lost, and more came after it");
            came = offer;
        }
    }
    assert!(came < SENT, "it was closed");
    guardian.loses_connection();
    guardian.opens_live().await;
    doctor.says(consultation, "聞こえますか").await;
    guardian.hears("聞こえますか").await;
}

/// Another server on the same database, which wakes nobody here.
async fn another_server(town: &Town) -> Spine {
    let store = Store::open(&town.database.url).await.expect("it opens");
    Spine::new(store, Keys::new(&[7; 32]), town.app.world.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_that_no_wake_up_told_of_is_on_the_desk_after_the_next_heartbeat() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let consultation = ConsultationId(town.app.world.new_id());
    let guardian = GuardianId(town.app.world.new_id());
    let spine = another_server(&town).await;
    town.asks_at(
        &spine,
        consultation,
        guardian,
        "hino",
        "だれにも知らされていません",
        Vec::new(),
    )
    .await;
    town.turn(limits::BEAT_WAITING);
    let row = |frame: &ServerFrame| match frame {
        ServerFrame::Row { row, number, .. } if row.consultation == consultation => Some(*number),
        _ => None,
    };
    // The ladder of a family that nobody takes makes further rows.
    let last = std::cell::Cell::new(doctor.live().until("the family", row).await);
    town.turn(limits::BEAT_WAITING);
    let told = |frame: &ServerFrame| match frame {
        ServerFrame::Row { number, .. } => {
            last.set(*number);
            None
        }
        ServerFrame::Beat { queue, .. } => Some(*queue),
        _ => None,
    };
    assert_eq!(doctor.live().until("a heartbeat", told).await, Some(last.get()));
    // A desk that had lost the row would ask for all of it.
    doctor.live().sends(&ClientFrame::Queue).await;
    let whole = |frame: &ServerFrame| match frame {
        ServerFrame::Row { number, .. } => {
            last.set(*number);
            None
        }
        ServerFrame::Queue(view) => Some((
            view.rows.iter().any(|row| row.consultation == consultation),
            view.number,
        )),
        _ => None,
    };
    assert_eq!(doctor.live().until("the queue", whole).await, (true, last.get()));
}
