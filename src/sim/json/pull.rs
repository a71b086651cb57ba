//! Pull requests and reviews.

use serde_json::{Value, json};

use super::account::user;
use super::common::{association, extend, node_id, repo_page, repo_url};
use super::issue::labels;
use super::repository::repository;
use crate::sim::clock::iso;
use crate::sim::world::{Fork, Issue, Mergeable, Pull, Repo, Review, World};

/// A pull request in the shortest form (`pull-request-minimal`), as inside
/// runs and check runs.
pub fn minimal_pull(world: &World, repo: u64, number: u64) -> Value {
    let Some(repo) = world.repos.get(&repo) else {
        return Value::Null;
    };
    let Some((issue, pull)) = repo
        .issues
        .get(&number)
        .and_then(|i| i.pull.as_ref().map(|p| (i, p)))
    else {
        return Value::Null;
    };
    let side = json!({ "id": repo.id, "url": repo_url(world, repo), "name": repo.name });
    let fork = pull.fork.filter(|fork| !fork.gone);
    let from = fork.map_or_else(
        || side.clone(),
        |it| json!({ "id": it.id, "name": repo.name }),
    );
    json!({
        "id": pull.id,
        "number": issue.number,
        "url": format!("{}/pulls/{}", repo_url(world, repo), issue.number),
        "head": { "ref": pull.head, "sha": pull.head_sha, "repo": from },
        "base": { "ref": pull.base, "sha": pull.base_sha, "repo": side },
    })
}

/// A pull request in a list (`pull-request-simple`).
pub fn pull_simple(world: &World, repo: &Repo, issue: &Issue, pull: &Pull) -> Value {
    let url = repo_url(world, repo);
    let at = format!("{url}/pulls/{}", issue.number);
    let as_issue = format!("{url}/issues/{}", issue.number);
    let page = format!("{}/pull/{}", repo_page(repo), issue.number);
    let statuses = format!("{url}/statuses/{}", pull.head_sha);
    let side = |name: &str, sha: &str| {
        json!({
            "label": format!("{}:{name}", repo.owner_login),
            "ref": name,
            "sha": sha,
            "user": user(world, repo.owner),
            "repo": repository(world, repo.id),
        })
    };
    let mut head = side(&pull.head, &pull.head_sha);
    if let Some(fork) = pull.fork {
        let owner = world.head_owner(repo, pull);
        head["label"] = format!("{owner}:{}", pull.head).into();
        head["user"] = user(world, fork.owner);
        head["repo"] = match fork.gone {
            true => Value::Null,
            false => forked(world, repo, fork),
        };
    }
    let reviewers: Vec<_> = pull
        .requested_reviewers
        .iter()
        .map(|id| user(world, *id))
        .collect();
    let assignees: Vec<_> = issue.assignees.iter().map(|id| user(world, *id)).collect();
    let merge_commit = match (&pull.merged, &pull.mergeable) {
        (Some(merged), _) => Some(merged.sha.clone()),
        (None, Mergeable::Clean(test)) => Some(test.clone()),
        (None, _) => None,
    };
    // In a pull request a label's description is a text.
    let labels: Vec<_> = labels(world, repo, issue)
        .into_iter()
        .map(|mut l| {
            if l["description"].is_null() {
                l["description"] = "".into();
            }
            l
        })
        .collect();
    let value = json!({
        "url": at,
        "id": pull.id,
        "node_id": node_id("PR", pull.id),
        "html_url": page,
        "diff_url": format!("{page}.diff"),
        "patch_url": format!("{page}.patch"),
        "issue_url": as_issue,
        "number": issue.number,
        "state": if issue.open { "open" } else { "closed" },
        "locked": issue.locked.is_some(),
        "title": issue.title,
        "user": user(world, issue.author),
        "body": issue.body,
        "created_at": iso(issue.created_at),
        "updated_at": iso(issue.updated_at),
        "closed_at": issue.closed_at.map(iso),
        "merged_at": pull.merged.as_ref().map(|m| iso(m.at)),
        "merge_commit_sha": merge_commit,
        "assignee": assignees.first().cloned(),
        "assignees": assignees,
        "requested_reviewers": reviewers,
        "requested_teams": [],
        "labels": labels,
        "milestone": null,
        "draft": pull.draft,
    });
    let links = json!({
        "commits_url": format!("{at}/commits"),
        "review_comments_url": format!("{at}/comments"),
        "review_comment_url": format!("{url}/pulls/comments{{/number}}"),
        "comments_url": format!("{as_issue}/comments"),
        "statuses_url": statuses,
        "head": head,
        "base": side(&pull.base, &pull.base_sha),
        "_links": {
            "self": { "href": at },
            "html": { "href": page },
            "issue": { "href": as_issue },
            "comments": { "href": format!("{as_issue}/comments") },
            "review_comments": { "href": format!("{at}/comments") },
            "review_comment": { "href": format!("{url}/pulls/comments{{/number}}") },
            "commits": { "href": format!("{at}/commits") },
            "statuses": { "href": statuses },
        },
        "author_association": association(repo, issue.author),
        "auto_merge": null,
        "active_lock_reason": issue.locked.as_deref().filter(|r| !r.is_empty()),
    });
    extend(value, links)
}

/// The fork that a pull request comes from.
fn forked(world: &World, repo: &Repo, fork: Fork) -> Value {
    let owner = user(world, fork.owner);
    let login = owner["login"].as_str().unwrap_or_default().to_owned();
    let mut value = repository(world, repo.id);
    value["id"] = fork.id.into();
    value["node_id"] = node_id("R", fork.id).into();
    value["full_name"] = format!("{login}/{}", repo.name).into();
    value["owner"] = owner;
    value["fork"] = true.into();
    value
}

/// A pull request in full (`pull-request`).
pub fn pull(world: &World, repo: &Repo, issue: &Issue, pull: &Pull) -> Value {
    let stats = world.pull_stats(repo, pull);
    let mergeable = match pull.mergeable {
        _ if pull.merged.is_some() || !issue.open => None,
        Mergeable::Unknown => None,
        Mergeable::Clean(_) => Some(true),
        Mergeable::Conflict => Some(false),
    };
    let comments = repo
        .comments
        .values()
        .filter(|c| c.issue == issue.number)
        .count();
    extend(
        pull_simple(world, repo, issue, pull),
        json!({
            "merged": pull.merged.is_some(),
            "mergeable": mergeable,
            "rebaseable": mergeable,
            "mergeable_state": world.mergeable_state(repo, issue, pull),
            "merged_by": pull.merged.as_ref().map(|m| user(world, m.by)),
            "comments": comments,
            "review_comments": 0,
            "maintainer_can_modify": false,
            "commits": stats.commits,
            "additions": stats.additions,
            "deletions": stats.deletions,
            "changed_files": stats.files,
        }),
    )
}

/// A review (`pull-request-review`).
pub fn review(world: &World, repo: &Repo, number: u64, review: &Review) -> Value {
    let page = format!(
        "{}/pull/{number}#pullrequestreview-{}",
        repo_page(repo),
        review.id
    );
    let of = format!("{}/pulls/{number}", repo_url(world, repo));
    json!({
        "id": review.id,
        "node_id": node_id("PRR", review.id),
        "user": user(world, review.author),
        "body": review.body,
        "state": review.state,
        "html_url": page,
        "pull_request_url": of,
        "author_association": association(repo, review.author),
        "_links": { "html": { "href": page }, "pull_request": { "href": of } },
        "submitted_at": iso(review.at),
        "commit_id": review.commit,
    })
}
