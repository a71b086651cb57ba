//! The server over real HTTP, on a free port of this machine.

mod support;

use std::time::Duration;

use support::{Delivery, Server, events};
use tokio_util::sync::CancellationToken;

use super::*;

#[tokio::test]
async fn a_signed_delivery_is_written_down_and_acknowledged() {
    let server = Server::start(Limits::default()).await;
    let answer = server.send(Delivery::json("d-1", r#"{"keep":42}"#)).await;
    assert_eq!((answer.status, answer.body.as_str()), (202, "stored\n"));
    let kept = server.inbox.kept();
    assert_eq!(
        kept,
        [NewDelivery {
            delivery_id: "d-1".into(),
            event: "issues".into(),
            repo_id: Some(42),
            body: r#"{"keep":42}"#.into(),
            received_at: support::NOW,
        }]
    );
}

#[tokio::test]
async fn what_is_not_signed_is_never_decoded() {
    let server = Server::start(Limits::default()).await;
    let good = Delivery::json("d-1", r#"{"keep":1}"#);
    let wrong = [
        good.clone().with("X-Hub-Signature-256", "sha256=00"),
        good.clone().with("X-Hub-Signature-256", ""),
        good.clone().without("X-Hub-Signature-256"),
        good.clone()
            .without("X-Hub-Signature-256")
            .with("X-Hub-Signature", "sha1=00"),
        good.clone().altered(r#"{"keep":2}"#),
    ];
    for delivery in wrong {
        assert_eq!(server.send(delivery).await.status, 401);
    }
    assert_eq!(
        events(&server.asked),
        0,
        "nobody asked what the payload says"
    );
    assert!(server.inbox.kept().is_empty());
    assert!(
        server
            .metrics()
            .await
            .contains(r#"hotfix_deliveries_total{event="other",outcome="unsigned"}"#)
    );
}

#[tokio::test]
async fn a_form_is_signed_as_it_was_sent() {
    let server = Server::start(Limits::default()).await;
    let form = "payload=%7B%22keep%22%3A7%2C%22t%22%3A%22a+b%2Bc%C3%A9%22%7D";
    let answer = server.send(Delivery::form("d-1", form)).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(server.inbox.kept()[0].body, r#"{"keep":7,"t":"a b+cé"}"#);
    for (form, says) in [("other=1", "field payload"), ("payload=%FF", "UTF-8")] {
        let answer = server.send(Delivery::form("d-2", form)).await;
        assert_eq!(answer.status, 400);
        assert!(answer.body.contains(says), "{}", answer.body);
    }
}

#[tokio::test]
async fn headers_and_content_types() {
    let server = Server::start(Limits::default()).await;
    let good = Delivery::json("d-1", r#"{"keep":1}"#);
    for (delivery, status, says) in [
        (
            good.clone().without("X-GitHub-Event"),
            400,
            "X-GitHub-Event",
        ),
        (
            good.clone().without("X-GitHub-Delivery"),
            400,
            "X-GitHub-Delivery",
        ),
        (
            good.clone().with("X-GitHub-Delivery", &"x".repeat(300)),
            400,
            "X-GitHub-Delivery",
        ),
        (
            good.clone().without("Content-Type"),
            415,
            "application/json",
        ),
        (
            good.clone().with("Content-Type", "text/plain"),
            415,
            "application/json",
        ),
        (
            good.clone()
                .with("Content-Type", "Application/JSON; charset=utf-8"),
            202,
            "stored",
        ),
    ] {
        let answer = server.send(delivery).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(answer.body.contains(says), "{}", answer.body);
    }
}

#[tokio::test]
async fn what_does_not_concern_the_app_is_acknowledged_and_counted() {
    let server = Server::start(Limits::default()).await;
    for (event, payload, outcome) in [
        ("issues", r#"{"drop":"ignored"}"#, "ignored"),
        ("sponsorship", r#"{"drop":"unknown"}"#, "unknown"),
    ] {
        let answer = server
            .send(Delivery::json("d-1", payload).with("X-GitHub-Event", event))
            .await;
        assert_eq!((answer.status, answer.body.trim()), (202, outcome));
    }
    assert!(server.inbox.kept().is_empty());
    let metrics = server.metrics().await;
    assert!(
        metrics.contains(r#"{event="issues",outcome="ignored"}"#),
        "{metrics}"
    );
    assert!(
        metrics.contains(r#"{event="other",outcome="unknown"}"#),
        "{metrics}"
    );
}

#[tokio::test]
async fn signed_text_that_is_no_payload_is_refused_with_the_reason() {
    let server = Server::start(Limits::default()).await;
    let answer = server.send(Delivery::json("d-1", "{")).await;
    assert_eq!(
        (answer.status, answer.body.trim()),
        (400, "expected a JSON object")
    );
    let answer = server
        .send(Delivery::new("d-1", "application/json", b"\"\xff\""))
        .await;
    assert_eq!(
        (answer.status, answer.body.trim()),
        (400, "expected a body in UTF-8")
    );
}

#[tokio::test]
async fn a_delivery_that_was_there_already() {
    let server = Server::start(Limits::default()).await;
    let delivery = Delivery::json("d-1", r#"{"keep":1}"#);
    assert_eq!(server.send(delivery.clone()).await.status, 202);
    let again = server.send(delivery).await;
    assert_eq!((again.status, again.body.trim()), (200, "duplicate"));
    assert_eq!(server.inbox.kept().len(), 1);
}

#[tokio::test]
async fn bodies_up_to_githubs_cap_and_not_beyond() {
    let limits = Limits::default();
    let server = Server::start(limits).await;
    let mut largest = br#"{"keep":1}"#.to_vec();
    largest.resize(25 * 1024 * 1024, b' ');
    let answer = server
        .send(Delivery::new("d-1", "application/json", &largest))
        .await;
    assert_eq!(answer.status, 202, "{}", answer.body);

    // Announced: refused before a byte of it was sent.
    let head = Delivery::json("d-2", "").with("Content-Length", &(limits.body + 1).to_string());
    let answer = server.send(head).await;
    assert_eq!(answer.status, 413);

    // Not announced: refused once it is too much.
    let server = Server::start(Limits {
        body: 100,
        ..limits
    })
    .await;
    let chunks = format!("40\r\n{}\r\n", "x".repeat(64)).repeat(2);
    let chunked = Delivery::json("d-3", &chunks)
        .with("Transfer-Encoding", "chunked")
        .without("Content-Length");
    assert_eq!(server.send(chunked).await.status, 413);
}

#[tokio::test]
async fn large_bodies_share_a_bounded_room() {
    let limits = Limits {
        small_body: 20,
        all_bodies: 100,
        ..Limits::default()
    };
    let server = Server::start(limits).await;
    server.inbox.hold();
    let held = server.spawn(Delivery::json(
        "d-1",
        &format!(r#"{{"keep":1,"x":"{}"}}"#, "x".repeat(50)),
    ));
    server.inbox.entered().await;
    let large = server
        .send(Delivery::json(
            "d-2",
            &format!(r#"{{"keep":1,"x":"{}"}}"#, "x".repeat(50)),
        ))
        .await;
    assert_eq!(large.status, 503, "{}", large.body);
    let small = server.spawn(Delivery::json("d-3", r#"{"keep":1}"#));
    server.inbox.release();
    assert_eq!(held.await.unwrap().status, 202);
    assert_eq!(small.await.unwrap().status, 202);
    let large = server
        .send(Delivery::json(
            "d-2",
            &format!(r#"{{"keep":1,"x":"{}"}}"#, "x".repeat(50)),
        ))
        .await;
    assert_eq!(large.status, 202, "the room was given back");
}

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
async fn deliveries_that_wait_together_share_a_commit() {
    let limits = Limits {
        batch: 4,
        ..Limits::default()
    };
    let server = Server::start(limits).await;
    server.inbox.hold();
    let first = server.spawn(Delivery::json("d-0", r#"{"keep":1}"#));
    server.inbox.entered().await;
    let others: Vec<_> = (1..=6)
        .map(|n| server.spawn(Delivery::json(&format!("d-{n}"), r#"{"keep":1}"#)))
        .collect();
    // All have been decoded; at most the last one is still on its way in.
    while events(&server.asked) < 7 {
        tokio::task::yield_now().await;
    }
    server.inbox.release();
    assert_eq!(first.await.unwrap().status, 202);
    for other in others {
        assert_eq!(other.await.unwrap().status, 202);
    }
    let batches = server.inbox.batches();
    assert_eq!(batches.iter().sum::<usize>(), 7);
    assert_eq!(batches[..2], [1, 4], "{batches:?}");
}

#[tokio::test]
async fn too_many_waiting_deliveries_are_refused() {
    let limits = Limits {
        waiting: 1,
        batch: 1,
        ..Limits::default()
    };
    let server = Server::start(limits).await;
    server.inbox.hold();
    let first = server.spawn(Delivery::json("d-1", r#"{"keep":1}"#));
    server.inbox.entered().await;
    let second = server.spawn(Delivery::json("d-2", r#"{"keep":1}"#));
    let third = server.spawn(Delivery::json("d-3", r#"{"keep":1}"#));
    // One takes the place in the queue, the other finds it taken.
    while !second.is_finished() && !third.is_finished() {
        tokio::task::yield_now().await;
    }
    server.inbox.release();
    let mut statuses = [second.await.unwrap().status, third.await.unwrap().status];
    statuses.sort_unstable();
    assert_eq!(statuses, [202, 503]);
    assert_eq!(first.await.unwrap().status, 202);
}

#[tokio::test]
async fn slow_senders_are_cut_off() {
    let short = Duration::from_millis(50);
    let server = Server::start(Limits {
        head_time: short,
        body_time: short,
        ..Limits::default()
    })
    .await;
    // Half a head: the connection is closed, with 408 or without a word.
    let answer = server.raw(b"POST /webhook HTTP/1.1\r\nHost: x\r\nX-").await;
    assert!(answer.is_none_or(|a| a.status == 408));
    // Not a byte.
    assert!(server.raw(b"").await.is_none_or(|a| a.status == 408));
    // Half a body.
    let half = Delivery::json("d-1", r#"{"keep"#).with("Content-Length", "100");
    assert_eq!(server.send(half).await.status, 408);
}

#[tokio::test]
async fn the_cap_on_connections_holds_others_back() {
    let limits = Limits {
        connections: 1,
        head_time: Duration::from_millis(50),
        ..Limits::default()
    };
    let server = Server::start(limits).await;
    // Whoever holds the only place and says nothing loses it in time.
    let silent = server.connect().await;
    assert_eq!(server.get("/healthz").await.status, 200);
    drop(silent);
}

#[tokio::test]
async fn health_and_readiness() {
    let server = Server::start(Limits::default()).await;
    assert_eq!(server.get("/healthz").await.body, "ok\n");
    assert_eq!(server.get("/readyz").await.status, 200);
    server.ready(Err("the store does not answer"));
    let answer = server.get("/readyz").await;
    assert_eq!(
        (answer.status, answer.body.trim()),
        (503, "the store does not answer")
    );
    assert_eq!(server.get("/").await.status, 404);
    assert_eq!(server.get("/webhook").await.status, 405);
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
            repo_id: None,
            body: String::new(),
            received_at: n,
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
