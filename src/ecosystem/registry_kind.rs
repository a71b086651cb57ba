//! The registries that packages are published to.

use serde::{Deserialize, Serialize};

use super::kind::Kind;

/// A registry, or a kind of them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum RegistryKind {
    /// Rust's crates.
    #[default]
    CratesIo,
    /// JavaScript's packages.
    Npm,
    /// Python's projects.
    Pypi,
    /// Ruby's gems.
    Gem,
    /// Go's module proxy, and its checksum database.
    Go,
    /// Maven Central.
    Maven,
    /// A registry of images, by the specification of the Open Container Initiative.
    Oci,
    /// A repository of charts, by its `index.yaml`.
    Helm,
}

/// What can be done about a version that should not be got any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdraw {
    /// An owner says so on the registry, and may take it back.
    Owner,
    /// A higher version says so.
    NewVersion,
    /// A file or a tag is removed where it lies.
    Remove,
    /// Nothing at all.
    Impossible,
}

impl RegistryKind {
    /// The registry of a kind of packages; none where GitHub is all there is.
    pub fn of(kind: Kind) -> Option<RegistryKind> {
        match kind {
            Kind::Cargo => Some(RegistryKind::CratesIo),
            Kind::Npm => Some(RegistryKind::Npm),
            Kind::Python => Some(RegistryKind::Pypi),
            Kind::Go => Some(RegistryKind::Go),
            Kind::Ruby => Some(RegistryKind::Gem),
            Kind::Java => Some(RegistryKind::Maven),
            Kind::Helm => Some(RegistryKind::Helm),
            Kind::Action | Kind::Generic => None,
        }
    }

    /// All of them.
    pub const ALL: [RegistryKind; 8] = [
        RegistryKind::CratesIo,
        RegistryKind::Npm,
        RegistryKind::Pypi,
        RegistryKind::Gem,
        RegistryKind::Go,
        RegistryKind::Maven,
        RegistryKind::Oci,
        RegistryKind::Helm,
    ];

    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self {
            RegistryKind::CratesIo => "crates.io",
            RegistryKind::Npm => "npm",
            RegistryKind::Pypi => "PyPI",
            RegistryKind::Gem => "RubyGems",
            RegistryKind::Go => "the Go module proxy",
            RegistryKind::Maven => "Maven Central",
            RegistryKind::Oci => "the image registry",
            RegistryKind::Helm => "the chart repository",
        }
    }

    /// The word in front of a name in `verify.registries`.
    pub fn prefix(self) -> &'static str {
        match self {
            RegistryKind::CratesIo => "crates.io",
            RegistryKind::Npm => "npm",
            RegistryKind::Pypi => "pypi",
            RegistryKind::Gem => "gem",
            RegistryKind::Go => "go",
            RegistryKind::Maven => "maven",
            RegistryKind::Oci => "oci",
            RegistryKind::Helm => "helm",
        }
    }

    /// The kind of packages that it has; none of images.
    pub fn kind(self) -> Option<Kind> {
        Kind::ALL
            .into_iter()
            .find(|it| RegistryKind::of(*it) == Some(self))
    }

    /// Whether this is the first, which what was stored before the others says.
    pub fn is_first(&self) -> bool {
        *self == RegistryKind::CratesIo
    }

    /// Whether a version there can be withdrawn by itself.
    pub fn can_withdraw(self) -> bool {
        matches!(self.withdraw(), Withdraw::Owner | Withdraw::Remove)
    }

    /// The registry and the name of an entry of `verify.registries`, `npm:name`.
    pub fn entry(text: &str) -> Option<(RegistryKind, &str)> {
        let (prefix, name) = text.split_once(':')?;
        let kind = Self::ALL.into_iter().find(|it| it.prefix() == prefix)?;
        // A Maven name has two parts of its own.
        let whole = kind != RegistryKind::Maven || name.split(':').count() == 2;
        let filled = name.split(':').all(|part| !part.trim().is_empty());
        (whole && filled).then_some((kind, name))
    }

    /// How long "it is not there" may only mean "not yet", milliseconds: none of
    /// them promises a time.
    pub fn shows_within(self) -> i64 {
        const MINUTE: i64 = 60_000;
        match self {
            RegistryKind::Maven => 4 * 60 * MINUTE,
            // "Not found" is kept for half an hour (go.dev/ref/mod).
            RegistryKind::Go => 35 * MINUTE,
            _ => 10 * MINUTE,
        }
    }

    /// What can be done about a version there.
    pub fn withdraw(self) -> Withdraw {
        match self {
            RegistryKind::CratesIo | RegistryKind::Npm | RegistryKind::Pypi | RegistryKind::Gem => {
                Withdraw::Owner
            }
            RegistryKind::Go => Withdraw::NewVersion,
            RegistryKind::Oci | RegistryKind::Helm => Withdraw::Remove,
            RegistryKind::Maven => Withdraw::Impossible,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_names_its_registry() {
        let go = "go:github.test/harbour/lantern/v2";
        assert_eq!(
            RegistryKind::entry("npm:@a/b"),
            Some((RegistryKind::Npm, "@a/b"))
        );
        assert_eq!(RegistryKind::entry(go), Some((RegistryKind::Go, &go[3..])));
        assert_eq!(
            RegistryKind::entry("maven:g.h:a"),
            Some((RegistryKind::Maven, "g.h:a"))
        );
        for wrong in [
            "npm",
            "npm:",
            "maven:g",
            "maven:g:a:1",
            "maven::a",
            "hex:a",
            "none",
            "auto",
        ] {
            assert_eq!(RegistryKind::entry(wrong), None, "{wrong}");
        }
        for kind in RegistryKind::ALL {
            let word = serde_json::to_value(kind).unwrap();
            assert_eq!(serde_json::from_value::<RegistryKind>(word).unwrap(), kind);
        }
    }
}
