//! Rehearsing on somebody's own repository: reading it, cloning it into the
//! stand-in, and what would have stopped a hotfix there.

mod describe;
mod fill;
mod made_up;
mod obstacles;
mod on_the_way;
mod prepared;
mod source;
mod tags;

pub use self::describe::describe;
pub use self::fill::fill;
pub use self::on_the_way::met_on_the_way;
pub use self::prepared::{Prepared, prepare};
