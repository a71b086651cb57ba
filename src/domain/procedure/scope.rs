//! Before the decision: whether the fix is as small as a hotfix must be.
//!
//! Counted is what people's commits touch, as it differs from the base: what the
//! bot's own bump touches is not, nor what tools make of other files. A file that
//! both touched counts whole.

use super::branch::Branched;
use super::commits::{fix, is_ours, is_pick};
use super::fix::Fixed;
use super::judge::LISTED;
use super::overrides::is_passed;
use super::step::{Case, Step};
use crate::domain::command::Overridable;
use crate::domain::ids::Sha;
use crate::domain::need::{Beyond, NeedKind, Who};
use crate::domain::objects::{File, Head};
use crate::domain::policy::OnViolation;
use crate::ecosystem::learnt::{is_generated, is_meant};

/// The fix is small enough, or a commander passes it, or it is only warned of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scoped;

/// What a fix amounts to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Files.
    pub files: u64,
    /// Lines added.
    pub additions: u64,
    /// Lines taken away.
    pub deletions: u64,
}

/// Folders of what others wrote and the repository only keeps.
const VENDORED: &[&str] = &["vendor", "vendored", "third_party", "node_modules"];

/// Folders and ends of names of what a tool writes down.
const RECORDED: &[&str] = &["__snapshots__", "snapshots"];
const MADE: &[&str] = &[
    ".lock",
    ".snap",
    "-lock.json",
    "-lock.yaml",
    "npm-shrinkwrap.json",
    "go.sum",
    ".pb.go",
    ".pb.rs",
    "_pb2.py",
];

/// Nothing goes beyond `[scope]`, or not so that it holds the release up.
pub fn scope(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> Step<Scoped> {
    let beyond = beyond(c, branched);
    let warns = c.policy.scope.on_violation == OnViolation::Warn;
    if beyond.is_empty() || warns || is_passed(c, &Overridable::Scope, &fixed.head) {
        return Step::Done(Scoped);
    }
    let head = fixed.head.clone();
    Step::wait(Who::Commander, NeedKind::Scope { head, beyond })
}

/// In what the fix goes beyond `[scope]`.
pub fn beyond(c: &Case<'_>, branched: &Branched) -> Vec<Beyond> {
    let Some(head) = &branched.head else {
        return Vec::new();
    };
    let mut beyond = Vec::new();
    let size = size(c, head);
    let most = u64::from(c.policy.scope.max_files);
    if size.files > most {
        let count = size.files;
        beyond.push(Beyond::Files { count, most });
    }
    let (count, most) = (
        size.additions + size.deletions,
        u64::from(c.policy.scope.max_lines),
    );
    if count > most {
        beyond.push(Beyond::Lines { count, most });
    }
    for commit in fix(c.line, &head.commits) {
        let kind = commit.subject.commit_type();
        let named = |it: &&String| kind.as_deref().is_some_and(|k| it.eq_ignore_ascii_case(k));
        if let Some(kind) = c.policy.scope.forbid.iter().find(named) {
            let (commit, kind) = (commit.sha, kind.clone());
            beyond.push(Beyond::Kind { commit, kind });
        }
    }
    if is_docs(c, head) {
        beyond.push(Beyond::Docs);
    }
    let paths = forbidden(c, head);
    if !paths.is_empty() {
        beyond.push(Beyond::Paths { paths });
    }
    beyond
}

/// The fix's commits that do not begin as `commit_prefix` wants it: worth a word,
/// and no more.
pub fn called_otherwise(c: &Case<'_>, branched: &Branched) -> Vec<Sha> {
    let prefix = c.policy.scope.commit_prefix.trim().to_lowercase();
    let commits = branched
        .head
        .as_ref()
        .map(|head| fix(c.line, &head.commits));
    let commits = commits.unwrap_or_default().into_iter();
    // What was picked has the words that it was merged with.
    let commits = commits.filter(|it| !is_pick(c.line, it));
    let others = commits.filter(|it| !it.subject.folded().trim_start().starts_with(&prefix));
    others.map(|commit| commit.sha).collect()
}

/// Whether people's commits change documentation alone.
fn is_docs(c: &Case<'_>, head: &Head) -> bool {
    let files = head.files.iter().filter(|file| is_by_people(c, head, file));
    let mut files = files.peekable();
    files.peek().is_some() && head.files.len() < LISTED && files.all(|it| is_text(&it.path))
}

/// Whether a file is read by people, and nothing of the program is made of it, as
/// far as its name tells.
fn is_text(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
    let in_docs = path.starts_with("docs/") || path.starts_with("doc/");
    let end = end.to_ascii_lowercase();
    TEXTS.contains(&end.as_str())
        || in_docs && (PICTURES.contains(&end.as_str()) || end == "txt")
        || end.is_empty() && matches!(stem, "LICENSE" | "COPYING" | "AUTHORS" | "README")
}

/// Ends of names of what is written for people.
const TEXTS: &[&str] = &["md", "markdown", "mdx", "rst", "adoc", "asciidoc"];
const PICTURES: &[&str] = &["png", "jpg", "jpeg", "gif", "svg", "webp"];

/// Labels of what is no bug.
const FEATURES: &[&str] = &["enhancement", "feature", "feature request", "documentation"];

/// The label by which the issue is called something else than a bug.
pub fn called_no_bug(c: &Case<'_>) -> Option<String> {
    let labels = c
        .facts
        .issue
        .get()
        .into_iter()
        .flat_map(|issue| &issue.labels);
    let plain = |label: &String| label.to_lowercase().replace(['-', '_', ':', '/'], " ");
    let is_one = |label: &&String| {
        let plain = plain(label);
        let known = |it: &&str| plain == **it || plain.ends_with(&format!(" {it}"));
        FEATURES.iter().any(known)
    };
    labels.clone().find(is_one).cloned()
}

/// The issues beside its own that the fix says to close, each with the commit.
pub fn other_issues(c: &Case<'_>, branched: &Branched) -> Vec<(Sha, u64)> {
    let head = branched.head.as_ref();
    let commits = head.map(|head| fix(c.line, &head.commits));
    let all = commits.into_iter().flatten().flat_map(|commit| {
        let sha = commit.sha.clone();
        let closes = commit.closes.clone().into_iter();
        closes.map(move |issue| (sha.clone(), issue))
    });
    all.filter(|(_, issue)| *issue != c.facts.number).collect()
}

/// What the fix amounts to.
pub fn size(c: &Case<'_>, head: &Head) -> Size {
    let files = head.files.iter();
    let counted = files.filter(|file| is_by_people(c, head, file) && !is_made(&file.path));
    counted.fold(Size::default(), |sum, file| Size {
        files: sum.files + 1,
        additions: sum.additions + file.additions,
        deletions: sum.deletions + file.deletions,
    })
}

/// What it touches although it may not; of a long list, as far as the commits
/// tell.
fn forbidden(c: &Case<'_>, head: &Head) -> Vec<String> {
    let never = &c.policy.scope.forbid_paths;
    let is_forbidden = |path: &&str| never.iter().any(|p| is_meant(p, path));
    let differ = head.files.iter().filter(|file| is_by_people(c, head, file));
    let differ = differ.flat_map(|file| file.was.iter().chain([&file.path]));
    let commits = head.commits.iter().filter(|it| !is_ours(c.line, it));
    // What a long list leaves out is in the commits.
    let more = commits.flat_map(|it| it.paths.iter());
    let all = differ.chain(more.filter(|_| head.files.len() >= LISTED));
    let mut paths: Vec<&str> = all.map(String::as_str).filter(is_forbidden).collect();
    paths.sort_unstable();
    paths.dedup();
    paths.into_iter().map(str::to_owned).collect()
}

/// Whether a person's commit touches it; where one was not read, it may.
fn is_by_people(c: &Case<'_>, head: &Head, file: &File) -> bool {
    let mut people = head.commits.iter().filter(|it| !is_ours(c.line, it));
    people.any(|it| {
        let mut paths = it.paths.iter();
        it.unread || paths.any(|path| *path == file.path || Some(path) == file.was.as_ref())
    })
}

/// Whether nobody reads it as part of a fix: tools make it, or others wrote it.
fn is_made(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let in_one = |known: &[&str]| folders.split('/').any(|folder| known.contains(&folder));
    is_generated(path)
        || in_one(VENDORED)
        || in_one(RECORDED)
        || MADE.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_documentation() {
        for path in [
            "README.md",
            "docs/guide.md",
            "docs/logo.png",
            "CONTRIBUTING.rst",
            "LICENSE",
        ] {
            assert!(is_text(path), "{path}");
        }
        for path in [
            "src/lib.rs",
            "docs/build.rs",
            "assets/logo.png",
            "data/words.txt",
            "Makefile",
            "src/README",
            "md",
        ] {
            assert_eq!(is_text(path), path == "src/README", "{path}");
        }
    }

    #[test]
    fn what_tools_make_and_others_wrote_is_not_counted() {
        for path in [
            "Cargo.lock",
            "fuzz/Cargo.lock",
            "web/package-lock.json",
            "pnpm-lock.yaml",
            "yarn.lock",
            "go.sum",
            "vendor/serde/src/lib.rs",
            "third_party/zlib/inflate.c",
            "dist/index.js",
            "assets/app.min.js",
            "tests/snapshots/cli__help.snap",
            "src/__snapshots__/app.test.js.snap",
            "api/v1/service.pb.go",
        ] {
            assert!(is_made(path), "{path}");
        }
        for path in [
            "src/lock.rs",
            "src/vendor.rs",
            "Cargo.toml",
            "src/distance.rs",
            "locks/file.rs",
            "package.json",
        ] {
            assert!(!is_made(path), "{path}");
        }
    }
}
