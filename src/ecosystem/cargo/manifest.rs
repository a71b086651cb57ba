//! `Cargo.toml`: reads name, version and members.

use thiserror::Error;
use toml_edit::{Item, TableLike};

use crate::edits::splice::{parse, string_at};

/// What the bot needs to know of a manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// `package.name`; absent in a virtual workspace.
    pub name: Option<String>,
    /// `package.version`, or where it is taken from.
    pub version: PackageVersion,
    /// Where the package may be published.
    pub publish: Publish,
    /// `workspace.members` as written, patterns included; `None` where the
    /// manifest is no workspace root.
    pub members: Option<Vec<String>>,
    /// `workspace.exclude` as written.
    pub exclude: Vec<String>,
    /// `workspace.package.version`.
    pub workspace_version: Option<String>,
    /// `workspace.package.publish`.
    pub workspace_publish: Option<Publish>,
    /// `package.workspace`, as written: the folder of the workspace's root.
    pub workspace_root: Option<String>,
    /// Whether it names programs (`[[bin]]`).
    pub names_programs: bool,
    /// `package.autobins`.
    pub finds_programs: bool,
    /// Whether it names a library (`[lib]`).
    pub names_library: bool,
}

/// Where a package's version comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PackageVersion {
    /// The manifest has no package, or the package no version.
    #[default]
    Absent,
    /// It stands in the manifest.
    Here(String),
    /// `version.workspace = true`: it stands in the workspace's root manifest.
    Inherited,
}

/// `package.publish`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Publish {
    /// Nothing forbids it.
    #[default]
    Anywhere,
    /// `publish = false`, or an empty list.
    Nowhere,
    /// These registries alone.
    Only(Vec<String>),
    /// `publish.workspace = true`.
    Inherited,
}

/// Why a manifest cannot be read or raised.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ManifestError {
    /// Not TOML.
    #[error("the manifest is not valid TOML, line {line}: {message}")]
    NotToml {
        /// Counted from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// No `[package]` section.
    #[error(
        "the manifest has no [package] section: it is the root of a workspace without a package of its own"
    )]
    NoPackage,
    /// No `package.version`.
    #[error("the manifest's [package] has no version")]
    NoVersion,
    /// `version.workspace = true`.
    #[error(
        "the version is inherited (version.workspace = true): it stands in [workspace.package] of the workspace's root manifest"
    )]
    Inherited,
    /// `package.version` is something that cannot be replaced in place.
    #[error("the manifest's package.version is not a plain string")]
    NotAString,
    /// What was to be written is no version.
    #[error("{found:?} is not a version such as 1.0.5")]
    NotAVersion {
        /// What was given.
        found: String,
    },
}

/// Reads a manifest.
///
/// # Errors
/// Only where the text is no TOML; whatever is absent or of another type is
/// absent in the answer.
pub fn read(text: &str) -> Result<Manifest, ManifestError> {
    let document = parse(text).map_err(not_toml)?;
    let root = document.as_table();
    let mut manifest = Manifest {
        names_programs: root.get("bin").is_some(),
        names_library: root.get("lib").is_some(),
        finds_programs: true,
        ..Manifest::default()
    };
    if let Some(package) = package(root) {
        let is = |key: &str| package.get(key).and_then(Item::as_bool);
        let workspace = package.get("workspace").and_then(Item::as_str);
        manifest.workspace_root = workspace.map(str::to_owned);
        manifest.finds_programs = is("autobins") != Some(false);
        manifest.name = package
            .get("name")
            .and_then(Item::as_str)
            .map(str::to_owned);
        manifest.version = match package.get("version") {
            Some(item) if is_inherited(item) => PackageVersion::Inherited,
            Some(item) => item.as_str().map_or(PackageVersion::Absent, |v| {
                PackageVersion::Here(v.to_owned())
            }),
            None => PackageVersion::Absent,
        };
        manifest.publish = publish(package.get("publish"));
    }
    if let Some(workspace) = table(root.get("workspace")) {
        manifest.members = Some(strings(workspace.get("members")).unwrap_or_default());
        manifest.exclude = strings(workspace.get("exclude")).unwrap_or_default();
        let package = table(workspace.get("package"));
        let of = |key: &str| package.and_then(|package| package.get(key));
        manifest.workspace_version = of("version").and_then(Item::as_str).map(str::to_owned);
        manifest.workspace_publish = of("publish").map(|item| publish(Some(item)));
    }
    Ok(manifest)
}

/// The package's version as it stands in this manifest.
///
/// # Errors
/// Where there is none, or it stands elsewhere.
pub fn version(text: &str) -> Result<String, ManifestError> {
    let document = parse(text).map_err(not_toml)?;
    let package = package(document.as_table()).ok_or(ManifestError::NoPackage)?;
    let item = package.get("version").ok_or(ManifestError::NoVersion)?;
    if is_inherited(item) {
        return Err(ManifestError::Inherited);
    }
    item.as_value()
        .and_then(|value| string_at(text, value))
        .map(|at| at.value)
        .ok_or(ManifestError::NotAString)
}

pub(super) fn not_toml((line, message): (usize, String)) -> ManifestError {
    ManifestError::NotToml { line, message }
}

/// `[package]`, or `[project]` as it could be called before the edition of 2024.
pub(super) fn package(root: &dyn TableLike) -> Option<&dyn TableLike> {
    table(root.get("package")).or_else(|| table(root.get("project")))
}

pub(super) fn table(item: Option<&Item>) -> Option<&dyn TableLike> {
    item.and_then(Item::as_table_like)
}

/// `x.workspace = true`.
fn is_inherited(item: &Item) -> bool {
    table(Some(item))
        .and_then(|table| table.get("workspace"))
        .and_then(Item::as_bool)
        == Some(true)
}

fn strings(item: Option<&Item>) -> Option<Vec<String>> {
    let array = item?.as_array()?;
    Some(
        array
            .iter()
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect(),
    )
}

fn publish(item: Option<&Item>) -> Publish {
    match item {
        Some(item) if is_inherited(item) => Publish::Inherited,
        Some(item) if item.as_bool() == Some(false) => Publish::Nowhere,
        Some(item) => match strings(Some(item)) {
            Some(names) if names.is_empty() => Publish::Nowhere,
            Some(names) => Publish::Only(names),
            None => Publish::Anywhere,
        },
        None => Publish::Anywhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_no_version_stands_it_says_why() {
        for (text, error) in [
            ("[workspace]\n", ManifestError::NoPackage),
            ("[package]\nname = \"a\"\n", ManifestError::NoVersion),
            (
                "[package]\nversion.workspace = true\n",
                ManifestError::Inherited,
            ),
            (
                "[package]\nversion = { workspace = true }\n",
                ManifestError::Inherited,
            ),
            ("[package]\nversion = 1\n", ManifestError::NotAString),
            (
                "[package]\nversion = \"\\u0031.0.4\"\n",
                ManifestError::NotAString,
            ),
        ] {
            assert_eq!(version(text), Err(error), "{text}");
        }
        let broken = version("[package]\nversion = \n").unwrap_err();
        assert!(broken.to_string().contains("line 2"), "{broken}");
        let there = version("[package]\nversion = '1.0.4'\n");
        assert_eq!(there.as_deref(), Ok("1.0.4"));
    }

    #[test]
    fn what_a_manifest_says() {
        let read = |text| read(text).unwrap();
        let root = read(
            "[workspace]\nmembers = [\"crates/*\"]\n[workspace.package]\nversion = \"2.0.0\"\n",
        );
        assert_eq!(root.members, Some(vec!["crates/*".to_owned()]));
        assert_eq!(root.workspace_version.as_deref(), Some("2.0.0"));
        assert_eq!((root.name, root.version), (None, PackageVersion::Absent));

        let member = read("[package]\nname = \"a\"\nversion.workspace = true\npublish = false\n");
        assert_eq!(member.name.as_deref(), Some("a"));
        assert_eq!(member.version, PackageVersion::Inherited);
        assert_eq!(member.publish, Publish::Nowhere);
        assert_eq!(member.members, None);

        let only = read("[package]\nversion = \"1.0.0\"\npublish = [\"ours\"]\n");
        assert_eq!(only.version, PackageVersion::Here("1.0.0".to_owned()));
        assert_eq!(only.publish, Publish::Only(vec!["ours".to_owned()]));
        assert_eq!(read("[package]\npublish = []").publish, Publish::Nowhere);
        assert_eq!(read("package = 3").version, PackageVersion::Absent);
    }
}
