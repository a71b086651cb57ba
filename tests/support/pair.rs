//! Two servers on one database. Deliveries come to the one and to the other; where a
//! fault strikes, the one that leads is killed, and rises when the other has gone on.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hotfix_bot::clock::Millis;
use hotfix_bot::rehearsal::{RealServer, Server, ServerSetup};
use hotfix_bot::sim::{FaultPlan, Sim, Strike};

use super::server::Life;

/// A leader's death is over in so long, really.
const OVER_IN: Duration = Duration::from_secs(30);
/// The second strike comes so many writes after the first.
const LATER: usize = 9;

/// The two.
pub struct Pair {
    inner: Arc<Inner>,
    watcher: tokio::task::JoinHandle<()>,
}

struct Inner {
    setup: ServerSetup,
    sim: Sim,
    lives: Mutex<[Option<Life>; 2]>,
    /// Which of them hears.
    hears: AtomicUsize,
    strikes: Arc<Mutex<Vec<Strike>>>,
    /// How long it took until the other led, the longest.
    longest: Mutex<Duration>,
}

impl Inner {
    fn server(&self, at: usize) -> Option<Arc<RealServer>> {
        self.lives.lock().unwrap()[at].as_ref().map(Life::server)
    }

    fn leader(&self) -> Option<usize> {
        (0..2).find(|at| self.server(*at).is_some_and(|it| it.leads()))
    }

    /// The next delivery goes to this one.
    fn turn_to(&self, at: usize) {
        if let Some(server) = self.server(at) {
            self.hears.store(at, Ordering::SeqCst);
            self.sim.set_webhook(Some(server.webhook_url()));
        }
    }

    fn took(&self, time: Duration) {
        let mut longest = self.longest.lock().unwrap();
        *longest = time.max(*longest);
    }

    async fn die_by_faults(self: Arc<Self>) {
        let mut first = true;
        while let Some(strike) = self.sim.fault_struck().await {
            let FaultPlan { at, when } = strike.plan;
            self.strikes.lock().unwrap().push(strike);
            let dies = self.leader().expect("one leads");
            let other = 1 - dies;
            // Nobody tells GitHub where to send what the dead one would have heard.
            let life = self.lives.lock().unwrap()[dies].take();
            life.expect("it lives").end().await;
            self.turn_to(other);
            self.sim.release_fault();
            let began = Instant::now();
            while self.leader() != Some(other) {
                assert!(began.elapsed() < OVER_IN, "nobody leads");
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            self.took(began.elapsed());
            let life = Life::begin(self.setup.clone()).await;
            self.lives.lock().unwrap()[dies] = Some(life.expect("it rises"));
            if std::mem::take(&mut first) {
                // And the other way round.
                self.sim.plan_fault(Some(FaultPlan {
                    at: at + LATER,
                    when,
                }));
            }
        }
    }
}

impl Pair {
    /// Starts both; the first leads.
    pub async fn start(
        setup: ServerSetup,
        sim: Sim,
        strikes: Arc<Mutex<Vec<Strike>>>,
    ) -> Result<Pair, String> {
        let first = Life::begin(setup.clone()).await?;
        let second = Life::begin(setup.clone()).await?;
        let inner = Arc::new(Inner {
            lives: Mutex::new([Some(first), Some(second)]),
            hears: AtomicUsize::new(0),
            longest: Mutex::default(),
            setup,
            sim,
            strikes,
        });
        let watcher = tokio::spawn(inner.clone().die_by_faults());
        Ok(Pair { inner, watcher })
    }
}

impl Server for Pair {
    fn webhook_url(&self) -> String {
        let hears = self.inner.hears.load(Ordering::SeqCst);
        let server = self.inner.server(hears);
        server.map(|it| it.webhook_url()).unwrap_or_default()
    }

    async fn busy(&self, now: Millis) -> bool {
        let inner = &self.inner;
        if self.watcher.is_finished() {
            panic!("the servers are gone for good");
        }
        let both = [inner.server(0), inner.server(1)];
        let alive = both.iter().flatten().count();
        if alive == 2 {
            inner.turn_to(1 - inner.hears.load(Ordering::SeqCst));
        }
        let mut busy = inner.leader().is_none() || alive < 2;
        for server in both.iter().flatten() {
            busy |= server.busy(now).await;
        }
        busy
    }

    async fn next_due(&self) -> Option<Millis> {
        let mut due = Vec::new();
        let both = [self.inner.server(0), self.inner.server(1)];
        for server in both.into_iter().flatten() {
            due.extend(server.next_due().await);
        }
        due.into_iter().min()
    }

    async fn stop(self) {
        self.watcher.abort();
        self.inner.sim.set_webhook(None);
        println!(
            "the lead changed in {:?}",
            self.inner.longest.lock().unwrap()
        );
        for at in 0..2 {
            let life = self.inner.lives.lock().unwrap()[at].take();
            if let Some(life) = life {
                life.end().await;
            }
        }
    }
}
