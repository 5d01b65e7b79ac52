//! The storage contract: what storage and spine promise, on SQLite and on a real PostgreSQL that this binary starts.
//!
//! Every story runs twice, as `name::on_sqlite` and `name::on_postgres`.

mod storage_contract {
    mod appointments;
    pub(crate) mod board;
    pub(crate) mod chains;
    pub(crate) mod cities;
    pub(crate) mod core;
    pub(crate) mod database;
    pub(crate) mod decisions;
    pub(crate) mod desk;
    pub(crate) mod drafts;
    pub(crate) mod duty;
    pub(crate) mod gone;
    pub(crate) mod handing;
    pub(crate) mod institutions;
    pub(crate) mod intake_photos;
    pub(crate) mod ladder;
    pub(crate) mod lists;
    pub(crate) mod openings;
    pub(crate) mod phones;
    pub(crate) mod photos;
    pub(crate) mod postgres;
    pub(crate) mod races;
    pub(crate) mod reasoned;
    pub(crate) mod reports;
    pub(crate) mod rules;
    pub(crate) mod tasks;
    pub(crate) mod templates;
    pub(crate) mod timers;
}
