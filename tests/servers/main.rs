//! Several servers on one database of PostgreSQL: a whole hotfix through two of them,
//! and what becomes of it when one is killed, stopped, or cut off. Left out where there
//! is no PostgreSQL.

#[path = "../support/mod.rs"]
mod support;

#[path = "../support/real_time.rs"]
mod real_time;

mod processes;
mod program;
mod whole;
