//! What is said of a repository before its rehearsal begins.

use super::prepared::Prepared;
use crate::rehearsal::project::config;
use crate::rehearsal::scene::Scene;
use crate::rehearsal::view::short;

/// What was found and derived, line by line.
pub fn describe(prepared: &Prepared, scene: &Scene) -> Vec<String> {
    let source = &prepared.source;
    let (owner, name) = &prepared.name;
    let ahead = source.count(&prepared.base.tag.commit, &source.head);
    let list = |files: &[String]| match files {
        [] => "none".to_owned(),
        files => files.join(", "),
    };
    let or_none = |path: &Option<String>| path.clone().unwrap_or_else(|| "none".to_owned());
    let config = if prepared.config.there {
        config::PATH
    } else {
        "none: the defaults"
    };
    let names = prepared.assets(&prepared.base.version);
    let mut lines = vec![
        format!(
            "{owner}/{name}: a bare clone that shares the objects of {}, which is only read",
            source.path.display()
        ),
        format!(
            "Default branch: {} at {}, {ahead} commits beyond {}",
            source.branch,
            short(&source.head),
            prepared.base.tag.name
        ),
        format!("Configuration: {config}"),
        format!(
            "Release tags: {} such as {}; base {} ({})",
            prepared.releases.len(),
            prepared.pattern,
            prepared.base.tag.name,
            short(&prepared.base.tag.commit)
        ),
        format!(
            "Package: {} {} in {}; lock file: {}; changelog: {}",
            prepared.package.name,
            prepared.package.version,
            prepared.package.manifest,
            or_none(&prepared.lock),
            or_none(&prepared.changelog)
        ),
        format!("Tests required on the head: {}", list(&scene.roles.tests)),
        format!(
            "After the tag: {}; of these {} publish and {} make the release",
            list(&scene.roles.tagged),
            list(&scene.roles.publish),
            list(&scene.roles.release)
        ),
        format!(
            "Made up (synthetic): {} releases with assets such as {}",
            prepared.releases.len(),
            names.join(", ")
        ),
    ];
    if prepared.package.published {
        lines.push(format!(
            "Made up (synthetic): {} versions of {} on the registry",
            prepared.releases.len(),
            prepared.package.name
        ));
    }
    if prepared.left_out > 0 {
        lines.push(format!(
            "Left out: {} release tags that are newer than the base",
            prepared.left_out
        ));
    }
    lines.push("Workflow runs are simulated and never executed; what their steps would do is read from their text".to_owned());
    lines
}
