//! What a step that publishes does to a registry beside crates.io: which packages it
//! means, as they stand at the commit, and what becomes of them there.

use std::collections::BTreeMap;

use serde_json::Value;

use super::git::Git;
use super::json::repo_page;
use super::model::packages::{Place, Release};
use super::workflow_file::publishing::Publish;
use super::world::{Job, World};

/// Maven Central shows a version hours after it was deployed, milliseconds.
const MAVEN_LAG: i64 = 2 * 60 * 60 * 1_000;

/// A package at a commit: its name on the registry, and its version.
type Package = (String, String);

/// Publishes from a commit; says what, or why it was left alone.
///
/// # Errors
/// The registry's words, where it takes none of it.
pub(super) fn publish(
    world: &mut World,
    repo: u64,
    commit: &str,
    tag: Option<&str>,
    what: &Publish,
    part: Share<'_>,
) -> Result<String, String> {
    let found = world.repos.get(&repo).ok_or("the repository is gone")?;
    // What other steps prepare (a version set from the tag, a folder) is unknown
    // here: that is no failure of the run.
    let packages = match packages(&found.git, commit, tag, what) {
        Ok(packages) => packages,
        Err(why) => return Ok(format!("left alone: {why}")),
    };
    let mut said = Vec::new();
    for (name, version) in packages {
        // A folder's packages are published where they are not there yet.
        let known = world
            .packages
            .release(what.place, &name, &version)
            .is_some();
        if what.all && known {
            continue;
        }
        let now = world.now();
        let late = match what.place {
            Place::Maven => MAVEN_LAG,
            Place::Go | Place::Oci => 0,
            _ => world.index_lag_ms,
        };
        let done = Upload {
            place: what.place,
            name: &name,
            version: &version,
            pointer: what.pointer.as_deref(),
            commit,
            at: now,
            listed: now + late,
            built: true,
            part,
        };
        upload(world, repo, &done)?;
        said.push(format!("{name} {version}"));
    }
    match said.is_empty() {
        true => Ok("left alone: all of it is there already".to_owned()),
        false => Ok(format!("published {} from {commit}", said.join(", "))),
    }
}

/// A version that goes to a registry.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    /// Which registry.
    pub place: Place,
    /// The package's name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// npm's `--tag`.
    pub pointer: Option<&'a str>,
    /// What it is built from.
    pub commit: &'a str,
    /// When, milliseconds.
    pub at: i64,
    /// From when on it is listed.
    pub listed: i64,
    /// Whether its files hold what it is built from; what was there before holds a
    /// line.
    pub built: bool,
    /// Which of its files.
    pub part: Share<'a>,
}

/// Which files of a version somebody uploads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Share<'a> {
    /// All of them.
    #[default]
    Whole,
    /// Of the jobs of a matrix, each for a platform, the first: its own, and the sources.
    First(&'a str),
    /// The others: their own alone.
    Other(&'a str),
}

/// Puts a version on a registry, from a commit of this repository, whose name the
/// package has.
///
/// # Errors
/// The registry's words, where it takes no such version.
pub fn upload(world: &mut World, repo: u64, what: &Upload<'_>) -> Result<(), String> {
    let found = world.repos.get(&repo).ok_or("the repository is gone")?;
    let (git, link) = (&found.git, repo_page(found));
    let archive = match what.built {
        true => git.archive(what.commit, "package"),
        false => Ok(format!("{} {}", what.name, what.version).into_bytes()),
    };
    let archive = archive.map_err(|e| e.to_string())?;
    let named = (what.name, what.version);
    let release = Release {
        version: what.version.to_owned(),
        files: files(
            git,
            (what.commit, &link),
            (what.place, what.part),
            named,
            archive,
        ),
        commit: Some(what.commit.to_owned()),
        // Trusted publishing signs.
        signed: matches!(what.place, Place::Npm | Place::Pypi),
        at: what.at,
        listed: what.listed,
        withdrawn: None,
    };
    let packages = &mut world.packages;
    let done = packages.publish(what.place, what.name, release, what.pointer);
    world.schedule(what.listed, Job::IndexMoves);
    let packages = &mut world.packages;
    packages.package_mut(what.place, what.name).link = Some(link);
    done
}

/// A POM that names the repository, as its own host is another one here.
fn linked(pom: &str, link: &str) -> String {
    let own = format!("<scm><url>{link}</url></scm>");
    match (pom.split_once("<scm>"), pom.rsplit_once("</project>")) {
        (Some((before, rest)), _) => {
            let after = rest.split_once("</scm>").map_or("", |(_, after)| after);
            format!("{before}{own}{after}")
        }
        (None, Some((before, after))) => format!("{before}{own}</project>{after}"),
        (None, None) => pom.to_owned(),
    }
}

/// The files of a version.
fn files(
    git: &Git,
    (commit, link): (&str, &str),
    (place, part): (Place, Share<'_>),
    (name, version): (&str, &str),
    archive: Vec<u8>,
) -> BTreeMap<String, Vec<u8>> {
    let one = |name: String, bytes: Vec<u8>| BTreeMap::from([(name, bytes)]);
    match place {
        Place::Pypi => {
            let base = name.replace(['-', '.'], "_");
            let mut wheel = archive.clone();
            wheel.extend_from_slice(b"wheel");
            let platform = match part {
                Share::Whole => "any".to_owned(),
                Share::First(job) | Share::Other(job) => {
                    let is_part = |c: char| c.is_ascii_alphanumeric();
                    job.replace(|c| !is_part(c), "_").to_lowercase()
                }
            };
            let mut files = one(format!("{base}-{version}-py3-none-{platform}.whl"), wheel);
            if !matches!(part, Share::Other(_)) {
                files.insert(format!("{base}-{version}.tar.gz"), archive);
            }
            files
        }
        Place::Gem => one(format!("{name}-{version}.gem"), archive),
        Place::Maven => {
            let artifact = name.rsplit(':').next().unwrap_or(name);
            let pom = git.file_at(commit, "pom.xml").unwrap_or_default();
            let pom = linked(&String::from_utf8_lossy(&pom), link).into_bytes();
            BTreeMap::from([
                (format!("{artifact}-{version}.jar"), archive),
                (format!("{artifact}-{version}.pom"), pom),
            ])
        }
        _ => one(format!("{name}-{version}.tgz"), archive),
    }
}

fn text(git: &Git, commit: &str, path: &str) -> Result<String, String> {
    let bytes = git.file_at(commit, path);
    let bytes = bytes.ok_or_else(|| format!("{path} is not in {commit}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// `1.0.5` of `v1.0.5`.
fn number(tag: &str) -> Option<&str> {
    let at = tag.find(|c: char| c.is_ascii_digit())?;
    tag.get(at..)
}

fn packages(
    git: &Git,
    commit: &str,
    tag: Option<&str>,
    what: &Publish,
) -> Result<Vec<Package>, String> {
    let version = || {
        let number = tag.and_then(number).map(str::to_owned);
        number.ok_or_else(|| "which version it is, is found out by other steps".to_owned())
    };
    let at = |file: &str| match &what.dir {
        Some(dir) => format!("{dir}/{file}"),
        None => file.to_owned(),
    };
    let one = |package: Package| Ok(vec![package]);
    let ending = |end: &str| -> Vec<String> {
        let mut all = git.paths_at(commit, what.dir.as_deref().unwrap_or_default());
        all.retain(|path| path.ends_with(end));
        all
    };
    match what.place {
        Place::Npm if what.all => {
            let paths = ending("package.json");
            let all = paths.iter().filter_map(|path| npm(git, commit, path).ok());
            Ok(all.collect())
        }
        Place::Npm => one(npm(git, commit, &at("package.json"))?),
        Place::Pypi => {
            let own = at("pyproject.toml");
            // What is built elsewhere in the repository is uploaded without its folder.
            let elsewhere = || match ending("/pyproject.toml").as_slice() {
                [one] => Some(one.clone()),
                _ => None,
            };
            let path = match git.file_at(commit, &own) {
                Some(_) => own,
                None => elsewhere().unwrap_or(own),
            };
            let (name, stated) = python(&text(git, commit, &path)?)?;
            one((name, stated.map_or_else(version, Ok)?))
        }
        Place::Gem => {
            let paths = ending(".gemspec");
            let path = paths.first().ok_or("there is no gemspec")?;
            let spec = text(git, commit, path)?;
            let name = quoted_after(&spec, ".name").ok_or("the gemspec has no name")?;
            let of_file = |path: &String| quoted_after(&text(git, commit, path).ok()?, "VERSION");
            let stated = quoted_after(&spec, ".version");
            let stated = stated.or_else(|| ending("version.rb").iter().find_map(of_file));
            one((name, stated.map_or_else(version, Ok)?))
        }
        Place::Maven => {
            let pom = text(git, commit, &at("pom.xml"))?;
            let own = pom
                .split_once("</parent>")
                .map_or(pom.as_str(), |(_, own)| own);
            let element = |of: &str, name: &str| {
                let (_, after) = of.split_once(&format!("<{name}>"))?;
                after
                    .split_once('<')
                    .map(|(text, _)| text.trim().to_owned())
            };
            let or_parent = |name: &str| element(own, name).or_else(|| element(&pom, name));
            let group = or_parent("groupId").ok_or("the POM has no groupId")?;
            let artifact = element(own, "artifactId").ok_or("the POM has no artifactId")?;
            let stated = or_parent("version").filter(|it| !it.contains("${"));
            one((
                format!("{group}:{artifact}"),
                stated.map_or_else(version, Ok)?,
            ))
        }
        Place::Helm if what.image.is_none() => {
            let paths = ending("Chart.yaml");
            let all = paths.iter().filter_map(|path| {
                let chart = text(git, commit, path).ok()?;
                Some((yaml_value(&chart, "name")?, yaml_value(&chart, "version")?))
            });
            Ok(all.collect())
        }
        Place::Helm | Place::Oci => {
            let image = what.image.as_deref().unwrap_or_default();
            let image =
                image.split_once('/').map_or(
                    image,
                    |(host, path)| {
                        if host.contains('.') { path } else { image }
                    },
                );
            let (name, tag) = image.rsplit_once(':').unwrap_or((image, ""));
            if name.is_empty() || name.contains('$') {
                return Err("which image it is, is found out by other steps".to_owned());
            }
            let known = !tag.is_empty() && !tag.contains('$');
            one((
                name.to_lowercase(),
                match known {
                    true => tag.to_owned(),
                    false => version()?,
                },
            ))
        }
        Place::Go => Err("the tag is what is published".to_owned()),
    }
}

fn npm(git: &Git, commit: &str, path: &str) -> Result<Package, String> {
    let manifest = text(git, commit, path)?;
    let manifest: Value = serde_json::from_str(&manifest).map_err(|e| format!("{path}: {e}"))?;
    if manifest.get("private") == Some(&Value::Bool(true)) {
        return Err(format!("{path} is private"));
    }
    let word = |key: &str| {
        let word = manifest.get(key).and_then(Value::as_str);
        word.map(str::to_owned)
            .ok_or_else(|| format!("{path} has no {key}"))
    };
    Ok((word("name")?, word("version")?))
}

/// The project's name in its normal form, and the version where it is stated.
fn python(manifest: &str) -> Result<(String, Option<String>), String> {
    let manifest: toml::Table = toml::from_str(manifest).map_err(|e| e.to_string())?;
    let poetry = manifest.get("tool").and_then(|it| it.get("poetry"));
    let table = manifest
        .get("project")
        .or(poetry)
        .ok_or("there is no project")?;
    let word = |key: &str| table.get(key).and_then(|it| it.as_str()).map(str::to_owned);
    let name = word("name").ok_or("the project has no name")?;
    Ok((
        name.to_lowercase().replace(['_', '.'], "-"),
        word("version"),
    ))
}

/// The first quoted text on the line of a word: `spec.name = "lantern"`.
fn quoted_after(text: &str, word: &str) -> Option<String> {
    let line = text
        .lines()
        .find(|line| line.contains(word) && line.contains('='))?;
    let (_, value) = line.split_once('=')?;
    let value = value.trim().strip_prefix(['"', '\''])?;
    value.split(['"', '\'']).next().map(str::to_owned)
}

fn yaml_value(text: &str, key: &str) -> Option<String> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{key}:")))?;
    Some(line.trim().trim_matches(['"', '\'']).to_owned())
}
