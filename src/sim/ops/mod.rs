//! What can be done in the world, by whatever way it is asked: REST, GraphQL
//! or a person's hand. Each function checks what GitHub checks, changes the
//! state, and emits the events that follow.

mod advisories;
mod comments;
mod events;
mod forks;
mod issues;
mod keywords;
mod labels;
mod manifests;
mod merge;
mod merged;
pub mod oauth;
mod pulls;
mod push;
mod refs;
pub mod registry;
pub mod releases;
mod repos;
mod reviews;

pub use advisories::AdvisoryChange;
pub use forks::FromFork;
pub use issues::StateChange;
pub use merge::{MergeRequest, Method};
pub use pulls::NewPull;
pub use refs::RefUpdate;
