//! What ships against Python's own tools, where they are on the machine:
//! `packaging`, which decides what a version is, `uv` and Poetry.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{edit, number, read};
use crate::ecosystem::by_place::{self, Places};
use crate::ecosystem::files::Texts;
use crate::ecosystem::package::{Member, Package};

const PLACES: Places = Places { read, edit };

/// Runs a tool in a folder; none where it is not there. `scripts/test` lists what
/// is left out so.
fn run(dir: &Path, program: &str, arguments: &[&str], input: &str) -> Option<(bool, String)> {
    let child = Command::new(program)
        .args(arguments)
        .current_dir(dir)
        .env("POETRY_VIRTUALENVS_CREATE", "false")
        .env("POETRY_CACHE_DIR", dir.join("cache"))
        .env("UV_CACHE_DIR", dir.join("cache"))
        .env("UV_OFFLINE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("left out: {program} is not there");
        return None;
    };
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let out = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(if out.status.success() {
        &out.stdout
    } else {
        &out.stderr
    });
    Some((out.status.success(), text.into_owned()))
}

/// Prints of each line's version the normal form, whether it is final, and its
/// rank among all; a dash where it is none.
const SCRIPT: &str = "
import sys
try:
    from packaging.version import Version, InvalidVersion
except ImportError:
    from pip._vendor.packaging.version import Version, InvalidVersion
read = []
for line in sys.stdin.read().split('\\n')[:-1]:
    try:
        read.append(Version(line))
    except InvalidVersion:
        read.append(None)
ranks = {}
last = None
for version in sorted(v for v in read if v is not None):
    if last is None or version != last:
        rank = len(ranks)
    ranks[str(version)] = ranks.get(str(version), rank)
    last = version
for version in read:
    print('-' if version is None else f'{version} {not version.is_prerelease} {ranks[str(version)]}')
";

#[test]
fn versions_are_read_and_compared_as_packaging_does() {
    let word = prop_oneof![
        "[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?[0-9]{0,2}",
        "[-_.]?(post|rev|r)[-_.]?[0-9]{0,2}",
        "-[0-9]",
        "[-_.]?dev[-_.]?[0-9]{0,2}",
        "[+][a-z0-9]{1,3}([-_.][a-z0-9]{1,3})?",
        "[x+!._-]",
    ];
    let version = (
        "[vV]?([01]!)?",
        prop::collection::vec("0?[0-9]{1,2}", 1..5),
        prop::collection::vec(word, 0..4),
    )
        .prop_map(|(before, numbers, words)| {
            format!("{before}{}{}", numbers.join("."), words.concat())
        });
    let mut runner = TestRunner::deterministic();
    let all: Vec<String> = (0..3000)
        .map(|_| version.new_tree(&mut runner).unwrap().current())
        .collect();
    let input: String = all.iter().map(|text| format!("{text}\n")).collect();
    let Some((ok, told)) = run(Path::new("."), "python3", &["-c", SCRIPT], &input) else {
        return;
    };
    if !ok {
        assert!(told.contains("No module named"), "{told}");
        println!("left out: python3 has no packaging and no pip");
        return;
    }
    let told: Vec<&str> = told.lines().collect();
    assert_eq!(told.len(), all.len());
    let mut ranked: Vec<(usize, number::Number)> = Vec::new();
    for (text, told) in all.iter().zip(&told) {
        let own = number::Number::parse(text);
        assert_eq!(own.is_none(), *told == "-", "{text}: {told}");
        let Some(own) = own else {
            continue;
        };
        let told: Vec<&str> = told.split(' ').collect();
        assert_eq!(own.to_string(), told[0], "{text}");
        assert_eq!(own.is_final().to_string(), told[1].to_lowercase(), "{text}");
        ranked.push((told[2].parse().unwrap(), own));
    }
    assert!(ranked.len() > 300, "{}", ranked.len());
    for pair in ranked.windows(2) {
        assert_eq!(
            pair[0].1.cmp(&pair[1].1),
            pair[0].0.cmp(&pair[1].0),
            "{pair:?}"
        );
    }
}

fn package(version: &str, lock: bool) -> Package {
    Package {
        name: "Pond_Tool".to_owned(),
        manifest: "pyproject.toml".to_owned(),
        manifests: vec!["pyproject.toml".to_owned()],
        lock: lock.then(|| "uv.lock".to_owned()),
        members: vec![Member {
            name: "Pond_Tool".to_owned(),
            manifest: "pyproject.toml".to_owned(),
            version: version.to_owned(),
            released: true,
            publish: true,
        }],
        ..Package::default()
    }
}

/// Raises what stands in the folder.
fn raise(dir: &Path, package: &Package, to: &str) {
    let paths: Vec<&str> = package.known_places().collect();
    let read = |path: &str| std::fs::read_to_string(dir.join(path)).unwrap();
    let texts: Vec<(&str, String)> = paths.iter().map(|path| (*path, read(path))).collect();
    let texts: Texts<'_> = texts
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    for (path, text) in by_place::raise(PLACES, &texts, package, to).unwrap().files {
        std::fs::write(dir.join(path), text).unwrap();
    }
}

#[test]
fn uv_finds_the_lock_file_up_to_date() {
    for (from, to) in [
        ("1.0.4", "1.0.5"),
        ("26.2", "26.2.1"),
        ("2024.08.30", "2024.08.31"),
        ("3.2.0.dev", "3.2.0"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let manifest = format!(
            "[project]\nname = \"Pond_Tool\"\nversion = \"{from}\"\nrequires-python = \">=3.8\"\n"
        );
        std::fs::write(dir.join("pyproject.toml"), manifest).unwrap();
        let Some((ok, told)) = run(dir, "uv", &["lock"], "") else {
            return;
        };
        assert!(ok, "{told}");
        raise(dir, &package(from, false), to);
        let (ok, _) = run(dir, "uv", &["lock", "--check"], "").unwrap();
        assert!(!ok, "the manifest alone makes the lock file stale");
        let raised = std::fs::read_to_string(dir.join("pyproject.toml")).unwrap();
        std::fs::write(dir.join("pyproject.toml"), raised.replace(to, from)).unwrap();
        raise(dir, &package(from, true), to);
        let (ok, told) = run(dir, "uv", &["lock", "--check"], "").unwrap();
        assert!(ok, "{from} {to}: {told}");
        let ours = std::fs::read_to_string(dir.join("uv.lock")).unwrap();
        run(dir, "uv", &["lock"], "").unwrap();
        assert_eq!(std::fs::read_to_string(dir.join("uv.lock")).unwrap(), ours);
    }
}

#[test]
fn poetry_needs_no_other_lock_file() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let manifest = "[tool.poetry]\nname = \"Pond_Tool\"\nversion = \"1.0.4\"\ndescription = \"\"\n\
        authors = []\n\n[tool.poetry.dependencies]\npython = \"^3.8\"\n";
    std::fs::write(dir.join("pyproject.toml"), manifest).unwrap();
    let Some((ok, told)) = run(dir, "poetry", &["lock", "--no-interaction"], "") else {
        return;
    };
    assert!(ok, "{told}");
    raise(dir, &package("1.0.4", false), "1.0.5");
    let (ok, told) = run(dir, "poetry", &["check", "--lock"], "").unwrap();
    assert!(ok || told.is_empty(), "{told}");
    let (_, told) = run(dir, "poetry", &["version", "--short"], "").unwrap();
    assert_eq!(told.trim(), "1.0.5");
}
