//! Starting a run, and what is chained to it.

use std::collections::BTreeMap;

use super::queue::{queue, run_of};
use super::{events, files};
use crate::sim::model::run::{File, Registered, Run};
use crate::sim::workflow_file::triggers;
use crate::sim::world::{User, UserId, UserKind, Who, World};

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

/// The message of a commit; empty for an unknown one.
pub(super) fn message_of(world: &World, repo: u64, commit: &str) -> String {
    let commit = world.repos.get(&repo).and_then(|r| r.git.commit(commit));
    commit.map(|c| c.message).unwrap_or_default()
}

/// The account of `GITHUB_TOKEN`, `github-actions[bot]`; made when first needed.
pub fn actions_bot(world: &mut World) -> UserId {
    const LOGIN: &str = "github-actions[bot]";
    if let Some(user) = world.user_by_login(LOGIN) {
        return user.id;
    }
    // Its real id.
    let id = 41_898_282;
    let email = format!("{id}+{LOGIN}@users.noreply.github.test");
    let created_at = world.now();
    let login = LOGIN.to_owned();
    world.users.insert(
        id,
        User {
            id,
            login,
            kind: UserKind::Bot,
            email,
            created_at,
        },
    );
    id
}

/// A run was requested, is in progress or has ended: starts what is chained to
/// it, on the default branch's commit.
pub(super) fn on_workflow_run(world: &mut World, repo: u64, run: u64, action: &str) {
    let Some(found) = world.repos.get(&repo) else {
        return;
    };
    let default_branch = found.default_branch.clone();
    let Some(head) = found.default_head() else {
        return;
    };
    let Some(parent) = found.actions.runs.get(&run).cloned() else {
        return;
    };
    if parent.depth >= DEPTH {
        return;
    }
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
    let (id, broken) = make(world, repo, file, cause)?;
    if broken {
        end(world, repo, id, "startup_failure");
    } else {
        events::emit_run(world, repo, id, "requested");
        queue(world, repo, id);
        on_workflow_run(world, repo, id, "requested");
    }
    Some(id)
}

/// Makes a run that somebody must let go on: it is over, without any job, and asks
/// for an action.
pub(super) fn hold(world: &mut World, repo: u64, file: &File, cause: Cause) -> Option<u64> {
    let (id, _) = make(world, repo, file, cause)?;
    end(world, repo, id, HELD);
    Some(id)
}

/// How a run ends that waits for somebody's approval.
pub(super) const HELD: &str = "action_required";

fn end(world: &mut World, repo: u64, id: u64, conclusion: &str) {
    if let Some(of) = run_of(world, repo, id) {
        of.status = "completed";
        of.conclusion = Some(conclusion.to_owned());
    }
    events::emit_run(world, repo, id, "completed");
    on_workflow_run(world, repo, id, "completed");
}

/// Makes the run; says whether its file is broken.
fn make(world: &mut World, repo: u64, file: &File, cause: Cause) -> Option<(u64, bool)> {
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
        status: "queued",
        conclusion: None,
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
    Some((id, broken))
}
