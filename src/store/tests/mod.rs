//! The rules of the store, one by one.

mod cases;
mod checkups;
mod claims;
mod dispatch;
mod faults;
mod inbox;
mod index;
mod opening;
mod plans;
mod scale;
mod schedule;
mod served;
mod servers;
mod sync_outbox;
mod transfer;

#[path = "../../../tests/support/postgres.rs"]
mod postgres;

use super::*;

pub(super) const REPO: i64 = 7;

/// A database of one kind or the other, gone with the test.
pub(super) enum Base {
    File(tempfile::TempDir),
    Server(postgres::Database),
}

impl Base {
    fn file() -> Base {
        Base::File(tempfile::tempdir().unwrap())
    }

    /// None: there is no PostgreSQL here.
    fn server() -> Option<Base> {
        Some(Base::Server(postgres::Database::new()?))
    }

    fn url(&self) -> String {
        match self {
            Base::File(dir) => format!("sqlite:{}", dir.path().join("bot.db").display()),
            Base::Server(database) => database.url(),
        }
    }

    /// A store of its own that knows one repository; without a file where none is
    /// needed.
    pub async fn store(&self) -> Store {
        let store = match self {
            Base::File(_) => Store::open("sqlite::memory:").await.unwrap(),
            Base::Server(_) => self.open().await,
        };
        seed(&store).await;
        store
    }

    /// The store, once those who had it have let go: a lock is let go of by a thread
    /// that is not ours.
    pub async fn open(&self) -> Store {
        loop {
            match Store::open(&self.url()).await {
                Err(StoreError::InUse { .. }) => tokio::task::yield_now().await,
                opened => return opened.unwrap(),
            }
        }
    }
}

/// Each of these holds on both kinds.
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {$(
        mod $test {
            #[tokio::test]
            async fn sqlite() {
                super::$test(super::Base::file()).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(base) = super::Base::server() {
                    super::$test(base).await;
                }
            }
        }
    )*};
}
use on_both;

/// The connection to a file.
pub(super) fn of_file(conn: dialect::PoolConn) -> sqlx::pool::PoolConnection<sqlx::Sqlite> {
    match conn {
        dialect::PoolConn::Sqlite(conn) => conn,
        dialect::PoolConn::Postgres(_) => panic!("it is a file"),
    }
}

/// The connection to a file that writes.
pub(super) async fn writer(store: &Store) -> sqlx::pool::PoolConnection<sqlx::Sqlite> {
    of_file(store.inner.writer.acquire().await.unwrap())
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
