//! The document's table of times, filled in from the world's proofs.

use super::steps::Step;
use super::verdict::Verdict;
use crate::sim::clock::Millis;

const MINUTE: Millis = 60_000;

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The document's name of the phase.
    pub name: &'static str,
    /// Milliseconds that it took, once it is over.
    pub took: Option<Millis>,
    /// Its target, milliseconds.
    pub target: Millis,
    /// Its maximum, milliseconds.
    pub maximum: Millis,
}

/// Name, step numbers, the step whose proof it starts from, target and maximum
/// in minutes.
type Phase = (&'static str, &'static [u8], Option<u8>, Millis, Millis);

const ROWS: [Phase; 8] = [
    ("Assess & Branch", &[1, 2], None, 15, 30),
    ("Apply Fix", &[4], Some(3), 30, 120),
    ("Test", &[5], Some(4), 15, 60),
    ("Version Bump", &[3], Some(2), 5, 15),
    ("Merge & Tag", &[6], Some(5), 10, 20),
    ("CI/CD", &[7], Some(6), 20, 45),
    ("Verification", &[8], Some(7), 10, 30),
    ("Communication", &[9, 10], Some(8), 15, 45),
];

/// The eight rows and the total, counted from the label at `label`.
pub fn rows(verdict: &Verdict, label: Option<Millis>) -> Vec<Row> {
    let at = |number: u8| {
        let step = verdict.steps.iter().find(|s| s.number == number);
        step.and_then(|s: &Step| s.answer.as_ref().ok())
            .map(|p| p.at)
    };
    let mut rows: Vec<Row> = ROWS
        .iter()
        .map(|(name, steps, after, target, maximum)| {
            let ends = steps.iter().map(|n| at(*n)).collect::<Option<Vec<_>>>();
            let end = ends.and_then(|e| e.into_iter().max());
            let start = after.map_or(label, at);
            // Steps work ahead: a proof may be older than the one before it.
            let took = end.zip(start).map(|(end, start)| (end - start).max(0));
            Row {
                name,
                took,
                target: target * MINUTE,
                maximum: maximum * MINUTE,
            }
        })
        .collect();
    let all = (1..=10).map(at).collect::<Option<Vec<_>>>();
    let end = all.and_then(|a| a.into_iter().max());
    let took = end.zip(label).map(|(end, start)| end - start);
    rows.push(Row {
        name: "TOTAL",
        took,
        target: 120 * MINUTE,
        maximum: 360 * MINUTE,
    });
    rows
}
