//! An issue of its own says what failed.

use crate::domain::effect::Act;
use crate::domain::procedure::step::{Case, Step};
use crate::domain::undo::Undo;

/// It is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported;

/// Opened at once: what is left to do is told elsewhere.
pub fn report(c: &Case<'_>) -> Step<Reported> {
    match c.line.rollback.as_ref().and_then(|it| it.report) {
        Some(_) => Step::Done(Reported),
        None => {
            let act = Act::Undo(Undo::Report {
                title: (),
                marker: (),
                body: (),
            });
            Step::wish(c.write(act, c.facts.number.to_string()))
        }
    }
}
