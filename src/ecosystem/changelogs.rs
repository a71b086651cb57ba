//! Which files are changelogs that get a section for the release.

use std::collections::BTreeSet;

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
            if files.is_strange(&path) {
                let why = WhyLeft::Encoding;
                left.push(LeftAlone { path, why });
            }
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
                empty: changelog::empty_titles(text),
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
    let before = release.before.first().map(String::as_str);
    let last = [Some(release.version), before];
    let is_kept = releases.iter().any(|v| last.contains(&Some(v)));
    if !is_kept {
        let newest = newest.clone();
        return Some(WhyLeft::NotKept { newest });
    }
    // A section of ours would stand among others' numbers.
    let names = changelog::packages(text);
    (!names.is_empty()).then_some(WhyLeft::Shared { names })
}

/// The files that are changelogs by their names: at the root, where documents
/// stand, and beside each manifest of what is released.
fn candidates(tree: &[String], package: &Package) -> Vec<String> {
    // The version of a package may stand at the workspace's root.
    let released = package.members.iter().filter(|member| member.released);
    let released = released.map(|member| &member.manifest);
    let beside = package.all_manifests().iter().chain(released);
    let beside: BTreeSet<&str> = beside
        .map(|path| path.rsplit_once('/').map_or("", |(f, _)| f))
        .collect();
    let is_one = |path: &&String| {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let name = name.to_ascii_lowercase();
        let named = NAMES.iter().any(|stem| {
            name.strip_prefix(stem)
                .is_some_and(|end| ENDS.contains(&end))
        });
        named && (FOLDERS.contains(&folder) || beside.contains(folder))
    };
    let mut found: Vec<String> = tree.iter().filter(is_one).cloned().collect();
    let rank = |path: &String| (path.matches('/').count(), path.to_ascii_lowercase());
    found.sort_by_key(rank);
    found.truncate(MOST);
    found
}

/// A tool that writes the changelog from fragments: what shows it (a file, or a
/// folder with a slash at its end), where they stand, what it is told.
type Tool = (&'static str, &'static str, &'static str);

/// These tools; `{version}` is the release that comes.
const TOOLS: [Tool; 13] = [
    (
        ".changie.yaml",
        ".changes",
        "changie batch {version} && changie merge",
    ),
    (
        ".changie.yml",
        ".changes",
        "changie batch {version} && changie merge",
    ),
    (".changes/config.json", ".changes", "covector version"),
    (
        ".changelog/config.toml",
        ".changelog",
        "unclog release {version}",
    ),
    (
        ".changelog/unreleased/",
        ".changelog",
        "unclog release {version}",
    ),
    (
        "changelog.d/scriv.ini",
        "changelog.d",
        "scriv collect --version {version}",
    ),
    ("towncrier.toml", "", "towncrier build --version {version}"),
    (
        "newsfragments/",
        "newsfragments",
        "towncrier build --version {version}",
    ),
    (
        "changelog.d/",
        "changelog.d",
        "towncrier build --version {version}",
    ),
    ("releasenotes/notes/", "releasenotes/notes", "reno report"),
    (
        "changelogs/unreleased/",
        "changelogs/unreleased",
        "the repository's own script for it",
    ),
    (
        "changelog_unreleased/",
        "changelog_unreleased",
        "the repository's own script for it",
    ),
    (
        "unreleased_changes/",
        "unreleased_changes",
        "the repository's own script for it",
    ),
];

/// The tool that writes the changelog from fragments, where there is one.
fn fragments(tree: &[String], release: &Release<'_>) -> Option<WhyLeft> {
    let mut version = semver::Version::parse(release.version).ok()?;
    version.patch = version.patch.saturating_add(1);
    let is_there = |sign: &str| match sign.ends_with('/') {
        true => tree.iter().any(|path| path.starts_with(sign)),
        false => tree.iter().any(|path| path == sign),
    };
    let mut shown = TOOLS.iter().filter(|(sign, ..)| is_there(sign));
    let (_, folder, command) = *shown.next()?;
    let folder = match folder {
        // It says so itself; these are the usual ones.
        "" => ["newsfragments", "changelog.d", "news", "changes"]
            .into_iter()
            .find(|folder| is_there(&format!("{folder}/")))
            .unwrap_or("fragments"),
        folder => folder,
    };
    Some(WhyLeft::Fragments {
        folder: folder.to_owned(),
        command: command.replace("{version}", &version.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::package::Member;

    const LOG: &str = "# Log\n\n## Unreleased\n\n## 1.0.4 (2026-01-02)\n\n- a\n";

    fn read(all: &[(&str, &str)], manifests: &[&str]) -> (Vec<String>, Vec<LeftAlone>) {
        let release = Release {
            version: "1.0.4",
            tag: "v1.0.4",
            repo: "tool",
            changelog: None,
            before: &["1.0.2".to_owned()],
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
        // The release before is 1.0.2: 1.0.3 was never released.
        for (newest, kept) in [("1.0.2", true), ("1.0.3", false), ("1.0.1", false)] {
            let log = LOG.replace("1.0.4", newest);
            let (found, _) = read(&[("CHANGELOG.md", &log)], &[]);
            assert_eq!(!found.is_empty(), kept, "{newest}");
        }
        let shared = format!(
            "{}{}",
            LOG.replace("1.0.4", "core 0.3.2"),
            "## core 0.3.1\n\n- a\n\n## tool 1.0.4\n\n- b\n\n## tool 1.0.3\n\n- c\n"
        );
        let (_, left) = read(&[("CHANGELOG.md", &shared)], &[]);
        assert!(matches!(&left[0].why, WhyLeft::Shared { names } if *names == ["core", "tool"]));
    }

    #[test]
    fn a_tool_that_writes_it_is_named_with_its_command() {
        for (sign, folder, command) in [
            (".changie.yaml", ".changes", "changie batch 1.0.5"),
            (".changes/config.json", ".changes", "covector version"),
            (
                ".changelog/unreleased/a.md",
                ".changelog",
                "unclog release 1.0.5",
            ),
            (
                "newsfragments/7.fix.md",
                "newsfragments",
                "towncrier build --version 1.0.5",
            ),
            (
                "changelog.d/7.md",
                "changelog.d",
                "towncrier build --version 1.0.5",
            ),
            (
                "changelog.d/scriv.ini",
                "changelog.d",
                "scriv collect --version 1.0.5",
            ),
        ] {
            let (kept, left) = read(&[("CHANGELOG.md", LOG), (sign, "")], &[]);
            assert!(kept.is_empty(), "{sign}");
            let WhyLeft::Fragments {
                folder: at,
                command: told,
            } = &left[0].why
            else {
                panic!("{left:?}");
            };
            assert_eq!(at, folder);
            assert!(told.starts_with(command), "{told}");
        }
        let both = [
            ("CHANGELOG.md", LOG),
            ("towncrier.toml", ""),
            ("news/1.md", ""),
        ];
        let (_, left) = read(&both, &[]);
        assert!(matches!(&left[0].why, WhyLeft::Fragments { folder, .. } if folder == "news"));
    }

    /// The version stands at the workspace's root, so that only the members tell
    /// where the packages are.
    #[test]
    fn of_packages_that_inherit_the_version_each_has_its_own() {
        let member = |name: &str, released| Member {
            manifest: format!("{name}/Cargo.toml"),
            released,
            ..Member::default()
        };
        let package = Package {
            manifests: vec!["Cargo.toml".into()],
            members: vec![member("lib", true), member("mock", false)],
            ..Package::default()
        };
        let tree = ["lib/CHANGELOG.md", "mock/CHANGELOG.md", "CHANGELOG.md"];
        let tree = tree.map(str::to_owned);
        assert_eq!(
            candidates(&tree, &package),
            ["CHANGELOG.md", "lib/CHANGELOG.md"]
        );
    }
}
