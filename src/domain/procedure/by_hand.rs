//! Before the decision: what of the bump is left to people. A changelog that only
//! somebody, or a tool of the project, can write is not the same as none; and where
//! not all was read that the last releases changed, the old number may stand there.

use semver::Version;

use super::branch::Branched;
use super::fix::Fixed;
use super::overrides::is_passed;
use super::step::Case;
use crate::domain::command::Overridable;
use crate::domain::need::{ByHand, Need, NeedKind, Who};
use crate::domain::objects::Base;
use crate::ecosystem::{LeftAlone, WhyLeft};

/// What holds the release up until people did it, or a commander passes it.
pub fn gates(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> Vec<Need> {
    let head = &fixed.head;
    let mut all = Vec::new();
    if !is_passed(c, &Overridable::Changelog, head) {
        let (logs, files) = (unwritten(branched), pending(branched));
        all.extend((!logs.is_empty()).then_some(ByHand::Changelog { logs }));
        all.extend((!files.is_empty()).then_some(ByHand::Notes { files }));
    }
    let habit = &branched.base.habit;
    if habit.looked && habit.cut && !is_passed(c, &Overridable::Places, head) {
        let version = branched.base.version.clone();
        all.push(ByHand::Places { version });
    }
    let need = |what| {
        let head = head.clone();
        Need::new(Who::Responder, NeedKind::LeftToPeople { head, what })
    };
    all.into_iter().map(need).collect()
}

/// The changelogs of the base that somebody must write: those that had a section of
/// the release, or of the one before, and get none of the bot's.
pub fn left_to_people(base: &Base) -> Vec<&LeftAlone> {
    let package = &base.package;
    let is_one = |left: &&LeftAlone| match &left.why {
        WhyLeft::Shared { .. } | WhyLeft::Fragments { .. } => true,
        // An old file beside one that is kept is none of these.
        WhyLeft::Encoding => package.changelogs.is_empty(),
        WhyLeft::NoRelease | WhyLeft::NotKept { .. } => false,
    };
    package.left_alone.iter().filter(is_one).collect()
}

/// Where changesets stand, and what is none of them (changesets/changesets,
/// docs/adding-a-changeset.md).
const CHANGESETS: &str = ".changeset/";
const NO_NOTES: [&str; 1] = ["README.md"];

/// The changesets that the fix brings, as a pick from the default branch does. The
/// bot writes number and section itself: `changeset version` would raise the number
/// for them once more, and tell the fix a second time.
fn pending(branched: &Branched) -> Vec<String> {
    // A tool that takes them is a person's to run, and asked for already.
    let by_tool = |left: &&LeftAlone| matches!(left.why, WhyLeft::Fragments { .. });
    if left_to_people(&branched.base).iter().any(by_tool) {
        return Vec::new();
    }
    let files = branched.head.iter().flat_map(|head| &head.files);
    let there = files.filter(|file| !file.removed).map(|file| &file.path);
    let notes = there.filter(|path| {
        let name = path.strip_prefix(CHANGESETS);
        name.is_some_and(|name| name.ends_with(".md") && !NO_NOTES.contains(&name))
    });
    notes.cloned().collect()
}

/// Those that the head does not touch yet, for the number that is claimed.
fn unwritten(branched: &Branched) -> Vec<LeftAlone> {
    let all = left_to_people(&branched.base);
    let is_touched = |left: &LeftAlone| is_touched(branched, &left.path);
    // One run of a tool writes all that it writes at all.
    let by_tool = |left: &LeftAlone| matches!(left.why, WhyLeft::Fragments { .. });
    let has_run = all.iter().any(|left| by_tool(left) && is_touched(left));
    let open = all.into_iter();
    let open = open.filter(|left| !(is_touched(left) || by_tool(left) && has_run));
    open.map(|left| told(left, branched)).collect()
}

/// With the number that is claimed in the tool's command, where it is not the next
/// one by count.
fn told(left: &LeftAlone, branched: &Branched) -> LeftAlone {
    let mut left = left.clone();
    if let WhyLeft::Fragments { command, .. } = &mut left.why
        && let Ok(mut next) = Version::parse(&branched.base.version)
    {
        next.patch = next.patch.saturating_add(1);
        *command = command.replace(&next.to_string(), &branched.version);
    }
    left
}

fn is_touched(branched: &Branched, path: &str) -> bool {
    let files = branched.head.iter().flat_map(|head| &head.files);
    files
        .filter(|file| !file.removed)
        .any(|file| file.path == path)
}

/// The first of the changelogs that people are to write, where all of them are
/// written.
pub fn written(branched: &Branched) -> Option<String> {
    let all = left_to_people(&branched.base);
    let first = all.iter().find(|left| is_touched(branched, &left.path))?;
    let path = first.path.clone();
    unwritten(branched).is_empty().then_some(path)
}
