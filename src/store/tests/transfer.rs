//! From one database into another, of the other kind where it is there.

use super::*;

/// Something in every table.
async fn furnish(store: &Store) -> (CaseRow, Fence) {
    seed(store).await;
    let renamed = RepoRow {
        name: "comet".into(),
        ..repo()
    };
    store.put_repo(&renamed).await.unwrap();
    store.meta_set("cursor", "a").await.unwrap();
    store.checked_up(REPO, Some("{}"), 9).await.unwrap();
    let case = open_case(store, 1).await;
    let other = open_case(store, 2).await;
    insert(store, case.id, &effect("tag", "a")).await;
    let fence = store.take_due(100, None).await.unwrap().unwrap().fence();
    let said = |id: &str| NewDelivery {
        delivery_id: id.into(),
        event: "push".into(),
        fact: Fact::plain(Some(REPO), format!("{{\"said\":\"{id} äöü 🚀\"}}")),
        received_at: 5,
        fetched: id == "fetched",
    };
    let batch = ["done", "aside", "kept", "fetched"].map(said);
    store.put_deliveries(&batch).await.unwrap();
    let rows = store.pending_deliveries(9).await.unwrap();
    store
        .delivery_failed(&rows[1], "panic", None)
        .await
        .unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.close_deliveries(rows[0].id, rows[0].id).await.unwrap();
    tx.keep_delivery(case.id, &rows[2]).await.unwrap();
    tx.close_deliveries(rows[2].id, rows[2].id).await.unwrap();
    for (id, expected) in [(case.id, Claim::Taken), (other.id, Claim::Behind(case.id))] {
        let claimed = tx.claim(REPO, "tag", "v1", id, "1.0", 7).await.unwrap();
        assert_eq!(claimed, expected);
    }
    tx.append_journal(&NewJournal {
        case_id: case.id,
        rev: 0,
        at: 20,
        cause: "delivery a".into(),
        event: "{}".into(),
        facts_hash: "00".into(),
        build: "test".into(),
    })
    .await
    .unwrap();
    tx.wants_config_check(REPO, 5, "c0ffee", 7).await.unwrap();
    tx.commit().await.unwrap();
    (case, fence)
}

async fn everything_is_carried_over_once(base: Base) {
    let target = match &base {
        Base::File(_) => Base::server().unwrap_or_else(Base::file),
        Base::Server(_) => Base::file(),
    };
    let store = base.open().await;
    let (case, fence) = furnish(&store).await;
    let refused = transfer(&base.url(), &target.url(), 5).await.unwrap_err();
    let in_use = matches!(refused, StoreError::InUse { .. } | StoreError::Served(_));
    assert!(in_use, "{refused}");
    let effects = store.effects(case.id).await.unwrap();
    let epoch = store.epoch();
    store.close().await;
    drop(store);

    let rows = loop {
        match transfer(&base.url(), &target.url(), 5).await {
            Err(StoreError::InUse { .. }) => tokio::task::yield_now().await,
            rows => break rows.unwrap(),
        }
    };
    let empty: Vec<_> = rows.iter().filter(|(_, rows)| **rows == 0).collect();
    assert!(empty.is_empty(), "not tried: {empty:?}");
    assert_eq!(rows.len(), 15);

    let store = target.open().await;
    assert!(store.opened().older && store.opened().in_order);
    assert!(store.epoch() > epoch + 1, "higher than the source's last");
    assert_eq!(store.case(case.id).await.unwrap(), Some(case.clone()));
    assert_eq!(store.effects(case.id).await.unwrap(), effects);
    assert_eq!(store.journal(case.id).await.unwrap().len(), 1);
    let cursor = store.meta_get("cursor").await.unwrap();
    assert_eq!(cursor.as_deref(), Some("a"));
    let known = store.repo_by_former_name("acme", "rocket").await.unwrap();
    assert_eq!(known.unwrap().name, "comet");
    let pending = store.pending_deliveries(9).await.unwrap();
    assert_eq!(pending.len(), 1);
    assert!(pending[0].fetched && pending[0].fact.contains("🚀"));
    for id in ["done", "kept", "fetched"] {
        assert!(store.has_delivery(id).await.unwrap(), "{id}");
    }
    assert_eq!(store.unsure_from_older_epochs(200).await.unwrap(), 1);
    assert!(!complete(&store, fence).await, "a late answer");
    // Rows are numbered on.
    let next = open_case(&store, 3).await;
    assert!(next.id > case.id + 1);
    insert(&store, next.id, &effect("tag", "a")).await;
    store.close().await;
    drop(store);

    // What is not empty is left as it is.
    let again = loop {
        match transfer(&base.url(), &target.url(), 5).await {
            Err(StoreError::InUse { .. }) => tokio::task::yield_now().await,
            other => break other.unwrap_err().to_string(),
        }
    };
    assert!(again.contains("is not empty"), "{again}");
    assert_eq!(target.open().await.open_cases().await.unwrap().len(), 3);
}

on_both!(everything_is_carried_over_once);
