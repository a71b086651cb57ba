//! Text in, text out: only the bytes that must change. No IO, and nothing of
//! one kind of package.

pub mod changelog;
pub mod forward_port;
pub mod known_issues;
pub mod patch_id;
pub mod spelling;
pub mod splice;
pub mod three_way;
pub mod triggers;
