//! The procedure as a pure function from facts to a plan. No async, no IO, no
//! clock.

pub mod access;
pub mod added_tests;
pub mod apply;
pub mod available;
pub mod behind;
pub mod checklist;
pub mod closes;
pub mod command;
pub mod commands;
pub mod compose;
pub mod decide;
pub mod decision;
pub mod derive;
pub mod derived;
pub mod effect;
pub mod event;
pub mod evidence;
pub mod facts;
pub mod forget;
pub mod gates;
pub mod ids;
pub mod item;
pub mod labels;
pub(crate) mod nearest;
pub mod need;
pub mod objects;
pub mod obstacle;
pub mod outlook;
pub mod outside;
pub mod part;
pub mod plan;
pub mod platform;
pub mod policy;
pub mod preview;
pub mod procedure;
pub mod reactions;
pub mod read;
pub mod reads;
pub mod refused;
pub mod retry;
pub mod role;
pub mod security;
pub mod sees;
pub mod severity;
pub mod shipping;
pub mod slot;
pub mod slot_text;
pub mod step_name;
pub mod text;
pub mod timeline;
pub mod view;
pub mod wish;
pub mod workflow_file;

#[cfg(test)]
mod tests;
