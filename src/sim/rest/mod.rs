//! The REST operations, one file a subject.

pub mod actions;
pub mod checks;
pub mod releases;

mod advisories;
mod apps;
mod chat;
mod comments;
mod commits;
mod common;
mod contents;
mod git;
mod guards;
mod hook;
mod issues;
mod labels;
mod manifests;
mod meta;
mod oauth;
mod packages;
mod page;
mod pulls;
mod refs;
pub mod registry;
mod repos;
mod reviews;

use super::router::Route;

/// Everything that is served.
pub fn routes() -> Vec<Route> {
    [
        actions::routes(),
        advisories::routes(),
        apps::routes(),
        chat::routes(),
        checks::routes(),
        comments::routes(),
        commits::routes(),
        contents::routes(),
        git::routes(),
        guards::routes(),
        hook::routes(),
        issues::routes(),
        labels::routes(),
        manifests::routes(),
        meta::routes(),
        oauth::routes(),
        pulls::routes(),
        refs::routes(),
        releases::routes(),
        repos::routes(),
        reviews::routes(),
        packages::routes(),
        registry::routes(),
    ]
    .concat()
}
