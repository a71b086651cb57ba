//! Paths of the repository, from its root, with slashes.

/// The folder of a file, without a slash at its end; empty at the root.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path as written in a file of that folder, from the repository's root; none
/// where it leads out of the repository.
pub fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A file of a folder.
pub fn within(folder: &str, file: &str) -> String {
    match folder {
        "" => file.to_owned(),
        folder => format!("{folder}/{file}"),
    }
}

/// Whether a path is this folder, or below it.
pub fn is_below(path: &str, above: &str) -> bool {
    let rest = path.strip_prefix(above);
    above.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a file stands where samples, copies of others' work and what was
/// built stand: what is there counts only where a workspace names it.
pub fn is_aside(path: &str) -> bool {
    const ASIDE: &[&str] = &[
        "fixture",
        "fixtures",
        "node_modules",
        "snapshots",
        "target",
        "test-data",
        "test_data",
        "testdata",
        "third-party",
        "third_party",
        "vendor",
        "vendored",
    ];
    let mut folders = folder(path).split('/');
    folders.any(|folder| ASIDE.contains(&folder.to_ascii_lowercase().as_str()))
}

/// Whether a file stands where nothing is that users get: samples, tests, what
/// measures.
pub fn is_sample(path: &str) -> bool {
    const SAMPLES: &[&str] = &[
        "bench",
        "benches",
        "benchmark",
        "benchmarks",
        "demo",
        "demos",
        "e2e",
        "example",
        "examples",
        "fuzz",
        "playground",
        "sample",
        "samples",
        "spec",
        "test",
        "tests",
        "__tests__",
    ];
    let mut folders = folder(path).split('/');
    let is_one = |folder: &str| SAMPLES.contains(&folder.to_ascii_lowercase().as_str());
    is_aside(path) || folders.any(is_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_from_the_root() {
        assert_eq!(joined("a/b", "../c").as_deref(), Some("a/c"));
        assert_eq!(joined("", "./c/").as_deref(), Some("c"));
        assert_eq!(joined("a", "../../c"), None);
        assert_eq!(joined("a", "..").as_deref(), Some(""));
        assert_eq!(folder("a/b/c"), "a/b");
        assert!(is_below("a/b", "a") && is_below("a", "a") && is_below("a", ""));
        assert!(!is_below("ab", "a"));
        assert!(is_aside("tests/Fixtures/a/Cargo.toml") && !is_aside("target"));
        assert!(is_sample("Examples/a/package.json") && is_sample("a/fixtures/b/go.mod"));
        assert!(!is_sample("examples") && !is_sample("testing-tools/go.mod"));
    }
}
