//! What takes a release back that failed.

use semver::Version;

use super::convert::is_withdrawn;
use super::{Context, Found, cleanup, convert, pointers, refused, revert, said_no};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::text::notes_with_notice;
use crate::domain::undo::Undo;
use crate::ecosystem;
use crate::github::Error;
use crate::github::ops::{NewIssue, Release, ReleasePatch};
use crate::registry;

/// Whether it is so already.
///
/// # Errors
/// What GitHub or the registry answers.
pub async fn look(context: &Context, undo: &Undo<String>) -> Result<Found, Error> {
    match undo {
        Undo::Yank { package, version } => look_yanked(context, package, version).await,
        Undo::Mark { release, .. } => {
            let there = context.repo.release(convert::id(*release)?).await?;
            Ok(match there {
                None => Found::Other("the release is gone".to_owned()),
                Some(it) if is_withdrawn(it.name.as_deref(), &it.body) => {
                    Found::Done(Outcome::Done)
                }
                Some(_) => Found::Not,
            })
        }
        Undo::Latest { tag, instead } => Ok(match latest(context, tag, *instead).await? {
            true => Found::Done(Outcome::Done),
            false => Found::Not,
        }),
        Undo::Repoint { tag, object, from } => {
            pointers::look_back(context, tag, object, from).await
        }
        Undo::Untag { tag, object } => look_untagged(context, tag, object).await,
        Undo::Revert { branch, base, .. } => revert::look(context, branch, base).await,
        Undo::Report { marker, .. } => Ok(match reported(context, marker).await? {
            Some(number) => Found::Done(Outcome::Reported { number }),
            None => Found::Not,
        }),
    }
}

/// Does it.
///
/// # Errors
/// What GitHub or the registry answers.
pub async fn act(context: &Context, undo: &Undo<String>) -> Result<Outcome, Error> {
    match undo {
        Undo::Yank { package, version } => yank(context, package, version).await,
        Undo::Mark {
            release,
            tag,
            prefix,
            notice,
        } => mark(context, *release, tag, (prefix, notice)).await,
        Undo::Latest { tag, instead } => put_latest(context, tag, *instead).await,
        Undo::Repoint { tag, object, from } => pointers::back(context, tag, object, from).await,
        Undo::Untag { tag, object } => untag(context, tag, object).await,
        Undo::Revert {
            pull,
            commit,
            branch,
            base,
            message,
            title,
            body,
            tag: _,
        } => {
            let asked = revert::Asked {
                pull: *pull,
                commit,
                branch,
                base,
                message,
                title,
                body,
            };
            Box::pin(revert::act(context, asked)).await
        }
        Undo::Report { title, body, .. } => {
            let issue = NewIssue { title, body };
            let made = context.repo.create_issue(&issue).await?;
            let number = convert::count(made.number);
            Ok(Outcome::Reported { number })
        }
    }
}

/// Yanks it: 2 calls to the registry, 1 to GitHub. The token is the server's, for all
/// repositories that it serves, and may do more than this one's people may: it is
/// used only where the package's owners name this repository on the registry. Who
/// may not does not learn it by asking again.
async fn yank(context: &Context, package: &str, version: &str) -> Result<Outcome, Error> {
    let page = context.repo.get().await?.html_url;
    let named = context.registry.crates_io().repository(package).await;
    let named = named.map_err(convert::registry_error)?;
    if !ecosystem::is_named(named.as_deref(), &page) {
        return Ok(refused(format!(
            "the registry does not name this repository as that of {package}, and the server's token is used for no other"
        )));
    }
    match context.registry.crates_io().yank(package, version).await {
        Ok(()) => Ok(Outcome::Done),
        Err(registry::Error::Forbidden(words)) => Ok(said_no(words)),
        Err(registry::Error::NoToken) => Ok(refused(
            "the server has no token of the registry (CRATES_IO_TOKEN)",
        )),
        // Whether it was carried out is looked for.
        Err(registry::Error::Unclear(words)) => Err(Error::Ambiguous(words)),
        Err(error) => Err(convert::registry_error(error)),
    }
}

/// Whether the registry says that it is yanked: 2 calls to it.
async fn look_yanked(context: &Context, package: &str, version: &str) -> Result<Found, Error> {
    let found = context.registry.crates_io().version(package, version).await;
    Ok(match found.map_err(convert::registry_error)? {
        Some(fact) if fact.yanked => Found::Done(Outcome::Done),
        Some(_) => Found::Not,
        None => Found::Other(format!("the registry has no {package} {version}")),
    })
}

/// Marks title and notes, and takes Latest from it: 2 calls, 1 where it is marked
/// already. Everything else of both stays byte for byte.
async fn mark(
    context: &Context,
    release: u64,
    tag: &str,
    (prefix, notice): (&str, &str),
) -> Result<Outcome, Error> {
    let id = convert::id(release)?;
    let there = context.repo.release(id).await?.ok_or(Error::NotFound)?;
    if is_withdrawn(there.name.as_deref(), &there.body) {
        return Ok(Outcome::Done);
    }
    let title = there.name.as_deref().filter(|it| !it.trim().is_empty());
    let title = title.unwrap_or(&there.tag_name);
    let name = match title.starts_with(prefix) {
        true => title.to_owned(),
        false => format!("{prefix}{title}"),
    };
    let body = notes_with_notice(&there.body, notice);
    let patch = ReleasePatch {
        tag_name: tag,
        name: Some(&name),
        body: Some(&body),
        // A draft or a prerelease is never the latest.
        make_latest: (!there.draft && !there.prerelease).then_some("false"),
        ..ReleasePatch::default()
    };
    context.repo.update_release(id, &patch).await?;
    Ok(Outcome::Done)
}

/// Whether the latest is the release of this tag, or a higher one by now that is
/// not the withdrawn one: 1 call.
async fn latest(context: &Context, tag: &str, instead: u64) -> Result<bool, Error> {
    let stands = |it: &Release| {
        let withdrawn = convert::count(it.id) == instead;
        // With the mark Latest fell to whichever GitHub takes for the newest.
        let higher = number(&it.tag_name).zip(number(tag));
        !withdrawn && (it.tag_name == tag || higher.is_some_and(|(it, tag)| it > tag))
    };
    let latest = context.repo.latest_release().await?;
    Ok(latest.as_ref().is_some_and(stands))
}

/// The version in a tag's name.
fn number(tag: &str) -> Option<Version> {
    let from = tag.find(|c: char| c.is_ascii_digit())?;
    Version::parse(tag.get(from..)?).ok()
}

/// Makes the release of this tag the latest: 3 calls, 1 where it is.
async fn put_latest(context: &Context, tag: &str, instead: u64) -> Result<Outcome, Error> {
    if latest(context, tag, instead).await? {
        return Ok(Outcome::Done);
    }
    let Some(good) = context.repo.release_by_tag(tag).await? else {
        return Ok(refused(format!("there is no published release of {tag}")));
    };
    let patch = ReleasePatch {
        tag_name: tag,
        make_latest: Some("true"),
        ..ReleasePatch::default()
    };
    context.repo.update_release(good.id, &patch).await?;
    Ok(Outcome::Done)
}

/// Deletes the tag if it still is this object: 2 calls, 1 more where that is
/// refused, and 1 to delete it by REST where the server does not know the guarded
/// way.
async fn untag(context: &Context, tag: &str, object: &Sha) -> Result<Outcome, Error> {
    let name = format!("refs/tags/{tag}");
    let Some(why) = cleanup::delete_guarded(context, &name, object).await? else {
        return Ok(Outcome::Done);
    };
    match look_untagged(context, tag, object).await? {
        Found::Done(outcome) => Ok(outcome),
        Found::Other(words) => Ok(refused(words)),
        Found::In(obstacle) => Ok(Outcome::Refused { obstacle }),
        Found::Not if !why.is_empty() => Ok(said_no(why)),
        Found::Not => {
            cleanup::delete_by_name(context, &name).await?;
            Ok(Outcome::Done)
        }
    }
}

/// Whether the tag is gone: 1 call.
async fn look_untagged(context: &Context, tag: &str, object: &Sha) -> Result<Found, Error> {
    let there = context.repo.git_ref(&format!("tags/{tag}")).await?;
    Ok(match there.map(|it| Sha::new(it.object.sha)) {
        None => Found::Done(Outcome::Done),
        Some(it) if it == *object => Found::Not,
        Some(it) => Found::Other(format!(
            "the tag {tag} is {} by now, not {}: it is left alone",
            it.short(),
            object.short()
        )),
    })
}

/// The issue of ours with this marker, among the newest 100: 1 call.
async fn reported(context: &Context, marker: &str) -> Result<Option<u64>, Error> {
    let issues = context.repo.newest_issues().await?;
    let ours = issues.iter().find(|issue| {
        let by_us = issue
            .user
            .as_ref()
            .is_some_and(|it| context.is_bot(&it.login));
        by_us && issue.body.trim_start().starts_with(marker)
    });
    Ok(ours.map(|issue| convert::count(issue.number)))
}
