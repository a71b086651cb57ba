//! Sets the stage: a stand-in with the sample project, its people, and the App.

use std::path::Path;

use super::actors::Part;
use super::sample;
use super::view::Scene;
use crate::sim::clock::{Millis, SimClock};
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
    /// `start`, and puts the sample into it.
    ///
    /// # Errors
    /// In words, when the stand-in cannot be started or filled.
    pub async fn set(dir: &Path, start: Millis) -> Result<Stage, String> {
        let options = SimOptions {
            dir: dir.to_owned(),
            clock: SimClock::owned(start),
            index_lag_ms: INDEX_LAG,
            fresh_token_refusals: 0,
        };
        let started = Sim::start(options).await;
        let sim = started.map_err(|e| format!("the stand-in cannot be started: {e}"))?;
        let filled = fill(&mut sim.world(), start);
        let scene = filled.map_err(|e| format!("the stand-in cannot be filled: {e}"))?;
        Ok(Stage {
            sim,
            scene,
            webhook_secret: SECRET,
            private_key: TEST_APP_KEY,
        })
    }
}

fn fill(world: &mut World, start: Millis) -> Result<Scene, String> {
    let refused =
        |what: &'static str| move |e: crate::sim::router::Refusal| format!("{what}: {}", e.message);
    world.add_org(sample::OWNER);
    let repo = world
        .create_repo(sample::OWNER, sample::NAME, false)
        .map_err(refused("repository"))?;
    for part in Part::ALL {
        world.add_user(part.login());
    }
    world.set_role(repo, Part::Reporter.login(), Role::Read);
    world.set_role(repo, Part::Developer.login(), Role::Write);
    world.set_role(repo, Part::Maintainer.login(), Role::Maintain);
    for (label, color) in [
        ("P0", "b60205"),
        ("P1", "d93f0b"),
        ("P2", "fbca04"),
        ("bug", "d73a4a"),
    ] {
        world.add_label(repo, label, color);
    }
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
    let app = NewApp {
        slug: SLUG,
        owner: sample::OWNER,
        key_pem: TEST_APP_KEY,
        webhook_secret: SECRET,
        permissions: &PERMISSIONS,
        events: &[],
    };
    let app = world.add_app(&app).map_err(refused("App"))?;
    world
        .install_app(app, &[repo])
        .map_err(refused("installation"))?;
    let bot = world
        .apps
        .get(&app)
        .map(|a| a.bot)
        .ok_or("the App has no account")?;
    let [publish, release] = sample::RELEASE_WORKFLOWS.map(str::to_owned);
    Ok(Scene {
        repo,
        app,
        bot,
        package: sample::NAME.to_owned(),
        base_tag: format!("v{}", sample::BASE),
        base_version: sample::BASE.to_owned(),
        tests: sample::TESTS.map(str::to_owned).to_vec(),
        publish,
        release,
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
