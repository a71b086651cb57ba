use super::*;

fn delivery(id: &str, at: i64) -> NewDelivery {
    saying(id, r#"{"action":"labeled"}"#, at)
}

fn saying(id: &str, json: &str, at: i64) -> NewDelivery {
    NewDelivery {
        delivery_id: id.into(),
        event: "issues".into(),
        fact: Fact::plain(Some(REPO), json),
        received_at: at,
        fetched: false,
    }
}

async fn pending(store: &Store) -> Vec<String> {
    let rows = store.pending_deliveries(100).await.unwrap();
    rows.into_iter().map(|d| d.delivery_id).collect()
}

async fn first(store: &Store) -> Delivery {
    store.pending_deliveries(1).await.unwrap().remove(0)
}

async fn close(store: &Store, delivery: &Delivery) {
    let mut tx = store.begin().await.unwrap();
    assert_eq!(
        tx.close_deliveries(delivery.id, delivery.id).await.unwrap(),
        1
    );
    tx.commit().await.unwrap();
}

async fn a_batch_is_one_commit_and_each_delivery_is_answered(base: Base) {
    let store = base.store().await;
    let batch = [delivery("a", 5), delivery("b", 5), delivery("a", 6)];
    assert_eq!(
        store.put_deliveries(&batch).await.unwrap(),
        [Put::Stored, Put::Stored, Put::Duplicate]
    );
    assert_eq!(
        store.put_deliveries(&batch[..1]).await.unwrap(),
        [Put::Duplicate]
    );
    assert_eq!(pending(&store).await, ["a", "b"]);
    assert_eq!(store.put_deliveries(&[]).await.unwrap(), []);
}

async fn what_was_said_before_is_a_replay_whatever_its_id(base: Base) {
    let store = base.store().await;
    let put = async |new: NewDelivery| store.put_deliveries(&[new]).await.unwrap()[0];
    assert_eq!(put(saying("a", "x", 5)).await, Put::Stored);
    // Two of one second are two events, and GitHub's own retry is known by its id.
    assert_eq!(put(saying("b", "x", 900)).await, Put::Stored);
    assert_eq!(put(saying("a", "x", 90_000)).await, Put::Duplicate);
    assert_eq!(put(saying("c", "x", 90_000)).await, Put::Duplicate);
    assert!(!store.has_delivery("c").await.unwrap());
    assert_eq!(put(saying("d", "y", 90_000)).await, Put::Stored);
    assert!(store.has_delivery("d").await.unwrap());
}

async fn waiting_for_deliveries_is_no_polling(base: Base) {
    let store = base.store().await;
    let mut changes = store.inbox_changes();
    store.put_deliveries(&[delivery("a", 5)]).await.unwrap();
    changes.changed().await.unwrap();
    store.put_deliveries(&[delivery("a", 5)]).await.unwrap();
    assert!(!changes.has_changed().unwrap(), "a duplicate is no news");
}

async fn a_failed_delivery_is_tried_again_and_at_last_set_aside_until_somebody_asks(base: Base) {
    let store = base.store().await;
    let put = async |new: NewDelivery| store.put_deliveries(&[new]).await.unwrap()[0];
    put(delivery("a", 5)).await;
    put(saying("b", "b", 5)).await;
    let due = async |at| {
        let rows = store.deliveries_due_again(at, 9).await.unwrap();
        rows.into_iter()
            .map(|d| (d.delivery_id, d.tries))
            .collect::<Vec<_>>()
    };
    let failed = first(&store).await;
    store
        .delivery_failed(&failed, "busy", Some(50))
        .await
        .unwrap();
    assert_eq!(pending(&store).await, ["b"], "the queue goes on");
    assert_eq!(due(49).await, []);
    assert_eq!(due(50).await, [("a".to_owned(), 1)]);
    assert_eq!(
        put(delivery("a", 6)).await,
        Put::Duplicate,
        "it is on its way"
    );

    let again = store.deliveries_due_again(50, 1).await.unwrap().remove(0);
    store.delivery_failed(&again, "panic", None).await.unwrap();
    assert_eq!(due(i64::MAX).await, []);
    assert_eq!(store.inbox_counts().await.unwrap(), (1, 1));

    // A person delivers it again, or asks for all of them.
    assert_eq!(put(delivery("a", 60)).await, Put::Stored);
    assert_eq!(due(60).await, [("a".to_owned(), 0)]);
    store.delivery_failed(&again, "panic", None).await.unwrap();
    assert_eq!(store.retry_deliveries(70).await.unwrap(), 1);
    assert_eq!(due(70).await, [("a".to_owned(), 0)]);

    let mut tx = store.begin().await.unwrap();
    tx.close_set_aside(again.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.inbox_counts().await.unwrap(), (1, 0));
    assert_eq!(put(delivery("a", 80)).await, Put::Duplicate);
}

async fn a_delivery_is_closed_once_and_only_with_its_transaction(base: Base) {
    let store = base.store().await;
    store.put_deliveries(&[delivery("a", 5)]).await.unwrap();
    let id = first(&store).await.id;

    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.close_deliveries(id, id).await.unwrap(), 1);
    drop(tx);
    assert_eq!(pending(&store).await, ["a"], "not committed");

    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.close_deliveries(id, id).await.unwrap(), 1);
    assert_eq!(tx.close_deliveries(id, id).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert!(pending(&store).await.is_empty());

    assert_eq!(store.forget_deliveries(5).await.unwrap(), 0);
    assert_eq!(
        store.put_deliveries(&[delivery("a", 7)]).await.unwrap(),
        [Put::Duplicate],
        "done ones are remembered"
    );
    assert_eq!(store.forget_deliveries(6).await.unwrap(), 1);
    let again = store.put_deliveries(&[delivery("a", 9_000)]).await.unwrap();
    assert_eq!(again, [Put::Stored], "forgotten");
}

async fn what_was_seen_is_known_after_a_start_and_rows_are_numbered_on(base: Base) {
    let guid = "00000002-0000-11f0-8000-00000000040d";
    let store = base.open().await;
    for (id, json) in [(guid, "1"), ("aside", "2"), ("left", "3")] {
        store.put_deliveries(&[saying(id, json, 5)]).await.unwrap();
    }
    let rows = store.pending_deliveries(9).await.unwrap();
    close(&store, &rows[0]).await;
    store
        .delivery_failed(&rows[1], "panic", None)
        .await
        .unwrap();
    store.close().await;
    drop(store);

    let store = base.open().await;
    let put = async |new: NewDelivery| store.put_deliveries(&[new]).await.unwrap()[0];
    assert_eq!(put(saying(guid, "1", 9)).await, Put::Duplicate);
    assert_eq!(put(saying("left", "3", 9)).await, Put::Duplicate);
    assert_eq!(
        put(saying("other", "1", 90_000)).await,
        Put::Duplicate,
        "a replay"
    );
    assert_eq!(put(saying("aside", "2", 9)).await, Put::Stored);
    assert_eq!(put(saying("new", "4", 9)).await, Put::Stored);
    let rows = store.pending_deliveries(9).await.unwrap();
    let numbered: Vec<_> = rows
        .iter()
        .map(|d| (d.delivery_id.as_str(), d.id))
        .collect();
    assert_eq!(numbered, [("left", 3), ("new", 4)]);
}

async fn what_is_over_is_pruned_and_what_is_open_is_kept(base: Base) {
    let store = base.store().await;
    let mut rows = Vec::new();
    for (issue, over) in [(1, Some(100)), (2, Some(200)), (3, None)] {
        let mut row = open_case(&store, issue).await;
        let done = insert(&store, row.id, &effect("tag", "a")).await;
        let mut tx = store.begin().await.unwrap();
        tx.cancel_effect(done, 1).await.unwrap();
        row.over_at = over;
        row.rev = tx.save_case(&row).await.unwrap();
        tx.append_journal(&NewJournal {
            case_id: row.id,
            rev: row.rev,
            at: 1,
            cause: "time".into(),
            event: "[]".into(),
            facts_hash: String::new(),
            build: "test".into(),
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
        rows.push(row.id);
    }
    let left = async || {
        let mut left = Vec::new();
        for id in &rows {
            let effects = store.effects(*id).await.unwrap().len();
            left.push((effects, store.journal(*id).await.unwrap().len()));
        }
        left
    };
    assert!(!store.prune_case(Prune::Outbox, 100).await.unwrap());
    assert!(store.prune_case(Prune::Outbox, 101).await.unwrap());
    assert!(!store.prune_case(Prune::Outbox, 101).await.unwrap());
    assert_eq!(left().await, [(0, 1), (1, 1), (1, 1)]);
    while store.prune_case(Prune::Outbox, 999).await.unwrap() {}
    while store.prune_case(Prune::Journal, 999).await.unwrap() {}
    assert_eq!(left().await, [(0, 0), (0, 0), (1, 1)]);
}

#[test]
fn a_fact_stays_out_of_debug_output() {
    let shown = format!("{:?}", delivery("a", 5));
    assert!(!shown.contains("labeled"), "{shown}");
}

on_both!(
    a_batch_is_one_commit_and_each_delivery_is_answered,
    what_was_said_before_is_a_replay_whatever_its_id,
    waiting_for_deliveries_is_no_polling,
    a_failed_delivery_is_tried_again_and_at_last_set_aside_until_somebody_asks,
    a_delivery_is_closed_once_and_only_with_its_transaction,
    what_was_seen_is_known_after_a_start_and_rows_are_numbered_on,
    what_is_over_is_pruned_and_what_is_open_is_kept,
);
