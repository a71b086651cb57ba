//! What a sender may cost.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use super::super::*;
use super::support::{Delivery, Server, events};

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
async fn who_is_idle_or_dribbles_keeps_nobody_out() {
    let limits = Limits {
        connections: 20,
        // Nobody loses a place by these.
        head_time: Duration::from_secs(3_600),
        body_time: Duration::from_secs(3_600),
        ..Limits::default()
    };
    let server = Server::start(limits).await;
    let mut held = Vec::new();
    for n in 0..50 {
        let mut silent = server.connect().await;
        let sent: &[u8] = match n % 3 {
            0 => b"",
            1 => b"POST /webhook HTTP/1.1\r\nHost: x\r\nX-",
            _ => b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{",
        };
        silent.write_all(sent).await.unwrap();
        held.push(silent);
    }
    for n in 0..5 {
        let honest = Delivery::json(&format!("d-{n}"), r#"{"keep":1}"#);
        assert_eq!(server.send(honest).await.status, 202);
    }
    drop(held);
}
