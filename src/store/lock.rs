//! The file that one process holds, by its name and by itself.
//!
//! Two locks, both `flock`: one on `<file>.lock` beside the database, which also
//! tells who holds it and what was last seen here, and on Linux one on the
//! database's own inode, so that neither another name of it (a hard link) nor a
//! removed `.lock` lets a second server in.
//!
//! The second one needs care. SQLite locks ranges of the same inode with
//! `fcntl`, and a process loses *all* of those as soon as it closes *any* of its
//! descriptors of that file. So ours is opened before SQLite's and closed after
//! them, and nothing else here may open the database's file in between. `flock`
//! and `fcntl` do not see each other on Linux; elsewhere they may, so there the
//! first lock stands alone. Over NFS `flock` is turned into `fcntl`: SQLite's
//! write-ahead log does not work there either, and a start says so.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::error::{Result, StoreError};

/// A file that nobody else may read.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The locks. The system lets go of them when the process ends, in whatever way;
/// `<file>.lock` itself stays. What is declared first is let go first.
pub(super) struct FileLock {
    inode: Option<File>,
    beside: File,
    /// The epoch of the last opening of the database that was here.
    last: Option<i64>,
}

impl FileLock {
    /// Locks `<path>.lock`; `path` has its links followed.
    pub(super) fn take(path: &Path) -> Result<FileLock> {
        let lock = beside(path, ".lock");
        let failed = |source| StoreError::File {
            path: lock.clone(),
            source,
        };
        let mut file = private()
            .create(true)
            .truncate(false)
            .open(&lock)
            .map_err(failed)?;
        let mut said = String::new();
        // What cannot be read is not known; nothing else depends on it.
        let _ = file.read_to_string(&mut said);
        try_lock(&file, path, holder(&said)).map_err(|e| e.unwrap_or_else(failed))?;
        Ok(FileLock {
            inode: None,
            beside: file,
            last: said.lines().nth(1).and_then(epoch),
        })
    }

    /// The epoch that the last opening of a database at this path had, as far as
    /// it is known.
    pub(super) fn last(&self) -> Option<i64> {
        self.last
    }

    /// Opens the database's file, made if it is to be `new`, and locks its inode.
    /// Only the server's own user reads what private repositories told it;
    /// SQLite gives the files beside it the same mode.
    pub(super) fn hold(&mut self, path: &Path, new: bool) -> Result<()> {
        let failed = |source| StoreError::File {
            path: path.to_owned(),
            source,
        };
        let file = private().create(new).open(path).map_err(failed)?;
        if cfg!(target_os = "linux") {
            try_lock(&file, path, None).map_err(|e| e.unwrap_or_else(failed))?;
        }
        self.inode = Some(file);
        Ok(())
    }

    /// Writes down who holds the database and how it was opened. It helps whoever
    /// finds it in use, or gone.
    pub(super) fn note(&mut self, epoch: i64) {
        let file = &mut self.beside;
        let said = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| write!(file, "{}\nepoch {epoch}\n", std::process::id()));
        if let Err(error) = said {
            tracing::warn!(%error, "the lock file could not be written");
        }
    }
}

fn holder(said: &str) -> Option<String> {
    let pid = said.lines().next()?.trim();
    pid.parse::<u32>().ok().map(|pid| pid.to_string())
}

fn epoch(line: &str) -> Option<i64> {
    line.strip_prefix("epoch ")?.parse().ok()
}

/// `Err(Err(_))` is the system's word.
fn try_lock(
    file: &File,
    path: &Path,
    holder: Option<String>,
) -> Result<(), Result<StoreError, std::io::Error>> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(Ok(StoreError::InUse {
            path: path.to_owned(),
            holder,
        })),
        Err(TryLockError::Error(source)) => Err(Err(source)),
    }
}

/// The file beside the database whose name goes on with `ending`.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(ending);
    PathBuf::from(name)
}

/// The path with its links followed, so that two names of one file have one lock.
pub(super) fn resolve(path: &Path) -> Result<PathBuf> {
    if let Ok(path) = path.canonicalize() {
        return Ok(path);
    }
    let name = path
        .file_name()
        .ok_or_else(|| StoreError::Address("names no file".to_owned()))?;
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    match parent.canonicalize() {
        Ok(parent) => Ok(parent.join(name)),
        Err(source) => Err(StoreError::File {
            path: parent.to_owned(),
            source,
        }),
    }
}
