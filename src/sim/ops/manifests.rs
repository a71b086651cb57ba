//! Somebody confirms a manifest, and installs the App that came of it. (GitHub
//! documentation: registering a GitHub App from a manifest.)

use serde_json::{Value, json};

use crate::sim::clock::Millis;
use crate::sim::json as build;
use crate::sim::model::manifest::Registration;
use crate::sim::refusal::Refusal;
use crate::sim::world::{Installation, UserId, World};

/// A code is good for an hour.
const CODE_MS: Millis = 3_600_000;
/// GitHub's form takes no longer name.
const LONGEST_NAME: usize = 34;

/// The permission without which an App cannot subscribe to an event. (GitHub
/// documentation: webhook events and payloads.)
const EVENTS: &[(&str, &str)] = &[
    ("branch_protection_rule", "administration"),
    ("check_run", "checks"),
    ("check_suite", "checks"),
    ("create", "contents"),
    ("delete", "contents"),
    ("deployment_status", "deployments"),
    ("discussion", "discussions"),
    ("issue_comment", "issues"),
    ("issues", "issues"),
    ("label", "metadata"),
    ("pull_request", "pull_requests"),
    ("pull_request_review", "pull_requests"),
    ("push", "contents"),
    ("release", "contents"),
    ("repository", "metadata"),
    ("repository_ruleset", "administration"),
    ("status", "statuses"),
    ("workflow_job", "actions"),
    ("workflow_run", "actions"),
];

/// Permissions by their names in the API (schema `app-permissions`).
const PERMISSIONS: &[&str] = &[
    "actions",
    "administration",
    "attestations",
    "checks",
    "contents",
    "deployments",
    "discussions",
    "issues",
    "members",
    "metadata",
    "pull_requests",
    "statuses",
    "workflows",
];

fn bad(why: &str) -> Refusal {
    Refusal::unprocessable(why)
}

impl World {
    /// Registers the App that a manifest describes; gives the code for its
    /// credentials, and sends a ping.
    ///
    /// # Errors
    /// 422 with the reason, as GitHub's page shows it.
    pub fn confirm_manifest(&mut self, owner: UserId, manifest: &Value) -> Result<String, Refusal> {
        let text = |at: &str| manifest.pointer(at).and_then(Value::as_str);
        let name = text("/name").unwrap_or_default().to_owned();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(bad("Name is too long (maximum is 34 characters)"));
        }
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let slug: String = name.to_lowercase().chars().map(plain).collect();
        if self.apps.values().any(|app| app.slug == slug) {
            return Err(bad("Name is already taken"));
        }
        if text("/url").is_none() {
            return Err(bad("Homepage URL can't be blank"));
        }
        let hook = text("/hook_attributes/url").map(str::to_owned);
        let is_local = |url: &String| url.contains("//localhost");
        if hook.as_ref().is_some_and(is_local) {
            return Err(bad(
                "Hook URL is not supported because it isn't reachable over the public Internet (localhost)",
            ));
        }
        if manifest.get("hook_attributes").is_some() && hook.is_none() {
            return Err(bad("Hook URL can't be blank"));
        }
        let redirect = text("/redirect_url").ok_or_else(|| bad("redirect_url is missing"))?;
        let registration = Registration {
            hook_url: hook,
            setup_url: text("/setup_url").map(str::to_owned),
            redirect_url: Some(redirect.to_owned()),
            callback_urls: manifest
                .get("callback_urls")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(|it| it.as_str().map(str::to_owned))
                .collect(),
        };
        let empty = serde_json::Map::new();
        let asked = manifest.get("default_permissions");
        let asked = asked.and_then(Value::as_object).unwrap_or(&empty);
        let mut permissions = Vec::new();
        for (permission, level) in asked {
            let level = level.as_str().unwrap_or_default();
            if !PERMISSIONS.contains(&permission.as_str()) || !matches!(level, "read" | "write") {
                return Err(bad(
                    "Default permission records resource is not included in the list",
                ));
            }
            permissions.push((permission.as_str(), level));
        }
        let events = manifest.get("default_events").and_then(Value::as_array);
        let events: Vec<&str> = events
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for event in &events {
            let needs = EVENTS.iter().find(|(name, _)| name == event);
            let granted = needs.is_some_and(|(_, needs)| {
                *needs == "metadata" || permissions.iter().any(|(name, _)| name == needs)
            });
            if !granted {
                return Err(bad(&format!("Default events unsupported: {event}")));
            }
        }
        let app = self.register(&name, &slug, owner, &permissions, &events, registration)?;
        self.emit_ping(app);
        let code = self.opaque(1);
        let until = self.now() + CODE_MS;
        self.manifests.codes.insert(code.clone(), (app, until));
        Ok(code)
    }

    /// Exchanges a code, once: the App that it stands for.
    ///
    /// # Errors
    /// 404 for one that is unknown, used or too old.
    pub fn take_code(&mut self, code: &str) -> Result<u64, Refusal> {
        let now = self.now();
        match self.manifests.codes.remove(code) {
            Some((app, until)) if now < until => Ok(app),
            _ => Err(Refusal::not_found()),
        }
    }

    /// Somebody installs the App on repositories of one account, with what it asks
    /// for; gives the installation, and tells the App.
    ///
    /// # Errors
    /// 404 for an App that is not there.
    pub fn install(
        &mut self,
        app: u64,
        account: UserId,
        repos: &[u64],
        by: UserId,
    ) -> Result<u64, Refusal> {
        let granted = self.apps.get(&app).map(|app| app.permissions.clone());
        let granted = granted.ok_or_else(Refusal::not_found)?;
        let id = self.next_id();
        let installation = Installation {
            id,
            app,
            account,
            permissions: granted,
            repos: repos.iter().copied().collect(),
            created_at: self.now(),
            suspended_at: None,
        };
        self.installations.insert(id, installation);
        let rows = repos.iter().filter_map(|id| self.repos.get(id));
        let rows = rows.map(|repo| {
            json!({
                "id": repo.id,
                "node_id": format!("R_{}", repo.id),
                "name": repo.name,
                "full_name": repo.full_name(),
                "private": repo.private,
            })
        });
        let rows: Vec<Value> = rows.collect();
        let more = json!({ "repositories": rows, "requester": null });
        self.emit_installation(id, "installation", "created", more, by);
        Ok(id)
    }

    /// The answer to the exchange of a code (`apps/create-from-manifest`).
    pub fn converted(&self, app: u64) -> Value {
        let of = self.apps.get(&app);
        let secret = of.map(|app| app.webhook_secret.clone());
        let more = json!({
            "client_secret": of.map(|app| app.client_secret.clone()),
            "webhook_secret": secret,
            "pem": self.key_of_apps(),
            "html_url": format!("{}/apps/{}", self.api_url, of.map_or("", |app| app.slug.as_str())),
        });
        build::extend(build::app(self, app), more)
    }
}
