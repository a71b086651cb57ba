//! Text in, text out: only the bytes that must change. No IO, and nothing of
//! one kind of package.

pub mod attributes;
pub mod changelog;
pub mod forward_port;
pub mod json_at;
pub mod known_issues;
pub mod old_lines;
pub mod patch_id;
pub mod pick;
#[cfg(test)]
mod pick_random_tests;
#[cfg(test)]
mod pick_tests;
pub mod spelling;
pub mod splice;
pub mod three_way;
pub mod triggers;
pub mod yaml;
