//! Step 8: what users will find.

use super::Step;
use super::branch::Branched;
use super::monitor::{Monitored, workflows};
use crate::domain::checklist_item::Item;
use crate::domain::facts::{Facts, RegistryVersion, Release};
use crate::domain::policy::Policy;
use crate::domain::view::{Need, What, Who};
use crate::ecosystem::words;

/// Everything that should be out there is, and people said that it works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified;

/// Whether the package is on a registry that this version can look at.
pub fn has_registry(p: &Policy, branched: &Branched) -> bool {
    let package = &branched.base.package;
    let registry = package.kind().registry();
    package.on_registry
        && p.verify
            .registries
            .iter()
            .any(|r| r == "auto" || r == registry)
}

/// Whether a GitHub release is to be expected: the base had one, or a workflow
/// makes one.
pub fn has_release(p: &Policy, branched: &Branched) -> bool {
    let made_by = |file: &str| {
        branched
            .base
            .workflow(file)
            .is_some_and(|w| w.file.creates_release)
    };
    branched.base.release.is_some()
        || workflows(p, branched)
            .iter()
            .any(|w| w.required && made_by(&w.file))
}

/// The names of the assets that must be there: as configured, or the base
/// release's with the version replaced.
pub fn expected_assets(p: &Policy, branched: &Branched) -> Vec<String> {
    if !p.verify.assets.is_empty() {
        return p
            .verify
            .assets
            .iter()
            .map(|a| a.replace("{version}", &branched.version))
            .collect();
    }
    let Some(release) = &branched.base.release else {
        return Vec::new();
    };
    release
        .assets
        .iter()
        .map(|a| a.name.replace(&branched.base.version, &branched.version))
        .collect()
}

/// The expected assets that are not there, not complete, or empty.
pub fn missing_assets(p: &Policy, branched: &Branched, release: &Release) -> Vec<String> {
    expected_assets(p, branched)
        .into_iter()
        .filter(|name| {
            !release
                .assets
                .iter()
                .any(|a| a.name == *name && a.uploaded && a.size > 0)
        })
        .collect()
}

/// The registry's version, once cargo can see it and nobody took it back.
pub fn published(f: &Facts) -> Option<&RegistryVersion> {
    f.line
        .registry
        .get()?
        .as_ref()
        .filter(|v| v.indexed && !v.yanked)
}

/// The GitHub release, once it is published.
pub fn released(f: &Facts) -> Option<&Release> {
    f.line.release.get()?.as_ref().filter(|r| !r.draft)
}

/// The command that installs the version afresh.
pub fn install_command(branched: &Branched) -> String {
    let package = &branched.base.package;
    words(package.kind(), &package.name, &branched.version).install
}

/// What machines can see: registry, release, assets.
pub fn facts(f: &Facts, p: &Policy, branched: &Branched) -> Vec<Need> {
    let mut needs = Vec::new();
    if has_registry(p, branched) && published(f).is_none() {
        let yanked = matches!(f.line.registry.get(), Some(Some(v)) if v.yanked);
        needs.push(Need {
            who: if yanked { Who::Commander } else { Who::Machine },
            what: What::Registry {
                package: match branched.base.package.published.as_slice() {
                    [] | [_] => branched.base.package.name.clone(),
                    // A member that another one needs may come later.
                    several => several.join(", "),
                },
                version: branched.version.clone(),
                yanked,
            },
        });
    }
    if has_release(p, branched) {
        match released(f) {
            None => needs.push(Need {
                who: Who::Machine,
                what: What::GithubRelease {
                    tag: branched.tag.clone(),
                },
            }),
            Some(release) => {
                let missing = missing_assets(p, branched, release);
                if !missing.is_empty() {
                    needs.push(Need {
                        who: Who::Responder,
                        what: What::Assets { missing },
                    });
                }
            }
        }
    }
    needs
}

/// The facts, a fresh install, and somebody who says that the bug is gone.
pub fn verify(f: &Facts, p: &Policy, branched: &Branched, _: &Monitored) -> Step<Verified> {
    let mut needs = facts(f, p, branched);
    if !f.words.contains_key(&Item::FreshInstall) {
        needs.push(Need {
            who: Who::Responder,
            what: What::FreshInstall {
                command: install_command(branched),
            },
        });
    }
    if !f.words.contains_key(&Item::FixVerified) {
        needs.push(Need {
            who: Who::Reporter,
            what: What::FixVerified {
                reporter: f.issue.get().map(|i| i.author.clone()).unwrap_or_default(),
            },
        });
    }
    if needs.is_empty() {
        Step::Done(Verified)
    } else {
        Step::Wait(needs)
    }
}
