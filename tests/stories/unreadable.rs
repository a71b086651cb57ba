//! One hotfix of two is stored as a newer version writes it.

use std::path::Path;

use hotfix_bot::domain::facts::SCHEMA;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, query_scalar};

use crate::support::story::{ASSESS, Story};

/// Sets an issue's schema; answers how many deliveries are kept.
async fn schema(database: &Path, issue: u64, schema: i64) -> i64 {
    let options = SqliteConnectOptions::new().filename(database);
    let mut file = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("UPDATE cases SET schema = $2 WHERE issue = $1")
        .bind(issue as i64)
        .bind(schema)
        .execute(&mut file)
        .await
        .unwrap();
    let kept = query_scalar("SELECT COUNT(*) FROM inbox_waits");
    let kept = kept.fetch_one(&mut file).await.unwrap();
    file.close().await.unwrap();
    kept
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stands_still_alone_and_what_was_said_is_carried_out_later() {
    let mut s = Story::begin_on_a_file().await;
    let first = s.labelled_by("maintainer").await;
    let reporter = s.person("reporter");
    let second = reporter.open_issue("lantern burns", "At once.").unwrap();
    s.person("maintainer").label(second, "P0").unwrap();
    s.pass(2).await;
    s.shows(second, " holds v1.0.4; this one goes on");
    s.while_down(async |db| assert_eq!(schema(db, second, 99).await, 0))
        .await;
    s.pass(2).await;

    let status = s.status(second);
    let mut told = s.bot_comments(second);
    let calls = s.calls(second);
    told.retain(|(_, body)| !calls.contains(body));
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[1].1.contains("**This hotfix stands still.**"));
    assert!(told[1].1.contains("written in schema 99"), "{}", told[1].1);

    // It hears nothing, and the other one is released.
    let old = s.says("maintainer", second, ASSESS).await;
    let head = s.ready_after(first).await;
    s.releases(first, &head).await;
    s.released(&head);
    s.ends(first).await;
    s.pass(90).await;
    let said = s.says("maintainer", second, ASSESS).await;
    assert_eq!(s.reactions(old), [""; 0]);
    assert_eq!(s.reactions(said), [""; 0]);
    assert_eq!(s.commit_of("refs/heads/hotfix/v1.0.6"), None);

    // Still not after another start; nobody is told twice.
    s.while_down(async |db| assert!(schema(db, second, 99).await > 1))
        .await;
    s.pass(2).await;
    assert_eq!(s.bot_comments(second), told);
    assert_eq!(s.status(second), status);

    s.while_down(async |db| assert!(schema(db, second, SCHEMA.into()).await > 1))
        .await;
    s.pass(6).await;
    // What is older than an hour is asked for again.
    assert_eq!(s.reactions(old), ["-1"]);
    assert_eq!(s.reactions(said), ["+1"]);
    s.shows(second, "tep 4 of 10: Fix");
    assert!(s.commit_of("refs/heads/hotfix/v1.0.6").is_some());
    let mut told = s.bot_comments(second);
    let calls = s.calls(second);
    told.retain(|(_, body)| !calls.contains(body));
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[1].1.contains("Now it goes on"), "{}", told[1].1);
    s.while_down(async |db| assert_eq!(schema(db, second, SCHEMA.into()).await, 0))
        .await;
    s.silence().await;
}
