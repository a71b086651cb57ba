//! Apps from a manifest: what is taken, and what a code is worth.

use serde_json::{Value, json};

use super::Desk;
use crate::contract::find;

const HOUR: i64 = 3_600_000;

fn manifest() -> Value {
    json!({
        "name": "Hotfix Bot acme",
        "url": "https://h.example/",
        "hook_attributes": { "url": "https://h.example/webhook" },
        "redirect_url": "https://h.example/setup/created",
        "default_permissions": { "issues": "write", "contents": "write" },
        "default_events": ["issues", "push", "repository"],
    })
}

#[tokio::test]
async fn a_code_is_worth_the_credentials_once_and_for_an_hour() {
    let desk = Desk::new().await;
    let confirm = |name: &str| {
        let mut world = desk.sim.world();
        let owner = world.add_org("acme");
        let mut manifest = manifest();
        manifest["name"] = name.into();
        world.confirm_manifest(owner, &manifest).unwrap()
    };
    let convert = async |code: &str| {
        let url = format!("{}/app-manifests/{code}/conversions", desk.sim.api_url());
        let sent = desk.client.post(url).send().await.unwrap();
        let status = sent.status().as_u16();
        (status, sent.json::<Value>().await.unwrap())
    };
    let code = confirm("Hotfix Bot acme");
    let (status, app) = convert(&code).await;
    assert_eq!(status, 201, "{app}");
    for secret in ["client_secret", "webhook_secret", "pem"] {
        assert!(
            app[secret].as_str().is_some_and(|it| it.len() > 20),
            "{secret}"
        );
    }
    if let Some(contract) = find() {
        let found = contract.answer("apps/create-from-manifest", 201, &app);
        assert_eq!(found, [], "{app}");
    }
    assert_eq!(convert(&code).await.0, 404, "a code counts once");
    assert_eq!(convert("unknown").await.0, 404);
    let code = confirm("Another");
    let later = desk.sim.clock().now() + HOUR;
    desk.sim.clock().advance_to(later);
    assert_eq!(convert(&code).await.0, 404, "an hour is over");
    let world = desk.sim.world();
    let pings = world.deliveries.all.iter().filter(|it| it.event == "ping");
    assert_eq!(pings.count(), 2);
}

#[tokio::test]
async fn a_manifest_is_refused_for_what_github_refuses() {
    let desk = Desk::new().await;
    let mut world = desk.sim.world();
    let owner = world.add_org("acme");
    for (at, value, says) in [
        ("/name", json!("x".repeat(35)), "34 characters"),
        ("/url", Value::Null, "Homepage URL"),
        (
            "/hook_attributes/url",
            json!("http://localhost:3000/webhook"),
            "public Internet",
        ),
        ("/hook_attributes/url", Value::Null, "Hook URL"),
        (
            "/default_events",
            json!(["release", "status"]),
            "unsupported: status",
        ),
        ("/default_permissions/issues", json!("admin"), "permission"),
        ("/default_permissions/issues", Value::Null, "permission"),
    ] {
        let mut manifest = manifest();
        *manifest.pointer_mut(at).unwrap() = value;
        let refused = world.confirm_manifest(owner, &manifest).unwrap_err();
        assert!(refused.message.contains(says), "{at}: {}", refused.message);
    }
    world.confirm_manifest(owner, &manifest()).unwrap();
    let taken = world.confirm_manifest(owner, &manifest()).unwrap_err();
    assert!(taken.message.contains("already taken"), "{}", taken.message);
}
