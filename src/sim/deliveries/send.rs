//! From the queue to the wire and back: signed, sent, recorded.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::sim::model::delivery::{Attempt, DeliveryOrder, Parcel};
use crate::sim::world::{Job, World};

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
    pub(super) fn wait_to_send(&mut self, index: usize, redelivery: bool) {
        if self.deliveries.delay_ms > 0 && !redelivery {
            let due = self.now() + self.deliveries.delay_ms;
            self.schedule(due, Job::Deliver(index as u64));
        } else {
            self.deliveries.queue.push_back((index, redelivery));
            self.wake.notify_one();
        }
    }

    /// A delivery that was held back goes now.
    pub(in crate::sim) fn release_delivery(&mut self, index: u64) {
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

    /// Sends a delivery's body under another GUID, as nobody at GitHub does, but
    /// whoever got hold of it could: the signature covers the body alone.
    pub fn replay(&mut self, guid: &str) -> bool {
        let Some(mut again) = self.deliveries.all.iter().find(|d| d.guid == guid).cloned() else {
            return false;
        };
        let index = self.deliveries.all.len();
        again.guid = format!("replayed-{}", self.next_id());
        again.attempts.clear();
        self.deliveries.all.push(again);
        self.wait_to_send(index, false);
        true
    }

    /// Takes the next delivery to send.
    pub(in crate::sim) fn next_parcel(&mut self) -> Option<Parcel> {
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
        let url = app.registration.hook_url.clone();
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
            url,
            index,
            redelivery,
            body,
            headers,
        })
    }

    /// A delivery came back.
    pub(in crate::sim) fn parcel_done(
        &mut self,
        parcel: &Parcel,
        reached: bool,
        code: u16,
        status: &str,
    ) {
        self.deliveries.in_flight = self.deliveries.in_flight.saturating_sub(1);
        if reached {
            self.deliveries.sent += 1;
        }
        self.record_attempt(parcel.index, parcel.redelivery, code, status);
    }

    pub(super) fn record_attempt(
        &mut self,
        index: usize,
        redelivery: bool,
        status_code: u16,
        status: &str,
    ) {
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
