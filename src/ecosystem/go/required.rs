//! What a `go.mod` requires otherwise than before.

use std::collections::{BTreeMap, BTreeSet};

use super::gomod;
use crate::ecosystem::package::Required;

/// Whether a file says what is required. `go.sum` follows from it.
pub fn is_one(path: &str) -> bool {
    path.rsplit('/').next() == Some("go.mod")
}

/// What is required, or replaced, otherwise, by module.
pub fn changed(before: &str, after: &str) -> Vec<Required> {
    let (before, after) = (said(before), said(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let one = |name: &String| Required {
        name: name.clone(),
        before: before.get(name).cloned(),
        after: after.get(name).cloned(),
        locked: false,
    };
    let all = names.into_iter().map(one);
    all.filter(|it| it.before != it.after).collect()
}

fn said(text: &str) -> BTreeMap<String, String> {
    let read = gomod::read(text);
    let requires = read.requires.into_iter();
    let mut all: BTreeMap<String, String> = requires.map(|it| (it.path, it.version)).collect();
    for (name, target) in read.replaces {
        let said = all.entry(name).or_default();
        let space = if said.is_empty() { "" } else { " " };
        said.push_str(&format!("{space}=> {target}"));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_replacements_are_requirements() {
        let before = "require (\n\ta.test/x v1.0.0\n\ta.test/y v1.0.0\n\ta.test/z v1.0.0\n)\n";
        let after = "require (\n\ta.test/x v1.0.1 // indirect\n\ta.test/y v1.0.0\n\ta.test/n v0.1.0\n)\nreplace a.test/y => ../y\n";
        let required = |name: &str, before: Option<&str>, after: Option<&str>| Required {
            name: name.to_owned(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
            locked: false,
        };
        assert_eq!(
            changed(before, after),
            [
                required("a.test/n", None, Some("v0.1.0")),
                required("a.test/x", Some("v1.0.0"), Some("v1.0.1")),
                required("a.test/y", Some("v1.0.0"), Some("v1.0.0 => ../y")),
                required("a.test/z", Some("v1.0.0"), None),
            ]
        );
        assert!(is_one("sub/go.mod") && !is_one("go.sum"));
    }
}
