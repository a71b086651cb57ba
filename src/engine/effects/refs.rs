//! What branches and tags have in common.

use super::Context;
use crate::domain::ids::Sha;
use crate::github::Error;

/// The branch's head: 1 call.
pub async fn head(context: &Context, branch: &str) -> Result<Option<Sha>, Error> {
    let there = context.repo.git_ref(&format!("heads/{branch}")).await?;
    Ok(there.map(|there| Sha::new(there.object.sha)))
}

/// What keeps a branch, or a tag, of this name from being made, in words: one
/// that is called like a folder of it, or stands below it. GitHub only says that
/// the update failed. 1 call for each folder, and 1.
pub async fn in_the_way(
    context: &Context,
    kind: &str,
    wanted: &str,
) -> Result<Option<String>, Error> {
    let (root, way_out) = match kind {
        "tag" => ("tags", "delete it"),
        _ => ("heads", "rename or delete it"),
    };
    let words = |name: &str| format!("the {kind} {name} is in the way of {wanted}: {way_out}");
    let folders = wanted.match_indices('/');
    for folder in folders.filter_map(|(at, _)| wanted.get(..at)) {
        let there = context.repo.git_ref(&format!("{root}/{folder}")).await?;
        if there.is_some() {
            return Ok(Some(words(folder)));
        }
    }
    let below = format!("refs/{root}/{wanted}/");
    let there = context
        .repo
        .matching_refs(&format!("{root}/{wanted}"))
        .await?;
    let there = there.iter().find(|it| it.name.starts_with(&below));
    let root = format!("refs/{root}/");
    Ok(there.map(|it| words(it.name.trim_start_matches(&root))))
}
