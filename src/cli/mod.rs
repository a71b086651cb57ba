//! The command line: serve, rehearse, check-config.

pub mod rehearse;
