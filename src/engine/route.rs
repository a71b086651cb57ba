//! Which cases a delivery concerns, asked without knowing any: whoever keeps
//! deliveries and whoever works them off ask the same.

use crate::github::webhook::{Delivery, RepoRef, What};
use crate::store::Index;

/// Which cases a delivery concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wants {
    /// None, whatever there is.
    Nobody,
    /// That of this issue, or whichever made the pull request of this number.
    Number(i64),
    /// Those that hold one of these claims, by kind and value.
    Claims(Vec<(&'static str, String)>),
    /// Those that hold one of these; where none does, all of the repository.
    ClaimsElseAll(Vec<(&'static str, String)>),
    /// Those that hold one of these; where anybody holds this one, all of the
    /// repository.
    ClaimsOrAll(Vec<(&'static str, String)>, (&'static str, String)),
    /// All of the repository.
    All,
}

pub(super) fn wants(repo: &RepoRef, delivery: &Delivery) -> Wants {
    match &delivery.what {
        What::Pull { pull, .. } | What::Review { pull, .. } => Wants::Claims(vec![
            ("pull", pull.number.to_string()),
            ("branch", pull.head.name.clone()),
            // What somebody offers who may not push there.
            ("branch", pull.base.name.clone()),
        ]),
        What::Push { name, .. } => match name.strip_prefix("refs/heads/") {
            Some(branch) if branch == repo.default_branch => Wants::All,
            // Several may go to one release line; one of them holds it.
            Some(branch) => Wants::ClaimsOrAll(
                vec![("branch", branch.to_owned())],
                ("line", branch.to_owned()),
            ),
            None => {
                let tag = name.strip_prefix("refs/tags/").unwrap_or(name);
                Wants::Claims(vec![("tag", tag.to_owned())])
            }
        },
        What::RefCreated { name, kind } | What::RefDeleted { name, kind } => {
            let kind = if kind == "tag" { "tag" } else { "branch" };
            Wants::Claims(vec![(kind, name.clone())])
        }
        What::WorkflowRun { run, .. } => {
            let name = run.head_branch.clone().unwrap_or_default();
            let claims = vec![("branch", name.clone()), ("tag", name)];
            match run.event.as_str() {
                // A chained run names no parent: whoever waits looks.
                "workflow_run" => Wants::ClaimsElseAll(claims),
                _ => Wants::Claims(claims),
            }
        }
        // Another one's may be made the latest, or be no longer.
        What::Release { .. } => Wants::All,
        _ => delivery.number().map_or(Wants::Nobody, Wants::Number),
    }
}

impl Wants {
    /// Whether somebody may be concerned.
    pub(super) fn anybody(&self, index: &Index, repo: i64) -> bool {
        let held = |claims: &[(&str, String)]| {
            let mut claims = claims.iter();
            claims.any(|(kind, value)| index.has_claim(repo, kind, value))
        };
        match self {
            Wants::Nobody => false,
            Wants::Number(number) => {
                index.has_issue(repo, *number) || index.has_claim(repo, "pull", &number.to_string())
            }
            Wants::Claims(claims) => held(claims),
            Wants::ClaimsElseAll(claims) => held(claims) || index.has_case(repo),
            Wants::ClaimsOrAll(claims, (kind, value)) => {
                held(claims) || index.has_claim(repo, kind, value)
            }
            Wants::All => index.has_case(repo),
        }
    }
}

/// Whether it may change which labels begin a hotfix: a push to the branch that
/// the configuration is read from.
pub(super) fn changes_labels(repo: &RepoRef, delivery: &Delivery) -> bool {
    match &delivery.what {
        What::Push { name, .. } => name.strip_prefix("refs/heads/") == Some(&repo.default_branch),
        _ => false,
    }
}
