//! The sticky status comment.

use super::markdown::{escape, fold, inline, link};
use super::names::marker;
use super::times::utc_time;
use super::{
    checklist, commands, derived, failed_run, head, names, notes, preflight, preview, severity,
    table, timeline,
};
use crate::domain::facts::Joined;
use crate::domain::item::Item;
use crate::domain::need::{Need, NeedKind};
use crate::domain::objects::CommentKind;
use crate::domain::procedure::release_runs::ReleaseWorkflow;
use crate::domain::view::View;

/// GitHub refuses longer comments: its answer says 65,536 characters.
pub const LIMIT: usize = 60_000;
/// As many notices are kept in sight.
const NOTICES: usize = 20;

/// The whole comment, its marker first. The same view gives the same text: it
/// holds no time that passes.
pub fn status(view: &View<'_>) -> String {
    let along = view.facts.joined.as_deref();
    if let Some(joined) = along.filter(|_| view.facts.cancelled.is_none()) {
        return goes_along(joined, view);
    }
    let start = format!(
        "{}\n{}",
        marker(CommentKind::Status, view.facts.case),
        head::head(view)
    );
    // Until the decision the preview is what is decided on.
    let (first, second) = if view.line.decision.is_none() {
        (preview::preview(view), table::table(view))
    } else {
        // It only helped to get there.
        let table = table::table(view);
        let table = table.map(|table| fold("What this release is made of", &table, false));
        (table, preview::preview(view))
    };
    let mut sections: Vec<String> = [
        failed_run::logs(view),
        first,
        second,
        preflight::preflight(view),
        derived::derived(view),
        notes::asked(view),
        milestones(view),
        Some(checklist::checklist(view)),
        Some(severity::severity(view)),
        Some(timeline::timeline(view)),
        Some(commands::commands(view)),
        notices(view),
        links(view),
    ]
    .into_iter()
    .flatten()
    .collect();
    fit(&mut sections, LIMIT.saturating_sub(start.chars().count()));
    let start = cut(&start, LIMIT);
    format!("{start}\n{}\n", sections.join("\n\n"))
}

/// The same without what tells how runs go: an edit that leaves this as it is calls
/// nobody, and answers nothing.
pub fn lasting(view: &View<'_>) -> String {
    let is_run = |need: &Need| matches!(need.kind, NeedKind::RunPending { .. });
    let (whole, mut view) = (view, view.clone());
    view.needs.retain(|need| !is_run(need));
    view.gates.retain(|need| !is_run(need));
    let failed = |it: &ReleaseWorkflow| table::has_failed(it, whole);
    view.release_workflows.retain(failed);
    let runs = [Item::PublishWorkflow, Item::ReleaseWorkflow];
    view.checklist.retain(|entry| !runs.contains(&entry.item));
    status(&view)
}

/// The comment of an issue that goes along with another's release.
fn goes_along(joined: &Joined, view: &View<'_>) -> String {
    let marker = marker(CommentKind::Status, view.facts.case);
    let sections = [
        Some(super::joined::head(joined, view)),
        head::to_do(view),
        head::answers(view),
        milestones(view),
        notices(view),
        links(view),
    ];
    let sections: Vec<String> = sections.into_iter().flatten().collect();
    cut(&format!("{marker}\n{}\n", sections.join("\n\n")), LIMIT)
}

/// The bot's other comments.
fn milestones(view: &View<'_>) -> Option<String> {
    let comments = &view.facts.comments;
    let written: Vec<_> = [
        (CommentKind::Verification, "release verification"),
        (CommentKind::Closing, "summary"),
        (CommentKind::Rollback, "what users do now"),
    ]
    .into_iter()
    .filter_map(|(kind, name)| {
        let comment = comments.get(&kind)?;
        (!comment.url.is_empty()).then(|| link(name, &comment.url))
    })
    .collect();
    (!written.is_empty()).then(|| format!("See also: {}", written.join(", ")))
}

fn notices(view: &View<'_>) -> Option<String> {
    let notices = &view.facts.notices;
    if notices.is_empty() {
        return None;
    }
    let lines: Vec<_> = notices
        .iter()
        .rev()
        .take(NOTICES)
        .map(|notice| {
            format!(
                "- {}: {}",
                utc_time(notice.at, view.timeline.started),
                inline(&super::notices::notice(notice))
            )
        })
        .collect();
    Some(fold(
        &format!("Notices: {}", notices.len()),
        &lines.join("\n"),
        false,
    ))
}

/// `[links]`: an address becomes a link, a path in the repository too,
/// anything else stands as text.
fn links(view: &View<'_>) -> Option<String> {
    if view.policy.links.is_empty() {
        return None;
    }
    let lines: Vec<_> = view
        .policy
        .links
        .iter()
        .map(|(name, target)| {
            let name = escape(name);
            if target.starts_with("https://") || target.starts_with("http://") {
                format!("- {}", link(&name, target))
            } else if target.ends_with(".md") && !target.contains(char::is_whitespace) {
                let path = format!("blob/{}/{target}", names::main_branch(view));
                format!("- {}", link(&name, &names::page(view, &path)))
            } else {
                format!("- {name}: {}", escape(target))
            }
        })
        .collect();
    Some(fold("Links and contacts", &lines.join("\n"), false))
}

/// Cuts the longest sections until all of them fit into so many characters.
fn fit(sections: &mut [String], room: usize) {
    // Two line breaks stand around each.
    let budget = room.saturating_sub(2 * (sections.len() + 1));
    loop {
        let lengths: Vec<_> = sections.iter().map(|s| s.chars().count()).collect();
        let total: usize = lengths.iter().sum();
        let Some(over) = total.checked_sub(budget).filter(|over| *over > 0) else {
            return;
        };
        let longest = sections.iter_mut().zip(&lengths).max_by_key(|(_, n)| **n);
        let Some((section, length)) = longest.filter(|(_, n)| **n > 0) else {
            return;
        };
        let shorter = cut(section, length.saturating_sub(over));
        if shorter.chars().count() >= *length {
            // Its note alone is longer than what may stand.
            section.clear();
        } else {
            *section = shorter;
        }
    }
}

/// At most `limit` characters, in whole lines, with a note; an open fold is
/// closed again.
pub(super) fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let tail = if text.ends_with("</details>") {
        "\n… the rest is cut: too long for a comment.\n\n</details>"
    } else {
        "\n… the rest is cut: too long for a comment."
    };
    let mut room = limit.saturating_sub(tail.chars().count());
    let mut kept = String::new();
    for line in text.split_inclusive('\n') {
        let length = line.chars().count();
        if length > room {
            break;
        }
        room -= length;
        kept.push_str(line);
    }
    format!("{}{tail}", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_is_cut_first() {
        let long = fold("Long", &"a line of it\n".repeat(200), false);
        let mut sections = vec!["short".to_owned(), long];
        fit(&mut sections, 500);
        assert_eq!(sections.first().map(String::as_str), Some("short"));
        let cut = sections.last().cloned().unwrap_or_default();
        assert!(
            cut.ends_with("too long for a comment.\n\n</details>"),
            "{cut}"
        );
        assert!(sections.concat().chars().count() <= 500);
        let mut none = vec!["x".repeat(50)];
        fit(&mut none, 3);
        assert_eq!(none, [""]);
    }
}
