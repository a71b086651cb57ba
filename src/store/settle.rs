//! The laws of the keys: what becomes of the live effects of a case when all
//! that its plan wants is known.

use std::collections::{HashMap, HashSet};

use super::{BESIDE, Key, NewEffect, OutboxRow, Result, State, Tx};
use crate::clock::Millis;

/// What [`Tx::settle`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
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
    /// - the same key is live: it stays as it is;
    /// - another key waits or is blocked in the slot: replaced, with its pacing;
    /// - another key is acting or unsure: it is left alone ([`Settled::held`]);
    /// - the same key was cancelled: it is revived;
    /// - the same key was done or given up: [`Settled::stuck`];
    /// - what waits or is blocked and is not wanted is cancelled.
    ///
    /// What stands beside the case ([`BESIDE`]) is left alone.
    pub async fn settle(
        &mut self,
        case_id: i64,
        wanted: &[NewEffect],
        now: Millis,
    ) -> Result<Settled> {
        let mut settled = Settled::default();
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
                settled.doubled.push(key);
                continue;
            }
            match old {
                Some(row) if row.key() == key => {}
                Some(row) if matches!(row.state, State::Acting | State::Unsure) => {
                    settled.held.push(key);
                }
                old => self.take_place(old, key, new, now, &mut settled).await?,
            }
        }
        let mut rest: Vec<_> = live.into_values().collect();
        rest.sort_by_key(|row| row.id);
        for row in rest {
            if self.cancel_effect(row.id, now).await? {
                settled.cancelled.push(row.id);
            }
        }
        Ok(settled)
    }

    /// Fills a slot that is empty, or holds a row that waits or is blocked.
    async fn take_place(
        &mut self,
        old: Option<OutboxRow>,
        key: Key,
        new: &NewEffect,
        now: Millis,
        settled: &mut Settled,
    ) -> Result<()> {
        let before = self.effect_by_key(&key).await?;
        let Some(before) = before else {
            match old {
                Some(old) => {
                    let id = self.replace_effect(old.id, new, now).await?;
                    settled.replaced.extend(id);
                }
                None => {
                    let id = self.insert_effect(key.case_id, new).await?;
                    settled.inserted.push(id);
                }
            }
            return Ok(());
        };
        let mut due_at = new.due_at;
        if let Some(old) = old {
            due_at = due_at.max(old.due_at);
            if self.cancel_effect(old.id, now).await? {
                settled.cancelled.push(old.id);
            }
        }
        let paced = NewEffect {
            due_at,
            ..new.clone()
        };
        if self.revive_effect(before.id, &paced).await? {
            settled.revived.push(before.id);
        } else {
            settled.stuck.push(key);
        }
        Ok(())
    }
}
