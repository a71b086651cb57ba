//! The server's lives: it is killed by dropping its runtime, and started again on
//! the same file.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hotfix_bot::rehearsal::{RealServer, ServerSetup};
use tokio::runtime::{Builder, Runtime};

/// How long, really, a killed server may hold on to its file.
const LOCK_LIMIT: Duration = Duration::from_secs(20);

/// A server that runs.
pub struct Life {
    pub server: Arc<RealServer>,
    runtime: Runtime,
}

impl Life {
    /// Starts one.
    pub async fn begin(setup: &ServerSetup) -> Result<Life, String> {
        let began = Instant::now();
        loop {
            let runtime = Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .map_err(|e| e.to_string())?;
            let started = runtime.spawn(RealServer::start(setup.clone())).await;
            match started.map_err(|e| e.to_string()).flatten() {
                Ok(server) => {
                    return Ok(Life {
                        server: Arc::new(server),
                        runtime,
                    });
                }
                Err(why) => {
                    runtime.shutdown_background();
                    // The dead one's file is let go of by threads that are not ours.
                    let held = why.contains("in use") && began.elapsed() < LOCK_LIMIT;
                    if !held {
                        return Err(why);
                    }
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
        }
    }

    /// Drops every task where it stands.
    pub async fn killed(self) {
        let Life { server, runtime } = self;
        drop(server);
        // Waits for the tasks to be dropped, which an async thread may not.
        let gone = tokio::task::spawn_blocking(move || drop(runtime)).await;
        gone.expect("the runtime ends");
    }

    /// Stops it in order.
    pub async fn stopped(self) {
        if let Ok(server) = Arc::try_unwrap(self.server) {
            let stop = self
                .runtime
                .spawn(hotfix_bot::rehearsal::Server::stop(server));
            let _ = stop.await;
        }
        let _ = tokio::task::spawn_blocking(move || drop(self.runtime)).await;
    }
}

/// A folder of a play: in memory where the machine has such.
pub fn folder() -> tempfile::TempDir {
    let shm = PathBuf::from("/dev/shm");
    let made = match shm.is_dir() {
        true => tempfile::tempdir_in(shm),
        false => tempfile::tempdir(),
    };
    made.expect("a folder")
}
