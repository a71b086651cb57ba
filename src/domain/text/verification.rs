//! The release-verification comment: the first that says that it is out.

use super::checks::checks;
use super::markdown::{code, escape, inline, link};
use super::names;
use super::names::marker;
use crate::domain::objects::CommentKind;
use crate::domain::view::View;

/// The whole comment, its marker first.
pub fn verification(view: &View<'_>) -> String {
    let checks = checks(view);
    let all = checks.len();
    let ok = checks.iter().filter(|check| check.ok).count();
    let tag = escape(&names::tag_or_hotfix(view));
    let verified = if ok == all {
        format!("all {all} facts seen")
    } else {
        format!("{ok} of {all} facts seen")
    };
    // A list: the columns of a table leave no room on a phone.
    let mut out = format!(
        "{}\n### {tag} is out: {verified}\n\n",
        marker(CommentKind::Verification, view.facts.case)
    );
    for check in &checks {
        let mark = if check.ok { "✓" } else { "…" };
        let (fact, seen) = (inline(&check.fact), inline(&check.seen));
        out.push_str(&format!("- {mark} {fact}: {seen}\n"));
    }
    if let Some(upgrade) = upgrade(view) {
        out.push_str(&format!("\nUpgrade: {upgrade}\n"));
    }
    out
}

/// How to get the released version: the command, or the release's page.
pub(super) fn upgrade(view: &View<'_>) -> Option<String> {
    let version = view.line.version.as_deref()?;
    if let Some(command) = names::install_command(view, version) {
        return Some(code(&command));
    }
    let tag = names::tag(view)?;
    Some(link(&escape(&tag), &names::release_page(view, &tag)))
}
