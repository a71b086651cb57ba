//! What a crate on crates.io requires is on crates.io: it takes no other. (The Cargo book,
//! *Specifying dependencies*, multiple locations.)

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::rehearsal::project::{Kind, Package};

/// A kind and a name.
pub type Key = (Kind, String);

/// Those of these packages that are not known to be published, and that such a one
/// requires by version, one after another.
pub fn with_them(
    text: &dyn Fn(&str) -> Option<String>,
    all: &[&Package],
    mut known: BTreeSet<Key>,
) -> BTreeSet<Key> {
    let read = |path: &str| -> Table {
        text(path)
            .and_then(|it| toml::from_str(&it).ok())
            .unwrap_or_default()
    };
    let root = read("Cargo.toml");
    let mut open: Vec<Key> = known.iter().cloned().collect();
    let mut found = BTreeSet::new();
    while let Some(key) = open.pop() {
        let crates = all.iter().filter(|it| it.kind == Kind::Cargo);
        let Some(package) = crates
            .clone()
            .find(|it| it.name == key.1 && key.0 == Kind::Cargo)
        else {
            continue;
        };
        let manifest = match package.dir.as_str() {
            "" => "Cargo.toml".to_owned(),
            dir => format!("{dir}/Cargo.toml"),
        };
        let names = required(&read(&manifest), &root);
        for other in crates.filter(|it| names.contains(&it.name)) {
            let key = (Kind::Cargo, other.name.clone());
            if known.insert(key.clone()) {
                found.insert(key.clone());
                open.push(key);
            }
        }
    }
    found
}

/// The crates of the repository that a manifest requires by version where it is built;
/// what it is tested with may be anywhere.
fn required(manifest: &Table, root: &Table) -> BTreeSet<String> {
    let shared = root.get("workspace").and_then(|it| it.get("dependencies"));
    let targets = manifest.get("target").and_then(Value::as_table);
    let targets = targets.into_iter().flat_map(|all| all.values());
    let places = std::iter::once(manifest).chain(targets.filter_map(Value::as_table));
    let tables = places.flat_map(|place| {
        let both = ["dependencies", "build-dependencies"];
        both.into_iter().filter_map(|it| place.get(it)?.as_table())
    });
    let mut names = BTreeSet::new();
    for (key, stated) in tables.flatten() {
        let inherits = stated.get("workspace").and_then(Value::as_bool) == Some(true);
        let stated = match inherits {
            true => shared.and_then(|shared| shared.get(key)),
            false => Some(stated),
        };
        let Some(stated) = stated.and_then(Value::as_table) else {
            continue;
        };
        if stated.contains_key("path") && stated.contains_key("version") {
            let renamed = stated.get("package").and_then(Value::as_str);
            names.insert(renamed.unwrap_or(key).to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_published_crate_requires_by_version_is_published() {
        let files = [
            (
                "Cargo.toml",
                "[workspace.dependencies]\nd = { path = \"d\", version = \"1\" }\n",
            ),
            (
                "a/Cargo.toml",
                "[dependencies]\nbee = { package = \"b\", path = \"../b\", version = \"1\" }\ne = { path = \"../e\" }\nserde = \"1\"\n[dev-dependencies]\nf = { path = \"../f\", version = \"1\" }\n",
            ),
            (
                "b/Cargo.toml",
                "[target.'cfg(unix)'.build-dependencies]\nd.workspace = true\n",
            ),
            (
                "d/Cargo.toml",
                "[dependencies]\na = { path = \"../a\", version = \"1\" }\n",
            ),
            (
                "g/Cargo.toml",
                "[dependencies]\nb = { path = \"../b\", version = \"1\" }\n",
            ),
        ];
        let text = |path: &str| {
            let found = files.iter().find(|(known, _)| *known == path);
            found.map(|(_, text)| (*text).to_owned())
        };
        let package = |name: &str| Package {
            kind: Kind::Cargo,
            name: name.to_owned(),
            dir: name.to_owned(),
            manifest: String::new(),
            version: String::new(),
            published: true,
            in_workspace: true,
        };
        let all = ["a", "b", "d", "e", "f", "g"].map(package);
        let all: Vec<&Package> = all.iter().collect();
        let found = |known: &[&str]| {
            let known = known.iter().map(|it| (Kind::Cargo, (*it).to_owned()));
            let found = with_them(&text, &all, known.collect());
            let names: Vec<String> = found.into_iter().map(|(_, name)| name).collect();
            names.join(" ")
        };
        assert_eq!(found(&["a"]), "b d");
        assert_eq!(found(&["d"]), "a b");
        assert_eq!(found(&["g"]), "a b d");
        assert_eq!(found(&["e"]), "");
    }
}
