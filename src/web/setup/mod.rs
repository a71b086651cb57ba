//! A server without an App is given one: the pages of its first run.
//!
//! ```text
//! log ── token ──▶ /setup ── choice ──▶ manifest ──▶ GitHub ── code, state ──▶
//!   /setup/created: the App's keys are kept, then installations/new at GitHub ──▶
//!   /setup/done: what is there, until the browser's hour is over
//! ```
//!
//! One browser is let in, by the token in the log. `lock` holds who it is and the
//! state that goes to GitHub, `state` what was chosen, `guard` the headers and the cookie, `routes` the
//! way through, `finished` what is left of it while the server works, `pages` the
//! HTML. What GitHub and the disk do is the [`Backend`]'s.

mod backend;
mod finished;
mod guard;
mod lock;
mod pages;
mod routes;
mod start;
mod state;

pub use backend::{Backend, Created, NotCreated, SetUp};
pub use finished::{Look, Rest};
pub(super) use finished::{always, rest};
pub use start::start;
pub use state::{Finished, Outcome};
