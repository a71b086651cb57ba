//! PyPI.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::shared::{answered, certificate, file, open, origin, plain, sha256};
use crate::sim::model::packages::{Package, Place, Release};
use crate::sim::router::{Answer, Call, Reply, Route};
use crate::sim::world::World;

pub(super) fn routes() -> Vec<Route> {
    vec![
        open("/pypi/pypi/{name}/json", "pypi/project", project),
        open("/pypi/pypi/{name}/{version}/json", "pypi/release", release),
        open("/pypi/simple/{name*}", "pypi/index", index),
        open("/pypi/files/{name}/{version}/{file}", "pypi/file", download),
        open(
            "/pypi/integrity/{name}/{version}/{file}/provenance",
            "pypi/provenance",
            provenance,
        ),
    ]
}

fn missing() -> Answer {
    Answer::json(404, json!({ "message": "Not Found" }))
}

fn info(name: &str, package: &Package, it: &Release) -> Value {
    json!({
        "name": name,
        "version": it.version,
        "home_page": null,
        "project_urls": package.link.as_ref().map(|link| json!({ "Source": link })),
        "yanked": it.withdrawn.is_some(),
        "yanked_reason": it.withdrawn,
    })
}

fn urls(call: &Call, name: &str, it: &Release) -> Vec<Value> {
    let root = origin(call);
    let one = |(file, bytes): (&String, &Vec<u8>)| {
        json!({
            "filename": file,
            "digests": { "sha256": sha256(bytes) },
            "packagetype": if file.ends_with(".whl") { "bdist_wheel" } else { "sdist" },
            "size": bytes.len(),
            "url": format!("{root}/pypi/files/{name}/{}/{file}", it.version),
            "yanked": it.withdrawn.is_some(),
            "yanked_reason": it.withdrawn,
        })
    };
    it.files.iter().map(one).collect()
}

fn project(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let name = call.param("name");
        let package = world.packages.package(Place::Pypi, name);
        let newest = package.and_then(|it| it.releases.iter().rfind(|it| it.withdrawn.is_none()));
        match package.zip(newest) {
            Some((package, newest)) => Answer::ok(json!({
                "info": info(name, package, newest),
                "urls": urls(call, name, newest),
            })),
            None => missing(),
        }
    })
}

fn release(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let (name, version) = (call.param("name"), call.param("version"));
        let package = world.packages.package(Place::Pypi, name);
        match package.zip(world.packages.release(Place::Pypi, name, version)) {
            Some((package, it)) => Answer::ok(json!({
                "info": info(name, package, it),
                "urls": urls(call, name, it),
            })),
            None => missing(),
        }
    })
}

fn index(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let name = call.param("name").trim_end_matches('/');
        let Some(package) = world.packages.package(Place::Pypi, name) else {
            return plain(404, "404 Not Found");
        };
        let now = world.now();
        let listed = package.releases.iter().filter(|it| it.listed <= now);
        let files = listed.clone().flat_map(|it| {
            let one = move |(file, bytes): (&String, &Vec<u8>)| {
                json!({
                    "filename": file,
                    "hashes": { "sha256": sha256(bytes) },
                    "yanked": match &it.withdrawn {
                        Some(why) => json!(why),
                        None => json!(false),
                    },
                })
            };
            it.files.iter().map(one)
        });
        Answer::ok(json!({
            "meta": { "api-version": "1.3" },
            "name": name,
            "versions": listed.clone().map(|it| it.version.clone()).collect::<Vec<_>>(),
            "files": files.collect::<Vec<_>>(),
        }))
    })
}

fn download(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let (name, version) = (call.param("name"), call.param("version"));
        file(
            world.packages.release(Place::Pypi, name, version),
            call.param("file"),
        )
    })
}

fn provenance(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let (name, version) = (call.param("name"), call.param("version"));
        let link = world
            .packages
            .package(Place::Pypi, name)
            .and_then(|it| it.link.clone());
        let release = world.packages.release(Place::Pypi, name, version);
        let signed = release.filter(|it| it.signed && it.files.contains_key(call.param("file")));
        let Some((commit, link)) = signed.and_then(|it| it.commit.clone()).zip(link) else {
            return missing();
        };
        let certificate = STANDARD.encode(certificate(&link, &commit));
        let repository = link.split('/').skip(3).collect::<Vec<_>>().join("/");
        Answer::ok(json!({
            "version": 1,
            "attestation_bundles": [{
                "publisher": {
                    "kind": "GitHub",
                    "repository": repository,
                    "workflow": "publish.yml",
                    "environment": "",
                },
                "attestations": [{
                    "version": 1,
                    "verification_material": { "certificate": certificate },
                }],
            }],
        }))
    })
}
