//! `merge.tag_at = "merge"`: the pull request is merged first, and the merge is
//! tagged where it holds exactly the tested tree, whichever way it was merged.
//! Where it does not, the tested commit is: what was not tested is never tagged.

use super::branch::Branched;
use super::fix::Fixed;
use super::overrides::is_passed;
use super::publishing::{holds_merge, publishing};
use super::step::{Case, Step};
use super::{on_line, on_main, preflight, target};
use crate::domain::command::Overridable;
use crate::domain::facts::{Change, News, Notice, ReleaseDecision};
use crate::domain::ids::Sha;
use crate::domain::need::{Finding, Looking, Need, NeedKind, NotAtMerge, Who};
use crate::domain::objects::PullKind;
use crate::domain::policy::TagAt;
use crate::domain::shipping::Tags;

/// The key, as `/hotfix override` takes it: then the tested commit is tagged.
const KEY: &str = "merge.tag_at";

/// Whether the merge is to be tagged, as far as this head is concerned.
pub fn is_wanted(c: &Case<'_>, head: &Sha) -> bool {
    let key = Overridable::Key(KEY.to_owned());
    c.policy.merge.tag_at == TagAt::Merge && !is_passed(c, &key, head)
}

/// What stands in its way, before the decision.
pub fn gates(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> Vec<Need> {
    if !is_wanted(c, &fixed.head) {
        return Vec::new();
    }
    let Some(ahead) = c.line.seen.main.get() else {
        return vec![Need::looking(Looking::Merges)];
    };
    let mut all = Vec::new();
    if ahead.of_target() > 0 {
        let commits = ahead.of_target();
        all.push(NotAtMerge::Ahead { commits });
    }
    let by_hand = preflight::by_hand_merge(c, &branched.base, target::branch(c));
    if let Some(Finding::Queue { .. }) = by_hand {
        all.push(NotAtMerge::Queue);
    }
    let waits = holds_merge(c, branched, &fixed.head, PullKind::Hotfix);
    if let Some(NeedKind::MergeWaits { files, .. }) = waits.map(|need| need.kind) {
        all.push(NotAtMerge::Publishes { files });
    }
    if let Tags::Workflow(by) = publishing(c, branched).tags {
        all.push(NotAtMerge::ByWorkflow { file: by.file });
    }
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
            (Some(merge), Some(tree)) if pull.merged && *tree == decision.tree => {
                (merge.clone(), None)
            }
            (Some(merge), Some(_)) if pull.merged => (head.clone(), Some(Some(merge.clone()))),
            _ if pull.merged => return None,
            _ if pull.open && pull.mergeable != Some(false) && !is_refused(c, branched, head) => {
                return None;
            }
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

/// Whether GitHub does not let the bot merge it, or it must not be merged before
/// there is a release.
fn is_refused(c: &Case<'_>, branched: &Branched, head: &Sha) -> bool {
    on_main::refused(c).is_some() || holds_merge(c, branched, head, PullKind::Hotfix).is_some()
}
