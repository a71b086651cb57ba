//! The App itself, where it is installed, and the log of its deliveries: all
//! with the App's JWT.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Actor;
use crate::clock::Millis;
use crate::github::Permissions;
use crate::github::call::{Call, path};
use crate::github::{Error, GitHub, json as tolerant};

/// The App.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// Its id.
    pub id: i64,
    /// Its name in addresses.
    pub slug: String,
    /// Its client id.
    pub client_id: Option<String>,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Its page.
    #[serde(default)]
    pub html_url: String,
    /// What it asks for.
    #[serde(default)]
    pub permissions: Permissions,
    /// What it is told.
    #[serde(default)]
    pub events: Vec<String>,
}

impl App {
    /// Login of the account that acts for it.
    pub fn bot_login(&self) -> String {
        format!("{}[bot]", self.slug)
    }
}

/// An installation of the App.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstallationInfo {
    /// Its id.
    pub id: i64,
    /// Where it is installed.
    pub account: Option<Actor>,
    /// What it was granted.
    #[serde(default)]
    pub permissions: Permissions,
    /// What it is told.
    #[serde(default)]
    pub events: Vec<String>,
    /// `all` or `selected`.
    #[serde(default)]
    pub repository_selection: String,
    /// Since when it is suspended.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub suspended_at: Option<Millis>,
}

/// An attempt to deliver an event, as GitHub logged it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HookDelivery {
    /// Id of the attempt; rises with time.
    pub id: i64,
    /// Id of the event (`X-GitHub-Delivery`), the same for all its attempts.
    pub guid: String,
    /// When it was tried.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub delivered_at: Option<Millis>,
    /// Whether it repeats an earlier attempt.
    #[serde(default)]
    pub redelivery: bool,
    /// `OK`, or what went wrong.
    #[serde(default)]
    pub status: String,
    /// HTTP status of the answer; 0 without one.
    pub status_code: i64,
    /// The event.
    pub event: String,
    /// Its action.
    pub action: Option<String>,
    /// Its installation.
    pub installation_id: Option<i64>,
    /// Its repository.
    pub repository_id: Option<i64>,
    /// What was sent; only where one delivery was asked for.
    pub request: Option<HookRequest>,
}

impl HookDelivery {
    /// Whether the receiver acknowledged this attempt.
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status_code)
    }
}

/// What was sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HookRequest {
    /// Headers, the signature not among those to rely on.
    #[serde(default)]
    pub headers: Map<String, Value>,
    /// The event's payload.
    pub payload: Value,
}

/// A part of the log, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HookDeliveries {
    /// The attempts.
    pub items: Vec<HookDelivery>,
    /// Where the older ones begin; none at the end.
    pub next: Option<String>,
}

impl GitHub {
    /// Who we are: `GET /app`.
    pub async fn app(&self) -> Result<App, Error> {
        self.as_app(&Call::get("apps/get-authenticated", "/app".into()))
            .await?
            .json()
    }

    /// Where the App is installed: `GET /app/installations`.
    pub async fn installations(&self) -> Result<Vec<InstallationInfo>, Error> {
        self.list_as_app(Call::get(
            "apps/list-installations",
            "/app/installations".into(),
        ))
        .await
    }

    /// One installation: `GET /app/installations/{id}`.
    pub async fn installation_info(&self, id: i64) -> Result<Option<InstallationInfo>, Error> {
        self.as_app(&Call::get(
            "apps/get-installation",
            path(&["app", "installations", &id.to_string()]),
        ))
        .await?
        .maybe()
    }

    /// The installation that covers a repository, if any:
    /// `GET /repos/{o}/{r}/installation`.
    pub async fn repo_installation(
        &self,
        owner: &str,
        name: &str,
    ) -> Result<Option<InstallationInfo>, Error> {
        self.as_app(&Call::get(
            "apps/get-repo-installation",
            path(&["repos", owner, name, "installation"]),
        ))
        .await?
        .maybe()
    }

    /// A page of the delivery log, from `cursor` on:
    /// `GET /app/hook/deliveries`. GitHub's `status=failure` filter may miss
    /// deliveries that got no answer, so there is none here.
    pub async fn hook_deliveries(&self, cursor: Option<&str>) -> Result<HookDeliveries, Error> {
        let mut call = Call::get(
            "apps/list-webhook-deliveries",
            "/app/hook/deliveries".into(),
        )
        .query("per_page", "100");
        if let Some(cursor) = cursor {
            call = call.query("cursor", cursor);
        }
        let reply = self.as_app(&call).await?;
        let next = reply.next_page().and_then(|target| {
            let (_, query) = target.split_once('?')?;
            url::form_urlencoded::parse(query.as_bytes())
                .find(|(name, _)| name == "cursor")
                .map(|(_, cursor)| cursor.into_owned())
        });
        Ok(HookDeliveries {
            items: reply.json()?,
            next,
        })
    }

    /// One attempt with what was sent: `GET /app/hook/deliveries/{id}`.
    pub async fn hook_delivery(&self, id: i64) -> Result<Option<HookDelivery>, Error> {
        self.as_app(&Call::get(
            "apps/get-webhook-delivery",
            path(&["app", "hook", "deliveries", &id.to_string()]),
        ))
        .await?
        .maybe()
    }

    /// Has an event delivered again, under its old guid:
    /// `POST /app/hook/deliveries/{id}/attempts`.
    pub async fn redeliver(&self, id: i64) -> Result<(), Error> {
        let mut call = Call::post(
            "apps/redeliver-webhook-delivery",
            path(&["app", "hook", "deliveries", &id.to_string(), "attempts"]),
            Value::Null,
        );
        call.body = None;
        self.as_app(&call).await?.done()
    }
}
