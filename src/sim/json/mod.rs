//! GitHub's objects as JSON, one builder an object, for answers and payloads.

mod account;
mod advisory;
pub mod check;
mod commit;
mod common;
mod issue;
mod payload;
mod pull;
pub mod registry;
pub mod release;
mod repository;
pub mod run;

pub use account::{app, installation, organization, user};
pub use advisory::advisory;
pub use commit::{
    branch, commit, commit_authors, commit_detail, file_diff, git_commit, git_ref, git_tag,
    push_commit, simple_commit, verification,
};
pub use common::{HTML, PATH, Urls, association, extend, node_id, repo_page, repo_url, urls};
pub use issue::{comment, cross_reference, issue, issue_event, label, reaction, reaction_rollup};
pub use payload::as_delivered;
pub use pull::{minimal_pull, pull, pull_simple, review};
pub use repository::{counts, minimal_repository, repository, repository_in_push};
