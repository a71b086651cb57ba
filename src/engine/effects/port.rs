//! The forward-port's commit: the hotfix's change on top of the default branch,
//! three-way, file by file, by the Git Data API: no clone.

use std::collections::{BTreeMap, BTreeSet};

use super::on_main::{self, Pushed};
use super::{Context, Found, commits, found, holds, refused, said_no};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::{Carried, Trial};
use crate::domain::objects::{Carry, Observation};
use crate::domain::outside::Outside;
use crate::ecosystem::{self, Port};
use crate::edits::forward_port::{Sides, To};
use crate::edits::three_way::Labels;
use crate::github::Error;
use crate::github::ops::{Compare, RepoCommit, Tree, TreeChange, TreeEntry, TreeTarget};

/// GitHub shows at most so many files of a comparison.
const FILES: usize = 300;

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
/// head, 1 for the comparison, 3 for the trees, 1 for each side of each file
/// that differs on both, where a file conflicts as many as [`holds::picked_from`]
/// asks; then tree, commit and ref. A former commit of ours is
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
        message: &commits::with_trailers(message, &merged.authors, &context.key),
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
    if compare.files.len() >= FILES {
        return Ok(Err(format!(
            "the hotfix changes {FILES} files or more; GitHub shows no more of them"
        )));
    }
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
    let rules: BTreeSet<&str> = carry.package.places().collect();
    let mut plan = Plan::default();
    // What a rule is for is needed whole: the lock file follows the manifests.
    let mut paths = paths(&compare);
    paths.extend(rules.iter().map(|path| (*path).to_owned()));
    for path in paths {
        let before = entry(base, &path);
        let now = entry(hotfix, &path);
        let mut there = entry(main, &path);
        let mut at = path.clone();
        if there.is_none()
            && before.is_some()
            && let Some(renamed) = renamed(context, carry, onto, &path).await?
        {
            there = entry(main, &renamed);
            at = renamed;
        }
        let ruled = rules.contains(path.as_str()) && now.is_some();
        if same(now, there) && !ruled {
            continue;
        }
        if same(before, there) && !ruled {
            plan.take(at, now);
            continue;
        }
        let sides = [before, now, there];
        if sides
            .iter()
            .flatten()
            .any(|entry| !entry.mode.starts_with("100"))
        {
            plan.by_hand.push((at, "it is no plain file".into()));
            continue;
        }
        let mut file = File {
            path: at,
            mode: there
                .or(now)
                .map_or("100644", |e| e.mode.as_str())
                .to_owned(),
            blob: now.map(|entry| entry.sha.clone()),
            sides: Default::default(),
        };
        for (side, entry) in file.sides.iter_mut().zip(sides) {
            *side = match entry {
                Some(entry) => Some(repo.blob(&entry.sha).await?.ok_or(Error::NotFound)?),
                None => None,
            };
        }
        plan.files.push(file);
    }
    let mut merged = plan.finish(context, carry, main, &compare);
    let other = |path: &str| !rules.contains(path);
    if merged.by_hand.iter().any(|(path, _)| other(path))
        && holds::picked_from(context, carry, onto, &compare.files)
            .await?
            .is_some()
    {
        // The fix came from there: what was built on it since stays as it is.
        merged.changes.retain(|change| !other(&change.path));
        let (known, by_hand) = merged.by_hand.into_iter().partition(|(p, _)| other(p));
        merged.by_hand = by_hand;
        let known: Vec<(String, Outside)> = known;
        merged
            .by_rule
            .extend(known.into_iter().map(|(path, _)| path));
        merged.by_rule.sort();
    }
    Ok(Ok(merged))
}

/// A file that both sides changed, or that a rule is for.
struct File {
    path: String,
    mode: String,
    /// The hotfix's blob.
    blob: Option<String>,
    /// Base, hotfix, default branch.
    sides: [Option<Vec<u8>>; 3],
}

#[derive(Default)]
struct Plan {
    changes: Vec<TreeChange>,
    by_hand: Vec<(String, Outside)>,
    files: Vec<File>,
}

impl Plan {
    /// The hotfix's side as it is.
    fn take(&mut self, path: String, entry: Option<&TreeEntry>) {
        let (mode, to) = match entry {
            Some(entry) => (entry.mode.clone(), TreeTarget::Blob(entry.sha.clone())),
            None => ("100644".to_owned(), TreeTarget::Absent),
        };
        self.changes.push(TreeChange { path, mode, to });
    }

    fn finish(
        mut self,
        context: &Context,
        carry: &Carry,
        main: &Tree,
        compare: &Compare,
    ) -> Merged {
        let sides: Vec<Sides<'_>> = self
            .files
            .iter()
            .map(|file| {
                let [base, hotfix, main] = &file.sides;
                Sides {
                    path: &file.path,
                    base: base.as_deref(),
                    hotfix: hotfix.as_deref(),
                    main: main.as_deref(),
                }
            })
            .collect();
        let port = Port {
            package: &carry.package,
            base_version: &carry.base_version,
            version: &carry.version,
            labels: Labels {
                ours: &context.default_branch,
                theirs: &carry.branch,
            },
        };
        let ported = ecosystem::port(&sides, &port);
        let of: BTreeMap<&str, &File> = self.files.iter().map(|f| (f.path.as_str(), f)).collect();
        for change in ported.changes {
            let file = of.get(change.path.as_str());
            let blob = file.and_then(|file| file.blob.clone());
            let to = match (change.to, blob) {
                (To::Text(text), _) => TreeTarget::Text(text),
                (To::Hotfix, Some(blob)) => TreeTarget::Blob(blob),
                (To::Delete | To::Hotfix, _) => TreeTarget::Absent,
            };
            let mode = file.map_or("100644", |file| &file.mode).to_owned();
            self.changes.push(TreeChange {
                path: change.path,
                mode,
                to,
            });
        }
        let conflicts = ported.conflicts.into_iter();
        self.by_hand
            .extend(conflicts.map(|conflict| (conflict.path, conflict.why.to_string().into())));
        Merged {
            tree: main.sha.clone(),
            changes: self.changes,
            by_rule: ported.by_rule,
            by_hand: self.by_hand,
            authors: authors(&compare.commits, |login| context.is_bot(login)),
        }
    }
}

/// The paths that the hotfix changes, old names too, each once.
fn paths(compare: &Compare) -> BTreeSet<String> {
    commits::paths(&compare.files).into_iter().collect()
}

fn entry<'t>(tree: &'t Tree, path: &str) -> Option<&'t TreeEntry> {
    tree.entries
        .iter()
        .find(|entry| entry.path == path && entry.kind != "tree")
}

fn same(one: Option<&TreeEntry>, other: Option<&TreeEntry>) -> bool {
    let id = |entry: Option<&TreeEntry>| entry.map(|e| (e.sha.clone(), e.mode.clone()));
    id(one) == id(other)
}

/// The path's name on the default branch, if it was renamed there: as many
/// calls as the comparison has pages.
async fn renamed(
    context: &Context,
    carry: &Carry,
    onto: &Sha,
    path: &str,
) -> Result<Option<String>, Error> {
    let since = context.repo.compare(carry.base.as_str(), onto.as_str());
    let files = since.await?.map(|compare| compare.files);
    Ok(files
        .unwrap_or_default()
        .into_iter()
        .find(|file| file.previous_filename.as_deref() == Some(path))
        .map(|file| file.filename))
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
