//! Stories: what people do to a hotfix, and what it comes to. Each ends in
//! silence.

#[path = "../support/mod.rs"]
mod support;

mod asking;
mod configuration;
mod deciding;
mod forward_port;
mod judges;
mod known_issue;
mod leaving;
mod meddling;
mod methods;
mod outage;
mod runs;
mod unreadable;
