//! Rehearsing on somebody's own repository: reading it, cloning it into the
//! stand-in, and what would have stopped a hotfix there.

mod describe;
mod fill;
mod made_up;
mod obstacles;
mod on_the_way;
mod prepared;
mod questions;
mod registry;
mod requires;
mod shown;
mod source;
mod tags;

pub use self::describe::describe;
pub use self::fill::fill;
pub use self::made_up::{TITLE, WHY};
pub use self::obstacles::at_the_base;
pub use self::on_the_way::conflicts;
pub use self::prepared::{Prepared, Shape, prepare};
pub use self::questions::{Asked, Question, lines_to_paste};
