use super::*;

async fn sync(store: &Store, case_id: i64, wanted: &[NewEffect]) -> Synced {
    let mut tx = store.begin().await.unwrap();
    let synced = tx.sync_outbox(case_id, wanted, 100).await.unwrap();
    tx.commit().await.unwrap();
    synced
}

async fn take(store: &Store) -> OutboxRow {
    store.take_due(1_000, None).await.unwrap().unwrap()
}

async fn what_is_live_under_its_key_stays(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    let wanted = [effect("branch", "a"), effect("pull", "a")];
    let first = sync(&store, case, &wanted).await;
    assert_eq!(first.inserted.len(), 2);
    assert_eq!(sync(&store, case, &wanted).await, Synced::default());
    take(&store).await;
    assert_eq!(
        sync(&store, case, &wanted).await,
        Synced::default(),
        "also while it is acting"
    );
}

async fn what_waits_takes_the_newest_arguments_and_what_acts_keeps_its_own(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    let with = |args: &str| NewEffect {
        args: args.to_owned(),
        ..effect("pull", "a")
    };
    let id = sync(&store, case, &[with("old")]).await.inserted[0];
    assert_eq!(sync(&store, case, &[with("new")]).await, Synced::default());
    assert_eq!(store.effect(id).await.unwrap().unwrap().args, "new");
    take(&store).await;
    sync(&store, case, &[with("newest")]).await;
    assert_eq!(store.effect(id).await.unwrap().unwrap().args, "new");
}

async fn another_key_takes_the_place_of_a_waiting_one_with_its_pacing(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    let first = sync(&store, case, &[effect("comment", "a")]).await.inserted[0];
    let row = take(&store).await;
    assert!(store.postpone(row.fence(), 500, "502").await.unwrap());

    let second = sync(&store, case, &[effect("comment", "b")]).await;
    let id = second.replaced[0];
    let row = store.effect(id).await.unwrap().unwrap();
    assert_eq!((row.attempts, row.due_at), (0, 500));
    assert_eq!(row.state, State::Waiting);
    assert_eq!(state(&store, first).await, State::Cancelled);

    let third = sync(&store, case, &[effect("comment", "c")]).await;
    assert_eq!(
        store.effect(id).await.unwrap(),
        None,
        "it was never tried: nothing to remember"
    );
    let row = store.effect(third.replaced[0]).await.unwrap().unwrap();
    assert_eq!(row.due_at, 500);
}

async fn what_lets_others_go_first_hands_its_wait_to_none_of_them(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    let at = |subject: &str, priority, due_at| NewEffect {
        priority,
        due_at,
        ..effect("comment", subject)
    };
    let due = async |wanted: NewEffect| {
        let slot = (wanted.slot.clone(), wanted.subject.clone());
        sync(&store, case, &[wanted]).await;
        let live = store.live_effects(case).await.unwrap().into_iter();
        let mut live = live.filter(|row| (&row.slot, &row.subject) == (&slot.0, &slot.1));
        live.next().unwrap().due_at
    };
    assert_eq!(due(at("a", 6, 60_000)).await, 60_000);
    // Others of its kind share its time, what does not wait has its own.
    assert_eq!(due(at("b", 6, 70_000)).await, 60_000);
    assert_eq!(due(at("c", 5, 5_000)).await, 5_000);
    // What is urgent already is not put off by what would wait.
    assert_eq!(due(at("d", 6, 65_000)).await, 5_000);
    assert_eq!(due(at("e", 5, 9_000)).await, 5_000);
    // The same where what was wanted before is wanted again.
    assert_eq!(due(at("f", 6, 60_000)).await, 5_000);
    sync(&store, case, &[]).await;
    assert_eq!(due(at("g", 6, 80_000)).await, 80_000);
    assert_eq!(due(at("h", 5, 6_000)).await, 6_000);
    // After a failure its pacing is everybody's.
    sync(&store, case, &[]).await;
    assert_eq!(due(at("i", 6, 100)).await, 100);
    let row = take(&store).await;
    assert!(store.postpone(row.fence(), 90_000, "502").await.unwrap());
    assert_eq!(due(at("j", 5, 7_000)).await, 90_000);
    assert_eq!(due(at("k", 5, 7_000)).await, 90_000);
}

async fn a_blocked_one_is_replaced_as_blocked(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    sync(&store, case, &[effect("tag", "a")]).await;
    let row = take(&store).await;
    store.block(row.fence(), 900, "403").await.unwrap();
    let id = sync(&store, case, &[effect("tag", "b")]).await.replaced[0];
    let row = store.effect(id).await.unwrap().unwrap();
    assert_eq!((row.state, row.due_at), (State::Blocked, 900));
    assert_eq!(row.error.as_deref(), Some("403"));
}

async fn what_is_acting_or_unsure_is_never_replaced_or_cancelled(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    let id = sync(&store, case, &[effect("merge", "a")]).await.inserted[0];
    let row = take(&store).await;
    for expected in [State::Acting, State::Unsure] {
        let other = sync(&store, case, &[effect("merge", "b")]).await;
        assert_eq!(other.held, [effect("merge", "b").key(case)]);
        assert!(other.replaced.is_empty() && other.inserted.is_empty());
        assert_eq!(sync(&store, case, &[]).await, Synced::default());
        assert_eq!(state(&store, id).await, expected);
        store.doubt(row.fence(), 100, "timed out").await.unwrap();
    }
    let mut tx = store.begin().await.unwrap();
    assert!(!tx.cancel_effect(id, 1).await.unwrap());
    let replaced = tx.replace_effect(id, &effect("merge", "b"), 1).await;
    assert_eq!(replaced.unwrap(), None);
}

async fn what_is_wanted_no_more_is_cancelled_and_revives(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    let wanted = [effect("branch", "a")];
    let id = sync(&store, case, &wanted).await.inserted[0];
    assert_eq!(sync(&store, case, &[]).await.cancelled, [id]);
    assert_eq!(state(&store, id).await, State::Cancelled);
    assert_eq!(store.take_due(1_000, None).await.unwrap(), None);

    assert_eq!(sync(&store, case, &wanted).await.revived, [id]);
    assert_eq!(state(&store, id).await, State::Waiting);
}

async fn cancelling_and_reviving_is_no_way_around_pacing(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    let (a, b) = (effect("comment", "a"), effect("comment", "b"));
    let id = sync(&store, case, std::slice::from_ref(&a)).await.inserted[0];
    let fence = take(&store).await.fence();
    store.block(fence, 900, "403").await.unwrap();
    sync(&store, case, &[]).await;
    sync(&store, case, std::slice::from_ref(&a)).await;
    let row = store.effect(id).await.unwrap().unwrap();
    // It still has failed for now: it holds no other up, and may be hurried.
    assert_eq!((row.state, row.due_at), (State::Blocked, 900));
    assert_eq!(row.error.as_deref(), Some("403"));
    assert_eq!(row.attempts, 1, "an attempt's number is never used again");

    // Replaced by b, and then wanted again in the place of b.
    let other = sync(&store, case, std::slice::from_ref(&b)).await.replaced[0];
    let back = sync(&store, case, &[a]).await;
    assert_eq!((back.revived, back.cancelled), (vec![id], vec![other]));
    assert_eq!(store.effect(id).await.unwrap().unwrap().due_at, 900);
}

async fn what_was_done_is_stuck_and_never_repeated(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    let wanted = [effect("tag", "a")];
    let id = sync(&store, case, &wanted).await.inserted[0];
    let fence = take(&store).await.fence();
    assert!(complete(&store, fence).await);
    let again = sync(&store, case, &wanted).await;
    assert_eq!(again.stuck, [wanted[0].key(case)]);
    assert_eq!(state(&store, id).await, State::Done);

    // A new cause is a new key.
    let next = NewEffect {
        generation: 2,
        ..wanted[0].clone()
    };
    assert_eq!(sync(&store, case, &[next]).await.inserted.len(), 1);
    // Back to the one that was done: the waiting one goes, and nothing comes.
    let back = sync(&store, case, &wanted).await;
    assert_eq!((back.cancelled.len(), back.stuck.len()), (1, 1));
}

async fn a_slot_wanted_twice_counts_once(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    let synced = sync(&store, case, &[effect("tag", "a"), effect("tag", "b")]).await;
    assert_eq!(synced.inserted.len(), 1);
    assert_eq!(synced.doubled, [effect("tag", "b").key(case)]);
}

async fn the_database_itself_holds_the_keys(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    let id = insert(&store, case, &effect("tag", "a")).await;
    let mut tx = store.begin().await.unwrap();
    let refused = tx.insert_effect(case, &effect("tag", "b")).await;
    assert!(refused.unwrap_err().is_of_the_step(), "one live row a slot");
    tx.rollback().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.cancel_effect(id, 1).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let refused = tx.insert_effect(case, &effect("tag", "a")).await;
    assert!(refused.unwrap_err().is_of_the_step(), "one row a key");
    tx.rollback().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.insert_effect(case, &effect("tag", "b")).await.unwrap();
    let found = tx.effect_by_key(&effect("tag", "a").key(case)).await;
    assert_eq!(found.unwrap().unwrap().id, id);
}

async fn what_failed_for_now_can_be_hurried(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 1).await.id;
    let later = NewEffect {
        due_at: 5_000,
        ..effect("comment", "a")
    };
    sync(&store, case, &[effect("tag", "a"), later]).await;
    let fence = take(&store).await.fence();
    store.block(fence, 9_000, "403").await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.hurry_blocked(4, 200).await.unwrap(), 0, "another one's");
    assert_eq!(tx.hurry_blocked(3, 300).await.unwrap(), 1);
    assert_eq!(
        tx.hurry_effects(case, 200).await.unwrap(),
        1,
        "pacing without an error is kept"
    );
    tx.commit().await.unwrap();
    assert_eq!(take(&store).await.id, fence.id);
}

on_both!(
    what_is_live_under_its_key_stays,
    what_waits_takes_the_newest_arguments_and_what_acts_keeps_its_own,
    another_key_takes_the_place_of_a_waiting_one_with_its_pacing,
    what_lets_others_go_first_hands_its_wait_to_none_of_them,
    a_blocked_one_is_replaced_as_blocked,
    what_is_acting_or_unsure_is_never_replaced_or_cancelled,
    what_is_wanted_no_more_is_cancelled_and_revives,
    cancelling_and_reviving_is_no_way_around_pacing,
    what_was_done_is_stuck_and_never_repeated,
    a_slot_wanted_twice_counts_once,
    the_database_itself_holds_the_keys,
    what_failed_for_now_can_be_hurried,
);
