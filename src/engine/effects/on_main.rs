//! A commit of ours on top of the default branch, on a branch of its own.

use super::{Context, Found, refs};
use crate::domain::ids::Sha;
use crate::domain::objects::Carried;
use crate::github::Error;
use crate::github::ops::{CreateRef, NewCommit, RefUpdate, RepoCommit, TreeChange, UpdateRefs};

/// What the commit is made of.
pub struct Parts<'a> {
    /// The default branch's head, its parent.
    pub onto: &'a Sha,
    /// The tree that the changes are made to.
    pub tree: &'a str,
    /// What changes.
    pub changes: &'a [TreeChange],
    /// The message, with trailers.
    pub message: &'a str,
}

/// What came of it.
pub enum Pushed {
    /// The branch stands at this commit.
    Stands(Sha),
    /// There is a branch of that name.
    Exists,
    /// GitHub refused, as where somebody else pushed to it; its words.
    Refused(String),
}

/// The default branch's head: 1 call.
pub async fn head(context: &Context) -> Result<Sha, Error> {
    let head = refs::head(context, &context.default_branch).await?;
    head.ok_or(Error::NotFound)
}

/// Why a commit is not made anew: it is on the newest head already.
pub fn is_newest(
    context: &Context,
    name: &str,
    replaces: Option<&Carried>,
    onto: &Sha,
) -> Option<String> {
    replaces.filter(|old| old.onto == *onto).map(|_| {
        format!(
            "{name} is built on the head of {}, and does not merge all the same",
            context.default_branch
        )
    })
}

/// Makes tree, commit and branch: 3 calls. A former commit of ours is replaced
/// only where the branch still stands at it: 4 calls.
pub async fn push(
    context: &Context,
    name: &str,
    replaces: Option<&Carried>,
    parts: Parts<'_>,
) -> Result<Pushed, Error> {
    let repo = &context.repo;
    let tree = repo.create_tree(parts.tree, parts.changes).await?;
    let commit = NewCommit {
        message: parts.message,
        tree: &tree.sha,
        parents: vec![parts.onto.as_str()],
        // Without an author it is the App's, and GitHub signs it.
        ..NewCommit::default()
    };
    let commit = repo.create_commit(&commit).await?.sha;
    context.made.note(&Sha::new(commit.clone())).await?;
    let Some(old) = replaces else {
        let made = repo.create_ref(&format!("heads/{name}"), &commit).await;
        return match made {
            Ok(CreateRef::Created(_)) => Ok(Pushed::Stands(Sha::new(commit))),
            Ok(CreateRef::Exists) => Ok(Pushed::Exists),
            Err(error @ Error::Invalid { .. }) => {
                let words = refs::in_the_way(context, "branch", name).await?;
                words.map(Pushed::Refused).ok_or(error)
            }
            Err(error) => Err(error),
        };
    };
    let repository = context.node_id().await?;
    let moved = RefUpdate {
        name: &format!("refs/heads/{name}"),
        before_oid: old.commit.as_str(),
        after_oid: &commit,
        force: true,
    };
    Ok(match repo.update_refs(&repository, &[moved]).await? {
        UpdateRefs::Updated => Pushed::Stands(Sha::new(commit)),
        UpdateRefs::Refused(why) => Pushed::Refused(why),
    })
}

/// Whether the branch holds this effect's commit, perhaps below what a person
/// pushed on top of it: the commit and its parent. 1 call where there is no such
/// branch, 2 where it stands at the commit, else 4.
pub async fn look(
    context: &Context,
    name: &str,
    replaces: Option<&Carried>,
) -> Result<Result<(Sha, Sha), Found>, Error> {
    let Some(head) = refs::head(context, name).await? else {
        return Ok(Err(Found::Not));
    };
    if replaces.is_some_and(|old| old.commit == head) {
        return Ok(Err(Found::Not));
    }
    let repo = &context.repo;
    let commit = repo.commit(head.as_str()).await?;
    let commit = commit.ok_or(Error::NotFound)?;
    if let Some(found) = ours(context, replaces, &commit).await? {
        return Ok(Ok(found));
    }
    let main = self::head(context).await?;
    let since = repo.compare(main.as_str(), head.as_str()).await?;
    for commit in since.map(|since| since.commits).unwrap_or_default() {
        if let Some(found) = ours(context, replaces, &commit).await? {
            return Ok(Ok(found));
        }
    }
    Ok(Err(Found::Other(format!(
        "the branch {name} exists already, at {}",
        head.short()
    ))))
}

/// The commit and its only parent, if this effect made it.
async fn ours(
    context: &Context,
    replaces: Option<&Carried>,
    commit: &RepoCommit,
) -> Result<Option<(Sha, Sha)>, Error> {
    let [parent] = commit.parents.as_slice() else {
        return Ok(None);
    };
    let is_old = replaces.is_some_and(|old| old.commit.as_str() == commit.sha);
    let is_ours = !is_old && context.is_mine(commit).await?;
    Ok(is_ours.then(|| (Sha::new(commit.sha.clone()), Sha::new(parent.sha.clone()))))
}
