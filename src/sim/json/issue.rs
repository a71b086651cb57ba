//! Issues, comments, labels, reactions.

use serde_json::{Value, json};

use super::account::{app, user};
use super::common::{association, extend, node_id, repo_page, repo_url};
use crate::sim::clock::iso;
use crate::sim::model::issue::REACTIONS;
use crate::sim::world::{Comment, Issue, IssueEvent, Label, Reaction, Repo, World};

/// A label.
pub fn label(world: &World, repo: &Repo, label: &Label) -> Value {
    let name =
        percent_encoding::utf8_percent_encode(&label.name, percent_encoding::NON_ALPHANUMERIC);
    json!({
        "id": label.id,
        "node_id": node_id("LA", label.id),
        "url": format!("{}/labels/{name}", repo_url(world, repo)),
        "name": label.name,
        "color": label.color,
        "default": false,
        "description": label.description,
    })
}

pub(super) fn labels(world: &World, repo: &Repo, issue: &Issue) -> Vec<Value> {
    issue
        .labels
        .iter()
        .filter_map(|name| repo.labels.get(&name.to_lowercase()))
        .map(|of| label(world, repo, of))
        .collect()
}

/// An issue (`issue`), also for a pull request.
pub fn issue(world: &World, repo: &Repo, issue: &Issue) -> Value {
    let at = format!("{}/issues/{}", repo_url(world, repo), issue.number);
    let kind = if issue.pull.is_some() {
        "pull"
    } else {
        "issues"
    };
    let page = format!("{}/{kind}/{}", repo_page(repo), issue.number);
    let assignees: Vec<_> = issue.assignees.iter().map(|id| user(world, *id)).collect();
    let comments = repo
        .comments
        .values()
        .filter(|c| c.issue == issue.number)
        .count();
    let value = json!({
        "url": at,
        "repository_url": repo_url(world, repo),
        "labels_url": format!("{at}/labels{{/name}}"),
        "comments_url": format!("{at}/comments"),
        "events_url": format!("{at}/events"),
        "html_url": page,
        "id": issue.id,
        "node_id": node_id("I", issue.id),
        "number": issue.number,
        "title": issue.title,
        "user": user(world, issue.author),
        "labels": labels(world, repo, issue),
        "state": if issue.open { "open" } else { "closed" },
        "locked": issue.locked.is_some(),
        "assignee": assignees.first().cloned(),
        "assignees": assignees,
        "milestone": null,
        "comments": comments,
        "created_at": iso(issue.created_at),
        "updated_at": iso(issue.updated_at),
        "closed_at": issue.closed_at.map(iso),
        "author_association": association(repo, issue.author),
        "active_lock_reason": issue.locked.as_deref().filter(|r| !r.is_empty()),
        "body": issue.body,
        "closed_by": issue.closed_by.map(|id| user(world, id)),
        "reactions": reaction_rollup(&format!("{at}/reactions"), &[]),
        "timeline_url": format!("{at}/timeline"),
        "performed_via_github_app": issue.app.map(|id| app(world, id)),
        "state_reason": issue.state_reason,
    });
    match &issue.pull {
        None => value,
        Some(pull) => extend(
            value,
            json!({
                "draft": pull.draft,
                "pull_request": {
                    "url": format!("{}/pulls/{}", repo_url(world, repo), issue.number),
                    "html_url": page,
                    "diff_url": format!("{page}.diff"),
                    "patch_url": format!("{page}.patch"),
                    "merged_at": pull.merged.as_ref().map(|m| iso(m.at)),
                },
            }),
        ),
    }
}

/// A comment (`issue-comment`).
pub fn comment(world: &World, repo: &Repo, comment: &Comment) -> Value {
    let at = format!("{}/issues/comments/{}", repo_url(world, repo), comment.id);
    let pull = repo
        .issues
        .get(&comment.issue)
        .is_some_and(|i| i.pull.is_some());
    let kind = if pull { "pull" } else { "issues" };
    json!({
        "url": at,
        "html_url": format!(
            "{}/{kind}/{}#issuecomment-{}", repo_page(repo), comment.issue, comment.id
        ),
        "issue_url": format!("{}/issues/{}", repo_url(world, repo), comment.issue),
        "id": comment.id,
        "node_id": node_id("IC", comment.id),
        "user": user(world, comment.author),
        "created_at": iso(comment.created_at),
        "updated_at": iso(comment.updated_at),
        "body": comment.body,
        "author_association": association(repo, comment.author),
        "reactions": reaction_rollup(&format!("{at}/reactions"), &comment.reactions),
        "performed_via_github_app": comment.app.map(|id| app(world, id)),
    })
}

/// A reaction.
pub fn reaction(world: &World, reaction: &Reaction) -> Value {
    json!({
        "id": reaction.id,
        "node_id": node_id("REA", reaction.id),
        "user": user(world, reaction.user),
        "content": reaction.content,
        "created_at": iso(reaction.at),
    })
}

/// How many reactions of each kind there are.
pub fn reaction_rollup(url: &str, reactions: &[Reaction]) -> Value {
    let mut value = json!({ "url": url, "total_count": reactions.len() });
    for kind in REACTIONS {
        let count = reactions.iter().filter(|r| r.content == kind).count();
        if let Value::Object(map) = &mut value {
            map.insert(kind.into(), count.into());
        }
    }
    value
}

/// That an issue, or a pull request, names another one.
pub fn cross_reference(world: &World, repo: &Repo, by: &Issue) -> Value {
    json!({
        "event": "cross-referenced",
        "actor": user(world, by.author),
        "created_at": iso(by.created_at),
        "updated_at": iso(by.created_at),
        "source": { "type": "issue", "issue": issue(world, repo, by) },
    })
}

/// One entry of an issue's history.
pub fn issue_event(world: &World, repo: &Repo, event: &IssueEvent) -> Value {
    let commit = matches!(event.event, "closed" | "merged" | "referenced")
        .then(|| event.subject.clone())
        .flatten();
    let commit_url = commit
        .as_ref()
        .map(|c| format!("{}/commits/{c}", repo_url(world, repo)));
    let value = json!({
        "id": event.id,
        "node_id": node_id("EV", event.id),
        "url": format!("{}/issues/events/{}", repo_url(world, repo), event.id),
        "actor": user(world, event.actor),
        "event": event.event,
        "commit_id": commit,
        "commit_url": commit_url,
        "created_at": iso(event.at),
        "performed_via_github_app": null,
    });
    let labelled = event
        .subject
        .as_ref()
        .filter(|_| event.event.ends_with("labeled"));
    match labelled.and_then(|name| repo.labels.get(&name.to_lowercase())) {
        Some(of) => extend(
            value,
            json!({ "label": { "name": of.name, "color": of.color } }),
        ),
        None if event.event == "closed" => extend(value, json!({ "state_reason": null })),
        None => value,
    }
}
