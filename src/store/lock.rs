//! The file that one process holds.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::error::{Result, StoreError};

/// A file that nobody else may read, made where it is not there.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The lock on `<file>.lock` beside the database. The system lets go of it when
/// the process ends, in whatever way; the file itself stays.
pub(super) struct FileLock(#[allow(dead_code)] File);

impl FileLock {
    /// Locks, and answers the database's path with its links followed, so that
    /// two names of one file have one lock.
    pub(super) fn take(path: &Path) -> Result<(PathBuf, FileLock)> {
        let path = resolve(path)?;
        let mut name = path.clone().into_os_string();
        name.push(".lock");
        let lock = PathBuf::from(name);
        let failed = |source| StoreError::File {
            path: lock.clone(),
            source,
        };
        let mut file = private().open(&lock).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Only for the message; a number that cannot be read is left out.
                let _ = file.read_to_string(&mut holder);
                let holder = holder.trim().parse::<u32>().ok();
                return Err(StoreError::InUse {
                    path,
                    holder: holder.map(|pid| pid.to_string()),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        // The number helps whoever finds the file in use; nothing depends on it.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok((path, FileLock(file)))
    }
}

fn resolve(path: &Path) -> Result<PathBuf> {
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
