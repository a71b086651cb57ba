//! Commits as the repository shows them, and comparisons.

use serde_json::{Value, json};

use crate::sim::clock::parse_iso;
use crate::sim::json as build;
use crate::sim::router::{Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::{Repo, World};

/// GitHub shows at most this many commits of a comparison unpaged.
const COMPARED: usize = 250;
/// And at most this many files.
const FILES: usize = 300;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route(
            "GET",
            "/repos/{owner}/{repo}/commits",
            "repos/list-commits",
            "contents=read",
            list,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/commits/{ref*}",
            "repos/get-commit",
            "contents=read",
            get,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/commits/{sha}/branches-where-head",
            "repos/list-branches-for-head-commit",
            "contents=read",
            branches,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/commits/{sha}/pulls",
            "repos/list-pull-requests-associated-with-commit",
            "pull_requests=read",
            pulls,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/compare/{basehead*}",
            "repos/compare-commits-with-basehead",
            "contents=read",
            compare,
        ),
    ]
}

fn list(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let Some(head) = repo.resolve(call.query("sha").unwrap_or("HEAD")) else {
        if repo.default_head().is_none() {
            return Err(Refusal::new(409, "Git Repository is empty."));
        }
        return Err(Refusal::not_found());
    };
    let bound = |key: &str| call.query(key).and_then(parse_iso);
    let (since, until) = (bound("since"), bound("until"));
    let rows = repo
        .git
        .log(None, &head, call.query("path"), 10_000)?
        .iter()
        .filter_map(|sha| repo.git.commit(sha))
        .filter(|c| since.is_none_or(|at| c.committer.at >= at))
        .filter(|c| until.is_none_or(|at| c.committer.at <= at))
        .map(|c| build::commit(world, repo, &c))
        .collect();
    Ok(call.paged(rows))
}

fn get(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let name = call.param("ref");
    let sha = repo
        .resolve(name)
        .ok_or_else(|| Refusal::unprocessable(&format!("No commit found for SHA: {name}")))?;
    if call
        .headers
        .get("accept")
        .is_some_and(|a| a.contains(".sha"))
    {
        return Ok(Answer::bytes(
            "application/vnd.github.sha",
            sha.into_bytes(),
        ));
    }
    let commit = repo.git.commit(&sha).ok_or_else(Refusal::not_found)?;
    let files = repo
        .git
        .diff(commit.parents.first().map(String::as_str), &sha)?;
    Ok(Answer::ok(build::commit_detail(
        world, repo, &commit, &files,
    )))
}

fn branches(world: &mut World, call: &Call) -> Reply {
    let (repo, sha) = (call.repo(world)?, call.param("sha"));
    let url = format!("{}/commits/{sha}", build::repo_url(world, repo));
    let heads = repo
        .git
        .list_refs("refs/heads/")
        .into_iter()
        .filter(|(_, at)| at == sha);
    let rows = heads.map(|(name, at)| {
        json!({
            "name": name.trim_start_matches("refs/heads/"),
            "commit": { "sha": at, "url": url },
            "protected": false,
        })
    });
    Ok(Answer::ok(rows.collect()))
}

fn pulls(world: &mut World, call: &Call) -> Reply {
    let (repo, sha) = (call.repo(world)?, call.param("sha"));
    let mut rows = Vec::new();
    for issue in repo.issues.values() {
        let Some(pull) = &issue.pull else { continue };
        let merged = pull.merged.as_ref().is_some_and(|m| m.sha == sha);
        if merged
            || repo
                .git
                .log(Some(&pull.base_sha), &pull.head_sha, None, 250)?
                .iter()
                .any(|c| c == sha)
        {
            rows.push(build::pull_simple(world, repo, issue, pull));
        }
    }
    Ok(call.paged(rows))
}

fn side(repo: &Repo, name: &str) -> Result<String, Refusal> {
    // `owner:branch` names the same repository here.
    let name = match name.split_once(':') {
        Some((owner, name)) if owner.eq_ignore_ascii_case(&repo.owner_login) => name,
        _ => name,
    };
    repo.resolve(name).ok_or_else(Refusal::not_found)
}

fn compare(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let basehead = call.param("basehead");
    let (base_name, head_name) = basehead.split_once("...").ok_or_else(Refusal::not_found)?;
    let (base, head) = (side(repo, base_name)?, side(repo, head_name)?);
    let Some(merge_base) = repo.git.merge_base(&base, &head)? else {
        let why = format!("No common ancestor between {base_name} and {head_name}.");
        return Err(Refusal::new(404, &why));
    };
    let (ahead, behind) = repo.git.ahead_behind(&base, &head)?;
    let status = match (ahead, behind) {
        (0, 0) => "identical",
        (_, 0) => "ahead",
        (0, _) => "behind",
        _ => "diverged",
    };
    let show = |sha: &str| -> Value {
        repo.git
            .commit(sha)
            .map_or(Value::Null, |c| build::commit(world, repo, &c))
    };
    let paged = call.query("page").is_some() || call.query("per_page").is_some();
    let mut commits = repo.git.log(Some(&base), &head, None, 10_000)?;
    commits.reverse();
    let total = commits.len();
    let (page, size) = if paged { call.page() } else { (1, COMPARED) };
    let rows: Vec<Value> = commits
        .iter()
        .skip((page - 1) * size)
        .take(size)
        .map(|sha| show(sha))
        .collect();
    let url = format!("{}/compare/{basehead}", build::repo_url(world, repo));
    let html = format!("{}/compare/{basehead}", build::repo_page(repo));
    let mut body = json!({
        "url": url,
        "html_url": html,
        "permalink_url": html,
        "diff_url": format!("{html}.diff"),
        "patch_url": format!("{html}.patch"),
        "base_commit": show(&base),
        "merge_base_commit": show(&merge_base),
        "status": status,
        "ahead_by": ahead,
        "behind_by": behind,
        "total_commits": total,
        "commits": rows,
    });
    if page == 1 {
        let files = repo.git.diff(Some(&merge_base), &head)?;
        let files = files
            .iter()
            .take(FILES)
            .map(|f| build::file_diff(world, repo, &head, f));
        body["files"] = files.collect();
    }
    Ok(Answer::ok(body))
}
