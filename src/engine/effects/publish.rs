//! What is published: the GitHub release with its notes, and the registry.

use super::convert::{self, notes_to_write, notes_were};
use super::{Context, Found};
use crate::domain::event::Outcome;
use crate::domain::ids::fingerprint;
use crate::domain::objects::{Built, NotesWere, Observation, Origin, Part, RegistryVersion};
use crate::github::Error;
use crate::github::ops::ReleasePatch;

/// The release of a tag: 2 calls where it is published (is it Latest?), 1 for a
/// prerelease (which never is), else 2 (drafts stand in the list only).
pub async fn read_release(context: &Context, tag: &str) -> Result<Outcome, Error> {
    let release = match context.repo.release_by_tag(tag).await? {
        Some(found) => {
            let mut release = convert::release(&found);
            if !found.draft && !found.prerelease {
                let latest = context.repo.latest_release().await?;
                release.latest = latest.is_some_and(|latest| latest.id == found.id);
            }
            Some(release)
        }
        None => {
            let newest = context.repo.releases(1).await?;
            newest
                .iter()
                .find(|release| release.tag_name == tag)
                .map(convert::release)
        }
    };
    Ok(Outcome::seen(Observation::Release(release)))
}

/// Puts the block into the notes: 2 calls, 1 where it stands there already.
pub async fn write_notes(
    context: &Context,
    release: u64,
    tag: &str,
    block: &str,
) -> Result<Outcome, Error> {
    let id = convert::id(release)?;
    let there = context.repo.release(id).await?.ok_or(Error::NotFound)?;
    let was = notes_were(&there.body, block);
    if let Some(body) = notes_to_write(&there.body, block) {
        let patch = ReleasePatch {
            tag_name: tag,
            body: Some(&body),
            ..ReleasePatch::default()
        };
        context.repo.update_release(id, &patch).await?;
    }
    Ok(written(block, Some(was)))
}

/// Whether the notes hold the block: 1 call.
pub async fn look_notes(context: &Context, release: u64, block: &str) -> Result<Found, Error> {
    Ok(match context.repo.release(convert::id(release)?).await? {
        Some(there) if notes_to_write(&there.body, block).is_none() => {
            Found::Done(written(block, None))
        }
        Some(_) => Found::Not,
        None => Found::Other("the release is gone".to_owned()),
    })
}

fn written(block: &str, was: Option<NotesWere>) -> Outcome {
    Outcome::NotesWritten {
        was,
        hash: fingerprint(block),
    }
}

/// The version on the registry: 2 calls to it a package, none to GitHub; and the
/// package's file once, as long as it is the one that is `known`.
pub async fn read_registry(
    context: &Context,
    (package, version): (&str, &str),
    with: impl Iterator<Item = (&String, &String)>,
    known: &[Built],
) -> Result<Outcome, Error> {
    let Some(mut all) = read_version(context, package, version, known).await? else {
        return Ok(Outcome::seen(Observation::Registry(None)));
    };
    for (other, version) in with {
        // Half of it is not it: the whole is there when every part is.
        let Some(one) = read_version(context, other, version, known).await? else {
            return Ok(Outcome::seen(Observation::Registry(None)));
        };
        all.yanked |= one.yanked;
        all.indexed &= one.indexed;
        all.built.extend(one.built);
    }
    Ok(Outcome::seen(Observation::Registry(Some(all))))
}

async fn read_version(
    context: &Context,
    package: &str,
    version: &str,
    known: &[Built],
) -> Result<Option<RegistryVersion>, Error> {
    let registry = context.registry.crates_io();
    let found = registry.version(package, version).await;
    let Some(fact) = found.map_err(convert::registry_error)? else {
        return Ok(None);
    };
    let same = |built: &&Built| {
        built.package == package
            && built.checksum == fact.checksum
            && !matches!(built.origin, Origin::Unread | Origin::Altered)
    };
    let origin = match known.iter().find(same) {
        Some(built) => built.origin.clone(),
        None => {
            let origin = registry.origin(&fact, package).await;
            origin.map_err(convert::registry_error)?
        }
    };
    let built = Built {
        package: package.to_owned(),
        checksum: fact.checksum.clone(),
        origin,
    };
    Ok(Some(RegistryVersion {
        yanked: fact.yanked,
        checksum: fact.checksum,
        indexed: fact.in_index,
        url: registry.page(package, version),
        built: vec![built],
    }))
}

/// The packages on the registry, one by one: 2 calls to it each, none to GitHub.
pub async fn read_parts(
    context: &Context,
    packages: &[(String, String)],
) -> Result<Outcome, Error> {
    let mut parts = Vec::new();
    for (package, version) in packages {
        let found = context.registry.crates_io().version(package, version).await;
        let found = found.map_err(convert::registry_error)?;
        parts.push(Part {
            package: package.clone(),
            version: version.clone(),
            there: found.is_some(),
            yanked: found.is_some_and(|fact| fact.yanked),
        });
    }
    Ok(Outcome::seen(Observation::Parts(parts)))
}
