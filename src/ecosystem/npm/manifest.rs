//! What one `package.json` says.

use semver::Version;

use crate::ecosystem::naming::is_placeholder;
use crate::ecosystem::paths;
use crate::edits::json_at::{self, Node};

/// A manifest's name.
pub const MANIFEST: &str = "package.json";
/// The files at the root that show the kind.
pub const ROOTS: &[&str] = &[MANIFEST];
/// Files that hold the same version beside a manifest, at their top.
pub const BESIDE: [&str; 5] = [
    "jsr.json",
    "deno.json",
    "deno.jsonc",
    "lerna.json",
    "bower.json",
];
/// The lists of what a package requires.
pub const REQUIRES: [&str; 4] = [
    "dependencies",
    "devDependencies",
    "peerDependencies",
    "optionalDependencies",
];
/// The registry that is asked.
const REGISTRY: &str = "registry.npmjs.org";

/// Whether a file shows that the repository is of this kind.
pub fn is_manifest(path: &str) -> bool {
    path.rsplit('/').next() == Some(MANIFEST) && !paths::is_aside(path) && !is_aside(path)
}

/// Whether a package stands where those stand that nobody publishes.
pub fn is_aside(path: &str) -> bool {
    const ASIDE: [&str; 20] = [
        "__tests__",
        "benchmark",
        "benchmarks",
        "demo",
        "demos",
        "doc",
        "docs",
        "e2e",
        "example",
        "examples",
        "integration",
        "playground",
        "playgrounds",
        "sandbox",
        "site",
        "template",
        "templates",
        "test",
        "tests",
        "website",
    ];
    let mut folders = paths::folder(path).split('/');
    folders.any(|folder| ASIDE.contains(&folder.to_ascii_lowercase().as_str()))
}

/// A manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The package's name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Whether npm refuses to publish it.
    pub private: bool,
    /// The registry that it goes to, where that is another one.
    pub elsewhere: Option<String>,
    /// The dist-tag under which it is published, where one is named.
    pub dist_tag: Option<String>,
    /// Whether it brings programs.
    pub program: bool,
    /// Whether others may import it.
    pub library: bool,
    /// The folders of its workspace, as written; none where it is no root of one.
    pub workspaces: Option<Vec<String>>,
    /// Whether semantic-release publishes it: the version is the tag's.
    pub semantic_release: bool,
}

/// Reads a manifest.
///
/// # Errors
/// In words, with the line, where it is no JSON.
pub fn parse(text: &str) -> Result<Manifest, String> {
    let root = json_at::parse(text)?;
    let string = |key: &str| root.get(key).and_then(Node::str).map(str::to_owned);
    let is_there = |key: &str| root.get(key).is_some();
    let other = root.at(&["publishConfig", "registry"]).and_then(Node::str);
    let dist_tag = root.at(&["publishConfig", "tag"]).and_then(Node::str);
    let elsewhere = other.filter(|address| !is_own(address));
    let program = root.get("bin").is_some_and(|bin| {
        bin.str().is_some_and(|bin| !bin.is_empty()) || !bin.members().is_empty()
    });
    let exports = ["main", "module", "exports", "types", "typings", "browser"];
    let requires = |name: &str| REQUIRES.iter().any(|list| root.at(&[list, name]).is_some());
    Ok(Manifest {
        name: string("name").filter(|name| !name.is_empty()),
        version: string("version").filter(|version| !version.is_empty()),
        private: root.get("private").is_some_and(Node::is_true),
        elsewhere: elsewhere.map(str::to_owned),
        dist_tag: dist_tag.filter(|tag| !tag.is_empty()).map(str::to_owned),
        program,
        library: exports.into_iter().any(is_there) || !program,
        workspaces: workspaces(&root),
        semantic_release: requires("semantic-release") || is_there("release"),
    })
}

/// Whether an address is that of npm's own registry.
fn is_own(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    host.eq_ignore_ascii_case(REGISTRY)
}

/// `workspaces`: a list, or a table with `packages`.
fn workspaces(root: &Node) -> Option<Vec<String>> {
    let written = root.get("workspaces")?;
    let list = written.get("packages").unwrap_or(written);
    let folders = list.elements().iter().filter_map(Node::str);
    Some(folders.map(str::to_owned).collect())
}

impl Manifest {
    /// Whether it is published on npm's own registry.
    pub fn is_published(&self) -> bool {
        self.name.is_some() && !self.private && self.elsewhere.is_none()
    }

    /// Whether the version that is written stands for one that is written when
    /// publishing.
    pub fn has_no_version(&self) -> bool {
        match self.version.as_deref() {
            None => true,
            Some(version) => is_placeholder(version) || Version::parse(version).is_err(),
        }
    }
}

/// The package that a manifest names, and its version; a private one without a
/// version names the repository's tools.
pub fn root(_path: &str, manifest: &str) -> (Option<String>, Option<String>) {
    let Ok(read) = parse(manifest) else {
        return (None, None);
    };
    let version = match read.has_no_version() {
        true => None,
        false => read.version.clone(),
    };
    let name = read.name.filter(|_| !read.private || version.is_some());
    (name, version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_manifest_says() {
        let read = parse(
            r#"{"name": "@pond/duck", "version": "1.0.4", "bin": {"duck": "cli.js"},
                "publishConfig": {"registry": "https://registry.npmjs.org/"}}"#,
        )
        .unwrap();
        assert_eq!(read.name.as_deref(), Some("@pond/duck"));
        assert!(read.program && !read.library && read.is_published());
        let private = parse(r#"{"private": true, "workspaces": {"packages": ["a/*"]}}"#).unwrap();
        assert!(!private.is_published() && private.has_no_version());
        assert_eq!(private.workspaces, Some(vec!["a/*".to_owned()]));
        let other = parse(
            r#"{"name": "a", "main": "x", "publishConfig": {"registry": "https://npm.pkg.github.com", "tag": "latest-1"}}"#,
        )
        .unwrap();
        assert_eq!(other.dist_tag.as_deref(), Some("latest-1"));
        assert!(!other.is_published() && other.library);
        assert!(parse("{").is_err());
        for (version, none) in [
            ("1.0.4", false),
            ("0.0.0-development", true),
            ("0.0.0-semantically-released", true),
            ("", true),
            ("workspace", true),
        ] {
            let read = parse(&format!("{{\"version\": \"{version}\"}}")).unwrap();
            assert_eq!(read.has_no_version(), none, "{version}");
        }
    }

    #[test]
    fn the_root_names_what_is_released() {
        let of = |text: &str| {
            let (name, version) = root(MANIFEST, text);
            (name.unwrap_or_default(), version.unwrap_or_default())
        };
        let owned = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        assert_eq!(
            of(r#"{"name": "a", "version": "1.0.4"}"#),
            owned("a", "1.0.4")
        );
        assert_eq!(of(r#"{"name": "a", "private": true}"#), owned("", ""));
        let raised = r#"{"name": "a", "private": true, "version": "1.0.4"}"#;
        assert_eq!(of(raised), owned("a", "1.0.4"));
        assert_eq!(of("{"), owned("", ""));
    }
}
