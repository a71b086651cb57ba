//! GitHub's API and webhooks. The only place with octocrab and jsonwebtoken.
//!
//! - [`GitHub`] is the App: its key, its installation tokens, GitHub's clock.
//! - [`Installation`] acts with an installation's token, [`Repo`] within one
//!   repository of it; `ops` holds one file of typed calls for each subject.
//! - [`Error`] says what to do next. There is no retry in here beyond a token
//!   that has to be renewed: repeating is for who has looked first.
//! - [`People`] is what somebody who signs in lets the App ask, with their own token.
//! - [`webhook`] checks signatures and reads the few fields that we use.

mod auth;
mod budget;
mod call;
mod client;
mod error;
mod foreseen;
mod json;
mod manifest;
mod memory;
pub mod ops;
mod people;
#[cfg(test)]
mod testing;
mod tokens;
mod transport;
pub mod webhook;

pub use budget::Budget;
pub use call::MayWrite;
pub use client::{GitHub, GitHubOptions, Installation, Repo};
pub use error::{Error, Limit};
pub use json::{parse_time, time_text};
pub use manifest::{NewApp, convert_manifest};
pub use people::{Access, Me, People, Readable, UserToken};
pub use tokens::Permissions;
