//! `soudan doctor`: whether everything that a call needs works, asked from outside in.
//!
//! Promises: it looks and changes nothing that stays; every finding that is not well comes with the line that mends it; it
//! ends by itself. It tries relays as a browser would: over each transport an address is asked for, and a packet is sent
//! through.
//!
//! Deliberately not here: whether the world reaches this machine. Run it from another one with the same file for that.

mod page;
mod relay;
mod wire;

use crate::{clock::World, config::Config, ice::Ice, storage::Store};
use futures_util::future::join_all;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, pem::PemObject},
};
use std::{fmt, path::Path, sync::Arc, time::Duration};

/// How long one question may take.
const WITHIN: Duration = Duration::from_secs(5);
/// Where Debian keeps the certificate authorities of the world.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// What was found about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// About what.
    pub what: String,
    /// What is well with it, or what would mend it.
    pub found: Result<String, String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.found {
            Ok(well) => write!(f, "良好    {}: {well}", self.what),
            Err(mend) => write!(f, "要対応  {}: {mend}", self.what),
        }
    }
}

/// Everything that was found.
#[derive(Clone, Debug, Default)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    fn add(&mut self, what: impl Into<String>, found: Result<String, String>) {
        let what = what.into();
        self.0.push(Finding { what, found });
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn are_well(&self) -> bool {
        self.0.iter().all(|finding| finding.found.is_ok())
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|finding| writeln!(f, "{finding}"))
    }
}

/// Looks at everything. `url` is how families reach the desk, where that is to be tried; `authority` is believed besides the
/// world's.
pub async fn examine(config: &Config, url: Option<&str>, authority: Option<&Path>, world: &World) -> Findings {
    let mut findings = Findings::default();
    findings.add("database", database(config).await);
    from_outside_in(config, url, authority, world, &mut findings).await;
    findings
}

/// The same from inside a desk that runs, for its administrator's page. Its own database is asked, and relays at the same
/// time, so that somebody can wait for it.
pub async fn examine_running(config: &Config, store: &Store, url: Option<&str>, world: &World) -> Findings {
    let mut findings = Findings::default();
    findings.add("database", cities_of(store).await);
    let authority = config.authority.as_deref();
    from_outside_in(config, url, authority, world, &mut findings).await;
    findings
}

async fn from_outside_in(
    config: &Config,
    url: Option<&str>,
    authority: Option<&Path>,
    world: &World,
    findings: &mut Findings,
) {
    let tls = match trusting(authority) {
        Ok(tls) => tls,
        Err(mend) => {
            findings.add("certificate authorities", Err(mend));
            return;
        }
    };
    if let Some(url) = url {
        page::examine(url, &tls, world, findings).await;
    }
    match Ice::new(config) {
        Ok(ice) => {
            let servers = ice.servers(world);
            if servers.is_empty() {
                let mend = "中継サーバーがありません。携帯電話の回線の家族と通話できません。turn.public_addresses か turn.external を設定してください";
                findings.add("relay", Err(mend.to_owned()));
            }
            let all = servers
                .iter()
                .flat_map(|server| server.urls.iter().map(move |url| (url, server)));
            let tls = &tls;
            let asked = all.map(|(url, server)| async move { (url, relay::examine(url, server, tls, world).await) });
            for (url, found) in join_all(asked).await {
                findings.add(url, found);
            }
        }
        Err(error) => findings.add("turn.secret_file", Err(error.to_string())),
    }
}

async fn database(config: &Config) -> Result<String, String> {
    let store = Store::open(&config.database_url.0)
        .await
        .map_err(|error| mends_database(&error))?;
    cities_of(&store).await
}

async fn cities_of(store: &Store) -> Result<String, String> {
    let cities = store.cities().await.map_err(|error| mends_database(&error))?;
    Ok(format!("開けました（自治体 {}件）", cities.len()))
}

fn mends_database(error: &dyn fmt::Display) -> String {
    format!("{error}。database_url の値と、データベースが動いていて接続を許していることを確かめてください")
}

/// TLS as browsers speak it.
fn trusting(authority: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    for file in [Some(Path::new(AUTHORITIES)), authority].into_iter().flatten() {
        // Without the world's authorities there may still be the named one.
        let Ok(all) = CertificateDer::pem_file_iter(file) else {
            continue;
        };
        roots.add_parsable_certificates(all.flatten());
    }
    if roots.is_empty() {
        return Err(format!(
            "{AUTHORITIES} に認証局がありません。apt-get install ca-certificates を実行するか、--authority で指定してください"
        ));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
