//! The laws of the keys: what becomes of the live effects of a case when all
//! that its plan wants is known.

use std::collections::{HashMap, HashSet};

use super::{BESIDE, Key, NewEffect, OutboxRow, Result, State, Tx};
use crate::clock::Millis;

/// What [`Tx::sync_outbox`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synced {
    /// Rows that are new.
    pub inserted: Vec<i64>,
    /// Rows that took the place of one that was wanted no more.
    pub replaced: Vec<i64>,
    /// Rows that had been cancelled and wait again.
    pub revived: Vec<i64>,
    /// Rows that are wanted no more.
    pub cancelled: Vec<i64>,
    /// Wanted, but another effect of the slot is being carried out: to be wanted
    /// again after its outcome.
    pub held: Vec<Key>,
    /// Wanted although the same was done or given up before. It is not repeated:
    /// a person has to see it.
    pub stuck: Vec<Key>,
    /// Wanted a second time in the same slot: a fault of the plan. The first one
    /// counts.
    pub doubled: Vec<Key>,
}

impl Tx {
    /// Makes the live effects of a case those that are `wanted`, which is all
    /// that is wanted for it, in order:
    ///
    /// - the same key is live: it stays, and what waits takes the newest
    ///   arguments;
    /// - another key waits or is blocked in the slot: replaced, with its pacing, but
    ///   not with the wait by which it let others go first;
    /// - another key is acting or unsure: it is left alone ([`Synced::held`]);
    /// - the same key was cancelled: it is revived;
    /// - the same key was done or given up: [`Synced::stuck`];
    /// - what waits or is blocked and is not wanted is cancelled.
    ///
    /// What stands beside the case ([`BESIDE`]) is left alone.
    pub async fn sync_outbox(
        &mut self,
        case_id: i64,
        wanted: &[NewEffect],
        now: Millis,
    ) -> Result<Synced> {
        let mut synced = Synced::default();
        let mut live: HashMap<(String, String), OutboxRow> = self
            .live_effects(case_id)
            .await?
            .into_iter()
            .filter(|row| row.line != BESIDE)
            .map(|row| ((row.line.clone(), row.slot.clone()), row))
            .collect();
        let mut seen = HashSet::new();
        for new in wanted {
            let slot = (new.line.clone(), new.slot.clone());
            let key = new.key(case_id);
            let old = live.remove(&slot);
            if !seen.insert(slot) {
                synced.doubled.push(key);
                continue;
            }
            match old {
                Some(row) if row.key() == key => {
                    let open = matches!(row.state, State::Waiting | State::Blocked);
                    if open && row.args != new.args {
                        self.refresh_effect(row.id, new).await?;
                    }
                }
                Some(row) if matches!(row.state, State::Acting | State::Unsure) => {
                    synced.held.push(key);
                }
                old => self.take_place(old, key, new, now, &mut synced).await?,
            }
        }
        let mut rest: Vec<_> = live.into_values().collect();
        rest.sort_by_key(|row| row.id);
        for row in rest {
            if self.cancel_effect(row.id, now).await? {
                synced.cancelled.push(row.id);
            }
        }
        Ok(synced)
    }

    /// Fills a slot that is empty, or holds a row that waits or is blocked.
    async fn take_place(
        &mut self,
        old: Option<OutboxRow>,
        key: Key,
        new: &NewEffect,
        now: Millis,
        synced: &mut Synced,
    ) -> Result<()> {
        let before = self.effect_by_key(&key).await?;
        let Some(before) = before else {
            match old {
                Some(old) => {
                    let id = self.replace_effect(old.id, new, now).await?;
                    synced.replaced.extend(id);
                }
                None => {
                    let id = self.insert_effect(key.case_id, new).await?;
                    synced.inserted.push(id);
                }
            }
            return Ok(());
        };
        let mut due_at = new.due_at;
        if let Some(old) = old {
            let let_go = old.attempts == 0 && old.error.is_none() && new.priority < old.priority;
            due_at = match let_go && old.state == State::Waiting {
                true => due_at.min(old.due_at),
                false => due_at.max(old.due_at),
            };
            if self.cancel_effect(old.id, now).await? {
                synced.cancelled.push(old.id);
            }
        }
        let paced = NewEffect {
            due_at,
            ..new.clone()
        };
        if self.revive_effect(before.id, &paced).await? {
            synced.revived.push(before.id);
        } else {
            synced.stuck.push(key);
        }
        Ok(())
    }
}
