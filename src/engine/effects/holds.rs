//! Whether the default branch holds the fix: the tagged commit itself, or a
//! commit with the same change.

use std::collections::BTreeSet;

use super::Context;
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::Holds;
use crate::domain::objects::{Carry, Observation};
use crate::edits::patch_id::{FilePatch, FileStatus, patch_id};
use crate::github::Error;
use crate::github::ops::ChangedFile;

/// Of so many commits of the default branch the change is read.
const COMMITS: usize = 30;

/// Looks for the fix: 2 calls where the tagged commit is an ancestor; else 1
/// more where a pull request was merged, 1 for the fix, 2 for the forward-port's
/// commit and its merge; where it is not that, 1 for the list and 1 for each
/// commit that touches the fix's first file.
pub async fn read(
    context: &Context,
    carry: &Carry,
    carried: Option<&Sha>,
    merged: Option<&Sha>,
    whole: bool,
) -> Result<Outcome, Error> {
    let repo = &context.repo;
    let branch = context.default_branch.as_str();
    let main = super::branch::head(context, branch).await?;
    let main = main.ok_or(Error::NotFound)?;
    let holds = |by: Option<Sha>| {
        Ok(Outcome::seen(Observation::Holds(Holds {
            main: main.clone(),
            by,
        })))
    };
    if contains(context, &main, &carry.head).await? {
        return holds(Some(carry.head.clone()));
    }
    // A merge counts where the default branch has it: it may have gone elsewhere.
    let merged = match merged {
        Some(merged) if contains(context, &main, merged).await? => Some(merged),
        _ => None,
    };
    if let Some(merged) = merged.filter(|_| whole) {
        return holds(Some(merged.clone()));
    }
    let fix = repo.compare(carry.base.as_str(), carry.head.as_str());
    let fix = fix.await?.ok_or(Error::NotFound)?.files;
    let mut wanted: BTreeSet<String> = change(&fix, carry).into_iter().collect();
    // Where a file has another name here, ours has it too.
    if let Some(carried) = carried
        && let Some(ours) = repo.commit(carried.as_str()).await?
    {
        wanted.extend(change(&ours.files, carry));
    }
    if wanted.is_empty() {
        // Nothing but version, lock file and changelog: the merge is the proof.
        return holds(merged.cloned());
    }
    if let Some(merged) = merged
        && is_one(context, merged, &wanted, carry).await?
    {
        return holds(Some(merged.clone()));
    }
    holds(by_lines(context, carry, branch, &fix, &wanted).await?)
}

/// Whether a commit is the head or one of its ancestors: 1 call.
async fn contains(context: &Context, head: &Sha, commit: &Sha) -> Result<bool, Error> {
    let way = context.repo.compare(head.as_str(), commit.as_str()).await?;
    Ok(way.is_some_and(|way| matches!(way.status.as_str(), "behind" | "identical")))
}

/// The commit of the default branch's history, up to `onto`, that makes the same
/// change as the whole fix, as where the fix was picked from there: 1 call for
/// the list and 1 for each commit that touches the fix's first file.
pub async fn picked_from(
    context: &Context,
    carry: &Carry,
    onto: &Sha,
    fix: &[ChangedFile],
) -> Result<Option<Sha>, Error> {
    let wanted: BTreeSet<String> = change(fix, carry).into_iter().collect();
    if wanted.is_empty() {
        return Ok(None);
    }
    by_lines(context, carry, onto.as_str(), fix, &wanted).await
}

async fn by_lines(
    context: &Context,
    carry: &Carry,
    branch: &str,
    fix: &[ChangedFile],
    wanted: &BTreeSet<String>,
) -> Result<Option<Sha>, Error> {
    let repo = &context.repo;
    let rules: BTreeSet<&str> = carry.package.places().collect();
    let known: BTreeSet<&str> = carry.package.known_places().collect();
    let beyond = |rules: &BTreeSet<&str>| {
        let mut files = fix.iter();
        files.find(|file| !rules.contains(file.filename.as_str()))
    };
    let first = beyond(&rules).or_else(|| beyond(&known));
    if let Some(first) = first {
        for commit in repo.commits_of(branch, &first.filename, COMMITS).await? {
            let commit = Sha::new(commit.sha);
            if is_one(context, &commit, wanted, carry).await? {
                return Ok(Some(commit));
            }
        }
    }
    Ok(None)
}

async fn is_one(
    context: &Context,
    commit: &Sha,
    wanted: &BTreeSet<String>,
    carry: &Carry,
) -> Result<bool, Error> {
    let commit = context.repo.commit(commit.as_str()).await?;
    let change = commit.and_then(|commit| change(&commit.files, carry));
    Ok(change.is_some_and(|change| wanted.contains(&change)))
}

/// Identifies a change by the lines that it adds and takes away, without the
/// places of the version; none where there is nothing else. Files without lines
/// (binary, or too large for GitHub to show) count by what they become.
fn change(files: &[ChangedFile], carry: &Carry) -> Option<String> {
    let rules: BTreeSet<&str> = carry.package.known_places().collect();
    let others: Vec<(&ChangedFile, Option<String>)> = files
        .iter()
        .filter(|file| !rules.contains(file.filename.as_str()))
        .map(|file| {
            let patch = file.patch.as_deref();
            let beside = |patch| {
                carry
                    .package
                    .beside_places(&file.filename, patch, &carry.version)
            };
            (file, patch.map(beside))
        })
        .filter(|(file, patch)| file.patch.is_none() || patch.as_deref() != Some(""))
        .collect();
    let lines: Vec<FilePatch<'_>> = others
        .iter()
        .map(|(file, patch)| FilePatch {
            status: FileStatus::parse(&file.status),
            path: &file.filename,
            previous: file.previous_filename.as_deref(),
            patch: patch.as_deref(),
            blob: file.sha.as_deref(),
        })
        .collect();
    (!others.is_empty()).then(|| patch_id(&lines))
}
