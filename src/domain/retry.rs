//! What a `retry` tries again: everything that failed, or that of one step.

use super::effect::Slot;
use super::facts::{Facts, Refusal};
use super::need::{Need, NeedKind, NoDryRun};
use super::objects::{Object, PullKind, Run};
use super::obstacle::Obstacle;
use super::procedure::repeats;
use super::shipping::Repeats;
use super::slot::Place;
use super::step_name::StepName;
use super::view::View;
use super::wish::Lane;

/// What is tried again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Again {
    /// Runs that failed or did nothing, by id and attempt.
    pub runs: Vec<(u64, u64)>,
    /// Objects that are read anew.
    pub objects: Vec<Object>,
    /// Effects that were refused, or lack a right.
    pub refused: Vec<Place>,
    /// Effects without an answer.
    pub silent: Vec<Place>,
}

impl Again {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Again::default()
    }
}

/// What failed, of the step that is named, or of all. What nobody wants any more
/// is only kept until it is known.
pub fn again(step: Option<&str>, view: &View<'_>) -> Again {
    let facts = view.facts;
    let open = |(place, refusal): (&Place, &Refusal)| {
        place.slot.lane() == Lane::Talk || view.outlook.wants(place, refusal)
    };
    let all = |facts: &Facts| -> Vec<Place> {
        let refused = facts.refused.iter().chain(&facts.blocked);
        let open: Vec<_> = refused.clone().filter(|it| open(*it)).collect();
        // All of it at once, where anything of it is wanted.
        match (step, open.is_empty()) {
            (None, false) => refused.map(|(place, _)| place.clone()).collect(),
            _ => open.into_iter().map(|(place, _)| place.clone()).collect(),
        }
    };
    let of_slot = |place: &Place| match step {
        Some(word) => is_of_slot(&place.slot, word),
        // Perhaps it was told: somebody looks there first, and then says so.
        None => !(matches!(place.slot, Slot::Announce(_)) && is_unknown(facts, place)),
    };
    let silent = facts.unanswered.keys().filter(|place| of_slot(place));
    let objects = view.needs.iter().flat_map(|need| need.kind.read_anew());
    let objects =
        objects.filter(|object| step.is_none_or(|word| is_step(of_object(**object), word)));
    Again {
        runs: runs(view)
            .filter(|(need, _)| step.is_none_or(|word| is_of_run(need, word)))
            .map(|(_, run)| run)
            .collect(),
        objects: objects.copied().collect(),
        refused: all(facts).into_iter().filter(of_slot).collect(),
        silent: silent.cloned().collect(),
    }
}

/// Whether nobody knows what became of what was refused there.
fn is_unknown(facts: &Facts, place: &Place) -> bool {
    let refusal = facts.refused.get(place);
    refusal.is_some_and(|it| matches!(it.obstacle, Obstacle::Unknown | Obstacle::Undone))
}

/// The first of the runs that would do something a second time, and what: that
/// takes a word that names it.
pub fn repeats<'v>(again: &Again, view: &'v View<'_>) -> Option<(&'v Run, Repeats)> {
    let branched = view.proofs().branched.as_ref()?;
    let needs = view.gates.iter().chain(&view.needs);
    needs.filter_map(failed_release).find_map(|run| {
        let asked = again.runs.contains(&(run.id, run.attempt));
        let what = repeats::repeats(&view.case, branched, run).filter(|_| asked)?;
        Some((run, what))
    })
}

/// The run of the release that failed.
fn failed_release(need: &Need) -> Option<&Run> {
    match &need.kind {
        NeedKind::RunFailed { run, release: true } => Some(run),
        _ => None,
    }
}

/// Whether a word names this very run: by its file, or its number.
pub fn names(run: &Run, word: &str) -> bool {
    let file = run.file();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let named = [file, stem].iter().any(|it| it.eq_ignore_ascii_case(word));
    named || run.id.to_string() == word
}

/// The steps of which something can be tried again.
pub fn steps(view: &View<'_>) -> Vec<String> {
    let steps = StepName::ALL.iter().map(|step| step.title().to_lowercase());
    steps
        .filter(|step| !again(Some(step), view).is_empty())
        .collect()
}

/// Failed runs, as far as they are waited for, and can have another attempt.
fn runs<'v>(view: &'v View<'_>) -> impl Iterator<Item = (&'v Need, (u64, u64))> {
    let needs = view.gates.iter().chain(&view.needs);
    needs.filter_map(|need| match &need.kind {
        NeedKind::RunFailed { run, .. } if run.could_not_start() => None,
        NeedKind::RunFailed { run, .. } | NeedKind::RunSkipped { run, .. } => {
            Some((need, (run.id, run.attempt)))
        }
        NeedKind::NoDryRun {
            why: NoDryRun::Failed(run),
            ..
        } => Some((need, (run.id, run.attempt))),
        _ => None,
    })
}

/// By its step, its file, or its number.
fn is_of_run(need: &Need, word: &str) -> bool {
    let (run, step) = match &need.kind {
        NeedKind::RunFailed { run, release: true } => (run, StepName::Monitor),
        NeedKind::RunFailed { run, .. } => (run, StepName::Test),
        NeedKind::NoDryRun {
            why: NoDryRun::Failed(run),
            ..
        } => (&**run, StepName::Test),
        NeedKind::RunSkipped { run, .. } => (run, StepName::Monitor),
        _ => return false,
    };
    names(run, word) || is_step(Some(step), word)
}

/// By its step, or by its own name.
fn is_of_slot(slot: &Slot, word: &str) -> bool {
    slot.name().eq_ignore_ascii_case(word) || is_step(of_slot(slot), word)
}

/// The step of this name, or of the document's number.
fn is_step(step: Option<StepName>, word: &str) -> bool {
    step.is_some_and(|step| {
        step.title().eq_ignore_ascii_case(word) || step.number().to_string() == word
    })
}

fn of_slot(slot: &Slot) -> Option<StepName> {
    Some(match slot {
        Slot::Read(object) => return of_object(*object),
        Slot::Role(_)
        | Slot::Word(_)
        | Slot::Comment(_)
        | Slot::Reply(_)
        | Slot::Guard
        | Slot::State
        | Slot::Label
        | Slot::Announce(_)
        | Slot::Describe
        | Slot::React(_) => {
            return None;
        }
        Slot::Branch => StepName::Branch,
        Slot::Bump => StepName::Bump,
        Slot::Pick | Slot::Pull(PullKind::Hotfix) => StepName::Fix,
        Slot::Enable | Slot::Dispatch(_) => StepName::Test,
        Slot::Tag | Slot::Point(_) | Slot::Ready | Slot::Merge(PullKind::Hotfix) => StepName::Ship,
        Slot::Launch(_) | Slot::Rerun(_) => StepName::Monitor,
        Slot::Yank(_)
        | Slot::Mark
        | Slot::Latest
        | Slot::Repoint(_)
        | Slot::Untag
        | Slot::Report
        | Slot::Revert => return None,
        Slot::Notes | Slot::Discuss | Slot::Advisory | Slot::CloseIssue | Slot::ReopenIssue => {
            StepName::Communicate
        }
        Slot::Pull(_)
        | Slot::Carry(_)
        | Slot::Merge(_)
        | Slot::DeleteBranch(_)
        | Slot::ClosePull => StepName::Close,
    })
}

fn of_object(object: Object) -> Option<StepName> {
    match object {
        Object::Policy | Object::Base | Object::Guards => Some(StepName::Branch),
        Object::Branch => Some(StepName::Bump),
        Object::Pull => Some(StepName::Fix),
        Object::Tag => Some(StepName::Ship),
        Object::Release | Object::Registry => Some(StepName::Verify),
        Object::Holds | Object::OnLine | Object::Port | Object::Known => Some(StepName::Close),
        _ => None,
    }
}
