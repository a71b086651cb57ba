//! Step 8: what users will find.

use super::branch::Branched;
use super::monitor::Monitored;
use super::publishing;
use super::step::{Case, Step};

pub use super::out::{has_registry, has_release, published, raised, released};
use crate::domain::derive::tag::spelled_in;
use crate::domain::ids::Sha;
use crate::domain::item::Item;
use crate::domain::need::{Need, NeedKind, Who};
use crate::domain::objects::{Origin, Release};

/// Everything that should be out there is, and people said that it works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified;

/// The names of the assets that must be there: as configured, or the base
/// release's with the version replaced.
pub fn expected_assets(c: &Case<'_>, branched: &Branched) -> Vec<String> {
    if !c.policy.verify.assets.is_empty() {
        return c
            .policy
            .verify
            .assets
            .iter()
            .map(|a| a.replace("{version}", &branched.version))
            .collect();
    }
    let base = &branched.base;
    let Some(release) = &base.release else {
        return Vec::new();
    };
    let in_tag = |tag| spelled_in(&base.tag_pattern, tag);
    let spelled = in_tag(&base.tag).zip(in_tag(&branched.tag));
    release
        .assets
        .iter()
        .map(|a| match spelled {
            // As the tags write it: `25.07.1`.
            Some((old, new)) if a.name.contains(old) => a.name.replace(old, new),
            _ => a.name.replace(&base.version, &branched.version),
        })
        .collect()
}

/// The expected assets that are not there, not complete, or empty.
pub fn missing_assets(c: &Case<'_>, branched: &Branched, release: &Release) -> Vec<String> {
    expected_assets(c, branched)
        .into_iter()
        .filter(|name| {
            !release
                .assets
                .iter()
                .any(|a| a.name == *name && a.uploaded && a.size > 0)
        })
        .collect()
}

/// Whether there is something that people can install and try: published on the
/// registry, as a release, or both; else the tag's workflows have passed.
pub fn is_out(c: &Case<'_>, branched: &Branched, monitored: bool) -> bool {
    match (has_registry(c, branched), has_release(c, branched)) {
        (false, false) => monitored,
        (registry, release) => {
            (!registry || published(c).is_some()) && (!release || released(c).is_some())
        }
    }
}

/// The packages that were built from another commit than the tagged one.
pub fn built_elsewhere(c: &Case<'_>, branched: &Branched, tagged: &Sha) -> Vec<Need> {
    if c.line.origin_waived.is_some() {
        return Vec::new();
    }
    let built = published(c).map_or(&[][..], |version| version.built.as_slice());
    let elsewhere = built.iter().filter_map(|built| match &built.origin {
        Origin::Commit { commit, .. } if commit != tagged => {
            let mut raised = raised(c).iter();
            let own = raised.find(|(name, _)| *name == built.package);
            let kind = NeedKind::PublishedOther {
                package: built.package.clone(),
                version: own
                    .map_or(&branched.version, |(_, version)| version)
                    .clone(),
                commit: commit.clone(),
                tagged: tagged.clone(),
            };
            Some(Need::new(Who::Commander, kind))
        }
        _ => None,
    });
    elsewhere.collect()
}

/// Whether GitHub shows a release of an older line as its latest.
pub fn moved_latest(c: &Case<'_>, branched: &Branched) -> Option<Need> {
    let newest = branched.base.newest.clone()?;
    if c.line.latest_waived.is_some() {
        return None;
    }
    let kind = NeedKind::LatestMoved { newest };
    let moved = released(c).is_some_and(|release| release.latest);
    moved.then(|| Need::new(Who::Commander, kind))
}

/// The packages that the registry must show, for words: the version of the
/// release follows them.
fn waited_for(c: &Case<'_>, branched: &Branched) -> String {
    let raised = raised(c).iter();
    let mut all: Vec<String> = raised
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    match branched.base.package.published.as_slice() {
        [] | [_] => all.push(branched.base.package.name.clone()),
        // A member that another one needs may come later.
        several => all.extend(several.iter().cloned()),
    }
    all.join(", ")
}

/// What machines can see: registry, release, assets.
pub fn facts(c: &Case<'_>, branched: &Branched, tagged: &Sha, monitored: bool) -> Vec<Need> {
    let mut needs = built_elsewhere(c, branched, tagged);
    let by_hand = publishing::by_hand(c, branched, tagged, monitored);
    let (registry_by_hand, release_by_hand) = match by_hand.as_ref().map(|need| &need.kind) {
        Some(NeedKind::PublishNow {
            registry, release, ..
        }) => (*registry, *release),
        _ => (false, false),
    };
    needs.extend(by_hand);
    needs.extend(moved_latest(c, branched));
    if has_registry(c, branched) && published(c).is_none() && !registry_by_hand {
        let yanked = matches!(c.line.seen.registry.get(), Some(Some(v)) if v.yanked);
        needs.push(Need {
            who: if yanked { Who::Commander } else { Who::Machine },
            kind: NeedKind::Registry {
                package: waited_for(c, branched),
                version: branched.version.clone(),
                yanked,
            },
        });
    }
    if has_release(c, branched) {
        match released(c) {
            None if release_by_hand => {}
            None => needs.push(Need::new(
                Who::Machine,
                NeedKind::GithubRelease {
                    tag: branched.tag.clone(),
                },
            )),
            Some(release) => {
                let missing = missing_assets(c, branched, release);
                if !missing.is_empty() {
                    needs.push(Need::new(Who::Responder, NeedKind::Assets { missing }));
                }
            }
        }
    }
    needs
}

/// The facts, a fresh install, and somebody who says that the bug is gone.
pub fn verify(c: &Case<'_>, branched: &Branched, monitored: &Monitored) -> Step<Verified> {
    let mut needs = facts(c, branched, &monitored.tagged.tag.commit, true);
    if !c.facts.words.contains_key(&Item::FreshInstall) {
        needs.push(Need::new(Who::Responder, NeedKind::FreshInstall));
    }
    if !c.facts.words.contains_key(&Item::FixVerified) {
        needs.push(Need::new(
            Who::Reporter,
            NeedKind::FixVerified {
                reporter: c
                    .facts
                    .issue
                    .get()
                    .map(|i| i.author.clone())
                    .unwrap_or_default(),
            },
        ));
    }
    if needs.is_empty() {
        Step::Done(Verified)
    } else {
        Step::Wait(needs)
    }
}
