//! The way to the release: both of its lists, asked in order.

use super::after_the_tag::AFTER_THE_TAG;
use super::proofs::Proofs;
use super::step::Case;
use super::survey::{Survey, ask};
use super::until_the_tag::UNTIL_THE_TAG;

/// The first list of a survey: what it waits for gates the release.
pub const UNTIL: usize = 0;
/// The second one.
pub const AFTER: usize = 1;

/// Asks every step.
pub fn survey(c: &Case<'_>) -> Survey<Proofs> {
    ask(c, &[UNTIL_THE_TAG, AFTER_THE_TAG])
}
