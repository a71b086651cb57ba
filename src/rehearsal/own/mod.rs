//! Rehearsing on somebody's own repository: reading it, cloning it into the
//! stand-in, and the people's part there.

pub mod clone;
pub mod config;
pub mod fix;
pub mod flows;
pub mod package;
pub mod source;
pub mod stopped;
pub mod tags;

pub use config::Config;

#[cfg(test)]
mod tests;
