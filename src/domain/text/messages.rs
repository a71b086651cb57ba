//! Texts that go into the repository: commit and tag messages, the changelog.

use super::markdown::{for_file, plain};
use super::names;
use crate::domain::policy::{Policy, fill};
use crate::domain::view::View;

/// The tag's message, from `merge.tag_message`; plain text. Where a person's
/// word stands for the tests, it says so.
pub fn tag_message(view: &View<'_>, tag: &str) -> String {
    let line = &view.line;
    let summary = plain(&names::summary(view));
    let issue = view.facts.number.to_string();
    let changelog = line
        .seen
        .base
        .get()
        .and_then(|base| base.package.changelog.as_deref());
    let changelog = changelog.unwrap_or(&view.policy.version.changelog);
    let message = fill(
        &view.policy.merge.tag_message,
        &[
            ("tag", tag),
            ("summary", summary.as_str()),
            ("issue", issue.as_str()),
            // The title is no part of a sentence: it is quoted as it is.
            ("symptom", format!("\"{summary}\"").as_str()),
            ("changelog", changelog),
            ("version", line.version.as_deref().unwrap_or_default()),
        ],
    );
    let mut message = message.trim_end().to_owned();
    let preview = view.preview.as_ref();
    if let Some(who) = preview.and_then(|preview| preview.single_handed.as_ref()) {
        message.push_str(&format!(
            "\n\nReleased single-handed: {} is the only person with write access.",
            plain(who)
        ));
    }
    // Their reasons stay on the page: a message can never be changed.
    for word in preview.iter().flat_map(|preview| &preview.overridden) {
        message.push_str(&format!(
            "\n\nOverridden: {}, by {}.",
            word.gate,
            plain(&word.login)
        ));
    }
    let by_word = preview.and_then(|it| Some((it, it.tested_by_word.as_ref()?)));
    match by_word {
        Some((preview, who)) => format!(
            "{message}\n\nTested by the word of {} alone: no workflow run tested {}.",
            plain(who),
            preview.head.short()
        ),
        None => message,
    }
}

/// The bump's commit message, from `version.commit`; without trailer.
pub fn bump_message(policy: &Policy, version: &str) -> String {
    fill(&policy.version.commit, &[("version", version)])
}

/// The message of the commit that adds a trigger; without trailer.
pub fn enable_message(pattern: &str) -> String {
    format!("ci: run the tests on pushes to {pattern}")
}

/// The changelog's line, from `version.entry`, without list marker. `summary`
/// is the issue's title as its author wrote it.
pub fn changelog_entry(policy: &Policy, summary: &str, issue: u64) -> String {
    let summary = for_file(&names::summary_of(summary));
    let issue = issue.to_string();
    fill(
        &policy.version.entry,
        &[("summary", summary.as_str()), ("issue", issue.as_str())],
    )
}
