//! Which packages are released together: those with the tag's version.

use semver::{BuildMetadata, Version};

use super::manifest::{MANIFEST, Manifest, is_aside};
use super::members::Manifests;
use crate::ecosystem::naming::{is_named, plain};
use crate::ecosystem::package::Member;
use crate::ecosystem::paths;
use crate::ecosystem::tasks::Release;

/// So many of a tag's packages are listed in a refusal.
const LISTED: usize = 5;
/// What tools write into a manifest that nobody releases.
const UNTOUCHED: [&str; 4] = ["0.0.0", "0.0.1", "0.1.0", "1.0.0"];

/// A package of the repository.
#[derive(Clone, Debug)]
pub struct One {
    /// Its name; that of its folder where it has none.
    pub name: String,
    /// Path of its manifest.
    pub manifest: String,
    /// What that says.
    pub read: Manifest,
    /// Whether it is part of the release.
    pub released: bool,
}

impl One {
    /// Its version; empty where it has none.
    pub fn version(&self) -> &str {
        self.read.version.as_deref().unwrap_or_default()
    }

    fn is_of(&self, version: &str) -> bool {
        same(self.version(), version)
    }

    fn is_root(&self) -> bool {
        self.manifest == MANIFEST
    }

    /// What is kept of it.
    pub fn member(&self) -> Member {
        Member {
            name: self.name.clone(),
            manifest: self.manifest.clone(),
            version: self.version().to_owned(),
            released: self.released,
            publish: self.read.is_published() && !is_aside(&self.manifest),
        }
    }
}

/// What is released.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// All packages that are known.
    pub all: Vec<One>,
    product: usize,
    /// Whether the version stands nowhere.
    pub from_tag: bool,
}

impl Chosen {
    /// Those that are part of the release.
    pub fn released(&self) -> impl Iterator<Item = &One> {
        self.all.iter().filter(|one| one.released)
    }

    /// The one that lends the name.
    pub fn product(&self) -> &One {
        &self.all[self.product]
    }
}

/// What is released, of these manifests; none where they are the repository's own
/// tools.
///
/// # Errors
/// In words, with the way out, why it cannot be told.
pub fn choose(
    found: &Manifests,
    tops: &[String],
    members: &[String],
    release: &Release<'_>,
) -> Result<Option<Chosen>, String> {
    let paths = tops.iter().chain(members);
    let mut all: Vec<One> = Vec::new();
    for path in paths {
        if let Some(Ok(read)) = found.get(path)
            && all.iter().all(|one| one.manifest != *path)
        {
            let folder = paths::folder(path).rsplit('/').next().unwrap_or_default();
            all.push(One {
                name: read.name.clone().unwrap_or_else(|| folder.to_owned()),
                manifest: path.clone(),
                read: read.clone(),
                released: false,
            });
        }
    }
    let Some((own, product)) = own(&all, release)? else {
        return Ok(None);
    };
    for at in &own {
        if let Some(one) = all.get_mut(*at) {
            one.released = true;
        }
    }
    Ok(Some(Chosen {
        all,
        product,
        from_tag: own.is_empty(),
    }))
}

/// Those that are released, and the one that lends the name, as indices.
type Own = (Vec<usize>, usize);

fn own(all: &[One], release: &Release<'_>) -> Result<Option<Own>, String> {
    let those = |is: &dyn Fn(&One) -> bool| -> Vec<usize> {
        let all = all.iter().enumerate();
        all.filter(|(_, one)| is(one)).map(|(at, _)| at).collect()
    };
    if !release.packages.is_empty() {
        return configured(all, release).map(Some);
    }
    let named = those(&|one| is_tagged(release, one));
    if let [product] = *named.as_slice()
        && let Some(one) = all.get(product)
    {
        return match () {
            () if one.is_of(release.version) => {
                Ok(Some((together(all, product, release), product)))
            }
            () if one.read.has_no_version() => Ok(Some((Vec::new(), product))),
            () => Err(format!(
                "{} names the package {}, and {} has {}: start from a tag that agrees, or set base.tag_pattern or version.packages",
                release.tag,
                one.name,
                one.manifest,
                stated(one),
            )),
        };
    }
    let like = those(&|one| one.is_of(release.version) && is_released_by_hand(one));
    if let Some(product) = product(all, &like, release) {
        return Ok(Some((like, product)));
    }
    // A package that is published and holds no version gets one when it is.
    let open = those(&|one| {
        (one.read.is_published() || one.read.semantic_release)
            && one.read.has_no_version()
            && !is_aside(&one.manifest)
    });
    if let Some(product) = product(all, &open, release) {
        return Ok(Some((Vec::new(), product)));
    }
    let published = those(&|one| one.read.is_published() && !is_aside(&one.manifest));
    if published.is_empty() {
        return Ok(None);
    }
    // What semantic-release publishes keeps whatever was written at some time.
    if let Some(product) = product(all, &published, release)
        && all
            .iter()
            .any(|one| one.is_root() && one.read.semantic_release)
    {
        return Ok(Some((Vec::new(), product)));
    }
    Err(nothing_has(all, &published, release))
}

/// Whether its version is one that somebody raises: that of a private member which
/// nobody touched since it was made is not.
fn is_released_by_hand(one: &One) -> bool {
    let untouched = || UNTOUCHED.contains(&one.version());
    one.read.is_published() || one.read.elsewhere.is_some() || one.is_root() || {
        !is_aside(&one.manifest) && !untouched()
    }
}

/// Whether the tag carries the package's name, with its scope or without.
fn is_tagged(release: &Release<'_>, one: &One) -> bool {
    let short = one.name.rsplit('/').next().unwrap_or(&one.name);
    one.read.name.is_some() && (is_named(release, &one.name) || is_named(release, short))
}

/// What the configuration names, by name or folder.
fn configured(all: &[One], release: &Release<'_>) -> Result<Own, String> {
    let mut own: Vec<usize> = Vec::new();
    for wanted in release.packages {
        let folder = wanted.trim_matches('/').trim_start_matches("./");
        let is_it = |one: &One| one.name == *wanted || paths::folder(&one.manifest) == folder;
        let Some(at) = all.iter().position(is_it) else {
            let names: Vec<&str> = all
                .iter()
                .map(|one| one.name.as_str())
                .take(LISTED)
                .collect();
            return Err(format!(
                "version.packages names {wanted}, and {} has no such package: it has {}",
                release.tag,
                names.join(", ")
            ));
        };
        own.push(at);
    }
    let named: Vec<&One> = own.iter().filter_map(|at| all.get(*at)).collect();
    let mut versions: Vec<String> = named.iter().map(|one| stated(one)).collect();
    versions.sort();
    versions.dedup();
    match (versions.as_slice(), own.first().copied(), named.first()) {
        ([_], Some(product), Some(first)) if first.read.has_no_version() => {
            Ok((Vec::new(), product))
        }
        ([_], Some(product), _) => Ok((own, product)),
        _ => {
            let named = named
                .iter()
                .map(|one| format!("{} {}", one.name, stated(one)));
            Err(format!(
                "version.packages names packages of several versions at {} ({}): a hotfix raises one. Name those that share {}; each of the others is released by a hotfix from its own tag",
                release.tag,
                named.collect::<Vec<_>>().join(", "),
                release.version
            ))
        }
    }
}

/// What is raised with the package that the tag names: all, where all that is
/// published has the version.
fn together(all: &[One], product: usize, release: &Release<'_>) -> Vec<usize> {
    let mut published = all
        .iter()
        .filter(|one| one.read.is_published() && !is_aside(&one.manifest));
    match published.all(|one| one.is_of(release.version)) {
        true => {
            let like = all.iter().enumerate();
            let like =
                like.filter(|(_, one)| one.is_of(release.version) && is_released_by_hand(one));
            like.map(|(at, _)| at).collect()
        }
        false => vec![product],
    }
}

/// The one that lends the name: the root's own where it is published, the one
/// that is called as the repository, the only one that is published, the first.
fn product(all: &[One], among: &[usize], release: &Release<'_>) -> Option<usize> {
    let those = || among.iter().filter_map(|at| Some((*at, all.get(*at)?)));
    let published = |one: &One| one.read.is_published();
    let root = those().find(|(_, one)| one.is_root() && published(one));
    let called = || {
        let short = |one: &One| plain(one.name.rsplit('/').next().unwrap_or_default());
        let repo = plain(release.repo);
        let mut called = those().filter(|(_, one)| published(one) && short(one) == repo);
        // One without a scope first.
        let first = called.next()?;
        Some(match first.1.name.starts_with('@') {
            true => called
                .find(|(_, one)| !one.name.starts_with('@'))
                .unwrap_or(first),
            false => first,
        })
    };
    let first = || those().find(|(_, one)| published(one));
    let found = root.or_else(called).or_else(first);
    found.or_else(|| those().next()).map(|(at, _)| at)
}

/// Why nothing can be raised, with what is there and the way out.
fn nothing_has(all: &[One], published: &[usize], release: &Release<'_>) -> String {
    let there = published.iter().filter_map(|at| all.get(*at)).take(LISTED);
    let there: Vec<String> = there
        .map(|one| format!("{} {}", one.name, stated(one)))
        .collect();
    format!(
        "{MANIFEST} at {}: no package has the version {}; there is {}. Name those that are released in version.packages, or the product's tags in base.tag_pattern; where the tag alone is the version, set version.ecosystem = \"generic\"",
        release.tag,
        release.version,
        there.join(", ")
    )
}

fn stated(one: &One) -> String {
    match one.version() {
        "" => "no version".to_owned(),
        version => version.to_owned(),
    }
}

/// Whether two versions are one release.
fn same(one: &str, other: &str) -> bool {
    let read = |text: &str| {
        let mut version = Version::parse(text).ok()?;
        version.build = BuildMetadata::EMPTY;
        Some(version)
    };
    match (read(one), read(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}
