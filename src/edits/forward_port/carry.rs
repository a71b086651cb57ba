//! The forward-port from three trees: what the default branch's tree becomes.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Blobs, Entry, Tree, Trees, same};
use super::file::{Sides, To, Why};
use super::places::{Names, Place};
use super::port::{Conflict, Ported};

/// What the kind of package brings along.
pub trait Rules {
    /// The files that a rule is for, whether the hotfix changed them or not, by
    /// their names at the base.
    fn places(&self) -> BTreeSet<String>;

    /// Further ones that are needed once the contents of `files` are known.
    fn more(&self, files: &[Sides<'_>], changed: &Changed<'_>) -> BTreeSet<String>;

    /// What becomes of the contents; paths are names at the base.
    fn port(&self, files: &[Sides<'_>]) -> Ported;
}

/// The files that each side changed or added since the base, by their paths there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed<'a> {
    /// By the hotfix.
    pub hotfix: Vec<&'a str>,
    /// By main.
    pub main: Vec<&'a str>,
}

/// What a path of the new tree holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// This text.
    Text(String),
    /// This blob, or this submodule's commit.
    Blob(String),
}

/// How the default branch's tree changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Mode and content by path; `None` where it goes.
    pub changes: BTreeMap<String, Option<(String, Content)>>,
    /// Files that merging alone would have left in conflict, and a rule did not.
    pub by_rule: Vec<String>,
    /// What is left for a person.
    pub conflicts: Vec<Conflict>,
    /// Paths of the changes that a rule is for.
    pub ruled: BTreeSet<String>,
}

/// The next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// These blobs have to be read.
    Read(BTreeSet<String>),
    /// This is it.
    Done(Carried),
}

/// Carries the hotfix over, as far as the blobs that were read tell.
pub fn carry(trees: &Trees, blobs: &Blobs, rules: &impl Rules) -> Next {
    let mut wanted = BTreeSet::new();
    let names = Names::find(trees, blobs, &mut wanted);
    if !wanted.is_empty() {
        return Next::Read(wanted);
    }
    let mut ruled = rules.places();
    let places = names.places(trees, &ruled);
    let (sides, missing) = contents(&places, &ruled, blobs);
    if !missing.is_empty() {
        return Next::Read(missing);
    }
    let more = rules.more(&sides, &Changed::of(trees));
    ruled.extend(more);
    let places = names.places(trees, &ruled);
    let (sides, missing) = contents(&places, &ruled, blobs);
    if !missing.is_empty() {
        return Next::Read(missing);
    }
    let mut carried = Carried::default();
    let ported = rules.port(&sides);
    for place in &places {
        settle(place, trees, &ported, &ruled, &mut carried);
    }
    Next::Done(carried)
}

impl<'a> Changed<'a> {
    fn of(trees: &'a Trees) -> Self {
        let since = |side: &'a Tree| -> Vec<&'a str> {
            let files = side.iter();
            files
                .filter(|(path, entry)| !same(trees.base.get(*path), Some(entry)))
                .map(|(path, _)| path.as_str())
                .collect()
        };
        Changed {
            hotfix: since(&trees.hotfix),
            main: since(&trees.main),
        }
    }
}

/// Whether contents have to be merged, or a rule is for them.
fn is_merged(place: &Place<'_>, ruled: &BTreeSet<String>) -> bool {
    let [base, hotfix, main] = place.sides;
    if place.conflict.is_some() || !place.sides.iter().flatten().all(|entry| entry.is_file()) {
        return false;
    }
    let id = |side: Option<&Entry>| side.map(|entry| entry.id.clone());
    let both = hotfix.is_some() && main.is_some();
    let clash = both && id(hotfix) != id(main) && id(base) != id(hotfix) && id(base) != id(main);
    let by_rule = ruled.contains(place.name)
        && (hotfix.is_some() || main.is_some())
        && (hotfix.is_some() || !same(base, main));
    clash || by_rule
}

/// The contents that have to be merged, and the blobs that are missing for it.
fn contents<'a>(
    places: &[Place<'a>],
    ruled: &BTreeSet<String>,
    blobs: &'a Blobs,
) -> (Vec<Sides<'a>>, BTreeSet<String>) {
    let mut missing = BTreeSet::new();
    let mut read = |entry: Option<&Entry>| {
        let entry = entry?;
        let blob = blobs.get(&entry.id);
        if blob.is_none() {
            missing.insert(entry.id.clone());
        }
        blob.map(Vec::as_slice)
    };
    let merged = places.iter().filter(|place| is_merged(place, ruled));
    let sides = merged
        .map(|place| {
            let [base, hotfix, main] = place.sides;
            Sides {
                path: place.name,
                base: read(base),
                hotfix: read(hotfix),
                main: read(main),
            }
        })
        .collect();
    (sides, missing)
}

/// What becomes of one file.
fn settle(
    place: &Place<'_>,
    trees: &Trees,
    ported: &Ported,
    ruled: &BTreeSet<String>,
    carried: &mut Carried,
) {
    let [base, hotfix, main] = place.sides;
    let mut conflict = |why: Why| {
        carried.conflicts.push(Conflict {
            path: place.at.to_owned(),
            why,
        });
    };
    if let Some(why) = place.conflict {
        return conflict(why.clone());
    }
    let is_renamed = place.at != place.name || place.on_main != place.name;
    if let (true, Some(hotfix), Some(main)) = (is_renamed, hotfix, main)
        && hotfix.is_file() != main.is_file()
    {
        // It has another name on one side, and is another kind of thing on the other.
        return conflict(Why::NoFile);
    }
    let blob = |entry: &Entry| Content::Blob(entry.id.clone());
    let mains = || main.map(blob);
    let mode = modes(place.sides);
    let mode = mode.unwrap_or_else(|why| {
        conflict(why);
        main.map(|entry| entry.mode.clone()).unwrap_or_default()
    });
    let content = if is_merged(place, ruled) {
        let mut conflicts = ported.conflicts.iter();
        if let Some(found) = conflicts.find(|conflict| conflict.path == place.name) {
            conflict(found.why.clone());
        }
        if ported.by_rule.iter().any(|path| path == place.name) {
            carried.by_rule.push(place.at.to_owned());
        }
        let mut changes = ported.changes.iter();
        match changes.find(|change| change.path == place.name) {
            Some(change) => match &change.to {
                To::Text(text) => Some(Content::Text(text.clone())),
                To::Hotfix => hotfix.map(blob),
                To::Delete => None,
            },
            None => mains(),
        }
    } else {
        match (hotfix, main) {
            _ if same(base, main) => hotfix.map(blob),
            _ if same(base, hotfix) => mains(),
            (Some(hotfix), Some(main)) if hotfix.id == main.id => mains(),
            (Some(_), Some(_)) if !place.sides.iter().flatten().all(|it| it.is_file()) => {
                conflict(Why::NoFile);
                mains()
            }
            (Some(hotfix), Some(main)) => {
                // One side changed its content, the other one its mode.
                let by_hotfix = base.is_none_or(|base| base.id == main.id);
                Some(blob(if by_hotfix { hotfix } else { main }))
            }
            (None, Some(_)) => {
                conflict(Why::DeletedByHotfix);
                mains()
            }
            (Some(_), None) => {
                conflict(Why::DeletedOnMain);
                None
            }
            (None, None) => None,
        }
    };
    let is_new = base.is_none() && main.is_none() && content.is_some();
    if is_in_the_way(place.at, content.is_some(), trees) {
        return conflict(Why::Folder);
    }
    if is_new && folder_is_gone(place.at, trees) {
        conflict(Why::FolderGone);
    }
    if place.on_main != place.at && main.is_some() {
        carried.changes.insert(place.on_main.to_owned(), None);
    }
    let before = trees.main.get(place.at);
    let is_same = match (&content, before) {
        (Some(Content::Blob(id)), Some(before)) => *id == before.id && mode == before.mode,
        (None, None) => true,
        _ => false,
    };
    if !is_same {
        let to = content.map(|content| (mode, content));
        carried.changes.insert(place.at.to_owned(), to);
    }
    if ruled.contains(place.name) {
        carried.ruled.insert(place.at.to_owned());
    }
}

/// The mode afterwards: of three modes as of three contents.
fn modes(sides: [Option<&Entry>; 3]) -> Result<String, Why> {
    let [base, hotfix, main] = sides.map(|side| side.map(|entry| entry.mode.as_str()));
    let mode = match (hotfix, main) {
        (Some(hotfix), Some(main)) if hotfix == main || base == Some(hotfix) => main,
        (Some(hotfix), Some(main)) if base == Some(main) => hotfix,
        (Some(hotfix), Some(main)) => {
            // Where one is no file at all, that is what is told.
            let files = sides.iter().flatten().all(|entry| entry.is_file());
            if files {
                return Err(Why::Modes {
                    main: main.to_owned(),
                    hotfix: hotfix.to_owned(),
                });
            }
            main
        }
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "",
    };
    Ok(mode.to_owned())
}

/// Whether the base had the folder of a new file, and main has not.
fn folder_is_gone(path: &str, trees: &Trees) -> bool {
    let Some((folder, _)) = path.rsplit_once('/') else {
        return false;
    };
    has_folder(&trees.base, folder) && !has_folder(&trees.main, folder)
}

/// Whether it is a file where the other side has a folder. That is named and left
/// alone even where the hotfix takes away what is in the way: what GitHub makes of
/// both in one tree is not documented.
fn is_in_the_way(path: &str, stays: bool, trees: &Trees) -> bool {
    if !stays {
        return trees.main.contains_key(path) && has_folder(&trees.hotfix, path);
    }
    let mut above = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
    above.any(|folder| trees.main.contains_key(folder)) || has_folder(&trees.main, path)
}

fn has_folder(tree: &Tree, folder: &str) -> bool {
    let below = format!("{folder}/");
    let mut from = tree.range(below.clone()..);
    from.next()
        .is_some_and(|(path, _)| path.starts_with(&below))
}
