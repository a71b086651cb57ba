//! What guards a repository: rulesets, environments, immutable releases.

use serde_json::{Value, json};

use crate::sim::auth::Actor;
use crate::sim::clock::iso;
use crate::sim::json as build;
use crate::sim::router::{Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::{BranchRule, Repo, World};

pub(super) fn routes() -> Vec<Route> {
    vec![
        route(
            "GET",
            "/repos/{owner}/{repo}/rulesets",
            "repos/get-repo-rulesets",
            "metadata=read",
            rulesets,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/rulesets/{ruleset_id}",
            "repos/get-repo-ruleset",
            "metadata=read",
            ruleset,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/environments",
            "repos/get-all-environments",
            "actions=read",
            environments,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies",
            "repos/list-deployment-branch-policies",
            "actions=read",
            policies,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/immutable-releases",
            "repos/check-immutable-releases",
            "administration=read",
            immutable,
        ),
    ]
}

/// The rules of a ruleset, the first of which says what it is about.
fn rules_of(repo: &Repo, id: u64) -> Vec<&BranchRule> {
    let of = |rule: &&BranchRule| id != 0 && rule.ruleset == id;
    repo.rules.iter().filter(of).collect()
}

fn one(repo: &Repo, id: u64) -> Option<Value> {
    let rules = rules_of(repo, id);
    let first = rules.first()?;
    let at = iso(repo.created_at);
    Some(json!({
        "id": id,
        "name": format!("ruleset {id}"),
        "target": if first.is_of_tags() { "tag" } else { "branch" },
        "source_type": "Repository",
        "source": repo.full_name(),
        "enforcement": "active",
        "node_id": format!("RRS_{id}"),
        "_links": {
            "self": { "href": format!("https://api.github.test/repos/{}/rulesets/{id}", repo.full_name()) },
            "html": { "href": format!("{}/rules/{id}", build::repo_page(repo)) },
        },
        "created_at": at,
        "updated_at": at,
    }))
}

fn rulesets(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let mut ids: Vec<u64> = repo.rules.iter().map(|rule| rule.ruleset).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = ids.into_iter().filter_map(|id| one(repo, id));
    Ok(call.paged(rows.collect()))
}

/// One with its rules; who may pass by is told of the caller alone.
fn ruleset(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let id = call.number("ruleset_id")?;
    let whole = one(repo, id).ok_or_else(Refusal::not_found)?;
    let rules = rules_of(repo, id);
    let include: Vec<String> = rules.first().map(|rule| rule.refs()).into_iter().collect();
    let rows = rules.iter().map(|rule| {
        let mut row = json!({ "type": rule.kind });
        if !rule.parameters.is_null() {
            row["parameters"] = rule.parameters.clone();
        }
        row
    });
    let rows: Vec<Value> = rows.collect();
    let passes = match &call.actor {
        Actor::Installation { app, .. } => rules.iter().all(|rule| rule.bypass_apps.contains(app)),
        _ => false,
    };
    let more = json!({
        "conditions": { "ref_name": { "include": include, "exclude": [] } },
        "rules": rows,
        "current_user_can_bypass": if passes { "always" } else { "never" },
    });
    Ok(Answer::ok(build::extend(whole, more)))
}

/// Every environment that is protected somehow; others GitHub would show as well.
fn environments(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let settings = &repo.actions.settings;
    let api = build::repo_url(world, repo);
    let at = iso(repo.created_at);
    let mut names: Vec<&String> = settings.protected.keys().collect();
    names.extend(settings.deploys.keys());
    names.sort_unstable();
    names.dedup();
    let rows = names.iter().enumerate().map(|(index, name)| {
        let mut rules = Vec::new();
        if let Some(people) = settings.protected.get(*name) {
            let reviewers = people
                .iter()
                .map(|user| json!({ "type": "User", "reviewer": build::user(world, *user) }));
            rules.push(json!({
                "id": index * 2 + 1,
                "node_id": build::node_id("GA", index as u64 * 2 + 1),
                "type": "required_reviewers",
                "prevent_self_review": false,
                "reviewers": reviewers.collect::<Vec<_>>(),
            }));
        }
        let policy = settings.deploys.get(*name).map(|_| {
            rules.push(json!({
                "id": index * 2 + 2,
                "node_id": build::node_id("GA", index as u64 * 2 + 2),
                "type": "branch_policy",
            }));
            json!({ "protected_branches": false, "custom_branch_policies": true })
        });
        json!({
            "id": index + 1,
            "node_id": build::node_id("EN", index as u64 + 1),
            "name": name,
            "url": format!("{api}/environments/{name}"),
            "html_url": format!(
                "{}/deployments/activity_log?environments_filter={name}", build::repo_page(repo)
            ),
            "created_at": at,
            "updated_at": at,
            "protection_rules": rules,
            "deployment_branch_policy": policy,
        })
    });
    Ok(call.paged_in("environments", rows.collect()))
}

fn policies(world: &mut World, call: &Call) -> Reply {
    let settings = &call.repo(world)?.actions.settings;
    let all = settings.deploys.get(call.param("environment_name"));
    let all = all.ok_or_else(Refusal::not_found)?;
    let rows = all.iter().enumerate().map(|(index, (kind, name))| {
        json!({
            "id": index + 1,
            "node_id": build::node_id("GBP", index as u64 + 1),
            "name": name,
            "type": kind,
        })
    });
    Ok(call.paged_in("branch_policies", rows.collect()))
}

fn immutable(world: &mut World, call: &Call) -> Reply {
    match call.repo(world)?.releases.immutable {
        true => Ok(Answer::ok(
            json!({ "enabled": true, "enforced_by_owner": false }),
        )),
        false => Err(Refusal::not_found()),
    }
}
