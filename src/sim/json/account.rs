//! Accounts, Apps, installations.

use percent_encoding::utf8_percent_encode;
use serde_json::{Value, json};

use super::common::{HTML, PATH, node_id};
use crate::sim::clock::iso;
use crate::sim::world::{User, UserId, UserKind, World};

/// A person, bot or organisation (`simple-user`); `null` for an unknown one.
pub fn user(world: &World, id: UserId) -> Value {
    let user = world.users.get(&id);
    user.map_or(Value::Null, |user| shown(world, user))
}

/// GitHub's own account, which commits what is done in the browser.
pub fn web_flow(world: &World) -> Value {
    let own = User {
        id: 19_864_447,
        login: "web-flow".to_owned(),
        kind: UserKind::User,
        email: String::new(),
        created_at: 0,
    };
    shown(world, &own)
}

fn shown(world: &World, user: &User) -> Value {
    // `hotfix[bot]` is `hotfix%5Bbot%5D` in addresses.
    let login = utf8_percent_encode(&user.login, PATH);
    let at = format!("{}/users/{login}", world.api_url);
    let page = match user.login.strip_suffix("[bot]") {
        Some(slug) => format!("{HTML}/apps/{slug}"),
        None => format!("{HTML}/{}", user.login),
    };
    json!({
        "login": user.login,
        "id": user.id,
        "node_id": node_id("U", user.id),
        "avatar_url": format!("{HTML}/avatars/u/{}?v=4", user.id),
        "gravatar_id": "",
        "url": at,
        "html_url": page,
        "followers_url": format!("{at}/followers"),
        "following_url": format!("{at}/following{{/other_user}}"),
        "gists_url": format!("{at}/gists{{/gist_id}}"),
        "starred_url": format!("{at}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{at}/subscriptions"),
        "organizations_url": format!("{at}/orgs"),
        "repos_url": format!("{at}/repos"),
        "events_url": format!("{at}/events{{/privacy}}"),
        "received_events_url": format!("{at}/received_events"),
        "type": user.kind.name(),
        "user_view_type": "public",
        "site_admin": false,
    })
}

/// An App (`integration`); `null` for an unknown one.
pub fn app(world: &World, app: u64) -> Value {
    let Some(app) = world.apps.get(&app) else {
        return Value::Null;
    };
    json!({
        "id": app.id,
        "client_id": app.client_id,
        "slug": app.slug,
        "node_id": node_id("A", app.id),
        "owner": user(world, app.owner),
        "name": app.name,
        "description": "",
        "external_url": HTML,
        "html_url": format!("{HTML}/apps/{}", app.slug),
        "created_at": iso(app.created_at),
        "updated_at": iso(app.created_at),
        "permissions": app.permissions,
        "events": app.events,
    })
}

/// An installation.
pub fn installation(world: &World, id: u64) -> Value {
    let Some(of) = world.installations.get(&id) else {
        return Value::Null;
    };
    let slug = world.apps.get(&of.app).map_or("", |a| a.slug.as_str());
    let events = world
        .apps
        .get(&of.app)
        .map(|a| a.events.clone())
        .unwrap_or_default();
    let client = world.apps.get(&of.app).map(|a| a.client_id.clone());
    let kind = world
        .users
        .get(&of.account)
        .map_or("User", |u| u.kind.name());
    json!({
        "id": of.id,
        "client_id": client,
        "account": user(world, of.account),
        "repository_selection": "selected",
        "access_tokens_url": format!("{}/app/installations/{}/access_tokens", world.api_url, of.id),
        "repositories_url": format!("{}/installation/repositories", world.api_url),
        "html_url": format!("{HTML}/settings/installations/{}", of.id),
        "app_id": of.app,
        "app_slug": slug,
        "target_id": of.account,
        "target_type": kind,
        "permissions": of.permissions,
        "events": events,
        "created_at": iso(of.created_at),
        "updated_at": iso(of.created_at),
        "single_file_name": null,
        "has_multiple_single_files": false,
        "single_file_paths": [],
        "suspended_by": null,
        "suspended_at": of.suspended_at.map(iso),
    })
}

/// An organisation in short, as payloads carry it.
pub fn organization(world: &World, id: UserId) -> Value {
    let Some(org) = world.users.get(&id) else {
        return Value::Null;
    };
    let at = format!("{}/orgs/{}", world.api_url, org.login);
    json!({
        "login": org.login,
        "id": org.id,
        "node_id": node_id("O", org.id),
        "url": at,
        "repos_url": format!("{at}/repos"),
        "events_url": format!("{at}/events"),
        "hooks_url": format!("{at}/hooks"),
        "issues_url": format!("{at}/issues"),
        "members_url": format!("{at}/members{{/member}}"),
        "public_members_url": format!("{at}/public_members{{/member}}"),
        "avatar_url": format!("{HTML}/avatars/u/{}?v=4", org.id),
        "description": "",
    })
}
