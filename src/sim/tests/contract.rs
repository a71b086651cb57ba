//! Answers held against GitHub's published description (`GITHUB_CONTRACT`).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{ALL, Desk, Got};
use crate::contract::{Contract, find};

/// An advisory.
const GHSA: &str = "GHSA-2f4g-5h6j-7m8p";

struct Held {
    contract: &'static Contract,
    found: Vec<String>,
    checked: usize,
}

impl Held {
    /// Holds the answer to the last call against its description.
    fn check(&mut self, desk: &Desk, got: &Got) {
        let operation = {
            let world = desk.sim.world();
            let last = world.log.calls.last();
            last.and_then(|c| c.operation.clone()).unwrap_or_default()
        };
        self.checked += 1;
        for (at, why) in self.contract.answer(&operation, got.status, &got.body) {
            // The description wants an account to be a user and an enterprise
            // at once here; GitHub's own example is a user too.
            if operation == "apps/list-installations" && at.ends_with("/account") {
                continue;
            }
            self.found
                .push(format!("{operation} {}: {at}: {why}", got.status));
        }
    }
}

#[tokio::test]
async fn answers_keep_to_github_s_description() {
    let Some(contract) = find() else {
        return;
    };
    let mut contract = Held {
        contract,
        found: Vec::new(),
        checked: 0,
    };
    let desk = Desk::with(&[ALL, &[("repository_advisories", "write")]].concat()).await;
    let boss = crate::sim::world::Who::person(desk.person("boss").id());
    let vulnerable = crate::sim::advisory::Vulnerability {
        ecosystem: "rust".into(),
        package: "caro".into(),
        ..Default::default()
    };
    let drafted = desk.sim.world().draft_advisory(
        desk.repo,
        (GHSA, "It leaks", "All of it."),
        vec![vulnerable],
        &boss,
    );
    drafted.unwrap();
    let jwt = desk.jwt(-60, 540);
    let head = desk.hotfix();
    desk.person("rita")
        .open_issue("It crashes", "badly")
        .unwrap();
    desk.person("mia").label(1, "P0").unwrap();
    let rule = crate::sim::world::BranchRule {
        ruleset: 1,
        branch: "main".into(),
        kind: "required_status_checks".into(),
        parameters: json!({
            "required_status_checks": [], "strict_required_status_checks_policy": false,
        }),
        bypass_apps: Default::default(),
    };
    let tags = crate::sim::world::BranchRule {
        ruleset: 2,
        branch: "refs/tags/w*".into(),
        kind: "creation".into(),
        parameters: Value::Null,
        bypass_apps: Default::default(),
    };
    desk.sim.world().add_rule(desk.repo, rule);
    desk.sim.world().add_rule(desk.repo, tags);
    if let Some(settings) = desk.sim.world().run_settings(desk.repo) {
        let takes = [("tag".to_owned(), "v*".to_owned())];
        settings.deploys.insert("crates-io".into(), takes.into());
        settings.protected.insert("crates-io".into(), Vec::new());
    }
    let tag = json!({ "tag": "x", "message": "m", "object": head, "type": "commit" });
    let draft = json!({ "title": "T", "head": "hotfix/v1.0.5", "base": "main", "draft": true });
    let new_ref = json!({ "ref": "refs/heads/y", "sha": desk.main });
    let tree = json!({ "base_tree": desk.main, "tree": [
        { "path": "a", "mode": "100644", "type": "blob", "content": "a" } ] });
    let none = Value::Null;
    let calls: Vec<(&str, String, Value)> = vec![
        ("GET", "".into(), none.clone()),
        ("GET", "/collaborators/mia/permission".into(), none.clone()),
        ("GET", "/collaborators".into(), none.clone()),
        ("GET", "/branches".into(), none.clone()),
        ("GET", "/branches/main".into(), none.clone()),
        ("GET", "/tags".into(), none.clone()),
        ("GET", "/rules/branches/main".into(), none.clone()),
        ("GET", "/rulesets".into(), none.clone()),
        ("GET", "/rulesets/1".into(), none.clone()),
        ("GET", "/rulesets/2".into(), none.clone()),
        ("GET", "/environments".into(), none.clone()),
        (
            "GET",
            "/environments/crates-io/deployment-branch-policies".into(),
            none.clone(),
        ),
        ("GET", "/immutable-releases".into(), none.clone()),
        ("GET", "/issues".into(), none.clone()),
        ("GET", "/issues/1".into(), none.clone()),
        ("GET", "/issues/99".into(), none.clone()),
        ("POST", "/issues".into(), json!({ "title": "another" })),
        ("PATCH", "/issues/2".into(), json!({ "state": "closed" })),
        ("GET", "/issues/1/events".into(), none.clone()),
        (
            "POST",
            "/issues/1/labels".into(),
            json!({ "labels": ["bug"] }),
        ),
        ("GET", "/issues/1/labels".into(), none.clone()),
        ("DELETE", "/issues/1/labels/bug".into(), none.clone()),
        ("GET", "/labels".into(), none.clone()),
        (
            "POST",
            "/labels".into(),
            json!({ "name": "new", "color": "ffffff" }),
        ),
        (
            "POST",
            "/labels".into(),
            json!({ "name": "new", "color": "ffffff" }),
        ),
        (
            "POST",
            "/issues/1/comments".into(),
            json!({ "body": "hello" }),
        ),
        ("GET", "/issues/1/comments".into(), none.clone()),
        (
            "PATCH",
            "/issues/comments/COMMENT".into(),
            json!({ "body": "changed" }),
        ),
        ("GET", "/issues/comments/COMMENT".into(), none.clone()),
        (
            "POST",
            "/issues/comments/COMMENT/reactions".into(),
            json!({ "content": "eyes" }),
        ),
        (
            "POST",
            "/issues/comments/COMMENT/reactions".into(),
            json!({ "content": "eyes" }),
        ),
        (
            "GET",
            "/issues/comments/COMMENT/reactions".into(),
            none.clone(),
        ),
        ("DELETE", "/issues/comments/COMMENT".into(), none.clone()),
        ("POST", "/git/refs".into(), new_ref.clone()),
        ("POST", "/git/refs".into(), new_ref),
        ("GET", "/git/ref/heads/y".into(), none.clone()),
        ("GET", "/git/matching-refs/tags/v".into(), none.clone()),
        (
            "PATCH",
            "/git/refs/heads/y".into(),
            json!({ "sha": desk.released, "force": true }),
        ),
        ("DELETE", "/git/refs/heads/y".into(), none.clone()),
        ("POST", "/git/tags".into(), tag),
        ("GET", "/git/tags/TAG".into(), none.clone()),
        ("GET", format!("/git/commits/{head}"), none.clone()),
        ("POST", "/git/trees".into(), tree),
        (
            "GET",
            format!("/git/trees/{head}?recursive=1"),
            none.clone(),
        ),
        ("POST", "/git/blobs".into(), json!({ "content": "x" })),
        ("GET", "/git/blobs/BLOB".into(), none.clone()),
        (
            "POST",
            "/git/commits".into(),
            json!({ "message": "m", "tree": "TREE", "parents": [] }),
        ),
        ("GET", "/contents/src/lib.rs".into(), none.clone()),
        ("GET", "/contents/src".into(), none.clone()),
        ("GET", "/contents/none".into(), none.clone()),
        ("GET", "/commits".into(), none.clone()),
        ("GET", format!("/commits/{head}"), none.clone()),
        ("GET", "/compare/main...hotfix/v1.0.5".into(), none.clone()),
        ("POST", "/pulls".into(), draft.clone()),
        ("POST", "/pulls".into(), draft),
        ("GET", "/pulls".into(), none.clone()),
        ("GET", "/pulls/3".into(), none.clone()),
        ("GET", "/pulls/3".into(), none.clone()),
        ("PATCH", "/pulls/3".into(), json!({ "title": "Other" })),
        ("GET", "/pulls/3/commits".into(), none.clone()),
        ("GET", "/pulls/3/files".into(), none.clone()),
        (
            "POST",
            "/pulls/3/reviews".into(),
            json!({ "event": "APPROVE" }),
        ),
        (
            "POST",
            "/pulls/3/reviews".into(),
            json!({ "event": "COMMENT", "body": "x" }),
        ),
        ("GET", "/pulls/3/reviews".into(), none.clone()),
        ("PUT", "/pulls/3/merge".into(), json!({})),
        ("READY", "".into(), none.clone()),
        ("PUT", "/pulls/3/merge".into(), json!({ "sha": desk.main })),
        ("PUT", "/pulls/3/merge".into(), json!({ "sha": head })),
        (
            "POST",
            "/merges".into(),
            json!({ "base": "main", "head": "hotfix/v1.0.5" }),
        ),
        ("GET", format!("/commits/{head}/pulls"), none.clone()),
        ("GET", format!("/security-advisories/{GHSA}"), none.clone()),
        (
            "PATCH",
            format!("/security-advisories/{GHSA}"),
            json!({ "state": "closed", "vulnerabilities": [{ "package": { "ecosystem": "rust" } }] }),
        ),
        (
            "PATCH",
            format!("/security-advisories/{GHSA}"),
            json!({ "state": "published" }),
        ),
        ("GET", "/security-advisories/GHSA-none".into(), none.clone()),
    ];
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    for (method, path, body) in calls {
        if method == "READY" {
            desk.person("mia").set_draft(3, false).unwrap();
            continue;
        }
        let fill = |text: String| ids.iter().fold(text, |t, (key, id)| t.replace(key, id));
        let body = serde_json::from_str(&fill(body.to_string())).unwrap();
        let made = path.clone();
        let got = desk.call(method, &fill(path), body).await;
        contract.check(&desk, &got);
        let sha = || got.body["sha"].as_str().unwrap_or("").to_owned();
        match (method, made.as_str()) {
            ("POST", "/issues/1/comments") => ids.insert("COMMENT", got.body["id"].to_string()),
            ("POST", "/git/tags") => ids.insert("TAG", sha()),
            ("POST", "/git/trees") => ids.insert("TREE", sha()),
            ("POST", "/git/blobs") => ids.insert("BLOB", sha()),
            _ => None,
        };
    }
    super::quiet(&desk.sim).await;
    for path in [
        "/app".to_owned(),
        "/app/installations".to_owned(),
        format!("/app/installations/{}", desk.installation),
        "/repos/acme/caro/installation".to_owned(),
        "/app/hook/deliveries".to_owned(),
        "/app/hook/config".to_owned(),
    ] {
        let got = desk.send("GET", &path, &jwt, None).await.unwrap();
        contract.check(&desk, &got);
    }
    let list = desk
        .send("GET", "/app/hook/deliveries", &jwt, None)
        .await
        .unwrap()
        .is(200);
    let path = format!("/app/hook/deliveries/{}", list[0]["id"]);
    let got = desk.send("GET", &path, &jwt, None).await.unwrap();
    contract.check(&desk, &got);
    let path = format!("/app/installations/{}/access_tokens", desk.installation);
    let narrow = json!({ "repositories": ["caro"] });
    let got = desk.send("POST", &path, &jwt, Some(narrow)).await.unwrap();
    contract.check(&desk, &got);
    for path in [
        "/rate_limit",
        "/users/mia",
        "/apps/hotfix",
        "/installation/repositories",
    ] {
        let got = desk.send("GET", path, &desk.token, None).await.unwrap();
        contract.check(&desk, &got);
    }
    let (count, found) = (contract.checked, contract.found.join("\n"));
    assert!(count > 60, "only {count} answers were checked");
    assert_eq!(found, "");
}
