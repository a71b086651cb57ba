//! `hotfix-bot serve`: the server, until it is told to stop.

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::exit::{Exit, block_on, complain};
use super::notify;
use super::signals::stop_on_signal;
use crate::clock::Clock;
use crate::server::{ServerError, assemble};
use crate::settings::{self, Settings, Wrong};
use crate::telemetry;

/// Arguments of `serve`.
pub type Args = settings::Args;

/// Below the options in `--help`.
pub(super) const AFTER_HELP: &str = "\
Required: APP_ID, PRIVATE_KEY or PRIVATE_KEY_PATH, WEBHOOK_SECRET. Prefer the environment to flags \
for secrets: flags show in the list of processes. Exit code 2: a setting is missing or wrong.";

/// Why the server did not start, or ended.
#[derive(Debug, thiserror::Error)]
enum ServeError {
    /// A setting cannot be used: exit code 2.
    #[error(transparent)]
    Setting(#[from] Wrong),
    /// Something that the server needs did not work: exit code 1.
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl ServeError {
    fn exit(&self) -> Exit {
        match self {
            ServeError::Setting(_) => Exit::Usage,
            ServeError::Server(_) => Exit::Failed,
        }
    }
}

/// Reads the settings, serves until SIGTERM or SIGINT, and stops in order.
pub fn run(mut args: Args) -> Exit {
    args.channels = settings::channels_of(std::env::vars_os());
    let settings = match Settings::read(args) {
        Ok(settings) => settings,
        Err(all) => {
            for wrong in all {
                complain(Exit::Usage, wrong);
            }
            return Exit::Usage;
        }
    };
    if let Err(e) = telemetry::init_log(&settings.rust_log) {
        return complain(Exit::Usage, format_args!("RUST_LOG: {e}"));
    }
    block_on(async {
        let shutdown = CancellationToken::new();
        let served = async {
            stop_on_signal(shutdown.clone())
                .map_err(|e| ServerError::new("cannot listen for signals", e))?;
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
async fn serve(
    settings: &Settings,
    clock: Clock,
    shutdown: CancellationToken,
) -> Result<(), ServeError> {
    // The port comes first: where another server runs already, its store is
    // left alone.
    let listener = bind(settings).await?;
    let address = listener
        .local_addr()
        .map_err(|e| ServerError::new("cannot listen", e))?;
    let server = assemble(settings, clock, shutdown.clone()).await?;
    for setting in settings.unencrypted() {
        tracing::warn!(setting, "tokens travel to this address without TLS");
    }
    announce(address, settings);
    notify::supervise(shutdown);
    Ok(server.serve_on(listener).await?)
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
                ServerError::new("cannot listen", format!("PORT {port} on {host} is taken")).into()
            }
            io::ErrorKind::PermissionDenied => ServeError::Setting(Wrong {
                setting: "PORT".into(),
                why: format!("is wrong: not allowed to listen on {port}"),
            }),
            _ => ServeError::Setting(Wrong {
                setting: "HOST".into(),
                why: format!("is wrong: cannot listen on {host}: {e}"),
            }),
        })
}
