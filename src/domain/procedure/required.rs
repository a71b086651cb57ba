//! Which workflow files must pass on the head: those that the commits of pull
//! requests start. One that pushes alone start may as well be what publishes a
//! site or makes a tag, and counts only where it is harmless.
//!
//! A workflow with `paths` or `paths-ignore` runs on some heads only, and which
//! pushes brought a head is known to GitHub alone: it compares what one push
//! changed. (GitHub: workflow syntax, `on.<push|pull_request>.paths`.) what is
//! known is each commit's paths, and the last commit always is part of the last
//! push. So such a file counts
//!
//! - when the last commit passes the filter: then its run comes;
//! - when there is a run of it on the head, for whatever reason it started;
//! - when the fix passes the filter and the bot can see to a run: by a dispatch,
//!   or by `test enable` where the trigger leaves out the branch.
//!
//! Else it is not waited for. A run that comes all the same begins together
//! with those of the other files, long before those are through; and where
//! there are none, no head is taken as tested without a person's word.

use super::branch::Branched;
use super::commits::is_fix;
use super::harm::{Harm, at_base};
use super::runs::counting;
use super::step::Case;
use super::target;
use super::triggers::{can_dispatch, head, passes, starts_on_push, takes_branch};
use crate::domain::objects::Workflow;
use crate::domain::policy::AutoOr;
use crate::domain::workflow_file::{RefFilter, Start};

/// Whether a workflow file counts as a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counted {
    /// It must pass on the head.
    Counts,
    /// Nobody waits for it.
    LeftOut(LeftOut),
}

/// Why a workflow file is no test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// Its filters by path leave out what is changed.
    Paths,
    /// Only pushes start it, and this is what its jobs may do.
    Harm(Harm),
    /// It works on pull requests with the rights of the base
    /// (`pull_request_target`), and says nothing of their commits.
    Target,
    /// Neither pull requests nor pushes start it, no job of it runs for ours or tests
    /// anything, or it fills caches.
    Elsewhere,
}

/// The workflow files that must pass on the head: as configured; else those
/// that count by [`judged`].
pub fn required(c: &Case<'_>, branched: &Branched) -> Vec<String> {
    match &c.policy.test.workflows {
        AutoOr::Is(files) => files.clone(),
        AutoOr::Auto => of(c, branched, |counted| *counted == Counted::Counts),
    }
}

/// The files that would be required, if their filters by path did not leave out
/// what is changed.
pub fn left_out(c: &Case<'_>, branched: &Branched) -> Vec<String> {
    match &c.policy.test.workflows {
        AutoOr::Is(_) => Vec::new(),
        AutoOr::Auto => of(c, branched, |counted| {
            *counted == Counted::LeftOut(LeftOut::Paths)
        }),
    }
}

/// Those that are left out because of what their jobs may do.
pub fn harmful(c: &Case<'_>, branched: &Branched) -> Vec<(String, Harm)> {
    if c.policy.test.workflows.written().is_some() {
        return Vec::new();
    }
    let all = judged(c, branched).into_iter();
    all.filter_map(|(file, counted)| match counted {
        Counted::LeftOut(LeftOut::Harm(harm)) => Some((file, harm)),
        _ => None,
    })
    .collect()
}

fn of(c: &Case<'_>, branched: &Branched, is: impl Fn(&Counted) -> bool) -> Vec<String> {
    let all = judged(c, branched).into_iter();
    all.filter(|(_, counted)| is(counted))
        .map(|(file, _)| file)
        .collect()
}

/// Every workflow file of the base, and whether it counts as a test. The base's
/// files are asked, so that a fix cannot take a test away.
pub fn judged(c: &Case<'_>, branched: &Branched) -> Vec<(String, Counted)> {
    let all = branched.base.workflows.iter();
    all.map(|workflow| (workflow.name().to_owned(), judge(c, branched, workflow)))
        .collect()
}

fn judge(c: &Case<'_>, branched: &Branched, workflow: &Workflow) -> Counted {
    let branches = branches_that_count(c);
    let (mut pull, mut push) = filters(&branches, workflow);
    // What is there for the pull requests of another App runs for none of ours.
    // What reviews or labels pull requests tests nothing.
    let jobs = &workflow.file.jobs;
    let reviews = !jobs.is_empty() && jobs.iter().all(|job| job.about_pulls);
    if reviews || never_for_ours(c, branched, workflow) {
        pull.clear();
    }
    if never_pushed(branched, workflow, &branches) {
        push.clear();
    }
    if pull.is_empty() && push.is_empty() {
        let target = "pull_request_target".to_owned();
        return Counted::LeftOut(match workflow.file.on.other.contains(&target) {
            true => LeftOut::Target,
            false => LeftOut::Elsewhere,
        });
    }
    if pull.is_empty() {
        let harm = at_base(branched, workflow.name());
        if !harm.is_empty() {
            return Counted::LeftOut(LeftOut::Harm(harm));
        }
        if fills_caches(workflow) {
            return Counted::LeftOut(LeftOut::Elsewhere);
        }
    }
    let filters = [pull, push].concat();
    let by_paths = filters.iter().all(|filter| filter.by_paths());
    match !by_paths || counts(c, branched, workflow.name(), &filters) {
        true => Counted::Counts,
        false => Counted::LeftOut(LeftOut::Paths),
    }
}

/// Whether it says by its name that it is there for what other runs find ready.
fn fills_caches(workflow: &Workflow) -> bool {
    let name = workflow.name().to_ascii_lowercase();
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| matches!(word, "cache" | "caches" | "caching"))
}

/// Whether no job of it can run for a pull request of ours.
fn never_for_ours(c: &Case<'_>, branched: &Branched, workflow: &Workflow) -> bool {
    let start = Start {
        event: "pull_request",
        full_ref: "refs/pull/1/merge",
        repo: &branched.repo,
        by: (!c.facts.bot.is_empty()).then_some(c.facts.bot.as_str()),
        head: Some(&branched.branch),
    };
    workflow.file.never_runs(start).is_some()
}

/// Whether no job of it can run for a push to any of these branches: all are switched
/// off.
fn never_pushed(branched: &Branched, workflow: &Workflow, branches: &[&str]) -> bool {
    branches.iter().all(|branch| {
        let full_ref = format!("refs/heads/{branch}");
        let start = Start {
            event: "push",
            full_ref: &full_ref,
            repo: &branched.repo,
            by: None,
            head: None,
        };
        workflow.file.never_runs(start).is_some()
    })
}

/// The branches whose pull requests and pushes are tested by what counts: that of
/// the release line, and the default branch, where it is written how a release is
/// tested that came from there.
fn branches_that_count<'c>(c: &Case<'c>) -> Vec<&'c str> {
    let main = c.facts.repo.default_branch.as_str();
    target::line(c).into_iter().chain([main]).collect()
}

/// The triggers by which it tests what goes to one of these branches: those of
/// pull requests, and those of pushes.
fn filters<'a>(
    branches: &[&str],
    workflow: &'a Workflow,
) -> (Vec<&'a RefFilter>, Vec<&'a RefFilter>) {
    let file = &workflow.file;
    let push = file.on.push.as_ref();
    let pull = file.on.pull_request.as_ref();
    let by = |starts: &dyn Fn(&str) -> bool| branches.iter().any(|branch| starts(branch));
    let pull = pull.filter(|_| by(&|branch| file.tests_pull_requests_to(branch)));
    let push = push.filter(|_| by(&|branch| file.starts_on_branch(branch)));
    (pull.into_iter().collect(), push.into_iter().collect())
}

fn counts(c: &Case<'_>, branched: &Branched, file: &str, filters: &[&RefFilter]) -> bool {
    let Some((head, commits)) = head(c, branched) else {
        return false;
    };
    let asked = c.line.tests.get(file).is_some_and(|t| t.head == *head);
    if asked || counting(c, branched, file, head).is_some() || starts_on_push(c, branched, file) {
        return true;
    }
    let may_be_had = can_dispatch(branched, file) || !takes_branch(branched, file);
    let mut of_the_fix = commits.iter().filter(|commit| is_fix(c.line, commit));
    may_be_had && of_the_fix.any(|commit| filters.iter().any(|filter| passes(filter, commit)))
}
