//! What a repository is, by the names of its files: for those that are of no
//! kind that can be released yet.

use super::by_kind;
use super::kind::Kind;
use super::tasks::Release;

/// A sign of a kind: the end of a file's path, and what such a repository is.
/// Those that tell more stand first.
const SIGNS: &[(&str, &str)] = &[
    ("package.json", "an npm package"),
    ("pyproject.toml", "a Python package"),
    ("setup.py", "a Python package"),
    ("setup.cfg", "a Python package"),
    ("go.mod", "a Go module"),
    (".gemspec", "a Ruby gem"),
    ("pom.xml", "a Java project (Maven)"),
    ("build.gradle", "a Java project (Gradle)"),
    ("build.gradle.kts", "a Java project (Gradle)"),
    (".csproj", "a .NET project"),
    (".sln", "a .NET project"),
    ("composer.json", "a PHP package"),
    ("Package.swift", "a Swift package"),
    (".podspec", "a CocoaPod"),
    ("pubspec.yaml", "a Dart package"),
    ("mix.exs", "an Elixir package"),
    ("rebar.config", "an Erlang package"),
    (".cabal", "a Haskell package"),
    ("build.zig", "a Zig package"),
    ("deno.json", "a Deno package"),
    ("DESCRIPTION", "an R package"),
    ("Project.toml", "a Julia package"),
    (".opam", "an OCaml package"),
    ("dune-project", "an OCaml package"),
    (".rockspec", "a Lua rock"),
    ("CMakeLists.txt", "a C or C++ project"),
    ("meson.build", "a C or C++ project"),
    ("configure.ac", "a C or C++ project"),
    ("Chart.yaml", "a Helm chart"),
    ("action.yml", "a GitHub Action"),
    ("action.yaml", "a GitHub Action"),
    ("Dockerfile", "a Docker image"),
    ("Makefile", "a project with a Makefile"),
];

/// What a repository is that has no manifest of a supported kind: at the root
/// first, then in the first folder below that has a sign.
pub fn other(tree: &[String]) -> Option<(&'static str, &str)> {
    let depth = |path: &str| path.matches('/').count();
    let fits = |path: &str, sign: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        match sign.starts_with('.') {
            true => name.ends_with(sign) && name != sign,
            false => name == sign,
        }
    };
    [0, 1, 2].into_iter().find_map(|at| {
        SIGNS.iter().find_map(|(sign, what)| {
            let path = tree.iter().find(|p| depth(p) == at && fits(p, sign))?;
            Some((*what, path.as_str()))
        })
    })
}

/// The kinds that a repository may be of: those that are configured, else those
/// whose manifests are there.
pub fn kinds(tree: &[String], release: &Release<'_>) -> Vec<Kind> {
    if !release.kinds.is_empty() {
        return release.kinds.to_vec();
    }
    let is_there = |kind: &Kind| tree.iter().any(|path| by_kind::is_manifest(*kind, path));
    let all = Kind::ALL.into_iter();
    all.filter(is_there).collect()
}

/// How far below the root the first manifest of a kind stands.
pub fn depth(kind: Kind, tree: &[String]) -> usize {
    let all = tree.iter().filter(|path| by_kind::is_manifest(kind, path));
    let depths = all.map(|path| path.matches('/').count());
    depths.min().unwrap_or_default()
}

/// What can be released, as a phrase.
fn supported() -> String {
    let all: Vec<&str> = Kind::ALL
        .iter()
        .filter_map(|kind| match kind {
            Kind::Cargo => Some("Rust crates (Cargo.toml)"),
            Kind::Npm => Some("npm packages (package.json)"),
            Kind::Python => Some("Python packages (pyproject.toml)"),
            Kind::Go => Some("Go modules (go.mod)"),
            Kind::Ruby => Some("Ruby gems (a gemspec)"),
            Kind::Java => Some("Java projects (Maven, Gradle)"),
            Kind::Helm => Some("Helm charts (Chart.yaml)"),
            Kind::Action => Some("GitHub Actions (action.yml)"),
            Kind::Generic => None,
        })
        .collect();
    match all.as_slice() {
        [only] => format!("only {only} are supported so far"),
        [some @ .., last] => format!("{} and {last} are supported so far", some.join(", ")),
        [] => "nothing is supported so far".to_owned(),
    }
}

/// The way out where no manifest tells.
const GENERIC: &str = "With version.ecosystem = \"generic\" in .github/hotfix.toml the tag alone is the version, and I raise the changelog";

/// In one line, why nothing of this tree can be released; none where it has a
/// manifest of a supported kind.
pub fn unsupported(tree: &[String], release: &Release<'_>) -> Option<String> {
    if !kinds(tree, release).is_empty() {
        return None;
    }
    let is = match other(tree) {
        Some((what, path)) => format!("looks like {what} ({path})"),
        None => "has nothing that I recognise".to_owned(),
    };
    Some(format!("{} {is}; {}. {GENERIC}", release.tag, supported()))
}

/// In one line, that what is there are the repository's own tools.
pub fn nothing_released(tree: &[String], release: &Release<'_>) -> String {
    let is = match other(tree) {
        Some((what, path)) => format!("looks like {what} ({path}), which is not released"),
        None => "has nothing that is released".to_owned(),
    };
    format!("{} {is}. {GENERIC}", release.tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_released_is_named() {
        let tree = |paths: &[&str]| -> Vec<String> {
            paths.iter().map(|path| (*path).to_owned()).collect()
        };
        for (paths, what) in [
            (
                &["Makefile", "a.csproj"] as &[&str],
                "a .NET project (a.csproj)",
            ),
            (
                &["docs/package.json", "composer.json"],
                "a PHP package (composer.json)",
            ),
            (
                &[
                    "Dockerfile",
                    "test/fixtures/a/package.json",
                    "vendor/a/Cargo.toml",
                ],
                "a Docker image (Dockerfile)",
            ),
            (&["x.podspec"], "a CocoaPod (x.podspec)"),
            (&["pkg/mix.exs"], "an Elixir package (pkg/mix.exs)"),
        ] {
            let release = Release {
                repo: "x",
                tag: "v1.0.4",
                version: "1.0.4",
                ..Release::default()
            };
            let words = unsupported(&tree(paths), &release).unwrap();
            assert!(
                words.starts_with(&format!(
                    "v1.0.4 looks like {what}; Rust crates (Cargo.toml)"
                )),
                "{words}"
            );
            assert_eq!(words.lines().count(), 1);
        }
        let release = Release::default();
        let nothing = unsupported(&tree(&["README.md"]), &release).unwrap();
        assert!(nothing.contains("nothing that I recognise"), "{nothing}");
        for there in ["a/Cargo.toml", "package.json"] {
            assert_eq!(unsupported(&tree(&[there]), &release), None);
        }
    }
}
