//! GraphQL (to come).
use super::router::{Call, Refusal, Reply};
use super::world::World;
use serde_json::Value;
/// The operation's name for the log.
pub fn operation(_: &Value) -> String { "graphql/query".into() }
/// Serves it.
pub fn serve(_: &mut World, _: &Call) -> Reply { Err(Refusal::new(501, "no GraphQL yet")) }
