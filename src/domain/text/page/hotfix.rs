//! A hotfix as a page shows it.

use super::standing::Standing;
use super::times::{Times, times};
use crate::domain::evidence::ItemState;
use crate::domain::ids::Millis;
use crate::domain::outside::Outside;
use crate::domain::text::answers::events;
use crate::domain::text::checklist::{LISTS, items, label, said};
use crate::domain::text::joined;
use crate::domain::text::markdown::inline;
use crate::domain::text::names;
use crate::domain::text::timeline::clock;
use crate::domain::text::{derived, failed_run, head, notes, preflight, preview, table};
use crate::domain::view::View;

/// A hotfix as a page shows it. What is said is Markdown, as in comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hotfix {
    /// How it stands.
    pub standing: Standing,
    /// "Hotfix v1.0.5 of `caro`".
    pub called: String,
    /// What it mends, in its reporter's words.
    pub summary: String,
    /// The issue's address; empty while it is not known.
    pub issue: String,
    /// Where it stands, or how it ended.
    pub state: String,
    /// Started, due, took.
    pub clock: String,
    /// The ten steps: number, title, whether proven, whether it is the present one.
    pub steps: Vec<(u8, &'static str, bool, bool)>,
    /// What is wanted of whom, blocks, the most urgent first.
    pub now: Vec<String>,
    /// What ships and what does not.
    pub ships: Option<String>,
    /// What else is known of the release: folds.
    pub besides: Vec<String>,
    /// Times against their targets.
    pub times: Times,
    /// The three lists.
    pub checklist: Vec<TickedList>,
    /// What happened, newest first: when, and a line.
    pub happened: Vec<(Millis, String)>,
}

/// A list of the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TickedList {
    /// What it is called.
    pub title: &'static str,
    /// Its items.
    pub items: Vec<Ticked>,
}

/// An item of the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticked {
    /// Whether it counts as done.
    pub done: bool,
    /// Whether it does not apply here.
    pub not_applicable: bool,
    /// The document's wording: Markdown.
    pub label: String,
    /// How it was settled, or how it can be: Markdown; may be empty.
    pub said: String,
}

/// The page of a view, as it is at `now`.
pub fn hotfix(view: &View<'_>, now: Millis) -> Hotfix {
    let along = view.facts.joined.as_deref();
    let along = along.filter(|_| view.facts.cancelled.is_none());
    let steps = view.steps.iter().map(|(step, done)| {
        let present = view.phase == Some(*step);
        (step.number(), step.title(), *done, present)
    });
    let besides = [
        failed_run::logs(view),
        preflight::preflight(view),
        table::table(view),
        derived::derived(view),
        notes::asked(view),
    ];
    let mut happened: Vec<_> = events(view)
        .into_iter()
        .map(|(at, words)| (at, inline(&words)))
        .collect();
    happened.reverse();
    Hotfix {
        standing: Standing::of(view),
        called: head::called(view),
        summary: names::summary(view).markdown(),
        issue: names::page(view, &format!("issues/{}", view.facts.number)),
        state: match along {
            Some(joined) => joined::head(joined, view),
            None => head::state(view),
        },
        clock: clock(view),
        steps: match along.is_some() || view.outlook.rollback.is_some() {
            true => Vec::new(),
            false => steps.collect(),
        },
        now: match along {
            Some(_) => head::answers(view).into_iter().collect(),
            None => head::blocks(view),
        },
        ships: along.is_none().then(|| preview::what(view)),
        besides: besides.into_iter().flatten().collect(),
        times: times(view, now),
        checklist: lists(view),
        happened,
    }
}

fn lists(view: &View<'_>) -> Vec<TickedList> {
    let list = |(phase, title)| TickedList {
        title,
        items: items(view)
            .filter(|it| it.item.phase() == phase)
            .map(|it| Ticked {
                done: it.state.is_done(),
                not_applicable: it.state == ItemState::NotApplicable,
                label: Outside::from(label(it.item, view)).quoted(),
                said: said(it, view),
            })
            .collect(),
    };
    LISTS.into_iter().map(list).collect()
}
