//! Every proof of a finished hotfix, until the tag.

use super::proof::{Answer, all, fact, word};
use super::words;
use crate::cli::rehearse::view::{View, short};
use crate::sim::clock::Millis;
use crate::sim::world::{Issue, RefChange};

/// Paths that the bump may touch.
const BUMP: [&str; 3] = ["Cargo.toml", "Cargo.lock", "CHANGELOG.md"];

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
    let manifest = |sha: &str| manifest_version(view, sha).as_deref() == Some(version);
    let lock = |sha: &str| locked_version(view, sha).as_deref() == Some(version);
    let section = |sha: &str| {
        let changelog = text_at(view, sha, "CHANGELOG.md").unwrap_or_default();
        changelog
            .lines()
            .any(|l| l.starts_with("## ") && l.contains(version))
    };
    let numbers = if !manifest(&shipped.head) {
        Err(format!(
            "Cargo.toml does not say {version} at {}",
            short(&shipped.head)
        ))
    } else if !lock(&shipped.head) {
        Err(format!(
            "Cargo.lock does not say {version} at {}",
            short(&shipped.head)
        ))
    } else {
        let at = since(view, |sha| manifest(sha) && lock(sha));
        fact(at, format!("Cargo.toml and Cargo.lock say {version}"))
    };
    let changelog = if section(&shipped.head) {
        fact(
            since(view, section),
            format!("CHANGELOG.md has a section {version}"),
        )
    } else {
        Err(format!(
            "CHANGELOG.md has no section {version} at {}",
            short(&shipped.head)
        ))
    };
    (numbers, changelog)
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

fn manifest_version(view: &View<'_>, sha: &str) -> Option<String> {
    let table: toml::Table = toml::from_str(&text_at(view, sha, "Cargo.toml")?).ok()?;
    Some(table.get("package")?.get("version")?.as_str()?.to_owned())
}

fn locked_version(view: &View<'_>, sha: &str) -> Option<String> {
    let table: toml::Table = toml::from_str(&text_at(view, sha, "Cargo.lock")?).ok()?;
    let packages = table.get("package")?.as_array()?;
    let named = |p: &&toml::Value| {
        p.get("name").and_then(toml::Value::as_str) == Some(view.scene.package.as_str())
    };
    Some(
        packages
            .iter()
            .find(named)?
            .get("version")?
            .as_str()?
            .to_owned(),
    )
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
    let ours = |path: &str| BUMP.contains(&path);
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

/// Nothing but a small fix: the document's "no scope creep", by count.
pub fn minimal(shipped: &Shipped) -> Answer {
    let at = shipped.fix.as_ref().map_err(Clone::clone)?.at;
    let (added, removed) = shipped.lines;
    let files = shipped.paths.len();
    if files > 10 || added + removed > 200 {
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
    let check = |line: &str| words::is_check(line, "tests-added");
    words::said(view, check, true, None).ok_or("no test was touched")?
}

/// Every required workflow passed on the head, before the tag.
pub fn green(view: &View<'_>, shipped: &Shipped) -> Answer {
    let mut parts = Vec::new();
    for file in &view.scene.tests {
        let run = view.green(file, &shipped.head);
        let run = run.ok_or(format!("{file} has not passed on {}", short(&shipped.head)))?;
        if tagged_at(view).is_some_and(|tagged| run.updated_at > tagged) {
            return Err(format!(
                "{file} passed on {} only after the tag",
                short(&shipped.head)
            ));
        }
        let evidence = format!("{file} run {} passed on {}", run.id, short(&shipped.head));
        parts.push(fact(run.updated_at, evidence));
    }
    if parts.is_empty() {
        return Err("no workflow is required on the head".to_owned());
    }
    all(&parts.iter().collect::<Vec<_>>())
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
    let check = |line: &str| words::is_check(line, "manual-test");
    let found = words::said(view, check, true, Some((shipped.at, until)));
    found.ok_or(format!("nobody tried {} by hand", short(&shipped.head)))?
}
