//! The real binary on a data directory of its own: started, killed, started again on the same port.

use crate::{browser::Browser, process};
use serde::Deserialize;
use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
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

    /// The same for the `n`th of many: every thousand have an address of loopback of their own, so that ports do not run out.
    #[must_use]
    pub fn browser_of(&self, n: usize) -> Browser {
        let network = u8::try_from(n / 1000 % 200).unwrap_or(0);
        Browser {
            from: Some(IpAddr::from([127, 0, 1 + network, 1])),
            ..self.browser()
        }
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
    processor: Option<u32>,
    process: Child,
}

impl Desk {
    /// Starts `soudan demo` on a free port of loopback.
    ///
    /// # Errors
    /// It cannot be started, or ends before it serves.
    pub async fn start(soudan: &Path, web: &Path) -> std::io::Result<Self> {
        Self::start_on(None, soudan, web).await
    }

    /// The same on one processor alone.
    ///
    /// # Errors
    /// As [`Desk::start`].
    pub async fn start_on(processor: Option<u32>, soudan: &Path, web: &Path) -> std::io::Result<Self> {
        let data = tempfile::Builder::new().prefix("soudan-load-").tempdir()?;
        let process = started(processor, soudan, web, data.path(), 0).await?;
        Ok(Self {
            card: Card::read(data.path())?,
            data,
            soudan: soudan.to_owned(),
            web: web.to_owned(),
            processor,
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
        self.process = started(self.processor, &self.soudan, &self.web, self.data.path(), port).await?;
        Ok(())
    }

    /// Ends it and lets `soudan check-log` read what it has written.
    ///
    /// # Errors
    /// The program cannot be run.
    pub async fn checks_its_log(mut self) -> std::io::Result<std::process::Output> {
        self.kill().await?;
        self.administers(&["check-log"]).await
    }

    /// Runs `soudan` with these arguments on the desk's database, as an administrator does beside it.
    ///
    /// # Errors
    /// The program cannot be run.
    pub async fn administers(&self, arguments: &[&str]) -> std::io::Result<std::process::Output> {
        let data = self.data.path();
        let database = format!("sqlite://{}", data.join("soudan.db").display());
        let mut command = Command::new(&self.soudan);
        command
            .args(arguments)
            .env("SOUDAN_DATABASE_URL", database)
            .env("SOUDAN_MASTER_KEY_FILE", data.join("master.key"));
        command.output().await
    }

    /// Memory that the process has in use, in bytes.
    #[must_use]
    pub fn resident_bytes(&self) -> Option<u64> {
        process::resident_bytes(self.process.id()?)
    }

    /// The most that it ever had in use since it was started, in bytes.
    #[must_use]
    pub fn peak_bytes(&self) -> Option<u64> {
        process::peak_bytes(self.process.id()?)
    }

    /// Processor time of the process since it was started.
    #[must_use]
    pub fn processor_time(&self) -> Option<Duration> {
        process::processor_time(self.process.id()?)
    }
}

async fn started(processor: Option<u32>, soudan: &Path, web: &Path, data: &Path, port: u16) -> std::io::Result<Child> {
    let log = std::fs::File::options()
        .create(true)
        .append(true)
        .open(data.join("server.log"))?;
    let mut process = process::on_processor(processor, soudan)
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
