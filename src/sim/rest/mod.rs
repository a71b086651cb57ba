//! The REST operations, one file a subject.

pub mod actions;
pub mod checks;
pub mod releases;

use super::registry;
use super::router::Route;

/// Everything that is served.
pub fn routes() -> Vec<Route> {
    [actions::routes(), checks::routes(), releases::routes(), registry::routes()].concat()
}

/// What is escaped in a path: slashes stay.
pub(super) const PATH: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');
