//! What is PostgreSQL's own: the lease, the lock, what is refused; of several servers
//! see `servers`. Each is left out
//! where there is no PostgreSQL.

use super::*;

macro_rules! database {
    () => {
        match postgres::Database::new() {
            Some(database) => database,
            None => return,
        }
    };
}

/// As when it was stopped for longer than its lease and goes on.
#[tokio::test]
async fn who_lost_the_lead_writes_nothing_more() {
    let database = database!();
    let before = Store::open(&database.url()).await.unwrap();
    seed(&before).await;
    let case = open_case(&before, 1).await.id;
    insert(&before, case, &effect("tag", "a")).await;
    let act = before.take_due(100, None).await.unwrap().unwrap().fence();
    let mut late = before.begin().await.unwrap();
    database.lapse();
    // Nobody came yet: it is still its own.
    late.wake_case(case, 5).await.unwrap();
    late.commit().await.unwrap();

    let store = Store::open(&database.url()).await.unwrap();
    assert!(!store.opened().in_order);
    let delivery = NewDelivery {
        delivery_id: "a".into(),
        event: "push".into(),
        fact: Fact::plain(None, "{}"),
        received_at: 1,
        fetched: false,
    };
    let taken_over = |error: StoreError| {
        assert!(matches!(error, StoreError::TakenOver), "{error}");
    };
    taken_over(before.put_deliveries(&[delivery]).await.unwrap_err());
    taken_over(before.begin().await.map(drop).unwrap_err());
    taken_over(before.begin_act(act, 1, None).await.unwrap_err());
    taken_over(before.meta_set("cursor", "a").await.unwrap_err());
    taken_over(before.ready().await.unwrap_err());
    before.taken_over().await;
    before.close().await;
    assert_eq!(store.meta_get("cursor").await.unwrap(), None);
    assert_eq!(store.inbox_counts().await.unwrap(), (0, 0));
    store.ready().await.unwrap();
    assert!(
        !store.opened().in_order,
        "the stop of the other is not noted as one"
    );
}

#[tokio::test]
async fn a_server_that_forgets_what_it_committed_is_refused() {
    let database = database!();
    for (setting, says) in [("synchronous_commit", "PostgreSQL crashes")] {
        let name = database.run("SELECT current_database()");
        let set = format!("ALTER DATABASE {} SET {setting} = off", name.trim());
        database.run(&set);
        let said = Store::open(&database.url()).await.unwrap_err().to_string();
        assert!(said.contains(setting) && said.contains(says), "{said}");
    }
    assert_eq!(
        database.run("SELECT to_regclass('cases') IS NULL").trim(),
        "t",
        "it was left as it is"
    );
}

#[tokio::test]
async fn tables_of_another_application_are_left_as_they_are() {
    let database = database!();
    database.run("CREATE TABLE cases (n INTEGER)");
    let said = Store::open(&database.url()).await.unwrap_err().to_string();
    assert!(said.contains("another application"), "{said}");
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(database.run(tables).trim(), "1");
}

#[tokio::test]
async fn a_database_of_a_later_version_is_refused() {
    let database = database!();
    Store::open(&database.url()).await.unwrap().close().await;
    database.run(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', TRUE, '\\x00', 0)",
    );
    let refused = Store::open(&database.url()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Newer(9999)), "{refused}");
    let found = examine(&database.url(), |_, _| Ok(())).await.unwrap();
    assert_eq!(found.amiss, [Amiss::Newer(9999)]);
}

#[tokio::test]
async fn a_commit_that_the_server_cuts_off_is_no_commit_and_the_store_goes_on() {
    let database = database!();
    let store = Store::open(&database.url()).await.unwrap();
    seed(&store).await;
    let mut tx = store.begin().await.unwrap();
    tx.open_case(&new_case(1)).await.unwrap();
    // As at a restart of PostgreSQL: all its connections end.
    database.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    tx.commit().await.unwrap_err();
    assert!(store.open_cases().await.unwrap().is_empty());
    open_case(&store, 1).await;
    store.ready().await.unwrap();
}

#[tokio::test]
async fn it_is_looked_at_from_beside() {
    let database = database!();
    assert_eq!(known_app(&database.url()).await.unwrap(), None);
    let said = peek(&database.url(), "acme", "rocket", 1).await;
    let said = said.unwrap_err().to_string();
    assert!(said.contains("no tables"), "{said}");

    let store = Store::open(&database.url()).await.unwrap();
    seed(&store).await;
    let case = open_case(&store, 1).await;
    store.meta_set("bot:1", "hotfix[bot]").await.unwrap();
    let known = known_app(&database.url()).await.unwrap();
    assert_eq!(known.as_deref(), Some("hotfix[bot]"));
    let peeked = peek(&database.url(), "Acme", "Rocket", 1).await.unwrap();
    assert_eq!(peeked.first().unwrap().facts, case.facts);
    let sound = examine(&database.url(), |_, _| Ok(())).await.unwrap();
    assert_eq!((sound.amiss.len(), sound.cases, sound.behind), (0, 1, 0));
    let refused = |_: i64, _: &str| Err("nonsense".to_owned());
    let found = examine(&database.url(), refused).await.unwrap();
    assert_eq!(found.amiss.len(), 1);
    assert_eq!(retry_set_aside(&database.url(), 1).await.unwrap(), 0);
    let file = std::path::Path::new("nowhere");
    let said = copy(&database.url(), file, 1).await.unwrap_err();
    assert!(said.to_string().contains("pg_dump"), "{said}");
}

#[tokio::test]
async fn who_hangs_in_a_transaction_is_put_out() {
    let database = database!();
    let store = Store::open(&database.url()).await.unwrap();
    let bounds: Vec<String> = {
        let mut tx = store.begin().await.unwrap();
        let mut bounds = Vec::new();
        for setting in [
            "lock_timeout",
            "statement_timeout",
            "idle_in_transaction_session_timeout",
        ] {
            let show = sqlx::AssertSqlSafe(format!("SHOW {setting}"));
            let shown = query::query_scalar(show).fetch_one(tx.conn()).await;
            bounds.push(shown.unwrap());
        }
        bounds
    };
    assert_eq!(bounds, ["5s", "10s", "10s"]);
    let mut reader = store.read().await.unwrap();
    let written = query::query("DELETE FROM meta").execute(reader.on()).await;
    let said = written.unwrap_err().to_string();
    assert!(said.contains("read-only"), "{said}");
}

/// Whoever writes waits for whoever writes, in whichever server: what reads several
/// rows and then writes would otherwise pass another.
#[tokio::test]
async fn there_is_one_transaction_that_writes() {
    let database = database!();
    let store = Store::open(&database.url()).await.unwrap();
    let free = || database.run("SELECT pg_try_advisory_xact_lock(1212564056)");
    assert_eq!(free().trim(), "t");
    let tx = store.begin().await.unwrap();
    assert_eq!(free().trim(), "f");
    tx.rollback().await.unwrap();
    assert_eq!(free().trim(), "t");
    let alone = store.write("writing").await.unwrap();
    assert_eq!(free().trim(), "f", "a single statement is no exception");
    alone.done().await.unwrap();
    assert_eq!(free().trim(), "t");
}

/// A file from outside may hold anything; that one case cannot be stored with it must
/// not hold up the others.
#[tokio::test]
async fn a_text_that_postgresql_does_not_take_is_the_fault_of_its_step() {
    let database = database!();
    let store = Store::open(&database.url()).await.unwrap();
    seed(&store).await;
    let odd = NewCase {
        policy_src: Some("a = \"\0\"".into()),
        ..new_case(1)
    };
    let mut tx = store.begin().await.unwrap();
    let refused = tx.open_case(&odd).await.unwrap_err();
    assert!(refused.is_of_the_step(), "{refused}");
    tx.rollback().await.unwrap();
    open_case(&store, 1).await;
}
