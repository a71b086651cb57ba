//! The registry's answers, with the keys of crates.io's API.

use serde_json::{Value, json};

use crate::sim::model::registry::Version;

fn time(at: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

pub(in crate::sim) fn error(detail: impl Into<String>) -> Value {
    json!({ "errors": [{ "detail": detail.into() }] })
}

pub(in crate::sim) fn version(v: &Version) -> Value {
    let path = format!("/api/v1/crates/{}/{}", v.name, v.num);
    json!({
        "id": v.id,
        "crate": v.name,
        "num": v.num,
        "dl_path": format!("{path}/download"),
        "readme_path": format!("{path}/readme"),
        "updated_at": time(v.updated_at),
        "created_at": time(v.created_at),
        "downloads": 0,
        "features": {},
        "yanked": v.yanked,
        "yank_message": v.yank_message,
        "lib_links": null,
        "license": null,
        "links": {
            "dependencies": format!("{path}/dependencies"),
            "version_downloads": format!("{path}/downloads"),
            "authors": format!("{path}/authors"),
        },
        "crate_size": v.file.len(),
        "published_by": v.published_by.as_ref().map(|login| json!({
            "id": 1, "login": login, "name": login, "avatar": null, "url": null,
        })),
        "audit_actions": [],
        "checksum": v.checksum,
        "rust_version": null,
        "has_lib": true,
        "bin_names": [],
        "edition": "2021",
        "description": null,
        "homepage": null,
        "documentation": null,
        "repository": null,
        "trustpub_data": null,
        "linecounts": null,
    })
}

pub(in crate::sim) fn krate(versions: &[Version], repository: Option<&str>) -> Option<Value> {
    let first = versions.first()?;
    let last = versions.last()?;
    let stable = |v: &&Version| !v.yanked && !v.num.contains('-');
    let parsed = |v: &Version| semver::Version::parse(&v.num).ok();
    let highest = |vs: &mut dyn Iterator<Item = &Version>| {
        vs.max_by_key(|v| parsed(v)).map(|v| v.num.clone())
    };
    let max = highest(&mut versions.iter().filter(|v| !v.yanked));
    let max_stable = highest(&mut versions.iter().filter(stable));
    let name = &first.name;
    let path = format!("/api/v1/crates/{name}");
    let newest_first: Vec<&Version> = versions.iter().rev().collect();
    Some(json!({
        "crate": {
            "id": name,
            "name": name,
            "updated_at": time(versions.iter().map(|v| v.updated_at).max().unwrap_or(0)),
            "versions": newest_first.iter().map(|v| v.id).collect::<Vec<_>>(),
            "keywords": [],
            "categories": [],
            "badges": [],
            "created_at": time(first.created_at),
            "downloads": 0,
            "recent_downloads": 0,
            "default_version": max_stable.clone().or(max.clone()).unwrap_or_else(|| last.num.clone()),
            "num_versions": versions.len(),
            "yanked": versions.iter().all(|v| v.yanked),
            "max_version": max.unwrap_or_else(|| "0.0.0".to_owned()),
            "newest_version": last.num,
            "max_stable_version": max_stable,
            "description": null,
            "homepage": null,
            "documentation": null,
            "repository": repository,
            "links": {
                "version_downloads": format!("{path}/downloads"),
                "versions": null,
                "owners": format!("{path}/owners"),
                "owner_team": format!("{path}/owner_team"),
                "owner_user": format!("{path}/owner_user"),
                "reverse_dependencies": format!("{path}/reverse_dependencies"),
            },
            "exact_match": false,
            "trustpub_only": false,
        },
        "versions": newest_first.iter().map(|v| version(v)).collect::<Vec<_>>(),
        "keywords": [],
        "categories": [],
    }))
}

/// The crate's file in the index at `now`, or nothing while no version shows.
pub(in crate::sim) fn index_file(versions: &[Version], now: i64) -> Option<String> {
    let line = |v: &Version| {
        let yanked = v.in_index(now)?;
        let line = json!({
            "name": v.name, "vers": v.num, "deps": [], "cksum": v.checksum,
            "features": {}, "yanked": yanked,
        });
        Some(format!("{line}\n"))
    };
    let text: String = versions.iter().filter_map(line).collect();
    (!text.is_empty()).then_some(text)
}

/// An entity tag of a text.
pub(in crate::sim) fn etag(text: &str) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(text)).chars().take(32).collect()
}
