//! Which packages are released together: those with the tag's version.

use semver::{BuildMetadata, Version};

use super::manifest::{self, PackageVersion, Publish};
use super::members::Manifests;
use super::paths::MANIFEST;
use super::{paths, workspace};
use crate::ecosystem::naming::{is_named, is_placeholder, plain};
use crate::ecosystem::package::Member;
use crate::ecosystem::tasks::Release;

/// So many of a tag's packages are listed in a refusal.
const LISTED: usize = 5;

/// A package of the repository.
pub struct Crate<'a> {
    /// What is kept of it.
    pub member: Member,
    /// Where it may be published.
    pub publish: &'a Publish,
    /// Whether its version is the workspace's.
    pub inherits: bool,
    /// The manifest of its workspace's root.
    pub root: String,
    /// Whether it is a program.
    pub program: bool,
    /// Whether it is a library.
    pub library: bool,
}

impl Crate<'_> {
    fn is_of(&self, version: &str) -> bool {
        same(&self.member.version, version)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.member.name
    }
}

/// All packages of the repository, and which of them are released: those with the
/// tag's version, of those the tag's own where it names one.
///
/// # Errors
/// In words, with the way out, why it cannot be told.
pub fn choose<'a>(
    tree: &[String],
    found: &'a Manifests<'_>,
    tops: &[String],
    release: &Release<'_>,
) -> Result<(Vec<Crate<'a>>, Chosen), String> {
    let mut crates: Vec<Crate<'a>> = Vec::new();
    for top in tops {
        for path in found.workspace(&found.root_of(top), tree) {
            crates.extend(read(found, &path, tree));
        }
    }
    let inside = crates.len();
    for (path, _) in found.iter() {
        if crates.iter().all(|c| c.member.manifest != path) && !paths::is_aside(path) {
            crates.extend(read(found, path, tree));
        }
    }
    let chosen = Chosen::of(&crates, inside, tops, found, release)?;
    for (at, one) in crates.iter_mut().enumerate() {
        one.member.released = chosen.own.contains(&at);
    }
    Ok((crates, chosen))
}

fn read<'a>(found: &'a Manifests<'_>, path: &str, tree: &[String]) -> Option<Crate<'a>> {
    let manifest = &found.get(path)?.read;
    let publish = match manifest.publish {
        Publish::Inherited => {
            let root = found.get(&found.root_of(path))?;
            root.read.workspace_publish.as_ref()
        }
        _ => None,
    };
    let publish = publish.unwrap_or(&manifest.publish);
    let folder = paths::folder(path);
    let main = paths::within(folder, "src/main.rs");
    let bins = paths::within(folder, "src/bin/");
    let found_one = |file: &String| *file == main || file.starts_with(&bins);
    Some(Crate {
        member: Member {
            name: manifest.name.clone()?,
            manifest: path.to_owned(),
            // As cargo takes a package without one.
            version: match manifest.version {
                PackageVersion::Absent => "0.0.0".to_owned(),
                _ => found.version(path).unwrap_or_default(),
            },
            released: false,
            publish: is_published(publish),
        },
        publish,
        inherits: manifest.version == PackageVersion::Inherited,
        root: found.root_of(path),
        library: manifest.names_library || tree.contains(&paths::within(folder, "src/lib.rs")),
        program: manifest.names_programs || manifest.finds_programs && tree.iter().any(found_one),
    })
}

/// What is released, as indices of the packages.
pub struct Chosen {
    own: Vec<usize>,
    /// The one that lends the name.
    pub product: usize,
    /// Whether the version stands nowhere.
    pub from_tag: bool,
}

impl Chosen {
    fn of(
        crates: &[Crate<'_>],
        inside: usize,
        tops: &[String],
        found: &Manifests<'_>,
        release: &Release<'_>,
    ) -> Result<Chosen, String> {
        let version = release.version;
        let those = |is: &dyn Fn(usize, &Crate<'_>) -> bool| -> Vec<usize> {
            let all = crates.iter().enumerate();
            all.filter(|(at, one)| is(*at, one))
                .map(|(at, _)| at)
                .collect()
        };
        if !release.packages.is_empty() {
            return configured(crates, release);
        }
        let named = those(&|at, one| at < inside && is_named(release, one.name()));
        if let [product] = *named.as_slice()
            && let Some(one) = crates.get(product)
        {
            let own = match () {
                () if one.is_of(version) => together(crates, inside, product, found, version),
                () if is_placeholder(&one.member.version) => Vec::new(),
                () => {
                    return Err(format!(
                        "{} names the package {}, and {} has {}: start from a tag that agrees, or set base.tag_pattern or version.packages",
                        release.tag,
                        one.name(),
                        one.member.manifest,
                        stated(one),
                    ));
                }
            };
            return Ok(Chosen {
                from_tag: own.is_empty(),
                own,
                product,
            });
        }
        let mut own = those(&|at, one| at < inside && one.is_of(version));
        if own.is_empty() {
            own = those(&|_, one| one.is_of(version));
        }
        let all: Vec<usize> = (0..inside).collect();
        let product = |among: &[usize]| product(crates, among, tops, release);
        if let Some(product) = product(&own) {
            return Ok(Chosen {
                own,
                product,
                from_tag: false,
            });
        }
        match product(&all).and_then(|product| Some((product, crates.get(product)?))) {
            Some((product, one))
                if is_placeholder(&one.member.version)
                    || is_aside(crates.get(..inside).unwrap_or_default(), one, release) =>
            {
                Ok(Chosen {
                    own: Vec::new(),
                    product,
                    from_tag: true,
                })
            }
            _ => Err(nothing_has(crates, inside, tops, found, release)),
        }
    }
}

/// Whether no manifest tells the version of a release: none of what is there is
/// published anywhere, and what the product says is long past.
fn is_aside(crates: &[Crate<'_>], product: &Crate<'_>, release: &Release<'_>) -> bool {
    let read = |text: &str| Version::parse(text).ok();
    let Some((own, before)) =
        read(&product.member.version).zip(release.before.first().and_then(|before| read(before)))
    else {
        return false;
    };
    let past = own < before && read(release.version).is_some_and(|it| before < it);
    past && crates.iter().all(|one| !one.member.publish)
}

/// What the configuration names, by name or folder.
fn configured(crates: &[Crate<'_>], release: &Release<'_>) -> Result<Chosen, String> {
    let mut own: Vec<usize> = Vec::new();
    for wanted in release.packages {
        let folder = wanted.trim_matches('/');
        let folder = folder.trim_start_matches("./");
        let is_it = |one: &&Crate<'_>| {
            one.name() == wanted || paths::folder(&one.member.manifest) == folder
        };
        let Some(at) = crates.iter().position(|one| is_it(&one)) else {
            let all: Vec<&str> = crates.iter().map(Crate::name).take(LISTED).collect();
            return Err(format!(
                "version.packages names {wanted}, and {} has no such package: it has {}",
                release.tag,
                all.join(", ")
            ));
        };
        own.push(at);
    }
    let named: Vec<&Crate<'_>> = own.iter().filter_map(|at| crates.get(*at)).collect();
    let mut versions: Vec<String> = named.iter().map(|one| stated(one)).collect();
    versions.sort();
    versions.dedup();
    match (versions.as_slice(), own.first()) {
        ([only], Some(&product)) => Ok(Chosen {
            from_tag: is_placeholder(only),
            own: if is_placeholder(only) {
                Vec::new()
            } else {
                own
            },
            product,
        }),
        _ => {
            let named = named
                .iter()
                .map(|one| format!("{} {}", one.name(), stated(one)));
            Err(format!(
                "version.packages names packages of several versions at {} ({}): a hotfix raises one. Name those that share {}; each of the others is released by a hotfix from its own tag",
                release.tag,
                named.collect::<Vec<_>>().join(", "),
                release.version
            ))
        }
    }
}

/// What is raised with the package that the tag names: what inherits the same
/// version, or requires exactly this one; where all that is published has one
/// version, all of it.
fn together(
    crates: &[Crate<'_>],
    inside: usize,
    product: usize,
    found: &Manifests<'_>,
    version: &str,
) -> Vec<usize> {
    let here = || crates.iter().take(inside).enumerate();
    let like = |at: &usize| crates.get(*at).is_some_and(|one| one.is_of(version));
    let lockstep = here()
        .filter(|(_, one)| one.member.publish)
        .all(|(at, _)| like(&at));
    if lockstep {
        return here().map(|(at, _)| at).filter(like).collect();
    }
    let mut own = vec![product];
    while let Some(next) = here().map(|(at, _)| at).find(|at| {
        !own.contains(at) && like(at) && own.iter().any(|of| is_tied(crates, found, *of, *at))
    }) {
        own.push(next);
    }
    own.sort_unstable();
    own
}

/// Whether one of two packages cannot be raised without the other.
fn is_tied(crates: &[Crate<'_>], found: &Manifests<'_>, one: usize, other: usize) -> bool {
    let (Some(one), Some(other)) = (crates.get(one), crates.get(other)) else {
        return false;
    };
    let pins = |of: &Crate<'_>, on: &Crate<'_>| {
        let manifest = &of.member.manifest;
        let text = found.get(manifest).map(|found| found.text);
        text.is_some_and(|text| workspace::pins(text, manifest, &on.member))
    };
    one.inherits && other.inherits && one.root == other.root || pins(one, other) || pins(other, one)
}

/// The one that lends the name: the root's own package, the one that is called
/// as the repository, the only program, the one that all others that are published are
/// called after, the first that is called after the repository, else the first that is
/// published.
fn product(
    crates: &[Crate<'_>],
    among: &[usize],
    tops: &[String],
    release: &Release<'_>,
) -> Option<usize> {
    let all = || among.iter().filter_map(|at| Some((*at, crates.get(*at)?)));
    let is_top = |one: &Crate<'_>| tops.contains(&one.member.manifest);
    let top = all().find(|(_, one)| is_top(one) && tops.len() == 1);
    let called = || all().find(|(_, one)| plain(one.name()) == plain(release.repo));
    let program = || {
        let mut programs = all().filter(|(_, one)| one.program && one.member.publish);
        programs.next().filter(|_| programs.next().is_none())
    };
    let after = |one: &str, other: &str| {
        let rest = plain(one).strip_prefix(&plain(other)).map(str::to_owned);
        rest.is_some_and(|rest| rest.starts_with('-'))
    };
    let published = || all().filter(|(_, one)| one.member.publish);
    let leads = |one: &Crate<'_>| {
        let mut others = published().filter(|(_, it)| it.name() != one.name());
        others.all(|(_, it)| after(it.name(), one.name()))
    };
    let leading = || published().find(|(_, one)| leads(one));
    let named = || published().find(|(_, one)| after(one.name(), release.repo));
    let first = top.or_else(called).or_else(program).or_else(leading);
    let first = first.or_else(named).or_else(|| published().next());
    first.or_else(|| all().next()).map(|(at, _)| at)
}

/// Why nothing can be raised, with what is there and the way out.
fn nothing_has(
    crates: &[Crate<'_>],
    inside: usize,
    tops: &[String],
    found: &Manifests<'_>,
    release: &Release<'_>,
) -> String {
    let Release { tag, version, .. } = *release;
    let first = tops.first().map_or(MANIFEST, String::as_str);
    if let [top] = tops
        && let Some(root) = found.get(top)
        && inside <= 1
        && root.read.members.is_none()
        && crates
            .first()
            .is_none_or(|one| one.member.version.is_empty())
    {
        let why = match manifest::version(root.text) {
            Err(error) => error.to_string(),
            Ok(_) => "it names no package".to_owned(),
        };
        return format!("{top} at {tag}: {why}");
    }
    let there: Vec<String> = crates
        .iter()
        .take(inside)
        .filter(|one| !one.member.version.is_empty())
        .take(LISTED)
        .map(|one| format!("{} {}", one.name(), stated(one)))
        .collect();
    let there = match there.is_empty() {
        true => "there is no package with a version".to_owned(),
        false => format!("there is {}", there.join(", ")),
    };
    format!(
        "{first} at {tag}: no package has the version {version}; {there}. Name those that are released in version.packages, or the product's tags in base.tag_pattern; where the tag alone is the version, set version.ecosystem = \"generic\""
    )
}

/// Whether a crate may be published on crates.io: where it is not, a crate of
/// that name there is somebody else's.
fn is_published(publish: &Publish) -> bool {
    match publish {
        Publish::Anywhere | Publish::Inherited => true,
        Publish::Nowhere => false,
        Publish::Only(registries) => registries.iter().any(|r| r == "crates-io"),
    }
}

/// Whether two versions are one release: what is behind a `+` tells builds of
/// it apart.
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

fn stated(one: &Crate<'_>) -> String {
    match one.member.version.as_str() {
        "" => "no version".to_owned(),
        version => version.to_owned(),
    }
}

#[cfg(test)]
#[path = "choose_tests.rs"]
mod tests;
