//! Which packages are released together, and where their version stands: asks
//! for what `ecosystem` wants to read.

use std::collections::BTreeSet;

use super::files::text;
use super::{Context, convert};
use crate::domain::ids::Sha;
use crate::domain::objects::Package;
use crate::ecosystem::{self, Files, Kind, Release, Wanted};
use crate::github::Error;
use crate::registry::index_path;

/// The package, which versions the registry has, and what was read; or in words why nothing
/// can be raised. 1 call for each file that is wanted, 1 for the tree where
/// there is a workspace, and 1 to the registry for each package that is
/// published.
pub async fn read(
    context: &Context,
    release: &Release<'_>,
    at: &Sha,
) -> Result<Result<(Package, BTreeSet<String>, Files), String>, Error> {
    // The only one there is.
    let kind = Kind::default();
    let mut files = Files::default();
    while let Some(wanted) = ecosystem::wanted(kind, &files, release) {
        match wanted {
            Wanted::Tree => {
                let tree = context.repo.tree(at.as_str()).await?;
                let entries = tree.ok_or(Error::NotFound)?.entries;
                files.put_tree(entries.into_iter().map(|entry| entry.path).collect());
            }
            Wanted::Files(paths) => {
                for path in paths {
                    let text = text(context, &path, at).await?;
                    files.put(path, text);
                }
            }
        }
    }
    let project = match ecosystem::project(kind, &files, release) {
        Ok(project) => project,
        Err(words) => return Ok(Err(words)),
    };
    let (mut published, mut taken) = (Vec::new(), BTreeSet::new());
    for name in &project.publishable {
        if index_path(name).is_err() {
            continue;
        }
        let versions = context.registry.versions(name).await;
        let versions = versions.map_err(convert::registry_error)?;
        if !versions.is_empty() {
            published.push(name.clone());
        }
        taken.extend(versions.into_iter().map(|version| version.num));
    }
    Ok(Ok((project.published(published), taken, files)))
}
