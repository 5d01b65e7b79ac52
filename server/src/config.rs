//! Configuration: one TOML file, every key also an environment variable (`tls.key_file` → `SOUDAN_TLS_KEY_FILE`), which
//! wins. A wrong value stops the start with the key, the value and what is allowed; so does an unknown key in the file.
//!
//! Every key is documented where it is defined, in a `KEYS`; `soudan serve --help` prints the same table.

mod calls;
mod ladder;
mod patience;

pub use calls::{EdgeConfig, SecretError, TurnConfig};

use signaling::{hand_over::Patience, ladder::Delays, protocol::IceServer};
use std::{collections::BTreeMap, fmt::Write, net::SocketAddr, ops::RangeInclusive, path::PathBuf};

/// The server's configuration, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// See `listen` in [`keys`].
    pub listen: SocketAddr,
    /// See `database_url`.
    pub database_url: DatabaseUrl,
    /// See `master_key_file`.
    pub master_key_file: Option<PathBuf>,
    /// See `web_dir`.
    pub web_dir: PathBuf,
    /// See `tls.certificate_file` and `tls.key_file`.
    pub tls: Option<TlsFiles>,
    /// See `tls.authority_file`.
    pub authority: Option<PathBuf>,
    /// See `behind_https_proxy`.
    pub behind_https_proxy: bool,
    /// See `calls.ice_servers`.
    pub ice_servers: Vec<IceServer>,
    /// See `calls.ice_policy`.
    pub ice_policy: String,
    /// See `calls.hide_addresses`.
    pub hide_addresses: bool,
    /// See `calls.hide_guardian_addresses`.
    pub hide_guardian_addresses: bool,
    /// See `edge.listen` and `edge.serve`.
    pub edge: EdgeConfig,
    /// See `turn.listen` and what follows it.
    pub turn: TurnConfig,
    /// See `calls.check_ports`.
    pub check_ports: Option<RangeInclusive<u16>>,
    /// See `rules_file`.
    pub rules_file: Option<PathBuf>,
    /// See `desk.idle_minutes` and what follows it.
    pub patience: Patience,
    /// See `sockets_over_http2`.
    pub sockets_over_http2: bool,
    /// See `notices.test_file`.
    pub notices_test_file: Option<PathBuf>,
    /// See `ladder.sound_seconds` and what follows it.
    pub ladder: Delays,
    /// See `log.format`.
    pub log_json: bool,
    /// See `log.filter`.
    pub log_filter: String,
}

/// Certificate chain and private key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain, own certificate first.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Where the database is. Printing it hides a password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(pub String);

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end_of_secret = self.0.rfind('@').map_or(0, |at| at + 1);
        let scheme = self.0.split("://").next().unwrap_or_default();
        write!(
            f,
            "{scheme}://…{}",
            if end_of_secret > 0 {
                &self.0[end_of_secret..]
            } else {
                ""
            }
        )
    }
}

impl Config {
    /// Pages are reached over https, so cookies can be bound to the host and to https.
    #[must_use]
    pub fn is_public_https(&self) -> bool {
        self.tls.is_some() || self.behind_https_proxy
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database_url: DatabaseUrl("sqlite://data/soudan.db".to_owned()),
            master_key_file: None,
            web_dir: PathBuf::from("dist"),
            tls: None,
            authority: None,
            behind_https_proxy: false,
            ice_servers: Vec::new(),
            ice_policy: "all".to_owned(),
            hide_addresses: false,
            hide_guardian_addresses: false,
            edge: EdgeConfig::default(),
            turn: TurnConfig::default(),
            check_ports: None,
            rules_file: None,
            patience: Patience::default(),
            sockets_over_http2: false,
            notices_test_file: None,
            ladder: Delays::default(),
            log_json: false,
            log_filter: "info,sqlx=warn,stun_types=error,turn_types=error".to_owned(),
        }
    }
}

/// One key of the configuration.
pub struct Key {
    /// Name in the file; dots are tables.
    pub name: &'static str,
    /// What it does.
    pub purpose: &'static str,
    /// What is allowed, as printed when a value is wrong.
    pub allowed: &'static str,
    set: fn(&mut Draft, &str) -> bool,
}

/// The configuration while it is being read: pairs that need each other are still apart.
#[derive(Default)]
struct Draft {
    config: Config,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    hide_addresses: Option<bool>,
}

/// All keys.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    KEYS.iter().chain(calls::KEYS).chain(ladder::KEYS).chain(patience::KEYS)
}

const KEYS: &[Key] = &[
    Key {
        name: "listen",
        purpose: "Address and port to serve on. Port 0 takes a free one.",
        allowed: "ADDRESS:PORT, for example 0.0.0.0:443 or [::]:443",
        set: |draft, value| value.parse().map(|at| draft.config.listen = at).is_ok(),
    },
    Key {
        name: "database_url",
        purpose: "Where consultations are stored.",
        allowed: "sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME",
        set: |draft, value| {
            draft.config.database_url = DatabaseUrl(value.to_owned());
            ["sqlite://", "postgres://", "postgresql://"]
                .iter()
                .any(|scheme| value.starts_with(scheme))
        },
    },
    Key {
        name: "master_key_file",
        purpose: "File with the master key that wraps the keys of all consultations; keep it apart from the database and its \
                  backups. Needed by `serve`.",
        allowed: "a path to a file of 64 hexadecimal digits",
        set: |draft, value| {
            draft.config.master_key_file = Some(PathBuf::from(value));
            !value.is_empty()
        },
    },
    Key {
        name: "rules_file",
        purpose: "Red-flag rules of your own instead of those of this release; `soudan rules check FILE` says what is wrong with them.",
        allowed: "a path to a rule file",
        set: |draft, value| {
            draft.config.rules_file = Some(PathBuf::from(value));
            !value.is_empty()
        },
    },
    Key {
        name: "web_dir",
        purpose: "What browsers download, made by `cargo xtask web`.",
        allowed: "a path to a directory that holds manifest.json",
        set: |draft, value| {
            draft.config.web_dir = PathBuf::from(value);
            !value.is_empty()
        },
    },
    Key {
        name: "tls.certificate_file",
        purpose: "Certificate chain (PEM). With `tls.key_file` the server speaks https itself; changed files are read again \
                  on SIGHUP.",
        allowed: "a path",
        set: |draft, value| {
            draft.certificate = Some(PathBuf::from(value));
            !value.is_empty()
        },
    },
    Key {
        name: "tls.key_file",
        purpose: "Private key of the certificate (PEM).",
        allowed: "a path",
        set: |draft, value| {
            draft.key = Some(PathBuf::from(value));
            !value.is_empty()
        },
    },
    Key {
        name: "tls.authority_file",
        purpose: "A certificate authority of your own (PEM), which `soudan doctor` and the administrator's page believe besides the \
                  world's.",
        allowed: "a path",
        set: |draft, value| {
            draft.config.authority = Some(PathBuf::from(value));
            !value.is_empty()
        },
    },
    Key {
        name: "behind_https_proxy",
        purpose: "A proxy in front speaks https and passes the Host header on. Without TLS and without this, cookies are not \
                  bound to https, which is right on loopback only.",
        allowed: "true or false",
        set: |draft, value| value.parse().map(|yes| draft.config.behind_https_proxy = yes).is_ok(),
    },
    Key {
        name: "sockets_over_http2",
        purpose: "Whether browsers may open their live socket inside an HTTP/2 connection that they have already. Not by itself: a \
                  phone that leaves its network goes on using that connection for up to half a minute, and nobody is heard.",
        allowed: "true or false",
        set: |draft, value| value.parse().map(|yes| draft.config.sockets_over_http2 = yes).is_ok(),
    },
    Key {
        name: "notices.test_file",
        purpose: "For trying out how families and supervisors are told that something happened: a line of JSON a notice, without a word of \
                  anybody's. Without it notices wait.",
        allowed: "a path",
        set: |draft, value| {
            draft.config.notices_test_file = Some(PathBuf::from(value));
            !value.is_empty()
        },
    },
    Key {
        name: "log.format",
        purpose: "How log lines are written to standard error.",
        allowed: "text or json",
        set: |draft, value| {
            draft.config.log_json = value == "json";
            matches!(value, "text" | "json")
        },
    },
    Key {
        name: "log.filter",
        purpose: "Which log lines are written.",
        allowed: "directives of tracing-subscriber's EnvFilter, for example info,server=debug",
        set: |draft, value| {
            draft.config.log_filter = value.to_owned();
            value.parse::<tracing_subscriber::filter::Targets>().is_ok()
        },
    },
];

/// Why there is no configuration.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file is not TOML.
    #[error("the configuration file cannot be read: {0}")]
    File(String),
    /// A key that does not exist.
    #[error("unknown key `{0}` in the configuration file")]
    UnknownKey(String),
    /// A wrong value.
    #[error("{key} = {value:?} is not allowed; allowed: {allowed}")]
    Value {
        /// Which key.
        key: &'static str,
        /// What stood there; a password is never among the values that are printed.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Half a pair.
    #[error("tls.certificate_file and tls.key_file belong together: set both or neither")]
    HalfOfTls,
    /// A relay that nobody could use.
    #[error("turn.public_addresses and turn.external need turn.secret_file, with which credentials are made")]
    NoSecret,
}

/// Reads the configuration from the text of a file and from environment variables.
///
/// # Errors
/// The first key that is unknown or wrong.
pub fn read(file: &str, environment: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
    let mut values = BTreeMap::new();
    let table: toml::Table = file
        .parse()
        .map_err(|error: toml::de::Error| ConfigError::File(error.message().to_owned()))?;
    flatten("", &table, &mut values);
    if let Some(unknown) = values.keys().find(|name| !keys().any(|key| key.name == **name)) {
        return Err(ConfigError::UnknownKey(unknown.clone()));
    }
    let mut draft = Draft::default();
    for key in keys() {
        let Some(value) = environment(&variable(key.name)).or_else(|| values.remove(key.name)) else {
            continue;
        };
        if !(key.set)(&mut draft, &value) {
            // Both may hold passwords.
            let value = if ["database_url", "calls.ice_servers"].contains(&key.name) {
                "…".to_owned()
            } else {
                value
            };
            return Err(ConfigError::Value {
                key: key.name,
                value,
                allowed: key.allowed,
            });
        }
    }
    draft.config.tls = match (draft.certificate, draft.key) {
        (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
        (None, None) => None,
        _ => return Err(ConfigError::HalfOfTls),
    };
    let turn = &draft.config.turn;
    let relays = !turn.public_addresses.is_empty() || !turn.external.is_empty();
    if relays && turn.secret_file.is_none() {
        return Err(ConfigError::NoSecret);
    }
    draft.config.hide_addresses = draft.hide_addresses.unwrap_or(relays);
    Ok(draft.config)
}

/// The environment variable of a key.
#[must_use]
pub fn variable(key: &str) -> String {
    format!("SOUDAN_{}", key.replace('.', "_").to_uppercase())
}

/// The table of all keys for `--help`.
#[must_use]
pub fn help() -> String {
    let mut text = "Configuration keys (TOML file by --config; the environment variable wins):\n".to_owned();
    for key in keys() {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n  {}  ({})\n      {}\n      Allowed: {}\n",
            key.name,
            variable(key.name),
            key.purpose,
            key.allowed
        );
    }
    text
}

fn flatten(prefix: &str, table: &toml::Table, values: &mut BTreeMap<String, String>) {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, values),
            toml::Value::String(text) => {
                values.insert(key, text.clone());
            }
            toml::Value::Array(_) => {
                values.insert(key, serde_json::to_string(value).unwrap_or_default());
            }
            other => {
                values.insert(key, other.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no_environment(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn an_empty_file_serves_sqlite_on_loopback() {
        let config = read("", no_environment).expect("defaults are allowed");
        assert_eq!(config, Config::default());
        assert!(config.listen.ip().is_loopback());
    }

    #[test]
    fn a_wrong_value_is_named_with_key_value_and_what_is_allowed() {
        let error = read("listen = \"everywhere\"", no_environment).expect_err("not an address");
        let text = error.to_string();
        assert!(
            text.contains("listen") && text.contains("everywhere") && text.contains("0.0.0.0:443"),
            "{text}"
        );
        assert_eq!(
            read("lisen = \"x\"", no_environment),
            Err(ConfigError::UnknownKey("lisen".into()))
        );
        assert_eq!(
            read("[tls]\nkey_file = \"k.pem\"", no_environment),
            Err(ConfigError::HalfOfTls)
        );
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let environment = |name: &str| (name == "SOUDAN_CALLS_ICE_POLICY").then(|| "relay".to_owned());
        let config = read("[calls]\nice_policy = \"all\"", environment).expect("allowed");
        assert_eq!(config.ice_policy, "relay");
    }

    #[test]
    fn the_steps_of_the_ladder_are_configured_in_seconds_by_file_and_environment() {
        let environment = |name: &str| (name == "SOUDAN_LADDER_COLLEAGUE_SECONDS").then(|| "45".to_owned());
        let ladder = read("[ladder]\nsound_seconds = 20", environment)
            .expect("allowed")
            .ladder;
        let expected = Delays {
            sound: signaling::time::Millis::seconds(20),
            colleague: signaling::time::Millis::seconds(45),
            ..Delays::default()
        };
        assert_eq!(ladder, expected);
        assert!(read("[ladder]\nsound_seconds = 0", no_environment).is_err());
        assert!(read("[ladder]\nack_seconds = \"soon\"", no_environment).is_err());
    }

    #[test]
    fn ice_servers_are_read_from_tables_and_checked() {
        let good =
            "[[calls.ice_servers]]\nurls = [\"turn:turn.example.jp:3478\"]\nusername = \"u\"\ncredential = \"c\"";
        assert_eq!(read(good, no_environment).expect("allowed").ice_servers.len(), 1);
        assert!(read("[[calls.ice_servers]]\nurls = [\"http://x\"]", no_environment).is_err());
    }

    #[test]
    fn a_credential_of_a_turn_server_is_never_printed() {
        let wrong = "[[calls.ice_servers]]\nurls = [\"http://x\"]\nusername = \"u\"\ncredential = \"geheim\"";
        let error = read(wrong, no_environment).expect_err("not allowed").to_string();
        assert!(
            error.contains("calls.ice_servers") && !error.contains("geheim"),
            "{error}"
        );
    }

    #[test]
    fn a_password_in_the_database_url_is_never_printed() {
        let environment =
            |name: &str| (name == "SOUDAN_DATABASE_URL").then(|| "postgres://desk:geheim@db/desk".to_owned());
        let config = read("", environment).expect("allowed");
        assert!(!format!("{config:?}").contains("geheim"));
        let wrong = |name: &str| (name == "SOUDAN_DATABASE_URL").then(|| "mysql://desk:geheim@db/desk".to_owned());
        assert!(!read("", wrong).expect_err("not allowed").to_string().contains("geheim"));
    }
}
