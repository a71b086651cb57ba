//! Step 4: what was tested is what is tagged, so everything here is bound to
//! one head.

use super::Step;
use super::branch::Branched;
use super::ci;
use super::fix::Fixed;
use super::required::required;
use crate::domain::checklist_item::Item;
use crate::domain::facts::{Facts, Run, Ship};
use crate::domain::ids::Sha;
use crate::domain::policy::{AutoOr, Policy};
use crate::domain::view::{Need, What, Who};

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
pub fn test(f: &Facts, p: &Policy, branched: &Branched, fixed: &Fixed) -> Step<Tested> {
    let mut needs = Vec::new();
    let (runs, waiting) = runs(f, p, branched, fixed);
    needs.extend(waiting);

    let touched = branched
        .head
        .as_ref()
        .is_some_and(|h| h.files.iter().any(|file| file.test));
    if !touched && !f.words.contains_key(&Item::TestsAdded) {
        needs.push(Need {
            who: Who::Responder,
            what: What::TestsAdded,
        });
    }

    let (approved_by, waiting) = approvals(f, p, fixed);
    needs.extend(waiting);

    if p.test.manual && manual(f, &fixed.head).is_none() {
        needs.push(Need {
            who: Who::Responder,
            what: What::ManualTest {
                head: fixed.head.clone(),
            },
        });
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

/// Who tried this head by hand.
pub fn manual<'a>(f: &'a Facts, head: &Sha) -> Option<&'a str> {
    bound(f, Item::ManualTest, head)
}

/// Whose word replaces the runs on this head.
pub fn critical_path<'a>(f: &'a Facts, head: &Sha) -> Option<&'a str> {
    bound(f, Item::CriticalPath, head)
}

fn bound<'a>(f: &'a Facts, item: Item, head: &Sha) -> Option<&'a str> {
    let word = f.words.get(&item)?;
    (word.head.as_ref() == Some(head)).then_some(word.by.login.as_str())
}

/// The newest run of a file on a commit, started by a push or by hand. A run
/// that says nothing (`skipped`, `neutral`) does not count; neither does a
/// `pull_request` run, which tests the merge and not the head.
pub fn newest<'a>(f: &'a Facts, file: &str, head: &Sha, ref_name: &str) -> Option<&'a Run> {
    let runs = f.line.runs.get().filter(|r| r.sha == *head)?;
    runs.runs
        .iter()
        .filter(|r| r.file() == file && r.sha == *head && r.ref_name == ref_name)
        .filter(|r| matches!(r.event.as_str(), "push" | "workflow_dispatch"))
        .filter(|r| r.status != "completed" || r.passed() || r.failed())
        .max_by_key(|r| (r.id, r.attempt))
}

/// The newest run of a file on the head that ended without doing anything.
fn skipped<'a>(f: &'a Facts, file: &str, head: &Sha, ref_name: &str) -> Option<&'a Run> {
    let runs = f.line.runs.get().filter(|r| r.sha == *head)?;
    runs.runs
        .iter()
        .filter(|r| r.file() == file && r.sha == *head && r.ref_name == ref_name)
        .filter(|r| matches!(r.event.as_str(), "push" | "workflow_dispatch") && r.skipped())
        .max_by_key(|r| (r.id, r.attempt))
}

fn runs(f: &Facts, p: &Policy, branched: &Branched, fixed: &Fixed) -> (Vec<Run>, Vec<Need>) {
    let head = &fixed.head;
    let word = critical_path(f, head).is_some();
    let mut passed = Vec::new();
    let mut needs = Vec::new();
    if f.line.runs.get().is_none_or(|r| r.sha != *head) {
        return match Step::<()>::looking("the runs on the head") {
            Step::Wait(needs) => (passed, needs),
            _ => (passed, needs),
        };
    }
    let required = required(f, p, branched);
    if required.is_empty() && !word {
        needs.push(Need {
            who: Who::Responder,
            what: What::NoTests,
        });
    }
    for file in required {
        let can_start =
            ci::starts_on_push(f, branched, &file) || ci::is_dispatched(f, branched, fixed, &file);
        let by_paths = ci::is_by_paths(branched, &file);
        let idle = skipped(f, &file, head, &branched.branch);
        match newest(f, &file, head, &branched.branch) {
            Some(run) if run.passed() => passed.push(run.clone()),
            Some(run) if run.failed() => needs.push(Need {
                who: Who::Responder,
                what: What::RunFailed {
                    run: run.clone(),
                    release: false,
                },
            }),
            Some(run) => needs.push(pending(run)),
            // A person's word counts only where no run can say it; by paths,
            // only GitHub knows for certain.
            None if word && (by_paths || !can_start || idle.is_some()) => {}
            None if idle.is_some() => needs.extend(idle.map(|run| Need {
                who: Who::Responder,
                what: What::RunSkipped { run: run.clone() },
            })),
            None => needs.push(Need {
                who: if can_start {
                    Who::Machine
                } else {
                    Who::Responder
                },
                what: What::RunMissing {
                    file,
                    can_start,
                    by_paths,
                },
            }),
        }
    }
    (passed, needs)
}

/// The need of a run that is not over.
pub fn pending(run: &Run) -> Need {
    if run.status == "waiting" {
        Need {
            who: Who::Commander,
            what: What::RunWaiting { run: run.clone() },
        }
    } else {
        Need {
            who: Who::Machine,
            what: What::RunPending { run: run.clone() },
        }
    }
}

/// Approving reviews of the head, by people with write access who wrote no
/// commit of the fix. The pull request's author is the bot, so GitHub itself
/// would let the fix's author approve.
pub fn approvals(f: &Facts, p: &Policy, fixed: &Fixed) -> (Vec<String>, Vec<Need>) {
    let want = match p.merge.approvals {
        AutoOr::Auto if single_handed(f, p, fixed).is_some() => 0,
        AutoOr::Auto => 1,
        AutoOr::Is(n) => u64::from(n),
    };
    let reviews = f.line.reviews.get().map(Vec::as_slice).unwrap_or_default();
    let wrote = |login: &str| {
        !p.merge.allow_self_approval
            && fixed
                .commits
                .iter()
                .any(|c| c.author.eq_ignore_ascii_case(login))
    };
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
            "CHANGES_REQUESTED" if review.may_write => needs.push(Need {
                who: Who::Responder,
                what: What::ChangesRequested {
                    login: review.login.clone(),
                },
            }),
            _ => {}
        }
    }
    approved_by.reverse();
    if (approved_by.len() as u64) < want {
        needs.push(Need {
            who: Who::Responder,
            what: What::Approval {
                have: approved_by.len() as u64,
                want,
                head: fixed.head.clone(),
            },
        });
    }
    (approved_by, needs)
}

/// The only person who may write here: nobody else could approve, so their
/// decision is the approval. None where `merge.approvals` is a number.
pub fn single_handed<'a>(f: &'a Facts, p: &Policy, _: &Fixed) -> Option<&'a str> {
    if p.merge.approvals.written().is_some() {
        return None;
    }
    match f.line.writers.get()?.as_deref()? {
        [one] => Some(one.as_str()),
        _ => None,
    }
}

/// After the decision was locked: what was recorded.
pub fn from_ship(ship: &Ship) -> Tested {
    Tested {
        head: ship.head.clone(),
        runs: ship.record.runs.clone(),
        approved_by: ship.record.approved_by.clone(),
    }
}
