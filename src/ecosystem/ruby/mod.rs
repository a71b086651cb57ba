//! Ruby: gemspecs, `version.rb`, `Gemfile.lock`.

mod format;
mod gemspec;
mod lock;
mod number;
mod project;
mod required;
mod root;
mod source;
mod words;

#[cfg(test)]
mod oracle_tests;
#[cfg(test)]
mod tests;

pub use self::format::{edit, read};
pub use self::number::{is_above, next};
pub use self::project::{project, wanted};
pub use self::required::{changed, is_one as is_requiring};
pub use self::root::{ROOTS, is_manifest, may_raise, root};
pub use self::words::words;
