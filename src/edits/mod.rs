//! Text in, text out: only the bytes that must change. No IO.

pub mod cargo_lock;
pub mod cargo_manifest;
pub mod cargo_workspace;
pub mod changelog;
pub mod forward_port;
pub mod known_issues;
pub mod patch_id;
mod splice;
pub mod three_way;
pub mod triggers;
pub mod version_places;

#[cfg(test)]
mod oracle_tests;
