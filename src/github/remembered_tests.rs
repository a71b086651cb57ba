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
async fn what_a_tag_names_that_was_just_made_is_not_asked_for() {
    let (tag, commit) = ("0a".repeat(20), "0b".repeat(20));
    let object = json!({"sha": tag, "tag": "v1", "object": {"sha": commit, "type": "commit"}});
    let (server, clock) = serving(move |_| reply(200, object.clone())).await;
    let installation = server.client(&clock).installation(3);
    let of = |id| installation.clone().only(id).repo("acme", "sample");
    let asked = || {
        let seen = server.seen.lock().unwrap();
        let path = format!("/git/tags/{tag}");
        seen.iter().filter(|s| s.target.ends_with(&path)).count()
    };
    of(7).create_tag("v1", "m", &commit).await.unwrap();
    let named = of(7).tagged(&tag).await.unwrap().unwrap();
    assert_eq!((named.sha, named.kind.as_str()), (commit, "commit"));
    assert_eq!(asked(), 0);
    // Of another repository nothing is known by it.
    of(8).tagged(&tag).await.unwrap();
    assert_eq!(asked(), 1);
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

#[tokio::test]
async fn what_was_asked_ahead_is_given_once_and_soon() {
    let (server, clock) = serving(|seen| match seen.target.contains("permission") {
        true => reply(404, json!({"message": "Not Found"})),
        false => reply(200, a_repository()),
    })
    .await;
    let repo = server.client(&clock).installation(3).only(7);
    let repo = repo.repo("acme", "sample");
    let asked = || {
        let seen = server.seen.lock().unwrap();
        seen.iter().filter(|s| !is_mint(s)).count()
    };
    repo.ahead().get().await.unwrap();
    assert_eq!(repo.ahead().permission("nobody").await.unwrap(), None);
    assert_eq!(asked(), 2);
    assert_eq!(repo.get().await.unwrap().id, 7);
    assert_eq!(repo.permission("nobody").await.unwrap(), None);
    assert_eq!(asked(), 2, "they were given");
    repo.get().await.unwrap();
    assert_eq!(asked(), 3, "once");
    repo.ahead().get().await.unwrap();
    clock.advance_to(clock.now() + 10_000);
    repo.get().await.unwrap();
    assert_eq!(asked(), 5, "and soon");
    repo.ahead().get().await.unwrap();
    let other = repo.installation().clone().only(8).repo("acme", "sample");
    other.get().await.unwrap();
    assert_eq!(asked(), 7, "of that repository");
}

/// What a look ahead is answered where the default branch has one file, `a`, and
/// what a tag names.
fn looked_ahead(at: &str, tree: &str) -> serde_json::Value {
    let blob = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0";
    let entries = json!([{"name": "a", "mode": 33188, "oid": blob}]);
    let commit = json!({
        "oid": at, "tree": {"oid": tree, "entries": entries},
        "f0": {"mode": 33188, "object": {"oid": blob, "text": "hello"}}, "f1": null, "d0": null,
    });
    let tag = json!({"oid": "0b".repeat(20), "target": {"__typename": "Commit", "oid": at}});
    json!({"data": {"repository": {
        "defaultBranchRef": {"target": commit}, "latestRelease": null,
        "newest": {"nodes": []}, "refs": {"nodes": [{"target": tag}, {"target": {"oid": at}}]},
    }}})
}

#[tokio::test]
async fn of_a_look_ahead_that_counts_which_hashes_prove() {
    let at = "0a".repeat(20);
    // `git mktree` of the file; and one that it is not.
    let (tree, other) = ("8917ce3833750c0f424a16966ef3391aafe880c1", "0c".repeat(20));
    for (tree, calls) in [(tree, 0), (other.as_str(), 4)] {
        let answer = looked_ahead(&at, tree);
        let (server, clock) = serving(move |seen| match seen.target == "/graphql" {
            true => reply(200, answer.clone()),
            false => reply(404, json!({"message": "Not Found"})),
        })
        .await;
        let repo = server.client(&clock).installation(3).only(7);
        let repo = repo.repo("acme", "sample");
        repo.look_ahead(&["a", "b/c"], "b").await;
        let file = repo.file("a", &at).await.unwrap();
        assert_eq!(file.is_some(), calls == 0, "a file with its hash");
        assert_eq!(repo.file("b/c", &at).await.unwrap(), None, "nothing there");
        assert_eq!(repo.dir("b", &at).await.unwrap(), None, "no such folder");
        assert_eq!(repo.tree_of(&at).await.unwrap().is_some(), calls == 0);
        let named = repo.tagged(&"0b".repeat(20)).await.unwrap().unwrap();
        assert_eq!(
            (named.kind.as_str(), named.sha.as_str()),
            ("commit", at.as_str())
        );
        let seen = server.seen.lock().unwrap();
        let asked = seen
            .iter()
            .filter(|s| !is_mint(s) && s.target != "/graphql");
        assert_eq!(asked.count(), calls, "{tree}");
    }
}

#[tokio::test]
async fn a_look_at_a_commit_brings_its_root_and_files() {
    let (at, tree) = ("0a".repeat(20), "8917ce3833750c0f424a16966ef3391aafe880c1");
    let commit = looked_ahead(&at, tree)["data"]["repository"]["defaultBranchRef"]["target"].take();
    let answer = json!({"data": {"repository": {"object": commit}}});
    let (server, clock) = serving(move |seen| match seen.target == "/graphql" {
        true => reply(200, answer.clone()),
        false => reply(404, json!({"message": "Not Found"})),
    })
    .await;
    let repo = server.client(&clock).installation(3).only(7);
    let repo = repo.repo("acme", "sample");
    let other = "0d".repeat(20);
    repo.look_at(&other, &["a", "b"]).await;
    assert_eq!(
        repo.dir("", &other).await.unwrap(),
        None,
        "of another commit"
    );
    repo.look_at(&at, &["a", "b"]).await;
    let root = repo.dir("", &at).await.unwrap().expect("a root");
    let [entry] = root.as_slice() else {
        panic!("{root:?}");
    };
    assert_eq!((entry.name.as_str(), entry.path.as_str()), ("a", "a"));
    assert!(repo.file("a", &at).await.unwrap().is_some());
    assert_eq!(repo.file("b", &at).await.unwrap(), None, "nothing there");
    let seen = server.seen.lock().unwrap();
    let asked = seen
        .iter()
        .filter(|s| !is_mint(s) && s.target != "/graphql");
    assert_eq!(asked.count(), 1, "the other commit's root");
}

/// What a look ahead tells of a repository, beside its files.
fn told_of(id: i64) -> serde_json::Value {
    let mut answer = looked_ahead(&"0a".repeat(20), "8917ce3833750c0f424a16966ef3391aafe880c1");
    let told = json!({
        "id": "R_7", "databaseId": id, "name": "sample", "nameWithOwner": "acme/sample",
        "url": "https://example.test/acme/sample", "isPrivate": false, "isArchived": false,
        "isDisabled": false, "isFork": false, "hasIssuesEnabled": true,
        "hasDiscussionsEnabled": false, "mergeCommitAllowed": false, "squashMergeAllowed": true,
        "rebaseMergeAllowed": true, "deleteBranchOnMerge": false,
        "owner": {"__typename": "Organization", "login": "acme", "databaseId": 5},
        "heads": {"totalCount": 101, "nodes": []},
        "pullRequests": {"nodes": [{"number": 3, "title": "A", "headRefName": "b"}]},
    });
    let repository = answer["data"]["repository"].as_object_mut().unwrap();
    repository.extend(told.as_object().unwrap().clone());
    repository["defaultBranchRef"]["name"] = "main".into();
    repository["refs"]["totalCount"] = 2.into();
    for (n, tag) in repository["refs"]["nodes"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .enumerate()
    {
        tag["name"] = format!("v{n}").into();
        tag["target"]["__typename"] = if n == 0 { "Tag" } else { "Commit" }.into();
    }
    answer
}

#[tokio::test]
async fn a_look_ahead_tells_of_its_own_repository_once_and_of_lists_all() {
    for (id, told) in [(7, true), (8, false)] {
        let answer = told_of(id);
        let (server, clock) = serving(move |seen| match seen.target.as_str() {
            "/graphql" => reply(200, answer.clone()),
            at if at.ends_with("/repos/acme/sample") => reply(200, a_repository()),
            _ => reply(200, json!([])),
        })
        .await;
        let repo = server.client(&clock).installation(3).only(7);
        let repo = repo.repo("acme", "sample");
        let asked = || {
            let seen = server.seen.lock().unwrap();
            let rest = seen
                .iter()
                .filter(|s| !is_mint(s) && s.target != "/graphql");
            rest.count()
        };
        let all = repo.look_ahead(&["a", "b/c"], "b").await;
        assert_eq!((all.repository, all.state, all.tags), (told, told, told));
        assert!(!all.heads, "there are more");
        if !told {
            continue;
        }
        let there = repo.get().await.unwrap();
        assert_eq!((there.id, there.full_name.as_str()), (7, "acme/sample"));
        assert_eq!((there.owner.id, there.allow_merge_commit), (5, Some(false)));
        assert_eq!(
            repo.branch_head("main").await.unwrap(),
            Some("0a".repeat(20))
        );
        assert_eq!(repo.latest_tag().await.unwrap(), None, "there is none");
        assert_eq!(repo.open_heads().await.unwrap()[0].head, "b");
        let tags = repo.matching_refs("tags").await.unwrap();
        let tags = tags
            .iter()
            .map(|it| (it.name.as_str(), it.object.kind.as_str()));
        let tags: Vec<_> = tags.collect();
        assert_eq!(tags, [("refs/tags/v0", "tag"), ("refs/tags/v1", "commit")]);
        assert_eq!(repo.node_id().await.unwrap().as_deref(), Some("R_7"));
        assert_eq!(asked(), 0);
        assert!(repo.matching_refs("heads").await.unwrap().is_empty());
        repo.get().await.unwrap();
        assert_eq!(asked(), 2, "once");
        repo.look_ahead(&["a", "b/c"], "b").await;
        clock.advance_to(clock.now() + 10_000);
        repo.get().await.unwrap();
        assert_eq!(asked(), 3, "and soon");
    }
}
