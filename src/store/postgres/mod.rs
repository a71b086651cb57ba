//! What is PostgreSQL's own: how a connection is made, how a transaction begins, the
//! migrations, the statements that differ, the lease of each server and the lead that
//! one of them has, what they tell one another, and what no server knows alone: which
//! deliveries came, and whom they concern.

mod arrived;
mod begin;
mod concerned;
mod lease;
mod listen;
mod reach;
pub(super) mod sql;

pub(super) use arrived::{Arrived, arrived, next_row};
pub(super) use begin::{alone, begin};
pub(super) use concerned::concerned;
pub use lease::Leader;
pub(super) use lease::{Lease, join};
pub(super) use listen::{Ears, INBOX, WORK};
pub(super) use reach::{MIGRATOR, Reach};
