//! `/doctor/{owner}/{repo}`: what a hotfix would meet there, as `hotfix-bot doctor` says
//! it, for whoever may push. What was found is kept for ten minutes; a look costs calls
//! that hotfixes need, too, so that an open page starts none.

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::{Html as Fragment, IntoResponse as _, Response};

use super::answer::page;
use super::html::Html;
use super::looks::{Found as Looked, NotExamined};
use super::seen::Right;
use super::shared::{Found, No, Shared, written};
use super::sign_in::Asked;
use super::templates::{Around, DoctorPart, Frame, Live, Shown};
use super::who::Who;
use crate::clock::Millis;

type Named = Result<Path<[String; 2]>, PathRejection>;

/// The repository, for whoever may push to it.
async fn theirs(shared: &Shared, who: &Who, path: Named) -> Result<Found, No> {
    let Path([owner, name]) = path.map_err(|_| No::Missing)?;
    let named = (owner.as_str(), name.as_str());
    let eyes = shared.eyes(who, named, Asked::ByName).await?;
    let _turn = shared.turn().await?;
    let found = shared.repo(eyes, &owner, &name).await?;
    match found.right {
        Right::All => Ok(found),
        Right::Invited | Right::Public => Err(No::Missing),
    }
}

fn part(
    shared: &Shared,
    full_name: &str,
    at: Option<Millis>,
    found: Option<&Looked>,
) -> DoctorPart {
    let shown = match found {
        None => Shown::UnderWay,
        Some(Err(NotExamined::Thrift)) => Shown::Spared,
        Some(Err(NotExamined::Failed)) => Shown::Failed,
        Some(Ok(found)) => Shown::at(found),
    };
    DoctorPart::new(&shared.pages.base, full_name, at, shared.now(), shown)
}

/// `GET /doctor/{owner}/{repo}`; `?fresh` looks anew.
pub(super) async fn doctor(
    State(shared): State<Arc<Shared>>,
    Extension(who): Extension<Who>,
    Extension(around): Extension<Around>,
    uri: Uri,
    path: Named,
) -> Result<Response, No> {
    let doctor = shared.doctor.as_ref().ok_or(No::Missing)?;
    let repo = theirs(&shared, &who, path).await?;
    let fresh = uri.query() == Some("fresh");
    let stopping = shared.stopping.clone();
    let (began, mut found) = doctor.look(repo.row.clone(), fresh, shared.now(), stopping);
    let _ = tokio::time::timeout(shared.pages.looks, found.wait_for(Option::is_some)).await;
    let found = found.borrow().clone();
    let full_name = repo.full_name();
    let title = format!("Doctor: {full_name}");
    // Only what is under way is asked for again.
    let frame = match found {
        None => Frame::of_live(&title),
        Some(_) => Frame::new(&title),
    };
    let part: Html = written(&part(&shared, &full_name, Some(began), found.as_ref()))?;
    let frame = frame.of(around).since(repo.since, shared.now());
    Ok(page(&Live { frame, part }))
}

/// `GET /doctor/{owner}/{repo}/part`: how far the look is that was begun.
pub(super) async fn doctor_part(
    State(shared): State<Arc<Shared>>,
    Extension(who): Extension<Who>,
    path: Named,
) -> Result<Response, No> {
    let doctor = shared.doctor.as_ref().ok_or(No::Missing)?;
    let repo = theirs(&shared, &who, path).await?;
    let last = doctor.last(repo.row.id).ok_or(No::Missing)?;
    let (began, found) = last;
    let found = found.borrow().clone();
    let part = part(&shared, &repo.full_name(), Some(began), found.as_ref());
    Ok(Fragment(written(&part)?.to_string()).into_response())
}
