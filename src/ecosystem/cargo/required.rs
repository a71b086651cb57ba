//! What manifests and lock files require otherwise than before.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Document, Item};

use super::dependencies;
use super::paths::is_lock;
use crate::ecosystem::package::Required;
use crate::edits::splice::parse;

/// Whether a file says what is required.
pub fn is_one(path: &str) -> bool {
    is_lock(path) || name(path) == "Cargo.toml"
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What is required otherwise, by name; what cannot be read requires nothing.
pub fn changed(path: &str, before: &str, after: &str) -> Vec<Required> {
    let locked = is_lock(path);
    let read = |text: &str| match locked {
        true => of_lock(text),
        false => of_manifest(text),
    };
    let (before, after) = (read(before), read(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let said = |all: &BTreeMap<String, BTreeSet<String>>, name: &String| {
        let versions = all.get(name)?;
        let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
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

/// Names with the versions that are asked for; of what stands in the repository
/// nothing is asked.
fn of_manifest(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let Ok(document) = parse(text) else {
        return all;
    };
    for dependency in dependencies::all(&document) {
        if dependency.path.is_some() {
            continue;
        }
        let version = dependency.version.and_then(|it| it.as_str());
        let version = version.unwrap_or("without a version").to_owned();
        let name = dependency.name.to_owned();
        all.entry(name).or_default().insert(version);
    }
    all
}

/// Names with the versions that are locked, of packages that come from elsewhere.
fn of_lock(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let Ok(document): Result<Document<&str>, _> = parse(text) else {
        return all;
    };
    let packages = document.as_table().get("package");
    let packages = packages.and_then(Item::as_array_of_tables);
    for entry in packages.into_iter().flat_map(|all| all.iter()) {
        let text = |key: &str| entry.get(key).and_then(Item::as_str).map(str::to_owned);
        if let (Some(name), Some(version), Some(_)) =
            (text("name"), text("version"), text("source"))
        {
            all.entry(name).or_default().insert(version);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &str, before: &str, after: &str) -> Vec<String> {
        let all = changed(path, before, after).into_iter();
        let of = |it: Option<String>| it.unwrap_or_else(|| "-".into());
        all.map(|it| format!("{} {} {}", it.name, of(it.before), of(it.after)))
            .collect()
    }

    #[test]
    fn what_a_manifest_adds_raises_and_takes_away() {
        let before = "[dependencies]\nserde = \"1.0\"\nold = \"2\"\nown = { path = \"own\", version = \"1.0.4\" }\n\
                      [dev-dependencies]\ninsta = \"1\"\n[target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n";
        let after = "[dependencies]\nserde = { version = \"1.1\", features = [\"rc\"] }\nown = { path = \"own\", version = \"1.0.5\" }\n\
                     new = { package = \"brand-new\", version = \"3\" }\nshared = { workspace = true }\n\
                     [dev-dependencies]\ninsta = \"1\"\n[target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n";
        assert_eq!(
            said("a/Cargo.toml", before, after),
            [
                "brand-new - 3",
                "old 2 -",
                "serde 1.0 1.1",
                "shared - without a version"
            ]
        );
        assert!(said("Cargo.toml", before, before).is_empty());
        assert!(said("Cargo.toml", "not = [toml", "neither").is_empty());
    }

    #[test]
    fn what_a_lock_file_changes_beside_the_repository_s_own() {
        let entry = |name: &str, version: &str, source: bool| {
            let source = match source {
                true => "source = \"registry+https://example.org\"\n",
                false => "",
            };
            format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n{source}\n")
        };
        let before = entry("lantern", "1.0.4", false)
            + &entry("syn", "1.0.0", true)
            + &entry("syn", "2.0.0", true)
            + &entry("gone", "1.0.0", true);
        let after = entry("lantern", "1.0.5", false)
            + &entry("syn", "1.0.0", true)
            + &entry("syn", "2.0.1", true)
            + &entry("come", "0.1.0", true);
        assert_eq!(
            said("Cargo.lock", &before, &after),
            [
                "come - 0.1.0",
                "gone 1.0.0 -",
                "syn 1.0.0, 2.0.0 1.0.0, 2.0.1"
            ]
        );
    }
}
