//! Who is who, told by staff, families and those who guess, on SQLite and on PostgreSQL, through the real forms.

#[path = "identity/authenticator.rs"]
mod authenticator;
#[path = "shared/city.rs"]
mod city;
#[path = "storage_contract/database.rs"]
mod database;
#[path = "storage_contract/postgres.rs"]
mod postgres;

mod identity {
    pub(crate) mod browser;
    pub(crate) mod door;
    pub(crate) mod family;
    pub(crate) mod staff;
    pub(crate) mod town;
}
