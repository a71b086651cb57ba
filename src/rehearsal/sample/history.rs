//! The built-in sample: `harbour/lantern`, a small program without
//! dependencies, released as v1.0.4 and with two unreleased features on main.
//!
//! Its v1.0.4 does not start where there is no settings file; that is the bug
//! of the rehearsal, and [`fix`] is what mends it.

/// The owner of the repository.
pub const OWNER: &str = "harbour";
/// The repository's name, and the package's.
pub const NAME: &str = "lantern";
/// The newest release, which has the bug.
pub const BASE: &str = "1.0.4";
/// Every release that there is, oldest first, with the days that lie between
/// it and the rehearsal.
pub const RELEASES: [(&str, i64); 5] = [
    ("1.0.0", 49),
    ("1.0.1", 42),
    ("1.0.2", 34),
    ("1.0.3", 20),
    ("1.0.4", 6),
];
/// What the reporter writes: title and text of the issue.
pub const REPORT: (&str, &str) = (
    "lantern 1.0.4 does not start",
    "Since the update to 1.0.4 `lantern 60` ends at once, on all my machines:\n\n\
     ```\nlantern: /home/me/.lantern: No such file or directory (os error 2)\n```\n\n\
     I never had a settings file. 1.0.3 works.",
);
/// The first line of the fix's message.
pub const FIX_TITLE: &str = "fix(critical): start without a settings file";
/// What stands below it.
pub const FIX_WHY: &str = "A settings file that is not there means the defaults, as before 1.0.4.";

/// A file's path and its text; `None` deletes it.
pub type File = (&'static str, Option<String>);

/// A commit of the history.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Who wrote it, by role.
    pub author: &'static str,
    /// The message.
    pub message: String,
    /// How many days before the rehearsal.
    pub days_ago: i64,
    /// What it changes.
    pub files: Vec<File>,
    /// The release that it is, as a version.
    pub release: Option<&'static str>,
}

macro_rules! text {
    ($name:literal) => {
        include_str!($name)
    };
}

const MANIFEST: &str = text!("Cargo.toml.txt");
const LOCK: &str = text!("Cargo.lock.txt");
const CHANGELOG: &str = text!("CHANGELOG.md");

/// The names of the base release's assets.
pub fn assets(version: &str) -> [String; 3] {
    [
        "x86_64-unknown-linux-gnu",
        "aarch64-apple-darwin",
        "x86_64-pc-windows-msvc",
    ]
    .map(|target| format!("{NAME}-v{version}-{target}.tar.gz"))
}

/// Whether the sample has a workflow file.
///
/// # Errors
/// In words, with those that it has.
pub fn has_workflow(file: &str) -> Result<(), String> {
    const FILES: [&str; 4] = ["ci.yml", "publish.yml", "release.yml", "bundle.yml"];
    let name = file.rsplit('/').next().unwrap_or(file);
    if FILES.contains(&name) {
        return Ok(());
    }
    Err(format!(
        "--fail {file}: the sample has {}",
        FILES.join(", ")
    ))
}

/// The history of main, oldest first.
pub fn history() -> Vec<Commit> {
    let [v0, v1, v2, v3, v4] = RELEASES;
    let commit = |author, message: &str, days_ago, files| Commit {
        author,
        message: message.to_owned(),
        days_ago,
        files,
        release: None,
    };
    vec![
        commit(
            "maintainer",
            "feat: tell how long a lamp will burn",
            v0.1,
            vec![
                file(".gitignore", "/target\n"),
                file("README.md", text!("readme_1_0_0.md")),
                file(
                    "src/lib.rs",
                    "//! Tells how long a lamp will burn.\n\npub mod burn;\n",
                ),
                file("src/burn.rs", text!("burn.rs.txt")),
                file("src/main.rs", text!("main_1_0_0.rs.txt")),
                file("tests/burn.rs", text!("burn_test.rs.txt")),
            ],
        ),
        release(v0),
        commit(
            "maintainer",
            "ci: test, publish and release",
            v1.1,
            vec![
                file(".github/workflows/ci.yml", text!("workflows/ci.yml")),
                file(
                    ".github/workflows/publish.yml",
                    text!("workflows/publish.yml"),
                ),
                file(
                    ".github/workflows/release.yml",
                    text!("workflows/release.yml"),
                ),
                file(
                    ".github/workflows/bundle.yml",
                    text!("workflows/bundle.yml"),
                ),
                file("bundle.sh", text!("bundle.sh")),
            ],
        ),
        release(v1),
        commit(
            "developer",
            "docs: name the unit",
            v2.1,
            vec![file("README.md", text!("README.md"))],
        ),
        release(v2),
        commit(
            "maintainer",
            "ci: prepare for hotfixes",
            v3.1,
            vec![file(".github/hotfix.toml", text!("hotfix.toml"))],
        ),
        release(v3),
        commit(
            "developer",
            "feat: read what the wick draws from a file",
            v4.1,
            vec![
                file("src/lib.rs", text!("lib.rs.txt")),
                file("src/settings.rs", text!("settings.rs.txt")),
                file("src/main.rs", text!("main.rs.txt")),
                file("tests/settings.rs", text!("settings_test.rs.txt")),
            ],
        ),
        release(v4),
        commit(
            "developer",
            "feat: tell how much oil a night needs",
            3,
            vec![
                file("src/burn.rs", text!("features/burn.rs.txt")),
                file("tests/oil.rs", text!("features/oil_test.rs.txt")),
            ],
        ),
        commit(
            "developer",
            "feat: share one can of oil among lamps",
            1,
            vec![
                file("src/lib.rs", text!("features/lib.rs.txt")),
                file("src/share.rs", text!("features/share.rs.txt")),
            ],
        ),
    ]
}

/// What mends the bug, with its test.
pub fn fix() -> Vec<File> {
    vec![
        file("src/settings.rs", text!("fix/settings.rs.txt")),
        file(
            "tests/missing_settings.rs",
            text!("fix/missing_settings_test.rs.txt"),
        ),
    ]
}

fn file(path: &'static str, content: &str) -> File {
    (path, Some(content.to_owned()))
}

/// The commit that makes a release.
fn release((version, days_ago): (&'static str, i64)) -> Commit {
    Commit {
        author: "maintainer",
        message: format!("chore: release {version}"),
        days_ago,
        files: vec![
            file("Cargo.toml", &MANIFEST.replace(BASE, version)),
            file("Cargo.lock", &LOCK.replace(BASE, version)),
            file("CHANGELOG.md", &changelog_at(version)),
        ],
        release: Some(version),
    }
}

/// The changelog as it was when `version` was its newest section.
fn changelog_at(version: &str) -> String {
    let mut out = String::new();
    let mut newer = false;
    for line in CHANGELOG.lines() {
        if let Some(rest) = line.strip_prefix("## [") {
            newer = !rest.starts_with("Unreleased") && is_newer(rest, version);
        }
        let link = line.starts_with('[');
        if link && is_newer(line.trim_start_matches('['), version) || !link && newer {
            continue;
        }
        let line = if line.starts_with("[Unreleased]:") {
            line.replace(BASE, version)
        } else {
            line.to_owned()
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// The files of a release that comes after these: the changelog gets a section
/// on top of the others.
pub fn released(version: &str, changelog: &str) -> [(&'static str, String); 3] {
    const OPEN: &str = "[Unreleased]: ";
    let mut out = String::new();
    for line in changelog.lines() {
        let link = line
            .strip_prefix(OPEN)
            .and_then(|it| it.strip_suffix("...HEAD"));
        match link.and_then(|it| it.rsplit_once('/')) {
            Some((compare, last)) => {
                let of = format!(
                    "{compare}/v{version}...HEAD\n[{version}]: {compare}/{last}...v{version}"
                );
                out.push_str(&format!("{OPEN}{of}\n"));
            }
            None => out.push_str(&format!("{line}\n")),
        }
        if line == "## [Unreleased]" {
            out.push_str(&format!(
                "\n## [{version}] - 2026-03-01\n\n### Added\n\n- What is new since\n"
            ));
        }
    }
    [
        ("Cargo.toml", MANIFEST.replace(BASE, version)),
        ("Cargo.lock", LOCK.replace(BASE, version)),
        ("CHANGELOG.md", out),
    ]
}

/// Whether the version that `text` begins with came after `version`.
fn is_newer(text: &str, version: &str) -> bool {
    let place = |of: &str| RELEASES.iter().position(|(v, _)| of == *v);
    let named = text.split(']').next().unwrap_or_default();
    place(named) > place(version)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;
    use std::process::Command;

    use super::*;

    type Tree = BTreeMap<&'static str, String>;

    fn tree(until: Option<&str>, more: Vec<File>) -> Tree {
        let mut tree = Tree::new();
        let mut apply = |files: Vec<File>| {
            for (path, content) in files {
                tree.insert(path, content.unwrap());
            }
        };
        for commit in history() {
            let last = commit.release.is_some() && commit.release == until;
            apply(commit.files);
            if last {
                break;
            }
        }
        apply(more);
        tree
    }

    fn cargo_test(tree: &Tree, dir: &Path) -> bool {
        for (path, content) in tree {
            let path = dir.join("src-tree").join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let output = Command::new(env!("CARGO"))
            .args(["test", "--offline", "--locked", "--quiet"])
            .current_dir(dir.join("src-tree"))
            .env("CARGO_TARGET_DIR", dir.join("target"))
            .env_remove("RUSTFLAGS")
            .output()
            .unwrap();
        if !output.status.success() {
            println!("{}", String::from_utf8_lossy(&output.stdout));
            println!("{}", String::from_utf8_lossy(&output.stderr));
        }
        output.status.success()
    }

    #[test]
    fn the_fix_mends_the_release_and_main() {
        let fix_of = |path: &str| {
            fix()
                .into_iter()
                .filter(|f| f.0 == path)
                .collect::<Vec<_>>()
        };
        let of = |until, more| {
            let dir = tempfile::tempdir().unwrap();
            cargo_test(&tree(until, more), dir.path())
        };
        assert!(of(Some("1.0.0"), vec![]), "the first release");
        assert!(of(Some(BASE), vec![]), "the base");
        assert!(
            !of(Some(BASE), fix_of("tests/missing_settings.rs")),
            "the test shows the bug"
        );
        assert!(of(Some(BASE), fix()), "the base with the fix");
        assert!(of(None, fix()), "main with the fix");
    }

    #[test]
    fn the_unreleased_features_stay_out_of_the_way() {
        let at = history()
            .iter()
            .position(|c| c.release == Some(BASE))
            .unwrap();
        let features: Vec<_> = history().drain(at + 1..).collect();
        assert_eq!(features.len(), 2);
        let touched = |path: &str| features.iter().any(|c| c.files.iter().any(|f| f.0 == path));
        for path in ["Cargo.toml", "Cargo.lock", "CHANGELOG.md"] {
            assert!(!touched(path), "{path}");
        }
        assert!(fix().iter().all(|(path, _)| !touched(path)));
    }

    #[test]
    fn the_changelog_grows_release_by_release() {
        assert_eq!(changelog_at(BASE), CHANGELOG);
        let first = changelog_at("1.0.0");
        assert!(
            first.contains("## [1.0.0]") && !first.contains("1.0.1"),
            "{first}"
        );
        assert!(first.contains("compare/v1.0.0...HEAD"), "{first}");
    }
}
