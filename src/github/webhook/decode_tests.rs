//! Minimal and odd payloads, and GitHub's own samples where they are at hand.

use serde_json::json;

use super::*;

fn read(event: &str, payload: Value) -> Delivery {
    decode(event, payload.to_string().as_bytes()).unwrap()
}

#[test]
fn a_label_on_an_issue() {
    let payload = json!({
        "action": "labeled",
        "issue": {
            "id": 1, "number": 42, "title": "Crash", "state": "open", "body": null,
            "labels": [{"id": 5, "name": "P0", "color": "f00"}, "bug"],
            "user": {"login": "reporter", "id": 9, "type": "User"},
            "created_at": "2024-01-02T03:04:05Z", "closed_at": null
        },
        "label": {"name": "P0"},
        "repository": {
            "id": 7, "name": "sample", "full_name": "acme/sample", "private": false,
            "owner": {"login": "acme"}, "default_branch": "main",
            "html_url": "https://example.test/acme/sample", "created_at": 1
        },
        "installation": {"id": 3},
        "sender": {"login": "maintainer", "id": 10, "type": "User"}
    });
    let delivery = read("issues", payload.clone());
    assert_eq!(delivery.number(), Some(42));
    assert_eq!(delivery.installation_id, Some(3));
    assert_eq!(delivery.sender.as_ref().unwrap().kind, "User");
    let repo = delivery.repo.as_ref().unwrap();
    assert_eq!((repo.id, repo.owner.as_str()), (7, "acme"));
    let What::IssueLabeled { issue, label } = &delivery.what else {
        panic!("{:?}", delivery.what);
    };
    assert_eq!(label, "P0");
    assert_eq!(issue.created_at, Some(1_704_164_645_000));
    assert!(issue.has_label("p0") && issue.has_label("bug"));

    let stored = serde_json::to_string(&delivery).unwrap();
    assert_eq!(
        serde_json::from_str::<Delivery>(&stored).unwrap(),
        delivery,
        "what is stored reads back the same"
    );
    assert_eq!(
        envelope(payload.to_string().as_bytes()).unwrap(),
        Envelope {
            action: Some("labeled".into()),
            repo_id: Some(7),
            repo: Some("acme/sample".into()),
            installation_id: Some(3),
            number: Some(42),
            label: Some("P0".into()),
        }
    );
}

#[test]
fn a_comment_and_its_edit() {
    let comment = json!({"id": 5, "body": "- [x] done", "user": {"login": "m", "id": 1}});
    let edited = read(
        "issue_comment",
        json!({
            "action": "edited", "issue": {"number": 1, "pull_request": {"url": "x"}},
            "comment": comment, "changes": {"body": {"from": "- [ ] done"}},
        }),
    );
    let What::CommentEdited {
        is_pull,
        before,
        comment,
        ..
    } = edited.what
    else {
        panic!("{:?}", edited.what);
    };
    assert!(is_pull);
    assert_eq!(before.as_deref(), Some("- [ ] done"));
    assert_eq!(comment.user.unwrap().login, "m");
}

#[test]
fn a_review_speaks_as_the_api_does() {
    let review = read(
        "pull_request_review",
        json!({
            "action": "submitted",
            "review": {"id": 1, "state": "approved", "commit_id": "abc", "user": null},
            "pull_request": {"number": 8, "head": {"ref": "hotfix/v1.0.5", "sha": "abc"}},
        }),
    );
    let What::Review { review, pull, .. } = review.what else {
        panic!("{:?}", review.what);
    };
    assert_eq!((review.state.as_str(), review.user), ("APPROVED", None));
    assert_eq!(pull.head.name, "hotfix/v1.0.5");
}

#[test]
fn the_short_way_reads_what_the_long_one_does() {
    let issue = json!({
        "id": 1, "node_id": "x", "number": 42, "title": "Crash \u{e9}", "state": "closed",
        "state_reason": "completed", "body": "long", "locked": true,
        "labels": [{"id": 5, "name": "P0"}, "bug"], "user": {"login": "r", "id": 9, "type": "User"},
        "created_at": "2024-01-02T03:04:05Z", "updated_at": "2024-01-02T03:04:06Z",
        "closed_at": null, "closed_by": {"login": "m", "id": 3, "type": "User"}, "html_url": "h",
    });
    let repository = json!({
        "id": 7, "name": "sample", "private": true, "owner": {"login": "acme"},
        "default_branch": "main", "html_url": "https://example.test/acme/sample"
    });
    let comment = json!({
        "id": 5, "body": "/hotfix hold", "user": null, "created_at": "2024-01-02T03:04:05Z",
        "updated_at": "2024-01-02T03:04:05Z", "node_id": "n", "html_url": "u",
        "performed_via_github_app": {"id": 1, "slug": "x"}
    });
    let sender = json!({"login": "m", "id": 3, "type": "Bot"});
    let mut pull = issue.clone();
    pull["pull_request"] = json!({"url": "x"});
    for (event, actions) in [
        (
            "issues",
            &[
                "labeled",
                "unlabeled",
                "opened",
                "edited",
                "closed",
                "reopened",
                "deleted",
            ][..],
        ),
        ("issue_comment", &["created", "edited", "deleted"][..]),
    ] {
        for action in actions {
            for issue in [&issue, &pull] {
                let payload = json!({
                    "action": action, "issue": issue, "comment": comment, "label": {"name": "P0"},
                    "repository": repository, "installation": {"id": 3}, "sender": sender,
                    "changes": {"body": {"from": "before"}},
                });
                let body = payload.to_string();
                let short = words::read(event, body.as_bytes()).expect(action);
                let long = decode(event, body.as_bytes()).unwrap().trimmed();
                assert_eq!(short, long, "{event} {action}");
                let stored = serde_json::to_string(&short).unwrap();
                assert!(stored.len() < 1_100, "{stored}");
                assert_eq!(serde_json::from_str::<Delivery>(&stored).unwrap(), short);
            }
        }
    }
    // Another shape takes the long way.
    for odd in [
        json!({"action": "labeled"}),
        json!({"action": 5, "issue": issue, "repository": repository}),
        json!({"action": "labeled", "issue": {"number": "1"}, "repository": repository}),
        json!({"action": "invented", "issue": issue, "repository": repository}),
    ] {
        let body = odd.to_string();
        assert_eq!(words::read("issues", body.as_bytes()), None, "{odd}");
        let long = decode("issues", body.as_bytes()).unwrap();
        assert_eq!(
            super::read("issues", body.as_bytes()).unwrap(),
            long.trimmed()
        );
    }
}

#[test]
fn odd_payloads_are_other_not_errors() {
    for (event, payload) in [
        ("issues", json!({})),
        (
            "issues",
            json!({"action": "exploded", "issue": {"number": 1}}),
        ),
        (
            "issues",
            json!({"action": "labeled", "issue": {"number": 1}}),
        ),
        (
            "issues",
            json!({"action": "opened", "issue": {"number": "one"}}),
        ),
        (
            "issue_comment",
            json!({"action": "created", "issue": {"number": 1}}),
        ),
        ("pull_request", json!({"action": 5, "pull_request": []})),
        ("push", json!({"ref": null})),
        ("invented_tomorrow", json!({"action": "x"})),
        (
            "workflow_run",
            json!({"repository": "text", "workflow_run": null}),
        ),
    ] {
        let delivery = read(event, payload.clone());
        assert_eq!(delivery.what, What::Other, "{event} {payload}");
        envelope(payload.to_string().as_bytes()).unwrap();
    }
    for body in ["", "[]", "\"x\"", "{", "null"] {
        assert_eq!(decode("push", body.as_bytes()), Err(NotADelivery), "{body}");
        assert_eq!(envelope(body.as_bytes()), Err(NotADelivery), "{body}");
    }
    let odd = br#"{"repository": {"id": "x", "full_name": "a/b"}, "issue": {"number": 4}}"#;
    let envelope = envelope(odd).unwrap();
    assert_eq!(envelope.number, Some(4));
    assert_eq!(
        (envelope.repo_id, envelope.repo.as_deref()),
        (None, Some("a/b"))
    );
}

/// GitHub's own samples, if the variable names the unpacked npm package
/// `@octokit/webhooks-examples`.
#[test]
fn githubs_samples_decode() {
    let Some(folder) = std::env::var_os("GITHUB_WEBHOOK_EXAMPLES").filter(|v| !v.is_empty()) else {
        println!("LEFT OUT: GITHUB_WEBHOOK_EXAMPLES is not set");
        return;
    };
    let file = std::path::Path::new(&folder).join("api.github.com/index.json");
    let index: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let mut read = 0;
    for entry in index.as_array().unwrap() {
        let event = entry["name"].as_str().unwrap();
        for sample in entry["examples"].as_array().unwrap() {
            let body = sample.to_string();
            let delivery = decode(event, body.as_bytes()).unwrap();
            let short = super::read(event, body.as_bytes()).unwrap();
            assert_eq!(short, delivery.clone().trimmed(), "{event}");
            let envelope = envelope(body.as_bytes()).unwrap();
            assert_eq!(
                delivery.repo.as_ref().map(|r| r.id),
                envelope.repo_id,
                "{event}"
            );
            if let Some(number) = delivery.number() {
                assert_eq!(envelope.number, Some(number), "{event}");
            }
            let action = delivery.action.as_deref().unwrap_or_default();
            let unused = event == "issues"
                && !matches!(
                    action,
                    "labeled"
                        | "unlabeled"
                        | "opened"
                        | "edited"
                        | "closed"
                        | "reopened"
                        | "deleted"
                        | "transferred"
                );
            assert_eq!(
                delivery.what == What::Other,
                unused || !relevant(event),
                "{event} {action}"
            );
            read += 1;
        }
    }
    println!("{read} samples");
}

#[test]
fn what_the_app_asks_to_be_told_is_listened_to() {
    for event in crate::domain::text::EVENTS {
        assert!(relevant(event.name), "{}", event.name);
    }
    // These come unasked.
    for event in ["installation", "installation_repositories", "ping"] {
        assert!(relevant(event));
    }
    assert!(!relevant("label"));
}
