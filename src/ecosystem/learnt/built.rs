//! Built files that stand in the repository beside what they are built of: the
//! `dist/` of an action, the `lib/` of one in TypeScript. The last release
//! changed both together; a fix that changes the sources alone ships the old
//! build.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::paths::is_generated;

/// A built file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Built {
    /// The file.
    pub path: String,
    /// The folder that its sources stand below, with a slash at its end; empty:
    /// the root.
    pub of: String,
}

/// What scripts for browsers and Node are written in.
const SCRIPTS: &[&str] = &[
    "ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "vue", "svelte", "coffee",
];
/// What styles are written in.
const STYLES: &[&str] = &["css", "scss", "sass", "less", "styl"];
/// What is compiled to WebAssembly.
const COMPILED: &[&str] = &["rs", "c", "cc", "cpp", "zig", "go", "as"];
/// Folders of builds, whatever else may stand there.
const FOLDERS: [&str; 4] = ["lib", "build", "out", "pkg"];
/// Tests, examples and documents are built into nothing.
const ASIDE: [&str; 12] = [
    "test",
    "tests",
    "__tests__",
    "spec",
    "e2e",
    "docs",
    "doc",
    "example",
    "examples",
    "fixtures",
    "node_modules",
    "benchmark",
];

fn end(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, end)| end)
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

/// What a built file of this end is built of.
fn sources(path: &str) -> &'static [&'static str] {
    match end(path) {
        "js" | "mjs" | "cjs" | "map" => SCRIPTS,
        "ts" if path.ends_with(".d.ts") => SCRIPTS,
        "css" => STYLES,
        "wasm" => COMPILED,
        _ => &[],
    }
}

/// Whether a path is a source that this file may be built of.
fn is_source(path: &str, built: &Built) -> bool {
    let Some(below) = path.strip_prefix(built.of.as_str()) else {
        return false;
    };
    let aside = below.split('/').any(|part| ASIDE.contains(&part));
    let name = stem(below);
    let test = below.contains(".test.") || below.contains(".spec.") || name.ends_with("_test");
    // What is bundled follows the list of dependencies.
    let listed = below == "package.json" && sources(&built.path) == SCRIPTS;
    let written = sources(&built.path).contains(&end(below)) && !below.ends_with(".d.ts");
    !aside && !test && !is_built(path) && !is_setting(below) && (listed || written)
}

/// Settings of tools, which go into no build.
fn is_setting(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.contains(".config.") || name.contains("rc.") || name.starts_with('.')
}

/// Whether it stands in a folder of builds by its name alone.
fn is_built(path: &str) -> bool {
    is_generated(path)
}

/// The folder above the one of builds, and whether that is one for nothing else.
fn above(path: &str) -> Option<(&str, bool)> {
    let parts: Vec<&str> = path.split('/').collect();
    let folders = parts.get(..parts.len().saturating_sub(1))?;
    let at = folders.iter().position(|it| *it == "dist");
    let (at, certain) = match at {
        Some(at) => (at, true),
        None => (folders.iter().position(|it| FOLDERS.contains(it))?, false),
    };
    let length: usize = folders.iter().take(at).map(|it| it.len() + 1).sum();
    path.get(..length).map(|above| (above, certain))
}

/// The built files among those that a release changed: their sources changed
/// with them. A folder that may hold sources too is one of builds where each file
/// has its source, by the same name, elsewhere.
pub fn built(changed: &[&str]) -> Vec<Built> {
    let one = |path: &&str| {
        let min = path.contains(".min.");
        let (of, certain) = match above(path) {
            Some(found) => found,
            // Beside what it is made of.
            None if min => (path.rsplit_once('/').map_or("", |(f, _)| f), true),
            None => return None,
        };
        let slash = !of.is_empty() && !of.ends_with('/');
        let built = Built {
            path: (*path).to_owned(),
            of: format!("{of}{}", if slash { "/" } else { "" }),
        };
        let mut others = changed.iter().filter(|other| *other != path);
        let found = match certain {
            true => others.any(|other| is_source(other, &built)),
            false => others.any(|other| {
                let folder = |path: &str| above(path).map(|(of, _)| of.to_owned());
                is_source(other, &built)
                    && end(other) != end(path)
                    && stem(other) == stem(path)
                    && folder(other) != folder(path)
            }),
        };
        found.then_some(built)
    };
    changed.iter().filter_map(one).collect()
}

/// The built files that a change leaves as they were although it changes what
/// they are built of: where it touches one build of a folder, it made them all.
pub fn stale<'b>(all: &'b [Built], touched: &[&str]) -> Vec<&'b Built> {
    let made: Vec<&str> = all
        .iter()
        .filter(|built| touched.contains(&built.path.as_str()))
        .map(|built| built.of.as_str())
        .collect();
    let is_stale = |built: &&Built| {
        let others = all.iter().map(|it| it.path.as_str());
        let others: Vec<&str> = others.collect();
        !made.contains(&built.of.as_str())
            && touched
                .iter()
                .any(|path| !others.contains(path) && is_source(path, built))
    };
    all.iter().filter(is_stale).collect()
}

/// The command that builds, as far as this `package.json` tells: by the names
/// that its scripts have everywhere, and its own package manager.
pub fn command(text: &str) -> Option<String> {
    let json: Value = serde_json::from_str(text).ok()?;
    let has = |name: &str| {
        json.pointer("/scripts")
            .and_then(|all| all.get(name))
            .is_some()
    };
    let manager = json.get("packageManager").and_then(Value::as_str);
    let manager = match manager.and_then(|it| it.split('@').next()) {
        Some("pnpm") => "pnpm",
        Some("yarn") => "yarn",
        _ => "npm",
    };
    // What is compiled first, and bundled then.
    let names: Vec<&str> = match ["bundle", "all"].into_iter().find(|name| has(name)) {
        Some(name) => vec![name],
        None => ["build", "package", "dist", "prepare"]
            .into_iter()
            .filter(|name| has(name))
            .take(2)
            .collect(),
    };
    let one = |name: &&str| format!("{manager} run {name}");
    let all: Vec<String> = names.iter().map(one).collect();
    (!all.is_empty()).then(|| all.join(" && "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_that_of_the_package() {
        for (text, expected) in [
            (
                r#"{"scripts": {"build": "tsc", "test": "x"}}"#,
                Some("npm run build"),
            ),
            (
                r#"{"scripts": {"package": "ncc", "build": "tsc"}, "packageManager": "pnpm@9"}"#,
                Some("pnpm run build && pnpm run package"),
            ),
            (
                r#"{"scripts": {"package": "ncc", "all": "x"}}"#,
                Some("npm run all"),
            ),
            (r#"{"scripts": {"test": "x"}}"#, None),
            (r#"{"scripts": "build"}"#, None),
            ("{", None),
        ] {
            assert_eq!(command(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_a_release_builds_and_what_a_fix_forgets() {
        for (released, fix, expected) in [
            // An action, bundled.
            (
                &[
                    "dist/index.js",
                    "dist/index.js.map",
                    "src/main.ts",
                    "package.json",
                ][..],
                &["src/wait.ts", "__tests__/wait.test.ts"][..],
                &["dist/index.js", "dist/index.js.map"][..],
            ),
            (
                &["dist/index.js", "src/main.ts"],
                &["src/main.ts", "dist/index.js"],
                &[],
            ),
            (
                &["dist/index.js", "index.js"],
                &["index.js"],
                &["dist/index.js"],
            ),
            (
                &["dist/main/index.js", "lib/run.js"],
                &["lib/run.js"],
                &["dist/main/index.js"],
            ),
            // By its dependencies alone.
            (
                &["dist/index.js", "package.json"],
                &["package.json"],
                &["dist/index.js"],
            ),
            // A member of a workspace has its own.
            (
                &["a/dist/x.js", "a/src/x.ts", "b/dist/y.js", "b/src/y.ts"],
                &["b/src/z.ts"],
                &["b/dist/y.js"],
            ),
            // Compiled file by file.
            (
                &["lib/main.js", "src/main.ts"],
                &["src/wait.ts"],
                &["lib/main.js"],
            ),
            // A folder of sources that is called so.
            (&["lib/main.js", "lib/other.js"], &["lib/other.js"], &[]),
            (&["lib/main.js", "bin/main.js"], &["lib/main.js"], &[]),
            (&["build/tool.js", "src/other.ts"], &["src/other.ts"], &[]),
            // Styles, and what is small.
            (
                &["dist/a.css", "scss/a.scss"],
                &["scss/b.scss"],
                &["dist/a.css"],
            ),
            (
                &["web/app.min.js", "web/app.js"],
                &["web/app.js"],
                &["web/app.min.js"],
            ),
            (&["pkg/a.wasm", "src/a.rs"], &["src/a.rs"], &["pkg/a.wasm"]),
            // What is built into nothing.
            (
                &["dist/index.js", "src/main.ts"],
                &["tests/a.ts", "docs/a.js"],
                &[],
            ),
            (
                &["dist/index.js", "src/main.ts"],
                &["README.md", "src/a.test.ts"],
                &[],
            ),
            (
                &["dist/index.js", "src/main.ts"],
                &["jest.config.js", ".eslintrc.js"],
                &[],
            ),
            // Of another language.
            (&["book/dist/a.min.js", "src/lib.rs"], &["src/lib.rs"], &[]),
            (&["dist/index.js", "src/lib.rs"], &["src/lib.rs"], &[]),
            // Nothing shows what it is built of.
            (&["dist/index.js", "README.md"], &["src/main.ts"], &[]),
            (&["docs/dist/a.js", "src/a.ts"], &["src/a.ts"], &[]),
        ] {
            let all = built(released);
            let stale: Vec<&str> = stale(&all, fix).iter().map(|it| it.path.as_str()).collect();
            assert_eq!(stale, expected, "{released:?} {fix:?}");
        }
    }
}
