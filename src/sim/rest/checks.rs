//! REST: checks.

use crate::sim::router::Route;

/// The routes of this room.
pub fn routes() -> Vec<Route> {
    Vec::new()
}
