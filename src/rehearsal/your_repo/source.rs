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
    /// `owner` and `name`, by the address of `origin` where there is one.
    pub address: Option<(String, String)>,
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
        Ok(Source {
            path: path.to_owned(),
            objects: PathBuf::from(objects),
            address: git(&["config", "--get", "remote.origin.url"])
                .ok()
                .and_then(|url| address(&url))
                .or_else(|| guarded(&git(&["grep", "-h", GUARD, &head, "--", WORKFLOWS]).ok()?)),
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

/// What a job asks for that runs in one repository alone.
const GUARD: &str = "github.repository ==";
const WORKFLOWS: &str = ".github/workflows";

/// The one name that these lines ask for: where the clone does not say whose it
/// is, its workflows do.
fn guarded(lines: &str) -> Option<(String, String)> {
    let named = |line: &str| {
        let (_, after) = line.split_once(GUARD)?;
        let name = after.trim_start().strip_prefix('\'')?.split('\'').next()?;
        address(&format!("https://host/{name}"))
            .filter(|(owner, repo)| format!("{owner}/{repo}") == name)
    };
    let mut names: Vec<(String, String)> = lines.lines().filter_map(named).collect();
    names.dedup();
    names.pop().filter(|_| names.is_empty())
}

/// Owner and name of an address such as `https://github.com/o/n.git`.
fn address(url: &str) -> Option<(String, String)> {
    let path = url.trim_end_matches('/').trim_end_matches(".git");
    let mut parts = path.rsplit(['/', ':']);
    let (name, owner) = (parts.next()?, parts.next()?);
    let fits = |text: &str| {
        let part = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        !text.is_empty() && text != "." && text != ".." && text.chars().all(part)
    };
    // A folder's path has parts too; those of an address stand behind a host.
    let far = url.contains("://") && !url.starts_with("file:") || url.contains('@');
    (far && fits(name) && fits(owner)).then(|| (owner.to_owned(), name.to_owned()))
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
