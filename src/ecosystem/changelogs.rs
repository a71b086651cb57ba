//! Which files are changelogs that get a section for the release.

use super::changelog_file::{Changelog, LeftAlone, WhyLeft};
use super::files::{Files, Wanted};
use super::package::Package;
use super::tasks::Release;
use crate::edits::changelog;

/// Names of changelogs, without what their ends say.
const NAMES: [&str; 10] = [
    "changelog",
    "changes",
    "history",
    "news",
    "release-notes",
    "release_notes",
    "releasenotes",
    "release",
    "releases",
    "change_log",
];
/// The ends of their names.
const ENDS: [&str; 7] = ["", ".md", ".rst", ".txt", ".adoc", ".markdown", ".asciidoc"];
/// Where they stand beside the packages' folders.
const FOLDERS: [&str; 7] = [
    "", "docs", "doc", "doc/en", "docs/src", "doc/src", "book/src",
];
/// As many are looked into: each costs a call.
const MOST: usize = 60;

/// What is still to be read to know them.
pub fn wanted(files: &Files, release: &Release<'_>, package: &Package) -> Option<Wanted> {
    let paths = match release.changelog {
        Some(paths) => paths.to_vec(),
        None => match files.tree() {
            None => return Some(Wanted::Tree),
            Some(tree) => candidates(tree, package),
        },
    };
    let unread: Vec<String> = paths
        .into_iter()
        .filter(|path| !files.was_read(path))
        .collect();
    (!unread.is_empty()).then_some(Wanted::Files(unread))
}

/// Those that get a section, and those that are left alone.
pub fn found(
    files: &Files,
    release: &Release<'_>,
    package: &Package,
) -> (Vec<Changelog>, Vec<LeftAlone>) {
    let written = release.changelog.is_some();
    let paths = match (release.changelog, files.tree()) {
        (Some(paths), _) => paths.to_vec(),
        (None, tree) => candidates(tree.unwrap_or_default(), package),
    };
    let tool = files
        .tree()
        .filter(|_| !written)
        .and_then(|tree| fragments(tree, release));
    let (mut kept, mut left): (Vec<Changelog>, Vec<LeftAlone>) = Default::default();
    let mut seen: Vec<&str> = Vec::new();
    for path in paths {
        let Some(text) = files.get(&path) else {
            continue;
        };
        // A link and where it leads are one file.
        if !written && seen.contains(&text) {
            continue;
        }
        seen.push(text);
        let why = why_left(text, release, written).or_else(|| tool.clone());
        match why {
            Some(why) => left.push(LeftAlone { path, why }),
            None => kept.push(Changelog {
                open: changelog::open_titles(text),
                path,
            }),
        }
    }
    (kept, left)
}

fn why_left(text: &str, release: &Release<'_>, written: bool) -> Option<WhyLeft> {
    let releases = changelog::releases(text);
    if written {
        return (!changelog::is_recognised(text)).then_some(WhyLeft::NoRelease);
    }
    let Some(newest) = releases.first() else {
        return Some(WhyLeft::NoRelease);
    };
    let last = [Some(release.version.to_owned()), before(release.version)];
    let is_kept = releases
        .iter()
        .any(|v| last.iter().flatten().any(|last| last == v));
    (!is_kept).then(|| WhyLeft::NotKept {
        newest: newest.clone(),
    })
}

/// The release before, as its number tells.
fn before(version: &str) -> Option<String> {
    let mut version = semver::Version::parse(version).ok()?;
    version.patch = version.patch.checked_sub(1)?;
    Some(version.to_string())
}

/// The files that are changelogs by their names: at the root, where documents
/// stand, and beside each manifest.
fn candidates(tree: &[String], package: &Package) -> Vec<String> {
    let beside = package.all_manifests().iter();
    let beside: Vec<&str> = beside
        .map(|path| path.rsplit_once('/').map_or("", |(f, _)| f))
        .collect();
    let is_one = |path: &&String| {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let name = name.to_ascii_lowercase();
        let named = NAMES.iter().any(|stem| {
            name.strip_prefix(stem)
                .is_some_and(|end| ENDS.contains(&end))
        });
        named && (FOLDERS.contains(&folder) || beside.contains(&folder))
    };
    let mut found: Vec<String> = tree.iter().filter(is_one).cloned().collect();
    let rank = |path: &String| (path.matches('/').count(), path.to_ascii_lowercase());
    found.sort_by_key(rank);
    found.truncate(MOST);
    found
}

/// The tool that writes the changelog from fragments, where there is one.
fn fragments(tree: &[String], release: &Release<'_>) -> Option<WhyLeft> {
    let version = semver::Version::parse(release.version).ok()?;
    let next = version.patch.saturating_add(1);
    let version = format!("{}.{}.{next}", version.major, version.minor);
    let has = |path: &str| tree.iter().any(|other| other == path);
    let below = |folder: &str| tree.iter().any(|other| other.starts_with(folder));
    let (folder, command) = if has(".changie.yaml") || has(".changie.yml") {
        (
            ".changes",
            format!("changie batch {version} && changie merge"),
        )
    } else if has(".changelog/config.toml") || below(".changelog/unreleased/") {
        (".changelog", format!("unclog release {version}"))
    } else if has("towncrier.toml") || below("newsfragments/") || below("changelog.d/") {
        let folder = if below("changelog.d/") {
            "changelog.d"
        } else {
            "newsfragments"
        };
        (folder, format!("towncrier build --version {version}"))
    } else {
        return None;
    };
    Some(WhyLeft::Fragments {
        folder: folder.to_owned(),
        command,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "# Log\n\n## Unreleased\n\n## 1.0.4 (2026-01-02)\n\n- a\n";

    fn read(all: &[(&str, &str)], manifests: &[&str]) -> (Vec<String>, Vec<LeftAlone>) {
        let release = Release {
            version: "1.0.4",
            tag: "v1.0.4",
            repo: "tool",
            changelog: None,
            ..Release::default()
        };
        let package = Package {
            manifests: manifests.iter().map(|m| (*m).to_owned()).collect(),
            ..Package::default()
        };
        let mut files = Files::default();
        while let Some(wanted) = wanted(&files, &release, &package) {
            match wanted {
                Wanted::Tree => files.put_tree(all.iter().map(|(p, _)| (*p).to_owned()).collect()),
                Wanted::Files(paths) => {
                    for path in paths {
                        let text = all.iter().find(|(other, _)| *other == path);
                        files.put(path.clone(), text.map(|(_, text)| (*text).to_owned()));
                    }
                }
            }
        }
        let (kept, left) = found(&files, &release, &package);
        (kept.into_iter().map(|log| log.path).collect(), left)
    }

    #[test]
    fn those_that_had_a_section_get_one() {
        let other = LOG.replace("- a", "- b");
        for name in [
            "CHANGELOG.md",
            "Changelog.md",
            "CHANGES",
            "RELEASES.md",
            "docs/NEWS.rst",
            "History.md",
        ] {
            assert_eq!(read(&[(name, LOG)], &["Cargo.toml"]).0, [name]);
        }
        let (kept, left) = read(
            &[
                ("CHANGELOG.md", LOG),
                ("core/CHANGELOG.md", &other),
                ("cli/CHANGELOG.md", &LOG.replace("1.0.4", "0.3.0")),
                ("vendor/CHANGELOG.md", LOG),
                ("docs/changes.md", LOG),
                ("NEWS", "The log has moved to CHANGELOG.md.\n"),
            ],
            &["core/Cargo.toml", "cli/Cargo.toml"],
        );
        assert_eq!(kept, ["CHANGELOG.md", "core/CHANGELOG.md"]);
        let why = |path: &str| left.iter().find(|l| l.path == path).map(|l| l.why.clone());
        assert_eq!(why("NEWS"), Some(WhyLeft::NoRelease));
        assert_eq!(
            why("cli/CHANGELOG.md"),
            Some(WhyLeft::NotKept {
                newest: "0.3.0".into()
            })
        );
        assert_eq!(left.len(), 2);
        let before = LOG.replace("1.0.4", "1.0.3");
        assert_eq!(read(&[("CHANGELOG.md", &before)], &[]).0, ["CHANGELOG.md"]);
        let (kept, left) = read(&[("CHANGELOG.md", LOG), (".changie.yaml", "")], &[]);
        assert!(kept.is_empty());
        assert!(
            matches!(&left[0].why, WhyLeft::Fragments { command, .. } if command.contains("1.0.5"))
        );
    }
}
