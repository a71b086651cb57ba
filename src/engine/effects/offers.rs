//! What leads into the hotfix branch: the fix of somebody who may not push there.

use super::{Context, convert};
use crate::domain::event::Outcome;
use crate::domain::objects::{Observation, Offer};
use crate::github::Error;
use crate::github::ops::{Pull, RunFilter};

/// So many are told of, the newest.
const MOST: usize = 5;

/// The open pull requests into a branch: 1 call, and 1 for each that comes from a
/// fork, whose runs may wait for somebody.
pub async fn read(context: &Context, branch: &str) -> Result<Outcome, Error> {
    let pulls = context.repo.pulls_into(branch).await?;
    let mut offers = Vec::new();
    for pull in pulls.iter().take(MOST) {
        let repo = pull.head.repo.as_ref();
        let fork = repo.is_none_or(|repo| context.is_ours(repo.id).is_err());
        offers.push(Offer {
            number: convert::count(pull.number),
            by: pull
                .user
                .as_ref()
                .map_or_else(String::new, |by| by.login.clone()),
            draft: pull.draft,
            fork,
            waits: match fork {
                true => waiting(context, pull).await?,
                false => None,
            },
        });
    }
    Ok(Outcome::seen(Observation::Offers(offers)))
}

/// The page of the first run of its head that nobody let start: 1 call. Such a run
/// is over, with a conclusion of its own (docs.github.com, "Approving workflow runs
/// from forks"; REST, `status=action_required`).
async fn waiting(context: &Context, pull: &Pull) -> Result<Option<String>, Error> {
    let filter = RunFilter {
        head_sha: Some(&pull.head.sha),
        status: Some("action_required"),
        ..RunFilter::default()
    };
    let runs = context.repo.runs(&filter).await?;
    // The filter is ignored by what does not know it: trust the fields.
    let mut runs = runs.into_iter().filter(|run| {
        run.head_sha == pull.head.sha && run.conclusion.as_deref() == Some("action_required")
    });
    Ok(runs.next().map(|run| run.html_url))
}
