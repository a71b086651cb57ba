//! What a repository is, by the names of its files: for those that are of no
//! kind that can be released yet.

use super::cargo::paths;
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

/// In one line, why nothing of this tree can be released; none where it has a
/// manifest of a supported kind.
pub fn unsupported(tree: &[String], release: &Release<'_>) -> Option<String> {
    let manifest = paths::MANIFEST;
    // Samples of other people's projects make it none.
    let is_one =
        |path: &String| path.rsplit('/').next() == Some(manifest) && !paths::is_aside(path);
    if tree.iter().any(is_one) {
        return None;
    }
    let is = match other(tree) {
        Some((what, path)) => format!("looks like {what} ({path})"),
        None => "has nothing that I recognise".to_owned(),
    };
    Some(format!(
        "{} {is}; only Rust crates ({manifest}) are supported so far. With version.ecosystem = \"generic\" in .github/hotfix.toml the tag alone is the version, and I raise the changelog",
        release.tag
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_rust_is_named() {
        let tree = |paths: &[&str]| -> Vec<String> {
            paths.iter().map(|path| (*path).to_owned()).collect()
        };
        for (paths, what) in [
            (
                &["docs/package.json", "pyproject.toml"] as &[&str],
                "a Python package (pyproject.toml)",
            ),
            (
                &["Makefile", "go.mod", "Dockerfile"],
                "a Go module (go.mod)",
            ),
            (
                &["package.json", "action.yml"],
                "an npm package (package.json)",
            ),
            (
                &[
                    "package.json",
                    "test/fixtures/rust/Cargo.toml",
                    "vendor/a/Cargo.toml",
                ],
                "an npm package (package.json)",
            ),
            (&["lib/x.rb", "x.gemspec"], "a Ruby gem (x.gemspec)"),
            (&["pom.xml"], "a Java project (Maven) (pom.xml)"),
            (
                &["action.yml", "Dockerfile"],
                "a GitHub Action (action.yml)",
            ),
            (&["Dockerfile"], "a Docker image (Dockerfile)"),
            (
                &["charts/a/Chart.yaml"],
                "a Helm chart (charts/a/Chart.yaml)",
            ),
        ] {
            let release = Release {
                repo: "x",
                tag: "v1.0.4",
                version: "1.0.4",
                ..Release::default()
            };
            let words = unsupported(&tree(paths), &release).unwrap();
            assert!(
                words.starts_with(&format!("v1.0.4 looks like {what}; only Rust crates")),
                "{words}"
            );
            assert_eq!(words.lines().count(), 1);
        }
        let release = Release::default();
        let nothing = unsupported(&tree(&["README.md"]), &release).unwrap();
        assert!(nothing.contains("nothing that I recognise"), "{nothing}");
        assert_eq!(unsupported(&tree(&["a/Cargo.toml"]), &release), None);
    }
}
