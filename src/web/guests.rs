//! The connections that are open. Where all places are taken, the one that has
//! done nothing for longest makes room: who is idle or dribbles keeps nobody out.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// All of them, by a number.
pub(super) struct Guests {
    began: Instant,
    open: Mutex<(u64, HashMap<u64, Arc<Guest>>)>,
}

/// One of them.
pub(super) struct Guest {
    /// When it came, last sent a whole head, or last had an answer: microseconds
    /// after the beginning.
    since: AtomicU64,
    /// It is to make room.
    pub cut: CancellationToken,
}

/// A guest for as long as this lives.
pub(super) struct Seat {
    guests: Arc<Guests>,
    number: u64,
    pub guest: Arc<Guest>,
}

impl Guests {
    pub fn new() -> Arc<Self> {
        Arc::new(Guests {
            began: Instant::now(),
            open: Mutex::default(),
        })
    }

    fn open(&self) -> MutexGuard<'_, (u64, HashMap<u64, Arc<Guest>>)> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    pub fn seat(self: &Arc<Self>, cut: CancellationToken) -> Seat {
        let guest = Arc::new(Guest {
            since: AtomicU64::new(self.now()),
            cut,
        });
        let mut open = self.open();
        open.0 += 1;
        let number = open.0;
        open.1.insert(number, guest.clone());
        Seat {
            guests: self.clone(),
            number,
            guest,
        }
    }

    /// Lets the one that has done nothing for longest go.
    pub fn shed(&self) {
        let open = self.open();
        let stays = open.1.values().filter(|guest| !guest.cut.is_cancelled());
        if let Some(idle) = stays.min_by_key(|guest| guest.since.load(Ordering::Relaxed)) {
            idle.cut.cancel();
        }
    }
}

impl Seat {
    /// It did something.
    pub fn stirs(&self) {
        self.guest.since.store(self.guests.now(), Ordering::Relaxed);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.guests.open().1.remove(&self.number);
    }
}
