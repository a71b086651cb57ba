//! A rehearsal from its beginning to its report.

use std::time::Instant;

use super::args::RehearseArgs;
use super::artifacts::Artifacts;
use super::driver::{Driver, Pace};
use super::judge::Verdict;
use super::narrator::Narrator;
use super::report::Report;
use super::scenario::{self, unexpected};
use super::server::{Server, ServerSetup, registry_urls};
use super::stage::Stage;
use super::view::View;
use super::your_repo::{Asked, Prepared};
use super::{sample, summary, wrap, your_repo};
use crate::clock::Clock;
use crate::sim::clock::Millis;

/// Monday, 2 March 2026, 08:50 UTC: when every rehearsal begins.
pub const START: Millis = 1_772_441_400_000;

/// Why it ended where somebody ended it.
const INTERRUPTED: &str = "interrupted";

/// Why a rehearsal could not be played or written down, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It was called wrongly.
    #[error("{0}")]
    Usage(String),
    /// A folder, the stand-in or the server did not work.
    #[error("{0}")]
    Failed(String),
}

/// Plays a rehearsal with the server that `start` gives, and tells the narrator;
/// gives the report.
///
/// # Errors
/// When a folder or file cannot be used, or stand-in or server do not start.
pub async fn play<S, F>(
    args: &RehearseArgs,
    start: F,
    narrator: &mut Narrator,
) -> Result<Report, Trouble>
where
    S: Server,
    F: AsyncFnOnce(ServerSetup, &Stage) -> Result<S, String>,
{
    let began = Instant::now();
    if let Some(path) = &args.report {
        // Found out now and not after the whole rehearsal.
        let opened = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(path);
        opened.map_err(|e| Trouble::Usage(format!("--report {}: {e}", path.display())))?;
    }
    let prepared = args
        .repo
        .as_deref()
        .map(|path| your_repo::prepare(args, path))
        .transpose()
        .map_err(Trouble::Usage)?;
    if let Some(named) = &args.scenario {
        scenario::find(named).map_err(Trouble::Usage)?;
    }
    if let (None, Some(file)) = (&prepared, &args.fail) {
        sample::has_workflow(file).map_err(Trouble::Usage)?;
    }
    let artifacts = Artifacts::new(args.keep.as_deref()).map_err(Trouble::Usage)?;
    let begins = prepared.as_ref().map_or(START, |p| p.start(START));
    let stage = Stage::set(&artifacts.git(), begins, args, prepared.as_ref())
        .await
        .map_err(Trouble::Failed)?;
    let clock = Clock::owned(begins);
    let setup = ServerSetup {
        page: args.page,
        ..setup(&stage, &artifacts, &clock)
    };
    let server = start(setup, &stage).await;
    let server = server.map_err(|e| Trouble::Failed(format!("the server does not start: {e}")))?;
    stage.sim.set_webhook(Some(server.webhook_url()));
    if let Some(url) = server.page_url() {
        narrator.plain(&format!("The page of this rehearsal: {url}"));
    }
    narrator.hush(args.quiet);
    let pace = args.speed.map_or(Pace::Free, Pace::Times);
    narrator.heading(&format!(
        "Rehearsing a hotfix of {} (times are simulated, UTC)",
        stage.scene.name
    ));
    if let Some(prepared) = &prepared {
        for line in your_repo::describe(prepared, &stage.scene) {
            narrator.plain(&format!("  {}", wrap::wrapped(&line, 4)));
        }
        narrator.plain("");
    }
    if let Some(script) = &stage.scene.script {
        narrator.plain(&format!("  {}", wrap::wrapped(&script.shows, 4)));
        narrator.plain("");
    }
    let mut driver = Driver::new(&stage, &server, &clock, pace);
    let reason = tokio::select! {
        ending = driver.play(narrator) => ending.reason().to_owned(),
        // Without a handler for it, Ctrl-C ends the process anyway.
        Ok(()) = tokio::signal::ctrl_c() => INTERRUPTED.to_owned(),
    };
    narrator.hush(false);
    let verdict = driver.verdict();
    let asked = driver.asked().clone();
    drop(driver);
    stage.sim.set_webhook(None);
    // A page that shows it stays until somebody has seen enough.
    let stays = args.page.is_some() && reason != INTERRUPTED;
    let server = match stays {
        true => Some(server),
        false => {
            server.stop().await;
            None
        }
    };
    let report = finish(
        &stage,
        &artifacts,
        verdict,
        (&reason, &asked),
        prepared.as_ref(),
        began,
        narrator,
    )
    .map_err(Trouble::Failed)?;
    if let Some(path) = &args.report {
        report.write(path).map_err(Trouble::Failed)?;
    }
    if let Some(server) = server {
        let url = server.page_url().unwrap_or_default();
        narrator.plain(&format!("The page stays at {url} until Ctrl-C."));
        let _ = tokio::signal::ctrl_c().await;
        server.stop().await;
    }
    stage.sim.stop();
    if let Some(dir) = &args.keep {
        narrator.plain(&format!("Kept in {}", dir.display()));
    }
    Ok(report)
}

fn setup(stage: &Stage, artifacts: &Artifacts, clock: &Clock) -> ServerSetup {
    ServerSetup {
        api_url: stage.sim.api_url(),
        crates_url: stage.sim.crates_url(),
        crates_index_url: stage.sim.crates_index_url(),
        registries: registry_urls(&stage.sim),
        status_urls: stage.sim.status_urls(),
        crates_token: Some("rehearsed"),
        channels: super::channels::channels(stage),
        app_id: stage.scene.app,
        private_key: stage.private_key,
        webhook_secret: stage.webhook_secret,
        page: None,
        database_url: format!("sqlite:{}", artifacts.database().display()),
        clock: clock.clone(),
    }
}

fn finish(
    stage: &Stage,
    artifacts: &Artifacts,
    verdict: Option<Verdict>,
    (reason, asked): (&str, &Asked),
    prepared: Option<&Prepared>,
    began: Instant,
    narrator: &mut Narrator,
) -> Result<Report, String> {
    let world = stage.sim.world();
    let view = View::new(&world, &stage.scene).ok_or("the repository is gone from the stand-in")?;
    let verdict = verdict.ok_or("the world could not be judged")?;
    let reason = match view.needed().filter(|_| !verdict.is_finished()) {
        Some(needed) => format!("{reason}; the status comment asks for: {needed}"),
        None => reason.to_owned(),
    };
    let wall = began.elapsed().as_secs_f64();
    let mut report = Report::new(&view, &verdict, asked, &reason, wall);
    if let Some(prepared) = prepared {
        report.shape = prepared.shape();
        let mut found = stage.scene.findings.clone();
        found.extend(your_repo::at_the_base(&view));
        found.extend(your_repo::conflicts(&view));
        if !verdict.is_finished() {
            // It did stop: what stands here is not only what might have.
            found.push(format!("It ended here: {}", report.reason));
        }
        report.would_have_stopped = Some(found);
    }
    if let Some(script) = &view.scene.script {
        report.unexpected = Some(unexpected(script, &view, report.outcome));
    }
    summary::print(narrator, &view, &verdict, &report);
    if artifacts.is_kept() {
        artifacts
            .write_log(&world)
            .map_err(|e| format!("--keep: {e}"))?;
    }
    Ok(report)
}
