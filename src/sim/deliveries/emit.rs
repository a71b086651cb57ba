//! Something happened: events become deliveries, queued in the world.

use serde_json::{Value, json};

use crate::sim::json as build;
use crate::sim::model::delivery::{Delivery, DeliveryOrder};
use crate::sim::model::mishaps::Fate;
use crate::sim::world::{Job, UserId, UserKind, World};

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

    /// Somebody took back what they let the App do, whatever is subscribed.
    pub fn emit_revoked(&mut self, app: u64, user: UserId) {
        let payload = json!({ "action": "revoked", "sender": build::user(self, user) });
        let event = "github_app_authorization";
        self.queue_delivery(app, None, None, event, Some("revoked"), payload);
    }

    /// A hook was made: the App is pinged, without an installation.
    pub fn emit_ping(&mut self, app: u64) {
        let Some(of) = self.apps.get(&app) else {
            return;
        };
        let payload = json!({
            "zen": "Keep it logically awesome.",
            "hook_id": app + 1_000_000,
            "hook": {
                "type": "App",
                "id": app + 1_000_000,
                "name": "web",
                "active": true,
                "app_id": app,
                "events": of.events,
            },
        });
        self.queue_delivery(app, None, None, "ping", None, payload);
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
        let (job, now) = (Job::Deliver(index as u64), self.now());
        match self.deliveries.fates.pop_front() {
            Some(Fate::Lost) => return self.is_lost(index),
            Some(Fate::Late(by)) => return self.schedule(now + by, job),
            Some(Fate::Twice(by)) => self.schedule(now + by, job),
            Some(Fate::Sent) | None => {}
        }
        match self.deliveries.order {
            DeliveryOrder::DropEvery(n) if n > 0 && (index + 1).is_multiple_of(n as usize) => {
                self.is_lost(index);
            }
            DeliveryOrder::Twice => {
                self.wait_to_send(index, false);
                self.wait_to_send(index, false);
            }
            _ => self.wait_to_send(index, false),
        }
    }

    fn is_lost(&mut self, index: usize) {
        self.deliveries.dropped += 1;
        self.record_attempt(index, false, 0, "failed to connect to host");
    }
}
