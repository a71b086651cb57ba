//! What starts workflows: a push, a pull request's event, a release's event.

use std::collections::BTreeMap;

use super::files;
use super::start::{Cause, hold, message_of, start};
use crate::sim::git::{CommitObject, Merge};
use crate::sim::model::run::File;
use crate::sim::workflow_file::triggers;
use crate::sim::world::{Role, Who, World};

/// A ref was created, moved or deleted.
#[derive(Clone, Debug)]
pub struct PushInfo {
    /// The full name: `refs/heads/main`, `refs/tags/v1.0.5`.
    pub ref_name: String,
    /// What it pointed to; none when it is new.
    pub before: Option<String>,
    /// What it points to (for an annotated tag the tag object); none when it
    /// was deleted.
    pub after: Option<String>,
    /// The commit behind `after`.
    pub after_commit: Option<String>,
    /// Who did it.
    pub who: Who,
}

/// A ref was created or moved: files are read from its commit.
pub(in crate::sim) fn on_push(world: &mut World, repo: u64, push: &PushInfo) {
    let Some(commit) = &push.after_commit else {
        return;
    };
    if push.who.via_github_token || triggers::skips(&message_of(world, repo, commit)) {
        return;
    }
    let files = files::at(world, repo, commit);
    for file in files.iter() {
        let changed = || changed_paths(world, repo, push.before.as_deref(), commit);
        let starts = match &file.flow {
            Ok(flow) => triggers::on_push(&flow.on, &push.ref_name, changed),
            Err(_) => true,
        };
        if starts {
            let cause = Cause {
                event: "push",
                ref_name: push.ref_name.clone(),
                head_sha: commit.clone(),
                pulls: pulls_of(world, repo, &push.ref_name),
                // A push is of no kind: what asks for one is answered with nothing.
                values: BTreeMap::from([("github.event.action".to_owned(), String::new())]),
                title: None,
                who: push.who.clone(),
                depth: 0,
            };
            start(world, repo, file, cause);
        }
    }
}

/// Open pull requests whose head is this branch.
fn pulls_of(world: &World, repo: u64, ref_name: &str) -> Vec<u64> {
    let Some(branch) = ref_name.strip_prefix("refs/heads/") else {
        return Vec::new();
    };
    let issues = world
        .repos
        .get(&repo)
        .into_iter()
        .flat_map(|r| r.issues.values());
    let open = issues.filter(|i| i.open && i.pull.as_ref().is_some_and(|p| p.is_of(branch)));
    open.map(|i| i.number).collect()
}

/// An action on a pull request: files are read from the test merge, and a
/// conflict starts nothing.
pub(in crate::sim) fn on_pull_request(
    world: &mut World,
    repo: u64,
    number: u64,
    action: &str,
    who: &Who,
) {
    if who.via_github_token {
        return;
    }
    let Some(pull) = world
        .repos
        .get(&repo)
        .and_then(|r| r.issues.get(&number))
        .and_then(|i| i.pull.clone())
    else {
        return;
    };
    if triggers::skips(&message_of(world, repo, &pull.head_sha)) {
        return;
    }
    // Who listens is asked before the merge is computed, which is dear.
    let listens = |files: &[File]| {
        files.iter().any(|f| {
            f.flow
                .as_ref()
                .is_ok_and(|flow| flow.on.pull_request.is_some())
        })
    };
    let base_files = files::at(world, repo, &pull.base_sha);
    let head_files = files::at(world, repo, &pull.head_sha);
    if !listens(&base_files) && !listens(&head_files) {
        return;
    }
    let Some((base, merge)) = test_merge(world, repo, &pull.base, &pull.head_sha) else {
        return;
    };
    let files = files::at(world, repo, &merge);
    let held = waits_for_approval(world, repo, number);
    for file in files.iter() {
        let changed = || changed_paths(world, repo, Some(&base), &merge);
        let on = file.flow.as_ref().map(|flow| &flow.on);
        if !on.is_ok_and(|on| triggers::on_pull_request(on, action, &pull.base, changed)) {
            continue;
        }
        let title = world
            .repos
            .get(&repo)
            .and_then(|r| r.issues.get(&number))
            .map(|i| i.title.clone());
        let values = [
            ("github.base_ref", pull.base.clone()),
            ("github.head_ref", pull.head.clone()),
            ("github.event.action", action.to_owned()),
            ("github.event.number", number.to_string()),
            ("github.event.pull_request.number", number.to_string()),
            ("github.event.pull_request.draft", pull.draft.to_string()),
            ("github.event.pull_request.base.ref", pull.base.clone()),
            ("github.event.pull_request.head.ref", pull.head.clone()),
            ("github.event.pull_request.head.sha", pull.head_sha.clone()),
            (
                "github.event.pull_request.head.repo.fork",
                pull.fork.is_some().to_string(),
            ),
        ];
        let cause = Cause {
            event: "pull_request",
            ref_name: format!("refs/heads/{}", pull.head),
            head_sha: pull.head_sha.clone(),
            // GitHub names no pull request of a fork in its runs.
            pulls: pull.fork.map_or_else(|| vec![number], |_| Vec::new()),
            values: values.map(|(k, v)| (k.to_owned(), v)).into(),
            title,
            who: who.clone(),
            depth: 0,
        };
        match held {
            true => hold(world, repo, file, cause),
            false => start(world, repo, file, cause),
        };
    }
}

/// Whether the runs of a pull request wait until somebody with write access lets
/// them go on: it comes from the fork of somebody of whom nothing was merged here
/// yet (GitHub's default, "Require approval for first-time contributors").
fn waits_for_approval(world: &World, repo: u64, number: u64) -> bool {
    let Some(of) = world.repos.get(&repo) else {
        return false;
    };
    let Some(issue) = of.issues.get(&number) else {
        return false;
    };
    let by = issue.author;
    let known = || {
        let mut all = of.issues.values().filter(|i| i.author == by);
        all.any(|i| i.pull.as_ref().is_some_and(|p| p.merged.is_some()))
    };
    let is_fork = issue.pull.as_ref().is_some_and(|p| p.fork.is_some());
    is_fork && world.role(repo, by).is_none_or(|role| role < Role::Write) && !known()
}

/// The head of the base branch and the merge of a pull request with it; nothing
/// when both conflict.
fn test_merge(world: &World, repo: u64, base: &str, head: &str) -> Option<(String, String)> {
    let git = &world.repos.get(&repo)?.git;
    let base = git.read_ref(&format!("refs/heads/{base}"))?;
    let Ok(Merge::Clean(tree)) = git.merge(&base, head) else {
        return None;
    };
    let of = git.commit(head)?;
    let message = format!("Merge {head} into {base}");
    let parents = vec![base.clone(), head.to_owned()];
    let merge = git
        .write_commit(&CommitObject {
            tree,
            parents,
            message,
            ..of
        })
        .ok()?;
    Some((base, merge))
}

/// The paths that differ; of a new ref, those that its last commit changed.
fn changed_paths(world: &World, repo: u64, before: Option<&str>, after: &str) -> Vec<String> {
    let Some(git) = world.repos.get(&repo).map(|r| &r.git) else {
        return Vec::new();
    };
    let parent = git.commit(after).and_then(|c| c.parents.first().cloned());
    let diff = git
        .diff(before.or(parent.as_deref()), after)
        .unwrap_or_default();
    diff.into_iter().map(|f| f.path).collect()
}

/// An action on a release: files are read from the tag's commit.
pub fn on_release(world: &mut World, repo: u64, tag: &str, action: &str, who: &Who) {
    if who.via_github_token {
        return;
    }
    let ref_name = format!("refs/tags/{tag}");
    let commit = world.repos.get(&repo).and_then(|r| r.tag_commit(tag));
    let Some(commit) = commit else {
        return;
    };
    for file in files::at(world, repo, &commit).iter() {
        if !file
            .flow
            .as_ref()
            .is_ok_and(|flow| triggers::on_release(&flow.on, action))
        {
            continue;
        }
        let values = [
            ("github.event.action", action),
            ("github.event.release.tag_name", tag),
        ];
        let cause = Cause {
            event: "release",
            ref_name: ref_name.clone(),
            head_sha: commit.clone(),
            pulls: Vec::new(),
            values: values.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
            title: Some(tag.to_owned()),
            who: who.clone(),
            depth: 0,
        };
        start(world, repo, file, cause);
    }
}
