//! A browser without scripts, over a real connection: keeps cookies, posts forms, follows nothing by itself.

use frontend::page::guardian::{GuardianPage, GuardianView, TicketPage, TicketStep};
use std::{collections::BTreeMap, net::SocketAddr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A browser with a cookie jar of its own.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) address: SocketAddr,
    /// `hino.test:34567`.
    pub(crate) host: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The path that a 303 leads to.
    pub(crate) fn leads_to(&self) -> &str {
        assert_eq!(self.status, 303, "{self:?}");
        self.header("location").expect("a location")
    }

    /// The model in the page, for pages that come to life.
    pub(crate) fn model(&self) -> Option<GuardianPage> {
        let (_, rest) = self.body.split_once("id=\"page\"")?;
        let (_, rest) = rest.split_once('>')?;
        let (json, _) = rest.split_once("</script>")?;
        serde_json::from_str(json).ok()
    }

    /// The ticket's page.
    pub(crate) fn ticket(&self) -> TicketPage {
        match self.model().map(|page| page.view) {
            Some(GuardianView::Ticket(ticket)) => ticket,
            other => panic!("no ticket: {} {other:?} {}", self.status, self.body),
        }
    }

    /// The ticket's page once the intake was sent.
    pub(crate) fn live(&self) -> frontend::page::guardian::LivePage {
        match self.ticket().step {
            TicketStep::Live(live) => live,
            TicketStep::Intake(intake) => panic!("still the intake: {intake:?}"),
        }
    }
}

impl Browser {
    pub(crate) fn new(address: SocketAddr, name: &str) -> Self {
        Self {
            address,
            host: format!("{name}:{}", address.port()),
            cookies: BTreeMap::new(),
        }
    }

    /// The same browser asks another city.
    pub(crate) fn at(&self, name: &str) -> Self {
        Self {
            host: format!("{name}:{}", self.address.port()),
            ..self.clone()
        }
    }

    pub(crate) fn cookie_line(&self) -> String {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.host)
    }

    pub(crate) async fn opens(&mut self, path: &str) -> Answer {
        self.sends("GET", path, &[], "").await
    }

    pub(crate) async fn posts(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = self.origin();
        self.sends("POST", path, &[("origin", &origin)], &form(fields)).await
    }

    /// Any request, with headers as given.
    pub(crate) async fn sends(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\nuser-agent: Mozilla/5.0 (iPhone)\r\n",
            self.host,
            body.len()
        );
        if !self.cookies.is_empty() {
            request.push_str(&format!("cookie: {}\r\n", self.cookie_line()));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        request.push_str(body);
        let mut stream = TcpStream::connect(self.address).await.expect("the server listens");
        // A server that refuses a large body may stop reading; its answer is what counts.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
        let answer = parsed(&bytes);
        self.keeps(&answer);
        answer
    }

    fn keeps(&mut self, answer: &Answer) {
        for (_, cookie) in answer
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        {
            let pair = cookie.split(';').next().and_then(|pair| pair.split_once('='));
            let (name, value) = pair.expect("a cookie");
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// The fields as a browser encodes them.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect();
    pairs.join("&")
}

fn parsed(bytes: &[u8]) -> Answer {
    let split = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("an answer with a head");
    let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|code| code.parse().ok());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut body = bytes[split + 4..].to_vec();
    if headers
        .iter()
        .any(|(name, value)| name.eq_ignore_ascii_case("transfer-encoding") && value == "chunked")
    {
        body = unchunked(&body);
    }
    Answer {
        status: status.expect("a status"),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap_or("0").trim(), 16).unwrap_or(0);
        if length == 0 {
            break;
        }
        whole.extend_from_slice(&rest[end + 2..end + 2 + length]);
        rest = &rest[end + 4 + length..];
    }
    whole
}
