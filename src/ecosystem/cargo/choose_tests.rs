//! What is released, and what is not.

use super::*;
use crate::ecosystem::cargo::paths::LOCK;
use crate::ecosystem::cargo::project::project;
use crate::ecosystem::files::Files;
use crate::ecosystem::package::Package;
use crate::ecosystem::registry::Question;
use crate::ecosystem::registry::Registry;

fn release<'a>(tag: &'a str, version: &'a str) -> Release<'a> {
    Release {
        repo: "pond",
        tag,
        version,
        ..Release::default()
    }
}

fn of(files: &[(&str, &str)], release: &Release<'_>) -> Result<(Package, Vec<Question>), String> {
    let mut read = Files::default();
    read.put_tree(files.iter().map(|(path, _)| (*path).to_owned()).collect());
    for (path, text) in files {
        read.put((*path).to_owned(), Some((*text).to_owned()));
    }
    Ok(project(&read, release)?.expect("crates are released"))
}

fn package(files: &[(&str, &str)], tag: &str, version: &str) -> Package {
    of(files, &release(tag, version)).unwrap().0
}

/// A manifest of a package with a version of its own.
fn one(name: &str, version: &str, more: &str) -> String {
    format!("{more}\n[package]\nname = '{name}'\nversion = '{version}'\n")
}

#[test]
fn a_single_package_or_the_reason_why_not() {
    let alone = one("a", "1.0.4", "");
    let (package, questions) = of(
        &[(MANIFEST, &alone), ("src/main.rs", "")],
        &release("v1.0.4", "1.0.4"),
    )
    .unwrap();
    assert_eq!(
        (package.name.as_str(), package.manifest.as_str()),
        ("a", MANIFEST)
    );
    assert_eq!((package.manifests.len(), questions.len()), (1, 1));
    assert_eq!((package.program, package.from_tag), (Some(true), false));
    for (manifest, words) in [
        ("[workspace]\n", "there is no package with a version"),
        (
            "[package]\nname = \"a\"\nversion.workspace = true\n",
            "inherited",
        ),
        ("[package]\nversion = \"1.0.4\"\n", "names no package"),
        ("", "no [package]"),
        (
            &one("a", "1.0.3", ""),
            "no package has the version 1.0.4; there is a 1.0.3",
        ),
        ("[", "at v1.0.4: Cargo.toml: the manifest is not valid TOML"),
    ] {
        let error = of(&[(MANIFEST, manifest)], &release("v1.0.4", "1.0.4")).unwrap_err();
        assert!(error.contains(words), "{manifest}: {error}");
    }
}

/// What nobody publishes need not say its version: the tag alone is it, once the
/// release before went past what the manifest says. What may be published is asked.
#[test]
fn what_is_published_nowhere_is_released_by_its_tag() {
    let before = ["1.0.3".to_owned(), "1.0.2".to_owned()];
    let of = |version: &str, more: &str, before: &[String]| {
        let text = one("pond", version, "").replace("version", &format!("{more}version"));
        let tagged = Release {
            before,
            ..release("v1.0.4", "1.0.4")
        };
        of(&[(MANIFEST, &text)], &tagged).map(|(package, _)| package.from_tag)
    };
    let nowhere = "publish = false\n";
    assert_eq!(of("0.1.0", nowhere, &before), Ok(true));
    assert_eq!(of("1.0.4", nowhere, &before), Ok(false));
    for (version, more, before) in [
        ("0.1.0", "", &before[..]),
        ("0.1.0", nowhere, &[]),
        ("1.0.3", nowhere, &before),
        ("2.0.0", nowhere, &before),
    ] {
        let error = of(version, more, before).unwrap_err();
        assert!(
            error.contains("no package has the version"),
            "{version}: {error}"
        );
    }
}

#[test]
fn a_workspace_shares_a_version_and_others_keep_theirs() {
    let files = [
        (
            MANIFEST,
            "[workspace]\nmembers = ['*']\n[workspace.package]\nversion = '1.0.4'\n[workspace.dependencies]\ncore = { path = 'core', version = '1.0.4' }\n",
        ),
        (
            "core/Cargo.toml",
            "[package]\nname = 'core'\nversion.workspace = true\n",
        ),
        ("pond/Cargo.toml", &one("pond", "1.0.4", "")),
        (
            "own/Cargo.toml",
            "[package]\nname = 'own'\nversion = '0.3.0'\n[dependencies]\ncore = { path = '../core', version = '1' }\n",
        ),
        (
            "x/Cargo.toml",
            "[package]\nname = 'x'\nversion.workspace = true\npublish = false\n",
        ),
        (
            LOCK,
            "[[package]]\nname = 'core'\nversion = '1.0.3'\n[[package]]\nname = 'own'\nversion = '0.2.0'\n[[package]]\nname = 'pond'\nversion = '1.0.4'\n",
        ),
    ];
    let (package, questions) = of(&files, &release("v1.0.4", "1.0.4")).unwrap();
    assert_eq!(package.name, "pond");
    assert_eq!(package.manifests, [MANIFEST, "pond/Cargo.toml"]);
    assert_eq!(package.own, ["core", "pond", "x"]);
    assert!(package.workspace);
    let names: Vec<_> = questions.iter().map(|q| q.name.as_str()).collect();
    assert_eq!(names, ["pond", "core"]);
    let stale: Vec<_> = package.stale.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(stale, ["core", "own"]);
}

#[test]
fn the_root_is_raised_only_where_it_has_the_tags_version() {
    let root = "[workspace]\nmembers = ['core', 'cli']\n[workspace.package]\nversion = '1.0.4'\n[package]\nname = 'suite-root'\nversion = '0.0.0'\npublish = false\n";
    let core = "[package]\nname = 'pond-core'\nversion.workspace = true\n";
    let cli = "[package]\nname = 'cli'\nversion.workspace = true\n[dependencies]\npond-core = { path = '../core', version = '=1.0.4' }\n";
    let files = [
        (MANIFEST, root),
        ("core/Cargo.toml", core),
        ("cli/Cargo.toml", cli),
    ];
    let found = package(&files, "v1.0.4", "1.0.4");
    assert_eq!(found.own, ["cli", "pond-core"]);
    assert_eq!(found.manifests, [MANIFEST, "cli/Cargo.toml"]);
    assert_eq!(found.manifest, MANIFEST);
    // A root of another version is left alone as well.
    let other = root.replace("'0.0.0'", "'7.1.0'");
    let files = [(MANIFEST, other.as_str()), files[1], files[2]];
    assert_eq!(package(&files, "v1.0.4", "1.0.4").own, ["cli", "pond-core"]);
}

#[test]
fn a_placeholder_is_no_version() {
    for version in [
        "0.0.0",
        "0.0.0-dev",
        "0.0.0-development",
        "0.0.0-semantically-released+x",
    ] {
        let alone = one("a", version, "");
        let (found, questions) = of(
            &[(MANIFEST, &alone), (LOCK, "")],
            &release("v1.0.4", "1.0.4"),
        )
        .unwrap();
        assert!(
            found.from_tag && found.all_manifests().is_empty(),
            "{version}"
        );
        assert_eq!(found.places().count(), 0);
        // What the registry has is what the tag says.
        assert_eq!(questions[0].version, "1.0.4");
    }
    let without = of(
        &[(MANIFEST, "[package]\nname = 'a'\n")],
        &release("v1.0.4", "1.0.4"),
    );
    assert!(without.unwrap().0.from_tag);
    let shared = "[workspace]\nmembers = ['a']\n[workspace.package]\nversion = '0.0.0'\n";
    let a = "[package]\nname = 'a'\nversion.workspace = true\n";
    assert!(
        package(
            &[(MANIFEST, shared), ("a/Cargo.toml", a)],
            "v1.0.4",
            "1.0.4"
        )
        .from_tag
    );
    // A number below the first that is somebody's is one.
    let early = one("a", "0.0.1", "");
    assert!(of(&[(MANIFEST, &early)], &release("v1.0.4", "1.0.4")).is_err());
}

#[test]
fn the_package_that_the_tag_names_is_the_product() {
    let root = one(
        "regex",
        "1.10.3",
        "[workspace]\nmembers = ['automata', 'lite']\n[dependencies]\nautomata = { path = 'automata', package = 'regex-automata', version = '0.4.9' }\n",
    );
    let automata = one("regex-automata", "0.4.9", "");
    let lite = one("regex-lite", "0.4.9", "");
    let files = [
        (MANIFEST, root.as_str()),
        ("automata/Cargo.toml", &automata),
        ("lite/Cargo.toml", &lite),
    ];
    for tag in [
        "regex-automata-0.4.9",
        "regex-automata-v0.4.9",
        "regex-automata/v0.4.9",
        "regex-automata@0.4.9",
        "regex_automata/0.4.9",
        "crates/regex-automata/0.4.9",
        "Regex-Automata_0.4.9",
    ] {
        let found = package(&files, tag, "0.4.9");
        assert_eq!(
            (found.name.as_str(), found.own.as_slice()),
            ("regex-automata", ["regex-automata".to_owned()].as_slice()),
            "{tag}"
        );
        // What requires it by that number takes the next one as well.
        assert_eq!(found.manifests, ["automata/Cargo.toml"], "{tag}");
    }
    let pinned = root.replace("'0.4.9'", "'=0.4.9'");
    let files = [
        (MANIFEST, pinned.as_str()),
        ("automata/Cargo.toml", &automata),
        ("lite/Cargo.toml", &lite),
    ];
    let found = package(&files, "regex-automata-0.4.9", "0.4.9");
    assert_eq!(found.manifests, [MANIFEST, "automata/Cargo.toml"]);
    let found = package(&files, "regex-1.10.3", "1.10.3");
    assert_eq!(
        (found.own.as_slice(), found.members.len()),
        (["regex".to_owned()].as_slice(), 3)
    );
    assert_eq!(package(&files, "1.10.3", "1.10.3").own, ["regex"]);
    let error = of(&files, &release("regex-lite-0.4.8", "0.4.8")).unwrap_err();
    assert!(
        error.contains("names the package regex-lite, and lite/Cargo.toml has 0.4.9"),
        "{error}"
    );
}

#[test]
fn what_has_one_version_is_released_together_under_a_products_tag() {
    let root = "[workspace]\nmembers = ['*']\n";
    let pond = one("pond", "1.0.4", "");
    let core = one("pond-core", "1.0.4", "");
    let other = one("stream", "2.0.0", "");
    let same = [
        (MANIFEST, root),
        ("a/Cargo.toml", &pond),
        ("b/Cargo.toml", &core),
    ];
    assert_eq!(
        package(&same, "pond-v1.0.4", "1.0.4").own,
        ["pond", "pond-core"]
    );
    // Where each has its own, a number in common is chance,
    let own = [same[0], same[1], same[2], ("c/Cargo.toml", other.as_str())];
    assert_eq!(package(&own, "pond-v1.0.4", "1.0.4").own, ["pond"]);
    // unless one needs exactly the other.
    let pins =
        format!("{pond}[dependencies]\npond-core = {{ path = '../b', version = '=1.0.4' }}\n");
    let tied = [own[0], ("a/Cargo.toml", pins.as_str()), own[2], own[3]];
    assert_eq!(
        package(&tied, "pond-v1.0.4", "1.0.4").own,
        ["pond", "pond-core"]
    );
}

/// Of several that are released together one lends its name.
#[test]
fn what_the_others_are_called_after_lends_the_name() {
    for (members, product) in [
        (&["duck-core", "duck", "duck_macros"][..], "duck"),
        // Called after the repository, `pond`.
        (&["sketch", "pond_proto", "pond-client"], "pond_proto"),
        // The only program.
        (&["duck-core", "duck", "duck-cli+"], "duck-cli"),
        (&["b", "a"], "b"),
        // It is published nowhere.
        (&["duck!", "duck-core", "duck-io"], "duck-core"),
    ] {
        let name = |it: &str| it.trim_end_matches(['+', '!']).to_owned();
        let listed: Vec<String> = members.iter().map(|it| format!("'{}'", name(it))).collect();
        let root = format!("[workspace]\nmembers = [{}]\n", listed.join(", "));
        let mut files = vec![(MANIFEST.to_owned(), root)];
        for it in members {
            let publish = if it.ends_with('!') {
                "publish = false\n"
            } else {
                ""
            };
            let text = one(&name(it), "1.0.4", "") + publish;
            files.push((format!("{}/Cargo.toml", name(it)), text));
            if it.ends_with('+') {
                files.push((format!("{}/src/main.rs", name(it)), String::new()));
            }
        }
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(p, t)| (p.as_str(), t.as_str()))
            .collect();
        assert_eq!(
            package(&files, "v1.0.4", "1.0.4").name,
            product,
            "{members:?}"
        );
    }
}

#[test]
fn what_is_configured_is_released() {
    let root = one("pond", "1.0.3", "[workspace]\nmembers = ['*']\n");
    let core = one("pond-core", "0.2.0", "");
    let files = [(MANIFEST, root.as_str()), ("core/Cargo.toml", &core)];
    let with = |packages: &[&str]| {
        let packages: Vec<String> = packages.iter().map(|p| (*p).to_owned()).collect();
        let release = Release {
            packages: &packages,
            ..release("v1.0.4", "1.0.4")
        };
        of(&files, &release).map(|(package, _)| package.own)
    };
    assert_eq!(with(&["pond"]), Ok(vec!["pond".to_owned()]));
    assert_eq!(with(&["./core/"]), Ok(vec!["pond-core".to_owned()]));
    let error = with(&["river"]).unwrap_err();
    assert!(
        error.contains("no such package: it has pond, pond-core"),
        "{error}"
    );
    let error = with(&["pond", "pond-core"]).unwrap_err();
    assert!(
        error.contains("several versions at v1.0.4 (pond 1.0.3, pond-core 0.2.0)"),
        "{error}"
    );
}

#[test]
fn members_by_pattern_have_the_version() {
    let root = "[workspace]\nmembers = [\"crates/[ab]*\"]\n";
    let files = [
        (MANIFEST, root),
        ("crates/alpha/Cargo.toml", &one("alpha", "1.0.4", "")),
        ("crates/beta/Cargo.toml", &one("beta", "1.0.4", "")),
        ("crates/gamma/Cargo.toml", &one("gamma", "1.0.4", "")),
    ];
    assert_eq!(package(&files, "v1.0.4", "1.0.4").own, ["alpha", "beta"]);
}

#[test]
fn without_a_manifest_at_the_root_the_one_below_counts() {
    let one = one("pond", "1.0.4", "");
    let lock = "version = 4\n[[package]]\nname = \"pond\"\nversion = \"1.0.4\"\n";
    let files = [
        ("package.json", "{}"),
        ("rust/Cargo.toml", one.as_str()),
        ("rust/Cargo.lock", lock),
    ];
    let found = package(&files, "v1.0.4", "1.0.4");
    assert_eq!(
        (found.manifest.as_str(), found.lock.as_deref()),
        ("rust/Cargo.toml", Some("rust/Cargo.lock"))
    );
}

#[test]
fn every_lock_file_that_names_the_release_follows() {
    let root = one("pond", "1.0.4", "[workspace]\nexclude = ['fuzz']\n");
    let fuzz = one(
        "pond-fuzz",
        "0.0.0",
        "[workspace]\n[dependencies]\npond = { path = '..' }\n",
    );
    let lock = |version: &str| format!("[[package]]\nname = 'pond'\nversion = '{version}'\n");
    let files = [
        (MANIFEST, root.as_str()),
        (LOCK, &lock("1.0.4")),
        ("fuzz/Cargo.toml", &fuzz),
        ("fuzz/Cargo.lock", &lock("1.0.4")),
        ("old/Cargo.lock", &lock("1.0.1")),
    ];
    let found = package(&files, "v1.0.4", "1.0.4");
    assert_eq!(
        (found.lock.as_deref(), found.locks.as_slice()),
        (Some(LOCK), ["fuzz/Cargo.lock".to_owned()].as_slice())
    );
}

#[test]
fn where_it_may_not_be_published_nobody_asks() {
    for (publish, expected) in [
        ("publish = false", Registry::Private),
        ("publish = []", Registry::Private),
        (
            "publish = ['ours']",
            Registry::Elsewhere(vec!["ours".to_owned()]),
        ),
        ("publish = ['crates-io']", Registry::Absent),
    ] {
        let alone = format!("{}{publish}\n", one("pond", "1.0.4", ""));
        let (package, questions) = of(&[(MANIFEST, &alone)], &release("v1.0.4", "1.0.4")).unwrap();
        assert_eq!(
            questions.is_empty(),
            expected != Registry::Absent,
            "{publish}"
        );
        assert_eq!(package.registry, expected);
    }
}
