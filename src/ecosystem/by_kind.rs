//! The one table of kinds: which functions each folder has, and which of them is
//! asked. A folder that lacks one does not compile.

use std::collections::BTreeSet;

use super::by_place::{self, Places};
use super::files::{Files, Texts, Wanted};
use super::kind::Kind;
use super::learnt::Place;
use super::package::{Package, Required};
use super::registry::Question;
use super::tasks::{Port, Raised, Release};
use super::words::{Use, Words};
use super::{action, cargo, generic, go, helm, java, npm, python, ruby};
use crate::edits::forward_port::{Changed, Ruled, Sides};

/// Asks the folder of a kind.
macro_rules! by_kind {
    ($kind:expr, $($asked:tt)+) => {
        match $kind {
            Kind::Cargo => cargo::$($asked)+,
            Kind::Npm => npm::$($asked)+,
            Kind::Python => python::$($asked)+,
            Kind::Ruby => ruby::$($asked)+,
            Kind::Generic => generic::$($asked)+,
            Kind::Go => go::$($asked)+,
            Kind::Java => java::$($asked)+,
            Kind::Helm => helm::$($asked)+,
            Kind::Action => action::$($asked)+,
        }
    };
}

/// How the kinds read and change one of their files, where that is all there is to
/// a version; none where more moves with it.
fn places(kind: Kind) -> Option<Places> {
    let of = |read, edit| Some(Places { read, edit });
    match kind {
        Kind::Cargo => None,
        Kind::Npm => of(npm::read, npm::edit),
        Kind::Python => of(python::read, python::edit),
        Kind::Ruby => of(ruby::read, ruby::edit),
        Kind::Go => of(go::read, go::edit),
        Kind::Java => of(java::read, java::edit),
        Kind::Helm => of(helm::read, helm::edit),
        Kind::Action => of(action::read, action::edit),
        Kind::Generic => of(generic::read, generic::edit),
    }
}

/// The files at the root that show the kind, those that tell most first.
pub fn roots(kind: Kind) -> &'static [&'static str] {
    by_kind!(kind, ROOTS)
}

/// Whether a file shows that the repository is of this kind.
pub fn is_manifest(kind: Kind, path: &str) -> bool {
    by_kind!(kind, is_manifest(path))
}

/// The package that a manifest names, and its version or that of all that it
/// leads; none of both where it cannot be read.
pub fn root(kind: Kind, path: &str, manifest: &str) -> (Option<String>, Option<String>) {
    by_kind!(kind, root(path, manifest))
}

/// The version that a manifest states for its own package; none where it stands
/// elsewhere, or cannot be read.
pub fn own_version(kind: Kind, path: &str, manifest: &str) -> Option<String> {
    match kind {
        Kind::Cargo => cargo::own_version(path, manifest),
        kind => root(kind, path, manifest).1,
    }
}

/// What the registry will be asked, as far as the manifest at the root tells.
pub fn foreseen(kind: Kind, manifest: &str, version: &str) -> Option<Question> {
    match kind {
        Kind::Cargo => cargo::foreseen(manifest, version),
        _ => None,
    }
}

/// What is to be read at the release's commit, whose tree is known; asked again
/// with what was read, until nothing is wanted any more.
pub fn wanted(kind: Kind, files: &Files, release: &Release<'_>) -> Option<Wanted> {
    by_kind!(kind, wanted(files, release))
}

/// What is released of this kind, and the names that may be on its registry; none
/// where what is there are the repository's own tools.
///
/// # Errors
/// In words, with the tag, why there is no version that could be raised.
pub fn project(
    kind: Kind,
    files: &Files,
    release: &Release<'_>,
) -> Result<Option<(Package, Vec<Question>)>, String> {
    by_kind!(kind, project(files, release))
}

/// The kind's own files with the version raised.
///
/// # Errors
/// In words, with the path, why a place cannot be raised.
pub fn raise(texts: &Texts<'_>, part: &Package, version: &str) -> Result<Raised, String> {
    match places(part.kind) {
        None => cargo::raise(texts, part, version),
        Some(places) => by_place::raise(places, texts, part, version),
    }
}

/// By path the version that stands there, where `version` is wanted.
pub fn held(texts: &Texts<'_>, part: &Package, version: &str) -> Vec<(String, Option<String>)> {
    match places(part.kind) {
        None => cargo::held(texts, part, version),
        Some(places) => by_place::held(places, texts, part, version),
    }
}

/// The versions that the manifest, as it stands elsewhere, states for the package.
pub fn stated(part: &Package, manifest: &str) -> Vec<String> {
    match places(part.kind) {
        None => cargo::stated(part, manifest),
        Some(places) => (places.read)(part, &part.manifest, manifest),
    }
}

/// A rule of a forward-port.
pub type Rule<'r> = Box<dyn Fn(&Sides<'_>) -> Ruled + 'r>;

/// What becomes of the kind's own files on the default branch.
pub fn rule<'r>(files: &[Sides<'r>], wanted: &'r Port<'r>) -> Rule<'r> {
    match places(wanted.package.kind) {
        None => {
            let rules = cargo::port::Rules::read(files, wanted);
            Box::new(move |sides| rules.rule(sides))
        }
        Some(places) => {
            let kind = wanted.package.kind;
            let above = move |base: &str, number: &str| is_above(kind, base, number);
            Box::new(move |sides| by_place::rule(places, &above, sides, wanted))
        }
    }
}

/// Further files that a forward-port reads.
pub fn more(files: &[Sides<'_>], wanted: &Port<'_>, changed: &Changed<'_>) -> BTreeSet<String> {
    match wanted.package.kind {
        Kind::Cargo => cargo::port::more(files, wanted, changed),
        _ => BTreeSet::new(),
    }
}

/// Whether a line that was learnt may be raised.
pub fn may_raise(kind: Kind, place: &Place, text: Option<&str>, to: &str) -> bool {
    by_kind!(kind, may_raise(place, text, to))
}

/// The lowest number above the base that is not taken; none where the base is no
/// version of the kind.
pub fn next_version(kind: Kind, base: &str, taken: &BTreeSet<String>) -> Option<String> {
    by_kind!(kind, next(base, taken))
}

/// Whether a number is one of the kind's releases, and above the base; none where
/// it is no such number.
pub fn is_above(kind: Kind, base: &str, number: &str) -> Option<bool> {
    by_kind!(kind, is_above(base, number))
}

/// Whether a file says what is required of others.
pub fn is_requiring(kind: Kind, path: &str) -> bool {
    by_kind!(kind, is_requiring(path))
}

/// What a file requires otherwise than before, by name.
pub fn changed(kind: Kind, path: &str, before: &str, after: &str) -> Vec<Required> {
    by_kind!(kind, changed(path, before, after))
}

/// The words for a version of a package.
pub fn words(kind: Kind, used: Use<'_>, package: &str, version: &str) -> Words {
    by_kind!(kind, words(used, package, version))
}

/// The command that publishes this version of these packages from what is checked
/// out, in order; none where the tag is all there is to it.
pub fn publish(kind: Kind, packages: &[String], version: &str) -> Option<String> {
    let named = match (kind, packages) {
        (Kind::Cargo, all) => all.join(" -p "),
        (Kind::Ruby, [_, _, ..]) => {
            let one = |name: &String| {
                format!("gem build {name}.gemspec && gem push {name}-{version}.gem")
            };
            let all: Vec<String> = packages.iter().map(one).collect();
            return Some(all.join(" && "));
        }
        (Kind::Npm, [_, _, ..]) => {
            return Some(format!("npm publish -w {}", packages.join(" -w ")));
        }
        (_, all) => all.first().cloned().unwrap_or_default(),
    };
    words(kind, Use::Library, &named, version).publish
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_packages_are_published_by_one_command() {
        let all = ["a".to_owned(), "b".to_owned()];
        for (kind, one, both) in [
            (Kind::Cargo, "cargo publish -p a", "cargo publish -p a -p b"),
            (Kind::Npm, "npm publish", "npm publish -w a -w b"),
            (
                Kind::Ruby,
                "gem build && gem push a-1.0.5.gem",
                "gem build a.gemspec && gem push a-1.0.5.gem && \
                 gem build b.gemspec && gem push b-1.0.5.gem",
            ),
        ] {
            assert_eq!(publish(kind, &all[..1], "1.0.5").as_deref(), Some(one));
            assert_eq!(publish(kind, &all, "1.0.5").as_deref(), Some(both));
        }
        assert_eq!(publish(Kind::Generic, &all, "1.0.5"), None);
    }

    /// A file that is named after a version is named whole.
    #[test]
    fn no_command_leaves_the_version_out() {
        for kind in Kind::ALL {
            let with = |version: &str| publish(kind, &["a".to_owned()], version);
            for command in with("1.0.5").into_iter() {
                let open = command.contains("-.") || command.contains("@ ");
                assert!(!open && !command.ends_with(['-', '@', '=']), "{command}");
            }
        }
    }
}
