//! Which commit is tagged (`merge.tag_at`): the merge of the pull request, made
//! first, where it holds exactly the tested tree; else the tested commit, merged
//! afterwards, or before where the release's workflow takes only what the branch
//! holds. What was not tested is never tagged.

use super::branch::Branched;
use super::fix::Fixed;
use super::overrides::is_passed;
use super::publishing::{holds_merge, publishing};
use super::step::{Case, Step};
use super::{asks, on_line, on_main, preflight, target};
use crate::domain::command::Overridable;
use crate::domain::effect::Slot;
use crate::domain::facts::{Change, News, Notice, ReleaseDecision};
use crate::domain::ids::Sha;
use crate::domain::need::{Finding, Looking, Need, NeedKind, NotAtMerge, Who};
use crate::domain::objects::{MergeMethod, PullKind};
use crate::domain::policy::TagAt;
use crate::domain::shipping::Tags;
use crate::domain::slot::Place;

/// The key, as `/hotfix override` takes it: then the tested commit is tagged.
const KEY: &str = "merge.tag_at";

/// What is tagged, as far as one head is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tagging {
    /// The merge, if it holds what was tested.
    Merge,
    /// The tested commit: the configuration, or a maintainer, says so.
    Head,
    /// The tested commit, by `tag_at = "auto"`, which would tag the merge else;
    /// none: what the branch holds is not known yet.
    HeadFor(Option<NotAtMerge>),
    /// The tested commit, by `tag_at = "auto"`, once the merge has brought it to the
    /// branch: this file of the release takes only what that holds.
    HeadOnBranch(String),
}

impl Tagging {
    /// Whether it is merged before there is a tag.
    pub fn is_merged_first(&self) -> bool {
        matches!(self, Tagging::Merge | Tagging::HeadOnBranch(_))
    }
}

/// What is tagged. With "auto" the merge is where nothing stands in its way: the
/// branch holds nothing else since the base, and the bot itself makes a merge
/// commit at once. Its tree is read back before it is tagged (`settle`).
pub fn tagging(c: &Case<'_>, branched: &Branched, head: &Sha) -> Tagging {
    if is_passed(c, &Overridable::Key(KEY.to_owned()), head) {
        return Tagging::Head;
    }
    match c.policy.merge.tag_at {
        TagAt::Head => Tagging::Head,
        TagAt::Merge => Tagging::Merge,
        TagAt::Auto => {
            let Some(first) = in_the_way(c, branched, head) else {
                return Tagging::HeadFor(None);
            };
            let all: Vec<_> = first.into_iter().chain(slower(c, branched)).collect();
            let wants = asks::wants_merge(c, branched).filter(|_| brings_head(c, &all));
            match (all.into_iter().next(), wants) {
                (None, _) => Tagging::Merge,
                (Some(_), Some(file)) => Tagging::HeadOnBranch(file),
                (Some(why), None) => Tagging::HeadFor(Some(why)),
            }
        }
    }
}

/// Whether the bot's own merge would bring the tested commit to the branch at once,
/// although the merge itself is not what is tagged.
fn brings_head(c: &Case<'_>, in_the_way: &[NotAtMerge]) -> bool {
    let only =
        |why: &NotAtMerge| matches!(why, NotAtMerge::Ahead { .. } | NotAtMerge::Message { .. });
    let pull = c.line.seen.pull.get();
    in_the_way.iter().all(only) && pull.is_none_or(|pull| pull.mergeable != Some(false))
}

/// Whether it is merged before there is a tag, as far as that is known.
pub fn is_merged_first(c: &Case<'_>, branched: &Branched) -> bool {
    if let Some(decision) = c.line.locked() {
        return decision.record.at_merge;
    }
    // Before there is a fix, no word of a maintainer is about it.
    let head = branched
        .head
        .as_ref()
        .map_or(&branched.base.commit, |it| &it.sha);
    tagging(c, branched, head).is_merged_first()
}

/// Whether it must be merged before there is a tag, also by hand: a workflow of the
/// release takes only what the branch holds.
pub fn must_be_merged_first(c: &Case<'_>, branched: &Branched) -> bool {
    is_merged_first(c, branched) && asks::wants_merge(c, branched).is_some()
}

/// What would ship something else with the merge, or publish by it; none while that
/// is not known.
fn in_the_way(c: &Case<'_>, branched: &Branched, head: &Sha) -> Option<Vec<NotAtMerge>> {
    let ahead = c.line.seen.main.get()?;
    let mut all = Vec::new();
    if ahead.of_target() > 0 {
        let commits = ahead.of_target();
        all.push(NotAtMerge::Ahead { commits });
    }
    if let Some(Finding::Queue { .. }) = by_hand(c, branched) {
        all.push(NotAtMerge::Queue);
    }
    let waits = holds_merge(c, branched, head, PullKind::Hotfix);
    if let Some(NeedKind::MergeWaits { files, .. }) = waits.map(|need| need.kind) {
        all.push(NotAtMerge::Publishes { files });
    }
    if let Tags::Workflow(by) = publishing(c, branched).tags {
        all.push(NotAtMerge::ByWorkflow { file: by.file });
    }
    Some(all)
}

/// What "auto" does not wait for before users get the fix, or may not rely on.
fn slower(c: &Case<'_>, branched: &Branched) -> Option<NotAtMerge> {
    let method = target::merge_method(c, &branched.base, PullKind::Hotfix);
    if method != MergeMethod::Merge {
        return Some(NotAtMerge::Rewritten { method });
    }
    if by_hand(c, branched).is_some() {
        return Some(NotAtMerge::ByPerson);
    }
    // Also where somebody wants it so: it may make a tag of its own.
    let on_merge = publishing(c, branched).on_merge.into_iter();
    let files: Vec<String> = on_merge
        .filter(|on| on.branch == target::branch(c) && !on.proposes)
        .map(|on| on.file)
        .collect();
    if !files.is_empty() {
        return Some(NotAtMerge::Publishes { files });
    }
    // The tested commit's message is known to be right.
    let file = asks::by_message(branched)?;
    Some(NotAtMerge::Message { file })
}

/// What keeps the bot from merging it, as far as the settings say.
fn by_hand(c: &Case<'_>, branched: &Branched) -> Option<Finding> {
    preflight::by_hand_merge(c, &branched.base, target::branch(c))
}

/// What stands in the way of the merge that the configuration asks for, before the
/// decision.
pub fn gates(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> Vec<Need> {
    match tagging(c, branched, &fixed.head) {
        // Whether it can be merged first is known before anything is tagged.
        Tagging::HeadFor(None) if asks::wants_merge(c, branched).is_some() => {
            return vec![Need::looking(Looking::Merges)];
        }
        Tagging::Merge if c.policy.merge.tag_at == TagAt::Merge => {}
        _ => return Vec::new(),
    }
    let Some(all) = in_the_way(c, branched, &fixed.head) else {
        return vec![Need::looking(Looking::Merges)];
    };
    let need = |why| Need::new(Who::Commander, NeedKind::NotAtMerge { why });
    all.into_iter().map(need).collect()
}

/// Whether the decision waits for the merge to know what it tags.
pub fn is_open(decision: &ReleaseDecision) -> bool {
    decision.record.at_merge && decision.at.is_none()
}

/// The way to the merge, before there is a tag.
pub fn merge<E>(
    c: &Case<'_>,
    branched: &Branched,
    fixed: &Fixed,
    decision: &ReleaseDecision,
) -> Step<E> {
    match c.line.seen.pull.get() {
        Some(pull) if pull.open => match on_main::straying(c, PullKind::Hotfix, fixed.pull) {
            Some(straying) => Step::Wait(vec![straying]),
            None => on_line::merge(c, branched, fixed, decision, pull, None),
        },
        _ => Step::looking(Looking::Pull),
    }
}

/// Whether what GitHub said there holds on although nothing is wanted there: while the
/// tag is made first after all, the merge comes later, and is refused as before.
pub fn holds_on(c: &Case<'_>, place: &Place) -> bool {
    let first = c.line.locked().is_some_and(|it| it.record.at_merge);
    let open = c.line.seen.pull.get().is_some_and(|pull| pull.open);
    first && open && matches!(place.slot, Slot::Ready | Slot::Merge(PullKind::Hotfix))
}

/// Which commit is tagged, once that is known; written down once. What cannot be
/// merged, and what holds something else, leaves it to the tested commit.
pub fn settle(c: &Case<'_>, branched: &Branched) -> Option<Change> {
    let decision = c.line.locked().filter(|it| is_open(it))?;
    let head = &decision.head;
    let tag = c.line.seen.tag.get().and_then(Option::as_ref);
    let (at, news) = if tag.is_some_and(|tag| tag.commit == *head) {
        // Somebody made it there.
        (head.clone(), None)
    } else {
        let pull = c.line.seen.pull.get()?;
        let elsewhere = on_main::strays(c, PullKind::Hotfix).is_some();
        match (&pull.merge_commit, &pull.merge_tree) {
            _ if pull.merged && elsewhere => (head.clone(), Some(None)),
            _ if pull.merged && decision.record.on_branch => (head.clone(), None),
            (Some(merge), Some(tree)) if pull.merged && *tree == decision.tree => {
                (merge.clone(), None)
            }
            (Some(merge), Some(_)) if pull.merged => (head.clone(), Some(Some(merge.clone()))),
            _ if pull.merged => return None,
            _ if pull.open && pull.mergeable != Some(false) && !is_held_up(c, branched, head) => {
                return None;
            }
            // A tag that is refused is of no use: whoever can merges it.
            _ if pull.open && is_burned_unmerged(c, branched, head) => return None,
            _ => (head.clone(), Some(None)),
        }
    };
    Some(Box::new(move |f| {
        let at_now = f.now;
        if let Some(merge) = news {
            let what = News::TaggedAtHead { merge };
            f.notices.push(Notice { at: at_now, what });
        }
        if let Some(decision) = f.lines.only_mut().decision.as_mut() {
            decision.at = Some(at);
        }
    }))
}

/// Whether a release workflow refuses the tag unless the merge comes first, and nobody
/// said that this is no matter.
fn is_burned_unmerged(c: &Case<'_>, branched: &Branched, head: &Sha) -> bool {
    asks::wants_merge(c, branched).is_some() && !is_passed(c, &Overridable::ReleaseWorkflows, head)
}

/// Whether GitHub does not let the bot merge it, or it must not be merged before
/// there is a release. With "auto" it waits for nobody besides.
fn is_held_up(c: &Case<'_>, branched: &Branched, head: &Sha) -> bool {
    let for_a_person =
        || on_main::strays(c, PullKind::Hotfix).is_some() || by_hand(c, branched).is_some();
    on_main::refused(c).is_some()
        || holds_merge(c, branched, head, PullKind::Hotfix).is_some()
        || c.policy.merge.tag_at == TagAt::Auto && (for_a_person() || on_main::is_left_a_draft(c))
}
