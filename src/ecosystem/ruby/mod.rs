//! Ruby: gemspecs, `version.rb`, `Gemfile.lock`.

mod format;
mod gemspec;
mod lock;
pub mod number;
pub mod project;
pub mod required;
mod source;
pub mod words;

#[cfg(test)]
mod oracle_tests;
#[cfg(test)]
mod tests;

pub use self::format::FORMAT;
