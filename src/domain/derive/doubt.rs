//! Why a release is the base, and why it must be asked for.

use serde::{Deserialize, Serialize};

use crate::domain::line_name::LineName;

/// Why a release is the base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", content = "what", rename_all = "snake_case")]
pub enum Why {
    /// A person said so.
    Said,
    /// The highest of the configured pattern.
    Configured,
    /// The highest whose names are nobody's: `v1.0.0`.
    Plain,
    /// The highest of this name, which is the root's or the repository's.
    Named(String),
    /// All releases are named alike.
    Only,
    /// The highest of this package, the only one with a program.
    Program(String),
    /// The highest of this release line.
    Line(LineName),
}

/// What a person must say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Why it is asked.
    pub doubt: Doubt,
    /// What it may be, the likelier first.
    pub candidates: Vec<Candidate>,
}

/// A release that may be meant: the highest of those that are named alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its tag.
    pub tag: String,
    /// How it is named.
    pub pattern: String,
    /// Whether it is GitHub's Latest.
    pub latest: bool,
}

/// Why the base is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "doubt", rename_all = "snake_case")]
pub enum Doubt {
    /// There is no tag.
    NoTag,
    /// No tag holds a version.
    NoVersion {
        /// Some of the tags.
        tags: Vec<String>,
    },
    /// No tag is of the configured pattern.
    Pattern {
        /// The pattern.
        pattern: String,
    },
    /// No stable release is of the line that is to be fixed.
    NoneOfLine {
        /// The line.
        line: LineName,
    },
    /// There are prereleases only.
    Prereleases {
        /// The highest.
        tag: String,
    },
    /// There are releases of several packages, and none is the product.
    Which,
    /// Something belongs to a higher version.
    Higher {
        /// The release that was derived.
        tag: String,
        /// The other one.
        other: String,
        /// What it is.
        sign: Sign,
    },
    /// The default branch's version is far beyond.
    Main {
        /// The release that was derived.
        tag: String,
        /// The version there.
        version: String,
    },
    /// GitHub's Latest is the product's, too, and is named otherwise.
    Otherwise {
        /// The release that was derived.
        tag: String,
        /// GitHub's Latest.
        other: String,
    },
    /// Releases are named after their day, and hold no version.
    Dated {
        /// The release that was derived.
        tag: String,
        /// The newest of them.
        other: String,
    },
    /// Everything belongs to a lower version.
    Lower {
        /// The release that was derived.
        tag: String,
        /// The version that speaks against it.
        other: String,
    },
    /// The registry has a higher version, of which there is no tag.
    Untagged {
        /// The release that was derived.
        tag: String,
        /// The version there.
        version: String,
        /// The registry.
        registry: String,
    },
    /// The release that was derived was taken back.
    Withdrawn {
        /// Which.
        tag: String,
    },
    /// What a person named is not there.
    Gone {
        /// What they named.
        tag: String,
    },
    /// What a person named holds no version.
    NoNumber {
        /// What they named.
        tag: String,
    },
}

/// What speaks for a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// GitHub's Latest.
    Latest,
    /// The newest published release.
    Newest,
    /// The default branch has its version.
    Main,
    /// It is higher, and nothing speaks for the derived one.
    Number,
}
