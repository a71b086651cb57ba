//! What is published: the GitHub release with its notes, and the registry.

use super::convert::{self, notes_to_write, notes_were};
use super::{Context, Found};
use crate::domain::event::Outcome;
use crate::domain::ids::fingerprint;
use crate::domain::objects::{
    self, Built, NotesWere, Observation, OnRegistry, Origin, Part, RegistryKind, RegistryVersion,
};
use crate::github::Error;
use crate::github::ops::ReleasePatch;
use crate::registry::{Asked, Published};

/// The release of a tag: 1 call where it is Latest, 2 where it is a prerelease, 3
/// where it is published and another one is Latest, else 3 (drafts stand in the list
/// only).
pub async fn read_release(context: &Context, tag: &str) -> Result<Outcome, Error> {
    // Latest is told whole: most releases are, once they are out.
    let latest = context.repo.latest_release().await?;
    if let Some(found) = latest.filter(|it| it.tag_name == tag && !it.draft) {
        let release = objects::Release {
            latest: true,
            ..convert::release(&found)
        };
        return Ok(Outcome::seen(Observation::Release(Some(release))));
    }
    let release = match context.repo.release_by_tag(tag).await? {
        Some(found) => {
            let mut release = convert::release(&found);
            if !found.draft && !found.prerelease {
                // It may have come between the two answers.
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

/// Opens the release's discussion: 1 call; 2 where GitHub does not.
pub async fn discuss(
    context: &Context,
    release: u64,
    tag: &str,
    category: &str,
) -> Result<Outcome, Error> {
    let id = convert::id(release)?;
    let patch = ReleasePatch {
        tag_name: tag,
        discussion_category_name: Some(category),
        ..ReleasePatch::default()
    };
    match context.repo.update_release(id, &patch).await {
        Ok(there) => Ok(Outcome::Discussed {
            url: there.discussion_url,
        }),
        // The same for a category that there is not, for a right that is missing, and
        // for a release that is gone. (GitHub: 404 as well without Discussions.)
        Err(Error::NotFound) => match context.repo.release(id).await? {
            Some(there) => Ok(Outcome::Discussed {
                url: there.discussion_url,
            }),
            None => Err(Error::NotFound),
        },
        Err(other) => Err(other),
    }
}

/// Whether the release has a discussion: 1 call.
pub async fn look_discussed(context: &Context, release: u64) -> Result<Found, Error> {
    Ok(match context.repo.release(convert::id(release)?).await? {
        Some(there) if there.discussion_url.is_some() => Found::Done(Outcome::Discussed {
            url: there.discussion_url,
        }),
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

/// The versions on their registries: some calls to each of them, none to GitHub; and
/// the package's file once, as long as it is the one that is `known`. Of the `base`
/// release the files are asked for, to be held against those of this version.
pub async fn read_registry(
    context: &Context,
    wanted: &[OnRegistry],
    base: (&str, &str),
    known: &[Built],
) -> Result<Outcome, Error> {
    let mut all: Option<RegistryVersion> = None;
    for one in wanted {
        // Half of it is not it: the whole is there when every part is.
        let Some(one) = read_version(context, one, base, known).await? else {
            return Ok(Outcome::seen(Observation::Registry(None)));
        };
        match &mut all {
            None => all = Some(one),
            Some(all) => {
                all.yanked |= one.yanked;
                all.indexed &= one.indexed;
                all.built.extend(one.built);
                all.missing.extend(one.missing);
                all.latest.extend(one.latest);
            }
        }
    }
    Ok(Outcome::seen(Observation::Registry(all)))
}

/// A package at a version, as the registries are asked for it.
fn asked<'a>(context: &'a Context, one: &'a OnRegistry) -> Asked<'a> {
    Asked {
        registry: one.registry,
        name: &one.package,
        version: &one.version,
        by: (context.repo.owner(), context.repo.name()),
    }
}

async fn read_version(
    context: &Context,
    one: &OnRegistry,
    base: (&str, &str),
    known: &[Built],
) -> Result<Option<RegistryVersion>, Error> {
    let (registry, package) = (&context.registry, &one.package);
    let of = asked(context, one);
    let found = registry.version(of).await;
    let known: Vec<&Built> = known.iter().filter(|it| it.package == *package).collect();
    let Some(fact) = found.map_err(convert::registry_error)? else {
        // What RubyGems has yanked is not there any more.
        let gone = one.registry == RegistryKind::Gem && !known.is_empty();
        return Ok(gone.then(|| RegistryVersion {
            yanked: true,
            indexed: true,
            url: registry.page(of),
            built: known.into_iter().cloned().collect(),
            ..RegistryVersion::default()
        }));
    };
    let checksum = fact.checksum();
    let same = |built: &&&Built| {
        built.checksum == checksum && !matches!(built.origin, Origin::Unread | Origin::Altered)
    };
    let origin = match known.iter().find(same) {
        Some(built) => built.origin.clone(),
        None => {
            let origin = registry.origin(of, &fact).await;
            origin.map_err(convert::registry_error)?
        }
    };
    let missing = missing(context, one, base, &fact).await?;
    let built = Built {
        package: package.clone(),
        checksum: checksum.clone(),
        origin,
    };
    let latest = fact.pointer.filter(|_| one.registry == RegistryKind::Npm);
    Ok(Some(RegistryVersion {
        yanked: fact.withdrawn,
        checksum,
        indexed: fact.listed,
        url: registry.page(of),
        built: vec![built],
        missing,
        latest: latest.map(|it| (package.clone(), it)).into_iter().collect(),
    }))
}

/// The files that the base release has there, its version replaced, and this one
/// lacks: of PyPI and RubyGems, where a release has one a platform.
async fn missing(
    context: &Context,
    one: &OnRegistry,
    (base, version): (&str, &str),
    fact: &Published,
) -> Result<Vec<String>, Error> {
    let of_files = matches!(one.registry, RegistryKind::Pypi | RegistryKind::Gem);
    // What was raised on its own has another base.
    if !of_files || base.is_empty() || one.version != version {
        return Ok(Vec::new());
    }
    let before = OnRegistry {
        version: base.to_owned(),
        ..one.clone()
    };
    let before = context.registry.version(asked(context, &before)).await;
    let Some(before) = before.map_err(convert::registry_error)? else {
        return Ok(Vec::new());
    };
    let (old, new) = (format!("-{}", before.version), format!("-{}", fact.version));
    let wanted = before
        .files
        .iter()
        .map(|file| file.name.replacen(&old, &new, 1));
    let there = |name: &String| fact.files.iter().any(|file| file.name == *name);
    Ok(wanted.filter(|name| !there(name)).collect())
}

/// The packages on their registries, one by one: none of GitHub's calls.
pub async fn read_parts(
    context: &Context,
    packages: &[(String, String)],
    registries: &[RegistryKind],
) -> Result<Outcome, Error> {
    let mut parts = Vec::new();
    for (nth, (package, version)) in packages.iter().enumerate() {
        let one = OnRegistry {
            registry: registries.get(nth).copied().unwrap_or_default(),
            package: package.clone(),
            version: version.clone(),
        };
        let found = context.registry.version(asked(context, &one)).await;
        let found = found.map_err(convert::registry_error)?;
        parts.push(Part {
            registry: one.registry,
            package: one.package,
            version: one.version,
            there: found.is_some(),
            yanked: found.is_some_and(|fact| fact.withdrawn),
        });
    }
    Ok(Outcome::seen(Observation::Parts(parts)))
}
