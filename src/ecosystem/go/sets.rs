//! `versions.yaml`: which modules of a repository are released together
//! (open-telemetry/opentelemetry-go-build-tools:multimod/README.md).

use std::collections::BTreeMap;

use serde::Deserialize;

/// The file's name, at the root.
pub const FILE: &str = "versions.yaml";

#[derive(Default, Deserialize)]
struct Sets {
    #[serde(default, rename = "module-sets")]
    sets: BTreeMap<String, Set>,
}

#[derive(Default, Deserialize)]
struct Set {
    #[serde(default)]
    modules: Vec<String>,
}

/// The modules that are released with this one; none where the file does not
/// name it, or cannot be read.
pub fn together(text: &str, module: &str) -> Option<Vec<String>> {
    let sets: Sets = crate::edits::yaml::read(text).ok()?;
    let mut sets = sets.sets.into_values();
    let set = sets.find(|set| set.modules.iter().any(|it| it == module))?;
    Some(set.modules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_what_has_one_version() {
        let text = "module-sets:\n  stable:\n    version: v1.0.4\n    modules:\n      - example.test/a/caro\n      - example.test/a/caro/sdk\n  later:\n    version: v0.2.0\n    modules: [example.test/a/caro/exp]\nexcluded-modules:\n  - example.test/a/caro/tools\n";
        let of = |module: &str| together(text, module);
        assert_eq!(
            of("example.test/a/caro/sdk").unwrap(),
            ["example.test/a/caro", "example.test/a/caro/sdk"]
        );
        assert_eq!(of("example.test/a/caro/exp").unwrap().len(), 1);
        assert_eq!(of("example.test/a/caro/tools"), None);
        assert_eq!(together("- a", "a"), None);
    }
}
