//! Commit before answer, and an end in order.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::super::*;
use crate::store::Fact;

use super::support::{self, Delivery, Server};

#[tokio::test]
async fn no_answer_before_the_commit() {
    let server = Server::start(Limits::default()).await;
    server.inbox.hold();
    let waiting = server.spawn(Delivery::json("d-1", r#"{"keep":1}"#));
    server.inbox.entered().await;
    // The server is awake and answers others meanwhile.
    assert_eq!(server.get("/healthz").await.status, 200);
    assert!(!waiting.is_finished());
    server.inbox.release();
    assert_eq!(waiting.await.unwrap().status, 202);
}

#[tokio::test]
async fn a_commit_that_fails_is_not_acknowledged() {
    let server = Server::start(Limits::default()).await;
    server.inbox.fail(true);
    let answer = server.send(Delivery::json("d-1", r#"{"keep":1}"#)).await;
    assert_eq!(
        (answer.status, answer.body.trim()),
        (503, "not stored"),
        "no inner error is shown"
    );
    server.inbox.fail(false);
    assert_eq!(
        server
            .send(Delivery::json("d-1", r#"{"keep":1}"#))
            .await
            .status,
        202
    );
}

#[tokio::test]
async fn the_end_is_in_order() {
    let server = Server::start(Limits::default()).await;
    server.inbox.hold();
    let idle = server.connect().await;
    let waiting = server.spawn(Delivery::json("d-1", r#"{"keep":1}"#));
    server.inbox.entered().await;
    server.shutdown.cancel();
    server.until_refused().await;
    assert!(!waiting.is_finished(), "what is under way is waited for");
    server.inbox.release();
    assert_eq!(waiting.await.unwrap().status, 202);
    server.task.await.unwrap();
    drop(idle);
}

#[tokio::test]
async fn the_end_comes_even_where_a_commit_hangs() {
    let server = Server::start(Limits {
        drain_time: Duration::from_millis(50),
        ..Limits::default()
    })
    .await;
    server.inbox.hold();
    let waiting = server.spawn(Delivery::json("d-1", r#"{"keep":1}"#));
    server.inbox.entered().await;
    server.shutdown.cancel();
    server.task.await.unwrap();
    assert_eq!(
        waiting.await.unwrap().status,
        0,
        "cut off without an answer"
    );
}

#[tokio::test]
async fn the_writer_ends_with_what_waits() {
    let inbox = support::Memory::new();
    let closing = CancellationToken::new();
    let (commits, writer) = commit::start(inbox.clone(), &Limits::default(), closing.clone());
    inbox.hold();
    let put = |n: i64| {
        let delivery = NewDelivery {
            delivery_id: format!("d-{n}"),
            event: "push".into(),
            fact: Fact::plain(None, "{}"),
            received_at: n,
            fetched: false,
        };
        let commits = commits.clone();
        tokio::spawn(async move { commits.put(delivery).await })
    };
    let first = put(1);
    inbox.entered().await;
    let second = put(2);
    tokio::task::yield_now().await;
    closing.cancel();
    inbox.release();
    assert_eq!(first.await.unwrap(), Ok(Put::Stored));
    assert_eq!(second.await.unwrap(), Ok(Put::Stored));
    writer.await.unwrap();
    assert_eq!(put(3).await.unwrap(), Err(commit::NotPut::Failed));
}
