//! What `--keep DIR` leaves behind: the git repositories and the database,
//! which live there from the start, and every delivery and API call as a file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::sim::World;
use crate::sim::clock::iso_millis;

/// Where a rehearsal's files live.
#[derive(Debug)]
pub struct Artifacts {
    root: PathBuf,
    /// Removes the folder at the end; none when it is kept.
    _temporary: Option<tempfile::TempDir>,
}

impl Artifacts {
    /// The folder that was asked for, which must be new or empty, or a
    /// temporary one.
    ///
    /// # Errors
    /// In words, when the folder holds something or cannot be made.
    pub fn new(keep: Option<&Path>) -> Result<Artifacts, String> {
        let Some(dir) = keep else {
            let made = tempfile::Builder::new()
                .prefix("hotfix-rehearsal-")
                .tempdir();
            let made = made.map_err(|e| format!("a temporary folder cannot be made: {e}"))?;
            return Ok(Artifacts {
                root: made.path().to_owned(),
                _temporary: Some(made),
            });
        };
        let failed = |e: io::Error| format!("--keep {}: {e}", dir.display());
        fs::create_dir_all(dir).map_err(failed)?;
        if fs::read_dir(dir).map_err(failed)?.next().is_some() {
            return Err(format!("--keep {}: the folder is not empty", dir.display()));
        }
        let root = dir.canonicalize().map_err(failed)?;
        Ok(Artifacts {
            root,
            _temporary: None,
        })
    }

    /// Where the git repositories live.
    pub fn git(&self) -> PathBuf {
        self.root.join("git")
    }

    /// The server's database.
    pub fn database(&self) -> PathBuf {
        self.root.join("hotfix-bot.db")
    }

    /// Whether the files stay.
    pub fn is_kept(&self) -> bool {
        self._temporary.is_none()
    }

    /// Writes every delivery and every call.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write_log(&self, world: &World) -> io::Result<()> {
        let dir = self.root.join("deliveries");
        fs::create_dir_all(&dir)?;
        for (number, delivery) in world.deliveries.all.iter().enumerate() {
            let action = delivery
                .action
                .as_ref()
                .map(|a| format!("-{a}"))
                .unwrap_or_default();
            let name = format!("{number:04}-{}{action}.json", delivery.event);
            let payload: Value = serde_json::from_str(&delivery.body).unwrap_or_default();
            let attempts: Vec<Value> = delivery
                .attempts
                .iter()
                .map(|a| json!({ "at": iso_millis(a.at), "status_code": a.status_code, "redelivery": a.redelivery }))
                .collect();
            let whole = json!({
                "guid": delivery.guid,
                "event": delivery.event,
                "action": delivery.action,
                "at": iso_millis(delivery.at),
                "attempts": attempts,
                "payload": payload,
            });
            write(&dir.join(name), &whole)?;
        }
        let dir = self.root.join("calls");
        fs::create_dir_all(&dir)?;
        for (number, call) in world.log.calls.iter().enumerate() {
            let operation = call
                .operation
                .as_deref()
                .unwrap_or("unsupported")
                .replace('/', "-");
            let whole = json!({
                "at": iso_millis(call.at),
                "method": call.method,
                "path": call.path,
                "operation": call.operation,
                "actor": call.actor,
                "write": call.is_write,
                "status": call.status,
                "request": call.request,
                "response": call.response,
                "message": call.message,
            });
            write(&dir.join(format!("{number:04}-{operation}.json")), &whole)?;
        }
        Ok(())
    }
}

fn write(path: &Path, value: &Value) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    fs::write(path, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_something_in_it_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        assert!(
            Artifacts::new(Some(&dir.path().join("new/one")))
                .unwrap()
                .is_kept()
        );
        let refused = Artifacts::new(Some(dir.path())).unwrap_err();
        assert!(refused.contains("not empty"), "{refused}");
        let artifacts = Artifacts::new(None).unwrap();
        let root = artifacts.root.clone();
        assert!(root.exists() && !artifacts.is_kept());
        drop(artifacts);
        assert!(!root.exists());
    }
}
