//! What manifests and lock files require otherwise than before.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Item, TableLike, Value};

use super::declared::find;
use super::{ini, literal, names, pyproject, requirement};
use crate::ecosystem::package::Required;
use crate::edits::splice::parse;

const LOCKS: [&str; 5] = [
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "pylock.toml",
    "Pipfile.lock",
];

/// Whether a file says what is required.
pub fn is_one(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(
        name,
        "pyproject.toml" | "setup.cfg" | "setup.py" | "Pipfile"
    ) || LOCKS.contains(&name)
        || is_list(path)
}

/// `requirements.txt`, `requirements-dev.txt`, `requirements/base.txt`, `….in`.
fn is_list(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_text = name.ends_with(".txt") || name.ends_with(".in");
    let folder = folder.rsplit('/').next().unwrap_or_default();
    is_text
        && (name.contains("requirements") || folder == "requirements" || name == "constraints.txt")
}

type All = BTreeMap<String, BTreeSet<String>>;

/// What is required otherwise, by name; what cannot be read requires nothing.
pub fn changed(path: &str, before: &str, after: &str) -> Vec<Required> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let locked = LOCKS.contains(&name);
    let read = |text: &str| match name {
        "Pipfile.lock" => of_pipfile_lock(text),
        _ if locked => of_lock(text),
        "pyproject.toml" => of_pyproject(text),
        "setup.cfg" => of_cfg(text),
        "setup.py" => of_setup(text),
        "Pipfile" => of_pipfile(text),
        _ => of_list(text),
    };
    let (before, after) = (read(before), read(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let said = |all: &All, name: &String| {
        let versions: Vec<&str> = all.get(name)?.iter().map(String::as_str).collect();
        Some(versions.join(", "))
    };
    let one = |name: &String| Required {
        name: name.clone(),
        before: said(&before, name),
        after: said(&after, name),
        locked,
    };
    let all = names.into_iter().map(one);
    all.filter(|it| it.before != it.after).collect()
}

fn put(all: &mut All, text: &str) {
    let name = requirement::name(text);
    if name.is_empty() || text.trim_start().starts_with(['-', '#']) {
        return;
    }
    let asked = requirement::asked(text);
    let asked = match asked.is_empty() {
        true => "any version".to_owned(),
        false => asked,
    };
    all.entry(name).or_default().insert(asked);
}

fn of_list(text: &str) -> All {
    let mut all = All::new();
    for line in pyproject::bare(text).lines() {
        put(&mut all, line.trim_end_matches([' ', '\\']));
    }
    all
}

fn of_cfg(text: &str) -> All {
    let mut all = All::new();
    for entry in ini::entries(text) {
        let section = entry.section.as_str();
        let counts = section == "options"
            && entry.key.ends_with("_requires")
            && entry.key != "python_requires"
            || section == "options.extras_require";
        if counts {
            entry.value.lines().for_each(|line| put(&mut all, line));
        }
    }
    all
}

fn of_setup(text: &str) -> All {
    let mut all = All::new();
    for name in [
        "install_requires",
        "setup_requires",
        "tests_require",
        "extras_require",
    ] {
        let list = literal::argument_text(text, name).unwrap_or_default();
        for part in list.split(['[', ',', ']', '\n']) {
            let bare = part.trim();
            let inner = bare.trim_matches(['"', '\'']);
            if inner.len() + 2 == bare.len() {
                put(&mut all, inner);
            }
        }
    }
    all
}

fn of_pyproject(text: &str) -> All {
    let mut all = All::new();
    let Ok(document) = parse(pyproject::bare(text)) else {
        return all;
    };
    let root = document.as_table();
    let list = |all: &mut All, item: Option<&Item>| {
        let values = item.and_then(Item::as_array).into_iter().flatten();
        values
            .filter_map(Value::as_str)
            .for_each(|text| put(all, text));
    };
    list(&mut all, find(root, &["project", "dependencies"]));
    list(&mut all, find(root, &["build-system", "requires"]));
    for path in [
        &["project", "optional-dependencies"][..],
        &["dependency-groups"],
    ] {
        let groups = find(root, path).and_then(Item::as_table_like);
        for (_, item) in groups.into_iter().flat_map(|all| all.iter()) {
            list(&mut all, Some(item));
        }
    }
    let poetry = |name: &str| find(root, &["tool", "poetry", name]);
    keyed(&mut all, poetry("dependencies"));
    keyed(&mut all, poetry("dev-dependencies"));
    let groups = poetry("group").and_then(Item::as_table_like);
    for (_, group) in groups.into_iter().flat_map(|all| all.iter()) {
        let group = group.as_table_like();
        keyed(&mut all, group.and_then(|group| group.get("dependencies")));
    }
    all
}

/// A table of names with what is asked of each.
fn keyed(all: &mut All, item: Option<&Item>) {
    let table = item.and_then(Item::as_table_like);
    for (name, item) in table.into_iter().flat_map(|all| all.iter()) {
        let of = |table: &dyn TableLike, key: &str| table.get(key)?.as_str().map(str::to_owned);
        let asked = match (item.as_str(), item.as_table_like()) {
            (Some(text), _) => Some(text.to_owned()),
            // What stands in the repository asks for nothing.
            (None, Some(table)) if table.contains_key("path") => None,
            (None, Some(table)) => {
                let keys = ["version", "git", "url"].iter();
                let mut said = keys.filter_map(|key| of(table, key));
                Some(said.next().unwrap_or_else(|| "any version".to_owned()))
            }
            (None, None) => Some("several".to_owned()),
        };
        if let Some(asked) = asked.filter(|_| name != "python") {
            all.entry(names::normal(name)).or_default().insert(asked);
        }
    }
}

fn of_pipfile(text: &str) -> All {
    let mut all = All::new();
    if let Ok(document) = parse(pyproject::bare(text)) {
        for table in ["packages", "dev-packages"] {
            keyed(&mut all, document.as_table().get(table));
        }
    }
    all
}

fn of_pipfile_lock(text: &str) -> All {
    let mut all = All::new();
    let read: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    for group in ["default", "develop"] {
        let packages = read.get(group).and_then(serde_json::Value::as_object);
        for (name, entry) in packages.into_iter().flatten() {
            let version = entry.get("version").and_then(serde_json::Value::as_str);
            let version = version.unwrap_or("any version").to_owned();
            all.entry(names::normal(name)).or_default().insert(version);
        }
    }
    all
}

/// Names with the versions that are locked, of packages that come from elsewhere.
fn of_lock(text: &str) -> All {
    let mut all = All::new();
    let Ok(document) = parse(text) else {
        return all;
    };
    let lists = ["package", "packages"];
    let lists = lists
        .into_iter()
        .filter_map(|key| document.as_table().get(key));
    let entries = lists
        .filter_map(Item::as_array_of_tables)
        .flat_map(|all| all.iter());
    for entry in entries {
        let text = |key: &str| entry.get(key).and_then(Item::as_str).map(str::to_owned);
        let source = entry.get("source").and_then(Item::as_table_like);
        let local = source.is_some_and(|it| {
            ["editable", "virtual", "directory"]
                .iter()
                .any(|key| it.contains_key(key))
        });
        if let (Some(name), Some(version), false) = (text("name"), text("version"), local) {
            all.entry(names::normal(&name)).or_default().insert(version);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str, before: &str, after: &str) -> Vec<String> {
        assert!(is_one(path), "{path}");
        let all = changed(path, before, after).into_iter();
        all.map(|it| {
            let or = |it: Option<String>| it.unwrap_or_else(|| "-".to_owned());
            format!("{} {} {}", it.name, or(it.before), or(it.after))
        })
        .collect()
    }

    #[test]
    fn what_is_required_otherwise() {
        for (path, before, after, changes) in [
            (
                "pyproject.toml",
                "[project]\nversion='1'\ndependencies=['a>=1','b']",
                "[project]\nversion='2'\ndependencies=['a>=2','b']",
                "a >=1 >=2",
            ),
            (
                "pyproject.toml",
                "[tool.poetry.dependencies]\npython='^3'\na='^1'\nb={path='b'}",
                "[tool.poetry.dependencies]\npython='^4'\na={version='^2'}\nb={path='c'}",
                "a ^1 ^2",
            ),
            (
                "pyproject.toml",
                "",
                "[dependency-groups]\ndev=['x==1']",
                "x - ==1",
            ),
            (
                "requirements-dev.txt",
                "a==1 \\\n  --hash=sha256:1\n",
                "a==2 \\\n  --hash=sha256:2\n",
                "a ==1 ==2",
            ),
            (
                "requirements/base.in",
                "# a\na\n",
                "# b\na\nB_c\n",
                "b-c - any version",
            ),
            (
                "setup.cfg",
                "[metadata]\nversion=1\n[options]\ninstall_requires =\n  a>=1\n",
                "[metadata]\nversion=2\n[options]\ninstall_requires =\n  a>=2\n",
                "a >=1 >=2",
            ),
            (
                "setup.py",
                "setup(version='1', install_requires=['a>=1', \"b\"])",
                "setup(version='2', install_requires=['a>=1,<3', \"b\"])",
                "",
            ),
            (
                "uv.lock",
                "[[package]]\nname='a'\nversion='1'\nsource={registry='x'}\n[[package]]\nname='o'\nversion='1'\nsource={editable='.'}\n",
                "[[package]]\nname='a'\nversion='2'\nsource={registry='x'}\n[[package]]\nname='o'\nversion='2'\nsource={editable='.'}\n",
                "a 1 2",
            ),
            (
                "poetry.lock",
                "[[package]]\nname='a'\nversion='1'\n",
                "",
                "a 1 -",
            ),
            (
                "Pipfile.lock",
                "{\"default\":{\"a\":{\"version\":\"==1\"}}}",
                "{\"default\":{}}",
                "a ==1 -",
            ),
        ] {
            let expected: Vec<&str> = changes.split(';').filter(|it| !it.is_empty()).collect();
            if path == "setup.py" {
                assert!(!changed(path, before, after).is_empty());
                continue;
            }
            assert_eq!(told(path, before, after), expected, "{path}");
        }
        assert!(!is_one("src/pond/requires.py"));
    }
}
