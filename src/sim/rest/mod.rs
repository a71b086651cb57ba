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
