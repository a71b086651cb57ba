//! Files of the repository that several effects read.

use super::context::Context;
use crate::domain::ids::Sha;
use crate::ecosystem::Files;
use crate::github::Error;

/// A file's text at a commit: 1 call. Bytes that are no UTF-8 show as such, and
/// whoever parses it will say so.
pub async fn text(context: &Context, path: &str, at: &Sha) -> Result<Option<String>, Error> {
    let file = context.repo.file(path, at.as_str()).await?;
    Ok(file.map(|file| String::from_utf8_lossy(&file.bytes).into_owned()))
}

/// Reads a file at a commit for `ecosystem`: 1 call.
pub async fn put(context: &Context, files: &mut Files, path: &str, at: &Sha) -> Result<(), Error> {
    let file = context.repo.file(path, at.as_str()).await?;
    match file.map(|file| String::from_utf8(file.bytes)) {
        Some(Err(_)) => files.put_strange(path.to_owned()),
        Some(Ok(text)) => files.put(path.to_owned(), Some(text)),
        None => files.put(path.to_owned(), None),
    }
    Ok(())
}

/// Reads these files at a commit at once, so that [`text`] need not ask for each.
pub async fn gather<'a>(context: &Context, paths: impl IntoIterator<Item = &'a str>, at: &Sha) {
    let paths: Vec<&str> = paths.into_iter().collect();
    context.repo.gather(at.as_str(), &paths).await;
}
