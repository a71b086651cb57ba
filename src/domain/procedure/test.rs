//! Step 4: what was tested is what is tagged, so everything here is bound to
//! one head.

use super::authors::{Authors, authors, wanted};
use super::branch::Branched;
use super::checks::checks;
use super::commits::is_by_people;
use super::dispatch::is_dispatched;
use super::fix::Fixed;
use super::overrides::is_passed;
use super::required::required;
use super::runs::{bound, counting, critical_path, hollow, manual, pending, skipped};
use super::step::{Case, Step};
use super::tried::{self, Missing};
use super::triggers::{at_head, is_by_paths, starts_on_push};
use super::{harm, hollow as left_out};
use crate::domain::command::Overridable;
use crate::domain::facts::ReleaseDecision;
use crate::domain::ids::{Person, Sha};
use crate::domain::item::Item;
use crate::domain::need::{Looking, Need, NeedKind, NotCounted, Uncounted, Who};
use crate::domain::objects::{Commit, File, Review, Run};
use crate::domain::outside::Outside;
use crate::domain::workflow_file::{Start, WorkflowFile};

/// The head passed everything that it must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// The head.
    pub head: Sha,
    /// The runs that passed on it.
    pub runs: Vec<Run>,
    /// Who approved it.
    pub approved_by: Vec<String>,
}

/// Required runs green on the head, approvals of the head, the manual test of
/// the head, a test touched.
pub fn test(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> Step<Tested> {
    let mut needs = Vec::new();
    let (runs, waiting) = runs(c, branched, fixed);
    needs.extend(waiting);
    needs.extend(checks(c, branched, fixed).1);

    if c.policy.scope.require_test
        && touched(c, branched).is_none()
        && bound(c, Item::TestsAdded, &fixed.head).is_none()
    {
        needs.push(Need::new(Who::Responder, NeedKind::TestsAdded));
    }

    let commits = branched.head.as_ref().map(|head| head.commits.as_slice());
    let (approved_by, waiting) = approvals(c, fixed, commits.unwrap_or_default());
    needs.extend(waiting);

    if c.policy.test.manual && manual(c, &fixed.head).is_none() {
        needs.push(Need::new(
            Who::Responder,
            NeedKind::ManualTest {
                head: fixed.head.clone(),
            },
        ));
    }
    needs.extend(untried(c, branched, &fixed.head));
    if needs.is_empty() {
        Step::Done(Tested {
            head: fixed.head.clone(),
            runs,
            approved_by,
        })
    } else {
        Step::Wait(needs)
    }
}

/// The platforms that are asked for and have nothing to show.
fn untried(c: &Case<'_>, branched: &Branched, head: &Sha) -> Option<Need> {
    if is_passed(c, &Overridable::Platforms, head) {
        return None;
    }
    let head = head.clone();
    match tried::missing(c, branched, &head) {
        Missing::Nothing => None,
        Missing::Looking => Some(Need::looking(Looking::Jobs)),
        Missing::Platforms(missing) => {
            let kind = NeedKind::Platforms { head, missing };
            Some(Need::new(Who::Responder, kind))
        }
    }
}

/// A test that people added to.
pub fn touched<'a>(c: &Case<'_>, branched: &'a Branched) -> Option<&'a File> {
    let head = branched.head.as_ref()?;
    let mut tests = head.files.iter().filter(|file| file.test);
    tests.find(|file| is_by_people(c.line, &head.commits, &file.path))
}

fn runs(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> (Vec<Run>, Vec<Need>) {
    let head = &fixed.head;
    let word = critical_path(c, head).is_some();
    let mut passed = Vec::new();
    let mut needs = Vec::new();
    // Whether it is to be read first which of their jobs did something.
    let mut looks = false;
    if c.line.seen.runs.get().is_none_or(|r| r.sha != *head) {
        return (passed, vec![Need::looking(Looking::Runs)]);
    }
    let required = required(c, branched);
    // What another system tests is asked for by the names of its checks.
    if required.is_empty() && !word && c.policy.test.checks.is_empty() {
        needs.push(Need::new(Who::Responder, NeedKind::NoTests));
    }
    for file in required {
        let can_start =
            starts_on_push(c, branched, &file) || is_dispatched(c, branched, fixed, &file);
        let by_paths = is_by_paths(branched, &file);
        let idle = skipped(c, &file, head, &branched.branch);
        let hollow = hollow(c, branched, &file, head);
        match counting(c, branched, &file, head) {
            Some(run) if run.passed() => {
                looks |= left_out::may_be(branched, &file) && !is_seen(c, head, run);
                passed.push(run.clone());
            }
            Some(run) if run.failed() => needs.push(Need::new(
                Who::Responder,
                NeedKind::RunFailed {
                    run: run.clone(),
                    release: false,
                },
            )),
            Some(run) => needs.push(pending(run)),
            // A person's word counts only where no run can say it; by paths,
            // only GitHub knows for certain.
            None if word && (by_paths || !can_start || idle.is_some() || hollow.is_some()) => {}
            // One that was started otherwise may do more; the bot sees to it.
            None if hollow.as_ref().is_some_and(|(run, _)| {
                run.event == "workflow_dispatch" || !is_dispatched(c, branched, fixed, &file)
            }) =>
            {
                let need = hollow.map(|(run, jobs)| hollow_need(branched, run, jobs));
                needs.extend(need);
            }
            None if idle.is_some() => {
                let need = idle.map(|run| skipped_need(branched, run));
                needs.extend(need);
            }
            None => needs.push(Need {
                who: if can_start {
                    Who::Machine
                } else {
                    Who::Responder
                },
                kind: NeedKind::RunMissing {
                    harm: match can_start {
                        true => Vec::new(),
                        false => harm::at_head(branched, &file),
                    },
                    file,
                    can_start,
                    by_paths,
                },
            }),
        }
    }
    if needs.is_empty() && looks && !word && !tried::is_refused(c) {
        needs.push(Need::looking(Looking::Jobs));
    }
    (passed, needs)
}

/// Whether it is known what the jobs of this run did.
fn is_seen(c: &Case<'_>, head: &Sha, run: &Run) -> bool {
    let shown = left_out::shown(c, head);
    shown.is_some_and(|shown| {
        // A run without jobs left none out.
        shown.jobs.is_empty() || shown.jobs.iter().any(|job| job.run == run.id)
    })
}

/// What to do about a run that passed without the jobs that test.
fn hollow_need(branched: &Branched, run: &Run, jobs: Vec<Outside>) -> Need {
    let conditions = left_out::conditions(branched, run.file());
    let on = at_head(branched, run.file()).and_then(|it| it.file.on.pull_request.as_ref());
    let types = on.and_then(|on| on.types.as_ref());
    let starts = types.is_some_and(|types| types.iter().any(|it| it == "ready_for_review"));
    let draft = conditions.iter().any(|when| when.contains(".draft"));
    let kind = NeedKind::RunHollow {
        run: run.clone(),
        jobs,
        draft: draft && starts && run.event == "pull_request",
        conditions,
    };
    Need::new(Who::Responder, kind)
}

/// What to do about a run that did nothing: where no job of it can run on this
/// branch, starting it again changes nothing.
fn skipped_need(branched: &Branched, run: &Run) -> Need {
    let full_ref = format!("refs/heads/{}", branched.branch);
    let start = Start {
        event: &run.event,
        full_ref: &full_ref,
        repo: &branched.repo,
        by: None,
        head: None,
    };
    let file = at_head(branched, run.file()).map(|workflow| &workflow.file);
    let kind = match file.and_then(|file| file.never_runs(start)) {
        Some(conditions) => NeedKind::RunNever {
            run: run.clone(),
            conditions,
        },
        None => NeedKind::RunSkipped {
            run: run.clone(),
            conditions: file.map(WorkflowFile::conditions).unwrap_or_default(),
        },
    };
    Need::new(Who::Responder, kind)
}

/// Approving reviews of the head, by people with write access whose work it is
/// not. The pull request's author is the bot, so GitHub itself would let the
/// fix's author approve.
pub fn approvals(c: &Case<'_>, fixed: &Fixed, commits: &[Commit]) -> (Vec<String>, Vec<Need>) {
    let want = wanted(c, commits);
    let authors = authors(c, commits);
    let reviews = || c.line.seen.reviews.get().into_iter().flatten();
    let mut approved_by: Vec<String> = Vec::new();
    let mut uncounted = Vec::new();
    let mut needs = Vec::new();
    let mut seen: Vec<Person> = Vec::new();
    // Newest first: a person's last verdict counts.
    for review in reviews().rev().filter(|review| !review.bot) {
        let (who, login) = (review.account(), review.login.clone());
        let state = review.state.as_str();
        let verdict = matches!(state, "APPROVED" | "CHANGES_REQUESTED" | "DISMISSED");
        if !verdict || who.is_among(&seen) {
            continue;
        }
        seen.push(who.clone());
        let approved = |it: &Review| it.state == "APPROVED" && it.account().is(&who);
        let why = match state {
            "APPROVED" => match not_counted(c, &authors, review, &fixed.head) {
                Some(why) => Some(why),
                None => {
                    approved_by.push(login.clone());
                    None
                }
            },
            "DISMISSED" => Some(NotCounted::Dismissed),
            _ if !review.may_write => None,
            _ => {
                let login = login.clone();
                let asked = NeedKind::ChangesRequested { login };
                needs.push(Need::new(Who::Responder, asked));
                let before = reviews().any(approved);
                before.then_some(NotCounted::ChangesRequested)
            }
        };
        uncounted.extend(why.map(|why| Uncounted { login, why }));
    }
    approved_by.reverse();
    uncounted.reverse();
    let have = approved_by.len() as u64;
    if have < want {
        let unclear = authors.unclear();
        needs.push(Need::new(
            Who::Responder,
            NeedKind::Approval {
                have,
                want,
                head: fixed.head.clone(),
                unclear: unclear.filter(|_| !c.policy.merge.allow_self_approval),
                uncounted,
            },
        ));
    }
    (approved_by, needs)
}

/// Why an approving review does not count for this head.
fn not_counted(c: &Case<'_>, authors: &Authors, review: &Review, head: &Sha) -> Option<NotCounted> {
    let theirs = authors.part(&review.account());
    if let (Some(part), false) = (theirs, c.policy.merge.allow_self_approval) {
        return Some(NotCounted::Theirs(part.clone()));
    }
    if !review.may_write {
        return Some(NotCounted::Outsider);
    }
    (review.commit != *head).then(|| NotCounted::Older(review.commit.clone()))
}

/// After the decision was locked: what was recorded.
pub fn decided(decision: &ReleaseDecision) -> Tested {
    Tested {
        head: decision.head.clone(),
        runs: decision.record.runs.clone(),
        approved_by: decision.record.approved_by.clone(),
    }
}
