//! The document's ten steps, each with what proves it.

use super::proof::{Answer, all};
use super::proofs::Proofs;
use crate::rehearsal::view::View;
use crate::sim::clock::Millis;

/// A step of the procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number in the order of work, from 1.
    pub number: u8,
    /// Its name.
    pub name: &'static str,
    /// What proves it, or what is missing.
    pub answer: Answer,
    /// Milliseconds from the proof before it in time (the first: from the
    /// label) to its own.
    pub took: Option<Millis>,
}

/// The steps in the order of work.
pub fn steps(view: &View<'_>, p: &Proofs) -> Vec<Step> {
    let answers: [(&'static str, Answer); 10] = [
        (
            "Assess",
            all(&[
                &p.labelled,
                &p.condition,
                &p.workaround,
                &p.impact,
                &p.approach,
            ]),
        ),
        ("Branch", p.branch.clone()),
        ("Bump", all(&[&p.version, &p.changelog])),
        ("Fix", all(&[&p.fix, &p.minimal, &p.tests_added])),
        ("Test", all(&[&p.green, &p.approved, &p.tried])),
        ("Merge and tag", all(&[&p.tagged, &p.merged])),
        ("Monitor", all(&[&p.publish, &p.release_run])),
        (
            "Verify",
            all(&[&p.registry, &p.release, &p.installed, &p.verified]),
        ),
        (
            "Communicate",
            all(&[&p.notes, &p.community, &p.closed, &p.thanked]),
        ),
        ("Close", all(&[&p.known_issue, &p.deleted])),
    ];
    let label = p.labelled.as_ref().map_or(view.scene.started, |l| l.at);
    let mut times: Vec<Millis> = answers
        .iter()
        .filter_map(|(_, a)| a.as_ref().ok().map(|p| p.at.max(label)))
        .collect();
    times.sort_unstable();
    let before = |at: Millis, index: usize| {
        // Of two at one moment, the one that stands first took the time.
        let same = answers
            .iter()
            .take(index)
            .any(|(_, a)| a.as_ref().is_ok_and(|p| p.at == at));
        if same {
            at
        } else {
            times
                .iter()
                .rev()
                .copied()
                .find(|t| *t < at)
                .unwrap_or(label)
        }
    };
    let step = |(index, (name, answer)): (usize, &(&'static str, Answer))| Step {
        number: index as u8 + 1,
        name,
        answer: answer.clone(),
        took: answer
            .as_ref()
            .ok()
            .map(|p| (p.at.max(label) - before(p.at.max(label), index)).max(0)),
    };
    answers.iter().enumerate().map(step).collect()
}
