//! What stands at the database's path before SQLite opens it. What is there and
//! is no database of ours is never taken for an empty one.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::error::{Result, StoreError};
use super::lock::beside;

/// `application_id` of our databases: "HFBX".
pub(super) const APPLICATION: i64 = 0x4846_4258;

const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Where the header has `application_id`, big-endian.
const APPLICATION_AT: std::ops::Range<usize> = 68..72;
const HEADER: usize = 100;

/// What was found.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    /// Nothing, or an empty file where never was a database: one is to be made.
    Nothing,
    /// A SQLite database that may be ours.
    Database,
}

/// Looks; `was_here` says that a database stood here before, as far as is known.
///
/// # Errors
/// What stands there cannot be worked with, and why.
pub(super) fn look(path: &Path, was_here: bool) -> Result<Found> {
    let amiss = |why: &str| {
        Err(StoreError::Unusable {
            path: path.to_owned(),
            why: why.to_owned(),
        })
    };
    let failed = |source| StoreError::File {
        path: path.to_owned(),
        source,
    };
    let meta = match std::fs::metadata(path) {
        Ok(meta) => meta,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Found::Nothing);
        }
        Err(source) => return Err(failed(source)),
    };
    if meta.is_dir() {
        return amiss("is a folder; expected a file");
    }
    if !meta.is_file() {
        return amiss("is no regular file");
    }
    if meta.len() == 0 {
        if was_here || has_log(path) {
            return amiss(
                "is empty, and held a database before: restore a backup, or remove it to begin with \
                 an empty database",
            );
        }
        return Ok(Found::Nothing);
    }
    let mut header = Vec::with_capacity(HEADER);
    File::open(path)
        .and_then(|file| file.take(HEADER as u64).read_to_end(&mut header))
        .map_err(failed)?;
    if !header.starts_with(MAGIC) || header.len() < HEADER {
        return amiss(
            "is not a database of SQLite, or its beginning is damaged; it is left as it is",
        );
    }
    let id = header
        .get(APPLICATION_AT)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u32::from_be_bytes);
    if !matches!(i64::from(id), 0 | APPLICATION) {
        return amiss("is the database of another application; it is left as it is");
    }
    Ok(Found::Database)
}

/// Whether a write-ahead log with something in it stands beside the database.
pub(super) fn has_log(path: &Path) -> bool {
    std::fs::metadata(beside(path, "-wal")).is_ok_and(|meta| meta.len() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_database_of_ours_is_said_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("bot.db");
        let log = beside(&path, "-wal");
        let header = |application: u32| {
            let mut header = MAGIC.to_vec();
            header.resize(HEADER, 0);
            header[APPLICATION_AT].copy_from_slice(&application.to_be_bytes());
            header
        };
        let ours = header(u32::try_from(APPLICATION).unwrap());
        // The file, its log, whether one was here; what is said (none: it is taken).
        type Case = (Option<Vec<u8>>, bool, bool, Option<&'static str>);
        let cases: [Case; 13] = [
            (None, false, false, None),
            (None, false, true, None),
            (None, true, false, None),
            (Some(vec![]), false, false, None),
            (Some(vec![]), false, true, Some("is empty")),
            (Some(vec![]), true, false, Some("is empty")),
            (
                Some(b"SQLite".to_vec()),
                false,
                false,
                Some("not a database"),
            ),
            (Some(vec![0; 4096]), false, true, Some("not a database")),
            (Some(b"{}".repeat(2048)), true, true, Some("not a database")),
            (Some(header(0)), false, false, None),
            (Some(ours.clone()), true, true, None),
            (Some(ours[..99].to_vec()), true, true, Some("damaged")),
            (Some(header(7)), false, false, Some("another application")),
        ];
        for (n, (file, with_log, was_here, said)) in cases.into_iter().enumerate() {
            let _ = std::fs::remove_file(&path);
            let _ = std::fs::remove_file(&log);
            if let Some(bytes) = &file {
                std::fs::write(&path, bytes).unwrap();
            }
            if with_log {
                std::fs::write(&log, "frames").unwrap();
            }
            match (look(&path, was_here), said) {
                (Ok(_), None) => {}
                (Err(error), Some(words)) => {
                    assert!(error.to_string().contains(words), "{n}: {error}");
                }
                (got, _) => panic!("{n}: {got:?}"),
            }
            assert_eq!(std::fs::read(&path).ok(), file, "{n}: it is left as it is");
        }
        let said = look(dir.path(), false).unwrap_err().to_string();
        assert!(said.contains("is a folder"), "{said}");
    }
}
