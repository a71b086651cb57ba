//! The servers of a play: one, or two on one database of PostgreSQL.

use std::time::{Duration, Instant};

use hotfix_bot::rehearsal::Server as _;

use super::life::Life;
use super::play::Play;

/// How often, really, it is asked whether anything is under way: at first, and where it
/// takes longer. Each question costs the server some.
const ASKED: [Duration; 2] = [Duration::from_micros(300), Duration::from_millis(1)];
/// How long, really, the server may be at work on one moment.
const REST_LIMIT: Duration = Duration::from_secs(60);

impl Play {
    /// Those that do not run are started.
    pub async fn rises(&mut self) {
        while self.lives.len() < self.servers {
            let life = Life::begin(&self.setup).await;
            self.lives.push(life.expect("the server starts"));
        }
        self.down_until = None;
        self.listens();
    }

    /// The one that leads is killed.
    pub async fn dies(&mut self) {
        // What is sent while nobody listens is lost.
        self.sim().set_webhook(None);
        let leader = self.lives.iter().position(|it| it.server.leads());
        let dies = leader.unwrap_or_default();
        if dies < self.lives.len() {
            self.lives.remove(dies).killed().await;
        }
        self.listens();
    }

    /// Where deliveries go: of two to the one that does not lead, if there is one.
    pub fn listens(&self) {
        let other = self.lives.iter().find(|it| !it.server.leads());
        let hears = other.or(self.lives.first());
        let url = hears.map(|it| it.server.webhook_url());
        self.sim()
            .set_webhook(url.filter(|_| self.deaf_until.is_none()));
    }

    /// Whether one of them is at work, or none leads where one could.
    async fn is_at_work(&self, held: bool, now: i64) -> bool {
        // Of a dead one PostgreSQL hears a moment later.
        let mut at_work = !self.lives.is_empty() && !self.lives.iter().any(|it| it.server.leads());
        for life in self.lives.iter().filter(|_| !held) {
            at_work |= life.server.busy(now).await;
        }
        at_work
    }

    /// Waits until nothing is under way. An answer that takes its time is not
    /// waited for.
    pub async fn rest(&mut self) -> Result<(), String> {
        let (began, mut quiet, mut activity) = (Instant::now(), 0, self.sim().activity());
        let mut asked = 0;
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
            if let Some(over) = self.lives.iter().position(|it| it.server.is_over()) {
                self.lives.remove(over).stopped().await;
                // Whoever watches over it starts it again.
                if self.down_until.is_none() {
                    self.rises().await;
                }
                self.tell("a server lost the lead".to_owned());
                quiet = 0;
            }
            asked += 1;
            let seen = self.sim().activity();
            let now = self.now() - self.skew;
            let held = self.sim().on_their_way() > 0;
            let at_work = self.is_at_work(held, now).await;
            if seen != activity || !self.sim().is_quiet() || at_work {
                (activity, quiet) = (seen, 0);
            } else {
                quiet += 1;
            }
            if quiet >= if held { 10 } else { 2 } {
                return Ok(());
            }
            if began.elapsed() > REST_LIMIT {
                let mut at = Vec::new();
                for life in &self.lives {
                    at.push(life.server.what_is_busy(now).await);
                }
                return Err(format!("no rest: {at:?}"));
            }
            // This thread drives nothing but the play.
            std::thread::sleep(ASKED[usize::from(asked > 8)]);
        }
    }
}
