//! What the jobs of a workflow file may ship, and how sure that is.

use super::job::Reaches;
use super::ships::{Shipping, Sure};
use super::{Cause, WorkflowFile, condition};

/// What the jobs of a file may ship when it is started, each with how sure that
/// is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shipped {
    /// What its own steps ship.
    pub ships: Vec<(Shipping, Sure)>,
    /// The files that it calls, by name; those of other repositories by their address.
    pub calls: Vec<Led>,
    /// What its steps use of the repository: actions, files and targets.
    pub uses: Vec<Led>,
}

/// Something that a file leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Led {
    /// What.
    pub to: String,
    /// How sure it is that it is reached.
    pub sure: Sure,
    /// How far it could reach, whatever it does.
    pub reaches: Reaches,
}

impl WorkflowFile {
    /// What its jobs may ship, by themselves and by what they call and use.
    pub fn may_ship(&self, cause: Cause<'_>) -> Shipped {
        let (out, _) = condition::left_out(&self.jobs, cause);
        let surely = condition::surely_run(&self.jobs, cause);
        let proposed = self.proposed();
        let (mut ships, mut calls, mut uses) = (Vec::new(), Vec::new(), Vec::new());
        for job in self
            .jobs
            .iter()
            .filter(|job| !out.contains(&job.id.as_str()))
        {
            let holds = |when: &Option<String>| match when {
                Some(when) => condition::holds(when, cause),
                None => Some(true),
            };
            let reached = surely.contains(&job.id.as_str());
            let runs = holds(&job.when) == Some(true);
            let later = proposed.contains(&job.id.as_str());
            for ship in &job.ships {
                let sure = match holds(&ship.when) {
                    Some(false) => continue,
                    _ if ship.what != Shipping::Proposes
                        && (later
                            || self.opens() && is_of_proposal(&ship.when)
                            || ship.proposed) =>
                    {
                        Sure::Proposed
                    }
                    Some(true) if runs => match reached {
                        true => Sure::Yes,
                        false => Sure::OnceReached,
                    },
                    _ => Sure::No,
                };
                match &ship.uses {
                    Some(to) => uses.push(Led {
                        to: to.clone(),
                        sure,
                        reaches: job.reaches(),
                    }),
                    None => ships.push((ship.what, sure)),
                }
            }
            let sure = match (later, reached) {
                (true, _) => Sure::Proposed,
                (false, true) => Sure::Yes,
                (false, false) => Sure::OnceReached,
            };
            // One of another repository's is called by its address, and nobody reads it.
            let called = job.called().or_else(|| job.calls.clone());
            calls.extend(called.map(|to| Led {
                to,
                sure,
                reaches: job.reaches(),
            }));
        }
        // Read by a version that did not look at the jobs.
        if self
            .jobs
            .iter()
            .all(|job| job.ships.is_empty() && job.calls.is_none())
        {
            let whole = [
                (self.publishes_crate, Shipping::Crates),
                (self.creates_release, Shipping::Release),
            ];
            ships.extend(
                whole
                    .iter()
                    .filter(|(is, _)| *is)
                    .map(|(_, what)| (*what, Sure::No)),
            );
            calls.extend(self.calls.iter().map(|it| Led {
                to: it.clone(),
                sure: Sure::No,
                reaches: Reaches::ByDefault,
            }));
        }
        Shipped { ships, calls, uses }
    }

    /// Whether a step of it opens a pull request for a release.
    fn opens(&self) -> bool {
        let mut ships = self.jobs.iter().flat_map(|job| &job.ships);
        ships.any(|ship| ship.what == Shipping::Proposes)
    }

    /// The jobs, by their keys, that run once the pull request that the file itself
    /// opens is merged, and those that wait for them.
    fn proposed(&self) -> Vec<&str> {
        if !self.opens() {
            return Vec::new();
        }
        let mut all: Vec<&str> = Vec::new();
        // Each round may add those that wait for others.
        for _ in &self.jobs {
            for job in &self.jobs {
                let after = job.needs.iter().any(|id| all.contains(&id.as_str()));
                let later = is_of_proposal(&job.when)
                    || after
                        && !job
                            .when
                            .as_deref()
                            .is_some_and(condition::runs_all_the_same);
                if later && !all.contains(&job.id.as_str()) {
                    all.push(&job.id);
                }
            }
        }
        all
    }
}

/// Whether a condition asks whether a release was made, as release-please says it.
/// (release-please-action: outputs `release_created`, `releases_created`.)
fn is_of_proposal(when: &Option<String>) -> bool {
    when.as_deref().is_some_and(|when| {
        let asks = ["release_created", "releases_created"];
        let not = ["!", "'false'", "||"];
        asks.iter().any(|it| when.contains(it)) && !not.iter().any(|it| when.contains(it))
    })
}
