//! Rules that hold on a branch.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::github::call::Call;
use crate::github::{Error, Repo};

/// An active rule, of whichever ruleset.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// `required_status_checks`, `pull_request`, `required_signatures`,
    /// `merge_queue`, `non_fast_forward`, `creation`, ...
    #[serde(rename = "type")]
    pub kind: String,
    /// Its ruleset.
    #[serde(default)]
    pub ruleset_id: i64,
    /// What it asks, as GitHub writes it.
    #[serde(default)]
    pub parameters: Value,
}

/// A check that a merge needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredCheck {
    /// Name of the check run or context of the status.
    pub context: String,
    /// The App it must come from, if pinned.
    pub integration_id: Option<i64>,
}

impl Rule {
    /// The checks that this rule requires; none for other kinds.
    pub fn required_checks(&self) -> Vec<RequiredCheck> {
        if self.kind != "required_status_checks" {
            return Vec::new();
        }
        let checks = self.parameters.get("required_status_checks");
        checks
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|c| RequiredCheck::deserialize(c).ok())
            .collect()
    }

    /// How many approvals a `pull_request` rule asks; 0 for other kinds.
    pub fn required_approvals(&self) -> i64 {
        self.parameters
            .get("required_approving_review_count")
            .and_then(Value::as_i64)
            .filter(|_| self.kind == "pull_request")
            .unwrap_or(0)
    }
}

impl Repo {
    /// Active rules for a branch, also one that is not there yet:
    /// `GET .../rules/branches/{branch}`. Classic protection is not among
    /// them, see [`Self::branch`].
    pub async fn branch_rules(&self, branch: &str) -> Result<Vec<Rule>, Error> {
        let call = Call::get(
            "repos/get-branch-rules",
            self.path(&["rules", "branches", branch]),
        );
        self.installation().list(call, None).await
    }
}
