//! What is said of a repository before its rehearsal begins.

use super::prepared::Prepared;
use super::source::ToldBy;
use crate::rehearsal::project::config;
use crate::rehearsal::scene::Scene;
use crate::rehearsal::view::short;

/// What was found, line by line.
pub fn describe(prepared: &Prepared, scene: &Scene) -> Vec<String> {
    let source = &prepared.source;
    let (owner, name) = &prepared.name;
    let config = match (&prepared.given_config, prepared.config.there) {
        (Some(_), _) => "as given by --config, committed in the stand-in alone",
        (None, true) => config::PATH,
        (None, false) => "none: everything is derived",
    };
    let base = match &prepared.base {
        Some(base) => format!("{} ({})", base.tag.name, short(&base.tag.commit)),
        None => "whichever the bot derives".to_owned(),
    };
    let mut lines = vec![
        format!(
            "{owner}/{name}: a bare clone that shares the objects of {}, which is only read",
            source.path.display()
        ),
        format!(
            "Default branch: {} at {}; {} branches, {} tags",
            source.branch,
            short(&source.head),
            source.heads.len().max(1),
            source.tags.len() + source.odd_tags.len()
        ),
        format!("Configuration: {config}"),
    ];
    lines.extend(match source.told_by {
        Some(ToldBy::Origin | ToldBy::Asked) => None,
        Some(ToldBy::Manifest) => Some(format!(
            "It has no origin: {owner}/{name} is what its manifests name as the repository; --name tells another"
        )),
        Some(ToldBy::Guards) => Some(format!(
            "It has no origin: {owner}/{name} is what its workflows ask for; --name tells another"
        )),
        None => Some(format!(
            "Nothing tells whose it is: {owner}/{name} is made up, and --name tells it"
        )),
    });
    lines.extend(prepared.config_left_out.iter().cloned());
    if source.tags.is_empty() && source.odd_tags.is_empty() {
        lines.push("It has no tags: `git fetch --tags` brings those of its origin".to_owned());
    }
    lines.push(format!(
        "Tags named as releases are: {}; base: {base}",
        prepared.releases.len()
    ));
    lines.push(format!(
        "Made up (synthetic): their releases, each with assets such as {}",
        prepared.assets("1.0.0").join(", ")
    ));
    if let Some(latest) = &prepared.latest {
        lines.push(format!(
            "GitHub's Latest (taken to be so, --latest says otherwise): {latest}"
        ));
    }
    lines.extend(scene.registry.iter().cloned());
    if prepared.left_out > 0 {
        lines.push(format!(
            "Left out: {} release tags that are newer than the base",
            prepared.left_out
        ));
    }
    lines.push("Workflow runs are simulated and never executed; what their steps would do is read from their text".to_owned());
    lines
}
