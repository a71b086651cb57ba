//! The packages of a repository, and which of them are released.

use super::declared::Declared;
use super::pyproject::Pyproject;
use super::{format, ini, modules, names, number, pyproject, setup_py};
use crate::ecosystem::files::Files;
use crate::ecosystem::learnt::is_meant;
use crate::ecosystem::naming::is_named;
use crate::ecosystem::package::Member;
use crate::ecosystem::paths::within;
use crate::ecosystem::tasks::Release;

/// A folder with a manifest.
#[derive(Clone, Debug, Default)]
pub struct Dist {
    /// The folder; empty at the root.
    pub folder: String,
    /// The manifest that names it.
    pub manifest: String,
    /// Its name.
    pub name: String,
    /// Whether it installs programs.
    pub program: bool,
    /// Whether it is kept off the index.
    pub private: bool,
    /// Where its version comes from.
    pub declared: Declared,
    /// Patterns of its workspace's members.
    pub members: Vec<String>,
    /// The version that it states, whatever the release is.
    pub stated: Option<String>,
    /// The files that hold the release's version.
    pub places: Vec<String>,
    /// How it is written there.
    pub version: String,
}

/// Where the version of a package stands that maturin builds.
const CRATE: &str = "Cargo.toml";

/// Whether a `pyproject.toml` leaves the version to the crate beside it.
pub fn is_of_crate(text: &str) -> bool {
    pyproject::read(text).is_ok_and(|read| read.declared == Declared::Other(CRATE))
}

/// What a package says of itself, and files that hold its version.
pub const MANIFESTS: [&str; 3] = ["pyproject.toml", "setup.cfg", "setup.py"];

impl Dist {
    /// Reads what stands in this folder; none where it is no package.
    ///
    /// # Errors
    /// In words, with the path, where a manifest cannot be read.
    pub fn read(files: &Files, folder: &str) -> Result<Option<Self>, String> {
        let at = |name: &str| within(folder, name);
        let text = |name: &str| files.get(&at(name));
        let toml = match text("pyproject.toml").map(pyproject::read) {
            Some(read) => read.map_err(|words| format!("{}: {words}", at("pyproject.toml")))?,
            None => Pyproject::default(),
        };
        let cfg = text("setup.cfg").map(ini::entries).unwrap_or_default();
        let of = |section: &str, key: &str| {
            let found = ini::value(&cfg, section, key).map(|entry| entry.value.clone());
            found.filter(|value| !value.is_empty())
        };
        let setup = text("setup.py").map(setup_py::read).unwrap_or_default();
        let named = [
            ("pyproject.toml", toml.name.clone()),
            ("setup.cfg", of("metadata", "name")),
            ("setup.py", setup.name.clone()),
        ];
        let found = named
            .into_iter()
            .find_map(|(file, name)| Some((file, name?)));
        let Some((file, name)) = found else {
            return Ok(None);
        };
        let by_cfg = || match of("metadata", "version") {
            Some(value) => match value.split_once(':') {
                Some(("attr", attribute)) => Declared::Attribute(attribute.trim().to_owned()),
                Some(("file", paths)) => {
                    let paths = paths.split([',', '\n']).map(|path| path.trim().to_owned());
                    Declared::Files(paths.filter(|path| !path.is_empty()).collect())
                }
                _ => Declared::Here,
            },
            None if setup.from_tag => Declared::Tag("setup.py"),
            None if of("pbr", "skip_git_sdist").is_some() => Declared::Tag("pbr"),
            None => Declared::Absent,
        };
        let requires_tool = of("options", "setup_requires")
            .is_some_and(|it| it.contains("setuptools_scm") || it.contains("setuptools-scm"));
        let declared = match toml.declared {
            Declared::Absent if requires_tool => Declared::Tag("setuptools-scm"),
            Declared::Absent => by_cfg(),
            declared => declared,
        };
        let stated = MANIFESTS.iter().find_map(|name| {
            let spots = format::spots(&at(name), text(name)?, &[]).ok()?;
            spots.first().map(|spot| spot.value.clone())
        });
        let mut dist = Dist {
            folder: folder.to_owned(),
            manifest: at(file),
            name,
            program: toml.program
                || setup.program
                || of("options.entry_points", "console_scripts").is_some(),
            private: toml.private
                || setup.private
                || of("metadata", "classifiers").is_some_and(|it| it.contains("Private ::")),
            declared,
            members: toml.members.clone().unwrap_or_default(),
            stated,
            ..Dist::default()
        };
        let tree = files.tree().unwrap_or_default();
        dist.places = dist.sources(tree, &toml.modules);
        Ok(Some(dist))
    }

    /// The files in which its version may stand: the manifests, where the version
    /// comes from, and the module's usual ones.
    fn sources(&self, tree: &[String], named: &[String]) -> Vec<String> {
        let manifests = MANIFESTS.iter().map(|name| within(&self.folder, name));
        let mut all: Vec<String> = manifests.collect();
        match &self.declared {
            Declared::Tag(_) => return Vec::new(),
            Declared::Files(paths) => all.extend(paths.iter().map(|path| {
                let path = path.strip_prefix("./").unwrap_or(path);
                within(&self.folder, path)
            })),
            Declared::Attribute(attribute) => {
                all.extend(modules::of_attribute(tree, &self.folder, attribute));
            }
            _ => {}
        }
        all.extend(modules::usual(tree, &self.folder, &self.name, named));
        let mut seen = Vec::new();
        for path in all {
            if tree.contains(&path) && !seen.contains(&path) {
                seen.push(path);
            }
        }
        seen
    }

    /// Keeps the files that hold the release's version.
    fn hold(&mut self, files: &Files, version: &str) {
        let found = |path: &String| {
            let spots = format::spots(path, files.get(path)?, &[]).ok()?;
            let mut same = spots
                .into_iter()
                .filter(|spot| format::FORMAT.same(&spot.value, version));
            same.next().map(|spot| spot.value)
        };
        let held: Vec<(String, String)> = self
            .places
            .iter()
            .filter_map(|path| Some((path.clone(), found(path)?)))
            .collect();
        self.version = held.first().map(|(_, v)| v.clone()).unwrap_or_default();
        self.places = held.into_iter().map(|(path, _)| path).collect();
    }

    /// Whether its version stands nowhere.
    fn is_from_tag(&self) -> bool {
        let placeholder = self.stated.as_deref().is_some_and(is_placeholder);
        // Of maturin's the crate holds it, and is raised as a crate is.
        let elsewhere = matches!(self.declared, Declared::Tag(_) | Declared::Other(CRATE));
        self.places.is_empty() && (placeholder || elsewhere)
    }

    /// As it is kept.
    pub fn member(&self, released: bool) -> Member {
        let stated = || self.stated.clone().unwrap_or_default();
        let version = match self.places.is_empty() {
            true => stated(),
            false => self.version.clone(),
        };
        Member {
            name: self.name.clone(),
            manifest: self.manifest.clone(),
            version: version.trim_start_matches(['v', 'V']).to_owned(),
            released,
            publish: !self.private,
        }
    }

    fn is_called(&self, wanted: &str) -> bool {
        let folder = wanted.trim_matches('/').trim_start_matches("./");
        names::normal(&self.name) == names::normal(wanted) || self.folder == folder
    }
}

/// Whether it stands for a version that somebody writes when publishing.
fn is_placeholder(version: &str) -> bool {
    let plain = number::normal(version).unwrap_or_default();
    plain.split('.').take(3).all(|part| part.starts_with('0')) || plain.starts_with("0+")
}

/// What is released.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// All packages.
    pub dists: Vec<Dist>,
    /// The one that lends the name.
    pub product: usize,
    /// Those that are released.
    pub own: Vec<usize>,
    /// Whether the version stands nowhere.
    pub from_tag: bool,
}

/// Which packages are released; none where there are none with a name: the one at the root, the one that is called as
/// the repository or as the tag, or all that have the version.
///
/// # Errors
/// In words, with the way out, why it cannot be told.
pub fn choose(
    files: &Files,
    folders: &[String],
    release: &Release<'_>,
) -> Result<Option<Chosen>, String> {
    let mut dists = Vec::new();
    for folder in folders {
        match Dist::read(files, folder) {
            Ok(dist) => dists.extend(dist),
            // Samples of broken manifests are no packages.
            Err(words) if folder.is_empty() => return Err(format!("at {}: {words}", release.tag)),
            Err(_) => {}
        }
    }
    if dists.is_empty() && release.kinds.is_empty() {
        return Ok(None);
    }
    for dist in &mut dists {
        dist.hold(files, release.version);
    }
    let holds = |dist: &Dist| !dist.places.is_empty();
    let decides = |dist: &Dist| holds(dist) || dist.is_from_tag();
    let find = |is: &dyn Fn(&Dist) -> bool| dists.iter().position(is);
    let configured = configured(&dists, release)?;
    let named = || find(&|dist| is_named(release, &dist.name));
    let first = configured.first().copied();
    let product = first
        .or_else(named)
        .or_else(|| find(&|dist| dist.folder.is_empty() && decides(dist)))
        .or_else(|| find(&|dist| is_repository(dist, release) && decides(dist)))
        .or_else(|| find(&holds))
        .or_else(|| find(&|dist| dist.folder.is_empty()))
        .or_else(|| find(&|dist| is_repository(dist, release)));
    let Some((product, dist)) = product.and_then(|at| Some((at, dists.get(at)?))) else {
        return Err(nothing(&dists, release));
    };
    if !decides(dist) {
        return Err(undecided(dist, release));
    }
    let from_tag = !holds(dist);
    let lockstep = dists.iter().all(holds);
    let above = |other: &Dist| {
        let patterns = dist.members.iter();
        let mut below = patterns.map(|pattern| within(&dist.folder, pattern));
        below.any(|pattern| is_meant(&pattern, &other.folder))
    };
    let is_own = |at: usize, other: &Dist| match configured.is_empty() {
        false => configured.contains(&at),
        true => at == product || holds(other) && (lockstep || above(other)),
    };
    let own = dists.iter().enumerate();
    let own = own.filter(|(at, other)| !from_tag && is_own(*at, other));
    let own = own.map(|(at, _)| at).collect();
    Ok(Some(Chosen {
        product,
        own,
        from_tag,
        dists,
    }))
}

/// What `version.packages` names.
fn configured(dists: &[Dist], release: &Release<'_>) -> Result<Vec<usize>, String> {
    let one = |wanted: &String| {
        let found = dists.iter().position(|dist| dist.is_called(wanted));
        found.ok_or_else(|| {
            format!(
                "version.packages names {wanted}, and {} has no such package: it has {}",
                release.tag,
                listed(dists)
            )
        })
    };
    release.packages.iter().map(one).collect()
}

fn is_repository(dist: &Dist, release: &Release<'_>) -> bool {
    names::is_module_of(&dist.name, release.repo)
}

/// So many packages are listed in a refusal.
const LISTED: usize = 5;

fn listed(dists: &[Dist]) -> String {
    let all = dists.iter().take(LISTED).map(|dist| match &dist.stated {
        Some(version) => format!("{} {version}", dist.name),
        None => dist.name.clone(),
    });
    all.collect::<Vec<_>>().join(", ")
}

/// How the version is told where it cannot be found.
const WAY: &str = "Name the lines that hold it in version.files, or the product's tags in base.tag_pattern; where the tag alone is the version, set version.ecosystem = \"generic\"";

fn nothing(dists: &[Dist], release: &Release<'_>) -> String {
    let there = match dists.is_empty() {
        true => "there is no package with a name".to_owned(),
        false => format!("there is {}", listed(dists)),
    };
    let Release { tag, version, .. } = *release;
    format!("{tag}: no Python package has the version {version}; {there}. {WAY}")
}

fn undecided(dist: &Dist, release: &Release<'_>) -> String {
    let Release { tag, version, .. } = *release;
    let why = match (&dist.declared, &dist.stated) {
        (Declared::Other(path), _) => format!("its version comes from {path}"),
        (_, Some(stated)) => format!("its version is {stated}"),
        (Declared::Files(paths), _) => {
            format!(
                "its version comes from {}, where I cannot read it",
                paths.join(", ")
            )
        }
        (Declared::Attribute(it), _) => {
            format!("its version comes from {it}, which I cannot read")
        }
        _ => "I cannot see where its version comes from".to_owned(),
    };
    format!(
        "{} at {tag}: not the version {version}: {why}. {WAY}",
        dist.manifest
    )
}
