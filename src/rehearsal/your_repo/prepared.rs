//! Looks at somebody's own repository: whatever is wrong with it is known before
//! anything begins.

use serde::Serialize;

use super::made_up;
use super::source::{Source, Tag};
use super::tags::{Release, releases};
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
    source.address = args.name.clone().or(source.address);
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
    if let Some(why) = not_rust(&paths) {
        return Err(format!("--repo {shown}: {why}"));
    }
    let fix = match &args.fix {
        Some(name) => {
            let sha = source.commit(name);
            let sha = sha.ok_or_else(|| format!("--fix {name}: no such commit in {shown}"))?;
            let title = source.subject(&sha);
            Fix::Pick { sha, title }
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
    let folder = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = folder.file_name().map(|n| n.to_string_lossy().into_owned());
    let local = || {
        let name = folder.unwrap_or_default();
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let plain = !name.is_empty() && name != ".git" && name.chars().all(fits);
        let name = if plain { name } else { "project".to_owned() };
        ("local".to_owned(), name.trim_end_matches(".git").to_owned())
    };
    let name = source.address.clone().unwrap_or_else(local);
    let base_tag = base.as_ref().map(|b| b.tag.name.as_str());
    Ok(Prepared {
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

/// What else a repository without a Cargo.toml at its root is, in words.
fn not_rust(paths: &[String]) -> Option<String> {
    let there = |name: &str| paths.iter().any(|p| p == name);
    if there("Cargo.toml") {
        return None;
    }
    const KINDS: [(&str, &str); 12] = [
        ("package.json", "npm"),
        ("pyproject.toml", "Python"),
        ("setup.py", "Python"),
        ("go.mod", "Go"),
        ("mix.exs", "Elixir"),
        ("Gemfile", "Ruby"),
        ("pom.xml", "Maven"),
        ("build.gradle", "Gradle"),
        ("build.gradle.kts", "Gradle"),
        ("composer.json", "PHP"),
        ("CMakeLists.txt", "CMake"),
        ("deno.json", "Deno"),
    ];
    let kind = KINDS.iter().find(|(file, _)| there(file));
    let deeper = paths.iter().find(|p| p.ends_with("/Cargo.toml"));
    let seen = match (kind, deeper) {
        (Some((file, kind)), _) => format!("this looks like {kind} ({file})"),
        (None, Some(path)) => format!("there is no Cargo.toml at the root, though there is {path}"),
        (None, None) => "no kind that is known was recognised".to_owned(),
    };
    Some(format!(
        "only Rust is supported so far (Cargo.toml at the root): {seen}"
    ))
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

    /// The names of the made-up assets of a version.
    pub fn assets(&self, version: &str) -> Vec<String> {
        ["linux", "macos", "windows"]
            .map(|os| format!("{}-{version}-{os}.tar.gz", self.name.1))
            .to_vec()
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
