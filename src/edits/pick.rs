//! Picks one commit onto another branch, as `git cherry-pick` does: three trees
//! in, what changes out. Where git finds a conflict there is one here; where
//! nobody can be sure that git finds none, there is one, too, and it says why.
//!
//! One thing git has no rule for: the changelog. Where all of a conflict is an entry of
//! what is unreleased, it is put in beside its new neighbours. Where the hotfix has
//! written its own section already, it is left out, and named.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use sha1::{Digest, Sha1};

use super::attributes::{Attributes, Driver, is_attributes};
use super::changelog;
use super::forward_port::{
    Blobs, Carried, Change, Changed, Conflict, Content, Entry, Next as Carry, Outcome, Ported,
    Rules, Sides, Tree, Trees, Why, carry, plain, same, text,
};
use super::three_way::{self, Labels};

/// What is picked: as `base` the commit's parent, as `hotfix` the commit, as
/// `main` what it is picked onto.
#[derive(Clone, Copy, Debug)]
pub struct Pick<'a> {
    /// The three trees.
    pub trees: &'a Trees,
    /// Changelogs that hold the hotfix's own section.
    pub changelogs: &'a [&'a str],
}

/// What a pick comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picked {
    /// Mode and content by path; `None` where it goes.
    pub changes: BTreeMap<String, Option<(String, Content)>>,
    /// Changelogs that stay as they are.
    pub left: Vec<String>,
    /// What does not fit, by path, with the reason. Nothing is changed then.
    pub conflicts: Vec<(String, String)>,
}

/// The next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// These blobs have to be read.
    Read(BTreeSet<String>),
    /// This is it.
    Done(Picked),
}

const LABELS: Labels<'_> = Labels {
    ours: "HEAD",
    theirs: "picked",
};

/// Picks it, as far as the blobs that were read tell.
pub fn pick(pick: Pick<'_>, blobs: &Blobs) -> Next {
    let Trees { base, hotfix, main } = pick.trees;
    // Git reads them where it picks.
    let told = main
        .iter()
        .filter(|(path, entry)| is_attributes(path) && entry.is_file());
    let told: Vec<_> = told.collect();
    let missing: BTreeSet<String> = told
        .iter()
        .filter(|(_, entry)| !blobs.contains_key(&entry.id))
        .map(|(_, entry)| entry.id.clone())
        .collect();
    let texts = told
        .iter()
        .filter_map(|(path, entry)| Some((path.as_str(), blobs.get(&entry.id)?.as_slice())));
    let how = How {
        pick,
        attributes: Attributes::read(texts),
        asked: Cell::new(false),
    };
    let carried = match carry(pick.trees, blobs, &how) {
        Carry::Read(ids) => return Next::Read(ids),
        Carry::Done(_) if how.asked.get() && !missing.is_empty() => return Next::Read(missing),
        Carry::Done(carried) => carried,
    };
    let mut conflicts: BTreeMap<String, String> = BTreeMap::new();
    for (path, words) in moved_folders(base, hotfix, main) {
        conflicts.entry(path).or_insert(words);
    }
    for (side, other) in [(hotfix, main), (main, hotfix)] {
        for path in twins(base, side, other) {
            let words = "it is gone on one side, and changed on the other, and several files with the same text came or went: any of them may be the one";
            conflicts.entry(path).or_insert_with(|| words.to_owned());
        }
    }
    for Conflict { path, why } in &carried.conflicts {
        conflicts.entry(path.clone()).or_insert_with(|| words(why));
    }
    for path in how.renamed(&carried) {
        let words = "it was renamed, and .gitattributes says of its names how they are merged";
        conflicts.entry(path).or_insert_with(|| words.to_owned());
    }
    let left = carried.by_rule;
    let mut changes = carried.changes;
    if !conflicts.is_empty() {
        changes.clear();
    }
    Next::Done(Picked {
        changes,
        left,
        conflicts: conflicts.into_iter().collect(),
    })
}

/// Makes the changes in a tree; what is new of their texts comes to the blobs.
pub fn apply(
    tree: &mut Tree,
    blobs: &mut Blobs,
    changes: &BTreeMap<String, Option<(String, Content)>>,
) {
    for (path, to) in changes {
        let Some((mode, content)) = to else {
            tree.remove(path);
            continue;
        };
        let id = match content {
            Content::Blob(id) => id.clone(),
            Content::Text(text) => {
                let head = format!("blob {}\0", text.len());
                let id = hex::encode(Sha1::digest([head.as_bytes(), text.as_bytes()].concat()));
                blobs.insert(id.clone(), text.clone().into_bytes());
                id
            }
        };
        let size = blobs
            .get(&id)
            .and_then(|bytes| u64::try_from(bytes.len()).ok());
        let entry = Entry {
            mode: mode.clone(),
            id,
            size,
        };
        tree.insert(path.clone(), entry);
    }
}

/// What is added on one side below a folder that the other side has no more. Git
/// may take the folder for renamed, and then asks.
fn moved_folders(base: &Tree, picked: &Tree, onto: &Tree) -> Vec<(String, String)> {
    let gone = |of: &Tree| -> BTreeSet<String> {
        let there: BTreeSet<&str> = of.keys().flat_map(|path| folders(path)).collect();
        let before = base.keys().flat_map(|path| folders(path));
        let gone = before.filter(|folder| !there.contains(folder));
        gone.map(str::to_owned).collect()
    };
    let below = |side: &Tree, gone: &BTreeSet<String>, words: &dyn Fn(&str) -> String| {
        let new = side.keys().filter(|path| !base.contains_key(*path));
        let found = new.filter_map(|path| {
            let folder = folders(path).find(|folder| gone.contains(*folder))?;
            Some((path.clone(), words(folder)))
        });
        found.collect::<Vec<_>>()
    };
    let mut found = below(picked, &gone(onto), &|folder| {
        format!("it is new in {folder}, which the hotfix branch has not: it may belong elsewhere")
    });
    found.extend(below(onto, &gone(picked), &|folder| {
        format!(
            "it is only on the hotfix branch, in {folder}, which the commit takes away or moves"
        )
    }));
    found
}

/// Files that one side took away and the other one changed, where several files of
/// the same text came or went: in which order git looks at them nobody can tell.
fn twins(base: &Tree, side: &Tree, other: &Tree) -> Vec<String> {
    let only = |here: &'_ Tree, there: &Tree| -> BTreeMap<String, Vec<String>> {
        let mut by_id: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, entry) in here.iter().filter(|(path, _)| !there.contains_key(*path)) {
            by_id
                .entry(entry.id.clone())
                .or_default()
                .push(path.clone());
        }
        by_id
    };
    let (gone, new) = (only(base, side), only(side, base));
    let several = gone.into_iter().filter(|(id, gone)| {
        let new = new.get(id).map_or(0, Vec::len);
        new > 0 && new + gone.len() > 2
    });
    let all = several.flat_map(|(_, paths)| paths);
    all.filter(|path| !same(base.get(path), other.get(path)))
        .collect()
}

/// The folders that a path stands in.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at))
}

/// How files are merged.
struct How<'a> {
    pick: Pick<'a>,
    attributes: Attributes,
    /// Whether any was merged.
    asked: Cell<bool>,
}

impl Rules for How<'_> {
    fn places(&self) -> BTreeSet<String> {
        BTreeSet::new()
    }

    fn more(&self, _: &[Sides<'_>], _: &Changed<'_>) -> BTreeSet<String> {
        BTreeSet::new()
    }

    fn port(&self, files: &[Sides<'_>]) -> Ported {
        self.asked.set(self.asked.get() || !files.is_empty());
        let mut ported = Ported::default();
        for sides in files {
            let path = sides.path.to_owned();
            let mut outcome = self.merged(sides);
            if outcome.conflict.is_some() && self.pick.changelogs.contains(&sides.path) {
                ported.by_rule.push(path.clone());
                outcome = Outcome::default();
            } else if outcome.conflict == Some(Why::Text) && is_changelog(sides.path) {
                outcome = brought(sides).unwrap_or(outcome);
            }
            if let Some(to) = outcome.to {
                ported.changes.push(Change {
                    path: path.clone(),
                    to,
                });
            }
            ported
                .conflicts
                .extend(outcome.conflict.map(|why| Conflict { path, why }));
        }
        ported
    }
}

impl How<'_> {
    fn merged(&self, sides: &Sides<'_>) -> Outcome {
        let asked = |why: Why| Outcome {
            to: None,
            conflict: Some(why),
        };
        match self.attributes.driver(sides.path) {
            Driver::Text => plain(sides, LABELS),
            Driver::Union => {
                let texts = [sides.base.or(Some(&[])), sides.main, sides.hotfix];
                let texts = texts.map(|bytes| bytes.and_then(text));
                let [Some(base), Some(ours), Some(theirs)] = texts else {
                    return plain(sides, LABELS);
                };
                match three_way::union(base, ours, theirs) {
                    Ok(text) => Outcome::text(text, sides),
                    Err(error) => asked(Why::TooLong(error.to_string())),
                }
            }
            Driver::Binary => asked(Why::Binary),
            Driver::Own(driver) => asked(Why::Unreadable(format!(
                "merge={driver} in .gitattributes: a program of somebody's own merges it"
            ))),
            Driver::Unclear(pattern) => asked(Why::Unreadable(format!(
                "the pattern {pattern} in .gitattributes may say how it is merged"
            ))),
        }
    }

    /// What has another name now, where attributes tell the names apart.
    fn renamed(&self, carried: &Carried) -> Vec<String> {
        let Trees { base, .. } = self.pick.trees;
        let merged = carried.changes.iter().filter(|(path, to)| {
            let text = matches!(to, Some((_, Content::Text(_))));
            text && !base.contains_key(*path)
        });
        let paths = merged.map(|(path, _)| path);
        // By its name at the base it was merged; which that was is not told.
        let told = paths.filter(|path| {
            let plain = self.attributes.driver(path) == Driver::Text;
            !plain
                || base
                    .keys()
                    .any(|old| self.is_moved(old) && self.is_told(old))
        });
        told.cloned().collect()
    }

    fn is_moved(&self, path: &str) -> bool {
        let Trees { hotfix, main, .. } = self.pick.trees;
        !hotfix.contains_key(path) || !main.contains_key(path)
    }

    fn is_told(&self, path: &str) -> bool {
        self.attributes.driver(path) != Driver::Text
    }
}

/// Whether a file is called like a changelog.
fn is_changelog(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let names = ["change", "history", "news", "release"];
    names.iter().any(|it| name.starts_with(it))
}

/// The entry that the commit adds to what is unreleased, in the file as it is here.
fn brought(sides: &Sides<'_>) -> Option<Outcome> {
    let texts = [sides.base, sides.hotfix, sides.main];
    let [base, theirs, ours] = texts.map(|bytes| bytes.and_then(text));
    let united = changelog::bring(base?, theirs?, ours?)?;
    Some(Outcome::text(united, sides))
}

/// Why a file cannot be picked, as a phrase after its name.
fn words(why: &Why) -> String {
    match why {
        Why::Text => "both changed the same lines".to_owned(),
        Why::BothAdded => "both added it, each with its own text".to_owned(),
        Why::DeletedOnMain => "the commit changes it, and the hotfix branch has no such file".to_owned(),
        Why::DeletedByHotfix => "the commit takes it away, and the hotfix branch has another text of it".to_owned(),
        Why::Binary => "both changed it, and it is no text that could be merged".to_owned(),
        Why::TooLong(why) => format!("both changed it, and {why}"),
        Why::Modes { main, hotfix } => format!("both changed its mode, to {main} on the hotfix branch and to {hotfix} in the commit"),
        Why::NoFile => "both changed it, and it is a link or a submodule".to_owned(),
        Why::Renamed(other) => format!("the commit renames it to {other}, and on the hotfix branch it has this name"),
        Why::Lost => "it has another name on both sides, or none, and there are too many new files to find it among".to_owned(),
        Why::InTheWay => "it would come to the place of another file".to_owned(),
        Why::Folder => "it is a file on one side and a folder on the other".to_owned(),
        Why::FolderGone => "it is new in a folder that the hotfix branch has not".to_owned(),
        Why::Unreadable(words) => words.clone(),
    }
}
