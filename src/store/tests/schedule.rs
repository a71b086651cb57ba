use super::*;

async fn look(store: &Store, now: i64) -> (i64, Option<i64>) {
    (
        store.busy(now).await.unwrap(),
        store.next_due().await.unwrap(),
    )
}

async fn an_empty_store_waits_for_nothing(base: Base) {
    let store = base.store().await;
    assert_eq!(look(&store, 1_000).await, (0, None));
}

async fn everything_that_is_due_counts(base: Base) {
    let store = base.store().await;
    let delivery = NewDelivery {
        delivery_id: "a".into(),
        event: "push".into(),
        fact: Fact::plain(None, "{}"),
        received_at: 50,
        fetched: false,
    };
    store.put_deliveries(&[delivery]).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let mut case = tx
        .open_case(&NewCase {
            wake_at: Some(70),
            ..new_case(1)
        })
        .await
        .unwrap();
    tx.insert_effect(case.id, &effect("tag", "a"))
        .await
        .unwrap();
    tx.commit().await.unwrap();

    assert_eq!(look(&store, 49).await, (0, Some(50)));
    assert_eq!(look(&store, 50).await, (1, Some(50)));
    assert_eq!(look(&store, 70).await, (2, Some(50)));
    assert_eq!(look(&store, 100).await, (3, Some(50)));
    assert_eq!(store.cases_due(69).await.unwrap(), []);
    assert_eq!(store.cases_due(70).await.unwrap(), [(case.id, 3)]);

    let fence = store.take_due(100, None).await.unwrap().unwrap().fence();
    let mut tx = store.begin().await.unwrap();
    tx.close_deliveries(1, 1).await.unwrap();
    case.wake_at = None;
    case.rev = tx.save_case(&case).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(look(&store, 100).await, (1, None), "acting");

    store.doubt(fence, 0, "timed out").await.unwrap();
    assert_eq!(look(&store, 100).await, (0, Some(100 + LOOK_AFTER)));

    let mut tx = store.begin().await.unwrap();
    tx.wake_case(case.id, 500).await.unwrap();
    tx.wake_case(case.id, 600).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(look(&store, 100).await, (0, Some(500)));
    let mut tx = store.begin().await.unwrap();
    case.over_at = Some(100);
    tx.save_case(&case).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        look(&store, 500).await,
        (0, Some(100 + LOOK_AFTER)),
        "a case that is over is not woken; its effects still end"
    );
}

async fn what_waits_for_another_does_not_stop_the_time(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    let delayed = NewEffect {
        due_at: 5_000,
        ..effect("first", "a")
    };
    insert(&store, case, &delayed).await;
    insert(&store, case, &effect("second", "a")).await;
    // The second is due, but only after the first, which is not.
    assert_eq!(look(&store, 200).await, (0, Some(5_000)));
    assert_eq!(store.take_due(200, None).await.unwrap(), None);

    let first = store.take_due(5_000, None).await.unwrap().unwrap();
    assert_eq!(look(&store, 5_000).await, (1, None));
    store.block(first.fence(), 9_000, "403").await.unwrap();
    assert_eq!(look(&store, 5_000).await, (1, Some(100)));
}

async fn whoever_waits_for_work_is_told(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    let mut changes = store.work_changes();
    insert(&store, case, &effect("tag", "a")).await;
    changes.changed().await.unwrap();
    let fence = store.take_due(100, None).await.unwrap().unwrap().fence();
    changes.mark_unchanged();
    store.postpone(fence, 200, "502").await.unwrap();
    changes.changed().await.unwrap();
    let tx = store.begin().await.unwrap();
    drop(tx);
    assert!(!changes.has_changed().unwrap());
}

on_both!(
    an_empty_store_waits_for_nothing,
    everything_that_is_due_counts,
    what_waits_for_another_does_not_stop_the_time,
    whoever_waits_for_work_is_told,
);
