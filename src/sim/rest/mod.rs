//! The REST operations, one file a subject.

pub mod actions;
pub mod checks;
pub mod releases;

mod apps;
mod comments;
mod commits;
mod contents;
mod git;
mod hook;
mod issues;
mod labels;
mod meta;
mod pulls;
mod refs;
mod repos;
mod reviews;

use super::registry;
use super::router::Route;

/// Everything that is served.
pub fn routes() -> Vec<Route> {
    [
        actions::routes(),
        apps::routes(),
        checks::routes(),
        comments::routes(),
        commits::routes(),
        contents::routes(),
        git::routes(),
        hook::routes(),
        issues::routes(),
        labels::routes(),
        meta::routes(),
        pulls::routes(),
        refs::routes(),
        releases::routes(),
        repos::routes(),
        reviews::routes(),
        registry::routes(),
    ]
    .concat()
}

/// What is escaped in a path: slashes stay.
pub(super) const PATH: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The permissions of everything that concerns an issue or a pull request.
const ISSUE_READ: &str = "issues=read;pull_requests=read";
const ISSUE_WRITE: &str = "issues=write;pull_requests=write";
