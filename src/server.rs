//! The whole server: store, clients, engine and web put together. `serve` and
//! the rehearsal start the same one.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::engine::Engine;
use crate::engine::gate::{Verdict, look};
use crate::github::webhook::verify;
use crate::github::{GitHub, GitHubOptions};
use crate::registry::{CratesIo, CratesIoOptions};
use crate::settings::Settings;
use crate::store::{Index, Store};
use crate::telemetry;
use crate::web::{self, Concern, Limits, Ready, Web, Webhook};

/// Something that the server needs did not work.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {why}")]
pub struct ServerError {
    /// What was tried.
    pub what: &'static str,
    /// What came of it; never a secret.
    pub why: String,
}

impl ServerError {
    /// `why` in its own words.
    pub fn new(what: &'static str, why: impl ToString) -> Self {
        ServerError {
            what,
            why: why.to_string(),
        }
    }
}

/// A server whose sockets are not open yet.
pub struct Assembled {
    /// The engine; it says when there is nothing left to do.
    pub engine: Engine,
    web: Web,
    /// What runs of the engine; none while it was not started.
    tasks: Option<JoinSet<()>>,
    github: GitHub,
    store: Store,
    shutdown: CancellationToken,
}

/// The name under which the App's own login is kept, for a start while GitHub
/// cannot be asked.
const BOT: &str = "bot";

/// How soon GitHub is asked again who the App is.
const ASK_AGAIN: Duration = Duration::from_secs(10);

/// Opens the store and starts the engine. Deliveries can be taken at once.
///
/// # Errors
/// The store does not open, or GitHub does not know the App.
pub async fn assemble(
    settings: &Settings,
    clock: Clock,
    shutdown: CancellationToken,
) -> Result<Assembled, ServerError> {
    let mut assembled = prepare(settings, clock, shutdown).await?;
    assembled.tasks = Some(assembled.begin().await?);
    Ok(assembled)
}

/// Opens the store, and asks nobody anything: deliveries can be taken at once,
/// and the engine is started while they are served.
///
/// # Errors
/// The store does not open, or a setting cannot be used.
pub async fn prepare(
    settings: &Settings,
    clock: Clock,
    shutdown: CancellationToken,
) -> Result<Assembled, ServerError> {
    let store = Store::open(&settings.database_url)
        .await
        .map_err(|e| ServerError::new("cannot open the store", e))?;
    let mut options = GitHubOptions::new(
        settings.github_api_url.clone(),
        settings.app_id.clone(),
        settings.private_key.clone(),
        clock.clone(),
    );
    options.graphql_url = Some(settings.github_graphql_url.clone());
    let github = GitHub::new(options).map_err(|e| ServerError::new("cannot start", e))?;
    // crates.io asks whom to speak to about a client.
    let contact = format!("GitHub App {}", settings.app_id);
    let registry = CratesIo::new(CratesIoOptions::new(
        settings.crates_io_url.clone(),
        settings.crates_io_index_url.clone(),
        &contact,
        clock.clone(),
    ))
    .map_err(|e| ServerError::new("cannot start", e))?;
    let bot = String::new();
    let engine = Engine::new(store.clone(), github.clone(), registry, clock.clone(), bot);
    let secrets = settings.webhook_secrets.clone();
    let index = store.index().clone();
    let webhook = Webhook::new(
        move |body, signature| verify(&secrets, Some(signature), body).is_ok(),
        move |event, body| concern(&index, event, body),
    );
    let web = Web {
        clock,
        webhook,
        inbox: Arc::new(store.clone()),
        ready: ready(&store),
        metrics: telemetry::metrics(),
        limits: Limits::default(),
    };
    Ok(Assembled {
        engine,
        web,
        tasks: None,
        github,
        store,
        shutdown,
    })
}

impl Assembled {
    /// Serves on `listener` until the shutdown that it was assembled with is
    /// cancelled, then stops in order: first the sockets, so that nothing
    /// acknowledged is left out of the store, then the engine, then the store.
    ///
    /// # Errors
    /// The web server ended by itself.
    pub async fn serve_on(self, listener: TcpListener) -> Result<(), ServerError> {
        let Assembled {
            engine,
            web,
            tasks,
            github,
            store,
            shutdown,
        } = self;
        let mut served = web::start(listener, web, shutdown.clone());
        let begun = async {
            match tasks {
                Some(tasks) => Ok(tasks),
                None => begin(&engine, &github, &store, &shutdown).await,
            }
        };
        let mut tasks = tokio::select! {
            biased;
            begun = begun => begun,
            () = shutdown.cancelled() => Ok(JoinSet::new()),
        };
        if tasks.is_err() {
            shutdown.cancel();
        }
        let ended = (&mut served).await;
        shutdown.cancel();
        if let Ok(tasks) = &mut tasks {
            while tasks.join_next().await.is_some() {}
        }
        store.close().await;
        ended.map_err(|e| ServerError::new("the web server ended", e))?;
        tasks?;
        tracing::info!("stopped");
        Ok(())
    }

    async fn begin(&self) -> Result<JoinSet<()>, ServerError> {
        begin(&self.engine, &self.github, &self.store, &self.shutdown).await
    }
}

/// Learns who the App is, and starts the engine.
async fn begin(
    engine: &Engine,
    github: &GitHub,
    store: &Store,
    shutdown: &CancellationToken,
) -> Result<JoinSet<()>, ServerError> {
    let bot = loop {
        match bot_login(github, store).await {
            Ok(Some(bot)) => break bot,
            Ok(None) => tokio::time::sleep(ASK_AGAIN).await,
            Err(error) => return Err(error),
        }
    };
    engine.know_bot(bot);
    engine
        .start(shutdown.clone())
        .await
        .map_err(|e| ServerError::new("cannot start the engine", e))
}

/// Whether the store answers.
fn ready(store: &Store) -> Ready {
    let store = store.clone();
    Arc::new(move || {
        let store = store.clone();
        Box::pin(async move {
            if store.is_ready().await {
                Ok(())
            } else {
                Err("the store does not answer".to_owned())
            }
        })
    })
}

/// Whether a delivery is stored: only what some case may want to know.
fn concern(index: &Arc<Index>, event: &str, body: &str) -> Concern {
    match look(index, event, body) {
        Ok(Verdict::Keep(fact)) => Concern::Keep(fact),
        Ok(Verdict::Drop(outcome)) => Concern::Drop(outcome),
        Err(e) => Concern::Malformed(e.to_string()),
    }
}

/// The App's own login. Asked at each start, remembered for one at which
/// GitHub does not answer; `None` where it never answered yet.
async fn bot_login(github: &GitHub, store: &Store) -> Result<Option<String>, ServerError> {
    let failed = |why: String| ServerError::new("cannot ask GitHub who the App is", why);
    match github.app().await {
        Ok(app) => {
            let bot = app.bot_login();
            store
                .meta_set(BOT, &bot)
                .await
                .map_err(|e| failed(e.to_string()))?;
            Ok(Some(bot))
        }
        Err(error) if error.is_temporary() => {
            let bot = store.meta_get(BOT).await;
            let bot = bot.map_err(|e| failed(e.to_string()))?;
            tracing::warn!(
                %error,
                bot,
                "GitHub does not answer who the App is; deliveries are taken all the same"
            );
            Ok(bot)
        }
        Err(error) => Err(failed(format!("{error} (APP_ID and PRIVATE_KEY)"))),
    }
}
