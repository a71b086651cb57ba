//! Which crates the stand-in's registry knows: no version is invented that
//! nothing in the repository speaks of.

use std::collections::BTreeMap;

use super::prepared::Prepared;
use crate::rehearsal::args::OnRegistry;
use crate::rehearsal::project::{Package, package};
use crate::sim::Repo;
use crate::sim::clock::Millis;

/// A version that the registry has.
pub type Published = (Millis, String, String);

/// What was found out.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Every version: since when, of which crate, which.
    pub versions: Vec<Published>,
    /// What is said of it.
    pub words: Vec<String>,
}

/// The versions that are taken to be published: of each crate that may be, and
/// of which something in the repository shows that it is.
pub fn known(prepared: &Prepared, repo: &Repo, which: OnRegistry) -> Known {
    if which == OnRegistry::None {
        return Known {
            versions: Vec::new(),
            words: vec!["Registry: none of its crates is on it, as was asked for".to_owned()],
        };
    }
    let head = &prepared.source.head;
    let members = packages(repo, head);
    let shown = Shown::at(repo, head);
    let mut known = Known::default();
    let mut absent = Vec::new();
    let mut names = Vec::new();
    for package in members.values() {
        if !package.published || is_aside(&package.dir) {
            continue;
        }
        match shown
            .by(&package.name)
            .filter(|_| which == OnRegistry::Auto)
        {
            Some(why) => names.push(format!("{} ({why})", package.name)),
            None if which == OnRegistry::All => names.push(package.name.clone()),
            None => absent.push(package.name.clone()),
        }
    }
    let on_it = |p: &Package| p.published && !is_aside(&p.dir) && !absent.contains(&p.name);
    // The newest release of each family has been read; older ones of one crate
    // are told by their tags.
    let mut newest: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, release) in prepared.releases.iter().enumerate() {
        if !release.is_pre() {
            newest.insert(&release.prefix, at);
        }
    }
    for (at, release) in prepared.releases.iter().enumerate() {
        let asked = prepared.base.as_ref().is_some_and(|b| b.tag == release.tag);
        if asked || newest.get(release.prefix.as_str()) == Some(&at) {
            for package in packages(repo, &release.tag.commit).into_values() {
                if on_it(&package) {
                    let of = (release.tag.at, package.name, package.version);
                    known.versions.push(of);
                }
            }
        }
        let family = release.family();
        let wanted = if family.is_empty() {
            prepared.name.1.as_str()
        } else {
            family
        };
        let own = members.get(wanted).filter(|p| on_it(p));
        if let Some(package) = own {
            let of = (
                release.tag.at,
                package.name.clone(),
                release.version.clone(),
            );
            known.versions.push(of);
        }
    }
    known.versions.sort();
    known.versions.dedup_by(|a, b| (&a.1, &a.2) == (&b.1, &b.2));
    let list = |mut names: Vec<String>| {
        let more = names.len().saturating_sub(6);
        names.truncate(6);
        let rest = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        format!("{}{rest}", names.join(", "))
    };
    if !names.is_empty() {
        known.words.push(format!(
            "Registry (taken to be so, --registry says otherwise): {} versions of {}",
            known.versions.len(),
            list(names)
        ));
    }
    if !absent.is_empty() {
        known.words.push(format!(
            "Registry: not on it, because nothing here shows that it is published: {}",
            list(absent)
        ));
    }
    if known.words.is_empty() {
        known
            .words
            .push("Registry: no crate of it may be published".to_owned());
    }
    known
}

/// Whether a folder is for trying things, and what is in it goes nowhere.
fn is_aside(dir: &str) -> bool {
    const ASIDE: [&str; 8] = [
        "examples", "example", "tests", "test", "fuzz", "benches", "xtask", "testdata",
    ];
    dir.split('/').any(|part| ASIDE.contains(&part))
}

/// The packages of a commit by name.
fn packages(repo: &Repo, commit: &str) -> BTreeMap<String, Package> {
    let text = |path: &str| {
        let bytes = repo.git.file_at(commit, path)?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    let paths = repo.git.paths_at(commit, "");
    let all = package::all(&text, &paths);
    all.into_iter().map(|p| (p.name.clone(), p)).collect()
}

/// What in a repository speaks of the registry.
struct Shown {
    /// Whether a workflow publishes.
    workflows: bool,
    /// Every README.
    readmes: String,
}

impl Shown {
    fn at(repo: &Repo, commit: &str) -> Shown {
        let git = &repo.git;
        let text = |path: &String| {
            let bytes = git.file_at(commit, path).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let files = git.paths_at(commit, ".github/workflows");
        const PUBLISHES: [&str; 6] = [
            "cargo publish",
            "cargo release",
            "release-plz",
            "crates-io-auth-action",
            "publish-crates",
            "CARGO_REGISTRY_TOKEN",
        ];
        let workflows = files.iter().map(text).any(|t| {
            let mut lines = t.lines().filter(|l| !l.trim_start().starts_with('#'));
            lines.any(|l| PUBLISHES.iter().any(|word| l.contains(word)))
        });
        let is_readme = |p: &&String| {
            let name = p.rsplit('/').next().unwrap_or(p).to_lowercase();
            name.starts_with("readme") && p.matches('/').count() < 3
        };
        let paths = git.paths_at(commit, "");
        let readmes: Vec<String> = paths.iter().filter(is_readme).map(text).collect();
        Shown {
            workflows,
            readmes: readmes.join("\n"),
        }
    }

    /// What shows that a crate is published, in words.
    fn by(&self, name: &str) -> Option<&'static str> {
        let after = |before: &str| {
            let mut found = self.readmes.match_indices(before);
            found.any(|(at, _)| {
                let rest = self.readmes.get(at + before.len()..).unwrap_or_default();
                let word = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
                let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
                rest.get(..end) == Some(name)
            })
        };
        let links = [
            "crates.io/crates/",
            "crates/v/",
            "docs.rs/",
            "cargo install ",
        ];
        if links.iter().any(|link| after(link)) {
            return Some("a README names it");
        }
        self.workflows.then_some("a workflow publishes")
    }
}
