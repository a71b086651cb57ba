//! Security advisories as JSON.

use serde_json::{Value, json};

use super::account::user;
use super::common::{Urls, urls};
use crate::sim::clock::iso;
use crate::sim::model::advisory::{Advisory, Vulnerability};
use crate::sim::world::World;

/// A `repository-advisory`.
pub fn advisory(world: &World, repo: u64, of: &Advisory) -> Value {
    let Urls { api, html } = urls(world, repo);
    let vulnerable: Vec<Value> = of.vulnerabilities.iter().map(vulnerability).collect();
    json!({
        "ghsa_id": of.id,
        "cve_id": null,
        "url": format!("{api}/security-advisories/{}", of.id),
        "html_url": format!("{html}/security/advisories/{}", of.id),
        "summary": of.summary,
        "description": of.description,
        "severity": "high",
        "author": user(world, of.author),
        "publisher": of.publisher.map_or(Value::Null, |it| user(world, it)),
        "identifiers": [{ "value": of.id, "type": "GHSA" }],
        "state": of.state,
        "created_at": iso(of.created_at),
        "updated_at": iso(of.updated_at),
        "published_at": of.published_at.map(iso),
        "closed_at": of.closed_at.map(iso),
        "withdrawn_at": null,
        "submission": null,
        "vulnerabilities": vulnerable,
        "cvss": null,
        "cwes": [],
        "cwe_ids": [],
        "credits": [],
        "credits_detailed": [],
        "collaborating_users": [],
        "collaborating_teams": [],
        "private_fork": null,
    })
}

fn vulnerability(of: &Vulnerability) -> Value {
    json!({
        "package": { "ecosystem": of.ecosystem, "name": of.package },
        "vulnerable_version_range": of.range,
        "patched_versions": of.patched,
        "vulnerable_functions": of.functions,
    })
}
