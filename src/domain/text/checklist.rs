//! The document's 24 items as three task lists.
//!
//! A line is `- [x] label — how it was settled <!-- item:name -->`. What stands
//! after the dash says the state: "by @login" begins a person's word, "not
//! applicable" what does not apply, anything else is a fact. [`read`] takes it
//! apart again for reports; the bot itself never does.

use super::markdown::{code, fold, inline, person};
use crate::domain::checklist::{Entry, State};
use crate::domain::checklist_item::{Item, ItemPhase};
use crate::domain::view::View;

const DASH: &str = " — ";
const NOT_APPLICABLE: &str = "not applicable";

/// The fold "Checklist: 7 of 24".
pub fn checklist(view: &View<'_>) -> String {
    let entries = || view.checklist.iter().filter(|e| !e.item.is_text());
    let done = entries().filter(|e| e.state.is_done()).count();
    let mut out = String::new();
    for (phase, title) in [
        (ItemPhase::Before, "Pre-Hotfix"),
        (ItemPhase::During, "During Hotfix"),
        (ItemPhase::After, "Post-Hotfix"),
    ] {
        out.push_str(&format!("**{title}**\n\n"));
        for entry in entries().filter(|e| e.item.phase() == phase) {
            out.push_str(&line(entry, view));
            out.push('\n');
        }
        out.push('\n');
    }
    fold(
        &format!("Checklist: {done} of {}", entries().count()),
        &out,
        false,
    )
}

fn line(entry: &Entry, view: &View<'_>) -> String {
    let tick = if entry.state.is_done() { 'x' } else { ' ' };
    let said = match entry.state {
        State::Done => inline(&entry.evidence),
        State::ByHand => {
            let by = entry.by.as_deref().unwrap_or("a person");
            join(&format!("by {}", person(by)), &inline(&entry.evidence))
        }
        State::NotApplicable => join(NOT_APPLICABLE, &inline(&entry.evidence)),
        State::Open => open(entry, view),
    };
    let said = if said.is_empty() {
        said
    } else {
        format!("{DASH}{said}")
    };
    format!(
        "- [{tick}] {}{said} <!-- item:{} -->",
        label(entry.item, view),
        entry.item
    )
}

fn join(first: &str, second: &str) -> String {
    if second.is_empty() {
        first.to_owned()
    } else {
        format!("{first}: {second}")
    }
}

/// The document's wording, with this repository's names in it.
fn label(item: Item, view: &View<'_>) -> String {
    match item {
        Item::Merged if super::names::main_branch(view) != "main" => {
            format!("Merged to {}", code(super::names::main_branch(view)))
        }
        _ => item.label().to_owned(),
    }
}

/// How to settle an open item, where a person can; else what is known of it.
fn open(entry: &Entry, view: &View<'_>) -> String {
    let answer = |arguments: &str| code(&format!("/hotfix assess {arguments}"));
    let tick = match entry.item {
        _ if view.facts.over.is_some() => String::new(),
        Item::SeverityConfirmed => String::new(),
        Item::NoWorkaround if view.facts.answers.workaround.is_none() => {
            answer("workaround=yes|no")
        }
        Item::ImpactAssessed if view.facts.answers.affected.is_none() => answer("affected=0..100"),
        Item::FixApproach if view.facts.answers.approach.is_none() => {
            answer("approach=minimal|refactor|breaking")
        }
        item if item.takes_check() => code(&format!("/hotfix check {item}")),
        _ => String::new(),
    };
    let known = inline(&entry.evidence);
    match (known.is_empty(), tick.is_empty()) {
        (true, _) => tick,
        (false, true) => known,
        (false, false) => format!("{known}; {tick}"),
    }
}

/// A line of a rendered checklist, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadLine {
    /// The item's name.
    pub item: String,
    /// How it stands, by the comment's word.
    pub state: State,
    /// Who settled it, where it was a person.
    pub by: Option<String>,
    /// What stands after it: Markdown.
    pub evidence: String,
}

/// The checklist in a rendered status comment, in its order. For reports about
/// the comment; nothing is decided by it.
pub fn read(comment: &str) -> Vec<ReadLine> {
    comment.lines().filter_map(read_line).collect()
}

fn read_line(line: &str) -> Option<ReadLine> {
    let (text, marker) = line.trim_end().rsplit_once(" <!-- item:")?;
    let item = marker.strip_suffix(" -->")?;
    let (done, text) = if let Some(text) = text.strip_prefix("- [x] ") {
        (true, text)
    } else {
        (false, text.strip_prefix("- [ ] ")?)
    };
    let evidence = text.split_once(DASH).map_or("", |(_, said)| said);
    let after = |word: &str| {
        evidence
            .strip_prefix(word)
            .map(|rest| rest.strip_prefix(": ").unwrap_or(rest).to_owned())
    };
    let (state, by, evidence) = if !done {
        (State::Open, None, evidence.to_owned())
    } else if let Some(reason) = after(NOT_APPLICABLE) {
        (State::NotApplicable, None, reason)
    } else if let Some(said) = evidence.strip_prefix("by @") {
        let (by, said) = said.split_once(": ").unwrap_or((said, ""));
        (State::ByHand, Some(by.to_owned()), said.to_owned())
    } else {
        (State::Done, None, evidence.to_owned())
    };
    Some(ReadLine {
        item: item.to_owned(),
        state,
        by,
        evidence,
    })
}
