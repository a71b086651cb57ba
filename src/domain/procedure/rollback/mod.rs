//! The third procedure: a release that failed is taken back. It is a list of
//! steps of its own, with proofs of its own; while it runs, the way to the release
//! stands still.

pub mod found;
mod hold;
pub mod list;
mod mark;
pub mod point;
mod quiet;
mod report;
mod revert;
mod tell;
mod untag;
mod withdraw;

pub use self::found::{out, packages, parts_read, token};
pub use self::list::{Proofs, RollbackStep, survey};
pub use self::mark::before;
pub use self::quiet::running;
pub use self::revert::{Back, branch as revert_branch, brought, of_failed, taken_back};
pub use self::untag::{TagStays, stays};
pub use self::withdraw::{by_hand, left};
