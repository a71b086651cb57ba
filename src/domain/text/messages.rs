//! Texts that go into the repository: commit and tag messages, the changelog.

use super::joined;
use super::names;
use super::sealed::sealed;
use super::tried::in_place_of;
use crate::domain::outside::Outside;
use crate::domain::policy::{Policy, fill};
use crate::domain::preview::Preview;
use crate::domain::view::View;
use crate::domain::workflow_file::unmarked;

/// The tag's message, from `merge.tag_message`; plain text. Where a person's
/// word stands for the tests, it says so.
pub fn tag_message(view: &View<'_>, tag: &str) -> String {
    let summary = names::summary(view);
    let issue = joined::numbers(view);
    let changelog = changelog_of(view);
    // The title is no part of a sentence: it is quoted as it is.
    let symptom = format!("\"{}\"", summary.title());
    let lines = view.policy.merge.tag_message.lines().map(|line| {
        let summary = match line.starts_with("{summary}") {
            true => summary.commit_line(),
            false => summary.title(),
        };
        let values = [
            ("tag", tag),
            ("summary", summary.as_str()),
            ("issue", issue.as_str()),
            ("symptom", symptom.as_str()),
            ("changelog", changelog),
            ("version", view.line.version.as_deref().unwrap_or_default()),
        ];
        fill(line, &values)
    });
    let message = lines.collect::<Vec<_>>().join("\n");
    let mut message = message.trim_end().to_owned();
    let login = |who: &str| Outside::from(who).title();
    let preview = view.preview.as_ref();
    if let Some(who) = preview.and_then(|preview| preview.single_handed.as_ref()) {
        message.push_str(&format!(
            "\n\nReleased single-handed: {} is the only person with write access.",
            login(who)
        ));
    }
    // Their reasons stay on the page: a message can never be changed.
    for word in preview.iter().flat_map(|preview| &preview.overridden) {
        message.push_str(&format!(
            "\n\nOverridden: {}, by {}.",
            word.gate,
            login(&word.login)
        ));
    }
    let by_word = preview.and_then(|it| Some((it, it.tested_by_word.as_ref()?)));
    let alone = |it: &Preview| it.tested.is_empty() || !in_place_of(view, it).is_empty();
    let by_word = by_word.filter(|(preview, _)| alone(preview));
    if let Some((preview, who)) = by_word {
        message.push_str(&format!(
            "\n\nTested by the word of {} alone: {} tested {}.",
            login(who),
            match preview.tested.is_empty() {
                true => "no workflow run",
                false => "not every required workflow",
            },
            preview.head.short()
        ));
    }
    unmarked(&message)
}

/// A text of the configuration with the names of this hotfix in it, and nothing of
/// a vulnerability; plain text.
fn placed(text: &str, view: &View<'_>) -> String {
    let neutral = || Outside::from(names::NEUTRAL);
    let summary = match view.facts.security {
        true => neutral(),
        false => names::summary(view),
    };
    let (summary, issue) = (summary.title(), view.facts.number.to_string());
    let symptom = format!("\"{summary}\"");
    let tag = names::tag_or_hotfix(view);
    let values = [
        ("tag", tag.as_str()),
        ("summary", summary.as_str()),
        ("issue", issue.as_str()),
        ("symptom", symptom.as_str()),
        ("changelog", changelog_of(view)),
        ("version", view.line.version.as_deref().unwrap_or_default()),
    ];
    fill(text, &values)
}

/// The title of the issue that says what failed, from `rollback.issue_title`; plain text.
pub fn failed_title(view: &View<'_>) -> String {
    let title = placed(&view.policy.rollback.issue_title, view);
    sealed(title.lines().next().unwrap_or_default())
}

/// The changelog, or what stands in its place.
pub(super) fn changelog_of<'a>(view: &'a View<'_>) -> &'a str {
    let base = view.line.seen.base.get();
    let changelog = base.and_then(|base| base.package.changelog.as_deref());
    let written = view.policy.version.changelog.written();
    let written = written.and_then(<[String]>::first).map(String::as_str);
    changelog.or(written).unwrap_or("the release notes")
}

/// The bump's commit message, from `version.commit`; without trailer.
pub fn bump_message(policy: &Policy, version: &str) -> String {
    sealed(&fill(&policy.version.commit, &[("version", version)]))
}

/// The message of the commit that adds a trigger; without trailer.
pub fn enable_message(pattern: &str) -> String {
    sealed(&format!("ci: run the tests on pushes to {pattern}"))
}

/// The changelog's line, from `version.entry`, without list marker.
pub fn changelog_entry(view: &View<'_>) -> String {
    let summary = names::summary(view).changelog();
    let issue = joined::numbers(view);
    fill(
        &view.policy.version.entry,
        &[("summary", summary.as_str()), ("issue", issue.as_str())],
    )
}
