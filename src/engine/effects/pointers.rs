//! Tags beside the release's: made on the released commit, or moved to it and back.
//! They are moved only from where they were seen to stand.

use super::{Context, Found, found, refused, tag};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::{Observation, Pointer};
use crate::github::Error;
use crate::github::ops::{CreateRef, RefUpdate, UpdateRefs};

/// Where one is to lead.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// Its name.
    pub tag: &'a str,
    /// The commit.
    pub commit: &'a Sha,
    /// What its ref named before; none: there was none.
    pub was: Option<&'a Sha>,
}

impl<'a> Wanted<'a> {
    /// This tag, on this commit.
    pub fn of(tag: &'a str, commit: &'a Sha, was: Option<&'a Sha>) -> Self {
        Wanted { tag, commit, was }
    }
}

/// What these tags are: 1 call each, 2 for an annotated one.
pub async fn read(context: &Context, names: &[String]) -> Result<Outcome, Error> {
    let mut all = Vec::new();
    for name in names {
        let name = name.clone();
        let at = tag::find(context, &name).await?;
        all.push(Pointer { name, at });
    }
    Ok(Outcome::seen(Observation::Pointers(all)))
}

/// Whether it leads to the commit: 1 or 2 calls.
pub async fn look(context: &Context, wanted: Wanted<'_>) -> Result<Found, Error> {
    let Wanted { tag, commit, was } = wanted;
    Ok(match tag::find(context, tag).await? {
        Some(at) if at.commit == *commit => Found::Done(Outcome::Pointed {
            tag: tag.to_owned(),
            was: was.cloned(),
            object: at.object,
        }),
        None if was.is_none() => Found::Not,
        Some(at) if Some(&at.object) == was => Found::Not,
        Some(at) => Found::Other(format!(
            "the tag {tag} is on {} by now: it is left there",
            at.commit.short()
        )),
        None => Found::Other(format!("the tag {tag} is gone")),
    })
}

/// Makes it, or moves it: 1 to 3 calls, 2 more where it is not as it was.
pub async fn point(
    context: &Context,
    wanted: Wanted<'_>,
    message: Option<&str>,
) -> Result<Outcome, Error> {
    let Wanted { tag, commit, was } = wanted;
    let object = match message {
        Some(message) => {
            let made = context.repo.create_tag(tag, message, commit.as_str());
            Sha::new(made.await?.sha)
        }
        None => commit.clone(),
    };
    let done = Outcome::Pointed {
        tag: tag.to_owned(),
        was: was.cloned(),
        object: object.clone(),
    };
    let words = match was {
        Some(was) => match shift(context, tag, was, &object).await? {
            None => return Ok(done),
            Some(words) => words,
        },
        None => {
            let name = format!("tags/{tag}");
            match context.repo.create_ref(&name, object.as_str()).await? {
                CreateRef::Created(_) => return Ok(done),
                CreateRef::Exists => format!("GitHub says that the tag {tag} exists"),
            }
        }
    };
    let look = look(context, wanted).await?;
    Ok(found(look, || refused(words)))
}

/// Moves a tag from one object to another: 1 call. Why it was refused, in words,
/// where it was.
async fn shift(
    context: &Context,
    tag: &str,
    from: &Sha,
    to: &Sha,
) -> Result<Option<String>, Error> {
    let repository = context.node_id().await?;
    let name = format!("refs/tags/{tag}");
    let moved = RefUpdate {
        name: &name,
        before_oid: from.as_str(),
        after_oid: to.as_str(),
        force: true,
    };
    Ok(
        match context.repo.update_refs(&repository, &[moved]).await? {
            UpdateRefs::Updated => None,
            UpdateRefs::Refused(words) => Some(words),
        },
    )
}

/// Whether it names the object again: 1 or 2 calls.
pub async fn look_back(
    context: &Context,
    tag: &str,
    object: &Sha,
    from: &Sha,
) -> Result<Found, Error> {
    Ok(match tag::find(context, tag).await? {
        Some(at) if at.object == *object => Found::Done(Outcome::Done),
        Some(at) if at.object == *from => Found::Not,
        Some(at) => Found::Other(format!(
            "the tag {tag} is on {} by now: it is left there",
            at.commit.short()
        )),
        None => Found::Other(format!("the tag {tag} is gone")),
    })
}

/// Moves it back: 2 calls, 2 more where it is not as it was.
pub async fn back(
    context: &Context,
    tag: &str,
    object: &Sha,
    from: &Sha,
) -> Result<Outcome, Error> {
    match shift(context, tag, from, object).await? {
        None => Ok(Outcome::Done),
        Some(words) => {
            let look = look_back(context, tag, object, from).await?;
            Ok(found(look, || refused(words)))
        }
    }
}
