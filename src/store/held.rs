//! The files that are open are those that the next start will find.
//!
//! A file can be deleted, replaced or emptied under a running server. SQLite goes
//! on with what it has open and notices nothing: every commit succeeds, and all
//! of them are lost. So before a write begins, and after each commit that is
//! acknowledged, the paths are held against what was opened: the same device and
//! inode, and no smaller than seen before (nothing here makes them smaller).
//! That is three `stat` calls.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::error::{Result, StoreError};
use super::lock::beside;

/// What SQLite has open.
pub(super) struct Held {
    files: [HeldFile; 3],
    amiss: AtomicBool,
}

struct HeldFile {
    path: PathBuf,
    identity: (u64, u64),
    /// The largest size seen; the largest there is, once it was seen smaller:
    /// what was cut off does not come back with what is written behind it.
    size: AtomicU64,
}

impl Held {
    /// Remembers the database's files; all of them must be open.
    pub(super) fn learn(path: &Path) -> Result<Held> {
        let file = |ending: &str| -> Result<HeldFile> {
            let path = if ending.is_empty() {
                path.to_owned()
            } else {
                beside(path, ending)
            };
            let meta = std::fs::metadata(&path).map_err(|source| StoreError::File {
                path: path.clone(),
                source,
            })?;
            Ok(HeldFile {
                path,
                identity: identity(&meta),
                size: AtomicU64::new(meta.len()),
            })
        };
        Ok(Held {
            files: [file("")?, file("-wal")?, file("-shm")?],
            amiss: AtomicBool::new(false),
        })
    }

    /// The database's path.
    pub(super) fn path(&self) -> &Path {
        let [database, ..] = &self.files;
        &database.path
    }

    /// Whether the paths still lead to what is open. The log says once when they
    /// do not, and once when they do again.
    pub(super) fn check(&self) -> Result<()> {
        let checked = self.files.iter().try_for_each(HeldFile::check);
        let amiss = checked.is_err();
        if self.amiss.load(Ordering::Relaxed) != amiss {
            self.amiss.store(amiss, Ordering::Relaxed);
            match &checked {
                Err(error) => tracing::error!(%error, "nothing is written or acknowledged"),
                Ok(()) => tracing::info!("the database's files are in place again"),
            }
        }
        checked
    }
}

impl HeldFile {
    fn check(&self) -> Result<()> {
        // Before the look: others look at the same time, and see it grow.
        let seen = self.size.load(Ordering::Acquire);
        let what = match std::fs::metadata(&self.path) {
            Ok(meta) if identity(&meta) != self.identity => "was replaced by another file",
            Ok(meta) => {
                if meta.len() >= seen {
                    self.size.fetch_max(meta.len(), Ordering::Release);
                    return Ok(());
                }
                self.size.store(u64::MAX, Ordering::Release);
                "was cut short"
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => "was deleted or moved",
            Err(_) => "cannot be looked at any more",
        };
        Err(StoreError::Lost {
            path: self.path.clone(),
            what,
        })
    }
}

#[cfg(unix)]
fn identity(meta: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (meta.dev(), meta.ino())
}

/// Elsewhere an open file can be neither deleted nor replaced.
#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, u64) {
    (0, 0)
}
