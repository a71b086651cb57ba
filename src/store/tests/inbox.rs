use super::*;

fn delivery(id: &str, at: i64) -> NewDelivery {
    NewDelivery {
        delivery_id: id.into(),
        event: "issues".into(),
        repo_id: Some(REPO),
        body: r#"{"action":"labeled"}"#.into(),
        received_at: at,
        fetched: false,
    }
}

async fn pending(store: &Store, now: i64) -> Vec<String> {
    let rows = store.pending_deliveries(now, 100).await.unwrap();
    rows.into_iter().map(|d| d.delivery_id).collect()
}

#[tokio::test]
async fn a_batch_is_one_commit_and_each_delivery_is_answered() {
    let store = store().await;
    let batch = [delivery("a", 5), delivery("b", 5), delivery("a", 6)];
    assert_eq!(
        store.put_deliveries(&batch).await.unwrap(),
        [Put::Stored, Put::Stored, Put::Duplicate]
    );
    assert_eq!(
        store.put_deliveries(&batch[..1]).await.unwrap(),
        [Put::Duplicate]
    );
    assert_eq!(pending(&store, 5).await, ["a", "b"]);
    assert_eq!(store.put_deliveries(&[]).await.unwrap(), []);
}

#[tokio::test]
async fn what_was_said_before_is_a_replay_whatever_its_id_and_its_bytes() {
    let store = store().await;
    let said = |id: &str, body: &str, at| NewDelivery {
        body: body.into(),
        ..delivery(id, at)
    };
    let put = async |new: NewDelivery| store.put_deliveries(&[new]).await.unwrap()[0];
    let body = r#"{"action":"labeled","issue":{"number":1}}"#;
    assert_eq!(put(said("a", body, 5)).await, Put::Stored);
    // Two of one second are two events, and GitHub's own retry is known by its id.
    assert_eq!(put(said("b", body, 900)).await, Put::Stored);
    assert_eq!(put(said("a", body, 90_000)).await, Put::Duplicate);
    let other = r#"{"issue": {"number": 1}, "action": "labeled"}"#;
    for (id, body) in [("c", body), ("d", other)] {
        assert_eq!(put(said(id, body, 90_000)).await, Put::Duplicate, "{id}");
        assert!(!store.has_delivery(id).await.unwrap());
    }
    let new = said("e", body, 90_000);
    let of_another_event = NewDelivery {
        event: "issue_comment".into(),
        ..new
    };
    assert_eq!(put(of_another_event).await, Put::Stored);
    assert_eq!(put(said("f", "{}", 90_000)).await, Put::Stored);
}

#[tokio::test]
async fn waiting_for_deliveries_is_no_polling() {
    let store = store().await;
    let mut changes = store.inbox_changes();
    store.put_deliveries(&[delivery("a", 5)]).await.unwrap();
    changes.changed().await.unwrap();
    store.put_deliveries(&[delivery("a", 5)]).await.unwrap();
    assert!(!changes.has_changed().unwrap(), "a duplicate is no news");
}

#[tokio::test]
async fn a_failed_delivery_is_tried_again_and_at_last_set_aside() {
    let store = store().await;
    store
        .put_deliveries(&[delivery("a", 5), delivery("b", 5)])
        .await
        .unwrap();
    let id = store.pending_deliveries(5, 1).await.unwrap()[0].id;

    store
        .delivery_failed(id, "busy", Some(50), 6)
        .await
        .unwrap();
    assert_eq!(pending(&store, 49).await, ["b"], "the queue goes on");
    assert_eq!(pending(&store, 50).await, ["a", "b"]);

    store.delivery_failed(id, "panic", None, 51).await.unwrap();
    assert_eq!(pending(&store, 99).await, ["b"]);
    let row = store.delivery(id).await.unwrap().unwrap();
    assert_eq!((row.state, row.tries), (DeliveryState::Dead, 2));
    assert_eq!(row.error.as_deref(), Some("panic"));
    assert_eq!(store.inbox_counts().await.unwrap(), (1, 1));

    // A person delivers it again.
    assert_eq!(
        store.put_deliveries(&[delivery("a", 60)]).await.unwrap(),
        [Put::Stored]
    );
    assert_eq!(pending(&store, 60).await, ["a", "b"]);
}

#[tokio::test]
async fn a_delivery_is_closed_once_and_only_with_its_transaction() {
    let store = store().await;
    store.put_deliveries(&[delivery("a", 5)]).await.unwrap();
    let id = store.pending_deliveries(5, 1).await.unwrap()[0].id;

    let mut tx = store.begin().await.unwrap();
    assert!(tx.close_delivery(id, "applied", 6).await.unwrap());
    drop(tx);
    assert_eq!(pending(&store, 6).await, ["a"], "not committed");

    let mut tx = store.begin().await.unwrap();
    assert!(tx.close_delivery(id, "applied", 6).await.unwrap());
    assert!(!tx.close_delivery(id, "applied", 6).await.unwrap());
    tx.commit().await.unwrap();
    assert!(pending(&store, 99).await.is_empty());

    assert_eq!(store.forget_deliveries(5).await.unwrap(), 0);
    assert_eq!(
        store.put_deliveries(&[delivery("a", 7)]).await.unwrap(),
        [Put::Duplicate],
        "done ones are remembered"
    );
    assert_eq!(store.forget_deliveries(6).await.unwrap(), 1);
}

#[test]
fn a_body_stays_out_of_debug_output() {
    let shown = format!("{:?}", delivery("a", 5));
    assert!(!shown.contains("labeled"), "{shown}");
}
