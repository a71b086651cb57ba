//! The accept loop: a cap on connections, a time-out for heads, and an end in
//! order.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::guests::{Guests, Seat};
use super::limits::Limits;

/// The largest head of a request, bytes, and what is read at once: GitHub's heads
/// are below 2 kB, and most bodies below 30 kB.
const HEAD: usize = 64 * 1024;

pub(super) async fn run(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: CancellationToken,
    closing: CancellationToken,
    mut writer: JoinHandle<()>,
) {
    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    let room = Arc::new(Semaphore::new(limits.connections));
    let guests = Guests::new();
    while let Some((stream, permit)) = next(&listener, &room, &guests, &shutdown).await {
        let seat = guests.seat(cut.child_token());
        let cut = seat.guest.cut.clone();
        let served = serve(
            stream,
            router.clone(),
            limits.head_time,
            seat,
            shutdown.clone(),
        );
        connections.spawn(async move {
            tokio::select! {
                () = served => {}
                () = cut.cancelled() => {}
            }
            drop(permit);
        });
    }
    // From here on the port refuses connections.
    drop(listener);

    let deadline = Instant::now() + limits.drain_time;
    connections.close();
    if timeout_at(deadline, connections.wait()).await.is_err() {
        tracing::warn!(
            connections = connections.len(),
            "requests did not end in time and are cut off"
        );
        cut.cancel();
        connections.wait().await;
    }
    // Whoever waited for a commit has an answer now, or was cut off unanswered.
    closing.cancel();
    if timeout_at(deadline, &mut writer).await.is_err() {
        tracing::warn!("a commit of deliveries did not end in time; none of them was acknowledged");
        writer.abort();
    }
}

/// The next connection and its place under the cap, which another had to leave
/// where all were taken; `None` at shutdown.
async fn next(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
    guests: &Guests,
    shutdown: &CancellationToken,
) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    shutdown
        .run_until_cancelled(async {
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => {
                        if room.available_permits() == 0 {
                            guests.shed();
                        }
                        let permit = room.clone().acquire_owned().await.ok()?;
                        return Some((stream, permit));
                    }
                    Err(e) if of_one_connection(&e) => {}
                    Err(e) => {
                        // Such as too many open files: it passes when others close.
                        tracing::error!(error = %e, "cannot accept connections");
                        sleep(Duration::from_millis(500)).await;
                    }
                }
            }
        })
        .await
        .flatten()
}

/// Whether the error belongs to the connection that was to be accepted.
fn of_one_connection(e: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        e.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

async fn serve(
    stream: TcpStream,
    router: Router,
    head_time: Duration,
    seat: Seat,
    shutdown: CancellationToken,
) {
    // Answers are small and wait for nothing.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request: hyper::Request<Incoming>| {
        seat.stirs();
        let answer = router.clone().oneshot(request.map(Body::new));
        async {
            let answer = answer.await;
            seat.stirs();
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_time)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(e) = ended {
        tracing::debug!(error = %e, "a connection ended early");
    }
}
