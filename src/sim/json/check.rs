//! Check runs, suites and statuses as JSON.

use serde_json::{Value, json};

use super::account::{app, user};
use super::commit::simple_commit;
use super::common::{HTML, Urls, node_id, urls};
use super::pull::minimal_pull;
use super::repository::minimal_repository;
use crate::sim::clock::iso;
use crate::sim::model::checks::{CheckRun, Status, Suite};
use crate::sim::model::run::{Run, RunJob};
use crate::sim::world::World;

/// GitHub Actions as an App; its id is its real one.
fn actions_app(world: &World) -> Value {
    let at = iso(world.now());
    json!({
        "id": crate::sim::rules::ACTIONS,
        "slug": "github-actions",
        "node_id": "MDM6QXBwMTUzNjg=",
        "client_id": "Iv1.05c79e9ad1f6bdfa",
        "owner": {
            "login": "github", "id": 9_919, "node_id": "MDEyOk9yZ2FuaXphdGlvbjk5MTk=",
            "avatar_url": format!("{}/avatars/u/9919", HTML), "gravatar_id": "", "url": format!("{}/users/github", world.api_url),
            "html_url": format!("{}/github", world.api_url),
            "followers_url": format!("{}/users/github/followers", world.api_url),
            "following_url": format!("{}/users/github/following{{/other_user}}", world.api_url),
            "gists_url": format!("{}/users/github/gists{{/gist_id}}", world.api_url),
            "starred_url": format!("{}/users/github/starred{{/owner}}{{/repo}}", world.api_url),
            "subscriptions_url": format!("{}/users/github/subscriptions", world.api_url),
            "organizations_url": format!("{}/users/github/orgs", world.api_url),
            "repos_url": format!("{}/users/github/repos", world.api_url),
            "events_url": format!("{}/users/github/events{{/privacy}}", world.api_url),
            "received_events_url": format!("{}/users/github/received_events", world.api_url),
            "type": "Organization", "site_admin": false,
        },
        "name": "GitHub Actions",
        "description": "Automate your workflow from idea to production",
        "external_url": format!("{}/features/actions", world.api_url),
        "html_url": format!("{}/apps/github-actions", world.api_url),
        "created_at": at,
        "updated_at": at,
        "permissions": { "actions": "write", "checks": "write", "contents": "write" },
        "events": [],
    })
}

/// A `check-run` of an App.
pub fn check_run(world: &World, repo: u64, of: &CheckRun) -> Value {
    let Urls { api, html } = urls(world, repo);
    let url = format!("{api}/check-runs/{}", of.id);
    let [title, summary, text] = &of.output;
    json!({
        "id": of.id,
        "name": of.name,
        "node_id": node_id("CR", of.id),
        "head_sha": of.head_sha,
        "external_id": of.external_id,
        "url": url,
        "html_url": format!("{html}/runs/{}", of.id),
        "details_url": of.details_url,
        "status": of.status,
        "conclusion": of.conclusion,
        "started_at": of.started_at.map(iso),
        "completed_at": of.completed_at.map(iso),
        "output": {
            "title": title,
            "summary": summary,
            "text": text,
            "annotations_count": of.annotations.len(),
            "annotations_url": format!("{url}/annotations"),
        },
        "check_suite": { "id": of.suite },
        "app": app(world, of.app),
        "pull_requests": pulls(world, repo, &of.head_sha),
    })
}

/// The `check-run` that a workflow's job is.
pub fn of_job(world: &World, repo: u64, run: &Run, job: &RunJob) -> Value {
    let Urls { api, html } = urls(world, repo);
    let url = format!("{api}/check-runs/{}", job.id);
    let page = format!("{html}/actions/runs/{}/job/{}", run.id, job.id);
    json!({
        "id": job.id,
        "name": job.name,
        "node_id": node_id("CR", job.id),
        "head_sha": run.head_sha,
        "external_id": format!("job-{}", job.id),
        "url": url,
        "html_url": page,
        "details_url": page,
        "status": job.status,
        "conclusion": job.conclusion,
        "started_at": iso(job.started_at),
        "completed_at": job.completed_at.map(iso),
        "output": {
            "title": null,
            "summary": null,
            "text": null,
            "annotations_count": 0,
            "annotations_url": format!("{url}/annotations"),
        },
        "check_suite": { "id": run.check_suite },
        "app": actions_app(world),
        "pull_requests": pulls(world, repo, &run.head_sha),
    })
}

fn pulls(world: &World, repo: u64, sha: &str) -> Vec<Value> {
    let issues = world
        .repos
        .get(&repo)
        .into_iter()
        .flat_map(|r| r.issues.values());
    let open = issues.filter(|i| i.open && i.pull.as_ref().is_some_and(|p| p.head_sha == sha));
    open.map(|i| minimal_pull(world, repo, i.number)).collect()
}

struct SuiteParts<'a> {
    id: u64,
    head_branch: Option<&'a str>,
    head_sha: &'a str,
    status: &'a str,
    conclusion: Option<&'a str>,
    app: Value,
    at: [i64; 2],
    count: usize,
}

fn suite(world: &World, repo: u64, of: SuiteParts<'_>) -> Value {
    let Urls { api, .. } = urls(world, repo);
    let url = format!("{api}/check-suites/{}", of.id);
    json!({
        "id": of.id,
        "node_id": node_id("CS", of.id),
        "head_branch": of.head_branch,
        "head_sha": of.head_sha,
        "status": of.status,
        "conclusion": of.conclusion,
        "url": url,
        "before": null,
        "after": of.head_sha,
        "pull_requests": pulls(world, repo, of.head_sha),
        "app": of.app,
        "repository": minimal_repository(world, repo),
        "created_at": iso(of.at[0]),
        "updated_at": iso(of.at[1]),
        "head_commit": simple_commit(world, repo, of.head_sha),
        "latest_check_runs_count": of.count,
        "check_runs_url": format!("{url}/check-runs"),
        "rerequestable": true,
        "runs_rerequestable": true,
    })
}

/// The `check-suite` of a workflow run.
pub fn suite_of_run(world: &World, repo: u64, run: &Run) -> Value {
    let parts = SuiteParts {
        id: run.check_suite,
        head_branch: Some(&run.head_branch),
        head_sha: &run.head_sha,
        status: run.status,
        conclusion: run.conclusion.as_deref(),
        app: actions_app(world),
        at: [run.created_at, run.updated_at],
        count: run.jobs.len(),
    };
    suite(world, repo, parts)
}

/// The `check-suite` of an App: completed when all its runs are.
pub fn suite_of_app(world: &World, repo: u64, of: &Suite) -> Value {
    let runs: Vec<&CheckRun> = world
        .repos
        .get(&repo)
        .into_iter()
        .flat_map(|r| r.checks.runs.values())
        .filter(|c| c.suite == of.id)
        .collect();
    let done = !runs.is_empty() && runs.iter().all(|c| c.status == "completed");
    let good = |c: &&CheckRun| {
        matches!(
            c.conclusion.as_deref(),
            Some("success" | "neutral" | "skipped")
        )
    };
    let bad = runs
        .iter()
        .find(|c| !good(c))
        .and_then(|c| c.conclusion.as_deref());
    let updated = runs
        .iter()
        .filter_map(|c| c.history.last())
        .map(|h| h.0)
        .max()
        .unwrap_or(of.created_at);
    let branch = world.repos.get(&repo).and_then(|r| {
        let refs = r.git.list_refs("refs/heads/");
        refs.into_iter().find(|(_, sha)| *sha == of.head_sha)
    });
    let branch = branch.map(|(name, _)| name.trim_start_matches("refs/heads/").to_owned());
    let parts = SuiteParts {
        id: of.id,
        head_branch: branch.as_deref(),
        head_sha: &of.head_sha,
        status: if done { "completed" } else { "queued" },
        conclusion: done.then(|| bad.unwrap_or("success")),
        app: app(world, of.app),
        at: [of.created_at, updated],
        count: runs.len(),
    };
    suite(world, repo, parts)
}

/// A `status`; the short form inside a combined status has no creator.
pub fn status(world: &World, repo: u64, of: &Status, short: bool) -> Value {
    let Urls { api, .. } = urls(world, repo);
    let creator = user(world, of.creator);
    let mut status = json!({
        "url": format!("{api}/statuses/{}", of.sha),
        "avatar_url": creator.get("avatar_url"),
        "id": of.id,
        "node_id": node_id("SC", of.id),
        "state": of.state,
        "description": of.description,
        "target_url": of.target_url,
        "context": of.context,
        "created_at": iso(of.created_at),
        "updated_at": iso(of.created_at),
    });
    if !short && let Value::Object(map) = &mut status {
        map.insert("creator".to_owned(), creator);
    }
    status
}
