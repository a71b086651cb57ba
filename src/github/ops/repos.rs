//! Repositories and what people may do in them.

use serde::{Deserialize, Serialize};

use super::{Actor, Sha};
use crate::github::call::{Call, path};
use crate::github::foreseen::What;
use crate::github::{Error, Installation, Repo};

/// A repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RepoInfo {
    /// Id, stable through renames and transfers.
    pub id: i64,
    /// GraphQL's id.
    #[serde(default)]
    pub node_id: String,
    /// Name without the owner.
    pub name: String,
    /// `owner/name`.
    pub full_name: String,
    /// Its owner.
    pub owner: Actor,
    /// Name of the default branch.
    pub default_branch: String,
    /// Its page.
    #[serde(default)]
    pub html_url: String,
    /// Whether only the invited see it.
    pub private: bool,
    /// Read-only when archived.
    #[serde(default)]
    pub archived: bool,
    /// Switched off by GitHub.
    #[serde(default)]
    pub disabled: bool,
    /// Whether it is a fork.
    #[serde(default)]
    pub fork: bool,
    /// Whether it has issues at all.
    #[serde(default)]
    pub has_issues: bool,
    /// Whether it has discussions.
    #[serde(default)]
    pub has_discussions: bool,
    /// Whether merge commits are allowed; absent without the right to see it.
    pub allow_merge_commit: Option<bool>,
    /// Whether squashing is allowed.
    pub allow_squash_merge: Option<bool>,
    /// Whether rebasing is allowed.
    pub allow_rebase_merge: Option<bool>,
    /// Whether GitHub deletes a head branch at the merge.
    pub delete_branch_on_merge: Option<bool>,
}

/// What a person may do in a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// `admin`, `write`, `read` or `none`; maintain shows as write, triage as
    /// read.
    pub permission: String,
    /// The true role (`maintain`, `triage`, a custom one).
    pub role_name: String,
    /// Whose it is: the login may be another account's by now.
    pub user: Option<Actor>,
}

/// Somebody with access to a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collaborator {
    /// Login.
    pub login: String,
    /// Id, stable through renames.
    pub id: i64,
    /// `User` or `Bot`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What they may do.
    #[serde(default)]
    pub permissions: CollaboratorPermissions,
}

/// The rights of a collaborator that are asked for here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CollaboratorPermissions {
    /// May push.
    pub push: bool,
}

/// A branch with what guards it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// Name without `refs/heads/`.
    pub name: String,
    /// Its head.
    pub commit: Sha,
    /// Whether protection or a ruleset applies.
    pub protected: bool,
    /// Classic branch protection, as far as everybody may read it.
    #[serde(default)]
    pub protection: Protection,
}

/// Classic branch protection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Protection {
    /// Whether there is any.
    pub enabled: bool,
    /// The checks that a merge needs.
    pub required_status_checks: RequiredContexts,
}

/// Names of required checks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequiredContexts {
    /// Whom it holds for; `off`: nobody.
    pub enforcement_level: Option<String>,
    /// Names of check runs or contexts of statuses.
    pub contexts: Vec<String>,
    /// The same, each with the App that it must come from.
    pub checks: Vec<RequiredContext>,
}

/// A required check of classic branch protection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequiredContext {
    /// Its name.
    pub context: String,
    /// The App it must come from; none or -1: whichever.
    pub app_id: Option<i64>,
}

impl Installation {
    /// Every repository of the installation: `GET /installation/repositories`.
    pub async fn repositories(&self) -> Result<Vec<RepoInfo>, Error> {
        let call = Call::get(
            "apps/list-repos-accessible-to-installation",
            "/installation/repositories".into(),
        );
        self.list(call, Some("repositories")).await
    }
}

impl Repo {
    /// The repository itself, also under a former name: `GET /repos/{o}/{r}`.
    pub async fn get(&self) -> Result<RepoInfo, Error> {
        let there: RepoInfo = match self.foretold(What::Repository) {
            Some(told) => told,
            None => {
                let call = Call::get("repos/get", self.path(&[]));
                self.call(call).await?.json()?
            }
        };
        if let Some((memory, id)) = self.memory()
            && there.id == id
            && !there.node_id.is_empty()
        {
            memory.keep_node(id, &there.node_id);
        }
        Ok(there)
    }

    /// GraphQL's id of the repository, which stays through renames as its own does:
    /// asked for once, by [`Repo::get`]. None: the name is another repository's.
    pub async fn node_id(&self) -> Result<Option<String>, Error> {
        let known = self.memory();
        if let Some(known) = known.and_then(|(memory, id)| memory.node(id)) {
            return Ok(Some(known));
        }
        let there = self.get().await?;
        let ours = self.memory().is_none_or(|(_, id)| there.id == id);
        Ok(ours.then_some(there.node_id))
    }

    /// What `login` may do: `GET .../collaborators/{username}/permission`. An
    /// outsider is `None` (404) or `read`, by reports; both mean no rights.
    pub async fn permission(&self, login: &str) -> Result<Option<Permission>, Error> {
        self.call(Call::get(
            "repos/get-collaborator-permission-level",
            self.path(&["collaborators", login, "permission"]),
        ))
        .await?
        .maybe()
    }

    /// Whether `login` is in a team, or in one below it:
    /// `GET /orgs/{org}/teams/{team_slug}/memberships/{username}`. Who was only
    /// invited is not (`state` is `pending`); 404 is said of everybody else. Needs
    /// `members` of that organisation.
    pub async fn is_in_team(
        &self,
        organisation: &str,
        team: &str,
        login: &str,
    ) -> Result<bool, Error> {
        #[derive(Deserialize)]
        struct Membership {
            state: String,
        }
        let there: Option<Membership> = self
            .call(Call::get(
                "teams/get-membership-for-user-in-org",
                path(&["orgs", organisation, "teams", team, "memberships", login]),
            ))
            .await?
            .maybe()?;
        Ok(there.is_some_and(|it| it.state == "active"))
    }

    /// Everybody who may push, organisation members by their teams and roles
    /// included: `GET .../collaborators?permission=push`.
    pub async fn collaborators(&self) -> Result<Vec<Collaborator>, Error> {
        let call = Call::get("repos/list-collaborators", self.path(&["collaborators"]))
            .query("affiliation", "all")
            .query("permission", "push");
        self.installation().list(call, None).await
    }

    /// A branch and its protection: `GET .../branches/{branch}`.
    pub async fn branch(&self, name: &str) -> Result<Option<Branch>, Error> {
        self.call(Call::get(
            "repos/get-branch",
            self.path(&["branches", name]),
        ))
        .await?
        .maybe()
    }
}
