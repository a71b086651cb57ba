//! The kinds of values that the configuration knows beside TOML's own.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A length of time, held in milliseconds and written as "5m", "2h" or "90s".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period(i64);

impl Period {
    /// So many milliseconds; a negative number counts as none.
    pub const fn from_millis(millis: i64) -> Self {
        Self(if millis < 0 { 0 } else { millis })
    }

    /// So many minutes.
    pub const fn minutes(minutes: i64) -> Self {
        Self::from_millis(minutes.saturating_mul(60_000))
    }

    /// So many hours.
    pub const fn hours(hours: i64) -> Self {
        Self::minutes(hours.saturating_mul(60))
    }

    /// In milliseconds, never negative.
    pub const fn millis(self) -> i64 {
        self.0
    }
}

/// What a length of time is written like.
pub(super) const PERIOD_EXPECTED: &str =
    "a length of time such as \"90s\", \"5m\", \"2h\" or \"1h30m\"";

const UNITS: &[(&str, i64)] = &[
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

impl FromStr for Period {
    type Err = String;

    /// Numbers with units, largest unit first: d, h, m, s, ms, each at most once.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected {PERIOD_EXPECTED}");
        let mut rest = text.trim();
        let mut units = UNITS.iter();
        let mut total: i64 = 0;
        if rest.is_empty() {
            return Err(wrong());
        }
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = rest.split_at(digits);
            let number: i64 = number.parse().map_err(|_| wrong())?;
            let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
            let (unit, after) = after.split_at(letters);
            let (_, millis) = units.find(|(name, _)| *name == unit).ok_or_else(wrong)?;
            total = number
                .checked_mul(*millis)
                .and_then(|part| total.checked_add(part))
                .ok_or_else(wrong)?;
            rest = after;
        }
        Ok(Self(total))
    }
}

impl fmt::Display for Period {
    /// In the largest unit that divides it without rest, up to hours.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = UNITS
            .iter()
            .filter(|(name, _)| *name != "d")
            .find(|(_, millis)| self.0 != 0 && self.0 % millis == 0);
        match unit {
            Some((name, millis)) => write!(f, "{}{name}", self.0 / millis),
            None => f.write_str("0s"),
        }
    }
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
            AutoOr::Auto => serializer.serialize_str("auto"),
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

impl Word for Period {
    fn from_word(word: &str) -> Result<Self, String> {
        word.parse()
    }
    fn to_word(&self) -> String {
        self.to_string()
    }
    fn words() -> Vec<&'static str> {
        Vec::new()
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
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
    /// Which manifests hold the version.
    Ecosystem {
        /// By the files that are there.
        Auto = "auto",
        /// Cargo.toml and Cargo.lock.
        Cargo = "cargo",
        /// package.json and its lock file.
        Npm = "npm",
        /// pyproject.toml.
        Python = "python",
        /// Only what `version.files` names.
        Generic = "generic",
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
    fn periods_are_read_and_written() {
        for (text, millis) in [
            ("90s", 90_000),
            ("5m", 300_000),
            ("2h", 7_200_000),
            ("0s", 0),
            ("90m", 5_400_000),
            ("1500ms", 1_500),
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!(period.millis(), millis);
            assert_eq!(period.to_string(), text);
        }
        assert_eq!("1h30m".parse(), Ok(Period::minutes(90)));
        assert_eq!("1d".parse(), Ok(Period::hours(24)));
        assert_eq!("1m1s".parse::<Period>().unwrap().to_string(), "61s");
        for text in [
            "",
            "5",
            "m",
            "5 m",
            "5x",
            "-5m",
            "1m1h",
            "1m2m",
            "5mé",
            "99999999999999999h",
            "é",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

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
