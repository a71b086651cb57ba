//! REST: check runs, check suites, commit statuses.

mod runs;
mod statuses;
mod write;

pub use runs::routes;
