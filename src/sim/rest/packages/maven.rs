//! Maven Central: files in folders, hours after they were deployed.

use sha1::{Digest, Sha1};

use super::shared::{answered, open, plain};
use crate::sim::model::packages::{Package, Place};
use crate::sim::router::{Answer, Call, Reply, Route};
use crate::sim::world::World;

pub(super) fn routes() -> Vec<Route> {
    vec![open("/maven/{path*}", "maven/file", file)]
}

/// `group:artifact` of a folder.
fn name(folder: &str) -> Option<String> {
    let (group, artifact) = folder.rsplit_once('/')?;
    Some(format!("{}:{artifact}", group.replace('/', ".")))
}

fn metadata(package: &Package, now: i64) -> Option<String> {
    let listed: Vec<_> = package
        .releases
        .iter()
        .filter(|it| it.listed <= now)
        .collect();
    // What was deployed last, of whatever line.
    let last = listed.last()?;
    let versions: String = listed
        .iter()
        .map(|it| format!("      <version>{}</version>\n", it.version))
        .collect();
    let last = &last.version;
    Some(format!(
        "<metadata>\n  <versioning>\n    <latest>{last}</latest>\n    <release>{last}</release>\n    <versions>\n{versions}    </versions>\n  </versioning>\n</metadata>\n"
    ))
}

fn bytes(world: &World, path: &str) -> Option<Vec<u8>> {
    let now = world.now();
    let (folder, file) = path.rsplit_once('/')?;
    if file == "maven-metadata.xml" {
        let package = world.packages.package(Place::Maven, &name(folder)?)?;
        return metadata(package, now).map(String::into_bytes);
    }
    let (folder, version) = folder.rsplit_once('/')?;
    let release = world
        .packages
        .release(Place::Maven, &name(folder)?, version)?;
    let shown = release.listed <= now;
    release.files.get(file).filter(|_| shown).cloned()
}

fn file(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let path = call.param("path");
        let found = match path.strip_suffix(".sha1") {
            Some(path) => bytes(world, path).map(|it| hex::encode(Sha1::digest(&it)).into_bytes()),
            None => bytes(world, path),
        };
        match found {
            Some(bytes) => Answer::bytes("text/xml", bytes),
            None => plain(404, "404 Not Found"),
        }
    })
}
