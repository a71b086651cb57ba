//! Puts a repository into the stand-in: a bare clone that shares the objects,
//! with a release and a registry version for each stable tag.

use semver::Version;

use super::obstacles;
use super::prepared::Prepared;
use crate::rehearsal::accounts::{people, register};
use crate::rehearsal::args::RehearseArgs;
use crate::rehearsal::part::Part;
use crate::rehearsal::project::{Workflows, config};
use crate::rehearsal::scene::Scene;
use crate::rehearsal::story::Fix;
use crate::sim::clock::Millis;
use crate::sim::registry::names_repository;
use crate::sim::router::Refusal;
use crate::sim::{World, releases};

const MINUTE: Millis = 60_000;

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
    let mut tips = vec![source.head.as_str(), prepared.base.tag.commit.as_str()];
    let parent = match &prepared.story.fix {
        Fix::Pick { sha, .. } => {
            tips.push(sha);
            source.commit(&format!("{sha}^"))
        }
        Fix::Files { .. } => None,
    };
    tips.extend(parent.as_deref());
    if let Some(settings) = world.run_settings(repo) {
        settings.nameless = source.address.is_none();
    }
    let git = &world.repos.get(&repo).ok_or("the repository is gone")?.git;
    let gaps = git.fill_gaps(&tips).map_err(|e| e.to_string())?;
    let count = args.people.unwrap_or(2);
    people(world, repo, count);
    let maintainer = world.add_user(Part::Maintainer.login());
    for release in &prepared.releases {
        let assets = prepared.assets(&release.version);
        let assets: Vec<&str> = assets.iter().map(String::as_str).collect();
        let at = (release.tag.at + 20 * MINUTE).min(start - MINUTE);
        let body = format!("Made up for a rehearsal: {}", release.tag.name);
        releases::seed(
            world,
            repo,
            &release.tag.name,
            maintainer,
            &body,
            at,
            &assets,
        );
        if prepared.package.published {
            let version = release.version.to_string();
            let known = &mut world.registry;
            known.publish_existing(at, &prepared.package.name, &version)?;
            names_repository(world, &prepared.package.name, repo);
        }
    }
    let (app, bot) = register(world, owner, repo)?;
    let of = world.repos.get(&repo).ok_or("the repository is gone")?;
    let workflows = Workflows::at(of, &prepared.base.tag.commit);
    let next = Version::new(
        prepared.base.version.major,
        prepared.base.version.minor,
        prepared.base.version.patch + 1,
    );
    let tag = prepared.pattern.replace("{version}", &next.to_string());
    let roles = workflows.roles(&prepared.config, &source.branch, &tag);
    let branch = format!("{}{next}", prepared.config.branch_prefix());
    let mut findings = obstacles::seen_before(prepared, &workflows, &roles, &branch, count);
    if gaps > 0 {
        findings.push(format!(
            "{gaps} files have no content in this clone: a line stood in for each, so that what is said of them (conflicts, lines) may not hold"
        ));
    }
    Ok(Scene {
        repo,
        app,
        bot,
        package: prepared.package.clone(),
        lock: prepared.lock.clone(),
        changelog: prepared.changelog.clone(),
        base_tag: prepared.base.tag.name.clone(),
        base_version: prepared.base.version.to_string(),
        branch_prefix: prepared.config.branch_prefix(),
        manual_test: prepared.config.manual_test(),
        roles,
        people: count,
        fail: args.fail.as_deref().map(config::file_name),
        story: prepared.story.clone(),
        findings,
        started: start,
    })
}
