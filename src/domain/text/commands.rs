//! The commands that exist and make sense now.

use super::markdown::{code, fold};
use crate::domain::checklist::State;
use crate::domain::command::{Verb, help};
use crate::domain::facts::{Further, StepName};
use crate::domain::view::{View, What};

/// The fold; the whole table once somebody asked for help.
pub fn commands(view: &View<'_>) -> String {
    if view.facts.help {
        return fold("All commands", &help(None), true);
    }
    let mut out = String::new();
    for verb in now(view) {
        out.push_str(&format!(
            "- {}: {} ({})\n",
            code(&usage(verb, view)),
            verb.spec().help,
            verb.who()
        ));
    }
    fold("Commands that make sense now", &out, false)
}

/// The verbs, in the order of the help text. Only what this version carries out.
pub fn now(view: &View<'_>) -> Vec<Verb> {
    crate::domain::command::VERBS
        .iter()
        .copied()
        .filter(|verb| verb.is_carried_out() && makes_sense(*verb, view))
        .collect()
}

fn makes_sense(verb: Verb, view: &View<'_>) -> bool {
    let facts = view.facts;
    let over = facts.over.is_some() || facts.cancelled.is_some();
    match verb {
        Verb::Status | Verb::Help => true,
        _ if over => false,
        Verb::Confirm => needs(view, |what| {
            matches!(
                what,
                What::ConfirmStart { .. } | What::ConfirmSeverity { .. } | What::NotHotfix { .. }
            )
        }),
        Verb::Assess => facts.line.ship.is_none(),
        Verb::Retry => {
            !facts.refused.is_empty()
                || !facts.blocked.is_empty()
                || !facts.unanswered.is_empty()
                || needs(view, |what| {
                    matches!(
                        what,
                        What::RunFailed { .. } | What::RunSkipped { .. } | What::NoBase { .. }
                    )
                })
        }
        Verb::Check => view
            .checklist
            .iter()
            .any(|entry| entry.state == State::Open && entry.item.takes_check()),
        Verb::Uncheck => !facts.words.is_empty(),
        Verb::ConfirmFixed => needs(view, |what| matches!(what, What::FixVerified { .. })),
        Verb::Release => {
            facts.hold.is_none()
                && facts.line.ship.is_none()
                && view.preview.is_some()
                && view.gates.is_empty()
        }
        Verb::Hold => facts.hold.is_none(),
        Verb::Unhold => facts.hold.is_some(),
        Verb::Waive => {
            let open = |further: &&Further| {
                further.number.is_some()
                    && further.waived.is_none()
                    && further.pull.get().is_none_or(|pull| !pull.merged)
            };
            facts.line.all_further().iter().any(open)
                || needs(view, |what| matches!(what, What::KnownIssueText { .. }))
        }
        Verb::Cancel => !tagged(view),
        _ => true,
    }
}

fn tagged(view: &View<'_>) -> bool {
    let ship = view.facts.line.ship.as_ref();
    ship.is_some_and(|ship| ship.locked.is_some())
        || view
            .steps
            .iter()
            .any(|step| step.name == StepName::Ship && step.done)
}

fn needs(view: &View<'_>, wanted: impl Fn(&What) -> bool) -> bool {
    view.needs
        .iter()
        .chain(&view.gates)
        .any(|need| wanted(&need.what))
}

/// The usage, filled in where only one thing can be meant.
fn usage(verb: Verb, view: &View<'_>) -> String {
    match (verb, &view.preview) {
        (Verb::Release, Some(preview)) => format!("/hotfix release {}", preview.head.short()),
        _ => verb.usage(),
    }
}
