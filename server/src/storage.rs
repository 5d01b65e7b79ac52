//! The only place with SQL. One text for SQLite and PostgreSQL, through sqlx's `Any`; a contract test runs every function
//! on both.
//!
//! Promised: [`Store::write`] answers after the commit, and what it answered survives a crash; work that fails leaves
//! nothing behind. Not here: rules, encryption, time.
//!
//! Portable subset (CONTRIBUTING.md, "A storage function"): TEXT, BIGINT and BYTEA columns; `$1` placeholders; `INSERT …
//! RETURNING`; `ON CONFLICT DO NOTHING` and look at the count (after a failed statement a PostgreSQL transaction is over);
//! `COUNT(*) FILTER`; every SUM and AVG cast to BIGINT; no boolean expression in a select list. Unique rules are named
//! `unique_<table>_<columns>`.

mod append;
mod appointment;
mod audit;
mod city;
mod device;
mod draft;
mod duty;
mod error;
mod guardian;
mod institution;
mod intake_photo;
mod list;
mod log;
mod meta;
mod opening;
mod phone;
mod photo;
mod report;
mod rota;
mod row;
mod rules;
mod session;
mod staff;
mod task;
mod template;
mod ticket;
mod timer;
mod transfer;
mod writer;

pub use append::{Append, Appended, CommandRow};
pub use appointment::Held;
pub use audit::{Changed, CheckpointRow, Checkpointing, Heads, LookRow};
pub use city::{CityRow, PassphraseRow, Targets};
pub use device::{Credential, DeviceStored, NewDevice};
pub use draft::DraftRow;
pub use duty::{DutyChange, DutySaid};
pub use error::{StorageError, UniqueRule};
pub use guardian::{NewGuardian, RecoveryRow, Registered, RegistrationRow};
pub use institution::{Added, InstitutionRow, NewInstitution};
pub use intake_photo::AddedEarly;
pub use log::EventRow;
pub use opening::{OpeningChange, OpeningStep};
pub use phone::SupervisorPhone;
pub use photo::{PhotoCome, PhotoPart, PhotoRow, PhotoView, PhotoWay};
pub use report::ReportRow;
pub use rota::{RotaChange, RotaDecision, RotaStep};
pub use row::{ConsultationRow, RowStage};
pub use rules::{Deciding, DecisionRow, EditionRow};
pub use session::NewSession;
pub use staff::{EnrolmentRow, NewEnrolment, NewStaff, StaffRow};
pub use task::TaskRow;
pub use template::TemplateWritten;
pub use ticket::{NewTicket, TicketRow, TicketStanding};
pub use timer::{Audience, NoticeRow, TimerRow};
pub use transfer::{CodeTried, TransferRow};

use futures_util::{FutureExt, future::BoxFuture};
use sqlx::{Any, AnyConnection, AnyPool, any::AnyPoolOptions, pool::PoolConnection};
use std::{path::Path, time::Duration};
use writer::Writer;

/// Reading connections. SQLite runs each on a thread of its own; more than this only queue at the processor.
const READERS: u32 = 8;
/// Writing connections of PostgreSQL, where eight were fastest. SQLite has one.
const WRITERS: u32 = 8;
/// How long a caller waits for a connection before it hears that the database is busy.
const PATIENCE: Duration = Duration::from_secs(10);

/// A handle of the database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    readers: AnyPool,
    writer: Writer,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database at `sqlite://PATH` (made if missing, readable by the owner only) or `postgres://…`, and brings
    /// its tables up to date.
    ///
    /// # Errors
    /// Not such an address, a database that cannot be reached, or a migration that failed.
    pub async fn open(url: &str) -> Result<Self, StorageError> {
        sqlx::any::install_default_drivers();
        if let Some(path) = sqlite_path(url) {
            make_private_file(path).map_err(|error| StorageError::Address(format!("{path}: {error}")))?;
            let writer = pool(1)
                .after_connect(|connection, _| pragmas(connection, SQLITE_WRITER))
                .connect(url)
                .await?;
            migrate(&writer).await?;
            let readers = pool(READERS).after_connect(|connection, _| pragmas(connection, SQLITE_READER));
            Ok(Self {
                readers: readers.connect(url).await?,
                writer: Writer::grouped(writer),
            })
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let writer = pool(WRITERS).test_before_acquire(true).connect(url).await?;
            migrate(&writer).await?;
            let readers = pool(READERS)
                .test_before_acquire(true)
                .after_connect(|connection, _| pragmas(connection, POSTGRES_READER));
            Ok(Self {
                readers: readers.connect(url).await?,
                writer: Writer::Single(writer),
            })
        } else {
            let scheme = url.split_once(':').map_or("no scheme", |(scheme, _)| scheme);
            Err(StorageError::Address(scheme.to_owned()))
        }
    }

    /// A connection to read with; it refuses to write. Give it back soon.
    ///
    /// # Errors
    /// No connection within some seconds.
    pub async fn read(&self) -> Result<PoolConnection<Any>, StorageError> {
        Ok(self.readers.acquire().await?)
    }

    /// Runs `work` in one transaction and answers after the commit. When `work` fails, nothing of it stays. It should do
    /// nothing but SQL: on SQLite all others wait for it.
    ///
    /// # Errors
    /// What `work` returned, or why it could not be committed.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, Result<T, StorageError>> + Send + 'static,
    {
        self.writer.write(work).await
    }
}

fn pool(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
}

async fn migrate(pool: &AnyPool) -> Result<(), StorageError> {
    Ok(sqlx::migrate!("../migrations").run(pool).await?)
}

/// `FULL` syncs the log at every commit: what was acked survives a power cut. sqlx sets foreign keys and a busy timeout;
/// they stand here because the desk relies on them.
const SQLITE_WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                             PRAGMA busy_timeout = 5000";
const SQLITE_READER: &str = "PRAGMA query_only = ON; PRAGMA busy_timeout = 5000";
const POSTGRES_READER: &str = "SET default_transaction_read_only = on";

fn pragmas<'c>(connection: &'c mut AnyConnection, statements: &'static str) -> BoxFuture<'c, Result<(), sqlx::Error>> {
    async move {
        sqlx::raw_sql(statements).execute(connection).await?;
        Ok(())
    }
    .boxed()
}

fn sqlite_path(url: &str) -> Option<&str> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(path.split_once('?').map_or(path, |(path, _)| path))
}

/// SQLite gives its log and index files the mode of the database file, so it is made with the right one first.
fn make_private_file(path: &str) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    if let Some(parent) = Path::new(path).parent().filter(|parent| !parent.as_os_str().is_empty()) {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
    }
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)?;
    Ok(())
}
