//! Cargo: `Cargo.toml`, `Cargo.lock`, crates.

pub mod bump;
mod lock;
pub mod manifest;
pub mod port;
pub mod project;
mod workspace;

#[cfg(test)]
mod oracle_tests;
