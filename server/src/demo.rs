//! The demo: two made-up cities on this machine, with staff, passphrases and hours that are always open.
//!
//! Promises: every secret is random per data directory; the database carries the mark of a demo, which `serve` refuses, and
//! a database without it is refused here; rules without a physician's approval run here only; nothing listens beyond
//! loopback unless the local network was asked for; the time is the machine's, but in a demo that tests began with a clock of
//! theirs (`test_clock`), which is that to its end.

mod cities;
mod edge;
mod links;
pub mod test_clock;

pub use edge::{keep_running, left_alone};

use crate::{
    app::App,
    clock::{SystemClock, TestClock, World},
    config::{Config, DatabaseUrl},
    files,
    identity::Identity,
    render::AsJson,
    seal::Keys,
    serve,
    storage::Store,
    tls,
};
use serde::{Deserialize, Serialize};
use std::{
    net::{IpAddr, SocketAddr, TcpListener, UdpSocket},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Name of the mark in the database.
const MARK: &str = "demo";
/// The mark's values: whose time it has.
const TRUE_TIME: &str = "yes";
const TEST_TIME: &str = "test clock";

/// Where a demo runs.
#[derive(Clone, Debug)]
pub struct Place {
    /// Database and secrets.
    pub data: PathBuf,
    /// What browsers download.
    pub web_dir: PathBuf,
    /// Address and port.
    pub listen: SocketAddr,
    /// Serve https on the local network.
    pub lan: bool,
    /// Port of TLS for an edge beside it, when there is to be one.
    pub edge_port: Option<u16>,
    /// The clock of a test, instead of the machine's.
    pub test_clock: Option<TestClock>,
    /// As in the configuration of a real desk.
    pub sockets_over_http2: bool,
}

/// A demo that is ready to be served.
pub struct Started {
    /// The desk.
    pub app: App,
    /// Its listener.
    pub listener: TcpListener,
    /// What is printed for people.
    pub links: String,
    /// Configuration of the edge that is to run beside it, for [`keep_running`].
    pub edge: Option<PathBuf>,
}

signaling::redacted_debug!(Started {});

/// What is written to `demo.json` in the data directory: everything a person or a test needs to walk in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Card {
    /// The cities.
    pub cities: Vec<CityCard>,
    /// The staff of all cities.
    pub staff: Vec<StaffCard>,
}

/// A city of the demo.
#[derive(Clone, Serialize, Deserialize)]
pub struct CityCard {
    /// `hino`.
    pub id: String,
    /// 「日野市」.
    pub name: String,
    /// `http://localhost:8080`.
    pub origin: String,
    /// Today's 合言葉.
    pub passphrase: String,
    /// The day it was made for, `2026-11-22`.
    #[serde(default)]
    pub passphrase_day: String,
}

signaling::redacted_debug!(CityCard { id, name, origin });

/// An account of the demo.
#[derive(Clone, Serialize, Deserialize)]
pub struct StaffCard {
    /// City's id.
    pub city: String,
    /// Code of the role.
    pub role: String,
    /// 「佐藤」.
    pub name: String,
    /// Login name.
    pub login: String,
    /// Password.
    pub password: String,
    /// Secret of the second factor, Base32.
    pub totp_secret: String,
}

impl std::fmt::Debug for StaffCard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaffCard")
            .field("login", &self.login)
            .finish_non_exhaustive()
    }
}

/// Why a demo does not start.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The database holds real consultations.
    #[error("{0} is not a demo's database; `soudan demo` will not touch it (use `soudan serve`, or another --data)")]
    NotADemo(String),
    /// The database is a demo's.
    #[error("this is a demo's database; `soudan` refuses it for real use (its rules and accounts are not real)")]
    IsADemo,
    /// Plain http beyond loopback.
    #[error("a demo listens on loopback; to reach it from a phone use --lan, which serves https")]
    NotLoopback,
    /// Time would jump, or what has been made up would pass for true.
    #[error("{0} was begun with another clock: a test's (--test-clock) or the machine's; use another --data")]
    OtherClock(String),
    /// No such account.
    #[error("no account {0:?} in this demo")]
    NoAccount(String),
    /// The demo's card cannot be read.
    #[error("demo.json cannot be read; start `soudan demo` on this data directory first")]
    NoCard,
    /// Files or network.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The key.
    #[error(transparent)]
    Key(#[from] files::KeyFileError),
    /// The database.
    #[error("the database cannot be used: {0}")]
    Storage(#[from] crate::storage::StorageError),
    /// Identity.
    #[error("an account cannot be made: {0}")]
    Identity(#[from] crate::identity::IdentityError),
    /// The desk.
    #[error(transparent)]
    Serve(#[from] serve::ServeError),
    /// TLS.
    #[error(transparent)]
    Tls(#[from] tls::TlsError),
}

/// Opens or makes the demo in a data directory and binds its port.
///
/// # Errors
/// The directory holds something else, or cannot be used.
pub async fn start(place: &Place) -> Result<Started, DemoError> {
    if !place.lan && !place.listen.ip().is_loopback() {
        return Err(DemoError::NotLoopback);
    }
    let world = match &place.test_clock {
        Some(clock) => World::new(clock.clone()),
        None => World::new(SystemClock),
    };
    std::fs::create_dir_all(&place.data)?;
    let key_file = place.data.join("master.key");
    if !key_file.exists() {
        files::write_private(&key_file, files::to_hex(&world.random::<32>()).as_bytes())?;
    }
    let keys = Keys::new(&files::read_key(&key_file)?);
    let database = place.data.join("soudan.db");
    let url = format!("sqlite://{}", database.display());
    let store = Store::open(&url).await?;
    mark(&store, &database, place.test_clock.is_some()).await?;
    if let Some(clock) = &place.test_clock {
        test_clock::obey(clock.clone(), &place.data)?;
    }

    let (listen, lan_address) = if place.lan {
        lan(place.listen)?
    } else {
        (place.listen, None)
    };
    let listener = serve::listen(listen)?;
    let port = listener.local_addr()?.port();
    let mut config = Config {
        listen,
        database_url: DatabaseUrl(url),
        master_key_file: Some(key_file),
        web_dir: place.web_dir.clone(),
        notices_test_file: Some(place.data.join("notices.jsonl")),
        sockets_over_http2: place.sockets_over_http2,
        ..Config::default()
    };
    let mut authority = None;
    if let Some(address) = lan_address {
        let made = tls::local_authority(&place.data, address, &cities::names())?;
        config.tls = Some(made.server);
        authority = Some(made.authority);
    }
    let edge = match place.edge_port {
        Some(port) => Some(edge::prepare(&place.data, lan_address, port, &world, &mut config)?),
        None => None,
    };
    let app = serve::assemble(config, store, keys, world, true)?;
    let mut card = read_card(&place.data).unwrap_or(Card {
        cities: Vec::new(),
        staff: Vec::new(),
    });
    cities::furnish(&app, &mut card, lan_address).await?;
    let scheme = if place.lan { "https" } else { "http" };
    for city in &mut card.cities {
        city.origin = links::origin(scheme, city, lan_address, port);
    }
    let text = serde_json::to_vec_pretty(&card).map_err(|error| DemoError::Io(error.into()))?;
    files::write_private(&place.data.join("demo.json"), &text)?;
    let links = links::printed(&card, place, authority.as_deref());
    Ok(Started {
        app,
        listener,
        links,
        edge,
    })
}

/// Refuses a demo's database to `serve`.
///
/// # Errors
/// It is one.
pub async fn refuse_demo(store: &Store) -> Result<(), DemoError> {
    if store.meta_value(MARK).await?.is_some() {
        Err(DemoError::IsADemo)
    } else {
        Ok(())
    }
}

/// The current code of an account's second factor.
///
/// # Errors
/// No demo here, or no such account.
pub async fn code(data: &Path, login: &str, world: World) -> Result<String, DemoError> {
    let keys = Keys::new(&files::read_key(&data.join("master.key"))?);
    let card = read_card(data).ok_or(DemoError::NoCard)?;
    let no_account = || DemoError::NoAccount(login.to_owned());
    let account = card
        .staff
        .iter()
        .find(|account| account.login == login)
        .ok_or_else(no_account)?;
    let store = Store::open(&format!("sqlite://{}", data.join("soudan.db").display())).await?;
    let city = account.city.parse().map_err(|_| no_account())?;
    let city = store.city(&city).await?.ok_or_else(no_account)?;
    let identity = Identity::new(store, &keys, world, Arc::new(AsJson), false);
    identity.current_code(&city, login).await?.ok_or_else(no_account)
}

fn read_card(data: &Path) -> Option<Card> {
    serde_json::from_slice(&std::fs::read(data.join("demo.json")).ok()?).ok()
}

async fn mark(store: &Store, database: &Path, is_test: bool) -> Result<(), DemoError> {
    let here = || database.display().to_string();
    let time = if is_test { TEST_TIME } else { TRUE_TIME };
    match store.meta_value(MARK).await? {
        Some(mark) if mark == time => Ok(()),
        Some(_) => Err(DemoError::OtherClock(here())),
        None if !store.cities().await?.is_empty() => Err(DemoError::NotADemo(here())),
        None => store
            .set_meta_value_if_absent(MARK, time)
            .await
            .map(drop)
            .map_err(DemoError::from),
    }
}

/// Where a demo for phones listens, and the address that they use: the given one, or for `0.0.0.0` this machine's on the
/// local network, found by asking which one would be used; nothing is sent.
fn lan(listen: SocketAddr) -> Result<(SocketAddr, Option<IpAddr>), DemoError> {
    if !listen.ip().is_unspecified() {
        return Ok((listen, Some(listen.ip())));
    }
    let socket = UdpSocket::bind(("0.0.0.0", 0))?;
    // Any address beyond the local network does (RFC 5737 documentation range).
    let address = socket
        .connect(("192.0.2.1", 9))
        .and_then(|()| socket.local_addr())
        .map(|at| at.ip());
    Ok((listen, Some(address.unwrap_or(IpAddr::from([127, 0, 0, 1])))))
}
