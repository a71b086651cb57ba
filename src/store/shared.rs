//! Deliveries on a database of several servers: which came, and whom they concern, is
//! asked of it.

use std::sync::Arc;

use super::Store;
use super::dialect::{PoolConn, Txn};
use super::error::{Doing as _, Result};
use super::inbox::{NewDelivery, Put, append, take_up};
use super::index::Index;
use super::postgres::{self, Arrived, INBOX};
use super::seen::{Digest, Known, TWINS, key};

impl Arrived {
    /// What is known of a delivery that comes.
    fn known(&self, key: &Digest, new: &NewDelivery) -> Known {
        let first = self.said.get(&new.fact.said);
        if self.aside.contains(key) {
            Known::Aside
        } else if self.keys.contains(key) {
            Known::Same
        } else if first.is_some_and(|first| *first < new.received_at - TWINS) {
            Known::Replay
        } else {
            Known::New
        }
    }
}

impl Store {
    /// See [`Store::put_deliveries`].
    pub(super) async fn put_beside(&self, batch: &[NewDelivery]) -> Result<Vec<Put>> {
        let doing = "storing deliveries";
        let keys: Vec<Digest> = batch.iter().map(|it| key(&it.delivery_id)).collect();
        let said: Vec<Digest> = batch.iter().map(|it| it.fact.said).collect();
        let mut tx = self.begin_beside(Some(INBOX), doing).await?;
        let (mut arrived, next) = match &mut tx {
            Txn::Postgres(conn) => (
                postgres::arrived(conn, &keys, &said).await?,
                postgres::next_row(conn).await?,
            ),
            Txn::Sqlite(_) => (Arrived::default(), 1),
        };
        let (mut answers, mut new, mut again) = (Vec::new(), Vec::new(), Vec::new());
        for (key, it) in keys.iter().zip(batch) {
            answers.push(match arrived.known(key, it) {
                Known::New => {
                    arrived.keys.insert(*key);
                    new.push((*key, it));
                    Put::Stored
                }
                Known::Aside => {
                    arrived.aside.remove(key);
                    again.push(key);
                    Put::Stored
                }
                Known::Same => Put::Duplicate,
                Known::Replay => it.is_replayed(),
            });
        }
        if new.is_empty() && again.is_empty() {
            tx.rollback().await.doing(doing)?;
            return Ok(answers);
        }
        for key in again {
            take_up(tx.on(), key, batch.first()).await?;
        }
        if !new.is_empty() {
            append(tx.on(), next, &new).await?;
        }
        tx.commit().await.doing(doing)?;
        self.tell_inbox();
        Ok(answers)
    }

    /// See [`Store::has_delivery`].
    pub(super) async fn has_delivery_beside(&self, key: &Digest) -> Result<bool> {
        Ok(match self.read().await? {
            PoolConn::Postgres(mut conn) => {
                let found = postgres::arrived(&mut conn, &[*key], &[]).await?;
                found.keys.contains(key)
            }
            PoolConn::Sqlite(_) => false,
        })
    }

    /// Whom deliveries of a repository may concern, as the database has it now: what
    /// this server knows is not all.
    pub async fn index_of(&self, repo: i64) -> Result<Arc<Index>> {
        Ok(match self.read().await? {
            PoolConn::Postgres(mut conn) => {
                let index = Index::default();
                index.fill(postgres::concerned(&mut conn, repo).await?);
                Arc::new(index)
            }
            PoolConn::Sqlite(_) => self.index().clone(),
        })
    }
}
