//! Step 8: what users will find.

use super::branch::Branched;
use super::install;
use super::looked;
use super::monitor::Monitored;
use super::publish_now;
use super::release_runs::Found;
use super::runs::pending;
use super::step::{Case, Step};

pub use super::out::{
    has_registry, has_release, is_out, on_registries, published, raised, released, renamed,
};
use crate::domain::derive::tag::spelled_in;
use crate::domain::ids::Sha;
use crate::domain::item::Item;
use crate::domain::need::{Against, Looking, Need, NeedKind, Start, Who};
use crate::domain::objects::{Answered, Origin, Release};
use crate::domain::policy::AutoOr;

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
    let assets = release.assets.iter();
    assets.map(|it| renamed(branched, &it.name)).collect()
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

/// The packages that are not what was tagged: built from another commit, or
/// another file than the index names.
pub fn built_elsewhere(c: &Case<'_>, branched: &Branched, tagged: &Sha) -> Vec<Need> {
    if c.line.origin_waived.is_some() {
        return Vec::new();
    }
    let built = published(c).map_or(&[][..], |version| version.built.as_slice());
    let version_of = |package: &String| {
        let mut raised = raised(c).iter();
        let own = raised.find(|(name, _)| name == package);
        own.map_or(&branched.version, |(_, version)| version)
            .clone()
    };
    let elsewhere = built.iter().filter_map(|built| match &built.origin {
        Origin::Altered => {
            let what = Against::Altered {
                package: built.package.clone(),
                version: version_of(&built.package),
            };
            Some(Need::new(Who::Commander, NeedKind::Against { what }))
        }
        Origin::Commit { commit, .. } if commit != tagged => {
            let kind = NeedKind::PublishedOther {
                package: built.package.clone(),
                version: version_of(&built.package),
                commit: commit.clone(),
                tagged: tagged.clone(),
            };
            Some(Need::new(Who::Commander, kind))
        }
        _ => None,
    });
    elsewhere.collect()
}

/// Whether GitHub shows the release where it should not: as its latest where it
/// is of an older line, as another one than its latest, or as a prerelease.
pub fn shown_wrongly(c: &Case<'_>, branched: &Branched) -> Option<Need> {
    let base = &branched.base;
    let release = released(c).filter(|_| c.line.latest_waived.is_none())?;
    let was = base.release.as_ref();
    let against = |what| Some(Need::new(Who::Commander, NeedKind::Against { what }));
    if release.prerelease && was.is_some_and(|was| !was.prerelease) {
        return against(Against::Prerelease);
    }
    let make_latest = &c.policy.release.make_latest;
    let never = *make_latest == AutoOr::Is(false);
    // What is above a base that GitHub shows as its latest is a tag alone.
    let is_latest = base.latest.as_ref() == Some(&base.tag);
    let newest = base.newest.clone().filter(|_| !is_latest);
    let newest = newest.or_else(|| base.latest.clone().filter(|_| never));
    if let Some(newest) = newest {
        let kind = NeedKind::LatestMoved { newest };
        return release.latest.then(|| Need::new(Who::Commander, kind));
    }
    // What was not GitHub's latest before need not become that.
    let always = *make_latest == AutoOr::Is(true);
    let was_latest = base.latest.as_ref() == Some(&base.tag) && !never;
    match (always || was_latest) && !release.latest && !release.prerelease {
        true => against(Against::NotLatest),
        false => None,
    }
}

/// Whether npm's `latest` leads to this release although there is a higher one: then
/// everybody who names no version gets it.
pub fn pointed_wrongly(c: &Case<'_>, branched: &Branched) -> Option<Need> {
    let base = &branched.base;
    let newest = base
        .newest
        .as_deref()
        .filter(|_| c.line.latest_waived.is_none())?;
    let spelled = spelled_in(&base.tag_pattern, newest);
    let newest = spelled.unwrap_or_else(|| newest.trim_start_matches('v'));
    let seen = c.line.seen.registry.get()?.as_ref()?;
    let mut latest = seen.latest.iter();
    let (package, _) = latest.find(|(_, version)| *version == branched.version)?;
    let what = Against::Pointer {
        package: package.clone(),
        newest: newest.to_owned(),
    };
    Some(Need::new(Who::Commander, NeedKind::Against { what }))
}

/// What the release's checksums, and further addresses, say against it.
fn looked_into(c: &Case<'_>, branched: &Branched) -> Vec<Need> {
    if c.line.verification_waived.is_some() {
        return Vec::new();
    }
    let mut needs = Vec::new();
    let summed = released(c).and_then(|release| looked::summed(c, release));
    if let Some(summed) = summed {
        if summed.reading {
            needs.push(Need::looking(Looking::Sums));
        }
        if !summed.wrong.is_empty() {
            let what = Against::Sums {
                wrong: summed.wrong,
            };
            needs.push(Need::new(Who::Commander, NeedKind::Against { what }));
        }
    }
    if let Some(all) = looked::attestations(c, branched) {
        if all.reading {
            needs.push(Need::looking(Looking::Attested));
        }
        if !all.missing.is_empty() {
            // They may come a little after the files.
            let what = Against::Unattested { files: all.missing };
            needs.push(Need::new(Who::Responder, NeedKind::Against { what }));
        }
    }
    for (at, found) in looked::found(c, branched) {
        match found {
            Some(Answered::Shows) => {}
            None => needs.push(Need::looking(Looking::Addresses)),
            Some(found) => {
                // It may only be late.
                let who = match found {
                    Answered::Silent | Answered::Lacks => Who::Machine,
                    _ => Who::Responder,
                };
                let what = Against::Address { at, found };
                needs.push(Need::new(who, NeedKind::Against { what }));
            }
        }
    }
    needs
}

/// The packages that the registry must show, for words: the version of the
/// release follows them.
fn waited_for(c: &Case<'_>, branched: &Branched) -> String {
    let raised = raised(c).iter();
    let mut all: Vec<String> = raised
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    let wanted = on_registries(c, branched);
    let own = wanted.first().map(|it| it.registry);
    // A member that another one needs may come later.
    all.extend(wanted.into_iter().map(|it| match Some(it.registry) == own {
        true => it.package,
        false => format!("{} on {}", it.package, it.registry.name()),
    }));
    all.join(", ")
}

/// What machines can see: registry, release, assets.
pub fn facts(c: &Case<'_>, branched: &Branched, tagged: &Sha, monitored: bool) -> Vec<Need> {
    let mut needs = built_elsewhere(c, branched, tagged);
    let by_hand = publish_now::by_hand(c, branched, tagged, monitored);
    let (registry_by_hand, release_by_hand) = match by_hand.as_ref().map(|need| &need.kind) {
        Some(NeedKind::PublishNow {
            registry, release, ..
        }) => (*registry, *release),
        _ => (false, false),
    };
    needs.extend(by_hand);
    needs.extend(shown_wrongly(c, branched));
    needs.extend(pointed_wrongly(c, branched));
    if has_registry(c, branched) && published(c).is_none() && !registry_by_hand {
        let seen = c.line.seen.registry.get().and_then(Option::as_ref);
        let yanked = seen.is_some_and(|v| v.yanked);
        let missing = seen.map_or_else(Vec::new, |v| v.missing.clone());
        needs.push(Need {
            who: if yanked { Who::Commander } else { Who::Machine },
            kind: NeedKind::Registry {
                package: waited_for(c, branched),
                version: branched.version.clone(),
                yanked,
                missing,
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
                if !missing.is_empty() && c.line.verification_waived.is_none() {
                    needs.push(Need::new(Who::Responder, NeedKind::Assets { missing }));
                }
            }
        }
    }
    if is_out(c, branched, monitored) {
        needs.extend(looked_into(c, branched));
    }
    needs
}

/// A fresh install: by a person, or by the run of the workflow that is configured.
fn installed(c: &Case<'_>, branched: &Branched, tagged: &Sha) -> Option<Need> {
    if c.facts.words.contains_key(&Item::FreshInstall) {
        return None;
    }
    let Some((file, found)) = install::found(c, branched, tagged) else {
        return Some(Need::new(Who::Responder, NeedKind::FreshInstall));
    };
    let (who, kind) = match found {
        Found::One(run) if run.passed() => return None,
        Found::One(run) if run.failed() => {
            let (run, release) = (run.clone(), true);
            (Who::Responder, NeedKind::RunFailed { run, release })
        }
        Found::One(run) => return Some(pending(run)),
        Found::Idle(run) => {
            let (run, conditions) = (run.clone(), Vec::new());
            (Who::Responder, NeedKind::RunSkipped { run, conditions })
        }
        Found::None | Found::Skipped(_) | Found::Several(_) => {
            let (start, late) = (Start::Bot, false);
            let kind = NeedKind::ReleaseRunMissing { file, start, late };
            (Who::Machine, kind)
        }
    };
    Some(Need::new(who, kind))
}

/// The facts, a fresh install, and somebody who says that the bug is gone.
pub fn verify(c: &Case<'_>, branched: &Branched, monitored: &Monitored) -> Step<Verified> {
    let tagged = &monitored.tagged.tag.commit;
    let mut needs = facts(c, branched, tagged, true);
    needs.extend(installed(c, branched, tagged));
    if let Some(broken) = c.facts.broken() {
        let kind = NeedKind::StillBroken {
            login: broken.by.login.clone(),
            at: broken.by.at,
            note: broken.note.clone(),
            told: broken.told,
        };
        needs.push(Need::new(Who::Commander, kind));
    } else if !c.facts.words.contains_key(&Item::FixVerified) {
        needs.push(Need::new(
            match c.policy.verify.ask_reporter {
                true => Who::Reporter,
                false => Who::Responder,
            },
            NeedKind::FixVerified {
                reporter: c
                    .facts
                    .issue
                    .get()
                    .filter(|_| c.policy.verify.ask_reporter)
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
