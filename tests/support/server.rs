//! The real server on a runtime of its own, so that it can be killed: the
//! runtime is dropped, and none of the code for stopping runs.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hotfix_bot::clock::Millis;
use hotfix_bot::rehearsal::{RealServer, Server, ServerSetup};
use hotfix_bot::sim::{Sim, Strike};
use tokio::runtime::{Builder, Runtime};

/// How long, really, a killed server may hold on to its file.
const LOCK_LIMIT: Duration = Duration::from_secs(10);

/// When the server cannot be reached, though no fault strikes.
#[derive(Clone, Copy, Debug)]
pub struct Away {
    /// Whether it is down; else it only hears nothing.
    pub down: bool,
    /// From then on, milliseconds since the epoch.
    pub from: Millis,
    /// Until then.
    pub until: Millis,
}

/// A server that dies when the stand-in's fault strikes, or for a while, and is
/// started again on the same file.
pub struct Mortal {
    inner: Arc<Inner>,
    watcher: tokio::task::JoinHandle<()>,
}

struct Inner {
    setup: ServerSetup,
    sim: Sim,
    away: Option<Away>,
    life: Mutex<Option<Life>>,
    url: Mutex<String>,
    strikes: Arc<Mutex<Vec<Strike>>>,
}

/// A server on a runtime of its own.
pub struct Life {
    server: Arc<RealServer>,
    runtime: Runtime,
}

impl Life {
    /// The server.
    pub fn server(&self) -> Arc<RealServer> {
        self.server.clone()
    }

    /// Starts it.
    pub async fn begin(setup: ServerSetup) -> Result<Life, String> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|e| e.to_string())?;
        let started = runtime.spawn(RealServer::start(setup)).await;
        match started.map_err(|e| e.to_string()).flatten() {
            Ok(server) => Ok(Life {
                server: Arc::new(server),
                runtime,
            }),
            Err(why) => {
                runtime.shutdown_background();
                Err(why)
            }
        }
    }

    /// Drops every task where it stands.
    pub async fn end(self) {
        let Life { server, runtime } = self;
        drop(server);
        // Waits for the tasks to be dropped, which an async thread may not.
        let gone = tokio::task::spawn_blocking(move || drop(runtime)).await;
        gone.expect("the runtime ends");
    }
}

impl Inner {
    fn living(&self) -> Option<Arc<RealServer>> {
        self.life.lock().unwrap().as_ref().map(|l| l.server.clone())
    }

    async fn kill(&self) {
        // What is sent while nobody listens is lost.
        self.sim.set_webhook(None);
        let life = self.life.lock().unwrap().take();
        if let Some(life) = life {
            life.end().await;
        }
    }

    async fn rise(&self) {
        let began = Instant::now();
        let life = loop {
            match Life::begin(self.setup.clone()).await {
                Ok(life) => break life,
                // The dead one's file is let go of by threads that are not ours.
                Err(why) if why.contains("in use") && began.elapsed() < LOCK_LIMIT => {
                    tokio::task::yield_now().await;
                }
                Err(why) => panic!("the server does not start again: {why}"),
            }
        };
        let url = life.server.webhook_url();
        self.sim.set_webhook(Some(url.clone()));
        *self.url.lock().unwrap() = url;
        *self.life.lock().unwrap() = Some(life);
    }

    /// Dies wherever a fault strikes, and rises.
    async fn die_by_faults(self: Arc<Self>) {
        while let Some(strike) = self.sim.fault_struck().await {
            self.strikes.lock().unwrap().push(strike);
            self.kill().await;
            self.sim.release_fault();
            self.rise().await;
        }
    }
}

impl Mortal {
    /// Starts the first server.
    pub async fn start(
        setup: ServerSetup,
        sim: Sim,
        away: Option<Away>,
        strikes: Arc<Mutex<Vec<Strike>>>,
    ) -> Result<Mortal, String> {
        let life = Life::begin(setup.clone()).await?;
        let inner = Arc::new(Inner {
            url: Mutex::new(life.server.webhook_url()),
            life: Mutex::new(Some(life)),
            setup,
            sim,
            away,
            strikes,
        });
        let watcher = tokio::spawn(inner.clone().die_by_faults());
        Ok(Mortal { inner, watcher })
    }
}

impl Server for Mortal {
    fn webhook_url(&self) -> String {
        self.inner.url.lock().unwrap().clone()
    }

    async fn busy(&self, now: Millis) -> bool {
        let inner = &self.inner;
        if self.watcher.is_finished() {
            panic!("the server is gone for good");
        }
        let away = inner.away.is_some_and(|a| a.from <= now && now < a.until);
        match inner.living() {
            Some(_) if away && inner.away.is_some_and(|a| a.down) => {
                inner.kill().await;
                true
            }
            Some(server) => {
                let url = (!away).then(|| self.webhook_url());
                inner.sim.set_webhook(url);
                server.busy(now).await
            }
            None if away => false,
            None => {
                // A fault's victim rises by itself.
                if inner.away.is_some() {
                    inner.rise().await;
                }
                true
            }
        }
    }

    async fn next_due(&self) -> Option<Millis> {
        let now = self.inner.setup.clock.now();
        let edge = self
            .inner
            .away
            .into_iter()
            .flat_map(|a| [a.from, a.until])
            .filter(|at| *at > now)
            .min();
        let own = match self.inner.living() {
            Some(server) => server.next_due().await,
            None => None,
        };
        [edge, own].into_iter().flatten().min()
    }

    async fn stop(self) {
        self.watcher.abort();
        self.inner.kill().await;
    }
}
