//! Everything that preflight found: one answer for the status comment, the
//! rehearsal and whoever asks on a quiet day.

use super::branch::foreseen;
use super::environments::environments;
use super::preflight::of_settings;
use super::step::Case;
use crate::domain::need::Finding;

/// The findings, the worst first; none before it is known what is to be built.
pub fn findings(c: &Case<'_>) -> Vec<Finding> {
    let Some(branched) = foreseen(c) else {
        return Vec::new();
    };
    let mut all = of_settings(c, &branched.base, &branched.version);
    all.extend(environments(c, &branched));
    all.sort_by_key(Finding::grade);
    all
}
