use serde_json::{Value, json};

use super::Desk;
use crate::sim::Verdict;

const NEW: &str = "/pulls";

fn draft() -> Value {
    json!({ "title": "Hotfix", "head": "hotfix/v1.0.5", "base": "main", "draft": true,
            "body": "Fixes #1" })
}

#[tokio::test]
async fn a_pull_request_from_draft_to_merged() {
    let desk = Desk::new().await;
    let issue = desk
        .person("rita")
        .open_issue("It crashes", "badly")
        .unwrap();
    assert_eq!(issue, 1);
    desk.person("dev")
        .create_branch("hotfix/v1.0.5", &desk.released)
        .unwrap();
    desk.post(NEW, draft())
        .await
        .says(422, "No commits between main and hotfix/v1.0.5");
    let dev = desk.person("dev");
    let head = dev
        .push_commit("hotfix/v1.0.5", "Fix\n", &[("src/lib.rs", Some("two\n"))])
        .unwrap();
    let made = desk.post(NEW, draft()).await.is(201);
    assert_eq!(made["draft"], true);
    desk.post(NEW, draft())
        .await
        .says(422, "A pull request already exists for acme:hotfix/v1.0.5");
    let path = format!("/pulls/{}", made["number"]);
    let merge = format!("{path}/merge");

    let first = desk.get(&path).await.is(200);
    assert_eq!(first["mergeable"], Value::Null);
    let second = desk.get(&path).await.is(200);
    assert_eq!(second["mergeable"], true);
    assert_eq!(second["mergeable_state"], "draft");
    assert_eq!(
        (&second["commits"], &second["changed_files"]),
        (&json!(1), &json!(1))
    );
    desk.call("PUT", &merge, json!({ "sha": head }))
        .await
        .says(405, "draft");

    let id = made["node_id"].clone();
    let ready = "mutation Ready($id: ID!) { markPullRequestReadyForReview(input: \
        { pullRequestId: $id }) { pullRequest { isDraft number headRefOid } } }";
    let got = desk.graphql(ready, json!({ "id": id })).await;
    assert_eq!(
        got["data"]["markPullRequestReadyForReview"]["pullRequest"],
        json!({ "isDraft": false, "number": 2, "headRefOid": head }),
    );
    desk.call("PUT", &merge, json!({ "sha": desk.main }))
        .await
        .says(409, "Head branch was modified");
    let merged = desk
        .call("PUT", &merge, json!({ "sha": head }))
        .await
        .is(200);
    let sha = merged["sha"].as_str().unwrap();
    let commit = desk.get(&format!("/git/commits/{sha}")).await.is(200);
    assert_eq!(commit["parents"][0]["sha"], desk.main.as_str());
    assert_eq!(commit["parents"][1]["sha"], head.as_str());
    assert_eq!(
        commit["message"],
        "Merge pull request #2 from acme/hotfix/v1.0.5\n\nHotfix"
    );
    let after = desk.get(&path).await.is(200);
    assert_eq!(
        (&after["merged"], &after["state"]),
        (&json!(true), &json!("closed"))
    );
    assert_eq!(after["merge_commit_sha"], sha);
    desk.call("PUT", &merge, json!({}))
        .await
        .says(405, "not mergeable");
    assert_eq!(desk.get(&merge).await.status, 204);
    let issue = desk.get("/issues/1").await.is(200);
    assert_eq!(
        (&issue["state"], &issue["state_reason"]),
        (&json!("closed"), &json!("completed"))
    );
    let list = desk
        .get("/pulls?state=all&head=acme:hotfix/v1.0.5&base=main")
        .await
        .is(200);
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(
        desk.get("/pulls?head=acme:hotfix/v1.0.5").await.is(200),
        json!([])
    );
    let commits = desk.get(&format!("{path}/commits")).await.is(200);
    assert_eq!(commits[0]["sha"], head.as_str());
    let files = desk.get(&format!("{path}/files")).await.is(200);
    assert_eq!(files[0]["filename"], "src/lib.rs");
}

#[tokio::test]
async fn a_conflict_is_not_mergeable_until_the_head_moves() {
    let desk = Desk::new().await;
    let head = desk.hotfix();
    let dev = desk.person("dev");
    dev.push_commit("main", "Clash\n", &[("src/lib.rs", Some("three\n"))])
        .unwrap();
    let number = desk.post(NEW, draft()).await.is(201)["number"].clone();
    desk.person("dev")
        .set_draft(number.as_u64().unwrap(), false)
        .unwrap();
    let path = format!("/pulls/{number}");
    assert_eq!(desk.get(&path).await.is(200)["mergeable"], Value::Null);
    let got = desk.get(&path).await.is(200);
    assert_eq!(
        (&got["mergeable"], &got["mergeable_state"]),
        (&json!(false), &json!("dirty"))
    );
    let merge = format!("{path}/merge");
    desk.call("PUT", &merge, json!({ "sha": head }))
        .await
        .says(405, "not mergeable");
    let merges = json!({ "base": "main", "head": "hotfix/v1.0.5" });
    desk.post("/merges", merges)
        .await
        .says(409, "Merge conflict");
    dev.push_commit(
        "hotfix/v1.0.5",
        "Agree\n",
        &[("src/lib.rs", Some("three\n"))],
    )
    .unwrap();
    assert_eq!(desk.get(&path).await.is(200)["mergeable"], Value::Null);
    assert_eq!(desk.get(&path).await.is(200)["mergeable"], true);
}

#[tokio::test]
async fn squash_and_rebase_make_the_commits_they_should() {
    for (method, message) in [("squash", "Hotfix (#1)\n\n* Fix"), ("rebase", "Fix\n")] {
        let desk = Desk::new().await;
        desk.hotfix();
        let new = json!({ "title": "Hotfix", "head": "hotfix/v1.0.5", "base": "main" });
        desk.post(NEW, new).await.is(201);
        let merge = json!({ "merge_method": method });
        let sha = desk.call("PUT", "/pulls/1/merge", merge).await.is(200)["sha"].clone();
        let commit = desk
            .get(&format!("/git/commits/{}", sha.as_str().unwrap()))
            .await
            .is(200);
        assert_eq!(commit["message"], message);
        assert_eq!(commit["parents"].as_array().unwrap().len(), 1);
        assert_eq!(commit["parents"][0]["sha"], desk.main.as_str());
    }
}

#[tokio::test]
async fn reviews_and_rules_guard_the_merge() {
    let desk = Desk::new().await;
    desk.hotfix();
    let rule = crate::sim::world::BranchRule {
        ruleset: 1,
        branch: "main".into(),
        kind: "pull_request".into(),
        parameters: json!({
            "required_approving_review_count": 1, "dismiss_stale_reviews_on_push": true,
        }),
        bypass_apps: Default::default(),
    };
    desk.sim.world().add_rule(desk.repo, rule);
    let rules = desk.get("/rules/branches/main").await.is(200);
    assert_eq!(rules[0]["type"], "pull_request");
    assert_eq!(
        desk.get("/rules/branches/none/yet").await.is(200),
        json!([])
    );
    let new = json!({ "title": "Hotfix", "head": "hotfix/v1.0.5", "base": "main" });
    desk.post(NEW, new).await.is(201);
    let merge = "/pulls/1/merge";
    desk.call("PUT", merge, json!({}))
        .await
        .says(405, "1 approving review is required");
    let own = json!({ "event": "APPROVE" });
    desk.post("/pulls/1/reviews", own)
        .await
        .says(422, "Can not approve your own pull request");
    desk.person("rita").review(1, Verdict::Approve, "").unwrap();
    desk.call("PUT", merge, json!({}))
        .await
        .says(405, "by reviewers with write access");
    desk.person("mia")
        .review(1, Verdict::Approve, "fine")
        .unwrap();
    let dev = desk.person("dev");
    dev.push_commit("hotfix/v1.0.5", "More\n", &[("src/lib.rs", Some("2\n"))])
        .unwrap();
    let reviews = desk.get("/pulls/1/reviews").await.is(200);
    assert_eq!(reviews[1]["state"], "DISMISSED");
    desk.call("PUT", merge, json!({}))
        .await
        .says(405, "approving review");
    desk.person("mia")
        .review(1, Verdict::Approve, "again")
        .unwrap();
    desk.call("PUT", merge, json!({})).await.is(200);
}

#[tokio::test]
async fn a_deleted_branch_takes_its_pull_request_along() {
    let desk = Desk::new().await;
    desk.hotfix();
    desk.post(NEW, draft()).await.is(201);
    desk.person("dev").delete_branch("hotfix/v1.0.5").unwrap();
    let pull = desk.get("/pulls/1").await.is(200);
    assert_eq!(
        (&pull["state"], &pull["merged"]),
        (&json!("closed"), &json!(false))
    );
    desk.call("PATCH", "/pulls/1", json!({ "state": "open" }))
        .await
        .says(422, "deleted");
}

#[tokio::test]
async fn commits_pushed_to_the_base_by_hand_merge_the_pull_request() {
    let desk = Desk::new().await;
    let head = desk.hotfix();
    desk.post(NEW, draft()).await.is(201);
    let merges = json!({ "base": "main", "head": "hotfix/v1.0.5" });
    let sha = desk.post("/merges", merges.clone()).await.is(201)["sha"].clone();
    assert_eq!(desk.post("/merges", merges).await.status, 204);
    let pull = desk.get("/pulls/1").await.is(200);
    assert_eq!(
        (&pull["merged"], &pull["merge_commit_sha"]),
        (&json!(true), &sha)
    );
    assert_eq!(pull["head"]["sha"], head.as_str());
}
