//! What ships against cargo itself, on small crates in a temporary folder: they
//! are read as a release is, and their versions are raised.

use std::path::Path;
use std::process::Command;

use crate::ecosystem::{Bump, Files, Kind, Package, Release, Wanted, bump, project, wanted};

fn cargo(dir: &Path, arguments: &[&str]) -> Result<String, String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let out = Command::new(cargo)
        .args(arguments)
        .current_dir(dir)
        .env("CARGO_TARGET_DIR", dir.join("target"))
        .output()
        .map_err(|e| e.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if out.status.success() {
        Ok(text(&out.stdout))
    } else {
        Err(text(&out.stderr))
    }
}

fn write(dir: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// The paths of all manifests below the folder.
fn tree(dir: &Path, below: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir.join(below)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => paths.extend(tree(dir, &format!("{below}{name}/"))),
            false => paths.push(format!("{below}{name}")),
        }
    }
    paths
}

/// What is released from the folder.
fn package(dir: &Path) -> Package {
    let release = Release {
        repo: "caro",
        tag: "v1.0.4",
        version: "1.0.4",
        changelog: Some(&[]),
    };
    let mut files = Files::default();
    while let Some(wanted) = wanted(Kind::Cargo, &files, &release) {
        match wanted {
            Wanted::Tree => files.put_tree(tree(dir, "")),
            Wanted::Files(paths) => {
                for path in paths {
                    let text = std::fs::read_to_string(dir.join(&path)).ok();
                    files.put(path, text);
                }
            }
        }
    }
    let project = project(Kind::Cargo, &files, &release).unwrap();
    project.published(Vec::new())
}

/// Raises the version to 1.0.5 in all places; cargo wants the lock file's.
fn raise(dir: &Path) -> Package {
    let package = package(dir);
    let read = |path| std::fs::read_to_string(dir.join(path)).unwrap();
    let texts: Vec<_> = package.places().map(|path| (path, read(path))).collect();
    let texts = texts.iter().map(|(path, text)| (*path, text.as_str()));
    let wanted = Bump {
        package: &package,
        version: "1.0.5",
        entry: "",
        date: "",
    };
    for (path, new) in bump(&texts.collect(), &wanted).unwrap() {
        if path == "Cargo.lock" {
            let stale = cargo(dir, &METADATA);
            assert!(stale.is_err(), "the lock file should be stale now");
        }
        std::fs::write(dir.join(path), new).unwrap();
    }
    package
}

const METADATA: [&str; 4] = ["metadata", "--locked", "--offline", "--format-version=1"];

/// What cargo says the package's version is, with the lock file as it stands.
fn locked_version(dir: &Path, name: &str) -> String {
    let json = cargo(dir, &METADATA).unwrap();
    let metadata: serde_json::Value = serde_json::from_str(&json).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|p| p["name"] == name).unwrap();
    package["version"].as_str().unwrap().to_owned()
}

#[test]
fn cargo_agrees_on_a_single_crate() {
    for eol in ["\n", "\r\n"] {
        let dir = tempfile::tempdir().unwrap();
        let manifest =
            "# a crate\n[package]\nname = 'caro' # mine\nversion = '1.0.4'\nedition = \"2021\"\n";
        write(
            dir.path(),
            &[
                ("Cargo.toml", &manifest.replace('\n', eol)),
                ("src/lib.rs", ""),
            ],
        );
        cargo(dir.path(), &["generate-lockfile", "--offline"]).unwrap();
        if eol == "\r\n" {
            let path = dir.path().join("Cargo.lock");
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, text.replace('\n', eol)).unwrap();
        }
        assert_eq!(locked_version(dir.path(), "caro"), "1.0.4");
        raise(dir.path());
        assert_eq!(locked_version(dir.path(), "caro"), "1.0.5");
    }
}

#[test]
fn cargo_agrees_on_a_member_of_a_workspace() {
    let dir = tempfile::tempdir().unwrap();
    write(
        dir.path(),
        &[
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"caro\", \"cli\"]\nresolver = \"2\"\n",
            ),
            (
                "caro/Cargo.toml",
                "[package]\nname = \"caro\"\nversion = \"1.0.4\"\nedition = \"2021\"\n",
            ),
            ("caro/src/lib.rs", ""),
            (
                "cli/Cargo.toml",
                "[package]\nname = \"cli\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\ncaro = { path = \"../caro\", version = \"1\" }\n",
            ),
            ("cli/src/main.rs", "fn main() {}"),
        ],
    );
    cargo(dir.path(), &["generate-lockfile", "--offline"]).unwrap();
    assert_eq!(raise(dir.path()).manifests, ["caro/Cargo.toml"]);
    assert_eq!(locked_version(dir.path(), "caro"), "1.0.5");
    assert_eq!(locked_version(dir.path(), "cli"), "0.1.0");
}

#[test]
fn cargo_agrees_on_a_workspace_that_shares_its_version() {
    let dir = tempfile::tempdir().unwrap();
    let root = "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"2\"\n[workspace.package]\nversion = \"1.0.4\"\n[workspace.dependencies]\ncore = { path = \"crates/core\", version = \"=1.0.4\", package = \"caro-core\" }\n";
    let member = |name: &str, more: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion.workspace = true\nedition = \"2021\"\n{more}"
        )
    };
    write(
        dir.path(),
        &[
            ("Cargo.toml", root),
            ("crates/core/Cargo.toml", &member("caro-core", "")),
            ("crates/core/src/lib.rs", ""),
            (
                "crates/cli/Cargo.toml",
                &member("caro", "[dependencies]\ncore.workspace = true\n"),
            ),
            ("crates/cli/src/main.rs", "fn main() {}"),
            (
                "crates/x/Cargo.toml",
                "[package]\nname = \"x\"\nversion = \"0.2.0\"\nedition = \"2021\"\n[dependencies]\ncaro-core = { path = \"../core\", version = \"1.0.4\" }\n",
            ),
            ("crates/x/src/lib.rs", ""),
        ],
    );
    cargo(dir.path(), &["generate-lockfile", "--offline"]).unwrap();
    let package = raise(dir.path());
    assert_eq!(package.manifests, ["Cargo.toml", "crates/x/Cargo.toml"]);
    assert_eq!(package.own, ["caro", "caro-core"]);
    assert_eq!(locked_version(dir.path(), "caro"), "1.0.5");
    assert_eq!(locked_version(dir.path(), "caro-core"), "1.0.5");
    assert_eq!(locked_version(dir.path(), "x"), "0.2.0");
}

#[test]
fn cargo_agrees_on_a_root_package_with_members_and_a_stale_lock() {
    let dir = tempfile::tempdir().unwrap();
    write(
        dir.path(),
        &[
            (
                "Cargo.toml",
                "[package]\nname = \"caro\"\nversion = \"1.0.4\"\nedition = \"2021\"\n[dependencies]\ncaro-core = { path = \"core\", version = \"1.0.4\" }\n[workspace]\n",
            ),
            ("src/main.rs", "fn main() {}"),
            (
                "core/Cargo.toml",
                "[package]\nname = \"caro-core\"\nversion = \"1.0.4\"\nedition = \"2021\"\n",
            ),
            ("core/src/lib.rs", ""),
        ],
    );
    cargo(dir.path(), &["generate-lockfile", "--offline"]).unwrap();
    let lock = dir.path().join("Cargo.lock");
    let stale = std::fs::read_to_string(&lock).unwrap();
    std::fs::write(&lock, stale.replacen("1.0.4", "1.0.3", 1)).unwrap();
    let package = raise(dir.path());
    assert_eq!(package.manifests, ["Cargo.toml", "core/Cargo.toml"]);
    assert_eq!(package.own, ["caro", "caro-core"]);
    assert_eq!(locked_version(dir.path(), "caro"), "1.0.5");
    assert_eq!(locked_version(dir.path(), "caro-core"), "1.0.5");
}
