//! Manifests of packages that no other kind knows: where each states its version, and
//! what it calls the package. They are read as text, the first version of each alone.

use std::ops::Range;

/// Where a file states its version.
#[derive(Clone, Copy, Debug)]
enum At {
    /// Behind one of these, which a line begins with.
    Line(&'static [&'static str]),
    /// Behind this word, anywhere in a line.
    Word(&'static str),
    /// Behind this word, in the parentheses of this call.
    Call(&'static str, &'static str),
    /// It holds nothing else.
    Whole,
}

/// Files by name, or by how they end (`*`), and where they state the version.
const MANIFESTS: &[(&str, At)] = &[
    ("composer.json", At::Line(&["\"version\":"])),
    ("deno.json", At::Line(&["\"version\":"])),
    ("elm.json", At::Line(&["\"version\":"])),
    ("mix.exs", At::Line(&["version:", "@version"])),
    ("gleam.toml", At::Line(&["version"])),
    ("Project.toml", At::Line(&["version"])),
    ("pubspec.yaml", At::Line(&["version:"])),
    ("shard.yml", At::Line(&["version:"])),
    ("galaxy.yml", At::Line(&["version:"])),
    ("DESCRIPTION", At::Line(&["Version:"])),
    ("*.cabal", At::Line(&["version:", "Version:"])),
    ("*.opam", At::Line(&["version:"])),
    ("*.nimble", At::Line(&["version"])),
    ("dune-project", At::Line(&["(version"])),
    ("build.zig.zon", At::Line(&[".version"])),
    ("*.app.src", At::Line(&["{vsn,"])),
    ("*.podspec", At::Word(".version")),
    ("*.csproj", At::Line(XML)),
    ("*.fsproj", At::Line(XML)),
    ("*.vbproj", At::Line(XML)),
    ("*.props", At::Line(XML)),
    ("*.nuspec", At::Line(&["<version>"])),
    ("meson.build", At::Call("project", "version")),
    ("CMakeLists.txt", At::Call("project", "VERSION")),
    ("configure.ac", At::Call("AC_INIT", ",")),
    ("VERSION", At::Whole),
    ("VERSION.txt", At::Whole),
    ("version.txt", At::Whole),
];

const XML: &[&str] = &["<Version>", "<VersionPrefix>", "<PackageVersion>"];

/// Folders of what is not released.
const ASIDE: &[&str] = &[
    "test",
    "tests",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "docs",
    "doc",
    "vendor",
    "fixtures",
    "testdata",
    "third_party",
    "bench",
    "benchmarks",
    "extern",
    "deps",
];

/// So many are read: each costs a call.
const MOST: usize = 24;

/// A package has its manifest no deeper.
const DEPTH: usize = 2;

fn file(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn at(path: &str) -> Option<At> {
    let name = file(path);
    let fits = |row: &str| match row.strip_prefix('*') {
        Some(end) => name.ends_with(end) && name.len() > end.len(),
        None => name == row,
    };
    let found = MANIFESTS.iter().find(|(row, _)| fits(row));
    let at = found.map(|(_, at)| *at)?;
    // What is called so elsewhere may be of anything.
    (!matches!(at, At::Whole) || name == path).then_some(at)
}

/// The manifests of a tree, those at the root first.
pub fn all(tree: &[String]) -> Vec<String> {
    let is_one = |path: &&String| {
        let mut folders = path.split('/').rev().skip(1);
        path.matches('/').count() <= DEPTH
            && at(path).is_some()
            && !folders.any(|it| ASIDE.contains(&it.to_ascii_lowercase().as_str()))
    };
    let mut all: Vec<String> = tree.iter().filter(is_one).cloned().collect();
    all.sort_by_key(|path| (path.matches('/').count(), path.clone()));
    all.truncate(MOST);
    all
}

/// Where a manifest states its version.
pub fn version(path: &str, text: &str) -> Option<Range<usize>> {
    match at(path)? {
        At::Whole => {
            let from = text.len() - text.trim_start().len();
            let found = number(text, from)?;
            (text.trim().len() == found.len()).then_some(found)
        }
        At::Line(keys) => lines(text).find_map(|(start, line)| {
            let bare = line.trim_start();
            let rest = keys.iter().find_map(|key| bare.strip_prefix(key))?;
            behind(text, start + line.len() - rest.len())
        }),
        At::Word(word) => lines(text).find_map(|(start, line)| {
            let at = line.find(word)? + word.len();
            behind(text, start + at)
        }),
        At::Call(name, word) => {
            let call = lines(text).find_map(|(start, line)| {
                let rest = line.get(..name.len())?;
                let is = rest.eq_ignore_ascii_case(name);
                let open = line.get(name.len()..)?.trim_start();
                (is && open.starts_with('(')).then_some(start + line.len() - open.len())
            })?;
            let inside = text.get(call..)?;
            let inside = inside.get(..inside.find(')')?)?;
            let alone = |at: usize| {
                let before = inside.get(..at).and_then(|it| it.chars().next_back());
                word == "," || before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
            };
            let mut found = inside.match_indices(word).filter(|(at, _)| alone(*at));
            let at = found.next()?.0 + word.len();
            behind(text, call + at)
        }
    }
}

/// The version behind what sets it, where nothing else stands between.
fn behind(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let skipped = rest.trim_start_matches([' ', '\t', '\r', '\n', '=', ':', '"', '\'', '[']);
    number(text, at + rest.len() - skipped.len())
}

fn number(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || ".+-".contains(c);
    let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
    let word = rest.get(..end)?;
    let is = word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.');
    is.then_some(from..from + end)
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

/// What a manifest calls its package; none where that is not said in so many words.
pub fn name(path: &str, text: &str) -> Option<String> {
    let value = |key: &str| {
        lines(text).find_map(|(_, line)| {
            let rest = line.trim_start().strip_prefix(key)?;
            let rest = rest.trim_start_matches([' ', '\t', '=', ':', '"', '\'']);
            let is_part = |c: char| c.is_alphanumeric() || "._-/".contains(c);
            let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
            rest.get(..end)
                .filter(|it| !it.is_empty())
                .map(str::to_owned)
        })
    };
    match file(path) {
        "composer.json" => value("\"name\":"),
        "mix.exs" => value("app:").or_else(|| value("@app")),
        "pubspec.yaml" => value("name:"),
        name if name.ends_with(".csproj") => {
            value("<PackageId>").or_else(|| name.strip_suffix(".csproj").map(str::to_owned))
        }
        name => name.strip_suffix(".podspec").map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of each file that is known a text, and what it states.
    const SHOWN: &[(&str, &str, Option<&str>)] = &[
        (
            "composer.json",
            "{\n    \"name\": \"harbour/pond\",\n    \"version\": \"1.0.4\"\n}\n",
            Some("harbour/pond"),
        ),
        ("deno.json", "{\n  \"version\": \"1.0.4\"\n}\n", None),
        ("elm.json", "{\n    \"version\": \"1.0.4\",\n}\n", None),
        (
            "mix.exs",
            "defmodule Pond.MixProject do\n  @version \"1.0.4\"\n\n  def project do\n    [\n      app: :pond,\n      version: @version,\n",
            Some("pond"),
        ),
        (
            "mix.exs",
            "    [\n      app: :pond,\n      version: \"1.0.4\",\n      elixir: \"~> 1.14\"\n",
            Some("pond"),
        ),
        ("gleam.toml", "name = \"pond\"\nversion = \"1.0.4\"\n", None),
        (
            "Project.toml",
            "name = \"Pond\"\nversion = \"1.0.4\"\n",
            None,
        ),
        ("pubspec.yaml", "name: pond\nversion: 1.0.4\n", Some("pond")),
        ("shard.yml", "name: pond\nversion: 1.0.4\n", None),
        ("galaxy.yml", "name: pond\nversion: \"1.0.4\"\n", None),
        ("DESCRIPTION", "Package: pond\nVersion: 1.0.4\n", None),
        (
            "pond.cabal",
            "cabal-version:      2.4\r\nname:               pond\r\nversion:            1.0.4\r\n",
            None,
        ),
        (
            "pond.opam",
            "opam-version: \"2.0\"\nversion: \"1.0.4\"\n",
            None,
        ),
        ("pond.nimble", "version       = \"1.0.4\"\n", None),
        (
            "dune-project",
            "(lang dune 3.0)\n(name pond)\n(version 1.0.4)\n",
            None,
        ),
        (
            "build.zig.zon",
            ".{\n    .name = .pond,\n    .version = \"1.0.4\",\n",
            None,
        ),
        (
            "src/pond.app.src",
            "{application, pond,\n [{description, \"a pond\"},\n  {vsn, \"1.0.4\"},\n",
            None,
        ),
        (
            "Pond.podspec",
            "Pod::Spec.new do |s|\n  s.name = 'Pond'\n  s.version = '1.0.4'\n",
            Some("Pond"),
        ),
        (
            "src/Pond/Pond.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\">\n  <PropertyGroup>\n    <VersionPrefix>1.0.4</VersionPrefix>\n",
            Some("Pond"),
        ),
        (
            "Pond.fsproj",
            "<Project>\n<PropertyGroup>\n<Version>1.0.4</Version>\n",
            None,
        ),
        (
            "Pond.vbproj",
            "<Project>\n<PropertyGroup>\n<Version>1.0.4</Version>\n",
            None,
        ),
        (
            "Directory.Build.props",
            "<Project>\n  <PropertyGroup>\n    <Version>1.0.4</Version>\n",
            None,
        ),
        (
            "pond.nuspec",
            "<package>\n <metadata>\n  <version>1.0.4</version>\n",
            None,
        ),
        (
            "meson.build",
            "project('pond', 'c',\n  meson_version: '>=0.50',\n  version: '1.0.4')\n",
            None,
        ),
        (
            "CMakeLists.txt",
            "cmake_minimum_required(VERSION 3.15)\nproject(pond\n  VERSION 1.0.4\n  LANGUAGES C)\n",
            None,
        ),
        (
            "configure.ac",
            "AC_PREREQ([2.57])\nAC_INIT([pond], [1.0.4], [a@b.test])\n",
            None,
        ),
        ("VERSION", "1.0.4", None),
        ("VERSION.txt", "1.0.4\n", None),
        ("version.txt", "1.0.4\r\n", None),
    ];

    #[test]
    fn every_manifest_that_is_known_states_its_version_and_name() {
        for (path, text, called) in SHOWN {
            let at = version(path, text).unwrap_or_else(|| panic!("{path}"));
            assert_eq!(&text[at], "1.0.4", "{path}");
            assert_eq!(name(path, text).as_deref(), *called, "{path}");
        }
        for (row, _) in MANIFESTS {
            let shown = |(path, ..): &&(&str, &str, Option<&str>)| {
                file(path).ends_with(row.trim_start_matches('*'))
            };
            assert!(SHOWN.iter().any(|it| shown(&it)), "{row} is not shown");
        }
    }

    #[test]
    fn what_is_no_version_is_none() {
        for (path, text) in [
            ("composer.json", "{\n  \"name\": \"a/b\"\n}\n"),
            (
                "mix.exs",
                "      version: version(),\n      elixir: \"~> 1.14\"\n",
            ),
            (
                "src/A.csproj",
                "<PackageReference Include=\"B\" Version=\"1.0.4\" />\n",
            ),
            (
                "CMakeLists.txt",
                "cmake_minimum_required(VERSION 3.15)\nproject(pond C)\n",
            ),
            ("CMakeLists.txt", "project(pond VERSION ${POND_VERSION})\n"),
            ("configure.ac", "AC_INIT([pond], m4_esyscmd([./version]))\n"),
            ("VERSION", "the 1.0.4 of all\n"),
            ("a/VERSION", "1.0.4\n"),
            ("VERSION", "14\n"),
        ] {
            assert_eq!(version(path, text), None, "{path}: {text}");
        }
    }

    #[test]
    fn tests_and_what_stands_deep_is_not_released() {
        let tree = [
            "a/b/c/d.csproj",
            "test/a.csproj",
            "src/a/a.csproj",
            "mix.exs",
            "x.rs",
        ];
        let tree: Vec<String> = tree.iter().map(|path| (*path).to_owned()).collect();
        assert_eq!(all(&tree), ["mix.exs", "src/a/a.csproj"]);
    }
}
