//! What is derived where nobody configured it: decisions over names and
//! numbers alone, each with its reason.

pub mod base;
pub mod beside;
pub mod doubt;
pub mod line;
pub mod numbers;
pub mod refs;
pub mod tag;
pub mod taken;
pub mod untagged;
pub mod withdrawn;

#[cfg(test)]
mod real_lines;
#[cfg(test)]
mod real_tags;
