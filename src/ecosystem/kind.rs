//! The kinds of packages.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How a repository's packages are built and published.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Rust's crates.
    #[default]
    Cargo,
    /// npm's packages, whichever tool manages them.
    Npm,
    /// Python's.
    Python,
    /// Go's modules.
    Go,
    /// Ruby's gems.
    Ruby,
    /// What Maven and Gradle build.
    Java,
    /// Helm's charts.
    Helm,
    /// GitHub's actions.
    Action,
    /// The tag alone is the version.
    Generic,
}

impl Kind {
    /// All of them. Where a repository is of several, the first that holds the
    /// version lends name, number and words.
    pub const ALL: [Kind; 9] = [
        Kind::Cargo,
        Kind::Npm,
        Kind::Python,
        Kind::Go,
        Kind::Ruby,
        Kind::Java,
        Kind::Helm,
        Kind::Action,
        Kind::Generic,
    ];

    /// The word in `version.ecosystem`.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Cargo => "cargo",
            Kind::Npm => "npm",
            Kind::Python => "python",
            Kind::Go => "go",
            Kind::Ruby => "ruby",
            Kind::Java => "java",
            Kind::Helm => "helm",
            Kind::Action => "action",
            Kind::Generic => "generic",
        }
    }

    /// Whether the tag is always the version: no file of it holds one.
    pub fn is_by_tag(self) -> bool {
        matches!(self, Kind::Go | Kind::Action | Kind::Generic)
    }

    /// The kind of that word.
    pub fn from_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The registry's name, for people and in `verify.registries`.
    pub fn registry(self) -> &'static str {
        match self {
            Kind::Cargo => "crates.io",
            Kind::Npm => "npm",
            Kind::Python => "PyPI",
            Kind::Go => "the Go module proxy",
            Kind::Ruby => "RubyGems",
            Kind::Java => "Maven Central",
            Kind::Helm => "the chart repository",
            Kind::Action | Kind::Generic => "GitHub",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// `version.ecosystem`: which kinds a repository is of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ecosystems {
    /// Those whose manifests are there and hold the version.
    #[default]
    Auto,
    /// These; the first lends name, number and words.
    Of(Vec<Kind>),
}

impl Ecosystems {
    /// The kinds, where they are written; empty: by the files that are there.
    pub fn kinds(&self) -> &[Kind] {
        match self {
            Ecosystems::Auto => &[],
            Ecosystems::Of(kinds) => kinds,
        }
    }
}

/// As it is written: a word, or a list.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Word(String),
    List(Vec<Kind>),
}

impl Serialize for Ecosystems {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = match self.kinds() {
            [] => Written::Word("auto".to_owned()),
            [kind] => Written::Word(kind.word().to_owned()),
            kinds => Written::List(kinds.to_vec()),
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Ecosystems {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let unknown = |word: &str| serde::de::Error::custom(format!("no kind is called {word}"));
        Ok(match Written::deserialize(deserializer)? {
            Written::Word(word) if word == "auto" => Ecosystems::Auto,
            Written::Word(word) => {
                let kind = Kind::from_word(&word).ok_or_else(|| unknown(&word))?;
                Ecosystems::Of(vec![kind])
            }
            Written::List(kinds) => Ecosystems::Of(kinds),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_stored_by_its_word() {
        for kind in Kind::ALL {
            let json = format!("\"{}\"", kind.word());
            assert_eq!(serde_json::to_string(&kind).unwrap(), json);
            assert_eq!(Kind::from_word(kind.word()), Some(kind));
        }
        assert_eq!(Kind::from_word("auto"), None);
    }

    #[test]
    fn it_is_written_as_a_word_or_a_list() {
        for json in ["\"auto\"", "\"npm\"", "[\"python\",\"cargo\"]"] {
            let read: Ecosystems = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
        }
        assert!(serde_json::from_str::<Ecosystems>("\"cobol\"").is_err());
        assert_eq!(Ecosystems::Auto.kinds(), []);
    }
}
