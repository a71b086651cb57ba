//! What is left of set-up while the server works: for the browser that did it, for
//! its hour, how far things are; for everybody, where GitHub leads after an
//! installation. Everything else below `/setup` is 404.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::Mutex;

use super::state::{Finished, Shared};
use super::{guard, pages};
use crate::clock::Millis;
use crate::domain::text::setup as words;
use crate::web::future::BoxFuture;

/// An answer of GitHub's counts for so long, milliseconds: the page renews itself
/// every five seconds.
const FRESH: Millis = 4_000;

/// Asks GitHub on which repositories the App is installed, `owner/name`; none: it
/// does not answer.
pub type Look = Arc<dyn Fn() -> BoxFuture<'static, Option<Vec<String>>> + Send + Sync>;

/// What `/setup/done` shows.
pub struct Rest {
    /// Set-up as it ended.
    pub finished: Finished,
    /// Whether a signed delivery has arrived.
    pub heard: Arc<AtomicBool>,
    /// Where the App is installed.
    pub look: Look,
}

struct Watch {
    rest: Rest,
    seen: Mutex<Option<(Millis, Option<Vec<String>>)>>,
}

/// Around whatever is answered.
async fn protect(request: Request, next: Next) -> Response {
    guard::protected(next.run(request).await, None)
}

/// For everybody and ever: where GitHub leads after each installation, whose
/// parameters anybody can make up, so that they are not read.
pub(in crate::web) fn always(public_url: Option<&str>) -> Router {
    let base = public_url.map(guard::prefix).unwrap_or_default();
    Router::new()
        .route(
            "/setup/installed",
            get(move || async move { installed(&base, None) }),
        )
        .route("/setup/style.css", get(pages::style))
        .layer(from_fn(protect))
}

/// For the browser that set the server up.
pub(in crate::web) fn rest(rest: Rest) -> Router {
    let watch = Arc::new(Watch {
        rest,
        seen: Mutex::new(None),
    });
    Router::new()
        .route("/setup/done", get(done))
        .route("/setup/created", get(created))
        .route("/setup/installed", get(installed_now))
        .route("/setup/again.js", get(pages::again))
        .route("/setup/style.css", get(pages::style))
        .layer(from_fn(protect))
        .with_state(watch)
}

fn installed(base: &str, done: Option<&str>) -> Response {
    let lines = [words::INSTALLED_HOW.to_owned()];
    pages::told(base, StatusCode::OK, words::INSTALLED, &lines, done)
}

/// `GET /setup/installed` in a first run: nothing can have been installed yet.
pub(super) async fn installed_first(State(shared): State<Arc<Shared>>) -> Response {
    installed(&shared.base(), None)
}

/// `GET /setup/installed`: the browser that set the server up is led on.
async fn installed_now(State(watch): State<Arc<Watch>>, headers: HeaderMap) -> Response {
    let finished = &watch.rest.finished;
    let base = guard::prefix(&finished.address);
    let done = format!("{base}/setup/done");
    let link = finished.shared.knows(&headers).then_some(done.as_str());
    installed(&base, link)
}

/// `GET /setup/created` once more, as when a browser loads the page again.
async fn created(
    State(watch): State<Arc<Watch>>,
    headers: HeaderMap,
    Query(_): Query<HashMap<String, String>>,
) -> Response {
    let finished = &watch.rest.finished;
    if !finished.shared.knows(&headers) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let done = format!("{}/setup/done", guard::prefix(&finished.address));
    (StatusCode::SEE_OTHER, [(header::LOCATION, done)]).into_response()
}

/// `GET /setup/done`: how far things are.
async fn done(State(watch): State<Arc<Watch>>, headers: HeaderMap) -> Response {
    let finished = &watch.rest.finished;
    if !finished.shared.knows(&headers) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let repos = watch.repos().await;
    let is_heard = watch.rest.heard.load(Ordering::Relaxed);
    let webhook = format!("{}/webhook", finished.address);
    let page = pages::Done {
        base: &guard::prefix(&finished.address),
        title: words::DONE,
        created: words::created(&finished.name),
        is_heard,
        heard: words::heard(is_heard, &webhook),
        is_installed: repos.as_ref().is_some_and(|all| !all.is_empty()),
        installed: words::installed_on(repos.as_deref()),
        repos: repos.as_deref().unwrap_or_default(),
        install: format!("{}/installations/new", finished.html_url),
    };
    pages::html(StatusCode::OK, &page)
}

impl Watch {
    /// Where the App is installed, asked every few seconds at most.
    async fn repos(&self) -> Option<Vec<String>> {
        let now = self.rest.finished.shared.clock.now();
        let mut seen = self.seen.lock().await;
        if let Some((at, repos)) = seen.as_ref()
            && now - at < FRESH
            && now >= *at
        {
            return repos.clone();
        }
        let repos = (self.rest.look)().await;
        *seen = Some((now, repos.clone()));
        repos
    }
}
