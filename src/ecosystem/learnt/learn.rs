//! What the last releases did is what this one does.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::built::{Built, built};
use super::configured::Asked;
use super::diff::Diff;
use super::form::{self, Form};
use super::parts::{has_moved, patches};
use super::paths::{is_generated, is_history, is_lock, is_meant, is_packagers_log, is_spec};
use super::place::{Because, Piece, Place, trimmed};
use super::shape::{changed, is_prose, key, key_is_a_version, surer};
use crate::ecosystem::files::Texts;

/// So many places that are only listed are kept.
const LISTED: usize = 12;

/// A release and the one before it: what changed, from which version to which.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// What changed.
    pub diff: &'a Diff,
    /// The version before.
    pub from: &'a str,
    /// The release's.
    pub to: &'a str,
}

/// What is to be learnt from.
#[derive(Clone, Copy, Debug)]
pub struct Lessons<'a> {
    /// The base, after its predecessor.
    pub last: Step<'a>,
    /// That one, after its own.
    pub before: Option<Step<'a>>,
    /// Patterns of paths that are never a place.
    pub ignore: &'a [String],
}

/// A line that holds the base's version and is left alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The file.
    pub path: String,
    /// The line as `version.files` would name it; none where it cannot.
    pub pattern: Option<String>,
    /// Whether one of the last two releases changed it.
    pub was_changed: bool,
}

impl Listed {
    /// A place that one of the last two releases changed.
    pub fn changed(place: &Place) -> Self {
        Listed {
            path: place.path.clone(),
            pattern: place.pattern(),
            was_changed: true,
        }
    }
}

/// What was learnt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Learnt {
    /// What is raised.
    pub places: Vec<Place>,
    /// What is not, and holds the base's version.
    pub listed: Vec<Listed>,
    /// The manifests of crates outside the workspace whose own version both releases
    /// raised with it.
    pub along: Vec<String>,
    /// Files that the last release made anew by a tool.
    pub generated: Vec<String>,
    /// Those of them that are built of others.
    pub built: Vec<Built>,
    /// Logs of packagers that the last release added to.
    pub logs: Vec<String>,
}

impl Learnt {
    /// What is raised of it, as the configuration asks.
    pub fn asked_for(mut self, asked: &Asked) -> Self {
        if asked.only_listed {
            let places = std::mem::take(&mut self.places);
            let along = std::mem::take(&mut self.along).into_iter();
            self.listed.extend(along.map(|path| Listed {
                path,
                pattern: None,
                was_changed: true,
            }));
            let places = places.iter().filter(|place| place.holds_a_version());
            let places = places.map(Listed::changed).collect();
            let listed = std::mem::replace(&mut self.listed, places);
            self.listed.extend(listed);
            self.listed.truncate(LISTED);
        }
        self
    }
}

/// A line that the last release changed.
struct Candidate {
    line: Vec<Piece>,
    /// Whether the one before did so, too.
    both: bool,
}

/// The candidates of each file. What the release before alone changed holds
/// another version by now.
fn candidates<'a>(lessons: &Lessons<'a>) -> BTreeMap<&'a str, Vec<Candidate>> {
    let mut before: BTreeMap<&str, BTreeMap<Vec<Piece>, Vec<Piece>>> = BTreeMap::new();
    for step in lessons.before.iter() {
        for file in &step.diff.files {
            let lines = changed(file, None, [step.from, step.to]).into_iter();
            let lines = lines.map(|line| (key(&line), line));
            before.entry(&file.path).or_default().extend(lines);
        }
    }
    let last = lessons.last;
    let files = last.diff.files.iter();
    let files = files.filter(|file| may_hold(&file.path, lessons.ignore));
    files
        .map(|file| {
            let older = before.get(file.path.as_str());
            let candidate = |line: Vec<Piece>| match older.and_then(|older| older.get(&key(&line)))
            {
                Some(other) => Candidate {
                    line: surer(line, other),
                    both: true,
                },
                None => Candidate { line, both: false },
            };
            let older = lessons.before.map(|before| before.from);
            let lines = changed(file, older, [last.from, last.to]).into_iter();
            (file.path.as_str(), lines.map(candidate).collect())
        })
        .collect()
}

fn may_hold(path: &str, ignore: &[String]) -> bool {
    !is_lock(path)
        && !is_history(path)
        && !is_generated(path)
        && !ignore.iter().any(|pattern| is_meant(pattern, path))
}

/// Whether it is one number, which may be anything's.
fn is_alone(line: &[Piece]) -> bool {
    line.contains(&Piece::Version(Form::Patch))
}

/// Whether a release raised the first or the second number in a line of its own.
fn has_parts(step: &Step<'_>, path: &str) -> bool {
    let mut files = step.diff.files.iter().filter(|file| file.path == path);
    files.any(|file| has_moved(file, [step.from, step.to]))
}

/// The files whose text at the base is needed: a number alone is judged by its
/// neighbours.
pub fn wanted(lessons: &Lessons<'_>) -> Vec<String> {
    let files = candidates(lessons).into_iter();
    let alone = |path: &str, all: &[Candidate]| {
        all.iter().any(|c| is_alone(&c.line)) || has_parts(&lessons.last, path)
    };
    let files = files.filter(|(path, all)| alone(path, all));
    files.map(|(path, _)| path.to_owned()).collect()
}

/// The files of which it must be known whether the release before the last
/// changed them, too, where its difference does not tell all.
pub fn untold(lessons: &Lessons<'_>) -> Vec<String> {
    let told = lessons.before.iter().flat_map(|step| &step.diff.files);
    let told: BTreeSet<&str> = told.map(|file| file.path.as_str()).collect();
    let files = candidates(lessons).into_iter();
    let unsure = |all: &[Candidate]| all.iter().any(|c| !c.both);
    let files = files.filter(|(path, all)| !told.contains(path) && unsure(all));
    files.map(|(path, _)| path.to_owned()).collect()
}

/// The places of the version, as the last releases show them. `texts` are files
/// at the base: those that are [`wanted`], and any others that are at hand. A
/// file that a kind's own rules edit is given as they leave it, so that what
/// they raise is no place twice.
pub fn learn(lessons: &Lessons<'_>, texts: &Texts<'_>) -> Learnt {
    let base = lessons.last.to;
    let mut learnt = Learnt::default();
    let mut listed: BTreeSet<(String, Vec<Piece>)> = BTreeSet::new();
    for (path, all) in candidates(lessons) {
        let text = texts.get(path).copied();
        let mut places: Vec<Place> = Vec::new();
        let mut along: Vec<Place> = Vec::new();
        for Candidate { line, both } in all {
            let place = Place {
                path: path.to_owned(),
                because: match both {
                    true => Because::BothReleases,
                    false => Because::OneRelease,
                },
                before: line
                    .iter()
                    .any(|piece| matches!(piece, Piece::Before(_)))
                    .then(|| lessons.last.from.to_owned()),
                line,
                version: base.to_owned(),
            };
            // The last release put it there.
            let stands = text.is_none_or(|text| place.stands(text, base));
            let agrees = || text.is_some_and(|text| patches(text, base).contains(&place.line));
            if !stands || is_alone(&place.line) && !agrees() {
                continue;
            }
            if both || !place.holds_a_version() || key_is_a_version(&place.line) {
                places.push(place);
            } else {
                along.push(place);
            }
        }
        // What the last release left at 0 is raised with the numbers above it.
        let parts = text.filter(|_| has_parts(&lessons.last, path));
        let both = || {
            lessons
                .before
                .is_some_and(|before| has_parts(&before, path))
        };
        for line in parts.map(|text| patches(text, base)).unwrap_or_default() {
            if places.iter().all(|place| place.line != line) {
                places.push(Place {
                    path: path.to_owned(),
                    because: match both() {
                        true => Because::BothReleases,
                        false => Because::OneRelease,
                    },
                    line,
                    version: base.to_owned(),
                    before: None,
                });
            }
        }
        // Lines of the same number that the release changed together stay together.
        if places.iter().any(Place::holds_a_version) {
            places.append(&mut along);
        }
        for place in along {
            listed.insert((path.to_owned(), key(&place.line)));
            learnt.listed.push(Listed::changed(&place));
        }
        // A date alone goes with a version in the same file.
        if places.iter().any(Place::holds_a_version) {
            learnt.places.extend(places);
        }
    }
    for (path, text) in texts {
        if may_hold(path, lessons.ignore) {
            let known = learnt.places.iter().filter(|place| place.path == *path);
            let known: Vec<&Place> = known.collect();
            let others = holding(path, text, base, &known);
            let others = others
                .into_iter()
                .filter(|(line, _)| listed.insert(((*path).to_owned(), key(line))));
            learnt.listed.extend(others.map(|(_, listed)| listed));
        }
    }
    learnt.listed.truncate(LISTED);
    for file in &lessons.last.diff.files {
        let is_ignored = lessons.ignore.iter().any(|p| is_meant(p, &file.path));
        if is_generated(&file.path) && !is_ignored {
            learnt.generated.push(file.path.clone());
        }
        let is_entry = |line: &String| line.starts_with("* ");
        let was_added_to = match is_spec(&file.path) {
            true => file.added.iter().any(is_entry),
            false => is_packagers_log(&file.path) && !file.added.is_empty(),
        };
        if was_added_to && !is_ignored {
            learnt.logs.push(file.path.clone());
        }
    }
    learnt.generated.sort();
    let files = lessons.last.diff.files.iter();
    let changed: Vec<&str> = files.map(|file| file.path.as_str()).collect();
    let is_ignored = |path: &str| lessons.ignore.iter().any(|p| is_meant(p, path));
    learnt.built = built(&changed);
    learnt.built.retain(|it| !is_ignored(&it.path));
    learnt
}

/// Whether a line of a `go.mod` requires a module of another repository: its number is
/// the release's by chance.
fn is_of_others(text: &str, line: &str) -> bool {
    let repository = |module: &str| {
        let parts: Vec<&str> = module.split('/').take(3).collect();
        parts.join("/")
    };
    let module = text.lines().find_map(|line| line.strip_prefix("module "));
    let line = line.strip_prefix("require ").unwrap_or(line).trim_start();
    let name = line.split_whitespace().next().unwrap_or_default();
    let is_module = name.contains('/') && name.split('/').next().is_some_and(|it| it.contains('.'));
    is_module && module.is_some_and(|own| repository(own.trim()) != repository(name))
}

/// The lines of a text that hold the version, and are none of these places.
fn holding(path: &str, text: &str, version: &str, known: &[&Place]) -> Vec<(Vec<Piece>, Listed)> {
    let mut found = Vec::new();
    for line in text.lines().map(trimmed) {
        let is_known = || known.iter().any(|place| place.stands(line, version));
        if line.len() > 200 || !line.contains(version) || is_prose(line) || is_known() {
            continue;
        }
        if path.ends_with("go.mod") && is_of_others(text, line) {
            continue;
        }
        let shape = super::shape::versions(line, version);
        if form::find(line, version)
            .iter()
            .any(|(_, form)| matches!(form, Form::Full | Form::Four))
        {
            let place = Place {
                path: path.to_owned(),
                line: shape.clone(),
                ..Place::default()
            };
            let listed = Listed {
                path: path.to_owned(),
                pattern: place.pattern(),
                was_changed: false,
            };
            found.push((shape, listed));
        }
    }
    found
}
