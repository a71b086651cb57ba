//! Repositories: themselves, collaborators, branches, rules, merging branches.

use serde_json::{Value, json};

use super::oauth::permissions;
use crate::sim::json as build;
use crate::sim::router::{Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::{Role, World};

pub(super) fn routes() -> Vec<Route> {
    vec![
        route(
            "GET",
            "/repos/{owner}/{repo}",
            "repos/get",
            "metadata=read",
            get,
        ),
        route(
            "GET",
            "/repositories/{id}",
            "repos/get-by-id",
            "metadata=read",
            by_id,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/collaborators",
            "repos/list-collaborators",
            "metadata=read",
            collaborators,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/collaborators/{username}",
            "repos/check-collaborator",
            "metadata=read",
            is_collaborator,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/collaborators/{username}/permission",
            "repos/get-collaborator-permission-level",
            "metadata=read",
            permission,
        ),
        route(
            "GET",
            "/orgs/{org}/teams/{team_slug}/memberships/{username}",
            "teams/get-membership-for-user-in-org",
            "members=read",
            membership,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/branches",
            "repos/list-branches",
            "contents=read",
            branches,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/branches/{branch*}",
            "repos/get-branch",
            "contents=read",
            branch,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/tags",
            "repos/list-tags",
            "metadata=read",
            tags,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/rules/branches/{branch*}",
            "repos/get-branch-rules",
            "metadata=read",
            rules,
        ),
        route(
            "POST",
            "/repos/{owner}/{repo}/merges",
            "repos/merge",
            "contents=write",
            merge,
        ),
    ]
}

fn get(world: &mut World, call: &Call) -> Reply {
    let mut body = build::extend(build::repository(world, call.repo), build::counts());
    if let crate::sim::auth::Actor::User { .. } = call.actor {
        body["permissions"] = permissions(world, call.repo, &call.actor);
    }
    Ok(Answer::ok(body))
}

fn by_id(world: &mut World, call: &Call) -> Reply {
    let id = call.number("id")?;
    let may = match &call.actor {
        crate::sim::auth::Actor::Installation { token, .. } => world
            .tokens
            .get(token)
            .is_some_and(|t| t.repos.contains(&id)),
        actor => world.role_through(id, actor).is_some(),
    };
    if !may {
        return Err(Refusal::not_found());
    }
    Ok(Answer::ok(build::extend(
        build::repository(world, id),
        build::counts(),
    )))
}

fn flags(role: Option<Role>) -> Value {
    let at_least = |wanted| role.is_some_and(|r| r >= wanted);
    json!({
        "admin": at_least(Role::Admin),
        "maintain": at_least(Role::Maintain),
        "push": at_least(Role::Write),
        "triage": at_least(Role::Triage),
        "pull": at_least(Role::Read),
    })
}

fn collaborators(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let mut all: Vec<_> = repo.roles.iter().map(|(u, r)| (*u, *r)).collect();
    all.push((repo.owner, Role::Admin));
    let rows = all.into_iter().map(|(user, role)| {
        let more = json!({ "permissions": flags(Some(role)), "role_name": role.name() });
        build::extend(build::user(world, user), more)
    });
    Ok(call.paged(rows.collect()))
}

fn is_collaborator(world: &mut World, call: &Call) -> Reply {
    let user = world.user_by_login(call.param("username")).map(|u| u.id);
    let repo = call.repo(world)?;
    match user.filter(|id| repo.owner == *id || repo.roles.contains_key(id)) {
        Some(_) => Ok(Answer::no_content()),
        None => Err(Refusal::not_found()),
    }
}

fn permission(world: &mut World, call: &Call) -> Reply {
    let user = world.user_by_login(call.param("username")).map(|u| u.id);
    let Some(user) = user else {
        let message = format!("{} is not a user", call.param("username"));
        return Err(Refusal::new(404, &message));
    };
    let role = world.role(call.repo, user);
    let name = role.map_or("none", Role::name);
    let more = json!({ "permissions": flags(role), "role_name": name });
    Ok(Answer::ok(json!({
        "permission": role.map_or("none", Role::permission),
        "user": build::extend(build::user(world, user), more),
        "role_name": name,
    })))
}

fn membership(world: &mut World, call: &Call) -> Reply {
    let [team, login] = ["team_slug", "username"].map(|name| call.param(name));
    let key = format!("{}/{team}", call.param("org")).to_lowercase();
    let user = world.user_by_login(login).map(|user| user.id);
    let there = world.teams.get(&key).zip(user);
    match there.is_some_and(|(team, user)| team.contains(&user)) {
        true => Ok(Answer::ok(json!({
            "url": format!("{}{}", world.api_url, call.path),
            "role": "member",
            "state": "active",
        }))),
        false => Err(Refusal::not_found()),
    }
}

fn branches(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let url = build::repo_url(world, repo);
    let rows = repo
        .git
        .list_refs("refs/heads/")
        .into_iter()
        .filter_map(|(name, sha)| {
            let name = name.strip_prefix("refs/heads/")?;
            Some(json!({
                "name": name,
                "commit": { "sha": sha, "url": format!("{url}/commits/{sha}") },
                "protected": repo.rules.iter().any(|r| r.covers(name)),
            }))
        });
    Ok(call.paged(rows.collect()))
}

fn branch(world: &mut World, call: &Call) -> Reply {
    let (repo, name) = (call.repo(world)?, call.param("branch"));
    let head = repo
        .git
        .read_ref(&format!("refs/heads/{name}"))
        .and_then(|s| repo.git.commit(&s));
    let head = head.ok_or_else(|| Refusal::new(404, "Branch not found"))?;
    Ok(Answer::ok(build::branch(world, repo, name, &head)))
}

fn tags(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let url = build::repo_url(world, repo);
    let rows = repo
        .git
        .list_refs("refs/tags/")
        .into_iter()
        .rev()
        .filter_map(|(name, sha)| {
            let name = name.strip_prefix("refs/tags/")?;
            let commit = repo.git.peel(&sha)?;
            Some(json!({
                "name": name,
                "node_id": format!("REF_{}_{name}", repo.id),
                "commit": { "sha": commit, "url": format!("{url}/commits/{commit}") },
                "zipball_url": format!("{url}/zipball/refs/tags/{name}"),
                "tarball_url": format!("{url}/tarball/refs/tags/{name}"),
            }))
        });
    Ok(call.paged(rows.collect()))
}

/// Active rules of a branch, whether it exists yet or not.
fn rules(world: &mut World, call: &Call) -> Reply {
    let (repo, name) = (call.repo(world)?, call.param("branch"));
    let of_rulesets = repo.rules.iter().filter(|r| r.ruleset != 0);
    let rows = of_rulesets.filter(|r| r.covers(name)).map(|rule| {
        let mut row = json!({
            "type": rule.kind,
            "ruleset_source_type": "Repository",
            "ruleset_source": repo.full_name(),
            "ruleset_id": rule.ruleset,
        });
        if !rule.parameters.is_null() {
            row["parameters"] = rule.parameters.clone();
        }
        row
    });
    Ok(call.paged(rows.collect()))
}

fn merge(world: &mut World, call: &Call) -> Reply {
    let (base, head) = (call.required("base")?, call.required("head")?);
    let message = call.text("commit_message");
    match world.merge_branch(call.repo, base, head, message, &call.who())? {
        None => Ok(Answer::no_content()),
        Some(sha) => {
            let repo = call.repo(world)?;
            let commit = repo.git.commit(&sha).ok_or_else(Refusal::not_found)?;
            Ok(Answer::created(build::commit(world, repo, &commit)))
        }
    }
}
