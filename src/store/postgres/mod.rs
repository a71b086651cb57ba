//! What is PostgreSQL's own: how a connection is made, how a transaction begins, the
//! migrations, the statements that differ, and the lease by which one server has the
//! database for itself.

mod begin;
mod lease;
mod reach;
pub(super) mod sql;

pub(super) use begin::{alone, begin};
pub(super) use lease::{Lease, take, vacant};
pub(super) use reach::{MIGRATOR, Reach};
