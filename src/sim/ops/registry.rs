//! The registry's moments: when its index will show what happened now.

use crate::sim::json::repo_page;
pub use crate::sim::model::registry::{Call, Registry, Version, index_path};
use crate::sim::world::{Job, World};

/// Lets a crate name this repository as its own.
pub fn names_repository(world: &mut World, name: &str, repo: u64) {
    let page = world.repos.get(&repo).map(repo_page);
    if let Some(page) = page {
        world.registry.set_repository(name, &page);
    }
}

/// Notes that the index will move, and when.
pub fn index_moves(world: &mut World) -> i64 {
    let visible = world.now() + world.index_lag_ms;
    world.schedule(visible, Job::IndexMoves);
    visible
}
