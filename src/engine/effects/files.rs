//! Files of the repository that several effects read.

use super::context::Context;
use crate::domain::facts::Package;
use crate::domain::ids::Sha;
use crate::github::Error;

/// The manifest at the root.
pub const MANIFEST: &str = "Cargo.toml";
/// The lock file at the root.
pub const LOCK: &str = "Cargo.lock";
/// A file's text at a commit: 1 call. Bytes that are no UTF-8 show as such, and
/// whoever parses it will say so.
pub async fn text(context: &Context, path: &str, at: &Sha) -> Result<Option<String>, Error> {
    let file = context.repo.file(path, at.as_str()).await?;
    Ok(file.map(|file| String::from_utf8_lossy(&file.bytes).into_owned()))
}

/// Where the version stands: what has a rule of its own.
pub fn places(package: &Package) -> impl Iterator<Item = &str> {
    let others = [package.lock.as_deref(), package.changelog.as_deref()];
    let manifests = package.all_manifests().iter().map(String::as_str);
    manifests.chain(others.into_iter().flatten())
}
