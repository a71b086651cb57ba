//! What is asked for once, and what is free of charge.

use super::*;

fn a_repository() -> serde_json::Value {
    json!({
        "id": 7, "name": "sample", "full_name": "acme/sample", "default_branch": "main",
        "private": false, "owner": {"login": "acme", "id": 1, "type": "Organization"},
    })
}

#[tokio::test]
async fn what_has_not_changed_is_not_told_again() {
    let (server, clock) = serving(|seen| {
        if seen.if_none_match == "\"1\"" {
            return noon(Response::builder().status(304).body("".into()).unwrap());
        }
        let mut answer = reply(200, a_repository());
        answer
            .headers_mut()
            .insert("etag", "\"1\"".parse().unwrap());
        answer
    })
    .await;
    let asked = |known: &str| {
        let seen = server.seen.lock().unwrap();
        let calls = seen.iter().filter(|s| !is_mint(s));
        calls.filter(|s| s.if_none_match == known).count()
    };
    let installation = server.client(&clock).installation(3);
    let repo = installation.clone().only(7).repo("acme", "sample");
    for _ in 0..3 {
        assert_eq!(repo.get().await.unwrap().default_branch, "main");
    }
    assert_eq!((asked(""), asked("\"1\"")), (1, 2));
    // Another repository of that name is not answered for.
    let other = installation.clone().only(8).repo("acme", "sample");
    other.get().await.unwrap();
    // Without an id nothing is remembered.
    installation.repo("acme", "sample").get().await.unwrap();
    assert_eq!((asked(""), asked("\"1\"")), (3, 2));
}

#[tokio::test]
async fn what_a_hash_names_is_asked_for_once() {
    let commit = json!({"sha": "x", "message": "m", "tree": {"sha": "t"}, "parents": []});
    let (server, clock) = serving(move |_| reply(200, commit.clone())).await;
    let repo = server.client(&clock).installation(3).only(7);
    let repo = repo.repo("acme", "sample");
    let hash = "0a".repeat(20);
    for _ in 0..3 {
        assert_eq!(repo.git_commit(&hash).await.unwrap().unwrap().message, "m");
    }
    repo.git_commit("main").await.unwrap();
    repo.git_commit("main").await.unwrap();
    let seen = server.seen.lock().unwrap();
    let asked = |name: &str| seen.iter().filter(|s| s.target.ends_with(name)).count();
    assert_eq!((asked(&hash), asked("main")), (1, 2));
}

#[tokio::test]
async fn many_files_are_read_at_once_and_only_what_is_proven_is_taken() {
    let oid = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0";
    let (server, clock) = serving(move |seen| {
        if seen.target == "/graphql" {
            let good = json!({"mode": 33188, "object": {"oid": oid, "text": "hello"}});
            let bad = json!({"mode": 33188, "object": {"oid": oid, "text": "other"}});
            let object = json!({"f0": good, "f1": bad, "f2": null});
            return reply(200, json!({"data": {"repository": {"object": object}}}));
        }
        reply(404, json!({"message": "Not Found"}))
    })
    .await;
    let repo = server.client(&clock).installation(3).only(7);
    let repo = repo.repo("acme", "sample");
    let at = "0a".repeat(20);
    repo.gather(&at, &["a", "b", "c"]).await;
    assert_eq!(repo.file("a", &at).await.unwrap().unwrap().bytes, b"hello");
    assert_eq!(repo.file("b", &at).await.unwrap(), None);
    assert_eq!(repo.file("c", &at).await.unwrap(), None);
    let targets = |part: &str| {
        let seen = server.seen.lock().unwrap();
        seen.iter().filter(|s| s.target.contains(part)).count()
    };
    assert_eq!((targets("graphql"), targets("contents")), (1, 2));
    // What a branch names may change, and one file needs no query.
    repo.gather("main", &["a", "b"]).await;
    repo.gather(&at, &["a", "b"]).await;
    assert_eq!(targets("graphql"), 1);
}

#[tokio::test]
async fn an_answer_that_is_none_is_not_remembered() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let (server, clock) = serving(move |_| {
        let strange = match count.fetch_add(1, Ordering::SeqCst) {
            0 => json!({"message": "hello"}),
            1 => json!([]),
            2 => json!({}),
            _ => json!({"sha": "x", "message": "m", "tree": {"sha": "t"}, "parents": []}),
        };
        let mut answer = reply(200, strange);
        answer
            .headers_mut()
            .insert("etag", "\"1\"".parse().unwrap());
        answer
    })
    .await;
    let repo = server.client(&clock).installation(3).only(7);
    let repo = repo.repo("acme", "sample");
    let hash = "0a".repeat(20);
    for _ in 0..3 {
        assert!(repo.git_commit(&hash).await.is_err());
    }
    assert_eq!(repo.git_commit(&hash).await.unwrap().unwrap().message, "m");
    repo.git_commit(&hash).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 4);
}
