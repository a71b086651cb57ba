//! What the doctor found where, kept for a while: a look costs calls that hotfixes need,
//! too. It does not know who asks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

use crate::clock::Millis;
use crate::domain::quiet_day::Examined;
use crate::store::RepoRow;
use crate::web::future::BoxFuture;

/// What was found counts so long, milliseconds.
const COUNTS: Millis = 10 * 60_000;
/// Asked for anew it is looked at so often at most, milliseconds.
const AGAIN: Millis = 60_000;
/// So many repositories are looked at at one time.
const AT_ONCE: usize = 2;
/// A look ends after this.
const TAKES: Duration = Duration::from_secs(120);
/// So many repositories are remembered.
const REMEMBERED: usize = 200;

/// Why a repository was not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotExamined {
    /// GitHub's calls are for hotfixes now.
    Thrift,
    /// GitHub did not answer, or not to that.
    Failed,
}

/// Looks at repositories with the App's own eyes.
pub trait Examiner: Send + Sync {
    /// What a hotfix of the repository would meet.
    ///
    /// # Errors
    /// It was not looked at.
    fn examine(&self, repo: RepoRow) -> BoxFuture<'_, Result<Examined, NotExamined>>;
}

/// What came of a look.
pub type Found = Result<Arc<Examined>, NotExamined>;

/// The same, once it is there.
pub type Answer = watch::Receiver<Option<Found>>;

/// A look: when it began, and what was found, once it was.
struct Look {
    began: Millis,
    found: Answer,
}

/// The looks of each repository, by its id.
pub struct Doctor {
    examiner: Arc<dyn Examiner>,
    looks: Mutex<HashMap<i64, Look>>,
    turns: Arc<Semaphore>,
}

impl Doctor {
    /// That looks with these eyes.
    pub fn new(examiner: Arc<dyn Examiner>) -> Doctor {
        Doctor {
            examiner,
            looks: Mutex::default(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    fn looks(&self) -> MutexGuard<'_, HashMap<i64, Look>> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The look that counts now; one is begun where there is none.
    pub fn look(
        &self,
        repo: RepoRow,
        fresh: bool,
        now: Millis,
        stopping: CancellationToken,
    ) -> (Millis, Answer) {
        let mut looks = self.looks();
        if let Some(it) = looks.get(&repo.id) {
            let counts = match *it.found.borrow() {
                _ if fresh => AGAIN,
                Some(Ok(_)) => COUNTS,
                _ => AGAIN,
            };
            let under_way = it.found.borrow().is_none() && it.found.has_changed().is_ok();
            if under_way || (it.began..it.began + counts).contains(&now) {
                return (it.began, it.found.clone());
            }
        }
        if looks.len() >= REMEMBERED {
            let oldest = looks.iter().min_by_key(|(_, it)| it.began);
            if let Some(oldest) = oldest.map(|(id, _)| *id) {
                looks.remove(&oldest);
            }
        }
        let (tell, found) = watch::channel(None);
        let look = Look {
            began: now,
            found: found.clone(),
        };
        looks.insert(repo.id, look);
        let (examiner, turns) = (self.examiner.clone(), self.turns.clone());
        // Whoever asked may be gone before it ends; others ask for the same.
        tokio::spawn(stopping.run_until_cancelled_owned(async move {
            let Ok(_turn) = turns.acquire().await else {
                return;
            };
            let found = tokio::time::timeout(TAKES, examiner.examine(repo)).await;
            let found = found.unwrap_or(Err(NotExamined::Failed));
            tell.send_replace(Some(found.map(Arc::new)));
        }));
        (now, found)
    }

    /// The last look, which no other is begun for.
    pub fn last(&self, repo: i64) -> Option<(Millis, Answer)> {
        let looks = self.looks();
        looks.get(&repo).map(|it| (it.began, it.found.clone()))
    }
}
