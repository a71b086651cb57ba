//! Everything on paper.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::clock::iso_millis;
use super::world::World;

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
