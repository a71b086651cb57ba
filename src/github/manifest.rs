//! An App that was created from a manifest: its code for its credentials.

use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

use super::call::{Call, path};
use super::client::{API_VERSION, USER_AGENT};
use super::error::Error;
use super::transport::{Bearer, Transport};
use crate::clock::Clock;

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(15);

/// What GitHub hands out for a code, once. (REST: create a GitHub App from a
/// manifest.)
#[derive(Clone, Debug, Deserialize)]
pub struct NewApp {
    /// The App's number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its page; people install it at `/installations/new` below.
    pub html_url: String,
    /// Its client id.
    pub client_id: String,
    /// What people sign in with.
    #[serde(deserialize_with = "secret")]
    pub client_secret: SecretString,
    /// What deliveries are signed with; none where the manifest asked for no webhook.
    #[serde(default, deserialize_with = "maybe_secret")]
    pub webhook_secret: Option<SecretString>,
    /// Its key, PEM (PKCS#1).
    #[serde(deserialize_with = "secret")]
    pub pem: SecretString,
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<SecretString, D::Error> {
    String::deserialize(from).map(SecretString::from)
}

fn maybe_secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    Option::<String>::deserialize(from).map(|it| it.map(SecretString::from))
}

/// Exchanges the code for the App's credentials:
/// `POST /app-manifests/{code}/conversions`, without any right but the code itself,
/// within an hour. The code works once: after [`Error::Ambiguous`] it may be used up.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::Invalid`]: the code is unknown, used or too old.
pub async fn convert_manifest(api_url: &str, code: &str, clock: &Clock) -> Result<NewApp, Error> {
    let transport = Transport::new(api_url, None, USER_AGENT, API_VERSION, PATIENCE)?;
    let call = Call::post(
        "apps/create-from-manifest",
        path(&["app-manifests", code, "conversions"]),
        serde_json::json!({}),
    );
    let nobody = Bearer {
        secret: None,
        label: "nobody",
    };
    transport.send(&call, &nobody, clock.now(), 0).await?.json()
}
