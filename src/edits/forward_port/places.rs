//! The files of three trees, each with its names: what was renamed on one side
//! is one file.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Blobs, Entry, Trees};
use super::file::Why;
use super::renames::renames;

/// One file on three sides, whatever it is called there.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Its name at the base; for a new file the one that it has.
    pub name: &'a str,
    /// Where the result stands.
    pub at: &'a str,
    /// Where main has it now.
    pub on_main: &'a str,
    /// Base, hotfix, main.
    pub sides: [Option<&'a Entry>; 3],
    /// Why it is not merged at all.
    pub conflict: Option<&'a Why>,
}

/// What was renamed where.
#[derive(Debug, Default)]
pub struct Names {
    hotfix: BTreeMap<String, String>,
    main: BTreeMap<String, String>,
    /// By their names at the base.
    conflicts: BTreeMap<String, Why>,
    /// New names that are taken by a file that had another one.
    taken: BTreeSet<String>,
}

impl Names {
    /// Finds what was renamed; `wanted` as in [`renames`].
    pub fn find(trees: &Trees, blobs: &Blobs, wanted: &mut BTreeSet<String>) -> Self {
        let Trees { base, hotfix, main } = trees;
        let by_hotfix = renames(base, hotfix, main, blobs, wanted);
        let by_main = renames(base, main, hotfix, blobs, wanted);
        let mut names = Names {
            hotfix: by_hotfix.to,
            main: by_main.to,
            ..Names::default()
        };
        for path in by_hotfix.unknown.intersection(&by_main.unknown) {
            names.conflicts.insert(path.clone(), Why::Lost);
        }
        for (old, new) in &names.main {
            match names.hotfix.get(old) {
                Some(other) if other == new => {}
                Some(other) => {
                    let why = Why::Renamed(other.clone());
                    names.conflicts.insert(old.clone(), why);
                }
                None if hotfix.contains_key(new) => {
                    names.conflicts.insert(old.clone(), Why::InTheWay);
                }
                None if !hotfix.contains_key(old) => {
                    names.conflicts.insert(old.clone(), Why::DeletedByHotfix);
                }
                None => {}
            }
        }
        for (old, new) in &names.hotfix {
            if main.contains_key(new) && names.main.get(old) != Some(new) {
                names.conflicts.entry(old.clone()).or_insert(Why::InTheWay);
            } else if !main.contains_key(old) && !names.main.contains_key(old) {
                names.conflicts.insert(old.clone(), Why::DeletedOnMain);
            }
        }
        let new = names.hotfix.values().chain(names.main.values());
        names.taken = new.cloned().collect();
        names
    }

    /// All files that the hotfix changed, and those at `also`, in the order of
    /// their names.
    pub fn places<'a>(&'a self, trees: &'a Trees, also: &BTreeSet<String>) -> Vec<Place<'a>> {
        let Trees { base, hotfix, main } = trees;
        let mut places = Vec::new();
        let paths: BTreeSet<&String> = base
            .keys()
            .chain(hotfix.keys())
            .chain(main.keys())
            .collect();
        for path in paths {
            let is_new = !base.contains_key(path);
            if is_new && self.taken.contains(path) {
                continue;
            }
            let of = |names: &'a BTreeMap<String, String>| names.get(path).map_or(path, |new| new);
            let (there, here) = (of(&self.hotfix), of(&self.main));
            let place = Place {
                name: path,
                // What main has under a name of its own stays there.
                at: if here == path { there } else { here },
                on_main: here,
                sides: [base.get(path), hotfix.get(there), main.get(here)],
                conflict: self.conflicts.get(path),
            };
            let [base, hotfix, _] = place.sides;
            if there != path || !super::entry::same(base, hotfix) || also.contains(path) {
                places.push(place);
            }
        }
        places
    }
}
