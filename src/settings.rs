//! The settings of the server itself.
