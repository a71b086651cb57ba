//! Picks commits of the default branch, or of the other release lines, onto the
//! hotfix branch, by the Git Data
//! API: no clone. All of them, or none.

use super::commit::{Onto, moved};
use super::picked::{Wanted, contains, resolve, subject};
use super::trees::{change, entries};
use super::{Context, Found, commits, refs, refused};
use crate::domain::command::Source;
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::{Came, Picked, PickedCommit, Trouble};
use crate::domain::outside::Outside;
use crate::edits::forward_port::{Blobs, Tree, Trees};
use crate::edits::pick::{self, Next, Pick};
use crate::github::Error;
use crate::github::ops::{GitCommit, NewCommit, RepoCommit, Signature, TreeChange, UpdateRef};

/// Of so many files that conflict the commits are looked for.
const PATHS: usize = 5;
/// So many of those commits are named.
const BEFORE: usize = 10;
/// So many commits of a file are looked through.
const LOG: usize = 100;

/// What is picked, and onto what.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The branch's short name.
    pub branch: &'a str,
    /// The head that the commits are built on.
    pub parent: &'a Sha,
    /// The release that it was cut from.
    pub base: &'a Sha,
    /// What is picked, in order.
    pub sources: &'a [Source],
    /// The changelogs that hold the hotfix's own section.
    pub changelogs: &'a [String],
    /// The heads of the other release lines, which it may be on, too.
    pub heads: &'a [Sha],
}

/// A commit that is still to be made.
struct New<'a> {
    from: &'a Wanted,
    changes: Vec<TreeChange>,
}

/// Picks them: 2 calls for branch and base, what [`resolve`] asks, 1 for each
/// commit that may be there already, 3 for its trees, 1 for each blob that
/// [`pick::pick`] asks for; then tree and commit for each, and the ref, which is
/// moved forward only. Nothing is written before all of them fit.
pub async fn push(context: &Context, asked: Asked<'_>) -> Result<Outcome, Error> {
    let repo = &context.repo;
    let onto = Onto {
        branch: asked.branch,
        parent: asked.parent,
        what: "the pick",
        spare: &[],
    };
    match refs::head(context, asked.branch).await? {
        Some(head) if head == *asked.parent => {}
        head => return Ok(moved(onto, head.as_ref())),
    }
    let since = repo.compare(asked.base.as_str(), asked.parent.as_str());
    let since = since.await?.ok_or(Error::NotFound)?.commits;
    let before = repo.git_commit(asked.parent.as_str()).await?;
    let before = before.ok_or(Error::NotFound)?;
    let ends = |commits, trouble| {
        Ok(Outcome::Picked(Picked {
            head: asked.parent.clone(),
            commits,
            trouble,
        }))
    };
    let wanted = match resolve(context, asked.sources, asked.heads).await? {
        Ok(wanted) => wanted,
        Err(trouble) => return ends(Vec::new(), Some(trouble)),
    };
    let mut blobs = Blobs::new();
    let mut told = Vec::new();
    let mut new: Vec<New<'_>> = Vec::new();
    let Some(mut ours) = tree(context, &before.tree.sha).await? else {
        return ends(Vec::new(), Some(Trouble::TooLarge));
    };
    for from in &wanted {
        let one = |came, left| PickedCommit {
            from: from.sha.clone(),
            subject: from.subject(),
            came,
            left,
        };
        if contains(context, asked.parent, &from.sha).await? {
            told.push(one(Came::There, Vec::new()));
            continue;
        }
        let (Some(base), Some(theirs)) = (
            match &from.parent {
                Some(parent) => tree(context, parent).await?,
                None => Some(Tree::new()),
            },
            tree(context, from.sha.as_str()).await?,
        ) else {
            return ends(Vec::new(), Some(Trouble::TooLarge));
        };
        let is_empty = base == theirs;
        let trees = Trees {
            base,
            hotfix: theirs,
            main: ours,
        };
        let found = merged(context, &trees, asked.changelogs, &mut blobs).await?;
        ours = trees.main;
        if !found.conflicts.is_empty() {
            if is_picked(&since, &from.sha) {
                // It is there, and was built on since.
                told.push(one(Came::There, found.left));
                continue;
            }
            let trouble = conflict(context, asked, from, found, &since).await?;
            return ends(Vec::new(), Some(trouble));
        }
        if found.changes.is_empty() {
            let came = match is_empty || !found.left.is_empty() {
                true => Came::Nothing,
                false => Came::There,
            };
            told.push(one(came, found.left));
            continue;
        }
        pick::apply(&mut ours, &mut blobs, &found.changes);
        new.push(New {
            from,
            changes: found.changes.into_iter().map(change).collect(),
        });
        // Its hash follows once it is made.
        told.push(one(Came::As(Sha::default()), found.left));
    }
    if new.is_empty() {
        return ends(told, None);
    }
    let us = us(context, &since).await?;
    let made = make(context, &before, &new, &us).await?;
    let name = format!("heads/{}", asked.branch);
    let Some(head) = made.last().cloned() else {
        return ends(told, None);
    };
    let mut made = made.into_iter();
    for commit in &mut told {
        if let Came::As(sha) = &mut commit.came {
            *sha = made.next().unwrap_or_default();
        }
    }
    Ok(match repo.update_ref(&name, head.as_str()).await? {
        UpdateRef::Updated(_) => Outcome::Picked(Picked {
            head,
            commits: told,
            trouble: None,
        }),
        UpdateRef::NotFastForward => refused(format!(
            "{} moved on while the pick was prepared for {}",
            asked.branch,
            asked.parent.short()
        )),
        UpdateRef::Missing => moved(onto, None),
    })
}

/// Whether they stand on the branch already: 1 or 2 calls. The commits that our
/// call made are noted before a ref leads to them.
pub async fn look(context: &Context, name: &str, parent: &Sha) -> Result<Found, Error> {
    let Some(head) = refs::head(context, name).await?.filter(|h| h != parent) else {
        return Ok(Found::Not);
    };
    let since = context.repo.compare(parent.as_str(), head.as_str()).await?;
    let mut picked = Picked::default();
    for commit in since.map(|since| since.commits).unwrap_or_default() {
        let sha = Sha::new(commit.sha.clone());
        let message = &commit.commit.message;
        let Some(from) = commits::picked(message).filter(|_| !sha.as_str().is_empty()) else {
            break;
        };
        if !context.made.has(&sha).await? {
            break;
        }
        picked.head = sha.clone();
        picked.commits.push(PickedCommit {
            from,
            subject: subject(message),
            came: Came::As(sha),
            left: Vec::new(),
        });
    }
    Ok(match picked.commits.is_empty() {
        true => Found::Not,
        false => Found::Done(Outcome::Picked(picked)),
    })
}

/// Makes the commits, one on top of the other: 2 calls for each.
async fn make(
    context: &Context,
    before: &GitCommit,
    new: &[New<'_>],
    us: &Signature,
) -> Result<Vec<Sha>, Error> {
    let repo = &context.repo;
    let (mut parent, mut tree) = (before.sha.clone(), before.tree.sha.clone());
    let mut made = Vec::new();
    for New { from, changes } in new {
        tree = repo.create_tree(&tree, changes).await?.sha;
        let message = commits::with_picked(&from.message, from.sha.as_str());
        let commit = NewCommit {
            message: &message,
            tree: &tree,
            parents: vec![parent.as_str()],
            author: Some(&from.author),
            committer: Some(us),
        };
        parent = repo.create_commit(&commit).await?.sha;
        let sha = Sha::new(parent.clone());
        context.made.note(&sha).await?;
        made.push(sha);
    }
    Ok(made)
}

/// The bot as it signs: as GitHub wrote it into a commit of the bot's own, else
/// by its login.
async fn us(context: &Context, since: &[RepoCommit]) -> Result<Signature, Error> {
    for commit in since.iter().rev() {
        if context.made.has(&Sha::new(commit.sha.clone())).await? {
            let detail = &commit.commit;
            let by = match commits::picked(&detail.message) {
                Some(_) => &detail.committer,
                None => &detail.author,
            };
            return Ok(Signature {
                date: None,
                ..by.clone()
            });
        }
    }
    Ok(Signature {
        name: context.bot.clone(),
        email: format!("{}@users.noreply.github.com", context.bot),
        date: None,
    })
}

/// The files of a commit or tree: 1 call; none where there are too many.
async fn tree(context: &Context, sha: &str) -> Result<Option<Tree>, Error> {
    let tree = context.repo.tree(sha).await?.ok_or(Error::NotFound)?;
    Ok((!tree.truncated).then(|| entries(&tree)))
}

/// What a pick of these trees comes to: 1 call for each blob that it asks for.
pub async fn merged(
    context: &Context,
    trees: &Trees,
    changelogs: &[String],
    blobs: &mut Blobs,
) -> Result<pick::Picked, Error> {
    let changelogs: Vec<&str> = changelogs.iter().map(String::as_str).collect();
    let what = Pick {
        trees,
        changelogs: &changelogs,
    };
    loop {
        match pick::pick(what, blobs) {
            Next::Done(found) => return Ok(found),
            Next::Read(ids) => {
                for id in ids {
                    let blob = context.repo.blob(&id).await?.ok_or(Error::NotFound)?;
                    blobs.insert(id, blob);
                }
            }
        }
    }
}

fn is_picked(since: &[RepoCommit], from: &Sha) -> bool {
    let mut messages = since.iter().map(|commit| &commit.commit.message);
    messages.any(|message| commits::picked(message).as_ref() == Some(from))
}

/// What a person needs to know of a conflict: 2 calls for each of the first
/// files.
async fn conflict(
    context: &Context,
    asked: Asked<'_>,
    from: &Wanted,
    found: pick::Picked,
    since: &[RepoCommit],
) -> Result<Trouble, Error> {
    let repo = &context.repo;
    let mut before: Vec<(Option<i64>, Sha, Outside)> = Vec::new();
    if let Some(parent) = &from.parent {
        for (path, _) in found.conflicts.iter().take(PATHS) {
            let there = repo.commits_of(asked.parent.as_str(), path, LOG).await?;
            let there: Vec<&str> = there.iter().map(|commit| commit.sha.as_str()).collect();
            for commit in repo.commits_of(parent, path, LOG).await? {
                let sha = Sha::new(commit.sha.clone());
                let known = before.iter().any(|(_, known, _)| *known == sha)
                    || there.contains(&commit.sha.as_str())
                    || is_picked(since, &sha);
                if !known && commit.parents.len() == 1 {
                    let detail = &commit.commit;
                    before.push((detail.committer.date, sha, subject(&detail.message)));
                }
            }
        }
    }
    before.sort_by_key(|(at, ..)| *at);
    let more = before.len().saturating_sub(BEFORE);
    let before = before.into_iter().skip(more);
    Ok(Trouble::Conflict {
        commit: from.sha.clone(),
        subject: from.subject(),
        files: found
            .conflicts
            .into_iter()
            .map(|(path, why)| (path, why.into()))
            .collect(),
        before: before.map(|(_, sha, subject)| (sha, subject)).collect(),
        more: more > 0,
        mainline: from.mainline,
    })
}
