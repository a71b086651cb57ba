//! Cargo: `Cargo.toml`, `Cargo.lock`, crates.

pub mod bump;
mod choose;
mod dependencies;
mod gather;
pub mod habit;
mod lock;
pub mod manifest;
mod members;
pub mod paths;
pub mod port;
pub mod project;
pub mod required;
mod requirement;
mod workspace;

#[cfg(test)]
mod oracle_tests;
