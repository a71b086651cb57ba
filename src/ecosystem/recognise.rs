//! What a repository is, by the names of its files: those that are of no kind with
//! rules of its own are released by their tag.

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
    ("gleam.toml", "a Gleam package"),
    ("shard.yml", "a Crystal shard"),
    (".nimble", "a Nim package"),
    ("galaxy.yml", "an Ansible collection"),
    (".rockspec", "a Lua rock"),
    ("CMakeLists.txt", "a C or C++ project"),
    ("meson.build", "a C or C++ project"),
    ("configure.ac", "a C or C++ project"),
    ("Chart.yaml", "a Helm chart"),
    ("action.yml", "a GitHub Action"),
    ("action.yaml", "a GitHub Action"),
    ("Dockerfile", "a Docker image"),
    ("Makefile", "a project with a Makefile"),
    ("VERSION", "a project with a file VERSION"),
    ("install.sh", "a project with a script that installs it"),
    (".tf", "a Terraform module"),
    (".lua", "a Lua project"),
    (".vim", "a Vim plugin"),
    (".el", "an Emacs package"),
    (".sh", "a project of shell scripts"),
    (".bash", "a project of shell scripts"),
    (".zsh", "a project of shell scripts"),
];

/// Of these a repository of any language may have one.
const ANYBODYS: &[&str] = &[
    "Dockerfile",
    "Makefile",
    "VERSION",
    ".tf",
    ".lua",
    ".vim",
    ".el",
    ".sh",
    ".bash",
    ".zsh",
];

/// What a repository is that has no manifest of a supported kind: at the root
/// first, then in the first folder below that has a sign.
pub fn other(tree: &[String]) -> Option<(&'static str, &str)> {
    let depth = |path: &str| path.matches('/').count();
    [0, 1, 2].into_iter().find_map(|at| {
        SIGNS.iter().find_map(|(sign, what)| {
            let path = tree.iter().find(|p| depth(p) == at && fits(p, sign))?;
            Some((*what, path.as_str()))
        })
    })
}

/// The kinds that a repository may be of: those that are configured, else those
/// whose manifests are there; of what is none of them the tag is all there is.
pub fn kinds(tree: &[String], release: &Release<'_>) -> Vec<Kind> {
    if !release.kinds.is_empty() {
        return release.kinds.to_vec();
    }
    let is_there = |kind: &Kind| tree.iter().any(|path| by_kind::is_manifest(*kind, path));
    let all = Kind::ALL.into_iter();
    let found: Vec<Kind> = all.filter(is_there).collect();
    match found.is_empty() && other(tree).is_some() {
        true => vec![Kind::Generic],
        false => found,
    }
}

/// Whether something of no kind with rules of its own stands at the root, so that
/// what is there of a kind are its tools.
pub fn is_other(tree: &[String]) -> bool {
    let is_kinds = |path: &String| Kind::ALL.iter().any(|it| by_kind::is_manifest(*it, path));
    let root = tree.iter().filter(|path| !path.contains('/'));
    let is_anybodys = |path: &str| ANYBODYS.iter().any(|sign| fits(path, sign));
    let mut root = root.filter(|path| !is_kinds(path) && !is_anybodys(path));
    root.any(|path| SIGNS.iter().any(|(sign, _)| fits(path, sign)))
}

fn fits(path: &str, sign: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    match sign.starts_with('.') {
        true => name.ends_with(sign) && name != sign,
        false => name == sign,
    }
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

    fn tree(paths: &[&str]) -> Vec<String> {
        paths.iter().map(|path| (*path).to_owned()).collect()
    }

    #[test]
    fn what_has_no_rules_of_its_own_is_released_by_its_tag() {
        let release = Release::default();
        for (paths, what, path) in [
            (
                &["Makefile", "a.csproj"] as &[&str],
                "a .NET project",
                "a.csproj",
            ),
            (&["composer.json"], "a PHP package", "composer.json"),
            (
                &["Dockerfile", "vendor/a/Cargo.toml"],
                "a Docker image",
                "Dockerfile",
            ),
            (&["x.podspec"], "a CocoaPod", "x.podspec"),
            (&["pkg/mix.exs"], "an Elixir package", "pkg/mix.exs"),
            (&["main.tf", "README.md"], "a Terraform module", "main.tf"),
            (&["lua/tide/init.lua"], "a Lua project", "lua/tide/init.lua"),
            (
                &["tide.sh", "tide.plugin.zsh"],
                "a project of shell scripts",
                "tide.sh",
            ),
        ] {
            let tree = tree(paths);
            assert_eq!(other(&tree), Some((what, path)));
            assert_eq!(kinds(&tree, &release), [Kind::Generic], "{what}");
            assert_eq!(unsupported(&tree, &release), None);
        }
        for there in ["a/Cargo.toml", "package.json"] {
            let tree = tree(&[there, "CMakeLists.txt"]);
            assert!(!kinds(&tree, &release).contains(&Kind::Generic));
            assert_eq!(unsupported(&tree, &release), None);
        }
    }

    #[test]
    fn what_nobody_recognises_is_said_in_one_line() {
        let release = Release::default();
        let nothing = unsupported(&tree(&["README.md"]), &release).unwrap();
        assert!(nothing.contains("nothing that I recognise"), "{nothing}");
        assert_eq!(nothing.lines().count(), 1);
    }

    #[test]
    fn beside_what_is_released_a_kinds_manifest_is_a_tool() {
        for (paths, is) in [
            (&["package.json", "composer.json"] as &[&str], true),
            (&["package.json", "CMakeLists.txt"], true),
            (&["package.json", "Makefile", "Dockerfile"], false),
            (&["package.json", "sub/mix.exs"], false),
            (&["Cargo.toml", "action.yml"], false),
        ] {
            assert_eq!(is_other(&tree(paths)), is, "{paths:?}");
        }
    }
}
