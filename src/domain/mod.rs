//! The procedure as a pure function from facts to a plan. No async, no IO, no clock.

pub mod checklist_item;
pub mod command;
pub mod policy;
pub mod role;
pub mod severity;
pub mod workflow_file;
