//! REST: workflows, runs, jobs.

mod jobs;
mod runs;

pub use runs::routes;
