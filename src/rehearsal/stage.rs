//! Sets the stage: a stand-in with the sample project, or with somebody's own
//! repository, its people, and the App.

use std::path::Path;

use super::accounts::SECRET;
use super::args::RehearseArgs;
use super::part::Part;
use super::sample;
use super::scene::Scene;
use super::your_repo::{self, Prepared};
use crate::sim::actions::Failure;
use crate::sim::advisory::Vulnerability;
use crate::sim::clock::{Millis, SimClock};
use crate::sim::router::Refusal;
use crate::sim::{Sim, SimOptions, TEST_APP_KEY, Who, World};

/// How late the registry's index shows a new version.
const INDEX_LAG: Millis = 2 * 60_000;

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
        prepared: Option<&Prepared>,
    ) -> Result<Stage, String> {
        let options = SimOptions {
            dir: dir.to_owned(),
            clock: SimClock::owned(start),
            index_lag_ms: INDEX_LAG,
            fresh_token_refusals: 0,
        };
        let started = Sim::start(options).await;
        let sim = started.map_err(|e| format!("the stand-in cannot be started: {e}"))?;
        let filled = match prepared {
            Some(prepared) => your_repo::fill(prepared, &mut sim.world(), args, start),
            None => sample::fill(&mut sim.world(), args, start),
        };
        let scene = filled.map_err(|e| format!("the stand-in cannot be filled: {e}"))?;
        // A test fails when the fix comes; everything else whenever it first runs.
        if let Some(file) = scene.fail.as_ref().filter(|f| {
            let roles = scene.product.get().map(|p| &p.roles);
            roles.is_none_or(|r| !r.tests.contains(f))
        }) && let Some(settings) = sim.world().run_settings(scene.repo)
        {
            settings.failures.push(Failure::first_attempt(file));
        }
        if let Some(script) = &scene.script {
            let project = &script.project;
            let mut world = sim.world();
            if let Some(settings) = world.run_settings(scene.repo) {
                let files = project.fail_too.iter();
                settings
                    .failures
                    .extend(files.map(|it| Failure::first_attempt(it)));
                let jobs = project.fail_at.iter();
                settings.failures.extend(jobs.map(|(file, job)| Failure {
                    job: Some(job.clone()),
                    ..Failure::first_attempt(file)
                }));
            }
            if let Some(repo) = world.repos.get_mut(&scene.repo) {
                repo.releases.immutable |= project.immutable;
            }
            if let Some(id) = &project.advisory {
                draft(&mut world, scene.repo, id).map_err(|why| why.message)?;
            }
            for (receiver, moods) in &project.receivers {
                let moods = moods.iter().map(|it| it.of()).collect();
                world.chat.moods.insert(receiver.of(), moods);
            }
            if project.no_token {
                world.registry.tokens = vec!["somebody else's".to_owned()];
            }
        }
        Ok(Stage {
            sim,
            scene,
            webhook_secret: SECRET,
            private_key: TEST_APP_KEY,
        })
    }
}

/// The maintainer's draft of an advisory, and an App that may publish it.
fn draft(world: &mut World, repo: u64, id: &str) -> Result<(), Refusal> {
    let author = world.add_user(Part::Maintainer.login());
    let entry = Vulnerability {
        ecosystem: "rust".to_owned(),
        package: "lantern".to_owned(),
        range: Some("< 1.0.5".to_owned()),
        ..Vulnerability::default()
    };
    let words = (id, "Settings are read by everybody", "Since 1.0.4.");
    world.draft_advisory(repo, words, vec![entry], &Who::person(author))?;
    for installation in world.installations.values_mut() {
        let right = ("repository_advisories".to_owned(), "write".to_owned());
        installation.permissions.extend([right]);
    }
    Ok(())
}
