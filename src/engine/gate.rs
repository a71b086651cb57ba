//! Which deliveries are kept: those that concern somebody. What concerns nobody
//! is told from the index in memory and forgotten at once; the rest is told by
//! the same questions as later, when it is worked off.

use std::sync::Arc;

use serde_json::Value;

use super::concerns::{asked_by_pull, proposes};
use super::glance::{concerns_nobody, is_of_no_use};
use super::heard::actor;
use super::route::{changes_labels, wants};
use crate::domain::command::speaks_to_us;
use crate::github::webhook::{Delivery, NotADelivery, RepoRef, What, read, relevant};
use crate::store::{Digest, Fact, Index, Opening, Store, StoreError, digest};

/// What to do with a signed delivery.
#[derive(Debug)]
pub enum Verdict {
    /// It is written down.
    Keep(Fact),
    /// It concerns nobody; the word is for the metrics.
    Drop(&'static str),
}

/// Whether anybody may be concerned.
///
/// # Errors
/// The body is no JSON object (where that is asked at all).
pub fn look(index: &Arc<Index>, event: &str, body: &str) -> Result<Verdict, NotADelivery> {
    if !relevant(event) {
        return Ok(Verdict::Drop("unknown"));
    }
    if concerns_nobody(index, event, body) {
        return Ok(Verdict::Drop("ignored"));
    }
    let delivery = read(event, body.as_bytes())?;
    let Some(opening) = concerns(index, &delivery) else {
        return Ok(Verdict::Drop("ignored"));
    };
    // Facts are plain data; they serialise.
    let json = serde_json::to_string(&delivery).unwrap_or_default();
    Ok(Verdict::Keep(Fact {
        repo_id: delivery.repo.as_ref().map(|repo| repo.id),
        said: said(event, body, &json),
        json,
        opening,
    }))
}

/// The same, where other servers may know more than this one: then the database is
/// asked, for what concerns nobody here may concern a case that another one has just
/// begun.
///
/// # Errors
/// The database does not answer; inside, see [`look`].
pub async fn asked(
    store: &Store,
    event: &str,
    body: &str,
) -> Result<Result<Verdict, NotADelivery>, StoreError> {
    let index = match repo_of(event, body) {
        Some(repo) if store.is_shared() => store.index_of(repo).await?,
        _ => store.index().clone(),
    };
    Ok(look(&index, event, body))
}

/// The repository that it is about, where that may matter.
fn repo_of(event: &str, body: &str) -> Option<i64> {
    #[derive(serde::Deserialize)]
    struct Body {
        repository: Option<Repository>,
    }
    #[derive(serde::Deserialize)]
    struct Repository {
        id: i64,
    }
    if !relevant(event) || is_of_no_use(event) {
        return None;
    }
    let body: Body = serde_json::from_str(body).ok()?;
    body.repository.map(|it| it.id)
}

/// `None` where it concerns nobody; else whether it may begin a case.
fn concerns(index: &Arc<Index>, delivery: &Delivery) -> Option<Option<Opening>> {
    let (always, repo) = match (&delivery.what, &delivery.repo) {
        (What::Installation { .. } | What::InstallationRepositories { .. }, _) => {
            return Some(None);
        }
        (What::Rules | What::Repository { .. }, repo) => (repo.is_some(), repo),
        (What::CommentCreated { comment, .. }, repo) => (speaks_to_us(&comment.body), repo),
        (_, repo) => (false, repo),
    };
    let repo = repo.as_ref()?;
    if let Some(opening) = begins(index, repo, delivery) {
        return Some(Some(opening));
    }
    let is_talk = matches!(delivery.what, What::CommentCreated { .. });
    let concerned = always
        || proposes(repo, delivery, |pull| index.has_proposal(repo.id, pull)).is_some()
        || (!is_talk && wants(repo, delivery).anybody(index, repo.id))
        || (changes_labels(repo, delivery) && index.knows_labels(repo.id));
    concerned.then_some(None)
}

/// Whether it may begin a case; if so its issue counts as open from now on.
fn begins(index: &Arc<Index>, repo: &RepoRef, delivery: &Delivery) -> Option<Opening> {
    match &delivery.what {
        What::IssueLabeled { issue, label }
            if !is_bot(delivery) && index.may_begin(repo.id, label) =>
        {
            Some(index.opening(repo.id, issue.number))
        }
        What::PullLabel { label, .. } if !is_bot(delivery) && index.may_begin(repo.id, label) => {
            asked_by_pull(repo, delivery, "").map(|issue| index.opening(repo.id, issue))
        }
        // Whatever is said to us where there is no case is answered by one. A merged
        // pull request may have had a hotfix of its own.
        What::CommentCreated { issue, comment, .. }
            if !is_bot(delivery) && speaks_to_us(&comment.body) =>
        {
            Some(index.opening(repo.id, issue.number))
        }
        _ => None,
    }
}

/// An App or a bot: its labels begin nothing.
pub(super) fn is_bot(delivery: &Delivery) -> bool {
    delivery.sender.as_ref().is_some_and(|by| actor(by).bot)
}

/// A digest of what is said, told by content, not by bytes: GitHub's log may
/// write the same body otherwise. Words have a number or a time of their own;
/// of the rest the whole body counts.
fn said(event: &str, body: &str, fact: &str) -> Digest {
    let whole;
    let content = match event {
        "issues" | "issue_comment" => fact,
        _ => match serde_json::from_str::<Value>(body) {
            Ok(mut value) => {
                value.sort_all_objects();
                whole = value.to_string();
                &whole
            }
            Err(_) => body,
        },
    };
    digest([event.as_bytes(), content.as_bytes()])
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
