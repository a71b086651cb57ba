//! The way through set-up, from the token to the App's keys.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tower_http::timeout::TimeoutLayer;

use super::backend::{NotCreated, SetUp};
use super::lock::Refused;
use super::pages::{self, Choice};
use super::state::{Finished, Inner, Outcome, Shared};
use super::{finished, guard};
use crate::domain::text::setup::{self as words, Failed, Locked, NotTaken};
use crate::domain::text::{Asking, LONGEST_NAME, manifest, utc_time};
use crate::web::browser::{origin, random, same_origin};

/// Larger than any form of ours, bytes.
const LARGEST: usize = 16 * 1024;
/// Longer than GitHub is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn router(
    setup: SetUp,
    ended: oneshot::Sender<Outcome>,
    stopping: CancellationToken,
) -> Router {
    let shared = Arc::new(Shared::new(setup, ended, stopping));
    Router::new()
        .route("/setup", get(begin))
        .route("/setup/unlock", post(unlock))
        .route("/setup/manifest", post(hand_over))
        .route("/setup/created", get(created))
        .route("/setup/installed", get(finished::installed_first))
        .route("/setup/credentials.env", get(download))
        .route("/setup/stored", post(stored))
        .route("/setup/style.css", get(pages::style))
        .route("/setup/unlock.js", get(pages::script))
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(from_fn_with_state(shared.clone(), guarded))
        .route("/webhook", any(no_webhook))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            PATIENCE,
        ))
        .with_state(shared)
}

/// Looks where a POST comes from, and puts the headers around whatever is answered.
async fn guarded(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let ours = shared.inner().set.clone();
    let is_read = matches!(request.method().as_str(), "GET" | "HEAD");
    let response = if is_read || same_origin(request.headers(), ours.as_deref()) {
        next.run(request).await
    } else {
        pages::failed(&shared.base(), StatusCode::FORBIDDEN, &Failed::CrossSite)
    };
    guard::protected(response, origin(&shared.github).as_deref())
}

async fn no_webhook() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, "not set up yet\n").into_response()
}

/// Ready for what it can do by now, so that a load balancer leads people to it.
async fn ready(State(shared): State<Arc<Shared>>) -> Response {
    match shared.stopping.is_cancelled() {
        true => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response(),
        false => "set-up\n".into_response(),
    }
}

/// `GET /setup`.
async fn begin(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let base = shared.base();
    if !shared.knows(&headers) {
        shared.look_for_a_new_token();
        let closed = shared.inner().lock.closed(shared.clock.now());
        return refused(&base, closed);
    }
    let inner = shared.inner();
    match &inner.unkept {
        Some((_, why)) => keep_page(&base, &shared.file, why),
        None => pages::choose(&base, &inner.choice, inner.set.as_deref(), None),
    }
}

/// The page that asks for the token, or says why none is taken.
fn refused(base: &str, why: Option<Refused>) -> Response {
    let at;
    let why = match why {
        None => None,
        Some(Refused::Wrong) => Some(Locked::Wrong),
        Some(Refused::TooMany) => Some(Locked::TooMany),
        Some(Refused::Expired) => Some(Locked::Expired),
        Some(Refused::Burnt(then)) => {
            at = utc_time(then, then);
            Some(Locked::Elsewhere(&at))
        }
    };
    pages::unlock(base, why)
}

/// The fields of a form; the last of a name counts, and `wish` comes often.
fn fields(body: &Bytes) -> (HashMap<String, String>, Vec<String>) {
    let mut all = HashMap::new();
    let mut wished = Vec::new();
    for (name, value) in url::form_urlencoded::parse(body) {
        match name.as_ref() {
            "wish" => wished.push(value.into_owned()),
            _ => {
                all.insert(name.into_owned(), value.trim().to_owned());
            }
        }
    }
    (all, wished)
}

/// `POST /setup/unlock`: the token for a cookie.
async fn unlock(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    shared.look_for_a_new_token();
    let (mut fields, _) = fields(&body);
    let token = fields.remove("token").unwrap_or_default();
    let base = shared.base();
    let browser = match random() {
        Ok(browser) => browser,
        Err(error) => {
            tracing::error!(error, "nobody can be let in");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let now = shared.clock.now();
    let (entered, secure) = {
        let mut inner = shared.inner();
        let secure = guard::by_https(&headers, inner.set.as_deref());
        (inner.lock.unlock(&token, &browser, now), secure)
    };
    match entered {
        Ok(()) => {
            tracing::warn!("a browser was let in to set the server up");
            let set = [
                (header::SET_COOKIE, guard::cookie(&browser, secure)),
                (header::LOCATION, format!("{base}/setup")),
            ];
            (StatusCode::SEE_OTHER, set).into_response()
        }
        Err(why) => refused(&base, Some(why)),
    }
}

/// `POST /setup/manifest`: the choice for the form that leads to GitHub.
async fn hand_over(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let base = shared.base();
    if !shared.knows(&headers) {
        return pages::failed(&base, StatusCode::FORBIDDEN, &Failed::Stranger);
    }
    let Ok(state) = random() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let (fields, wished) = fields(&body);
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let choice = Choice {
        is_org: field("where") == "org",
        org: field("org"),
        name: field("name"),
        url: field("url"),
        wished,
    };
    let now = shared.clock.now();
    let mut inner = shared.inner();
    inner.choice = choice;
    let (name, address) = match taken(&shared, &inner, &headers) {
        Ok(taken) => taken,
        Err(why) => {
            return pages::choose(&base, &inner.choice, inner.set.as_deref(), Some(&why));
        }
    };
    inner.lock.hand_over(&state, now);
    if inner.set.is_none() {
        inner.typed = Some(address.clone());
    }
    let choice = &inner.choice;
    let wished: Vec<&str> = choice.wished.iter().map(String::as_str).collect();
    let manifest = manifest(&Asking {
        name: &name,
        url: &address,
        wished: &wished,
    });
    let github = &shared.github;
    let action = match choice.is_org {
        true => format!(
            "{github}/organizations/{}/settings/apps/new?state={state}",
            choice.org
        ),
        false => format!("{github}/settings/apps/new?state={state}"),
    };
    let page = pages::Handover {
        base: &guard::prefix(&address),
        title: words::HANDOVER,
        action: &action,
        manifest: manifest.to_string(),
        shown: format!("{manifest:#}"),
    };
    let mut response = pages::html(StatusCode::OK, &page);
    // With `same-origin` GitHub would be told `Origin: null`. It may know where the
    // form stood: the manifest says so anyway, and the path holds no secret.
    response.headers_mut().insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("strict-origin"),
    );
    response
}

/// The App's name and the server's address, if all of the choice can be taken.
fn taken(
    shared: &Shared,
    inner: &Inner,
    headers: &HeaderMap,
) -> Result<(String, String), NotTaken> {
    let choice = &inner.choice;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let is_org = (1..=39).contains(&choice.org.len()) && choice.org.bytes().all(plain);
    if choice.is_org && !is_org {
        return Err(NotTaken::Organisation);
    }
    let name = match (choice.name.as_str(), choice.is_org) {
        ("", true) => {
            let whole = format!("{} {}", words::PRODUCT, choice.org);
            whole.chars().take(LONGEST_NAME).collect()
        }
        ("", false) => words::PRODUCT.to_owned(),
        (name, _) => name.to_owned(),
    };
    if name.chars().count() > LONGEST_NAME {
        return Err(NotTaken::Name);
    }
    let address = match &inner.set {
        Some(set) => set.clone(),
        None => shared
            .backend
            .address(&choice.url)
            .map_err(NotTaken::Address)?,
    };
    if shared.backend.unreachable(&address) {
        return Err(NotTaken::Unreachable(address));
    }
    // The browser is known here by its cookie; at another address it would not be.
    let here = headers.get(header::ORIGIN).and_then(|it| it.to_str().ok());
    if here.is_some_and(|here| origin(&address).as_deref() != Some(here)) {
        return Err(NotTaken::OtherAddress(address));
    }
    Ok((name, address))
}

/// `GET /setup/created?code&state`: GitHub leads the browser back.
async fn created(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let base = shared.base();
    let failed = |status, why: &Failed| pages::failed(&base, status, why);
    if !shared.knows(&headers) {
        return failed(StatusCode::FORBIDDEN, &Failed::Stranger);
    }
    let text = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (code, state) = (text("code"), text("state"));
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    if code.is_empty() || code.len() > 255 || !code.bytes().all(plain) {
        return failed(StatusCode::BAD_REQUEST, &Failed::NoCode);
    }
    if !shared.inner().lock.take_state(&state, shared.clock.now()) {
        return failed(StatusCode::FORBIDDEN, &Failed::State);
    }
    // GitHub hands the keys out once: whoever leaves now must not take them along.
    let kept = tokio::spawn(convert(shared.clone(), code, state)).await;
    kept.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// The code for the App's keys, which are kept before anything is answered.
async fn convert(shared: Arc<Shared>, code: String, state: String) -> Response {
    let base = shared.base();
    let created = match shared.backend.convert(code).await {
        Ok(created) => created,
        Err(NotCreated::Code) => {
            let apps = shared.apps();
            return pages::failed(&base, StatusCode::BAD_REQUEST, &Failed::Code(apps));
        }
        Err(NotCreated::Unreached(why)) => {
            tracing::error!(error = why, "GitHub does not hand out the App's keys");
            // The same code is tried again by loading the page anew.
            let now = shared.clock.now();
            shared.inner().lock.hand_over(&state, now);
            return pages::failed(&base, StatusCode::BAD_GATEWAY, &Failed::Unreached(why));
        }
    };
    let address = shared.inner().address().unwrap_or_default().to_owned();
    if let Err(why) = shared.backend.keep(&created, &address) {
        tracing::error!(
            error = why,
            file = shared.file,
            "the App's credentials cannot be kept"
        );
        let page = keep_page(&base, &shared.file, &why);
        shared.inner().unkept = Some((created, why));
        return page;
    }
    tracing::info!(app = created.id, name = created.name, "the App is created");
    let install = format!(
        "{}/installations/new?state={}",
        created.html_url,
        random().unwrap_or_default()
    );
    shared.end(Outcome::Kept(Finished {
        shared: shared.clone(),
        name: created.name,
        html_url: created.html_url,
        address,
    }));
    (StatusCode::SEE_OTHER, [(header::LOCATION, install)]).into_response()
}

fn keep_page(base: &str, file: &str, why: &str) -> Response {
    let page = pages::Keep {
        base,
        title: words::KEEP,
        why: words::keep(file, why),
    };
    pages::html(StatusCode::OK, &page)
}

/// `GET /setup/credentials.env`: what could not be kept, for the one browser.
async fn download(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if !shared.knows(&headers) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let inner = shared.inner();
    let Some((created, _)) = &inner.unkept else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let address = inner.address().unwrap_or_default();
    match shared.backend.file(created, address) {
        Ok(text) => {
            let head = [
                (header::CONTENT_TYPE, "application/octet-stream"),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"credentials.env\"",
                ),
            ];
            (head, text.as_bytes().to_vec()).into_response()
        }
        Err(error) => {
            tracing::error!(error, "the App's credentials do not fit into a file");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// `POST /setup/stored`: somebody took the file along.
async fn stored(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let base = shared.base();
    if !shared.knows(&headers) {
        return pages::failed(&base, StatusCode::FORBIDDEN, &Failed::Stranger);
    }
    let Some((created, _)) = shared.inner().unkept.take() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let install = format!("{}/installations/new", created.html_url);
    let lines = [words::ENDED_HOW.to_owned()];
    let page = pages::told(&base, StatusCode::OK, words::ENDED, &lines, Some(&install));
    shared.end(Outcome::TakenAlong);
    page
}
