//! The bot's answers to comments: eyes while a command waits, then one verdict
//! for the whole comment.

use super::effect::Slot;
use super::facts::{Facts, Said, SaidState};
use super::ids::{LineId, Millis};
use super::objects::Reaction;
use super::slot::Place;

/// The lines of each comment, in order.
pub fn comments(f: &Facts) -> Vec<(u64, Vec<&Said>)> {
    let mut all: Vec<(u64, Vec<&Said>)> = Vec::new();
    for said in &f.said {
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
    let waited = lines.iter().any(|said| said.command.is_some());
    let wanted = verdict(lines).or(waited.then_some(Reaction::Eyes));
    wanted.filter(|reaction| !given(*reaction))
}

fn is_refused(f: &Facts, comment: u64, reaction: Reaction) -> bool {
    let place = Place {
        line: LineId::default(),
        slot: Slot::React((comment, reaction)),
    };
    f.refused.contains_key(&place)
}
