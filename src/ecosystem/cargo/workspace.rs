//! The manifests of a workspace: which of their strings are the release's
//! version, and setting all of them.

use toml_edit::{Document, Item, TableLike};

use super::manifest::{ManifestError, not_toml, table};
use crate::ecosystem::package::Package;
use crate::edits::splice::{StringAt, parse, splice, string_at};

/// What is released together.
#[derive(Clone, Copy, Debug)]
pub struct Together<'a> {
    /// The packages that share the version.
    pub own: &'a [String],
    /// Whether `[workspace.package] version` is that version.
    pub workspace: bool,
}

impl<'a> Together<'a> {
    /// What the package is released with.
    pub fn of(package: &'a Package) -> Self {
        Together {
            own: package.all_own(),
            workspace: package.workspace,
        }
    }
}

/// The versions that the manifest states for what is released together; none
/// where it has no part in it.
///
/// # Errors
/// Where the text is no TOML.
pub fn versions(text: &str, together: Together<'_>) -> Result<Vec<String>, ManifestError> {
    let document = parse(text).map_err(not_toml)?;
    let stated = stated(text, &document, together);
    Ok(stated.into_iter().map(|at| at.value).collect())
}

/// Whether the manifest requires one of the packages by exactly this version.
///
/// # Errors
/// Where the text is no TOML.
pub fn requires(text: &str, own: &[String], version: &str) -> Result<bool, ManifestError> {
    let document = parse(text).map_err(not_toml)?;
    Ok(!required(text, &document, own, version).is_empty())
}

/// The manifest with the version raised wherever it is `from`: the package's
/// own, the workspace's, and in requirements on the other packages by path.
/// Requirements such as "1" stay: they take the new version too.
///
/// # Errors
/// Where the text is no TOML, or `to` is no version.
pub fn raise(
    text: &str,
    together: Together<'_>,
    from: &str,
    to: &str,
) -> Result<String, ManifestError> {
    if semver::Version::parse(to).is_err() {
        let found = to.to_owned();
        return Err(ManifestError::NotAVersion { found });
    }
    let document = parse(text).map_err(not_toml)?;
    let stated = stated(text, &document, together);
    let edits = stated
        .into_iter()
        .filter(|at| at.value == from)
        .map(|at| at.span)
        .chain(required(text, &document, together.own, from))
        .map(|span| (span, to))
        .collect();
    Ok(splice(text, edits))
}

fn stated(text: &str, document: &Document<&str>, together: Together<'_>) -> Vec<StringAt> {
    let root = document.as_table();
    let string = |item: Option<&Item>| {
        let value = item.and_then(Item::as_value)?;
        string_at(text, value)
    };
    let mut stated = Vec::new();
    if let Some(package) = table(root.get("package"))
        && let Some(name) = package.get("name").and_then(Item::as_str)
        && together.own.iter().any(|own| own == name)
    {
        stated.extend(string(package.get("version")));
    }
    if together.workspace {
        let workspace = table(root.get("workspace"));
        let package = workspace.and_then(|w| table(w.get("package")));
        stated.extend(package.and_then(|p| string(p.get("version"))));
    }
    stated
}

/// Where requirements on these packages, by path, name this very version.
fn required(
    text: &str,
    document: &Document<&str>,
    own: &[String],
    version: &str,
) -> Vec<std::ops::Range<usize>> {
    let mut spans = Vec::new();
    each_dependency(document.as_table(), &mut |key, dependency| {
        let name = dependency
            .get("package")
            .and_then(Item::as_str)
            .unwrap_or(key);
        if dependency.get("path").is_none() || !own.iter().any(|own| own == name) {
            return;
        }
        let value = dependency.get("version").and_then(Item::as_value);
        let Some(at) = value.and_then(|value| string_at(text, value)) else {
            return;
        };
        let bare = at.value.trim_start_matches(['=', '^', '~']).trim_start();
        if bare == version {
            spans.push(at.span.end - version.len()..at.span.end);
        }
    });
    spans
}

/// The paths of the dependencies that stand in the repository, as written.
///
/// # Errors
/// Where the text is no TOML.
pub fn paths(text: &str) -> Result<Vec<String>, ManifestError> {
    let document = parse(text).map_err(not_toml)?;
    let mut paths = Vec::new();
    each_dependency(document.as_table(), &mut |_, dependency| {
        let path = dependency.get("path").and_then(Item::as_str);
        paths.extend(path.map(str::to_owned));
    });
    Ok(paths)
}

fn each_dependency(root: &dyn TableLike, look: &mut impl FnMut(&str, &dyn TableLike)) {
    const KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
    let mut places: Vec<&dyn TableLike> = vec![root];
    places.extend(table(root.get("workspace")));
    if let Some(targets) = table(root.get("target")) {
        places.extend(targets.iter().filter_map(|(_, target)| table(Some(target))));
    }
    for place in places {
        for kind in KINDS {
            let Some(all) = table(place.get(kind)) else {
                continue;
            };
            for (key, item) in all.iter() {
                if let Some(dependency) = table(Some(item)) {
                    look(key, dependency);
                }
            }
        }
    }
}

/// Whether a folder is meant by a pattern of `workspace.members`: `*` and `?`
/// stand for parts of one folder's name, `**` for any number of folders.
pub fn is_member(pattern: &str, folder: &str) -> bool {
    fn parts(path: &str) -> Vec<&str> {
        path.split('/')
            .filter(|p| !p.is_empty() && *p != ".")
            .collect()
    }
    folders(&parts(pattern), &parts(folder))
}

fn folders(pattern: &[&str], folder: &[&str]) -> bool {
    match (pattern.split_first(), folder.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => {
            folders(rest, folder)
                || folder
                    .split_first()
                    .is_some_and(|(_, f)| folders(pattern, f))
        }
        (Some((p, ps)), Some((f, fs))) => letters(p.as_bytes(), f.as_bytes()) && folders(ps, fs),
        _ => false,
    }
}

fn letters(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => {
            letters(rest, name) || name.split_first().is_some_and(|(_, n)| letters(pattern, n))
        }
        (Some((b'?', rest)), Some((_, n))) => letters(rest, n),
        (Some((p, rest)), Some((n, ns))) => p == n && letters(rest, ns),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn everything_that_is_the_releases_version_is_raised() {
        let text = "[workspace]\nmembers = ['a']\n[workspace.package]\nversion = '1.0.4' # here\n[workspace.dependencies]\na = { path = 'a', version = \"=1.0.4\" }\nserde = { version = \"1.0.4\" }\n[package]\nname = 'tool'\nversion.workspace = true\n[target.'cfg(unix)'.dependencies.b]\npath = 'b'\nversion = '1.0.4'\n[dev-dependencies]\nc = { package = 'a', path = 'a', version = '1' }\n";
        let own = own(&["tool", "a", "b"]);
        let together = Together {
            own: &own,
            workspace: true,
        };
        let new = raise(text, together, "1.0.4", "1.0.5").unwrap();
        let expected = text
            .replacen("'1.0.4' # here", "'1.0.5' # here", 1)
            .replacen("=1.0.4", "=1.0.5", 1)
            .replacen("'b'\nversion = '1.0.4'", "'b'\nversion = '1.0.5'", 1);
        assert_eq!(new, expected);
        assert_eq!(versions(&new, together).unwrap(), ["1.0.5"]);
        assert_eq!(raise(&new, together, "1.0.4", "1.0.5").unwrap(), new);
        assert!(requires(text, &own, "1.0.4").unwrap());
        assert!(!requires(&new, &own, "1.0.4").unwrap());
        assert_eq!(paths(text).unwrap(), ["a", "a", "b"].map(str::to_owned));
    }

    #[test]
    fn what_has_a_version_of_its_own_stays() {
        let text = "[workspace.package]\nversion = '1.0.4'\n[package]\nname = 'x'\nversion = '1.0.4'\n[dependencies]\ny = { path = '../y', version = '1.0.4' }\n";
        let own = own(&["tool"]);
        let together = Together {
            own: &own,
            workspace: false,
        };
        assert_eq!(raise(text, together, "1.0.4", "1.0.5").unwrap(), text);
        assert!(versions(text, together).unwrap().is_empty());
        assert!(raise(text, together, "1.0.4", "next").is_err());
        assert!(versions("[", together).is_err());
    }

    #[test]
    fn members_by_pattern() {
        for (pattern, folder, expected) in [
            ("crates/*", "crates/a", true),
            ("crates/*", "crates/a/b", false),
            ("./a", "a", true),
            ("a/", "a", true),
            ("crates/x-*", "crates/x-1", true),
            ("crates/x-?", "crates/x-12", false),
            ("**", "a/b", true),
            ("libs/**", "libs/a/b", true),
            (".", "", true),
            ("a", "b", false),
        ] {
            assert_eq!(is_member(pattern, folder), expected, "{pattern} {folder}");
        }
    }
}
