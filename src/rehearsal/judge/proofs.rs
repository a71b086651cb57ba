//! Every proof of a finished hotfix, until the tag.

use super::proof::{Answer, Proof, all, fact, not_applicable, word};
use super::words;
use crate::rehearsal::own::fix::Fix;
use crate::rehearsal::own::package;
use crate::rehearsal::view::{View, short};
use crate::sim::clock::Millis;
use crate::sim::world::{Issue, RefChange};

/// The head that ships, and what git says of it.
#[derive(Clone, Debug)]
pub struct Shipped {
    /// The commit.
    pub head: String,
    /// When it was pushed.
    pub at: Millis,
    /// Commits since the base beyond the bump, newest first.
    pub fixes: Vec<String>,
    /// Paths that changed since the base beyond the bump's.
    pub paths: Vec<String>,
    /// Lines added and removed in them.
    pub lines: (u64, u64),
    /// The fix: the newest commit beyond the bump, since the push that brought it.
    pub fix: Answer,
}

/// The label that began it, by somebody who may push.
pub fn labelled(view: &View<'_>, issue: &Issue) -> Answer {
    let hot = |name: &Option<String>| {
        name.as_deref()
            .is_some_and(|n| ["p0", "hotfix"].contains(&n.to_lowercase().as_str()))
    };
    let mut events = issue.events.iter();
    let event = events.find(|e| e.event == "labeled" && hot(&e.subject) && view.may_write(e.actor));
    let event = event.ok_or("no label P0 by somebody who may push")?;
    let by = view.login(event.actor);
    word(
        event.at,
        by,
        format!(
            "labelled {} by @{by}",
            event.subject.as_deref().unwrap_or("P0")
        ),
    )
}

/// An answer of the matrix: `key=` in an `assess`, or the item's own `check`.
pub fn assessed(view: &View<'_>, key: &str, values: &[&str], item: &str) -> Answer {
    let fits = |line: &str| {
        let answered = line.starts_with("/hotfix assess ")
            && line.split_whitespace().any(|part| {
                part.strip_prefix(key)
                    .and_then(|rest| rest.strip_prefix('='))
                    .is_some_and(|value| values.is_empty() || values.contains(&value))
            });
        answered || words::is_check(line, item)
    };
    words::said(view, fits, true, None).ok_or(format!("nobody answered `{key}`"))?
}

/// The branch, created at the base tag's commit.
pub fn branched(view: &View<'_>) -> Answer {
    let branch = view.branch().ok_or("there is no hotfix branch")?;
    let base = base_commit(view)?;
    let changes = view.changes(&format!("refs/heads/{branch}"));
    let made = changes.first().ok_or("the branch has no history")?;
    let at = made.after.as_deref().unwrap_or_default();
    if at != base {
        return Err(format!(
            "{branch} began at {}, not at {}",
            short(at),
            view.scene.base_tag
        ));
    }
    fact(
        made.at,
        format!(
            "{branch} created at {} ({})",
            view.scene.base_tag,
            short(&base)
        ),
    )
}

/// The commit of the base tag.
pub fn base_commit(view: &View<'_>) -> Result<String, String> {
    let tag = &view.scene.base_tag;
    let target = view.repo.git.read_ref(&format!("refs/tags/{tag}"));
    let commit = target.and_then(|sha| view.repo.git.peel(&sha));
    commit.ok_or(format!("the tag {tag} is not there"))
}

/// The branch's changes, until the tag was pushed.
pub fn until_tag<'a>(view: &View<'a>) -> Vec<&'a RefChange> {
    let Some(branch) = view.branch() else {
        return Vec::new();
    };
    let tagged = tagged_at(view).unwrap_or(Millis::MAX);
    let changes = view.changes(&format!("refs/heads/{branch}"));
    changes
        .into_iter()
        .filter(|c| c.at <= tagged && c.after.is_some())
        .collect()
}

/// When the tag was pushed.
pub fn tagged_at(view: &View<'_>) -> Option<Millis> {
    let name = format!("refs/tags/{}", view.tag()?);
    view.changes(&name)
        .iter()
        .rev()
        .find(|c| c.after.is_some())
        .map(|c| c.at)
}

/// Version and changelog of a head: since the first head that had them all.
pub fn bumped(view: &View<'_>, shipped: &Shipped) -> (Answer, Answer) {
    let Some(version) = view.version() else {
        let none: Answer = Err("no version is known".to_owned());
        return (none.clone(), none);
    };
    let scene = view.scene;
    let manifest = |sha: &str| {
        let text = text_at(view, sha, &scene.package.manifest);
        text.and_then(|t| package::version_in(&t)).as_deref() == Some(version)
    };
    let lock = |sha: &str| {
        let Some(path) = &scene.lock else {
            return true;
        };
        let text = text_at(view, sha, path);
        let found = text.and_then(|t| package::version_locked(&t, &scene.package.name));
        found.as_deref() == Some(version)
    };
    let places = [Some(&scene.package.manifest), scene.lock.as_ref()];
    let places: Vec<&str> = places.into_iter().flatten().map(String::as_str).collect();
    let missing = |path: &str| {
        let head = short(&shipped.head);
        Err(format!("{path} does not say {version} at {head}"))
    };
    let numbers = if !manifest(&shipped.head) {
        missing(&scene.package.manifest)
    } else if !lock(&shipped.head) {
        missing(scene.lock.as_deref().unwrap_or_default())
    } else {
        let at = since(view, |sha| manifest(sha) && lock(sha));
        let say = if places.len() == 1 { "says" } else { "say" };
        fact(at, format!("{} {say} {version}", places.join(" and ")))
    };
    (numbers, chronicled(view, shipped, version))
}

/// The changelog has a section of the version, where there is a changelog.
fn chronicled(view: &View<'_>, shipped: &Shipped, version: &str) -> Answer {
    let Some(path) = &view.scene.changelog else {
        return not_applicable(view.scene.started, "there is no changelog");
    };
    let section = |sha: &str| {
        let changelog = text_at(view, sha, path).unwrap_or_default();
        let mut lines = changelog.lines().peekable();
        while let Some(line) = lines.next() {
            let under = lines.peek().is_some_and(|next| is_underline(next));
            if (line.starts_with('#') || under) && names_version(line, version) {
                return true;
            }
        }
        false
    };
    if !section(&shipped.head) {
        let head = short(&shipped.head);
        return Err(format!("{path} has no section {version} at {head}"));
    }
    let at = since(view, section);
    fact(at, format!("{path} has a section {version}"))
}

/// Whether a line makes the one above it a heading.
fn is_underline(line: &str) -> bool {
    let line = line.trim_end();
    line.len() >= 2 && (line.chars().all(|c| c == '=') || line.chars().all(|c| c == '-'))
}

/// Whether a heading names a version, and not one that only begins so.
fn names_version(line: &str, version: &str) -> bool {
    line.match_indices(version).any(|(at, found)| {
        let part = |c: char| c.is_ascii_alphanumeric() || c == '.';
        let before = line.get(..at).and_then(|t| t.chars().next_back());
        let behind = line.get(at + found.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(|c| part(c) && c != 'v') && !behind.is_some_and(part)
    })
}

/// When the first of the last heads in a row was pushed for which `holds`.
fn since(view: &View<'_>, holds: impl Fn(&str) -> bool) -> Millis {
    let heads = until_tag(view);
    let fits = |c: &&&RefChange| c.after.as_deref().is_some_and(&holds);
    heads
        .iter()
        .rev()
        .take_while(fits)
        .last()
        .map_or(0, |c| c.at)
}

/// A text file of a commit.
pub fn text_at(view: &View<'_>, sha: &str, path: &str) -> Option<String> {
    view.repo
        .git
        .file_at(sha, path)
        .map(|b| String::from_utf8_lossy(&b).into_owned())
}

/// Looks at the head that ships: the branch's last one before the tag.
///
/// # Errors
/// In words, while there is none.
pub fn shipped(view: &View<'_>) -> Result<Shipped, String> {
    let base = base_commit(view)?;
    let heads = until_tag(view);
    let last = heads.last().ok_or("there is no hotfix branch")?;
    let head = last.after.clone().unwrap_or_default();
    let git = &view.repo.git;
    let scene = view.scene;
    let ours = |path: &str| {
        // In a workspace, members may name one another's versions.
        let manifest = path == scene.package.manifest
            || scene.package.in_workspace && path.ends_with("Cargo.toml");
        manifest || Some(path) == scene.lock.as_deref() || Some(path) == scene.changelog.as_deref()
    };
    let mut fixes = Vec::new();
    for sha in git
        .log(Some(&base), &head, None, 100)
        .map_err(|e| e.to_string())?
    {
        let parent = git.commit(&sha).and_then(|c| c.parents.first().cloned());
        let diff = git
            .diff(parent.as_deref(), &sha)
            .map_err(|e| e.to_string())?;
        if diff
            .iter()
            .any(|f| !ours(&f.path) && !f.path.starts_with(".github/"))
        {
            fixes.push(sha);
        }
    }
    let diff = git.diff(Some(&base), &head).map_err(|e| e.to_string())?;
    let diff: Vec<_> = diff.into_iter().filter(|f| !ours(&f.path)).collect();
    let lines = diff
        .iter()
        .fold((0, 0), |(a, d), f| (a + f.additions, d + f.deletions));
    let paths = diff.into_iter().map(|f| f.path).collect();
    let fix = fixed(view, &fixes, last.at);
    Ok(Shipped {
        head,
        at: last.at,
        fixes,
        paths,
        lines,
        fix,
    })
}

fn fixed(view: &View<'_>, fixes: &[String], pushed: Millis) -> Answer {
    let newest = fixes
        .first()
        .ok_or("the branch has no commit beyond the bump")?;
    let title = view
        .repo
        .git
        .commit(newest)
        .map(|c| c.message)
        .unwrap_or_default();
    let title = title.lines().next().unwrap_or_default().to_owned();
    // The push that brought the newest fix.
    let heads = until_tag(view);
    let brought = heads.iter().find(|c| {
        let head = c.after.as_deref().unwrap_or_default();
        view.repo.git.is_ancestor(newest, head).unwrap_or(false)
    });
    let at = brought.map_or(pushed, |c| c.at);
    fact(at, format!("{} {title}", short(newest)))
}

/// Nothing but a small fix: the document's "no scope creep", by count. A commit
/// that was asked for is as large as it is.
pub fn minimal(view: &View<'_>, shipped: &Shipped) -> Answer {
    let at = shipped.fix.as_ref().map_err(Clone::clone)?.at;
    let (added, removed) = shipped.lines;
    let files = shipped.paths.len();
    let asked_for = matches!(view.scene.story.fix, Fix::Pick { .. });
    if !asked_for && (files > 10 || added + removed > 200) {
        return Err(format!(
            "{files} files, +{added} −{removed}: more than a minimal fix"
        ));
    }
    fact(
        at,
        format!("{files} files, +{added} −{removed} beside the bump"),
    )
}

/// The fix touches a test, or a person says that there is one.
pub fn tests_added(view: &View<'_>, shipped: &Shipped) -> Answer {
    let at = shipped.fix.as_ref().map_err(Clone::clone)?.at;
    let is_test = |p: &&String| {
        p.split('/')
            .any(|part| part.to_lowercase().contains("test"))
    };
    if let Some(path) = shipped.paths.iter().find(is_test) {
        return fact(at, format!("{path} changed"));
    }
    if let Some(path) = shipped.paths.iter().find(|p| adds_test(view, shipped, p)) {
        return fact(at, format!("{path} has another test"));
    }
    let check = |line: &str| words::is_check(line, "tests-added");
    words::said(view, check, true, None).ok_or("no test was touched")?
}

/// Whether a file has more tests on the head than at the base, as Rust marks
/// them.
fn adds_test(view: &View<'_>, shipped: &Shipped, path: &str) -> bool {
    let count = |commit: &str| {
        let text = view.repo.git.file_at(commit, path).unwrap_or_default();
        let text = String::from_utf8_lossy(&text).into_owned();
        text.matches("#[test]").count() + text.matches("::test]").count()
    };
    base_commit(view).is_ok_and(|base| count(&shipped.head) > count(&base))
}

/// Every required workflow passed on the head, before the tag; for those that
/// no push of the head starts, a person says that the critical path passed.
pub fn green(view: &View<'_>, shipped: &Shipped) -> Answer {
    let tagged = tagged_at(view).unwrap_or(Millis::MAX);
    let head = short(&shipped.head);
    let mut parts = Vec::new();
    let mut absent = Vec::new();
    for file in &view.scene.roles.tests {
        if view.tests_on(file, &shipped.head).is_empty() {
            absent.push(file.as_str());
            continue;
        }
        let run = view.green(file, &shipped.head);
        let run = run.ok_or(format!("{file} has not passed on {head}"))?;
        if run.updated_at > tagged {
            return Err(format!("{file} passed on {head} only after the tag"));
        }
        let evidence = format!("{file} run {} passed on {head}", run.id);
        parts.push(fact(run.updated_at, evidence));
    }
    if parts.is_empty() || !absent.is_empty() {
        let check = |line: &str| words::is_check(line, "critical-path");
        let said = words::said(view, check, true, Some((shipped.at, tagged)));
        let why = if absent.is_empty() {
            "no workflow is required on the head".to_owned()
        } else {
            format!("{} did not run on {head}", absent.join(", "))
        };
        parts.push(said.ok_or(format!("{why}, and nobody tested it by hand"))?);
    }
    let by = parts.iter().flatten().find_map(|p| p.by.clone());
    let whole = all(&parts.iter().collect::<Vec<_>>())?;
    Ok(Proof { by, ..whole })
}

/// An approving review of the head, by somebody who may push and wrote none of
/// the fix.
pub fn approved(view: &View<'_>, shipped: &Shipped) -> Answer {
    let pull = view
        .pull()
        .and_then(|i| i.pull.as_ref())
        .ok_or("there is no pull request")?;
    let authors: Vec<String> = shipped
        .fixes
        .iter()
        .filter_map(|sha| view.repo.git.commit(sha).map(|c| c.author.name))
        .collect();
    let tagged = tagged_at(view).unwrap_or(Millis::MAX);
    let review = pull.reviews.iter().find(|r| {
        r.state == "APPROVED"
            && r.commit == shipped.head
            && r.at <= tagged
            && r.author != view.scene.bot
            && view.may_write(r.author)
            && !authors.iter().any(|a| a == view.login(r.author))
    });
    if review.is_none() && view.scene.people == 1 {
        // Single-handed, the decision is the approval.
        let decided = |line: &str| words::is_verb(line, "release");
        let said = words::said(view, decided, true, Some((shipped.at, tagged)));
        return said.ok_or(format!(
            "nobody decided to release {}",
            short(&shipped.head)
        ))?;
    }
    let review = review.ok_or(format!("no review approves {}", short(&shipped.head)))?;
    let by = view.login(review.author);
    word(
        review.at,
        by,
        format!("@{by} approved {}", short(&shipped.head)),
    )
}

/// A person tried the head by hand: said after it was pushed, before the tag.
pub fn tried(view: &View<'_>, shipped: &Shipped) -> Answer {
    let until = tagged_at(view).unwrap_or(Millis::MAX);
    if !view.scene.manual_test {
        return not_applicable(shipped.at, "the configuration asks for no manual test");
    }
    let check = |line: &str| words::is_check(line, "manual-test");
    let found = words::said(view, check, true, Some((shipped.at, until)));
    found.ok_or(format!("nobody tried {} by hand", short(&shipped.head)))?
}
