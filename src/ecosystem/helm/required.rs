//! What a chart requires otherwise than before.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::ecosystem::package::Required;

#[derive(Default, Deserialize)]
struct Requires {
    #[serde(default)]
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    #[serde(default)]
    version: String,
}

/// Whether a file says what is required.
pub fn is_one(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("Chart.yaml" | "Chart.lock"))
}

/// What is required otherwise, by the chart's name; what cannot be read requires
/// nothing.
pub fn changed(path: &str, before: &str, after: &str) -> Vec<Required> {
    let (before, after) = (said(before), said(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let one = |name: &String| Required {
        name: name.clone(),
        before: before.get(name).cloned(),
        after: after.get(name).cloned(),
        locked: path.ends_with("Chart.lock"),
    };
    let all = names.into_iter().map(one);
    all.filter(|it| it.before != it.after).collect()
}

fn said(text: &str) -> BTreeMap<String, String> {
    let read: Requires = crate::edits::yaml::read(text).unwrap_or_default();
    let all = read.dependencies.into_iter();
    all.map(|it| (it.name, it.version)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_are_required_by_name() {
        let text = |version: &str| {
            format!(
                "name: caro\nversion: 1.0.4\ndependencies:\n- name: redis\n  repository: https://x.test\n  version: {version}\n"
            )
        };
        let found = changed("Chart.yaml", &text("18.0.0"), &text("~18.1"));
        let expected = Required {
            name: "redis".to_owned(),
            before: Some("18.0.0".to_owned()),
            after: Some("~18.1".to_owned()),
            locked: false,
        };
        assert_eq!(found, [expected]);
        assert!(
            changed(
                "Chart.yaml",
                &text("1"),
                &text("1").replace("1.0.4", "1.0.5")
            )
            .is_empty()
        );
        assert!(changed("a/Chart.lock", &text("1"), &text("2"))[0].locked);
        assert!(changed("Chart.yaml", "- a", "{").is_empty());
    }
}
