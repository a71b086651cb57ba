//! What a repository says of itself, as people and judge read it: apart from
//! the server, which has a reading of its own.

pub mod config;
pub mod package;
pub mod workflows;

pub use self::config::Config;
pub use self::package::Package;
pub use self::workflows::{Roles, Workflows};
