//! Puts the sample into the stand-in.

use super::history;
use crate::rehearsal::accounts::{people, register};
use crate::rehearsal::args::RehearseArgs;
use crate::rehearsal::part::Part;
use crate::rehearsal::product::Product;
use crate::rehearsal::project::{Config, config};
use crate::rehearsal::project::{Package, Workflows};
use crate::rehearsal::scene::Scene;
use crate::rehearsal::story::{Fix, Story};
use crate::sim::clock::Millis;
use crate::sim::registry::names_repository;
use crate::sim::router::Refusal;
use crate::sim::{Seed, World, releases};

const MINUTE: Millis = 60_000;
const DAY: Millis = 24 * 60 * MINUTE;

/// Fills the stand-in with the sample as it is at `start`; gives the scene.
///
/// # Errors
/// In words, when the stand-in refuses something.
pub fn fill(world: &mut World, args: &RehearseArgs, start: Millis) -> Result<Scene, String> {
    let refused = |what: &'static str| move |e: Refusal| format!("{what}: {}", e.message);
    world.add_org(history::OWNER);
    let repo = world
        .create_repo(history::OWNER, history::NAME, false)
        .map_err(refused("repository"))?;
    let count = args.people.unwrap_or(2);
    people(world, repo, count);
    let maintainer = world.add_user(Part::Maintainer.login());
    for (hour, commit) in history::history().iter().enumerate() {
        // Commits of one day follow one another.
        let at = start - commit.days_ago * DAY + hour as Millis * MINUTE;
        let files: Vec<_> = commit
            .files
            .iter()
            .map(|(p, text)| (*p, text.as_deref()))
            .collect();
        let seed = Seed {
            author: commit.author,
            message: &commit.message,
            at,
            files: &files,
        };
        let sha = world
            .seed(repo, "main", &[seed])
            .map_err(refused("history"))?;
        if let Some(version) = commit.release {
            let tag = format!("v{version}");
            let message = format!("Release {version}");
            world
                .seed_tag(repo, &tag, &sha, Some(&message))
                .map_err(refused("tag"))?;
            let assets = history::assets(version);
            let assets: Vec<&str> = assets.iter().map(String::as_str).collect();
            let body = format!("Everything new in {version} stands in the changelog.");
            let at = at + 20 * MINUTE;
            releases::seed(world, repo, &tag, maintainer, &body, at, &assets);
            world
                .registry
                .publish_existing(at, history::NAME, version)?;
            names_repository(world, history::NAME, repo);
        }
    }
    pace(world, repo);
    let (app, bot) = register(world, history::OWNER, repo)?;
    let of = world.repos.get(&repo).ok_or("the repository is gone")?;
    let tag = format!("v{}", history::BASE);
    let base = of.git.read_ref(&format!("refs/tags/{tag}"));
    let base = base.and_then(|target| of.git.peel(&target));
    let base = base.ok_or("the base tag is gone")?;
    let text = of.git.file_at(&base, config::PATH).unwrap_or_default();
    let config = Config::read(Some(&String::from_utf8_lossy(&text)));
    let roles = Workflows::at(of, &base).roles(&config, &of.default_branch, "v1.0.5");
    let product = Product {
        package: Package {
            name: history::NAME.to_owned(),
            dir: String::new(),
            manifest: "Cargo.toml".to_owned(),
            version: history::BASE.to_owned(),
            published: true,
            in_workspace: false,
        },
        with_it: Vec::new(),
        lock: Some("Cargo.lock".to_owned()),
        changelog: Some("CHANGELOG.md".to_owned()),
        base_tag: tag,
        base_version: history::BASE.to_owned(),
        number: history::BASE.to_owned(),
        roles,
    };
    let files = history::fix()
        .into_iter()
        .map(|(p, text)| (p.to_owned(), text));
    Ok(Scene {
        repo,
        app,
        bot,
        name: format!("{} {}", history::NAME, product.base_tag),
        release_tags: vec![product.base_tag.clone()],
        product: product.into(),
        line_tests: std::sync::OnceLock::new(),
        wanted_base: None,
        answers: args.answer.clone(),
        branch_prefix: config.branch_prefix(),
        manual_test: config.manual_test(),
        config,
        people: count,
        fail: args.fail.as_deref().map(config::file_name),
        story: Story {
            title: history::REPORT.0.to_owned(),
            body: history::REPORT.1.to_owned(),
            fix: Fix::Files {
                title: history::FIX_TITLE.to_owned(),
                why: history::FIX_WHY.to_owned(),
                files: files.collect(),
            },
        },
        registry: Vec::new(),
        findings: Vec::new(),
        started: start,
    })
}

/// How long the workflows take; the document's times, shorter where a small
/// project is faster.
fn pace(world: &mut World, repo: u64) {
    let Some(repo) = world.repos.get_mut(&repo) else {
        return;
    };
    let settings = &mut repo.actions.settings;
    settings.set_pace("ci.yml", 20_000, 4 * MINUTE);
    settings.set_pace("publish.yml", 20_000, 6 * MINUTE);
    settings.set_pace("release.yml", 20_000, 13 * MINUTE);
    settings.set_pace("bundle.yml", 20_000, 5 * MINUTE);
}
