//! Which packages are released, and where their version stands.

use super::{project, wanted};
use crate::ecosystem::files::{Files, Wanted};
use crate::ecosystem::package::Package;
use crate::ecosystem::registry::Registry;
use crate::ecosystem::tasks::Release;

fn of(files: &[(&str, &str)], tag: &str) -> Result<Option<Package>, String> {
    Ok(asked(files, tag)?.map(|(package, _)| package))
}

/// The package, and the names that the registry is asked for.
fn asked(files: &[(&str, &str)], tag: &str) -> Result<Option<(Package, Vec<String>)>, String> {
    let start = tag.rfind(['v', '@', '/']).map_or(0, |at| at + 1);
    let release = Release {
        repo: "pond",
        tag,
        version: &tag[start..],
        ..Release::default()
    };
    let mut read = Files::default();
    read.put_tree(files.iter().map(|(path, _)| (*path).to_owned()).collect());
    while let Some(Wanted::Files(paths)) = wanted(&read, &release) {
        for path in paths {
            let text = files.iter().find(|(other, _)| *other == path);
            let text = text.unwrap_or_else(|| panic!("{path} is not there"));
            read.put(path.clone(), Some(text.1.to_owned()));
        }
    }
    let found = project(&read, &release)?;
    Ok(found.map(|(package, asked)| (package, asked.into_iter().map(|it| it.name).collect())))
}

fn released(files: &[(&str, &str)], tag: &str) -> Package {
    of(files, tag).unwrap().expect("something is released")
}

const ONE: &str = r#"{"name": "pond", "version": "1.0.4", "bin": "cli.js"}"#;

#[test]
fn one_package_and_its_lock_files() {
    let lock =
        r#"{"version": "1.0.4", "lockfileVersion": 3, "packages": {"": {"version": "1.0.4"}}}"#;
    let files = [
        ("package.json", ONE),
        ("package-lock.json", lock),
        ("npm-shrinkwrap.json", lock),
        ("jsr.json", r#"{"version": "1.0.4"}"#),
        ("bower.json", r#"{"version": "0.9.0"}"#),
        ("yarn.lock", "never read"),
        ("examples/a/package.json", "never read"),
    ];
    let package = released(&files, "v1.0.4");
    assert_eq!(
        (package.name.as_str(), package.program),
        ("pond", Some(true))
    );
    let places: Vec<_> = package.places().collect();
    assert_eq!(
        places,
        [
            "jsr.json",
            "package.json",
            "npm-shrinkwrap.json",
            "package-lock.json"
        ]
    );
    assert!(!package.from_tag && package.registry == Registry::Absent);
}

#[test]
fn a_workspace_is_raised_together_with_its_private_root() {
    let root =
        r#"{"name": "root", "private": true, "version": "1.0.4", "workspaces": ["packages/*"]}"#;
    let member =
        |name: &str, more: &str| format!("{{\"name\": \"{name}\", \"version\": \"1.0.4\"{more}}}");
    let (a, b) = (
        member("@pond/a", ""),
        member("pond", r#", "dependencies": {"@pond/a": "1.0.4"}"#),
    );
    let idle = r#"{"name": "idle", "private": true, "version": "1.0.0", "devDependencies": {"pond": "1.0.4"}}"#;
    let lock = r#"{"version": "1.0.4", "packages": {"": {"version": "1.0.4"}, "packages/a": {"name": "@pond/a", "version": "1.0.4"}, "packages/b": {"version": "1.0.3"}}}"#;
    let files = [
        ("package.json", root),
        ("packages/a/package.json", &a),
        ("packages/b/package.json", &b),
        ("packages/idle/package.json", idle),
        ("package-lock.json", lock),
    ];
    let package = released(&files, "v1.0.4");
    assert_eq!(package.name, "pond");
    assert_eq!(package.own, ["@pond/a", "pond", "root"]);
    assert_eq!(
        package.manifests,
        [
            "package.json",
            "packages/a/package.json",
            "packages/b/package.json",
            // It requires exactly the version.
            "packages/idle/package.json"
        ]
    );
    assert_eq!(package.lock.as_deref(), Some("package-lock.json"));
}

#[test]
fn a_tag_that_names_a_package_raises_that_one() {
    let files = [
        ("package.json", r#"{"private": true}"#),
        ("pnpm-workspace.yaml", "packages: ['packages/*']\n"),
        (
            "packages/a/package.json",
            r#"{"name": "@pond/a", "version": "1.0.4"}"#,
        ),
        (
            "packages/b/package.json",
            r#"{"name": "@pond/b", "version": "1.0.4"}"#,
        ),
        (
            "packages/c/package.json",
            r#"{"name": "c", "version": "2.0.0"}"#,
        ),
    ];
    for tag in ["@pond/a@1.0.4", "a@1.0.4", "a-v1.0.4", "packages/a/v1.0.4"] {
        let package = released(&files, tag);
        assert_eq!(package.own, ["@pond/a"], "{tag}");
        assert_eq!(package.manifest, "packages/a/package.json");
    }
    let words = of(&files, "c@1.0.4").unwrap_err();
    assert!(words.starts_with("c@1.0.4 names the package c"), "{words}");
    let words = of(&files, "v3.0.0").unwrap_err();
    assert!(
        words.contains("no package has the version 3.0.0"),
        "{words}"
    );
    // Where all that is published goes together, so does this.
    let together = &files[..4];
    assert_eq!(
        released(together, "@pond/a@1.0.4").own,
        ["@pond/a", "@pond/b"]
    );
}

#[test]
fn where_no_file_holds_the_version_the_tag_is_it() {
    for manifest in [
        r#"{"name": "pond", "version": "0.0.0-development"}"#,
        r#"{"name": "pond"}"#,
        r#"{"name": "pond", "version": "0.0.0-semantically-released"}"#,
        r#"{"name": "pond", "version": "0.1.0", "devDependencies": {"semantic-release": "^24.0.0"}}"#,
    ] {
        let package = released(&[("package.json", manifest)], "v1.0.4");
        assert!(package.from_tag, "{manifest}");
        assert_eq!(package.places().count(), 0);
    }
}

#[test]
fn tools_are_no_release() {
    let files = [(
        "package.json",
        r#"{"name": "tools", "private": true, "version": "0.0.0"}"#,
    )];
    assert_eq!(of(&files, "v1.0.4"), Ok(None));
    assert_eq!(of(&[("package.json", "{}")], "v1.0.4"), Ok(None));
    let words = of(&[("package.json", "{\n")], "v1.0.4").unwrap_err();
    assert_eq!(
        words,
        "at v1.0.4: package.json: line 2: no JSON: a name in quotes is expected"
    );
}

#[test]
fn what_goes_elsewhere_is_not_looked_for_on_npm() {
    let text = r#"{"name": "pond", "version": "1.0.4", "publishConfig": {"registry": "https://npm.pkg.github.com"}}"#;
    let package = released(&[("package.json", text)], "v1.0.4");
    let other = vec!["https://npm.pkg.github.com".to_owned()];
    assert_eq!(package.registry, Registry::Elsewhere(other));
    let private = r#"{"name": "pond", "private": true, "version": "1.0.4"}"#;
    let package = released(&[("package.json", private)], "v1.0.4");
    assert_eq!(package.registry, Registry::Private);
}

/// What a build puts into a folder may go to the registry under the name of a
/// manifest that is private itself: the registry tells.
#[test]
fn the_registry_is_asked_for_a_private_name_too() {
    for (manifest, expected) in [
        (
            r#"{"name": "pond", "private": true, "version": "1.0.4"}"#,
            true,
        ),
        (
            r#"{"name": "pond", "private": true, "version": "1.0.4", "publishConfig": {"registry": "https://npm.pkg.github.com"}}"#,
            false,
        ),
    ] {
        let (package, names) = asked(&[("package.json", manifest)], "v1.0.4")
            .unwrap()
            .unwrap();
        assert_eq!(!names.is_empty(), expected, "{manifest}");
        assert_eq!(package.registry, Registry::Private);
    }
}
