//! Looks at somebody's own repository: whatever is wrong with it is known before
//! anything begins.

use semver::Version;

use super::made_up;
use super::source::Source;
use super::tags::{Release, Releases};
use crate::rehearsal::args::RehearseArgs;
use crate::rehearsal::project::package::{self, Package};
use crate::rehearsal::project::{Config, config};
use crate::rehearsal::story::{Fix, Story};
use crate::sim::clock::Millis;

const DAY: Millis = 24 * 3_600_000;
/// The lock file that cargo keeps.
const LOCK: &str = "Cargo.lock";

/// A rehearsal on a repository, made ready: whatever is wrong with it is known.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The repository.
    pub source: Source,
    /// Owner and name in the stand-in.
    pub name: (String, String),
    /// Its configuration.
    pub config: Config,
    /// How release tags are named.
    pub pattern: String,
    /// The releases up to the base, lowest first.
    pub releases: Vec<Release>,
    /// How many newer ones are left out.
    pub left_out: usize,
    /// The release to start from.
    pub base: Release,
    /// The package at the base.
    pub package: Package,
    /// Its lock file.
    pub lock: Option<String>,
    /// Its changelog.
    pub changelog: Option<String>,
    /// What people tell and do.
    pub story: Story,
}

/// Looks at the repository that was named.
///
/// # Errors
/// One line that names what is missing or wrong: usage.
pub fn prepare(args: &RehearseArgs, path: &std::path::Path) -> Result<Prepared, String> {
    let source = Source::open(path)?;
    let shown = path.display();
    let config = Config::read(source.text(&source.head, config::PATH).as_deref());
    let called = source.address.as_ref().map(|(_, name)| name.as_str());
    let called = called.unwrap_or_default();
    let at = |commit: &str, version: Option<&Version>| {
        let text = |file: &str| source.text(commit, file);
        package::find(&text, &source.paths(commit), called, version)
    };
    let ahead = at(&source.head, None);
    let guess = ahead.as_ref().map_or(called, |p| p.name.as_str());
    let set = config.tag_pattern();
    let found = Releases::find(&source.tags, set.as_deref(), guess);
    let found = found.ok_or_else(|| {
        format!("--repo {shown}: no stable release tag such as v1.0.4: there is nothing to hotfix")
    })?;
    let base = match &args.base {
        Some(name) => found.named(name).ok_or_else(|| {
            format!("--base {name}: no stable release tag of that name in {shown}")
        })?,
        None => found.all.last().ok_or("no release")?,
    }
    .clone();
    let commit = &base.tag.commit;
    let package = at(commit, Some(&base.version))
        .map_err(|why| format!("--repo {shown} at {}: {why}", base.tag.name))?;
    let fix = match &args.fix {
        Some(name) => {
            let sha = source.commit(name);
            let sha = sha.ok_or_else(|| format!("--fix {name}: no such commit in {shown}"))?;
            let title = source.subject(&sha);
            Fix::Pick { sha, title }
        }
        None => made_up::fix(&package),
    };
    let paths = source.paths(commit);
    let there = |path: &String| paths.contains(path);
    if let Some(file) = &args.fail {
        let named = format!(".github/workflows/{}", config::file_name(file));
        if !there(&named) {
            return Err(format!("--fail {file}: {} has no {named}", base.tag.name));
        }
    }
    let locked = |path: &String| {
        let text = source.text(commit, path)?;
        package::version_locked(&text, &package.name)
    };
    let lock = Some(LOCK.to_owned()).filter(|p| there(p) && locked(p).is_some());
    let (releases, newer): (Vec<_>, Vec<_>) = found
        .all
        .iter()
        .cloned()
        .partition(|r| r.version <= base.version);
    // One that has no section for the base is none that is kept.
    let tells = |path: &String| {
        let text = source.text(commit, path);
        text.is_some_and(|text| text.contains(&base.version.to_string()))
    };
    let changelog = config
        .changelogs()
        .into_iter()
        .find(|path| there(path) && tells(path));
    let owner = source.address.clone();
    let name = owner.unwrap_or_else(|| ("local".to_owned(), package.name.clone()));
    Ok(Prepared {
        name,
        config,
        pattern: found.pattern.clone(),
        left_out: newer.len(),
        releases,
        lock,
        changelog,
        story: made_up::story(&package.name, &base.version, fix),
        package,
        base,
        source,
    })
}

impl Prepared {
    /// When the rehearsal begins: at `start`, or the morning after the newest
    /// commit if that is later.
    pub fn start(&self, start: Millis) -> Millis {
        let newest = self.source.committed_at.max(self.base.tag.at);
        if newest < start {
            return start;
        }
        start + ((newest - start) / DAY + 1) * DAY
    }

    /// The name of the made-up asset of a version.
    pub fn assets(&self, version: &Version) -> Vec<String> {
        ["linux", "macos", "windows"]
            .map(|os| format!("{}-{version}-{os}.tar.gz", self.package.name))
            .to_vec()
    }

    /// The refs that the stand-in gets (full name and object): none of a release
    /// that is newer than the base.
    pub fn refs(&self) -> Vec<(String, String)> {
        let source = &self.source;
        let kept = |name: &str| {
            let (prefix, suffix) = self.pattern.split_once("{version}")?;
            let inner = name.strip_prefix(prefix)?.strip_suffix(suffix)?;
            Some(Version::parse(inner).ok()? <= self.base.version)
        };
        let tags = source.tags.iter().filter(|t| kept(&t.name) != Some(false));
        let mut refs: Vec<(String, String)> = tags
            .map(|t| (format!("refs/tags/{}", t.name), t.target.clone()))
            .collect();
        // Other branches than these play no part.
        let main = format!("refs/heads/{}", source.branch);
        let hotfix = format!("refs/heads/{}", self.config.branch_prefix());
        let heads = source.heads.iter();
        refs.extend(
            heads
                .filter(|(n, _)| n.starts_with(&hotfix) && *n != main)
                .cloned(),
        );
        refs.push((main, source.head.clone()));
        refs
    }
}
