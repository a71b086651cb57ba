//! The head that ships, and what its commits hold.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::proof::{Answer, fact};
use crate::rehearsal::view::{View, short};
use crate::sim::clock::Millis;
use crate::sim::world::RefChange;

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
    /// Whether the commits of a default branch have the fix's patches, as far as
    /// that was looked for: where it has moved on, git takes its time.
    pub on: Arc<Mutex<BTreeMap<String, bool>>>,
}

/// What is missing while there is no branch at a release.
pub const NO_BASE: &str = "there is no hotfix branch that began at a release";

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
    let product = view.product().ok_or(NO_BASE)?;
    let ours = |path: &str| {
        // In a workspace, members may name one another's versions.
        let manifest = path == product.package.manifest
            || product.package.in_workspace && path.ends_with("Cargo.toml")
            || path.ends_with("package.json") && product.package.manifest.ends_with("package.json");
        let file = Some(path);
        let name = |path: &str| path.rsplit('/').next().map(str::to_owned);
        let log = product.changelog.as_deref().and_then(name);
        // Each of its members may keep a log of its own.
        let log_of_member = product.package.in_workspace && log.is_some() && name(path) == log;
        manifest
            || log_of_member
            || file == product.lock.as_deref()
            || file == product.changelog.as_deref()
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
    let renumbered = |path: &str| {
        let [before, after] = [&base, &head].map(|at| text_at(view, at, path));
        before
            .zip(after)
            .is_some_and(|(a, b)| is_renumbered(&a, &b))
    };
    let counts = |path: &str| !ours(path) && !renumbered(path);
    let diff: Vec<_> = diff.into_iter().filter(|f| counts(&f.path)).collect();
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
        on: Arc::default(),
    })
}

/// Whether nothing but numbers differs between two texts: the version, and dates
/// beside it.
fn is_renumbered(before: &str, after: &str) -> bool {
    let bare = |line: &str| -> String {
        let is_word = |c: &char| !c.is_ascii_digit() && !matches!(c, '.' | '-');
        line.chars().filter(is_word).collect()
    };
    before.lines().count() == after.lines().count()
        && before
            .lines()
            .zip(after.lines())
            .all(|(a, b)| a == b || bare(a) == bare(b))
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

/// The commit of the base tag.
pub fn base_commit(view: &View<'_>) -> Result<String, String> {
    let tag = &view.product().ok_or(NO_BASE)?.base_tag;
    let commit = view.repo.tag_commit(tag);
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

/// A text file of a commit.
pub fn text_at(view: &View<'_>, sha: &str, path: &str) -> Option<String> {
    view.repo
        .git
        .file_at(sha, path)
        .map(|b| String::from_utf8_lossy(&b).into_owned())
}

#[cfg(test)]
mod tests {
    use super::is_renumbered;

    #[test]
    fn a_number_alone_is_no_fix() {
        for (before, after, same) in [
            ("v = \"1.0.4\"\nx", "v = \"1.0.5\"\nx", true),
            ("released: 2024-01-09", "released: 2024-02-10", true),
            ("v = \"1.0.4\"", "w = \"1.0.5\"", false),
            ("a", "a\nb", false),
        ] {
            assert_eq!(is_renumbered(before, after), same, "{after}");
        }
    }
}
