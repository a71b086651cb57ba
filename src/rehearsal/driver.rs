//! The owned clock: waits until nothing is under way, then jumps to the next
//! moment at which something is due, for the stand-in and the server alike.

use std::time::{Duration, Instant};

use super::act::Act;
use super::actors::Actor;
use super::judge::{Judge, Verdict};
use super::narrator::Narrator;
use super::part::Part;
use super::perform::perform;
use super::server::Server;
use super::stage::Stage;
use super::trouble::Troubles;
use super::view::View;
use super::your_repo::Asked;
use crate::clock::Clock;
use crate::sim::clock::{Millis, iso};

const HOUR: Millis = 3_600_000;
/// A rehearsal's longest time on the stand-in's clock.
const SIMULATED_LIMIT: Millis = 12 * HOUR;
/// An unpaced rehearsal's longest real time.
const WALL_LIMIT: Duration = Duration::from_secs(300);
/// How long the server may be at work, really, without a request or delivery.
const REST_LIMIT: Duration = Duration::from_secs(60);
/// How long the world is watched after it is finished: nothing more may come.
const AFTERMATH: Millis = 15 * 60_000;
/// How long nothing may change where nobody has anything to do: what the server
/// waits for by itself has come by then.
const QUIET: Millis = 90 * 60_000;
/// The same, once a person is asked, or no case is open.
const ANSWERED_FOR: Millis = 60_000;
/// How long nobody is given up after something went wrong: what the server missed it
/// has found by itself by then.
const CATCHES_UP: Millis = 30 * 60_000;
/// As many calls in one simulated minute are a live-lock.
const CALLS_A_MINUTE: usize = 600;
/// How often it is asked, really, whether everything is at rest.
const POLL: Duration = Duration::from_millis(1);

/// How time passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// It jumps to the next thing that is due.
    Free,
    /// So many simulated seconds pass in each real one.
    Times(f64),
}

/// How a rehearsal ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The world shows a finished hotfix, and stayed so.
    Finished,
    /// Nothing is due anywhere.
    Standstill,
    /// Nothing has changed for long, and nobody has anything to do.
    Quiet,
    /// The bot asks what nobody of the cast may answer.
    Asked,
    /// For the bot its case is over, and the world does not show a finished one.
    Over,
    /// The server calls without end; what it was refused last.
    LiveLock(String),
    /// Twelve simulated hours are over.
    SimulatedLimit,
    /// Five real minutes are over.
    WallLimit,
    /// The server does not come to rest.
    Restless,
    /// Nobody in it knows what is released, so that nobody writes a fix.
    NoProduct,
    /// The fix that was asked for cannot be picked.
    NoPick(String),
}

impl Ending {
    /// Why, in words.
    pub fn reason(&self) -> &str {
        match self {
            Ending::NoPick(why) | Ending::LiveLock(why) => why,
            Ending::Quiet => "nothing has changed for 90 simulated minutes, and nothing can",
            Ending::NoProduct => {
                "the rehearsal looks for a package in the release that the branch began at, and found none, so that its developer writes no fix; it is not the bot that failed"
            }
            Ending::Asked => "nobody of the cast may answer what is asked",
            Ending::Over => {
                "for the bot this hotfix is over, and the world does not show a finished one"
            }
            Ending::Finished => "the hotfix is finished",
            Ending::Standstill => "nothing is due any more, and the hotfix is not finished",
            Ending::SimulatedLimit => "12 simulated hours are over",
            Ending::WallLimit => "5 minutes are over",
            Ending::Restless => "the server does not come to rest",
        }
    }
}

/// A rehearsal under way.
pub struct Driver<'a, S> {
    stage: &'a Stage,
    server: &'a S,
    clock: &'a Clock,
    pace: Pace,
    began: Instant,
    actors: Vec<Actor>,
    judge: Judge,
    no_pick: Option<String>,
    /// The simulated minute, and how many calls there had been at its beginning.
    minute: (Millis, usize),
    /// What there was to see, and since when.
    shape: (Shape, Millis),
    /// Until when what was missed may still be found.
    patient_until: Millis,
    /// What was asked, and what there was to see when that was looked at.
    asked: (Asked, Shape),
    troubles: Troubles,
    /// Whether there is an open case, once there was one.
    case: Option<bool>,
}

/// What can be seen of the world, without times: as long as it is the same, and
/// nobody has anything to do, nothing happens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Shape {
    writes: usize,
    refs: usize,
    comments: usize,
    runs: (usize, usize, u64),
    releases: usize,
    needed: Option<String>,
}

impl Shape {
    fn of(view: &View<'_>) -> Shape {
        let runs = &view.repo.actions.runs;
        let over = runs.values().filter(|r| r.status == "completed").count();
        let attempts = runs.values().map(|r| u64::from(r.attempt)).sum();
        let calls = view.world.log.calls.iter();
        let telling = |operation: &Option<String>| {
            // Texts are told by what they ask; a token changes nothing.
            let silent = |o: &str| o == "issues/update-comment" || o.starts_with("apps/");
            operation.as_deref().is_some_and(silent)
        };
        Shape {
            writes: calls
                .filter(|c| c.is_write && c.status < 400 && !telling(&c.operation))
                .count(),
            refs: view.repo.ref_log.len(),
            comments: view.repo.comments.len(),
            runs: (runs.len(), over, attempts),
            releases: view.repo.releases.all.len(),
            needed: view.needed(),
        }
    }
}

impl<'a, S: Server> Driver<'a, S> {
    /// Everything at its beginning; `clock` is the server's.
    pub fn new(stage: &'a Stage, server: &'a S, clock: &'a Clock, pace: Pace) -> Self {
        let actors = Part::ALL.map(Actor::new).to_vec();
        Driver {
            stage,
            server,
            clock,
            pace,
            began: Instant::now(),
            actors,
            judge: Judge::default(),
            no_pick: None,
            minute: (0, 0),
            shape: (Shape::default(), stage.scene.started),
            patient_until: stage.scene.started,
            asked: Default::default(),
            troubles: Troubles::default(),
            case: None,
        }
    }

    /// Plays until the end; tells the narrator what happens.
    pub async fn play(&mut self, narrator: &mut Narrator) -> Ending {
        let sim = &self.stage.sim;
        let mut done_at: Option<Millis> = None;
        loop {
            if let Err(ending) = self.settle().await {
                self.tell(narrator);
                return ending;
            }
            let now = sim.clock().now();
            if let Some(what) = self.troubles.turn(now, self.stage, self.server).await {
                self.tell(narrator);
                narrator.happens(now, &what);
                // What it held up comes now.
                self.shape.1 = now;
                self.patient_until = now + CATCHES_UP;
                continue;
            }
            if self.act(now, narrator) {
                if let Some(why) = self.no_pick.take() {
                    return Ending::NoPick(why);
                }
                continue;
            }
            if sim.next_due().is_some_and(|due| due <= now) {
                sim.tick();
                continue;
            }
            let finished = self.tell(narrator).is_some_and(|v| v.is_finished());
            self.ask().await;
            done_at = if finished {
                done_at.or(Some(now))
            } else {
                None
            };
            let Some(next) = self.next(now).await else {
                return if done_at.is_some() {
                    Ending::Finished
                } else {
                    Ending::Standstill
                };
            };
            if done_at.is_some_and(|at| next > at + AFTERMATH) {
                return Ending::Finished;
            }
            if let Some(ending) = self.quiet(now).filter(|_| done_at.is_none()) {
                return ending;
            }
            if next > self.stage.scene.started + SIMULATED_LIMIT {
                return Ending::SimulatedLimit;
            }
            self.pass_until(next).await;
            sim.tick();
        }
    }

    /// Takes down what is asked, when anything changed.
    async fn ask(&mut self) {
        if self.troubles.is_away(self.stage.scene.script.as_ref()) {
            return;
        }
        let shape = {
            let world = self.stage.sim.world();
            View::new(&world, &self.stage.scene).map(|view| Shape::of(&view))
        };
        let Some(shape) = shape.filter(|shape| *shape != self.asked.1) else {
            return;
        };
        let needs = self.server.needs().await;
        self.case = match (needs.is_some(), self.case) {
            (true, _) => Some(true),
            (false, Some(_)) => Some(false),
            (false, None) => None,
        };
        let text = shape.needed.clone().unwrap_or_default();
        self.asked.0.note(&needs.unwrap_or_default(), &text);
        self.asked.1 = shape;
    }

    /// What was asked.
    pub fn asked(&self) -> &Asked {
        &self.asked.0
    }

    /// Why nothing can change any more: nobody of the cast has anything to do,
    /// nothing is due in the stand-in, and what there is to see is the same for
    /// long; for a moment, where a person is asked or the case is over.
    fn quiet(&mut self, now: Millis) -> Option<Ending> {
        let world = self.stage.sim.world();
        let view = View::new(&world, &self.stage.scene)?;
        let shape = Shape::of(&view);
        let (known, since) = &mut self.shape;
        if *known != shape {
            (*known, *since) = (shape, now);
        }
        let long = now - *since;
        let idle = now >= self.patient_until
            && !self.actors.iter().any(|actor| actor.next(&view).is_some())
            && !self.troubles.is_any(self.stage.scene.script.as_ref());
        let unknown = view.branch().is_some() && view.product().is_none();
        drop(world);
        let ending = match self.case {
            _ if !idle => return None,
            Some(false) => Ending::Over,
            _ if self.asked.0.is_open() => Ending::Asked,
            _ if unknown => Ending::NoProduct,
            _ => return (long > QUIET).then_some(Ending::Quiet),
        };
        let is_due = self.stage.sim.next_due().is_some();
        (long > ANSWERED_FOR && !is_due || long > QUIET).then_some(ending)
    }

    /// Whether the server calls without end, and what it was refused last.
    fn live_lock(&mut self, now: Millis) -> Option<String> {
        let world = self.stage.sim.world();
        let calls = &world.log.calls;
        let minute = now / 60_000;
        if self.minute.0 != minute {
            self.minute = (minute, calls.len());
        }
        let many = calls.len().saturating_sub(self.minute.1);
        if many <= CALLS_A_MINUTE {
            return None;
        }
        let refused = calls.iter().rev().find(|c| c.status >= 400 && c.is_write);
        let why = refused.map_or("none of its writes was refused".to_owned(), |c| {
            let said = c.message.as_deref().unwrap_or("no reason given");
            format!(
                "its last refused write was {} {} ({}: {said})",
                c.method, c.path, c.status
            )
        });
        Some(format!(
            "the bot made {many} calls within a simulated minute, without end; {why}"
        ))
    }

    /// What the world shows now.
    pub fn verdict(&mut self) -> Option<Verdict> {
        let world = self.stage.sim.world();
        View::new(&world, &self.stage.scene).map(|view| self.judge.look(&view))
    }

    fn tell(&mut self, narrator: &mut Narrator) -> Option<Verdict> {
        let world = self.stage.sim.world();
        let view = View::new(&world, &self.stage.scene)?;
        let verdict = self.judge.look(&view);
        narrator.look(&view, &verdict);
        Some(verdict)
    }

    /// Waits until stand-in and server are at rest, seen twice.
    async fn settle(&mut self) -> Result<(), Ending> {
        let sim = &self.stage.sim;
        let mut quiet = 0;
        let mut activity = sim.activity();
        let mut moved = Instant::now();
        while quiet < 2 {
            if self.pace == Pace::Free && self.began.elapsed() > WALL_LIMIT {
                return Err(Ending::WallLimit);
            }
            let now = sim.clock().now();
            if let Some(why) = self.live_lock(now) {
                return Err(Ending::LiveLock(why));
            }
            if sim.activity() != activity {
                activity = sim.activity();
                moved = Instant::now();
                quiet = 0;
            } else if !sim.is_quiet() || self.server.busy(now).await {
                // The server is asked last: that costs a look into its store.
                quiet = 0;
            } else {
                quiet += 1;
            }
            if moved.elapsed() > REST_LIMIT {
                return Err(Ending::Restless);
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// Lets the first person act who has something to do now.
    fn act(&mut self, now: Millis, narrator: &mut Narrator) -> bool {
        let next = {
            let world = self.stage.sim.world();
            let Some(view) = View::new(&world, &self.stage.scene) else {
                return false;
            };
            let wanted = self
                .actors
                .iter()
                .enumerate()
                .filter_map(|(i, a)| Some((i, a.next(&view)?)));
            wanted
                .filter(|(_, intent)| intent.at <= now)
                .min_by_key(|(i, intent)| (intent.at, *i))
        };
        let Some((index, intent)) = next else {
            return false;
        };
        self.tell(narrator);
        let Some(actor) = self.actors.get_mut(index) else {
            return false;
        };
        actor.did(&intent);
        let login = self.stage.scene.login(actor.part);
        let refused = perform(self.stage, login, &intent.act).err();
        narrator.act(now, login, &intent.act, refused.as_deref());
        if matches!(intent.act, Act::Pick { .. }) {
            self.no_pick = refused;
        }
        true
    }

    /// The next moment at which anybody has something to do.
    async fn next(&self, now: Millis) -> Option<Millis> {
        let server = self.server.next_due().await;
        let people = {
            let world = self.stage.sim.world();
            let view = View::new(&world, &self.stage.scene)?;
            let people = self.actors.iter().filter_map(|a| a.next(&view));
            people.map(|i| i.at).chain(self.troubles.next(&view)).min()
        };
        let all = [server, people, self.stage.sim.next_due()];
        // Everything was at rest just now: what still calls itself due waits a second.
        all.into_iter()
            .flatten()
            .min()
            .map(|at| if at > now { at } else { now + 1_000 })
    }

    /// Moves both clocks, at once or at the pace that was asked for.
    async fn pass_until(&self, next: Millis) {
        let sim = self.stage.sim.clock();
        if let Pace::Times(speed) = self.pace {
            const STEP: Duration = Duration::from_millis(200);
            let step = (STEP.as_millis() as f64 * speed).max(1.0) as Millis;
            while sim.now() < next {
                let left = next - sim.now();
                let part = left.min(step);
                tokio::time::sleep(Duration::from_secs_f64(part as f64 / 1_000.0 / speed)).await;
                sim.advance(part);
                self.clock.advance_to(sim.now());
            }
        }
        sim.advance_to(next);
        self.clock.advance_to(next);
    }
}

impl<S> std::fmt::Debug for Driver<'_, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Driver")
            .field("at", &iso(self.stage.sim.clock().now()))
            .finish()
    }
}
