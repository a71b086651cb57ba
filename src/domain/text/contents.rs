//! What is in a release: its packages with their numbers and where they come out,
//! and what it requires of others otherwise than the base does.

use super::guard::dependency;
use super::markdown::{code, count, escape, fold};
use super::names;
use crate::domain::preview::Preview;
use crate::domain::procedure::out::on_registries;
use crate::domain::procedure::released;
use crate::domain::view::View;
use crate::ecosystem::Required;

/// So many stand in a line; the rest is folded.
const MOST: usize = 8;

/// The lines, and what is folded of them.
pub(super) fn contents(view: &View<'_>, preview: &Preview) -> (Vec<String>, Vec<String>) {
    let (mut lines, mut folds) = (Vec::new(), Vec::new());
    let mut add = |head: &str, of: &str, all: Vec<String>| {
        let Some((said, rest)) = all.split_at_checked(MOST.min(all.len())) else {
            return;
        };
        if said.is_empty() {
            return;
        }
        let more = match rest.len() {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        lines.push(format!("**{head}:** {}{more}", said.join(", ")));
        if !rest.is_empty() {
            let rest_of: Vec<String> = rest.iter().map(|it| format!("- {it}")).collect();
            let summary = format!("{} more", count(rest.len() as u64, of));
            folds.push(fold(&summary, &rest_of.join("\n"), false));
        }
    };
    add("Packages", "package", packages(view));
    let requires = requires(view, preview);
    let of = |locked| {
        let all = requires.iter().filter(move |it| it.locked == locked);
        all.map(dependency).collect::<Vec<_>>()
    };
    add("Dependencies", "dependency change", of(false));
    add("In the lock file", "lock file change", of(true));
    (lines, folds)
}

/// Each package of the release, from which number to which, and where it comes out.
fn packages(view: &View<'_>) -> Vec<String> {
    let (Some(branched), Some(base)) = (&view.proofs().branched, view.line.seen.base.get()) else {
        return Vec::new();
    };
    let Some(before) = names::base_version(view) else {
        return Vec::new();
    };
    let out = on_registries(&view.case, branched);
    let (before, after) = (escape(before), escape(&branched.version));
    let mut all: Vec<(&String, String)> = Vec::new();
    for part in base.package.parts() {
        for name in part.all_own().iter().filter(|name| !name.is_empty()) {
            if !all.iter().any(|(known, _)| *known == name) {
                all.push((name, format!("{} {before} → {after}", code(name))));
            }
        }
    }
    let published = |(name, words): (&String, String)| {
        let mut on: Vec<&str> = Vec::new();
        let of = out.iter().filter(|it| it.package == *name);
        of.for_each(|it| on.push(it.registry.name()));
        on.dedup();
        match on.is_empty() {
            true => words,
            false => format!("{words} ({})", on.join(", ")),
        }
    };
    let own = all.into_iter().map(published);
    let decided = view.line.locked().map(|it| it.record.raised.clone());
    let head = branched.head.as_deref();
    let beside = decided.or_else(|| head.map(released::raised));
    let beside = beside.into_iter().flatten();
    let beside = beside.map(|(name, version)| format!("{} {}", code(&name), escape(&version)));
    own.chain(beside).collect()
}

/// What the head requires otherwise than the base, as far as it is read.
fn requires<'a>(view: &'a View<'_>, preview: &Preview) -> &'a [Required] {
    let branch = view.line.seen.branch.get();
    let head = branch.and_then(|branch| branch.head.as_deref());
    let head = head.filter(|head| head.sha == preview.head);
    head.map_or(&[], |head| &head.requires)
}
