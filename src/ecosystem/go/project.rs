//! Which module is released, and what it is: nothing of a Go module holds its
//! version, the tag is it.

use semver::Version;

use super::gomod::{self, GoMod};
use super::{module, sets, source};
use crate::ecosystem::files::{Files, Wanted};
use crate::ecosystem::kind::Kind;
use crate::ecosystem::package::{Member, Package};
use crate::ecosystem::paths;
use crate::ecosystem::registry::{Question, Registry};
use crate::ecosystem::tasks::Release;

/// A manifest's name.
pub const MANIFEST: &str = "go.mod";
/// Of so many modules the `go.mod` is read.
const MODULES: usize = 100;
/// So many files are looked at for `package main`.
const SOURCES: usize = 12;

/// A module of the repository.
struct Module<'f> {
    /// The path of its `go.mod`.
    manifest: &'f str,
    read: GoMod,
}

impl Module<'_> {
    fn folder(&self) -> &str {
        folder(self.manifest)
    }

    fn prefix(&self) -> String {
        module::prefix(self.folder(), &self.read.module)
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a path is a module's `go.mod`, and not that of a sample: the go command
/// itself passes over `testdata`, `vendor` and what begins with `.` or `_`.
pub fn is_manifest(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let aside = |part: &str| part.starts_with(['.', '_']);
    parts.next() == Some(MANIFEST) && !parts.any(aside) && !paths::is_aside(path)
}

/// Each `go.mod`, what says which of them belong together, and the
/// sources by which a program is known.
pub fn wanted(files: &Files, release: &Release<'_>) -> Option<Wanted> {
    let tree = files.tree()?;
    let manifests = tree.iter().filter(|path| is_manifest(path));
    let mut paths: Vec<&str> = manifests.map(String::as_str).collect();
    // The one at the root before those of samples.
    paths.sort_by_key(|path| path.matches('/').count());
    paths.truncate(MODULES);
    if tree.iter().any(|path| path == sets::FILE) {
        paths.push(sets::FILE);
    }
    let unread = |paths: Vec<&str>| -> Vec<String> {
        let all = paths.into_iter().filter(|path| !files.was_read(path));
        all.map(str::to_owned).collect()
    };
    let mut missing = unread(paths);
    if missing.is_empty()
        && let Some(product) = product(&modules(files), release)
    {
        missing = unread(sources(tree, product.folder(), release));
    }
    (!missing.is_empty()).then_some(Wanted::Files(missing))
}

fn modules(files: &Files) -> Vec<Module<'_>> {
    let all = files.iter().filter(|(path, _)| is_manifest(path));
    let all = all.map(|(path, text)| Module {
        manifest: path,
        read: gomod::read(text),
    });
    all.filter(|module| !module.read.module.is_empty())
        .collect()
}

/// The module whose tag it is: its folder stands before the version. Of a module
/// in the root and one in a folder for its major version the one whose path says
/// that version.
fn product<'m, 'f>(modules: &'m [Module<'f>], release: &Release<'_>) -> Option<&'m Module<'f>> {
    let version = Version::parse(release.version).ok();
    let before = release.tag.strip_suffix(release.version);
    let before = before.map(|it| it.strip_suffix('v').unwrap_or(it));
    let fits = |module: &Module<'_>| {
        let fits = |version| module::fits(&module.read.module, version);
        version.as_ref().is_some_and(fits)
    };
    let named = |module: &&Module<'_>| before == Some(module.prefix().as_str());
    let mut named: Vec<&Module<'_>> = modules.iter().filter(named).collect();
    named.sort_by_key(|module| !fits(module));
    let root = || modules.iter().find(|module| module.folder().is_empty());
    // Below the root a module may be of samples or tools.
    let same = || {
        let named = |module: &&Module<'_>| module::program(&module.read.module) == release.repo;
        modules.iter().find(named)
    };
    named.into_iter().next().or_else(root).or_else(same)
}

/// The files of a module's folder, and of one below `cmd`, that may be a
/// program's.
fn sources<'t>(tree: &'t [String], folder: &str, release: &Release<'_>) -> Vec<&'t str> {
    let is_go = |path: &str| path.ends_with(".go") && !path.ends_with("_test.go");
    let within = |path: &'t str| match folder {
        "" => Some(path),
        folder => path.strip_prefix(folder)?.strip_prefix('/'),
    };
    let all = tree.iter().map(String::as_str).filter(|path| is_go(path));
    let mut found: Vec<(u8, &str)> = all
        .filter_map(|path| {
            let parts: Vec<&str> = within(path)?.split('/').collect();
            let rank = match parts.as_slice() {
                ["main.go"] => 0,
                ["cmd", name, "main.go"] if *name == release.repo => 1,
                ["cmd", "main.go"] => 2,
                ["cmd", _, "main.go"] => 3,
                [_] => 4,
                ["cmd", name, _] if *name == release.repo => 5,
                _ => return None,
            };
            Some((rank, path))
        })
        .collect();
    found.sort();
    found.truncate(SOURCES);
    found.into_iter().map(|(_, path)| path).collect()
}

/// What is installed by `go install`, as it is named there; none where the module
/// is no program.
fn program(files: &Files, product: &Module<'_>, release: &Release<'_>) -> Option<String> {
    let tree = files.tree().unwrap_or_default();
    let is_main = |path: &&str| files.get(path).and_then(source::package) == Some("main");
    let found = sources(tree, product.folder(), release);
    let path = found.into_iter().find(is_main)?;
    let within = folder(path).strip_prefix(product.folder())?;
    let within = within.trim_start_matches('/');
    Some(match within {
        "" => product.read.module.clone(),
        within => format!("{}/{within}", product.read.module),
    })
}

/// The module, and what the proxy is asked for; none where no module is the one
/// that the tag is of.
///
/// # Errors
/// None.
pub fn project(
    files: &Files,
    release: &Release<'_>,
) -> Result<Option<(Package, Vec<Question>)>, String> {
    let modules = modules(files);
    let Some(product) = product(&modules, release) else {
        return Ok(None);
    };
    let path = product.read.module.as_str();
    let set = files
        .get(sets::FILE)
        .and_then(|text| sets::together(text, path));
    let is_released = |module: &Module<'_>| {
        let among = |set: &Vec<String>| set.contains(&module.read.module);
        module.read.module == path || set.as_ref().is_some_and(among)
    };
    let version = Version::parse(release.version).ok();
    let fits = |module: &Module<'_>| {
        let fits = |version| module::fits(&module.read.module, version);
        version.as_ref().is_some_and(fits)
    };
    let members = modules.iter().map(|module| Member {
        name: module.read.module.clone(),
        manifest: module.manifest.to_owned(),
        version: release.version.to_owned(),
        released: is_released(module),
        publish: true,
    });
    // What replaces others cannot be installed by its version.
    let program = program(files, product, release).filter(|_| product.read.replaces.is_empty());
    let mut package = Package {
        kind: Kind::Go,
        name: path.to_owned(),
        manifest: product.manifest.to_owned(),
        from_tag: true,
        library: Some(program.as_deref() != Some(path)),
        program: Some(program.is_some()),
        members: members.collect(),
        registry: match fits(product) {
            true => Registry::Unasked,
            false => Registry::Misnamed,
        },
        ..Package::default()
    };
    package.own = modules
        .iter()
        .filter(|it| is_released(it))
        .map(|it| it.read.module.clone())
        .collect();
    package.own.sort();
    let mut asked: Vec<Question> = modules
        .iter()
        .filter(|module| is_released(module) && fits(module))
        .map(|module| Question {
            registry: Kind::Go,
            name: module.read.module.clone(),
            version: release.version.to_owned(),
        })
        .collect();
    asked.sort_by_key(|question| (question.name != package.name, question.name.clone()));
    Ok(Some((package, asked)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read until nothing is wanted any more.
    fn read(disk: &[(&str, &str)], release: &Release<'_>) -> Files {
        let mut files = Files::default();
        files.put_tree(disk.iter().map(|(path, _)| (*path).to_owned()).collect());
        while let Some(Wanted::Files(paths)) = wanted(&files, release) {
            for path in paths {
                let text = disk.iter().find(|(other, _)| *other == path);
                files.put(path, text.map(|(_, text)| (*text).to_owned()));
            }
        }
        files
    }

    fn found(disk: &[(&str, &str)], tag: &str, version: &str) -> Option<Package> {
        let release = Release {
            repo: "caro",
            tag,
            version,
            ..Release::default()
        };
        Some(project(&read(disk, &release), &release).unwrap()?.0)
    }

    const ROOT: (&str, &str) = ("go.mod", "module example.test/a/caro\n");

    #[test]
    fn the_tag_names_the_module() {
        let disk = [
            ROOT,
            ("caro.go", "package caro\n"),
            ("sdk/go.mod", "module example.test/a/caro/sdk\n"),
            ("exp/v2/go.mod", "module example.test/a/caro/exp/v2\n"),
            ("testdata/x/go.mod", "module x\n"),
            ("_tools/go.mod", "module example.test/a/caro/tools\n"),
        ];
        for (tag, version, expected) in [
            ("v1.0.4", "1.0.4", "example.test/a/caro"),
            ("sdk/v0.3.0", "0.3.0", "example.test/a/caro/sdk"),
            ("exp/v2.0.1", "2.0.1", "example.test/a/caro/exp/v2"),
            // A name that is no folder's is the root's.
            ("release-1.0.4", "1.0.4", "example.test/a/caro"),
        ] {
            let package = found(&disk, tag, version).unwrap();
            assert_eq!(package.name, expected, "{tag}");
            assert!(package.from_tag && package.all_manifests().is_empty());
            assert_eq!(
                (package.program, package.library),
                (Some(false), Some(true))
            );
            assert_eq!(package.members.len(), 3);
            let released = package.members.iter().filter(|it| it.released);
            assert_eq!(released.count(), 1, "{tag}");
        }
        assert_eq!(found(&disk[2..4], "v1.0.4", "1.0.4"), None);
        // The one folder that has the repository's name.
        let below = [("lib/go.mod", "module example.test/a/caro\n")];
        assert!(found(&below, "v1.0.4", "1.0.4").is_some());
    }

    #[test]
    fn a_major_version_in_a_folder_is_the_one_that_fits() {
        let disk = [ROOT, ("v2/go.mod", "module example.test/a/caro/v2\n")];
        let name = |tag: &str, version: &str| found(&disk, tag, version).unwrap().name;
        assert_eq!(name("v1.0.4", "1.0.4"), "example.test/a/caro");
        assert_eq!(name("v2.0.4", "2.0.4"), "example.test/a/caro/v2");
    }

    #[test]
    fn a_path_that_does_not_say_the_major_version_is_not_served() {
        let release = Release {
            repo: "caro",
            tag: "v3.14.0",
            version: "3.14.0",
            ..Release::default()
        };
        let (package, asked) = project(&read(&[ROOT], &release), &release)
            .unwrap()
            .unwrap();
        assert!(asked.is_empty());
        assert_eq!(package.registry, Registry::Misnamed);
    }

    #[test]
    fn a_set_is_released_together() {
        let sets = "module-sets:\n  stable:\n    version: v1.0.4\n    modules: [example.test/a/caro, example.test/a/caro/sdk]\n";
        let disk = [
            ROOT,
            ("sdk/go.mod", "module example.test/a/caro/sdk\n"),
            ("exp/go.mod", "module example.test/a/caro/exp\n"),
            (sets::FILE, sets),
        ];
        let package = found(&disk, "v1.0.4", "1.0.4").unwrap();
        assert_eq!(
            package.own,
            ["example.test/a/caro", "example.test/a/caro/sdk"]
        );
        let released = package.members.iter().filter(|it| it.released);
        assert_eq!(released.count(), 2);
        // Numbers are compared as the tags have them, without the `v` of the proxy.
        let release = Release {
            repo: "caro",
            tag: "v1.0.4",
            version: "1.0.4",
            ..Release::default()
        };
        let (_, asked) = project(&read(&disk, &release), &release).unwrap().unwrap();
        assert!(asked.iter().all(|it| it.version == "1.0.4"), "{asked:?}");
    }

    #[test]
    fn a_program_is_known_by_its_package_clause() {
        for (path, text, program, library) in [
            ("main.go", "package main\n", true, false),
            ("caro.go", "package main\n", true, false),
            ("cmd/caro/main.go", "package main\n", true, true),
            (
                "cmd/caro/main.go",
                "//go:build ignore\npackage main\n",
                false,
                true,
            ),
            ("main_test.go", "package main\n", false, true),
            ("tool/main.go", "package main\n", false, true),
        ] {
            let package = found(&[ROOT, (path, text)], "v1.0.4", "1.0.4").unwrap();
            assert_eq!(package.program, Some(program), "{path}");
            assert_eq!(package.library, Some(library), "{path}");
        }
    }
}
