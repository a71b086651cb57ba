//! The answers to questions that somebody asked by a command: one comment for
//! each that asks, written once. Everything in it stands in the status comment,
//! too, or follows from the same view.

mod back;
mod history;
mod over;
mod part;
mod plan;
mod post_mortem;
mod runbook;

pub use self::history::events;

use super::markdown::{link, person, quiet};
use super::names::reply_marker;
use super::refused::refused;
use super::status::{LIMIT, cut};
use super::{preview, timeline};
use crate::domain::command::{Command, help};
use crate::domain::facts::{Facts, Said, SaidState};
use crate::domain::objects::CommentKind;
use crate::domain::outlook::outlook;
use crate::domain::procedure::Case;
use crate::domain::view::{View, view};

/// The whole comment, its marker first.
pub fn answer(comment: u64, view: &View<'_>) -> String {
    let all = view.facts.said.iter();
    let asked = all.filter(|it| it.comment == comment);
    let (mut who, mut parts) = (String::new(), Vec::new());
    for said in asked {
        let Some(part) = part(said, view).filter(|part| !parts.contains(part)) else {
            continue;
        };
        who = person(&said.by.login);
        parts.push(part);
    }
    let page = view.facts.comments.get(&CommentKind::Status);
    let status = link("status comment", page.map_or("", |page| page.url.as_str()));
    let first = match view.facts.is_unbegun() {
        _ if view.facts.over.is_some() => who,
        true => format!("{who} asked."),
        false => format!("{who} asked. This is as it stands now; the {status} is kept true."),
    };
    let text = format!(
        "{}\n{first}\n\n{}\n",
        reply_marker(comment, view.facts.case),
        parts.join("\n\n")
    );
    cut(&text, LIMIT)
}

/// The commands that are left of a hotfix, by its facts alone.
pub fn runbook(facts: &Facts) -> String {
    let policy = facts.policy();
    let case = Case::of(facts, &policy);
    runbook::runbook(&view(case, &outlook(&case)))
}

fn part(said: &Said, view: &View<'_>) -> Option<String> {
    let (over, on_pull) = (view.facts.over.is_some(), said.pull.is_some());
    match &said.state {
        SaidState::Done => {}
        _ if over => return Some(over::over(view, on_pull)),
        SaidState::Refused(why) if view.facts.is_unbegun() => {
            let words = refused(why, view);
            return Some(format!("{}: {words}.", said.text.shortened(120).code()));
        }
        _ => return None,
    }
    if let Some(joined) = view.facts.along() {
        if over {
            return Some(over::over(view, on_pull));
        }
        return Some(super::joined::answer(joined, view));
    }
    Some(match said.command.as_ref()? {
        Command::Plan => quiet(&plan::plan(view)),
        Command::Preview => quiet(&preview::at_any_time(view)),
        Command::Timeline { full: false } => quiet(&timeline::answer(view)),
        Command::Timeline { full: true } => format!(
            "{}\n\n{}",
            quiet(&format!(
                "{}\n{}",
                timeline::answer(view),
                history::history(view)
            )),
            post_mortem::draft(view)
        ),
        Command::Runbook => runbook::runbook(view),
        Command::Status if over => over::over(view, on_pull),
        Command::Help { about } if over => format!(
            "{}\n\n{}",
            over::over(view, on_pull),
            help(*about).trim_end()
        ),
        _ => return None,
    })
}
