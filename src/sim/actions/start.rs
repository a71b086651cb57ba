//! What starts runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::files::{self, File};
use super::model::{Registered, Run};
use super::workflow::Workflow;
use super::{ActionsJob, PushInfo, actions_bot, json, progress, triggers};
use crate::sim::git::{CommitObject, Merge};
use crate::sim::json as objects;
use crate::sim::world::{Job, Who, World};

/// Runs chained by `workflow_run` go at most three levels deep.
const DEPTH: u32 = 3;

/// What a run is started with.
pub(super) struct Cause {
    pub event: &'static str,
    pub ref_name: String,
    pub head_sha: String,
    pub pulls: Vec<u64>,
    pub values: BTreeMap<String, String>,
    pub title: Option<String>,
    pub who: Who,
    pub depth: u32,
}

/// The short name of a branch or tag.
fn short(ref_name: &str) -> &str {
    ref_name
        .strip_prefix("refs/heads/")
        .or_else(|| ref_name.strip_prefix("refs/tags/"))
        .unwrap_or(ref_name)
}

fn message_of(world: &World, repo: u64, commit: &str) -> String {
    let commit = objects::simple_commit(world, repo, commit);
    commit
        .get("message")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// A push to `commit`: files are read from it.
pub(super) fn on_push(world: &mut World, repo: u64, push: &PushInfo, commit: &str) {
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
                head_sha: commit.to_owned(),
                pulls: pulls_of(world, repo, &push.ref_name),
                values: BTreeMap::new(),
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
    let open = issues.filter(|i| i.open && i.pull.as_ref().is_some_and(|p| p.head == branch));
    open.map(|i| i.number).collect()
}

/// An action on a pull request: files are read from the test merge, and a
/// conflict starts nothing.
pub(super) fn on_pull_request(world: &mut World, repo: u64, number: u64, action: &str, who: &Who) {
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
        ];
        let cause = Cause {
            event: "pull_request",
            ref_name: format!("refs/heads/{}", pull.head),
            head_sha: pull.head_sha.clone(),
            pulls: vec![number],
            values: values.map(|(k, v)| (k.to_owned(), v)).into(),
            title,
            who: who.clone(),
            depth: 0,
        };
        start(world, repo, file, cause);
    }
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
    let commit = world.repos.get(&repo).and_then(|r| {
        let target = r.git.read_ref(&ref_name)?;
        r.git.peel(&target)
    });
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

/// A run was requested, is in progress or has ended: starts what is chained to
/// it, on the default branch's commit.
pub(super) fn on_workflow_run(world: &mut World, repo: u64, run: u64, action: &str) {
    let Some(found) = world.repos.get(&repo) else {
        return;
    };
    let default_branch = found.default_branch.clone();
    let Some(parent) = found.actions.runs.get(&run).cloned() else {
        return;
    };
    if parent.depth >= DEPTH {
        return;
    }
    let Some(head) = files::default_head(world, repo) else {
        return;
    };
    for file in files::at(world, repo, &head).iter() {
        let on = file.flow.as_ref().map(|flow| &flow.on);
        let fits = |on| triggers::on_workflow_run(on, &parent.name, action, &parent.head_branch);
        if !on.is_ok_and(fits) {
            continue;
        }
        let event = "github.event.workflow_run";
        let values = [
            ("github.event.action".to_owned(), action.to_owned()),
            (format!("{event}.id"), parent.id.to_string()),
            (format!("{event}.name"), parent.name.clone()),
            (format!("{event}.event"), parent.event.clone()),
            (format!("{event}.head_branch"), parent.head_branch.clone()),
            (format!("{event}.head_sha"), parent.head_sha.clone()),
            (
                format!("{event}.conclusion"),
                parent.conclusion.clone().unwrap_or_default(),
            ),
            (format!("{event}.ref"), parent.ref_name.clone()),
        ];
        let cause = Cause {
            event: "workflow_run",
            ref_name: format!("refs/heads/{default_branch}"),
            head_sha: head.clone(),
            pulls: Vec::new(),
            values: values.into(),
            title: Some(file.name.clone()),
            who: Who {
                user: parent.triggering_actor,
                app: None,
                via_github_token: false,
            },
            depth: parent.depth + 1,
        };
        start(world, repo, file, cause);
    }
}

/// Makes the run and queues its first jobs.
pub(super) fn start(world: &mut World, repo: u64, file: &File, cause: Cause) -> Option<u64> {
    let Registered {
        id: workflow_id,
        active,
        ..
    } = files::register(world, repo, &file.path, &file.name)?;
    if !active {
        return None;
    }
    let id = world.next_id();
    let check_suite = world.next_id();
    let now = world.now();
    let actor = if cause.who.via_github_token {
        actions_bot(world)
    } else {
        cause.who.user
    };
    let first_line = message_of(world, repo, &cause.head_sha)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned();
    let mut values = cause.values;
    let login = world
        .users
        .get(&actor)
        .map(|u| u.login.clone())
        .unwrap_or_default();
    let found = world.repos.get_mut(&repo)?;
    let is_tag = cause.ref_name.starts_with("refs/tags/");
    for (name, value) in [
        ("github.event_name", cause.event.to_owned()),
        ("github.ref", cause.ref_name.clone()),
        ("github.ref_name", short(&cause.ref_name).to_owned()),
        (
            "github.ref_type",
            if is_tag { "tag" } else { "branch" }.to_owned(),
        ),
        ("github.sha", cause.head_sha.clone()),
        ("github.repository", found.full_name()),
        ("github.repository_owner", found.owner_login.clone()),
        ("github.actor", login),
        ("github.workflow", file.name.clone()),
        ("github.run_id", id.to_string()),
    ] {
        values.insert(name.to_owned(), value);
    }
    if found.actions.settings.nameless {
        values.retain(|name, _| !name.starts_with("github.repository"));
    }
    let entry = found.actions.workflows.get_mut(&file.path)?;
    entry.runs += 1;
    let number = entry.runs;
    let broken = file.flow.is_err();
    let run = Run {
        id,
        workflow_id,
        path: file.path.clone(),
        name: file.name.clone(),
        event: cause.event.to_owned(),
        head_branch: short(&cause.ref_name).to_owned(),
        ref_name: cause.ref_name,
        head_sha: cause.head_sha,
        number,
        attempt: 1,
        status: if broken { "completed" } else { "queued" },
        conclusion: broken.then(|| "startup_failure".to_owned()),
        actor,
        triggering_actor: actor,
        created_at: now,
        started_at: now,
        updated_at: now,
        check_suite,
        display_title: cause.title.unwrap_or(first_line),
        pulls: cause.pulls,
        jobs: Vec::new(),
        past: Vec::new(),
        values,
        depth: cause.depth,
        flow: file.flow.as_ref().ok().cloned(),
        approved: Default::default(),
        cancelled: false,
        kept: BTreeMap::new(),
    };
    found.actions.runs.insert(id, run);
    if broken {
        json::emit_run(world, repo, id, "completed");
        on_workflow_run(world, repo, id, "completed");
    } else {
        json::emit_run(world, repo, id, "requested");
        queue(world, repo, id);
        on_workflow_run(world, repo, id, "requested");
    }
    Some(id)
}

/// Queues the first jobs of an attempt and schedules its beginning.
pub(super) fn queue(world: &mut World, repo: u64, run: u64) {
    let now = world.now();
    let Some(found) = world.repos.get(&repo) else {
        return;
    };
    let Some(of) = found.actions.runs.get(&run) else {
        return;
    };
    let attempt = of.attempt;
    let begins = now + found.actions.settings.pace_of(&of.path).queue_ms;
    let flow: Option<Arc<Workflow>> = of.flow.clone();
    if let Some(flow) = flow {
        progress::queue_level(world, repo, run, &flow, 0);
    }
    let job = ActionsJob::Advance {
        repo,
        run,
        attempt,
        level: 0,
    };
    world.schedule(begins, Job::Actions(job));
}
