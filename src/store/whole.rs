//! Looks at every page of a database.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use super::Store;
use super::error::{Doing as _, Result, StoreError};
use super::sqlite;

/// After a stop that was not in order the file is looked through for no longer
/// than this; `check-db` has all the time.
const AT_MOST: Duration = Duration::from_secs(120);

/// Steps of SQLite's machine between two looks at whether to stop.
const STEPS: i32 = 20_000;

/// How many faults are named.
pub(super) const NAMED: usize = 20;

/// The faults of the pages; none in a sound file. `deep` compares each index with
/// its table, too.
pub(super) async fn faults(conn: &mut SqliteConnection, deep: bool) -> Result<Vec<String>> {
    let sql = if deep {
        "PRAGMA integrity_check(20)"
    } else {
        "PRAGMA quick_check(20)"
    };
    let mut lines: Vec<String> = sqlx::query_scalar(sql)
        .fetch_all(conn)
        .await
        .doing("looking at every page")?;
    lines.retain(|line| line != "ok");
    lines.truncate(NAMED);
    Ok(lines)
}

impl Store {
    /// Looks through the file beside the work, where the last stop was not in
    /// order. Damage that is found ends all writing: nothing is acknowledged any
    /// more, and [`Store::ready`] says why.
    pub fn look_through(&self) {
        let inner = &self.inner;
        if inner.opened.in_order {
            return;
        }
        let Some(path) = inner.held.as_ref().map(|held| held.path().to_owned()) else {
            return;
        };
        // Not the store itself, which holds the file until it is dropped.
        let (damage, closing) = (inner.damage.clone(), inner.closing.clone());
        tokio::spawn(async move {
            match look_through(&path, closing).await {
                Ok(None) => tracing::info!("the database was looked through: it is sound"),
                Ok(Some(what)) => {
                    tracing::error!(what, "the database is damaged: nothing is written any more");
                    // Nobody else sets it.
                    let _ = damage.set(what);
                }
                Err(error) => {
                    tracing::warn!(%error, "the database was not looked through to the end");
                }
            }
        });
    }
}

/// The first fault of the file at `path`.
async fn look_through(path: &Path, closing: Arc<AtomicBool>) -> Result<Option<String>> {
    let doing = "looking through the file";
    let mut conn = sqlite::reader_of_file(path).connect().await.doing(doing)?;
    let until = Instant::now() + AT_MOST;
    conn.lock_handle()
        .await
        .doing(doing)?
        .set_progress_handler(STEPS, move || {
            !closing.load(Ordering::Relaxed) && Instant::now() < until
        });
    let found = faults(&mut conn, false).await;
    // Reading only: there is nothing to lose.
    let _ = conn.close().await;
    match found {
        Ok(faults) => Ok(faults.into_iter().next()),
        Err(error) if is_damage(&error) => Ok(Some(error.to_string())),
        Err(error) => Err(error),
    }
}

/// Whether SQLite says that the file is damaged, or none of its own.
pub(super) fn is_damage(error: &StoreError) -> bool {
    const CORRUPT: i32 = 11;
    const NOT_A_DATABASE: i32 = 26;
    let StoreError::Database {
        source: sqlx::Error::Database(source),
        ..
    } = error
    else {
        return false;
    };
    let code = source.code().and_then(|code| code.parse::<i32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, CORRUPT | NOT_A_DATABASE))
}
