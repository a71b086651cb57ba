//! What the stand-in's world shows of the hotfix. Nothing here is taken from
//! the bot's word: its comments are read to be held against the world.

mod after_tag;
mod before_tag;
mod bumped;
mod checklist;
mod commands;
mod look;
mod proof;
mod proofs;
mod shipped;
mod steps;
pub mod timeline;
mod verdict;

pub use self::checklist::Item;
pub use self::look::Judge;
pub use self::proof::Answer;
pub use self::steps::Step;
pub use self::verdict::{Demand, Hotfix, Verdict};
