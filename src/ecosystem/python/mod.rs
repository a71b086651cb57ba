//! Python: `pyproject.toml`, `setup.cfg`, `setup.py`, modules' `__version__`,
//! `uv.lock`.

mod choose;
mod declared;
mod format;
mod ini;
mod literal;
mod lock;
mod modules;
mod names;
mod number;
mod project;
mod pyproject;
mod required;
mod requirement;
mod root;
mod setup_py;
mod words;

#[cfg(test)]
mod oracle_tests;
#[cfg(test)]
mod tests;

pub use self::choose::is_of_crate;
pub use self::format::{edit, read};
pub use self::number::{is_above, next};
pub use self::project::{project, wanted};
pub use self::required::{changed, is_one as is_requiring};
pub use self::root::{ROOTS, is_manifest, may_raise, root};
pub use self::words::words;
