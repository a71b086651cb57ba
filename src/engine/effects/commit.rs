//! A commit of our own on the hotfix branch, by the Git Data API.

use std::collections::BTreeMap;

use super::refs::head;
use super::{Context, refused};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::github::Error;
use crate::github::ops::{NewCommit, TreeChange, TreeEntry, TreeTarget, UpdateRef};

/// Where a commit goes.
#[derive(Clone, Copy, Debug)]
pub struct Onto<'a> {
    /// The branch's short name.
    pub branch: &'a str,
    /// The head that it is built on.
    pub parent: &'a Sha,
    /// What it is, as a noun phrase.
    pub what: &'a str,
    /// Of the files that it edits, those that somebody may have taken away.
    pub spare: &'a [&'a str],
}

/// Pushes a commit that changes some of these files on top of the parent: the
/// head, and 2 calls beside those of [`build`]. The ref is moved forward only, so
/// a branch that moved meanwhile stays as it is. If no file changes, the parent
/// is as wanted already. Where it cannot be done, the outcome says why.
pub async fn push(
    context: &Context,
    onto: Onto<'_>,
    paths: &[&str],
    message: &str,
    edit: impl FnOnce(&BTreeMap<&str, &str>) -> Result<Vec<(String, String)>, String>,
) -> Result<Result<Sha, Outcome>, Error> {
    let Onto { branch, parent, .. } = onto;
    // A branch that was set back would take the commit as a fast-forward.
    match head(context, branch).await? {
        Some(head) if head == *parent => {}
        head => return Ok(Err(moved(onto, head.as_ref()))),
    }
    let commit = match build(context, parent, onto.spare, paths, message, edit).await? {
        Ok(Some(built)) => built.sha,
        // Somebody did it by hand, all of it.
        Ok(None) => return Ok(Ok(parent.clone())),
        Err(words) => return Ok(Err(refused(words))),
    };
    let name = format!("heads/{branch}");
    let repo = &context.repo;
    Ok(match repo.update_ref(&name, commit.as_str()).await? {
        UpdateRef::Updated(_) => Ok(commit),
        UpdateRef::NotFastForward => Err(refused(format!(
            "{branch} moved on while {} was prepared for {}",
            onto.what,
            parent.short()
        ))),
        UpdateRef::Missing => Err(moved(onto, None)),
    })
}

/// A commit of ours that no ref leads to yet.
pub struct Built {
    /// Its name.
    pub sha: Sha,
    /// Its tree.
    pub tree: Sha,
    /// The files that were looked at, as they stand in it.
    pub texts: BTreeMap<String, String>,
    /// Those of them that it changes.
    pub paths: Vec<String>,
}

/// Makes a commit that changes some of these files on top of the parent, and
/// notes it: the parent's commit and tree, the files (1 call each), of all these
/// what is known already is not asked for; then tree and commit. `edit` gives the
/// files that change; where none do there is no commit. Where it cannot be made,
/// the words say why.
pub async fn build(
    context: &Context,
    parent: &Sha,
    spare: &[&str],
    paths: &[&str],
    message: &str,
    edit: impl FnOnce(&BTreeMap<&str, &str>) -> Result<Vec<(String, String)>, String>,
) -> Result<Result<Option<Built>, String>, Error> {
    let repo = &context.repo;
    let before = repo.tree_of(parent.as_str()).await?;
    let before = before.ok_or(Error::NotFound)?;
    // By the commit: under that name it was looked at before.
    let tree = repo.tree(parent.as_str()).await?.ok_or(Error::NotFound)?;
    let mut files = BTreeMap::new();
    for path in paths {
        match text(context, &tree.entries, path, parent).await? {
            Ok(file) => files.insert(*path, file),
            Err(_) if spare.contains(path) => None,
            Err(words) => return Ok(Err(words)),
        };
    }
    let texts = files.iter().map(|(path, file)| (*path, file.text.as_str()));
    let edited = match edit(&texts.collect()) {
        Ok(edited) => edited,
        Err(words) => return Ok(Err(words)),
    };
    if edited.is_empty() {
        return Ok(Ok(None));
    }
    let is_new = |path: &str, text: &str| files.get(path).is_none_or(|file| file.text != text);
    let changed = edited.iter().filter(|(path, text)| is_new(path, text));
    let mut changed: Vec<String> = changed.map(|(path, _)| path.clone()).collect();
    changed.sort_unstable();
    let changes: Vec<TreeChange> = edited
        .iter()
        .map(|(path, text)| TreeChange {
            mode: files
                .get(path.as_str())
                .map_or("100644", |file| &file.mode)
                .to_owned(),
            path: path.clone(),
            to: TreeTarget::Text(text.clone()),
        })
        .collect();
    let tree = repo.create_tree(&before, &changes).await?;
    let message = context.signed(message, &[]);
    let commit = NewCommit {
        message: &message,
        tree: &tree.sha,
        parents: vec![parent.as_str()],
        // Without an author it is the App's, and GitHub signs it.
        ..NewCommit::default()
    };
    let commit = Sha::new(repo.create_commit(&commit).await?.sha);
    context.made.note(&commit).await?;
    repo.keep_paths(commit.as_str(), &changed);
    let files = files.into_iter();
    let mut texts: BTreeMap<String, String> = files
        .map(|(path, file)| (path.to_owned(), file.text))
        .collect();
    texts.extend(edited);
    Ok(Ok(Some(Built {
        sha: commit,
        tree: Sha::new(tree.sha),
        texts,
        paths: changed,
    })))
}

/// The branch stands elsewhere.
pub fn moved(onto: Onto<'_>, head: Option<&Sha>) -> Outcome {
    refused(match head {
        Some(head) => format!(
            "{} is at {}, {} was planned for {}",
            onto.branch,
            head.short(),
            onto.what,
            onto.parent.short()
        ),
        None => format!("there is no branch {} any more", onto.branch),
    })
}

/// The commit since `parent` that is this effect's: 1 or 2 calls.
pub async fn look(context: &Context, branch: &str, parent: &Sha) -> Result<Option<Sha>, Error> {
    let Some(head) = head(context, branch).await?.filter(|head| head != parent) else {
        return Ok(None);
    };
    let since = context.repo.compare(parent.as_str(), head.as_str()).await?;
    let commits = since.map(|compare| compare.commits).unwrap_or_default();
    for commit in &commits {
        if context.is_mine(commit).await? {
            return Ok(Some(Sha::new(commit.sha.clone())));
        }
    }
    Ok(None)
}

/// A file as it stands at the parent.
struct Before {
    text: String,
    mode: String,
}

/// A file's text and mode, or in words why it cannot be edited: 1 call.
async fn text(
    context: &Context,
    tree: &[TreeEntry],
    path: &str,
    parent: &Sha,
) -> Result<Result<Before, String>, Error> {
    let at = parent.short();
    let Some(entry) = tree.iter().find(|entry| entry.path == path) else {
        return Ok(Err(format!("there is no {path} at {at}")));
    };
    if !entry.mode.starts_with("100") {
        return Ok(Err(format!("{path} at {at} is no plain file")));
    }
    let bytes = context.repo.blob(&entry.sha).await?;
    Ok(match bytes.map(String::from_utf8) {
        Some(Ok(text)) => Ok(Before {
            text,
            mode: entry.mode.clone(),
        }),
        Some(Err(_)) => Err(format!("{path} at {at} is no UTF-8 text")),
        None => Err(format!("{path} at {at} cannot be read")),
    })
}
