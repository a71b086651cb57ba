//! What is released, as it is kept between two looks at the repository.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::changelog_file::{Changelog, LeftAlone};
use super::kind::Kind;
use super::learnt::Place;
use super::registry::{Question, Registry};

/// Where the version stands in the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// How it is built and published; what earlier versions stored is Cargo's.
    #[serde(default, skip_serializing_if = "is_first")]
    pub kind: Kind,
    /// The package's name.
    pub name: String,
    /// Path of the manifest.
    pub manifest: String,
    /// Path of the lock file, if there is one that names the package.
    pub lock: Option<String>,
    /// Path of the changelog, if there is one; of several the first.
    pub changelog: Option<String>,
    /// Whether the registry knew the package.
    pub on_registry: bool,
    /// Every manifest that holds the release's version, or requires one of its
    /// packages by it.
    #[serde(default)]
    pub manifests: Vec<String>,
    /// The packages that share the version.
    #[serde(default)]
    pub own: Vec<String>,
    /// Whether `[workspace.package] version` is the release's.
    #[serde(default)]
    pub workspace: bool,
    /// Those of the packages that the registry knew.
    #[serde(default)]
    pub published: Vec<String>,
    /// Entries of the lock file that did not match their manifests.
    #[serde(default)]
    pub stale: Vec<Stale>,
    /// The changelogs that get a section; none where an earlier version read it,
    /// which knew [`changelog`](Self::changelog) alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changelogs: Vec<Changelog>,
    /// Files that are called as changelogs are, and get none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_alone: Vec<LeftAlone>,
    /// Lines that hold the version beside what the kind knows by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub learnt: Vec<Place>,
    /// Further lock files that hold the release's version.
    #[serde(default)]
    pub locks: Vec<String>,
    /// The manifest of the workspace's root; empty where it was not noted.
    #[serde(default)]
    pub root: String,
    /// All packages of the repository that are known, released or not.
    #[serde(default)]
    pub members: Vec<Member>,
    /// The packages that a manifest puts in the place of a registry's.
    #[serde(default)]
    pub patched: Vec<String>,
    /// Whether the version stands nowhere: the tag is the version.
    #[serde(default)]
    pub from_tag: bool,
    /// Whether it is a program that is installed; unknown where it was not
    /// noted.
    #[serde(default)]
    pub program: Option<bool>,
    /// Whether it is a library that others depend on, beside; unknown where it was
    /// not noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library: Option<bool>,
    /// Why the registry counts, or why it does not.
    #[serde(default)]
    pub registry: Registry,
    /// The dist-tag under which npm publishes it, where its manifest names one
    /// (`publishConfig.tag`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dist_tag: Option<String>,
    /// What is released with it and is of another kind, each with its own places;
    /// changelogs and learnt places stand here alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Package>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_first(kind: &Kind) -> bool {
    *kind == Kind::default()
}

/// A package of the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Path of its manifest.
    pub manifest: String,
    /// Its version at the release.
    pub version: String,
    /// Whether it is part of the release.
    pub released: bool,
    /// Whether its manifest lets it be published on the kind's own registry.
    pub publish: bool,
}

impl Member {
    /// Its folder, with a slash at its end; empty at the root.
    pub fn folder(&self) -> &str {
        let end = self.manifest.rfind('/').map_or(0, |at| at + 1);
        self.manifest.get(..end).unwrap_or_default()
    }

    /// Whether it is not released by itself, and its manifest goes along.
    fn goes_along(&self, manifests: &[String]) -> bool {
        !self.released && manifests.contains(&self.manifest)
    }
}

/// An entry of the lock file that does not match its manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stale {
    /// The package.
    pub name: String,
    /// What the lock file says.
    pub found: String,
    /// What the manifest says.
    pub expected: String,
}

/// Something of others that is required otherwise than before.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Required {
    /// Its name.
    pub name: String,
    /// As it was required; none: it is new.
    pub before: Option<String>,
    /// As it is required; none: it is gone.
    pub after: Option<String>,
    /// Whether only a lock file says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub locked: bool,
}

impl Package {
    /// Its kind; of several, the one that lends name, number and words.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What is released, kind by kind; the one that lends the name first.
    pub fn parts(&self) -> impl Iterator<Item = &Package> {
        std::iter::once(self).chain(&self.beside)
    }

    /// Whether npm makes none of it `latest`, whatever its number.
    pub fn keeps_npms_latest(&self) -> bool {
        let mut npm = self
            .parts()
            .filter(|part| part.kind == Kind::Npm)
            .peekable();
        let other = |tag: &String| tag != "latest";
        npm.peek().is_some() && npm.all(|part| part.dist_tag.as_ref().is_some_and(other))
    }

    /// The part that is of this kind.
    pub fn part(&self, kind: Kind) -> Option<&Package> {
        self.parts().find(|part| part.kind == kind)
    }

    /// The kind of the package that this manifest names.
    pub fn kind_of(&self, manifest: &str) -> Kind {
        let mut parts = self.parts();
        let has = |part: &&Package| part.members.iter().any(|it| it.manifest == manifest);
        parts.find(has).map_or(self.kind, |part| part.kind)
    }

    /// The files that hold the release's version, by path, each once: those
    /// that the kind knows, and those that were learnt.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.known_places().chain(self.learnt_places())
    }

    /// The files that were learnt, beyond those that the kind knows.
    pub fn learnt_places(&self) -> impl Iterator<Item = &str> {
        let mut seen: BTreeSet<&str> = self.known_places().collect();
        let paths = self.learnt.iter().map(|place| place.path.as_str());
        paths.filter(move |path| seen.insert(path))
    }

    /// The files that the kind knows: manifests, lock files, changelogs.
    pub fn known_places(&self) -> impl Iterator<Item = &str> {
        let held = |part| Package::held_in(part);
        self.parts().flat_map(held).chain(self.logs())
    }

    /// The manifests and lock files of this kind alone.
    pub fn held_in(&self) -> impl Iterator<Item = &str> {
        let manifests = self.all_manifests().iter().map(String::as_str);
        manifests.chain(self.all_locks())
    }

    /// The paths of the changelogs that get a section.
    pub fn logs(&self) -> impl Iterator<Item = &str> {
        let first = self.changelog.as_deref();
        let others = self.changelogs.iter().map(|log| log.path.as_str());
        first
            .into_iter()
            .chain(others.filter(move |path| Some(*path) != first))
    }

    /// A patch without the lines of learnt places; empty where it changes
    /// nothing else, and there is such a place in the file.
    pub fn beside_places(&self, path: &str, patch: &str, version: &str) -> String {
        let places: Vec<&Place> = self.learnt.iter().filter(|p| p.path == path).collect();
        if places.is_empty() {
            return patch.to_owned();
        }
        let is_place = |line: &str| {
            let line = line.strip_prefix(['+', '-']);
            let stands = |place: &&Place, line| {
                place.stands(line, &place.version) || place.stands(line, version)
            };
            line.is_some_and(|line| places.iter().any(|place| stands(place, line)))
        };
        let kept: Vec<&str> = patch.split('\n').filter(|line| !is_place(line)).collect();
        match kept.iter().any(|line| line.starts_with(['+', '-'])) {
            true => kept.join("\n"),
            false => String::new(),
        }
    }

    /// The manifests to be raised.
    pub fn all_manifests(&self) -> &[String] {
        match self.manifests.as_slice() {
            [] if self.from_tag => &[],
            [] => std::slice::from_ref(&self.manifest),
            all => all,
        }
    }

    /// What the registry is asked for of crates that go along (see `Learnt::along`).
    pub fn along(&self, manifests: &[String]) -> Vec<Question> {
        let parts = std::iter::once(self).chain(&self.beside);
        let all = parts.flat_map(|part| part.members.iter().map(|it| (part.kind, it)));
        let along = all.filter(|(_, it)| it.publish && it.goes_along(manifests));
        along
            .map(|(kind, member)| Question {
                registry: kind,
                name: member.name.clone(),
                version: member.version.clone(),
            })
            .collect()
    }

    /// Takes these crates along, whose own versions the last releases raised with the
    /// workspace's (see `Learnt::along`). Those that are `ours` on the registry are
    /// published with it: what requires their next version is not taken there before.
    pub fn take_along(&mut self, manifests: &[String], ours: &[String]) {
        let own = self.all_own().to_vec();
        let places = self.all_manifests().to_vec();
        let is = |it: &&mut Member| it.goes_along(manifests);
        let mut names = Vec::new();
        let mut paths = Vec::new();
        for member in self.members.iter_mut().filter(is) {
            member.released = true;
            member.publish &= self.on_registry && ours.contains(&member.name);
            if member.publish {
                self.published.push(member.name.clone());
            }
            names.push(member.name.clone());
            paths.push(member.manifest.clone());
        }
        if !names.is_empty() {
            self.own = own.into_iter().chain(names).collect();
            self.manifests = places.into_iter().chain(paths).collect();
        }
        self.beside
            .iter_mut()
            .for_each(|part| part.take_along(manifests, ours));
    }

    /// The lock files to be raised, that of the workspace first.
    pub fn all_locks(&self) -> impl Iterator<Item = &str> {
        let further = self.locks.iter().map(String::as_str);
        self.lock.as_deref().into_iter().chain(further)
    }

    /// Leaves the lock files as they are: none is raised, or held against the
    /// version.
    pub fn leave_locks(&mut self) {
        (self.lock, self.locks) = (None, Vec::new());
        self.stale.clear();
        self.beside.iter_mut().for_each(Package::leave_locks);
    }

    /// The packages that share the version.
    pub fn all_own(&self) -> &[String] {
        match self.own.as_slice() {
            [] => std::slice::from_ref(&self.name),
            all => all,
        }
    }

    /// The packages whose publication is verified beside [`Package::name`].
    pub fn others_published(&self) -> Vec<String> {
        let others = self.published.iter().filter(|name| **name != self.name);
        others.cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A macro crate that every release raised with the one that requires it.
    #[test]
    fn what_goes_along_is_published_where_the_registry_has_it_as_ours() {
        let member = |name: &str, released, publish| Member {
            name: name.into(),
            manifest: format!("{name}/Cargo.toml"),
            version: "5.12.0".into(),
            released,
            publish,
        };
        let along: Vec<String> = ["bus_macros/Cargo.toml", "bus_py/Cargo.toml"]
            .map(str::to_owned)
            .into();
        for (on_registry, ours, published) in [
            (true, &["bus_macros"][..], &["bus", "bus_macros"][..]),
            (true, &[], &["bus"]),
            // Where the product is on no registry, nothing of it is.
            (false, &["bus_macros"], &["bus"]),
        ] {
            let mut package = Package {
                name: "bus".into(),
                manifest: "bus/Cargo.toml".into(),
                on_registry,
                published: vec!["bus".into()],
                members: vec![
                    member("bus", true, true),
                    member("bus_macros", false, true),
                    member("bus_py", false, false),
                    member("bus_names", false, true),
                ],
                ..Package::default()
            };
            let asked = package.along(&along);
            let asked: Vec<_> = asked.iter().map(|it| it.name.as_str()).collect();
            assert_eq!(asked, ["bus_macros"]);
            let ours: Vec<String> = ours.iter().map(|it| (*it).to_owned()).collect();
            package.take_along(&along, &ours);
            assert_eq!(package.published, published);
            assert_eq!(package.all_own(), ["bus", "bus_macros", "bus_py"]);
            assert!(package.members.iter().filter(|it| it.released).count() == 3);
        }
    }

    #[test]
    fn what_is_stored_keeps_its_shape() {
        let first = r#"{"name":"a","manifest":"Cargo.toml","lock":null,"changelog":"CHANGELOG.md","on_registry":true}"#;
        let package: Package = serde_json::from_str(first).unwrap();
        assert_eq!(package.all_own(), ["a"]);
        let places: Vec<_> = package.places().collect();
        assert_eq!(places, ["Cargo.toml", "CHANGELOG.md"]);
        let now = first.replace(
            "}",
            r#","manifests":[],"own":[],"workspace":false,"published":[],"stale":[],"locks":[],"root":"","members":[],"patched":[],"from_tag":false,"program":null,"registry":"unasked"}"#,
        );
        assert_eq!(serde_json::to_string(&package).unwrap(), now);
    }
}
