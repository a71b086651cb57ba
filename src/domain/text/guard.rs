//! What the scope guard says in its check run.

use super::markdown::{code, count, escape, person};
use super::{names, scope};
use crate::domain::objects::{Annotation, Conclusion};
use crate::domain::procedure::guard::{Guard, Note, Noted};
use crate::domain::view::View;
use crate::ecosystem::Required;

/// The check run's name, the same on every head.
pub const GUARD: &str = "Hotfix: scope";

/// As many dependencies are named.
const NAMED: usize = 12;

/// Its title; plain text.
pub fn guard_title(guard: &Guard) -> String {
    let size = size(guard);
    match guard.conclusion {
        Conclusion::Failure => format!("{size}: more than a hotfix may be"),
        Conclusion::ActionRequired if guard.judges.is_empty() => format!("{size}, without a test"),
        Conclusion::ActionRequired => format!("{size}: it changes what judges it"),
        Conclusion::Neutral if guard.passed.is_empty() => {
            format!("{size}: more than a hotfix should be")
        }
        Conclusion::Neutral => format!("{size}: passed by a maintainer"),
        Conclusion::Success => format!("{size}: small enough"),
    }
}

fn size(guard: &Guard) -> String {
    let lines = guard.size.additions + guard.size.deletions;
    format!(
        "{}, {}",
        count(guard.size.files, "file"),
        count(lines, "line")
    )
}

/// Its summary, Markdown. It holds nothing that changes without the verdict.
pub fn guard_summary(guard: &Guard, view: &View<'_>) -> String {
    let size = &guard.size;
    let mut lines = vec![format!(
        "What people pushed to this branch: {}, +{} −{}. The bot's own commits, lock files and what tools make are not counted.\n",
        count(size.files, "file"),
        size.additions,
        size.deletions
    )];
    if !guard.beyond.is_empty() {
        let beyond = scope::beyond(&guard.beyond, view);
        lines.push(format!("- More than a hotfix should be: {beyond}"));
    }
    if !guard.judges.is_empty() {
        lines.push(format!(
            "- It changes what it is judged by: {}",
            names::some_files(&guard.judges)
        ));
    }
    lines.push(match &guard.test {
        Some(file) => format!("- Its test: {}", code(file)),
        None => "- No test is touched".to_owned(),
    });
    let head = view.line.seen.branch.get().and_then(|it| it.head.as_ref());
    let requires = head.map_or(&[][..], |head| &head.requires);
    lines.extend(dependencies(requires));
    if let Some(version) = &view.line.version {
        let changelog = head.is_some_and(|head| head.changelog);
        lines.push(format!(
            "- {} stands wherever the version does{}",
            code(version),
            if changelog {
                ", and has its section in the changelog"
            } else {
                ""
            }
        ));
    }
    for word in &guard.passed {
        lines.push(format!(
            "- {} is passed by {}: “{}”",
            code(word.gate.word()),
            person(&word.login),
            word.reason.shortened(200).markdown()
        ));
    }
    if let Some(gate) = open(guard) {
        lines.push(format!(
            "\nTo pass it for this commit, a maintainer says in a comment:\n\n```\n/hotfix override {gate} reason=…\n```"
        ));
    }
    lines.push(format!(
        "\n**Not to be merged by hand:** the bot tags and merges it after the decision. Where it stands, and what is needed now: {}.",
        names::issue(view)
    ));
    lines.join("\n")
}

/// The gate that a maintainer may pass.
fn open(guard: &Guard) -> Option<&'static str> {
    match guard.conclusion {
        Conclusion::Failure => Some("scope"),
        Conclusion::ActionRequired if !guard.judges.is_empty() => Some("judge"),
        _ => None,
    }
}

/// What is required otherwise than the base does.
fn dependencies(all: &[Required]) -> Vec<String> {
    let said = |locked: bool| {
        let of = all.iter().filter(|it| it.locked == locked);
        let words: Vec<String> = of.clone().take(NAMED).map(dependency).collect();
        let more = of.count().saturating_sub(NAMED);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        (!words.is_empty()).then(|| words.join(", ") + &more)
    };
    let manifests = said(false).map(|it| format!("- Dependencies: {it}"));
    let lock = said(true).map(|it| format!("- In the lock file: {it}"));
    manifests.into_iter().chain(lock).collect()
}

/// What is required otherwise, in words.
pub(super) fn dependency(it: &Required) -> String {
    let name = code(&it.name);
    match (&it.before, &it.after) {
        (None, Some(after)) => format!("{name} is new ({})", escape(after)),
        (Some(before), None) => format!("{name} is gone ({})", escape(before)),
        (before, after) => {
            let of = |it: &Option<String>| escape(it.as_deref().unwrap_or_default());
            format!("{name} {} → {}", of(before), of(after))
        }
    }
}

/// What is said of a line.
pub fn guard_note(note: &Note) -> Annotation<String> {
    let said = match note.what {
        Noted::Forbidden => "A hotfix may not touch this file (scope.forbid_paths).",
        Noted::Judge => {
            "The fix is judged by this file: a maintainer who wrote nothing of it must pass that."
        }
        Noted::Weaker => {
            "Tests go, shrink or are switched off here: a maintainer who wrote nothing of it must pass that."
        }
    };
    Annotation {
        path: note.path.clone(),
        line: note.line,
        holds: note.holds,
        said: said.to_owned(),
    }
}
