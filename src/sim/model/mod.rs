//! Plain state, one file a subject. Nothing here knows the world around it.

pub mod account;
pub mod advisory;
pub mod app;
pub mod branch;
pub mod budget;
pub mod chat;
pub mod checks;
pub mod delivery;
pub mod faults;
pub mod issue;
pub mod log;
pub mod manifest;
pub mod mishaps;
pub mod oauth;
pub mod packages;
pub mod registry;
pub mod release;
pub mod run;
pub mod status_page;
