//! `hotfix-bot serve`: the server, until it is told to stop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{Exit, block_on, complain};
use crate::clock::Clock;
use crate::engine::Engine;
use crate::github::webhook::{envelope, relevant, verify};
use crate::github::{GitHub, GitHubOptions};
use crate::registry::{CratesIo, CratesIoOptions};
use crate::settings::{self, Settings, Wrong};
use crate::store::Store;
use crate::telemetry;
use crate::web::{self, Concern, Inbox, Limits, Ready, Web, Webhook};

/// Arguments of `serve`.
pub type Args = settings::Args;

/// Below the options in `--help`.
pub(super) const AFTER_HELP: &str = "\
Required: APP_ID, PRIVATE_KEY or PRIVATE_KEY_PATH, WEBHOOK_SECRET. Prefer the environment to flags \
for secrets: flags show in the list of processes. Exit code 2: a setting is missing or wrong.";

/// Why the server did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A setting is missing or wrong: exit code 2.
    #[error(transparent)]
    Setting(#[from] Wrong),
    /// Something that the server needs did not work: exit code 1.
    #[error("{what}: {why}")]
    Failed {
        /// What was tried.
        what: &'static str,
        /// What came of it; never a secret.
        why: String,
    },
}

impl ServeError {
    /// Shorthand for [`ServeError::Failed`].
    pub fn failed(what: &'static str, why: impl ToString) -> Self {
        ServeError::Failed {
            what,
            why: why.to_string(),
        }
    }

    fn exit(&self) -> Exit {
        match self {
            ServeError::Setting(_) => Exit::Usage,
            ServeError::Failed { .. } => Exit::Failed,
        }
    }
}

/// The parts behind the sockets, running.
pub struct Machinery {
    /// The engine; it says when there is nothing left to do.
    pub engine: Engine,
    web: Parts,
    tasks: JoinSet<()>,
    store: Store,
    shutdown: CancellationToken,
}

struct Parts {
    webhook: Webhook,
    inbox: Arc<dyn Inbox>,
    ready: Ready,
}

/// The name under which the App's own login is kept, for a start while GitHub
/// cannot be asked.
const BOT: &str = "bot";

/// Reads the settings, serves until SIGTERM or SIGINT, and stops in order.
pub fn run(args: Args) -> Exit {
    let settings = match Settings::read(args) {
        Ok(settings) => settings,
        Err(wrong) => return complain(Exit::Usage, wrong),
    };
    if let Err(e) = telemetry::init_log(&settings.rust_log) {
        return complain(Exit::Usage, format_args!("RUST_LOG: {e}"));
    }
    block_on(async {
        let shutdown = CancellationToken::new();
        let served = async {
            stop_on_signal(shutdown.clone())?;
            serve(&settings, Clock::system(), shutdown).await
        };
        match served.await {
            Ok(()) => Exit::Done,
            Err(e) => complain(e.exit(), e),
        }
    })
}

/// Serves until `shutdown` is cancelled.
///
/// # Errors
/// The port, the store or the engine did not start.
pub async fn serve(
    settings: &Settings,
    clock: Clock,
    shutdown: CancellationToken,
) -> Result<(), ServeError> {
    // The port comes first: where another server runs already, its store is
    // left alone.
    let listener = bind(settings).await?;
    let address = listener
        .local_addr()
        .map_err(|e| ServeError::failed("cannot listen", e))?;
    let machinery = assemble(settings, clock.clone(), shutdown).await?;
    for setting in settings.unencrypted() {
        tracing::warn!(setting, "tokens travel to this address without TLS");
    }
    announce(address, settings);
    serve_on(listener, machinery, clock).await
}

/// Opens the store and starts the engine. Deliveries can be taken at once.
///
/// # Errors
/// The store does not open, or GitHub does not know the App.
pub async fn assemble(
    settings: &Settings,
    clock: Clock,
    shutdown: CancellationToken,
) -> Result<Machinery, ServeError> {
    let store = Store::open(&settings.database_url)
        .await
        .map_err(|e| ServeError::failed("cannot open the store", e))?;
    let mut options = GitHubOptions::new(
        settings.github_api_url.clone(),
        settings.app_id.clone(),
        settings.private_key.clone(),
        clock.clone(),
    );
    options.graphql_url = Some(settings.github_graphql_url.clone());
    let github = GitHub::new(options).map_err(|e| ServeError::failed("cannot start", e))?;
    let bot = bot_login(&github, &store).await?;
    // crates.io asks whom to speak to about a client.
    let contact = format!("GitHub App {bot}");
    let registry = CratesIo::new(CratesIoOptions::new(
        settings.crates_io_url.clone(),
        settings.crates_io_index_url.clone(),
        &contact,
        clock.clone(),
    ))
    .map_err(|e| ServeError::failed("cannot start", e))?;
    let engine = Engine::new(store.clone(), github, registry, clock, bot);
    let tasks = engine
        .start(shutdown.clone())
        .await
        .map_err(|e| ServeError::failed("cannot start the engine", e))?;
    let secrets = settings.webhook_secrets.clone();
    let webhook = Webhook::new(
        move |body, signature| verify(&secrets, Some(signature), body).is_ok(),
        concern,
    );
    let ready: Ready = {
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
    };
    Ok(Machinery {
        engine,
        web: Parts {
            webhook,
            inbox: Arc::new(store.clone()),
            ready,
        },
        tasks,
        store,
        shutdown,
    })
}

/// Whether a delivery is stored: only what some case may want to know.
fn concern(event: &str, body: &str) -> Concern {
    if !relevant(event) {
        return Concern::Drop("unknown");
    }
    match envelope(body.as_bytes()) {
        Err(e) => Concern::Malformed(e.to_string()),
        Ok(envelope) => Concern::Keep {
            repo_id: envelope.repo_id,
        },
    }
}

/// The App's own login. Asked at each start, remembered for one at which
/// GitHub does not answer.
async fn bot_login(github: &GitHub, store: &Store) -> Result<String, ServeError> {
    let failed = |why: String| ServeError::failed("cannot ask GitHub who the App is", why);
    match github.app().await {
        Ok(app) => {
            let bot = app.bot_login();
            store
                .meta_set(BOT, &bot)
                .await
                .map_err(|e| failed(e.to_string()))?;
            Ok(bot)
        }
        Err(error) if error.is_temporary() => {
            match store
                .meta_get(BOT)
                .await
                .map_err(|e| failed(e.to_string()))?
            {
                Some(bot) => {
                    tracing::warn!(%error, bot, "GitHub does not answer; starting all the same");
                    Ok(bot)
                }
                None => Err(failed(error.to_string())),
            }
        }
        Err(error) => Err(failed(format!("{error} (APP_ID and PRIVATE_KEY)"))),
    }
}

/// Serves on `listener` until `shutdown` is cancelled, then stops in order:
/// first the sockets, so that nothing acknowledged is left out of the store,
/// then the engine, then the store.
///
/// # Errors
/// The web server ended by itself.
pub async fn serve_on(
    listener: TcpListener,
    machinery: Machinery,
    clock: Clock,
) -> Result<(), ServeError> {
    let Machinery {
        web,
        mut tasks,
        store,
        shutdown,
        ..
    } = machinery;
    let web = Web {
        clock,
        webhook: web.webhook,
        inbox: web.inbox,
        ready: web.ready,
        metrics: telemetry::metrics(),
        limits: Limits::default(),
    };
    let ended = web::start(listener, web, shutdown.clone()).await;
    shutdown.cancel();
    while tasks.join_next().await.is_some() {}
    store.close().await;
    ended.map_err(|e| ServeError::failed("the web server ended", e))?;
    tracing::info!("stopped");
    Ok(())
}

fn announce(address: SocketAddr, settings: &Settings) {
    tracing::info!(
        %address,
        app = settings.app_id,
        github = settings.github_api_url,
        database = settings.database_url,
        version = env!("CARGO_PKG_VERSION"),
        "listening on http://{address}/webhook"
    );
}

async fn bind(settings: &Settings) -> Result<TcpListener, ServeError> {
    let (host, port) = (settings.host.as_str(), settings.port);
    TcpListener::bind((host, port))
        .await
        .map_err(|e| match e.kind() {
            // It may be free again soon; a restart is worth a try.
            io::ErrorKind::AddrInUse => {
                ServeError::failed("cannot listen", format!("PORT {port} on {host} is taken"))
            }
            io::ErrorKind::PermissionDenied => ServeError::Setting(Wrong {
                setting: "PORT",
                why: format!("is wrong: not allowed to listen on {port}"),
            }),
            _ => ServeError::Setting(Wrong {
                setting: "HOST",
                why: format!("is wrong: cannot listen on {host}: {e}"),
            }),
        })
}

/// Cancels `shutdown` at the first SIGTERM or SIGINT. A second one ends the
/// process at once: nothing acknowledged is lost by that.
fn stop_on_signal(shutdown: CancellationToken) -> Result<(), ServeError> {
    let mut signals =
        Signals::listen().map_err(|e| ServeError::failed("cannot listen for signals", e))?;
    tokio::spawn(async move {
        let signal = signals.next().await;
        tracing::info!(signal, "stopping");
        shutdown.cancel();
        let signal = signals.next().await;
        tracing::warn!(signal, "stopped at once");
        std::process::exit(1);
    });
    Ok(())
}

#[cfg(unix)]
struct Signals {
    term: tokio::signal::unix::Signal,
    int: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            term: signal(SignalKind::terminate())?,
            int: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.term.recv() => "SIGTERM",
            _ = self.int.recv() => "SIGINT",
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Signals)
    }

    async fn next(&mut self) -> &'static str {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "ctrl-c"
    }
}
