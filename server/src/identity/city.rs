//! The municipality that a request is for, and its 合言葉.

use super::{
    Identity, IdentityError,
    rate::{FromAddress, Tried},
    secret::{hex, keyed, percent, qr_svg},
};
use crate::storage::{CityRow, InstitutionRow, PassphraseRow, StorageError, Targets};
use axum::http::{HeaderMap, header};
use frontend::page::{City, Opening};
use signaling::{hours::Hours, id::MunicipalityId, limits, registration::comparable, time::At};

/// A municipality to add.
#[derive(Clone, Debug)]
pub struct NewCity {
    /// The tenant.
    pub id: MunicipalityId,
    /// 「日野市」.
    pub name: String,
    /// 「ひの子育て相談」.
    pub service_name: String,
    /// Host names it answers to, without port.
    pub hosts: Vec<String>,
    /// Opening hours.
    pub hours: Hours,
    /// Anytime consultations are answered within so many hours.
    pub reply_hours: u32,
    /// Targets and baselines.
    pub targets: Targets,
    /// A demo city.
    pub demo: bool,
}

impl CityRow {
    /// What every page knows of its municipality.
    #[must_use]
    pub fn city(&self) -> City {
        City {
            name: self.name.clone(),
            service_name: self.service_name.clone(),
            demo: self.demo,
        }
    }

    /// Whether somebody who comes now is taken, or when.
    #[must_use]
    pub fn opening(&self, now: At) -> Opening {
        Opening {
            is_open: self.hours.takes_arrivals(now),
            hours: self.hours.text(now),
            why: self.hours.closed_because(now),
            reply_hours: self.reply_hours,
        }
    }
}

impl Identity {
    /// The municipality by the `Host` header; nothing where no municipality answers to it. (For HTTP/2 the router copies
    /// `:authority` there.)
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn city_of(&self, headers: &HeaderMap) -> Result<Option<CityRow>, StorageError> {
        let Some(host) = host_with_port(headers) else {
            return Ok(None);
        };
        self.store.city_by_host(&without_port(host).to_ascii_lowercase()).await
    }

    /// Adds a municipality. False where it exists already.
    ///
    /// # Errors
    /// The database cannot be written, or a host belongs to another municipality.
    pub async fn add_city(&self, new: NewCity) -> Result<bool, IdentityError> {
        let row = CityRow {
            id: new.id,
            name: new.name,
            service_name: new.service_name,
            hours: new.hours,
            reply_hours: new.reply_hours,
            appointments: None,
            targets: new.targets,
            demo: new.demo,
        };
        Ok(self.store.add_city(row, new.hosts, self.world.now()).await?)
    }

    /// Adds a 合言葉 that is taken from now on, until an instant or without end.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn add_passphrase(
        &self,
        city: &MunicipalityId,
        words: &str,
        until: Option<At>,
    ) -> Result<(), IdentityError> {
        let now = self.world.now();
        let id = self.world.new_id().to_string();
        let row = PassphraseRow {
            digest: self.passphrase_digest(city, words),
            sealed: self.rings.passphrases.seal(&self.world, &id, words.as_bytes())?,
            id,
            valid_from: now,
            valid_until: until,
        };
        Ok(self.store.add_passphrase(city, row).await?)
    }

    /// The 合言葉 that are taken now, in words, newest first.
    ///
    /// # Errors
    /// The database cannot be read, or the words do not open with this server's key.
    pub async fn passphrases(&self, city: &MunicipalityId) -> Result<Vec<String>, IdentityError> {
        let rows = self.store.passphrases(city, self.world.now()).await?;
        let words = |row: &PassphraseRow| {
            let bytes = self.rings.passphrases.open(&row.id, &row.sealed)?;
            String::from_utf8(bytes).map_err(|_| IdentityError::Unreadable("passphrases.sealed"))
        };
        rows.iter().map(words).collect()
    }

    /// The link that a poster's QR code holds, and the code as SVG.
    #[must_use]
    pub fn passphrase_link(&self, origin: &str, words: &str) -> (String, String) {
        let link = format!("{origin}/register?phrase={}", percent(words));
        let svg = qr_svg(&link);
        (link, svg)
    }

    /// The link of an institution's leaflet, with a 合言葉 where there is one, and its QR code as SVG.
    #[must_use]
    pub fn leaflet_link(&self, origin: &str, words: Option<&str>, code: &str) -> (String, String) {
        let phrase = words.map_or(String::new(), |words| format!("phrase={}&", percent(words)));
        let link = format!("{origin}/register?{phrase}from={code}");
        let svg = qr_svg(&link);
        (link, svg)
    }

    /// Whose leaflet a link came from; nothing where it names nobody of this city.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(crate) async fn leaflet_of(&self, city: &CityRow, code: &str) -> Result<Option<InstitutionRow>, StorageError> {
        self.store.institution(&city.id, code).await
    }

    /// Whether the words are a 合言葉 that is taken now. Wrong ones are counted by address; `None` when there were too many.
    pub(super) async fn passphrase_stands(
        &self,
        city: &MunicipalityId,
        words: &str,
        from: FromAddress,
    ) -> Result<Option<bool>, IdentityError> {
        let now = self.world.now();
        if !self.rate.allows(Tried::Passphrase, from, now) {
            return Ok(None);
        }
        let fits = words.chars().count() <= limits::PASSPHRASE_CHARS;
        let digest = self.passphrase_digest(city, words);
        let stands = fits
            && self
                .store
                .passphrases(city, now)
                .await?
                .iter()
                .any(|row| row.digest == digest);
        if !stands {
            self.rate.count(Tried::Passphrase, from, now);
        }
        Ok(Some(stands))
    }

    fn passphrase_digest(&self, city: &MunicipalityId, words: &str) -> String {
        hex(&keyed(
            &self.rings.passphrase,
            &[city.as_str().as_bytes(), comparable(words).as_bytes()],
        ))
    }
}

/// The `Host` header as the browser sent it, where it looks like one.
pub(super) fn host_with_port(headers: &HeaderMap) -> Option<&str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    let is_host = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
    (hosts.next().is_none() && host.len() <= 255 && host.chars().all(is_host)).then_some(host)
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) && !name.ends_with(':') => {
            name
        }
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_no_part_of_a_citys_host() {
        assert_eq!(without_port("hino.localhost:3000"), "hino.localhost");
        assert_eq!(without_port("hino.example"), "hino.example");
        assert_eq!(without_port("[::1]:3000"), "[::1]");
        assert_eq!(without_port("[::1]"), "[::1]");
    }

    #[test]
    fn a_host_with_anything_strange_in_it_is_none() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "a.example/\"<b>".parse().expect("a header"));
        assert_eq!(host_with_port(&headers), None);
        headers.insert(header::HOST, "a.example:3000".parse().expect("a header"));
        assert_eq!(host_with_port(&headers), Some("a.example:3000"));
        headers.append(header::HOST, "b.example".parse().expect("a header"));
        assert_eq!(host_with_port(&headers), None);
    }
}
