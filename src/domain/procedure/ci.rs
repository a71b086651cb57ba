//! Where no push starts the tests: the bot dispatches them on the branch, and
//! `test enable` adds the branch to their triggers.

use super::branch::Branched;
use super::fix::Fixed;
use super::required::{last_commit_passes, required};
use super::test::{critical_path, newest};
use super::{Survey, locked, write};
use crate::domain::effect::{Effect, Wish};
use crate::domain::facts::{Facts, Workflow};
use crate::domain::policy::Policy;

/// The slot of the commit that adds the trigger, also in its trailer.
pub const SLOT: &str = "enable";

/// A workflow as the head has it: changed on the branch, else as at the base.
pub fn at_head<'a>(branched: &'a Branched, file: &str) -> Option<&'a Workflow> {
    let changed = branched.head.as_ref().map(|h| h.workflows.as_slice());
    changed
        .unwrap_or_default()
        .iter()
        .chain(&branched.base.workflows)
        .find(|w| w.name() == file)
}

/// Whether a push of the hotfix branch starts it, paths aside.
pub fn takes_branch(branched: &Branched, file: &str) -> bool {
    at_head(branched, file).is_some_and(|w| w.file.starts_on_branch(&branched.branch))
}

/// Whether the push that brought the head starts it.
pub fn starts_on_push(f: &Facts, branched: &Branched, file: &str) -> bool {
    let push = at_head(branched, file).and_then(|w| w.file.on.push.as_ref());
    takes_branch(branched, file) && push.is_some_and(|on| last_commit_passes(f, branched, on))
}

/// Whether the branch is taken and the changed paths decide.
pub fn is_by_paths(branched: &Branched, file: &str) -> bool {
    let push = at_head(branched, file).and_then(|w| w.file.on.push.as_ref());
    takes_branch(branched, file) && push.is_some_and(|on| on.by_paths())
}

/// Whether the bot can start it on the branch: its trigger asks for nothing
/// that has no default, and the default branch has the file, without which
/// GitHub dispatches nothing. (GitHub: `workflow_dispatch`.)
pub fn can_dispatch(branched: &Branched, file: &str) -> bool {
    let on_main = &branched.base.main_workflows;
    let inputs = at_head(branched, file).and_then(|w| w.file.on.workflow_dispatch.as_ref());
    inputs.is_some_and(|all| all.iter().all(|i| !i.required || i.default.is_some()))
        && (on_main.is_empty() || on_main.iter().any(|w| w.name() == file))
}

/// Whether a run of it was asked for on this head, or will be without being
/// told: where nothing else starts it.
pub fn is_dispatched(f: &Facts, branched: &Branched, fixed: &Fixed, file: &str) -> bool {
    wanted(f, branched, fixed, file) > 0
}

/// How many dispatches on this head there should have been by now.
fn wanted(f: &Facts, branched: &Branched, fixed: &Fixed, file: &str) -> u64 {
    if !can_dispatch(branched, file) {
        return 0;
    }
    let asked = f.line.tests.get(file).filter(|t| t.head == fixed.head);
    let by_itself = !starts_on_push(f, branched, file)
        && critical_path(f, &fixed.head).is_none()
        && newest(f, file, &fixed.head, &branched.branch).is_none();
    let told = asked.map_or(0, |t| t.times);
    told.max(u64::from(by_itself || asked.is_some_and(|t| t.sent > 0)))
}

/// The dispatches and the commit that are wanted now.
pub fn wishes(f: &Facts, p: &Policy, survey: &Survey) -> Vec<Wish> {
    let (Some(branched), None) = (survey.branch.as_ref().and_then(|s| s.evidence()), locked(f))
    else {
        return Vec::new();
    };
    let mut wishes: Vec<Wish> = enable(f, p, survey, branched).into_iter().collect();
    let fixed = survey.fix.as_ref().and_then(|s| s.evidence());
    // A dispatch runs on the branch as it stands: not while it changes.
    if let (Some(fixed), true) = (fixed, wishes.is_empty()) {
        wishes.extend(dispatches(f, p, branched, fixed));
    }
    wishes
}

fn dispatches(f: &Facts, p: &Policy, branched: &Branched, fixed: &Fixed) -> Vec<Wish> {
    let Some(seen) = f.line.runs.get().filter(|r| r.sha == fixed.head) else {
        return Vec::new();
    };
    let mut wishes = Vec::new();
    for file in required(f, p, branched) {
        let asked = f.line.tests.get(&file).filter(|t| t.head == fixed.head);
        let sent = asked.map_or(0, |t| t.sent);
        if wanted(f, branched, fixed, &file) <= sent {
            continue;
        }
        let after = seen
            .runs
            .iter()
            .filter(|r| r.file() == file && r.event == "workflow_dispatch")
            .map(|r| r.id)
            .max();
        let wish = write(
            f,
            Effect::Dispatch {
                file,
                branch: branched.branch.clone(),
                head: fixed.head.clone(),
                after,
            },
            fixed.head.as_str(),
        );
        let generation = wish.generation + sent;
        wishes.push(wish.generation(generation));
    }
    wishes
}

/// The required files whose trigger leaves out the branch.
pub fn not_started(f: &Facts, p: &Policy, branched: &Branched) -> Vec<String> {
    required(f, p, branched)
        .into_iter()
        .filter(|file| at_head(branched, file).is_some_and(|w| w.broken.is_none()))
        .filter(|file| !takes_branch(branched, file))
        .collect()
}

/// The pattern that `test enable` adds: every hotfix branch, not this one alone.
pub fn pattern(p: &Policy) -> String {
    p.base.branch.replace("{version}", "*")
}

fn enable(f: &Facts, p: &Policy, survey: &Survey, branched: &Branched) -> Option<Wish> {
    f.line.test_enabled.as_ref()?;
    // The bump comes first, so that both are not built on one head.
    survey.bump.as_ref()?.evidence()?;
    let head = branched.head.as_ref()?;
    let files = not_started(f, p, branched);
    let ours_is_newest = head
        .commits
        .last()
        .and_then(|c| c.effect.as_deref())
        .is_some_and(is_enable);
    // One that did not take is not repeated: the need says that it is missing.
    (!files.is_empty() && !ours_is_newest).then(|| {
        write(
            f,
            Effect::EnableTests {
                branch: branched.branch.clone(),
                parent: head.sha.clone(),
                paths: files
                    .iter()
                    .filter_map(|file| Some(at_head(branched, file)?.path.clone()))
                    .collect(),
                pattern: pattern(p),
                message: String::new(),
            },
            head.sha.as_str(),
        )
    })
}

/// Whether an effect's key, as the trailer holds it, is such a commit's.
pub fn is_enable(key: &str) -> bool {
    key.split('/').nth(2) == Some(SLOT)
}
