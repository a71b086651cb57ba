//! The issue that says what failed. Of a vulnerability it says nothing.

use super::markdown::{code, person};
use super::names;
use super::rollback::{advice, asked, by_whom, next, tag, time};
use super::targets::{list, targets};
use crate::domain::facts::Rollback;
use crate::domain::view::View;

/// The hidden line by which the issue about the failure is found again.
pub fn failed_marker(case: i64) -> String {
    format!("<!-- hotfix-bot:failed:{case} -->")
}

/// Its body, the marker first.
pub fn failed_body(view: &View<'_>) -> String {
    let line = view.line;
    let mut text = format!(
        "{}\n{} was released as a hotfix for {}, and was taken back.\n\n",
        failed_marker(view.facts.case),
        tag(view),
        names::issue(view)
    );
    if let Some(by) = by_whom(view, false) {
        text.push_str(&format!("{by}\n\n"));
    }
    let decided = asked(view).and_then(Rollback::locked);
    if let Some(decided) = decided {
        text.push_str(&format!(
            "**What was out when that was decided**\n{}\n\n",
            list(&targets(&decided.found, view))
        ));
    }
    text.push_str("**What happened**\n");
    let mut events = vec![(view.timeline.started, "the hotfix began".to_owned())];
    if let Some(release) = line.locked() {
        let who = person(&release.by.login);
        let at = names::commit(view, &release.head);
        events.push((
            release.by.at,
            format!("{who} released {at} as {}", tag(view)),
        ));
    }
    let first = |item| line.first.get(&item).copied();
    use crate::domain::item::Item::{Registry, Release};
    events.extend(first(Registry).map(|at| (at, format!("{} had it", names::registries(view)))));
    events.extend(first(Release).map(|at| (at, "the GitHub release was seen".to_owned())));
    if let Some(decided) = decided {
        let who = person(&decided.by.login);
        events.push((decided.by.at, format!("{who} had it taken back")));
    }
    events.sort_by_key(|(at, _)| *at);
    let lines: Vec<_> = events
        .into_iter()
        .map(|(at, what)| format!("{}: {what}", time(at, view)))
        .collect();
    text.push_str(&format!("{}\n", list(&lines)));
    if let Some(number) = line.pull_number {
        text.push_str(&format!("\nThe fix: {}.", names::pull(view, number)));
    }
    if let Some(branch) = names::branch(view).filter(|_| line.branch_deleted.is_none()) {
        text.push_str(&format!(" Its branch {} stays.", code(&branch)));
    }
    text.push_str(&format!("\n\n{}\n\n{}\n", advice(view), next(view)));
    text
}
