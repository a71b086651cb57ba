//! Where no push starts the tests: the bot dispatches them on the branch, and
//! `test enable` adds the branch to their triggers. Either only where the head's
//! file is harmless: nobody has reviewed that head. Another one runs where a
//! commander names it.

use super::branch::Branched;
use super::bump::Bumped;
use super::commits::newest_is_of;
use super::fix::Fixed;
use super::harm;
use super::required::required;
use super::runs::{counting, critical_path};
use super::step::Case;
use super::triggers::{at_head, can_dispatch, starts_on_push, takes_branch};
use crate::domain::effect::{Act, Intent, Slot};
use crate::domain::need::{Need, NeedKind, Who};
use crate::domain::wish::Wish;

/// Whether a run of it was asked for on this head, or will be without being
/// told: where nothing else starts it.
pub fn is_dispatched(c: &Case<'_>, branched: &Branched, fixed: &Fixed, file: &str) -> bool {
    wanted(c, branched, fixed, file) > 0
}

/// How many dispatches on this head there should have been by now.
fn wanted(c: &Case<'_>, branched: &Branched, fixed: &Fixed, file: &str) -> u64 {
    if !can_dispatch(branched, file) {
        return 0;
    }
    let asked = c.line.tests.get(file).filter(|t| t.head == fixed.head);
    let by_itself = required(c, branched).iter().any(|it| it == file)
        && harm::at_head(branched, file).is_empty()
        && !starts_on_push(c, branched, file)
        && critical_path(c, &fixed.head).is_none()
        && counting(c, branched, file, &fixed.head).is_none();
    let told = asked.map_or(0, |t| t.times);
    told.max(u64::from(by_itself || asked.is_some_and(|t| t.sent > 0)))
}

/// A run that could reach outside, and that a commander asked for on this head:
/// it is not started before it was shown what it could do, and confirmed.
pub fn unconfirmed(c: &Case<'_>, branched: &Branched) -> Option<Need> {
    let asked = c.line.run_asked.as_ref()?;
    let head = branched.head.as_ref()?;
    let harm = harm::at_head(branched, &asked.file);
    let open = c.line.locked().is_none()
        && head.sha == asked.head
        && !harm.is_empty()
        && can_dispatch(branched, &asked.file);
    open.then(|| {
        let kind = NeedKind::ConfirmRun {
            file: asked.file.clone(),
            head: asked.head.clone(),
            login: asked.by.login.clone(),
            harm,
        };
        Need::new(Who::Commander, kind)
    })
}

/// The dispatches and the commit that are wanted now.
pub fn wishes(
    c: &Case<'_>,
    branched: &Branched,
    bumped: Option<&Bumped>,
    fixed: Option<&Fixed>,
) -> Vec<Wish<Intent>> {
    if c.line.locked().is_some() {
        return Vec::new();
    }
    // The bump comes first, so that both are not built on one head.
    let enable = bumped.and_then(|_| enable(c, branched));
    let mut wishes: Vec<_> = enable.into_iter().collect();
    // A dispatch runs on the branch as it stands: not while it changes.
    if let (Some(fixed), true) = (fixed, wishes.is_empty()) {
        wishes.extend(dispatches(c, branched, fixed));
    }
    wishes
}

fn dispatches(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> Vec<Wish<Intent>> {
    let Some(seen) = c.line.seen.runs.get().filter(|r| r.sha == fixed.head) else {
        return Vec::new();
    };
    let mut wishes = Vec::new();
    let mut files = required(c, branched);
    let told = c.line.tests.iter().filter(|(_, t)| t.head == fixed.head);
    files.extend(told.map(|(file, _)| file.clone()));
    files.sort();
    files.dedup();
    for file in files {
        let asked = c.line.tests.get(&file).filter(|t| t.head == fixed.head);
        let sent = asked.map_or(0, |t| t.sent);
        if wanted(c, branched, fixed, &file) <= sent {
            continue;
        }
        let after = seen
            .runs
            .iter()
            .filter(|r| r.file() == file && r.event == "workflow_dispatch")
            .map(|r| r.id)
            .max();
        let wish = c.write(
            Act::Dispatch {
                file,
                branch: branched.branch.clone(),
                head: fixed.head.clone(),
                trial: None,
                after,
            },
            fixed.head.as_str(),
        );
        let generation = wish.generation + sent;
        wishes.push(wish.generation(generation));
    }
    wishes
}

/// The required files whose trigger leaves out the branch, and that can be let
/// start by every push.
pub fn not_started(c: &Case<'_>, branched: &Branched) -> Vec<String> {
    required(c, branched)
        .into_iter()
        .filter(|file| at_head(branched, file).is_some_and(|w| w.broken.is_none()))
        .filter(|file| !takes_branch(branched, file))
        .filter(|file| harm::at_head(branched, file).is_empty())
        .collect()
}

/// The pattern that `test enable` adds: every hotfix branch, not this one alone.
pub fn pattern(c: &Case<'_>) -> String {
    c.policy.base.branch.replace("{version}", "*")
}

fn enable(c: &Case<'_>, branched: &Branched) -> Option<Wish<Intent>> {
    c.line.test_enabled.as_ref()?;
    let head = branched.head.as_ref()?;
    let files = not_started(c, branched);
    // One that did not take is not repeated: the need says that it is missing.
    (!files.is_empty() && !newest_is_of(c.line, head, &Slot::Enable)).then(|| {
        c.write(
            Act::EnableTests {
                branch: branched.branch.clone(),
                parent: head.sha.clone(),
                paths: files
                    .iter()
                    .filter_map(|file| Some(at_head(branched, file)?.path.clone()))
                    .collect(),
                pattern: pattern(c),
                message: (),
            },
            head.sha.as_str(),
        )
    })
}
