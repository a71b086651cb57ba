//! What a forward-port does to manifests and lock file.

mod lock;
mod manifests;
mod rules;

#[cfg(test)]
mod oracle_tests;
#[cfg(test)]
mod tests;

pub use self::rules::{Rules, more};
