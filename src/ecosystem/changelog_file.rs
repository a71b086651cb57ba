//! Changelogs as they are configured and as they are kept.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `version.changelog`: which files are changelogs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Changelogs {
    /// Those that had a section for the last releases.
    #[default]
    Auto,
    /// These; where there are none, the repository keeps none.
    Files(Vec<String>),
}

impl Changelogs {
    /// The paths, where they are written.
    pub fn written(&self) -> Option<&[String]> {
        match self {
            Changelogs::Auto => None,
            Changelogs::Files(paths) => Some(paths),
        }
    }
}

impl From<&str> for Changelogs {
    fn from(word: &str) -> Self {
        match word {
            "auto" => Changelogs::Auto,
            "" => Changelogs::Files(Vec::new()),
            path => Changelogs::Files(vec![path.to_owned()]),
        }
    }
}

/// As it is written: a word, or a list.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Word(String),
    List(Vec<String>),
}

impl Serialize for Changelogs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = match self {
            Changelogs::Auto => Written::Word("auto".to_owned()),
            Changelogs::Files(paths) => match paths.as_slice() {
                [] => Written::Word(String::new()),
                [path] => Written::Word(path.clone()),
                paths => Written::List(paths.to_vec()),
            },
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Changelogs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Written::deserialize(deserializer)? {
            Written::Word(word) => word.as_str().into(),
            Written::List(paths) => Changelogs::Files(paths),
        })
    }
}

/// A changelog that gets a section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changelog {
    /// Its path.
    pub path: String,
    /// The titles of what is unreleased, as they stand at the base.
    #[serde(default)]
    pub open: Vec<String>,
    /// Those of them that have no words there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub empty: Vec<String>,
}

/// A file that looks like a changelog by its name, and gets no section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftAlone {
    /// Its path.
    pub path: String,
    /// Why.
    pub why: WhyLeft,
}

/// Why a changelog is left alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum WhyLeft {
    /// No heading in it is a release's; it may say where the log is.
    NoRelease,
    /// It has no section for the release, nor for the one before.
    NotKept {
        /// The newest that it has.
        newest: String,
    },
    /// Its sections are those of several packages, each with its own numbers.
    Shared {
        /// What they are called.
        names: Vec<String>,
    },
    /// It is no text in UTF-8.
    Encoding,
    /// It is written from fragments.
    Fragments {
        /// Where they stand.
        folder: String,
        /// What the tool is told, on the hotfix branch; empty: nothing shows which
        /// tool it is.
        command: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_as_a_word_or_a_list() {
        for json in ["\"auto\"", "\"\"", "\"CHANGES.md\"", "[\"a\",\"b\"]"] {
            let read: Changelogs = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
        }
    }
}
