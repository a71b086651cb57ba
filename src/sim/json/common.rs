//! What all builders share: addresses, ids, how objects are put together.

use serde_json::Value;

use crate::sim::world::{Repo, UserId, World};

/// Where the stand-in's pages would be if it had any; links in `html_url`
/// begin with it.
pub const HTML: &str = "https://github.test";

/// What is escaped in a path: slashes stay.
pub const PATH: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A GraphQL node id.
pub fn node_id(kind: &str, id: u64) -> String {
    format!("{kind}_{id}")
}

/// The address of a repository in the API.
pub fn repo_url(world: &World, repo: &Repo) -> String {
    format!("{}/repos/{}", world.api_url, repo.full_name())
}

/// The address of a repository's pages.
pub fn repo_page(repo: &Repo) -> String {
    format!("{HTML}/{}", repo.full_name())
}

/// How an account stands to a repository (`author_association`).
pub fn association(repo: &Repo, user: UserId) -> &'static str {
    if repo.owner == user {
        "OWNER"
    } else if repo.roles.contains_key(&user) {
        "COLLABORATOR"
    } else {
        "NONE"
    }
}

/// Adds the keys of `more` to an object.
pub fn extend(mut object: Value, more: Value) -> Value {
    if let (Value::Object(into), Value::Object(from)) = (&mut object, more) {
        into.extend(from);
    }
    object
}

/// Where a repository stands: its API's and its pages' addresses.
pub struct Urls {
    /// `.../repos/o/r`
    pub api: String,
    /// `.../o/r`
    pub html: String,
}

/// The addresses of a repository; empty for an unknown one.
pub fn urls(world: &World, repo: u64) -> Urls {
    let of = |repo| Urls {
        api: repo_url(world, repo),
        html: repo_page(repo),
    };
    let none = || Urls {
        api: String::new(),
        html: String::new(),
    };
    world.repos.get(&repo).map_or_else(none, of)
}
