//! `pyproject.toml`: what it says of the package, and where its version stands.

use toml_edit::{Item, TableLike, Value};

use super::declared::{Declared, declared, find, overrides, strings};
use super::{names, requirement};
use crate::ecosystem::spots::Spot;
use crate::edits::splice::{parse, string_at};

/// What a manifest says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pyproject {
    /// The package's name, as written.
    pub name: Option<String>,
    /// The version that stands in it.
    pub version: Option<String>,
    /// Where the version comes from.
    pub declared: Declared,
    /// Whether it installs programs.
    pub program: bool,
    /// Whether it is kept off the index.
    pub private: bool,
    /// The members of its workspace, as patterns of folders; none where it has
    /// none.
    pub members: Option<Vec<String>>,
    /// Modules that it names.
    pub modules: Vec<String>,
}

/// Tables in which a version of the package stands.
const TABLES: [&[&str]; 2] = [&["project"], &["tool", "poetry"]];

/// Reads a manifest.
///
/// # Errors
/// In words, where it is no TOML.
pub fn read(text: &str) -> Result<Pyproject, String> {
    let document = parse(bare(text)).map_err(not_toml)?;
    let root = document.as_table();
    let text_at = |path: &[&str]| find(root, path).and_then(Item::as_str).map(str::to_owned);
    let first = |key: &str| {
        let mut tables = TABLES.iter();
        tables.find_map(|table| text_at(&[table, [key].as_slice()].concat()))
    };
    let version = first("version");
    let is_there = |path: &[&str]| {
        let item = find(root, path).and_then(Item::as_table_like);
        item.is_some_and(|table| !table.is_empty())
    };
    let list = |path: &[&str]| find(root, path).map(strings).unwrap_or_default();
    let classifiers = [
        list(&["project", "classifiers"]),
        list(&["tool", "poetry", "classifiers"]),
    ];
    let refuses = |path: &[&str]| find(root, path).and_then(Item::as_bool) == Some(false);
    Ok(Pyproject {
        name: first("name"),
        declared: match overrides(root) {
            Some(tool) => Declared::Tag(tool),
            None if version.is_some() => Declared::Here,
            None => declared(root),
        },
        version,
        program: is_there(&["project", "scripts"])
            || is_there(&["project", "gui-scripts"])
            || is_there(&["tool", "poetry", "scripts"])
            || is_there(&["tool", "flit", "scripts"]),
        private: classifiers
            .iter()
            .flatten()
            .any(|it| it.starts_with("Private ::"))
            || refuses(&["tool", "uv", "package"])
            || refuses(&["tool", "poetry", "package-mode"]),
        members: find(root, &["tool", "uv", "workspace", "members"]).map(strings),
        modules: modules(root),
    })
}

fn modules(root: &dyn TableLike) -> Vec<String> {
    let mut all = Vec::new();
    let named = [
        ["tool", "flit", "module", "name"].as_slice(),
        &["tool", "uv", "build-backend", "module-name"],
    ];
    all.extend(
        named
            .into_iter()
            .filter_map(|path| find(root, path))
            .flat_map(strings),
    );
    let poetry = find(root, &["tool", "poetry", "packages"]).and_then(Item::as_array);
    let includes = poetry
        .into_iter()
        .flatten()
        .filter_map(Value::as_inline_table);
    all.extend(includes.filter_map(|it| it.get("include")?.as_str().map(str::to_owned)));
    let listed = [
        ["tool", "setuptools", "packages"].as_slice(),
        &["tool", "setuptools", "py-modules"],
        &["tool", "hatch", "build", "targets", "wheel", "packages"],
    ];
    let paths = listed
        .into_iter()
        .filter_map(|path| find(root, path))
        .flat_map(strings);
    all.extend(paths.map(|path| path.rsplit('/').next().unwrap_or_default().to_owned()));
    all.retain(|name| !name.is_empty() && !name.contains(['.', '*']));
    all
}

/// The versions in it: the package's own, and those that it requires exactly of
/// `own`, the packages that are released with it.
///
/// # Errors
/// In words, where it is no TOML, or a version is written with escapes.
pub fn spots(text: &str, own: &[String]) -> Result<Vec<Spot>, String> {
    let inner = bare(text);
    let shift = text.len() - inner.len();
    let document = parse(inner).map_err(not_toml)?;
    let root = document.as_table();
    let mut all = Vec::new();
    for table in TABLES {
        let path = [table, ["version"].as_slice()].concat();
        let Some(value) = find(root, &path).and_then(Item::as_value) else {
            continue;
        };
        if value.as_str().is_some() {
            let at = string_at(inner, value).ok_or("its version is not a plain string")?;
            all.push(Spot::whole(
                &at.value,
                at.span.start + shift..at.span.end + shift,
            ));
        }
    }
    let own: Vec<String> = own.iter().map(|name| names::normal(name)).collect();
    for value in requirements(root) {
        let Some(at) = string_at(inner, value) else {
            continue;
        };
        if !own.contains(&requirement::name(&at.value)) {
            continue;
        }
        if let Some((version, span)) = requirement::pinned(&at.value) {
            let from = at.span.start + shift;
            all.push(Spot::whole(version, from + span.start..from + span.end));
        }
    }
    Ok(all)
}

/// The strings of all lists of requirements.
fn requirements(root: &dyn TableLike) -> Vec<&Value> {
    let mut lists: Vec<&Item> = Vec::new();
    lists.extend(find(root, &["project", "dependencies"]));
    for groups in [
        &["project", "optional-dependencies"][..],
        &["dependency-groups"],
    ] {
        let groups = find(root, groups).and_then(Item::as_table_like);
        lists.extend(
            groups
                .into_iter()
                .flat_map(|all| all.iter())
                .map(|(_, item)| item),
        );
    }
    let values = lists.into_iter().filter_map(Item::as_array).flatten();
    values.filter(|value| value.as_str().is_some()).collect()
}

/// The text without the mark that some editors put before it.
pub fn bare(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn not_toml((line, message): (usize, String)) -> String {
    format!("it is not valid TOML, line {line}: {message}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_of_a_poetry_project() {
        let text = "\u{feff}[project]\r\nname = \"Pond_Tool\"\r\nversion = \"1.2.3\"\r\n\
            dependencies = [\"core==1.2.3\", \"other==1.2.3\"]\r\n\
            [project.scripts]\r\npond = \"pond:main\"\r\n[tool.poetry]\r\nversion = '1.2.3'\r\n";
        let own = ["Core".to_owned()];
        let found = spots(text, &own).unwrap();
        assert_eq!(found.len(), 3);
        for spot in found {
            assert_eq!(&text[spot.pieces[0].clone()], "1.2.3");
        }
        let read = read(text).unwrap();
        assert_eq!(read.name.as_deref(), Some("Pond_Tool"));
        assert_eq!(read.declared, Declared::Here);
        assert!(read.program && !read.private);
    }

    #[test]
    fn a_tool_may_go_before_what_is_written() {
        let text = "[tool.poetry]\nname = 'a'\nversion = '0.0.0'\npackage-mode = false\n\
            packages = [{include = 'aa', from = 'src'}]\n[tool.poetry-dynamic-versioning]\nenable = true\n";
        let read = read(text).unwrap();
        assert_eq!(read.declared, Declared::Tag("poetry-dynamic-versioning"));
        assert_eq!(read.modules, ["aa"]);
        assert!(read.private);
    }

    #[test]
    fn what_is_kept_off_the_index() {
        for text in [
            "[project]\nname='a'\nclassifiers=['Private :: Do Not Upload']",
            "[tool.uv]\npackage = false",
        ] {
            assert!(read(text).unwrap().private);
        }
        assert!(read("a = ").unwrap_err().contains("line 1"));
    }
}
