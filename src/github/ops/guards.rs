//! What guards a repository: rulesets, environments, immutable releases.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Rule;
use crate::github::call::Call;
use crate::github::{Error, Repo};

/// A ruleset, of the repository or of its owner.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ruleset {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// `branch`, `tag`, `push`.
    #[serde(default)]
    pub target: Option<String>,
    /// `active`, `evaluate` or `disabled`.
    pub enforcement: String,
    /// Whether whoever asks passes by: `always`, `pull_requests_only`, `never`,
    /// `exempt`.
    #[serde(default)]
    pub current_user_can_bypass: Option<String>,
    /// Which refs it is about.
    #[serde(default)]
    pub conditions: Option<Conditions>,
    /// Its rules; none in a list.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Where it is found.
    #[serde(default, rename = "_links")]
    pub links: Option<Links>,
}

/// Which refs a ruleset is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    /// By their names.
    pub ref_name: Option<RefName>,
}

/// Patterns of full names of refs, with `~ALL` and `~DEFAULT_BRANCH`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RefName {
    /// Those that it is about.
    pub include: Vec<String>,
    /// But not these.
    pub exclude: Vec<String>,
}

/// Where something is found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Links {
    /// Its page.
    pub html: Option<Link>,
}

/// An address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Link {
    /// The address.
    pub href: String,
}

/// An environment that jobs deploy to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Its page.
    #[serde(default)]
    pub html_url: String,
    /// What a job waits for: `wait_timer`, `required_reviewers`, ...
    #[serde(default)]
    pub protection_rules: Vec<Value>,
    /// Which refs may deploy; none: all.
    pub deployment_branch_policy: Option<DeployPolicy>,
}

/// Which refs may deploy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployPolicy {
    /// Protected branches alone.
    pub protected_branches: bool,
    /// Those that a list names.
    pub custom_branch_policies: bool,
}

/// A branch or a tag that may deploy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployRef {
    /// Its name, or a pattern.
    pub name: String,
    /// `branch` or `tag`; where a server does not say it, a branch.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
}

#[derive(Deserialize)]
struct Immutable {
    enabled: bool,
}

impl Repo {
    /// All rulesets that concern branches and tags, without their rules:
    /// `GET .../rulesets`.
    pub async fn rulesets(&self) -> Result<Vec<Ruleset>, Error> {
        let call = Call::get("repos/get-repo-rulesets", self.path(&["rulesets"]))
            .query("targets", "branch,tag");
        self.installation().list(call, None).await
    }

    /// One with its rules: `GET .../rulesets/{id}`.
    pub async fn ruleset(&self, id: i64) -> Result<Ruleset, Error> {
        let path = self.path(&["rulesets", &id.to_string()]);
        self.call(Call::get("repos/get-repo-ruleset", path))
            .await?
            .json()
    }

    /// The environments: `GET .../environments`.
    pub async fn environments(&self) -> Result<Vec<Environment>, Error> {
        let call = Call::get("repos/get-all-environments", self.path(&["environments"]));
        self.installation().list(call, Some("environments")).await
    }

    /// The refs that an environment takes:
    /// `GET .../environments/{name}/deployment-branch-policies`.
    pub async fn deploy_refs(&self, environment: &str) -> Result<Vec<DeployRef>, Error> {
        let path = self.path(&["environments", environment, "deployment-branch-policies"]);
        let call = Call::get("repos/list-deployment-branch-policies", path);
        let list = self.installation().list(call, Some("branch_policies"));
        list.await
    }

    /// Whether releases become immutable when they are published; without the
    /// right to see it GitHub says no as well: `GET .../immutable-releases`.
    pub async fn has_immutable_releases(&self) -> Result<bool, Error> {
        let path = self.path(&["immutable-releases"]);
        let call = Call::get("repos/check-immutable-releases", path);
        let answer: Option<Immutable> = self.call(call).await?.maybe()?;
        Ok(answer.is_some_and(|it| it.enabled))
    }
}
