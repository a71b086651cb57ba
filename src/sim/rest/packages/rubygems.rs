//! RubyGems.

use serde_json::{Value, json};

use super::shared::{answered, file, open, plain, sha256};
use crate::sim::model::packages::{Place, Release};
use crate::sim::router::{Answer, Call, Reply, Route};
use crate::sim::world::World;

pub(super) fn routes() -> Vec<Route> {
    vec![
        open(
            "/rubygems/api/v1/versions/{file}",
            "rubygems/versions",
            versions,
        ),
        open("/rubygems/api/v1/gems/{file}", "rubygems/gem", gem),
        open(
            "/rubygems/api/v2/rubygems/{name}/versions/{file}",
            "rubygems/version",
            version,
        ),
        open("/rubygems/info/{name}", "rubygems/info", info),
        open("/rubygems/gems/{file}", "rubygems/download", download),
    ]
}

/// A parameter without `.json`.
fn named(call: &Call) -> &str {
    let file = call.param("file");
    file.strip_suffix(".json").unwrap_or(file)
}

fn missing() -> Answer {
    plain(404, "This rubygem could not be found.")
}

fn of(it: &Release) -> Value {
    json!({
        "number": it.version,
        "platform": "ruby",
        "prerelease": it.version.contains(|c: char| c.is_ascii_alphabetic()),
        "sha": it.files.values().next().map(|bytes| sha256(bytes)),
    })
}

fn versions(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let Some(package) = world.packages.package(Place::Gem, named(call)) else {
            return missing();
        };
        if package.releases.is_empty() {
            return missing();
        }
        Answer::ok(package.releases.iter().rev().map(of).collect())
    })
}

fn gem(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let name = named(call);
        match world.packages.package(Place::Gem, name) {
            Some(package) => Answer::ok(json!({
                "name": name,
                "version": package.releases.last().map(|it| it.version.clone()),
                "source_code_uri": package.link,
                "homepage_uri": null,
            })),
            None => missing(),
        }
    })
}

fn version(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let release = world
            .packages
            .release(Place::Gem, call.param("name"), named(call));
        match release {
            Some(it) => Answer::ok(of(it)),
            None => plain(404, "This version could not be found."),
        }
    })
}

fn info(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let Some(package) = world.packages.package(Place::Gem, call.param("name")) else {
            return plain(404, "This gem could not be found");
        };
        let now = world.now();
        let listed = package.releases.iter().filter(|it| it.listed <= now);
        let line = |it: &Release| {
            let sum = it.files.values().next().map(|bytes| sha256(bytes));
            format!(
                "{} |checksum:{},ruby:>= 3.0\n",
                it.version,
                sum.unwrap_or_default()
            )
        };
        let text = format!("---\n{}", listed.map(line).collect::<String>());
        Answer::bytes("text/plain", text.into_bytes())
    })
}

fn download(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let wanted = call.param("file");
        let mut all = world
            .packages
            .of(Place::Gem)
            .flat_map(|(_, it)| &it.releases);
        file(all.find(|it| it.files.contains_key(wanted)), wanted)
    })
}
