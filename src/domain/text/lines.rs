//! The release lines of an issue that has several.

use super::markdown::{code, escape, link};
use super::names;
use crate::domain::command::Verb;
use crate::domain::facts::{LineAt, LineState};
use crate::domain::line_name::LineName;
use crate::domain::procedure::line_state;
use crate::domain::view::View;

/// The lines with what each is at, the oldest first; none: there is one.
pub(super) fn block(view: &View<'_>) -> Option<String> {
    let among = view.facts.among.as_deref().filter(|it| !it.is_alone())?;
    let own = line_state::state(view.facts);
    let others = among.others.iter().map(|(name, other)| (name, &other.is));
    let mut all: Vec<(&LineName, Option<&LineState>)> = others
        .chain([(&among.line, &own)])
        .map(|(name, is)| (name, Some(is)))
        .chain(among.wanted.iter().map(|name| (name, None)))
        .collect();
    all.sort_by_key(|(name, _)| (*name).clone());
    let rows: Vec<_> = all
        .into_iter()
        .map(|(name, is)| row(name, is, *name == among.line))
        .collect();
    Some(format!(
        "**Release lines of this issue**, each with a comment of its own; a command says which by {}:\n{}",
        code(&format!("line={}", among.line)),
        rows.join("\n")
    ))
}

/// "- [`2.x`](…): v2.3.1, step 4 of 10: Fix".
fn row(name: &LineName, is: Option<&LineState>, own: bool) -> String {
    let name = code(&name.to_string());
    let Some(is) = is else {
        return format!("- {name}: begins");
    };
    let at = match is.at {
        LineAt::Under { step, held } => {
            let step = step.map_or_else(|| "under way".to_owned(), names::step);
            format!("{step}{}", if held { ", on hold" } else { "" })
        }
        LineAt::Out => "out".to_owned(),
        LineAt::Done => "✓ done".to_owned(),
        LineAt::Back => "taken back".to_owned(),
        LineAt::Cancelled => "given up".to_owned(),
        LineAt::Gone => "broke off".to_owned(),
    };
    let tag = is
        .tag
        .as_deref()
        .map_or_else(String::new, |tag| format!("{}, ", escape(tag)));
    let name = match (own, is.page.is_empty()) {
        (true, _) => format!("{name} (here)"),
        (false, true) => name,
        (false, false) => link(&name, &is.page),
    };
    format!("- {name}: {tag}{at}")
}

/// Whether a command of this verb has to say which line it is about.
fn is_of_one(verb: Verb) -> bool {
    match verb {
        Verb::Status
        | Verb::Plan
        | Verb::Preview
        | Verb::Timeline
        | Verb::Runbook
        | Verb::Help
        | Verb::Assess
        | Verb::Assign
        | Verb::Adopt
        | Verb::Advisory
        | Verb::Downgrade
        | Verb::Start
        | Verb::Hold
        | Verb::Unhold
        | Verb::Confirm
        | Verb::ConfirmFixed
        | Verb::StillBroken
        | Verb::Release => false,
        Verb::Pick
        | Verb::Bump
        | Verb::Test
        | Verb::Retry
        | Verb::Check
        | Verb::Uncheck
        | Verb::Verify
        | Verb::Notes
        | Verb::Announce
        | Verb::Override
        | Verb::Waive
        | Verb::Extend
        | Verb::Join
        | Verb::Unjoin
        | Verb::Rollback
        | Verb::Revert
        | Verb::Cancel => true,
    }
}

/// A comment whose commands say which line they are about, where there are several. What
/// a person said, and the list of commands, stand at the beginning of an item, and stay
/// as they are.
pub fn named(body: String, view: &View<'_>) -> String {
    const COMMAND: &str = "/hotfix ";
    let among = view.facts.among.as_deref().filter(|it| !it.is_alone());
    let Some(line) = among.map(|among| &among.line) else {
        return body;
    };
    let mut out = String::with_capacity(body.len());
    for row in body.split_inclusive('\n') {
        let mut rest = row;
        while let Some(at) = rest.find(COMMAND) {
            let (before, command) = rest.split_at(at);
            out.push_str(before);
            let first = row.len() - rest.len() + at;
            let before = row.get(..first).unwrap_or_default().trim_start();
            let offered = before.is_empty() || before.ends_with('`') && before != "- `";
            let arguments = command.get(COMMAND.len()..).unwrap_or_default();
            let end = arguments.find(|c: char| !c.is_ascii_lowercase() && c != '-');
            let verb = arguments
                .get(..end.unwrap_or(arguments.len()))
                .unwrap_or_default();
            let length = COMMAND.len() + verb.len();
            out.push_str(command.get(..length).unwrap_or_default());
            if offered && Verb::from_name(verb).is_some_and(is_of_one) {
                out.push_str(&format!(" line={line}"));
            }
            rest = command.get(length..).unwrap_or_default();
        }
        out.push_str(rest);
    }
    out
}
