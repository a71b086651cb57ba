//! Opening a database of a PostgreSQL server: whether it is fit, whether it is free,
//! tables, epoch, lease.

use sqlx::{Connection as _, PgConnection};

use super::begun::{Parts, raise};
use super::dialect::{Conn, Pool};
use super::error::{Doing as _, Result, StoreError};
use super::handle::Opened;
use super::postgres::{self, Lease, MIGRATOR, Reach, sql};

/// Opens it, and has it for itself.
pub(super) async fn served(reach: &Reach) -> Result<Parts> {
    let mut conn = reach.connect().await?;
    reach.keeps_its_word(&mut conn).await?;
    let new = is_new(&mut conn).await?;
    // Before the tables change: whoever works with them knows only the old ones.
    postgres::vacant(&mut conn).await?;
    // Not `run`, whose future no thread but this one could carry on.
    MIGRATOR.run_direct(None, &mut conn, false).await?;

    let doing = "beginning an epoch";
    let mut tx = conn.begin().await.doing(doing)?;
    postgres::alone(&mut tx).await.doing(doing)?;
    let begun = raise(Conn::Postgres(&mut tx)).await?;
    postgres::take(&mut tx, begun.epoch).await?;
    tx.commit().await.doing(doing)?;

    let opened = Opened {
        new,
        older: begun.copied_at.is_some(),
        in_order: begun.in_order,
    };
    tell(&opened);
    Ok(Parts {
        writer: Pool::Postgres(reach.writer()),
        readers: Pool::Postgres(reach.readers()),
        keeper: None,
        held: None,
        lock: None,
        lease: Some(Lease::hold(conn, reach.clone(), begun.epoch)),
        epoch: begun.epoch,
        opened,
    })
}

/// What has to be known by whoever restored something, or lost it.
fn tell(opened: &Opened) {
    if opened.new {
        tracing::info!("the database is new");
    } else if opened.older {
        tracing::warn!(
            "the database was copied from another: what came since is looked for in GitHub's log of \
             deliveries, three days back"
        );
    }
    if !opened.in_order {
        tracing::warn!("the last stop was not in order; PostgreSQL has what was committed");
    }
}

/// Whether there are no tables of ours yet.
///
/// # Errors
/// There are tables of ours that nobody here made.
async fn is_new(conn: &mut PgConnection) -> Result<bool> {
    let (cases, migrations): (bool, bool) = sqlx::query_as(sql::CASES_AND_MIGRATIONS)
        .fetch_one(conn)
        .await
        .doing("looking at the tables")?;
    if cases && !migrations {
        return Err(StoreError::Unfit(
            "holds tables of another application; it is left as it is: make one for the bot alone"
                .to_owned(),
        ));
    }
    Ok(!cases)
}
