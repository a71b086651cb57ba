//! Hotfix Bot: a self-hosted GitHub App that carries an emergency release from
//! the label `P0` to the closed issue.
//!
//! The map. `domain` decides, `ecosystem` knows packages and their versions,
//! `edits` turns text into text: these are pure; everything else is IO that
//! carries out what was decided.
//!
//! ```text
//! main → cli → { rehearsal, server, engine, github, registry, settings, store, domain }
//! rehearsal → { server, engine, github, registry, settings, sim, domain }
//! server → { web, engine, store, github, registry, notify, settings }
//! web    → { store, domain, github::webhook }
//! engine → { domain, ecosystem, edits, store, github, registry, notify }
//! store, github, registry, notify → domain
//! domain → ecosystem → edits
//! edits, sim → nothing of ours
//! ```
//!
//! `tests/architecture` holds these arrows, and that no files stand in a circle.

pub mod cli;
pub mod clock;
#[cfg(test)]
#[path = "../tests/support/contract.rs"]
mod contract;
#[cfg(test)]
#[path = "../tests/support/documented.rs"]
mod documented;
pub mod domain;
pub mod ecosystem;
pub mod edits;
pub mod engine;
pub mod github;
pub mod net;
pub mod notify;
pub mod registry;
pub mod rehearsal;
pub mod server;
pub mod settings;
pub mod sim;
pub mod store;
pub mod telemetry;
pub mod web;
