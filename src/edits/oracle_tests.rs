//! Our edits against cargo itself, on small crates in a temporary folder.

use std::path::Path;
use std::process::Command;

use super::{cargo_lock, cargo_manifest, cargo_workspace};

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

fn bump(dir: &Path, manifest: &str, name: &str) {
    let path = dir.join(manifest);
    let text = std::fs::read_to_string(&path).unwrap();
    let from = cargo_manifest::version(&text).unwrap();
    std::fs::write(&path, cargo_manifest::set_version(&text, "1.0.5").unwrap()).unwrap();
    let stale = cargo(
        dir,
        &["metadata", "--locked", "--offline", "--format-version=1"],
    );
    assert!(stale.is_err(), "the lock file should be stale now");
    let path = dir.join("Cargo.lock");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = cargo_lock::set_version(&text, name, &from, "1.0.5").unwrap();
    std::fs::write(&path, text).unwrap();
}

/// What cargo says the package's version is, with the lock file as it stands.
fn locked_version(dir: &Path, name: &str) -> String {
    let json = cargo(
        dir,
        &["metadata", "--locked", "--offline", "--format-version=1"],
    )
    .unwrap();
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
        bump(dir.path(), "Cargo.toml", "caro");
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
    bump(dir.path(), "caro/Cargo.toml", "caro");
    assert_eq!(locked_version(dir.path(), "caro"), "1.0.5");
    assert_eq!(locked_version(dir.path(), "cli"), "0.1.0");
}

/// Raises a workspace as a bump does: every manifest, then the lock entries.
fn bump_together(dir: &Path, manifests: &[&str], own: &[&str], workspace: bool) {
    let own: Vec<String> = own.iter().map(|name| (*name).to_owned()).collect();
    let together = cargo_workspace::Together {
        own: &own,
        workspace,
    };
    for path in manifests {
        let path = dir.join(path);
        let text = std::fs::read_to_string(&path).unwrap();
        let new = cargo_workspace::raise(&text, together, "1.0.4", "1.0.5").unwrap();
        assert_ne!(new, text, "{path:?}");
        std::fs::write(&path, new).unwrap();
    }
    let path = dir.join("Cargo.lock");
    let mut text = std::fs::read_to_string(&path).unwrap();
    for name in &own {
        let found = cargo_lock::version(&text, name).unwrap();
        text = cargo_lock::set_version(&text, name, &found, "1.0.5").unwrap();
    }
    std::fs::write(&path, text).unwrap();
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
    bump_together(
        dir.path(),
        &["Cargo.toml", "crates/x/Cargo.toml"],
        &["caro", "caro-core"],
        true,
    );
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
    bump_together(
        dir.path(),
        &["Cargo.toml", "core/Cargo.toml"],
        &["caro", "caro-core"],
        false,
    );
    assert_eq!(locked_version(dir.path(), "caro"), "1.0.5");
    assert_eq!(locked_version(dir.path(), "caro-core"), "1.0.5");
}
