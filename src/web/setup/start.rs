//! The server of a first run.

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::backend::SetUp;
use super::routes;
use super::state::Outcome;
use crate::web::limits::Limits;
use crate::web::server;

/// Serves the pages on `listener` until `shutdown` is cancelled, as
/// [`crate::web::start`] does. The receiver gets how set-up ended, once; then the answer
/// that brought it about is still under way.
pub fn start(
    listener: TcpListener,
    setup: SetUp,
    shutdown: CancellationToken,
) -> (JoinHandle<()>, oneshot::Receiver<Outcome>) {
    let (ended, outcome) = oneshot::channel();
    let router = routes::router(setup, ended, shutdown.clone());
    // Nothing is delivered yet, so nobody writes.
    let writer = tokio::spawn(async {});
    let closing = CancellationToken::new();
    let served = tokio::spawn(server::run(
        listener,
        router,
        Limits::default(),
        shutdown,
        closing,
        writer,
    ));
    (served, outcome)
}
