//! Which workflows belong to the release, and which run of each is ours.
//!
//! A workflow that follows another one (`on: workflow_run`) names it by its
//! `name:`, is read from the default branch, and its run is on the default
//! branch's commit and names no parent. (GitHub: events that trigger
//! workflows.) So its run is matched by file, event, branch and time.

use super::branch::Branched;
use super::by_dispatch::{filled, refused};
use super::does;
use super::runs::age;
use super::step::Case;
use crate::domain::ids::{Millis, Sha};
use crate::domain::need::{Start, Stopped};
use crate::domain::objects::{Chained, Release, Run, Workflow};
use crate::domain::policy::{self, StartedBy};
use crate::domain::workflow_file::Start as Began;

/// A workflow that follows the tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseWorkflow {
    /// The file's name.
    pub file: String,
    /// What starts it.
    pub start: Start,
    /// Whether its success is required.
    pub required: bool,
    /// How long it usually takes, milliseconds.
    pub expect: Option<Millis>,
    /// When it is too long, milliseconds.
    pub timeout: Option<Millis>,
}

/// GitHub follows a chain of workflows no deeper.
const DEPTH: usize = 3;

/// A run is noted as over a little after the event that starts its followers;
/// both times are in whole seconds.
const SLACK: Millis = 10_000;

/// What starts the workflow of this file once the tag stands; none where
/// nothing of the release does.
pub fn start_of(branched: &Branched, file: &str) -> Option<Start> {
    start_at(branched, file, DEPTH)
}

fn start_at(branched: &Branched, file: &str, depth: usize) -> Option<Start> {
    // A tag's push and a release are read from the tag's own commit.
    let at_tag = branched.at_tag().iter().find(|w| w.name() == file);
    let by_bot = branched.by_bot.iter().any(|ours| ours == file);
    // Started by both, it would run twice: unless the tag's run does nothing.
    let by_tag = |w: &&Workflow| {
        w.file.starts_on_tag(&branched.tag)
            && !(by_bot && never_runs(branched, w, &branched.tag).is_some())
    };
    if at_tag.filter(by_tag).is_some() {
        return Some(Start::Tag);
    }
    let parents = parents(branched, file, depth);
    if !parents.is_empty() {
        return Some(Start::After(parents));
    }
    if by_bot {
        return Some(Start::Bot);
    }
    let created = |w: &Workflow| w.file.on.other.iter().any(|event| event == "create");
    if at_tag.is_some_and(created) {
        return Some(Start::Created);
    }
    at_tag
        .is_some_and(|w| w.file.starts_on_new_release())
        .then_some(Start::Release)
}

/// The files of the release that this one follows.
fn parents(branched: &Branched, file: &str, depth: usize) -> Vec<String> {
    let base = &branched.base;
    let Some(after) = follower(branched, file).and_then(|w| w.file.on.workflow_run.as_ref()) else {
        return Vec::new();
    };
    if depth == 0 {
        return Vec::new();
    }
    let mut parents = Vec::new();
    for parent in branched.at_tag().iter().chain(&base.main_workflows) {
        let name = parent.file.name.as_deref().unwrap_or(&parent.path);
        let is_named = after.workflows.iter().any(|wanted| wanted == name);
        if !is_named || parent.name() == file || parents.iter().any(|p| p == parent.name()) {
            continue;
        }
        let Some(start) = start_at(branched, parent.name(), depth - 1) else {
            continue;
        };
        let head_branch = match start {
            Start::After(_) => base.default_branch(),
            _ => branched.tag.as_str(),
        };
        if after.takes(head_branch) {
            parents.push(parent.name().to_owned());
        }
    }
    parents
}

/// A file as `workflow_run` reads it: from the default branch, or from the
/// base where that was not read.
fn follower<'a>(branched: &'a Branched, file: &str) -> Option<&'a Workflow> {
    let base = &branched.base;
    let from = match base.main_workflows.as_slice() {
        [] => &base.workflows,
        there => there,
    };
    from.iter().find(|w| w.name() == file)
}

/// What follows the tag: as configured; else the workflows that the tag
/// starts, and those chained to them. What a published release starts is shown
/// and not waited for: nobody knows whether it will start.
pub fn workflows(c: &Case<'_>, branched: &Branched) -> Vec<ReleaseWorkflow> {
    let configured = c.policy.release.workflow.iter().map(|w| ReleaseWorkflow {
        file: w.file.clone(),
        start: match (w.on, start_of(branched, &w.file)) {
            (StartedBy::Tag, _) => Start::Tag,
            (StartedBy::After, Some(Start::After(files))) => Start::After(files),
            (StartedBy::After, _) => Start::After(Vec::new()),
            (_, Some(Start::Bot)) => match by_bot(c, branched, &w.file) {
                None => Start::Bot,
                Some(_) => Start::Hand,
            },
            (StartedBy::Auto | StartedBy::Dispatch, Some(start)) => start,
            (StartedBy::Auto | StartedBy::Dispatch, None) => Start::Hand,
        },
        required: w.required,
        expect: w.expect.map(|e| e.millis()),
        timeout: Some(w.timeout.millis()),
    });
    if !c.policy.release.workflow.is_empty() {
        return configured.collect();
    }
    let mut found: Vec<ReleaseWorkflow> = Vec::new();
    let usual = policy::ReleaseWorkflow::default();
    let base = &branched.base;
    for workflow in branched.at_tag().iter().chain(&base.main_workflows) {
        let file = workflow.name();
        if found.iter().any(|w| w.file == file) {
            continue;
        }
        let Some(start) = start_of(branched, file) else {
            continue;
        };
        let of_others = start == Start::Tag && is_of_others(branched, workflow);
        found.push(ReleaseWorkflow {
            file: file.to_owned(),
            required: !of_others && is_certain(branched, &start, DEPTH),
            start,
            expect: None,
            timeout: Some(usual.timeout.millis()),
        });
    }
    // Parents go before what follows them.
    found.sort_by_key(|w| match w.start {
        Start::Tag => 0,
        Start::After(_) => 1,
        Start::Bot => 2,
        Start::Created | Start::Release | Start::Hand => 3,
    });
    found
}

/// Why the bot cannot start it at the tag, as it is configured to.
pub fn by_bot(c: &Case<'_>, branched: &Branched, file: &str) -> Option<Stopped> {
    refused(branched, &filled(c, branched, file, &branched.tag))
}

/// The conditions that keep every job of a file from running for a tag.
pub fn never_runs(branched: &Branched, workflow: &Workflow, tag: &str) -> Option<Vec<String>> {
    let full_ref = format!("refs/tags/{tag}");
    workflow.file.never_runs(Began {
        event: "push",
        full_ref: &full_ref,
        repo: &branched.repo,
        // Who made the base's nobody knows.
        by: branched.tagger.as_deref().filter(|_| tag == branched.tag),
        head: None,
    })
}

/// Whether a file is for tags of another name: no job of it runs for this tag,
/// none ran for the base's, and another file ships this one.
pub fn is_of_others(branched: &Branched, workflow: &Workflow) -> bool {
    let never = |workflow: &Workflow, tag: &str| never_runs(branched, workflow, tag).is_some();
    let base = &branched.base;
    let mut before = base.workflows.iter().filter(|w| w.path == workflow.path);
    let ships = |other: &Workflow| {
        other.path != workflow.path
            && other.file.starts_on_tag(&branched.tag)
            && !never(other, &branched.tag)
            && does::ships(branched, other)
    };
    never(workflow, &branched.tag)
        && before.any(|w| never(w, &base.tag))
        && branched.at_tag().iter().any(ships)
}

/// Whether the tag alone is enough for it to start.
fn is_certain(branched: &Branched, start: &Start, depth: usize) -> bool {
    match start {
        Start::Tag => true,
        Start::After(files) if depth > 0 => files.iter().any(|file| {
            start_of(branched, file).is_some_and(|s| is_certain(branched, &s, depth - 1))
        }),
        _ => false,
    }
}

/// What is known of a release workflow's run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// There is none yet.
    None,
    /// It decided, after a parent that passed, that it has nothing to do.
    Skipped(&'a Run),
    /// The tag, or somebody, started it, and it did nothing.
    Idle(&'a Run),
    /// This one.
    One(&'a Run),
    /// Any of these, and nothing tells which.
    Several(Vec<&'a Run>),
}

impl<'a> Found<'a> {
    /// The run, where it is known.
    pub fn run(&self) -> Option<&'a Run> {
        match self {
            Found::One(run) => Some(run),
            _ => None,
        }
    }
}

/// The run of a release workflow for the tag on this commit.
pub fn run_of<'a>(
    c: &Case<'a>,
    branched: &Branched,
    commit: &Sha,
    workflow: &ReleaseWorkflow,
) -> Found<'a> {
    run_at(c, branched, commit, &workflow.file, &workflow.start, DEPTH)
}

fn run_at<'a>(
    c: &Case<'a>,
    branched: &Branched,
    commit: &Sha,
    file: &str,
    start: &Start,
    depth: usize,
) -> Found<'a> {
    let Start::After(parents) = start else {
        return match of_tag(c, branched, commit, file) {
            Some(run) if run.skipped() => Found::Idle(run),
            Some(run) => Found::One(run),
            None => Found::None,
        };
    };
    let Some((since, passed)) = begins(c, branched, commit, file, parents, depth) else {
        return Found::None;
    };
    let runs = c.line.seen.runs.get().map(|r| r.chained.as_slice());
    let after: Vec<&Run> = runs
        .unwrap_or_default()
        .iter()
        .filter(|r| r.file() == file && r.event == "workflow_run")
        .filter(|r| r.ref_name == branched.base.default_branch() && r.created_at >= since)
        .collect();
    // A parent that failed leaves a run behind that does nothing.
    let (skipped, ran): (Vec<&Run>, Vec<&Run>) = after.into_iter().partition(|r| r.skipped());
    match (ran.as_slice(), skipped.last()) {
        ([], Some(run)) if passed => Found::Skipped(run),
        ([], _) => Found::None,
        ([run], _) => Found::One(run),
        (several, _) => settled(c, branched, file, several),
    }
}

/// Several runs may be ours. If all passed, ours did; if the file makes the
/// release, the release of our tag says that ours passed.
fn settled<'a>(c: &Case<'a>, branched: &Branched, file: &str, runs: &[&'a Run]) -> Found<'a> {
    let newest = runs.iter().filter(|r| r.passed()).max_by_key(|r| r.id);
    let all = runs.iter().all(|r| r.passed());
    let released = || {
        let release: Option<&Release> = c.line.seen.release.get().and_then(Option::as_ref);
        let file = does::named(branched, file);
        file.is_some_and(|file| does::releases(branched, file)) && release.is_some_and(|r| !r.draft)
    };
    match newest {
        Some(run) if all || released() => Found::One(run),
        _ => Found::Several(runs.to_vec()),
    }
}

/// From when on a follower's run may be ours, and whether its parent passed;
/// none while no parent got that far.
fn begins(
    c: &Case<'_>,
    branched: &Branched,
    commit: &Sha,
    file: &str,
    parents: &[String],
    depth: usize,
) -> Option<(Millis, bool)> {
    let depth = depth.checked_sub(1)?;
    let after = follower(branched, file)?.file.on.workflow_run.as_ref()?;
    let waits = after.types.is_empty() || after.types.iter().any(|t| t == "completed");
    parents
        .iter()
        .filter_map(|parent| {
            let start = start_of(branched, parent)?;
            let run = run_at(c, branched, commit, parent, &start, depth).run()?;
            let at = if waits { run.ended()? } else { run.started_at };
            Some((at - SLACK, run.passed() || !waits))
        })
        .max()
}

/// The newest run that the tag or its release started, or that somebody
/// started at the tag; one that did something before any that was skipped.
fn of_tag<'a>(c: &Case<'a>, branched: &Branched, commit: &Sha, file: &str) -> Option<&'a Run> {
    let runs = c.line.seen.runs.get().filter(|r| r.sha == *commit)?;
    let launched = c.line.launched.get(file);
    let elsewhere = launched.filter(|it| it.at != branched.tag);
    let is_ours = |r: &&Run| match elsewhere {
        // What makes the tag was started on the branch, where others ran before.
        Some(it) => {
            let newer = it.after.is_none_or(|after| r.id > after);
            let is_it = it.run.map_or(newer, |run| run == r.id);
            r.ref_name == it.at && r.event == "workflow_dispatch" && is_it
        }
        None => {
            r.ref_name == branched.tag
                && matches!(
                    r.event.as_str(),
                    "push" | "create" | "workflow_dispatch" | "release"
                )
        }
    };
    runs.runs
        .iter()
        .filter(|r| r.file() == file && r.sha == *commit)
        .filter(is_ours)
        .max_by_key(|r| (!r.skipped(), age(r)))
}

/// Which chained runs must be read now: those of required workflows whose
/// parent's run is known to have got far enough.
pub fn awaited(c: &Case<'_>, branched: &Branched, commit: &Sha) -> Option<Chained> {
    let mut chained: Option<Chained> = None;
    for workflow in workflows(c, branched).into_iter().filter(|w| w.required) {
        let Start::After(parents) = &workflow.start else {
            continue;
        };
        let begins = begins(c, branched, commit, &workflow.file, parents, DEPTH);
        let Some((since, _)) = begins else {
            continue;
        };
        let all = chained.get_or_insert(Chained {
            since,
            files: Vec::new(),
        });
        all.since = all.since.min(since);
        all.files.push(workflow.file);
    }
    chained
}
