use std::path::Path;

use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::super::sqlite::MIGRATOR;
use super::*;

fn url(dir: &Path) -> String {
    format!("sqlite:{}", dir.join("bot.db").display())
}

async fn raw(dir: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(dir.join("bot.db"))
        .create_if_missing(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

#[tokio::test]
async fn the_epoch_rises_with_each_opening() {
    let dir = tempfile::tempdir().unwrap();
    for epoch in 1..=3 {
        let store = Store::open(&url(dir.path())).await.unwrap();
        assert_eq!(store.epoch(), epoch);
        store.ready().await.unwrap();
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.epoch(), epoch);
        assert_eq!(tx.repo(1).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_file_belongs_to_one_store() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&url(dir.path())).await.unwrap();
    let second = Store::open(&url(dir.path())).await.unwrap_err();
    let said = second.to_string();
    assert!(
        said.contains("is in use by another process") && said.contains("pid"),
        "{said}"
    );

    let clone = store.clone();
    drop(store);
    assert!(Store::open(&url(dir.path())).await.is_err());
    drop(clone);
    Store::open(&url(dir.path())).await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_is_the_same_file_and_nobody_else_reads_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&url(dir.path())).await.unwrap();
    let link = dir.path().join("link.db");
    std::os::unix::fs::symlink(dir.path().join("bot.db"), &link).unwrap();
    let second = Store::open(&format!("sqlite:{}", link.display())).await;
    assert!(matches!(second, Err(StoreError::InUse { .. })));
    drop(store);
    for name in ["bot.db", "bot.db.lock"] {
        let mode = std::fs::metadata(dir.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{name}: {mode:o}");
    }
}

#[tokio::test]
async fn a_place_that_is_not_there_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("missing");
    let said = Store::open(&url(&missing)).await.unwrap_err().to_string();
    assert!(said.contains(&missing.display().to_string()), "{said}");

    std::fs::write(dir.path().join("bot.db"), "x".repeat(4096)).unwrap();
    let said = Store::open(&url(dir.path())).await.unwrap_err().to_string();
    assert!(said.contains("not a database"), "{said}");
}

#[tokio::test]
async fn the_file_is_kept_as_it_must_be() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&url(dir.path())).await.unwrap();
    let mut writer = writer(&store).await;
    let pragma = async |conn: &mut SqliteConnection, sql: &'static str| -> String {
        let value: String = sqlx::query_scalar(sql).fetch_one(conn).await.unwrap();
        value
    };
    for (sql, value) in [
        ("SELECT journal_mode FROM pragma_journal_mode", "wal"),
        (
            "SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous",
            "2",
        ),
        (
            "SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys",
            "1",
        ),
        (
            "SELECT CAST(timeout AS TEXT) FROM pragma_busy_timeout",
            "5000",
        ),
    ] {
        assert_eq!(pragma(&mut writer, sql).await, value, "{sql}");
    }
    drop(writer);
    let mut reader = of_file(store.read().await.unwrap());
    let written = sqlx::query("DELETE FROM meta").execute(&mut *reader).await;
    assert!(written.unwrap_err().to_string().contains("readonly"));
}

#[tokio::test]
async fn the_tables_are_what_the_queries_expect_after_each_migration_in_turn() {
    let dir = tempfile::tempdir().unwrap();
    // One after the other, as a database of an earlier version would get them.
    for migration in MIGRATOR.iter() {
        let mut conn = raw(dir.path()).await;
        MIGRATOR.run_to(migration.version, &mut conn).await.unwrap();
        conn.close().await.unwrap();
    }
    let store = Store::open(&url(dir.path())).await.unwrap();
    seed(&store).await;
    open_case(&store, 1).await;
    let mut conn = writer(&store).await;
    let broken: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_all(&mut *conn)
        .await
        .unwrap();
    assert_eq!(broken, ["ok"]);
}

#[tokio::test]
async fn a_database_of_a_later_version_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    drop(Store::open(&url(dir.path())).await.unwrap());
    let mut conn = raw(dir.path()).await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', TRUE, X'00', 0)",
    )
    .execute(&mut conn)
    .await
    .unwrap();
    conn.close().await.unwrap();
    let refused = Store::open(&url(dir.path())).await.unwrap_err();
    assert!(matches!(refused, StoreError::Newer(9999)), "{refused}");
}

/// The store, once those who had it have let go: tasks of a runtime that is gone
/// end at their next step, so the lock is free soon, not at once.
async fn opened(dir: &std::path::Path) -> Store {
    loop {
        match Store::open(&url(dir)).await {
            Ok(store) => return store,
            Err(StoreError::InUse { .. }) => tokio::task::yield_now().await,
            Err(other) => panic!("{other}"),
        }
    }
}

/// A crash in a test: the runtime goes away with transactions open, and the
/// same process opens the file again.
#[test]
fn a_dropped_runtime_lets_go_of_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let mut last = 0;
    for round in 0..10 {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let epoch = runtime.block_on(async {
            let store = opened(dir.path()).await;
            seed(&store).await;
            let (told, ready) = tokio::sync::oneshot::channel();
            for n in 0..3 {
                let store = store.clone();
                tokio::spawn(async move {
                    loop {
                        let id = format!("{round}-{n}");
                        let _ = store.meta_set("noise", &id).await;
                    }
                });
            }
            let held = store.clone();
            tokio::spawn(async move {
                let mut tx = held.begin().await.unwrap();
                let case = tx.open_case(&new_case(1)).await.unwrap();
                let _ = told.send(case.id);
                std::future::pending::<()>().await;
                tx.commit().await.unwrap();
            });
            ready.await.unwrap();
            store.epoch()
        });
        runtime.shutdown_background();
        assert!(epoch > last);
        last = epoch;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let store = runtime.block_on(opened(dir.path()));
        runtime.block_on(async {
            assert!(store.open_cases().await.unwrap().is_empty(), "rolled back");
            seed(&store).await;
        });
        last = last.max(store.epoch());
        // The store outside its runtime, too.
        drop(runtime);
        drop(store);
    }
}
