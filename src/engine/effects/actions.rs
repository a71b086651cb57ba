//! The repository's own actions, as far as its workflows use them: fetched here,
//! judged in `procedure::harm`.

use super::Context;
use super::files::text;
use crate::domain::ids::Sha;
use crate::domain::objects::{LocalAction, Workflow};
use crate::domain::procedure::harm;
use crate::github::Error;
use crate::github::ops::ChangedFile;

/// Those of the base that tell whether its workflows are harmless, and what they
/// ship: 1 call for each, 2 where it is called `action.yaml`.
pub async fn at_base(
    context: &Context,
    at: &Sha,
    workflows: &[Workflow],
) -> Result<Vec<LocalAction>, Error> {
    fetch(context, at, |known| harm::wanted(workflows, known)).await
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
    loop {
        let folders = wanted(&known);
        if folders.is_empty() {
            return Ok(known);
        }
        for folder in folders {
            let text = file(context, at, &folder).await?;
            known.push(LocalAction::read(folder, text.as_deref()));
        }
    }
}

async fn file(context: &Context, at: &Sha, folder: &str) -> Result<Option<String>, Error> {
    for path in harm::files(folder) {
        if let Some(text) = text(context, &path, at).await? {
            return Ok(Some(text));
        }
    }
    Ok(None)
}
