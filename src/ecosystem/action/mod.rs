//! GitHub Actions: `action.yml`. The tag is the version; what stands in a
//! `package.json` beside it is npm's to raise.

use super::files::{Files, Wanted};
use super::kind::Kind;
use super::learnt::Place;
use super::package::{Package, Required};
use super::registry::{Question, Registry};
use super::tasks::Release;
use super::words::{Use, Way, Words};

pub use super::number::{is_above, next};

/// The files at the root that show it.
pub const ROOTS: &[&str] = &["action.yml", "action.yaml"];

/// Manifests beside which an `action.yml` only starts what is released otherwise.
/// A `package.json` is none of them: actions in JavaScript have one.
const OTHERS: [&str; 8] = [
    "Cargo.toml",
    "pyproject.toml",
    "setup.py",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "Chart.yaml",
];

/// Whether a file shows that the repository is an action.
pub fn is_manifest(path: &str) -> bool {
    ROOTS.contains(&path)
}

/// What an action is called is its repository's name.
pub fn root(_path: &str, _manifest: &str) -> (Option<String>, Option<String>) {
    (None, None)
}

/// Nothing further is to be read.
pub fn wanted(_files: &Files, _release: &Release<'_>) -> Option<Wanted> {
    None
}

/// The action; none beside another kind's manifest, unless it is configured.
///
/// # Errors
/// None.
pub fn project(
    files: &Files,
    release: &Release<'_>,
) -> Result<Option<(Package, Vec<Question>)>, String> {
    let tree = files.tree().unwrap_or_default();
    let is_other = |path: &String| OTHERS.contains(&path.as_str()) || is_gemspec(path);
    if !release.kinds.contains(&Kind::Action) && tree.iter().any(is_other) {
        return Ok(None);
    }
    let manifest = ROOTS
        .iter()
        .find(|root| tree.iter().any(|path| path == *root));
    let package = Package {
        kind: Kind::Action,
        name: release.repo.to_owned(),
        manifest: manifest.copied().unwrap_or_default().to_owned(),
        from_tag: true,
        program: Some(false),
        registry: Registry::ByTag,
        ..Package::default()
    };
    Ok(Some((package, Vec::new())))
}

fn is_gemspec(path: &str) -> bool {
    path.ends_with(".gemspec") && !path.contains('/')
}

/// No file of it states a version.
pub fn read(_package: &Package, _path: &str, _text: &str) -> Vec<String> {
    Vec::new()
}

/// No file of it states a version.
///
/// # Errors
/// None.
pub fn edit(
    _package: &Package,
    _path: &str,
    text: &str,
    _from: &str,
    _to: &str,
) -> Result<String, String> {
    Ok(text.to_owned())
}

/// What was learnt is raised, whatever file it is in.
pub fn may_raise(_place: &Place, _text: Option<&str>, _to: &str) -> bool {
    true
}

/// Whether a file says what is required of others: the actions that it starts.
pub fn is_requiring(path: &str) -> bool {
    is_manifest(path)
}

/// Which actions it uses otherwise than before, by name.
pub fn changed(_path: &str, before: &str, after: &str) -> Vec<Required> {
    use std::collections::{BTreeMap, BTreeSet};
    let said = |text: &str| -> BTreeMap<String, BTreeSet<String>> {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, version) in text.lines().filter_map(uses) {
            all.entry(name).or_default().insert(version);
        }
        all
    };
    let (before, after) = (said(before), said(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let joined = |all: &BTreeMap<String, BTreeSet<String>>, name: &String| {
        let versions: Vec<&str> = all.get(name)?.iter().map(String::as_str).collect();
        Some(versions.join(", "))
    };
    let one = |name: &String| Required {
        name: name.clone(),
        before: joined(&before, name),
        after: joined(&after, name),
        locked: false,
    };
    let all = names.into_iter().map(one);
    all.filter(|it| it.before != it.after).collect()
}

/// `uses: owner/name@v4 # v4.1.0`: the action and its version.
fn uses(line: &str) -> Option<(String, String)> {
    let line = line.trim_start().trim_start_matches("- ").trim_start();
    let value = line.strip_prefix("uses:")?.trim();
    let value = value.split(" #").next()?.trim().trim_matches(['"', '\'']);
    let (name, version) = value.split_once('@')?;
    Some((name.to_owned(), version.to_owned()))
}

/// The lines and commands for one version.
pub fn words(used: Use<'_>, package: &str, version: &str) -> Words {
    let (name, tag) = match used {
        Use::ProgramAt(url, tag) | Use::LibraryAt(url, tag) => (of_page(url), tag.to_owned()),
        _ => (package, format!("v{version}")),
    };
    let line = format!("uses: {name}@{tag}");
    let moved = "move the major version's tag, such as v1, back to the last good release";
    Words {
        tool: "GitHub Actions",
        install: line.clone(),
        update: None,
        depend: Some((line, ".github/workflows")),
        verify: format!("grep -rn '{name}@' .github/workflows"),
        raise: Vec::new(),
        build: "git diff --exit-code",
        publish: None,
        withdraw: Way::ByHand(moved.to_owned()),
        restore: Way::ByHand("move the major version's tag forward again".to_owned()),
    }
}

/// Owner and name of a repository's page.
fn of_page(url: &str) -> &str {
    let at = url.rmatch_indices('/').nth(1).map(|(at, _)| at + 1);
    at.and_then(|at| url.get(at..)).unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_stands_for_itself_or_starts_something_else() {
        let release = Release {
            repo: "caro",
            tag: "v4.1.2",
            version: "4.1.2",
            ..Release::default()
        };
        for (tree, is) in [
            (&["action.yml", "package.json", "dist/index.js"][..], true),
            (&["action.yaml", "Dockerfile"], true),
            (&["action.yml", "Cargo.toml"], false),
            (&["action.yml", "caro.gemspec"], false),
            (&["action.yml", "test/x.gemspec"], true),
        ] {
            let mut files = Files::default();
            files.put_tree(tree.iter().map(|path| (*path).to_owned()).collect());
            let found = project(&files, &release).unwrap();
            assert_eq!(found.is_some(), is, "{tree:?}");
            let kinds = [Kind::Action];
            let told = Release {
                kinds: &kinds,
                ..release
            };
            let (package, _) = project(&files, &told).unwrap().unwrap();
            assert!(package.from_tag && package.all_manifests().is_empty());
        }
    }

    #[test]
    fn it_is_used_by_its_page_and_tag() {
        let used = Use::LibraryAt("https://hub.test/harbour/caro", "v4.1.3");
        let words = words(used, "caro", "4.1.3");
        assert_eq!(words.install, "uses: harbour/caro@v4.1.3");
        assert_eq!((words.raise.len(), words.publish), (0, None));
    }

    #[test]
    fn what_it_uses_is_what_it_requires() {
        let text = |version: &str| {
            format!(
                "runs:\n  using: composite\n  steps:\n    - uses: actions/checkout@{version} # v4\n    - uses: ./sub\n"
            )
        };
        let found = changed("action.yml", &text("abc"), &text("def"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name, "actions/checkout");
        assert_eq!(found[0].after.as_deref(), Some("def"));
        assert!(changed("action.yml", &text("abc"), &text("abc")).is_empty());
    }
}
