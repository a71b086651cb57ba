//! The record of every API call, and everything on paper.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::clock::{Millis, iso_millis};
use super::world::World;

/// One API call.
#[derive(Clone, Debug)]
pub struct CallRecord {
    /// When it arrived, on GitHub's clock.
    pub at: Millis,
    /// `GET`, `POST`, ...
    pub method: String,
    /// Path and query.
    pub path: String,
    /// GitHub's operation id; `graphql/<field>` for GraphQL; none when the call
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

impl World {
    /// Writes every delivery and every call, one JSON object a line, to
    /// `deliveries.jsonl`, `api-calls.jsonl` and `registry-calls.jsonl` in
    /// `dir`, which is made if missing. The git repositories are where they
    /// always were, below [`World::dir`].
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn dump(&self, dir: &Path) -> io::Result<()> {
        fs::create_dir_all(dir)?;
        let deliveries = self.deliveries.all.iter().map(|delivery| {
            let attempts = delivery.attempts.iter().map(|a| {
                json!({
                    "id": a.id,
                    "at": iso_millis(a.at),
                    "redelivery": a.redelivery,
                    "status_code": a.status_code,
                    "status": a.status,
                })
            });
            json!({
                "guid": delivery.guid,
                "at": iso_millis(delivery.at),
                "event": delivery.event,
                "action": delivery.action,
                "attempts": attempts.collect::<Vec<_>>(),
                "payload": serde_json::from_str::<Value>(&delivery.body).unwrap_or(Value::Null),
            })
        });
        lines(&dir.join("deliveries.jsonl"), deliveries)?;
        let calls = self.log.calls.iter().map(|call| {
            json!({
                "at": iso_millis(call.at),
                "method": call.method,
                "path": call.path,
                "operation": call.operation,
                "status": call.status,
                "actor": call.actor,
                "is_write": call.is_write,
                "request": call.request,
                "response": call.response,
                "message": call.message,
            })
        });
        lines(&dir.join("api-calls.jsonl"), calls)?;
        let calls = self.registry.calls.iter().map(|call| json!(call));
        lines(&dir.join("registry-calls.jsonl"), calls)
    }
}

fn lines(path: &Path, rows: impl Iterator<Item = Value>) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for row in rows {
        writeln!(file, "{row}")?;
    }
    file.flush()
}
