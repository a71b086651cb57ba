//! What a repository says of itself, as people and judge read it: apart from
//! the server, which has a reading of its own.

pub mod config;
mod made_up;
pub mod other;
pub mod package;
mod package_of;
mod stated;
pub mod workflows;

pub use self::config::{Config, is_changelog};
pub use self::made_up::made_up;
pub use self::package_of::{Kind, Package};
pub use self::workflows::{Roles, Workflows};
