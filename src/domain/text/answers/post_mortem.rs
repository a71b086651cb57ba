//! A draft of the post-mortem: what is known of the bug and of the hotfix, and what
//! happened, when and by whom. Facts and people's own words, no opinion.

use super::history::{MOST, events};
use crate::domain::ids::Millis;
use crate::domain::item::Item;
use crate::domain::procedure::known_issue::said;
use crate::domain::text::markdown::{code, count, escape, fold, inline, link, quiet, somebody};
use crate::domain::text::times::{clock_time, date, duration};
use crate::domain::text::{block, head, names, severity};
use crate::domain::view::View;

/// The texts that people give, in the order in which they are read.
const TEXTS: [(Item, &str); 5] = [
    (Item::Symptoms, "What users saw"),
    (Item::Impact, "Impact"),
    (Item::RootCause, "Root cause"),
    (Item::WhatWasFixed, "What was fixed"),
    (Item::Prevention, "Prevention"),
];

/// The draft, folded, as the text that it is: to be copied with one touch, calling
/// nobody wherever it is pasted.
pub(super) fn draft(view: &View<'_>) -> String {
    let title = format!("# {}", names::summary(view).markdown());
    let mut out = vec![title, String::new()];
    out.extend(facts(view));
    out.push(String::new());
    for (item, title) in TEXTS {
        let words = match said(&view.case, item) {
            Some(words) => words.markdown(),
            // The document leaves these open, too.
            None if item == Item::Impact || item == Item::WhatWasFixed => continue,
            None => "…".to_owned(),
        };
        out.extend([format!("## {title}"), String::new(), words, String::new()]);
    }
    out.extend(["## What happened".to_owned(), String::new()]);
    out.extend(happened(view));
    let text = quiet(&out.join("\n")).replace("@\u{200b}", "");
    fold("Draft of a post-mortem", &block::markdown(&text), false)
}

fn facts(view: &View<'_>) -> Vec<String> {
    let (f, line) = (view.facts, view.line);
    let tag = names::tag(view).map(|tag| {
        let page = names::release_page(view, &tag);
        link(&escape(&tag), &page)
    });
    let base = line.seen.base.get().map(|base| escape(&base.tag));
    let fixed = match (base, tag.filter(|_| line.locked().is_some())) {
        (Some(base), Some(tag)) => Some(format!("- Fixed in: {tag}, from {base}")),
        (Some(base), None) => Some(format!("- Broken in: {base}; nothing is released")),
        (None, _) => None,
    };
    let reporter = names::reporter(view);
    let by = match reporter.is_empty() {
        true => String::new(),
        false => format!(", reported by {}", somebody(reporter)),
    };
    let took = f.recovery().map(|it| duration(it.took));
    let decided = line.locked().map(|it| {
        format!(
            "- Released: {}, as {} decided",
            names::commit(view, &it.head),
            somebody(&it.by.login)
        )
    });
    let change = line.pull_number.map(|n| names::pull(view, n));
    [
        Some(format!("- Package: {}", code(names::package(view)))),
        Some(format!("- Issue: {}{by}", names::issue(view))),
        Some(format!("- {}", severity::summary(view))),
        fixed,
        change.map(|pull| format!("- Change: {pull}")),
        decided,
        took.map(|took| format!("- From the label to the verified release: {took}")),
        (line.rolled_back().is_some()).then(|| "- The release was taken back".to_owned()),
        Some(format!("- It stands at: {}", head::stands(view))).filter(|_| f.over.is_none()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Everything, day by day: pasted elsewhere a time without its day says little.
fn happened(view: &View<'_>) -> Vec<String> {
    let all = events(view);
    let skipped = all.len().saturating_sub(MOST);
    let mut out = Vec::new();
    if skipped > 0 {
        out.push(format!("- {} before that", count(skipped as u64, "event")));
    }
    let mut day = String::new();
    for (at, words) in all.iter().skip(skipped) {
        let today = date(*at);
        if today != day {
            out.push(format!("**{today}** (UTC)"));
            day = today;
        }
        out.push(line(*at, words));
    }
    out
}

fn line(at: Millis, words: &str) -> String {
    format!("- {}: {}", clock_time(at, at), inline(words))
}
