//! Packages that are no crates, read apart from the server: of those whose
//! manifests are plain data.

use super::package_of::Package;

/// The manifests whose version is read.
const READ: [&str; 2] = ["package.json", "pyproject.toml"];
/// What else shows that a repository is of a kind.
const SIGNS: [&str; 8] = [
    "go.mod",
    "setup.py",
    "setup.cfg",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "action.yml",
    "action.yaml",
];
/// Folders of others' work.
const ASIDE: [&str; 4] = ["node_modules", "vendor", "fixtures", "testdata"];

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether something of another kind than Cargo stands at the root.
pub fn is_there(paths: &[String]) -> bool {
    let mut tops = paths.iter().filter(|path| !path.contains('/'));
    let chart = || paths.iter().any(|path| name(path) == "Chart.yaml");
    tops.any(|path| {
        READ.contains(&path.as_str())
            || SIGNS.contains(&path.as_str())
            || path.ends_with(".gemspec")
    }) || chart()
}

/// Name, version, and whether it is published, as a manifest states them.
pub fn stated(path: &str, text: &str) -> Option<(String, String, bool)> {
    match name(path) {
        "package.json" => {
            let text = text.trim_start_matches('\u{feff}');
            let json: serde_json::Value = serde_json::from_str(text).ok()?;
            let of = |key: &str| json.get(key).and_then(serde_json::Value::as_str);
            let private = json.get("private") == Some(&serde_json::Value::Bool(true));
            let name = of("name").unwrap_or_default();
            Some((name.to_owned(), of("version")?.to_owned(), !private))
        }
        "pyproject.toml" => {
            let table: toml::Table = toml::from_str(text).ok()?;
            let tool = || table.get("tool")?.get("poetry");
            let project = table
                .get("project")
                .filter(|it| it.get("version").is_some());
            let project = project.or_else(tool)?;
            let of = |key: &str| project.get(key).and_then(toml::Value::as_str);
            let name = of("name").unwrap_or_default();
            Some((name.to_owned(), of("version")?.to_owned(), true))
        }
        _ => None,
    }
}

/// The package whose manifest holds this version: that of the root, else the one
/// that is called as `wanted`, else the one nearest to the root.
pub fn find(
    text: &dyn Fn(&str) -> Option<String>,
    paths: &[String],
    wanted: &str,
    at: &str,
) -> Option<Package> {
    let is_one = |path: &&String| {
        let aside = path.split('/').any(|folder| ASIDE.contains(&folder));
        READ.contains(&name(path)) && !aside
    };
    let mut all: Vec<(bool, usize, Package)> = paths
        .iter()
        .filter(is_one)
        .filter_map(|path| {
            let (name, version, _) = stated(path, &text(path)?)?;
            let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
            let depth = path.matches('/').count();
            let called = name.rsplit('/').next() == Some(wanted);
            let package = Package {
                name,
                dir: dir.to_owned(),
                manifest: path.clone(),
                version,
                // The stand-in has no registry of its kind to be filled.
                published: false,
                in_workspace: depth > 0,
            };
            let fits = package.version == at;
            fits.then_some((depth > 0 && !called, depth, package))
        })
        .collect();
    all.sort_by_key(|(other, depth, _)| (*other, *depth));
    all.into_iter().next().map(|(.., package)| package)
}

/// What the tag alone is of.
pub fn of_tag(wanted: &str, at: &str) -> Package {
    Package {
        name: wanted.to_owned(),
        dir: String::new(),
        manifest: String::new(),
        version: at.to_owned(),
        published: false,
        in_workspace: false,
    }
}
