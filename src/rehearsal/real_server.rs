//! The real server under rehearsal: the same parts as `serve`, with an owned
//! clock and a port that the system chooses.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::server::{Server, ServerSetup};
use crate::clock::Millis;
use crate::domain::need::Need;
use crate::engine::Engine;
use crate::server::{ServerError, assemble};
use crate::settings::{Settings, Shown, graphql_url};

/// The server, running unless it is away.
pub struct RealServer {
    setup: ServerSetup,
    life: Mutex<Option<Life>>,
}

/// A server that runs.
struct Life {
    engine: Engine,
    address: SocketAddr,
    shutdown: CancellationToken,
    served: JoinHandle<Result<(), ServerError>>,
}

impl Life {
    async fn begin(setup: &ServerSetup) -> Result<Self, String> {
        let settings = settings(setup);
        let at = setup.page.unwrap_or((Ipv4Addr::LOCALHOST, 0).into());
        let listener = TcpListener::bind(at)
            .await
            .map_err(|e| format!("cannot listen on {at}: {e}"))?;
        let address = listener.local_addr().map_err(|e| e.to_string())?;
        let shutdown = CancellationToken::new();
        let server = assemble(&settings, setup.clock.clone(), shutdown.clone())
            .await
            .map_err(|e| e.to_string())?;
        Ok(Life {
            engine: server.engine.clone(),
            address,
            shutdown,
            served: tokio::spawn(server.serve_on(listener)),
        })
    }

    async fn end(self) {
        self.shutdown.cancel();
        let _ = self.served.await;
    }
}

impl RealServer {
    /// Opens the database, starts the engine and listens on loopback.
    ///
    /// # Errors
    /// In words, when any of it does not start.
    pub async fn start(setup: ServerSetup) -> Result<Self, String> {
        let life = Life::begin(&setup).await?;
        // Whoever looks at a page finds it again where it was.
        let setup = ServerSetup {
            page: setup.page.map(|_| life.address),
            ..setup
        };
        Ok(RealServer {
            setup,
            life: Mutex::new(Some(life)),
        })
    }

    fn life(&self) -> MutexGuard<'_, Option<Life>> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn engine(&self) -> Option<Engine> {
        self.life().as_ref().map(|life| life.engine.clone())
    }

    /// Whether it works off what comes, and no other server does.
    pub fn leads(&self) -> bool {
        self.engine().is_some_and(|engine| engine.leads())
    }

    /// Whether it ended by itself, as one does that lost the lead to another.
    pub fn is_over(&self) -> bool {
        let life = self.life();
        life.as_ref().is_some_and(|life| life.served.is_finished())
    }

    /// What it is at, for whoever waits for rest in vain.
    pub async fn what_is_busy(&self, now: Millis) -> String {
        match self.engine() {
            Some(engine) => engine.what_is_busy(now).await,
            None => "it is away".to_owned(),
        }
    }
}

fn settings(setup: &ServerSetup) -> Settings {
    let [github, registry] = setup.status_urls.clone();
    Settings {
        app_id: setup.app_id.to_string(),
        private_key: setup.private_key.to_owned().into(),
        webhook_secrets: vec![setup.webhook_secret.to_owned().into()],
        host: "127.0.0.1".to_owned(),
        port: 0,
        database_url: setup.database_url.clone().into(),
        github_graphql_url: graphql_url(&setup.api_url),
        github_api_url: setup.api_url.clone(),
        crates_io_url: setup.crates_url.clone(),
        crates_io_index_url: setup.crates_index_url.clone(),
        registries: setup.registries.clone(),
        github_status_url: Some(github),
        crates_io_status_url: Some(registry),
        crates_io_token: setup.crates_token.map(Into::into),
        channels: setup.channels.clone(),
        pages: match setup.page {
            Some(_) => Shown::Rehearsal,
            None => Shown::Nothing,
        },
        sign_in: None,
        metrics_port: None,
        public_url: None,
        rust_log: String::new(),
    }
}

impl Server for RealServer {
    fn webhook_url(&self) -> String {
        let life = self.life();
        life.as_ref()
            .map(|life| format!("http://{}/webhook", life.address))
            .unwrap_or_default()
    }

    fn page_url(&self) -> Option<String> {
        let address = self.setup.page?;
        Some(format!("http://{address}/"))
    }

    async fn busy(&self, now: Millis) -> bool {
        match self.engine() {
            // A store that does not answer is not at rest.
            Some(engine) => engine.busy(now).await.map_or(true, |left| left > 0),
            None => false,
        }
    }

    async fn next_due(&self) -> Option<Millis> {
        self.engine()?.next_due().await.ok().flatten()
    }

    async fn needs(&self) -> Option<Vec<Need>> {
        self.engine()?.needs().await.ok().flatten()
    }

    async fn leaves(&self) {
        let life = self.life().take();
        if let Some(life) = life {
            life.end().await;
        }
    }

    async fn returns(&self) {
        match Life::begin(&self.setup).await {
            Ok(life) => *self.life() = Some(life),
            Err(error) => tracing::error!(error, "the server does not start again"),
        }
    }

    async fn stop(self) {
        self.leaves().await;
    }
}
