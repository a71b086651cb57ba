//! The one transaction that everything following from one cause shares.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::on_heap::on_heap;
use super::opening::Opening;
use super::{Engine, heard};
use crate::clock::Millis;
use crate::domain::among;
use crate::domain::decide::{decide, settle};
use crate::domain::effect::{Effect, Slot};
use crate::domain::event::{Event, Outcome};
use crate::domain::facts::Facts;
use crate::domain::facts::stored::{self, Unreadable};
use crate::domain::ids::{LineId, fingerprint};
use crate::domain::objects::{CommentKind, Observation};
use crate::domain::obstacle::Obstacle;
use crate::domain::plan::Plan;
use crate::domain::wish::{Lane, Wish};
use crate::store::{
    self, CaseRow, Claim, Fence, Finish, Key, NewEffect, NewJournal, State, StoreError, Tx,
};
use crate::telemetry;

/// Rounds in one step after which a plan that never comes to rest is a fault.
const ROUNDS: usize = 30;

/// A case that would give up what it holds asks again after this, milliseconds, while
/// something is written under it.
const WRITES: Millis = 5_000;

/// As many hotfixes of the repository that are over are looked at for the times that
/// they took.
const BEFORE: i64 = 50;

/// The cause of a case's first entry in its journal.
const OPENED: &str = "opened";

/// What brought the events.
#[derive(Clone, Debug)]
pub enum Cause {
    /// Deliveries of the inbox.
    Deliveries(Vec<i64>),
    /// The end of an effect's attempt.
    Effect {
        /// Which attempt.
        fence: Fence,
        /// How it ended.
        finish: Finish,
        /// What came of it, JSON.
        result: String,
    },
    /// News of an effect that goes on.
    News,
    /// Another case said something.
    Case(i64),
    /// The clock, or the start of the process.
    Time,
}

impl Cause {
    fn words(&self) -> String {
        match self {
            Cause::Deliveries(ids) => {
                let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
                format!("delivery {}", ids.join(", "))
            }
            Cause::Effect { fence, .. } => format!("effect {} attempt {}", fence.id, fence.attempt),
            Cause::News => "effect".to_owned(),
            Cause::Case(case) => format!("case {case}"),
            Cause::Time => "time".to_owned(),
        }
    }
}

/// Why a step was not taken. Nothing of it happened.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// The store failed; trying again may help.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The case's facts cannot be read: it stands still, and a person has to
    /// help.
    #[error("case {case}: its facts cannot be read: {why}")]
    Unreadable {
        /// The case.
        case: i64,
        /// Why.
        why: Unreadable,
    },
    /// A fault in the domain. The cause is put aside, the queue goes on.
    #[error("case {case}: a fault while deciding: {why}")]
    Fault {
        /// The case.
        case: i64,
        /// The panic's words.
        why: String,
    },
}

impl Engine {
    /// Applies events to a case, with all that follows, in one transaction.
    /// Answers false when the cause counts no more: the attempt is not the one
    /// that is waited for. A case that cannot be read is stopped.
    ///
    /// # Errors
    /// See [`StepError`].
    pub async fn step(
        &self,
        case: i64,
        cause: &Cause,
        events: Vec<Event>,
    ) -> Result<bool, StepError> {
        let stepped = self.whole_step(case, cause, events).await;
        if let Err(StepError::Unreadable { case, why }) = &stepped {
            let mut tx = self.store().begin().await?;
            self.stop(&mut tx, *case, why, self.clock().now()).await?;
            tx.commit().await?;
        }
        stepped
    }

    async fn whole_step(
        &self,
        case: i64,
        cause: &Cause,
        events: Vec<Event>,
    ) -> Result<bool, StepError> {
        let mut tx = self.store().begin().await?;
        let now = self.clock().now();
        if let Cause::Effect {
            fence,
            finish,
            result,
        } = cause
            && !tx.complete_effect(*fence, *finish, result, now).await?
        {
            tx.rollback().await?;
            return Ok(false);
        }
        if let Some(row) = tx.case_by_id(case).await?
            && (row.over_at.is_none() || events.iter().all(is_heard_after_the_end))
        {
            self.take(&mut tx, row, cause, events, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Applies events to the case in `row`, within the transaction of the caller:
    /// after those that were kept while it could not be read.
    ///
    /// # Errors
    /// See [`StepError`]. Nothing is written where it cannot be read.
    pub async fn take(
        &self,
        tx: &mut Tx,
        row: CaseRow,
        cause: &Cause,
        events: Vec<Event>,
        now: Millis,
    ) -> Result<(), StepError> {
        let all = events.len();
        on_heap(|| self.take_some(tx, row, cause, events, all, now)).await?;
        Ok(())
    }

    /// The same, until the case is over: how many of the events it took. The
    /// others belong to whatever begins after it.
    ///
    /// # Errors
    /// See [`StepError`]. Nothing is written where it cannot be read.
    pub async fn take_until_over(
        &self,
        tx: &mut Tx,
        row: CaseRow,
        cause: &Cause,
        events: Vec<Event>,
        now: Millis,
    ) -> Result<usize, StepError> {
        on_heap(|| self.take_some(tx, row, cause, events, 1, now)).await
    }

    /// Takes `least` of the events, and more as long as the case is not over.
    async fn take_some(
        &self,
        tx: &mut Tx,
        mut row: CaseRow,
        cause: &Cause,
        mut events: Vec<Event>,
        least: usize,
        now: Millis,
    ) -> Result<usize, StepError> {
        let case = row.id;
        let mut facts = stored::read(row.schema, &row.facts)
            .map_err(|why| StepError::Unreadable { case, why })?;
        let reopened = events.first() == Some(&Event::Reopened);
        let ended = row.over_at.filter(|_| !reopened);
        if reopened {
            facts.come_back();
            events.remove(0);
        }
        let retries = facts.retries.clone();
        let recovered = facts.recovery();
        let repo = tx.repo(row.repo_id).await?.map(|repo| repo.known());
        let mut ours = 0;
        if let Some(repo) = repo.filter(|repo| *repo != facts.repo) {
            let another = false;
            events.insert(0, Event::Repository { repo, another });
            ours = 1;
        }
        let mut kept = Vec::new();
        if row.unreadable.is_some() {
            let github = self.0.github.now();
            kept = take_kept(tx, &mut facts, now, github).await?;
            self.go_on(tx, case, now).await?;
        }
        if reopened {
            kept.insert(0, Event::Reopened);
        }
        // The case's own time, which may be ahead of a clock that was put back.
        let wall = now;
        let now = self.case_time(facts.now, wall);
        let ahead = now - wall;
        for event in &mut events {
            if let Event::Ended { began, .. } = event {
                *began = (*began + ahead).min(now);
            }
        }
        let mut plan: Option<Plan> = None;
        let mut applied = 0;
        for event in &events {
            if applied >= ours + least && plan.as_ref().is_some_and(|plan| plan.over) {
                break;
            }
            applied += 1;
            plan = match applied == events.len() {
                true => Some(decided(&mut facts, event, now)?),
                false => caught(&mut facts, |facts| settle(facts, event, now))?,
            };
        }
        let Some(mut plan) = plan else {
            return Ok(0);
        };
        events.truncate(applied);
        let taken = applied - ours;
        events.splice(..0, kept);
        let mut says = None;
        for _ in 0..ROUNDS {
            // The other release lines of the issue hear of it once this one is saved.
            if let Some(is) = among::owed(&facts) {
                let event = Event::LineTold { is: is.clone() };
                says = Some(is);
                plan = decided(&mut facts, &event, now)?;
                events.push(event);
                continue;
            }
            if let Some(event) = self.found_line(tx, &row, &facts).await? {
                plan = decided(&mut facts, &event, now)?;
                events.push(event);
                continue;
            }
            // What is being written is still made under what it holds. Its end asks
            // anew; one that a right stands in the way of ends without a step.
            let busy = plan.frees && is_writing(tx, case).await?;
            if busy {
                let soon = now + WRITES;
                plan.wake_at = Some(plan.wake_at.map_or(soon, |at| at.min(soon)));
            }
            if plan.frees && !busy {
                tx.free_claims(case, None, now).await?;
                plan = decided(&mut facts, &Event::Freed, now)?;
                events.push(Event::Freed);
                continue;
            }
            if let Some(tell) = plan.tells.take() {
                let event = self.tell(tx, &row, &facts, tell, wall).await?;
                plan = decided(&mut facts, &event, now)?;
                events.push(event);
                continue;
            }
            // What is claimed is answered at once, as an event like any other.
            if let Some((line, claim)) = plan.claims.first().cloned() {
                let answer = tx
                    .claim(
                        row.repo_id,
                        claim.kind(),
                        &claim.value(),
                        case,
                        line.as_str(),
                        now,
                    )
                    .await?;
                let behind = match answer {
                    Claim::Taken => None,
                    Claim::Behind(other) => Some(other),
                };
                let waits =
                    behind.is_some() && facts.lines.get(&line).and_then(|l| l.behind) == behind;
                let issue = match behind {
                    Some(other) => tx.case_by_id(other).await?.map(|row| row.issue),
                    None => None,
                };
                let event = Event::Claimed {
                    line,
                    claim,
                    behind,
                    issue: issue.and_then(|issue| u64::try_from(issue).ok()),
                };
                plan = decided(&mut facts, &event, now)?;
                events.push(event);
                if waits {
                    // Behind the same case as before: its end wakes this one.
                    break;
                }
                continue;
            }
            break;
        }
        for _ in 0..ROUNDS {
            let wishes = plan.wishes.iter();
            let wanted: Vec<NewEffect> = wishes.map(|w| new_effect(w, wall)).collect();
            let synced = tx.sync_outbox(case, &wanted, wall).await?;
            if !synced.doubled.is_empty() {
                tracing::error!(case, slots = ?synced.doubled, "a slot was wished twice");
            }
            if synced.stuck.is_empty() {
                break;
            }
            // Done before and wanted again: never repeated, a person must see it.
            for key in synced.stuck {
                let Ok(slot) = key.slot.parse() else {
                    continue;
                };
                let outcome = match &slot {
                    // Nobody may have heard of it: what came of it still counts.
                    Slot::Announce(_) => came_of(tx, &key).await?,
                    _ => None,
                };
                let obstacle = Obstacle::Undone;
                let outcome = outcome.unwrap_or(Outcome::Refused { obstacle });
                let event = Event::Ended {
                    line: LineId::new(key.line),
                    slot,
                    subject: key.subject,
                    generation: u64::try_from(key.generation).unwrap_or_default(),
                    began: now,
                    outcome,
                };
                plan = decided(&mut facts, &event, now)?;
                events.push(event);
            }
        }
        for event in &events {
            if let Event::Ended {
                outcome: Outcome::Seen(seen),
                ..
            } = event
                && let Observation::Policy(read) = &**seen
            {
                // Whoever configures the bot is told of the lower levels, too.
                let own = read.own_file.then_some(&read.policy.severity.regular);
                let labels = read
                    .policy
                    .trigger
                    .labels
                    .iter()
                    .chain(own.into_iter().flatten());
                let labels = serde_json::to_string(&labels.collect::<Vec<_>>()).ok();
                tx.set_trigger_labels(row.repo_id, labels.as_deref())
                    .await?;
            }
        }
        if facts.retries != retries {
            // Somebody asked: what waits after a failure does not wait longer.
            tx.hurry_effects(case, wall).await?;
        }
        plan.wake_at = plan.wake_at.map(|at| at - ahead);
        let over_at = plan.over.then(|| ended.unwrap_or(wall));
        row.over_at = over_at;
        save(tx, &mut row, &facts, &plan, cause, &events, wall).await?;
        if let (None, Some(recovery)) = (recovered, facts.recovery()) {
            telemetry::recovered(recovery.took);
        }
        if plan.over && ended.is_none() {
            tx.free_claims(case, None, wall).await?;
            // All lines of the issue may leave the same behind: the first goes on with it.
            if !plan.next.is_empty() && row.line.is_empty() {
                let opening = Opening::after(&facts, &plan.next);
                self.open(tx, opening, cause, wall).await?;
            }
        }
        self.tell_lines(tx, &facts, says, wall).await?;
        Ok(taken)
    }
}

impl Engine {
    /// Opens a case and takes what happened, in the caller's transaction.
    ///
    /// # Errors
    /// See [`StepError`].
    pub(super) async fn open(
        &self,
        tx: &mut Tx,
        opening: Opening,
        cause: &Cause,
        now: Millis,
    ) -> Result<(), StepError> {
        let mut row = tx.open_case(&opening.row(now)).await?;
        let repo_id = row.repo_id;
        let (mut facts, events) = opening.begins(row.id, self.bot(), now);
        let ended = tx.ended_cases_of_repo(repo_id, BEFORE).await?;
        let ended = ended.iter();
        let ended = ended.filter_map(|row| stored::read(row.schema, &row.facts).ok());
        facts.before = ended.filter_map(|facts| facts.recovery()).collect();
        let repo = format!("{}/{}", facts.repo.owner, facts.repo.name);
        tracing::info!(repo, issue = row.issue, case = row.id, "a hotfix begins");
        row.facts = serde_json::to_string(&facts).map_err(|e| StepError::Fault {
            case: row.id,
            why: e.to_string(),
        })?;
        // What it begins with, so that its journal can be played again.
        tx.append_journal(&NewJournal {
            case_id: row.id,
            rev: 0,
            at: facts.now,
            cause: OPENED.to_owned(),
            event: row.facts.clone(),
            facts_hash: fingerprint(&row.facts),
            build: env!("CARGO_PKG_VERSION").to_owned(),
        })
        .await?;
        // A step may open the next case, whose first step this is.
        on_heap(|| self.take(tx, row, cause, events, now)).await
    }
}

/// What a case hears although it is over: what became of the messages that outlive
/// it, of the comment that says so, and of the answers to who still says something.
fn is_heard_after_the_end(event: &Event) -> bool {
    let Event::Ended { slot, .. } = event else {
        return false;
    };
    matches!(
        slot,
        Slot::Announce(_)
            | Slot::Comment(CommentKind::Status)
            | Slot::Role(_)
            | Slot::React(_)
            | Slot::Reply(_)
    )
}

/// What came of an effect that is over, where it can be read.
async fn came_of(tx: &mut Tx, key: &Key) -> Result<Option<Outcome>, StoreError> {
    let row = tx.effect_by_key(key).await?;
    let result = row.and_then(|row| row.result);
    Ok(result.and_then(|it| serde_json::from_str(&it).ok()))
}

/// Whether a write of the case is under way, or may have been done.
async fn is_writing(tx: &mut Tx, case: i64) -> Result<bool, StoreError> {
    let live = tx.live_effects(case).await?;
    let mut writes = live.iter().filter(|row| row.lane == store::Lane::Write);
    Ok(writes.any(|row| matches!(row.state, State::Acting | State::Unsure)))
}

/// Applies what was kept for the case, in order; the events. A delivery that
/// brings up a fault is put aside, or the case could never go on.
async fn take_kept(
    tx: &mut Tx,
    facts: &mut Facts,
    now: Millis,
    github: Millis,
) -> Result<Vec<Event>, StepError> {
    let mut applied = Vec::new();
    for kept in tx.take_kept_deliveries(facts.case).await? {
        let events = heard::kept(&kept, github);
        let mut with = facts.clone();
        match events
            .iter()
            .try_for_each(|event| decided(&mut with, event, now).map(drop))
        {
            Ok(()) => {
                *facts = with;
                applied.extend(events);
            }
            Err(error) => {
                tracing::error!(delivery = kept.delivery_id, %error, "a kept delivery is put aside");
            }
        }
    }
    Ok(applied)
}

async fn save(
    tx: &mut Tx,
    row: &mut CaseRow,
    facts: &Facts,
    plan: &Plan,
    cause: &Cause,
    events: &[Event],
    now: Millis,
) -> Result<(), StepError> {
    let unwritable = |e: serde_json::Error| StepError::Fault {
        case: row.id,
        why: e.to_string(),
    };
    let text = serde_json::to_string(facts).map_err(unwritable)?;
    let event = serde_json::to_string(events).map_err(unwritable)?;
    row.facts = text;
    row.schema = i64::from(facts.schema);
    row.phase = plan.phase.clone();
    // A moment that is past already must not spin.
    row.wake_at = plan.wake_at.map(|at| at.max(now + 1_000));
    let rev = tx.save_case(row).await?;
    tx.append_journal(&NewJournal {
        case_id: row.id,
        rev,
        at: facts.now,
        cause: cause.words(),
        event,
        facts_hash: fingerprint(&row.facts),
        build: env!("CARGO_PKG_VERSION").to_owned(),
    })
    .await?;
    tracing::debug!(case = row.id, rev, phase = plan.phase, cause = %cause.words(), "step");
    Ok(())
}

fn decided(facts: &mut Facts, event: &Event, now: Millis) -> Result<Plan, StepError> {
    caught(facts, |facts| decide(facts, event, now))
}

/// Makes a panic an error: one repository's odd facts must not stop the others.
fn caught<T>(facts: &mut Facts, work: impl FnOnce(&mut Facts) -> T) -> Result<T, StepError> {
    let case = facts.case;
    catch_unwind(AssertUnwindSafe(|| work(facts))).map_err(|panic| {
        let why = panic
            .downcast_ref::<&str>()
            .map(|s| (*s).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no words".to_owned());
        StepError::Fault { case, why }
    })
}

fn new_effect(wish: &Wish<Effect>, now: Millis) -> NewEffect {
    NewEffect {
        line: wish.line.as_str().to_owned(),
        slot: wish.act.slot().to_string(),
        subject: wish.subject.clone(),
        generation: i64::try_from(wish.generation).unwrap_or(i64::MAX),
        // Effects are plain data; they serialise.
        args: serde_json::to_string(&wish.act).unwrap_or_default(),
        lane: match wish.act.lane() {
            Lane::Write => store::Lane::Write,
            Lane::Talk => store::Lane::Talk,
            Lane::Read => store::Lane::Read,
        },
        class: wish.act.class().as_str().to_owned(),
        // Behind those of its kind, by which the outbox tells it.
        priority: wish.act.priority() + i64::from(wish.yields),
        due_at: now.saturating_add(wish.delay),
    }
}
