//! The bot's answers to comments: eyes while a command waits, then one verdict
//! for the whole comment.

use super::command::{Command, Verb};
use super::effect::Slot;
use super::facts::{Facts, Said, SaidState};
use super::ids::{LineId, Millis};
use super::objects::Reaction;
use super::slot::Place;

/// The lines of each comment, in order; what was ticked is no comment.
pub fn comments(f: &Facts) -> Vec<(u64, Vec<&Said>)> {
    let mut all: Vec<(u64, Vec<&Said>)> = Vec::new();
    for said in f.said.iter().filter(|said| !said.tick) {
        match all.iter_mut().find(|(comment, _)| *comment == said.comment) {
            Some((_, lines)) => lines.push(said),
            None => all.push((said.comment, vec![said])),
        }
    }
    all
}

/// The verdict on a comment, once all of it is settled.
pub fn verdict(lines: &[&Said]) -> Option<Reaction> {
    let any = |test: fn(&SaidState) -> bool| lines.iter().any(|said| test(&said.state));
    if lines.iter().any(|said| said.is_open()) {
        None
    } else if any(|s| matches!(s, SaidState::Confused(_) | SaidState::Edited)) {
        Some(Reaction::Confused)
    } else if any(|s| matches!(s, SaidState::Refused(_))) {
        Some(Reaction::Refused)
    } else {
        Some(Reaction::Done)
    }
}

/// How long a verdict may take before the eyes say that it will come,
/// milliseconds: most follow sooner, and then they are all that is said.
pub const EYES: Millis = 5_000;

/// The reaction that a comment lacks: its verdict, and until there is one the
/// eyes; where there was nothing to carry out there are none.
pub fn lacks(f: &Facts, comment: u64, lines: &[&Said]) -> Option<Reaction> {
    let given =
        |reaction| f.reacted.contains(&(comment, reaction)) || is_refused(f, comment, reaction);
    let own = |said: &&Said| said.command.is_some() && !said.echo;
    let waited = lines.iter().any(own);
    let echo = lines.iter().all(|said| said.echo);
    if echo && !matches!(verdict(lines), Some(Reaction::Refused | Reaction::Confused)) {
        return None;
    }
    let wanted = verdict(lines).or(waited.then_some(Reaction::Eyes));
    wanted.filter(|reaction| !given(*reaction))
}

/// Whether a command of this verb gets its answer as a comment. The status comment
/// of a hotfix that is over is not written any more.
pub fn is_answered(f: &Facts, verb: Verb) -> bool {
    verb.is_question() || f.over.is_some() && matches!(verb, Verb::Status | Verb::Help)
}

/// Whether the questions of a comment, if it asks any, wait for their answer, and
/// the pull request that it stands on.
pub fn asks(f: &Facts, comment: u64, lines: &[&Said]) -> Option<Option<u64>> {
    let question = |said: &&&Said| match (&said.command, &said.state) {
        (Some(command), SaidState::Done) => is_answered(f, command.verb()),
        // No status comment says why.
        (Some(_), SaidState::Refused(_)) if f.is_unbegun() => !said.passing,
        _ => f.over.is_some() && f.told_over == Some(comment),
    };
    let asked = lines.iter().find(question)?;
    let open = lines.iter().any(|said| said.is_open());
    let answered = f.replied.contains(&comment) || has_refused(f, Slot::Reply(comment));
    (!open && !answered).then_some(asked.pull)
}

/// Whether somebody said something on an issue without a hotfix, and waits for their
/// answer.
pub fn owes_word(f: &Facts) -> bool {
    let start = |said: &&Said| matches!(said.command, Some(Command::Start { .. }));
    let waits = |(comment, lines): (u64, Vec<&Said>)| {
        (f.is_unbegun() || lines.iter().any(start))
            && (lines.iter().any(|said| said.is_open())
                || lacks(f, comment, &lines).is_some()
                || asks(f, comment, &lines).is_some())
    };
    comments(f).into_iter().any(waits)
}

fn is_refused(f: &Facts, comment: u64, reaction: Reaction) -> bool {
    has_refused(f, Slot::React((comment, reaction)))
}

fn has_refused(f: &Facts, slot: Slot) -> bool {
    let line = LineId::default();
    f.refused.contains_key(&Place { line, slot })
}
