//! A hotfix in one line of a list.

use super::standing::Standing;
use super::times::{Bar, times};
use crate::domain::ids::Millis;
use crate::domain::need::Who;
use crate::domain::text::head::{all, called, stands};
use crate::domain::text::markdown::capital;
use crate::domain::text::names::summary;
use crate::domain::text::needs::need;
use crate::domain::view::View;

/// A hotfix in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// How it stands.
    pub standing: Standing,
    /// "Hotfix v1.0.5 of `caro`": Markdown.
    pub called: String,
    /// What it mends: Markdown.
    pub summary: String,
    /// Where it stands: Markdown.
    pub stands: String,
    /// What is waited for, and from whom: Markdown; none once it is over.
    pub waits: Option<String>,
    /// When it began.
    pub started: Millis,
    /// When it was over.
    pub ended: Option<Millis>,
    /// The whole against its target and maximum.
    pub total: Bar,
}

/// The line of a view, as it is at `now`.
pub fn listed(view: &View<'_>, now: Millis) -> Listed {
    let standing = Standing::of(view);
    let times = times(view, now);
    Listed {
        standing,
        called: called(view),
        summary: summary(view).markdown(),
        stands: capital(&stands(view)),
        waits: waits(view).filter(|_| !standing.is_over()),
        started: times.started,
        ended: view.facts.over.or(view.timeline.ended),
        total: times.total,
    }
}

/// The first thing that people are asked for, else what is under way.
fn waits(view: &View<'_>) -> Option<String> {
    let all = all(view);
    let first = all.iter().find(|it| it.who != Who::Machine);
    let words = need(first.or(all.first())?, view);
    Some(match first {
        Some(_) => format!("{} — {}", capital(&words.line), words.who),
        None => capital(&words.line),
    })
}
