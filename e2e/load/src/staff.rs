//! Clinicians: they sign in with password and one-time code, take families, and open a tab for each.

use crate::{
    browser::Browser,
    clock,
    desk::{City, StaffCard},
    socket::Socket,
    tab::{Place, Tab},
};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use signaling::{
    duty::Duty,
    id::ConsultationId,
    protocol::{ClientFrame, QueueCommand, ServerFrame},
};

/// Seconds of one code (RFC 6238).
const STEP_SECONDS: u64 = 30;

/// A clinician who has signed in.
#[derive(Clone, Debug)]
pub struct Clinician {
    /// The desk's browser.
    pub browser: Browser,
}

impl Clinician {
    /// Signs in. A code is good once, so an account signs in once in half a minute.
    ///
    /// # Panics
    /// The server does not let them in.
    pub async fn signs_in(city: &City, account: &StaffCard) -> Self {
        let mut browser = city.browser();
        let code = totp(&account.totp_secret, clock::unix_seconds());
        let fields = [
            ("login", account.login.as_str()),
            ("password", &account.password),
            ("code", &code),
        ];
        let answer = browser.posts("/staff/sign-in", &fields).await;
        assert_eq!(answer.status, 303, "{answer:?}");
        Self { browser }
    }

    /// Spends the link of a new account: adds the second factor, chooses a password, and is signed in.
    ///
    /// # Panics
    /// The server does not let them in.
    pub async fn enrols(mut browser: Browser, path: &str) -> Self {
        let page = browser.opens(path).await;
        let secret = secret_on(&page.body).expect("the page shows the second factor");
        let (code, password) = (totp(&secret, clock::unix_seconds()), clock::command_id().to_string());
        let fields = [
            ("password", password.as_str()),
            ("password_again", &password),
            ("code", &code),
        ];
        let answer = browser.posts(path, &fields).await;
        assert_eq!(answer.status, 303, "{answer:?}");
        Self { browser }
    }

    /// 「対応中」.
    ///
    /// # Panics
    /// The server does not take it.
    pub async fn comes_on_duty(&mut self) {
        let command = clock::command_id().to_string();
        let fields = [("command", command.as_str()), ("duty", Duty::On.code())];
        let answer = self.browser.posts("/desk/duty", &fields).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Opens the desk with its queue.
    ///
    /// # Panics
    /// The server does not let them in.
    pub async fn opens_desk(&self) -> Socket {
        let socket = Socket::open(&self.browser, "/desk/live", Vec::new(), true).await;
        socket.expect("the desk opens")
    }

    /// 「次の方」, so many times.
    ///
    /// # Panics
    /// Fewer families wait.
    pub async fn takes_next(&self, count: usize) -> Vec<ConsultationId> {
        let mut desk = self.opens_desk().await;
        let mut taken = Vec::with_capacity(count);
        while taken.len() < count {
            let id = clock::command_id();
            let command = QueueCommand::Next;
            desk.sends(&ClientFrame::QueueCommand { id, command }).await;
            taken.push(acknowledged(&mut desk).await);
        }
        taken
    }

    /// Opens a consultation in a tab of its own.
    #[must_use]
    pub fn tab(&self, consultation: ConsultationId) -> Tab {
        Tab::open(Place {
            browser: self.browser.clone(),
            path: "/desk/live",
            consultation,
        })
    }
}

async fn acknowledged(desk: &mut Socket) -> ConsultationId {
    loop {
        match desk.frame().await.expect("the desk stays open") {
            ServerFrame::Ack { consultation, .. } => return consultation,
            ServerFrame::Refused { text, .. } | ServerFrame::Error { text, .. } => panic!("{text}"),
            _ => {}
        }
    }
}

/// The Base32 letters that the page of an enrolment shows, in fours.
fn secret_on(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("<code class=\"secret\">")?;
    let (letters, _) = rest.split_once("</code>")?;
    Some(letters.replace(' ', ""))
}

/// The six digits of RFC 6238 with SHA-1, as authenticator apps show them.
fn totp(secret: &str, unix_seconds: u64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(&from_base32(secret)).expect("any length is a key");
    mac.update(&(unix_seconds / STEP_SECONDS).to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[digest.len() - 1] & 0xf);
    let four: [u8; 4] = std::array::from_fn(|n| digest[offset + n]);
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

fn from_base32(text: &str) -> Vec<u8> {
    let (mut bytes, mut value, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes() {
        let digit = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => continue,
        };
        value = (value << 5) | u32::from(digit);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            // The upper bits were given out before.
            bytes.push(u8::try_from((value >> bits) & 0xff).unwrap_or_default());
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    #[test]
    fn codes_agree_with_rfc_6238_appendix_b() {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let codes = [59, 1_111_111_109, 20_000_000_000].map(|seconds| super::totp(secret, seconds));
        assert_eq!(codes, ["287082", "081804", "353130"]);
    }
}
