//! The manifests of a workspace: which of their strings are the release's
//! version, and setting all of them.

use semver::Version;
use toml_edit::{Document, Item};

use super::dependencies::{self, Dependency};
use super::manifest::{self, ManifestError, not_toml, table};
use super::{paths, requirement};
use crate::ecosystem::package::{Member, Package};
use crate::edits::splice::{StringAt, parse, splice, string_at};

/// What is released together, seen from one manifest.
#[derive(Clone, Copy, Debug)]
pub struct Together<'a> {
    /// The packages that share the version.
    pub own: &'a [String],
    /// Whether `[workspace.package] version` is that version.
    pub workspace: bool,
    /// All packages that are known, with their manifests; none in what earlier
    /// versions stored.
    pub members: &'a [Member],
    /// Those that `[patch]` puts in the place of a registry's.
    pub patched: &'a [String],
    /// The manifest of the workspace's root.
    pub root: &'a str,
    /// The manifest from which it is seen; none: packages are told by their
    /// names alone.
    pub path: Option<&'a str>,
    /// The manifest that this is, where its packages are told by their names alone:
    /// on another branch their folders may be others.
    pub moved: Option<&'a str>,
}

impl<'a> Together<'a> {
    /// What the package is released with.
    pub fn of(package: &'a Package) -> Self {
        Together {
            own: package.all_own(),
            workspace: package.workspace,
            members: &package.members,
            patched: &package.patched,
            root: &package.root,
            path: None,
            moved: None,
        }
    }

    /// The same, seen from this manifest of another branch.
    pub fn elsewhere(self, path: &'a str) -> Self {
        let moved = Some(path);
        Together { moved, ..self }
    }

    /// The same, seen from this manifest: another package of a name that is ours
    /// is told from it by its folder.
    pub fn at(self, path: &'a str) -> Self {
        let path = (!self.members.is_empty()).then_some(path);
        Together { path, ..self }
    }

    fn has(&self, name: &str) -> bool {
        self.own.iter().any(|own| own == name)
    }

    fn lives(&self, name: &str, manifest: &str) -> bool {
        let mut released = self.members.iter().filter(|member| member.released);
        released.any(|member| member.name == name && member.manifest == manifest)
    }

    /// Whether this manifest is that of one of the packages.
    fn is_own(&self, name: &str) -> bool {
        self.has(name) && self.path.is_none_or(|path| self.lives(name, path))
    }

    /// Whether this manifest's `[workspace.package]` is the release's.
    fn is_root(&self) -> bool {
        self.workspace && self.path.is_none_or(|path| path == self.root)
    }

    /// Whether this manifest is that of a package with a version of its own:
    /// what it requires stays where it takes the new version.
    fn is_guest(&self) -> bool {
        let path = self.path.or(self.moved);
        let own = |member: &&Member| Some(member.manifest.as_str()) == path;
        let mut members = self.members.iter();
        members.find(own).is_some_and(|member| !member.released) && !self.is_root()
    }

    /// Whether one of the packages is meant.
    fn is_ours(&self, dependency: &Dependency<'_>) -> bool {
        let Dependency { name, path, .. } = *dependency;
        match (path, self.path) {
            (None, _) => self.has(name) && self.patched.iter().any(|patched| patched == name),
            (Some(_), None) => self.has(name),
            (Some(path), Some(from)) => {
                let manifest = paths::manifest(from, path);
                self.has(name) && manifest.is_some_and(|manifest| self.lives(name, &manifest))
            }
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

/// Whether a raise of this version may have to change what the manifest requires
/// of the packages.
///
/// # Errors
/// Where the text is no TOML.
pub fn follows(
    text: &str,
    together: Together<'_>,
    version: &Version,
) -> Result<bool, ManifestError> {
    let document = parse(text).map_err(not_toml)?;
    let all = ours(&document, together);
    let mut required = all.iter().filter_map(|dependency| written(dependency));
    let follows = match together.is_guest() {
        true => requirement::binds,
        false => requirement::follows,
    };
    Ok(required.any(|requirement| follows(requirement, version))
        || !replaced(&document, together).is_empty())
}

/// What the manifest requires of the packages and this version does not satisfy,
/// as it is written.
///
/// # Errors
/// Where the text is no TOML.
pub fn unmet(
    text: &str,
    together: Together<'_>,
    version: &str,
) -> Result<Vec<String>, ManifestError> {
    let document = parse(text).map_err(not_toml)?;
    let Ok(version) = Version::parse(version) else {
        return Ok(Vec::new());
    };
    let all = ours(&document, together);
    let required = all
        .iter()
        .filter_map(|dependency| Some((dependency, written(dependency)?)));
    let unmet = required
        .filter(|(_, requirement)| !requirement::admits(requirement, &version))
        .map(|(dependency, requirement)| format!("{} = \"{requirement}\"", dependency.name));
    Ok(unmet.chain(replaced(&document, together)).collect())
}

/// The manifest with the version raised wherever it is `from`: the package's
/// own, the workspace's, and in what is required of the other packages.
/// Requirements such as "1" stay: they take the new version too. In the manifest
/// of a package with a version of its own, all that take it stay.
///
/// # Errors
/// Where the text is no TOML, or `to` is no version.
pub fn raise(
    text: &str,
    together: Together<'_>,
    from: &str,
    to: &str,
) -> Result<String, ManifestError> {
    let Ok(new) = Version::parse(to) else {
        let found = to.to_owned();
        return Err(ManifestError::NotAVersion { found });
    };
    let document = parse(text).map_err(not_toml)?;
    let stated = stated(text, &document, together);
    let stated = stated.into_iter().filter(|at| at.value == from);
    let mut edits: Vec<_> = stated.map(|at| (at.span, to.to_owned())).collect();
    if let Ok(old) = Version::parse(from) {
        for dependency in ours(&document, together) {
            let at = dependency.version.and_then(|value| string_at(text, value));
            let raised = at.and_then(|at| {
                if together.is_guest() && requirement::admits(&at.value, &new) {
                    return None;
                }
                let raised = requirement::raised(&at.value, &old, &new)?;
                Some((at.span, raised))
            });
            edits.extend(raised);
        }
    }
    let edits = edits.iter().map(|(span, new)| (span.clone(), new.as_str()));
    Ok(splice(text, edits.collect()))
}

fn stated(text: &str, document: &Document<&str>, together: Together<'_>) -> Vec<StringAt> {
    let root = document.as_table();
    let string = |item: Option<&Item>| {
        let value = item.and_then(Item::as_value)?;
        string_at(text, value)
    };
    let mut stated = Vec::new();
    if let Some(package) = manifest::package(root)
        && let Some(name) = package.get("name").and_then(Item::as_str)
        && together.is_own(name)
    {
        stated.extend(string(package.get("version")));
    }
    if together.is_root() {
        let workspace = table(root.get("workspace"));
        let package = workspace.and_then(|w| table(w.get("package")));
        stated.extend(package.and_then(|p| string(p.get("version"))));
    }
    stated
}

/// What is required of the packages, and put in the place of a registry's.
fn ours<'d>(document: &'d Document<&str>, together: Together<'_>) -> Vec<Dependency<'d>> {
    let all = dependencies::all(document).into_iter();
    let all = all.chain(dependencies::patched(document));
    all.filter(|dependency| together.is_ours(dependency))
        .collect()
}

fn written<'d>(dependency: &Dependency<'d>) -> Option<&'d str> {
    dependency.version?.as_str()
}

/// What is replaced by one of the packages: the number is part of the key, and a
/// new one is on no registry yet.
fn replaced(document: &Document<&str>, together: Together<'_>) -> Vec<String> {
    let all = dependencies::replaced(document).into_iter();
    let ours = all.filter(|(key, path)| {
        let name = key.rsplit_once(':').map_or(*key, |(before, _)| before);
        let name = name.rsplit('#').next().unwrap_or(name);
        let path = Some(*path);
        together.is_ours(&Dependency {
            name,
            path,
            version: None,
        })
    });
    ours.map(|(key, _)| format!("[replace] {key}")).collect()
}

/// Whether the manifest requires exactly this package's version: the next patch
/// would not do.
pub fn pins(text: &str, path: &str, on: &Member) -> bool {
    let (Ok(document), Ok(mut next)) = (parse(text), Version::parse(&on.version)) else {
        return false;
    };
    next.patch = next.patch.saturating_add(1);
    let mut all = dependencies::all(&document).into_iter();
    all.any(|dependency| {
        let manifest = dependency.path.and_then(|to| paths::manifest(path, to));
        manifest.as_ref() == Some(&on.manifest)
            && written(&dependency).is_some_and(|w| !requirement::admits(w, &next))
    })
}

/// The folders of the dependencies that stand in the repository, as written.
///
/// # Errors
/// Where the text is no TOML.
pub fn linked(text: &str) -> Result<Vec<String>, ManifestError> {
    let document = parse(text).map_err(not_toml)?;
    let paths = dependencies::all(&document).into_iter();
    let paths = paths.filter_map(|dependency| dependency.path);
    Ok(paths.map(str::to_owned).collect())
}

/// The packages that `[patch]` puts in the place of a registry's, by name.
///
/// # Errors
/// Where the text is no TOML.
pub fn patched(text: &str) -> Result<Vec<String>, ManifestError> {
    let document = parse(text).map_err(not_toml)?;
    let patched = dependencies::patched(&document).into_iter();
    Ok(patched.map(|patched| patched.name.to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    fn by_name(own: &[String], workspace: bool) -> Together<'_> {
        Together {
            own,
            workspace,
            members: &[],
            patched: &[],
            root: "",
            path: None,
            moved: None,
        }
    }

    fn own(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn everything_that_is_the_releases_version_is_raised() {
        let text = "[workspace]\nmembers = ['a']\n[workspace.package]\nversion = '1.0.4' # here\n[workspace.dependencies]\na = { path = 'a', version = \"=1.0.4\" }\nserde = { version = \"1.0.4\" }\n[package]\nname = 'tool'\nversion.workspace = true\n[target.'cfg(unix)'.dependencies.b]\npath = 'b'\nversion = '1.0.4'\n[dev-dependencies]\nc = { package = 'a', path = 'a', version = '1' }\n";
        let own = own(&["tool", "a", "b"]);
        let together = by_name(&own, true);
        let new = raise(text, together, "1.0.4", "1.0.5").unwrap();
        let expected = text
            .replacen("'1.0.4' # here", "'1.0.5' # here", 1)
            .replacen("=1.0.4", "=1.0.5", 1)
            .replacen("'b'\nversion = '1.0.4'", "'b'\nversion = '1.0.5'", 1);
        assert_eq!(new, expected);
        assert_eq!(versions(&new, together).unwrap(), ["1.0.5"]);
        assert_eq!(raise(&new, together, "1.0.4", "1.0.5").unwrap(), new);
        assert!(follows(text, together, &version("1.0.4")).unwrap());
        assert!(!follows(&new, together, &version("1.0.4")).unwrap());
        assert_eq!(linked(text).unwrap(), ["a", "a", "b"].map(str::to_owned));
    }

    #[test]
    fn a_package_with_a_version_of_its_own_requires_what_it_did() {
        let member = |name: &str, released| Member {
            name: name.into(),
            manifest: format!("{name}/Cargo.toml"),
            version: "1.0.4".into(),
            released,
            publish: true,
        };
        let members = [
            member("tool", true),
            member("mock", false),
            member("cli", true),
        ];
        let own = own(&["tool", "cli"]);
        let of = |name: &str, requirement: &str| {
            let text = format!(
                "[package]\nname = '{name}'\nversion = '1.0.4'\n[dependencies]\ntool = {{ path = '../tool', version = '{requirement}' }}\n"
            );
            let path = format!("{name}/Cargo.toml");
            let mut together = by_name(&own, false);
            together.members = &members;
            let together = together.at(&path);
            let follows = follows(&text, together, &version("1.0.4")).unwrap();
            let new = raise(&text, together, "1.0.4", "1.0.5").unwrap();
            (
                follows,
                new.contains(&format!(
                    "version = '{}' }}",
                    requirement.replace("1.0.4", "1.0.5")
                )),
            )
        };
        for (requirement, takes) in [("1.0.4", true), ("~1.0.4", true), ("=1.0.4", false)] {
            assert_eq!(of("mock", requirement), (!takes, !takes), "{requirement}");
            assert_eq!(of("cli", requirement), (true, true), "{requirement}");
        }
        assert_eq!(of("mock", ">=1.0.4, <1.0.7"), (true, false));
    }

    #[test]
    fn what_has_a_version_of_its_own_stays() {
        let text = "[workspace.package]\nversion = '1.0.4'\n[package]\nname = 'x'\nversion = '1.0.4'\n[dependencies]\ny = { path = '../y', version = '1.0.4' }\n";
        let own = own(&["tool"]);
        let together = by_name(&own, false);
        assert_eq!(raise(text, together, "1.0.4", "1.0.5").unwrap(), text);
        assert!(versions(text, together).unwrap().is_empty());
        assert!(raise(text, together, "1.0.4", "next").is_err());
        assert!(versions("[", together).is_err());
    }
}
