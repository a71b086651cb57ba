//! The one clock of the server, in milliseconds since the Unix epoch (UTC).
//!
//! In production it is the system's. In tests and rehearsals it is owned: it
//! stands still until somebody moves it, and whoever sleeps on it wakes then.
//!
//! Beside the time there is the [`age`](Clock::age) of the process, which nobody
//! puts forward or back. Whoever sleeps, sleeps by it.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// Milliseconds since the Unix epoch, UTC.
pub type Millis = i64;

/// A handle on the clock; clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System,
    Owned(Arc<watch::Sender<Owned>>),
}

#[derive(Clone, Copy, Debug)]
struct Owned {
    now: Millis,
    age: Millis,
}

/// Two readings so near to one another are of one moment, milliseconds.
const ONE_MOMENT: Millis = 100;

/// Where the age of the process begins.
static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        LazyLock::force(&BEGAN);
        Clock(Kind::System)
    }

    /// A clock that stands at `start` until it is moved.
    pub fn owned(start: Millis) -> Self {
        let owned = Owned { now: start, age: 0 };
        Clock(Kind::Owned(Arc::new(watch::Sender::new(owned))))
    }

    /// Whether it is the system's, and not moved by somebody.
    pub fn is_system(&self) -> bool {
        matches!(self.0, Kind::System)
    }

    /// The present moment.
    pub fn now(&self) -> Millis {
        match &self.0 {
            Kind::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |d| d.as_millis() as Millis),
            Kind::Owned(tx) => tx.borrow().now,
        }
    }

    /// For how long the process has run, milliseconds: it never runs back, and
    /// never jumps.
    pub fn age(&self) -> Millis {
        match &self.0 {
            Kind::System => BEGAN.elapsed().as_millis() as Millis,
            Kind::Owned(tx) => tx.borrow().age,
        }
    }

    /// When the process began, by what the clock says now. Both are read in one
    /// moment: who is held up between them would take the clock for put back.
    pub fn began(&self) -> Millis {
        match &self.0 {
            Kind::System => loop {
                let (before, now, after) = (self.age(), self.now(), self.age());
                if after - before < ONE_MOMENT {
                    return now - before;
                }
            },
            Kind::Owned(tx) => {
                let owned = *tx.borrow();
                owned.now - owned.age
            }
        }
    }

    /// Moves an owned clock forward to `to`; never backwards. Without effect
    /// on the system's clock.
    pub fn advance_to(&self, to: Millis) {
        if let Kind::Owned(tx) = &self.0 {
            tx.send_if_modified(|owned| {
                let moved = to > owned.now;
                if moved {
                    owned.age += to - owned.now;
                    owned.now = to;
                }
                moved
            });
        }
    }

    /// Somebody puts an owned clock back by `ms`; no time passes by it. Without
    /// effect on the system's clock.
    pub fn put_back(&self, ms: Millis) {
        if let Kind::Owned(tx) = &self.0 {
            tx.send_modify(|owned| owned.now -= ms);
        }
    }

    /// Sleeps as long as there is from now to `at`.
    pub async fn sleep_until(&self, at: Millis) {
        match &self.0 {
            Kind::System => self.sleep(at.saturating_sub(self.now())).await,
            Kind::Owned(tx) => {
                let owned = *tx.borrow();
                let left = at.saturating_sub(owned.now);
                Self::until_age(tx, owned.age.saturating_add(left)).await;
            }
        }
    }

    /// Sleeps for `ms` milliseconds.
    pub async fn sleep(&self, ms: Millis) {
        match &self.0 {
            Kind::System => {
                if ms > 0 {
                    tokio::time::sleep(Duration::from_millis(ms as u64)).await;
                }
            }
            Kind::Owned(tx) => Self::until_age(tx, self.age().saturating_add(ms)).await,
        }
    }

    async fn until_age(tx: &watch::Sender<Owned>, age: Millis) {
        // The sender lives as long as its clock, so waiting cannot fail.
        let _ = tx.subscribe().wait_for(|owned| owned.age >= age).await;
    }
}

/// A moment of the machine itself, whoever moves the clock: by the time that never
/// jumps, and by the one that goes on while the machine sleeps.
#[derive(Clone, Copy, Debug)]
pub struct Moment(Instant, SystemTime);

impl Moment {
    /// The present one.
    pub fn now() -> Self {
        Moment(Instant::now(), SystemTime::now())
    }

    /// How long ago it was at most.
    pub fn elapsed(self) -> Duration {
        let slept = self.1.elapsed().unwrap_or_default();
        self.0.elapsed().max(slept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_as_long_ago_as_the_machine_was_asleep() {
        let (hour, now) = (Duration::from_secs(3_600), Moment::now());
        assert!(now.elapsed() < hour);
        // A clock that was put back takes nothing away.
        assert!(Moment(now.0, now.1 + hour).elapsed() < hour);
        assert!(Moment(now.0, now.1 - hour).elapsed() >= hour);
    }

    #[test]
    fn when_it_began_changes_with_a_clock_that_is_put_back_alone() {
        let clock = Clock::owned(10_000);
        std::thread::scope(|scope| {
            scope.spawn(|| (10_000..30_000).for_each(|at| clock.advance_to(at)));
            for _ in 0..10_000 {
                assert_eq!(clock.began(), 10_000);
            }
        });
        clock.put_back(500);
        assert_eq!(clock.began(), 9_500);
    }

    #[tokio::test]
    async fn an_owned_clock_wakes_who_sleeps_on_it() {
        let clock = Clock::owned(1_000);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.sleep_until(1_500).await;
                clock.now()
            }
        });
        tokio::task::yield_now().await;
        clock.advance_to(900);
        assert_eq!(clock.now(), 1_000, "it never runs backwards");
        clock.advance_to(1_500);
        assert_eq!(sleeper.await.unwrap(), 1_500);
    }

    #[tokio::test]
    async fn who_sleeps_sleeps_no_longer_when_the_clock_is_put_back() {
        let clock = Clock::owned(10_000);
        let mut sleeper = std::pin::pin!(clock.sleep_until(10_500));
        let poll =
            std::future::poll_fn(|cx| std::task::Poll::Ready(sleeper.as_mut().poll(cx).is_ready()));
        assert!(!poll.await);
        clock.put_back(5_000);
        assert_eq!((clock.now(), clock.age()), (5_000, 0));
        clock.advance_to(5_500);
        assert_eq!(clock.age(), 500);
        sleeper.await;
    }
}
