//! Pull requests.

use serde_json::{Value, json};

use crate::sim::json as build;
use crate::sim::ops::{MergeRequest, Method, NewPull, StateChange};
use crate::sim::router::{Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::World;

pub(super) fn routes() -> Vec<Route> {
    const LIST: &str = "/repos/{owner}/{repo}/pulls";
    const ONE: &str = "/repos/{owner}/{repo}/pulls/{number}";
    const MERGE: &str = "/repos/{owner}/{repo}/pulls/{number}/merge";
    vec![
        route("GET", LIST, "pulls/list", "pull_requests=read", list),
        route("POST", LIST, "pulls/create", "pull_requests=write", create),
        route(
            "GET",
            ONE,
            "pulls/get",
            "pull_requests=read;contents=read",
            get,
        ),
        route("PATCH", ONE, "pulls/update", "pull_requests=write", update),
        route(
            "GET",
            MERGE,
            "pulls/check-if-merged",
            "pull_requests=read",
            is_merged,
        ),
        route("PUT", MERGE, "pulls/merge", "contents=write", merge),
        route(
            "GET",
            "/repos/{owner}/{repo}/pulls/{number}/commits",
            "pulls/list-commits",
            "pull_requests=read",
            commits,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/pulls/{number}/files",
            "pulls/list-files",
            "pull_requests=read",
            files,
        ),
        route(
            "PUT",
            "/repos/{owner}/{repo}/pulls/{number}/update-branch",
            "pulls/update-branch",
            "pull_requests=write",
            update_branch,
        ),
    ]
}

fn show(world: &World, call: &Call, number: u64) -> Result<Value, Refusal> {
    let repo = call.repo(world)?;
    let (issue, pull) = repo.pull(number)?;
    Ok(build::pull(world, repo, issue, pull))
}

fn list(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let state = call.query("state").unwrap_or("open");
    // `head` is `owner:branch`; a bare branch filters nothing, as on GitHub.
    let head = call.query("head").and_then(|h| h.split_once(':'));
    let mut rows = Vec::new();
    for issue in repo.issues.values() {
        let Some(pull) = &issue.pull else { continue };
        let fits = (state == "all" || (state == "open") == issue.open)
            && call.query("base").is_none_or(|b| b == pull.base)
            && head.is_none_or(|(owner, branch)| {
                owner.eq_ignore_ascii_case(&world.head_owner(repo, pull)) && branch == pull.head
            });
        if fits {
            rows.push(build::pull_simple(world, repo, issue, pull));
        }
    }
    let up = call.query("direction") == Some("asc");
    if !up {
        rows.reverse();
    }
    Ok(call.paged(rows))
}

fn create(world: &mut World, call: &Call) -> Reply {
    let new = NewPull {
        title: call.text("title").unwrap_or(""),
        body: call.text("body"),
        head: call.required("head")?,
        base: call.required("base")?,
        draft: call.flag("draft").unwrap_or(false),
    };
    let number = world.open_pull(call.repo, new, &call.who())?;
    let value = show(world, call, number)?;
    let location = value["url"].as_str().unwrap_or("").to_owned();
    Ok(Answer::created(value).header("location", location))
}

/// The first answer for a head and base says `mergeable: null` and starts the
/// test merge; the next one knows.
fn get(world: &mut World, call: &Call) -> Reply {
    let number = call.number("number")?;
    let value = show(world, call, number)?;
    world.test_merge(call.repo, number)?;
    Ok(Answer::ok(value))
}

fn update(world: &mut World, call: &Call) -> Reply {
    let (number, who) = (call.number("number")?, call.who());
    call.repo(world)?.pull(number)?;
    let (title, body) = (call.text("title"), call.text("body"));
    if title.is_some() || body.is_some() {
        world.edit_issue(call.repo, number, title, body, &who)?;
    }
    if let Some(base) = call.text("base") {
        world.set_base(call.repo, number, base, &who)?;
    }
    match call.text("state") {
        Some("closed") => {
            world.set_state(call.repo, number, &StateChange::Close(None), &who)?;
        }
        Some("open") => world.set_state(call.repo, number, &StateChange::Reopen, &who)?,
        _ => {}
    }
    Ok(Answer::ok(show(world, call, number)?))
}

fn is_merged(world: &mut World, call: &Call) -> Reply {
    let (_, pull) = call.repo(world)?.pull(call.number("number")?)?;
    if pull.merged.is_some() {
        Ok(Answer::no_content())
    } else {
        Err(Refusal::not_found())
    }
}

fn merge(world: &mut World, call: &Call) -> Reply {
    let method = match call.text("merge_method") {
        None | Some("merge") => Method::Merge,
        Some("squash") => Method::Squash,
        Some("rebase") => Method::Rebase,
        Some(_) => return Err(Refusal::invalid_request("merge_method is not a known one.")),
    };
    let own = |key: &str| call.text(key).map(str::to_owned);
    let request = MergeRequest {
        method,
        sha: own("sha"),
        title: own("commit_title"),
        message: own("commit_message"),
    };
    let number = call.number("number")?;
    let sha = world.merge_pull(call.repo, number, &request, &call.who())?;
    Ok(Answer::ok(json!({
        "sha": sha,
        "merged": true,
        "message": "Pull Request successfully merged",
    })))
}

fn commits(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let (_, pull) = repo.pull(call.number("number")?)?;
    let mut shas = repo
        .git
        .log(Some(&pull.base_sha), &pull.head_sha, None, 250)?;
    shas.reverse();
    let found = shas.iter().filter_map(|sha| repo.git.commit(sha));
    Ok(call.paged(found.map(|c| build::commit(world, repo, &c)).collect()))
}

fn files(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let (_, pull) = repo.pull(call.number("number")?)?;
    let base = repo.git.merge_base(&pull.base_sha, &pull.head_sha)?;
    let files = repo.git.diff(base.as_deref(), &pull.head_sha)?;
    let rows = files
        .iter()
        .map(|f| build::file_diff(world, repo, &pull.head_sha, f));
    Ok(call.paged(rows.collect()))
}

fn update_branch(world: &mut World, call: &Call) -> Reply {
    let (_, pull) = call.repo(world)?.pull(call.number("number")?)?;
    if call
        .text("expected_head_sha")
        .is_some_and(|sha| sha != pull.head_sha)
    {
        return Err(Refusal::unprocessable(
            "expected head sha didn't match current head ref.",
        ));
    }
    if pull.fork.is_some() {
        // Its owner alone pushes there, unless they let maintainers.
        let why = "Must have write access to the head repository";
        return Err(Refusal::new(403, why));
    }
    let (head, base) = (pull.head.clone(), pull.base.clone());
    match world.merge_branch(call.repo, &head, &base, None, &call.who()) {
        Ok(_) => Ok(Answer::json(
            202,
            json!({ "message": "Updating pull request branch." }),
        )),
        Err(refusal) if refusal.status == 409 => Err(Refusal::unprocessable(
            "merge conflict between base and head",
        )),
        Err(refusal) => Err(refusal),
    }
}
