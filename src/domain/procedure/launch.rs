//! What of the release the bot starts itself, by a dispatch after the decision:
//! what the configuration says so of, at the tag; and what makes the tag, on the
//! tested head. Each once: a second time is a person's to say.

use super::branch::Branched;
use super::by_dispatch::{filled, refused};
use super::publishing::{is_guess, publishing};
use super::release_runs::{self, ReleaseWorkflow, run_of};
use super::runs::pending;
use super::step::Case;
use crate::domain::effect::{Act, Intent};
use crate::domain::facts::ReleaseDecision;
use crate::domain::ids::Sha;
use crate::domain::need::{Looking, Need, NeedKind, Start, Who};
use crate::domain::objects::Run;
use crate::domain::shipping::{Dispatched, Tags};
use crate::domain::wish::Wish;

const DISPATCH: &str = "workflow_dispatch";

/// The workflow that makes the tag, where the bot can start it; what only may make
/// it a person starts.
pub fn tagger(c: &Case<'_>, branched: &Branched) -> Option<Dispatched> {
    match publishing(c, branched).tags {
        Tags::Workflow(by) if is_guess(c, branched, &by.file) => None,
        Tags::Workflow(by) => refused(branched, &by).is_none().then_some(by),
        Tags::Bot | Tags::Signed { .. } | Tags::Protected { .. } => None,
    }
}

/// What the bot starts once the tag stands.
pub fn at_tag(c: &Case<'_>, branched: &Branched) -> Vec<Dispatched> {
    let tagger = tagger(c, branched);
    let all = release_runs::workflows(c, branched).into_iter();
    let ours = all.filter(|w| w.start == Start::Bot);
    let ours = ours.filter(|w| tagger.as_ref().is_none_or(|by| by.file != w.file));
    let filled = ours.map(|w| filled(c, branched, &w.file, &branched.tag));
    filled.collect()
}

/// All that a decision would let the bot start, by the files' names.
pub fn all(c: &Case<'_>, branched: &Branched) -> Vec<String> {
    let all = tagger(c, branched).into_iter().chain(at_tag(c, branched));
    all.map(|by| by.file).collect()
}

/// What follows the decision: what follows the tag, and what makes the tag once
/// the bot has started it.
pub fn workflows(c: &Case<'_>, branched: &Branched) -> Vec<ReleaseWorkflow> {
    let mut all = release_runs::workflows(c, branched);
    let tagger = tagger(c, branched).filter(|by| c.line.launched.contains_key(&by.file));
    if let Some(by) = tagger
        && all.iter().all(|w| w.file != by.file)
    {
        let file = by.file;
        all.insert(
            0,
            ReleaseWorkflow {
                file,
                start: Start::Bot,
                required: true,
                expect: None,
                timeout: None,
            },
        );
    }
    all
}

/// The dispatches that are wanted now. Nothing here is taken back by what is read
/// later but by a run: what may have been started is not wished anew.
pub fn wishes(c: &Case<'_>, branched: &Branched, tagged: bool) -> Vec<Wish<Intent>> {
    let Some(decision) = c.line.locked() else {
        return Vec::new();
    };
    let (tag, runs) = (&c.line.seen.tag, &c.line.seen.runs);
    let all = match (tagged, tag.get()) {
        // What ran before the tag was there is not of it.
        (true, _) if runs.began >= tag.since => at_tag(c, branched),
        (false, Some(None)) => tagger(c, branched).into_iter().collect(),
        _ => Vec::new(),
    };
    let due = all
        .into_iter()
        .filter(|by| is_due(c, branched, decision, by));
    due.map(|by| wish(c, decision.commit(), by)).collect()
}

/// The dispatch of one more that the decision let the bot start at the tag.
pub fn wish_for(c: &Case<'_>, branched: &Branched, by: Dispatched) -> Option<Wish<Intent>> {
    let decision = c.line.locked()?;
    let due = is_due(c, branched, decision, &by);
    due.then(|| wish(c, decision.commit(), by))
}

/// Whether it was decided that the bot starts it, and nobody has so far.
fn is_due(c: &Case<'_>, branched: &Branched, decision: &ReleaseDecision, by: &Dispatched) -> bool {
    if !decision.record.launches.contains(&by.file) {
        return false;
    }
    let runs = c.line.seen.runs.get();
    let Some(seen) = runs.filter(|r| r.sha == *decision.commit()) else {
        return false;
    };
    // On the branch any earlier one may have been a test; a person looks at it.
    let here = |run: &&Run| run.file() == by.file && run.ref_name == by.at;
    let at_tag = by.at == branched.tag;
    let mut there = seen.runs.iter().filter(here);
    !c.line.launched.contains_key(&by.file) && !there.any(|run| at_tag || run.event == DISPATCH)
}

fn wish(c: &Case<'_>, head: &Sha, by: Dispatched) -> Wish<Intent> {
    let runs = c.line.seen.runs.get().into_iter().flat_map(|r| &r.runs);
    let before = runs.filter(|r| r.file() == by.file && r.event == DISPATCH);
    let after = before.map(|r| r.id).max();
    let known = |(name, value): (String, Option<String>)| Some((name, value?));
    let act = Act::Launch {
        file: by.file,
        at: by.at,
        commit: head.clone(),
        inputs: by.inputs.into_iter().filter_map(known).collect(),
        after,
    };
    c.write(act, head.as_str())
}

/// What is waited for while the tag is not there and somebody else makes it.
pub fn tag_needs(
    c: &Case<'_>,
    branched: &Branched,
    decision: &ReleaseDecision,
    tags: Tags,
) -> Vec<Need> {
    let head = decision.commit();
    let by_bot = tagger(c, branched);
    let person = || {
        let kind = NeedKind::TagNow {
            by: tags.clone(),
            tag: decision.tag.clone(),
            head: head.clone(),
        };
        vec![Need::new(Who::Commander, kind)]
    };
    let Some(by) = by_bot else { return person() };
    let begun = c.line.launched.contains_key(&by.file);
    if !begun && !is_due(c, branched, decision, &by) {
        return person();
    }
    let workflow = ReleaseWorkflow {
        file: by.file.clone(),
        start: Start::Bot,
        required: true,
        expect: None,
        timeout: None,
    };
    let found = run_of(c, branched, head, &workflow);
    match found.run().filter(|_| begun) {
        Some(run) if run.failed() => {
            let (run, release) = (run.clone(), true);
            let kind = NeedKind::RunFailed { run, release };
            vec![Need::new(Who::Responder, kind)]
        }
        Some(run) if run.ended().is_none() => vec![pending(run)],
        // It is through: the tag is there, or will not come by it.
        Some(_) if !c.line.seen.tag.is_current() => vec![Need::looking(Looking::Tag)],
        Some(_) => person(),
        None => {
            let kind = NeedKind::ReleaseRunMissing {
                file: by.file,
                start: Start::Bot,
                late: false,
            };
            vec![Need::new(Who::Machine, kind)]
        }
    }
}
