//! What systemd is told (`Type=notify`): that the server is ready, that it lives,
//! that it stops. Without `NOTIFY_SOCKET` nothing is told.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// Tells that the server is ready, from time to time that it lives, and at
/// `shutdown` that it stops.
pub fn supervise(shutdown: CancellationToken) {
    tell("READY=1");
    let every = watchdog(std::env::var("WATCHDOG_USEC").ok().as_deref());
    tokio::spawn(async move {
        loop {
            let next = async {
                match every {
                    Some(every) => tokio::time::sleep(every).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => return tell("STOPPING=1"),
                () = next => tell("WATCHDOG=1"),
            }
        }
    });
}

/// How often a sign of life is expected: a third of what systemd waits for.
fn watchdog(micros: Option<&str>) -> Option<Duration> {
    let micros: u64 = micros?.trim().parse().ok()?;
    (micros > 0).then(|| Duration::from_micros(micros / 3))
}

#[cfg(target_os = "linux")]
fn tell(state: &str) {
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    let Some(path) = std::env::var_os("NOTIFY_SOCKET") else {
        return;
    };
    let told = || {
        let address = match path.as_bytes().split_first() {
            Some((b'@', name)) => SocketAddr::from_abstract_name(name)?,
            _ => SocketAddr::from_pathname(&path)?,
        };
        let socket = UnixDatagram::unbound()?;
        // A full queue must not hold the server.
        socket.set_nonblocking(true)?;
        socket.send_to_addr(state.as_bytes(), &address)
    };
    if let Err(error) = told() {
        tracing::debug!(%error, state, "systemd could not be told");
    }
}

#[cfg(not(target_os = "linux"))]
fn tell(_: &str) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_of_life_comes_well_before_it_is_missed() {
        let every = watchdog(Some("30000000"));
        assert_eq!(every, Some(Duration::from_secs(10)));
        assert_eq!(watchdog(Some("0")), None);
        assert_eq!(watchdog(Some("soon")), None);
        assert_eq!(watchdog(None), None);
    }
}
