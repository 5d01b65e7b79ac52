//! A browser without scripts, over a real connection: keeps cookies, posts forms, follows nothing by itself.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// A browser with a cookie jar of its own.
#[derive(Clone, Debug)]
pub struct Browser {
    /// Where the server listens.
    pub address: SocketAddr,
    /// The address of this machine that it asks from, where it matters: one has 28,000 ports.
    pub from: Option<IpAddr>,
    /// `hino.test:34567`.
    pub host: String,
    /// Name → value.
    pub cookies: BTreeMap<String, String>,
    /// What it says it is.
    pub agent: String,
}

/// What came back.
#[derive(Clone)]
pub struct Answer {
    /// 200, 303, …
    pub status: u16,
    /// As they came.
    pub headers: Vec<(String, String)>,
    /// As text.
    pub body: String,
    /// As it came.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { status, body, .. } = self;
        write!(f, "{status} {body}")
    }
}

impl Answer {
    /// The first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The path that a 303 leads to.
    ///
    /// # Panics
    /// The answer is no 303.
    #[must_use]
    pub fn leads_to(&self) -> &str {
        assert_eq!(self.status, 303, "{self:?}");
        self.header("location").expect("a location")
    }

    /// The model that pages which come to life carry, as JSON.
    #[must_use]
    pub fn model_text(&self) -> Option<&str> {
        let (_, rest) = self.body.split_once("id=\"page\"")?;
        let (_, rest) = rest.split_once('>')?;
        let (json, _) = rest.split_once("</script>")?;
        Some(json)
    }
}

impl Browser {
    /// A browser that was never anywhere, asking for the city that answers to `name`.
    #[must_use]
    pub fn new(address: SocketAddr, name: &str) -> Self {
        Self {
            address,
            from: None,
            host: format!("{name}:{}", address.port()),
            cookies: BTreeMap::new(),
            agent: "Mozilla/5.0 (iPhone)".to_owned(),
        }
    }

    /// The same browser asks another city.
    #[must_use]
    pub fn at(&self, name: &str) -> Self {
        Self {
            host: format!("{name}:{}", self.address.port()),
            ..self.clone()
        }
    }

    /// A connection to the server, without delay for small packets.
    ///
    /// # Errors
    /// Nobody listens, or no port is free.
    pub async fn connects(&self) -> std::io::Result<TcpStream> {
        let stream = match self.from {
            None => TcpStream::connect(self.address).await?,
            Some(from) => {
                let socket = TcpSocket::new_v4()?;
                socket.bind(SocketAddr::new(from, 0))?;
                socket.connect(self.address).await?
            }
        };
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// All cookies as one header.
    #[must_use]
    pub fn cookie_line(&self) -> String {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    /// `http://hino.test:34567`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.host)
    }

    /// GET.
    pub async fn opens(&mut self, path: &str) -> Answer {
        self.sends("GET", path, &[], "").await
    }

    /// POST of a form on a page of this host.
    pub async fn posts(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = self.origin();
        self.sends("POST", path, &[("origin", &origin)], &form(fields)).await
    }

    /// Any request, with headers as given.
    ///
    /// # Panics
    /// Nobody listens.
    pub async fn sends(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        self.sends_bytes(method, path, kind, headers, body.as_bytes()).await
    }

    /// Any request with a body of any kind.
    ///
    /// # Panics
    /// Nobody listens.
    pub async fn sends_bytes(
        &mut self,
        method: &str,
        path: &str,
        kind: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n\
             content-type: {kind}\r\nuser-agent: {}\r\n",
            self.host,
            body.len(),
            self.agent
        );
        if !self.cookies.is_empty() {
            request.push_str(&format!("cookie: {}\r\n", self.cookie_line()));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        let request = [request.as_bytes(), body].concat();
        let mut stream = self.connects().await.expect("the server listens");
        // A server that refuses a large body may stop reading; its answer is what counts.
        let _ = stream.write_all(&request).await;
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
#[must_use]
pub fn form(fields: &[(&str, &str)]) -> String {
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
        bytes: body,
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
