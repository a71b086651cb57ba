//! Python: `pyproject.toml`, `setup.cfg`, `setup.py`, modules' `__version__`,
//! `uv.lock`.

mod choose;
mod declared;
mod format;
mod ini;
mod literal;
mod lock;
mod modules;
pub mod names;
pub mod number;
pub mod project;
pub mod pyproject;
pub mod required;
mod requirement;
mod setup_py;
pub mod words;

#[cfg(test)]
mod oracle_tests;
#[cfg(test)]
mod tests;

pub use self::format::FORMAT;
