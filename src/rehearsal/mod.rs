//! The rehearsal: a whole hotfix at a desk. The real server works against the
//! stand-in, on loopback, by a clock that jumps; people act; the stand-in's
//! world is judged.

mod accounts;
mod act;
mod actors;
mod args;
mod artifacts;
mod channels;
mod comment_text;
mod desk;
mod driver;
mod git;
mod judge;
mod narrator;
mod part;
mod perform;
mod play;
mod product;
mod project;
mod real_server;
mod registry;
mod release_name;
mod report;
mod sample;
mod scenario;
mod scene;
mod sentences;
mod server;
mod stage;
mod story;
mod summary;
mod trouble;
mod view;
mod wrap;
mod your_repo;

#[cfg(test)]
mod tests;

pub use self::accounts::PERMISSIONS;
pub use self::args::RehearseArgs;
pub use self::channels::channels;
pub use self::desk::Desk;
pub use self::driver::Ending;
pub use self::judge::{Answer, Demand, Hotfix, Item, Judge, Step, Verdict};
pub use self::narrator::Narrator;
pub use self::play::{Trouble, play};
pub use self::real_server::RealServer;
pub use self::report::Report;
pub use self::scenario::list as scenarios;
pub use self::scene::Scene;
pub use self::server::{Server, ServerSetup, registry_urls};
pub use self::stage::Stage;
pub use self::view::View;
