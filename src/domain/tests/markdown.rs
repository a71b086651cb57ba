//! Stored facts hold data, and nothing of the bot's own Markdown.

use std::collections::BTreeSet;

use serde_json::Value;

/// Where people's words stand, GitHub's, or those of a file in the repository;
/// and the bot's own where they are shown as they are, without markup. `*` is
/// any one part, `**` at the end all that is below.
pub const WORDS_OF_OTHERS: &[&str] = &[
    // The issue, and what people said.
    "issue.value.[].title",
    "said.[].text",
    "said.[].command.**",
    "said.[].state.confused.**",
    "said.[].state.refused.asked",
    "answers.note",
    "severity_word.answers.note",
    "words.*.note",
    "hold.why.words",
    "cancelled.why.words",
    "lines.*.port.waived.why.words",
    "lines.*.known.waived.why.words",
    "lines.*.decision.record.items.[].evidence.note",
    // Files of the repository.
    "policy.value.[].policy.**",
    "policy.value.[].faults.**",
    "lines.*.seen.base.value.[].workflows.[].**",
    "lines.*.seen.base.value.[].main_workflows.[].**",
    "lines.*.seen.branch.value.[].head.workflows.[].**",
    // GitHub's, and what the bot found, as it was said.
    "refused.*.obstacle.words",
    "blocked.*.obstacle.words",
    "unanswered.*.message",
    "lines.*.seen.base.value.[].trouble",
    "lines.*.seen.branch.value.[].head.commits.[].subject",
    "lines.*.decision.record.commits.[].subject",
    "lines.*.decision.record.runs.[].name",
    "lines.*.seen.runs.value.[].runs.[].name",
    "lines.*.seen.runs.value.[].runs.[].failed_job.[]",
    "lines.*.seen.release.value.[].url",
];

/// Whether a text looks like Markdown as the bot writes it.
fn looks_like_markdown(text: &str) -> bool {
    let marked = ["](", "<!--", "**"].iter().any(|mark| text.contains(mark));
    let code = text.matches('`').count() > 1;
    marked
        || code
        || text
            .lines()
            .any(|line| line.trim_start().starts_with("- ["))
}

/// Whether a place is one of the pattern's.
fn fits(pattern: &str, path: &[String]) -> bool {
    let mut path = path.iter();
    for part in pattern.split('.') {
        match (part, path.next()) {
            ("**", Some(_)) => return true,
            ("*", Some(_)) => {}
            (part, Some(found)) if part == found => {}
            _ => return false,
        }
    }
    path.next().is_none()
}

/// Calls back for every string: the keys of maps too.
fn strings(value: &Value, path: &mut Vec<String>, found: &mut dyn FnMut(&[String], &str)) {
    match value {
        Value::String(text) => found(path, text),
        Value::Array(all) => {
            path.push("[]".to_owned());
            all.iter().for_each(|value| strings(value, path, found));
            path.pop();
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                found(path, name);
                path.push(name.clone());
                strings(value, path, found);
                path.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The exception that a place falls under.
fn exception(path: &[String]) -> Option<&'static str> {
    let mut all = WORDS_OF_OTHERS.iter().copied();
    all.find(|pattern| fits(pattern, path))
}

/// Fails if stored facts hold Markdown of the bot's own.
pub fn none_in(stored: &str) {
    let facts: Value = serde_json::from_str(stored).expect("facts are JSON");
    strings(&facts, &mut Vec::new(), &mut |path, text| {
        assert!(
            !looks_like_markdown(text) || exception(path).is_some(),
            "{} holds Markdown: {text:?}",
            path.join(".")
        );
    });
}

/// The exceptions that these facts have something of.
pub fn met(stored: &str) -> BTreeSet<&'static str> {
    let facts: Value = serde_json::from_str(stored).expect("facts are JSON");
    let mut met = BTreeSet::new();
    strings(&facts, &mut Vec::new(), &mut |path, _| {
        met.extend(exception(path));
    });
    met
}

#[test]
fn markdown_is_told_from_other_words() {
    for text in [
        "see [run 7](https://x/y)",
        "<!-- marker -->",
        "**now**",
        "on `main`",
        "two:\n  - [ ] one",
    ] {
        assert!(looks_like_markdown(text), "{text}");
    }
    for text in [
        "hotfix/v1.0.5",
        "a `lone tick",
        "hotfix/v*",
        "[bot]",
        "x - [y]",
    ] {
        assert!(!looks_like_markdown(text), "{text}");
    }
    let path = ["lines", "", "seen", "base"].map(str::to_owned);
    assert!(fits("lines.*.seen.base", &path) && fits("lines.**", &path));
    assert!(!fits("lines.*.seen", &path) && !fits("lines.*.seen.base.x", &path));
}
