//! What a workflow file says: parsed, matched, and read for what its steps
//! would do. Pure text; nothing here knows the world.

mod args;
pub mod cargo;
pub mod composite;
pub mod condition;
pub mod glob;
pub mod infer;
mod matrix;
pub mod parts;
pub mod publishing;
pub mod scripts;
pub mod triggers;
pub mod workflow;
mod yaml;
