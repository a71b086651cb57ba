//! What ships against cargo itself, on small crates in a temporary folder: they
//! are read as a release is, and their versions are raised.

use std::path::Path;
use std::process::Command;

use proptest::prelude::*;

use crate::ecosystem::{
    Bump, Files, Package, Release, Repository, Wanted, bump, held, project, wanted,
};

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
        ..Release::default()
    };
    let mut files = Files::default();
    while let Some(wanted) = wanted(&files, &release) {
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
    let project = project(&files, &release).unwrap();
    project.answered(&[], &Repository::default()).0
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
        was: None,
    };
    for (path, new) in bump(&texts.collect(), &wanted).unwrap() {
        if path == "Cargo.lock" {
            let stale = cargo(dir, &METADATA);
            assert!(stale.is_err(), "the lock file should be stale now");
        }
        std::fs::write(dir.join(path), new).unwrap();
    }
    let texts: Vec<_> = package.places().map(|path| (path, read(path))).collect();
    let texts = texts.iter().map(|(path, text)| (*path, text.as_str()));
    for (path, version) in held(&texts.collect(), &package, "1.0.5").versions {
        assert_eq!(version.as_deref(), Some("1.0.5"), "{path}");
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
    // What has a version of its own takes the next one of the others.
    assert_eq!(package.manifests, ["Cargo.toml"]);
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

/// Requirements that 1.0.4 satisfies.
const REQUIREMENTS: [&str; 17] = [
    "1.0.4",
    "^1.0.4",
    "~1.0.4",
    "=1.0.4",
    "= 1.0.4",
    "1",
    "1.0",
    "1.0.*",
    "*",
    "=1.0",
    ">=1.0.4",
    ">=1.0.4, <1.0.5",
    ">= 1.0.0, <= 1.0.4",
    ">1.0.3, <2",
    ">=1.0.4,<1.0.5",
    "<1.0.5",
    "1.0.4, <1.1",
];

/// Where a dependency may be listed.
const LISTS: [&str; 6] = [
    "dependencies",
    "dev-dependencies",
    "build-dependencies",
    "dev_dependencies",
    "build_dependencies",
    "target.'cfg(unix)'.dependencies",
];

/// A dependency on `pond-core` by path, in one of the ways to write it.
fn dependency(list: &str, form: u8, path: &str, requirement: &str) -> String {
    match form {
        0 => {
            format!("[{list}]\npond-core = {{ path = \"{path}\", version = \"{requirement}\" }}\n")
        }
        1 => format!(
            "[{list}]\npond-core.version = '{requirement}' # here\npond-core.path = '{path}'\n"
        ),
        2 => {
            format!("[{list}.pond-core]\nversion = \"\"\"{requirement}\"\"\"\npath = \"{path}\"\n")
        }
        3 => format!(
            "[{list}]\nother = {{ package = 'pond-core', version = '{requirement}', path = './{path}/' }}\n"
        ),
        _ => format!(
            "{list} = {{ pond-core = {{ version = \"{requirement}\", path = \"{path}\" }} }}\n"
        ),
    }
}

/// A workspace, its root first; where the package `pond` is not at the root it
/// stands in `cli`.
fn workspace(shape: u8, wanted: &dyn Fn(&str) -> String) -> Vec<(&'static str, String)> {
    let crate_of = |name: &str, version: &str, more: &str| {
        // Dotted keys and tables may stand before it, too.
        format!("{more}[package]\nname = \"{name}\"\nedition = \"2018\"\n{version}\n")
    };
    let own = "version = \"1.0.4\"";
    let shared = "version.workspace = true";
    let core = |version| ("core/Cargo.toml", crate_of("pond-core", version, ""));
    let root = "[workspace]\nmembers = [\"c[lo]*\"]\n";
    match shape {
        0 => vec![
            (
                "Cargo.toml",
                crate_of("pond", own, &format!("{}[workspace]\n", wanted("core"))),
            ),
            core(own),
        ],
        1 => vec![
            (
                "Cargo.toml",
                format!("{root}[workspace.package]\nversion = '1.0.4'\n"),
            ),
            (
                "cli/Cargo.toml",
                crate_of("pond", shared, &wanted("../core")),
            ),
            core(shared),
        ],
        2 => vec![
            ("Cargo.toml", root.to_owned()),
            ("cli/Cargo.toml", crate_of("pond", own, &wanted("../core"))),
            core(own),
        ],
        // A root of no version beside members.
        3 => vec![
            (
                "Cargo.toml",
                format!(
                    "{}{root}[workspace.package]\nversion = '1.0.4'\n",
                    crate_of("suite-root", "version = '0.0.0'\npublish = false", "")
                ),
            ),
            (
                "cli/Cargo.toml",
                crate_of("pond", shared, &wanted("../core")),
            ),
            core(shared),
        ],
        // Another package of the name, and a workspace of its own.
        4 => vec![
            (
                "Cargo.toml",
                crate_of(
                    "pond",
                    own,
                    &format!(
                        "{}[workspace]\nexclude = ['vendor', 'fuzz']\n[dependencies.old-core]\npackage = 'pond-core'\npath = 'vendor/core'\nversion = '0.9.0'\n",
                        wanted("core")
                    ),
                ),
            ),
            core(own),
            (
                "vendor/core/Cargo.toml",
                crate_of("pond-core", "version = '0.9.0'", ""),
            ),
            (
                "fuzz/Cargo.toml",
                crate_of(
                    "pond-fuzz",
                    "version = '0.0.0'",
                    "[workspace]\n[dependencies]\npond = { path = '..', version = '=1.0.4' }\n",
                ),
            ),
        ],
        _ => vec![
            (
                "Cargo.toml",
                crate_of(
                    "pond",
                    own,
                    &format!("{}[workspace]\nmembers = ['x']\n", wanted("core")),
                ),
            ),
            core(own),
            (
                "x/Cargo.toml",
                crate_of(
                    "x",
                    "version = '0.3.0'",
                    &dependency("dependencies", 0, "../core", "=1.0.4"),
                ),
            ),
        ],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn cargo_agrees_on_every_spelling_in_every_workspace(
        requirement in prop::sample::select(&REQUIREMENTS),
        list in prop::sample::select(&LISTS),
        form in 0_u8..5,
        shape in 0_u8..6,
        lock in prop::sample::select(&["version = 4\n", "version = 3\n", ""]),
        dos in any::<bool>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let wanted = |path: &str| dependency(list, if list.contains('.') { form % 4 } else { form }, path, requirement);
        let eol = |text: &str| if dos { text.replace('\n', "\r\n") } else { text.to_owned() };
        let mut roots = vec![dir.path().to_owned()];
        for (path, text) in workspace(shape, &wanted) {
            let folder = path.trim_end_matches("Cargo.toml");
            write(dir.path(), &[(path, &eol(&text)), (&format!("{folder}src/lib.rs"), "")]);
            if path.starts_with("fuzz") {
                roots.push(dir.path().join(folder));
            }
        }
        for root in &roots {
            // What cargo does not read is nothing to raise.
            prop_assume!(cargo(root, &["generate-lockfile", "--offline"]).is_ok());
            let path = root.join("Cargo.lock");
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, eol(&text.replacen("version = 4\n", lock, 1))).unwrap();
        }
        raise(dir.path());
        for root in &roots {
            let of = |name| locked_version(root, name);
            prop_assert_eq!(of("pond"), "1.0.5");
        }
    }
}
