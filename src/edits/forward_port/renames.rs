//! Which files were renamed on one side, as git finds it where it merges: the
//! same blob first, then a file of the same name in another folder that is three
//! quarters the same, then whatever is half the same, the most similar first.
//!
//! Folders are not taken for renamed: a new file stays where its side has it
//! (see [`Why::FolderGone`](super::Why)). Empty files are not either.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Blobs, Entry, Tree, same};
use super::similarity::{MOVED, RENAMED, may_be, score};

/// Git's name of the empty file.
const EMPTY: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
/// So many files are read at most to find what was renamed.
const MOST: usize = 200;
/// Git keeps so many sources of one file.
const SOURCES: usize = 4;

/// What was renamed on one side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    /// New paths by old ones.
    pub to: BTreeMap<String, String>,
    /// Old paths that may have a new one: there are too many to read.
    pub unknown: BTreeSet<String>,
}

type Named<'a> = (&'a str, &'a Entry);

/// Finds those of `side` that matter: whose old file the other side changed.
/// Blobs that are needed and not known are added to `wanted`; the answer holds
/// once there are none.
pub fn renames(
    base: &Tree,
    side: &Tree,
    other: &Tree,
    blobs: &Blobs,
    wanted: &mut BTreeSet<String>,
) -> Renames {
    let only = |here: &'_ Tree, there: &Tree| -> Vec<(String, Entry)> {
        let files = here.iter().filter(|(_, entry)| entry.id != EMPTY);
        let gone = files.filter(|(path, _)| !there.contains_key(*path));
        gone.map(|(path, entry)| (path.clone(), entry.clone()))
            .collect()
    };
    let (old, new) = (only(base, side), only(side, base));
    let mut left = Left {
        old: old
            .iter()
            .map(|(path, entry)| (path.as_str(), entry))
            .collect(),
        new: new
            .iter()
            .map(|(path, entry)| (path.as_str(), entry))
            .collect(),
        pairs: BTreeMap::new(),
    };
    let matters = |path: &str| !same(base.get(path), other.get(path));
    left.exact();
    left.files_alone();
    left.by_name(matters, blobs, wanted);
    if !wanted.is_empty() {
        // The others are read only where these are not what was moved.
        return Renames::default();
    }
    left.old.retain(|(path, _)| matters(path));
    let unknown = left.by_content(blobs, wanted);
    let mut to: BTreeMap<String, String> = left.pairs;
    to.retain(|path, _| matters(path));
    Renames { to, unknown }
}

/// What has no counterpart yet.
struct Left<'a> {
    old: Vec<Named<'a>>,
    new: Vec<Named<'a>>,
    pairs: BTreeMap<String, String>,
}

impl<'a> Left<'a> {
    fn pair(&mut self, old: &str, new: &str) {
        self.old.retain(|(path, _)| *path != old);
        self.new.retain(|(path, _)| *path != new);
        self.pairs.insert(old.to_owned(), new.to_owned());
    }

    /// The same blob; of several the one of the same name.
    fn exact(&mut self) {
        let mut by_id: BTreeMap<&str, Vec<Named<'a>>> = BTreeMap::new();
        for old in &self.old {
            by_id.entry(&old.1.id).or_default().push(*old);
        }
        let mut found: Vec<(&str, &str)> = Vec::new();
        for (path, entry) in &self.new {
            let Some(sources) = by_id.get_mut(entry.id.as_str()) else {
                continue;
            };
            let fits = |source: &Named<'_>| {
                source.1.mode == entry.mode || (source.1.is_file() && entry.is_file())
            };
            let named = sources
                .iter()
                .position(|source| fits(source) && name(source.0) == name(path));
            if let Some(at) = named.or_else(|| sources.iter().position(fits)) {
                found.push((sources.remove(at).0, path));
            }
        }
        let old: BTreeSet<&str> = found.iter().map(|(old, _)| *old).collect();
        let new: BTreeSet<&str> = found.iter().map(|(_, new)| *new).collect();
        self.old.retain(|(path, _)| !old.contains(path));
        self.new.retain(|(path, _)| !new.contains(path));
        let pairs = found
            .iter()
            .map(|(old, new)| ((*old).to_owned(), (*new).to_owned()));
        self.pairs.extend(pairs);
    }

    /// Links and submodules are renamed as they are, or not at all.
    fn files_alone(&mut self) {
        self.old.retain(|(_, entry)| entry.is_file());
        self.new.retain(|(_, entry)| entry.is_file());
    }

    /// The only file of its name that went, and the only one that came.
    fn by_name(
        &mut self,
        matters: impl Fn(&str) -> bool,
        blobs: &Blobs,
        wanted: &mut BTreeSet<String>,
    ) {
        let only = |all: &[Named<'a>]| -> BTreeMap<&'a str, Option<Named<'a>>> {
            let mut names = BTreeMap::new();
            for file in all {
                names
                    .entry(name(file.0))
                    .and_modify(|only| *only = None)
                    .or_insert(Some(*file));
            }
            names
        };
        let (old, new) = (only(&self.old), only(&self.new));
        for (name, old) in old {
            let new = new.get(name).copied().flatten();
            let (Some(old), Some(new)) = (old.filter(|old| matters(old.0)), new) else {
                continue;
            };
            if similar(old.1, new.1, blobs, wanted) >= MOVED {
                self.pair(old.0, new.0);
            }
        }
    }

    /// Whatever is similar enough; what cannot be looked through.
    fn by_content(&mut self, blobs: &Blobs, wanted: &mut BTreeSet<String>) -> BTreeSet<String> {
        let mut pairs: Vec<(Named<'a>, Named<'a>)> = Vec::new();
        for new in &self.new {
            let fitting = self.old.iter().filter(|old| may_fit(old.1, new.1));
            pairs.extend(fitting.map(|old| (*old, *new)));
        }
        let ids = pairs.iter().flat_map(|(old, new)| [&old.1.id, &new.1.id]);
        let needed: BTreeSet<&String> = ids.collect();
        if needed.len() > MOST {
            return pairs.iter().map(|(old, _)| old.0.to_owned()).collect();
        }
        let mut candidates = Vec::new();
        for new in &self.new {
            let mut sources: Vec<(u64, bool, &str)> = pairs
                .iter()
                .filter(|(_, it)| it.0 == new.0)
                .map(|(old, _)| {
                    let score = similar(old.1, new.1, blobs, wanted);
                    (score, name(old.0) == name(new.0), old.0)
                })
                .filter(|(score, ..)| *score >= RENAMED)
                .collect();
            sources.sort_by_key(|(score, named, _)| Reverse((*score, *named)));
            sources.truncate(SOURCES);
            candidates.extend(sources.into_iter().map(|source| (source, new.0)));
        }
        candidates.sort_by_key(|((score, named, _), _)| Reverse((*score, *named)));
        for ((_, _, old), new) in candidates {
            let both = self.old.iter().any(|(path, _)| *path == old)
                && self.new.iter().any(|(path, _)| *path == new);
            if both {
                self.pair(old, new);
            }
        }
        BTreeSet::new()
    }
}

fn may_fit(old: &Entry, new: &Entry) -> bool {
    match (old.size, new.size) {
        (Some(old), Some(new)) => may_be(old, new),
        _ => true,
    }
}

/// Their similarity; 0 as long as one of them has to be read.
fn similar(old: &Entry, new: &Entry, blobs: &Blobs, wanted: &mut BTreeSet<String>) -> u64 {
    if !may_fit(old, new) {
        return 0;
    }
    let both = [old, new].map(|entry| blobs.get(&entry.id));
    if let [Some(old), Some(new)] = both {
        return score(old, new);
    }
    let missing = [old, new]
        .into_iter()
        .filter(|entry| !blobs.contains_key(&entry.id));
    wanted.extend(missing.map(|entry| entry.id.clone()));
    0
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
