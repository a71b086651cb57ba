//! The change of a release that was taken back, out of the default branch: the way
//! back from what a merge brought, three-way and file by file, by the Git Data API, on
//! a branch and pull request of its own. It is never merged here.

use super::on_main::{self, Parts, Pushed};
use super::trees::{change, entries};
use super::{Context, Found, pick, picked, pull, said_no};
use crate::domain::event::Outcome;
use crate::domain::facts::Reverted;
use crate::domain::ids::Sha;
use crate::domain::obstacle::Obstacle;
use crate::edits::forward_port::{Blobs, Trees};
use crate::github::Error;
use crate::github::ops::TreeChange;

/// What is taken out, and where.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The merged pull request that brought it.
    pub pull: u64,
    /// The commit by which the default branch got it.
    pub commit: &'a Sha,
    /// The branch that it is taken out on.
    pub branch: &'a str,
    /// The default branch.
    pub base: &'a str,
    /// The commit message, without trailers.
    pub message: &'a str,
    /// The pull request's title.
    pub title: &'a str,
    /// Its body.
    pub body: &'a str,
}

/// Whether there is a pull request of that branch, whoever opened it: 1 call.
pub async fn look(context: &Context, branch: &str, base: &str) -> Result<Found, Error> {
    Ok(match pull::look_opened(context, branch, base).await? {
        Found::Done(outcome) => Found::Done(opened(outcome)),
        found => found,
    })
}

/// Pushes the commit and opens the pull request: 1 to 4 calls to see whether the
/// branch is there, 1 for the default branch's head, 1 for the merge, 2 or 3 for what
/// stood before it, 3 for the trees, 1 for each blob that [`pick::merged`] asks for;
/// then tree, commit, ref and pull request. Nothing is written where a file changed
/// since.
pub async fn act(context: &Context, asked: Asked<'_>) -> Result<Outcome, Error> {
    match on_main::look(context, asked.branch, None).await? {
        // The pull request is what is missing.
        Ok(_) => return open(context, asked).await,
        Err(Found::Not) => {}
        Err(Found::Done(outcome)) => return Ok(outcome),
        Err(Found::Other(words)) => return Ok(not(words)),
        Err(Found::In(obstacle)) => return Ok(Outcome::Refused { obstacle }),
    }
    let repo = &context.repo;
    let onto = on_main::head(context).await?;
    let merge = repo.commit(asked.commit.as_str()).await?;
    let merge = merge.ok_or(Error::NotFound)?;
    let Some(before) = picked::before(context, asked.pull, &merge).await? else {
        return Ok(not(format!(
            "nobody can tell from {} which commits #{} became",
            asked.base, asked.pull
        )));
    };
    let with = repo.tree(&merge.sha).await?.ok_or(Error::NotFound)?;
    let without = repo.tree(&before).await?.ok_or(Error::NotFound)?;
    let main = repo.tree(onto.as_str()).await?.ok_or(Error::NotFound)?;
    if with.truncated || without.truncated || main.truncated {
        return Ok(not(
            "the repository has more files than GitHub tells at a time",
        ));
    }
    let trees = Trees {
        base: entries(&with),
        hotfix: entries(&without),
        main: entries(&main),
    };
    let found = pick::merged(context, &trees, &[], &mut Blobs::new()).await?;
    if !found.conflicts.is_empty() {
        let files = found.conflicts.into_iter();
        return Ok(Outcome::Reverted(Reverted {
            files: files.map(|(path, why)| (path, why.into())).collect(),
            ..Reverted::default()
        }));
    }
    if found.changes.is_empty() {
        return Ok(Outcome::Reverted(Reverted::default()));
    }
    let changes: Vec<TreeChange> = found.changes.into_iter().map(change).collect();
    let parts = Parts {
        onto: &onto,
        tree: &main.sha,
        changes: &changes,
        message: &context.signed(asked.message, &[]),
    };
    match on_main::push(context, asked.branch, None, parts).await? {
        Pushed::Stands(_) => open(context, asked).await,
        Pushed::Exists => Ok(not(format!("the branch {} exists already", asked.branch))),
        Pushed::Refused(words) => Ok(said_no(words)),
    }
}

async fn open(context: &Context, asked: Asked<'_>) -> Result<Outcome, Error> {
    let made = pull::open(
        context,
        asked.branch,
        asked.base,
        asked.title,
        asked.body,
        true,
    );
    Ok(opened(made.await?))
}

/// The pull request is there; whatever else came is as it came.
fn opened(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::PullOpened { number, .. } => Outcome::Reverted(Reverted {
            pull: Some(number),
            ..Reverted::default()
        }),
        outcome => outcome,
    }
}

fn not(why: impl Into<String>) -> Outcome {
    Outcome::Reverted(Reverted {
        why: Some(Obstacle::Found(why.into().into())),
        ..Reverted::default()
    })
}
