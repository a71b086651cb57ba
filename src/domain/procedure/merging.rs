//! What publishes when a pull request of ours is merged, read from the workflow files
//! of the branches that these go to.

use super::branch::Branched;
use super::names;
use super::ships::{Around, Ships, has, is_for_prereleases, ships};
use super::step::Case;
use crate::domain::objects::{LocalAction, PullKind, Workflow};
use crate::domain::shipping::{Merging, OnMerge};
use crate::domain::workflow_file::{Cause, Merged, Reaches, Shipping, Start, Sure};
use crate::ecosystem::Kind;

/// A branch that pull requests of ours go to, with its workflow files as they are
/// once these are merged.
pub(super) struct Goal<'a> {
    pub branch: &'a str,
    kinds: &'static [PullKind],
    pub files: Vec<&'a Workflow>,
    /// Those of what is tagged: what the branch made of them since is not read.
    actions: [&'a [LocalAction]; 2],
}

impl Goal<'_> {
    /// Whether the hotfix pull request itself goes there.
    pub fn is_target(&self) -> bool {
        self.kinds.contains(&PullKind::Hotfix)
    }
}

/// The branch of the release line, where the base has one, and the default branch.
pub(super) fn goals(branched: &Branched) -> Vec<Goal<'_>> {
    let base = &branched.base;
    let changed = || branched.changed.iter().flat_map(|all| all.iter());
    let main = match base.main_workflows.as_slice() {
        [] => &base.workflows,
        main => main,
    };
    let line = base.line.as_ref().map(|line| Goal {
        branch: &line.at.branch,
        kinds: &[PullKind::Hotfix],
        files: line.workflows.iter().chain(changed()).collect(),
        actions: branched.actions(),
    });
    let main = Goal {
        branch: base.default_branch(),
        kinds: match line {
            Some(_) => &[PullKind::Port, PullKind::Known],
            None => &PullKind::ALL,
        },
        files: main.iter().chain(changed()).collect(),
        actions: branched.actions(),
    };
    line.into_iter().chain([main]).collect()
}

/// What publishes when a pull request of ours is merged.
pub(super) fn on_merge(c: &Case<'_>, branched: &Branched) -> Vec<OnMerge> {
    let mut all: Vec<OnMerge> = Vec::new();
    for goal in goals(branched) {
        for workflow in goal.files.iter().filter(|it| !is_for_prereleases(it)) {
            let on = &workflow.file;
            let starts = [
                (on.starts_on_branch(goal.branch), Merging::Push),
                (
                    on.starts_on_closed_pull_request_to(goal.branch),
                    Merging::Closed,
                ),
            ];
            for (_, by) in starts.into_iter().filter(|(starts, _)| *starts) {
                let ships = merged_ships(c, &goal, workflow, by);
                // An image of the default branch is none of a release.
                let publishes = [
                    Shipping::Crates,
                    Shipping::Others,
                    Shipping::Unclear,
                    Shipping::Release,
                    Shipping::Tag,
                ];
                let (file, branch) = (workflow.name(), goal.branch);
                let known = all.iter().any(|on| on.file == file && on.branch == branch);
                let counts = |(what, _): &&(Shipping, Sure)| {
                    let snapshot = *what == Shipping::Others && deploys_snapshots(branched, &goal);
                    publishes.contains(what) && !snapshot
                };
                let mut found: Vec<_> = ships.iter().filter(counts).collect();
                // What hears of issues as well keeps a list of them somewhere.
                let hears = |it: &String| matches!(it.as_str(), "issues" | "issue_comment");
                let lists = by == Merging::Closed && on.on.other.iter().any(hears);
                if lists && found.iter().all(|(what, _)| *what == Shipping::Unclear) {
                    found.clear();
                }
                if !known && !found.is_empty() {
                    let (file, branch) = (file.to_owned(), branch.to_owned());
                    all.push(OnMerge {
                        file,
                        by,
                        branch,
                        proposes: found.iter().all(|(_, sure)| *sure == Sure::Proposed),
                        unclear: found.iter().all(|(what, _)| *what == Shipping::Unclear),
                    });
                }
            }
        }
    }
    all
}

/// Whether what a push to this branch deploys is a snapshot, whatever is merged: its
/// own version says so, and keeps saying so.
fn deploys_snapshots(branched: &Branched, goal: &Goal<'_>) -> bool {
    let main = &branched.base.main;
    let version = main.version.as_deref().unwrap_or_default();
    branched.base.package.kind() == Kind::Java
        && goal.branch == branched.base.default_branch()
        && version.ends_with("-SNAPSHOT")
}

/// What a file may ship when a pull request of ours is merged there.
pub(super) fn merged_ships(
    c: &Case<'_>,
    goal: &Goal<'_>,
    workflow: &Workflow,
    by: Merging,
) -> Ships {
    let find = |name: &str| goal.files.iter().copied().find(|w| w.name() == name);
    let repo = names::repo(c);
    let around = Around {
        find: &find,
        actions: goal.actions,
        repo: &repo,
        unread: Some(Reaches::Handed),
    };
    match by {
        Merging::Push => {
            let full_ref = format!("refs/heads/{}", goal.branch);
            let start = Start {
                event: "push",
                full_ref: &full_ref,
                repo: &repo,
                by: None,
                head: None,
            };
            ships(&around, workflow, Cause::Ref(start))
        }
        Merging::Closed => {
            let of = |kind: &PullKind| {
                let head = names::pull_branch(c, *kind);
                let seen = c.line.pull(*kind);
                let called = seen.and_then(|pull| pull.called.as_ref());
                let title = called.map(|it| it.title.folded());
                let merged = Merged {
                    repo: &repo,
                    head: &head,
                    base: goal.branch,
                    title: title.as_deref(),
                    labels: called.map_or(&[], |it| it.labels.as_slice()),
                    by: &c.facts.bot,
                };
                ships(&around, workflow, Cause::Merged(merged))
            };
            goal.kinds.iter().flat_map(of).collect()
        }
    }
}

/// Those of these files that may publish when they are started so, where nobody sees
/// whether they do.
pub(super) fn unclear(c: &Case<'_>, branched: &Branched, on_merge: &[OnMerge]) -> Vec<String> {
    let goals = goals(branched);
    let is_unclear = |on: &&OnMerge| {
        let goal = goals
            .iter()
            .find(|it| it.is_target() && it.branch == on.branch);
        goal.is_some_and(|goal| {
            let mut files = goal.files.iter().filter(|it| it.name() == on.file);
            files.any(|file| has(&merged_ships(c, goal, file, on.by), Shipping::Unclear))
        })
    };
    let all = on_merge.iter().filter(is_unclear);
    all.map(|on| on.file.clone()).collect()
}
