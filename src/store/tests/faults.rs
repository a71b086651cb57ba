//! The file under a store that works: full, deleted, replaced, cut short, locked.

use std::path::{Path, PathBuf};

use sqlx::ConnectOptions as _;

use super::super::lock::beside;
use super::super::sqlite;
use super::*;

async fn opened(path: &Path) -> Store {
    Store::open(&format!("sqlite:{}", path.display()))
        .await
        .unwrap()
}

async fn refused(path: &Path) -> String {
    Store::open(&format!("sqlite:{}", path.display()))
        .await
        .map(drop)
        .unwrap_err()
        .to_string()
}

fn delivery(id: &str) -> NewDelivery {
    NewDelivery {
        delivery_id: id.into(),
        event: "push".into(),
        fact: Fact::plain(None, format!("{{\"said\": \"{id}{}\"}}", "x".repeat(4_000))),
        received_at: 1,
        fetched: false,
    }
}

async fn put(store: &Store, id: &str) -> Result<Vec<Put>> {
    store.put_deliveries(&[delivery(id)]).await
}

/// No page more than there are, for the connection that writes.
async fn fill(store: &Store) {
    let mut writer = writer(store).await;
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count")
        .fetch_one(&mut *writer)
        .await
        .unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "PRAGMA max_page_count = {pages}"
    )))
    .execute(&mut *writer)
    .await
    .unwrap();
}

async fn make_room(store: &Store) {
    let mut writer = writer(store).await;
    sqlx::query("PRAGMA max_page_count = 100000")
        .execute(&mut *writer)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_failed_transaction_ends_with_itself() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(&dir.path().join("bot.db")).await;
    seed(&store).await;
    fill(&store).await;
    let full = put(&store, "a").await.unwrap_err().to_string();
    assert!(full.contains("full"), "{full}");
    assert!(!store.has_delivery("a").await.unwrap(), "it was refused");
    make_room(&store).await;
    assert_eq!(put(&store, "b").await.unwrap(), [Put::Stored]);

    fill(&store).await;
    let mut tx = store.begin().await.unwrap();
    for issue in 1..200 {
        if tx.open_case(&new_case(issue)).await.is_err() {
            break;
        }
    }
    // Whether it is rolled back or dropped, what comes next begins anew.
    let _ = tx.rollback().await;
    make_room(&store).await;
    store.ready().await.unwrap();
    assert!(store.open_cases().await.unwrap().is_empty());
    open_case(&store, 1).await;
}

type Harm = fn(&Path);

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_no_longer_the_open_one_takes_no_delivery() {
    fn rename(from: &Path, to: &Path) {
        std::fs::rename(from, to).unwrap();
    }
    fn cut(path: &Path) {
        let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
        file.set_len(0).unwrap();
    }
    let harms: [(&str, Harm); 8] = [
        ("deleted", |db| std::fs::remove_file(db).unwrap()),
        ("deleted", |db| {
            std::fs::remove_file(beside(db, "-wal")).unwrap()
        }),
        ("deleted", |db| {
            std::fs::remove_file(beside(db, "-shm")).unwrap()
        }),
        ("moved", |db| rename(db, &beside(db, ".moved"))),
        ("replaced", |db| {
            std::fs::copy(db, beside(db, ".new")).unwrap();
            rename(&beside(db, ".new"), db);
        }),
        ("replaced", |db| {
            let log = beside(db, "-wal");
            std::fs::copy(&log, beside(db, ".new")).unwrap();
            rename(&beside(db, ".new"), &log);
        }),
        ("cut short", cut),
        ("cut short", |db| cut(&beside(db, "-wal"))),
    ];
    for (n, (what, harm)) in harms.into_iter().enumerate() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("bot.db");
        let store = opened(&path).await;
        put(&store, "before").await.unwrap();
        store.ready().await.unwrap();
        harm(&path);
        let said = put(&store, "after").await.unwrap_err().to_string();
        assert!(
            said.contains(what) && said.contains("bot.db"),
            "{n}: {said}"
        );
        // At once, though it was ready a moment ago.
        assert!(store.ready().await.is_err(), "{n}");
        assert!(store.begin().await.is_err(), "{n}: nothing else is written");
        assert!(store.take(1, i64::MAX).await.is_err(), "{n}");
        // A connection that is made now makes no file.
        let was_there = path.exists();
        store.close().await;
        assert_eq!(path.exists(), was_there, "{n}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn put_back_it_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bot.db");
    let store = opened(&path).await;
    let away = beside(&path, ".away");
    std::fs::rename(&path, &away).unwrap();
    put(&store, "a").await.unwrap_err();
    std::fs::rename(&away, &path).unwrap();
    put(&store, "a").await.unwrap();
    store.ready().await.unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn neither_another_name_nor_a_removed_lock_lets_a_second_server_in() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bot.db");
    let store = opened(&path).await;
    let other = dir.path().join("other.db");
    std::fs::hard_link(&path, &other).unwrap();
    assert!(refused(&other).await.contains("in use by another process"));
    std::fs::remove_file(beside(&path, ".lock")).unwrap();
    assert!(refused(&path).await.contains("in use by another process"));
    put(&store, "a").await.unwrap();
}

/// The files as a crash leaves them, under another path.
fn crashed(store_at: &Path, to: &Path) {
    for ending in ["", "-wal"] {
        std::fs::copy(beside(store_at, ending), beside(to, ending)).unwrap();
    }
}

#[tokio::test]
async fn what_is_not_whole_is_not_begun_anew_in_silence() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bot.db");
    let store = opened(&path).await;
    put(&store, "a").await.unwrap();
    let left = dir.path().join("left.db");
    crashed(&path, &left);
    std::fs::remove_file(&left).unwrap();
    // SQLite would delete the log of a database that is gone.
    let anew = opened(&left).await;
    assert!(anew.opened().new);
    assert!(beside(&left, "-wal.of-another-1").exists());
    anew.close().await;

    store.close().await;
    drop(store);
    std::fs::write(&path, "").unwrap();
    assert!(
        refused(&path)
            .await
            .contains("is empty, and held a database")
    );

    let folder = dir.path().join("folder");
    std::fs::create_dir(&folder).unwrap();
    assert!(refused(&folder).await.contains("is a folder"));
    assert!(!beside(&folder, ".lock").exists());
}

#[tokio::test]
async fn another_application_s_database_is_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("theirs.db");
    let mut theirs = sqlite::plain(&path)
        .create_if_missing(true)
        .connect()
        .await
        .unwrap();
    sqlx::query("CREATE TABLE meta (n INTEGER)")
        .execute(&mut theirs)
        .await
        .unwrap();
    drop(theirs);
    let before = std::fs::read(&path).unwrap();
    assert!(refused(&path).await.contains("another application"));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn it_is_known_whether_a_database_is_new_or_old_and_how_it_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bot.db");
    let as_left = |in_order| Opened {
        new: false,
        older: false,
        in_order,
    };
    let store = opened(&path).await;
    assert!(store.opened().new && !store.opened().older);
    put(&store, "a").await.unwrap();
    store.close().await;
    drop(store);
    let old = dir.path().join("old");
    std::fs::copy(&path, &old).unwrap();
    let store = opened(&path).await;
    assert_eq!(*store.opened(), as_left(true));
    // Not closed: as after a crash.
    drop(store);
    let store = again(&path).await;
    assert_eq!(*store.opened(), as_left(false));
    store.close().await;
    drop(store);
    std::fs::copy(&old, &path).unwrap();
    let store = opened(&path).await;
    assert!(store.opened().older, "a copy of before");
    store.close().await;
    drop(store);
    std::fs::remove_file(&path).unwrap();
    let store = opened(&path).await;
    assert!(store.opened().new);
}

/// Connections that were not closed end a little later.
async fn again(path: &Path) -> Store {
    loop {
        match Store::open(&format!("sqlite:{}", path.display())).await {
            Ok(store) => return store,
            Err(StoreError::InUse { .. }) => tokio::task::yield_now().await,
            Err(other) => panic!("{other}"),
        }
    }
}

fn url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

async fn copied(from: &Path, to: &str) -> PathBuf {
    let to = from.with_file_name(to);
    copy(&url(from), &to, 5).await.unwrap();
    to
}

#[tokio::test]
async fn a_backup_under_load_is_whole_and_overwrites_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bot.db");
    let store = opened(&path).await;
    seed(&store).await;
    let load = tokio::spawn({
        let store = store.clone();
        async move {
            for n in 0.. {
                put(&store, &format!("load-{n}")).await.unwrap();
            }
        }
    });
    for n in 0..5 {
        put(&store, &format!("before-{n}")).await.unwrap();
        let file = copied(&path, &format!("backup-{n}")).await;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{mode:o}");
        }
        let before = std::fs::read(&file).unwrap();
        let twice = copy(&url(&path), &file, 5).await.unwrap_err().to_string();
        assert!(twice.contains("exists"), "{twice}");
        assert_eq!(std::fs::read(&file).unwrap(), before);
        let restored = opened(&file).await;
        assert!(restored.opened().older && !restored.opened().new);
        for n in 0..=n {
            assert!(restored.has_delivery(&format!("before-{n}")).await.unwrap());
        }
        restored.close().await;
    }
    load.abort();
    let left: Vec<_> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    let missing = copy(&url(&dir.path().join("none.db")), &dir.path().join("x"), 5).await;
    assert!(missing.is_err() && !dir.path().join("x").exists());
    assert!(
        copy(&url(&path), &path, 5).await.is_err(),
        "not onto itself"
    );
}

/// Restored by `cp` over what a crash left: its log would be written into the
/// copy.
#[tokio::test]
async fn the_log_of_the_database_before_is_not_taken_into_a_restored_backup() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bot.db");
    let store = opened(&path).await;
    put(&store, "first").await.unwrap();
    let backup = copied(&path, "backup").await;
    for n in 0..20 {
        put(&store, &format!("{n}")).await.unwrap();
    }
    let left = dir.path().join("left.db");
    crashed(&path, &left);
    std::fs::copy(&backup, &left).unwrap();
    let restored = opened(&left).await;
    assert!(restored.opened().older);
    assert!(restored.has_delivery("first").await.unwrap());
    assert!(!restored.has_delivery("3").await.unwrap());
    put(&restored, "after").await.unwrap();
    let found = examine(&url(&left), |_, _| Ok(())).await.unwrap();
    assert_eq!(found, Examined::default());
    // It is no copy any more, and a crash from here on keeps its own log.
    let next = dir.path().join("next.db");
    crashed(&left, &next);
    let next = opened(&next).await;
    assert!(next.has_delivery("after").await.unwrap());
}

#[tokio::test]
async fn what_does_not_fit_together_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bot.db");
    let store = opened(&path).await;
    seed(&store).await;
    let case = open_case(&store, 1).await;
    let look = async || {
        let reads = |_: i64, facts: &str| match facts {
            "{}" => Ok(()),
            _ => Err("nonsense".to_owned()),
        };
        examine(&url(&path), reads).await.unwrap().amiss
    };
    assert_eq!(look().await, []);
    let mut raw = sqlite::plain(&path)
        .foreign_keys(false)
        .connect()
        .await
        .unwrap();
    for sql in [
        "UPDATE cases SET facts = 'x'",
        "INSERT INTO inbox_waits VALUES (77, 1, 'd', 'push', '{}', FALSE)",
        "UPDATE cases SET rev = 9",
        "INSERT INTO claims (repo_id, kind, value, case_id, line, taken_at) \
         VALUES (7, 'tag', 'v1', 1, '', 0)",
        "INSERT INTO cases (repo_id, issue, facts, schema, rev, phase, opened_at, over_at) \
         VALUES (7, 2, 'whatever', 1, 0, 'close', 0, 1)",
        "UPDATE claims SET case_id = 2",
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', TRUE, X'00', 0)",
    ] {
        sqlx::query(sql).execute(&mut raw).await.unwrap();
    }
    let newer = look().await;
    assert!(newer.contains(&Amiss::Newer(9999)), "{newer:?}");
    sqlx::query("DELETE FROM _sqlx_migrations WHERE version = 9999")
        .execute(&mut raw)
        .await
        .unwrap();
    let found = look().await;
    let facts = Amiss::Facts {
        case: case.id,
        why: "nonsense".into(),
    };
    assert!(found.contains(&facts), "{found:?}");
    let orphans: Vec<_> = found
        .iter()
        .filter_map(|a| match a {
            Amiss::Orphans { what, .. } => Some(*what),
            _ => None,
        })
        .collect();
    assert_eq!(orphans.len(), 2, "{found:?}");
    let refers = |a: &Amiss| matches!(a, Amiss::Reference { table, .. } if table == "inbox_waits");
    assert!(found.iter().any(refers), "{found:?}");
}

/// Pages in the middle of the file are overwritten.
fn damage(path: &Path) {
    use std::io::{Seek as _, SeekFrom, Write as _};
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    let len = file.metadata().unwrap().len();
    file.seek(SeekFrom::Start(len / 2)).unwrap();
    file.write_all(&vec![0xA5; (len / 3) as usize]).unwrap();
}

#[tokio::test]
async fn damage_is_found_after_a_crash_and_ends_all_writing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bot.db");
    let store = opened(&path).await;
    for n in 0..50 {
        put(&store, &format!("{n}")).await.unwrap();
    }
    store.close().await;
    drop(store);
    // Opened and not closed: the next start looks through the file.
    drop(opened(&path).await);
    drop(again(&path).await);
    damage(&path);
    let found = examine(&url(&path), |_, _| Ok(())).await.unwrap();
    let is_page = |a: &Amiss| matches!(a, Amiss::Page(_));
    assert!(found.amiss.iter().any(is_page), "{found:?}");
    let refused = copy(&url(&path), &dir.path().join("backup"), 5).await;
    assert!(refused.is_err(), "no backup of a damaged file");
    assert!(!dir.path().join("backup").exists());

    let store = again(&path).await;
    store.look_through();
    while store.holds().is_ok() {
        tokio::task::yield_now().await;
    }
    let said = put(&store, "after").await.unwrap_err().to_string();
    assert!(said.contains("is damaged"), "{said}");
    assert!(store.ready().await.is_err());
}
