//! Where a package says that its version comes from.

use toml_edit::{Item, TableLike};

/// Where the version comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Declared {
    /// It stands in the manifest.
    Here,
    /// From the tag, by this tool: it stands nowhere.
    Tag(&'static str),
    /// From these files, from the package's folder.
    Files(Vec<String>),
    /// From this attribute of a module, such as `pond.__version__`.
    Attribute(String),
    /// From the module's `__version__`.
    Module,
    /// From another kind's manifest, such as `Cargo.toml`.
    Other(&'static str),
    /// From something that must be run.
    Computed,
    /// The manifest says nothing.
    #[default]
    Absent,
}

/// Packages that take the version from the tag when the package is built.
const TOOLS: [&str; 13] = [
    "setuptools-scm",
    "hatch-vcs",
    "versioningit",
    "poetry-dynamic-versioning",
    "uv-dynamic-versioning",
    "dunamai",
    "versioneer",
    "setuptools-git-versioning",
    "flit-scm",
    "vcs-versioning",
    "setuptools-git-version",
    "hatch-regex-commit",
    "pbr",
];

/// What a `pyproject.toml` says where the version does not stand in it.
pub fn declared(root: &dyn TableLike) -> Declared {
    let at = |path: &[&str]| find(root, path);
    let text = |path: &[&str]| at(path).and_then(Item::as_str);
    let source = |path: &[&str]| text(path).unwrap_or_default();
    if let Some(hatch) = at(&["tool", "hatch", "version"]) {
        let of = |key: &str| hatch.as_table_like().and_then(|it| it.get(key)?.as_str());
        return match of("source").unwrap_or("regex") {
            "vcs" => Declared::Tag("hatch-vcs"),
            "uv-dynamic-versioning" => Declared::Tag("uv-dynamic-versioning"),
            "versioningit" => Declared::Tag("versioningit"),
            "regex" | "code" => match of("path") {
                Some(path) => Declared::Files(vec![path.to_owned()]),
                None => Declared::Computed,
            },
            "nodejs" => Declared::Other("package.json"),
            _ => Declared::Computed,
        };
    }
    if let Some(version) = at(&["tool", "setuptools", "dynamic", "version"]) {
        let of = |key: &str| version.as_table_like().and_then(|it| it.get(key));
        if let Some(attribute) = of("attr").and_then(Item::as_str) {
            return Declared::Attribute(attribute.to_owned());
        }
        let files = of("file").map(strings).unwrap_or_default();
        return match files.is_empty() {
            true => Declared::Computed,
            false => Declared::Files(files),
        };
    }
    for pdm in [["tool", "pdm", "version", "source"].as_slice()] {
        match source(pdm) {
            "scm" => return Declared::Tag("pdm"),
            "file" => {
                let path = text(&["tool", "pdm", "version", "path"]);
                let path = path.map(|path| vec![path.to_owned()]);
                return path.map_or(Declared::Computed, Declared::Files);
            }
            "call" => return Declared::Computed,
            _ => {}
        }
    }
    if at(&["tool", "pdm", "version", "use_scm"]).is_some() {
        return Declared::Tag("pdm");
    }
    let provider = ["tool", "scikit-build", "metadata", "version", "provider"];
    match source(&provider) {
        "" => {}
        it if it.ends_with(".regex") => {
            let input = text(&["tool", "scikit-build", "metadata", "version", "input"]);
            let input = input.map(|path| vec![path.to_owned()]);
            return input.map_or(Declared::Computed, Declared::Files);
        }
        it if it.ends_with(".setuptools_scm") => return Declared::Tag("setuptools-scm"),
        _ => return Declared::Computed,
    }
    if let Some(tool) = tool(root) {
        return Declared::Tag(tool);
    }
    match source(&["build-system", "build-backend"]) {
        it if it.starts_with("flit_core") || it.starts_with("flit.") => Declared::Module,
        "maturin" => Declared::Other("Cargo.toml"),
        "mesonpy" => Declared::Other("meson.build"),
        _ => Declared::Absent,
    }
}

/// The tool that takes the version from the tag, whatever stands in the manifest.
pub fn overrides(root: &dyn TableLike) -> Option<&'static str> {
    let tool = find(root, &["tool", "poetry-dynamic-versioning"])?.as_table_like()?;
    let enabled = tool.get("enable").and_then(Item::as_bool) == Some(true);
    enabled.then_some("poetry-dynamic-versioning")
}

fn tool(root: &dyn TableLike) -> Option<&'static str> {
    let settings = |name: &str| {
        let name = name.replace('-', "_");
        find(root, &["tool", &name]).is_some()
    };
    let requires = find(root, &["build-system", "requires"]).map(strings);
    let requires: Vec<String> = requires
        .unwrap_or_default()
        .iter()
        .map(|it| super::requirement::name(it))
        .collect();
    let backend = find(root, &["build-system", "build-backend"]).and_then(Item::as_str);
    let backend = backend.unwrap_or_default();
    TOOLS.into_iter().find(|tool| {
        let is = |name: &String| name == tool;
        requires.iter().any(is) || settings(tool) || super::names::normal(backend).starts_with(tool)
    })
}

/// An item below tables.
pub fn find<'d>(root: &'d dyn TableLike, path: &[&str]) -> Option<&'d Item> {
    let (first, rest) = path.split_first()?;
    let item = root.get(first)?;
    match rest.is_empty() {
        true => Some(item),
        false => find(item.as_table_like()?, rest),
    }
}

/// A string, or a list of them.
pub fn strings(item: &Item) -> Vec<String> {
    if let Some(one) = item.as_str() {
        return vec![one.to_owned()];
    }
    let all = item.as_array().into_iter().flatten();
    all.filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits::splice::parse;

    fn of(text: &str) -> Declared {
        declared(parse(text).unwrap().as_table())
    }

    #[test]
    fn where_a_dynamic_version_comes_from() {
        let file = |path: &str| Declared::Files(vec![path.to_owned()]);
        for (text, from) in [
            ("[tool.hatch.version]\npath = 'a/b.py'", file("a/b.py")),
            (
                "[tool.hatch.version]\nsource = 'vcs'",
                Declared::Tag("hatch-vcs"),
            ),
            (
                "[tool.hatch]\nversion.source = 'regex'\nversion.path = 'v'",
                file("v"),
            ),
            (
                "[tool.setuptools.dynamic]\nversion = {attr = 'a.__version__'}",
                Declared::Attribute("a.__version__".to_owned()),
            ),
            (
                "[tool.setuptools.dynamic]\nversion = {file = ['V.txt']}",
                file("V.txt"),
            ),
            (
                "[tool.setuptools.dynamic.version]\nfile = 'V.txt'",
                file("V.txt"),
            ),
            ("[tool.setuptools_scm]", Declared::Tag("setuptools-scm")),
            (
                "[build-system]\nrequires = ['setuptools', 'setuptools_scm[toml]>=6']",
                Declared::Tag("setuptools-scm"),
            ),
            (
                "[tool.versioningit.vcs]\nmethod = 'git'",
                Declared::Tag("versioningit"),
            ),
            ("[tool.pdm.version]\nsource = 'scm'", Declared::Tag("pdm")),
            (
                "[tool.pdm]\nversion = {source = 'file', path = 'a.py'}",
                file("a.py"),
            ),
            ("[tool.pdm.version]\nsource = 'call'", Declared::Computed),
            (
                "[build-system]\nbuild-backend = 'flit_core.buildapi'",
                Declared::Module,
            ),
            (
                "[build-system]\nbuild-backend = 'maturin'",
                Declared::Other("Cargo.toml"),
            ),
            ("[project]\nname = 'a'", Declared::Absent),
        ] {
            assert_eq!(of(text), from, "{text}");
        }
    }
}
