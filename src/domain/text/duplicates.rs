//! What is said on an issue that is marked as a duplicate, once, when its bug is fixed.

use super::markdown::{code, escape, link};
use super::names::{self, marker};
use super::verification::upgrade;
use crate::domain::objects::CommentKind;
use crate::domain::view::View;

/// The whole comment on the issue of this number, its marker first.
pub fn duplicate(number: u64, view: &View<'_>) -> String {
    let marker = marker(CommentKind::Duplicate(number), view.facts.case);
    let issue = names::issue(view);
    let tag = names::tag_or_hotfix(view);
    let release = link(&escape(&tag), &names::release_page(view, &tag));
    let of = format!("This is marked as a duplicate of {issue}");
    if view.line.rolled_back().is_some() {
        return format!(
            "{marker}\n{of}. {release} was to fix it and was taken back: {issue} says how it goes on.\n"
        );
    }
    if view.facts.broken().is_some() {
        return format!(
            "{marker}\n{of}. {release} is out, and may not fix it: {issue} says how it goes on.\n"
        );
    }
    let upgrade = upgrade(view).map_or_else(String::new, |how| format!(" To upgrade: {how}"));
    format!(
        "{marker}\n{of}, which is **fixed in {release}**.{upgrade}\n\nIf it still happens with {}, say so on {issue}.\n",
        code(&tag)
    )
}
