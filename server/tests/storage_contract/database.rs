//! An empty database for one story.

use super::postgres::Postgres;
use server::storage::Store;
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

/// The PostgreSQL of this test binary; started on first need.
fn postgres() -> &'static Postgres {
    static SHARED: OnceLock<Postgres> = OnceLock::new();
    SHARED.get_or_init(|| Postgres::start(false))
}

/// A database of its own, gone with the story (SQLite) or with the server (PostgreSQL).
pub(crate) struct Database {
    /// Its address.
    pub(crate) url: String,
    /// Its handle.
    pub(crate) store: Store,
    _directory: Option<tempfile::TempDir>,
}

impl Database {
    /// An empty SQLite file.
    pub(crate) async fn sqlite() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let url = format!("sqlite://{}/soudan.db", directory.path().display());
        Self {
            store: Store::open(&url).await.expect("it opens"),
            url,
            _directory: Some(directory),
        }
    }

    /// An empty database of the shared PostgreSQL.
    pub(crate) async fn postgres() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = tokio::task::spawn_blocking(postgres).await.expect("PostgreSQL runs");
        let name = format!("story_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        sqlx::any::install_default_drivers();
        let mut connection = sqlx::AnyConnection::connect(&server.url("postgres"))
            .await
            .expect("it answers");
        let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        connection.execute(sqlx::raw_sql(create)).await.expect("a new database");
        connection.close().await.expect("it says goodbye");
        let url = server.url(&name);
        Self {
            store: Store::open(&url).await.expect("it opens"),
            url,
            _directory: None,
        }
    }
}

/// Tells a story on both databases.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($database:ident: Database) $body:block)+) => {
        $(
            $(#[$doc])*
            mod $name {
                use super::*;

                async fn story($database: Database) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn on_sqlite() {
                    story(Database::sqlite().await).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn on_postgres() {
                    story(Database::postgres().await).await;
                }
            }
        )+
    };
}
pub(crate) use on_both;
