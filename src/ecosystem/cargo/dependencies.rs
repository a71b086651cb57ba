//! What a manifest requires, wherever and however it is written.

use toml_edit::{Document, Item, TableLike, Value};

use super::manifest::table;

/// Where a manifest lists what it requires.
const LISTS: [&str; 5] = [
    "dependencies",
    "dev-dependencies",
    "build-dependencies",
    // As they could be spelt before the edition of 2024.
    "dev_dependencies",
    "build_dependencies",
];

/// Something that a manifest requires.
#[derive(Clone, Copy, Debug)]
pub struct Dependency<'d> {
    /// The package's own name.
    pub name: &'d str,
    /// Its folder, as written.
    pub path: Option<&'d str>,
    /// The required version.
    pub version: Option<&'d Value>,
}

/// All that the manifest requires: of the package, of the workspace, for some
/// targets alone.
pub fn all<'d>(document: &'d Document<&str>) -> Vec<Dependency<'d>> {
    let root = document.as_table();
    let mut places: Vec<&dyn TableLike> = vec![root];
    places.extend(table(root.get("workspace")));
    if let Some(targets) = table(root.get("target")) {
        places.extend(targets.iter().filter_map(|(_, target)| table(Some(target))));
    }
    let lists = places
        .into_iter()
        .flat_map(|place| LISTS.map(|list| table(place.get(list))));
    let lists = lists.flatten();
    lists
        .flat_map(|list| list.iter())
        .map(|(key, item)| read(key, item))
        .collect()
}

/// What `[patch]` puts in the place of others, by path.
pub fn patched<'d>(document: &'d Document<&str>) -> Vec<Dependency<'d>> {
    let registries = table(document.as_table().get("patch"));
    let registries = registries.into_iter().flat_map(|all| all.iter());
    registries
        .filter_map(|(_, registry)| table(Some(registry)))
        .flat_map(|all| all.iter())
        .map(|(key, item)| read(key, item))
        .filter(|dependency| dependency.path.is_some())
        .collect()
}

/// What `[replace]` puts in the place of one version, by path: the key as
/// written, such as `pond:1.0.4`, and the folder.
pub fn replaced<'d>(document: &'d Document<&str>) -> Vec<(&'d str, &'d str)> {
    let all = table(document.as_table().get("replace"));
    let all = all.into_iter().flat_map(|all| all.iter());
    all.filter_map(|(key, item)| Some((key, read(key, item).path?)))
        .collect()
}

fn read<'d>(key: &'d str, item: &'d Item) -> Dependency<'d> {
    let of = |name: &str| table(Some(item)).and_then(|all| all.get(name));
    Dependency {
        name: of("package").and_then(Item::as_str).unwrap_or(key),
        path: of("path").and_then(Item::as_str),
        version: match item.as_value() {
            Some(value @ Value::String(_)) => Some(value),
            _ => of("version").and_then(Item::as_value),
        },
    }
}
