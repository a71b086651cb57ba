//! When not to hotfix, and what to do instead: the document's reasons and its
//! examples.

use super::markdown::{code, escape, fold};
use super::names::{main_branch, marker};
use super::{block, matrix};
use crate::domain::objects::CommentKind;
use crate::domain::procedure::labels;
use crate::domain::view::View;

/// The document's examples of what is a P0.
const P0: [&str; 4] = [
    "CLI crashes on launch for all platforms",
    "Model download fails with no fallback",
    "Security vulnerability allowing code execution",
    "Data corruption in user's config files",
];

/// And of what is none.
const NOT_P0: [&str; 4] = [
    "Slow performance on edge case",
    "Missing feature causing inconvenience",
    "Cosmetic UI issues",
    "Platform-specific quirks with workarounds",
];

/// The document's reasons to wait for the next major or minor version.
const NEXT_MINOR: [&str; 4] = [
    "Breaking API changes required",
    "Architectural redesign needed",
    "Multiple related issues to fix together",
    "Feature additions mixed with bug fix",
];

/// What is never a hotfix.
const NEVER: [&str; 4] = [
    "P1/P2 bugs: the next regular release",
    "Feature requests: the next minor version",
    "Documentation updates: pushed directly",
    "Non-urgent improvements",
];

fn list(title: &str, items: &[String]) -> String {
    let lines: Vec<_> = items.iter().map(|item| format!("- {item}")).collect();
    format!("**{title}**\n{}", lines.join("\n"))
}

fn owned(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

/// The eight examples, folded.
pub(super) fn examples() -> String {
    let body = [
        list("P0", &owned(&P0)),
        list("Not P0: a regular release", &owned(&NOT_P0)),
    ];
    fold("Examples", &body.join("\n\n"), false)
}

/// The reasons, folded.
fn reasons(view: &View<'_>) -> String {
    let regular = [
        format!(
            "The bug affects fewer than {} % of users",
            view.policy.severity.min_affected_percent
        ),
        "A workaround exists, even if inconvenient".to_owned(),
        "The fix requires significant refactoring".to_owned(),
        "It is not time-sensitive: it can wait 1-2 weeks".to_owned(),
        "The issue is P1 or lower".to_owned(),
    ];
    let body = [
        list("Use a regular release instead", &regular),
        list(
            "Wait for the next major or minor version",
            &owned(&NEXT_MINOR),
        ),
        list("Never", &owned(&NEVER)),
    ];
    fold("When not to hotfix", &body.join("\n\n"), false)
}

/// The command that starts it all the same.
pub(super) fn start_all_the_same(view: &View<'_>) -> String {
    let level = view.policy.severity.hotfix.first();
    let level = level.map_or("P0", String::as_str);
    format!("/hotfix start severity={level}")
}

/// What is said where a level waits for a regular release, its marker first.
pub fn regular(view: &View<'_>) -> String {
    let level = labels::regular(&view.case).unwrap_or("P1");
    format!(
        "{}\n### {}: this waits for the next regular release\n\
         Nothing is started. A hotfix is for what is critical alone; its risk and its cost are those of a release.\n\n\
         **Instead:** fix it on {}, with a test; it ships with the next release. Where there is a workaround, say it here for those who meet the bug.\n\n\
         **If it is critical after all**, somebody with write access says\n{}\n\n{}\n\n{}\n\n{}\n",
        marker(CommentKind::Regular, view.facts.case),
        escape(level),
        code(main_branch(view)),
        block::shell(&[start_all_the_same(view)]),
        matrix::alone(),
        reasons(view),
        examples()
    )
}
