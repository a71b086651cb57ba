//! Which slot, lane and class an effect stands in.

use serde::{Deserialize, Serialize};

use super::Effect;
use crate::domain::facts::CommentKind;

/// Which of a case's lines of work an effect stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Changes the release: one after the other.
    Write,
    /// Speaks to people.
    Talk,
    /// Only looks.
    Read,
}

impl Lane {
    /// The store's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Lane::Write => "write",
            Lane::Talk => "talk",
            Lane::Read => "read",
        }
    }
}

/// What may happen when nobody knows whether an attempt was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Changes nothing: ask again.
    Read,
    /// GitHub holds it at most once: look, then act again.
    Unique,
    /// Can be found by its marker: look twice, then act again.
    Findable,
}

impl Class {
    /// The store's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Read => "read",
            Class::Unique => "unique",
            Class::Findable => "findable",
        }
    }
}

impl Effect {
    /// The slot: what of a case there is only one of at a time.
    pub fn slot(&self) -> String {
        use Effect::*;
        match self {
            ReadPolicy => "read/policy".into(),
            ReadIssue => "read/issue".into(),
            ReadRole { login } => format!("read/role/{}", login.to_lowercase()),
            ReadBase { .. } => "read/base".into(),
            ReadBranch { .. } => "read/branch".into(),
            ReadPull { which, .. } => format!("read{}/pull", which.part()),
            ReadReviews { .. } => "read/reviews".into(),
            ReadWriters => "read/writers".into(),
            ReadRuns { which, .. } => format!("read{}/runs", which.part()),
            ReadTrial { .. } => "read/port/trial".into(),
            ReadHolds { .. } => "read/port/holds".into(),
            ReadTag { .. } => "read/tag".into(),
            ReadRelease { .. } => "read/release".into(),
            ReadRegistry { .. } => "read/registry".into(),
            CreateBranch { .. } => "branch".into(),
            PushBump { .. } => "bump".into(),
            EnableTests { .. } => "enable".into(),
            Dispatch { file, .. } => format!("dispatch/{file}"),
            OpenPull { which, .. } => format!("pull{}", which.part()),
            PushPort { .. } => "carry/port".into(),
            PushEntry { .. } => "carry/known".into(),
            Comment { kind, .. } => format!("comment/{}", kind.name()),
            React { comment, content } => format!("react/{comment}/{content}"),
            CreateTag { .. } => "tag".into(),
            MarkReady { .. } => "ready".into(),
            Merge { which, .. } => format!("merge{}", which.part()),
            Rerun { run, .. } => format!("rerun/{run}"),
            WriteNotes { .. } => "notes".into(),
            CloseIssue => "close-issue".into(),
            DeleteBranch { which, .. } => format!("delete-branch{}", which.part()),
            ClosePull { .. } => "close-pull".into(),
        }
    }

    /// The slot without its parameters, as metrics count it.
    pub fn kind(&self) -> &'static str {
        use Effect::*;
        match self {
            ReadPolicy => "read/policy",
            ReadIssue => "read/issue",
            ReadRole { .. } => "read/role",
            ReadBase { .. } => "read/base",
            ReadBranch { .. } => "read/branch",
            ReadPull { .. } => "read/pull",
            ReadReviews { .. } => "read/reviews",
            ReadWriters => "read/writers",
            ReadRuns { .. } => "read/runs",
            ReadTrial { .. } => "read/trial",
            ReadHolds { .. } => "read/holds",
            ReadTag { .. } => "read/tag",
            ReadRelease { .. } => "read/release",
            ReadRegistry { .. } => "read/registry",
            CreateBranch { .. } => "branch",
            PushBump { .. } => "bump",
            EnableTests { .. } => "enable",
            Dispatch { .. } => "dispatch",
            OpenPull { .. } => "pull",
            PushPort { .. } | PushEntry { .. } => "carry",
            Comment { .. } => "comment",
            React { .. } => "react",
            CreateTag { .. } => "tag",
            MarkReady { .. } => "ready",
            Merge { .. } => "merge",
            Rerun { .. } => "rerun",
            WriteNotes { .. } => "notes",
            CloseIssue => "close-issue",
            DeleteBranch { .. } => "delete-branch",
            ClosePull { .. } => "close-pull",
        }
    }

    /// Its lane.
    pub fn lane(&self) -> Lane {
        match self.class() {
            Class::Read => Lane::Read,
            _ => match self {
                Effect::Comment { .. } | Effect::React { .. } => Lane::Talk,
                _ => Lane::Write,
            },
        }
    }

    /// Its class.
    pub fn class(&self) -> Class {
        use Effect::*;
        match self {
            ReadPolicy
            | ReadIssue
            | ReadRole { .. }
            | ReadBase { .. }
            | ReadBranch { .. }
            | ReadPull { .. }
            | ReadReviews { .. }
            | ReadWriters
            | ReadRuns { .. }
            | ReadTrial { .. }
            | ReadHolds { .. }
            | ReadTag { .. }
            | ReadRelease { .. }
            | ReadRegistry { .. } => Class::Read,
            Comment { .. } | React { .. } | Dispatch { .. } => Class::Findable,
            _ => Class::Unique,
        }
    }

    /// Smaller goes first within a lane.
    pub fn priority(&self) -> i64 {
        match self {
            Effect::React { .. } => 1,
            Effect::Comment {
                kind: CommentKind::Status,
                ..
            } => 5,
            _ => 3,
        }
    }
}
