//! The release tag: read in two hops, made as an annotated tag.

use super::{Context, Found, found, refs, refused};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::{Observation, StandingTag, Tag};
use crate::github::Error;
use crate::github::ops::{CreateRef, GitObject};

/// A tag may tag a tag; nobody nests deeper than this.
const HOPS: usize = 5;

/// What the tag is, or that there is none: 1 call, 2 for an annotated one.
pub async fn read(context: &Context, tag: &str) -> Result<Outcome, Error> {
    let tag = find(context, tag).await?;
    Ok(Outcome::seen(Observation::Tag(tag)))
}

/// The commit that a tag of this name leads to: 1 call, 2 for an annotated one.
pub async fn commit(context: &Context, tag: &str) -> Result<Option<Sha>, Error> {
    Ok(find(context, tag).await?.map(|tag| tag.commit))
}

/// What the tag of this name is; none where there is none: 1 call, 2 for an
/// annotated one.
pub(super) async fn find(context: &Context, tag: &str) -> Result<Option<Tag>, Error> {
    match context.repo.git_ref(&format!("tags/{tag}")).await? {
        Some(found) => peel(context, &found.object).await.map(Some),
        None => Ok(None),
    }
}

/// What the tag is if it is not what it was: 1 call where it is.
pub async fn other(context: &Context, was: &StandingTag) -> Result<Option<Option<Tag>>, Error> {
    Ok(
        match context.repo.git_ref(&format!("tags/{}", was.tag)).await? {
            Some(found) if found.object.sha == was.object.as_str() => None,
            Some(found) => Some(Some(peel(context, &found.object).await?)),
            None => Some(None),
        },
    )
}

/// The commit behind what a tag's ref names: 1 call for each tag object.
pub async fn peel(context: &Context, named: &GitObject) -> Result<Tag, Error> {
    let mut object = named.clone();
    for _ in 0..HOPS {
        if object.kind != "tag" {
            break;
        }
        let named = context.repo.tagged(&object.sha).await?;
        object = named.ok_or(Error::NotFound)?;
    }
    if object.kind != "commit" {
        return Err(Error::invalid(format!(
            "the tag leads to a {}, expected a commit",
            object.kind
        )));
    }
    Ok(Tag {
        object: Sha::new(named.sha.clone()),
        commit: Sha::new(object.sha),
        annotated: named.kind == "tag",
    })
}

/// Makes the tag's object and then its ref: 2 calls, 2 more where there is such
/// a tag already. The object alone is seen by nobody.
pub async fn create(
    context: &Context,
    tag: &str,
    commit: &Sha,
    message: &str,
) -> Result<Outcome, Error> {
    let made = context
        .repo
        .create_tag(tag, message, commit.as_str())
        .await?;
    let name = format!("tags/{tag}");
    let created = match context.repo.create_ref(&name, &made.sha).await {
        Err(error @ Error::Invalid { .. }) => {
            return match refs::in_the_way(context, "tag", tag).await? {
                Some(words) => Ok(refused(words)),
                None => Err(error),
            };
        }
        created => created?,
    };
    match created {
        CreateRef::Created(_) => Ok(Outcome::Tagged(Tag {
            object: Sha::new(made.sha),
            commit: commit.clone(),
            annotated: true,
        })),
        CreateRef::Exists => {
            let look = look(context, tag, commit).await?;
            Ok(found(look, || {
                refused(format!(
                    "GitHub says that the tag {tag} exists, but has none"
                ))
            }))
        }
    }
}

/// Whether the tag stands, annotated, on the commit: 1 or 2 calls.
pub async fn look(context: &Context, tag: &str, commit: &Sha) -> Result<Found, Error> {
    Ok(match find(context, tag).await? {
        None => Found::Not,
        Some(there) if there.commit != *commit => Found::Other(format!(
            "the tag {tag} exists and is on {}, not on {}",
            there.commit.short(),
            commit.short()
        )),
        Some(there) if !there.annotated => Found::Other(format!(
            "the tag {tag} exists on the right commit, but is a lightweight tag"
        )),
        Some(there) => Found::Done(Outcome::Tagged(there)),
    })
}
