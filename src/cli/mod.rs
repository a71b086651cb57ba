//! The command line: serve, rehearse, check-config.
