//! A registry of images, which hands a token to nobody first.

use serde_json::json;

use super::shared::{answered, open, origin, sha256};
use crate::sim::model::packages::{Place, Release};
use crate::sim::router::{Answer, Call, Reply, Route};
use crate::sim::world::World;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const TOKEN: &str = "anybody";

pub(super) fn routes() -> Vec<Route> {
    vec![
        open("/oci/token", "oci/token", token),
        open("/oci/v2/{path*}", "oci/part", part),
    ]
}

fn token(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |_| match call.query("scope") {
        Some(scope) if scope.ends_with(":pull") => Answer::ok(json!({ "token": TOKEN })),
        _ => Answer::json(400, json!({ "errors": [{ "code": "UNSUPPORTED" }] })),
    })
}

fn unknown(code: &str) -> Answer {
    Answer::json(
        404,
        json!({ "errors": [{ "code": code, "message": "not found" }] }),
    )
}

fn config(it: &Release, link: Option<&String>) -> Vec<u8> {
    let labels = json!({
        "org.opencontainers.image.revision": it.commit,
        "org.opencontainers.image.source": link,
        "org.opencontainers.image.version": it.version,
    });
    json!({ "os": "linux", "config": { "Labels": labels } })
        .to_string()
        .into_bytes()
}

fn manifest(config: &[u8]) -> Vec<u8> {
    let all = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "digest": format!("sha256:{}", sha256(config)),
            "size": config.len(),
        },
        "layers": [],
    });
    all.to_string().into_bytes()
}

fn part(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let asked = call.headers.get("authorization").map_or("", String::as_str);
        if asked != format!("Bearer {TOKEN}") {
            let realm = format!("{}/oci/token", origin(call));
            let how = format!("Bearer realm=\"{realm}\",service=\"registry.test\",scope=\"pull\"");
            let refused = json!({ "errors": [{ "code": "UNAUTHORIZED" }] });
            return Answer::json(401, refused).header("www-authenticate", how);
        }
        let mut parts = call.param("path").rsplitn(3, '/');
        let (what, kind, image) = (parts.next(), parts.next(), parts.next());
        let (Some(what), Some(kind), Some(image)) = (what, kind, image) else {
            return unknown("NAME_UNKNOWN");
        };
        let Some(package) = world.packages.package(Place::Oci, image) else {
            return unknown("NAME_UNKNOWN");
        };
        let link = package.link.as_ref();
        let mut releases = package.releases.iter();
        match kind {
            "tags" => {
                let tags: Vec<_> = releases.map(|it| it.version.clone()).collect();
                Answer::ok(json!({ "name": image, "tags": tags }))
            }
            "manifests" => {
                let found = releases.find_map(|it| {
                    let manifest = manifest(&config(it, link));
                    let digest = format!("sha256:{}", sha256(&manifest));
                    (it.version == what || digest == what).then_some((manifest, digest))
                });
                match found {
                    Some((manifest, digest)) => {
                        Answer::bytes(MANIFEST, manifest).header("docker-content-digest", digest)
                    }
                    None => unknown("MANIFEST_UNKNOWN"),
                }
            }
            _ => {
                let mut configs = releases.map(|it| config(it, link));
                match configs.find(|it| format!("sha256:{}", sha256(it)) == what) {
                    Some(config) => Answer::bytes("application/octet-stream", config),
                    None => unknown("BLOB_UNKNOWN"),
                }
            }
        }
    })
}
