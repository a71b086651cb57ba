//! Deliveries: what was sent to Apps, and what waits.

use std::collections::VecDeque;
use std::sync::Arc;

use super::mishaps::Fate;
use crate::sim::clock::Millis;

/// In which order and how often deliveries are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeliveryOrder {
    /// One after the other, as they happened.
    #[default]
    InOrder,
    /// What waits at the same time is sent in an order drawn from this seed.
    Shuffled(u64),
    /// Each one twice, with the same GUID.
    Twice,
    /// Every nth is lost: recorded as a failure, never sent.
    DropEvery(u32),
}

/// One event for one installation.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The GUID of `X-GitHub-Delivery`, from a counter.
    pub guid: String,
    /// `X-GitHub-Event`.
    pub event: String,
    /// The payload's `action`.
    pub action: Option<String>,
    /// The App.
    pub app: u64,
    /// The installation; none for `ping` and the like.
    pub installation: Option<u64>,
    /// The repository.
    pub repo: Option<u64>,
    /// When the event happened.
    pub at: Millis,
    /// The exact bytes.
    pub body: Arc<str>,
    /// Each time it was sent, or lost.
    pub attempts: Vec<Attempt>,
}

/// One try to deliver.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The id in GitHub's record.
    pub id: u64,
    /// When.
    pub at: Millis,
    /// Whether it was asked for again.
    pub redelivery: bool,
    /// The receiver's status; 0 when there was no answer.
    pub status_code: u16,
    /// `OK`, or what went wrong.
    pub status: String,
    /// Seconds.
    pub duration: f64,
}

/// What is waiting and what was sent.
#[derive(Debug, Default)]
pub struct Deliveries {
    /// All events, in the order they happened.
    pub all: Vec<Delivery>,
    /// Indexes into `all` with the redelivery mark, waiting to be sent.
    pub(in crate::sim) queue: VecDeque<(usize, bool)>,
    /// How many are being sent now.
    pub(in crate::sim) in_flight: usize,
    /// In which order they are sent.
    pub order: DeliveryOrder,
    /// What becomes of the next ones, one each; then of all what `order` says.
    pub fates: VecDeque<Fate>,
    /// How late a delivery is sent after its event.
    pub delay_ms: Millis,
    /// Attempts that reached the wire.
    pub sent: u64,
    /// Attempts beyond the first of a GUID.
    pub duplicates: u64,
    /// Deliveries lost on purpose.
    pub dropped: u64,
    pub(in crate::sim) drawn: u64,
}

/// What is needed to send one delivery.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Parcel {
    /// The App's own address; none: the stand-in's.
    pub url: Option<String>,
    pub index: usize,
    pub redelivery: bool,
    pub body: Arc<str>,
    pub headers: Vec<(&'static str, String)>,
}
