//! A GitHub stand-in on loopback, on real git. Imports nothing of ours.
//!
//! [`Sim`] serves the REST API, GraphQL and a crates.io over HTTP on
//! 127.0.0.1, sends signed deliveries to a webhook, and plays workflow runs.
//! [`World`] is its state; [`Person`] acts as a human would. Time is
//! [`SimClock`]; nothing is random.
//!
//! It stands in layers. A file imports only from earlier layers in this list, or
//! from lower files of its own layer; no two files import each other.
//!
//! 1. [`clock`], [`git`], `refusal`: time, real repositories, GitHub's "no".
//! 2. `workflow_file`: what a workflow file says; pure text.
//! 3. `model`: plain state, one file a subject. Knows no world.
//! 4. [`world`]: all state behind one lock; `lookup` finds things in it, `rules`
//!    says what stands in the way of a merge.
//! 5. [`json`]: GitHub's objects, for answers and payloads.
//! 6. [`deliveries`]: events become deliveries.
//! 7. [`actions`]: workflow runs start, go on and end.
//! 8. [`ops`]: what somebody does, with everything that follows from it. Within:
//!    events, labels, issues, reviews, what follows a merge, what follows a
//!    push, refs, pull requests and merging, releases.
//! 9. `crates`, `ships`, `effects`, `due`: what a workflow's step does, and whatever else falls
//!    due on the clock. They stand above `actions` and `ops`, so that a run can
//!    make a release that starts a run.
//! 10. [`auth`], `answer`, [`router`]; then [`rest`] and `graphql`: who calls,
//!     what is served.
//! 11. `serve`, `hub`, `http`: from bytes to an answer, on the wire.
//! 12. `stand_in` ([`Sim`]), [`setup`], `adopt`, [`people`], `dump`: what tests
//!     and the rehearsal hold in their hands.

pub mod actions;
mod adopt;
mod answer;
pub mod auth;
pub mod clock;
mod crates;
pub mod deliveries;
mod due;
mod dump;
mod effects;
pub mod git;
mod graphql;
mod http;
mod hub;
pub mod json;
mod lookup;
mod model;
pub mod ops;
pub mod people;
mod refusal;
pub mod rest;
pub mod router;
mod rules;
mod serve;
pub mod setup;
mod ships;
mod slow;
mod stand_in;
mod workflow_file;
pub mod world;

pub use actions::PushInfo;
pub use clock::{Millis, SimClock};
pub use deliveries::DeliveryOrder;
pub use model::faults::{FaultPlan, FaultWhen, Strike};
pub use model::{advisory, chat, checks, faults, log, mishaps, packages, status_page};
pub use ops::{MergeRequest, Method, registry, releases};
pub use people::{Person, Verdict};
pub use setup::{NewApp, Seed, TEST_APP_KEY};
pub use ships::{Share, Upload, upload};
pub use stand_in::Sim;
pub use world::{Job, Repo, Role, SimOptions, Who, World};

#[cfg(test)]
mod tests;
