//! What the pages work with, and how a hotfix is found.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::{IntoResponse, Response};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;

use super::answer::{later, missing};
use super::seen::{Seen, Viewer, seen};
use crate::clock::{Clock, Millis};
use crate::domain::view::View;
use crate::store::{PagedCase, RepoRow, Store, StoreError};

/// What the pages work with.
#[derive(Clone)]
pub struct Pages {
    /// What is shown.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Who looks.
    pub viewer: Viewer,
    /// So many pages are made at one time.
    pub at_once: usize,
    /// Who comes while they are is told to come later after this.
    pub turn: Duration,
    /// So many streams are open at one time; who comes later asks now and then.
    pub streams: usize,
    /// A stream ends after this.
    pub stream_time: Duration,
    /// What changes within this is told once.
    pub gather: Duration,
}

impl Pages {
    /// With the usual bounds.
    pub fn new(store: Store, clock: Clock, viewer: Viewer) -> Pages {
        Pages {
            store,
            clock,
            viewer,
            at_once: 4,
            turn: Duration::from_secs(2),
            streams: 64,
            stream_time: Duration::from_secs(30 * 60),
            gather: Duration::from_secs(1),
        }
    }
}

/// What the handlers share.
pub(super) struct Shared {
    pub(super) pages: Pages,
    room: Semaphore,
    pub(super) streams: Arc<Semaphore>,
    pub(super) stopping: CancellationToken,
}

impl Shared {
    pub(super) fn new(pages: Pages, stopping: CancellationToken) -> Shared {
        Shared {
            room: Semaphore::new(pages.at_once),
            streams: Arc::new(Semaphore::new(pages.streams)),
            pages,
            stopping,
        }
    }
}

/// Why there is no page.
pub(super) enum No {
    /// It is not there, or not for this viewer.
    Missing,
    /// Not now.
    Later,
}

impl From<StoreError> for No {
    fn from(error: StoreError) -> No {
        tracing::warn!(%error, "a page could not be read");
        No::Later
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        match self {
            No::Missing => missing(),
            No::Later => later(),
        }
    }
}

impl Shared {
    pub(super) fn now(&self) -> Millis {
        self.pages.clock.now()
    }

    /// Waits until a page may be made: few are at a time, from the first look into the
    /// store until it is written. Whatever was asked for: how long it takes must not
    /// tell whether it is there.
    pub(super) async fn turn(&self) -> Result<SemaphorePermit<'_>, No> {
        let turn = tokio::time::timeout(self.pages.turn, self.room.acquire()).await;
        turn.ok().and_then(Result::ok).ok_or(No::Later)
    }

    /// Makes something of facts, beside everything else.
    pub(super) async fn made<T: Send + 'static>(
        &self,
        make: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, No> {
        tokio::task::spawn_blocking(make).await.map_err(|error| {
            tracing::error!(%error, "a page could not be made");
            No::Later
        })
    }

    /// A repository by its name, if the viewer sees it.
    pub(super) async fn repo(&self, owner: &str, name: &str) -> Result<RepoRow, No> {
        let found = self.pages.store.repo_by_name(owner, name).await?;
        found
            .filter(|repo| self.pages.viewer.sees_repo(repo))
            .ok_or(No::Missing)
    }

    /// A hotfix by its address, if the viewer sees it, made into something.
    pub(super) async fn hotfix<T: Send + 'static>(
        &self,
        path: Result<Path<[String; 3]>, PathRejection>,
        show: impl FnOnce(&View<'_>) -> T + Send + 'static,
    ) -> Result<(RepoRow, PagedCase, Seen<T>), No> {
        let Path([owner, name, issue]) = path.map_err(|_| No::Missing)?;
        let issue: i64 = issue.parse().map_err(|_| No::Missing)?;
        let repo = self.repo(&owner, &name).await?;
        let case = self.pages.store.paged_case(repo.id, issue).await?;
        let case = case.ok_or(No::Missing)?;
        let viewer = self.pages.viewer;
        let made = self.made(move || {
            let shown = seen(viewer, &case, show);
            shown.map(|shown| (case, shown))
        });
        let (case, shown) = made.await?.ok_or(No::Missing)?;
        Ok((repo, case, shown))
    }
}

/// Which state of which case it is.
pub(super) fn mark(case: i64, rev: i64) -> String {
    format!("{case}.{rev}")
}
