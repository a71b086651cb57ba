//! One schedule, played: the whole server against the stand-in, on owned clocks.

use std::path::PathBuf;
use std::time::Duration;

use hotfix_bot::clock::Clock;
use hotfix_bot::rehearsal::{
    RehearseArgs, Scene, Server, ServerSetup, Stage, channels, registry_urls,
};
use hotfix_bot::sim::actions::Failure;
use hotfix_bot::sim::{Role, Sim};

use super::cast::Cast;
use super::life::{Life, folder};
use super::promises::{Promises, Said};
use super::schedule::{Event, MILESTONES, MINUTE, SECOND, Schedule, What};
use super::support::ahead;
use super::support::postgres::Database;

/// When it begins on the stand-in's clock.
const START: i64 = 1_772_441_400_000;
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

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The hotfix is done.
    Finished,
    /// It was given up.
    Cancelled,
    /// Its release was taken back.
    TakenBack,
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
    pub(super) story: Vec<(i64, String)>,
    pub(super) log: Vec<(i64, String)>,
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
    pub(super) stage: Stage,
    pub(super) setup: ServerSetup,
    clock: Clock,
    /// Those that run: one, or two on one database; none while it is down.
    pub(super) lives: Vec<Life>,
    /// As many as there are to be.
    pub(super) servers: usize,
    /// The stand-in's clock minus the server's.
    pub(super) skew: i64,
    pub(super) down_until: Option<i64>,
    pub(super) deaf_until: Option<i64>,
    github_until: Option<i64>,
    /// Until when the maintainer may only read.
    pub(super) demoted_until: Option<i64>,
    /// Whether the release is to be taken back.
    pub back: bool,
    /// What is still to come.
    events: Vec<(usize, Event)>,
    /// When each milestone was reached.
    reached: [Option<i64>; MILESTONES.len()],
    looks_at: i64,
    pub cast: Cast,
    pub issue: Option<u64>,
    pub said: Vec<Said>,
    pub count: u32,
    pub(super) promises: Promises,
    pub(super) story: Vec<(i64, String)>,
    minute: (i64, usize),
    /// What the status comment said when it was over, where a person spoilt it after that:
    /// nobody puts it back then.
    pub(super) over: Option<String>,
    /// Where it is played on PostgreSQL.
    pub(super) database: Option<Database>,
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
        if schedule.setting.ahead {
            ahead::seed(&stage.sim);
            ahead::keep_known_issues(&stage.sim);
        }
        let clock = Clock::owned(START);
        let database = Database::asked_for();
        let database_url = match &database {
            Some(database) => database.url(),
            None => format!("sqlite:{}", dir.join("hotfix-bot.db").display()),
        };
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
            database_url,
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
            lives: Vec::new(),
            servers: match (&database, schedule.seed % 2) {
                (Some(_), 1) => 2,
                _ => 1,
            },
            skew: 0,
            over: None,
            down_until: None,
            deaf_until: None,
            github_until: None,
            demoted_until: None,
            back: schedule.setting.back,
            events: schedule.events.clone(),
            reached: Default::default(),
            looks_at: START,
            cast: Cast::default(),
            issue: None,
            said: Vec::new(),
            count: 0,
            story: Vec::new(),
            minute: (0, 0),
            database,
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

    pub(super) fn tell(&mut self, what: String) {
        self.story.push((self.now(), what));
    }

    /// Calls and deliveries as the stand-in recorded them.
    pub(super) fn log(&self) -> Vec<(i64, String)> {
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
            What::Fails(file) => {
                let mut world = self.sim().world();
                let settings = world.run_settings(self.scene().repo);
                let failures = &mut settings.expect("the repository").failures;
                failures.push(Failure::first_attempt(file));
                None
            }
            What::Demoted(for_so_long) => {
                self.demoted_until = Some(now + for_so_long);
                self.may("maintainer", Role::Read);
                None
            }
            What::Sessions => self.database.as_ref().map(|database| {
                let ended = database.run(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                     WHERE datname = current_database() AND pid <> pg_backend_pid()",
                );
                ended.trim().to_owned()
            }),
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
        if self.demoted_until.is_some_and(|it| it <= now) {
            self.demoted_until = None;
            self.may("maintainer", Role::Maintain);
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
            &mut self.demoted_until,
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
        let back = self
            .said
            .iter()
            .any(|it| it.text.starts_with("/hotfix rollback ") && !it.text.contains('='));
        let tests = self.look(|view| {
            let branch = view.branch().is_some();
            let fixed = view.fixed_since().is_some();
            let tagged = view.repo.git.read_ref("refs/tags/v1.0.5").is_some();
            let merged = view.pull().and_then(|it| it.pull.as_ref()?.merged.as_ref());
            let start = view.issue().is_some();
            [
                start,
                branch,
                fixed,
                decided,
                tagged,
                merged.is_some(),
                back,
            ]
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
        let over = [
            self.github_until,
            self.deaf_until,
            self.down_until,
            self.demoted_until,
        ];
        // What is to be taken back is so before all is calm.
        let is_back = !self.back || self.cast.took_back || self.is_given_up();
        is_back && !self.events.iter().any(waits) && over.iter().all(Option::is_none)
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
        let mut own = None;
        for life in &self.lives {
            let due = life.server.next_due().await.map(|at| at + self.skew);
            own = own.into_iter().chain(due).min();
        }
        let events = self.events.iter().filter_map(|(_, event)| {
            self.reached[event.after as usize].map(|from| from + event.by)
        });
        let over = [
            self.github_until,
            self.deaf_until,
            self.down_until,
            self.demoted_until,
        ];
        let goes_on = self.back && !self.cast.took_back;
        let looks = (goes_on || !self.is_done()).then_some(self.looks_at);
        let all = [own, self.sim().next_due(), looks].into_iter().chain(over);
        all.flatten().chain(events).min()
    }

    /// Both clocks move there.
    fn moves_to(&self, at: i64) {
        self.sim().clock().advance_to(at);
        self.clock.advance_to(at - self.skew);
        self.sim().tick();
    }

    /// From now on somebody has this role.
    fn may(&self, login: &str, role: Role) {
        let repo = self.scene().repo;
        self.sim().world().set_role(repo, login, role);
    }
}
