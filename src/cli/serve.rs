//! `hotfix-bot serve`: the server, until it is told to stop.

use std::io;
use std::net::SocketAddr;

use secrecy::ExposeSecret as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::exit::{Exit, block_on, complain};
use super::notify;
use super::signals::stop_on_signal;
use crate::clock::Clock;
use crate::domain::text::setup as words;
use crate::server::{FirstRunEnd, FirstRunError, HasApp, ServerError, assemble, first_run};
use crate::settings::{self, Begin, FirstRun, Settings, Wrong};
use crate::telemetry;
use crate::web::setup::Finished;

/// Arguments of `serve`.
pub type Args = settings::Args;

/// Below the options in `--help`.
pub(super) const AFTER_HELP: &str = "\
Required: APP_ID, PRIVATE_KEY or PRIVATE_KEY_PATH, WEBHOOK_SECRET. Where none of them is set and the \
database never knew an App, the server offers to create one: the log has the link (docs/setup.md; \
SETUP=off: never), and the credentials are kept in CREDENTIALS_FILE. Prefer the environment to flags \
for secrets: flags show in the list of processes. Exit code 2: a setting is missing or wrong.";

/// Why the server did not start, or ended.
#[derive(Debug, thiserror::Error)]
enum ServeError {
    /// Settings cannot be used: exit code 2.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\nhotfix-bot: "))]
    Settings(Vec<Wrong>),
    /// The store worked for an App whose credentials are gone: exit code 2.
    #[error("{}", words::credentials_missing(.0))]
    Known(String),
    /// Something that the server needs did not work: exit code 1.
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl ServeError {
    fn exit(&self) -> Exit {
        match self {
            ServeError::Settings(_) | ServeError::Known(_) => Exit::Usage,
            ServeError::Server(_) => Exit::Failed,
        }
    }
}

impl From<FirstRunError> for ServeError {
    fn from(error: FirstRunError) -> Self {
        match error {
            FirstRunError::Known(app) => ServeError::Known(app),
            FirstRunError::Settings(all) => ServeError::Settings(all),
            FirstRunError::Server(error) => ServeError::Server(error),
        }
    }
}

/// Reads the settings, serves until SIGTERM or SIGINT, and stops in order.
pub fn run(mut args: Args) -> Exit {
    args.channels = settings::channels_of(std::env::vars_os());
    let begin = match settings::begin(args) {
        Ok(begin) => begin,
        Err(all) => return complain(Exit::Usage, ServeError::Settings(all)),
    };
    let rust_log = match &begin {
        Begin::Ready(settings) => &settings.rust_log,
        Begin::FirstRun(run) => &run.rust_log,
    };
    if let Err(e) = telemetry::init_log(rust_log) {
        return complain(Exit::Usage, format_args!("RUST_LOG: {e}"));
    }
    block_on(async {
        let shutdown = CancellationToken::new();
        let served = async {
            stop_on_signal(shutdown.clone())
                .map_err(|e| ServerError::new("cannot listen for signals", e))?;
            match begin {
                Begin::Ready(settings) => {
                    // The port comes first: where another server runs already, its
                    // store is left alone.
                    let listener = bind(&settings.host, settings.port).await?;
                    serve(&settings, listener, None, shutdown, true).await
                }
                Begin::FirstRun(run) => set_up(&run, shutdown).await,
            }
        };
        match served.await {
            Ok(()) => Exit::Done,
            Err(e) => complain(e.exit(), e),
        }
    })
}

/// Serves the set-up pages until the server has an App, then the App.
///
/// # Errors
/// The store knew an App, or something did not start.
async fn set_up(run: &FirstRun, shutdown: CancellationToken) -> Result<(), ServeError> {
    let listener = bind(&run.host, run.port).await?;
    let ready = shutdown.clone();
    let end = first_run(run, Clock::system(), listener, shutdown.clone(), |link| {
        show(&words::open_here(link));
        notify::supervise(ready);
    });
    match end.await? {
        FirstRunEnd::Ready(it) => {
            let HasApp {
                settings,
                listener,
                finished,
            } = *it;
            serve(&settings, listener, Some(finished), shutdown, false).await
        }
        FirstRunEnd::TakenAlong => {
            tracing::info!("set-up is over; start the server with the credentials");
            Ok(())
        }
        FirstRunEnd::Stopped => Ok(()),
    }
}

/// The one line that lets somebody in. Where the log is too quiet for it, it is
/// said all the same: without it nobody could go on.
fn show(line: &str) {
    if tracing::enabled!(tracing::Level::WARN) {
        tracing::warn!("{line}");
    } else {
        eprintln!("hotfix-bot: {line}");
    }
}

/// Serves on `listener` until `shutdown` is cancelled. `begins`: systemd was not
/// told yet that the server is there.
///
/// # Errors
/// The store or the engine did not start.
async fn serve(
    settings: &Settings,
    listener: TcpListener,
    finished: Option<Finished>,
    shutdown: CancellationToken,
    begins: bool,
) -> Result<(), ServeError> {
    let address = listener
        .local_addr()
        .map_err(|e| ServerError::new("cannot listen", e))?;
    let mut server = assemble(settings, Clock::system(), shutdown.clone()).await?;
    if let Some(finished) = finished {
        server = server.after(finished);
    }
    for setting in settings.unencrypted() {
        tracing::warn!(setting, "tokens travel to this address without TLS");
    }
    announce(address, settings);
    if begins {
        notify::supervise(shutdown);
    }
    Ok(server.serve_on(listener).await?)
}

fn announce(address: SocketAddr, settings: &Settings) {
    tracing::info!(
        %address,
        app = settings.app_id,
        github = settings.github_api_url,
        database = settings::shown_database(settings.database_url.expose_secret()),
        version = env!("CARGO_PKG_VERSION"),
        "listening on http://{address}/webhook"
    );
}

async fn bind(host: &str, port: u16) -> Result<TcpListener, ServeError> {
    let wrong = |setting: &'static str, why: String| {
        let setting = setting.into();
        ServeError::Settings(vec![Wrong { setting, why }])
    };
    TcpListener::bind((host, port))
        .await
        .map_err(|e| match e.kind() {
            // It may be free again soon; a restart is worth a try.
            io::ErrorKind::AddrInUse => {
                ServerError::new("cannot listen", format!("PORT {port} on {host} is taken")).into()
            }
            io::ErrorKind::PermissionDenied => {
                wrong("PORT", format!("is wrong: not allowed to listen on {port}"))
            }
            _ => wrong("HOST", format!("is wrong: cannot listen on {host}: {e}")),
        })
}
