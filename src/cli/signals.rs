//! The signals that stop the server, and those that do not.

use std::io;

use tokio_util::sync::CancellationToken;

/// Cancels `shutdown` at the first SIGTERM or SIGINT. A second one ends the
/// process at once: nothing acknowledged is lost by that. SIGHUP stops nothing:
/// settings are read at the start alone. Nor does SIGXFSZ: a file that may not
/// grow any more is a full disk to whoever writes.
///
/// # Errors
/// The system lets nobody listen for signals.
pub fn stop_on_signal(shutdown: CancellationToken) -> io::Result<()> {
    let mut signals = Signals::listen()?;
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

/// SIGXFSZ, where it has this number (not on MIPS).
#[cfg(unix)]
const FILE_SIZE: std::ffi::c_int = 25;

#[cfg(unix)]
struct Signals {
    term: tokio::signal::unix::Signal,
    int: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
    file_size: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            term: signal(SignalKind::terminate())?,
            int: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
            file_size: signal(SignalKind::from_raw(FILE_SIZE))?,
        })
    }

    async fn next(&mut self) -> &'static str {
        loop {
            tokio::select! {
                _ = self.term.recv() => return "SIGTERM",
                _ = self.int.recv() => return "SIGINT",
                _ = self.hangup.recv() => {
                    tracing::info!("SIGHUP changes nothing; settings are read at the start");
                }
                _ = self.file_size.recv() => {
                    tracing::error!("SIGXFSZ: a file has reached the largest size that this process may write");
                }
            }
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
