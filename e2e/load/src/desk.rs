//! The real binary on a data directory of its own: started, killed, started again on the same port.

use crate::browser::Browser;
use serde::Deserialize;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// The last thing that a demo prints before it serves.
const READY: &str = "soudan demo code";

/// Names of all files that pages link to.
const WEB_FILES: [&str; 10] = [
    "guardian.css",
    "desk.css",
    "guardian.js",
    "guardian.wasm",
    "desk.js",
    "desk.wasm",
    "check.css",
    "check.js",
    "check.wasm",
    "static/icon.svg",
];

/// `demo.json`: all that a person or a test needs to walk in.
#[derive(Clone, Debug, Deserialize)]
pub struct Card {
    /// The cities.
    pub cities: Vec<CityCard>,
    /// The staff of all cities.
    pub staff: Vec<StaffCard>,
}

/// A city on the card.
#[derive(Clone, Deserialize)]
pub struct CityCard {
    /// `hino`.
    pub id: String,
    /// `http://localhost:8080`.
    pub origin: String,
    /// 合言葉.
    pub passphrase: String,
}

signaling::redacted_debug!(CityCard { id, origin });

/// An account on the card.
#[derive(Clone, Deserialize)]
pub struct StaffCard {
    /// City's id.
    pub city: String,
    /// `pediatrician`, …
    pub role: String,
    /// Login name.
    pub login: String,
    /// Password.
    pub password: String,
    /// Base32.
    pub totp_secret: String,
}

signaling::redacted_debug!(StaffCard { city, role, login });

/// A city as families and staff reach it.
#[derive(Clone)]
pub struct City {
    /// Where the server listens.
    pub address: SocketAddr,
    /// Host name without port.
    pub name: String,
    /// 合言葉.
    pub passphrase: String,
    /// Doctors and midwives.
    pub clinicians: Vec<StaffCard>,
}

signaling::redacted_debug!(City { address, name });

impl City {
    /// A browser that was never there.
    #[must_use]
    pub fn browser(&self) -> Browser {
        Browser::new(self.address, &self.name)
    }
}

impl Card {
    /// Reads the card in a data directory.
    ///
    /// # Errors
    /// There is none.
    pub fn read(data: &Path) -> std::io::Result<Self> {
        Ok(serde_json::from_slice(&std::fs::read(data.join("demo.json"))?)?)
    }

    /// The first city.
    ///
    /// # Panics
    /// The card is no card of a demo on this machine.
    #[must_use]
    pub fn city(&self) -> City {
        let card = self.cities.first().expect("a city");
        let host = card.origin.strip_prefix("http://").expect("plain http");
        let (name, port) = host.rsplit_once(':').expect("a port");
        let clinical = |account: &&StaffCard| {
            account.city == card.id && ["pediatrician", "obstetrician", "midwife"].contains(&account.role.as_str())
        };
        City {
            address: SocketAddr::from(([127, 0, 0, 1], port.parse().expect("a port"))),
            name: name.to_owned(),
            passphrase: card.passphrase.clone(),
            clinicians: self.staff.iter().filter(clinical).cloned().collect(),
        }
    }
}

/// A running demo. It ends with this value.
#[derive(Debug)]
pub struct Desk {
    /// Database and secrets.
    pub data: tempfile::TempDir,
    /// As it was printed.
    pub card: Card,
    soudan: PathBuf,
    web: PathBuf,
    process: Child,
}

impl Desk {
    /// Starts `soudan demo` on a free port of loopback.
    ///
    /// # Errors
    /// It cannot be started, or ends before it serves.
    pub async fn start(soudan: &Path, web: &Path) -> std::io::Result<Self> {
        let data = tempfile::Builder::new().prefix("soudan-load-").tempdir()?;
        let process = started(soudan, web, data.path(), 0).await?;
        Ok(Self {
            card: Card::read(data.path())?,
            data,
            soudan: soudan.to_owned(),
            web: web.to_owned(),
            process,
        })
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// The system does not let us.
    pub async fn kill(&mut self) -> std::io::Result<()> {
        self.process.kill().await
    }

    /// Starts it again on the same data and port.
    ///
    /// # Errors
    /// As [`Desk::start`].
    pub async fn start_again(&mut self) -> std::io::Result<()> {
        let port = self.card.city().address.port();
        self.process = started(&self.soudan, &self.web, self.data.path(), port).await?;
        Ok(())
    }

    /// Ends it and lets `soudan check-log` read what it has written.
    ///
    /// # Errors
    /// The program cannot be run.
    pub async fn checks_its_log(mut self) -> std::io::Result<std::process::Output> {
        self.kill().await?;
        let data = self.data.path();
        Command::new(&self.soudan)
            .arg("check-log")
            .env(
                "SOUDAN_DATABASE_URL",
                format!("sqlite://{}", data.join("soudan.db").display()),
            )
            .env("SOUDAN_MASTER_KEY_FILE", data.join("master.key"))
            .output()
            .await
    }

    /// Memory that the process has in use, in bytes.
    #[must_use]
    pub fn resident_bytes(&self) -> Option<u64> {
        resident_bytes(self.process.id()?)
    }
}

/// Resident memory of a process in bytes, as Linux counts it.
#[must_use]
pub fn resident_bytes(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

async fn started(soudan: &Path, web: &Path, data: &Path, port: u16) -> std::io::Result<Child> {
    let log = std::fs::File::options()
        .create(true)
        .append(true)
        .open(data.join("server.log"))?;
    let mut process = Command::new(soudan)
        .args(["demo", "--listen", &format!("127.0.0.1:{port}")])
        .arg("--data")
        .arg(data)
        .arg("--web-dir")
        .arg(web)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()?;
    let output = process.stdout.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
    let mut lines = BufReader::new(output).lines();
    while let Some(line) = lines.next_line().await? {
        if line.contains(READY) {
            // What it prints later is read too, so that it never waits for us.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(process);
        }
    }
    let log = std::fs::read_to_string(data.join("server.log"))?;
    Err(std::io::Error::other(format!("soudan ended before it served: {log}")))
}

/// What `cargo xtask web` would have made: names only, for a server whose pages no browser loads.
///
/// # Errors
/// The directory cannot be written.
pub fn bare_web_dir() -> std::io::Result<tempfile::TempDir> {
    let directory = tempfile::tempdir()?;
    let files: serde_json::Map<String, serde_json::Value> = WEB_FILES
        .iter()
        .map(|name| ((*name).to_owned(), name.replace('/', "-").into()))
        .collect();
    let manifest = serde_json::json!({ "files": files });
    std::fs::write(directory.path().join("manifest.json"), manifest.to_string())?;
    Ok(directory)
}
