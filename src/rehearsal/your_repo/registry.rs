//! What the stand-in's registries know: no version is invented that nothing in the
//! repository speaks of.

use std::collections::BTreeMap;

use super::prepared::Prepared;
use super::requires::{self, Key};
use super::shown::Shown;
use crate::rehearsal::args::OnRegistry;
use crate::rehearsal::project::{Kind, Package, other, package};
use crate::rehearsal::registry::Registry;
use crate::sim::Repo;
use crate::sim::clock::Millis;

/// A version that a registry has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Published {
    /// Since when, milliseconds.
    pub at: Millis,
    /// Which registry.
    pub registry: Registry,
    /// The package's name there.
    pub name: String,
    /// The version.
    pub version: String,
    /// The commit that was released.
    pub commit: String,
}

/// What was found out.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Every version, the oldest first.
    pub versions: Vec<Published>,
    /// What is said of it.
    pub words: Vec<String>,
}

/// The versions that are taken to be published: of each package that may be, and of
/// which something in the repository shows that it is.
pub fn known(prepared: &Prepared, repo: &Repo, which: OnRegistry) -> Known {
    if which == OnRegistry::None {
        return Known {
            versions: Vec::new(),
            words: vec!["Registry: nothing of it is on one, as was asked for".to_owned()],
        };
    }
    let head = &prepared.source.head;
    let members = packages(repo, head);
    let shown = Shown::at(repo, head);
    let mut known = Known::default();
    let mut absent: BTreeMap<Registry, Vec<String>> = BTreeMap::new();
    let mut names: BTreeMap<Registry, Vec<String>> = BTreeMap::new();
    let candidates = || {
        let all = members.values().filter(|it| !is_aside(&it.dir));
        all.filter_map(|it| Some((it, it.registry()?)))
    };
    let mut shown_by: BTreeMap<Key, &'static str> = BTreeMap::new();
    for (package, _) in candidates().filter(|_| which == OnRegistry::Auto) {
        let key = (package.kind, package.name.clone());
        shown_by.extend(shown.by(package).map(|why| (key, why)));
    }
    let all: Vec<&Package> = candidates().map(|(package, _)| package).collect();
    let text = |path: &str| {
        let bytes = repo.git.file_at(head, path)?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    let known_ones = shown_by.keys().cloned().collect();
    for key in requires::with_them(&text, &all, known_ones) {
        shown_by.insert(key, "one of these requires it");
    }
    for (package, registry) in candidates() {
        let key = (package.kind, package.name.clone());
        let why = shown_by.get(&key);
        match why {
            Some(why) => {
                let name = format!("{} ({why})", package.name);
                names.entry(registry).or_default().push(name);
            }
            None if which == OnRegistry::All => {
                let name = package.name.clone();
                names.entry(registry).or_default().push(name);
            }
            None => {
                let name = package.name.clone();
                absent.entry(registry).or_default().push(name);
            }
        }
    }
    let on_it = |p: &Package| {
        let key = (p.kind, p.name.clone());
        let at_head = members.get(&key).map(|_| shown_by.contains_key(&key));
        let is = is_taken_for_it(which, at_head, || shown.by(p).is_some());
        p.registry().filter(|_| !is_aside(&p.dir) && is)
    };
    // The newest release of each family has been read; older ones of one package
    // are told by their tags.
    let mut newest: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, release) in prepared.releases.iter().enumerate() {
        if !release.is_pre() {
            newest.insert(&release.prefix, at);
        }
    }
    for (at, release) in prepared.releases.iter().enumerate() {
        let mut add = |registry, name: &str, version: &str| {
            known.versions.push(Published {
                at: release.tag.at,
                registry,
                name: name.to_owned(),
                version: version.to_owned(),
                commit: release.tag.commit.clone(),
            });
        };
        let asked = prepared.base.as_ref().is_some_and(|b| b.tag == release.tag);
        if asked || newest.get(release.prefix.as_str()) == Some(&at) {
            for package in packages(repo, &release.tag.commit).into_values() {
                // Where the tag is the version, no file has it. A module has another
                // name for each major version.
                let is_module = package.kind == Kind::Go;
                let by_tag = is_module && is_of(&package, release.family(), &prepared.name.1);
                let version = match package.version.as_str() {
                    "" if by_tag => &release.version,
                    stated => stated,
                };
                if let Some(registry) = on_it(&package).filter(|_| !version.is_empty()) {
                    add(registry, &package.name, version);
                }
            }
        }
        for package in members
            .values()
            .filter(|it| is_of(it, release.family(), &prepared.name.1))
        {
            if let Some(registry) = on_it(package) {
                add(registry, &package.name, &release.version);
            }
        }
    }
    known.versions.sort();
    known
        .versions
        .dedup_by(|a, b| (a.registry, &a.name, &a.version) == (b.registry, &b.name, &b.version));
    for (registry, names) in names {
        let versions = known.versions.iter().filter(|it| it.registry == registry);
        let (place, count, names) = (title(registry), versions.count(), list(names));
        known.words.push(match registry.publishes() {
            Some(_) => format!(
                "{place} (taken to be so, --registry says otherwise): {count} versions of {names}"
            ),
            None => format!("{place}: {names}, by its tags"),
        });
    }
    for (registry, names) in absent {
        known.words.push(format!(
            "{}: not on it, because nothing here shows that it is published: {}",
            title(registry),
            list(names)
        ));
    }
    if known.words.is_empty() {
        let words = "Registry: nothing of it may be published on one that the rehearsal has";
        known.words.push(words.to_owned());
    }
    known
}

/// Whether a package of a release is taken to be published: what the default branch has
/// is judged there (`at_head`: whether something shows it), and may be published no more;
/// what it has no more is judged by itself.
fn is_taken_for_it(which: OnRegistry, at_head: Option<bool>, itself: impl Fn() -> bool) -> bool {
    which == OnRegistry::All || at_head.unwrap_or_else(itself)
}

/// A registry's name where a sentence begins with it.
fn title(registry: Registry) -> String {
    match registry {
        Registry::CratesIo => "Registry".to_owned(),
        other => {
            let name = other.name();
            let (first, rest) = name.split_at_checked(1).unwrap_or((name, ""));
            match name.starts_with("the ") {
                true => format!("{}{rest}", first.to_uppercase()),
                false => name.to_owned(),
            }
        }
    }
}

/// Some names, and how many more there are.
fn list(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(6);
    names.truncate(6);
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}{rest}", names.join(", "))
}

/// Whether a release's tag, by what stands in front of its version, is the package's.
fn is_of(package: &Package, family: &str, repo: &str) -> bool {
    let short = package.name.rsplit(['/', ':']).next().unwrap_or_default();
    let called = |name: &str| package.name == name || short == name || package.dir == name;
    match family {
        // A crate at the root may be one of many; what else stands there is the whole.
        "" => called(repo) || package.kind != Kind::Cargo && package.dir.is_empty(),
        family => called(family),
    }
}

/// Whether a folder is for trying things, and what is in it goes nowhere.
fn is_aside(dir: &str) -> bool {
    const ASIDE: [&str; 8] = [
        "examples", "example", "tests", "test", "fuzz", "benches", "xtask", "testdata",
    ];
    dir.split('/').any(|part| ASIDE.contains(&part))
}

/// The packages of a commit.
fn packages(repo: &Repo, commit: &str) -> BTreeMap<Key, Package> {
    let text = |path: &str| {
        let bytes = repo.git.file_at(commit, path)?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    let paths = repo.git.paths_at(commit, "");
    let mut all = package::all(&text, &paths);
    all.extend(other::all(&text, &paths));
    let mut found = BTreeMap::new();
    for package in all {
        let nearer = |known: &Package| known.dir.len() > package.dir.len();
        let key = (package.kind, package.name.clone());
        if found.get(&key).is_none_or(nearer) {
            found.insert(key, package);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_default_branch_publishes_no_more_is_not_taken_for_published() {
        for (which, at_head, itself, is) in [
            (OnRegistry::Auto, Some(true), false, true),
            (OnRegistry::Auto, Some(false), true, false),
            (OnRegistry::Auto, None, true, true),
            (OnRegistry::Auto, None, false, false),
            (OnRegistry::All, Some(false), false, true),
        ] {
            assert_eq!(
                is_taken_for_it(which, at_head, || itself),
                is,
                "{at_head:?}"
            );
        }
    }
}
