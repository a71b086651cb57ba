//! What a kind is asked for.

use super::kind::Kind;
use super::package::Package;
use crate::edits::three_way::Labels;

/// The release that is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Release<'a> {
    /// The repository's name, without its owner.
    pub repo: &'a str,
    /// Its tag.
    pub tag: &'a str,
    /// The version in the tag.
    pub version: &'a str,
    /// The versions of the releases before it, the newest first.
    pub before: &'a [String],
    /// The paths of the changelogs, where they are configured.
    pub changelog: Option<&'a [String]>,
    /// The packages that are released, by name or folder, where they are
    /// configured.
    pub packages: &'a [String],
    /// The kinds that the repository is of, where they are configured; empty: by
    /// the files that are there.
    pub kinds: &'a [Kind],
}

/// What to raise, and to which version.
#[derive(Clone, Copy, Debug)]
pub struct Bump<'a> {
    /// Where the version stands.
    pub package: &'a Package,
    /// The new version.
    pub version: &'a str,
    /// The changelog's line.
    pub entry: &'a str,
    /// Its date.
    pub date: &'a str,
    /// The number that it was raised to before, where that is another: its section
    /// of the changelog becomes the new one's.
    pub was: Option<&'a str>,
}

/// A kind's own files, raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// The version before; the new one where it stood everywhere.
    pub from: String,
    /// The files that change, with their new text.
    pub files: Vec<(String, String)>,
}

/// What is carried over.
#[derive(Clone, Copy, Debug)]
pub struct Port<'a> {
    /// Where its version stands.
    pub package: &'a Package,
    /// The version that the hotfix was cut from, such as "1.0.4".
    pub base_version: &'a str,
    /// The hotfix's version, such as "1.0.5".
    pub version: &'a str,
    /// Names for conflict markers: ours is main, theirs the hotfix.
    pub labels: Labels<'a>,
}
