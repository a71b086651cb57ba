//! The kinds of values that the configuration knows beside TOML's own.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The word for what is derived.
pub(super) const AUTO: &str = "auto";

/// A list of words.
pub(super) fn list(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// `"auto"`, or a value of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum AutoOr<T> {
    /// The bot finds out.
    #[default]
    Auto,
    /// As written.
    Is(T),
}

impl<T> AutoOr<T> {
    /// The value, where one is written.
    pub fn written(&self) -> Option<&T> {
        match self {
            AutoOr::Auto => None,
            AutoOr::Is(value) => Some(value),
        }
    }
}

impl<T: Serialize> Serialize for AutoOr<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            AutoOr::Auto => serializer.serialize_str(AUTO),
            AutoOr::Is(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for AutoOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        enum Word {
            #[serde(rename = "auto")]
            Auto,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either<T> {
            Auto(Word),
            Is(T),
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::Auto(Word::Auto) => AutoOr::Auto,
            Either::Is(value) => AutoOr::Is(value),
        })
    }
}

/// A value that is written as one string.
pub(super) trait Word: Sized {
    /// Reads it; the error is what was expected, as a phrase.
    fn from_word(word: &str) -> Result<Self, String>;
    /// Writes it.
    fn to_word(&self) -> String;
    /// The plain words among its values.
    fn words() -> Vec<&'static str>;
    /// What else it takes, as a regular expression.
    const PATTERN: Option<&'static str> = None;
}

/// Serde by way of the string.
macro_rules! serde_by_word {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.to_word())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                Self::from_word(&word).map_err(serde::de::Error::custom)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.to_word())
            }
        }
    };
}

/// Declares a closed set of words.
macro_rules! choice {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The word in the file.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
        }

        impl Word for $name {
            fn from_word(word: &str) -> Result<Self, String> {
                match word {
                    $($word => Ok($name::$variant),)*
                    _ => Err(one_of(&Self::words())),
                }
            }
            fn to_word(&self) -> String {
                self.word().to_owned()
            }
            fn words() -> Vec<&'static str> {
                vec![$($word,)*]
            }
        }

        serde_by_word!($name);
    };
}

/// "expected one of …", for closed sets of words.
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("expected one of {}", quoted.join(", "))
}

choice! {
    /// A question of the matrix (`severity.require`).
    Question {
        /// What the bug does.
        Condition = "condition",
        /// Whether there is a way around it.
        Workaround = "workaround",
        /// How many users are affected.
        Affected = "affected",
        /// How large the fix will be.
        Approach = "approach",
        /// Whether it can wait.
        Urgent = "urgent",
        /// Where it was seen.
        Platform = "platform",
    }
}

choice! {
    /// What the scope guard does about a violation.
    OnViolation {
        /// Says it.
        Warn = "warn",
        /// Closes the gate.
        Block = "block",
    }
}

choice! {
    /// What becomes of the README's lines with the old version (`announce.readme`).
    OldLines {
        /// The closing comment names them.
        Name = "name",
        /// They are raised with the bump.
        Change = "change",
        /// Nobody looks.
        Leave = "",
    }
}

choice! {
    /// What is learnt of the last releases (`version.learn`).
    Learn {
        /// The places of the version that the last two changed.
        Two = "two",
        /// Nothing is raised but the kind's own places; what the last two changed
        /// is listed.
        Known = "known",
        /// Nothing, and nothing is looked at.
        Off = "off",
    }
}

choice! {
    /// How `{version}` is written in a place of `version.files`.
    VersionForm {
        /// "1.0.4".
        Full = "full",
        /// "010004".
        Hex = "hex",
        /// "1,0,4".
        Comma = "comma",
        /// "1_0_4".
        Underscore = "underscore",
    }
}

choice! {
    /// Which commit is tagged.
    TagAt {
        /// The merge commit where it ships nothing else, otherwise the head.
        Auto = "auto",
        /// The tested head.
        Head = "head",
        /// The merge commit.
        Merge = "merge",
    }
}

choice! {
    /// How the pull request is merged.
    MergeMethod {
        /// As the branch's rules allow.
        Auto = "auto",
        /// With a merge commit.
        Merge = "merge",
        /// As one commit.
        Squash = "squash",
        /// Commit by commit.
        Rebase = "rebase",
    }
}

choice! {
    /// What starts a release workflow.
    StartedBy {
        /// Its own triggers say.
        Auto = "auto",
        /// The tag.
        Tag = "tag",
        /// The bot, by dispatch.
        Dispatch = "dispatch",
        /// The end of another workflow.
        After = "after",
    }
}

const WORKFLOW_PREFIX: &str = "workflow:";

/// The same with the file behind it, as a regular expression.
const BY_WORKFLOW: &str = r"^workflow:\s*(\.github/workflows/)?[^/]+\.ya?ml\s*$";

/// Declares plain words beside `workflow:<file>`.
macro_rules! by_workflow {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
            /// By this workflow file.
            Workflow(String),
        }

        impl Word for $name {
            const PATTERN: Option<&'static str> = Some(BY_WORKFLOW);

            fn from_word(word: &str) -> Result<Self, String> {
                match word {
                    $($word => Ok($name::$variant),)*
                    _ => word
                        .strip_prefix(WORKFLOW_PREFIX)
                        .and_then(workflow_file)
                        .map($name::Workflow)
                        .ok_or_else(|| {
                            one_of(&[$($word,)* "workflow:<file>.yml"])
                        }),
                }
            }
            fn to_word(&self) -> String {
                match self {
                    $($name::$variant => $word.to_owned(),)*
                    $name::Workflow(file) => format!("{WORKFLOW_PREFIX}{file}"),
                }
            }
            fn words() -> Vec<&'static str> {
                vec![$($word,)*]
            }
        }

        serde_by_word!($name);
    };
}

by_workflow! {
    /// Who installs the released version afresh.
    Install {
        /// A person.
        Manual = "manual",
    }
}

by_workflow! {
    /// Who takes a version back at the registry.
    Yank {
        /// A person, by the command that is shown.
        Ask = "ask",
        /// The server, with its token.
        Token = "token",
    }
}

by_workflow! {
    /// How publishing is rehearsed on the tested head.
    DryRun {
        /// Not at all.
        No = "",
    }
}

by_workflow! {
    /// Who makes the release tag: the file, where a workflow makes it itself.
    TaggedBy {
        /// As the workflow files say.
        Auto = "auto",
        /// The bot.
        Bot = "bot",
        /// A person.
        Person = "person",
    }
}

by_workflow! {
    /// Who publishes: the file, where somebody starts a workflow at the tag.
    PublishedBy {
        /// As the workflow files say.
        Auto = "auto",
        /// What the tag starts.
        Tag = "tag",
        /// What a published GitHub release starts.
        Release = "release",
        /// What the merge starts.
        Merge = "merge",
        /// A person.
        Person = "person",
    }
}

/// The name of a workflow file, without the folder that all of them share.
pub(super) fn workflow_file(written: &str) -> Option<String> {
    let name = written
        .trim()
        .strip_prefix(".github/workflows/")
        .unwrap_or(written.trim());
    let stem = name
        .strip_suffix(".yml")
        .or_else(|| name.strip_suffix(".yaml"))?;
    (!stem.is_empty() && !name.contains('/')).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_serde_writes() {
        let json = serde_json::to_string(&Yank::Workflow("yank.yml".to_owned())).unwrap();
        assert_eq!(json, "\"workflow:yank.yml\"");
        assert_eq!(
            serde_json::from_str::<Yank>("\"token\"").unwrap(),
            Yank::Token
        );
        assert!(serde_json::from_str::<Install>("\"token\"").is_err());
        let auto: AutoOr<u32> = serde_json::from_str("\"auto\"").unwrap();
        assert_eq!(auto, AutoOr::Auto);
        let two: AutoOr<u32> = serde_json::from_str("2").unwrap();
        assert_eq!(two, AutoOr::Is(2));
        assert_eq!(serde_json::to_string(&two).unwrap(), "2");
    }

    #[test]
    fn a_workflow_file_is_a_name() {
        assert_eq!(
            workflow_file(".github/workflows/ci.yml").as_deref(),
            Some("ci.yml")
        );
        assert_eq!(workflow_file("ci.yaml").as_deref(), Some("ci.yaml"));
        assert_eq!(workflow_file("ci"), None);
        assert_eq!(workflow_file("a/b.yml"), None);
        assert_eq!(workflow_file(".yml"), None);
    }
}
