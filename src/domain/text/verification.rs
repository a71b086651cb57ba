//! The release-verification comment: the first that says that it is out.

use super::block;
use super::checks::{Check, checks};
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
    let seen = if ok == all {
        format!("all {all} facts seen")
    } else {
        format!("{ok} of {all} facts seen")
    };
    // A list: the columns of a table leave no room on a phone.
    let mut out = format!(
        "{}\n### {tag} is out: {seen}\n\n",
        marker(CommentKind::Verification, view.facts.case)
    );
    for check in &checks {
        out.push_str(&line(check));
    }
    if let Some(upgrade) = upgrade(view) {
        out.push_str(&format!("\nUpgrade: {upgrade}\n"));
    }
    out
}

/// A fact as an item of the list.
fn line(check: &Check) -> String {
    let mark = if check.ok { "✓" } else { "…" };
    let fact = inline(&check.fact);
    let seen = inline(&check.seen);
    let asks = !check.commands.is_empty();
    let line = match (seen.is_empty(), check.ok, asks) {
        (true, ..) => format!("- {mark} {fact}\n"),
        (false, true, _) => format!("- {mark} {fact} ({seen})\n"),
        (false, false, true) => format!("- {mark} {fact} {seen}\n"),
        (false, false, false) => format!("- {mark} {fact}: {seen}\n"),
    };
    match asks {
        true => format!("{line}{}\n", block::in_item(&check.commands)),
        false => line,
    }
}

/// How to get the released version: the command, or the release's page.
pub(super) fn upgrade(view: &View<'_>) -> Option<String> {
    let version = view.line.version.as_deref()?;
    if let Some(command) = names::install_command(view, version) {
        let words = names::words(view, version);
        let line = words.depend.as_ref();
        let line = line.map(|(line, file)| format!("{} in {}", code(line), code(file)));
        return Some(match (words.update, line) {
            (Some(update), Some(line)) => format!(
                "{}; as a dependency {}, or {line}",
                code(&command),
                code(&update)
            ),
            (None, Some(line)) => format!("{}, or {line}", code(&command)),
            (_, None) => code(&command),
        });
    }
    let tag = names::tag(view)?;
    Some(link(&escape(&tag), &names::release_page(view, &tag)))
}
