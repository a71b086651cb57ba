//! Which files are changelogs that get a section for the release.

use std::collections::BTreeSet;

use super::changelog_file::{Changelog, LeftAlone, WhyLeft};
use super::files::{Files, Wanted};
use super::package::Package;
use super::tasks::Release;
use crate::edits::changelog;

/// Names of changelogs, without what their ends say.
const NAMES: [&str; 13] = [
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
    "versionhistory",
    "version_history",
    "version-history",
];
/// The ends of their names.
const ENDS: [&str; 7] = ["", ".md", ".rst", ".txt", ".adoc", ".markdown", ".asciidoc"];
/// Where they stand beside the packages' folders.
const FOLDERS: [&str; 13] = [
    "",
    "docs",
    "doc",
    "docs/build",
    "doc/build",
    "doc/en",
    "docs/src",
    "doc/src",
    "docs/source",
    "doc/source",
    "book/src",
    "site",
    "site/src",
];
/// As many are looked into: each costs a call.
const MOST: usize = 60;

/// What is still to be read to know them.
pub fn wanted(files: &Files, release: &Release<'_>, package: &Package) -> Option<Wanted> {
    let paths = match release.changelog {
        Some(paths) => paths.to_vec(),
        None => match files.tree() {
            None => return Some(Wanted::Tree),
            Some(tree) => {
                let logs = candidates(tree, package, release.version);
                let settings = settings(tree).filter(|_| !logs.is_empty());
                logs.into_iter().chain(settings.cloned()).collect()
            }
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
        (None, tree) => candidates(tree.unwrap_or_default(), package, release.version),
    };
    let tool = fragments(files, release).filter(|_| !written);
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
    // What has no release while another file has them takes them in by a word of its
    // own, or tells how they are made.
    let told = |left: &LeftAlone| matches!(left.why, WhyLeft::Fragments { .. });
    if !written && (!kept.is_empty() || left.iter().any(told)) {
        left.retain(|it| it.why != WhyLeft::NoRelease);
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
/// stand, and beside each manifest of what is released; and that of the release's line,
/// where each line has one in a folder of changelogs.
fn candidates(tree: &[String], package: &Package, version: &str) -> Vec<String> {
    // The version of a package may stand at the workspace's root.
    let members = package.parts().flat_map(|part| &part.members);
    let released = members.filter(|member| member.released);
    let released = released.map(|member| &member.manifest);
    let manifests = package.parts().flat_map(Package::all_manifests);
    // Where the tag is the version, that of the package holds none.
    let named = package.parts().map(|part| &part.manifest);
    let beside = manifests.chain(released).chain(named);
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
            || is_of_line(folder, &name, version)
    };
    let mut found: Vec<String> = tree.iter().filter(is_one).cloned().collect();
    let rank = |path: &String| (path.matches('/').count(), path.to_ascii_lowercase());
    found.sort_by_key(rank);
    found.truncate(MOST);
    found
}

/// Folders that hold a changelog for each line of releases.
const OF_LINES: [&str; 2] = ["changelog", "changelogs"];

/// Whether a file is the changelog of the version's line, in a folder of such:
/// `src/changelog/v0.30.md`, `CHANGELOG/CHANGELOG-1.34.md`.
fn is_of_line(folder: &str, name: &str, version: &str) -> bool {
    let folder = folder.rsplit('/').next().unwrap_or(folder);
    let mut ends = ENDS.iter().filter(|end| !end.is_empty());
    let Some(stem) = ends.find_map(|end| name.strip_suffix(end)) else {
        return false;
    };
    let bare = NAMES
        .iter()
        .find_map(|own| stem.strip_prefix(own))
        .unwrap_or(stem);
    let bare = bare.trim_start_matches(['-', '_', '.']);
    let number = bare.strip_prefix('v').unwrap_or(bare);
    let mut parts = version.split('.');
    let (major, minor) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    let lines = [major.to_owned(), format!("{major}.{minor}")];
    let is_it = |line: &String| number == *line || number.strip_suffix(".x") == Some(line);
    OF_LINES.contains(&folder.to_ascii_lowercase().as_str()) && lines.iter().any(is_it)
}

/// What shows that the changelog is written from fragments.
enum Sign {
    /// A file of this path.
    File(&'static str),
    /// This file, and a folder.
    With(&'static str, &'static str),
    /// `pyproject.toml` with this table.
    Table(&'static str),
    /// Any file below this folder.
    Below(&'static str),
    /// Files below this folder whose names begin with a number, as an issue's.
    Numbered(&'static str),
}

/// A tool that writes the changelog from fragments: what shows it, where they
/// stand (empty: it is one of the usual [folders](USUAL)), what it is told
/// (empty: a folder alone shows no tool).
type Tool = (Sign, &'static str, &'static str);

/// Where tools for Python keep their settings.
const PYPROJECT: &str = "pyproject.toml";
/// Folders that a tool's own settings may name.
const USUAL: [&str; 4] = ["newsfragments", "changelog.d", "news", "changes"];

const CHANGIE: &str = "changie batch {version} && changie merge";
const TOWNCRIER: &str = "towncrier build --version {version}";
const SCRIV: &str = "scriv collect --version {version}";

/// These tools, and then the folders alone; `{version}` is the release that comes.
const TOOLS: [Tool; 20] = [
    (Sign::File(".changie.yaml"), ".changes", CHANGIE),
    (Sign::File(".changie.yml"), ".changes", CHANGIE),
    (
        Sign::File(".changes/config.json"),
        ".changes",
        "covector version",
    ),
    (
        Sign::File(".changelog/config.toml"),
        ".changelog",
        "unclog release {version}",
    ),
    (
        Sign::With("knope.toml", ".changeset/"),
        ".changeset",
        "knope prepare-release",
    ),
    (Sign::File("changelog.d/scriv.ini"), "changelog.d", SCRIV),
    (Sign::Table("tool.scriv"), "changelog.d", SCRIV),
    (Sign::File("towncrier.toml"), "", TOWNCRIER),
    (Sign::Table("tool.towncrier"), "", TOWNCRIER),
    (
        Sign::Below("releasenotes/notes/"),
        "releasenotes/notes",
        "reno report",
    ),
    (Sign::Below(".changelog/unreleased/"), ".changelog", ""),
    (Sign::Below("newsfragments/"), "newsfragments", ""),
    (Sign::Below("changelog.d/"), "changelog.d", ""),
    (Sign::Below(".changesets/"), ".changesets", ""),
    (Sign::Below(".changeset/"), ".changeset", ""),
    (Sign::Below(".changes/"), ".changes", ""),
    (
        Sign::Below("changelogs/unreleased/"),
        "changelogs/unreleased",
        "",
    ),
    (
        Sign::Below("changelog_unreleased/"),
        "changelog_unreleased",
        "",
    ),
    (Sign::Below("unreleased_changes/"), "unreleased_changes", ""),
    (Sign::Numbered("changes/"), "changes", ""),
];

/// Changesets' settings (changesets/changesets, docs/config-file-options.md).
const CHANGESETS: &str = ".changeset/config.json";

/// Whether a path below a folder of fragments is one of a change: what is hidden, or
/// tells how they are made, is not.
fn is_pending(below: &str) -> bool {
    let name = below.rsplit('/').next().unwrap_or(below);
    let lower = name.to_ascii_lowercase();
    let stem = lower.split('.').next().unwrap_or_default();
    let about = stem == "readme" || stem == "index" || stem.contains("template");
    let of_tool = [".ini", ".toml", ".j2", ".jinja", ".jinja2"];
    let of_tool = of_tool.iter().any(|end| lower.ends_with(end));
    !(stem.is_empty() || about || of_tool)
}

/// A file that may say which tool it is, where a folder of fragments is there.
fn settings(tree: &[String]) -> Option<&String> {
    let folders = USUAL.iter().map(|folder| format!("{folder}/"));
    let mut folders = folders.filter(|folder| tree.iter().any(|path| path.starts_with(folder)));
    folders.next()?;
    tree.iter().find(|path| *path == PYPROJECT)
}

/// What writes the changelog from fragments, where something does.
fn fragments(files: &Files, release: &Release<'_>) -> Option<WhyLeft> {
    let tree = files.tree()?;
    // At a release nothing is pending, and what is pending on main is main's: the
    // section of a hotfix is written as it stands there.
    if tree.iter().any(|path| path == CHANGESETS) {
        return None;
    }
    let mut version = semver::Version::parse(release.version).ok()?;
    version.patch = version.patch.saturating_add(1);
    let below = |folder: &'static str| tree.iter().filter_map(move |it| it.strip_prefix(folder));
    let is_there = |sign: &Sign| match *sign {
        Sign::File(file) => tree.iter().any(|path| path == file),
        Sign::With(file, folder) => {
            tree.iter().any(|path| path == file) && below(folder).next().is_some()
        }
        Sign::Table(table) => {
            let text = files.get(PYPROJECT).filter(|_| settings(tree).is_some());
            let is_it = |line: &str| {
                let inner = line.trim_start_matches('[');
                let rest = inner.strip_prefix(table).filter(|_| line.starts_with('['));
                rest.is_some_and(|rest| rest.starts_with([']', '.']))
            };
            text.is_some_and(|text| text.lines().any(|line| is_it(line.trim())))
        }
        Sign::Below(folder) => below(folder).next().is_some(),
        Sign::Numbered(folder) => {
            below(folder).any(|name| name.starts_with(|c: char| c.is_ascii_digit()))
        }
    };
    let mut shown = TOOLS.iter().filter(|(sign, ..)| is_there(sign));
    let (_, folder, command) = shown.next()?;
    let folder = match *folder {
        "" => USUAL
            .into_iter()
            .find(|folder| {
                let mut files = tree.iter().filter_map(|it| it.strip_prefix(folder));
                files.any(|rest| rest.starts_with('/'))
            })
            .unwrap_or("fragments"),
        folder => folder,
    };
    // These are put into the file and deleted at a release: where none is pending,
    // the section is written as it stands there.
    let pending = |rest: &str| rest.starts_with('/') && is_pending(rest);
    if USUAL.contains(&folder) && !below(folder).any(pending) {
        return None;
    }
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
            "docs/source/history.rst",
            "History.md",
        ] {
            assert_eq!(read(&[(name, LOG)], &["Cargo.toml"]).0, [name]);
        }
        for (name, kept) in [
            ("src/changelog/v1.0.md", true),
            ("CHANGELOG/CHANGELOG-1.0.md", true),
            ("doc/changelogs/CHANGELOG_V1.md", true),
            ("changelog/1.x.md", true),
            ("changelog/1.0.4.md", false),
            ("changelog/v1.1.md", false),
            ("src/v1.0.md", false),
            ("changelog/v1.0", false),
        ] {
            let pointer = ("CHANGELOG.md", "See the folder.\n");
            let (found, left) = read(&[pointer, (name, LOG)], &["Cargo.toml"]);
            let expected: &[&str] = if kept { &[name] } else { &[] };
            assert_eq!(found, expected, "{name}");
            assert_eq!(left.is_empty(), kept, "{name}");
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
        // It leads to the others.
        assert_eq!(why("NEWS"), None);
        assert_eq!(
            why("cli/CHANGELOG.md"),
            Some(WhyLeft::NotKept {
                newest: "0.3.0".into()
            })
        );
        assert_eq!(left.len(), 1);
        let (_, left) = read(&[("NEWS", "The log is on our site.\n")], &[]);
        assert_eq!(left[0].why, WhyLeft::NoRelease);
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
        let shown = |tree: &[(&str, &str)]| {
            let all = [&[("CHANGELOG.md", LOG)], tree].concat();
            let (kept, left) = read(&all, &[]);
            match left.into_iter().map(|it| it.why).next() {
                Some(WhyLeft::Fragments { folder, command }) => Some((folder, command)),
                other => {
                    assert_eq!((kept.len(), other), (1, None), "{tree:?}");
                    None
                }
            }
        };
        let pyproject = "[project]\nname = \"a\"\n\n[tool.towncrier]\ndirectory = \"news\"\n";
        let scriv = "[tool.scriv]\n";
        let plain = "[project]\nname = \"towncrier\"\n";
        let batch = "changie batch 1.0.5 && changie merge";
        let build = "towncrier build --version 1.0.5";
        let collect = "scriv collect --version 1.0.5";
        /// Files with their texts, the tool and the folder that are told.
        type Row<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);
        let table: [Row<'_>; 25] = [
            // A tool by its settings.
            (&[(".changie.yaml", "")], ".changes", batch),
            (
                &[(".changes/config.json", "")],
                ".changes",
                "covector version",
            ),
            (
                &[(".changelog/config.toml", "")],
                ".changelog",
                "unclog release 1.0.5",
            ),
            (
                &[(".changeset/config.json", ""), (".changeset/a-b.md", "")],
                "-",
                "",
            ),
            (
                &[("knope.toml", ""), (".changeset/a-b.md", "")],
                ".changeset",
                "knope prepare-release",
            ),
            (
                &[("changelog.d/scriv.ini", ""), ("changelog.d/7.md", "")],
                "changelog.d",
                collect,
            ),
            (
                &[("pyproject.toml", scriv), ("changelog.d/7.md", "")],
                "changelog.d",
                collect,
            ),
            (&[("towncrier.toml", ""), ("news/1.md", "")], "news", build),
            (
                &[("pyproject.toml", pyproject), ("news/7.md", "")],
                "news",
                build,
            ),
            (
                &[("pyproject.toml", pyproject), ("changelog.d/7.md", "")],
                "changelog.d",
                build,
            ),
            // A folder alone.
            (&[("changelog.d/7.md", "")], "changelog.d", ""),
            (
                &[("pyproject.toml", plain), ("changelog.d/7.md", "")],
                "changelog.d",
                "",
            ),
            (&[("newsfragments/7.fix.md", "")], "newsfragments", ""),
            (&[(".changesets/fix_a.md", "")], ".changesets", ""),
            (&[(".changeset/a-b.md", "")], ".changeset", ""),
            (&[(".changes/a.md", "")], ".changes", ""),
            (&[("changes/7.fix.md", "")], "changes", ""),
            // Nothing is pending: the last release put it in.
            (
                &[
                    ("pyproject.toml", pyproject),
                    ("news/towncrier_template.rst", ""),
                    ("news/.gitignore", ""),
                    ("newsfragments/7.fix.md", ""),
                ],
                "newsfragments",
                build,
            ),
            (
                &[
                    ("pyproject.toml", pyproject),
                    ("news/towncrier_template.rst", ""),
                    ("news/.gitignore", ""),
                ],
                "-",
                "",
            ),
            (&[("changelog.d/scriv.ini", "")], "-", ""),
            (&[("changelog.d/README.md", "")], "-", ""),
            // None of these.
            (&[("pyproject.toml", pyproject)], "-", ""),
            (&[("knope.toml", "")], "-", ""),
            (&[("src/changelog.d/7.md", "")], "-", ""),
            (&[("changes/mod.rs", "")], "-", ""),
        ];
        for (tree, folder, command) in table {
            let expected = (folder.to_owned(), command.to_owned());
            let expected = Some(expected).filter(|_| folder != "-");
            assert_eq!(shown(tree), expected, "{tree:?}");
        }
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
            candidates(&tree, &package, "1.0.4"),
            ["CHANGELOG.md", "lib/CHANGELOG.md"]
        );
    }
}
