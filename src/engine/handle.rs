//! The handle that every part of the engine works with.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::Notify;

use super::named::Named;
use super::pacing::Pacing;
use super::patience::Patience;
use super::proofs::Proofs;
use crate::clock::{Clock, Millis};
use crate::domain::facts::stored;
use crate::domain::need::Need;
use crate::domain::plan;
use crate::github::GitHub;
use crate::notify::Channels;
use crate::registry::{Registries, StatusPages};
use crate::store::{Queue, Store, StoreError};

/// What the engine works with.
#[derive(Clone)]
pub struct Engine(pub(super) Arc<Inner>);

/// What the clones of an [`Engine`] share.
pub(super) struct Inner {
    pub(super) store: Store,
    pub(super) github: GitHub,
    pub(super) registry: Registries,
    pub(super) channels: Channels,
    pub(super) pages: StatusPages,
    pub(super) clock: Clock,
    /// The App's own actor login, `<slug>[bot]`, once it is known.
    bot: OnceLock<String>,
    /// When the beginning goes on; the farthest past once it is over.
    begins: AtomicI64,
    pub(super) pacing: Pacing,
    pub(super) patience: Patience,
    pub(super) proofs: Proofs,
    /// The cases of which the log says that they cannot be read.
    pub(super) named: Named,
    /// When the log of deliveries is to be read; the farthest future while
    /// nothing runs.
    log_due: AtomicI64,
    /// By how much the clock was put back so far.
    ahead: AtomicI64,
    /// Another server leads.
    stands_by: AtomicBool,
    /// Effects that may have been handed out to nobody.
    untaken: Mutex<Vec<i64>>,
    /// Counts the beginnings and the ends of handing out: odd while it goes on.
    handing: AtomicU64,
    /// Something was told of who may see a repository, or of what the App reaches.
    pub(super) told: Notify,
    /// A pull request has a head that is to be looked at.
    pub(super) proposed: Notify,
}

/// Effects are being handed out, until it is dropped.
pub(super) struct Handing<'a>(&'a AtomicU64);

impl Drop for Handing<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Engine {
    /// Puts the parts together; nothing runs yet.
    pub fn new(
        store: Store,
        github: GitHub,
        registry: Registries,
        pages: StatusPages,
        channels: Channels,
        clock: Clock,
    ) -> Self {
        Engine(Arc::new(Inner {
            store,
            github,
            registry,
            channels,
            pages,
            clock,
            bot: OnceLock::new(),
            begins: AtomicI64::new(Millis::MIN),
            pacing: Pacing::default(),
            patience: Patience::default(),
            proofs: Proofs::default(),
            named: Named::default(),
            log_due: AtomicI64::new(Millis::MAX),
            ahead: AtomicI64::new(0),
            stands_by: AtomicBool::new(false),
            untaken: Mutex::default(),
            handing: AtomicU64::new(0),
            told: Notify::new(),
            proposed: Notify::new(),
        }))
    }

    /// How much there is to do at `now`; 0: nothing stirs before
    /// [`Engine::next_due`] unless something comes in.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn busy(&self, now: Millis) -> Result<i64, StoreError> {
        if self.stands_by() {
            return Ok(0);
        }
        let handing = self.0.handing.load(Ordering::SeqCst);
        let busy = self.counted(now).await?;
        // What was handed out meanwhile has its turn taken, and may not be acting yet.
        let moved = handing % 2 == 1 || handing != self.0.handing.load(Ordering::SeqCst);
        Ok(busy.max(i64::from(moved)))
    }

    async fn counted(&self, now: Millis) -> Result<i64, StoreError> {
        let begins = self.0.begins.load(Ordering::SeqCst);
        if begins > now {
            return Ok(0);
        }
        let log = i64::from(self.log_due() <= now) + i64::from(begins > Millis::MIN);
        let (other, effects) = self.0.store.at_work(now).await?;
        if effects == 0 {
            return Ok(other + log);
        }
        let queues = self.0.store.queues(now).await?;
        let open = queues.iter().filter(|queue| self.opens(queue) <= now);
        Ok(other + log + open.map(|queue| queue.due).sum::<i64>())
    }

    /// What [`Engine::busy`] counts, for whoever waits for rest in vain.
    pub async fn what_is_busy(&self, now: Millis) -> String {
        format!(
            "now {now}, clock {}, begins {}, log due {}, at work {:?}, queues {:?}, next {:?}",
            self.0.clock.now(),
            self.0.begins.load(Ordering::SeqCst),
            self.log_due(),
            self.0.store.at_work(now).await,
            self.0.store.queues(now).await,
            self.next_due().await,
        )
    }

    /// Whether another server leads, and this one works nothing off.
    pub fn stands_by(&self) -> bool {
        self.0.stands_by.load(Ordering::SeqCst)
    }

    /// Whether this server leads, and is at its work.
    pub fn leads(&self) -> bool {
        self.0.store.leads() && !self.stands_by()
    }

    /// Another server leads, or does no longer.
    pub(super) fn set_stands_by(&self, on: bool) {
        self.0.stands_by.store(on, Ordering::SeqCst);
    }

    /// This effect may have been handed out, though there was no answer.
    pub(super) fn may_be_untaken(&self, id: i64) {
        let untaken = self.0.untaken.lock();
        untaken.unwrap_or_else(PoisonError::into_inner).push(id);
    }

    /// Puts back what was handed out to nobody.
    ///
    /// # Errors
    /// The store fails; it is tried again the next time.
    pub(super) async fn put_back_untaken(&self) -> Result<(), StoreError> {
        loop {
            let untaken = self.0.untaken.lock();
            let next = untaken
                .unwrap_or_else(PoisonError::into_inner)
                .last()
                .copied();
            let Some(id) = next else {
                return Ok(());
            };
            self.0.store.put_back_untaken(id).await?;
            let untaken = self.0.untaken.lock();
            untaken
                .unwrap_or_else(PoisonError::into_inner)
                .retain(|it| *it != id);
        }
    }

    /// Says that effects are being handed out.
    pub(super) fn handing(&self) -> Handing<'_> {
        self.0.handing.fetch_add(1, Ordering::SeqCst);
        Handing(&self.0.handing)
    }

    /// When the queue's turn is.
    fn opens(&self, queue: &Queue) -> Millis {
        let pacing = &self.0.pacing;
        match queue.elsewhere {
            // GitHub's limits are not theirs.
            true => Millis::MIN,
            false => pacing.opens(queue.installation, !queue.reads),
        }
    }

    /// When the next effect can be handed out; in the past, if one waits for a
    /// slot alone.
    pub(super) async fn next_effect(&self, now: Millis) -> Result<Option<Millis>, StoreError> {
        let queues = self.0.store.queues(now).await?;
        let next = queues.iter().flat_map(|queue| {
            let due = (queue.due > 0).then(|| queue.first.max(self.opens(queue)));
            due.into_iter().chain(queue.later)
        });
        Ok(next.min())
    }

    /// When something becomes due next.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn next_due(&self) -> Result<Option<Millis>, StoreError> {
        if self.stands_by() {
            return Ok(None);
        }
        let log = Some(self.log_due()).filter(|at| *at < Millis::MAX);
        let begins = Some(self.0.begins.load(Ordering::SeqCst));
        if let Some(at) = begins.filter(|at| *at > self.0.clock.now()) {
            // Nothing is worked off before.
            return Ok(Some(at));
        }
        let other = self.0.store.next_other().await?;
        let effect = self.next_effect(self.0.clock.now()).await?;
        Ok([log, other, effect].into_iter().flatten().min())
    }

    /// The App's own login; empty as long as it is not known, and nothing runs.
    pub(super) fn bot(&self) -> &str {
        self.0.bot.get().map_or("", String::as_str)
    }

    /// The App's own login is known now.
    pub(super) fn is_called(&self, bot: String) {
        let _ = self.0.bot.set(bot);
    }

    /// The beginning goes on then; `None`: it is over.
    pub(super) fn begins(&self, at: Option<Millis>) {
        let at = at.unwrap_or(Millis::MIN);
        self.0.begins.store(at, Ordering::SeqCst);
    }

    /// What the newest open case waits for, the most urgent first; none where no
    /// case is open, or it cannot be read.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn needs(&self) -> Result<Option<Vec<Need>>, StoreError> {
        let cases = self.0.store.open_cases().await?;
        let facts = cases
            .iter()
            .max_by_key(|case| case.id)
            .and_then(|case| stored::read(case.schema, &case.facts).ok());
        Ok(facts.map(|facts| plan::needs(&facts)))
    }

    pub(super) fn log_due(&self) -> Millis {
        match self.0.log_due.load(Ordering::SeqCst) {
            Millis::MAX => Millis::MAX,
            age => self.0.clock.began() + age,
        }
    }

    /// Kept as an age of the process: a clock that is put back changes nothing, before
    /// that was seen and after.
    pub(super) fn set_log_due_in(&self, wait: Millis) {
        let age = self.0.clock.age() + wait;
        self.0.log_due.store(age, Ordering::SeqCst);
    }

    /// The time in a case whose own is `known`: it never runs back. Where the
    /// clock was put back it goes on from where it was.
    pub(super) fn case_time(&self, known: Millis, now: Millis) -> Millis {
        match known > now {
            true => known.max(now + self.ahead()),
            false => now,
        }
    }

    pub(super) fn ahead(&self) -> Millis {
        self.0.ahead.load(Ordering::SeqCst)
    }

    pub(super) fn set_ahead(&self, by: Millis) {
        self.0.ahead.store(by, Ordering::SeqCst);
    }

    /// What is kept in memory goes back with the clock.
    pub(super) fn moved_back(&self, by: Millis) {
        self.set_ahead(self.ahead() + by);
        self.0.pacing.put_back(by);
        self.0.proofs.forget();
    }

    pub(super) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.0.clock
    }
}

/// How long a loop waits after the store failed, milliseconds of real time:
/// the database is broken, not the world.
const AFTER_STORE_ERROR: std::time::Duration = std::time::Duration::from_millis(500);

/// Says that the store failed, and waits a little.
pub(super) async fn store_failed(doing: &'static str, error: &StoreError) {
    tracing::error!(%error, doing, "the store failed");
    tokio::time::sleep(AFTER_STORE_ERROR).await;
}
