//! npm's registry.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use sha1::Sha1;
use sha2::{Digest, Sha512};

use super::shared::{answered, file, open, origin, plain};
use crate::sim::clock::iso_millis;
use crate::sim::model::packages::{Package, Place, Release};
use crate::sim::router::{Answer, Call, Reply, Route};
use crate::sim::world::World;

/// What an attestation that tells of the build is called.
const SLSA: &str = "slsa.dev/provenance/v1";

pub(super) fn routes() -> Vec<Route> {
    vec![
        open("/npm/{name}", "npm/package", package),
        open("/npm/{name}/{version}", "npm/version", version),
        open("/npm/{name}/-/{file}", "npm/tarball", tarball),
        // The scope's slash stands as it is in addresses of files.
        open(
            "/npm/{scope}/{name}/-/{file}",
            "npm/scoped-tarball",
            tarball,
        ),
        open(
            "/npm/-/npm/v1/attestations/{of}",
            "npm/attestations",
            attestations,
        ),
    ]
}

fn missing() -> Answer {
    Answer::json(404, json!({ "error": "Not found" }))
}

fn manifest(call: &Call, name: &str, package: &Package, it: &Release, whole: bool) -> Value {
    let bytes = it.files.values().next().cloned().unwrap_or_default();
    let root = origin(call);
    let base = name.rsplit('/').next().unwrap_or(name);
    let mut dist = json!({
        "integrity": format!("sha512-{}", STANDARD.encode(Sha512::digest(&bytes))),
        "shasum": hex::encode(Sha1::digest(&bytes)),
        "tarball": format!("{root}/npm/{name}/-/{base}-{}.tgz", it.version),
        "fileCount": 1,
        "unpackedSize": bytes.len(),
    });
    if it.signed {
        dist["attestations"] = json!({
            "url": format!("{root}/npm/-/npm/v1/attestations/{name}@{}", it.version),
            "provenance": { "predicateType": format!("https://{SLSA}") },
        });
    }
    let mut all = json!({ "name": name, "version": it.version, "dist": dist });
    if let Some(why) = &it.withdrawn {
        all["deprecated"] = json!(why);
    }
    if whole {
        all["_id"] = json!(format!("{name}@{}", it.version));
        if let Some(link) = &package.link {
            all["repository"] = json!({ "type": "git", "url": format!("git+{link}.git") });
        }
        if let Some(commit) = &it.commit {
            all["gitHead"] = json!(commit);
        }
    }
    all
}

fn package(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let name = call.param("name");
        let Some(package) = world.packages.package(Place::Npm, name) else {
            return missing();
        };
        let now = world.now();
        let short = call
            .headers
            .get("accept")
            .is_some_and(|it| it.starts_with("application/vnd.npm.install-v1+json"));
        let listed: Vec<&Release> = package
            .releases
            .iter()
            .filter(|it| it.listed <= now)
            .collect();
        if listed.is_empty() && package.removed.is_empty() {
            return missing();
        }
        let versions: Map<String, Value> = listed
            .iter()
            .map(|it| {
                (
                    it.version.clone(),
                    manifest(call, name, package, it, !short),
                )
            })
            .collect();
        // A pointer to what is not listed yet is not there yet.
        let shown = |version: &String| versions.contains_key(version);
        let before = |tag: &str| {
            let older = listed
                .iter()
                .rev()
                .find(|it| tag == "latest" && it.listed <= now);
            older.map(|it| it.version.clone())
        };
        let tags: Map<String, Value> = package
            .pointers
            .iter()
            .filter_map(|(tag, version)| match shown(version) {
                true => Some((tag.clone(), json!(version))),
                false => before(tag).map(|it| (tag.clone(), json!(it))),
            })
            .collect();
        let mut all = json!({ "name": name, "dist-tags": tags, "versions": versions });
        if !short {
            let times = package
                .releases
                .iter()
                .map(|it| (it.version.clone(), it.at));
            let times = times.chain(package.removed.iter().cloned());
            let time: Map<String, Value> = times
                .map(|(version, at)| (version, json!(iso_millis(at))))
                .chain([("created".to_owned(), json!(iso_millis(0)))])
                .collect();
            all["_id"] = json!(name);
            all["time"] = Value::Object(time);
            if let Some(link) = &package.link {
                all["repository"] = json!({ "type": "git", "url": format!("git+{link}.git") });
            }
        }
        Answer::ok(all)
    })
}

fn version(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let (name, version) = (call.param("name"), call.param("version"));
        let package = world.packages.package(Place::Npm, name);
        let release = world.packages.release(Place::Npm, name, version);
        match package.zip(release) {
            Some((package, release)) => Answer::ok(manifest(call, name, package, release, true)),
            None => Answer::json(404, json!(format!("version not found: {version}"))),
        }
    })
}

fn tarball(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let name = match call.param("scope") {
            "" => call.param("name").to_owned(),
            scope => format!("{scope}/{}", call.param("name")),
        };
        let base = name.rsplit('/').next().unwrap_or(&name).to_owned();
        let of = call.param("file");
        let version = of
            .strip_prefix(&format!("{base}-"))
            .and_then(|it| it.strip_suffix(".tgz"));
        let release = world
            .packages
            .release(Place::Npm, &name, version.unwrap_or_default());
        let first = release.and_then(|it| it.files.keys().next().cloned());
        file(release, &first.unwrap_or_default())
    })
}

fn attestations(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let of = call.param("of");
        let Some((name, version)) = of.rsplit_once('@') else {
            return missing();
        };
        let link = world
            .packages
            .package(Place::Npm, name)
            .and_then(|it| it.link.clone());
        let release = world.packages.release(Place::Npm, name, version);
        let Some(release) = release.filter(|it| it.signed) else {
            return plain(404, "not found");
        };
        let statement = json!({
            "_type": "Statement",
            "predicateType": format!("https://{SLSA}"),
            "subject": [{ "name": format!("pkg:npm/{name}@{version}") }],
            "predicate": { "buildDefinition": {
                "externalParameters": { "workflow": {
                    "ref": format!("refs/tags/v{version}"),
                    "repository": link,
                    "path": ".github/workflows/publish.yml",
                }},
                "resolvedDependencies": [{
                    "uri": format!("git+{}@refs/tags/v{version}", link.clone().unwrap_or_default()),
                    "digest": { "gitCommit": release.commit },
                }],
            }},
        });
        let payload = STANDARD.encode(statement.to_string());
        Answer::ok(json!({ "attestations": [{
            "predicateType": format!("https://{SLSA}"),
            "bundle": { "dsseEnvelope": { "payload": payload, "payloadType": "application/vnd.in-toto+json" } },
        }]}))
    })
}
