//! The floor under every append: how often this machine makes one row durable, by the same driver and database, with
//! nothing of ours around it. Load is sized by it, and figures are read beside it.

use sqlx::{AnyConnection, AnyPool, Executor, any::AnyPoolOptions};
use std::time::{Duration, Instant};

const TABLE: &str =
    "CREATE TABLE floor (writer BIGINT NOT NULL, n BIGINT NOT NULL, body BYTEA NOT NULL, PRIMARY KEY (writer, n))";
const ROW: &str = "INSERT INTO floor (writer, n, body) VALUES ($1, $2, $3)";
/// As the server opens SQLite: what is committed survives a power cut.
const SQLITE: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000";
/// About what a stored event takes.
const BODY_BYTES: usize = 400;

/// Connections that can usefully write at once.
fn connections(url: &str) -> u32 {
    if url.starts_with("sqlite") { 1 } else { 8 }
}

/// Single-row commits a second by so many tasks, over `length`. Makes its table in the database at `url`, which must not
/// have it yet.
pub(crate) async fn raw_per_second(url: &str, writers: i64, length: Duration) -> f64 {
    sqlx::any::install_default_drivers();
    let is_sqlite = url.starts_with("sqlite");
    let pool: AnyPool = AnyPoolOptions::new()
        .max_connections(connections(url))
        .acquire_timeout(Duration::from_secs(60))
        .test_before_acquire(false)
        .after_connect(move |connection: &mut AnyConnection, _| {
            Box::pin(async move {
                if is_sqlite {
                    connection.execute(SQLITE).await?;
                }
                Ok(())
            })
        })
        .connect(url)
        .await
        .expect("the database opens");
    pool.execute(TABLE).await.expect("a new table");
    let writing = pool.clone();
    let rate = per_second(writers, length, move |writer, n| {
        let pool = writing.clone();
        async move {
            let body = vec![7_u8; BODY_BYTES];
            let insert = sqlx::query(ROW).bind(writer).bind(n).bind(body);
            insert.execute(&pool).await.expect("stored");
        }
    })
    .await;
    pool.execute("DROP TABLE floor").await.expect("gone");
    pool.close().await;
    rate
}

/// How often a second `once(writer, n)` is done by so many tasks, each doing one after the other, over `length`.
#[expect(clippy::disallowed_methods, reason = "measures how long it really took")]
pub(crate) async fn per_second<F, W>(writers: i64, length: Duration, once: W) -> f64
where
    F: Future<Output = ()> + Send,
    W: Fn(i64, i64) -> F + Send + Sync + Clone + 'static,
{
    let began = Instant::now();
    let mut tasks = Vec::new();
    for writer in 0..writers {
        let once = once.clone();
        tasks.push(tokio::spawn(async move {
            let mut n = 0_i64;
            while began.elapsed() < length {
                once(writer, n).await;
                n += 1;
            }
            n
        }));
    }
    let mut done = 0_i64;
    for task in tasks {
        done += task.await.expect("a writer");
    }
    let done = f64::from(i32::try_from(done).expect("not so many"));
    done / began.elapsed().as_secs_f64()
}
