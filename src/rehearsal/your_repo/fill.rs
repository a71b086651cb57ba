//! Puts a repository into the stand-in: a bare clone that shares the objects,
//! with a release for each tag that is named so, and what its registry has.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::prepared::Prepared;
use super::registry;
use super::tags::Release;
use crate::rehearsal::accounts::{people, register};
use crate::rehearsal::args::RehearseArgs;
use crate::rehearsal::part::Part;
use crate::rehearsal::project::config;
use crate::rehearsal::registry::Version;
use crate::rehearsal::scene::Scene;
use crate::rehearsal::story::Fix;
use crate::sim::clock::Millis;
use crate::sim::router::Refusal;
use crate::sim::{Seed, World, releases};

const MINUTE: Millis = 60_000;
/// So many releases are made up: as many as are ever listed, and some.
const NEWEST: usize = 150;

/// Fills the stand-in; gives the scene.
///
/// # Errors
/// In words, when the stand-in refuses something.
pub fn fill(
    prepared: &Prepared,
    world: &mut World,
    args: &RehearseArgs,
    start: Millis,
) -> Result<Scene, String> {
    let refused = |what: &'static str| move |e: Refusal| format!("{what}: {}", e.message);
    let (owner, name) = &prepared.name;
    let source = &prepared.source;
    world.add_org(owner);
    let repo = world
        .adopt_repo(
            owner,
            name,
            &source.branch,
            &[&source.objects],
            &prepared.refs(),
        )
        .map_err(refused("repository"))?;
    if let Some(settings) = world.run_settings(repo) {
        settings.nameless = source.address.is_none();
        settings.names_made_up = prepared.are_assets_made_up();
    }
    let gaps = gaps(prepared, world, repo)?;
    let count = args.people.unwrap_or(2);
    people(world, repo, count);
    if let Some(text) = &prepared.given_config {
        let seed = Seed {
            author: Part::Maintainer.login(),
            message: "Configure the hotfix bot",
            at: source.committed_at + MINUTE,
            files: &[(config::PATH, Some(text))],
        };
        let on_main = world.seed(repo, &source.branch, &[seed]);
        on_main.map_err(refused("--config"))?;
    }
    made_up_releases(prepared, world, repo, start);
    let of = world.repos.get(&repo).ok_or("the repository is gone")?;
    let known = registry::known(prepared, of, args.registry);
    for it in &known.versions {
        let of = Version {
            name: &it.name,
            number: &it.version,
        };
        it.registry.seed(world, repo, of, &it.commit, it.at);
    }
    let (app, bot) = register(world, owner, repo)?;
    let mut findings: Vec<String> = prepared.config_left_out.iter().cloned().collect();
    if gaps > 0 {
        findings.push(format!(
            "{gaps} files have no content in this clone: a line stood in for each, so that what is said of them (conflicts, lines) may not hold"
        ));
    }
    Ok(Scene {
        repo,
        app,
        bot,
        name: prepared.base.as_ref().map_or_else(
            || format!("{owner}/{name}"),
            |base| format!("{owner}/{name} {}", base.tag.name),
        ),
        product: OnceLock::new(),
        line_tests: OnceLock::new(),
        release_tags: prepared
            .releases
            .iter()
            .map(|r| r.tag.name.clone())
            .collect(),
        wanted_base: prepared.base.as_ref().map(|b| b.tag.name.clone()),
        answers: args.answer.clone(),
        config: prepared.config.clone(),
        branch_prefix: prepared.config.branch_prefix(),
        manual_test: prepared.config.manual_test(),
        people: count,
        fail: args.fail.as_deref().map(config::file_name),
        story: prepared.story.clone(),
        script: None,
        registry: known.words,
        findings,
        started: start,
    })
}

/// Lets something stand in for what a partial clone lacks; gives how much that
/// was.
fn gaps(prepared: &Prepared, world: &World, repo: u64) -> Result<usize, String> {
    let source = &prepared.source;
    // Any of these may be the base, or one of its predecessors, as far as is
    // known here.
    let newest = newest_of_each(&prepared.releases);
    let bases = prepared.base.iter().chain(newest);
    let mut tips: Vec<&str> = bases.map(|r| r.tag.commit.as_str()).collect();
    tips.push(&source.head);
    let parent = match &prepared.story.fix {
        Fix::Pick { sha, .. } => {
            tips.push(sha);
            source.commit(&format!("{sha}^"))
        }
        _ => None,
    };
    tips.extend(parent.as_deref());
    let git = &world.repos.get(&repo).ok_or("the repository is gone")?.git;
    git.fill_gaps(&tips).map_err(|e| e.to_string())
}

/// So many releases of each way of naming them, and of all.
const OF_EACH: usize = 6;
const OF_ALL: usize = 40;

/// The newest stable releases of each way of naming them; `releases` are the oldest
/// first.
fn newest_of_each(releases: &[Release]) -> impl Iterator<Item = &Release> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let stable = releases.iter().rev().filter(|release| !release.is_pre());
    let of_each = stable.filter(move |release| {
        let count = counts.entry(&release.prefix).or_default();
        *count += 1;
        *count <= OF_EACH
    });
    of_each.take(OF_ALL)
}

/// The releases that the stand-in gets: the newest, and of each family the
/// newest stable one; Latest stands last. Older ones nobody asks for.
fn shown(prepared: &Prepared) -> Vec<&Release> {
    let all = &prepared.releases;
    let newest = all.len().saturating_sub(NEWEST);
    let asked = prepared.base.as_ref().map(|base| &base.tag);
    let mut families: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, release) in all.iter().enumerate().filter(|(_, r)| !r.is_pre()) {
        families.insert(&release.prefix, at);
    }
    let mut shown: Vec<&Release> = all
        .iter()
        .enumerate()
        .filter(|(at, release)| {
            let highest = families.get(release.prefix.as_str()) == Some(at);
            *at >= newest || highest || asked == Some(&release.tag)
        })
        .map(|(_, release)| release)
        .collect();
    let latest = prepared.latest.as_deref();
    shown.sort_by_key(|release| (latest == Some(&release.tag.name), !release.is_pre()));
    shown
}

/// A release for each of those tags.
fn made_up_releases(prepared: &Prepared, world: &mut World, repo: u64, start: Millis) {
    let maintainer = world.add_user(Part::Maintainer.login());
    for release in shown(prepared) {
        let tag = &release.tag.name;
        let assets = prepared.assets(&release.version);
        let assets: Vec<&str> = assets.iter().map(String::as_str).collect();
        let at = (release.tag.at + 20 * MINUTE).min(start - MINUTE);
        let body = format!("Made up for a rehearsal: {tag}");
        let id = releases::seed(world, repo, tag, maintainer, &body, at, &assets);
        let known = world.repos.get_mut(&repo).map(|r| &mut r.releases);
        if let Some(made) = known.and_then(|r| r.all.get_mut(&id)) {
            made.prerelease = release.is_pre();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rehearsal::your_repo::source::Tag;

    /// Where several packages are released at a time, a base and what came before it
    /// are not among the newest of all.
    #[test]
    fn the_newest_of_each_name_are_looked_at() {
        let mut releases = Vec::new();
        for number in 0..9 {
            for prefix in ["v", "core-v", "extra-v"] {
                let tag = Tag {
                    name: format!("{prefix}1.0.{number}"),
                    target: String::new(),
                    commit: String::new(),
                    at: 0,
                };
                releases.extend(Release::of(&tag));
            }
        }
        let of = |prefix: &str| -> Vec<String> {
            let all = newest_of_each(&releases).filter(|it| it.prefix == prefix);
            all.map(|it| it.version.clone()).collect()
        };
        for prefix in ["v", "core-v", "extra-v"] {
            assert_eq!(of(prefix).len(), OF_EACH);
            assert_eq!(of(prefix)[..2], ["1.0.8", "1.0.7"]);
        }
    }
}
