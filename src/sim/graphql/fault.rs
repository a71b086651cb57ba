//! What goes wrong with a field, and who may do what.

use crate::sim::auth::Actor;
use crate::sim::model::app::satisfies;
use crate::sim::refusal::Refusal;
use crate::sim::router::Call;
use crate::sim::world::World;

/// What went wrong with one field.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    /// `NOT_FOUND`, `FORBIDDEN`, `UNPROCESSABLE`, `STALE_DATA`; empty: the
    /// document does not fit the schema.
    pub(super) kind: &'static str,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let kind = match refusal.status {
            403 => "FORBIDDEN",
            404 => "NOT_FOUND",
            _ => "UNPROCESSABLE",
        };
        Self {
            kind,
            message: refusal.message,
        }
    }
}

/// Whether the caller may do this in a repository, by token and by installation.
pub(super) fn allowed(world: &World, call: &Call, repo: u64, accepted: &str) -> Result<(), Fault> {
    match &call.actor {
        Actor::Installation { token, .. } => {
            let token = world.tokens.get(token);
            let Some(token) = token.filter(|t| t.repos.contains(&repo)) else {
                return Err(Fault::new(
                    "NOT_FOUND",
                    "Could not resolve to a Repository.",
                ));
            };
            if satisfies(&token.permissions, accepted) {
                return Ok(());
            }
            Err(Fault::new(
                "FORBIDDEN",
                "Resource not accessible by integration",
            ))
        }
        Actor::User { .. } if world.role_through(repo, &call.actor).is_some() => Ok(()),
        _ => Err(Fault::new(
            "NOT_FOUND",
            "Could not resolve to a Repository.",
        )),
    }
}
