//! Files of the repository that several effects read.

use super::context::Context;
use crate::domain::ids::Sha;
use crate::github::Error;

/// A file's text at a commit: 1 call. Bytes that are no UTF-8 show as such, and
/// whoever parses it will say so.
pub async fn text(context: &Context, path: &str, at: &Sha) -> Result<Option<String>, Error> {
    let file = context.repo.file(path, at.as_str()).await?;
    Ok(file.map(|file| String::from_utf8_lossy(&file.bytes).into_owned()))
}

/// Reads these files at a commit at once, so that [`text`] need not ask for each.
pub async fn gather<'a>(context: &Context, paths: impl IntoIterator<Item = &'a str>, at: &Sha) {
    let paths: Vec<&str> = paths.into_iter().collect();
    context.repo.gather(at.as_str(), &paths).await;
}
