//! The server over real HTTP, on a free port of this machine.

mod durable;
mod limits;
mod support;

use support::{Delivery, Server, events, get};

use super::*;

#[tokio::test]
async fn a_signed_delivery_is_written_down_and_acknowledged() {
    let server = Server::start(Limits::default()).await;
    let answer = server.send(Delivery::json("d-1", r#"{"keep":42}"#)).await;
    assert_eq!((answer.status, answer.body.as_str()), (202, "stored\n"));
    let kept = server.inbox.kept();
    assert_eq!(kept, [("d-1".into(), Some(42), r#"{"keep":42}"#.into())]);
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
    assert_eq!(server.inbox.kept()[0].2, r#"{"keep":7,"t":"a b+cé"}"#);
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
async fn metrics_with_a_port_of_their_own_stand_at_no_other() {
    let apart = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = apart.local_addr().unwrap();
    let server = Server::with(Limits::default(), Some(apart)).await;
    assert_eq!(server.get("/metrics").await.status, 404);
    assert_eq!(server.get("/healthz").await.status, 200);
    let metrics = get(at, "/metrics").await;
    assert!(metrics.body.contains("# HELP hotfix_"), "{}", metrics.body);
    for path in ["/healthz", "/readyz", "/webhook", "/"] {
        assert_eq!(get(at, path).await.status, 404, "{path}");
    }
    server.shutdown.cancel();
    server.task.await.unwrap();
}
