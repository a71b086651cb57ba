//! GitHub's objects as JSON, one builder an object, for answers and payloads.

use serde_json::{Value, json};

use super::world::{UserId, World};

/// A person, bot or organisation (`simple-user`).
pub fn user(world: &World, id: UserId) -> Value {
    let _ = (world, id);
    json!({})
}

/// A repository in full (`full-repository`).
pub fn repository(world: &World, repo: u64) -> Value {
    let _ = (world, repo);
    json!({})
}

/// A repository in short (`minimal-repository`), as inside runs.
pub fn minimal_repository(world: &World, repo: u64) -> Value {
    let _ = (world, repo);
    json!({})
}

/// A commit in short (`nullable-simple-commit`), as `head_commit` of a run.
pub fn simple_commit(world: &World, repo: u64, sha: &str) -> Value {
    let _ = (world, repo, sha);
    json!({})
}

/// A pull request in the shortest form (`pull-request-minimal`), as inside
/// runs and check runs.
pub fn minimal_pull(world: &World, repo: u64, number: u64) -> Value {
    let _ = (world, repo, number);
    json!({})
}

/// An App (`integration`).
pub fn app(world: &World, app: u64) -> Value {
    let _ = (world, app);
    json!({})
}

/// A GraphQL node id.
pub fn node_id(kind: &str, id: u64) -> String {
    format!("{kind}_{id}")
}
