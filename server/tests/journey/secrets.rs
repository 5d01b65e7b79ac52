//! What opens a door (codes, links, answers, second factors) and what a call is made of (addresses of machines): none of it in
//! the logs, and none of it as plain text in the database's files. What people write is in `secrecy`.

use super::{
    actors::{Clinician, Guardian},
    browser::Browser,
    calls::incarnation,
    openings::{in_consultation, shown_transfer},
    secrecy::{captured, contains, files_beside},
    town::{PASSWORD, Town, WORDS},
    twice::{invitation_in, secret_in},
};
use crate::authenticator::{bytes_of, code_of};
use signaling::{
    actor::Role,
    call::CallMode,
    consultation::Command,
    id::ConsultationId,
    protocol::{ClientFrame, DescriptionKind, ServerFrame, Signal},
};

/// What is looked for, with a name for it that may be shown.
#[derive(Default)]
struct Planted(Vec<(&'static str, Vec<u8>)>);

impl Planted {
    fn add(&mut self, name: &'static str, value: &str) {
        assert!(value.len() >= 8, "{name} would be found by chance");
        self.0.push((name, value.as_bytes().to_vec()));
    }
}

/// Whether six digits stand alone in a text: not within a longer number, a fraction of a second or an identifier.
fn stands_alone(bytes: &[u8], code: &str) -> bool {
    let is_joined = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'.');
    let mut found = bytes
        .windows(code.len())
        .enumerate()
        .filter(|(_, part)| *part == code.as_bytes());
    found.any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        !is_joined(before) && !is_joined(bytes.get(at + code.len()))
    })
}

/// A family registers with a recovery answer, moves to a tablet by code, to a laptop by link, and back in by the answer;
/// each way is tried wrong, twice and in time. Gives the codes.
async fn moves_from_device_to_device(town: &Town, planted: &mut Planted) -> Vec<String> {
    let answer = "ぽちzqv-answer";
    planted.add("the recovery answer", answer);
    let command = town.command().to_string();
    let registration = [
        ("command", command.as_str()),
        ("passphrase", WORDS),
        ("reach", "handbook"),
        ("about", "child"),
        ("born", "2024-08"),
        ("recovery", answer),
        ("consent_consultation", "on"),
        ("go", "start"),
    ];
    let mut phone = town.browser("hino.test");
    let ticket = phone.posts("/register", &registration).await.leads_to().to_owned();
    planted.add("the ticket", &ticket[3..]);
    let door = format!("{ticket}/door");
    let mut codes = Vec::new();
    for field in ["code", "link", "recovery"] {
        phone.posts(&format!("{ticket}/transfer"), &[]).await;
        let shown = shown_transfer(town, &phone, &ticket).await;
        let (_, token) = shown.link.rsplit_once('/').expect("a link");
        planted.add("the link's token", token);
        codes.push(shown.code.clone());
        let (link, mut device) = (format!("/e/{token}"), town.browser("hino.test"));
        device.opens(&link).await;
        let (path, fields) = match field {
            "code" => (&door, vec![("code", shown.code.as_str())]),
            "link" => (&link, Vec::new()),
            _ => (&door, vec![("recovery", answer)]),
        };
        assert_eq!(device.posts(path, &fields).await.status, 303, "{field}");
        assert_eq!(
            town.browser("hino.test").posts(&link, &[]).await.status == 410,
            field != "recovery"
        );
        town.browser("hino.test").posts(&door, &[("code", &shown.code)]).await;
        planted.add(
            "a device's credential",
            device.cookies.values().next().expect("a credential"),
        );
    }
    codes
}

/// A midwife enrols by a link and signs in; each is tried wrong and twice. Gives the codes.
async fn enrols(town: &Town, planted: &mut Planted) -> (Vec<String>, Vec<u8>) {
    let city = town.city("hino").await;
    let added = town
        .app
        .identity
        .add_staff(&city, "takahashi", "高橋", Role::Midwife)
        .await;
    let link = added.expect("added").expect("a new login").path;
    planted.add("the enrolment's token", link.rsplit('/').next().expect("a token"));
    let mut browser: Browser = town.browser("hino.test");
    let secret = secret_in(&browser.opens(&link).await);
    planted.add("the second factor", &secret);
    let password = "zqv correct horse";
    planted.add("the password", password);
    let code = code_of(&secret, town.app.world.now());
    for (again, status) in [("zqv another horse", 422), (password, 303), (password, 303)] {
        let fields = [
            ("password", password),
            ("password_again", again),
            ("code", code.as_str()),
        ];
        assert_eq!(browser.posts(&link, &fields).await.status, status);
    }
    planted.add("a session", browser.cookies.values().next().expect("a session"));
    assert_eq!(town.browser("hino.test").opens(&link).await.status, 410);
    let mut codes = vec![code.clone()];
    let used = [("login", "takahashi"), ("password", password), ("code", code.as_str())];
    assert_eq!(
        town.browser("hino.test").posts("/staff/sign-in", &used).await.status,
        422
    );
    town.turn(signaling::time::Millis::minutes(1));
    let next = code_of(&secret, town.app.world.now());
    let fields = [("login", "takahashi"), ("password", password), ("code", next.as_str())];
    assert_eq!(
        town.browser("hino.test").posts("/staff/sign-in", &fields).await.status,
        303
    );
    codes.push(next);
    (codes, bytes_of(&secret))
}

/// Both sides of a call describe themselves, rightly and at too great a length.
async fn describe_themselves(guardian: &mut Guardian, doctor: &mut Clinician, consultation: ConsultationId) {
    let call = doctor.rings(consultation, CallMode::Video).await;
    let running = |log: &super::socket::Log| log.thread().call.is_some_and(|running| running.id == call);
    guardian.live().sees(consultation, "ringing", running).await;
    guardian.does(Command::Join { call }).await.expect("answered");
    let seated = |log: &super::socket::Log| incarnation(log, true) > 0;
    doctor.live().sees(consultation, "an answer", seated).await;
    let log = doctor.log(consultation);
    let (from, to) = (incarnation(log, false), incarnation(log, true));
    let description = |sdp: String| Signal::Description {
        description: DescriptionKind::Offer,
        offer: 1,
        sdp,
        build: 0,
    };
    let candidate = Signal::Candidate {
        candidate: "candidate:1 1 udp 1 192.0.2.77 5004 typ host zqv-candidate".to_owned(),
        mid: Some("0".to_owned()),
        m_line: Some(0),
    };
    for signal in [
        description("v=0 zqv-description a=ice-pwd:zqvpassword".to_owned()),
        candidate,
    ] {
        doctor
            .live()
            .sends(&ClientFrame::Signal {
                consultation,
                from,
                to,
                signal,
            })
            .await;
        let passed = |frame: &ServerFrame| matches!(frame, ServerFrame::Signal { .. }).then_some(());
        guardian.live().until("a signal", passed).await;
    }
    let signal = description("zqv-too-long".repeat(6_000));
    doctor
        .live()
        .sends(&ClientFrame::Signal {
            consultation,
            from,
            to,
            signal,
        })
        .await;
    doctor.live().error().await;
    assert!(guardian.live().raw.contains("zqv-candidate") && guardian.live().raw.contains("zqv-description"));
}

/// The family leaves a number to be called at, and its partner comes into the call by a link, spent once and tried again.
async fn invites_and_leaves_a_number(town: &Town, guardian: &mut Guardian, planted: &mut Planted) {
    let command = town.command().to_string();
    for (number, status) in [("090-2468-zqv", 422), ("090-2468-1357", 303)] {
        let fields = [("command", command.as_str()), ("number", number)];
        assert_eq!(guardian.posts("callback", &fields).await.status, status);
    }
    planted.add("a telephone number", "09024681357");
    planted.add("a telephone number as typed", "090-2468");
    let command = town.command().to_string();
    let fields = [("command", command.as_str()), ("name", "けんたzqv-guest")];
    let page = guardian.posts("invite", &fields).await.leads_to().to_owned();
    let link = invitation_in(&guardian.browser.opens(&page).await);
    planted.add("a guest's link", &link[3..]);
    planted.add("a guest's name", "zqv-guest");
    let mut partner = town.browser("hino.test");
    let fields = [("command", command.as_str()), ("name", "健太zqv-guest")];
    assert_eq!(partner.posts(&link, &fields).await.status, 303);
    planted.add(
        "a guest's credential",
        partner.cookies.values().next().expect("a credential"),
    );
    assert_eq!(partner.opens(&link).await.status, 200);
    assert_eq!(town.browser("hino.test").opens(&link).await.status, 410);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_opens_doors_and_makes_calls_is_in_no_log_and_in_no_file_as_plain_text() {
    let logs = captured();
    let town = Town::new().await;
    let mut planted = Planted::default();
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let refused = Command::Release {
        reason: "理由zqv-refused".repeat(40),
    };
    doctor.does(consultation, refused).await.expect_err("too long");
    planted.add("a reason that was refused", "zqv-refused");
    describe_themselves(&mut guardian, &mut doctor, consultation).await;
    for word in [
        "zqv-description",
        "zqvpassword",
        "zqv-candidate",
        "192.0.2.77",
        "zqv-too-long",
    ] {
        planted.add("what a call is made of", word);
    }
    invites_and_leaves_a_number(&town, &mut guardian, &mut planted).await;
    let mut codes = moves_from_device_to_device(&town, &mut planted).await;
    let (more, second_factor) = enrols(&town, &mut planted).await;
    codes.extend(more);
    planted.add("every password", PASSWORD);
    planted.0.push(("the second factor's bytes", second_factor));

    let log = logs.bytes();
    assert!(
        contains(&log, "/staff/enrol/{token}") && contains(&log, "/e/{token}"),
        "requests are logged by template"
    );
    let mut places = files_beside(&town.database.url);
    assert!(
        places.iter().any(|(_, bytes)| contains(bytes, "takahashi")),
        "the files are read"
    );
    places.push(("the log".to_owned(), log));
    for (place, bytes) in &places {
        for (name, value) in &planted.0 {
            let found = bytes.windows(value.len()).any(|part| part == value.as_slice());
            assert!(!found, "{name} is in {place}");
        }
        for code in &codes {
            assert!(!stands_alone(bytes, code), "a code of six digits is in {place}");
        }
    }
}
