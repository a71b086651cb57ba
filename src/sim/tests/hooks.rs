use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{Desk, Receiver, SECRET, quiet};
use crate::sim::{DeliveryOrder, FaultPlan, FaultWhen};

#[tokio::test]
async fn deliveries_are_signed_and_recorded() {
    let desk = Desk::new().await;
    let receiver = Receiver::new().await;
    desk.sim.set_webhook(Some(receiver.url.clone()));
    let before = desk.sim.activity();
    let issue = desk
        .person("rita")
        .open_issue("It crashes", "badly")
        .unwrap();
    assert!(!desk.sim.is_quiet());
    desk.person("mia").label(issue, "P0").unwrap();
    quiet(&desk.sim).await;
    assert!(desk.sim.activity() > before);
    let got = receiver.got.lock().unwrap().clone();
    assert_eq!(got.len(), 2);
    let (headers, body) = &got[1];
    assert_eq!(headers["x-github-event"], "issues");
    assert_eq!(
        headers["x-github-hook-installation-target-type"],
        "integration"
    );
    assert_eq!(
        headers["x-github-hook-installation-target-id"],
        desk.app.to_string()
    );
    assert_eq!(headers["content-type"], "application/json");
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body);
    let sum = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    assert_eq!(headers["x-hub-signature-256"], sum);
    let payload: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(payload["action"], "labeled");
    assert_eq!(payload["label"]["name"], "P0");
    assert_eq!(payload["installation"]["id"], desk.installation);
    assert_eq!(payload["sender"]["login"], "mia");
    assert_eq!(payload["repository"]["full_name"], "acme/caro");
    assert_eq!(payload["organization"]["login"], "acme");

    desk.sim.set_webhook(None);
    desk.post("/issues/1/comments", json!({ "body": "hello" }))
        .await
        .is(201);
    quiet(&desk.sim).await;
    let jwt = desk.jwt(-60, 540);
    let path = "/app/hook/deliveries?per_page=1";
    let list = desk.send("GET", path, &jwt, None).await.unwrap();
    assert!(list.header("link").contains("cursor=v1_"));
    let list = list.is(200);
    assert_eq!(
        (&list[0]["event"], &list[0]["status_code"]),
        (&json!("issue_comment"), &json!(0))
    );
    assert_ne!(list[0]["status"], "OK");
    desk.sim.set_webhook(Some(receiver.url.clone()));
    let path = format!("/app/hook/deliveries/{}/attempts", list[0]["id"]);
    desk.send("POST", &path, &jwt, None).await.unwrap().is(202);
    quiet(&desk.sim).await;
    let got = receiver.got.lock().unwrap().clone();
    assert_eq!(
        got[2].0["x-github-delivery"],
        list[0]["guid"].as_str().unwrap()
    );
    let list = desk
        .send("GET", "/app/hook/deliveries", &jwt, None)
        .await
        .unwrap()
        .is(200);
    assert_eq!(
        (&list[0]["redelivery"], &list[0]["status"]),
        (&json!(true), &json!("OK"))
    );
}

#[tokio::test]
async fn deliveries_come_in_any_order() {
    for (order, count, sent) in [
        (DeliveryOrder::Twice, 20, 20),
        (DeliveryOrder::DropEvery(5), 8, 8),
        (DeliveryOrder::Shuffled(7), 10, 10),
    ] {
        let desk = Desk::new().await;
        let receiver = Receiver::new().await;
        desk.sim.set_webhook(Some(receiver.url.clone()));
        desk.sim.world().deliveries.order = order;
        let rita = desk.person("rita");
        for i in 0..10 {
            rita.open_issue(&format!("issue {i}"), "").unwrap();
        }
        quiet(&desk.sim).await;
        let guids: Vec<String> = receiver
            .got
            .lock()
            .unwrap()
            .iter()
            .map(|(h, _)| h["x-github-delivery"].to_str().unwrap().to_owned())
            .collect();
        assert_eq!(guids.len(), count, "{order:?}");
        assert_eq!(desk.sim.world().deliveries.sent, sent);
        let mut sorted = guids.clone();
        sorted.sort();
        assert_eq!(
            guids == sorted,
            !matches!(order, DeliveryOrder::Shuffled(_))
        );
    }
}

#[tokio::test]
async fn a_late_delivery_is_due_on_the_clock() {
    let desk = Desk::new().await;
    let receiver = Receiver::new().await;
    desk.sim.set_webhook(Some(receiver.url.clone()));
    desk.sim.world().deliveries.delay_ms = 60_000;
    desk.person("rita").open_issue("It crashes", "").unwrap();
    assert!(desk.sim.is_quiet());
    let due = desk.sim.next_due().unwrap();
    desk.sim.clock().advance_to(due);
    desk.sim.tick();
    assert!(!desk.sim.is_quiet());
    quiet(&desk.sim).await;
    assert_eq!(receiver.got.lock().unwrap().len(), 1);
    assert_eq!(desk.sim.next_due(), None);
}

#[tokio::test]
async fn faults_strike_before_and_after_a_write() {
    for (when, made) in [(FaultWhen::Before, false), (FaultWhen::After, true)] {
        let desk = Desk::new().await;
        desk.person("rita").open_issue("It crashes", "").unwrap();
        desk.post("/issues/1/comments", json!({ "body": "first" }))
            .await
            .is(201);
        assert_eq!(desk.sim.writes_seen(), 1);
        desk.sim.plan_fault(Some(FaultPlan { at: 1, when }));
        let path = "/repos/acme/caro/issues/1/comments";
        let body = Some(json!({ "body": "second" }));
        let write = desk.send("POST", path, &desk.token, body);
        let read = async {
            let strike = desk.sim.fault_struck().await.unwrap();
            assert_eq!(strike.operation, "issues/create-comment");
            // Whatever comes now belongs to the dead: it waits and is cut.
            let late = desk.send("GET", "/repos/acme/caro", &desk.token, None);
            let release = async {
                assert!(!desk.sim.is_quiet());
                desk.sim.release_fault();
            };
            tokio::join!(late, release).0
        };
        let (write, _) = tokio::join!(write, read);
        assert!(write.is_err());
        quiet(&desk.sim).await;
        let list = desk.get("/issues/1/comments").await.is(200);
        assert_eq!(list.as_array().unwrap().len(), if made { 2 } else { 1 });
        assert_eq!(desk.sim.writes_seen(), 2);
    }
}
