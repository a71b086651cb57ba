use super::*;

async fn take(store: &Store, now: i64) -> Option<OutboxRow> {
    store.take_due(now, None).await.unwrap()
}

async fn slot(store: &Store, now: i64) -> Option<String> {
    take(store, now).await.map(|row| row.slot)
}

async fn what_is_due_is_handed_out_once(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    let id = insert(&store, case, &effect("tag", "a")).await;
    assert_eq!(take(&store, 99).await, None);
    let row = take(&store, 100).await.unwrap();
    assert_eq!((row.id, row.attempts, row.state), (id, 1, State::Acting));
    assert_eq!(row.epoch, Some(store.epoch()));
    assert_eq!(row.started_at, Some(100));
    assert!(!row.doubt);
    assert_eq!(take(&store, 100).await, None);
}

async fn writes_of_a_line_go_one_after_the_other(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    for (slot, priority) in [("second", 3), ("third", 3), ("first", 1)] {
        let new = NewEffect {
            priority,
            ..effect(slot, "a")
        };
        insert(&store, case, &new).await;
    }
    let other_line = NewEffect {
        line: "1.1".into(),
        ..effect("elsewhere", "a")
    };
    insert(&store, case, &other_line).await;

    let first = take(&store, 100).await.unwrap();
    assert_eq!(first.slot, "first");
    assert_eq!(slot(&store, 100).await.as_deref(), Some("elsewhere"));
    assert_eq!(take(&store, 100).await, None, "the first is acting");
    store.doubt(first.fence(), 0, "timed out").await.unwrap();
    assert_eq!(take(&store, 100).await, None, "the first is unsure");

    let first = take(&store, 100 + LOOK_AFTER).await.unwrap();
    assert_eq!(first.slot, "first");
    store.begin_act(first.fence(), 20_000, None).await.unwrap();
    store.postpone(first.fence(), 30_000, "502").await.unwrap();
    assert_eq!(take(&store, 29_999).await, None, "order, also when delayed");

    let first = take(&store, 30_000).await.unwrap();
    assert!(complete(&store, first.fence()).await);
    assert_eq!(slot(&store, 30_000).await.as_deref(), Some("second"));
}

async fn a_blocked_write_holds_only_itself(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    insert(&store, case, &effect("tag", "a")).await;
    insert(&store, case, &effect("notes", "a")).await;
    let tag = take(&store, 100).await.unwrap();
    store.block(tag.fence(), 900, "403").await.unwrap();
    let notes = take(&store, 100).await.unwrap();
    assert_eq!(notes.slot, "notes");
    assert_eq!(take(&store, 900).await, None, "another write is acting");
    assert!(complete(&store, notes.fence()).await);
    let tag = take(&store, 900).await.unwrap();
    assert_eq!((tag.slot.as_str(), tag.attempts), ("tag", 2));
}

async fn talk_and_read_wait_for_nobody(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    for (slot, lane) in [
        ("tag", Lane::Write),
        ("comment", Lane::Talk),
        ("react", Lane::Talk),
        ("read/pull", Lane::Read),
    ] {
        let new = NewEffect {
            lane,
            ..effect(slot, "a")
        };
        insert(&store, case, &new).await;
    }
    let read = store.take_due(100, Some(Lane::Read)).await.unwrap();
    assert_eq!(read.unwrap().slot, "read/pull");
    let read = store.take_due(100, Some(Lane::Read)).await.unwrap();
    assert_eq!(read, None);
    for expected in ["tag", "comment", "react"] {
        assert_eq!(slot(&store, 100).await.as_deref(), Some(expected));
    }
}

async fn only_the_attempt_that_is_acting_may_answer(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    insert(&store, case, &effect("tag", "a")).await;
    let first = take(&store, 100).await.unwrap().fence();
    assert!(store.postpone(first, 100, "502").await.unwrap());
    assert!(!complete(&store, first).await, "it was given back");
    let second = take(&store, 100).await.unwrap().fence();
    assert_eq!(second.attempt, 2);

    for stale in [
        first,
        Fence {
            epoch: second.epoch - 1,
            ..second
        },
        Fence {
            id: second.id + 1,
            ..second
        },
    ] {
        assert!(!complete(&store, stale).await);
        assert!(!store.begin_act(stale, 1, None).await.unwrap());
        assert!(!store.postpone(stale, 1, "").await.unwrap());
        assert!(!store.doubt(stale, 1, "").await.unwrap());
        assert!(!store.looked(stale, 1).await.unwrap());
        assert!(!store.block(stale, 1, "").await.unwrap());
    }
    assert!(complete(&store, second).await);
    assert!(!complete(&store, second).await, "once");
    let row = store.effect(second.id).await.unwrap().unwrap();
    assert_eq!(row.state, State::Done);
    assert_eq!(row.result.as_deref(), Some(r#"{"ok":true}"#));
}

async fn a_doubt_stays_until_the_next_act(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    insert(&store, case, &effect("comment", "a")).await;
    let act = take(&store, 100).await.unwrap().fence();
    assert!(store.begin_act(act, 110, Some(105)).await.unwrap());
    assert!(store.doubt(act, 0, "timed out").await.unwrap());

    // Looked for, not sooner than GitHub may still do it; the look itself fails.
    assert_eq!(take(&store, 110 + LOOK_AFTER - 1).await, None);
    let look = take(&store, 110 + LOOK_AFTER).await.unwrap();
    assert!(look.doubt);
    assert_eq!(
        (look.started_at, look.started_github),
        (Some(110), Some(105)),
        "those of the act"
    );
    assert!(store.postpone(look.fence(), 20_000, "502").await.unwrap());
    assert_eq!(state(&store, look.id).await, State::Unsure);

    // Looked for in vain, and once more.
    let look = take(&store, 20_000).await.unwrap();
    assert_eq!(look.looks, 0);
    store.looked(look.fence(), 35_000).await.unwrap();
    let look = take(&store, 35_000).await.unwrap();
    assert_eq!((look.doubt, look.looks), (true, 1));
    store.block(look.fence(), 36_000, "403").await.unwrap();
    assert_eq!(
        state(&store, look.id).await,
        State::Unsure,
        "a doubt cannot be cancelled"
    );

    // Acted again: a failure that is certain makes it wait.
    let look = take(&store, 36_000).await.unwrap();
    store.begin_act(look.fence(), 36_001, None).await.unwrap();
    store.postpone(look.fence(), 37_000, "502").await.unwrap();
    let row = store.effect(look.id).await.unwrap().unwrap();
    assert_eq!(
        (row.state, row.doubt, row.looks),
        (State::Waiting, false, 0)
    );
}

async fn what_an_older_epoch_was_acting_on_is_looked_for(base: Base) {
    let (fence, read) = {
        let store = base.open().await;
        seed(&store).await;
        let case = open_case(&store, 1).await.id;
        insert(&store, case, &effect("tag", "a")).await;
        let new = NewEffect {
            lane: Lane::Read,
            ..effect("read/tag", "a")
        };
        let read = insert(&store, case, &new).await;
        let fence = take(&store, 100).await.unwrap().fence();
        take(&store, 100).await.unwrap();
        store.close().await;
        (fence, read)
    };
    let store = base.open().await;
    assert_eq!(store.epoch(), fence.epoch + 1);
    assert_eq!(store.unsure_from_older_epochs(200).await.unwrap(), 2);
    assert_eq!(store.unsure_from_older_epochs(200).await.unwrap(), 0);
    assert!(!complete(&store, fence).await, "a late answer");

    let again = take(&store, 200).await.unwrap();
    assert_eq!((again.id, again.doubt), (read, false), "reads just repeat");
    // Another server's clock says nothing of when it began.
    let began = if store.is_shared() { 200 } else { 100 };
    assert_eq!(take(&store, began + LOOK_AFTER - 1).await, None);
    let look = take(&store, began + LOOK_AFTER).await.unwrap();
    assert_eq!((look.id, look.attempts), (fence.id, 2));
    assert!(look.doubt);
    assert!(!complete(&store, fence).await, "still not the first one's");
    assert!(complete(&store, look.fence()).await);
}

async fn a_long_downtime_needs_no_further_waiting(base: Base) {
    let store = base.open().await;
    seed(&store).await;
    let case = open_case(&store, 1).await.id;
    insert(&store, case, &effect("tag", "a")).await;
    take(&store, 100).await.unwrap();
    drop(store);
    let store = base.open().await;
    store.unsure_from_older_epochs(90_000).await.unwrap();
    if store.is_shared() {
        // Another server may have been at it until just now.
        assert_eq!(take(&store, 90_000).await, None);
        assert!(take(&store, 90_000 + LOOK_AFTER).await.unwrap().doubt);
    } else {
        assert!(take(&store, 90_000).await.unwrap().doubt);
    }
}

on_both!(
    what_is_due_is_handed_out_once,
    writes_of_a_line_go_one_after_the_other,
    a_blocked_write_holds_only_itself,
    talk_and_read_wait_for_nobody,
    only_the_attempt_that_is_acting_may_answer,
    a_doubt_stays_until_the_next_act,
    what_an_older_epoch_was_acting_on_is_looked_for,
    a_long_downtime_needs_no_further_waiting,
);
