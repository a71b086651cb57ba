//! Workflow runs.
//!
//! A push, a pull request, a release, a dispatch or another run's end starts
//! the workflows whose files say so ([`listen`], [`start`]); the clock carries
//! their runs through queued, in_progress and completed ([`progress`]). What a
//! successful step does to the world stands above, in `effects`. Nothing is ever
//! executed. A rehearsal sets times, failures and protected environments in
//! [`Settings`].

pub mod control;
pub mod dispatch;
mod events;
pub mod files;
pub mod listen;
pub mod progress;
mod queue;
pub mod start;

pub use control::{approve, cancel, let_go_on, rerun};
pub use dispatch::dispatch;
pub use listen::PushInfo;
pub use start::actions_bot;

pub use super::model::run::{Failure, Inferred, Pace, RepoActions, Run, RunJob, Settings};
pub use super::workflow_file::{condition, glob, infer, triggers, workflow};

#[cfg(test)]
mod tests;
