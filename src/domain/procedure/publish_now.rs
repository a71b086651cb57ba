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
    let of_tag = |run: &&Run| run.sha == *decision.commit() && run.ref_name == branched.tag;
    let ours = all.iter().filter(of_tag).chain(chained);
    let mut since = decision.locked?;
    for run in ours {
        since = since.max(run.ended()?);
    }
    Some(since)
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
    let by = publisher(c, branched, head);
    let through = monitored && c.policy.release.workflow.is_empty();
    let by_tag = matches!(by, Publishes::Tag { .. });
    if matches!(by, Publishes::Nothing | Publishes::Merge) || by_tag && !through {
        return None;
    }
    // What the configuration says of another system's files holds.
    if by_tag
        && !branched.base.other_ci.is_empty()
        && c.policy.release.published_by != PublishedBy::Auto
    {
        return None;
    }
    let (no_version, no_release) = match through {
        true => left_out(c, branched),
        false => (false, false),
    };
    let unseen = c.line.seen.registry.get().is_none_or(Option::is_none);
    let registry = out::has_registry(c, branched) && unseen && (!by_tag || no_version);
    let wanted = out::has_release(c, branched) && out::released(c).is_none();
    let release = wanted && (no_release || !tag_makes_release(branched));
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
        Publishes::Tag { .. } if !no_version && !tag_makes_release(branched) => Publishes::Person,
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
