//! Against git and cargo: crates and workspaces, as the hotfix and main have
//! them; cargo says whether the result stands.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use crate::ecosystem::{self, Bump, Package, Port};
use crate::edits::changelog;
use crate::edits::forward_port::testing::{LABELS, Tree, tree, write};
use crate::edits::forward_port::{Ported, Sides, testing};

const LOG: &str = "# Changelog\n\n## [Unreleased]\n\n## [1.0.4] - 2026-01-01\n\n### Fixed\n\n- a\n\n## [1.0.3] - 2025-12-01\n\n### Fixed\n\n- z\n\n[Unreleased]: https://e.org/o/r/compare/v1.0.4...HEAD\n[1.0.4]: https://e.org/o/r/compare/v1.0.3...v1.0.4\n[1.0.3]: https://e.org/o/r/releases/tag/v1.0.3\n";

fn lock(tree: &mut Tree) {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), tree);
    cargo(dir.path(), &["generate-lockfile", "--offline"]);
    let lock = std::fs::read(dir.path().join("Cargo.lock")).unwrap();
    tree.insert("Cargo.lock".into(), lock);
}

fn cargo(dir: &Path, arguments: &[&str]) -> String {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let out = Command::new(cargo)
        .args(arguments)
        .current_dir(dir)
        .env("CARGO_TARGET_DIR", dir.join("target"))
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout).unwrap()
}

/// The versions of the repository's packages, where cargo takes the lock file
/// as it is.
fn locked(tree: &Tree) -> BTreeMap<String, String> {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), tree);
    let json = cargo(
        dir.path(),
        &["metadata", "--locked", "--offline", "--format-version=1"],
    );
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let packages = json["packages"].as_array().unwrap().iter();
    let string = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    packages
        .map(|p| (string(&p["name"]), string(&p["version"])))
        .collect()
}

fn edit(tree: &mut Tree, path: &str, from: &str, to: &str) {
    let text = said(tree, path);
    assert!(text.contains(from), "{from:?} in {path}: {text}");
    tree.insert(path.into(), text.replacen(from, to, 1).into_bytes());
}

fn said(tree: &Tree, path: &str) -> String {
    String::from_utf8(tree[path].clone()).unwrap()
}

/// Raises the version everywhere, by the bump that ships.
fn bump(tree: &mut Tree, package: &Package, to: &str) {
    let all: Vec<_> = package
        .places()
        .map(|path| (path, said(tree, path)))
        .collect();
    let texts = all.iter().map(|(path, text)| (*path, text.as_str()));
    let wanted = Bump {
        package,
        version: to,
        entry: &format!("Entry of {to} (#7)"),
        date: "2026-03-04",
        was: None,
    };
    for (path, new) in ecosystem::bump(&texts.collect(), &wanted).unwrap() {
        tree.insert(path, new.into_bytes());
    }
}

/// Carries 1.0.5 over.
fn carry(package: &Package) -> impl Fn(&[Sides<'_>]) -> Ported {
    move |files| {
        let wanted = Port {
            package,
            base_version: "1.0.4",
            version: "1.0.5",
            labels: LABELS,
        };
        ecosystem::port(files, &wanted)
    }
}

/// By git and by the rules.
#[track_caller]
fn both(
    base: &Tree,
    hotfix: &Tree,
    main: &Tree,
    package: &Package,
) -> (Tree, Ported, BTreeSet<String>) {
    let ruled =
        |path: &str| path.ends_with("Cargo.toml") || package.places().any(|place| place == path);
    testing::both(base, hotfix, main, ruled, carry(package))
}

fn by_rules(base: &Tree, hotfix: &Tree, main: &Tree, package: &Package) -> (Tree, Ported) {
    testing::by_rules(base, hotfix, main, carry(package))
}

/// The package whose version stands in these manifests.
fn package(own: &[&str], manifests: &[&str]) -> Package {
    let strings = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
    Package {
        name: own[0].to_owned(),
        manifest: manifests[0].to_owned(),
        manifests: strings(manifests),
        own: strings(own),
        lock: Some("Cargo.lock".to_owned()),
        ..Package::default()
    }
}

/// One crate, and the same one as the hotfix has it: with a fix that needs
/// another crate.
fn single() -> (Tree, Tree) {
    let mut base = tree(&[
        (
            "Cargo.toml",
            "[package]\nname = \"caro\"\nversion = \"1.0.4\"\nedition = \"2021\"\n\n[dependencies]\nbeta = { path = \"beta\" }\n",
        ),
        ("src/lib.rs", "pub fn a() {}\n\n\n\npub fn b() {}\n"),
        ("CHANGELOG.md", LOG),
    ]);
    for name in ["beta", "alpha", "omega"] {
        let manifest =
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
        base.insert(format!("{name}/Cargo.toml"), manifest.into_bytes());
        base.insert(format!("{name}/src/lib.rs"), Vec::new());
    }
    lock(&mut base);
    let mut hotfix = base.clone();
    edit(&mut hotfix, "src/lib.rs", "fn a() {}", "fn a() { fixed() }");
    edit(
        &mut hotfix,
        "Cargo.toml",
        "[dependencies]\n",
        "[dependencies]\nalpha = { path = \"alpha\" }\n",
    );
    lock(&mut hotfix);
    (base, hotfix)
}

#[test]
fn a_crate_on_every_state_of_main() {
    let package = Package {
        changelog: Some("CHANGELOG.md".to_owned()),
        ..package(&["caro"], &["Cargo.toml"])
    };
    let (base, mut hotfix) = single();
    bump(&mut hotfix, &package, "1.0.5");
    for (on_main, expected) in [
        ("1.0.4", "1.0.5"),
        ("1.0.5-dev", "1.0.5"),
        ("1.0.5", "1.0.5"),
        ("1.2.0-dev", "1.2.0-dev"),
        ("1.2.0", "1.2.0"),
    ] {
        let mut main = base.clone();
        edit(&mut main, "src/lib.rs", "fn b() {}", "fn b() { more() }");
        edit(
            &mut main,
            "Cargo.toml",
            "beta = { path = \"beta\" }\n",
            "beta = { path = \"beta\" }\n\n[dev-dependencies]\nomega = { path = \"omega\" }\n",
        );
        edit(
            &mut main,
            "CHANGELOG.md",
            "## [Unreleased]\n",
            "## [Unreleased]\n\n### Added\n\n- b\n",
        );
        edit(&mut main, "Cargo.toml", "1.0.4", on_main);
        lock(&mut main);
        if on_main == "1.2.0" {
            edit(
                &mut main,
                "CHANGELOG.md",
                "## [1.0.4]",
                "## [1.2.0] - 2026-02-02\n\n### Added\n\n- c\n\n## [1.0.4]",
            );
            edit(
                &mut main,
                "CHANGELOG.md",
                "compare/v1.0.4...HEAD\n",
                "compare/v1.2.0...HEAD\n[1.2.0]: https://e.org/o/r/compare/v1.0.4...v1.2.0\n",
            );
        }
        let (result, ported, in_conflict) = both(&base, &hotfix, &main, &package);
        assert!(
            ported.conflicts.is_empty(),
            "{on_main}: {:?}",
            ported.conflicts
        );
        assert!(!in_conflict.contains("src/lib.rs"));
        assert!(
            in_conflict.contains("Cargo.toml") != ["1.0.4", "1.0.5"].contains(&on_main),
            "{on_main}: {in_conflict:?}"
        );
        let versions = locked(&result);
        assert_eq!(versions["caro"], expected);
        assert!(versions.contains_key("alpha") && versions.contains_key("omega"));
        let log = said(&result, "CHANGELOG.md");
        let listed = changelog::releases(&log);
        let newest: &[&str] = if on_main == "1.2.0" { &["1.2.0"] } else { &[] };
        assert_eq!(listed, [newest, &["1.0.5", "1.0.4", "1.0.3"]].concat());
        let from = newest.first().unwrap_or(&"1.0.5");
        assert!(log.contains(&format!("compare/v{from}...HEAD\n")), "{log}");
        assert!(
            log.contains("\n[1.0.5]: https://e.org/o/r/compare/v1.0.4...v1.0.5\n[1.0.4]"),
            "{log}"
        );
        assert!(
            log.contains("## [Unreleased]\n\n### Added\n\n- b\n\n## [1."),
            "{log}"
        );
        // Once more, nothing is left to do.
        let (again, ported) = by_rules(&base, &hotfix, &result, &package);
        assert_eq!(again, result);
        assert_eq!((ported.changes, ported.conflicts), (vec![], vec![]));
    }
}

/// A workspace whose members share its version and require each other by it.
fn workspace() -> Tree {
    let member = |name: &str, more: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion.workspace = true\nedition = \"2021\"\n{more}"
        )
    };
    let mut base = tree(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"2\"\n\n[workspace.package]\nversion = \"1.0.4\"\n\n[workspace.dependencies]\ncaro-core = { path = \"crates/core\", version = \"=1.0.4\" }\n",
        ),
        ("crates/core/Cargo.toml", &member("caro-core", "")),
        ("crates/core/src/lib.rs", "pub fn a() {}\n"),
        (
            "crates/cli/Cargo.toml",
            &member("caro", "[dependencies]\ncaro-core.workspace = true\n"),
        ),
        ("crates/cli/src/main.rs", "fn main() {}\n"),
        (
            "crates/x/Cargo.toml",
            "[package]\nname = \"x\"\nversion = \"0.2.0\"\nedition = \"2021\"\n\n[dependencies]\ncaro-core = { path = \"../core\", version = \"1.0.4\" }\n",
        ),
        ("crates/x/src/lib.rs", ""),
        (
            "CHANGELOG.md",
            "# Changes\n\n## v1.0.4\n* a\n## v1.0.3\n* b\n",
        ),
    ]);
    lock(&mut base);
    base
}

#[test]
fn a_workspace_that_shares_its_version() {
    let package = Package {
        workspace: true,
        changelog: Some("CHANGELOG.md".to_owned()),
        ..package(
            &["caro", "caro-core"],
            &["Cargo.toml", "crates/x/Cargo.toml"],
        )
    };
    let base = workspace();
    let mut hotfix = base.clone();
    edit(
        &mut hotfix,
        "crates/core/src/lib.rs",
        "fn a() {}",
        "fn a() { fixed() }",
    );
    bump(&mut hotfix, &package, "1.0.5");
    for (on_main, expected) in [
        ("1.0.4", "1.0.5"),
        ("1.1.0-rc.1", "1.1.0-rc.1"),
        ("1.2.0", "1.2.0"),
    ] {
        let mut main = base.clone();
        if on_main != "1.0.4" {
            bump(&mut main, &package, on_main);
        }
        edit(&mut main, "crates/x/Cargo.toml", "0.2.0", "0.3.0");
        // Main has one more crate that requires the core.
        edit(
            &mut main,
            "Cargo.toml",
            "[workspace.dependencies]\n",
            "[workspace.dependencies]\nx = { path = \"crates/x\" }\n",
        );
        lock(&mut main);
        let (result, ported, in_conflict) = both(&base, &hotfix, &main, &package);
        assert!(
            ported.conflicts.is_empty(),
            "{on_main}: {:?} {in_conflict:?}",
            ported.conflicts
        );
        let versions = locked(&result);
        assert_eq!(
            [&versions["caro"], &versions["caro-core"], &versions["x"]],
            [expected, expected, "0.3.0"]
        );
        let log = said(&result, "CHANGELOG.md");
        let at = |what: &str| log.find(what).unwrap_or_else(|| panic!("{what} in {log}"));
        assert!(at("## v1.0.5\n") < at("## v1.0.4\n"), "{log}");
        assert!(
            on_main == "1.0.4" || at(&format!("## v{on_main}\n")) < at("## v1.0.5\n"),
            "{log}"
        );
        let (again, ported) = by_rules(&base, &hotfix, &result, &package);
        assert_eq!(again, result);
        assert_eq!((ported.changes, ported.conflicts), (vec![], vec![]));
    }
}

#[test]
fn crates_that_require_each_other_and_a_stale_lock() {
    let own = ["caro", "caro-core"];
    let manifests = ["Cargo.toml", "core/Cargo.toml", "new/Cargo.toml"];
    let at_base = package(&own, &manifests[..2]);
    let package = package(&own, &manifests);
    let mut base = tree(&[
        (
            "Cargo.toml",
            "[package]\nname = \"caro\"\nversion = \"1.0.4\"\nedition = \"2021\"\n\n[dependencies]\ncaro-core = { path = \"core\", version = \"=1.0.4\" }\n\n[workspace]\nmembers = [\"core\"]\n",
        ),
        ("src/main.rs", "fn main() {}\n"),
        (
            "core/Cargo.toml",
            "[package]\nname = \"caro-core\"\nversion = \"1.0.4\"\nedition = \"2021\"\n",
        ),
        ("core/src/lib.rs", "pub fn a() {}\n"),
    ]);
    lock(&mut base);
    let fresh = base.clone();
    // The base was released with a lock file that was a version behind.
    edit(
        &mut base,
        "Cargo.lock",
        "name = \"caro\"\nversion = \"1.0.4\"",
        "name = \"caro\"\nversion = \"1.0.3\"",
    );
    let mut hotfix = base.clone();
    bump(&mut hotfix, &at_base, "1.0.5");
    // A dependency is added right below the version.
    edit(
        &mut hotfix,
        "core/Cargo.toml",
        "version = \"1.0.5\"\n",
        "version = \"1.0.5\"\nlicense = \"MIT\"\n",
    );
    for on_main in ["1.0.4", "1.1.0"] {
        let expected = on_main.max("1.0.5");
        let mut main = fresh.clone();
        bump(&mut main, &at_base, on_main);
        let new = format!(
            "[package]\nname = \"new\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\ncaro-core = {{ path = \"../core\", version = \"={on_main}\" }}\n"
        );
        main.insert("new/Cargo.toml".into(), new.into_bytes());
        main.insert("new/src/lib.rs".into(), Vec::new());
        edit(&mut main, "Cargo.toml", "[\"core\"]", "[\"core\", \"new\"]");
        lock(&mut main);
        let (result, ported, _) = both(&base, &hotfix, &main, &package);
        assert!(
            ported.conflicts.is_empty(),
            "{on_main}: {:?}",
            ported.conflicts
        );
        let versions = locked(&result);
        assert_eq!(
            [&versions["caro"], &versions["caro-core"]],
            [expected, expected]
        );
        assert!(said(&result, "core/Cargo.toml").contains("license"));
    }
}

/// One more crate of the workspace, at a path.
fn add(tree: &mut Tree, name: &str, manifest: &str) {
    let manifest = format!("[package]\nname = \"{name}\"\nedition = \"2021\"\n{manifest}");
    tree.insert(format!("crates/{name}/Cargo.toml"), manifest.into_bytes());
    tree.insert(format!("crates/{name}/src/lib.rs"), Vec::new());
}

#[test]
fn packages_that_one_side_alone_has_follow_what_they_inherit() {
    let package = Package {
        workspace: true,
        ..package(
            &["caro", "caro-core"],
            &["Cargo.toml", "crates/x/Cargo.toml"],
        )
    };
    let base = workspace();
    const INHERITS: &str = "version.workspace = true\n";
    let core = |version: &str| {
        format!(
            "version = \"0.3.0\"\n[dependencies]\ncaro-core = {{ path = \"../core\", version = \"{version}\" }}\n"
        )
    };
    // What main adds, and what the hotfix adds; what `new` is locked at.
    for on_main in ["1.0.4", "1.1.0-dev"] {
        for (main_adds, hotfix_adds) in [
            (Some(INHERITS.to_owned()), None),
            (Some(core(&format!("={on_main}"))), None),
            (Some(core(on_main)), None),
            (None, Some(INHERITS.to_owned())),
            (None, Some(core("=1.0.5"))),
        ] {
            let mut hotfix = base.clone();
            bump(&mut hotfix, &package, "1.0.5");
            let mut main = base.clone();
            if on_main != "1.0.4" {
                bump(&mut main, &package, on_main);
            }
            let inherits = [&main_adds, &hotfix_adds]
                .into_iter()
                .flatten()
                .any(|manifest| manifest == INHERITS);
            for (side, adds) in [(&mut main, main_adds), (&mut hotfix, hotfix_adds)] {
                if let Some(manifest) = adds {
                    add(side, "new", &manifest);
                    lock(side);
                }
            }
            // A crate that had a version of its own inherits it now.
            edit(
                &mut main,
                "crates/x/Cargo.toml",
                "version = \"0.2.0\"",
                "version.workspace = true",
            );
            lock(&mut main);
            let (result, ported, _) = both(&base, &hotfix, &main, &package);
            assert!(ported.conflicts.is_empty(), "{:?}", ported.conflicts);
            let versions = locked(&result);
            let expected = if on_main == "1.1.0-dev" {
                on_main
            } else {
                "1.0.5"
            };
            assert_eq!([&versions["caro"], &versions["x"]], [expected, expected]);
            let new = if inherits { expected } else { "0.3.0" };
            assert_eq!(versions["new"], new);
        }
    }
}
