//! A person who acts by what there is to see.

use std::collections::BTreeSet;

use super::intent::Intent;
use super::{developer, maintainer, reporter};
use crate::rehearsal::part::Part;
use crate::rehearsal::scenario;
use crate::rehearsal::view::View;

/// A person at work.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Which.
    pub part: Part,
    done: BTreeSet<String>,
}

impl Actor {
    /// Somebody who has done nothing yet.
    pub fn new(part: Part) -> Actor {
        Actor {
            part,
            done: BTreeSet::new(),
        }
    }

    /// The next thing to do, as things stand: it may change while they do.
    pub fn next(&self, view: &View<'_>) -> Option<Intent> {
        let mut wanted = match self.part {
            Part::Reporter => reporter::wanted(view),
            Part::Developer => developer::wanted(view),
            Part::Maintainer => maintainer::wanted(view),
        };
        if let Some(script) = &view.scene.script {
            wanted.retain(|it| it.habit.is_none_or(|habit| !script.leaves(habit)));
            wanted.extend(scenario::wanted(self.part, script, view));
        }
        let open = wanted.into_iter().filter(|i| !self.done.contains(&i.cause));
        open.min_by_key(|i| i.at)
    }

    /// Notes that this was done, or tried.
    pub fn did(&mut self, intent: &Intent) {
        self.done.insert(intent.cause.clone());
    }
}
