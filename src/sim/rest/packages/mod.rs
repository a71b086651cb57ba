//! The registries beside crates.io over HTTP, below `/npm`, `/pypi`, `/rubygems`,
//! `/goproxy`, `/gosum`, `/maven`, `/oci` and `/helm`.

mod go;
mod helm;
mod maven;
mod npm;
mod oci;
mod pypi;
mod rubygems;
mod shared;

use crate::sim::router::Route;

/// What is served.
pub fn routes() -> Vec<Route> {
    [
        npm::routes(),
        pypi::routes(),
        rubygems::routes(),
        go::routes(),
        maven::routes(),
        oci::routes(),
        helm::routes(),
    ]
    .concat()
}
