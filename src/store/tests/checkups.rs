//! What the doctor found, and whose turn it is.

use super::*;
use crate::clock::Millis;

const MONTH: Millis = 30 * 86_400_000;

async fn ended(store: &Store, issue: i64, at: Millis) {
    let mut case = open_case(store, issue).await;
    case.over_at = Some(at);
    let mut tx = store.begin().await.unwrap();
    tx.save_case(&case).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_repository_is_looked_at_once_its_hotfix_is_over_and_then_when_it_is_due(base: Base) {
    let store = base.store().await;
    let due = async |active, now| {
        let due = store.checkup_due(active, now).await.unwrap();
        due.map(|it| it.id)
    };
    assert_eq!(due(0, MONTH).await, None, "it never had a hotfix");
    ended(&store, 4, MONTH).await;
    assert_eq!(
        due(MONTH, 2 * MONTH).await,
        None,
        "it was over too long ago"
    );
    assert_eq!(due(MONTH - 1, 2 * MONTH).await, Some(REPO));
    let open = open_case(&store, 5).await;
    assert_eq!(due(0, 2 * MONTH).await, None, "the calls are the hotfix's");
    let mut tx = store.begin().await.unwrap();
    let over = Some(MONTH);
    tx.save_case(&CaseRow {
        over_at: over,
        ..open
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    store.checked_up(REPO, Some("{}"), 3 * MONTH).await.unwrap();
    assert_eq!(due(0, 3 * MONTH - 1).await, None);
    assert_eq!(due(0, 3 * MONTH).await, Some(REPO));
    // One that was never looked at comes first.
    let other = RepoRow {
        id: 8,
        name: "other".into(),
        ..repo()
    };
    store.put_repo(&other).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let case = NewCase {
        repo_id: 8,
        ..new_case(4)
    };
    let mut case = tx.open_case(&case).await.unwrap();
    case.over_at = Some(MONTH);
    tx.save_case(&case).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(due(0, 3 * MONTH).await, Some(8));
    // One that the App was taken off is nobody's to look at.
    let gone = RepoRow {
        installation_id: None,
        ..other
    };
    store.put_repo(&gone).await.unwrap();
    assert_eq!(due(0, 3 * MONTH).await, Some(REPO));
}

async fn what_was_found_stays_where_the_next_look_fails(base: Base) {
    let store = base.store().await;
    assert_eq!(store.checkup(REPO).await.unwrap(), None);
    store.checked_up(REPO, None, 10).await.unwrap();
    assert_eq!(store.checkup(REPO).await.unwrap(), None);
    for found in [Some("{\"at\":1}"), None] {
        store.checked_up(REPO, found, 20).await.unwrap();
        let kept = store.checkup(REPO).await.unwrap();
        assert_eq!(kept.as_deref(), Some("{\"at\":1}"));
    }
}

on_both!(
    a_repository_is_looked_at_once_its_hotfix_is_over_and_then_when_it_is_due,
    what_was_found_stays_where_the_next_look_fails,
);
