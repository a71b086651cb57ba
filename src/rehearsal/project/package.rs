//! The package of a repository: where its version stands, and whether it is
//! published.

use toml::Table;

use super::package_of::{Kind, Package};
use super::{other, stated};

/// The package that a release is about: a crate, or what else holds its version;
/// else what the tag alone is of, which no manifest holds. `wanted` is what it may
/// be called, `at` the version.
///
/// # Errors
/// In words, when there is no manifest, or none with a package.
pub fn find(
    text: &dyn Fn(&str) -> Option<String>,
    paths: &[String],
    wanted: &str,
    at: Option<&str>,
) -> Result<Package, String> {
    let found = of_cargo(text, paths, wanted, at);
    let fits = |p: &Package| at.is_none_or(|at| is_at(p, at));
    match (found, at) {
        (Ok(found), _) if fits(&found) => Ok(found),
        (found, Some(at)) => match other::find(text, paths, wanted, at) {
            Some(other) => Ok(other),
            None if other::is_there(paths) => {
                found.or_else(|_| Ok(other::of_tag(text, paths, wanted, at)))
            }
            None => found,
        },
        (found, None) => found,
    }
}

/// The crate: that of the root where it has the version `at`, else the one that is
/// called as `wanted`, or has that version; both, where there is none at the root.
fn of_cargo(
    text: &dyn Fn(&str) -> Option<String>,
    paths: &[String],
    wanted: &str,
    at: Option<&str>,
) -> Result<Package, String> {
    let read = |path: &str| -> Option<Table> { toml::from_str(&text(path)?).ok() };
    let fits = |p: &Package| at.is_some_and(|at| is_at(p, at));
    if !paths.iter().any(|p| p == "Cargo.toml") {
        // It stands below the root, and nothing else can be meant.
        let mut found = all(text, paths).into_iter();
        let found = found.find(|p| p.name == wanted && fits(p));
        return found.ok_or_else(|| "no manifest: expected Cargo.toml at the root".to_owned());
    }
    let root = read("Cargo.toml").ok_or("Cargo.toml cannot be read as TOML")?;
    let several = root.contains_key("workspace");
    let own = package(&root, ("Cargo.toml", &root), "Cargo.toml", several);
    if let Some(package) = own.as_ref().filter(|p| fits(p) || !several || at.is_none()) {
        return Ok(package.clone());
    }
    let mut found = all(text, paths);
    // Best first; of equals the one nearest to the root.
    found.sort_by_key(|p| {
        (
            p.name != wanted || !fits(p),
            !fits(p),
            p.name != wanted,
            !p.published,
            p.dir.matches('/').count(),
        )
    });
    let first = found.into_iter().next();
    first.ok_or_else(|| "no manifest with a package and a version".to_owned())
}

/// Whether it has the version of a tag, which may leave out the last zero.
fn is_at(package: &Package, at: &str) -> bool {
    let rest = package.version.strip_prefix(at);
    rest.is_some_and(|rest| rest.is_empty() || rest == ".0" && at.matches('.').count() == 1)
}

/// Every package below the root, the root's own included; manifests that cannot
/// be read are none.
pub fn all(text: &dyn Fn(&str) -> Option<String>, paths: &[String]) -> Vec<Package> {
    let read = |path: &str| -> Option<Table> { toml::from_str(&text(path)?).ok() };
    let is_manifest = |path: &&String| *path == "Cargo.toml" || path.ends_with("/Cargo.toml");
    let manifests = paths.iter().filter(is_manifest);
    let tables: Vec<(&String, Table)> = manifests
        .filter_map(|path| Some((path, read(path)?)))
        .collect();
    // A workspace may stand below the root: the nearest one above counts.
    let is_above = |at: &str, path: &str| path.starts_with(at.trim_end_matches("Cargo.toml"));
    let found = tables.iter().filter_map(|(path, table)| {
        let roots = tables
            .iter()
            .filter(|(at, root)| root.contains_key("workspace") && is_above(at, path));
        let root = roots.max_by_key(|(at, _)| at.len());
        let member = root.is_some() || path.contains('/');
        let (at, root) = root.map_or((*path, table), |(at, root)| (*at, root));
        package(table, (at, root), path, member)
    });
    found.collect()
}

/// The package of a manifest; `root` is that of its workspace, with its path.
fn package(
    table: &Table,
    (at, root): (&str, &Table),
    path: &str,
    in_workspace: bool,
) -> Option<Package> {
    let own = table.get("package")?;
    let shared = |key: &str| root.get("workspace")?.get("package")?.get(key);
    let of = |key: &str| match own.get(key) {
        Some(value) if inherits(value) => shared(key),
        value => value,
    };
    let inherited = own.get("version").is_some_and(inherits);
    let published = match of("publish") {
        Some(toml::Value::Boolean(yes)) => *yes,
        Some(toml::Value::Array(names)) => names.iter().any(|n| n.as_str() == Some("crates-io")),
        _ => true,
    };
    Some(Package {
        kind: Kind::Cargo,
        name: own.get("name")?.as_str()?.to_owned(),
        dir: path
            .trim_end_matches("Cargo.toml")
            .trim_end_matches('/')
            .to_owned(),
        manifest: if inherited { at } else { path }.to_owned(),
        version: of("version")?.as_str()?.to_owned(),
        published,
        in_workspace,
    })
}

fn inherits(value: &toml::Value) -> bool {
    value.get("workspace").and_then(toml::Value::as_bool) == Some(true)
}

/// The version that a manifest holds for its package, or for its workspace.
pub fn version_in(path: &str, manifest: &str) -> Option<String> {
    if !path.ends_with("Cargo.toml") {
        return stated::version_in(path, manifest);
    }
    let table: Table = toml::from_str(manifest).ok()?;
    let own = table.get("package").and_then(|p| p.get("version"));
    let shared = || table.get("workspace")?.get("package")?.get("version");
    let value = own.filter(|v| v.is_str()).or_else(shared)?;
    value.as_str().map(str::to_owned)
}

/// The version that a manifest holds for its workspace.
pub fn shared_version_in(manifest: &str) -> Option<String> {
    let table: Table = toml::from_str(manifest).ok()?;
    let shared = table.get("workspace")?.get("package")?.get("version")?;
    shared.as_str().map(str::to_owned)
}

/// The version that a lock file holds for a package of the repository itself.
pub fn version_locked(lock: &str, package: &str) -> Option<String> {
    let table: Table = toml::from_str(lock).ok()?;
    let all = table.get("package")?.as_array()?;
    let named = |p: &&toml::Value| {
        p.get("name").and_then(toml::Value::as_str) == Some(package) && p.get("source").is_none()
    };
    all.iter()
        .find(named)?
        .get("version")?
        .as_str()
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_crate_is_told_by_its_own_manifest() {
        let own = ("package.json", r#"{"name": "@x/a", "version": "1.0.0"}"#);
        let found = of(&[own], "a", "1.0.0").unwrap();
        assert_eq!(
            (found.name.as_str(), found.manifest.as_str()),
            ("@x/a", "package.json")
        );
        let python = (
            "pyproject.toml",
            "[project]\nname = 'b'\nversion = '1.0.0'\n",
        );
        assert_eq!(
            of(&[python], "b", "1.0.0").unwrap().manifest,
            "pyproject.toml"
        );
        let crate_ = (
            "Cargo.toml",
            "[package]\nname = \"a\"\nversion = \"0.3.0\"\n",
        );
        assert_eq!(
            of(&[crate_, own], "a", "1.0.0").unwrap().manifest,
            "package.json"
        );
        let tagged = of(&[("go.mod", "module x\n")], "x", "1.0.0").unwrap();
        assert_eq!(
            (tagged.manifest.as_str(), tagged.version.as_str()),
            ("", "1.0.0")
        );
        let member = (
            "packages/c/package.json",
            r#"{"name": "c", "version": "1.0.0"}"#,
        );
        let root = ("package.json", r#"{"private": true}"#);
        assert_eq!(of(&[root, member], "c", "1.0.0").unwrap().dir, "packages/c");
        // An older crate whose tag differs is told as it was.
        assert_eq!(of(&[crate_], "a", "1.0.0").unwrap().version, "0.3.0");
    }

    fn of(files: &[(&str, &str)], wanted: &str, at: &str) -> Result<Package, String> {
        let text = |path: &str| {
            let found = files.iter().find(|(p, _)| *p == path);
            found.map(|(_, t)| (*t).to_owned())
        };
        let paths: Vec<String> = files.iter().map(|(p, _)| (*p).to_owned()).collect();
        find(&text, &paths, wanted, Some(at))
    }

    #[test]
    fn the_root_or_the_member_that_fits() {
        let root = (
            "Cargo.toml",
            "[package]\nname = \"a\"\nversion = \"1.0.0\"\n",
        );
        assert_eq!(of(&[root], "x", "1.0.0").unwrap().manifest, "Cargo.toml");
        let files = [
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"*\"]\n[workspace.package]\nversion = \"2.0.0\"\n",
            ),
            (
                "b/Cargo.toml",
                "[package]\nname = \"b\"\nversion = \"0.1.0\"\n",
            ),
            (
                "c/Cargo.toml",
                "[package]\nname = \"c\"\nversion.workspace = true\npublish = false\n",
            ),
            (
                "d/Cargo.toml",
                "[package]\nname = \"d\"\nversion = { workspace = true }\n",
            ),
        ];
        let found = of(&files, "x", "2.0.0").unwrap();
        assert_eq!((found.name.as_str(), found.dir.as_str()), ("d", "d"));
        assert_eq!(
            (found.manifest.as_str(), found.version.as_str()),
            ("Cargo.toml", "2.0.0")
        );
        assert!(!of(&files, "c", "2.0.0").unwrap().published);
        assert_eq!(of(&files, "x", "2.0").unwrap().name, "d");
        assert_ne!(of(&files, "x", "2").unwrap().name, "d");
        assert_eq!(of(&files, "b", "9.9.9").unwrap().manifest, "b/Cargo.toml");
        // A root that is a package of its own does not hide what is released.
        let suite = [
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"*\"]\n[package]\nname = \"suite\"\nversion = \"0.0.0\"\n",
            ),
            (
                "e/Cargo.toml",
                "[package]\nname = \"e\"\nversion = \"3.0.0\"\n",
            ),
        ];
        assert_eq!(of(&suite, "suite", "3.0.0").unwrap().name, "e");
        assert_eq!(of(&suite, "suite", "0.0.0").unwrap().name, "suite");
        // A workspace below the root has the version of what stands in it.
        let below = [
            (
                "core/Cargo.toml",
                "[workspace]\nmembers = [\"core\"]\n[workspace.package]\nversion = \"1.0.0\"\n[package]\nname = \"g\"\nversion.workspace = true\n",
            ),
            (
                "core/core/Cargo.toml",
                "[package]\nname = \"g-core\"\nversion.workspace = true\n",
            ),
            (
                "bindings/c/Cargo.toml",
                "[package]\nname = \"g-c\"\nversion = \"0.1.0\"\n",
            ),
        ];
        let found = of(&below, "g", "1.0.0").unwrap();
        assert_eq!(
            (found.manifest.as_str(), found.dir.as_str()),
            ("core/Cargo.toml", "core")
        );
        assert!(
            of(&[("README", "")], "x", "1.0.0")
                .unwrap_err()
                .contains("no manifest")
        );
    }

    #[test]
    fn versions_are_read() {
        assert_eq!(
            version_in("Cargo.toml", "[workspace.package]\nversion = \"1.2.3\"\n").as_deref(),
            Some("1.2.3")
        );
        let lock = "[[package]]\nname = \"a\"\nversion = \"9.0.0\"\nsource = \"registry\"\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n";
        assert_eq!(version_locked(lock, "a").as_deref(), Some("1.0.0"));
    }
}
