//! What the scope guard says of a head, on the head itself: one check run, with a
//! note on each line that it is about.

use super::branch::Branched;
use super::fix::Fixed;
use super::overrides::{is_passed, of_head};
use super::scope::{Size, beyond, size};
use super::step::Case;
use super::{judge, test};
use crate::domain::command::Overridable;
use crate::domain::facts::Overridden;
use crate::domain::ids::Sha;
use crate::domain::need::Beyond;
use crate::domain::objects::{Conclusion, Head, Right};
use crate::domain::policy::OnViolation;

/// So many notes are made: GitHub tells no more files of a comparison.
const NOTES: usize = 300;

/// The verdict on a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The head.
    pub head: Sha,
    /// How it ends.
    pub conclusion: Conclusion,
    /// What the fix amounts to.
    pub size: Size,
    /// In what it is more than a hotfix may be.
    pub beyond: Vec<Beyond>,
    /// What it changes of that by which it is judged.
    pub judges: Vec<String>,
    /// The test that it touches.
    pub test: Option<String>,
    /// The words of commanders that pass some of it for this head.
    pub passed: Vec<Overridden>,
    /// What is said of single lines.
    pub notes: Vec<Note>,
}

/// What is said of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u64,
    /// Whether it holds the release up.
    pub holds: bool,
    /// What.
    pub what: Noted,
}

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// A hotfix may not touch it.
    Forbidden,
    /// The fix is judged by it.
    Judge,
    /// It takes tests away, or switches some off.
    Weaker,
}

/// The verdict; none before there is a fix, after the decision, and where the App
/// may write no check runs.
pub fn guard(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> Option<Guard> {
    let may = c.line.seen.guards.get()?.has(Right::Checks);
    let head = branched.head.as_ref().filter(|head| head.sha == fixed.head);
    let head = head.filter(|_| may == Some(true) && c.line.locked().is_none())?;
    let beyond = beyond(c, branched);
    let judges = judge::brought(c, branched);
    let test = test::touched(c, branched).map(|file| file.path.clone());
    let by_word = |gate: Overridable| is_passed(c, &gate, &fixed.head);
    let (scope_passed, judge_passed) = (by_word(Overridable::Scope), by_word(Overridable::Judge));
    let blocks = c.policy.scope.on_violation == OnViolation::Block;
    let holds = !beyond.is_empty() && blocks && !scope_passed;
    let judged = !judges.is_empty() && !judge_passed;
    let untested = c.policy.scope.require_test && test.is_none();
    let conclusion = match (holds, judged || untested) {
        (true, _) => Conclusion::Failure,
        (_, true) => Conclusion::ActionRequired,
        _ if !beyond.is_empty() || !judges.is_empty() => Conclusion::Neutral,
        _ => Conclusion::Success,
    };
    let mut passed = of_head(c, &fixed.head);
    passed.retain(|word| matches!(word.gate, Overridable::Scope | Overridable::Judge));
    Some(Guard {
        head: fixed.head.clone(),
        conclusion,
        size: size(c, head),
        notes: notes(
            head,
            &beyond,
            &judges,
            [blocks && !scope_passed, !judge_passed],
        ),
        beyond,
        judges,
        test,
        passed,
    })
}

/// A note for each file that is named, at its first changed line. One that is
/// gone has no lines.
fn notes(head: &Head, beyond: &[Beyond], judges: &[String], holds: [bool; 2]) -> Vec<Note> {
    let [scope, judge] = holds;
    let forbidden = beyond.iter().filter_map(|it| match it {
        Beyond::Paths { paths } => Some(paths),
        _ => None,
    });
    let forbidden: Vec<&String> = forbidden.flatten().collect();
    let mut notes = Vec::new();
    for file in head.files.iter().filter(|file| !file.removed) {
        let of = |what, holds| Note {
            path: file.path.clone(),
            line: file.line.max(1),
            holds,
            what,
        };
        if forbidden.contains(&&file.path) {
            notes.push(of(Noted::Forbidden, scope));
        }
        if judges.contains(&file.path) {
            let what = match file.weaker {
                true => Noted::Weaker,
                false => Noted::Judge,
            };
            notes.push(of(what, judge));
        }
    }
    notes.truncate(NOTES);
    notes
}
