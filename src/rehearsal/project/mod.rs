//! What a repository says of itself, as people and judge read it: apart from
//! the server, which has a reading of its own.

pub mod config;
mod other;
pub mod package;
mod package_of;
pub mod workflows;

pub use self::config::Config;
pub use self::package_of::Package;
pub use self::workflows::{Roles, Workflows};
