//! The forward-port's commit: the hotfix's change on top of the default branch,
//! three-way, file by file, by the Git Data API: no clone.

use super::on_main::{self, Pushed};
use super::trees::{change, entries};
use super::{Context, Found, found, holds, refused, said_no};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::{Carried, Trial};
use crate::domain::objects::{Carry, Observation};
use crate::domain::outside::Outside;
use crate::ecosystem::Port;
use crate::edits::forward_port::{self, Blobs, Conflict, Next, Trees};
use crate::edits::three_way::Labels;
use crate::github::Error;
use crate::github::ops::{RepoCommit, TreeChange};

/// What carrying over comes to: nothing is written yet.
struct Merged {
    /// The default branch's tree.
    tree: String,
    changes: Vec<TreeChange>,
    by_rule: Vec<String>,
    by_hand: Vec<(String, Outside)>,
    /// `Co-authored-by` of those who wrote the fix.
    authors: Vec<String>,
}

/// What carrying over would meet: as [`push`], without its writes.
pub async fn trial(context: &Context, carry: &Carry) -> Result<Outcome, Error> {
    let main = on_main::head(context).await?;
    Ok(match merged(context, carry, &main).await? {
        Ok(merged) => Outcome::seen(Observation::Trial(Trial {
            head: carry.head.clone(),
            by_rule: merged.by_rule,
            by_hand: merged.by_hand,
        })),
        Err(words) => Outcome::seen(Observation::Trial(Trial {
            head: carry.head.clone(),
            by_rule: Vec::new(),
            by_hand: vec![("the whole change".to_owned(), words.into())],
        })),
    })
}

/// Pushes the commit to a branch of its own: 1 call for the default branch's
/// head, 1 for the comparison, 3 for the trees, 1 for each blob that
/// [`forward_port::carry`] asks for, where a file conflicts as many as
/// [`holds::picked_from`] asks; then tree, commit and ref. A former commit of ours is
/// replaced only where the branch still stands at it.
pub async fn push(
    context: &Context,
    carry: &Carry,
    name: &str,
    replaces: Option<&Carried>,
    message: &str,
) -> Result<Outcome, Error> {
    let onto = on_main::head(context).await?;
    if let Some(why) = on_main::is_newest(context, name, replaces, &onto) {
        return Ok(refused(why));
    }
    let merged = match merged(context, carry, &onto).await? {
        Ok(merged) => merged,
        Err(words) => return Ok(refused(words)),
    };
    let carried = |commit: Sha, merged: Merged| {
        Outcome::Carried(Carried {
            commit,
            onto: onto.clone(),
            by_rule: merged.by_rule,
            by_hand: merged.by_hand,
        })
    };
    if merged.changes.is_empty() {
        // All of it is there already.
        return Ok(carried(onto.clone(), merged));
    }
    let parts = on_main::Parts {
        onto: &onto,
        tree: &merged.tree,
        changes: &merged.changes,
        message: &context.signed(message, &merged.authors),
    };
    Ok(match on_main::push(context, name, replaces, parts).await? {
        Pushed::Stands(commit) => carried(commit, merged),
        Pushed::Exists => found(look(context, carry, name, None).await?, || {
            refused(format!(
                "GitHub says that {name} exists, but has no such branch"
            ))
        }),
        Pushed::Refused(words) => said_no(words),
    })
}

/// Whether the branch holds this effect's commit: 1 call where there is no such
/// branch, 4 where it holds no commit of ours, else as [`push`] without its
/// writes. A person may have pushed on top of it already.
pub async fn look(
    context: &Context,
    carry: &Carry,
    name: &str,
    replaces: Option<&Carried>,
) -> Result<Found, Error> {
    let (commit, onto) = match on_main::look(context, name, replaces).await? {
        Ok(found) => found,
        Err(found) => return Ok(found),
    };
    Ok(match merged(context, carry, &onto).await? {
        Ok(merged) => Found::Done(Outcome::Carried(Carried {
            commit,
            onto,
            by_rule: merged.by_rule,
            by_hand: merged.by_hand,
        })),
        Err(words) => Found::Other(words),
    })
}

/// Merges file by file; in words why it cannot be done at all.
async fn merged(
    context: &Context,
    carry: &Carry,
    onto: &Sha,
) -> Result<Result<Merged, String>, Error> {
    let repo = &context.repo;
    let compare = repo.compare(carry.base.as_str(), carry.head.as_str());
    let compare = compare.await?.ok_or(Error::NotFound)?;
    let mut trees = Vec::new();
    for commit in [&carry.base, &carry.head, onto] {
        let tree = repo.tree(commit.as_str()).await?.ok_or(Error::NotFound)?;
        if tree.truncated {
            return Ok(Err("the repository's tree is too large to be read".into()));
        }
        trees.push(tree);
    }
    let [base, hotfix, main] = trees.as_slice() else {
        return Err(Error::NotFound);
    };
    let port = Port {
        package: &carry.package,
        base_version: &carry.base_version,
        version: &carry.version,
        labels: Labels {
            ours: &context.default_branch,
            theirs: &carry.branch,
        },
    };
    let trees = Trees {
        base: entries(base),
        hotfix: entries(hotfix),
        main: entries(main),
    };
    let mut blobs = Blobs::new();
    let mut carried = loop {
        match forward_port::carry(&trees, &blobs, &port) {
            Next::Done(carried) => break carried,
            Next::Read(ids) => {
                for id in ids {
                    let blob = repo.blob(&id).await?.ok_or(Error::NotFound)?;
                    blobs.insert(id, blob);
                }
            }
        }
    };
    let ruled = carried.ruled.clone();
    let other = |path: &str| !ruled.contains(path);
    if carried.conflicts.iter().any(|c| other(&c.path))
        && holds::picked_from(context, carry, onto, &compare.files)
            .await?
            .is_some()
    {
        // The fix came from there: what was built on it since stays as it is.
        carried.changes.retain(|path, _| !other(path));
        let all = std::mem::take(&mut carried.conflicts);
        let (known, by_hand) = all.into_iter().partition(|c| other(&c.path));
        carried.conflicts = by_hand;
        let known: Vec<Conflict> = known;
        carried.by_rule.extend(known.into_iter().map(|c| c.path));
        carried.by_rule.sort();
    }
    let conflicts = carried.conflicts.into_iter();
    Ok(Ok(Merged {
        tree: main.sha.clone(),
        changes: carried.changes.into_iter().map(change).collect(),
        by_rule: carried.by_rule,
        by_hand: conflicts
            .map(|conflict| (conflict.path, conflict.why.to_string().into()))
            .collect(),
        authors: authors(&compare.commits, |login| context.is_bot(login)),
    }))
}

/// Whether it is an address and nothing else: whoever makes a commit chooses it.
fn is_address(email: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@.+-_%".contains(c);
    email.contains('@') && email.replacen("[bot]", "", 1).chars().all(plain)
}

/// The trailers that credit those who wrote the fix. Names and addresses are
/// what the pusher wrote.
fn authors(commits: &[RepoCommit], is_bot: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    for commit in commits {
        let ours = commit.author.as_ref().is_some_and(|a| is_bot(&a.login));
        let by = &commit.commit.author;
        let name = Outside::from(by.name.replace(['<', '>'], "")).title();
        if ours || name.is_empty() || !is_address(&by.email) {
            continue;
        }
        let line = format!("Co-authored-by: {name} <{}>", by.email);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_credited_brings_nothing_along() {
        let by = |name: &str, email: &str| {
            let mut commit = RepoCommit::default();
            commit.commit.author.name = name.into();
            commit.commit.author.email = email.into();
            authors(&[commit], |_| false)
        };
        let credit = "Co-authored-by: Dev (skip ci) no. 1 all <dev@a.test>";
        assert_eq!(by("Dev [skip ci] #1 @all", "dev@a.test"), [credit]);
        let app = by("app[bot]", "1+app[bot]@users.noreply.a.test");
        assert_eq!(
            app,
            ["Co-authored-by: app(bot) <1+app[bot]@users.noreply.a.test>"]
        );
        for email in [
            "",
            "dev",
            "a@b\nc",
            "[skip ci]@b.c",
            "a@b> x: <c@d",
            "@[skip-ci]",
        ] {
            assert!(by("Dev", email).is_empty(), "{email}");
        }
    }
}
