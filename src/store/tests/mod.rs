//! The rules of the store, one by one.

mod cases;
mod claims;
mod dispatch;
mod faults;
mod inbox;
mod index;
mod opening;
mod plans;
mod schedule;
mod sync_outbox;

use super::*;

pub(super) const REPO: i64 = 7;

/// A store in memory that knows one repository.
pub(super) async fn store() -> Store {
    let store = Store::open("sqlite::memory:").await.unwrap();
    seed(&store).await;
    store
}

pub(super) async fn seed(store: &Store) {
    store.put_repo(&repo()).await.unwrap();
}

pub(super) fn repo() -> RepoRow {
    RepoRow {
        id: REPO,
        installation_id: Some(3),
        owner: "acme".into(),
        name: "rocket".into(),
        default_branch: "main".into(),
        html_url: "https://github.test/acme/rocket".into(),
        private: false,
        seen_at: 1,
    }
}

pub(super) fn new_case(issue: i64) -> NewCase {
    NewCase {
        repo_id: REPO,
        issue,
        line: String::new(),
        facts: "{}".into(),
        schema: 1,
        policy_src: None,
        policy: None,
        phase: "assess".into(),
        wake_at: None,
        opened_at: 10,
    }
}

pub(super) async fn open_case(store: &Store, issue: i64) -> CaseRow {
    let mut tx = store.begin().await.unwrap();
    let row = tx.open_case(&new_case(issue)).await.unwrap();
    tx.commit().await.unwrap();
    row
}

pub(super) fn effect(slot: &str, subject: &str) -> NewEffect {
    NewEffect {
        line: "1.0".into(),
        slot: slot.into(),
        subject: subject.into(),
        generation: 1,
        args: "{}".into(),
        lane: Lane::Write,
        class: "unique".into(),
        priority: 3,
        due_at: 100,
    }
}

pub(super) async fn insert(store: &Store, case_id: i64, new: &NewEffect) -> i64 {
    let mut tx = store.begin().await.unwrap();
    let id = tx.insert_effect(case_id, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub(super) async fn complete(store: &Store, fence: Fence) -> bool {
    let mut tx = store.begin().await.unwrap();
    let matched = tx
        .complete_effect(fence, Finish::Done, r#"{"ok":true}"#, 1)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    matched
}

pub(super) async fn state(store: &Store, id: i64) -> State {
    store.effect(id).await.unwrap().unwrap().state
}
