//! Tags beside the release's: further ones on the same commit, made with it, and
//! those that are moved to the newest release of a line once that is verified.
//! The configuration names them.

use semver::Version;

use super::branch::Branched;
use super::fix::Fixed;
use super::ship::Tagged;
use super::step::{Case, Step};
use super::verify::Verified;
use crate::domain::effect::{Act, Intent};
use crate::domain::facts::Pointing;
use crate::domain::ids::Sha;
use crate::domain::need::{Looking, Need, NeedKind, Who};
use crate::domain::objects::{Pointer, Tag};
use crate::domain::policy::fill;
use crate::domain::wish::Wish;

/// No tag that is to be made stands elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Free;

/// The tags that are made with the release's stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside;

/// The tags that are moved lead to the release, or to where somebody moved them
/// since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved;

/// The names of the tags for a version, each once: made with it, and moved to it.
pub fn names(c: &Case<'_>, version: &str, tag: &str) -> (Vec<String>, Vec<String>) {
    let Ok(parsed) = Version::parse(version) else {
        return (Vec::new(), Vec::new());
    };
    let parts = [parsed.major, parsed.minor, parsed.patch].map(|part| part.to_string());
    let [major, minor, patch] = &parts;
    let values = [
        ("version", version),
        ("major", major.as_str()),
        ("minor", minor.as_str()),
        ("patch", patch.as_str()),
    ];
    let mut seen = vec![tag.to_owned()];
    let mut all = |patterns: &[String]| {
        let mut found = Vec::new();
        for name in patterns.iter().map(|pattern| fill(pattern, &values)) {
            if !seen.contains(&name) {
                seen.push(name.clone());
                found.push(name);
            }
        }
        found
    };
    let also = all(&c.policy.release.also_tags);
    (also, all(&c.policy.release.moving_tags))
}

/// All of them, as they are looked at.
pub fn all(c: &Case<'_>, version: &str, tag: &str) -> Vec<String> {
    let (also, moving) = names(c, version, tag);
    also.into_iter().chain(moving).collect()
}

/// What a tag leads to, where it was read.
fn read<'a>(c: &Case<'a>, name: &str) -> Option<Option<&'a Tag>> {
    let all: &[Pointer] = c.line.seen.pointers.get()?;
    let found = all.iter().find(|it| it.name == name)?;
    Some(found.at.as_ref())
}

/// What a decision to release this head does to the tags. One that is moved must
/// stand at the base: then it goes forward, and on no line that has a newer release.
/// One that is not there yet is begun by the newest release alone.
pub fn planned(c: &Case<'_>, branched: &Branched, head: &Sha) -> Vec<Pointing> {
    let (also, moving) = names(c, &branched.version, &branched.tag);
    let base = &branched.base;
    let also = also.into_iter().filter_map(|tag| match read(c, &tag)? {
        None => Some(Pointing::new(tag, None, true)),
        Some(_) => None,
    });
    let moving = moving.into_iter().filter_map(|tag| match read(c, &tag)? {
        None if base.newest.is_none() => Some(Pointing::new(tag, None, false)),
        Some(at) if at.commit == base.commit && at.commit != *head => {
            Some(Pointing::new(tag, Some(at.object.clone()), at.annotated))
        }
        _ => None,
    });
    let moving = moving.map(|it| Pointing { moves: true, ..it });
    also.chain(moving).collect()
}

/// The tags that would be moved and are left where they are, each with its commit:
/// they stand at another release than the base.
pub fn left(c: &Case<'_>, branched: &Branched, head: &Sha) -> Vec<(String, Option<Sha>)> {
    let planned = planned(c, branched, head);
    let (_, moving) = names(c, &branched.version, &branched.tag);
    let is_planned = |tag: &String| planned.iter().any(|it| it.tag == *tag);
    let left = moving.into_iter().filter(|tag| !is_planned(tag));
    left.filter_map(|tag| {
        let at = read(c, &tag)?.map(|at| at.commit.clone());
        (at.as_ref() != Some(head)).then_some((tag, at))
    })
    .collect()
}

fn wrong(tag: &str, at: &Tag) -> Need {
    let kind = NeedKind::TagWrong {
        tag: tag.to_owned(),
        commit: at.commit.clone(),
        lightweight: false,
    };
    Need::new(Who::Commander, kind)
}

/// Before the decision: what is to be made is not taken by another commit.
pub fn free(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> Step<Free> {
    let mut needs = Vec::new();
    let (also, moving) = names(c, &branched.version, &branched.tag);
    for tag in &also {
        if let Some(Some(at)) = read(c, tag)
            && at.commit != fixed.head
        {
            needs.push(wrong(tag, at));
        }
    }
    let unread = |tag: &String| read(c, tag).is_none();
    if also.iter().chain(&moving).any(unread) {
        needs.push(Need::looking(Looking::Tag));
    }
    match needs.is_empty() {
        true => Step::Done(Free),
        false => Step::Wait(needs),
    }
}

/// What was decided of them.
fn decided<'a>(c: &Case<'a>, moves: bool) -> impl Iterator<Item = &'a Pointing> {
    let decision = c.line.locked();
    let all = decision.map_or(&[][..], |decision| decision.record.pointers.as_slice());
    all.iter().filter(move |it| it.moves == moves)
}

/// Whether the bot's own change of it is not read again yet.
fn is_under_way(c: &Case<'_>, it: &Pointing) -> bool {
    c.line.pointed.contains_key(&it.tag) && !c.line.seen.pointers.is_current()
}

fn point(c: &Case<'_>, it: &Pointing, commit: &Sha) -> Wish<Intent> {
    let act = Act::Point {
        tag: it.tag.clone(),
        commit: commit.clone(),
        was: it.was.clone(),
        annotated: it.annotated,
        message: (),
    };
    c.write(act, commit.as_str())
}

/// The tags that are made right after the release's, on its commit.
pub fn beside(c: &Case<'_>, tagged: &Tagged) -> Step<Beside> {
    let commit = &tagged.tag.commit;
    for it in decided(c, false) {
        match read(c, &it.tag) {
            None => return Step::looking(Looking::Tag),
            Some(None) if is_under_way(c, it) => return Step::looking(Looking::Tag),
            Some(None) => return Step::wish(point(c, it, commit)),
            Some(Some(at)) if at.commit != *commit => {
                return Step::Wait(vec![wrong(&it.tag, at)]);
            }
            Some(Some(_)) => {}
        }
    }
    Step::Done(Beside)
}

/// The tags that are moved once the release is verified. What somebody moved since
/// the decision stays.
pub fn moved(c: &Case<'_>, tagged: &Tagged, _: &Verified) -> Step<Moved> {
    let commit = &tagged.tag.commit;
    for it in decided(c, true) {
        let Some(at) = read(c, &it.tag) else {
            return Step::looking(Looking::Tag);
        };
        let here = at.is_some_and(|at| at.commit == *commit);
        if !here && at.map(|at| &at.object) == it.was.as_ref() {
            if is_under_way(c, it) {
                return Step::looking(Looking::Tag);
            }
            return Step::wish(point(c, it, commit));
        }
    }
    Step::Done(Moved)
}
