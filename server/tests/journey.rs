//! The whole journey against a real server on a port of its own: link → intake → queue → claim → chat / call → note →
//! survey → report, told by families, clinicians and supervisors, and by those who mean no good. The clock is turned by
//! hand; nothing sleeps.

#[path = "identity/authenticator.rs"]
mod authenticator;
#[path = "shared/city.rs"]
mod city;
#[path = "storage_contract/database.rs"]
mod database;
#[path = "shared/pictures.rs"]
mod pictures;
#[path = "storage_contract/postgres.rs"]
mod postgres;

mod journey {
    pub(crate) mod actors;
    pub(crate) mod aftercare;
    pub(crate) mod appointments;
    pub(crate) mod approval;
    pub(crate) mod away;
    pub(crate) mod browser;
    pub(crate) mod calls;
    pub(crate) mod chances;
    pub(crate) mod check;
    pub(crate) mod concerns;
    pub(crate) mod duty;
    pub(crate) mod early_photos;
    pub(crate) mod endings;
    pub(crate) mod ends;
    pub(crate) mod epds;
    pub(crate) mod fresh;
    pub(crate) mod guests;
    pub(crate) mod handing;
    pub(crate) mod hostile;
    pub(crate) mod hostile_photos;
    pub(crate) mod hours;
    pub(crate) mod intake;
    pub(crate) mod judged;
    pub(crate) mod ladder;
    pub(crate) mod later;
    pub(crate) mod links;
    pub(crate) mod live;
    pub(crate) mod looks;
    pub(crate) mod missed;
    pub(crate) mod mothers;
    pub(crate) mod nasty;
    pub(crate) mod openings;
    pub(crate) mod outbox;
    pub(crate) mod overlong;
    pub(crate) mod oversized;
    pub(crate) mod panics;
    pub(crate) mod phones;
    pub(crate) mod photos;
    pub(crate) mod races;
    pub(crate) mod reach;
    pub(crate) mod reasons;
    pub(crate) mod referrals;
    pub(crate) mod report;
    pub(crate) mod request;
    pub(crate) mod roles;
    pub(crate) mod rota;
    pub(crate) mod secrecy;
    pub(crate) mod secrets;
    pub(crate) mod socket;
    pub(crate) mod story;
    pub(crate) mod strangers;
    pub(crate) mod templates;
    pub(crate) mod town;
    pub(crate) mod twice;
    pub(crate) mod unapproved;
    pub(crate) mod waiting;
}
