//! Module paths, and the tags that belong to them
//! (golang/website:_content/ref/mod.md, "Major version suffixes" and "Mapping
//! versions to commits").

use semver::Version;

/// The major version that a module's path is for; none where it has no suffix,
/// which is for 0 and 1.
pub fn major(path: &str) -> Option<u64> {
    let last = path.rsplit('/').next().unwrap_or_default();
    let number = match path.starts_with("gopkg.in/") {
        true => last.rsplit_once(".v")?.1,
        false => last.strip_prefix('v').filter(|_| path.contains('/'))?,
    };
    let plain = number == "0" || !number.starts_with('0');
    let number = plain.then_some(number)?.parse().ok()?;
    (path.starts_with("gopkg.in/") || number >= 2).then_some(number)
}

/// Whether the module can be had by this version: its path must say the major
/// version from 2 on.
pub fn fits(path: &str, version: &Version) -> bool {
    match major(path) {
        // `gopkg.in/x.v1` is for 0 too.
        Some(1) => version.major < 2,
        Some(major) => version.major == major,
        None => version.major < 2,
    }
}

/// What stands before `v1.2.3` in the tags of the module of this folder: nothing
/// at the root, else the folder with a slash. A folder for a major version is no
/// part of it.
pub fn prefix(folder: &str, path: &str) -> String {
    let of_major = major(path).map(|major| format!("v{major}"));
    let (above, last) = folder.rsplit_once('/').unwrap_or(("", folder));
    let folder = match of_major.as_deref() == Some(last) {
        true => above,
        false => folder,
    };
    match folder {
        "" => String::new(),
        folder => format!("{folder}/"),
    }
}

/// The path without the suffix for its major version: what people call it.
pub fn stem(path: &str) -> &str {
    match (major(path), path.rsplit_once('/')) {
        (Some(_), Some((stem, _))) if !path.starts_with("gopkg.in/") => stem,
        _ => path,
    }
}

/// The name of the program that `go install` makes of a package: its last element
/// that is no major version.
pub fn program(path: &str) -> &str {
    let stem = stem(path);
    stem.rsplit('/').next().unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_stands_in_the_path() {
        for (path, version, fit) in [
            ("example.test/a/caro", "1.0.4", true),
            ("example.test/a/caro", "0.3.0", true),
            ("example.test/a/caro", "2.0.0", false),
            ("example.test/a/caro/v2", "2.0.1", true),
            ("example.test/a/caro/v2", "3.0.0", false),
            ("example.test/a/caro/v2", "1.0.4", false),
            // No suffix: the folder is called so.
            ("example.test/a/v1", "1.0.4", true),
            ("example.test/a/v02", "1.0.4", true),
            ("v2", "1.0.0", true),
            ("gopkg.in/caro.v3", "3.0.1", true),
            ("gopkg.in/caro.v3", "2.0.1", false),
            ("gopkg.in/a/caro.v1", "0.9.0", true),
            ("gopkg.in/caro.v0", "0.9.0", true),
        ] {
            let version = Version::parse(version).unwrap();
            assert_eq!(fits(path, &version), fit, "{path} {version}");
        }
    }

    #[test]
    fn a_modules_tags_begin_with_its_folder() {
        for (folder, path, expected) in [
            ("", "example.test/a/caro/v2", ""),
            ("v2", "example.test/a/caro/v2", ""),
            ("sdk", "example.test/a/caro/sdk", "sdk/"),
            ("sdk", "example.test/a/caro/sdk/v2", "sdk/"),
            ("sdk/v2", "example.test/a/caro/sdk/v2", "sdk/"),
            ("sdk/v1", "example.test/a/caro/sdk/v1", "sdk/v1/"),
            ("sdk/v3", "example.test/a/caro/sdk/v2", "sdk/v3/"),
        ] {
            assert_eq!(prefix(folder, path), expected, "{folder} {path}");
        }
        assert_eq!(program("example.test/a/caro/v2"), "caro");
        assert_eq!(program("example.test/a/caro/cmd/lantern"), "lantern");
    }
}
