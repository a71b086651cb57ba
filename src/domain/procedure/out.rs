//! What a release must bring out, and what of it is out.

use super::branch::Branched;
use super::release_runs::workflows;
use super::step::Case;
use crate::domain::objects::{RegistryVersion, Release};
use crate::domain::workflow_file::WorkflowFile;

/// Whether the package is on a registry that this version can look at.
pub fn has_registry(c: &Case<'_>, branched: &Branched) -> bool {
    let package = &branched.base.package;
    let registry = package.kind().registry();
    package.on_registry
        && c.policy
            .verify
            .registries
            .iter()
            .any(|r| r == "auto" || r == registry)
}

/// Whether a GitHub release is to be expected: the base had one, or a workflow
/// makes one.
pub fn has_release(c: &Case<'_>, branched: &Branched) -> bool {
    branched.base.release.is_some()
        || workflows(c, branched)
            .iter()
            .any(|w| w.required && does(branched, &w.file, |file| file.creates_release))
}

/// Whether there is something that people can install and try: published on the
/// registry, as a release, or both; else the tag's workflows have passed.
pub fn is_out(c: &Case<'_>, branched: &Branched, monitored: bool) -> bool {
    match (has_registry(c, branched), has_release(c, branched)) {
        (false, false) => monitored,
        (registry, release) => {
            (!registry || published(c).is_some()) && (!release || released(c).is_some())
        }
    }
}

/// Whether a workflow file, or one that it calls, does this.
pub fn does(branched: &Branched, file: &str, is_it: fn(&WorkflowFile) -> bool) -> bool {
    let (mut open, mut known) = (vec![file], vec![file]);
    while let Some(file) = open.pop() {
        let Some(workflow) = branched.base.workflow(file) else {
            continue;
        };
        if is_it(&workflow.file) {
            return true;
        }
        for called in &workflow.file.calls {
            if !known.contains(&called.as_str()) {
                known.push(called);
                open.push(called);
            }
        }
    }
    false
}

/// What people raised beside the release, to be published with it: name and
/// version.
pub fn raised<'a>(c: &Case<'a>) -> &'a [(String, String)] {
    let decision = c.line.locked();
    decision.map_or(&[], |decision| &decision.record.raised)
}

/// The registry's version, once cargo can see it and nobody took it back.
pub fn published<'a>(c: &Case<'a>) -> Option<&'a RegistryVersion> {
    c.line
        .seen
        .registry
        .get()?
        .as_ref()
        .filter(|v| v.indexed && !v.yanked)
}

/// The GitHub release, once it is published.
pub fn released<'a>(c: &Case<'a>) -> Option<&'a Release> {
    c.line.seen.release.get()?.as_ref().filter(|r| !r.draft)
}
