//! The registry's moments: when its index will show what happened now.

pub use crate::sim::model::registry::{Call, Registry, Version, index_path};
use crate::sim::world::{Job, World};

/// Notes that the index will move, and when.
pub fn index_moves(world: &mut World) -> i64 {
    let visible = world.now() + world.index_lag_ms;
    world.schedule(visible, Job::IndexMoves);
    visible
}
