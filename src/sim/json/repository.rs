//! Repositories.

use serde_json::{Value, json};

use super::account::user;
use super::common::{HTML, extend, node_id, repo_page, repo_url};
use crate::sim::clock::iso;
use crate::sim::world::World;

/// A repository in short (`minimal-repository`), as inside runs.
pub fn minimal_repository(world: &World, repo: u64) -> Value {
    let Some(repo) = world.repos.get(&repo) else {
        return Value::Null;
    };
    let at = repo_url(world, repo);
    let mut value = json!({
        "id": repo.id,
        "node_id": node_id("R", repo.id),
        "name": repo.name,
        "full_name": repo.full_name(),
        "private": repo.private,
        "owner": user(world, repo.owner),
        "html_url": repo_page(repo),
        "description": null,
        "fork": false,
        "url": at,
    });
    const LINKS: [(&str, &str); 36] = [
        ("forks_url", "forks"),
        ("keys_url", "keys{/key_id}"),
        ("collaborators_url", "collaborators{/collaborator}"),
        ("teams_url", "teams"),
        ("hooks_url", "hooks"),
        ("issue_events_url", "issues/events{/number}"),
        ("events_url", "events"),
        ("assignees_url", "assignees{/user}"),
        ("branches_url", "branches{/branch}"),
        ("tags_url", "tags"),
        ("blobs_url", "git/blobs{/sha}"),
        ("git_tags_url", "git/tags{/sha}"),
        ("git_refs_url", "git/refs{/sha}"),
        ("trees_url", "git/trees{/sha}"),
        ("statuses_url", "statuses/{sha}"),
        ("languages_url", "languages"),
        ("stargazers_url", "stargazers"),
        ("contributors_url", "contributors"),
        ("subscribers_url", "subscribers"),
        ("subscription_url", "subscription"),
        ("commits_url", "commits{/sha}"),
        ("git_commits_url", "git/commits{/sha}"),
        ("comments_url", "comments{/number}"),
        ("issue_comment_url", "issues/comments{/number}"),
        ("contents_url", "contents/{+path}"),
        ("compare_url", "compare/{base}...{head}"),
        ("merges_url", "merges"),
        ("archive_url", "{archive_format}{/ref}"),
        ("downloads_url", "downloads"),
        ("issues_url", "issues{/number}"),
        ("pulls_url", "pulls{/number}"),
        ("milestones_url", "milestones{/number}"),
        (
            "notifications_url",
            "notifications{?since,all,participating}",
        ),
        ("labels_url", "labels{/name}"),
        ("releases_url", "releases{/id}"),
        ("deployments_url", "deployments"),
    ];
    for (key, path) in LINKS {
        if let Value::Object(map) = &mut value {
            map.insert(key.into(), format!("{at}/{path}").into());
        }
    }
    value
}

/// A repository in full (`full-repository`).
pub fn repository(world: &World, id: u64) -> Value {
    let Some(repo) = world.repos.get(&id) else {
        return Value::Null;
    };
    let page = repo_page(repo);
    let open = repo.issues.values().filter(|i| i.open).count();
    let host = HTML.trim_start_matches("https://");
    let value = extend(
        minimal_repository(world, id),
        json!({
            "created_at": iso(repo.created_at),
            "updated_at": iso(repo.updated_at),
            "pushed_at": iso(repo.pushed_at),
            "git_url": format!("git://{host}/{}.git", repo.full_name()),
            "ssh_url": format!("git@{host}:{}.git", repo.full_name()),
            "clone_url": format!("{page}.git"),
            "svn_url": page,
            "homepage": null,
            "size": 0,
            "stargazers_count": 0,
            "watchers_count": 0,
            "language": null,
        }),
    );
    extend(
        value,
        json!({
            "has_issues": true,
            "has_projects": true,
            "has_downloads": true,
            "has_wiki": true,
            "has_pages": false,
            "has_discussions": !repo.releases.categories.is_empty(),
            "forks_count": 0,
            "mirror_url": null,
            "archived": repo.archived,
            "disabled": false,
            "open_issues_count": open,
            "license": null,
            "allow_forking": true,
            "is_template": false,
            "web_commit_signoff_required": false,
            "topics": [],
            "visibility": if repo.private { "private" } else { "public" },
            "forks": 0,
            "open_issues": open,
            "watchers": 0,
            "default_branch": repo.default_branch,
            "allow_squash_merge": repo.allow_squash_merge,
            "allow_merge_commit": repo.allow_merge_commit,
            "allow_rebase_merge": repo.allow_rebase_merge,
            "allow_auto_merge": false,
            "delete_branch_on_merge": repo.delete_branch_on_merge,
            "allow_update_branch": false,
        }),
    )
}

/// What only the answer to `repos/get` has beside that.
pub fn counts() -> Value {
    json!({ "network_count": 0, "subscribers_count": 0 })
}

/// A repository as the payload of `push` has it: two of its times are numbers
/// of seconds there.
pub fn repository_in_push(world: &World, id: u64) -> Value {
    let Some(repo) = world.repos.get(&id) else {
        return Value::Null;
    };
    extend(
        repository(world, id),
        json!({
            "created_at": repo.created_at.div_euclid(1_000),
            "pushed_at": repo.pushed_at.div_euclid(1_000),
            "stargazers": 0,
            "master_branch": repo.default_branch,
        }),
    )
}
