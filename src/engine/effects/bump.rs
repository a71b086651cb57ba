//! The bump: one commit that raises the version in manifest, lock file and
//! changelog.

use super::commit::{self, Onto};
use super::{Context, Found};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::ecosystem::{self, Bump};
use crate::github::Error;

/// Pushes the bump on top of `parent`: 7 calls without a lock file, a changelog
/// and learnt places, and 1 for each of them.
pub async fn push(
    context: &Context,
    branch: &str,
    parent: &Sha,
    wanted: &Bump<'_>,
    message: &str,
) -> Result<Outcome, Error> {
    let spare: Vec<&str> = wanted.package.learnt_places().collect();
    let onto = Onto {
        branch,
        parent,
        what: "the bump",
        spare: &spare,
    };
    let paths: Vec<&str> = wanted.package.places().collect();
    let pushed = commit::push(context, onto, &paths, message, |texts| {
        ecosystem::bump(texts, wanted)
    })
    .await?;
    Ok(pushed.map_or_else(|other| other, |_| Outcome::Done))
}

/// Whether a commit since `parent` is this effect's: 1 or 2 calls.
pub async fn look(context: &Context, branch: &str, parent: &Sha) -> Result<Found, Error> {
    Ok(match commit::look(context, branch, parent).await? {
        Some(_) => Found::Done(Outcome::Done),
        None => Found::Not,
    })
}
