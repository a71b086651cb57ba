//! A chart repository: its index follows some minutes later, as pages do.

use std::fmt::Write as _;

use super::shared::{answered, open, sha256};
use crate::sim::model::packages::Place;
use crate::sim::router::{Answer, Call, Reply, Route};
use crate::sim::world::World;

pub(super) fn routes() -> Vec<Route> {
    vec![open("/helm/index.yaml", "helm/index", index)]
}

fn index(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let now = world.now();
        let mut text = String::new();
        for (name, package) in world.packages.of(Place::Helm) {
            let listed = package.releases.iter().rev().filter(|it| it.listed <= now);
            if listed.clone().next().is_none() {
                continue;
            }
            let _ = writeln!(text, "  {name}:");
            for it in listed {
                let bytes = it.files.values().next().cloned().unwrap_or_default();
                let _ = writeln!(text, "  - version: {}", it.version);
                let _ = writeln!(text, "    digest: {}", sha256(&bytes));
                let _ = writeln!(text, "    urls: [{name}-{}.tgz]", it.version);
                if let Some(link) = &package.link {
                    let _ = writeln!(text, "    sources: ['{link}']");
                }
            }
        }
        let entries = match text.is_empty() {
            true => " {}\n".to_owned(),
            false => format!("\n{text}"),
        };
        let index = format!("apiVersion: v1\nentries:{entries}");
        Answer::bytes("text/yaml", index.into_bytes())
    })
}
