//! The sample projects: what they are, and how they come into the stand-in.

mod fill;
mod history;
mod kind;
mod of;

pub use self::fill::fill;
pub use self::history::has_workflow;
