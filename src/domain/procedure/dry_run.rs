//! Before the decision: publishing is tried out on the tested head, by the workflow
//! that `release.dry_run` names, and told to do nothing for good.

use std::collections::BTreeMap;

use super::branch::Branched;
use super::by_dispatch::is_on_main;
use super::fix::Fixed;
use super::harm;
use super::overrides::is_passed;
use super::runs::{age, pending};
use super::step::{Case, Step};
use super::test::Tested;
use super::triggers::at_head;
use crate::domain::command::Overridable;
use crate::domain::effect::Act;
use crate::domain::facts::ReleaseDecision;
use crate::domain::need::{Looking, Need, NeedKind, NoDryRun, Who};
use crate::domain::objects::Run;
use crate::domain::policy::DryRun;
use crate::domain::workflow_file::Input;

/// The key, which is what a commander passes.
pub const KEY: &str = "release.dry_run";

/// Publishing was tried out by this run; none: that is not asked for, or a
/// commander does without.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DryRan(pub Option<Run>);

/// What it is given: what asks for a trial is told yes.
fn inputs(declared: &[Input]) -> BTreeMap<String, String> {
    let trial = declared.iter().filter(|input| is_trial(&input.name));
    trial
        .map(|input| (input.name.clone(), "true".to_owned()))
        .collect()
}

/// Whether an input of this name makes a trial of it.
fn is_trial(name: &str) -> bool {
    let name = name.to_lowercase().replace('-', "_");
    ["dry_run", "dryrun", "dry", "simulate", "trial"].contains(&name.as_str())
        || name.ends_with("_dry_run")
}

/// Why it cannot be tried out so; none: it can.
fn refused(branched: &Branched, file: &str) -> Result<BTreeMap<String, String>, NoDryRun> {
    let Some(there) = at_head(branched, file) else {
        return Err(NoDryRun::NotThere);
    };
    let Some(declared) = there.file.on.workflow_dispatch.as_deref() else {
        return Err(NoDryRun::NoDispatch);
    };
    if !is_on_main(branched, file) {
        return Err(NoDryRun::NotOnMain);
    }
    let given = inputs(declared);
    let open = |input: &&Input| input.required && input.default.is_none();
    let missing = declared.iter().filter(open).map(|input| &input.name);
    let missing: Vec<String> = missing
        .filter(|name| !given.contains_key(*name))
        .cloned()
        .collect();
    if !missing.is_empty() {
        return Err(NoDryRun::Inputs(missing));
    }
    let harm = harm::at_head(branched, file);
    match given.is_empty() && !harm.is_empty() {
        true => Err(NoDryRun::Harm(harm)),
        false => Ok(given),
    }
}

/// One run of it on the tested head passes.
pub fn dry_run(c: &Case<'_>, branched: &Branched, fixed: &Fixed, _: &Tested) -> Step<DryRan> {
    let file = match &c.policy.release.dry_run {
        DryRun::Workflow(file) => file,
        DryRun::No => return Step::Done(DryRan(None)),
    };
    let head = &fixed.head;
    if is_passed(c, &Overridable::Key(KEY.to_owned()), head) {
        return Step::Done(DryRan(None));
    }
    let Some(seen) = c.line.seen.runs.get().filter(|runs| runs.sha == *head) else {
        return Step::looking(Looking::Runs);
    };
    let is_ours = |run: &&Run| {
        run.file() == file
            && run.event == "workflow_dispatch"
            && run.sha == *head
            && run.ref_name == branched.branch
    };
    let dispatched = || seen.runs.iter().filter(is_ours);
    let ours = c.line.trial.as_ref();
    let Some(ours) = ours.filter(|it| it.head == *head && it.file == *file) else {
        return match refused(branched, file) {
            Ok(given) => Step::wish(c.write(
                Act::Dispatch {
                    file: file.clone(),
                    branch: branched.branch.clone(),
                    head: head.clone(),
                    trial: Some(given),
                    after: dispatched().map(|run| run.id).max(),
                },
                // The same file may be a test besides.
                format!("trial-{head}"),
            )),
            Err(why) => Step::wait(
                Who::Commander,
                NeedKind::NoDryRun {
                    file: file.clone(),
                    why,
                },
            ),
        };
    };
    let since = dispatched().filter(|run| run.id > ours.after);
    match since.max_by_key(|run| age(run)) {
        Some(run) if run.passed() => Step::Done(DryRan(Some(run.clone()))),
        Some(run) if run.failed() || run.skipped() => Step::wait(
            Who::Responder,
            NeedKind::NoDryRun {
                file: file.clone(),
                why: NoDryRun::Failed(Box::new(run.clone())),
            },
        ),
        Some(run) => Step::Wait(vec![pending(run)]),
        None => Step::Wait(vec![Need::new(
            Who::Machine,
            NeedKind::RunMissing {
                file: file.clone(),
                can_start: true,
                by_paths: false,
                harm: Vec::new(),
            },
        )]),
    }
}

/// After the decision was locked: what was recorded.
pub fn decided(decision: &ReleaseDecision) -> DryRan {
    DryRan(decision.record.dry_run.clone())
}
