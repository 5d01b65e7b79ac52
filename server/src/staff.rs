//! `soudan staff add`: a new account, and the link with which its owner chooses a password and adds the second factor.

use crate::{
    clock::World,
    config::Config,
    identity::{Identity, IdentityError},
    render::AsJson,
    seal::Keys,
    storage::Store,
};
use clap::Args;
use signaling::actor::Role;
use std::{path::PathBuf, sync::Arc};

/// What an account is made of.
#[derive(Args, Clone, Debug)]
pub struct AddArgs {
    /// TOML file; every key is listed by `soudan serve --help`.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Short name of the municipality ("hino").
    #[arg(long)]
    pub city: String,
    /// Name for signing in.
    #[arg(long)]
    pub login: String,
    /// Name shown to families and colleagues.
    #[arg(long)]
    pub name: String,
    /// `pediatrician`, `obstetrician`, `midwife`, `supervisor`, `public_health_nurse`, `city_viewer` or `administrator`.
    #[arg(long, value_parser = role)]
    pub role: Role,
}

/// Why there is no new account.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// No such municipality.
    #[error("there is no municipality {0:?}")]
    NoCity(String),
    /// The login name is taken.
    #[error("the login name {0:?} is taken in this municipality")]
    Taken(String),
    /// Identity or storage.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Storage.
    #[error(transparent)]
    Storage(#[from] crate::storage::StorageError),
}

fn role(code: &str) -> Result<Role, String> {
    Role::from_code(code).ok_or_else(|| format!("allowed: {}", Role::ALL.map(Role::code).join(", ")))
}

/// Adds the account and returns the path of its enrolment link.
///
/// # Errors
/// No such municipality, a taken login name, or the database cannot be written.
pub async fn add(
    store: &Store,
    keys: &Keys,
    world: &World,
    config: &Config,
    args: &AddArgs,
) -> Result<String, AddError> {
    let no_city = || AddError::NoCity(args.city.clone());
    let id = args.city.parse().map_err(|_| no_city())?;
    let city = store.city(&id).await?.ok_or_else(no_city)?;
    let identity = Identity::new(
        store.clone(),
        keys,
        world.clone(),
        Arc::new(AsJson),
        config.is_public_https(),
    );
    let link = identity.add_staff(&city, &args.login, &args.name, args.role).await?;
    let link = link.ok_or_else(|| AddError::Taken(args.login.clone()))?;
    let host = store.hosts_of(&id).await?.into_iter().next().unwrap_or_default();
    let scheme = if config.is_public_https() { "https" } else { "http" };
    Ok(format!("{scheme}://{host}{}", link.path))
}
