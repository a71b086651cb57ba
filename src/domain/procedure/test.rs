//! Step 4: what was tested is what is tagged, so everything here is bound to
//! one head.

use super::branch::Branched;
use super::checks::checks;
use super::commits::is_ours;
use super::dispatch::is_dispatched;
use super::fix::Fixed;
use super::required::required;
use super::runs::{counting, critical_path, manual, pending, skipped};
use super::step::{Case, Step};
use super::triggers::{at_head, is_by_paths, starts_on_push};
use crate::domain::facts::ReleaseDecision;
use crate::domain::ids::Sha;
use crate::domain::item::Item;
use crate::domain::need::{Looking, Need, NeedKind, Who};
use crate::domain::objects::Run;
use crate::domain::policy::AutoOr;
use crate::domain::workflow_file::Start;

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
    needs.extend(checks(c, fixed).1);

    let touched = branched
        .head
        .as_ref()
        .is_some_and(|h| h.files.iter().any(|file| file.test));
    if !touched && !c.facts.words.contains_key(&Item::TestsAdded) {
        needs.push(Need::new(Who::Responder, NeedKind::TestsAdded));
    }

    let (approved_by, waiting) = approvals(c, fixed);
    needs.extend(waiting);

    if c.policy.test.manual && manual(c, &fixed.head).is_none() {
        needs.push(Need::new(
            Who::Responder,
            NeedKind::ManualTest {
                head: fixed.head.clone(),
            },
        ));
    }
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

fn runs(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> (Vec<Run>, Vec<Need>) {
    let head = &fixed.head;
    let word = critical_path(c, head).is_some();
    let mut passed = Vec::new();
    let mut needs = Vec::new();
    if c.line.seen.runs.get().is_none_or(|r| r.sha != *head) {
        return (passed, vec![Need::looking(Looking::Runs)]);
    }
    let required = required(c, branched);
    if required.is_empty() && !word {
        needs.push(Need::new(Who::Responder, NeedKind::NoTests));
    }
    for file in required {
        let can_start =
            starts_on_push(c, branched, &file) || is_dispatched(c, branched, fixed, &file);
        let by_paths = is_by_paths(branched, &file);
        let idle = skipped(c, &file, head, &branched.branch);
        match counting(c, &file, head, &branched.branch) {
            Some(run) if run.passed() => passed.push(run.clone()),
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
            None if word && (by_paths || !can_start || idle.is_some()) => {}
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
                    file,
                    can_start,
                    by_paths,
                },
            }),
        }
    }
    (passed, needs)
}

/// What to do about a run that did nothing: where no job of it can run on this
/// branch, starting it again changes nothing.
fn skipped_need(branched: &Branched, run: &Run) -> Need {
    let full_ref = format!("refs/heads/{}", branched.branch);
    let start = Start {
        event: &run.event,
        full_ref: &full_ref,
    };
    let file = at_head(branched, run.file()).map(|workflow| &workflow.file);
    let kind = match file.and_then(|file| file.never_runs(start)) {
        Some(conditions) => NeedKind::RunNever {
            run: run.clone(),
            conditions,
        },
        None => NeedKind::RunSkipped { run: run.clone() },
    };
    Need::new(Who::Responder, kind)
}

/// Approving reviews of the head, by people with write access who wrote no
/// commit of the fix. The pull request's author is the bot, so GitHub itself
/// would let the fix's author approve.
pub fn approvals(c: &Case<'_>, fixed: &Fixed) -> (Vec<String>, Vec<Need>) {
    let want = match c.policy.merge.approvals {
        AutoOr::Auto if single_handed(c).is_some() => 0,
        AutoOr::Auto => 1,
        AutoOr::Is(n) => u64::from(n),
    };
    let reviews = c
        .line
        .seen
        .reviews
        .get()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let wrote = |login: &str| !c.policy.merge.allow_self_approval && wrote(c, fixed, login);
    let mut approved_by: Vec<String> = Vec::new();
    let mut needs = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    // Newest first: a person's last verdict counts.
    for review in reviews.iter().rev() {
        let verdict = matches!(
            review.state.as_str(),
            "APPROVED" | "CHANGES_REQUESTED" | "DISMISSED"
        );
        if !verdict || seen.contains(&review.login.as_str()) {
            continue;
        }
        seen.push(&review.login);
        match review.state.as_str() {
            "APPROVED"
                if review.commit == fixed.head && review.may_write && !wrote(&review.login) =>
            {
                approved_by.push(review.login.clone());
            }
            "CHANGES_REQUESTED" if review.may_write => needs.push(Need::new(
                Who::Responder,
                NeedKind::ChangesRequested {
                    login: review.login.clone(),
                },
            )),
            _ => {}
        }
    }
    approved_by.reverse();
    if (approved_by.len() as u64) < want {
        needs.push(Need::new(
            Who::Responder,
            NeedKind::Approval {
                have: approved_by.len() as u64,
                want,
                head: fixed.head.clone(),
            },
        ));
    }
    (approved_by, needs)
}

/// Whether somebody wrote a commit of the fix; one that changes the tests'
/// workflows alone is of the fix, too.
pub fn wrote(c: &Case<'_>, fixed: &Fixed, login: &str) -> bool {
    let head = c.line.seen.branch.get().and_then(|b| b.head.as_ref());
    let head = head.filter(|head| head.sha == fixed.head);
    let all = head.map_or(fixed.commits.as_slice(), |head| &head.commits);
    let mut by_people = all.iter().filter(|commit| !is_ours(commit));
    by_people.any(|commit| commit.author.eq_ignore_ascii_case(login))
}

/// The only person who may write here: nobody else could approve, so their
/// decision is the approval. None where `merge.approvals` is a number.
pub fn single_handed<'a>(c: &Case<'a>) -> Option<&'a str> {
    if c.policy.merge.approvals.written().is_some() {
        return None;
    }
    match c.line.seen.writers.get()?.as_deref()? {
        [one] => Some(one.as_str()),
        _ => None,
    }
}

/// After the decision was locked: what was recorded.
pub fn decided(decision: &ReleaseDecision) -> Tested {
    Tested {
        head: decision.head.clone(),
        runs: decision.record.runs.clone(),
        approved_by: decision.record.approved_by.clone(),
    }
}
