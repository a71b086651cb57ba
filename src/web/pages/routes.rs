//! The addresses of the pages.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::uri::Authority;
use axum::http::{StatusCode, Uri, header};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use tokio_util::sync::CancellationToken;

use super::answer::{data, guarded, kept, page, picture};
use super::assets::asset;
use super::doctor::{doctor, doctor_part};
use super::html::Html;
use super::lists::{everything, of_repository};
use super::live::stream;
use super::measured::Measured;
use super::met::met;
use super::seen::{Seen, Viewer};
use super::shared::{Attempt, No, Pages, Shared, mark, written};
use super::sign_in;
use super::templates::{Around, Frame, Help, HotfixPart, Live, Picture, UnreadablePart};
use super::who::Who;
use crate::domain::command::offered;
use crate::domain::item::Item;
use crate::domain::text::hotfix_page;
use crate::domain::view::View;

/// The addresses of the pages; streams end when `stopping` is cancelled.
pub fn router(pages: Pages, stopping: CancellationToken) -> Router {
    let at_a_desk = pages.viewer == Viewer::Desk;
    let sign_in = pages.sign_in.clone();
    let shared = Arc::new(Shared::new(pages, stopping));
    let router = Router::new()
        .route("/", get(all))
        .route("/part", get(all_part))
        .route("/h/{owner}/{repo}/{issue}", get(hotfix::<false>))
        .route("/h/{owner}/{repo}/{issue}/part", get(hotfix_part))
        .route("/h/{owner}/{repo}/{issue}/events", get(stream))
        .route("/h/{owner}/{repo}/{issue}/timeline.svg", get(timeline))
        .route("/h/{owner}/{repo}/{issue}/timeline.json", get(times))
        .route("/h/{owner}/{repo}/{issue}/print", get(hotfix::<true>))
        .route("/r/{owner}/{repo}", get(repository))
        .route("/r/{owner}/{repo}/part", get(repository_part))
        .route("/doctor/{owner}/{repo}", get(doctor))
        .route("/doctor/{owner}/{repo}/part", get(doctor_part))
        .route("/help", get(help))
        .route("/assets/{digest}/{name}", get(file))
        .route("/robots.txt", get("User-agent: *\nDisallow: /\n"))
        .fallback(async || No::Missing)
        .with_state(shared.clone())
        .merge(sign_in.map(sign_in::router).unwrap_or_default())
        .layer(from_fn_with_state(shared, met))
        .layer(map_response(guarded));
    match at_a_desk {
        true => router.layer(from_fn(of_this_machine)),
        false => router,
    }
}

/// Everything is shown at a desk, so another site's page must not reach it by a name
/// of its own that leads here: only an address, or `localhost`, is answered.
async fn of_this_machine(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST);
    let host = host.map(|host| {
        host.to_str()
            .ok()
            .and_then(|it| it.parse::<Authority>().ok())
    });
    let is_here = |at: &Authority| {
        let name = at.host().trim_start_matches('[').trim_end_matches(']');
        name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
    };
    match host {
        None => next.run(request).await,
        Some(Some(at)) if is_here(&at) => next.run(request).await,
        Some(_) => StatusCode::MISDIRECTED_REQUEST.into_response(),
    }
}

type Address = Result<Path<[String; 3]>, PathRejection>;
type Named = Result<Path<[String; 2]>, PathRejection>;
type Of = State<Arc<Shared>>;
type Asks = Extension<Who>;

/// Which attempt is asked for: `?case=12`. What is no number is no attempt.
fn attempt(uri: &Uri) -> Attempt {
    let asked = uri.query().unwrap_or_default();
    let mut pairs = url::form_urlencoded::parse(asked.as_bytes());
    match pairs.find(|(name, _)| name == "case") {
        Some((_, id)) => Attempt::Case(id.parse().unwrap_or(0)),
        None => Attempt::Newest,
    }
}

/// A hotfix to be read, or to be printed.
enum As {
    Page,
    Print,
}

/// The part that changes, and what is around it.
async fn part_of(
    shared: &Shared,
    who: &Who,
    (path, attempt): (Address, Attempt),
    how: As,
) -> Result<(Frame, Html), No> {
    let now = shared.now();
    let shown = shared.hotfix(who, path, attempt, move |view| hotfix_page(view, now));
    let shown = shown.await?;
    let case = shown.case;
    let number = case.issue;
    let (repo, mark) = (shown.repo.full_name(), mark(case.id, case.rev));
    let base = shared.pages.base.clone();
    let is_newest = shown.attempts.first().is_none_or(|(id, _)| *id == case.id);
    let (title, live, part) = match shown.it {
        Seen::Hotfix(it) => {
            let part = HotfixPart::new(base, repo, &case, mark, &it, now);
            let part = part.among(case.id, &shown.attempts);
            let part = match how {
                As::Page => part,
                As::Print => part.opened(),
            };
            (part.title(), part.live, written(&part)?)
        }
        Seen::Unreadable(why) => {
            let title = format!("stands still: {repo} #{number}");
            let live = is_newest && matches!(how, As::Page);
            let part = UnreadablePart {
                here: format!("{base}/h/{repo}/{}", case.place()),
                base,
                live,
                repo,
                number,
                mark,
                phase: case.phase,
                why,
            };
            (title, live, written(&part)?)
        }
    };
    let frame = match live {
        true => Frame::of_live(&title),
        false => Frame::new(&title),
    };
    Ok((frame.since(shown.repo.since, now), part))
}

/// A hotfix, to be read or to be printed.
async fn hotfix<const PRINTED: bool>(
    State(shared): Of,
    Extension(who): Asks,
    Extension(around): Extension<Around>,
    uri: Uri,
    path: Address,
) -> Result<Response, No> {
    let how = if PRINTED { As::Print } else { As::Page };
    let asked = (path, attempt(&uri));
    let (frame, part) = part_of(&shared, &who, asked, how).await?;
    let frame = frame.of(around);
    Ok(page(&Live { frame, part }))
}

async fn hotfix_part(
    State(shared): Of,
    Extension(who): Asks,
    uri: Uri,
    path: Address,
) -> Result<Response, No> {
    let asked = (path, attempt(&uri));
    let (_, part) = part_of(&shared, &who, asked, As::Page).await?;
    Ok(fragment(&part))
}

fn fragment(part: &Html) -> Response {
    axum::response::Html(part.to_string()).into_response()
}

async fn timeline(
    State(shared): Of,
    Extension(who): Asks,
    uri: Uri,
    path: Address,
) -> Result<Response, No> {
    let now = shared.now();
    let show = move |view: &View<'_>| hotfix_page(view, now);
    let shown = shared.hotfix(&who, path, attempt(&uri), show);
    match shown.await?.it {
        Seen::Hotfix(it) => Ok(picture(&Picture::new(&it.called, &it.times, true))),
        Seen::Unreadable(_) => Err(No::Missing),
    }
}

async fn times(
    State(shared): Of,
    Extension(who): Asks,
    uri: Uri,
    path: Address,
) -> Result<Response, No> {
    let now = shared.now();
    let show = move |view: &View<'_>| hotfix_page(view, now);
    let shown = shared.hotfix(&who, path, attempt(&uri), show).await?;
    match shown.it {
        Seen::Hotfix(it) => {
            let repo = shown.repo.full_name();
            let it = Measured::new(&repo, &shown.case, &it);
            Ok(data(it.json()))
        }
        Seen::Unreadable(_) => Err(No::Missing),
    }
}

async fn all(
    State(shared): Of,
    Extension(who): Asks,
    Extension(around): Extension<Around>,
) -> Result<Response, No> {
    let (part, since) = everything(&shared, &who).await?;
    let title = match part.open.len() {
        0 => "Hotfixes".to_owned(),
        n => format!("{n} under way: hotfixes"),
    };
    let frame = Frame::of_live(&title).of(around);
    let frame = frame.since(since, shared.now());
    let part = written(&part)?;
    Ok(page(&Live { frame, part }))
}

async fn all_part(State(shared): Of, Extension(who): Asks) -> Result<Response, No> {
    let (part, _) = everything(&shared, &who).await?;
    Ok(fragment(&written(&part)?))
}

async fn repository(
    State(shared): Of,
    Extension(who): Asks,
    Extension(around): Extension<Around>,
    path: Named,
) -> Result<Response, No> {
    let (part, since) = of_repository(&shared, &who, path).await?;
    let title = format!("Hotfixes of {}", part.repo.as_deref().unwrap_or_default());
    let frame = Frame::of_live(&title).of(around);
    let frame = frame.since(since, shared.now());
    let part = written(&part)?;
    Ok(page(&Live { frame, part }))
}

async fn repository_part(
    State(shared): Of,
    Extension(who): Asks,
    path: Named,
) -> Result<Response, No> {
    let (part, _) = of_repository(&shared, &who, path).await?;
    Ok(fragment(&written(&part)?))
}

async fn help(Extension(around): Extension<Around>) -> Response {
    let takes_check = |item: &Item| item.takes_check();
    page(&Help {
        frame: Frame::new("Commands").of(around),
        ranks: offered(),
        items: Item::ALL.iter().copied().filter(takes_check).collect(),
    })
}

async fn file(path: Result<Path<[String; 2]>, PathRejection>) -> Response {
    let found = path
        .ok()
        .and_then(|Path([digest, name])| asset(&digest, &name));
    let none = || No::Missing.into_response();
    found.map_or_else(none, |(text, kind)| kept(text, kind))
}
