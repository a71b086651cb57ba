//! Tags beside the release's: what becomes of them, before the decision and after
//! it, and the commands for whoever does it by hand.

use super::markdown::{and, code};
use super::names;
use crate::domain::facts::{Pointed, Pointing};
use crate::domain::ids::Sha;
use crate::domain::outside::Outside;
use crate::domain::preview::Preview;
use crate::domain::procedure::rollback::point;
use crate::domain::view::View;

fn tags<'p>(all: impl Iterator<Item = &'p Pointing>) -> Vec<String> {
    all.map(|it| code(&it.tag)).collect()
}

/// What a release does to them, a line of Markdown each.
pub(super) fn ahead(view: &View<'_>, preview: &Preview) -> Vec<String> {
    let of = |is_one: fn(&&Pointing) -> bool| tags(preview.pointers.iter().filter(is_one));
    let made = of(|it| !it.moves);
    let moved = of(|it| it.moves && it.was.is_some());
    let begun = of(|it| it.moves && it.was.is_none());
    let mut lines = Vec::new();
    if !made.is_empty() {
        lines.push(format!(
            "**Tagged with it:** {}, on the same commit",
            and(&made)
        ));
    }
    let then = "once the release is verified";
    if !moved.is_empty() {
        let base = view.line.seen.base.get().map(|base| code(&base.tag));
        let from = base.map_or_else(String::new, |base| format!(" on from {base}"));
        lines.push(format!("**Moved:** {}{from}, {then}", and(&moved)));
    }
    if !begun.is_empty() {
        lines.push(format!("**New:** {}, {then}", and(&begun)));
    }
    let left = preview.pointers_left.iter();
    lines.extend(left.map(|(tag, at)| stays(tag, at.as_ref(), view)));
    lines
}

fn stays(tag: &str, at: Option<&Sha>, view: &View<'_>) -> String {
    let tag = code(tag);
    match at {
        Some(at) => {
            let base = view.line.seen.base.get();
            let base = base.map_or_else(|| "the base".to_owned(), |base| code(&base.tag));
            format!(
                "**Not moved:** {tag} stays on {}: it does not stand at {base}, and is not mine to take back or ahead",
                names::commit(view, at)
            )
        }
        None => format!("**Not made:** {tag} is not there, and this is not the newest release"),
    }
}

/// What is left to do by hand: a command each.
pub(super) fn commands(view: &View<'_>, moves: bool) -> Vec<String> {
    let Some(preview) = &view.preview else {
        return Vec::new();
    };
    let all = preview.pointers.iter().filter(|it| it.moves == moves);
    let left = all.filter(|it| !view.line.pointed.contains_key(&it.tag));
    left.map(|it| {
        let name = Outside::from(it.tag.as_str());
        let force = match &it.was {
            Some(was) => format!(
                "--force-with-lease={} ",
                Outside::from(format!("refs/tags/{}:{was}", it.tag).as_str()).shell()
            ),
            None => String::new(),
        };
        let to = format!("{}^{{}}:refs/tags/{}", names::tag_or_hotfix(view), it.tag);
        match it.annotated {
            true => format!(
                "git tag -a -f {0} {1} -m {0} && git push {force}origin {2}",
                name.shell(),
                Outside::from(format!("{}^{{}}", names::tag_or_hotfix(view)).as_str()).shell(),
                Outside::from(format!("refs/tags/{}", it.tag).as_str()).shell(),
            ),
            false => format!(
                "git push {force}origin {}",
                Outside::from(to.as_str()).shell()
            ),
        }
    })
    .collect()
}

/// What a rollback does to those that were moved; none where none was.
pub(super) fn back(view: &View<'_>) -> Option<String> {
    let all: Vec<String> = point::moved(&view.case)
        .map(|(tag, ..)| code(tag))
        .collect();
    let base = view.line.seen.base.get().map(|base| code(&base.tag));
    let to = base.unwrap_or_else(|| "the release before".to_owned());
    (!all.is_empty()).then(|| format!("I move {} back to {to}", and(&all)))
}

/// The commands by which a person moves them back.
pub(super) fn commands_back(view: &View<'_>) -> Vec<String> {
    let one = |(tag, it, was): (&String, &Pointed, &Sha)| {
        let lease = format!("refs/tags/{tag}:{}", it.object);
        let to = format!("{was}:refs/tags/{tag}");
        format!(
            "git push --force-with-lease={} origin {}",
            Outside::from(lease.as_str()).shell(),
            Outside::from(to.as_str()).shell()
        )
    };
    point::moved(&view.case).map(one).collect()
}

/// What of a rollback was done to them.
pub(super) fn are_back(view: &View<'_>) -> Option<String> {
    let seen = view.line.seen.pointers.get()?;
    let is_back = |tag: &String, was: &Sha| {
        let at = seen.iter().find(|found| found.name == *tag);
        at.and_then(|found| found.at.as_ref())
            .is_some_and(|at| at.object == *was)
    };
    let moved = point::moved(&view.case).filter(|(tag, _, was)| is_back(tag, was));
    let all: Vec<String> = moved.map(|(tag, ..)| code(tag)).collect();
    let verb = if all.len() == 1 { "is" } else { "are" };
    (!all.is_empty()).then(|| format!("{} {verb} back at the release before", and(&all)))
}
