//! Gates that a commander passes although they are closed. Each word belongs to
//! one head: a new one asks again.

use super::step::Case;
use crate::domain::command::Overridable;
use crate::domain::facts::Overridden;
use crate::domain::ids::Sha;

/// Whether the gate is passed for this head.
pub fn is_passed(c: &Case<'_>, gate: &Overridable, head: &Sha) -> bool {
    c.line
        .overrides
        .get(gate)
        .is_some_and(|word| word.head == *head)
}

/// The gates that are passed for this head.
pub fn of_head(c: &Case<'_>, head: &Sha) -> Vec<Overridden> {
    let words = c
        .line
        .overrides
        .iter()
        .filter(|(_, word)| word.head == *head);
    words
        .map(|(gate, word)| Overridden {
            gate: gate.clone(),
            login: word.by.login.clone(),
            reason: word.reason.clone(),
        })
        .collect()
}
