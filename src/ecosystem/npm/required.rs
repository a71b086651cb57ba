//! What manifests and lock files require otherwise than before.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::{MANIFEST, REQUIRES};
use crate::ecosystem::package::Required;
use crate::edits::json_at::{self, Node};

/// Lock files, whichever tool writes them.
const LOCKS: [&str; 5] = [
    "bun.lock",
    "npm-shrinkwrap.json",
    "package-lock.json",
    "pnpm-lock.yaml",
    "yarn.lock",
];

/// Whether a file says what is required.
pub fn is_requiring(path: &str) -> bool {
    name(path) == MANIFEST || is_lock(path)
}

fn is_lock(path: &str) -> bool {
    LOCKS.contains(&name(path))
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// By name what is required of it.
type Requires = BTreeMap<String, BTreeSet<String>>;

/// What is required otherwise, by name; what cannot be read requires nothing.
pub fn changed(path: &str, before: &str, after: &str) -> Vec<Required> {
    let read = |text: &str| match name(path) {
        MANIFEST => of_manifest(text),
        "pnpm-lock.yaml" => of_pnpm(text),
        "yarn.lock" => of_yarn(text),
        _ => of_lock(text),
    };
    let (before, after) = (read(before), read(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let said = |all: &Requires, name: &String| {
        let versions = all.get(name)?;
        let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
        Some(versions.join(", "))
    };
    let one = |name: &String| Required {
        name: name.clone(),
        before: said(&before, name),
        after: said(&after, name),
        locked: is_lock(path),
    };
    let all = names.into_iter().map(one);
    all.filter(|it| it.before != it.after).collect()
}

fn put(all: &mut Requires, name: &str, version: &str) {
    let versions = all.entry(name.to_owned()).or_default();
    versions.insert(version.to_owned());
}

fn of_manifest(text: &str) -> Requires {
    let mut all = Requires::new();
    let Ok(root) = json_at::parse(text) else {
        return all;
    };
    for list in REQUIRES {
        for (name, range) in root.get(list).map(Node::members).unwrap_or_default() {
            put(&mut all, name, range.str().unwrap_or_default());
        }
    }
    all
}

/// npm's, of all its versions, and Bun's: `"name": ["name@1.0.4", …]`.
fn of_lock(text: &str) -> Requires {
    let mut all = Requires::new();
    let Ok(root) = json_at::parse(text) else {
        return all;
    };
    for (at, entry) in root.get("packages").map(Node::members).unwrap_or_default() {
        if let Some((name, version)) = entry.elements().first().and_then(Node::str).and_then(split)
        {
            put(&mut all, name, version);
        }
        let Some((_, name)) = at.rsplit_once("node_modules/") else {
            continue;
        };
        if let Some(version) = entry.get("version").and_then(Node::str) {
            put(&mut all, name, version);
        }
    }
    if all.is_empty() {
        installed(&root, 0, &mut all);
    }
    all
}

/// The lists of npm 6, one within the other.
fn installed(node: &Node, depth: usize, all: &mut Requires) {
    for (name, entry) in node
        .get("dependencies")
        .map(Node::members)
        .unwrap_or_default()
    {
        if let Some(version) = entry.get("version").and_then(Node::str) {
            put(all, name, version);
        }
        if depth < 20 {
            installed(entry, depth + 1, all);
        }
    }
}

/// `name@version`, where the name may begin with an `@` of its own.
fn split(text: &str) -> Option<(&str, &str)> {
    let at = text.rfind('@').filter(|at| *at > 0)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The keys of `packages` are `name@1.0.4`, in older files `/name/1.0.4` or
/// `/name@1.0.4`; what is in brackets behind is of its peers.
fn of_pnpm(text: &str) -> Requires {
    let mut all = Requires::new();
    let lines = text.lines().skip_while(|line| *line != "packages:").skip(1);
    let lines = lines.take_while(|line| line.is_empty() || line.starts_with(' '));
    for line in lines {
        let Some(key) = line.strip_prefix("  ").filter(|key| !key.starts_with(' ')) else {
            continue;
        };
        let Some(key) = key.trim_end().strip_suffix(':') else {
            continue;
        };
        let key = key.trim_matches(['\'', '"']);
        let key = key.split('(').next().unwrap_or(key);
        let key = key.strip_prefix('/').unwrap_or(key);
        let parts = split(key).or_else(|| key.rsplit_once('/'));
        if let Some((name, version)) = parts {
            put(&mut all, name, version);
        }
    }
    all
}

/// `name@range, name@range:` above `version "1.0.4"`, or `version: 1.0.4`.
fn of_yarn(text: &str) -> Requires {
    let mut all = Requires::new();
    let mut name = None;
    for line in text.lines() {
        if let Some(key) = line
            .strip_suffix(':')
            .filter(|key| !key.starts_with([' ', '#']))
        {
            let first = key
                .split(',')
                .next()
                .unwrap_or(key)
                .trim()
                .trim_matches('"');
            name = split(first).map(|(name, _)| name);
        } else if let Some(name) = name
            && let Some(rest) = line.strip_prefix("  version")
        {
            let version = rest.trim_start_matches(':').trim().trim_matches('"');
            // Our own are told by their folders.
            if version != "0.0.0-use.local" {
                put(&mut all, name, version);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tools_lock_file_tells_what_changed() {
        let cases: [(&str, &str); 7] = [
            (
                "package.json",
                r#"{"devDependencies": {"@a/b": "V"}, "dependencies": {"c": "^2.0.0"}}"#,
            ),
            (
                "package-lock.json",
                r#"{"packages": {"": {"version": "9.9.9"}, "packages/x": {"version": "1.1.1"}, "node_modules/@a/b": {"version": "V"}, "node_modules/c/node_modules/d": {"version": "3.0.0"}}}"#,
            ),
            (
                "npm-shrinkwrap.json",
                r#"{"lockfileVersion": 1, "dependencies": {"c": {"version": "1.0.0", "dependencies": {"@a/b": {"version": "V"}}}}}"#,
            ),
            (
                "bun.lock",
                "{\"packages\": {\"@a/b\": [\"@a/b@V\", \"\", {}],},}",
            ),
            (
                "pnpm-lock.yaml",
                "lockfileVersion: '9.0'\n\npackages:\n\n  '@a/b@V':\n    resolution: {}\n  c@1.0.0(d@2.0.0):\n    resolution: {}\n\nsnapshots:\n\n  z@V: {}\n",
            ),
            (
                "yarn.lock",
                "# yarn\n\n\"@a/b@^1.0.0\", \"@a/b@^1.0.1\":\n  version \"V\"\n  dependencies:\n    c \"V\"\n",
            ),
            (
                "x/yarn.lock",
                "\"@a/b@npm:^1.0.0\":\n  version: V\n  resolution: \"@a/b@npm:V\"\n\n\"own@workspace:.\":\n  version: 0.0.0-use.local\n",
            ),
        ];
        for (path, text) in cases {
            assert!(is_requiring(path), "{path}");
            let of = |version: &str| text.replace('V', version);
            let found = changed(path, &of("1.0.4"), &of("1.0.5"));
            let expected = Required {
                name: "@a/b".to_owned(),
                before: Some("1.0.4".to_owned()),
                after: Some("1.0.5".to_owned()),
                locked: path != "package.json",
            };
            assert_eq!(found, [expected], "{path}");
            assert!(changed(path, text, text).is_empty());
            let gone = changed(path, &of("1.0.4"), "");
            assert!(gone.iter().all(|it| it.after.is_none()) && !gone.is_empty());
        }
        assert!(!is_requiring("lib/package.js"));
        let old = "packages:\n\n  /@a/b/1.0.4:\n    x: 1\n  /c@1.0.0:\n    x: 1\n";
        let read = of_pnpm(old);
        assert_eq!(read.keys().collect::<Vec<_>>(), ["@a/b", "c"]);
    }
}
