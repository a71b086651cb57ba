//! GraphQL: the mutations that REST lacks, and the queries around them.
//! Errors come with HTTP 200, as GitHub's do.

mod fault;
mod mutation;
mod node;
mod parse;
mod refs;
mod run;
mod serve;

pub(super) use serve::{operation, serve};
