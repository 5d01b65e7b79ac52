//! 「カメラと音の確認」: packets that come back, verdicts that are kept, and those who mean no good.

use super::{browser::Browser, town::Town};
use bytes::BytesMut;
use server::echo::EchoRefusal;
use signaling::{
    actor::Role,
    call::{
        Path,
        agent::{BrowserFamily, DeviceKind},
    },
    check::{Cause, Connection, Device, Heard, Light, Measured, Tally},
    consultation::WireKind,
    limits,
    time::Millis,
};
use std::{sync::Arc, time::Duration};
use webrtc::{
    data_channel::{DataChannel, DataChannelEvent, RTCDataChannelInit},
    peer_connection::{
        PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCSessionDescription, SettingEngineBuilder,
    },
};

/// How long anything here may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// What Chromium offers, with a candidate of a stranger's in it.
const OFFER: &str = "v=0\r\no=- 4611 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=extmap-allow-mixed\r\n\
    a=msid-semantic: WMS\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n\
    a=candidate:1 1 udp 2113937151 198.51.100.9 50000 typ host\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef01234567\r\n\
    a=ice-options:trickle\r\na=fingerprint:sha-256 \
    6B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08\r\n\
    a=setup:actpass\r\na=mid:0\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n";

/// Where the browser's side is.
struct Phone {
    peer: Box<dyn PeerConnection>,
    channel: Arc<dyn DataChannel>,
    offer: String,
}

struct Nobody;
#[async_trait::async_trait]
impl PeerConnectionEventHandler for Nobody {}

impl Phone {
    async fn offers() -> Self {
        let settings = SettingEngineBuilder::new()
            .with_include_loopback_candidate(true)
            .build();
        let peer = PeerConnectionBuilder::new()
            .with_setting_engine(settings)
            .with_handler(Arc::new(Nobody))
            .with_udp_addrs(vec!["127.0.0.1:0"])
            .build()
            .await
            .expect("a connection");
        let way = RTCDataChannelInit {
            ordered: false,
            max_retransmits: Some(0),
            ..RTCDataChannelInit::default()
        };
        let channel = peer.create_data_channel("echo", Some(way)).await.expect("a channel");
        let offer = peer.create_offer(None).await.expect("an offer");
        peer.set_local_description(offer).await.expect("set");
        let offer = peer.local_description().await.expect("an offer").sdp;
        Self {
            peer: Box::new(peer),
            channel,
            offer,
        }
    }

    /// Takes the answer and sends packets until so many have come back.
    async fn talks(&self, answer: String, packets: usize) -> Tally {
        let answer = RTCSessionDescription::answer(answer).expect("an answer");
        self.peer.set_remote_description(answer).await.expect("taken");
        let mut tally = Tally::default();
        while let Some(event) = self.channel.poll().await {
            let came = match event {
                DataChannelEvent::OnOpen => true,
                DataChannelEvent::OnMessage(message) => {
                    tally.take(&message.data, tally_time(&tally));
                    true
                }
                DataChannelEvent::OnClose => break,
                _ => false,
            };
            if !came {
                continue;
            }
            if tally.sent() == packets {
                break;
            }
            let packet = tally.send(tally_time(&tally));
            self.channel.send(BytesMut::from(&packet[..])).await.expect("sent");
        }
        tally
    }
}

/// A clock that only counts packets: nothing here depends on how fast the machine is.
fn tally_time(tally: &Tally) -> f64 {
    f64::from(u32::try_from(tally.sent()).expect("few"))
}

async fn soon<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work)
        .await
        .unwrap_or_else(|_| panic!("{what} takes too long"))
}

async fn posts(browser: &mut Browser, path: &str, body: &str) -> (u16, serde_json::Value, String) {
    let origin = browser.origin();
    let answer = browser.sends("POST", path, &[("origin", &origin)], body).await;
    let json = serde_json::from_str(&answer.body).unwrap_or_default();
    (answer.status, json, answer.body)
}

fn measured() -> Measured {
    Measured {
        picture: Device::Refused,
        sound: Device::Works,
        voice: true,
        heard: Heard::Yes,
        connection: Connection::Untried,
        kind: DeviceKind::Phone,
        browser: BrowserFamily::Safari,
    }
}

fn report(town: &Town, measured: &Measured) -> String {
    serde_json::json!({"command": town.command(), "measured": measured}).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_familys_packets_come_back_from_the_echo_peer_and_it_ends_by_itself() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("せき").await;
    let phone = Phone::offers().await;
    let echo = format!("{}/check/echo", guardian.path);
    let (status, _, answer) = posts(&mut guardian.browser, &echo, &phone.offer).await;
    assert_eq!(status, 201, "{answer}");
    assert!(
        answer.contains("a=setup:passive"),
        "it waits for the browser's hello: {answer}"
    );
    let tally = soon("the echo", phone.talks(answer, 20)).await;
    let figures = tally.figures(1.0, Path::Direct).expect("packets came back");
    assert_eq!(figures.loss_up_permille, 0);
    assert_eq!(town.app.echo.running(), 1);

    town.turn(limits::CHECK_LIFE);
    town.turn(Millis::seconds(1));
    let gone = async {
        while town.app.echo.running() > 0 {
            tokio::task::yield_now().await;
        }
    };
    soon("its end", gone).await;
    phone.peer.close().await.expect("closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_check_more_than_there_are_places_is_told_so_at_once_and_a_second_of_the_same_person_is_not() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("せき").await;
    let echo = format!("{}/check/echo", guardian.path);
    assert_eq!(posts(&mut guardian.browser, &echo, OFFER).await.0, 201);
    for somebody in 1..limits::CHECKS_AT_ONCE {
        let answered = town.app.echo.answer(&somebody.to_string(), OFFER).await;
        assert!(answered.is_ok(), "{answered:?}");
    }
    assert_eq!(town.app.echo.answer("one more", OFFER).await, Err(EchoRefusal::Busy));
    assert_eq!(
        posts(&mut guardian.browser, &echo, OFFER).await.0,
        201,
        "their own place"
    );

    let mut doctor = town.clinician_of("hino", "田中", Role::Pediatrician).await;
    let (status, said, _) = posts(&mut doctor.browser, "/desk/check/echo", OFFER).await;
    assert_eq!((status, said["code"].as_str()), (503, Some("check_busy")));
    assert!(said["text"].as_str().is_some_and(|text| text.ends_with('。')));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn offers_that_are_none_are_refused_and_take_no_place() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("せき").await;
    let echo = format!("{}/check/echo", guardian.path);
    let line = "a=candidate:1 1 udp 2113937151 198.51.100.9 50000 typ host\r\n";
    let hostile = [
        (String::new(), 422, "unreadable"),
        ("v=0".to_owned(), 422, "unreadable"),
        ("\u{0}\u{1}ごみ".repeat(500), 422, "unreadable"),
        (OFFER.replace("m=application", "m=audio"), 422, "unreadable"),
        (OFFER.repeat(2), 422, "unreadable"),
        (OFFER.replace("a=ice-pwd", "a=ice-pwx"), 422, "unreadable"),
        (
            OFFER.replace("a=fingerprint:sha-256", "a=fingerprint:md-1"),
            422,
            "unreadable",
        ),
        (OFFER.to_owned() + &line.repeat(1_000), 413, "too_large"),
    ];
    for (offer, status, code) in hostile {
        let shown: String = offer.chars().take(60).collect();
        let (came, said, _) = posts(&mut guardian.browser, &echo, &offer).await;
        assert_eq!((came, said["code"].as_str()), (status, Some(code)), "{shown}");
    }
    // Ten thousand candidates are more than any request may hold.
    let flood = OFFER.to_owned() + &line.repeat(10_000);
    assert_eq!(posts(&mut guardian.browser, &echo, &flood).await.0, 413);
    let gone = async {
        while town.app.echo.running() > 0 {
            tokio::task::yield_now().await;
        }
    };
    soon("no place is held", gone).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_may_open_the_page_may_check() {
    let town = Town::new().await;
    let guardian = town.waiting_guardian("せき").await;
    let mut stranger = town.browser("hino.test");
    let (page, echo) = (
        format!("{}/check", guardian.path),
        format!("{}/check/echo", guardian.path),
    );
    let door = stranger.opens(&page).await;
    assert!(
        door.status == 200 && !door.body.contains("確認をはじめる"),
        "the door, and nothing of the family's"
    );
    assert_eq!(posts(&mut stranger, &echo, OFFER).await.0, 403);
    assert_eq!(posts(&mut stranger, &page, &report(&town, &measured())).await.0, 403);

    let mut supervisor = town.supervisor("高橋").await;
    assert_eq!(supervisor.browser.opens("/desk/check").await.leads_to(), "/logs");
    assert_eq!(posts(&mut supervisor.browser, "/desk/check/echo", OFFER).await.0, 403);
    let mut doctor = town.clinician_of("hino", "田中", Role::Midwife).await;
    let page = doctor.browser.opens("/desk/check").await;
    assert!(page.status == 200 && page.body.contains("カメラと音の確認"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_sees_what_a_waiting_familys_check_found() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("せき").await;
    let page = format!("{}/check", guardian.path);
    let (status, _, body) = posts(&mut guardian.browser, &page, &report(&town, &measured())).await;
    assert_eq!((status, body.as_str()), (204, ""));
    let mut doctor = town.clinician("佐藤").await;
    let consultation = doctor.takes_next().await.expect("one waits");
    doctor
        .live()
        .sees(consultation, "the check", |log| {
            log.events.iter().any(|event| match &event.kind {
                WireKind::DeviceChecked { light, checked } => {
                    *light == Light::Amber && checked.as_ref().is_some_and(|it| it.cause == Cause::PictureRefused)
                }
                _ => false,
            })
        })
        .await;
    let row = town.app.board.view(&town.city("hino").await.id).await.expect("read");
    let row = row
        .rows
        .iter()
        .find(|row| row.consultation == consultation)
        .expect("its row");
    assert_eq!(row.device, Some((Light::Amber, Cause::PictureRefused)));

    let (status, said, _) = posts(&mut guardian.browser, &page, "{\"measured\":{}}").await;
    assert_eq!((status, said["code"].as_str()), (422, Some("unreadable")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_before_the_intake_is_kept_behind_it() {
    let town = Town::new().await;
    let mut guardian = town.guardian();
    guardian.registers().await;
    let page = format!("{}/check", guardian.path);
    assert_eq!(guardian.browser.opens(&page).await.status, 200);
    for _ in 0..2 {
        assert_eq!(
            posts(&mut guardian.browser, &page, &report(&town, &measured())).await.0,
            204
        );
    }
    guardian.sends_intake("せき").await;
    guardian.opens_live().await;
    let kinds: Vec<_> = guardian.log().events.iter().map(|event| &event.kind).collect();
    let checks = kinds
        .iter()
        .filter(|kind| matches!(kind, WireKind::DeviceChecked { .. }));
    assert_eq!(checks.count(), 1, "the last one, once");
    let last = kinds.last().expect("events");
    assert!(
        matches!(
            last,
            WireKind::DeviceChecked {
                light: Light::Amber,
                checked: None
            }
        ),
        "families see the colour: {last:?}"
    );
}
