//! Whether a change takes tests away or switches some off, as far as its text
//! tells. Pure.

use crate::github::ops::ChangedFile;

/// What marks a test.
const MARKS: &[&str] = &[
    "#[test]",
    "::test]",
    "::test(",
    "#[rstest",
    "#[test_case",
    "@Test",
    "def test_",
    "func Test",
];

/// What switches one off.
const OFF: &[&str] = &[
    "#[ignore",
    "#[cfg(any())]",
    "#![cfg(any())]",
    "#[cfg(FALSE)]",
    "@Ignore",
    "@Disabled",
    "pytest.mark.skip",
    "unittest.skip",
    "it.skip(",
    "test.skip(",
    "describe.skip(",
    "t.Skip(",
];

/// Keys of a manifest that say which tests there are.
const KEYS: &[(&str, &[&str])] = &[
    (
        "Cargo.toml",
        &[
            "test",
            "tests",
            "autotests",
            "doctest",
            "harness",
            "required-features",
            "members",
            "default-members",
            "exclude",
            "[[test]]",
            "[workspace]",
            "[profile.test",
        ],
    ),
    (
        "package.json",
        &[
            "\"test",
            "\"pretest",
            "\"posttest",
            "\"scripts\"",
            "\"jest\"",
            "\"vitest\"",
            "\"mocha\"",
        ],
    ),
    (
        "pyproject.toml",
        &["[tool.pytest", "addopts", "testpaths", "python_files"],
    ),
    ("setup.cfg", &["[tool:pytest", "addopts", "testpaths"]),
];

/// Whether it does.
pub fn is_weaker(file: &ChangedFile) -> bool {
    let name = file.filename.rsplit('/').next().unwrap_or(&file.filename);
    let was = file.previous_filename.as_deref().unwrap_or(&file.filename);
    let is_test = is_test_path(&file.filename);
    if is_test_path(was) && (file.status == "removed" || !is_test) {
        return true;
    }
    let keys = KEYS.iter().find(|(manifest, _)| *manifest == name);
    let Some(patch) = file.patch.as_deref() else {
        // Too large to be shown, or no text.
        return keys.is_some() && file.status != "added";
    };
    let lines = |sign: char| {
        let lines = patch
            .lines()
            .filter_map(move |line| line.strip_prefix(sign));
        lines.map(str::trim_start)
    };
    if is_test && file.deletions > file.additions
        || keys.is_some_and(|(_, keys)| {
            lines('+').chain(lines('-')).any(|line| is_key(line, keys))
                || lines('-').any(is_element)
        })
    {
        return true;
    }
    let count = |sign: char, marks: &[&str]| {
        let marked = |line: &&str| marks.iter().any(|mark| line.contains(mark));
        lines(sign).filter(marked).count()
    };
    let guarded = |line: &str| is_test && line.starts_with("#![cfg(");
    count('-', MARKS) > count('+', MARKS)
        || count('+', OFF) > count('-', OFF)
        || lines('+').any(guarded)
}

/// Whether a path is a test's, or beside one.
pub fn is_test_path(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let in_folder = folders.split('/').any(|folder| {
        matches!(
            folder.to_ascii_lowercase().as_str(),
            "test" | "tests" | "spec" | "specs" | "__tests__" | "testing" | "e2e"
        )
    });
    let stem = name.split('.').next().unwrap_or(name);
    let lower = stem.to_ascii_lowercase();
    in_folder
        || matches!(lower.as_str(), "test" | "tests")
        || lower.starts_with("test_")
        || lower.ends_with("_test")
        || lower.ends_with("_tests")
        || lower.ends_with("_spec")
        || stem.ends_with("Test")
        || stem.ends_with("Tests")
        || name.contains(".test.")
        || name.contains(".spec.")
}

/// Whether a line gives one of the keys a value, or begins such a table.
fn is_key(line: &str, keys: &[&str]) -> bool {
    keys.iter().any(|key| {
        let rest = line.strip_prefix(key);
        rest.is_some_and(|rest| {
            key.starts_with(['[', '"']) || rest.trim_start().starts_with(['=', '.'])
        })
    })
}

/// Whether a line is an element of a list of texts.
fn is_element(line: &str) -> bool {
    let line = line.trim_end().trim_end_matches(',');
    line.len() > 1 && line.starts_with('"') && line.ends_with('"') && !line.contains(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(status: &str, path: &str, patch: &str) -> ChangedFile {
        let count = |sign| patch.lines().filter(|l| l.starts_with(sign)).count() as i64;
        ChangedFile {
            filename: path.into(),
            status: status.into(),
            additions: count('+'),
            deletions: count('-'),
            patch: Some(patch.into()),
            ..ChangedFile::default()
        }
    }

    #[test]
    fn tests_that_go_shrink_or_are_switched_off() {
        for (status, path, patch) in [
            ("removed", "tests/a.rs", "-#[test]"),
            ("removed", "tests/data/a.json", "-{}"),
            (
                "modified",
                "tests/a.rs",
                "-assert!(a);\n-assert!(b);\n+assert!(a);",
            ),
            (
                "modified",
                "src/a.rs",
                "-    #[test]\n-    fn a() {}\n+fn b() {}",
            ),
            (
                "modified",
                "src/a.rs",
                "-    #[tokio::test]\n-    async fn a() {}",
            ),
            (
                "modified",
                "src/a.rs",
                " #[test]\n+#[ignore = \"slow\"]\n fn a() {}",
            ),
            ("modified", "tests/a.rs", "+#![cfg(feature = \"x\")]"),
            ("modified", "Cargo.toml", "+[lib]\n+test = false"),
            ("modified", "Cargo.toml", "+autotests=false"),
            ("modified", "core/Cargo.toml", "+harness = false"),
            ("modified", "Cargo.toml", "-    \"core\",\n"),
            ("modified", "Cargo.toml", "-[[test]]\n-name = \"a\""),
            (
                "modified",
                "package.json",
                "-    \"test\": \"jest\",\n+    \"test\": \"true\",",
            ),
            ("modified", "pyproject.toml", "+addopts = \"-k nothing\""),
        ] {
            assert!(is_weaker(&change(status, path, patch)), "{path}: {patch}");
        }
        let mut moved = change("renamed", "attic/a.txt", "");
        moved.previous_filename = Some("tests/a.rs".into());
        assert!(is_weaker(&moved));
        let mut large = change("modified", "Cargo.toml", "");
        large.patch = None;
        assert!(is_weaker(&large));
        for (status, path, patch) in [
            ("added", "tests/a.rs", "+#[test]\n+fn a() {}"),
            ("modified", "tests/a.rs", "-assert!(a);\n+assert!(b);"),
            (
                "modified",
                "src/a.rs",
                "-fn a() {}\n+fn b() {}\n+#[test]\n+fn c() {}",
            ),
            ("removed", "src/a.rs", "-fn a() {}"),
            (
                "modified",
                "Cargo.toml",
                "-version = \"1.0.4\"\n+version = \"1.0.5\"",
            ),
            ("modified", "Cargo.toml", "+serde = \"1\"\n+testing = \"1\""),
            ("modified", "package.json", "+    \"left-pad\": \"1.0.0\","),
        ] {
            assert!(!is_weaker(&change(status, path, patch)), "{path}: {patch}");
        }
    }
}
