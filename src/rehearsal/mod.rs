//! `hotfix-bot rehearse`: a whole hotfix at a desk. The real server works
//! against the stand-in, on loopback, by a clock that jumps; people act; the
//! stand-in's world is judged.

mod actors;
mod driver;
mod hand;
mod judge;
mod keep;
mod narrate;
mod own;
mod report;
mod sample;
mod sentences;
mod server;
mod stage;
mod summary;
mod view;

#[cfg(test)]
mod tests;

use std::future::Future;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::Instant;

pub use driver::Ending;
pub use judge::{Answer, Demand, Hotfix, Item, Judge, Step, Verdict};
pub use narrate::Narrator;
pub use report::Report;
pub use server::RealServer;
pub use stage::{PERMISSIONS, Stage};
pub use view::{Scene, View};

use crate::clock::{Clock, Millis};
use keep::Place;

/// Exit code: the hotfix is finished.
pub const FINISHED: u8 = 0;
/// Exit code: it is not, or the rehearsal could not be played.
pub const UNFINISHED: u8 = 1;
/// Exit code: it was called wrongly.
pub const USAGE: u8 = 2;

/// Monday, 2 March 2026, 08:50 UTC: when every rehearsal begins.
const START: Millis = 1_772_441_400_000;

/// Play a whole hotfix on the built-in sample project; nothing leaves this machine
#[derive(Clone, Debug, Default, clap::Args)]
pub struct RehearseArgs {
    /// Rehearse on a clone of this repository, which is only read, in place of the sample
    #[arg(long, value_name = "PATH")]
    pub repo: Option<PathBuf>,
    /// Start from this release in place of the newest; newer ones are left out
    #[arg(long, value_name = "TAG", requires = "repo")]
    pub base: Option<String>,
    /// The fix: a commit of the repository, which the developer picks
    #[arg(long, value_name = "SHA", requires = "repo")]
    pub fix: Option<String>,
    /// Let this workflow's run fail once
    #[arg(long, value_name = "WORKFLOW")]
    pub fail: Option<String>,
    /// How many people may push (2); 1: one person labels, fixes and releases alone
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=50))]
    pub people: Option<u32>,
    /// Simulated seconds for each real one; without it, time is skipped wherever nothing happens
    #[arg(long, value_name = "N", value_parser = speed)]
    pub speed: Option<f64>,
    /// Leave repositories, database, deliveries and API calls in this new or empty folder
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Write a report as JSON
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

fn speed(text: &str) -> Result<f64, String> {
    let number: f64 = text
        .parse()
        .map_err(|_| "expected a number, for example 60".to_owned())?;
    let fits = number.is_finite() && (0.001..=1_000_000.0).contains(&number);
    fits.then_some(number)
        .ok_or("expected a number above 0".to_owned())
}

/// How time passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// It jumps to the next thing that is due.
    Free,
    /// So many simulated seconds pass in each real one.
    Times(f64),
}

/// What the server is started with.
#[derive(Clone, Debug)]
pub struct ServerSetup {
    /// GitHub's REST API, without a trailing slash.
    pub api_url: String,
    /// The registry's API.
    pub crates_url: String,
    /// The registry's sparse index.
    pub crates_index_url: String,
    /// The App's id.
    pub app_id: u64,
    /// The App's private key, PEM (PKCS#1). A throw-away of the stand-in.
    pub private_key: &'static str,
    /// What deliveries are signed with.
    pub webhook_secret: &'static str,
    /// The SQLite file, not there yet.
    pub database: PathBuf,
    /// The server's clock; the rehearsal moves it.
    pub clock: Clock,
}

/// The server under rehearsal.
pub trait Server {
    /// Where it takes deliveries.
    fn webhook_url(&self) -> String;
    /// Whether anything is under way, or is due at `now` and not done.
    fn busy(&self, now: Millis) -> impl Future<Output = bool> + Send;
    /// The earliest moment at which it has something to do by itself.
    fn next_due(&self) -> impl Future<Output = Option<Millis>> + Send;
    /// Stops it, so that its database is closed.
    fn stop(self) -> impl Future<Output = ()> + Send;
}

/// Plays a rehearsal with the server that `start` gives, and prints it to
/// standard output; gives the exit code. An error message goes to standard
/// error.
pub async fn rehearse<S, F>(args: &RehearseArgs, start: F) -> u8
where
    S: Server,
    F: AsyncFnOnce(ServerSetup, &Stage) -> Result<S, String>,
{
    let stdout = std::io::stdout();
    let colour = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let mut narrator = Narrator::new(Box::new(stdout), colour);
    match play(args, start, &mut narrator).await {
        Ok(report) if report.outcome == "finished" => FINISHED,
        Ok(_) => UNFINISHED,
        Err(Trouble { code, message }) => {
            let _ = writeln!(std::io::stderr(), "hotfix-bot rehearse: {message}");
            code
        }
    }
}

/// Why a rehearsal could not be played or written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The exit code.
    pub code: u8,
    /// What went wrong, in words.
    pub message: String,
}

/// As [`rehearse`], for a narrator of one's own; gives the report.
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
    let usage = |message| Trouble {
        code: USAGE,
        message,
    };
    let failed = |message| Trouble {
        code: UNFINISHED,
        message,
    };
    if let Some(path) = &args.report {
        // Found out now and not after the whole rehearsal.
        let opened = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(path);
        opened.map_err(|e| usage(format!("--report {}: {e}", path.display())))?;
    }
    let own = args
        .repo
        .as_deref()
        .map(|path| own::clone::prepare(args, path))
        .transpose()
        .map_err(usage)?;
    if let (None, Some(file)) = (&own, &args.fail) {
        sample::has_workflow(file).map_err(usage)?;
    }
    let place = Place::new(args.keep.as_deref()).map_err(usage)?;
    let begins = own.as_ref().map_or(START, |own| own.start(START));
    let stage = Stage::set(&place.git(), begins, args, own.as_ref())
        .await
        .map_err(failed)?;
    let clock = Clock::owned(begins);
    let server = start(setup(&stage, &place, &clock), &stage).await;
    let server = server.map_err(|e| failed(format!("the server does not start: {e}")))?;
    stage.sim.set_webhook(Some(server.webhook_url()));
    let pace = args.speed.map_or(Pace::Free, Pace::Times);
    narrator.heading(&format!(
        "Rehearsing a hotfix of {} {} (times are simulated, UTC)",
        stage.scene.package.name, stage.scene.base_tag
    ));
    if let Some(own) = &own {
        for line in own.describe(&stage.scene) {
            narrator.plain(&format!("  {}", narrate::wrapped(&line, 4)));
        }
        narrator.plain("");
    }
    let mut driver = driver::Driver::new(&stage, &server, &clock, pace);
    let reason = tokio::select! {
        ending = driver.play(narrator) => ending.reason().to_owned(),
        // Without a handler for it, Ctrl-C ends the process anyway.
        Ok(()) = tokio::signal::ctrl_c() => "interrupted".to_owned(),
    };
    let verdict = driver.verdict();
    drop(driver);
    stage.sim.set_webhook(None);
    server.stop().await;
    let report = finish(
        &stage,
        &place,
        verdict,
        &reason,
        own.is_some(),
        began,
        narrator,
    )
    .map_err(failed)?;
    stage.sim.stop();
    if let Some(path) = &args.report {
        report.write(path).map_err(failed)?;
    }
    if let Some(dir) = &args.keep {
        narrator.plain(&format!("Kept in {}", dir.display()));
    }
    Ok(report)
}

fn setup(stage: &Stage, place: &Place, clock: &Clock) -> ServerSetup {
    ServerSetup {
        api_url: stage.sim.api_url(),
        crates_url: stage.sim.crates_url(),
        crates_index_url: stage.sim.crates_index_url(),
        app_id: stage.scene.app,
        private_key: stage.private_key,
        webhook_secret: stage.webhook_secret,
        database: place.database(),
        clock: clock.clone(),
    }
}

fn finish(
    stage: &Stage,
    place: &Place,
    verdict: Option<Verdict>,
    reason: &str,
    is_own: bool,
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
    let mut report = Report::new(&view, &verdict, &reason, began.elapsed().as_secs_f64());
    if is_own {
        let mut found = stage.scene.findings.clone();
        found.extend(own::stopped::on_the_way(&view));
        report.would_have_stopped = Some(found);
    }
    summary::print(narrator, &view, &verdict, &report);
    if place.is_kept() {
        place
            .write_log(&world)
            .map_err(|e| format!("--keep: {e}"))?;
    }
    Ok(report)
}
