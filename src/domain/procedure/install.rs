//! A fresh install by a workflow: started by the bot at the tag, once and when
//! the release is out; its run is what shows that it can be installed.

use super::branch::Branched;
use super::by_dispatch::{filled, refused};
use super::launch;
use super::out;
use super::release_runs::{Found, ReleaseWorkflow, run_of};
use super::step::Case;
use crate::domain::effect::Intent;
use crate::domain::ids::Sha;
use crate::domain::item::Item;
use crate::domain::need::{Start, Stopped};
use crate::domain::policy::Install;
use crate::domain::shipping::Dispatched;
use crate::domain::wish::Wish;

/// The workflow that is configured, and why the bot cannot start it; none: a
/// person installs.
pub fn configured(c: &Case<'_>, branched: &Branched) -> Option<(Dispatched, Option<Stopped>)> {
    let install = &c.policy.verify.install;
    let Install::Workflow(file) = install else {
        return None;
    };
    let by = filled(c, branched, file, &branched.tag);
    let stopped = refused(branched, &by);
    Some((by, stopped))
}

/// The workflow that the bot starts.
pub fn by_bot(c: &Case<'_>, branched: &Branched) -> Option<Dispatched> {
    let (by, stopped) = configured(c, branched)?;
    stopped.is_none().then_some(by)
}

/// The workflow as one whose run is looked for.
pub fn workflow(file: &str) -> ReleaseWorkflow {
    ReleaseWorkflow {
        file: file.to_owned(),
        start: Start::Bot,
        required: true,
        expect: None,
        timeout: None,
    }
}

/// What is known of its run at the tag; none: a person installs.
pub fn found<'a>(c: &Case<'a>, branched: &Branched, tagged: &Sha) -> Option<(String, Found<'a>)> {
    let by = by_bot(c, branched)?;
    let found = run_of(c, branched, tagged, &workflow(&by.file));
    Some((by.file, found))
}

/// Whether its run is still to come, or under way.
pub fn is_awaited(c: &Case<'_>, branched: &Branched, tagged: &Sha) -> bool {
    let said = c.facts.words.contains_key(&Item::FreshInstall);
    let found = found(c, branched, tagged).filter(|_| !said);
    found.is_some_and(|(_, found)| !found.run().is_some_and(|run| run.passed()))
}

/// All that a decision would let the bot start, by the files' names.
pub fn launches(c: &Case<'_>, branched: &Branched) -> Vec<String> {
    let mut all = launch::all(c, branched);
    let ours = by_bot(c, branched).map(|by| by.file);
    all.extend(ours.filter(|file| !all.contains(file)));
    all
}

/// Its dispatch, once users can have the release.
pub fn wishes(c: &Case<'_>, branched: &Branched, monitored: bool) -> Vec<Wish<Intent>> {
    let said = c.facts.words.contains_key(&Item::FreshInstall);
    if said || !monitored || !out::is_out(c, branched, monitored) {
        return Vec::new();
    }
    let by = by_bot(c, branched).into_iter();
    by.filter_map(|by| launch::wish_for(c, branched, by))
        .collect()
}
