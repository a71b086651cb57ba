//! What gemspecs, Gemfiles and lock files require otherwise than before.

use std::collections::{BTreeMap, BTreeSet};

use super::lock;
use super::source::{lines, strings};
use crate::ecosystem::package::Required;

/// Whether a file says what is required.
pub fn is_one(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "Gemfile" | "gems.rb")
        || name.ends_with(".gemfile")
        || name.ends_with(".gemspec")
        || lock::is_one(path)
}

type All = BTreeMap<String, BTreeSet<String>>;

/// What is required otherwise, by name; what cannot be read requires nothing.
pub fn changed(path: &str, before: &str, after: &str) -> Vec<Required> {
    let locked = lock::is_one(path);
    let read = |text: &str| match locked {
        true => {
            let mut all = All::new();
            for (name, version) in lock::others(text) {
                all.entry(name).or_default().insert(version);
            }
            all
        }
        false => of_source(text),
    };
    let (before, after) = (read(before), read(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let said = |all: &All, name: &String| {
        let versions: Vec<&str> = all.get(name)?.iter().map(String::as_str).collect();
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

/// `gem "name", "~> 1"` and `add_dependency "name", "~> 1"`.
fn of_source(text: &str) -> All {
    let mut all = All::new();
    for (_, line) in lines(text) {
        let is_gem = line.trim_start().starts_with("gem ") || line.trim_start().starts_with("gem(");
        if !is_gem && !line.contains("_dependency") {
            continue;
        }
        let line = line.split(" #").next().unwrap_or(line);
        let mut strings = strings(line).map(|(_, value)| value);
        let Some(name) = strings.next() else {
            continue;
        };
        let asked: Vec<&str> = strings.collect();
        let asked = match asked.is_empty() {
            true => "any version".to_owned(),
            false => asked.join(", "),
        };
        all.entry(name.to_owned()).or_default().insert(asked);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_required_otherwise() {
        for (path, before, after, changes) in [
            (
                "Gemfile",
                "gem 'a', '~> 1'\ngem 'b'\n",
                "gem 'a', '~> 2' # new\ngem 'b'\n",
                ["a", "~> 1", "~> 2"],
            ),
            (
                "pond.gemspec",
                "s.version = '1'\ns.add_dependency \"a\", \">= 1\", \"< 3\"\n",
                "s.version = '2'\n",
                ["a", ">= 1, < 3", "-"],
            ),
            (
                "Gemfile.lock",
                "GEM\n  specs:\n    a (1)\n",
                "GEM\n  specs:\n    a (2)\n",
                ["a", "1", "2"],
            ),
        ] {
            assert!(is_one(path));
            let all = changed(path, before, after);
            let or = |it: &Option<String>| it.clone().unwrap_or_else(|| "-".to_owned());
            let told: Vec<[String; 3]> = all
                .iter()
                .map(|it| [it.name.clone(), or(&it.before), or(&it.after)])
                .collect();
            assert_eq!(told, [changes.map(str::to_owned)], "{path}");
        }
        assert!(!is_one("lib/pond/version.rb"));
    }
}
