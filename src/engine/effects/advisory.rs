//! The security advisory. Nothing of what it says leaves this file but by GitHub's own
//! call: only where it stands.

use super::{Context, Found};
use crate::domain::event::Outcome;
use crate::domain::ids::AdvisoryId;
use crate::domain::objects::{AdvisoryState, Observation, OnRegistry, RegistryKind};
use crate::github::Error;
use crate::github::ops::{Advisory, AdvisoryPatch, Vulnerability};

/// What GitHub calls an advisory that everybody may read.
const PUBLISHED: &str = "published";

/// Where it stands: 1 call.
pub async fn read(context: &Context, id: &AdvisoryId) -> Result<Outcome, Error> {
    let state = seen(context, id).await?.0;
    Ok(Outcome::seen(Observation::Advisory(state)))
}

/// Whether it is published: 1 call.
pub async fn look(context: &Context, id: &AdvisoryId) -> Result<Found, Error> {
    let (state, _) = seen(context, id).await?;
    Ok(match state.was_published() {
        true => Found::Done(Outcome::Done),
        false => Found::Not,
    })
}

/// Publishes a draft, with the released version where its only entry for a package of
/// the release names no patched one: 2 calls. What keeps the bot from it is no failure:
/// a person does it. Whether it is so is read again (`Slot::changes`).
pub async fn publish(
    context: &Context,
    id: &AdvisoryId,
    fixed: &[OnRegistry],
) -> Result<Outcome, Error> {
    let (state, advisory) = seen(context, id).await?;
    if state.was_published() {
        return Ok(Outcome::Done);
    }
    let Some(advisory) = advisory.filter(|_| state == AdvisoryState::Draft) else {
        return Ok(Outcome::AdvisoryKept { state });
    };
    let filled = filled(&advisory.vulnerabilities, fixed);
    let patch = AdvisoryPatch {
        state: PUBLISHED,
        vulnerabilities: filled.as_deref(),
    };
    match context.repo.update_advisory(id.as_str(), &patch).await {
        Ok(_) => Ok(Outcome::Done),
        Err(
            Error::Forbidden { .. } | Error::NotFound | Error::Invalid { .. } | Error::Conflict(_),
        ) => Ok(Outcome::AdvisoryKept { state }),
        Err(other) => Err(other),
    }
}

async fn seen(
    context: &Context,
    id: &AdvisoryId,
) -> Result<(AdvisoryState, Option<Advisory>), Error> {
    let there = match context.repo.advisory(id.as_str()).await {
        Ok(there) => there,
        // An App without the right is told so, or told nothing.
        Err(Error::Forbidden { .. }) => None,
        Err(other) => return Err(other),
    };
    let state = there.as_ref().map_or(AdvisoryState::Hidden, state);
    Ok((state, there))
}

fn state(advisory: &Advisory) -> AdvisoryState {
    match advisory.state.as_str() {
        "triage" => AdvisoryState::Triage,
        "draft" => AdvisoryState::Draft,
        PUBLISHED => AdvisoryState::Published,
        "closed" => AdvisoryState::Closed,
        "withdrawn" => AdvisoryState::Withdrawn,
        _ => AdvisoryState::Other,
    }
}

/// All entries, with the released versions filled in; none: nothing is to be filled in,
/// or the entries cannot be sent as they are. Of several entries for a package only a
/// person knows which range the release ends.
fn filled(all: &[Vulnerability], fixed: &[OnRegistry]) -> Option<Vec<Vulnerability>> {
    if all.iter().any(|it| it.package.is_none()) {
        return None;
    }
    let mut filled = all.to_vec();
    for one in fixed {
        let mut its = filled.iter_mut().filter(|it| is_of(it, one));
        let (Some(entry), None) = (its.next(), its.next()) else {
            continue;
        };
        let named = entry.patched_versions.as_deref();
        if named.is_none_or(|it| it.trim().is_empty()) {
            entry.patched_versions = Some(one.version.clone());
        }
    }
    (filled != all).then_some(filled)
}

/// Whether an entry is about this package.
fn is_of(entry: &Vulnerability, one: &OnRegistry) -> bool {
    let Some(package) = entry.package.as_ref() else {
        return false;
    };
    let name = package.name.as_deref().unwrap_or_default();
    Some(package.ecosystem.as_str()) == ecosystem(one.registry)
        && match one.registry {
            RegistryKind::Pypi => normal(name) == normal(&one.package),
            _ => name == one.package,
        }
}

/// A name of PyPI's, as it compares them. (PyPA: names and normalization.)
fn normal(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|it| !it.is_empty());
    let parts: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
    parts.join("-")
}

/// What GitHub calls a registry in advisories; none: it knows no advisories of it.
/// (GitHub: REST, `security-advisory-ecosystems`.)
fn ecosystem(registry: RegistryKind) -> Option<&'static str> {
    match registry {
        RegistryKind::CratesIo => Some("rust"),
        RegistryKind::Npm => Some("npm"),
        RegistryKind::Pypi => Some("pip"),
        RegistryKind::Gem => Some("rubygems"),
        RegistryKind::Go => Some("go"),
        RegistryKind::Maven => Some("maven"),
        RegistryKind::Oci | RegistryKind::Helm => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::github::ops::AdvisedPackage;

    fn entry(ecosystem: &str, name: &str, patched: Option<&str>) -> Vulnerability {
        Vulnerability {
            package: Some(AdvisedPackage {
                ecosystem: ecosystem.to_owned(),
                name: Some(name.to_owned()),
            }),
            vulnerable_version_range: Some("< 9".to_owned()),
            patched_versions: patched.map(str::to_owned),
            vulnerable_functions: Some(vec!["f".to_owned()]),
        }
    }

    fn on(registry: RegistryKind, package: &str) -> OnRegistry {
        OnRegistry {
            registry,
            package: package.to_owned(),
            version: "1.0.5".to_owned(),
        }
    }

    #[test]
    fn patched_versions_are_filled_in_where_nobody_named_any() {
        let fixed = [
            on(RegistryKind::CratesIo, "lantern"),
            on(RegistryKind::Pypi, "Lan_tern"),
        ];
        let other = entry("npm", "lantern", None);
        let all = [
            entry("rust", "lantern", Some(" ")),
            entry("pip", "lan.tern", None),
            other.clone(),
        ];
        let filled = filled(&all, &fixed).unwrap();
        assert!(filled[0] == entry("rust", "lantern", Some("1.0.5")));
        assert!(filled[1] == entry("pip", "lan.tern", Some("1.0.5")));
        assert!(filled[2] == other, "what was not released stays");
    }

    #[test]
    fn what_people_named_stays_and_so_does_what_they_alone_can_tell() {
        let fixed = [on(RegistryKind::CratesIo, "lantern")];
        let named = entry("rust", "lantern", Some("1.0.4.1"));
        let empty = entry("rust", "lantern", None);
        let unnamed = Vulnerability::default();
        for all in [
            vec![],
            vec![named.clone()],
            vec![named, empty.clone()],
            vec![empty.clone(), empty.clone()],
            vec![entry("rust", "other", None)],
            vec![empty, unnamed],
        ] {
            assert!(filled(&all, &fixed).is_none());
        }
    }
}
