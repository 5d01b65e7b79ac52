//! The storage contract: what storage and spine promise, on SQLite and on a real PostgreSQL that this binary starts.
//!
//! Every story runs twice, as `name::on_sqlite` and `name::on_postgres`.

mod storage_contract {
    pub(crate) mod core;
    pub(crate) mod database;
    pub(crate) mod postgres;
}
