//! Sets the stage: a stand-in with the sample project, its people, and the App.

use std::path::Path;

use super::RehearseArgs;
use super::actors::Part;
use super::own::Config;
use super::own::clone::Prepared;
use super::own::config;
use super::own::fix::{Fix, Story};
use super::own::flows::Flows;
use super::own::package::Package;
use super::sample;
use super::view::Scene;
use crate::sim::actions::Failure;
use crate::sim::clock::{Millis, SimClock};
use crate::sim::world::UserId;
use crate::sim::{NewApp, Role, Seed, Sim, SimOptions, TEST_APP_KEY, World, releases};

const MINUTE: Millis = 60_000;
const DAY: Millis = 24 * 60 * MINUTE;
/// How late the registry's index shows a new version.
const INDEX_LAG: Millis = 2 * MINUTE;
/// The webhook secret of the rehearsal; it guards a socket on loopback only.
const SECRET: &str = "rehearsal-webhook-secret";
/// The App's name in URLs.
const SLUG: &str = "hotfix-bot";

/// What the App asks for.
pub const PERMISSIONS: [(&str, &str); 10] = [
    ("actions", "write"),
    ("administration", "read"),
    ("checks", "write"),
    ("contents", "write"),
    ("issues", "write"),
    ("members", "read"),
    ("metadata", "read"),
    ("pull_requests", "write"),
    ("statuses", "read"),
    ("workflows", "write"),
];

/// A stand-in that is ready for the rehearsal.
#[derive(Debug)]
pub struct Stage {
    /// The stand-in.
    pub sim: Sim,
    /// What it is about.
    pub scene: Scene,
    /// What the App's deliveries are signed with.
    pub webhook_secret: &'static str,
    /// The App's private key, PEM.
    pub private_key: &'static str,
}

impl Stage {
    /// Starts a stand-in whose repositories live below `dir`, its clock at
    /// `start`, and puts the sample into it, or the repository that was named.
    ///
    /// # Errors
    /// In words, when the stand-in cannot be started or filled.
    pub async fn set(
        dir: &Path,
        start: Millis,
        args: &RehearseArgs,
        own: Option<&Prepared>,
    ) -> Result<Stage, String> {
        let options = SimOptions {
            dir: dir.to_owned(),
            clock: SimClock::owned(start),
            index_lag_ms: INDEX_LAG,
            fresh_token_refusals: 0,
        };
        let started = Sim::start(options).await;
        let sim = started.map_err(|e| format!("the stand-in cannot be started: {e}"))?;
        let filled = match own {
            Some(own) => own.fill(&mut sim.world(), args, start),
            None => fill(&mut sim.world(), args, start),
        };
        let scene = filled.map_err(|e| format!("the stand-in cannot be filled: {e}"))?;
        // A test fails when the fix comes; everything else whenever it first runs.
        if let Some(file) = scene
            .fail
            .as_ref()
            .filter(|f| !scene.roles.tests.contains(f))
            && let Some(settings) = sim.world().run_settings(scene.repo)
        {
            settings.failures.push(Failure::first_attempt(file));
        }
        Ok(Stage {
            sim,
            scene,
            webhook_secret: SECRET,
            private_key: TEST_APP_KEY,
        })
    }
}

fn fill(world: &mut World, args: &RehearseArgs, start: Millis) -> Result<Scene, String> {
    let refused =
        |what: &'static str| move |e: crate::sim::router::Refusal| format!("{what}: {}", e.message);
    world.add_org(sample::OWNER);
    let repo = world
        .create_repo(sample::OWNER, sample::NAME, false)
        .map_err(refused("repository"))?;
    let count = args.people.unwrap_or(2);
    people(world, repo, count);
    let maintainer = world.add_user(Part::Maintainer.login());
    for (hour, commit) in sample::history().iter().enumerate() {
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
            let assets = sample::assets(version);
            let assets: Vec<&str> = assets.iter().map(String::as_str).collect();
            let body = format!("Everything new in {version} stands in the changelog.");
            let at = at + 20 * MINUTE;
            releases::seed(world, repo, &tag, maintainer, &body, at, &assets);
            world.registry.publish_existing(at, sample::NAME, version)?;
        }
    }
    pace(world, repo);
    let (app, bot) = register(world, sample::OWNER, repo)?;
    let of = world.repos.get(&repo).ok_or("the repository is gone")?;
    let tag = format!("v{}", sample::BASE);
    let base = of.git.read_ref(&format!("refs/tags/{tag}"));
    let base = base.and_then(|target| of.git.peel(&target));
    let base = base.ok_or("the base tag is gone")?;
    let text = of.git.file_at(&base, config::PATH).unwrap_or_default();
    let config = Config::read(Some(&String::from_utf8_lossy(&text)));
    let roles = Flows::at(of, &base).roles(&config, &of.default_branch, "v1.0.5");
    let files = sample::fix()
        .into_iter()
        .map(|(p, text)| (p.to_owned(), text));
    Ok(Scene {
        repo,
        app,
        bot,
        package: Package {
            name: sample::NAME.to_owned(),
            dir: String::new(),
            manifest: "Cargo.toml".to_owned(),
            version: sample::BASE.to_owned(),
            published: true,
            in_workspace: false,
        },
        lock: Some("Cargo.lock".to_owned()),
        changelog: Some("CHANGELOG.md".to_owned()),
        base_tag: tag,
        base_version: sample::BASE.to_owned(),
        branch_prefix: config.branch_prefix(),
        manual_test: config.manual_test(),
        roles,
        people: count,
        fail: args.fail.as_deref().map(config::file_name),
        story: Story {
            title: sample::REPORT.0.to_owned(),
            body: sample::REPORT.1.to_owned(),
            fix: Fix::Files {
                title: sample::FIX_TITLE.to_owned(),
                why: sample::FIX_WHY.to_owned(),
                files: files.collect(),
            },
        },
        findings: Vec::new(),
        started: start,
    })
}

/// The people of a repository, `count` of whom may push, and its labels.
pub fn people(world: &mut World, repo: u64, count: u32) {
    for part in Part::ALL {
        world.add_user(part.login());
    }
    world.set_role(repo, Part::Reporter.login(), Role::Read);
    world.set_role(repo, Part::Maintainer.login(), Role::Maintain);
    if count > 1 {
        world.set_role(repo, Part::Developer.login(), Role::Write);
    }
    for number in 3..=count {
        world.set_role(repo, &format!("colleague-{}", number - 2), Role::Write);
    }
    for (label, color) in [
        ("P0", "b60205"),
        ("P1", "d93f0b"),
        ("P2", "fbca04"),
        ("bug", "d73a4a"),
    ] {
        world.add_label(repo, label, color);
    }
}

/// Registers the App and installs it; gives its id and its account.
///
/// # Errors
/// In words, when the stand-in refuses it.
pub fn register(world: &mut World, owner: &str, repo: u64) -> Result<(u64, UserId), String> {
    let app = NewApp {
        slug: SLUG,
        owner,
        key_pem: TEST_APP_KEY,
        webhook_secret: SECRET,
        permissions: &PERMISSIONS,
        events: &[],
    };
    let app = world
        .add_app(&app)
        .map_err(|e| format!("App: {}", e.message))?;
    world
        .install_app(app, &[repo])
        .map_err(|e| format!("installation: {}", e.message))?;
    let known = world.apps.get(&app);
    let bot = known.map(|a| a.bot).ok_or("the App has no account")?;
    Ok((app, bot))
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
