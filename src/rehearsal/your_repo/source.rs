//! A repository on this machine, read and never written.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::sim::clock::Millis;

/// A repository to clone.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is, as it was given.
    pub path: PathBuf,
    /// Its objects.
    pub objects: PathBuf,
    /// `owner` and `name`, and what tells them.
    pub address: Option<(String, String)>,
    /// What tells it; none: nothing does.
    pub told_by: Option<ToldBy>,
    /// The default branch's short name.
    pub branch: String,
    /// Its commit.
    pub head: String,
    /// When that was committed.
    pub committed_at: Millis,
    /// Branches as GitHub would show them: full name and commit.
    pub heads: Vec<(String, String)>,
    /// Tags on commits.
    pub tags: Vec<Tag>,
    /// Tags on anything else, full name and object: of a tree, of a blob.
    pub odd_tags: Vec<(String, String)>,
    /// Its working tree, where it has one.
    pub work_tree: Option<PathBuf>,
}

/// What tells whose a repository is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldBy {
    /// The address of its `origin`.
    Origin,
    /// `repository` in its manifests.
    Manifest,
    /// What its workflows ask for.
    Guards,
    /// Whoever began the rehearsal.
    Asked,
}

/// A tag on a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its short name.
    pub name: String,
    /// What its ref holds: a tag object or a commit.
    pub target: String,
    /// The commit.
    pub commit: String,
    /// When that was committed.
    pub at: Millis,
}

impl Source {
    /// Opens a repository, bare or with a work tree.
    ///
    /// # Errors
    /// One line: no repository, a shallow one, or one without a commit.
    pub fn open(path: &Path) -> Result<Source, String> {
        let shown = path.display();
        let git = |args: &[&str]| run(path, args);
        let absolute = [
            "rev-parse",
            "--path-format=absolute",
            "--git-path",
            "objects",
        ];
        let objects = git(&absolute).map_err(|e| format!("--repo {shown}: {e}"))?;
        if git(&["rev-parse", "--is-shallow-repository"])? == "true" {
            return Err(format!(
                "--repo {shown}: a shallow clone has no history to release from: run `git fetch --unshallow` there"
            ));
        }
        let (branch, head) = default_branch(path)
            .ok_or_else(|| format!("--repo {shown}: there is no commit on the default branch"))?;
        let committed_at = git(&["log", "-1", "--format=%ct", &head])?;
        let (tags, odd_tags) = tags(path)?;
        let whose = whose(path, &head);
        Ok(Source {
            path: path.to_owned(),
            objects: PathBuf::from(objects),
            told_by: whose.as_ref().map(|(_, by)| *by),
            address: whose.map(|(address, _)| address),
            committed_at: seconds(&committed_at),
            heads: heads(path)?,
            tags,
            odd_tags,
            work_tree: git(&["rev-parse", "--show-toplevel"])
                .ok()
                .map(PathBuf::from),
            branch,
            head,
        })
    }

    /// A file's text at a commit, to its last byte; none when it is not there, or
    /// its content is not (a partial clone).
    pub fn text(&self, commit: &str, file: &str) -> Option<String> {
        let name = format!("{commit}:{file}");
        let bytes = output(&self.path, &["cat-file", "blob", &name]).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Every path at a commit.
    pub fn paths(&self, commit: &str) -> Vec<String> {
        let list = run(&self.path, &["ls-tree", "-r", "-z", "--name-only", commit]);
        let list = list.unwrap_or_default();
        let paths = list.split('\0').filter(|p| !p.is_empty());
        paths.map(str::to_owned).collect()
    }

    /// The full commit of a name that git understands.
    pub fn commit(&self, name: &str) -> Option<String> {
        let name = format!("{name}^{{commit}}");
        run(
            &self.path,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &name,
            ],
        )
        .ok()
    }

    /// The first line of a commit's message.
    pub fn subject(&self, commit: &str) -> String {
        run(&self.path, &["log", "-1", "--format=%s", commit]).unwrap_or_default()
    }

    /// How many commits lead to `head`.
    pub fn commits(&self, head: &str) -> u64 {
        let count = run(&self.path, &["rev-list", "--count", head]);
        count.ok().and_then(|n| n.parse().ok()).unwrap_or_default()
    }
}

fn seconds(text: &str) -> Millis {
    text.trim().parse::<Millis>().unwrap_or_default() * 1_000
}

/// What a reading command says, without the line end behind it.
fn run(dir: &Path, args: &[&str]) -> Result<String, String> {
    let bytes = output(dir, args)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.trim_end_matches('\n').to_owned())
}

/// Runs a reading command: no network, no prompt, nobody's own settings.
fn output(dir: &Path, args: &[&str]) -> Result<Vec<u8>, String> {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    let output = command
        .arg("-C")
        .arg(dir)
        // A partial clone would fetch what it lacks, and write it down.
        .args(["-c", "protocol.allow=never", "--no-optional-locks"])
        .args(args)
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("git cannot be run: {e}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().next().unwrap_or("git failed");
    Err(line.trim_start_matches("fatal: ").to_owned())
}

/// Name and commit of the default branch: that of `origin`, else `HEAD`.
fn default_branch(dir: &Path) -> Option<(String, String)> {
    let commit = |name: &str| run(dir, &["rev-parse", "--verify", "--quiet", name]).ok();
    let remote = run(
        dir,
        &["symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"],
    )
    .ok();
    if let Some(name) = remote
        && let Some(branch) = name.strip_prefix("refs/remotes/origin/")
        && let Some(head) = commit(&name)
    {
        return Some((branch.to_owned(), head));
    }
    let head = commit("HEAD")?;
    let name = run(dir, &["symbolic-ref", "--quiet", "--short", "HEAD"]);
    Some((name.unwrap_or_else(|_| "main".to_owned()), head))
}

/// The branches that GitHub has, as far as this clone knows.
fn heads(dir: &Path) -> Result<Vec<(String, String)>, String> {
    let list = |below: &str| {
        run(
            dir,
            &["for-each-ref", "--format=%(refname) %(objectname)", below],
        )
    };
    let remote = list("refs/remotes/origin/")?;
    let (text, root) = if remote.is_empty() {
        (list("refs/heads/")?, "refs/heads/")
    } else {
        (remote, "refs/remotes/origin/")
    };
    let one = |line: &str| {
        let (name, sha) = line.split_once(' ')?;
        let short = name.strip_prefix(root).filter(|s| *s != "HEAD")?;
        Some((format!("refs/heads/{short}"), sha.to_owned()))
    };
    Ok(text.lines().filter_map(one).collect())
}

/// Tags on commits, and those on anything else.
type Tags = (Vec<Tag>, Vec<(String, String)>);

fn tags(dir: &Path) -> Result<Tags, String> {
    const FORMAT: &str = "--format=%(refname) %(objecttype) %(objectname) %(*objecttype) \
                          %(*objectname) %(committerdate:unix)%(*committerdate:unix)";
    let text = run(dir, &["for-each-ref", FORMAT, "refs/tags/"])?;
    let (mut on_commits, mut odd) = (Vec::new(), Vec::new());
    for line in text.lines() {
        let mut parts = line.split(' ');
        let mut next = || parts.next().unwrap_or_default();
        let (full, kind, target) = (next(), next(), next());
        let (inner, peeled, at) = (next(), next(), next());
        let commit = match (kind, inner) {
            ("commit", _) => Some(target.to_owned()),
            ("tag", "commit") => Some(peeled.to_owned()),
            // Git before 2.45 looks one tag deep.
            ("tag", "tag") => commit_behind(dir, target),
            _ => None,
        };
        match commit {
            Some(commit) => on_commits.push(Tag {
                name: full.trim_start_matches("refs/tags/").to_owned(),
                target: target.to_owned(),
                commit,
                at: seconds(at),
            }),
            None => odd.push((full.to_owned(), target.to_owned())),
        }
    }
    Ok((on_commits, odd))
}

fn commit_behind(dir: &Path, object: &str) -> Option<String> {
    let name = format!("{object}^{{commit}}");
    run(dir, &["rev-parse", "--verify", "--quiet", &name]).ok()
}

/// Whose repository it is: by its origin, which a bare copy may lack; else by its
/// manifests; else by what its workflows ask for.
fn whose(path: &Path, head: &str) -> Option<((String, String), ToldBy)> {
    let git = |args: &[&str]| run(path, args).ok();
    let grep = |what: &str, at: &[&str]| {
        let args = [&["grep", "-h", "-E", what, head, "--"], at].concat();
        git(&args).unwrap_or_default()
    };
    let origin = || address(&git(&["config", "--get", "remote.origin.url"])?);
    let manifest = || {
        let lines = grep(STATES, &["Cargo.toml", "*/Cargo.toml", "pyproject.toml"]);
        let package = git(&["cat-file", "blob", &format!("{head}:package.json")]);
        stated(&lines).or_else(|| in_package(&package?))
    };
    let guards = || {
        let folder = folder(path);
        let lines = grep(GUARDS, &[WORKFLOWS]);
        guarded(&lines).or_else(|| Some((owner(&lines)?, folder)))
    };
    let by = |by: ToldBy| move |address| (address, by);
    origin()
        .map(by(ToldBy::Origin))
        .or_else(|| manifest().map(by(ToldBy::Manifest)))
        .or_else(|| guards().map(by(ToldBy::Guards)))
}

/// The name of a repository's folder.
pub fn folder(path: &Path) -> String {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let name = name.trim_end_matches(".git");
    match is_part(name) {
        true => name.to_owned(),
        false => "project".to_owned(),
    }
}

/// Lines of manifests that say where the repository is (Cargo's `repository`; of
/// Python's `project.urls` the usual names).
const STATES: &str = "^[[:space:]]*\"?([Rr]epository|[Ss]ource|[Ss]ource [Cc]ode)\"?[[:space:]]*=";

/// The name that most of these lines state; the first of several.
fn stated(lines: &str) -> Option<(String, String)> {
    let named = |line: &str| page(line.split(['"', '\'']).find(|part| part.contains("://"))?);
    let names: Vec<(String, String)> = lines.lines().filter_map(named).collect();
    let count = |name: &(String, String)| names.iter().filter(|other| *other == name).count();
    let most = names.iter().map(count).max()?;
    names.iter().find(|name| count(name) == most).cloned()
}

/// `repository` of a `package.json` (npm, package.json: an address, an object with
/// one, or `owner/name` behind a host's short name or none).
fn in_package(text: &str) -> Option<(String, String)> {
    let package: serde_json::Value = serde_json::from_str(text).ok()?;
    let repository = package.get("repository")?;
    let url = repository.get("url").unwrap_or(repository).as_str()?;
    match url.contains("://") {
        true => page(url),
        false => {
            let short = url.rsplit(':').next()?;
            page(&format!("https://host/{short}"))
        }
    }
}

/// Owner and name of a page, however deep it is.
fn page(url: &str) -> Option<(String, String)> {
    let (_, rest) = url.split_once("://")?;
    let mut parts = rest.split(['/', '#', '?']).skip(1);
    let (owner, name) = (parts.next()?, parts.next()?.trim_end_matches(".git"));
    (is_part(owner) && is_part(name)).then(|| (owner.to_owned(), name.to_owned()))
}

fn is_part(text: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !text.is_empty() && text != "." && text != ".." && text.chars().all(part)
}

/// What a job asks for that runs in one repository alone, or for one owner.
const GUARDS: &str = "github\\.repository(_owner)? ==";
const GUARD: &str = "github.repository ==";
const OWNER: &str = "github.repository_owner ==";
const WORKFLOWS: &str = ".github/workflows";

/// The one name that these lines ask for: where the clone does not say whose it
/// is, its workflows do.
fn guarded(lines: &str) -> Option<(String, String)> {
    let name = asked(lines, GUARD)?;
    address(&format!("https://host/{name}"))
        .filter(|(owner, repo)| format!("{owner}/{repo}") == name)
}

/// The one owner that they ask for.
fn owner(lines: &str) -> Option<String> {
    asked(lines, OWNER).filter(|owner| is_part(owner))
}

/// The one value that lines ask for.
fn asked(lines: &str, guard: &str) -> Option<String> {
    let named = |line: &str| {
        let (_, after) = line.split_once(guard)?;
        let name = after.trim_start().strip_prefix('\'')?.split('\'').next()?;
        Some(name.to_owned())
    };
    let mut names: Vec<String> = lines.lines().filter_map(named).collect();
    names.sort();
    names.dedup();
    names.pop().filter(|_| names.is_empty())
}

/// Owner and name of an address such as `https://github.com/o/n.git`.
fn address(url: &str) -> Option<(String, String)> {
    let path = url.trim_end_matches('/').trim_end_matches(".git");
    let mut parts = path.rsplit(['/', ':']);
    let (name, owner) = (parts.next()?, parts.next()?);
    // A folder's path has parts too; those of an address stand behind a host.
    let far = url.contains("://") && !url.starts_with("file:") || url.contains('@');
    (far && is_part(name) && is_part(owner)).then(|| (owner.to_owned(), name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let of = |url| address(url).map(|(o, n)| format!("{o}/{n}"));
        assert_eq!(of("https://github.com/a/b.git").as_deref(), Some("a/b"));
        assert_eq!(of("git@github.com:a/b.git").as_deref(), Some("a/b"));
        assert_eq!(of("ssh://git@host/a/b/").as_deref(), Some("a/b"));
        assert_eq!(of("/home/a/b"), None);
        assert_eq!(of("../b"), None);
    }

    #[test]
    fn a_guard_names_the_repository() {
        let of = |lines: &str| guarded(lines).map(|(o, n)| format!("{o}/{n}"));
        let one = "    if: github.repository == 'a/b'";
        assert_eq!(of(one).as_deref(), Some("a/b"));
        assert_eq!(of(&format!("{one}\n{one} && x")).as_deref(), Some("a/b"));
        let two = format!("{one}\n{}", one.replace("a/b", "c/d"));
        for lines in [
            two.as_str(),
            "",
            "if: github.repository == env.X",
            "github.repository == 'a'",
        ] {
            assert_eq!(of(lines), None, "{lines}");
        }
    }

    #[test]
    fn a_guard_may_name_the_owner_alone() {
        let one = "    if: github.repository_owner == 'a' && x";
        assert_eq!(owner(one).as_deref(), Some("a"));
        let two = format!("{one}\nif: github.repository_owner == 'b'");
        for lines in [two.as_str(), "", "github.repository_owner == env.X"] {
            assert_eq!(owner(lines), None, "{lines}");
        }
    }

    #[test]
    fn manifests_state_it() {
        let of = |lines: &str| stated(lines).map(|(o, n)| format!("{o}/{n}"));
        for (lines, expected) in [
            ("repository = \"https://host/a/b\"", Some("a/b")),
            ("repository = 'https://host/a/b.git'", Some("a/b")),
            (
                "repository = \"https://host/a/b/tree/main/crates/c\" # here",
                Some("a/b"),
            ),
            ("Repository = \"https://host/a/b#readme\"", Some("a/b")),
            (
                "repository = \"https://host/x/y\"\nrepository = \"https://host/a/b\"\nrepository = \"https://host/a/b\"",
                Some("a/b"),
            ),
            ("repository.workspace = true", None),
            ("repository = \"https://host/a\"", None),
            ("", None),
        ] {
            assert_eq!(of(lines).as_deref(), expected, "{lines}");
        }
        let of = |text: &str| in_package(text).map(|(o, n)| format!("{o}/{n}"));
        for (text, expected) in [
            (r#"{"repository": "https://host/a/b"}"#, Some("a/b")),
            (
                r#"{"repository": {"url": "git+https://host/a/b.git"}}"#,
                Some("a/b"),
            ),
            (r#"{"repository": "hub:a/b"}"#, Some("a/b")),
            (r#"{"repository": "a/b"}"#, Some("a/b")),
            (r#"{"repository": 1}"#, None),
            (r#"{"name": "b"}"#, None),
            ("{", None),
        ] {
            assert_eq!(of(text).as_deref(), expected, "{text}");
        }
    }

    /// A bare copy has no origin: what says whose it is is said.
    #[test]
    fn a_copy_without_an_origin_says_whose_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let git = |args: &[&str]| run(dir.path(), args).unwrap();
        let as_somebody = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
        let commit = |path: &str, text: &str| {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
            git(&["add", "."]);
            git(&[&as_somebody[..], &["commit", "-q", "-m", "a"]].concat());
        };
        let told = || {
            let source = Source::open(dir.path()).unwrap();
            source.address.zip(source.told_by)
        };
        let is = |owner: &str, name: &str, by| Some(((owner.to_owned(), name.to_owned()), by));
        git(&["init", "-q"]);
        commit("a", "a");
        assert_eq!(told(), None);
        let guard = "on: push\njobs:\n  a:\n    if: github.repository_owner == 'g'\n";
        commit(".github/workflows/a.yml", guard);
        assert_eq!(told(), is("g", &folder(dir.path()), ToldBy::Guards));
        commit(
            ".github/workflows/b.yml",
            "if: github.repository == 'g/h'\n",
        );
        assert_eq!(told(), is("g", "h", ToldBy::Guards));
        commit(
            "c/Cargo.toml",
            "[package]\nrepository = \"https://host/m/n\"\n",
        );
        assert_eq!(told(), is("m", "n", ToldBy::Manifest));
        git(&["remote", "add", "origin", "https://host/o/p.git"]);
        assert_eq!(told(), is("o", "p", ToldBy::Origin));
    }

    #[test]
    fn no_repository_is_one_line() {
        let dir = tempfile::tempdir().unwrap();
        let error = Source::open(dir.path()).unwrap_err();
        assert!(
            error.starts_with("--repo ") && error.lines().count() == 1,
            "{error}"
        );
    }

    #[test]
    fn a_text_is_read_to_its_last_byte() {
        let dir = tempfile::tempdir().unwrap();
        let git = |args: &[&str]| run(dir.path(), args).unwrap();
        git(&["init", "-q"]);
        for text in ["a\n", "a", "a\n\n", "\n", "a\r\n", ""] {
            std::fs::write(dir.path().join("a"), text).unwrap();
            git(&["add", "a"]);
            let identity = ["-c", "user.name=a", "-c", "user.email=a@b"];
            let commit = ["commit", "-q", "--allow-empty", "-m", "a"];
            git(&[&identity[..], &commit[..]].concat());
            let source = Source::open(dir.path()).unwrap();
            let read = source.text(&source.head, "a");
            assert_eq!(read.as_deref(), Some(text), "{text:?}");
        }
    }
}
