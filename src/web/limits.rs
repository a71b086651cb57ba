//! What a sender may cost.

use std::time::Duration;

/// Bounds on what a sender may cost. The defaults suit GitHub as the sender,
/// which waits 10 s for an answer.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest body, bytes. GitHub does not deliver payloads above 25 MB.
    pub body: usize,
    /// Bytes of bodies above [`Limits::small_body`] held at one time, over all
    /// requests; beyond it, 503.
    pub all_bodies: usize,
    /// A body up to this size is never refused for what others hold, bytes.
    pub small_body: usize,
    /// Time for the head of a request; an idle connection is closed after it.
    pub head_time: Duration,
    /// Time for the whole body of a request.
    pub body_time: Duration,
    /// Connections at one time; for one more, the one that has done nothing for
    /// longest is closed.
    pub connections: usize,
    /// Deliveries that wait for a commit; more are answered 503.
    pub waiting: usize,
    /// Deliveries in one commit.
    pub batch: usize,
    /// How long a commit that follows close on another waits for further deliveries.
    pub gather_time: Duration,
    /// So many are not waited for any longer.
    pub gather: usize,
    /// Time for requests and commits under way when the server stops.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            body: 25 * 1024 * 1024,
            all_bodies: 128 * 1024 * 1024,
            small_body: 64 * 1024,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            connections: 512,
            waiting: 256,
            batch: 64,
            gather_time: Duration::from_millis(2),
            gather: 8,
            drain_time: Duration::from_secs(5),
        }
    }
}
