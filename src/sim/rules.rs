//! What stands in the way of a merge: branch rules, reviews, checks.

use super::git::Stats;
use super::refusal::Refusal;
use super::world::{BranchRule, Issue, Mergeable, Pull, Repo, Review, Role, Who, World};

/// GitHub Actions as an App.
pub(super) const ACTIONS: u64 = 15_368;

impl Repo {
    /// Why the rules on a branch forbid a merge method there. (GitHub: rulesets,
    /// `required_linear_history`, `required_signatures` and `allowed_merge_methods`.)
    pub(super) fn forbids_method(&self, base: &str, method: &str) -> Option<String> {
        self.rules
            .iter()
            .filter(|r| r.covers(base))
            .find_map(|rule| match rule.kind.as_str() {
                "required_linear_history" if method == "merge" => {
                    Some("This branch must not contain merge commits.".to_owned())
                }
                // GitHub signs nothing that it rebases. (GitHub: about commit signature
                // verification, "Signature verification for rebase and merge".)
                "required_signatures" if method == "rebase" => {
                    Some("Commits must have verified signatures.".to_owned())
                }
                "pull_request" => {
                    let allowed = rule.parameters["allowed_merge_methods"].as_array()?;
                    let named = allowed.iter().any(|m| m.as_str() == Some(method));
                    (!named).then(|| format!("The merge method {method} is not allowed."))
                }
                _ => None,
            })
    }
}

impl Repo {
    /// Why the rules on a ref forbid to make it, move it or delete it. Apps pass by
    /// where a rule names them, people from maintainers on. (GitHub: rulesets,
    /// `creation`, `update`, `deletion`.)
    fn forbids(&self, name: &str, doing: &str, by: impl Fn(&BranchRule) -> bool) -> bool {
        let mut rules = self.rules.iter().filter(|r| r.covers_ref(name));
        rules.any(|rule| rule.kind == doing && !by(rule))
    }
}

impl World {
    /// Whether the rules allow a change of a ref: `creation`, `update` or
    /// `deletion`.
    ///
    /// # Errors
    /// 422 as GitHub words it.
    pub(super) fn guard_ref(
        &self,
        repo: u64,
        name: &str,
        doing: &str,
        who: &Who,
    ) -> Result<(), Refusal> {
        let of = self.repo(repo)?;
        let passes = |rule: &BranchRule| match who.app {
            Some(app) => rule.bypass_apps.contains(&app),
            None => self
                .role(repo, who.user)
                .is_some_and(|r| r >= Role::Maintain),
        };
        if !of.forbids(name, doing, passes) {
            return Ok(());
        }
        let why = match doing {
            "creation" => "Cannot create ref due to creations being restricted.",
            "deletion" => "Cannot delete this ref.",
            _ => "Cannot update this protected ref.",
        };
        Err(Refusal::unprocessable(&format!(
            "Repository rule violations found\n\n{why}"
        )))
    }

    /// Whether what a push brings to a ref is signed, where a rule wants that and does
    /// not let the App pass by. (GitHub: rulesets, "Require signed commits".)
    ///
    /// # Errors
    /// 422 as GitHub words it.
    pub(super) fn guard_signatures(
        &self,
        repo: u64,
        name: &str,
        (before, after): (Option<&str>, &str),
        who: &Who,
    ) -> Result<(), Refusal> {
        let of = self.repo(repo)?;
        let passes = |rule: &BranchRule| who.app.is_some_and(|it| rule.bypass_apps.contains(&it));
        if !of.forbids(name, "required_signatures", passes) {
            return Ok(());
        }
        let known = before.map(str::to_owned).or_else(|| of.default_head());
        let brought = of.git.log(known.as_deref(), after, None, 250)?;
        let mut brought = brought.iter().filter_map(|sha| of.git.commit(sha));
        match brought.all(|commit| commit.signed) {
            true => Ok(()),
            false => Err(Refusal::unprocessable(
                "Repository rule violations found\n\nCommits must have verified signatures.",
            )),
        }
    }

    /// How much a pull request changes; what git cannot say counts as nothing.
    pub fn pull_stats(&self, repo: &Repo, pull: &Pull) -> Stats {
        repo.git
            .stats(&pull.base_sha, &pull.head_sha)
            .unwrap_or_default()
    }

    /// GitHub's `mergeable_state`.
    pub fn mergeable_state(&self, repo: &Repo, issue: &Issue, pull: &Pull) -> &'static str {
        if !issue.open {
            return "unknown";
        }
        match pull.mergeable {
            _ if pull.draft => "draft",
            Mergeable::Unknown => "unknown",
            Mergeable::Conflict => "dirty",
            Mergeable::Clean(_) if self.blocked(repo, pull).is_some() => "blocked",
            Mergeable::Clean(_) if self.unstable(repo, &pull.head_sha) => "unstable",
            Mergeable::Clean(_) => "clean",
        }
    }

    /// Why the rules on its base keep a pull request from being merged.
    pub(super) fn blocked(&self, repo: &Repo, pull: &Pull) -> Option<String> {
        repo.rules
            .iter()
            .filter(|r| r.covers(&pull.base))
            .find_map(|rule| match rule.kind.as_str() {
                "required_status_checks" => {
                    let checks = rule.parameters["required_status_checks"].as_array()?;
                    let wanted = checks.iter().filter_map(|c| {
                        Some((c["context"].as_str()?, c["integration_id"].as_u64()))
                    });
                    let sha = &pull.head_sha;
                    let missing: Vec<&str> = wanted
                        .filter(|(n, app)| self.check_result(repo, sha, n, *app) != Some(true))
                        .map(|(name, _)| name)
                        .collect();
                    let first = missing.first()?;
                    Some(match missing.len() {
                        1 => format!("Required status check \"{first}\" is expected."),
                        n => format!(
                            "{n} of {} required status checks are expected.",
                            checks.len()
                        ),
                    })
                }
                "pull_request" => {
                    let wanted = rule.parameters["required_approving_review_count"]
                        .as_u64()
                        .unwrap_or(0);
                    let (approved, against) = self.verdicts(repo, pull);
                    if against > 0 {
                        return Some(
                            "Changes were requested by a reviewer with write access.".into(),
                        );
                    }
                    (approved < wanted).then(|| {
                        let plural = if wanted == 1 { " is" } else { "s are" };
                        format!(
                            "At least {wanted} approving review{plural} required by reviewers \
                             with write access."
                        )
                    })
                }
                // Of every commit that comes along. (GitHub: rulesets, "Require signed
                // commits".)
                "required_signatures" => {
                    let (base, head) = (Some(pull.base_sha.as_str()), &pull.head_sha);
                    let all = repo.git.log(base, head, None, 250).unwrap_or_default();
                    let mut all = all.iter().filter_map(|sha| repo.git.commit(sha));
                    all.any(|commit| !commit.signed)
                        .then(|| "Commits must have verified signatures.".into())
                }
                "merge_queue" => Some("Changes must be made through the merge queue".into()),
                "update" => Some("Cannot update this protected ref.".into()),
                _ => None,
            })
    }

    /// Whether the App of `who` may pass by all rules on a branch.
    pub(super) fn bypasses(&self, repo: &Repo, branch: &str, who: &Who) -> bool {
        let mut rules = repo.rules.iter().filter(|r| r.covers(branch));
        who.app
            .is_some_and(|app| rules.all(|r| r.bypass_apps.contains(&app)))
    }

    /// How many reviewers with write access approve, and how many want changes,
    /// each by their last opinion.
    fn verdicts(&self, repo: &Repo, pull: &Pull) -> (u64, u64) {
        let opinion =
            |r: &&Review| ["APPROVED", "CHANGES_REQUESTED", "DISMISSED"].contains(&r.state);
        let mut authors: Vec<_> = pull.reviews.iter().map(|r| r.author).collect();
        authors.sort_unstable();
        authors.dedup();
        let last = authors.into_iter().filter_map(|author| {
            let strong = self.role(repo.id, author).is_some_and(|r| r >= Role::Write);
            let review = pull
                .reviews
                .iter()
                .rev()
                .filter(opinion)
                .find(|r| r.author == author)?;
            strong.then_some(review.state)
        });
        last.fold((0, 0), |(yes, no), state| match state {
            "APPROVED" => (yes + 1, no),
            "CHANGES_REQUESTED" => (yes, no + 1),
            _ => (yes, no),
        })
    }

    /// Whether some check on a commit has failed or is not finished.
    pub(super) fn unstable(&self, repo: &Repo, sha: &str) -> bool {
        self.results(repo, sha)
            .iter()
            .any(|(.., good)| *good != Some(true))
    }

    /// The newest result of the check or status `name` on a commit, of this App
    /// where one is named: good, bad, or not finished or not there.
    fn check_result(&self, repo: &Repo, sha: &str, name: &str, app: Option<u64>) -> Option<bool> {
        self.results(repo, sha)
            .into_iter()
            .rev()
            .find(|(n, by, _)| n == name && (app.is_none() || *by == app))
            .and_then(|(.., g)| g)
    }

    /// Every job, check run and status on a commit, oldest first, each with the
    /// App that it is of.
    fn results(&self, repo: &Repo, sha: &str) -> Vec<(String, Option<u64>, Option<bool>)> {
        let good = |conclusion: &Option<String>| {
            conclusion
                .as_deref()
                .map(|c| ["success", "neutral", "skipped"].contains(&c))
        };
        let jobs = repo
            .actions
            .runs
            .values()
            .filter(|r| r.head_sha == sha)
            .flat_map(|run| {
                run.jobs
                    .iter()
                    .map(|job| (job.name.clone(), Some(ACTIONS), good(&job.conclusion)))
            });
        let checks = repo
            .checks
            .runs
            .values()
            .filter(|c| c.head_sha == sha)
            .map(|c| (c.name.clone(), Some(c.app), good(&c.conclusion)));
        let statuses = repo.checks.latest_statuses(sha).into_iter().map(|s| {
            (
                s.context.clone(),
                None,
                (s.state != "pending").then(|| s.state == "success"),
            )
        });
        jobs.chain(checks).chain(statuses).collect()
    }
}
