use super::*;

fn entry(case_id: i64, rev: i64) -> NewJournal {
    NewJournal {
        case_id,
        rev,
        at: 20,
        cause: "delivery a".into(),
        event: "{}".into(),
        facts_hash: "00".into(),
        build: "test".into(),
    }
}

async fn an_issue_has_one_open_case(base: Base) {
    let store = base.store().await;
    let mut case = open_case(&store, 4).await;
    assert_eq!(case.rev, 0);

    let mut tx = store.begin().await.unwrap();
    let again = tx.open_case(&new_case(4)).await;
    assert!(
        matches!(
            again,
            Err(StoreError::AlreadyOpen {
                repo_id: REPO,
                issue: 4
            })
        ),
        "{again:?}"
    );
    case.over_at = Some(30);
    case.rev = tx.save_case(&case).await.unwrap();
    assert_eq!(tx.open_case_of(REPO, 4).await.unwrap(), None);
    let newest = tx.latest_case_by_issue(REPO, 4).await.unwrap();
    assert_eq!(newest.as_ref(), Some(&case));
    let second = tx.open_case(&new_case(4)).await.unwrap();
    let newest = tx.latest_case_by_issue(REPO, 4).await.unwrap();
    assert_eq!(newest, Some(second.clone()));
    tx.commit().await.unwrap();

    assert_eq!(
        store.open_cases().await.unwrap(),
        std::slice::from_ref(&second)
    );
    assert_eq!(store.case(case.id).await.unwrap(), Some(case));
    assert_eq!(
        store.counts_by_phase().await.unwrap(),
        [("assess".to_owned(), 1)]
    );
    let mut last = second.clone();
    last.phase = "over".to_owned();
    let mut tx = store.begin().await.unwrap();
    tx.save_case(&last).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.counts_by_phase().await.unwrap(), []);
}

async fn a_case_is_saved_only_from_the_revision_that_was_read(base: Base) {
    let store = base.store().await;
    let mut case = open_case(&store, 4).await;
    let old = case.clone();

    let mut tx = store.begin().await.unwrap();
    case.facts = r#"{"a":1}"#.into();
    case.rev = tx.save_case(&case).await.unwrap();
    assert_eq!(case.rev, 1);
    let stale = tx.save_case(&old).await;
    assert!(matches!(stale, Err(StoreError::Stale { rev: 0, .. })));
    tx.commit().await.unwrap();
    assert_eq!(store.case(case.id).await.unwrap(), Some(case));
}

async fn a_dropped_transaction_never_happened(base: Base) {
    let store = base.store().await;
    let mut tx = store.begin().await.unwrap();
    let case = tx.open_case(&new_case(4)).await.unwrap();
    tx.append_journal(&entry(case.id, 0)).await.unwrap();
    tx.insert_effect(case.id, &effect("branch", "s"))
        .await
        .unwrap();
    drop(tx);
    assert_eq!(store.case(case.id).await.unwrap(), None);
    assert!(store.journal(case.id).await.unwrap().is_empty());
    assert!(store.effects(case.id).await.unwrap().is_empty());
}

async fn the_journal_has_one_entry_for_each_revision(base: Base) {
    let store = base.store().await;
    let case = open_case(&store, 4).await;
    let mut tx = store.begin().await.unwrap();
    tx.append_journal(&entry(case.id, 2)).await.unwrap();
    tx.append_journal(&entry(case.id, 1)).await.unwrap();
    tx.commit().await.unwrap();
    // PostgreSQL goes on with nothing after a refusal.
    let mut tx = store.begin().await.unwrap();
    let twice = tx.append_journal(&entry(case.id, 1)).await.unwrap_err();
    assert!(twice.is_of_the_step(), "{twice}");
    tx.rollback().await.unwrap();
    let revs: Vec<i64> = store
        .journal(case.id)
        .await
        .unwrap()
        .iter()
        .map(|e| e.rev)
        .collect();
    assert_eq!(revs, [1, 2]);
}

async fn foreign_keys_hold(base: Base) {
    let store = base.store().await;
    let lost = NewCase {
        repo_id: 99,
        ..new_case(1)
    };
    let refused = |error: StoreError| assert!(error.is_of_the_step(), "{error}");
    let mut tx = store.begin().await.unwrap();
    refused(tx.open_case(&lost).await.unwrap_err());
    tx.rollback().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    refused(tx.insert_effect(99, &effect("a", "s")).await.unwrap_err());
    tx.rollback().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    refused(tx.append_journal(&entry(99, 1)).await.unwrap_err());
}

async fn repositories_are_known_by_id_and_found_by_name(base: Base) {
    let store = base.store().await;
    assert_eq!(store.repo(REPO).await.unwrap(), Some(repo()));
    let bare = store.installation(3).await.unwrap().unwrap();
    assert_eq!(bare.permissions, "{}", "an installation known by id alone");

    // The name goes over to another repository.
    let renamed = RepoRow {
        id: 8,
        installation_id: None,
        seen_at: 2,
        private: true,
        ..repo()
    };
    store.put_repo(&renamed).await.unwrap();
    let found = store.repo_by_name("Acme", "ROCKET").await.unwrap();
    assert_eq!(found, Some(renamed));
    assert_eq!(store.repos().await.unwrap(), [repo()]);

    let granted = InstallationRow {
        id: 3,
        account: "acme".into(),
        permissions: r#"{"contents":"write"}"#.into(),
        suspended: true,
        removed_at: None,
    };
    store.put_installation(&granted).await.unwrap();
    store.put_repo(&repo()).await.unwrap();
    assert_eq!(store.installations().await.unwrap(), [granted]);

    let mut tx = store.begin().await.unwrap();
    tx.remove_installation(3, 9).await.unwrap();
    assert_eq!(
        tx.repo(REPO).await.unwrap().unwrap().installation_id,
        None,
        "nothing reaches it any more"
    );
    tx.commit().await.unwrap();
    assert!(store.installations().await.unwrap().is_empty());
}

async fn values_outlive_and_the_epoch_is_not_one_of_them(base: Base) {
    let store = base.store().await;
    assert_eq!(store.meta_get("cursor").await.unwrap(), None);
    store.meta_set("cursor", "a").await.unwrap();
    store.meta_set("cursor", "b").await.unwrap();
    assert_eq!(
        store.meta_get("cursor").await.unwrap().as_deref(),
        Some("b")
    );
    store.meta_set("epoch", "9").await.unwrap();
    store.ready().await.unwrap();
    store.close().await;
    assert!(store.ready().await.is_err());
}

on_both!(
    an_issue_has_one_open_case,
    a_case_is_saved_only_from_the_revision_that_was_read,
    a_dropped_transaction_never_happened,
    the_journal_has_one_entry_for_each_revision,
    foreign_keys_hold,
    repositories_are_known_by_id_and_found_by_name,
    values_outlive_and_the_epoch_is_not_one_of_them,
);
