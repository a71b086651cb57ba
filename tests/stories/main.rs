//! Stories: what people do to a hotfix, and what it comes to. Each ends in
//! silence.

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod asking;
mod base;
mod begun;
mod broken;
mod calls;
mod channels;
mod configuration;
mod deciding;
mod forward_port;
mod guard;
mod hands;
mod harmless;
mod joined;
mod judges;
mod known_issue;
mod labels;
mod leaving;
mod lines;
mod many;
mod meddling;
mod methods;
mod moved;
mod objects;
mod outage;
mod outsiders;
mod people;
mod picks;
mod places;
mod preflight;
mod publishing;
mod replayed;
mod required;
mod restored;
mod rollback;
mod round_trips;
mod runs;
mod setup;
mod shapes;
mod tried;
mod unreadable;
mod words;
