//! One schedule, played: the whole server against the stand-in, on owned clocks.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use hotfix_bot::clock::Clock;
use hotfix_bot::rehearsal::{
    RehearseArgs, Scene, Server, ServerSetup, Stage, channels, registry_urls,
};
use hotfix_bot::sim::Sim;

use super::cast::{Cast, asked};
use super::life::{Life, folder};
use super::promises::{Promises, Said};
use super::schedule::{Event, MILESTONES, MINUTE, SECOND, Schedule, What};
use super::support::replayed;

/// When it begins on the stand-in's clock.
const START: i64 = 1_772_441_400_000;
/// How long, really, the server may be at work on one moment.
const REST_LIMIT: Duration = Duration::from_secs(60);
/// How often people look.
const LOOKS: i64 = 2 * MINUTE;
/// From here on nothing more goes wrong.
const CALM: i64 = 3 * 60 * MINUTE;
/// So long nothing may change, where everything works and people help.
const QUIET: i64 = 100 * MINUTE;
/// The longest play.
const LIMIT: i64 = 24 * 60 * MINUTE;
/// As many calls in a simulated minute are a live-lock.
const CALLS_A_MINUTE: usize = 400;

/// What the status comment says where it is over: done, or given up.
const OVER: [&str; 3] = [
    "**Nothing is needed any more.**",
    "**Nothing more happens:**",
    "**No hotfix:**",
];

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The hotfix is done.
    Finished,
    /// It was given up.
    Cancelled,
    /// It never began: nobody's label.
    Nothing,
    /// People are asked for something.
    Asked,
}

/// What came of it.
pub struct Played {
    pub ended: Ended,
    /// What is asked at the end, without what differs from play to play.
    pub asked: String,
    /// The promise that was broken.
    pub broken: Option<String>,
    story: Vec<(i64, String)>,
    log: Vec<(i64, String)>,
}

impl Played {
    /// What happened, line by line, with every call and every delivery.
    pub fn story(&self) -> String {
        let mut all: Vec<&(i64, String)> = self.story.iter().chain(&self.log).collect();
        all.sort_by_key(|(at, _)| *at);
        let lines = all.into_iter().map(|(at, what)| {
            let seconds = (at - START) as f64 / SECOND as f64;
            format!("{seconds:>9.1} s  {what}\n")
        });
        lines.collect()
    }
}

/// A play under way.
pub struct Play {
    stage: Stage,
    setup: ServerSetup,
    clock: Clock,
    /// None while it is down.
    life: Option<Life>,
    /// The stand-in's clock minus the server's.
    skew: i64,
    down_until: Option<i64>,
    deaf_until: Option<i64>,
    github_until: Option<i64>,
    /// What is still to come.
    events: Vec<(usize, Event)>,
    /// When each milestone was reached.
    reached: [Option<i64>; MILESTONES.len()],
    looks_at: i64,
    pub cast: Cast,
    pub issue: Option<u64>,
    pub said: Vec<Said>,
    pub count: u32,
    promises: Promises,
    story: Vec<(i64, String)>,
    minute: (i64, usize),
}

/// Plays it on a runtime of its own.
pub fn play(schedule: &Schedule) -> Played {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let dir = folder();
    let played = runtime.block_on(async {
        let mut play = Play::begin(dir.path().to_owned(), schedule).await;
        let ended = play.plays().await;
        play.ends(ended).await
    });
    runtime.shutdown_timeout(Duration::from_secs(5));
    played
}

impl Play {
    async fn begin(dir: PathBuf, schedule: &Schedule) -> Play {
        let args = RehearseArgs::default();
        let stage = Stage::set(&dir.join("git"), START, &args, None).await;
        let stage = stage.expect("a stage");
        let clock = Clock::owned(START);
        let setup = ServerSetup {
            api_url: stage.sim.api_url(),
            crates_url: stage.sim.crates_url(),
            crates_index_url: stage.sim.crates_index_url(),
            registries: registry_urls(&stage.sim),
            status_urls: stage.sim.status_urls(),
            crates_token: Some("a-token-of-the-stand-in"),
            channels: channels(&stage),
            app_id: stage.scene.app,
            private_key: stage.private_key,
            webhook_secret: stage.webhook_secret,
            page: None,
            database_url: format!("sqlite:{}", dir.join("hotfix-bot.db").display()),
            clock: clock.clone(),
        };
        let main = {
            let world = stage.sim.world();
            world.repos[&stage.scene.repo]
                .git
                .read_ref("refs/heads/main")
        };
        let hand = stage.sim.person("developer", stage.scene.repo);
        hand.create_branch("topic", &main.expect("main"))
            .expect("topic");
        let mut play = Play {
            promises: Promises::new(&stage, schedule.patience()),
            stage,
            setup,
            clock,
            life: None,
            skew: 0,
            down_until: None,
            deaf_until: None,
            github_until: None,
            events: schedule.events.clone(),
            reached: Default::default(),
            looks_at: START,
            cast: Cast::default(),
            issue: None,
            said: Vec::new(),
            count: 0,
            story: Vec::new(),
            minute: (0, 0),
        };
        play.rises().await;
        play
    }

    pub fn sim(&self) -> &Sim {
        &self.stage.sim
    }

    pub fn scene(&self) -> &Scene {
        &self.stage.scene
    }

    pub fn now(&self) -> i64 {
        self.sim().clock().now()
    }

    fn tell(&mut self, what: String) {
        self.story.push((self.now(), what));
    }

    /// Calls and deliveries as the stand-in recorded them.
    fn log(&self) -> Vec<(i64, String)> {
        let world = self.sim().world();
        let calls = world.log.calls.iter().map(|it| {
            let why = it.message.as_deref().unwrap_or_default();
            let kind = if it.is_write { "    >" } else { "    ." };
            let path = it.path.replace("/repos/harbour/lantern", "");
            (
                it.at,
                format!("{kind} {} {path} {} {why}", it.method, it.status),
            )
        });
        let deliveries = world.deliveries.all.iter().map(|it| {
            let action = it.action.as_deref().unwrap_or_default();
            let came = it.attempts.iter().map(|one| {
                let late = (one.at - it.at) / SECOND;
                format!(" {}+{late}s", one.status_code)
            });
            let came: String = came.collect();
            (it.at, format!("    < {} {action}{came}", it.event))
        });
        calls.chain(deliveries).collect()
    }

    // The server.

    async fn rises(&mut self) {
        let life = Life::begin(&self.setup).await;
        self.life = Some(life.expect("the server starts"));
        self.down_until = None;
        self.listens();
    }

    async fn dies(&mut self) {
        // What is sent while nobody listens is lost.
        self.sim().set_webhook(None);
        if let Some(life) = self.life.take() {
            life.killed().await;
        }
    }

    fn listens(&self) {
        let url = self.life.as_ref().map(|it| it.server.webhook_url());
        self.sim()
            .set_webhook(url.filter(|_| self.deaf_until.is_none()));
    }

    /// Waits until nothing is under way. An answer that takes its time is not
    /// waited for.
    async fn rest(&mut self) -> Result<(), String> {
        let (began, mut quiet, mut activity) = (Instant::now(), 0, self.sim().activity());
        loop {
            let struck = self.sim().world().faults.struck.clone();
            if let Some(strike) = struck {
                self.dies().await;
                self.sim().release_fault();
                self.rises().await;
                self.tell(format!(
                    "killed {:?} {}",
                    strike.plan.when, strike.operation
                ));
                quiet = 0;
            }
            let seen = self.sim().activity();
            let now = self.now() - self.skew;
            let held = self.sim().on_their_way() > 0;
            let at_work = match &self.life {
                Some(life) => !held && life.server.busy(now).await,
                None => false,
            };
            if seen != activity || !self.sim().is_quiet() || at_work {
                (activity, quiet) = (seen, 0);
            } else {
                quiet += 1;
            }
            if quiet >= if held { 10 } else { 2 } {
                return Ok(());
            }
            if began.elapsed() > REST_LIMIT {
                let what = match &self.life {
                    Some(life) => life.server.what_is_busy(now).await,
                    None => "down".to_owned(),
                };
                return Err(format!("no rest: {what}"));
            }
            // This thread drives nothing but the play.
            std::thread::sleep(Duration::from_micros(300));
        }
    }

    // What happens.

    async fn happens(&mut self, number: usize, event: Event) {
        let now = self.now();
        let came = match event.what {
            What::Calls(planned) => {
                self.sim().world().mishaps.planned.push(planned);
                None
            }
            What::Deliveries(ref fates) => {
                let mut world = self.sim().world();
                world.deliveries.fates.extend(fates.iter().copied());
                None
            }
            What::Dies(for_so_long) => {
                self.dies().await;
                match for_so_long {
                    0 => self.rises().await,
                    _ => self.down_until = Some(now + for_so_long),
                }
                None
            }
            What::Deaf(for_so_long) => {
                self.deaf_until = Some(now + for_so_long);
                self.listens();
                None
            }
            What::Down(for_so_long) => {
                self.github_until = Some(now + for_so_long);
                self.sim().goes_down(true);
                None
            }
            What::Back(by) => {
                self.clock.put_back(by);
                self.skew += by;
                None
            }
            What::Ahead(by) => {
                self.clock.advance_to(self.clock.now() + by);
                self.skew -= by;
                None
            }
            What::Person(deed) => Some(self.does(deed).unwrap_or("there is nothing".into())),
        };
        let came = came.map(|it| format!(" ({it})")).unwrap_or_default();
        self.tell(format!("[{number}] {:?}{came}", event.what));
    }

    /// The next event, if one is due.
    fn due_event(&mut self) -> Option<(usize, Event)> {
        let now = self.now();
        let at = self.events.iter().position(|(_, event)| {
            let from = self.reached[event.after as usize];
            from.is_some_and(|from| from + event.by <= now)
        })?;
        Some(self.events.remove(at))
    }

    /// What is over ends.
    async fn mends(&mut self) -> bool {
        let now = self.now();
        if self.github_until.is_some_and(|it| it <= now) {
            self.github_until = None;
            self.sim().goes_down(false);
            return true;
        }
        if self.deaf_until.is_some_and(|it| it <= now) {
            self.deaf_until = None;
            self.listens();
            return true;
        }
        if self.down_until.is_some_and(|it| it <= now) {
            self.rises().await;
            self.tell("the server is back".to_owned());
            return true;
        }
        false
    }

    /// Nothing goes wrong any more.
    async fn calms(&mut self) {
        self.events.clear();
        {
            let mut world = self.sim().world();
            world.mishaps.planned.clear();
            world.deliveries.fates.clear();
        }
        for until in [
            &mut self.github_until,
            &mut self.deaf_until,
            &mut self.down_until,
        ] {
            *until = until.map(|_| START);
        }
        while self.mends().await {}
    }

    fn reaches(&mut self) {
        let now = self.now();
        let decided = self
            .said
            .iter()
            .any(|it| it.text.contains("/hotfix release "));
        let tests = self.look(|view| {
            let branch = view.branch().is_some();
            let fixed = view.fixed_since().is_some();
            let tagged = view.repo.git.read_ref("refs/tags/v1.0.5").is_some();
            let merged = view.pull().and_then(|it| it.pull.as_ref()?.merged.as_ref());
            let start = view.issue().is_some();
            [start, branch, fixed, decided, tagged, merged.is_some()]
        });
        for (milestone, is_so) in MILESTONES.into_iter().zip(tests) {
            let at = &mut self.reached[milestone as usize];
            if is_so && at.is_none() {
                *at = Some(now);
                self.tell(format!("— {milestone:?}"));
            }
        }
    }

    /// Plays to the end, or to a broken promise.
    async fn plays(&mut self) -> Result<Ended, String> {
        let mut shape = (0, START);
        let mut calm = false;
        loop {
            self.rest().await?;
            self.promises.hold(self.stage.sim.clone(), &self.said)?;
            self.reaches();
            self.live_lock()?;
            let now = self.now();
            if self.mends().await {
                continue;
            }
            if let Some((number, event)) = self.due_event() {
                self.happens(number, event).await;
                continue;
            }
            if self.sim().next_due().is_some_and(|due| due <= now) {
                self.sim().tick();
                continue;
            }
            if now >= self.looks_at {
                self.looks_at = now + LOOKS;
                if let Some(did) = self.turn() {
                    self.tell(did);
                    continue;
                }
            }
            let wrote = self.shape();
            if wrote != shape.0 {
                shape = (wrote, now);
            }
            if !calm && (now - START > CALM || (self.is_done() && self.is_through())) {
                calm = true;
                self.calms().await;
                self.tell("— from here on all is calm".to_owned());
                shape.1 = now;
                continue;
            }
            if calm && now - shape.1 > QUIET {
                break;
            }
            if now - START > LIMIT {
                return Err("it never comes to an end: a day is over".to_owned());
            }
            let next = self.next_moment().await.unwrap_or(now + MINUTE);
            let next = if next > now { next } else { now + SECOND };
            self.moves_to(next.min(now + 30 * MINUTE));
        }
        self.ended()
    }

    /// Whether every event happened, or waits for what will not come.
    fn is_through(&self) -> bool {
        let waits = |(_, event): &(usize, Event)| self.reached[event.after as usize].is_some();
        let over = [self.github_until, self.deaf_until, self.down_until];
        !self.events.iter().any(waits) && over.iter().all(Option::is_none)
    }

    /// What can be seen to change, but for texts that tell the time.
    fn shape(&self) -> usize {
        let world = self.sim().world();
        let calls = world.log.calls.iter();
        let telling = |operation: &Option<String>| {
            let silent = |it: &str| it == "issues/update-comment" || it.starts_with("apps/");
            operation.as_deref().is_some_and(silent)
        };
        let writes = calls.filter(|it| it.is_write && it.status < 400 && !telling(&it.operation));
        let runs = world.repos[&self.scene().repo].actions.runs.values();
        let over = runs.filter(|it| it.status == "completed").count();
        writes.count() + over + self.said.len()
    }

    fn live_lock(&mut self) -> Result<(), String> {
        let calls = self.sim().world().log.calls.len();
        let now = self.now();
        if now - self.minute.0 >= MINUTE {
            self.minute = (now, calls);
        } else if calls - self.minute.1 > CALLS_A_MINUTE {
            let world = self.sim().world();
            let last = world.log.calls.iter().rev().take(30);
            let last: Vec<_> = last
                .map(|it| format!("{} {}", it.method, it.path))
                .collect();
            return Err(format!("it calls without end: {last:#?}"));
        }
        Ok(())
    }

    /// When something is due next, on the stand-in's clock.
    async fn next_moment(&self) -> Option<i64> {
        let own = match &self.life {
            Some(life) => life.server.next_due().await.map(|at| at + self.skew),
            None => None,
        };
        let events = self.events.iter().filter_map(|(_, event)| {
            self.reached[event.after as usize].map(|from| from + event.by)
        });
        let over = [self.github_until, self.deaf_until, self.down_until];
        let looks = (!self.is_done()).then_some(self.looks_at);
        let all = [own, self.sim().next_due(), looks].into_iter().chain(over);
        all.flatten().chain(events).min()
    }

    /// Both clocks move there.
    fn moves_to(&self, at: i64) {
        self.sim().clock().advance_to(at);
        self.clock.advance_to(at - self.skew);
        self.sim().tick();
    }

    // The end.

    fn is_done(&self) -> bool {
        let status = self.status().unwrap_or_default();
        OVER.iter().any(|it| status.contains(it))
    }

    fn ended(&mut self) -> Result<Ended, String> {
        let status = self.status().unwrap_or_default();
        let [done, cancelled @ ..] = OVER;
        if status.is_empty() {
            return Ok(Ended::Nothing);
        }
        if status.contains(done) {
            self.promises.finished(self.stage.sim.clone())?;
            return Ok(Ended::Finished);
        }
        if cancelled.iter().any(|it| status.contains(it)) {
            return Ok(Ended::Cancelled);
        }
        let text = super::cast::unfolded(&status);
        match asked(&status).is_empty() {
            false => Ok(Ended::Asked),
            true => Err(format!("nobody is asked, and it goes no further: {text}")),
        }
    }

    async fn ends(mut self, ended: Result<Ended, String>) -> Played {
        let mut broken = ended.as_ref().err().cloned();
        if broken.is_none() {
            broken = self
                .promises
                .silent(self.stage.sim.clone(), &self.said)
                .err();
        }
        if let Some(life) = self.life.take() {
            self.sim().set_webhook(None);
            life.stopped().await;
        }
        if broken.is_none() {
            let (database, sim) = (self.setup.database_url.clone(), self.stage.sim.clone());
            let same = tokio::spawn(async move { replayed::same(&database, &sim).await });
            if same.await.is_err() {
                broken = Some("the journal gives other facts".to_owned());
            }
        }
        let status = self.status().unwrap_or_default();
        let asked = asked(&status).into_iter().map(|(item, _)| item);
        let asked = super::support::ending::plain(&asked.collect::<Vec<_>>().join(" | "));
        let status = super::cast::unfolded(&status);
        self.tell(format!("at the end:\n{status}"));
        let log = self.log();
        self.stage.sim.stop();
        Played {
            ended: ended.unwrap_or(Ended::Asked),
            asked,
            broken,
            story: self.story,
            log,
        }
    }
}
