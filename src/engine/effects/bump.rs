//! The bump: one commit that raises the version in manifest, lock file and
//! changelog.

use std::collections::BTreeMap;

use semver::Version;

use super::branch::head;
use super::{Context, Found, commits, refused};
use crate::domain::event::Outcome;
use crate::domain::facts::Package;
use crate::domain::ids::Sha;
use crate::edits::changelog::{self, NewSection};
use crate::edits::{cargo_lock, cargo_manifest};
use crate::github::Error;
use crate::github::ops::{NewCommit, TreeChange, TreeEntry, TreeTarget, UpdateRef};

/// What to raise, and to which version.
#[derive(Clone, Copy, Debug)]
pub struct Bump<'a> {
    /// Where the version stands.
    pub package: &'a Package,
    /// The new version.
    pub version: &'a str,
    /// The changelog's line.
    pub entry: &'a str,
    /// Its date.
    pub date: &'a str,
}

/// Pushes the bump on top of `parent`: 7 calls without a lock file and a
/// changelog, and 1 for each of them: the head, the parent's commit and tree,
/// each file; then tree, commit and ref. The ref is moved forward only, so a
/// branch that moved meanwhile stays as it is.
pub async fn push(
    context: &Context,
    branch: &str,
    parent: &Sha,
    wanted: &Bump<'_>,
    message: &str,
) -> Result<Outcome, Error> {
    // A branch that was set back would take the commit as a fast-forward.
    match head(context, branch).await? {
        Some(head) if head == *parent => {}
        Some(head) => return Ok(moved(branch, parent, Some(&head))),
        None => return Ok(moved(branch, parent, None)),
    }
    let repo = &context.repo;
    let before = repo.git_commit(parent.as_str()).await?;
    let before = before.ok_or(Error::NotFound)?.tree.sha;
    let tree = repo.tree(&before).await?.ok_or(Error::NotFound)?;
    let mut files = BTreeMap::new();
    for path in places(wanted.package) {
        match text(context, &tree.entries, path, parent).await? {
            Ok(file) => files.insert(path, file),
            Err(words) => return Ok(refused(words)),
        };
    }
    let texts = files.iter().map(|(path, file)| (*path, file.text.as_str()));
    let edited = match edit(&texts.collect(), wanted) {
        Ok(edited) => edited,
        Err(words) => return Ok(refused(words)),
    };
    if edited.is_empty() {
        // Somebody did it by hand, all of it.
        return Ok(Outcome::Bumped {
            sha: parent.clone(),
        });
    }
    let changes: Vec<TreeChange> = edited
        .into_iter()
        .map(|(path, text)| TreeChange {
            mode: files
                .get(path)
                .map_or("100644", |file| &file.mode)
                .to_owned(),
            path: path.to_owned(),
            to: TreeTarget::Text(text),
        })
        .collect();
    let tree = repo.create_tree(&before, &changes).await?;
    let message = commits::with_trailer(message, &context.key);
    let commit = NewCommit {
        message: &message,
        tree: &tree.sha,
        parents: vec![parent.as_str()],
        // Without an author it is the App's, and GitHub signs it.
        author: None,
    };
    let commit = repo.create_commit(&commit).await?.sha;
    let name = format!("heads/{branch}");
    Ok(match repo.update_ref(&name, &commit).await? {
        UpdateRef::Updated(_) => Outcome::Bumped {
            sha: Sha::new(commit),
        },
        UpdateRef::NotFastForward => refused(format!(
            "{branch} moved on while the bump was prepared for {}",
            parent.short()
        )),
        UpdateRef::Missing => moved(branch, parent, None),
    })
}

fn moved(branch: &str, parent: &Sha, head: Option<&Sha>) -> Outcome {
    refused(match head {
        Some(head) => format!(
            "{branch} is at {}, the bump was planned for {}",
            head.short(),
            parent.short()
        ),
        None => format!("there is no branch {branch} any more"),
    })
}

/// Whether a commit since `parent` is this effect's: 1 or 2 calls.
pub async fn look(context: &Context, branch: &str, parent: &Sha) -> Result<Found, Error> {
    let Some(head) = head(context, branch).await?.filter(|head| head != parent) else {
        return Ok(Found::Not);
    };
    let since = context.repo.compare(parent.as_str(), head.as_str()).await?;
    let commits = since.map(|compare| compare.commits).unwrap_or_default();
    let is_bot = |login: &str| context.is_bot(login);
    let ours = commits
        .iter()
        .find(|commit| commits::effect(commit, is_bot) == Some(&context.key));
    Ok(match ours {
        Some(commit) => Found::Done(Outcome::Bumped {
            sha: Sha::new(commit.sha.clone()),
        }),
        None => Found::Not,
    })
}

/// A file as it stands at the parent.
struct Before {
    text: String,
    mode: String,
}

/// A file's text and mode, or in words why it cannot be edited: 1 call.
async fn text(
    context: &Context,
    tree: &[TreeEntry],
    path: &str,
    parent: &Sha,
) -> Result<Result<Before, String>, Error> {
    let at = parent.short();
    let Some(entry) = tree.iter().find(|entry| entry.path == path) else {
        return Ok(Err(format!("there is no `{path}` at {at}")));
    };
    if !entry.mode.starts_with("100") {
        return Ok(Err(format!("`{path}` at {at} is no plain file")));
    }
    let bytes = context.repo.blob(&entry.sha).await?;
    Ok(match bytes.map(String::from_utf8) {
        Some(Ok(text)) => Ok(Before {
            text,
            mode: entry.mode.clone(),
        }),
        Some(Err(_)) => Err(format!("`{path}` at {at} is no UTF-8 text")),
        None => Err(format!("`{path}` at {at} cannot be read")),
    })
}

fn places(package: &Package) -> impl Iterator<Item = &str> {
    let others = [package.lock.as_deref(), package.changelog.as_deref()];
    std::iter::once(package.manifest.as_str()).chain(others.into_iter().flatten())
}

/// The files that change, with their new text, or in words why not.
fn edit<'a>(
    files: &BTreeMap<&'a str, &str>,
    wanted: &Bump<'a>,
) -> Result<Vec<(&'a str, String)>, String> {
    let Bump {
        package,
        version,
        entry,
        date,
    } = *wanted;
    let mut edited = Vec::new();
    let mut put = |path: &'a str, old: &str, new: String| {
        if new != old {
            edited.push((path, new));
        }
    };
    let text = |path: &str| files.get(path).copied().unwrap_or_default();
    let path = package.manifest.as_str();
    let manifest = text(path);
    let wrong = |error| format!("`{path}`: {error}");
    let from = cargo_manifest::version(manifest).map_err(wrong)?;
    let new = cargo_manifest::set_version(manifest, version).map_err(wrong)?;
    put(path, manifest, new);
    if let Some(path) = package.lock.as_deref() {
        let lock = text(path);
        let wrong = |error| format!("`{path}`: {error}");
        // Where the manifest was raised by hand, it does not tell the old one.
        let from = if from == version {
            cargo_lock::version(lock, &package.name).map_err(wrong)?
        } else {
            from.clone()
        };
        let new = cargo_lock::set_version(lock, &package.name, &from, version).map_err(wrong)?;
        put(path, lock, new);
    }
    if let Some(path) = package.changelog.as_deref() {
        let log = text(path);
        if changelog::section(log, version).is_none() {
            let section = NewSection {
                version,
                base: &version_below(log, version).unwrap_or(from),
                date,
                entry,
            };
            let new = changelog::insert(log, &section);
            put(
                path,
                log,
                new.map_err(|error| format!("`{path}`: {error}"))?,
            );
        }
    }
    Ok(edited)
}

/// The version that the new section follows: the highest below it.
fn version_below(log: &str, version: &str) -> Option<String> {
    let version = Version::parse(version).ok()?;
    changelog::releases(log)
        .iter()
        .filter_map(|found| Version::parse(found).ok())
        .filter(|found| *found < version)
        .max()
        .map(|found| found.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[package]\nname = \"tool\"\nversion = \"1.0.4\"\n";
    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"tool\"\nversion = \"1.0.4\"\n";
    const LOG: &str = "# Changelog\n\n## [1.0.4] - 2026-01-01\n\n### Fixed\n\n- a\n";

    fn package() -> Package {
        Package {
            name: "tool".into(),
            manifest: "Cargo.toml".into(),
            lock: Some("Cargo.lock".into()),
            changelog: Some("CHANGELOG.md".into()),
            on_registry: true,
        }
    }

    fn bumped(manifest: &str, lock: &str, log: &str) -> Result<Vec<(String, String)>, String> {
        let package = package();
        let wanted = Bump {
            package: &package,
            version: "1.0.5",
            entry: "Critical: it hangs (#7)",
            date: "2026-01-02",
        };
        let files = [
            ("Cargo.toml", manifest),
            ("Cargo.lock", lock),
            ("CHANGELOG.md", log),
        ];
        let edited = edit(&files.into_iter().collect(), &wanted)?;
        Ok(edited.into_iter().map(|(p, t)| (p.to_owned(), t)).collect())
    }

    #[test]
    fn each_place_is_raised() {
        let edited = bumped(MANIFEST, LOCK, LOG).unwrap();
        let paths: Vec<_> = edited.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["Cargo.toml", "Cargo.lock", "CHANGELOG.md"]);
        assert!(edited[0].1.contains("1.0.5") && edited[1].1.contains("1.0.5"));
        assert!(edited[2].1.contains("## [1.0.5] - 2026-01-02"));
        let again = bumped(&edited[0].1, &edited[1].1, &edited[2].1).unwrap();
        assert!(again.is_empty(), "what is done is not done again");
    }

    #[test]
    fn what_was_raised_by_hand_stays() {
        let edited = bumped(&MANIFEST.replace("1.0.4", "1.0.5"), LOCK, LOG).unwrap();
        let paths: Vec<_> = edited.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["Cargo.lock", "CHANGELOG.md"]);
    }

    #[test]
    fn a_place_that_cannot_be_raised_is_named() {
        let other = LOCK.replace("1.0.4", "1.0.3");
        let words = bumped(MANIFEST, &other, LOG).unwrap_err();
        assert!(words.starts_with("`Cargo.lock`: "), "{words}");
        let words = bumped("[workspace]\n", LOCK, LOG).unwrap_err();
        assert!(words.starts_with("`Cargo.toml`: "), "{words}");
    }
}
