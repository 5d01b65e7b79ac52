//! `soudan city …`: the municipalities of a real desk. A demo makes its own.
//!
//! Promises: nothing half made (a city stands with its hosts and hours, or not at all); opening hours are checked as they
//! are typed; a demo's database is left alone.
//!
//! Not here: accounts (`soudan staff`), changing names or targets later.

use crate::{
    clock::World,
    identity::{Identity, IdentityError, NewCity},
    storage::{StorageError, Store, Targets},
};
use clap::{Args, Subcommand};
use signaling::{
    hours::{Hours, Span, typed},
    id::MunicipalityId,
    registration::comparable,
    time::{At, Millis},
};
use std::path::PathBuf;

/// What can be done with a municipality.
#[derive(Subcommand, Clone, Debug)]
pub enum CityCommand {
    /// Add a municipality with the hosts it answers to, its hours and its targets.
    Add(AddArgs),
    /// Give out a 合言葉 with which families register, and print the link of its poster.
    Passphrase(PassphraseArgs),
    /// Change the hours of the night service.
    Hours(HoursArgs),
    /// Mark the family of a consultation's link as a try of the staff: it is in no figure from then on.
    Try(TryArgs),
}

/// Which desk and which municipality.
#[derive(Args, Clone, Debug)]
pub struct Which {
    /// TOML file; every key is listed by `soudan serve --help`.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Short name of the municipality ("hino"): lower-case letters, digits and hyphens.
    #[arg(long)]
    pub city: String,
}

/// A new municipality.
#[derive(Args, Clone, Debug)]
pub struct AddArgs {
    #[command(flatten)]
    which: Which,
    /// 「日野市」.
    #[arg(long)]
    name: String,
    /// What families read at the top of every page: 「ひの子育て相談」.
    #[arg(long)]
    service_name: String,
    /// Host name that browsers ask for, without port; may be given again. The first one stands in printed links.
    #[arg(long = "host", required = true)]
    hosts: Vec<String>,
    /// Hours of the night service: "mon-fri 18:00-22:00", "holidays closed"; may be given again. Without it only anytime
    /// consultations are taken.
    #[arg(long, value_name = "DAYS FROM-UNTIL", value_parser = opening)]
    hours: Vec<Opening>,
    /// So many minutes before closing nobody new is taken.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=i64::from(signaling::limits::LAST_ARRIVAL_MINUTES)))]
    last_arrival: u16,
    /// Anytime consultations are answered within so many hours.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=168))]
    reply_hours: u32,
    /// 満足度 in percent: target, then baseline.
    #[arg(long, num_args = 2, value_names = ["TARGET", "BASELINE"], default_values_t = [95.0, 0.0])]
    satisfaction: Vec<f64>,
    /// 登録者数: target, then baseline.
    #[arg(long, num_args = 2, value_names = ["TARGET", "BASELINE"], default_values_t = [0, 0])]
    registered: Vec<u32>,
    /// 相談件数 of a year: target, then baseline.
    #[arg(long, num_args = 2, value_names = ["TARGET", "BASELINE"], default_values_t = [0, 0])]
    consultations: Vec<u32>,
}

/// A new 合言葉.
#[derive(Args, Clone)]
pub struct PassphraseArgs {
    #[command(flatten)]
    which: Which,
    /// The words, as they are read out at the counter.
    #[arg(long)]
    words: String,
    /// For so many days; without it there is no end.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    days: Option<u16>,
}

signaling::redacted_debug!(PassphraseArgs { which, days });

/// New hours.
#[derive(Args, Clone, Debug)]
pub struct HoursArgs {
    #[command(flatten)]
    which: Which,
    /// "mon-fri 18:00-22:00", "holidays closed"; may be given again. All hours of the week of before end; single days stay.
    #[arg(long, value_name = "DAYS FROM-UNTIL", value_parser = opening, required = true)]
    hours: Vec<Opening>,
    /// So many minutes before closing nobody new is taken.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=i64::from(signaling::limits::LAST_ARRIVAL_MINUTES)))]
    last_arrival: u16,
}

/// A family that is a member of the staff.
#[derive(Args, Clone)]
pub struct TryArgs {
    #[command(flatten)]
    which: Which,
    /// The link of one of its consultations, `https://…/t/…`.
    #[arg(long)]
    link: String,
}

signaling::redacted_debug!(TryArgs { which });

impl CityCommand {
    /// Which desk and municipality it is about.
    #[must_use]
    pub fn which(&self) -> &Which {
        match self {
            Self::Add(args) => &args.which,
            Self::Passphrase(args) => &args.which,
            Self::Hours(args) => &args.which,
            Self::Try(args) => &args.which,
        }
    }
}

/// Why a municipality is not as it was wished.
#[derive(Debug, thiserror::Error)]
pub enum CityError {
    /// The id is none.
    #[error("{0:?} is no short name of a municipality")]
    NoId(String),
    /// It exists.
    #[error("the municipality {0:?} exists already")]
    Exists(String),
    /// No such municipality.
    #[error("there is no municipality {0:?}; `soudan city add` makes one")]
    NoCity(String),
    /// A host name that browsers would not ask for.
    #[error("{0:?} is no host name (no scheme, no port, no path)")]
    NoHost(String),
    /// The host is another municipality's.
    #[error("one of these hosts belongs to another municipality")]
    HostTaken,
    /// Words that no family could type.
    #[error("a 合言葉 has 1 to {} characters", signaling::limits::PASSPHRASE_CHARS)]
    NoWords,
    /// A figure that cannot be reached.
    #[error("--satisfaction is in percent: 0 to 100")]
    NoPercent,
    /// No such link.
    #[error("that link is not one of this municipality's consultations")]
    NoTicket,
    /// Identity.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Storage.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Carries it out and returns what is printed.
///
/// # Errors
/// See [`CityError`].
pub async fn run(store: &Store, identity: &Identity, world: &World, command: CityCommand) -> Result<String, CityError> {
    let name = command.which().city.clone();
    let id: MunicipalityId = name.parse().map_err(|_| CityError::NoId(name.clone()))?;
    if let CityCommand::Add(args) = command {
        return add(identity, id, args).await;
    }
    if store.city(&id).await?.is_none() {
        return Err(CityError::NoCity(name));
    }
    match command {
        CityCommand::Add(_) => Err(CityError::Exists(name)),
        CityCommand::Passphrase(args) => passphrase(store, identity, world.now(), &id, &args).await,
        CityCommand::Hours(args) => {
            let hours = week(&args.hours, args.last_arrival);
            store.set_hours(&id, &hours).await?;
            Ok(hours.lines().join("\n"))
        }
        CityCommand::Try(args) => {
            let ticket = args.link.rsplit("/t/").next().unwrap_or_default().trim();
            let row = identity.open_ticket(ticket, &id).await?.ok_or(CityError::NoTicket)?;
            store.mark_test(row.guardian, world.now()).await?;
            Ok("this family is in no figure now".to_owned())
        }
    }
}

async fn add(identity: &Identity, id: MunicipalityId, args: AddArgs) -> Result<String, CityError> {
    let is_host = |host: &&String| {
        let fits = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        !host.is_empty() && host.len() <= 253 && host.chars().all(fits)
    };
    if let Some(host) = args.hosts.iter().find(|host| !is_host(host)) {
        return Err(CityError::NoHost(host.clone()));
    }
    let new = NewCity {
        id,
        name: args.name,
        service_name: args.service_name,
        hosts: args.hosts,
        hours: week(&args.hours, args.last_arrival),
        reply_hours: args.reply_hours,
        targets: Targets {
            satisfaction_target_tenths: tenths(args.satisfaction[0])?,
            satisfaction_baseline_tenths: tenths(args.satisfaction[1])?,
            registered_target: args.registered[0],
            registered_baseline: args.registered[1],
            consultations_target: args.consultations[0],
            consultations_baseline: args.consultations[1],
        },
        demo: false,
    };
    let hosts = new.hosts.join(", ");
    match identity.add_city(new).await {
        Ok(true) => Ok(format!("{} answers to {hosts}", args.which.city)),
        Ok(false) => Err(CityError::Exists(args.which.city)),
        Err(IdentityError::Storage(StorageError::Conflict(_))) => Err(CityError::HostTaken),
        Err(error) => Err(error.into()),
    }
}

async fn passphrase(
    store: &Store,
    identity: &Identity,
    now: At,
    id: &MunicipalityId,
    args: &PassphraseArgs,
) -> Result<String, CityError> {
    let length = args.words.chars().count();
    if comparable(&args.words).is_empty() || length > signaling::limits::PASSPHRASE_CHARS {
        return Err(CityError::NoWords);
    }
    let until = args.days.map(|days| now + Millis::days(i64::from(days)));
    identity.add_passphrase(id, &args.words, until).await?;
    let host = store.hosts_of(id).await?.into_iter().next().unwrap_or_default();
    let scheme = if identity.public_https { "https" } else { "http" };
    Ok(identity.passphrase_link(&format!("{scheme}://{host}"), &args.words).0)
}

fn tenths(percent: f64) -> Result<u32, CityError> {
    if !(0.0..=100.0).contains(&percent) {
        return Err(CityError::NoPercent);
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 1000 by the check above"
    )]
    let tenths = (percent * 10.0).round() as u32;
    Ok(tenths)
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Behind the days of the week: public holidays.
const HOLIDAYS: usize = 7;

/// Some days of the week, or public holidays, open from one time to another or closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    days: Vec<usize>,
    span: Option<Span>,
}

/// "mon-fri 18:00-22:00", "sat 09:00-12:00", "daily 20:00-01:00" (which ends on the next day), "holidays closed".
fn opening(text: &str) -> Result<Opening, String> {
    let allowed = "allowed: \"mon-fri 18:00-22:00\", \"sat 09:00-12:00\", \"daily 20:00-01:00\", \"holidays closed\"";
    let read = || {
        let (days, hours) = text.trim().split_once(' ')?;
        let day = |name: &str| DAYS.iter().position(|day| *day == name);
        let days = match days.split_once('-') {
            _ if days == "daily" => (0..HOLIDAYS).collect(),
            _ if days == "holidays" => vec![HOLIDAYS],
            None => vec![day(days)?],
            Some((first, last)) => (day(first)?..=day(last)?).collect(),
        };
        let span = match hours.trim() {
            "closed" => None,
            hours => Some(typed::span(hours)?),
        };
        Some(Opening { days, span }).filter(|opening| !opening.days.is_empty())
    };
    read().ok_or_else(|| allowed.to_owned())
}

fn week(openings: &[Opening], last_arrival_minutes: u16) -> Hours {
    let of = |day: usize| openings.iter().filter(move |opening| opening.days.contains(&day));
    let on = |day: usize| of(day).filter_map(|opening| opening.span).collect::<Vec<Span>>();
    Hours {
        mon: on(0),
        tue: on(1),
        wed: on(2),
        thu: on(3),
        fri: on(4),
        sat: on(5),
        sun: on(6),
        holidays: of(HOLIDAYS).next().map(|_| on(HOLIDAYS)),
        last_arrival_minutes,
        ..Hours::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_typed_as_people_say_them() {
        let hours = week(
            &["mon-fri 18:00-22:00", "sat 20:00-01:00", "sun closed"].map(|text| opening(text).expect("hours")),
            15,
        );
        assert_eq!(hours.fri, [Span::try_from((1080, 1320)).expect("a span")]);
        assert_eq!(hours.sat, [Span::try_from((1200, 1500)).expect("a span")]);
        assert_eq!(hours.sun, []);
        assert_eq!((hours.holidays, hours.last_arrival_minutes), (None, 15));
        let holidays = |text| week(&[opening(text).expect("hours")], 0).holidays;
        assert_eq!(holidays("holidays closed"), Some(Vec::new()));
        assert_eq!(holidays("holidays 09:00-21:00").expect("their own").len(), 1);
        for wrong in [
            "",
            "mon",
            "fri-mon 18:00-22:00",
            "moon 18:00-22:00",
            "mon 25:00-26:00",
            "mon 18-22",
        ] {
            assert!(opening(wrong).is_err(), "{wrong}");
        }
    }
}
