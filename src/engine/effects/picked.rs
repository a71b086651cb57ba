//! Which commits somebody means who names a commit or a pull request.

use super::{Context, on_main};
use crate::domain::command::{Named, Source};
use crate::domain::ids::Sha;
use crate::domain::objects::Trouble;
use crate::domain::outside::Outside;
use crate::github::Error;
use crate::github::ops::{RepoCommit, Signature};

/// So many commits are picked at a time.
const MOST: usize = 30;
/// GitHub tells no more commits of a pull request.
const OF_A_PULL: usize = 250;

/// A commit that is to be picked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// Its name.
    pub sha: Sha,
    /// What its change is held against; none: it is the first of all.
    pub parent: Option<String>,
    /// Its message.
    pub message: String,
    /// Who wrote it, and when.
    pub author: Signature,
    /// It is a merge, picked as the change of its first parent.
    pub mainline: bool,
}

impl Wanted {
    fn of(commit: &RepoCommit) -> Self {
        Wanted {
            sha: Sha::new(commit.sha.clone()),
            parent: commit.parents.first().map(|parent| parent.sha.clone()),
            message: commit.commit.message.clone(),
            author: commit.commit.author.clone(),
            mainline: commit.parents.len() > 1,
        }
    }

    /// The first line of its message.
    pub fn subject(&self) -> Outside {
        subject(&self.message)
    }
}

/// Whether a commit is the head or one of its ancestors: 1 call.
pub async fn contains(context: &Context, head: &Sha, commit: &Sha) -> Result<bool, Error> {
    let way = context.repo.compare_files(head.as_str(), commit.as_str());
    let way = way.await?;
    Ok(way.is_some_and(|way| matches!(way.status.as_str(), "behind" | "identical")))
}

/// The first line of a message.
pub fn subject(message: &str) -> Outside {
    message.lines().next().unwrap_or_default().into()
}

/// The commits that are meant, in order, each once: 1 call for the default
/// branch's head, 2 for each commit that is named, and 1 more for each of `heads`, which
/// it may be on in its place; 4 or 5 for each pull request.
pub async fn resolve(
    context: &Context,
    sources: &[Source],
    heads: &[Sha],
) -> Result<Result<Vec<Wanted>, Trouble>, Error> {
    let main = on_main::head(context).await?;
    let mut all: Vec<Wanted> = Vec::new();
    for source in sources {
        let found = match &source.what {
            Named::Commit(sha) => commit(context, source, sha, (&main, heads)).await?,
            Named::Pull(number) => pull(context, source, *number, &main).await?,
        };
        match found {
            Err(trouble) => return Ok(Err(trouble)),
            Ok(wanted) => {
                for one in wanted {
                    if !all.iter().any(|known| known.sha == one.sha) {
                        all.push(one);
                    }
                }
            }
        }
    }
    Ok(match all.len() > MOST {
        true => Err(Trouble::TooMany { most: MOST }),
        false => Ok(all),
    })
}

async fn commit(
    context: &Context,
    source: &Source,
    sha: &str,
    (main, heads): (&Sha, &[Sha]),
) -> Result<Result<Vec<Wanted>, Trouble>, Error> {
    let unknown = || {
        let source = source.clone();
        Ok(Err(Trouble::Unknown { source }))
    };
    let found = match context.repo.commit(sha).await {
        // Several begin so, or GitHub takes it for no name at all.
        Err(Error::Invalid { .. } | Error::Conflict(_)) => None,
        found => found?,
    };
    // A branch may be called so.
    let Some(found) = found.filter(|found| Sha::new(found.sha.clone()).has_prefix(sha)) else {
        return unknown();
    };
    let wanted = Wanted::of(&found);
    // GitHub knows the commits of forks, too.
    let mut there = contains(context, main, &wanted.sha).await?;
    for head in heads {
        there = there || contains(context, head, &wanted.sha).await?;
    }
    if !there {
        return Ok(Err(Trouble::NotOnMain {
            source: source.clone(),
            commit: wanted.sha,
        }));
    }
    Ok(match wanted.mainline {
        true => Err(Trouble::Merge { commit: wanted.sha }),
        false => Ok(vec![wanted]),
    })
}

async fn pull(
    context: &Context,
    source: &Source,
    number: u64,
    main: &Sha,
) -> Result<Result<Vec<Wanted>, Trouble>, Error> {
    let repo = &context.repo;
    let id = super::convert::id(number)?;
    let Some(pull) = repo.pull(id).await? else {
        let source = source.clone();
        return Ok(Err(Trouble::Unknown { source }));
    };
    if !pull.is_merged() {
        let open = pull.state == "open";
        return Ok(Err(Trouble::NotMerged { number, open }));
    }
    let unclear = Ok(Err(Trouble::Unclear { number }));
    let Some(merge) = pull.merge_commit_sha.clone() else {
        return unclear;
    };
    let commit = Sha::new(merge.clone());
    if !contains(context, main, &commit).await? {
        let source = source.clone();
        return Ok(Err(Trouble::NotOnMain { source, commit }));
    }
    let Some(merge) = repo.commit(&merge).await? else {
        return unclear;
    };
    let commits = repo.pull_commits(id).await?;
    if commits.len() >= OF_A_PULL {
        return Ok(Err(Trouble::TooMany { most: MOST }));
    }
    let line = match merge.parents.len() == 1 && commits.len() > 1 {
        true => repo.log(&merge.sha, commits.len()).await?,
        false => Vec::new(),
    };
    Ok(became(&merge, &commits, &line).ok_or(Trouble::Unclear { number }))
}

/// The commit of the default branch before a merged pull request came in: no call for
/// a merge commit, else 1 for its commits, and 1 more where it had several. None: nobody
/// can tell.
pub async fn before(
    context: &Context,
    number: u64,
    merge: &RepoCommit,
) -> Result<Option<String>, Error> {
    let parent = |of: &RepoCommit| of.parents.first().map(|parent| parent.sha.clone());
    if merge.parents.len() > 1 {
        return Ok(parent(merge));
    }
    let repo = &context.repo;
    let commits = repo.pull_commits(super::convert::id(number)?).await?;
    let line = match commits.len() > 1 && commits.len() < OF_A_PULL {
        true => repo.log(&merge.sha, commits.len()).await?,
        false => Vec::new(),
    };
    let first = became(merge, &commits, &line).and_then(|all| all.into_iter().next());
    Ok(first.and_then(|first| first.parent))
}

/// What a merged pull request became: from the commit at its end, its own
/// commits, oldest first, and as many of the default branch, newest first. None
/// where nobody can tell.
fn became(merge: &RepoCommit, commits: &[RepoCommit], line: &[RepoCommit]) -> Option<Vec<Wanted>> {
    let whole = || Some(vec![Wanted::of(merge)]);
    if merge.parents.len() > 1 {
        // With merges among them they do not stand alone: its change is taken as one.
        let alone = commits.iter().all(|commit| commit.parents.len() == 1);
        return match alone && !commits.is_empty() {
            true => Some(commits.iter().map(Wanted::of).collect()),
            false => whole(),
        };
    }
    let (Some(last), true) = (commits.last(), commits.len() > 1) else {
        return whole();
    };
    let same = |one: &RepoCommit, other: &RepoCommit| {
        let said = |commit: &RepoCommit| commit.commit.message.trim().to_owned();
        let by = |commit: &RepoCommit| commit.commit.author.email.clone();
        said(one) == said(other) && by(one) == by(other)
    };
    if !same(merge, last) {
        // One commit of all.
        return whole();
    }
    let rebased = line.len() == commits.len()
        && line
            .iter()
            .rev()
            .zip(commits)
            .all(|(one, of)| same(one, of));
    rebased.then(|| line.iter().rev().map(Wanted::of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::github::ops;

    fn commit(sha: &str, message: &str, parents: usize) -> RepoCommit {
        let mut commit = RepoCommit {
            sha: sha.into(),
            parents: vec![ops::Sha::default(); parents],
            ..RepoCommit::default()
        };
        commit.commit.message = message.into();
        commit
    }

    #[test]
    fn a_pull_request_becomes_one_commit_or_its_own() {
        let own = [commit("a", "one", 1), commit("b", "two", 1)];
        let shas = |found: Option<Vec<Wanted>>| {
            let all = found?.into_iter();
            Some(all.map(|w| w.sha.to_string()).collect::<Vec<_>>().join(" "))
        };
        let is = |merge: &RepoCommit, commits: &[RepoCommit], line: &[RepoCommit]| {
            shas(became(merge, commits, line))
        };
        let some = |text: &str| Some(text.to_owned());
        // Merged.
        assert_eq!(is(&commit("m", "Merge #1", 2), &own, &[]), some("a b"));
        let with = [commit("a", "one", 1), commit("b", "Merge main", 2)];
        assert_eq!(is(&commit("m", "Merge #1", 2), &with, &[]), some("m"));
        // Squashed.
        let line = [commit("s", "All (#1)", 1), commit("r", "before", 1)];
        assert_eq!(is(&line[0], &own, &line), some("s"));
        assert_eq!(is(&commit("s", "one", 1), &own[..1], &[]), some("s"));
        // Rebased.
        let line = [commit("y", "two\n", 1), commit("x", "one", 1)];
        assert_eq!(is(&line[0], &own, &line), some("x y"));
        // One of them was left out, or it was squashed under the last one's name.
        let line = [commit("y", "two", 1), commit("r", "before", 1)];
        assert_eq!(is(&line[0], &own, &line), None);
        let mut other = commit("y", "two", 1);
        other.commit.author.email = "else@x".into();
        assert_eq!(
            is(&other, &own, &line),
            some("y"),
            "squashed by somebody else"
        );
    }
}
