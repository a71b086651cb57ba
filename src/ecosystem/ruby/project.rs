//! What is to be read to find out what is released, and what that is.

use std::collections::BTreeSet;

use super::root::is_manifest;
use super::{format, gemspec, lock};
use crate::ecosystem::files::{Files, Wanted};
use crate::ecosystem::kind::Kind;
use crate::ecosystem::naming::is_named;
use crate::ecosystem::package::{Member, Package};
use crate::ecosystem::paths::folder;
use crate::ecosystem::registry::{Question, Registry};
use crate::ecosystem::tasks::Release;

/// The registry that gems go to where nothing else is said.
const REGISTRY: &str = "rubygems.org";
/// So many gemspecs are read: each costs a call.
const GEMSPECS: usize = 40;
/// So many files are read that may hold a gem's version.
const SOURCES: usize = 12;
/// A gem of the repository.
#[derive(Clone, Debug, Default)]
struct Gem {
    folder: String,
    manifest: String,
    name: String,
    program: bool,
    host: Option<String>,
    /// The files that hold the release's version.
    places: Vec<String>,
    version: String,
    /// What they hold instead.
    stated: Option<String>,
}

impl Gem {
    fn read(files: &Files, path: &str, release: &Release<'_>) -> Option<Self> {
        let read = gemspec::read(files.get(path)?);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let file = path.rsplit('/').next().unwrap_or(path);
        let name = read
            .name
            .unwrap_or_else(|| file.trim_end_matches(".gemspec").to_owned());
        let mut gem = Gem {
            folder: folder.to_owned(),
            manifest: path.to_owned(),
            program: read.program,
            host: read.host.filter(|host| !host.contains(REGISTRY)),
            name,
            ..Gem::default()
        };
        for source in sources(files.tree().unwrap_or_default(), path) {
            let text = files.get(&source).unwrap_or_default();
            let spots = format::spots(&source, text, &[]);
            let same = |value: &str| format::FORMAT.same(value, release.version);
            match spots.iter().find(|spot| same(&spot.value)) {
                Some(spot) => {
                    gem.version.clone_from(&spot.value);
                    gem.places.push(source);
                }
                None if gem.stated.is_none() => {
                    gem.stated = spots.first().map(|spot| spot.value.clone());
                }
                None => {}
            }
        }
        Some(gem)
    }

    fn member(&self, released: bool) -> Member {
        let version = match self.places.is_empty() {
            true => self.stated.clone().unwrap_or_default(),
            false => self.version.clone(),
        };
        Member {
            name: self.name.clone(),
            manifest: self.manifest.clone(),
            version,
            released,
            publish: self.host.is_none(),
        }
    }
}

/// The gemspecs, those at the root first.
fn gemspecs(tree: &[String]) -> Vec<String> {
    let found = tree.iter().filter(|path| is_manifest(path));
    let mut all: Vec<String> = found.cloned().collect();
    all.sort_by_key(|path| (path.matches('/').count(), path.clone()));
    all.truncate(GEMSPECS);
    all
}

/// The files in which a gem's version may stand: its gemspec, its `version.rb`
/// and the like, and a file `VERSION` of its folder or of the root.
fn sources(tree: &[String], gemspec: &str) -> Vec<String> {
    let top = match folder(gemspec) {
        "" => String::new(),
        folder => format!("{folder}/"),
    };
    let lib = format!("{top}lib/");
    let gem = gemspec.rsplit('/').next().unwrap_or_default();
    let own = format!("{lib}{}.rb", gem.trim_end_matches(".gemspec"));
    let is_source = |path: &&String| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let named = matches!(
            name,
            "version.rb" | "const.rb" | "gem_version.rb" | "VERSION"
        );
        let beside = [top.as_str(), ""].contains(&path.strip_suffix(name).unwrap_or_default());
        path.starts_with(&lib) && named
            || **path == own
            || beside && (name.ends_with("VERSION") || name == "version.rb")
    };
    let mut all: Vec<String> = tree.iter().filter(is_source).cloned().collect();
    all.sort_by_key(|path| (path.matches('/').count(), path.clone()));
    all.truncate(SOURCES);
    all.insert(0, gemspec.to_owned());
    all
}

/// The gemspecs, the files in which their versions may stand, and the
/// lock files.
pub fn wanted(files: &Files, _release: &Release<'_>) -> Option<Wanted> {
    let tree = files.tree()?;
    let gemspecs = gemspecs(tree);
    let mut paths: BTreeSet<String> = BTreeSet::new();
    for path in &gemspecs {
        paths.extend(sources(tree, path));
    }
    let beside = |path: &&String| {
        let own = folder(path);
        lock::is_one(path) && (own.is_empty() || gemspecs.iter().any(|it| folder(it) == own))
    };
    paths.extend(tree.iter().filter(beside).cloned());
    paths.retain(|path| !files.was_read(path));
    (!paths.is_empty()).then(|| Wanted::Files(paths.into_iter().collect()))
}

/// The gem, and the names that may be on the registry.
///
/// # Errors
/// In words, with the tag, why nothing can be raised.
pub fn project(
    files: &Files,
    release: &Release<'_>,
) -> Result<Option<(Package, Vec<Question>)>, String> {
    let paths = gemspecs(files.tree().unwrap_or_default());
    let gems: Vec<Gem> = paths
        .iter()
        .filter_map(|path| Gem::read(files, path, release))
        .collect();
    let (product, own) = choose(&gems, release)?;
    let own = || own.iter().filter_map(|at| gems.get(*at));
    let mut members: Vec<Member> = gems
        .iter()
        .map(|gem| gem.member(own().any(|it| it.manifest == gem.manifest)))
        .collect();
    members.sort_by_key(|member| member.name != product.name);
    let mut package = Package {
        kind: Kind::Ruby,
        name: product.name.clone(),
        manifest: product.manifest.clone(),
        own: own().map(|gem| gem.name.clone()).collect(),
        members,
        program: Some(product.program),
        library: Some(true),
        registry: match &product.host {
            Some(host) => Registry::Elsewhere(vec![host.clone()]),
            None => Registry::Absent,
        },
        ..Package::default()
    };
    for gem in std::iter::once(product).chain(own()) {
        for path in &gem.places {
            if !package.manifests.contains(path) {
                package.manifests.push(path.clone());
            }
        }
        // A gemspec that requires exactly the others.
        let text = files.get(&gem.manifest).unwrap_or_default();
        let spots = format::spots(&gem.manifest, text, &package.own);
        let follows = spots
            .iter()
            .any(|spot| format::FORMAT.same(&spot.value, release.version));
        if follows && !package.manifests.contains(&gem.manifest) {
            package.manifests.push(gem.manifest.clone());
        }
    }
    if !package.manifests.contains(&package.manifest) {
        package.manifest = package.manifests.first().cloned().unwrap_or_default();
    }
    let holds = |text: &str| {
        let spots = lock::spots(text, &package.own);
        spots
            .iter()
            .any(|spot| format::FORMAT.same(&spot.value, release.version))
    };
    let locks = files
        .iter()
        .filter(|(path, text)| lock::is_one(path) && holds(text));
    let mut locks: Vec<String> = locks.map(|(path, _)| path.to_owned()).collect();
    locks.sort_by_key(|path| path.matches('/').count());
    let mut locks = locks.into_iter();
    package.lock = locks.next();
    package.locks = locks.collect();
    let mut questions: Vec<Question> = own()
        .filter(|gem| gem.host.is_none())
        .map(|gem| Question {
            registry: Kind::Ruby,
            name: gem.name.clone(),
            version: gem.version.clone(),
        })
        .collect();
    questions.sort_by_key(|question| question.name != package.name);
    Ok(Some((package, questions)))
}

/// The one that lends the name, and those that are released.
fn choose<'g>(gems: &'g [Gem], release: &Release<'_>) -> Result<(&'g Gem, Vec<usize>), String> {
    let holds = |gem: &Gem| !gem.places.is_empty();
    let find = |is: &dyn Fn(&Gem) -> bool| gems.iter().position(is);
    let mut configured = Vec::new();
    for wanted in release.packages {
        let folder = wanted.trim_matches('/').trim_start_matches("./");
        let found = find(&|gem| gem.name == *wanted || gem.folder == folder);
        configured.push(found.ok_or_else(|| {
            format!(
                "version.packages names {wanted}, and {} has no such gem: it has {}",
                release.tag,
                listed(gems)
            )
        })?);
    }
    let named = || find(&|gem| is_named(release, &gem.name));
    let first = configured.first().copied();
    let product = first
        .or_else(named)
        .or_else(|| find(&|gem| gem.name == release.repo && holds(gem)))
        .or_else(|| find(&|gem| gem.folder.is_empty() && holds(gem)))
        .or_else(|| find(&holds));
    let found = product.and_then(|at| Some((at, gems.get(at)?)));
    let Some((at, product)) = found.filter(|(_, gem)| holds(gem)) else {
        return Err(format!(
            "{}: no gem has the version {}; there is {}. Name the lines that hold it in version.files, or the product's tags in base.tag_pattern; where the tag alone is the version, set version.ecosystem = \"generic\"",
            release.tag,
            release.version,
            listed(gems)
        ));
    };
    let lockstep = gems.iter().all(holds);
    let shares = |gem: &Gem| gem.places.iter().any(|path| product.places.contains(path));
    let is_own = |other: usize, gem: &Gem| match configured.is_empty() {
        false => configured.contains(&other),
        true => other == at || holds(gem) && (lockstep || shares(gem)),
    };
    let own = gems.iter().enumerate().filter(|(at, gem)| is_own(*at, gem));
    Ok((product, own.map(|(at, _)| at).collect()))
}

/// So many gems are listed in a refusal.
const LISTED: usize = 5;

fn listed(gems: &[Gem]) -> String {
    let one = |gem: &Gem| {
        let version = gem.stated.as_deref().unwrap_or(&gem.version);
        format!("{} {version}", gem.name).trim_end().to_owned()
    };
    let all: Vec<String> = gems.iter().take(LISTED).map(one).collect();
    match all.is_empty() {
        true => "no gemspec that can be read".to_owned(),
        false => all.join(", "),
    }
}
