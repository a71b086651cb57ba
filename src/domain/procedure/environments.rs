//! What the environments of the release's jobs say to it: a tag that they do not
//! take is burned.

use super::branch::Branched;
use super::release_runs::start_of;
use super::step::Case;
use crate::domain::derive::refs::fits;
use crate::domain::need::{Finding, Start as Began};
use crate::domain::objects::{Environment, Takes, Workflow};
use crate::domain::workflow_file::{Cause, Start};

/// The environments that do not take what the tag starts, or make it wait.
pub fn environments(c: &Case<'_>, branched: &Branched) -> Vec<Finding> {
    let known = c.line.seen.guards.get();
    let known = known.and_then(|guards| guards.environments.as_deref());
    let mut all = Vec::new();
    for (workflow, event, full_ref) in started(branched) {
        let start = Start {
            event,
            full_ref: &full_ref,
            repo: &branched.repo,
            by: None,
            head: None,
        };
        for name in workflow.file.environments(Cause::Ref(start)) {
            let mut environments = known.unwrap_or_default().iter();
            // GitHub asks for no case.
            let found = environments.find(|it| it.name.eq_ignore_ascii_case(&name));
            all.extend(found.and_then(|it| finding(workflow, it, &full_ref)));
        }
    }
    all
}

fn finding(workflow: &Workflow, it: &Environment, full_ref: &str) -> Option<Finding> {
    let (file, environment) = (workflow.name().to_owned(), it.name.clone());
    if takes(&it.takes, full_ref) == Some(false) {
        let takes = it.takes.clone();
        return Some(Finding::Refuses {
            file,
            environment,
            takes,
        });
    }
    let (reviewers, minutes) = (it.reviewers, it.minutes);
    (reviewers > 0 || minutes > 0).then_some(Finding::Waits {
        file,
        environment,
        reviewers,
        minutes,
    })
}

/// Whether an environment takes a ref; none: nobody can tell.
fn takes(takes: &Takes, full_ref: &str) -> Option<bool> {
    let tag = full_ref.strip_prefix("refs/tags/");
    match takes {
        Takes::All => Some(true),
        // Whether a branch is protected is not looked at.
        Takes::Protected => tag.map(|_| false),
        Takes::Unknown => None,
        Takes::Named(refs) => {
            let branch = full_ref.strip_prefix("refs/heads/");
            let name = tag.or(branch)?;
            let of_kind = refs.iter().filter(|(tags, _)| *tags == tag.is_some());
            let found: Vec<Option<bool>> = of_kind.map(|(_, it)| fits(it, name)).collect();
            match found.contains(&Some(true)) {
                true => Some(true),
                false if found.contains(&None) => None,
                false => Some(false),
            }
        }
    }
}

/// What the tag starts, at once or one after another: the file, the event, and
/// the ref that GitHub runs it on.
pub(super) fn started(branched: &Branched) -> Vec<(&Workflow, &'static str, String)> {
    let base = &branched.base;
    let mut all: Vec<(&Workflow, &'static str, String)> = Vec::new();
    for workflow in branched.at_tag().iter().chain(&base.main_workflows) {
        if all
            .iter()
            .any(|(known, ..)| known.name() == workflow.name())
        {
            continue;
        }
        let tag = || format!("refs/tags/{}", branched.tag);
        match start_of(branched, workflow.name()) {
            Some(Began::Tag) => all.push((workflow, "push", tag())),
            Some(Began::Created) => all.push((workflow, "create", tag())),
            Some(Began::Bot) => all.push((workflow, "workflow_dispatch", tag())),
            Some(Began::Release) => all.push((workflow, "release", tag())),
            // What follows others runs on the default branch, by its file there.
            Some(Began::After(_)) => {
                if let Some(follower) = base
                    .main_workflows
                    .iter()
                    .find(|w| w.name() == workflow.name())
                {
                    let main = format!("refs/heads/{}", base.default_branch());
                    all.push((follower, "workflow_run", main));
                }
            }
            Some(Began::Hand) | None => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_environment_takes() {
        let named = |all: &[(bool, &str)]| {
            Takes::Named(
                all.iter()
                    .map(|(tag, it)| (*tag, (*it).to_owned()))
                    .collect(),
            )
        };
        for (policy, tag, branch) in [
            (Takes::All, Some(true), Some(true)),
            (Takes::Protected, Some(false), None),
            (Takes::Unknown, None, None),
            (named(&[(true, "v*")]), Some(true), Some(false)),
            (named(&[(false, "main")]), Some(false), Some(true)),
            (named(&[(true, "release-*")]), Some(false), Some(false)),
            (named(&[(true, "v[0-9]*")]), None, Some(false)),
            (
                named(&[(true, "v[0-9]*"), (true, "v*")]),
                Some(true),
                Some(false),
            ),
            (named(&[]), Some(false), Some(false)),
        ] {
            assert_eq!(takes(&policy, "refs/tags/v1.0.5"), tag, "{policy:?}");
            assert_eq!(takes(&policy, "refs/heads/main"), branch, "{policy:?}");
        }
    }
}
