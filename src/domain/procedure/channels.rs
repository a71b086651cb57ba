//! The channels that are told.

use super::step::Case;
use crate::domain::objects::channel_name;

/// The channels that the configuration names, each once.
pub fn channels(c: &Case<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in &c.policy.announce.channels {
        let name = channel_name(name);
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
