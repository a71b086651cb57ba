//! Webhook deliveries: queued in the world, sent by a background task, and
//! recorded as GitHub records them.

use std::collections::VecDeque;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::clock::Millis;
use super::json as build;
use super::world::{Job, UserId, UserKind, World};

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
    pub(super) queue: VecDeque<(usize, bool)>,
    /// How many are being sent now.
    pub(super) in_flight: usize,
    /// In which order they are sent.
    pub order: DeliveryOrder,
    /// How late a delivery is sent after its event.
    pub delay_ms: Millis,
    /// Attempts that reached the wire.
    pub sent: u64,
    /// Attempts beyond the first of a GUID.
    pub duplicates: u64,
    /// Deliveries lost on purpose.
    pub dropped: u64,
    drawn: u64,
}

/// What is needed to send one delivery.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub index: usize,
    pub redelivery: bool,
    pub body: Arc<str>,
    pub headers: Vec<(&'static str, String)>,
}

/// `sha256=` and the HMAC of `body` in lower-case hex.
pub fn signature(secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

impl World {
    /// Something happened: queues a signed delivery for every installation on
    /// the repository whose App subscribes to `event`.
    ///
    /// `fields` is an object with what the event adds to the envelope
    /// (`action`, `repository`, `sender`, `installation` are filled in, unless
    /// `fields` brings its own).
    pub fn emit(
        &mut self,
        repo: u64,
        event: &str,
        action: Option<&str>,
        fields: Value,
        sender: UserId,
    ) {
        let to: Vec<(u64, u64)> = self
            .installations
            .values()
            .filter(|i| i.repos.contains(&repo) && i.suspended_at.is_none())
            .filter(|i| {
                self.apps
                    .get(&i.app)
                    .is_some_and(|a| a.events.iter().any(|e| e == event))
            })
            .map(|i| (i.app, i.id))
            .collect();
        if to.is_empty() {
            return;
        }
        let owner = self.repos.get(&repo).map_or(0, |r| r.owner);
        for (app, installation) in to {
            let mut payload = json!({});
            if let Some(action) = action {
                payload["action"] = action.into();
            }
            payload = build::extend(payload, json!({ "repository": null, "sender": null }));
            payload["repository"] = build::repository(self, repo);
            payload["sender"] = build::user(self, sender);
            if self
                .users
                .get(&owner)
                .is_some_and(|u| u.kind == UserKind::Organization)
            {
                payload["organization"] = build::organization(self, owner);
            }
            payload = build::as_delivered(build::extend(payload, fields.clone()));
            self.queue_delivery(app, Some(installation), Some(repo), event, action, payload);
        }
    }

    /// Queues a delivery that concerns the installation as a whole
    /// (`installation`, `installation_repositories`), whatever is subscribed.
    pub fn emit_installation(
        &mut self,
        installation: u64,
        event: &str,
        action: &str,
        fields: Value,
        sender: UserId,
    ) {
        let Some(app) = self.installations.get(&installation).map(|i| i.app) else {
            return;
        };
        let payload = json!({
            "action": action,
            "installation": build::installation(self, installation),
            "sender": build::user(self, sender),
        });
        let payload = build::extend(payload, fields);
        self.queue_delivery(app, Some(installation), None, event, Some(action), payload);
    }

    fn queue_delivery(
        &mut self,
        app: u64,
        installation: Option<u64>,
        repo: Option<u64>,
        event: &str,
        action: Option<&str>,
        mut payload: Value,
    ) {
        if let (Some(id), None) = (installation, payload.get("installation")) {
            payload["installation"] = json!({ "id": id, "node_id": build::node_id("INST", id) });
        }
        let id = self.next_id();
        let index = self.deliveries.all.len();
        self.deliveries.all.push(Delivery {
            guid: format!("{:08x}-0000-11f0-8000-{id:012x}", index + 1),
            event: event.to_owned(),
            action: action.map(str::to_owned),
            app,
            installation,
            repo,
            at: self.now(),
            body: payload.to_string().into(),
            attempts: Vec::new(),
        });
        match self.deliveries.order {
            DeliveryOrder::DropEvery(n) if n > 0 && (index + 1).is_multiple_of(n as usize) => {
                self.deliveries.dropped += 1;
                self.record_attempt(index, false, 0, "failed to connect to host");
            }
            DeliveryOrder::Twice => {
                self.wait_to_send(index, false);
                self.wait_to_send(index, false);
            }
            _ => self.wait_to_send(index, false),
        }
    }

    fn wait_to_send(&mut self, index: usize, redelivery: bool) {
        if self.deliveries.delay_ms > 0 && !redelivery {
            let due = self.now() + self.deliveries.delay_ms;
            self.schedule(due, Job::Deliver(index as u64));
        } else {
            self.deliveries.queue.push_back((index, redelivery));
            self.wake.notify_one();
        }
    }

    /// A delivery that was held back goes now.
    pub(super) fn release_delivery(&mut self, index: u64) {
        self.deliveries.queue.push_back((index as usize, false));
        self.wake.notify_one();
    }

    /// Sends the delivery with this GUID again, as `POST .../attempts` does.
    /// False when there is none.
    pub fn redeliver(&mut self, guid: &str) -> bool {
        let Some(index) = self.deliveries.all.iter().position(|d| d.guid == guid) else {
            return false;
        };
        self.wait_to_send(index, true);
        true
    }

    /// Takes the next delivery to send.
    pub(super) fn next_parcel(&mut self) -> Option<Parcel> {
        let waiting = self.deliveries.queue.len();
        let at = match self.deliveries.order {
            DeliveryOrder::Shuffled(seed) if waiting > 1 => {
                // A linear congruential step is enough to mix an order.
                self.deliveries.drawn = self
                    .deliveries
                    .drawn
                    .wrapping_add(seed)
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                ((self.deliveries.drawn >> 33) as usize) % waiting
            }
            _ => 0,
        };
        let (index, redelivery) = self.deliveries.queue.remove(at)?;
        let delivery = self.deliveries.all.get(index)?;
        let app = self.apps.get(&delivery.app)?;
        let body = delivery.body.clone();
        let headers = vec![
            ("content-type", "application/json".to_owned()),
            ("accept", "*/*".to_owned()),
            ("user-agent", "GitHub-Hookshot/sim".to_owned()),
            ("x-github-event", delivery.event.clone()),
            ("x-github-delivery", delivery.guid.clone()),
            ("x-github-hook-id", (app.id + 1_000_000).to_string()),
            (
                "x-github-hook-installation-target-type",
                "integration".to_owned(),
            ),
            ("x-github-hook-installation-target-id", app.id.to_string()),
            (
                "x-hub-signature-256",
                signature(&app.webhook_secret, body.as_bytes()),
            ),
        ];
        if !delivery.attempts.is_empty() {
            self.deliveries.duplicates += 1;
        }
        self.deliveries.in_flight += 1;
        Some(Parcel {
            index,
            redelivery,
            body,
            headers,
        })
    }

    /// A delivery came back.
    pub(super) fn parcel_done(&mut self, parcel: &Parcel, reached: bool, code: u16, status: &str) {
        self.deliveries.in_flight = self.deliveries.in_flight.saturating_sub(1);
        if reached {
            self.deliveries.sent += 1;
        }
        self.record_attempt(parcel.index, parcel.redelivery, code, status);
    }

    fn record_attempt(&mut self, index: usize, redelivery: bool, status_code: u16, status: &str) {
        let (id, at) = (self.next_id(), self.now());
        if let Some(delivery) = self.deliveries.all.get_mut(index) {
            let status = status.to_owned();
            delivery.attempts.push(Attempt {
                id,
                at,
                redelivery,
                status_code,
                status,
                duration: 0.05,
            });
        }
    }
}
