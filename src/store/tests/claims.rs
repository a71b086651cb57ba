use super::*;

async fn one_case_holds_and_the_others_stand_behind(base: Base) {
    let store = base.store().await;
    let (a, b) = (open_case(&store, 1).await.id, open_case(&store, 2).await.id);
    let mut tx = store.begin().await.unwrap();
    let first = tx.claim(REPO, "version", "1.0.5", a, "1.0", 1).await;
    assert_eq!(first.unwrap(), Claim::Taken);
    let own = tx.claim(REPO, "version", "1.0.5", a, "1.0", 2).await;
    assert_eq!(own.unwrap(), Claim::Taken);
    let behind = tx.claim(REPO, "version", "1.0.5", b, "1.0", 3).await;
    assert_eq!(behind.unwrap(), Claim::Behind(a));
    let other = tx.claim(REPO, "tag", "1.0.5", b, "1.0", 3).await;
    assert_eq!(other.unwrap(), Claim::Taken, "of another kind");
    assert_eq!(
        tx.case_by_claim(REPO, "version", "1.0.5").await.unwrap(),
        Some(a)
    );
    assert_eq!(
        tx.case_by_claim(REPO, "version", "9.9.9").await.unwrap(),
        None
    );
    tx.commit().await.unwrap();
    let holder = store.holder(REPO, "version", "1.0.5").await.unwrap();
    assert_eq!(holder.unwrap().line, "1.0");
}

async fn freeing_wakes_who_stands_behind_in_the_same_transaction(base: Base) {
    let store = base.store().await;
    let (a, b) = (open_case(&store, 1).await.id, open_case(&store, 2).await.id);
    let mut tx = store.begin().await.unwrap();
    tx.claim(REPO, "version", "1.0.5", a, "1.0", 1)
        .await
        .unwrap();
    tx.claim(REPO, "branch", "hotfix/1", a, "1.0", 1)
        .await
        .unwrap();
    tx.claim(REPO, "version", "1.0.5", b, "1.0", 1)
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.begin().await.unwrap();
    let woken = tx.free_claims(a, Some("branch"), 40).await.unwrap();
    assert!(woken.is_empty(), "nobody stood behind that");
    assert_eq!(tx.free_claims(a, None, 50).await.unwrap(), [b]);
    assert_eq!(tx.case_by_id(b).await.unwrap().unwrap().wake_at, Some(50));
    assert_eq!(
        tx.case_by_claim(REPO, "version", "1.0.5").await.unwrap(),
        None
    );
    tx.commit().await.unwrap();
    let due: Vec<i64> = store
        .cases_due(50)
        .await
        .unwrap()
        .into_iter()
        .map(|(case, _)| case)
        .collect();
    assert_eq!(due, [b]);

    let mut tx = store.begin().await.unwrap();
    let now = tx.claim(REPO, "version", "1.0.5", b, "1.0", 51).await;
    assert_eq!(now.unwrap(), Claim::Taken);
    let late = tx.claim(REPO, "version", "1.0.5", a, "1.0", 52).await;
    assert_eq!(late.unwrap(), Claim::Behind(b), "it may be taken again");
    assert_eq!(tx.free_claims(b, Some("version"), 53).await.unwrap(), [a]);
}

async fn who_gave_up_waiting_is_not_woken(base: Base) {
    let store = base.store().await;
    let (a, b) = (open_case(&store, 1).await.id, open_case(&store, 2).await.id);
    let mut tx = store.begin().await.unwrap();
    tx.claim(REPO, "tag", "v1", a, "", 1).await.unwrap();
    tx.claim(REPO, "tag", "v1", b, "", 1).await.unwrap();
    tx.free_claims(b, None, 2).await.unwrap();
    assert!(tx.free_claims(a, None, 3).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_that_claim_at_once_one_has_it() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("bot.db").display());
    let store = Store::open(&url).await.unwrap();
    seed(&store).await;
    let mut cases = Vec::new();
    for issue in 1..=8 {
        cases.push(open_case(&store, issue).await.id);
    }
    let tasks: Vec<_> = cases
        .iter()
        .map(|&id| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut tx = store.begin().await.unwrap();
                // Reading before writing is safe: the right to write is taken first.
                tx.case_by_id(id).await.unwrap();
                let claim = tx.claim(REPO, "version", "1.0.5", id, "1.0", 1).await;
                tx.commit().await.unwrap();
                claim.unwrap()
            })
        })
        .collect();
    let mut taken = 0;
    for task in tasks {
        if task.await.unwrap() == Claim::Taken {
            taken += 1;
        }
    }
    assert_eq!(taken, 1);
}

on_both!(
    one_case_holds_and_the_others_stand_behind,
    freeing_wakes_who_stands_behind_in_the_same_transaction,
    who_gave_up_waiting_is_not_woken,
);
