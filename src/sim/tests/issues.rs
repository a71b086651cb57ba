use serde_json::{Value, json};

use super::{Desk, quiet};

#[tokio::test]
async fn labels_comments_and_reactions() {
    let desk = Desk::new().await;
    let rita = desk.person("rita");
    let issue = rita.open_issue("It crashes", "badly").unwrap();
    assert_eq!(rita.label(issue, "P0").unwrap_err().status, 403);
    desk.person("tri").label(issue, "p0").unwrap();
    let got = desk.get("/issues/1").await.is(200);
    assert_eq!(got["labels"][0]["name"], "P0");
    assert_eq!(got["user"]["login"], "rita");
    let labels = desk
        .post("/issues/1/labels", json!({ "labels": ["bug"] }))
        .await
        .is(200);
    assert_eq!(labels.as_array().unwrap().len(), 2);
    desk.call("DELETE", "/issues/1/labels/none", Value::Null)
        .await
        .is(404);
    assert_eq!(
        desk.call("DELETE", "/issues/1/labels/bug", Value::Null)
            .await
            .status,
        200
    );

    let made = desk
        .post(
            "/issues/1/comments",
            json!({ "body": "- [ ] one\n- [ ] two" }),
        )
        .await;
    let made = made.is(201);
    assert_eq!(made["user"]["login"], "hotfix[bot]");
    assert_eq!(made["user"]["type"], "Bot");
    assert_eq!(made["performed_via_github_app"]["slug"], "hotfix");
    let id = made["id"].as_u64().unwrap();
    assert_eq!(rita.tick_box(id, "two", true).unwrap_err().status, 403);
    desk.person("mia").tick_box(id, "two", true).unwrap();
    let now = desk.get(&format!("/issues/comments/{id}")).await.is(200);
    assert_eq!(now["body"], "- [ ] one\n- [x] two");
    let edited = {
        let world = desk.sim.world();
        let delivery = world.deliveries.all.last().unwrap();
        assert_eq!(
            (delivery.event.as_str(), delivery.action.as_deref()),
            ("issue_comment", Some("edited"))
        );
        serde_json::from_str::<Value>(&delivery.body).unwrap()
    };
    assert_eq!(edited["changes"]["body"]["from"], "- [ ] one\n- [ ] two");
    assert_eq!(edited["sender"]["login"], "mia");
    let path = format!("/issues/comments/{id}/reactions");
    assert_eq!(
        desk.post(&path, json!({ "content": "eyes" })).await.status,
        201
    );
    assert_eq!(
        desk.post(&path, json!({ "content": "eyes" })).await.status,
        200
    );
    desk.post(&path, json!({ "content": "wow" })).await.is(422);
    desk.post("/issues/1/comments", json!({ "body": "x".repeat(65_537) }))
        .await
        .says(422, "too long");
    desk.call(
        "PATCH",
        "/issues/1",
        json!({ "state": "closed", "state_reason": "completed" }),
    )
    .await
    .is(200);
    assert_eq!(desk.get("/issues?labels=P0").await.is(200), json!([]));
    let all = desk.get("/issues?labels=p0&state=closed").await.is(200);
    assert_eq!(all.as_array().unwrap().len(), 1);
    quiet(&desk.sim).await;
}

#[tokio::test]
async fn lists_come_in_pages() {
    let desk = Desk::new().await;
    let rita = desk.person("rita");
    let issue = rita.open_issue("It crashes", "badly").unwrap();
    for i in 0..205 {
        rita.comment(issue, &format!("comment {i}")).unwrap();
    }
    let first = desk.get("/issues/1/comments?per_page=500").await;
    let link = first.header("link").to_owned();
    assert!(link.contains("page=2>; rel=\"next\"") && link.contains("page=3>; rel=\"last\""));
    assert_eq!(first.is(200).as_array().unwrap().len(), 100);
    let last = desk.get("/issues/1/comments?per_page=100&page=3").await;
    assert!(!last.header("link").contains("rel=\"next\""));
    assert_eq!(last.is(200)[4]["body"], "comment 204");
    let default = desk.get("/issues/1/comments").await.is(200);
    assert_eq!(default.as_array().unwrap().len(), 30);
}

#[tokio::test]
async fn roles_show_as_github_shows_them() {
    let desk = Desk::new().await;
    for (login, permission, role) in [
        ("boss", "admin", "admin"),
        ("mia", "write", "maintain"),
        ("dev", "write", "write"),
        ("tri", "read", "triage"),
        ("rita", "read", "read"),
    ] {
        let got = desk
            .get(&format!("/collaborators/{login}/permission"))
            .await
            .is(200);
        assert_eq!(
            (&got["permission"], &got["role_name"]),
            (&json!(permission), &json!(role))
        );
    }
    desk.get("/collaborators/nobody/permission").await.is(404);
    let got = desk.get("/actions/nothing/of/the/kind").await;
    got.says(501, "does not serve");
    assert_eq!(desk.sim.world().log.unsupported.len(), 1);
}
