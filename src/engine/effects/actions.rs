//! The repository's own actions and scripts, as far as its workflows use them: fetched
//! here, judged in `procedure::harm`.

use std::collections::BTreeSet;

use super::Context;
use super::files::{gather, text};
use crate::domain::ids::Sha;
use crate::domain::objects::{LocalAction, Workflow};
use crate::domain::procedure::harm;
use crate::domain::workflow_file::is_own;
use crate::github::Error;
use crate::github::ops::ChangedFile;

/// Those of the base that tell whether its workflows are harmless, and what they
/// ship: 1 call for each, 2 where it is called `action.yaml`. Of scripts, 1 for the
/// tree, and 1 for all that lie in it.
pub async fn at_base(
    context: &Context,
    at: &Sha,
    workflows: &[Workflow],
) -> Result<Vec<LocalAction>, Error> {
    fetch(context, at, |known| harm::wanted(workflows, known)).await
}

/// Asks for the scripts among them, so that [`at_base`] need not: 1 call, or none.
pub async fn ahead(context: &Context, at: &Sha, workflows: &[Workflow]) {
    let wanted = harm::wanted(workflows, &[]);
    let scripts = wanted.iter().filter(|folder| is_own(folder));
    let paths: Vec<String> = scripts.flat_map(|folder| harm::files(folder)).collect();
    match paths.as_slice() {
        // What is not there, or not answered, is seen in its turn.
        [path] => drop(text(context, path, at).await),
        _ => gather(context, paths.iter().map(String::as_str), at).await,
    }
}

/// Those that a head changes, or that its changed workflows use anew.
pub async fn at_head(
    context: &Context,
    at: &Sha,
    base: &[String],
    files: &[ChangedFile],
    workflows: &[Workflow],
) -> Result<Vec<LocalAction>, Error> {
    let paths = files.iter().flat_map(|file| {
        let was = file.previous_filename.as_deref();
        was.into_iter().chain([file.filename.as_str()])
    });
    let changed = harm::changed(base, paths);
    let wanted = |known: &[LocalAction]| harm::wanted_at_head(base, &changed, workflows, known);
    fetch(context, at, wanted).await
}

async fn fetch(
    context: &Context,
    at: &Sha,
    wanted: impl Fn(&[LocalAction]) -> Vec<String>,
) -> Result<Vec<LocalAction>, Error> {
    let mut known = Vec::new();
    let mut there: Option<Paths> = None;
    loop {
        let folders = wanted(&known);
        if folders.is_empty() {
            return Ok(known);
        }
        if there.is_none() && folders.iter().any(|folder| is_own(folder)) {
            there = Some(paths(context, at).await?);
        }
        let of = |folder: &str| {
            let mut paths = harm::files(folder);
            // What a build leaves behind is called like what stands in the repository.
            if let Some(Some(there)) = there.as_ref().filter(|_| is_own(folder)) {
                paths.retain(|path| there.contains(path));
            }
            paths
        };
        let all: Vec<String> = folders.iter().flat_map(|folder| of(folder)).collect();
        gather(context, all.iter().map(String::as_str), at).await;
        for folder in folders {
            let text = file(context, at, of(&folder)).await?;
            known.push(LocalAction::read(folder, text.as_deref()));
        }
    }
}

/// The paths of a tree; none: it is too large to be told whole.
type Paths = Option<BTreeSet<String>>;

async fn paths(context: &Context, at: &Sha) -> Result<Paths, Error> {
    let tree = context.repo.tree(at.as_str()).await?;
    let tree = tree.filter(|tree| !tree.truncated);
    Ok(tree.map(|tree| tree.entries.into_iter().map(|entry| entry.path).collect()))
}

async fn file(context: &Context, at: &Sha, paths: Vec<String>) -> Result<Option<String>, Error> {
    for path in paths {
        if let Some(text) = text(context, &path, at).await? {
            return Ok(Some(text));
        }
    }
    Ok(None)
}
