//! Transactions, conflicts, types.

use super::database::{Database, on_both};
use futures_util::FutureExt;
use server::storage::{StorageError, Store};
use sqlx::Row;

async fn add(store: &Store, id: &'static str, wrapped: Vec<u8>) -> Result<(), StorageError> {
    store
        .write(move |connection| {
            async move {
                sqlx::query("INSERT INTO consultation_keys (consultation_id, wrapped, created_at) VALUES ($1, $2, $3)")
                    .bind(id)
                    .bind(wrapped)
                    .bind(7_i64)
                    .execute(connection)
                    .await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

on_both! {
    async fn bytes_come_back_as_they_were_and_nothing_as_nothing(database: Database) {
        add(&database.store, "one", vec![0, 255, 39, 10]).await.expect("stored");
        let mut connection = database.store.read().await.expect("a connection");
        let row = sqlx::query("SELECT wrapped, created_at, CAST(NULL AS BIGINT) AS empty FROM consultation_keys")
            .fetch_one(&mut *connection)
            .await
            .expect("a row");
        assert_eq!(row.try_get::<Vec<u8>, _>("wrapped").expect("bytes"), [0, 255, 39, 10]);
        assert_eq!(row.try_get::<i64, _>("created_at").expect("a number"), 7);
        assert_eq!(row.try_get::<Option<i64>, _>("empty").expect("nothing"), None);
        let store = database.store.clone();
        let stored = store
            .write(|connection| {
                async move {
                    sqlx::query(
                        "INSERT INTO events (consultation_id, seq, at_ms, kind, version, facts, sealed, actor, mac) \
                         VALUES ('a', 1, 0, 'k', 1, '{}', $1, 'system', $2) RETURNING sealed",
                    )
                    .bind(None::<Vec<u8>>)
                    .bind(vec![1_u8])
                    .fetch_one(connection)
                    .await
                    .map(|row| row.get::<Option<Vec<u8>>, _>(0))
                    .map_err(StorageError::from)
                }
                .boxed()
            })
            .await;
        assert_eq!(stored.expect("stored"), None);
    }

    async fn a_violated_rule_is_named_alike_and_leaves_nothing(database: Database) {
        add(&database.store, "one", vec![1]).await.expect("stored");
        let error = add(&database.store, "one", vec![2]).await.expect_err("there is one already");
        assert!(error.is_conflict("unique_consultation_keys_consultation_id"), "{error:?}");
        add(&database.store, "two", vec![3]).await.expect("the database goes on");
    }

    async fn work_that_fails_undoes_itself_alone(database: Database) {
        let store = &database.store;
        let spoilt = store.write(|connection| {
            async move {
                sqlx::query("INSERT INTO meta (name, content) VALUES ('half', 'done')").execute(connection).await?;
                Err::<(), _>(StorageError::SeqConflict)
            }
            .boxed()
        });
        let good = store.set_meta_value_if_absent("whole", "done");
        let (spoilt, good) = tokio::join!(spoilt, good);
        assert!(matches!(spoilt, Err(StorageError::SeqConflict)));
        assert_eq!(good.expect("stored"), "done");
        assert_eq!(store.meta_value("half").await.expect("read"), None);
        assert_eq!(store.set_meta_value_if_absent("whole", "again").await.expect("read"), "done");
    }

    async fn readers_cannot_write_and_opening_again_finds_everything(database: Database) {
        database.store.set_meta_value_if_absent("a", "b").await.expect("stored");
        let mut connection = database.store.read().await.expect("a connection");
        sqlx::query("DELETE FROM meta").execute(&mut *connection).await.expect_err("it only reads");
        let again = Store::open(&database.url).await.expect("it opens again");
        assert_eq!(again.meta_value("a").await.expect("read").as_deref(), Some("b"));
    }
}

#[tokio::test]
async fn the_sqlite_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let database = Database::sqlite().await;
    database.store.set_meta_value_if_absent("a", "b").await.expect("stored");
    let path = database.url.trim_start_matches("sqlite://");
    for file in [path.to_owned(), format!("{path}-wal")] {
        let mode = std::fs::metadata(&file).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[tokio::test]
async fn an_address_of_something_else_is_refused() {
    let error = Store::open("mysql://secret@host/db").await.expect_err("not ours");
    assert!(matches!(error, StorageError::Address(_)) && !error.to_string().contains("secret"));
}
