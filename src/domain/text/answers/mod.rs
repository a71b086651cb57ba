//! The answers to questions that somebody asked by a command: one comment for
//! each that asks, written once. Everything in it stands in the status comment,
//! too, or follows from the same view.

mod history;
mod plan;
mod runbook;

use super::markdown::{link, person};
use super::names::reply_marker;
use super::refused::refused;
use super::status::{LIMIT, cut};
use super::{preview, timeline};
use crate::domain::command::Command;
use crate::domain::facts::{Said, SaidState};
use crate::domain::objects::CommentKind;
use crate::domain::view::View;

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
    let stands = match view.facts.is_unbegun() {
        true => String::new(),
        false => format!(" This is as it stands now; the {status} is kept true."),
    };
    let text = format!(
        "{}\n{who} asked.{stands}\n\n{}\n",
        reply_marker(comment, view.facts.case),
        parts.join("\n\n")
    );
    cut(&text, LIMIT)
}

fn part(said: &Said, view: &View<'_>) -> Option<String> {
    match &said.state {
        SaidState::Done => {}
        SaidState::Refused(why) if view.facts.is_unbegun() => {
            let words = refused(why, view);
            return Some(format!("{}: {words}.", said.text.shortened(120).code()));
        }
        _ => return None,
    }
    Some(match said.command.as_ref()? {
        Command::Plan => quiet(&plan::plan(view)),
        Command::Preview => quiet(&preview::at_any_time(view)),
        Command::Timeline { full: false } => quiet(&timeline::answer(view)),
        Command::Timeline { full: true } => quiet(&format!(
            "{}\n{}",
            timeline::answer(view),
            history::history(view)
        )),
        Command::Runbook => runbook::runbook(view),
        _ => return None,
    })
}

/// The same without mentions: a new comment would call all who stand in it. What
/// stands in code, or in an address, calls nobody.
fn quiet(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut in_code, mut in_address, mut before) = (false, false, ' ');
    for c in text.chars() {
        match c {
            '`' => in_code = !in_code,
            '\n' => in_address = false,
            '(' if before == ']' && !in_code => in_address = true,
            ')' => in_address = false,
            _ => {}
        }
        out.push(c);
        if c == '@' && !in_code && !in_address {
            out.push('\u{200b}');
        }
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_called_by_an_answer() {
        assert_eq!(
            quiet("by @mia (`a@b`, [x](https://h/@a/b)) @sam"),
            "by @\u{200b}mia (`a@b`, [x](https://h/@a/b)) @\u{200b}sam"
        );
    }
}
