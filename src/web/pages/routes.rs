//! The addresses of the pages.

use std::net::IpAddr;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::uri::Authority;
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio_util::sync::CancellationToken;

use super::answer::{guarded, kept, missing, page, picture};
use super::assets::asset;
use super::html::Html;
use super::live::stream;
use super::seen::{Seen, Viewer, seen};
use super::shared::{No, Pages, Shared, mark};
use super::templates::{
    Frame, Help, HotfixPart, Line, ListPart, Live, Picture, Recovery, UnreadablePart,
};
use crate::clock::Millis;
use crate::domain::command::offered;
use crate::domain::item::Item;
use crate::domain::text::{self, duration, hotfix_page, listed_page};
use crate::domain::view::View;
use crate::store::RepoRow;

/// So many hotfixes of a kind stand in a list.
const LISTED: i64 = 25;

/// So many of a repository count for its recovery time.
const COUNTED: i64 = 100;

/// The addresses of the pages; streams end when `stopping` is cancelled.
pub fn router(pages: Pages, stopping: CancellationToken) -> Router {
    let at_a_desk = pages.viewer == Viewer::Desk;
    let shared = Arc::new(Shared::new(pages, stopping));
    let router = Router::new()
        .route("/", get(all))
        .route("/part", get(all_part))
        .route("/h/{owner}/{repo}/{issue}", get(hotfix))
        .route("/h/{owner}/{repo}/{issue}/part", get(hotfix_part))
        .route("/h/{owner}/{repo}/{issue}/events", get(stream))
        .route("/h/{owner}/{repo}/{issue}/timeline.svg", get(timeline))
        .route("/r/{owner}/{repo}", get(repository))
        .route("/r/{owner}/{repo}/part", get(repository_part))
        .route("/help", get(help))
        .route("/assets/{digest}/{name}", get(file))
        .route("/robots.txt", get("User-agent: *\nDisallow: /\n"))
        .fallback(async || missing())
        .layer(map_response(guarded))
        .with_state(shared);
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
type Of = State<Arc<Shared>>;

fn full_name(repo: &RepoRow) -> String {
    format!("{}/{}", repo.owner, repo.name)
}

/// The part that changes, and the title of the window.
async fn part_of(shared: &Shared, path: Address) -> Result<(String, Html), No> {
    let now = shared.now();
    let found = shared.hotfix(path, move |view| hotfix_page(view, now));
    let (repo, case, shown) = found.await?;
    let (repo, mark) = (full_name(&repo), mark(case.id, case.rev));
    let number = case.issue;
    Ok(match shown {
        Seen::Hotfix(it) => {
            let part = HotfixPart::new(repo, number, mark, &it, now);
            (part.title(), written(&part)?)
        }
        Seen::Unreadable(why) => {
            let title = format!("stands still: {repo} #{number}");
            let part = UnreadablePart {
                here: format!("/h/{repo}/{number}"),
                repo,
                number,
                mark,
                phase: case.phase,
                why,
            };
            (title, written(&part)?)
        }
    })
}

fn written(template: &impl Template) -> Result<Html, No> {
    Html::of(template).map_err(|error| {
        tracing::error!(%error, "a page could not be written");
        No::Later
    })
}

async fn hotfix(State(shared): Of, path: Address) -> Result<Response, No> {
    let _turn = shared.turn().await?;
    let (title, part) = part_of(&shared, path).await?;
    let frame = Frame::of_live(&title);
    Ok(page(&Live { frame, part }))
}

async fn hotfix_part(State(shared): Of, path: Address) -> Result<Response, No> {
    let _turn = shared.turn().await?;
    let (_, part) = part_of(&shared, path).await?;
    Ok(fragment(&part))
}

fn fragment(part: &Html) -> Response {
    axum::response::Html(part.to_string()).into_response()
}

async fn timeline(State(shared): Of, path: Address) -> Result<Response, No> {
    let _turn = shared.turn().await?;
    let now = shared.now();
    let found = shared.hotfix(path, move |view| hotfix_page(view, now));
    let (_, _, shown) = found.await?;
    match shown {
        Seen::Hotfix(it) => Ok(picture(&Picture::new(&it.called, &it.times, true))),
        Seen::Unreadable(_) => Err(No::Missing),
    }
}

/// The lines of some cases, and those that cannot be read.
type Lines = (Vec<Line>, Vec<(String, String)>);

async fn lines(shared: &Shared, repos: &[RepoRow], over: bool) -> Result<Lines, No> {
    let ids: Vec<i64> = repos.iter().map(|repo| repo.id).collect();
    let cases = shared.pages.store.paged_cases(&ids, over, LISTED).await?;
    let names: Vec<(i64, String)> = repos.iter().map(|it| (it.id, full_name(it))).collect();
    let (viewer, now) = (shared.pages.viewer, shared.now());
    let made = shared.made(move || {
        let (mut lines, mut unreadable) = (Vec::new(), Vec::new());
        for case in &cases {
            let name = names.iter().find(|(id, _)| *id == case.repo_id);
            let Some((_, name)) = name else { continue };
            match seen(viewer, case, |view| listed_page(view, now)) {
                Some(Seen::Hotfix(it)) => lines.push(Line::new(name, case.issue, &it)),
                Some(Seen::Unreadable(_)) => unreadable.push((
                    format!("/h/{name}/{}", case.issue),
                    format!("{name} #{}", case.issue),
                )),
                None => {}
            }
        }
        (lines, unreadable)
    });
    made.await
}

async fn list(shared: &Shared, repos: &[RepoRow]) -> Result<ListPart, No> {
    let (open, mut unreadable) = lines(shared, repos, false).await?;
    let (over, more) = lines(shared, repos, true).await?;
    unreadable.extend(more);
    Ok(ListPart {
        repo: None,
        here: "/".to_owned(),
        open,
        over,
        unreadable,
        recovery: None,
    })
}

async fn everything(shared: &Shared) -> Result<ListPart, No> {
    let mut repos = shared.pages.store.repos_with_cases().await?;
    repos.retain(|repo| shared.pages.viewer.sees_repo(repo));
    list(shared, &repos).await
}

async fn all(State(shared): Of) -> Result<Response, No> {
    let _turn = shared.turn().await?;
    let part = everything(&shared).await?;
    let title = match part.open.len() {
        0 => "Hotfixes".to_owned(),
        n => format!("{n} under way: hotfixes"),
    };
    let (frame, part) = (Frame::of_live(&title), written(&part)?);
    Ok(page(&Live { frame, part }))
}

async fn all_part(State(shared): Of) -> Result<Response, No> {
    let _turn = shared.turn().await?;
    Ok(fragment(&written(&everything(&shared).await?)?))
}

type Named = Result<Path<[String; 2]>, PathRejection>;

async fn of_repository(shared: &Shared, path: Named) -> Result<ListPart, No> {
    let Path([owner, name]) = path.map_err(|_| No::Missing)?;
    let repo = shared.repo(&owner, &name).await?;
    let repos = std::slice::from_ref(&repo);
    let part = list(shared, repos).await?;
    // One without hotfixes is no other than one that is not there.
    if part.open.is_empty() && part.over.is_empty() && part.unreadable.is_empty() {
        return Err(No::Missing);
    }
    let name = full_name(&repo);
    Ok(ListPart {
        here: format!("/r/{name}"),
        repo: Some(name),
        recovery: recovery(shared, repo.id).await?,
        ..part
    })
}

/// How long users waited, over the newest hotfixes that were released.
async fn recovery(shared: &Shared, repo: i64) -> Result<Option<Recovery>, No> {
    let store = &shared.pages.store;
    let cases = store.paged_cases(&[repo], true, COUNTED).await?;
    let viewer = shared.pages.viewer;
    let made = shared.made(move || {
        let took = |view: &View<'_>| {
            let took = view.facts.recovery()?.took;
            let target = view.policy.timeline.total.target.millis();
            Some((took, took <= target))
        };
        // What they may not know of does not count either.
        let facts = cases
            .iter()
            .filter_map(|case| match seen(viewer, case, took) {
                Some(Seen::Hotfix(took)) => took,
                _ => None,
            });
        let all: Vec<(Millis, bool)> = facts.collect();
        let mut took: Vec<Millis> = all.iter().map(|(took, _)| *took).collect();
        Some(Recovery {
            count: all.len(),
            worst: duration(*took.iter().max()?),
            median: duration(text::median(&mut took)?),
            in_target: all.iter().filter(|(_, in_target)| *in_target).count(),
        })
    });
    made.await
}

async fn repository(State(shared): Of, path: Named) -> Result<Response, No> {
    let _turn = shared.turn().await?;
    let part = of_repository(&shared, path).await?;
    let title = format!("Hotfixes of {}", part.repo.as_deref().unwrap_or_default());
    let (frame, part) = (Frame::of_live(&title), written(&part)?);
    Ok(page(&Live { frame, part }))
}

async fn repository_part(State(shared): Of, path: Named) -> Result<Response, No> {
    let _turn = shared.turn().await?;
    let part = of_repository(&shared, path).await?;
    Ok(fragment(&written(&part)?))
}

async fn help() -> Response {
    let takes_check = |item: &Item| item.takes_check();
    page(&Help {
        frame: Frame::new("Commands"),
        ranks: offered(),
        items: Item::ALL.iter().copied().filter(takes_check).collect(),
    })
}

async fn file(path: Result<Path<[String; 2]>, PathRejection>) -> Response {
    let found = path
        .ok()
        .and_then(|Path([digest, name])| asset(&digest, &name));
    found.map_or_else(missing, |(text, kind)| kept(text, kind))
}
