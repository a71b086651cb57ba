//! The sample project: what it is, and how it comes into the stand-in.

mod fill;
mod history;

pub use self::fill::fill;
pub use self::history::has_workflow;
