//! Looks at somebody's own repository: whatever is wrong with it is known before
//! anything begins.

use serde::Serialize;

use super::made_up;
use super::source::{Source, Tag, ToldBy, folder};
use super::tags::{Release, releases};
use crate::ecosystem;
use crate::rehearsal::args::RehearseArgs;
use crate::rehearsal::project::{Config, config};
use crate::rehearsal::story::{Fix, Story};
use crate::sim::clock::Millis;

const DAY: Millis = 24 * 3_600_000;

/// A rehearsal on a repository, made ready: whatever is wrong with it is known.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The repository.
    pub source: Source,
    /// Owner and name in the stand-in.
    pub name: (String, String),
    /// Its configuration.
    pub config: Config,
    /// The configuration's text, where it was given beside the repository.
    pub given_config: Option<String>,
    /// A configuration that lies about and was not taken, in words.
    pub config_left_out: Option<String>,
    /// Tags that are named as releases are, oldest first, as far as the
    /// stand-in gets them.
    pub releases: Vec<Release>,
    /// GitHub's Latest, which no clone tells: as asked for, or taken to be so.
    pub latest: Option<String>,
    /// How many newer than the base are left out.
    pub left_out: usize,
    /// The release that was asked for.
    pub base: Option<Release>,
    /// What people tell and do.
    pub story: Story,
}

/// A repository's measures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Shape {
    /// Commits on the default branch.
    pub commits: u64,
    /// Tags.
    pub tags: usize,
    /// Branches.
    pub branches: usize,
    /// Workflow files on the default branch.
    pub workflows: usize,
    /// `Cargo.toml` files on the default branch.
    pub manifests: usize,
}

/// Looks at the repository that was named.
///
/// # Errors
/// One line that names what is missing or wrong: usage.
pub fn prepare(args: &RehearseArgs, path: &std::path::Path) -> Result<Prepared, String> {
    let mut source = Source::open(path)?;
    if let Some(name) = &args.name {
        source.address = Some(name.clone());
        source.told_by = Some(ToldBy::Asked);
    }
    let shown = path.display();
    let (given_config, config_left_out) = configuration(args, &source)?;
    let committed = || source.text(&source.head, config::PATH);
    let text = given_config.clone().or_else(committed);
    let config = Config::read(text.as_deref());
    let found = releases(&source.tags);
    let base = match &args.base {
        Some(name) => Some(
            named(&found, name)
                .ok_or_else(|| format!("--base {name}: no release tag of that name in {shown}"))?,
        ),
        None => None,
    };
    let looked_at = base.as_ref().map_or(&source.head, |b| &b.tag.commit);
    let paths = source.paths(looked_at);
    let looked_at = base.as_ref().map_or("it", |b| &b.tag.name);
    if let Some(why) = unsupported(&paths, looked_at, &config) {
        return Err(format!("--repo {shown}: {why}"));
    }
    let picked = args.fix.as_ref().map(|name| ("--fix", name, false));
    let picked = picked.or(args.pick.as_ref().map(|name| ("--pick", name, true)));
    let fix = match picked {
        Some((option, name, by_bot)) => {
            let sha = source.commit(name);
            let sha = sha.ok_or_else(|| format!("{option} {name}: no such commit in {shown}"))?;
            let title = source.subject(&sha);
            Fix::Pick { sha, title, by_bot }
        }
        None => Fix::MadeUp,
    };
    if let Some(file) = &args.fail {
        let path = format!(".github/workflows/{}", config::file_name(file));
        if !paths.contains(&path) {
            return Err(format!("--fail {file}: there is no {path}"));
        }
    }
    let newer = |r: &Release| base.as_ref().is_some_and(|b| r.is_newer_than(b));
    let (newer, releases): (Vec<_>, Vec<_>) = found.into_iter().partition(newer);
    let local = || ("local".to_owned(), folder(path));
    let name = source.address.clone().unwrap_or_else(local);
    let base_tag = base.as_ref().map(|b| b.tag.name.as_str());
    let latest = match &args.latest {
        Some(tag) => Some(
            named(&releases, tag)
                .ok_or_else(|| format!("--latest {tag}: no release tag of that name in {shown}"))?
                .tag
                .name,
        ),
        None => latest(&releases, &name.1),
    };
    Ok(Prepared {
        latest,
        story: made_up::story(&name.1, base_tag, fix),
        name,
        config,
        given_config,
        config_left_out,
        left_out: newer.len(),
        releases,
        base,
        source,
    })
}

/// What GitHub's Latest is taken to be: of a repository with releases of several
/// packages the newest that is its own by name, unless that is of a time long
/// past; else the newest of all. `releases` are the oldest first.
fn latest(releases: &[Release], repo: &str) -> Option<String> {
    const LONG: Millis = 400 * DAY;
    let stable = || releases.iter().rev().filter(|r| !r.is_pre());
    let newest = stable().next()?;
    let own = stable().find(|r| ["", repo].contains(&r.family()));
    let own = own.filter(|r| newest.tag.at - r.tag.at < LONG);
    let found = own.unwrap_or(newest);
    // Of two names of one release the older custom.
    let twin = |r: &&Release| r.tag.commit == found.tag.commit && r.version == found.version;
    let often = |r: &&Release| stable().filter(|it| it.prefix == r.prefix).count();
    let twins = stable().filter(twin).max_by_key(often);
    Some(twins.unwrap_or(found).tag.name.clone())
}

/// The release of this tag or version.
fn named(all: &[Release], name: &str) -> Option<Release> {
    let bare = name.trim_start_matches('v');
    let by_tag = all.iter().find(|r| r.tag.name == name);
    let by_version = || {
        let mut found = all.iter().filter(|r| r.version == bare);
        found.next().filter(|_| found.next().is_none())
    };
    by_tag.or_else(by_version).cloned()
}

/// The configuration that was given, and what is said of one that was not
/// taken: what is not committed is nothing that the server would see.
fn configuration(
    args: &RehearseArgs,
    source: &Source,
) -> Result<(Option<String>, Option<String>), String> {
    if let Some(file) = &args.config {
        let text = std::fs::read_to_string(file)
            .map_err(|e| format!("--config {}: {e}", file.display()))?;
        return Ok((Some(text), None));
    }
    let file = source.work_tree.as_ref().map(|dir| dir.join(config::PATH));
    let lies_about = file.and_then(|file| Some((std::fs::read(&file).ok()?, file)));
    let committed = source.text(&source.head, config::PATH);
    let left_out = lies_about
        .filter(|(bytes, _)| Some(String::from_utf8_lossy(bytes).into_owned()) != committed);
    let words = left_out.map(|(_, file)| {
        let used = if committed.is_some() {
            "another, which was used"
        } else {
            "none"
        };
        format!(
            "{} is not what {} has committed ({used}): commit it there, or give it by --config",
            file.display(),
            source.branch
        )
    });
    Ok((None, words))
}

/// Why a repository cannot be rehearsed, where it is of no kind that can be
/// released; one whose tag alone is the version always can.
fn unsupported(paths: &[String], name: &str, config: &Config) -> Option<String> {
    let release = ecosystem::Release {
        tag: name,
        ..ecosystem::Release::default()
    };
    ecosystem::unsupported(paths, &release).filter(|_| !config.is_generic())
}

impl Prepared {
    /// When the rehearsal begins: at `start`, or the morning after the newest
    /// commit if that is later.
    pub fn start(&self, start: Millis) -> Millis {
        let tags = self.releases.iter().map(|r| r.tag.at);
        let newest = tags.fold(self.source.committed_at, Millis::max);
        if newest < start {
            return start;
        }
        start + ((newest - start) / DAY + 1) * DAY
    }

    /// Its measures.
    pub fn shape(&self) -> Shape {
        let source = &self.source;
        let paths = source.paths(&source.head);
        let is_flow = |p: &&String| {
            p.starts_with(".github/workflows/") && (p.ends_with(".yml") || p.ends_with(".yaml"))
        };
        let is_manifest = |p: &&String| *p == "Cargo.toml" || p.ends_with("/Cargo.toml");
        Shape {
            commits: source.commits(&source.head),
            tags: source.tags.len() + source.odd_tags.len(),
            branches: source.heads.len().max(1),
            workflows: paths.iter().filter(is_flow).count(),
            manifests: paths.iter().filter(is_manifest).count(),
        }
    }

    /// The names of the made-up assets of a version: those that the configuration
    /// expects of a release, which the earlier ones had then, too.
    pub fn assets(&self, version: &str) -> Vec<String> {
        if let Some(named) = self.config.assets(version) {
            return named;
        }
        ["linux", "macos", "windows"]
            .map(|os| format!("{}-{version}-{os}.tar.gz", self.name.1))
            .to_vec()
    }

    /// Whether nothing says what its assets are called.
    pub fn are_assets_made_up(&self) -> bool {
        self.config.assets("1.0.0").is_none()
    }

    /// The refs that the stand-in gets (full name and object): every one, as
    /// GitHub would have it, but those of releases that are newer than the base
    /// that was asked for.
    pub fn refs(&self) -> Vec<(String, String)> {
        let source = &self.source;
        let newer = |tag: &Tag| {
            let both = Release::of(tag).zip(self.base.as_ref());
            both.is_some_and(|(release, base)| release.is_newer_than(base))
        };
        let tags = source.tags.iter().filter(|t| !newer(t));
        let mut refs: Vec<(String, String)> = tags
            .map(|t| (format!("refs/tags/{}", t.name), t.target.clone()))
            .collect();
        refs.extend(source.odd_tags.iter().cloned());
        let main = format!("refs/heads/{}", source.branch);
        refs.extend(source.heads.iter().filter(|(n, _)| *n != main).cloned());
        refs.push((main, source.head.clone()));
        refs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latest_is_the_products_own_unless_that_is_long_past() {
        let of = |tags: &[(&str, Millis)]| {
            let tag = |(name, day): &(&str, Millis)| Tag {
                name: (*name).to_owned(),
                target: String::new(),
                commit: format!("of day {day}"),
                at: day * DAY,
            };
            let tags: Vec<Tag> = tags.iter().map(tag).collect();
            latest(&releases(&tags), "plain")
        };
        for (tags, expected) in [
            (vec![("v1.0.0", 1), ("v1.1.0-rc.1", 2)], Some("v1.0.0")),
            (
                vec![("plain-v0.8.9", 1), ("plain-extra-v0.12.6", 2)],
                Some("plain-v0.8.9"),
            ),
            (
                vec![("v0.7.0", 1), ("sha1-v0.10.7", 900)],
                Some("sha1-v0.10.7"),
            ),
            (vec![("a-v1.0.0", 1), ("b-v1.0.0", 2)], Some("b-v1.0.0")),
            (vec![("v1.0.0-rc.1", 2)], None),
            // What went over to names of days long ago.
            (
                vec![("v0.45.0", 1), ("release-2026-08-21", 900)],
                Some("release-2026-08-21"),
            ),
            // Two names of one release.
            (
                vec![("0.9.0", 1), ("1.0.0", 2), ("plain-1.0.0", 2)],
                Some("1.0.0"),
            ),
            (
                vec![("0.9.0", 1), ("plain-1.0.0", 2), ("1.0.0", 2)],
                Some("1.0.0"),
            ),
            (vec![("a-1.0.0", 2), ("b-2.0.0", 2)], Some("b-2.0.0")),
        ] {
            assert_eq!(of(&tags).as_deref(), expected, "{tags:?}");
        }
    }
}
