//! The check run on the pull request that says where its hotfix stands.

use super::markdown::{capital, escape, quiet};
use super::{block, head, names, preview};
use crate::domain::view::View;

/// What it is called.
pub const STATE: &str = "Hotfix: state";

/// Its title; plain text. It changes with the step alone.
pub fn state_title(view: &View<'_>, done: bool) -> String {
    if view.facts.cancelled.is_some() {
        return "Given up".to_owned();
    }
    if let Some(joined) = view.facts.along() {
        return format!("Goes along with the release of #{}", joined.to);
    }
    match done {
        true => format!("{} is tagged on this commit", names::tag_or_hotfix(view)),
        false => capital(&head::stands(view)),
    }
}

/// What it says, Markdown: nothing that its title does not change with.
pub fn state_summary(view: &View<'_>, done: bool) -> String {
    let mut parts = Vec::new();
    let tag = escape(&names::tag_or_hotfix(view));
    if !done {
        parts.push(format!(
            "**Do not merge this by hand:** the bot tags the tested commit as {tag} first, and merges then."
        ));
    }
    if let Some(head) = view.ready().filter(|_| !done) {
        let command = block::command(&format!("/hotfix release {}", head.short()));
        parts.push(format!(
            "A maintainer releases it, here or on the issue:\n\n{command}"
        ));
        let ships = view.preview.as_ref();
        parts.extend(ships.map(|it| quiet(&preview::body(view, it, false))));
    }
    parts.push(format!(
        "Where it stands, what is needed now and from whom: {}. This check never passes by itself and is no test: do not require it.",
        names::issue(view)
    ));
    parts.join("\n\n")
}
