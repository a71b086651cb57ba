//! Which packages make a workspace.

use std::collections::BTreeMap;

use glob::{MatchOptions, Pattern};

use super::manifest::{self, MANIFEST, Manifest};
use crate::ecosystem::files::Files;
use crate::ecosystem::paths;
use crate::edits::json_at::{self, Node};

/// Where pnpm names the members.
pub const PNPM: &str = "pnpm-workspace.yaml";
/// Where Lerna does.
pub const LERNA: &str = "lerna.json";
/// Of a workspace so many manifests are read: each costs a call.
pub const MANIFESTS: usize = 300;
/// Without a manifest at the root, so many on top are.
const TOPS: usize = 20;

/// The manifests that were read, by path; none of a file that is no JSON.
pub type Manifests = BTreeMap<String, Result<Manifest, String>>;

/// Those among the files.
pub fn manifests(files: &Files) -> Manifests {
    let is_manifest = |path: &str| path.rsplit('/').next() == Some(MANIFEST);
    let found = files.iter().filter(|(path, _)| is_manifest(path));
    found
        .map(|(path, text)| (path.to_owned(), manifest::parse(text)))
        .collect()
}

/// The manifest at the root; without one, those in the folders right below it,
/// and below `packages` and the like.
pub fn tops(tree: &[String]) -> Vec<String> {
    if tree.iter().any(|path| path == MANIFEST) {
        return vec![MANIFEST.to_owned()];
    }
    let mut all: Vec<&String> = tree
        .iter()
        .filter(|path| manifest::is_manifest(path))
        .collect();
    all.sort_by_key(|path| path.matches('/').count());
    let below = |path: &str, above: &str| {
        path != above && paths::is_below(paths::folder(path), paths::folder(above))
    };
    let tops = all
        .iter()
        .filter(|path| !all.iter().any(|above| below(path, above)));
    tops.take(TOPS).map(|path| (*path).clone()).collect()
}

/// The folders that are members, as all tools write them.
fn patterns(files: &Files) -> Vec<String> {
    let mut all = Vec::new();
    let root = files.get(MANIFEST).and_then(|it| manifest::parse(it).ok());
    all.extend(root.and_then(|root| root.workspaces).into_iter().flatten());
    all.extend(files.get(PNPM).map(pnpm).into_iter().flatten());
    let lerna = files.get(LERNA).and_then(|it| json_at::parse(it).ok());
    let lerna = lerna.as_ref().and_then(|it| it.get("packages"));
    let lerna = lerna.into_iter().flat_map(Node::elements);
    all.extend(lerna.filter_map(Node::str).map(str::to_owned));
    all
}

/// The list `packages` of a `pnpm-workspace.yaml`.
fn pnpm(text: &str) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Workspace {
        #[serde(default)]
        packages: Vec<String>,
    }
    let read = crate::edits::yaml::read::<Workspace>(text);
    read.map(|read| read.packages).unwrap_or_default()
}

/// The manifests of the members of the workspace at the root, in order of their
/// paths. What begins with `!` takes away again.
pub fn members(files: &Files, tree: &[String]) -> Vec<String> {
    let options = MatchOptions {
        require_literal_separator: true,
        ..MatchOptions::new()
    };
    let read = |written: &str| {
        let (out, rest) = match written.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, written),
        };
        let folder = paths::joined("", rest)?;
        Some((out, Pattern::new(&folder).ok()?))
    };
    let patterns: Vec<(bool, Pattern)> = patterns(files).iter().filter_map(|it| read(it)).collect();
    let name = format!("/{MANIFEST}");
    let is_member = |path: &&String| {
        let folder = paths::folder(path);
        let fits = |wanted: bool| {
            let mut all = patterns.iter().filter(|(out, _)| *out == wanted);
            all.any(|(_, pattern)| pattern.matches_with(folder, options))
        };
        path.ends_with(&name) && !paths::is_aside(path) && fits(false) && !fits(true)
    };
    let members = tree.iter().filter(is_member);
    members.take(MANIFESTS).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_as_all_tools_write_them() {
        let tree: Vec<String> = [
            "package.json",
            "packages/a/package.json",
            "packages/a/test/fixtures/x/package.json",
            "packages/b/package.json",
            "packages/deep/er/package.json",
            "apps/web/package.json",
            "node_modules/x/package.json",
            "packages/a/node_modules/x/package.json",
        ]
        .map(str::to_owned)
        .to_vec();
        let of = |path: &str, text: &str| {
            let mut files = Files::default();
            files.put(path.to_owned(), Some(text.to_owned()));
            members(&files, &tree)
        };
        let both = ["packages/a/package.json", "packages/b/package.json"];
        assert_eq!(
            of("package.json", r#"{"workspaces": ["./packages/*"]}"#),
            both
        );
        let table = r#"{"workspaces": {"packages": ["packages/*/"]}}"#;
        assert_eq!(of("package.json", table), both);
        assert_eq!(of(PNPM, "packages:\n  - packages/*\n  - '!**/web'\n"), both);
        assert_eq!(of(LERNA, r#"{"packages": ["packages/*"]}"#), both);
        let all = of(PNPM, "packages:\n  - '**'\n  - '!**/er'\n");
        assert_eq!(all.len(), 3, "{all:?}");
        assert!(of(PNPM, "packages: {").is_empty());
        assert!(of("package.json", "{}").is_empty());
    }

    #[test]
    fn without_a_manifest_at_the_root_those_on_top_are_taken() {
        let tree = |paths: &[&str]| -> Vec<String> {
            paths.iter().map(|path| (*path).to_owned()).collect()
        };
        let found = tops(&tree(&[
            "js/package.json",
            "js/a/package.json",
            "docs/package.json",
            "examples/x/package.json",
        ]));
        assert_eq!(found, ["js/package.json"]);
        assert_eq!(tops(&tree(&["a/package.json", MANIFEST])), [MANIFEST]);
    }
}
