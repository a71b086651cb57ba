//! The stream that says when a hotfix changed, and nothing else: what changed is
//! asked for again, with the rights of whoever asks.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderName, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};

use super::seats::{NoSeat, Seat};
use super::shared::{Attempt, No, Shared, mark};
use super::who::Who;

/// A sign of life, which also finds out who is gone; a browser takes it for
/// nothing.
const PING: Duration = Duration::from_secs(15);

/// What a stream remembers.
struct Told {
    shared: Arc<Shared>,
    who: Who,
    path: [String; 3],
    repo: i64,
    issue: i64,
    line: String,
    changes: watch::Receiver<u64>,
    last: Option<(i64, i64)>,
    ends: Instant,
    _seat: Seat,
}

/// `GET /h/{owner}/{repo}/{issue}/events`.
pub(super) async fn stream(
    State(shared): State<Arc<Shared>>,
    Extension(who): Extension<Who>,
    path: Result<Path<[String; 3]>, PathRejection>,
) -> Result<Response, No> {
    let Path(path) = path.map_err(|_| No::Missing)?;
    let seat = shared.seats.take(&who).map_err(|why| match why {
        NoSeat::Enough => No::Enough,
        NoSeat::Full => No::Later,
    })?;
    // Before anything is looked at: what changes after that look is told.
    let changes = shared.pages.store.work_changes();
    let shown = shared.hotfix(&who, Ok(Path(path.clone())), Attempt::Newest, |_| ());
    let shown = shown.await?;
    let told = Told {
        who,
        path,
        repo: shown.repo.row.id,
        issue: shown.case.issue,
        line: shown.case.line,
        changes,
        last: None,
        ends: Instant::now() + shared.pages.stream_time,
        _seat: seat,
        shared,
    };
    let events = stream::unfold(told, |mut told| async move {
        let mark = told.next().await?;
        let event = Event::default().event("changed").data(mark);
        Some((Ok::<_, Infallible>(event), told))
    });
    let headers = [
        (header::CACHE_CONTROL, "no-store, no-transform"),
        // Proxies of this kind hold what streams otherwise.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(PING));
    Ok((headers, sse).into_response())
}

impl Told {
    /// The next state that was not told yet, the present one at first; none: the
    /// stream ends.
    async fn next(&mut self) -> Option<String> {
        let stopping = self.shared.stopping.clone();
        let changed = timeout_at(self.ends, self.changed());
        stopping.run_until_cancelled(changed).await?.ok()?
    }

    async fn changed(&mut self) -> Option<String> {
        loop {
            self.changes.borrow_and_update();
            let store = &self.shared.pages.store;
            let now = store.paged_rev(self.repo, self.issue, &self.line);
            let now = now.await.ok()?;
            if now != self.last {
                // A right may be gone by now.
                let path = Ok(Path(self.path.clone()));
                let newest = Attempt::Newest;
                let sees = self.shared.hotfix(&self.who, path, newest, |_| ());
                sees.await.ok()?;
                self.last = now;
                return now.map(|(case, rev)| mark(case, rev));
            }
            self.changes.changed().await.ok()?;
            sleep(self.shared.pages.gather).await;
        }
    }
}
