//! What stands in the demo: two cities, seven people each.

use super::{Card, CityCard, DemoError, StaffCard};
use crate::{
    app::App,
    clock::World,
    identity::NewCity,
    storage::{CityRow, Targets},
};
use signaling::{
    actor::Role,
    hours::Hours,
    id::MunicipalityId,
    time::{At, Millis},
};
use std::net::IpAddr;

struct DemoCity {
    id: &'static str,
    name: &'static str,
    service_name: &'static str,
    hosts: &'static [&'static str],
}

const CITIES: &[DemoCity] = &[
    DemoCity {
        id: "hino",
        name: "日野市",
        service_name: "ひの子育て相談",
        hosts: &["localhost", "127.0.0.1", "hino.localhost"],
    },
    DemoCity {
        id: "midori",
        name: "みどり市",
        service_name: "みどり子育て相談",
        hosts: &["midori.localhost"],
    },
];

const STAFF: &[(&str, &str, Role)] = &[
    ("sato", "佐藤", Role::Pediatrician),
    ("suzuki", "鈴木", Role::Obstetrician),
    ("takahashi", "高橋", Role::Midwife),
    ("tanaka", "田中", Role::Supervisor),
    ("yamamoto", "山本", Role::PublicHealthNurse),
    ("shiyakusho", "市役所", Role::CityViewer),
    ("kanri", "管理", Role::Administrator),
];

/// Words that a 合言葉 is made of: easy to read out over a telephone.
const WORDS: &[&str] = &[
    "さくら",
    "もみじ",
    "たんぽぽ",
    "ひまわり",
    "どんぐり",
    "あさひ",
    "こうま",
    "つばめ",
    "めだか",
    "ほたる",
    "そよかぜ",
    "にじいろ",
    "はなび",
    "ゆきだるま",
    "かたつむり",
    "たけのこ",
];

/// Figures of the city's plan, so that the figures page has something to measure against.
const TARGETS: Targets = Targets {
    satisfaction_target_tenths: 950,
    satisfaction_baseline_tenths: 990,
    registered_target: 800,
    registered_baseline: 245,
    consultations_target: 1440,
    consultations_baseline: 308,
};

/// Host names of the demo, for a certificate.
pub(super) fn names() -> Vec<String> {
    CITIES
        .iter()
        .flat_map(|city| city.hosts.iter())
        .filter(|host| host.contains("localhost"))
        .map(ToString::to_string)
        .collect()
}

/// Makes what is missing; a second start finds everything as it was.
pub(super) async fn furnish(app: &App, card: &mut Card, lan: Option<IpAddr>) -> Result<(), DemoError> {
    for city in CITIES {
        let id = city.id.parse().map_err(|_| DemoError::NoCard)?;
        let new = NewCity {
            id,
            name: city.name.to_owned(),
            service_name: city.service_name.to_owned(),
            hosts: city.hosts.iter().map(ToString::to_string).collect(),
            hours: Hours::always(),
            reply_hours: 24,
            targets: TARGETS,
            demo: true,
        };
        let id = new.id.clone();
        if app.identity.add_city(new).await? {
            card.cities.push(CityCard {
                id: city.id.to_owned(),
                name: city.name.to_owned(),
                origin: String::new(),
                passphrase: String::new(),
                passphrase_day: String::new(),
            });
        }
        if let Some(known) = card.cities.iter_mut().find(|known| known.id == city.id) {
            give_out_todays_words(app, &id, known).await?;
        }
        let row = app.store.city(&id).await?.ok_or(DemoError::NoCard)?;
        add_staff(app, &row, card).await?;
        if let Some(address) = lan.filter(|_| city.id == "hino") {
            app.store.add_host(&id, &address.to_string()).await?;
        }
    }
    Ok(())
}

/// A 合言葉 for the day on which the demo starts, good until the end of the next: an evening that runs past midnight goes on.
async fn give_out_todays_words(app: &App, city: &MunicipalityId, card: &mut CityCard) -> Result<(), DemoError> {
    let now = app.world.now();
    let today = now.date_text();
    if card.passphrase_day == today {
        return Ok(());
    }
    let words = passphrase(&app.world);
    let until = At::start_of(now.date()) + Millis::days(2);
    app.identity.add_passphrase(city, &words, Some(until)).await?;
    (card.passphrase, card.passphrase_day) = (words, today);
    Ok(())
}

async fn add_staff(app: &App, city: &CityRow, card: &mut Card) -> Result<(), DemoError> {
    for (login, name, role) in STAFF {
        // A login name is unique in the whole demo, so that `soudan demo code NAME` needs no city.
        let login = if city.id.as_str() == "hino" {
            (*login).to_owned()
        } else {
            format!("{}-{login}", city.id)
        };
        let password = crate::files::to_hex(&app.world.random::<8>());
        let added = app
            .identity
            .add_enrolled_staff(city, &login, name, *role, &password)
            .await?;
        if added.is_none() {
            continue;
        }
        let totp_secret = app
            .identity
            .totp_secret_of(city, &login)
            .await?
            .ok_or(DemoError::NoCard)?;
        card.staff.push(StaffCard {
            city: city.id.to_string(),
            role: role.code().to_owned(),
            name: (*name).to_owned(),
            login,
            password,
            totp_secret,
        });
    }
    Ok(())
}

/// Two words and two digits.
fn passphrase(world: &World) -> String {
    let [first, second, number] = world.random::<3>();
    let word = |byte: u8| WORDS[usize::from(byte) % WORDS.len()];
    format!("{}{}{:02}", word(first), word(second), number % 100)
}
