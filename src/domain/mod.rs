//! The procedure as a pure function from facts to a plan. No async, no IO, no
//! clock.

pub mod apply;
pub mod checklist;
pub mod checklist_item;
pub mod command;
pub mod effect;
pub mod event;
pub mod facts;
pub mod ids;
pub(crate) mod nearest;
pub mod need;
pub mod plan;
pub mod policy;
pub mod procedure;
pub mod role;
pub mod settle;
pub mod severity;
pub mod text;
pub mod timeline;
pub mod view;
pub mod workflow_file;

#[cfg(test)]
mod tests;
