//! A rehearsal with things going wrong.

use std::path::Path;
use std::sync::{Arc, Mutex};

use hotfix_bot::clock::Millis;
use hotfix_bot::rehearsal::{self, Narrator, RehearseArgs, Report, Scene, Server};
use hotfix_bot::sim::{FaultPlan, Sim, Strike};
use tokio::runtime::Builder;

use super::ending::Ending;
use super::pair::Pair;
use super::postgres::Database;
use super::server::{Away, Mortal};

const MINUTE: i64 = 60_000;

/// Something that is done to the stand-in.
pub type Change = Box<dyn FnOnce(&Sim) + Send>;

/// What goes wrong.
#[derive(Default)]
pub struct Troubles {
    /// The write at which the server is killed.
    pub fault: Option<FaultPlan>,
    /// When the server is down, minutes after the beginning.
    pub down: Option<(i64, i64)>,
    /// When the server hears nothing, minutes after the beginning.
    pub deaf: Option<(i64, i64)>,
    /// The scenario that is played; none: an ordinary day.
    pub scenario: Option<&'static str>,
    /// Two servers on one database of PostgreSQL; the one that leads is killed at the
    /// fault, and the next a little later.
    pub pair: bool,
    /// Whatever else is to be different in the stand-in.
    pub before: Option<Change>,
}

/// What came of it.
pub struct Played {
    /// What `--report` writes.
    pub report: Report,
    /// The world at the end.
    pub ending: Ending,
    /// The faults that struck.
    pub strikes: Vec<Strike>,
    /// Writes that reached the stand-in.
    pub writes: usize,
    /// What was narrated.
    pub story: String,
    /// The stand-in, stopped; its git repositories are gone.
    pub sim: Sim,
    /// What it was about.
    pub scene: Scene,
}

/// Plays the whole rehearsal on a runtime of its own.
pub fn play(troubles: Troubles) -> Played {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let dir = tempfile::tempdir().expect("a folder");
    runtime.block_on(play_in(dir.path(), troubles))
}

async fn play_in(dir: &Path, troubles: Troubles) -> Played {
    let strikes = Arc::new(Mutex::new(Vec::new()));
    let story = Story::default();
    let mut narrator = Narrator::new(Box::new(story.clone()), false);
    let args = RehearseArgs {
        keep: Some(dir.join("kept")),
        scenario: troubles.scenario.map(str::to_owned),
        ..RehearseArgs::default()
    };
    let mut stage = None;
    let database = match troubles.pair {
        true => Database::new(),
        false => Database::asked_for(),
    };
    let report = rehearsal::play(
        &args,
        async |mut setup, set| {
            if let Some(database) = &database {
                setup.database_url = database.url();
            }
            stage = Some((set.sim.clone(), set.scene.clone()));
            if let Some(before) = troubles.before {
                before(&set.sim);
            }
            set.sim.plan_fault(troubles.fault);
            let down = troubles.down.map(|times| (times, true));
            let away = down.or(troubles.deaf.map(|times| (times, false)));
            let away = away.map(|((from, until), down)| Away {
                down,
                from: set.scene.started + from * MINUTE,
                until: set.scene.started + until * MINUTE,
            });
            let (sim, strikes) = (set.sim.clone(), strikes.clone());
            Ok(match troubles.pair {
                true => Servers::Two(Pair::start(setup, sim, strikes).await?),
                false => Servers::One(Mortal::start(setup, sim, away, strikes).await?),
            })
        },
        &mut narrator,
    )
    .await
    .expect("it is played");
    let (sim, scene) = stage.expect("the stage was set");
    let ending = Ending::of(&sim.world(), &scene);
    let strikes = strikes.lock().unwrap().clone();
    Played {
        report,
        ending,
        strikes,
        writes: sim.writes_seen(),
        story: story.text(),
        sim,
        scene,
    }
}

/// Who plays.
enum Servers {
    One(Mortal),
    Two(Pair),
}

impl Server for Servers {
    fn webhook_url(&self) -> String {
        match self {
            Servers::One(it) => it.webhook_url(),
            Servers::Two(it) => it.webhook_url(),
        }
    }

    async fn busy(&self, now: Millis) -> bool {
        match self {
            Servers::One(it) => it.busy(now).await,
            Servers::Two(it) => it.busy(now).await,
        }
    }

    async fn next_due(&self) -> Option<Millis> {
        match self {
            Servers::One(it) => it.next_due().await,
            Servers::Two(it) => it.next_due().await,
        }
    }

    async fn stop(self) {
        match self {
            Servers::One(it) => it.stop().await,
            Servers::Two(it) => it.stop().await,
        }
    }
}

/// Keeps what is narrated.
#[derive(Clone, Default)]
struct Story(Arc<Mutex<Vec<u8>>>);

impl Story {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl std::io::Write for Story {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
