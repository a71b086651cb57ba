//! After the tag: what a person is asked to publish.

use super::branch::Branched;
use super::out;
use super::publishing::{publisher, surely_packages, tag_makes_release};
use super::step::Case;
use crate::domain::ids::{Millis, Sha};
use crate::domain::need::{Need, NeedKind, Who};
use crate::domain::objects::Run;
use crate::domain::policy::PublishedBy;
use crate::domain::shipping::Publishes;

const DISPATCH: &str = "workflow_dispatch";

/// After the last run of the tag is over, so long at least nobody is asked for what a
/// registry may still be taking up, and what GitHub shows late.
const TAKES_UP: Millis = 5 * 60 * 1_000;

/// Since when everything that runs for the tag has been over; none where something
/// is under way, or nothing was decided.
fn quiet_since(c: &Case<'_>, branched: &Branched) -> Option<Millis> {
    let decision = c.line.locked()?;
    let runs = c.line.seen.runs.get();
    let all = runs.map_or(&[][..], |runs| runs.runs.as_slice());
    let chained = runs.map_or(&[][..], |runs| runs.chained.as_slice());
    let of_tag = |run: &&Run| {
        run.sha == *decision.commit() && (run.ref_name == branched.tag || is_started(c, run))
    };
    let ours = all.iter().filter(of_tag).chain(chained);
    let mut since = decision.locked?;
    for run in ours {
        since = since.max(run.ended()?);
    }
    Some(since)
}

/// Whether the bot started it on a branch, to make the tag.
fn is_started(c: &Case<'_>, run: &Run) -> bool {
    let started = c.line.launched.get(run.file());
    started.is_some_and(|it| run.event == DISPATCH && run.ref_name == it.at)
}

/// What nothing that ran for the tag has brought out, once it was looked for long
/// enough after the last of it: on the registry, as a release.
fn left_out(c: &Case<'_>, branched: &Branched) -> (bool, bool) {
    let Some(quiet) = quiet_since(c, branched) else {
        return (false, false);
    };
    let since = quiet.saturating_add(TAKES_UP);
    let shown = quiet.saturating_add(out::shown_within(c, branched).max(TAKES_UP));
    let (registry, release) = (&c.line.seen.registry, &c.line.seen.release);
    let absent = registry.get().is_some_and(Option::is_none);
    let unpublished = release
        .get()
        .is_some_and(|it| it.as_ref().is_none_or(|it| it.draft));
    (
        registry.began >= shown && absent && !surely_packages(branched),
        release.began >= since && unpublished,
    )
}

/// After the tag: what a person publishes, as long as it is not there. What the
/// tag's workflows are not known to do, and have not done, is asked for once they
/// are through.
pub fn by_hand(c: &Case<'_>, branched: &Branched, head: &Sha, monitored: bool) -> Option<Need> {
    let by = match publisher(c, branched, head) {
        // It made the tag, and is what publishes: once is enough.
        Publishes::Dispatch(by) if c.line.launched.contains_key(&by.file) => Publishes::Tag {
            files: vec![by.file],
        },
        by => by,
    };
    let by_tag = matches!(by, Publishes::Tag { .. });
    if matches!(by, Publishes::Nothing | Publishes::Merge) || by_tag && !monitored {
        return None;
    }
    // What the configuration says of another system's files holds.
    if by_tag
        && !branched.base.other_ci.is_empty()
        && c.policy.release.published_by != PublishedBy::Auto
    {
        return None;
    }
    let (no_version, no_release) = match monitored {
        true => left_out(c, branched),
        false => (false, false),
    };
    // Of a registry's package the configuration says which run brings it; a release that
    // is gone, or a draft again, comes back by nobody's run.
    let configured = by_tag && !c.policy.release.workflow.is_empty();
    let no_version = no_version && !configured;
    let makes_none = !configured && !tag_makes_release(branched);
    let unseen = c.line.seen.registry.get().is_none_or(Option::is_none);
    let registry = out::has_registry(c, branched) && unseen && (!by_tag || no_version);
    let wanted = out::has_release(c, branched) && out::released(c).is_none();
    let release = wanted && (no_release || makes_none);
    let by = match by {
        // Another system may still be at it: it is looked at first.
        Publishes::Tag { files } if !branched.base.other_ci.is_empty() => Publishes::Unseen {
            files: branched
                .base
                .other_ci
                .iter()
                .cloned()
                .chain(files)
                .collect(),
        },
        // The crates come by themselves, the release by nobody.
        Publishes::Tag { .. } if !no_version && makes_none => Publishes::Person,
        by => by,
    };
    (registry || release).then(|| {
        let kind = NeedKind::PublishNow {
            by,
            registry,
            release,
        };
        Need::new(Who::Commander, kind)
    })
}
