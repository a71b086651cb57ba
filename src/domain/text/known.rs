//! The entry in the file of known issues, and its pull request. None of the
//! texts holds a word that closes the issue.

use super::markdown::{and, code};
use super::names;
use super::sealed::sealed;
use crate::domain::item::Item;
use crate::domain::objects::KnownIssue;
use crate::domain::outside::Outside;
use crate::domain::procedure::known_issue::said;
use crate::domain::view::View;

/// The title of pull request and commits; plain text.
pub fn known_title(view: &View<'_>) -> String {
    let summary = names::summary(view).shortened(70).title();
    sealed(&format!("docs: add a known issue: {summary}"))
}

/// The commit's message, without trailers; plain text.
pub fn known_message(view: &View<'_>) -> String {
    format!("{}\n\n{}", known_title(view), known_merge_message(view))
}

/// The merge commit's message; plain text.
pub fn known_merge_message(view: &View<'_>) -> String {
    sealed(&format!(
        "Fixed in {}.\n\nRefs #{}",
        names::tag_or_hotfix(view),
        view.facts.number
    ))
}

/// The body of the pull request, Markdown.
pub fn known_body(view: &View<'_>) -> String {
    let file = view.line.seen.base.get();
    let file = file.and_then(|base| base.known_issues.as_deref());
    let by: Vec<String> = [Item::RootCause, Item::Prevention]
        .iter()
        .filter_map(|item| view.facts.words.get(item))
        .map(|word| super::markdown::person(&word.by.login))
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    format!(
        "What {} fixed, for {}. Root cause and prevention are the words of {}.\n\nRefs #{}\n\n\
         Nobody has to review this: the bot merges it when its runs are through, unless a rule of \
         the branch asks for a review. Better words can be pushed before. \
         Where it stands: {}.\n",
        super::markdown::escape(&names::tag_or_hotfix(view)),
        code(file.unwrap_or("the known issues")),
        and(&by),
        view.facts.number,
        names::issue(view)
    )
}

/// The entry: symptoms, root cause, fix, prevention, and the releases.
pub fn known_entry(view: &View<'_>) -> KnownIssue {
    let line = &view.line;
    let base = line.seen.base.get().map(|base| base.tag.clone());
    let tag = names::tag_or_hotfix(view);
    let issue = format!("#{}", view.facts.number);
    let commits = view.preview.as_ref().map(|preview| &preview.commits);
    let fixes: Vec<String> = commits
        .into_iter()
        .flatten()
        .filter(|commit| commit.effect.is_none())
        .map(|commit| commit.subject.changelog())
        .collect();
    let text = |item| {
        said(&view.case, item)
            .map(Outside::changelog)
            .unwrap_or_default()
    };
    let summary = names::summary(view).changelog();
    let symptoms = match said(&view.case, Item::Symptoms) {
        Some(words) => words.changelog(),
        None => format!("{summary} ({issue})"),
    };
    KnownIssue {
        title: summary,
        affected: base.unwrap_or_default(),
        fixed_in: tag.clone(),
        fields: vec![
            ("Severity".into(), view.policy.severity.named("P0").into()),
            ("Symptoms".into(), symptoms),
            ("Root cause".into(), text(Item::RootCause)),
            ("Fix".into(), fixes.join("; ")),
            ("Prevention".into(), text(Item::Prevention)),
            ("Fixed in".into(), tag),
        ],
        issue,
    }
}
