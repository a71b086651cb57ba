//! npm's packages, whichever tool manages them: `package.json` and what stands
//! beside it.

mod at;
mod choose;
mod habit;
mod locked;
mod manifest;
mod members;
mod places;
mod project;
mod required;
mod words;

#[cfg(test)]
mod oracle_tests;
#[cfg(test)]
mod project_tests;

pub use self::habit::may_raise;
pub use self::manifest::{ROOTS, is_manifest, root};
pub use self::places::{edit, read};
pub use self::project::{project, wanted};
pub use self::required::{changed, is_requiring};
pub use self::words::words;
pub use super::number::{is_above, next};
