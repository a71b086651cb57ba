//! The record of every API call.

use serde_json::Value;

use crate::sim::clock::Millis;

/// One API call.
#[derive(Clone, Debug)]
pub struct CallRecord {
    /// When it arrived, on GitHub's clock.
    pub at: Millis,
    /// `GET`, `POST`, ...
    pub method: String,
    /// Path and query.
    pub path: String,
    /// GitHub's operation id; `graphql/<name or field>` for GraphQL; none when the call
    /// is not served. Calls to the registry are recorded there.
    pub operation: Option<String>,
    /// The status answered; 0 when a fault struck before it was carried out.
    pub status: u16,
    /// `app`, `installation`, `user` or `anonymous`.
    pub actor: &'static str,
    /// Whether it changes something (GraphQL: a mutation).
    pub is_write: bool,
    /// The JSON that was sent.
    pub request: Value,
    /// The JSON that was answered, also where a fault kept it back; null when
    /// there was none.
    pub response: Value,
    /// The message of a refusal, or what a fault did.
    pub message: Option<String>,
}

/// All of them.
#[derive(Debug, Default)]
pub struct CallLog {
    /// In order of arrival.
    pub calls: Vec<CallRecord>,
    /// `METHOD path` of what was answered 501 because it is not served.
    pub unsupported: Vec<String>,
}
