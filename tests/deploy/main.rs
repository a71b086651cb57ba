//! What stands around the program: the files that deploy it, the project's own
//! workflows and configuration, the commands in its documents, and a restore.

mod drill;
mod files;
mod named;
mod observed;
mod own;
mod support;
mod words;
mod workflows;
