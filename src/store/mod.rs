//! Everything that is remembered. The only place with sqlx.
//!
//! One SQLite file, held by one process, or one database of a PostgreSQL server, on which
//! several work, of which one leads. All writes go through one connection of each, one
//! after the other over all of them; reads have their own, and see the last commit. Whatever follows from one event is written in one [`Tx`]: the
//! cause is closed, the facts, the journal, the outbox, the claims and the time to
//! wake change, or nothing does.
//!
//! The store knows no procedure. It carries JSON as text, and keeps the laws of
//! the queues: who is handed out when, and whose answer still counts.
//!
//! - `inbox`: deliveries, stored before they are acknowledged; `seen`: which of
//!   them came before; `index`: what concerns somebody. Both are in memory, and
//!   copies of what the file says.
//!   Where there may be other servers they know less than all, and the database is asked
//!   (`shared`).
//! - `prune`: what nobody needs any more.
//! - `cases`, `journal`: the truth, and the evidence for it.
//! - `effect`, `outbox`: the effects that are wanted; `settle` keeps the laws of
//!   their keys, `dispatch` hands them out and takes them back.
//! - `config_checks`: pull requests whose configuration is to be looked at.
//! - `checkups`: what the doctor found of a repository last.
//! - `claims`: who holds a version, a branch, a tag, a pull request's number.
//! - `schedule`: what is due now, and when something will be.
//! - `unreadable`: cases that stand still, as their facts cannot be read.
//! - `paged`: what the pages show of all this; it only reads.
//! - `places`: installations and repositories; `visible`: which of them everybody may
//!   see. `meta`: the rest.
//! - `open`: from an address to a store, with `begun`, the epoch. Of a file `found`
//!   looks at what stands there, `lock` keeps others out, `held` holds the paths
//!   against what is open; `served` opens a database of a PostgreSQL server, and takes
//!   the lead of its servers.
//! - `query`: one text of SQL for both. `dialect`: which of them it is; `sqlite` and
//!   `postgres`: what else differs.
//! - `whole`: looks at every page; `copy` makes a backup; `transfer` carries all of it
//!   into another database; `examine` looks for what does not fit together, `peek` at
//!   one case, by a connection `beside` the server's.
//!
//! With `sqlite::memory:` there is a single connection for everything: a method
//! of [`Store`] called while the same task holds a [`Tx`] would wait for itself.
//! Do not do that with a file either: the answer would be of before the `Tx`.

mod begun;
mod beside;
mod cases;
mod checkups;
mod claims;
mod config_checks;
mod copy;
mod dialect;
mod dispatch;
mod effect;
mod error;
mod examine;
mod found;
mod handle;
mod held;
mod inbox;
mod index;
mod journal;
mod load;
mod lock;
mod meta;
mod open;
mod outbox;
mod paged;
mod peek;
mod place;
mod places;
mod postgres;
mod prune;
mod query;
mod schedule;
mod seen;
mod served;
mod shared;
mod sqlite;
mod sync_outbox;
mod transfer;
mod tx;
mod unreadable;
mod visible;
mod whole;

#[cfg(test)]
mod tests;

pub use cases::{CaseRow, NewCase};
pub use claims::{Claim, Holder};
pub use config_checks::ConfigCheck;
pub use copy::{Copied, copy};
pub use dispatch::{Due, LOOK_AFTER};
pub use effect::{Fence, Finish, Key, Lane, NewEffect, OutboxRow, State};
pub use error::{Result, StoreError, UnknownWord};
pub use examine::{Amiss, Examined, examine};
pub use handle::{Opened, Store};
pub use inbox::{Delivery, Fact, NewDelivery, Put, retry_set_aside};
pub use index::{Index, Opening};
pub use journal::{JournalRow, NewJournal};
pub use paged::PagedCase;
pub use peek::{Peeked, known_app, peek};
pub use places::{InstallationRow, RepoRow};
pub use postgres::Leader;
pub use prune::Prune;
pub use schedule::{Gauges, Queue};
pub use seen::{Digest, digest};
pub use sync_outbox::Synced;
pub use transfer::transfer;
pub use tx::Tx;
pub use unreadable::{BESIDE, KeptDelivery};
pub use visible::Unasked;
