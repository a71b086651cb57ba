//! Channels: chats and programs that are told what becomes of a hotfix.
//!
//! What stands at their other ends is the server's business: a configuration only
//! names them, and their addresses and secrets go nowhere else. How a message looks
//! there is pure (`slack`, `discord`, `webhook`); [`Channels::tell`] brings it there
//! once, and says what came of it. Nothing in here decides or retries.

mod channels;
mod cut;
mod discord;
mod error;
mod signed;
mod slack;
mod webhook;

pub use crate::domain::objects::ChannelKind;
pub use channels::{Channel, Channels, Told};
pub use error::Error;
