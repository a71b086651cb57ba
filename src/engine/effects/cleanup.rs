//! What is taken away at the end: the branch, a given-up pull request.

use super::{Context, Found, convert, pull, refused};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::{PullKind, Stray};
use crate::github::Error;
use crate::github::ops::{NO_OBJECT, PullPatch, RefUpdate, UpdateRefs};

/// Deletes the branch if it still stands at `expected`: 1 call, which names the
/// repository by its id. Where that is refused 1 more to see why, and 2 to delete it
/// by REST if it stands as expected: the server may not know the guarded way.
pub async fn delete(context: &Context, branch: &str, expected: &Sha) -> Result<Outcome, Error> {
    let name = format!("refs/heads/{branch}");
    if delete_guarded(context, &name, expected).await?.is_none() {
        return Ok(Outcome::BranchDeleted);
    }
    match look_deleted(context, branch, expected).await? {
        Found::Done(outcome) => Ok(outcome),
        Found::Other(message) => Ok(refused(message)),
        Found::In(obstacle) => Ok(Outcome::Refused { obstacle }),
        Found::Not => {
            delete_by_name(context, &name).await?;
            Ok(Outcome::BranchDeleted)
        }
    }
}

/// Deletes a ref if it still is this object: 1 call, 1 more where the repository's
/// GraphQL id is not known. Why it was refused, in words, where it was; empty
/// where the server does not know that way.
pub(super) async fn delete_guarded(
    context: &Context,
    name: &str,
    expected: &Sha,
) -> Result<Option<String>, Error> {
    let repository = context.node_id().await?;
    let gone = RefUpdate {
        name,
        before_oid: expected.as_str(),
        after_oid: NO_OBJECT,
        force: true,
    };
    match context.repo.update_refs(&repository, &[gone]).await {
        Ok(UpdateRefs::Updated) => Ok(None),
        Ok(UpdateRefs::Refused(words)) => Ok(Some(words)),
        Err(Error::NotFound) => Ok(Some(String::new())),
        Err(error) => Err(error),
    }
}

/// Deletes a ref by its name, wherever it points, once the repository's is proven: 2
/// calls.
pub(super) async fn delete_by_name(context: &Context, name: &str) -> Result<(), Error> {
    let there = context.repo.get().await?;
    context.is_ours(there.id)?;
    context.repo.delete_ref(name).await?;
    Ok(())
}

/// Whether the branch is gone: 1 call.
pub async fn look_deleted(context: &Context, branch: &str, expected: &Sha) -> Result<Found, Error> {
    let there = context.repo.git_ref(&format!("heads/{branch}")).await?;
    Ok(match there.map(|r| Sha::new(r.object.sha)) {
        None => Found::Done(Outcome::BranchDeleted),
        Some(head) if head == *expected => Found::Not,
        Some(head) => Found::Other(format!(
            "{branch} is at {}, not at {}: it was not deleted",
            head.short(),
            expected.short()
        )),
    })
}

/// Closes the pull request without merging, if it still brings `branch`: 2
/// calls. Its body says
/// why on top, where there is a line for it.
pub async fn close(
    context: &Context,
    number: u64,
    line: Option<&str>,
    (branch, kind): (&str, PullKind),
) -> Result<Outcome, Error> {
    let pull = pull::look_at(context, number).await?;
    let way = convert::pull(&pull).way;
    // Wherever it goes by now.
    let strays = way.strays(context.repo_id, branch, Some(&way.base));
    if let Some(Stray::Head(_) | Stray::Repository) = strays {
        return Ok(refused(format!(
            "pull request #{number} brings {}, not {branch}: it is left open",
            way.head
        )));
    }
    if pull.is_merged() {
        return Ok(refused(format!("pull request #{number} was merged")));
    }
    let mut patch = PullPatch {
        state: Some("closed".to_owned()),
        ..PullPatch::default()
    };
    if let Some(line) = line.filter(|line| !pull.body.starts_with(line)) {
        patch.body = Some(format!("{line}\n\n{}", pull.body));
    }
    context
        .repo
        .update_pull(convert::id(number)?, &patch)
        .await?;
    Ok(Outcome::PullClosed { pull: kind })
}

/// Whether the pull request is closed: 1 call.
pub async fn look_closed(context: &Context, number: u64, kind: PullKind) -> Result<Found, Error> {
    Ok(match context.repo.pull(convert::id(number)?).await? {
        Some(pull) if pull.is_merged() => {
            Found::Other(format!("pull request #{number} was merged"))
        }
        Some(pull) if pull.state == "open" => Found::Not,
        Some(_) => Found::Done(Outcome::PullClosed { pull: kind }),
        None => Found::Other(format!("pull request #{number} is gone")),
    })
}
