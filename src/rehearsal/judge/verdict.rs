//! What the judge says.

use serde::Serialize;

use super::checklist::Item;
use super::proof::Answer;
use super::steps::Step;

/// What identifies the hotfix, as far as it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hotfix {
    /// `1.0.5`
    pub version: Option<String>,
    /// `v1.0.5`
    pub tag: Option<String>,
    /// The tag that it starts from.
    pub base: Option<String>,
    /// That tag's commit.
    pub base_commit: Option<String>,
    /// The annotated tag's own object.
    pub tag_object: Option<String>,
    /// The commit that the tag is on.
    pub tag_commit: Option<String>,
    /// The branch's last head before the tag, once its tests passed.
    pub tested_commit: Option<String>,
    /// The branch's short name.
    pub branch: Option<String>,
    /// The pull request's number.
    pub pull_request: Option<u64>,
    /// How the fix came to the default branch.
    pub forward_port: Option<ForwardPort>,
    /// The issue's number.
    pub issue: Option<u64>,
}

/// A merge into the default branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ForwardPort {
    /// The pull request's number.
    pub number: u64,
    /// The commit that the default branch got.
    pub merge_commit: String,
}

/// One demand on a finished hotfix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// What is demanded.
    pub name: &'static str,
    /// What shows it, or what is missing.
    pub answer: Answer,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The hotfix's identity.
    pub hotfix: Hotfix,
    /// The demands on a finished hotfix.
    pub demands: Vec<Demand>,
    /// The document's ten steps.
    pub steps: Vec<Step>,
    /// Its 24 items.
    pub checklist: Vec<Item>,
}

impl Verdict {
    /// Whether everything that is demanded is there.
    pub fn is_finished(&self) -> bool {
        self.demands.iter().all(|d| d.answer.is_ok())
    }

    /// What is missing, in words.
    pub fn missing(&self) -> Vec<String> {
        let of = |d: &Demand| {
            d.answer
                .as_ref()
                .err()
                .map(|why| format!("{}: {why}", d.name))
        };
        self.demands.iter().filter_map(of).collect()
    }
}
