//! The seats of the streams that tell of changes: so many in all, so many of one person,
//! and half of them for those who did not sign in, so that they leave some.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::who::Who;

/// One person has so many, over all browsers and tabs. Tabs that nobody looks at have
/// none: the script closes them.
pub(super) const EACH: usize = 4;

/// Whose a seat is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Whose {
    /// Of whoever sits at this machine.
    Desk,
    /// Of all who did not sign in.
    Strangers,
    /// Of a person, by GitHub's id: whoever signs in again has no more for that.
    Person(i64),
}

/// Why there is no seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoSeat {
    /// They have as many as one person has.
    Enough,
    /// Others have them all.
    Full,
}

/// All seats.
#[derive(Debug)]
pub(super) struct Seats {
    all: usize,
    taken: Mutex<HashMap<Whose, usize>>,
}

/// A seat, which is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Arc<Seats>,
    whose: Whose,
}

impl Seats {
    pub(super) fn new(all: usize) -> Seats {
        Seats {
            all,
            taken: Mutex::default(),
        }
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<Whose, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A seat for whoever asks. Nobody's makes room: a browser whose stream ends opens
    /// it anew, and two would take it from each other for ever.
    pub(super) fn take(self: &Arc<Self>, who: &Who) -> Result<Seat, NoSeat> {
        let (whose, most, why) = match who {
            Who::Desk => (Whose::Desk, self.all, NoSeat::Full),
            Who::Stranger => (Whose::Strangers, self.all.div_ceil(2), NoSeat::Full),
            Who::Person(session) => (Whose::Person(session.user), EACH, NoSeat::Enough),
        };
        let mut taken = self.taken();
        let theirs = taken.get(&whose).copied().unwrap_or(0);
        if theirs >= most {
            return Err(why);
        }
        if taken.values().sum::<usize>() >= self.all {
            return Err(NoSeat::Full);
        }
        taken.insert(whose, theirs + 1);
        Ok(Seat {
            seats: self.clone(),
            whose,
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        if let Some(theirs) = taken.get_mut(&self.whose) {
            *theirs -= 1;
            if *theirs == 0 {
                taken.remove(&self.whose);
            }
        }
    }
}
