//! Before the decision: whether the fix is in what is released. Packages of one
//! repository may be published one by one; a release without its fix is none.

use semver::Version;

use super::branch::Branched;
use super::by_hand;
use super::commits::is_ours;
use super::fix::Fixed;
use super::overrides::is_passed;
use super::step::{Case, Step};
use crate::domain::command::Overridable;
use crate::domain::ids::Sha;
use crate::domain::need::{Need, NeedKind, Who};
use crate::domain::objects::{Apart, Head};
use crate::ecosystem;
use crate::ecosystem::learnt::stale;

/// The fix is in what is released, or a commander passes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Released;

/// Every published package that people's commits touch is part of the release,
/// or is raised in the branch to a version that nobody has yet; what is built of
/// their sources is built anew; and what of the bump is left to people is done.
pub fn released(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> Step<Released> {
    let head = &fixed.head;
    let crates = branched
        .head
        .as_ref()
        .map(|head| left_out(c, branched, head))
        .unwrap_or_default();
    let alone = crates.is_empty();
    let crates = match alone {
        true => outside_alone(c, branched),
        false => crates,
    };
    if crates.is_empty() || is_passed(c, &Overridable::NotReleased, head) {
        let needs: Vec<Need> = built(c, branched, head)
            .into_iter()
            .chain(by_hand::gates(c, branched, fixed))
            .collect();
        return match needs.as_slice() {
            [] => Step::Done(Released),
            _ => Step::Wait(needs),
        };
    }
    let head = head.clone();
    Step::wait(
        Who::Responder,
        NeedKind::NotReleased {
            head,
            crates,
            alone,
        },
    )
}

/// What users get is built of what people's commits touch, and stands in the
/// repository as it was.
fn built(c: &Case<'_>, branched: &Branched, head: &Sha) -> Option<Need> {
    let habit = &branched.base.habit;
    let commits = branched.head.iter().flat_map(|head| &head.commits);
    let people = commits.filter(|it| !is_ours(c.line, it));
    let touched: Vec<&str> = people
        .flat_map(|it| &it.paths)
        .map(String::as_str)
        .collect();
    let stale = stale(&habit.built, &touched);
    let first = stale.first()?;
    if is_passed(c, &Overridable::StaleBuild, head) {
        return None;
    }
    let kind = NeedKind::StaleBuild {
        head: head.clone(),
        folder: first.of.clone(),
        command: habit.builds.get(&first.of).cloned(),
        files: stale.iter().map(|built| built.path.clone()).collect(),
    };
    Some(Need::new(Who::Responder, kind))
}

/// The packages that people's commits touch where they touch nothing of what is
/// released: a crate holds no other crate that is not published, so that nobody
/// would get the fix. Where the tag is the release it may hold anything.
fn outside_alone(c: &Case<'_>, branched: &Branched) -> Vec<String> {
    let package = &branched.base.package;
    let commits = branched.head.iter().flat_map(|head| &head.commits);
    let people: Vec<_> = commits.filter(|it| !is_ours(c.line, it)).collect();
    if !package.on_registry || people.iter().any(|commit| commit.unread) {
        return Vec::new();
    }
    // Those that are raised are published with it.
    let raised = branched.head.iter().flat_map(|head| raised(head));
    let raised: Vec<String> = raised.map(|(name, _)| name).collect();
    let paths = people.iter().flat_map(|it| &it.paths).map(String::as_str);
    let alone = ecosystem::touched_alone(package, paths).into_iter();
    match alone.clone().any(|member| raised.contains(&member.name)) {
        true => Vec::new(),
        false => alone.map(|member| member.name.clone()).collect(),
    }
}

/// The packages that people's commits touch, and that nobody would get.
fn left_out(c: &Case<'_>, branched: &Branched, head: &Head) -> Vec<String> {
    let people = || {
        head.commits
            .iter()
            .filter(|commit| !is_ours(c.line, commit))
    };
    let unread = people().any(|commit| commit.unread);
    let paths = people().flat_map(|commit| commit.paths.iter().map(String::as_str));
    let touched = ecosystem::touched(&branched.base.package, paths);
    let by_people = |outside: &&Apart| {
        let mut members = touched.outside.iter();
        unread || members.any(|member| member.manifest == outside.manifest)
    };
    let outside = head.outside.iter().filter(by_people);
    let left_out = outside.filter(|outside| !is_raised(outside));
    left_out.map(|outside| outside.name.clone()).collect()
}

/// The packages that are no part of the release, and that people raised on the
/// branch to be published with it: name and version.
pub fn raised(head: &Head) -> Vec<(String, String)> {
    let raised = head.outside.iter().filter(|outside| is_raised(outside));
    let named = raised.map(|it| (it.name.clone(), it.now.clone().unwrap_or_default()));
    named.collect()
}

/// Whether the head gives it a number of its own, above that of the base.
fn is_raised(outside: &Apart) -> bool {
    let read = |text: &str| Version::parse(text).ok();
    let (before, now) = (read(&outside.before), outside.now.as_deref().and_then(read));
    match (before, now) {
        (Some(before), Some(now)) => now > before && !outside.taken,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_above_that_nobody_has_is_a_raise() {
        let outside = |now: Option<&str>, taken| Apart {
            before: "0.4.9".to_owned(),
            now: now.map(str::to_owned),
            taken,
            ..Apart::default()
        };
        assert!(is_raised(&outside(Some("0.4.10"), false)));
        for (now, taken) in [
            (Some("0.4.10"), true),
            (Some("0.4.9"), false),
            (Some("0.4.8"), false),
            (Some("next"), false),
            (None, false),
        ] {
            assert!(!is_raised(&outside(now, taken)), "{now:?}");
        }
        let head = Head {
            outside: vec![outside(Some("0.4.10"), false), outside(None, false)],
            ..Head::default()
        };
        assert_eq!(raised(&head), [(String::new(), "0.4.10".to_owned())]);
    }
}
