//! A clone looked at as the bot would look at its repository: on the stand-in,
//! with nothing played.

use std::path::Path;

use super::accounts::SECRET;
use super::args::RehearseArgs;
use super::artifacts::Artifacts;
use super::play::START;
use super::server::registry_urls;
use super::stage::Stage;
use super::your_repo::{self, Prepared};
use crate::clock::{Clock, Millis};
use crate::domain::ailments::Eyes;
use crate::engine::examine::Examination;
use crate::github::{GitHub, GitHubOptions};
use crate::registry::{CratesIo, CratesIoOptions, Registries};
use crate::server::roots;

/// A clone on the stand-in.
pub struct Desk {
    stage: Stage,
    prepared: Prepared,
    now: Millis,
    /// Where it lies until it was looked at.
    _files: Artifacts,
}

impl Desk {
    /// Carries the clone over; it is only read.
    ///
    /// # Errors
    /// One line that says what is wrong with it.
    pub async fn of(path: &Path, name: Option<(String, String)>) -> Result<Desk, String> {
        let args = RehearseArgs {
            repo: Some(path.to_owned()),
            name,
            ..RehearseArgs::default()
        };
        let told = |error: String| error.trim_start_matches("--repo ").to_owned();
        let prepared = your_repo::prepare(&args, path).map_err(told)?;
        let files = Artifacts::new(None)?;
        let now = prepared.start(START);
        let stage = Stage::set(&files.git(), now, &args, Some(&prepared)).await?;
        Ok(Desk {
            stage,
            prepared,
            now,
            _files: files,
        })
    }

    /// What is to be looked at, and when.
    ///
    /// # Errors
    /// The clients cannot be made.
    pub fn examination(&self) -> Result<(Examination, Millis), String> {
        let clock = Clock::owned(self.now);
        let sim = &self.stage.sim;
        let app = self.stage.scene.app.to_string();
        let key = self.stage.private_key.to_owned().into();
        let options = GitHubOptions::new(sim.api_url(), app, key, clock.clone());
        let github = GitHub::new(options).map_err(|e| e.to_string())?;
        let registry =
            CratesIoOptions::new(sim.crates_url(), sim.crates_index_url(), SECRET, clock);
        let crates = CratesIo::new(registry).map_err(|e| e.to_string())?;
        let registry = Registries::new(crates, roots(&registry_urls(sim)));
        let (owner, name) = self.prepared.name.clone();
        let examination = Examination {
            github,
            registry,
            owner,
            name,
            eyes: Eyes::Clone,
        };
        Ok((examination, self.now))
    }

    /// Whether the clone has no tag at all, which its origin may have.
    pub fn has_no_tags(&self) -> bool {
        self.prepared.source.tags.is_empty() && self.prepared.source.odd_tags.is_empty()
    }

    /// Ends the stand-in.
    pub fn stop(&self) {
        self.stage.sim.stop();
    }
}
