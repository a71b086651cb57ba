//! What the last releases changed beyond what the kind knows by itself.

use std::collections::BTreeMap;

use super::bump::raise;
use super::by_kind::{self, next_version};
use super::cargo;
use super::files::{Files, Texts};
use super::kind::Kind;
use super::learnt::{self, Learnt, Lessons, Listed, Place};
use super::package::Package;

/// The files at the base that are to be read, beyond those that were.
pub fn at_hand(files: &Files, lessons: &Lessons<'_>) -> Vec<String> {
    let mut wanted = learnt::wanted(lessons);
    wanted.retain(|path| !files.was_read(path));
    wanted
}

/// What the last releases show. `files` are those of the base. What the kind
/// raises in its own files is no place twice; where it cannot raise them, they
/// have none.
pub fn learn(package: &Package, files: &Files, lessons: &Lessons<'_>) -> Learnt {
    let mut texts: Texts<'_> = files.iter().collect();
    let next = next_version(package.kind(), lessons.last.to, &Default::default());
    let after = next
        .as_deref()
        .and_then(|next| raise(&texts, package, next).ok());
    let after = after.into_iter().flat_map(|raised| raised.files);
    let after: BTreeMap<String, String> = after.collect();
    for path in package.known_places() {
        texts.remove(path);
    }
    texts.extend(
        after
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str())),
    );
    // Of what the kind left as it is, nothing is learnt.
    let untouched = package
        .known_places()
        .filter(|path| !after.contains_key(*path));
    let ignore: Vec<String> = untouched
        .map(str::to_owned)
        .chain(lessons.ignore.iter().cloned())
        .collect();
    let lessons = Lessons {
        ignore: &ignore,
        ..*lessons
    };
    let mut learnt = learnt::learn(&lessons, &texts);
    let next = next.unwrap_or_default();
    let may_raise = |place: &Place| {
        let text = texts.get(place.path.as_str()).copied();
        let mut kinds = package.parts().map(|part| part.kind);
        let crates = package.parts().find(|part| part.kind == Kind::Cargo);
        kinds.all(|kind| by_kind::may_raise(kind, place, text, &next))
            && !crates.is_some_and(|crates| cargo::requires_others(crates, place))
    };
    let (kept, listed): (Vec<_>, Vec<_>) = learnt.places.into_iter().partition(may_raise);
    learnt.places = kept;
    learnt.listed.extend(listed.iter().map(Listed::changed));
    learnt
}
