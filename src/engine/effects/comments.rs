//! The bot's comments on the issue, and its reactions.

use super::{Context, Found, convert};
use crate::domain::event::{Outcome, print};
use crate::domain::ids::{Millis, fingerprint};
use crate::domain::objects::{CommentKind, Page, Reaction, Shown, WordRead};
use crate::github::{Error, ops};

/// Writes a comment, or replaces the body of the one with this id: 1 call. A
/// comment that somebody deleted is told, not written anew.
pub async fn write(
    context: &Context,
    kind: CommentKind,
    id: Option<u64>,
    body: &str,
    shown: Option<&Shown>,
) -> Result<Outcome, Error> {
    let written = match id {
        None => {
            let number = place(context, kind.elsewhere())?;
            context.repo.create_comment(number, body).await
        }
        Some(id) => match context.repo.update_comment(convert::id(id)?, body).await {
            Err(Error::NotFound) => return Ok(Outcome::CommentGone { kind }),
            written => written,
        },
    };
    let comment = written?;
    // Of the text that was sent: what GitHub makes of it is no change of ours.
    Ok(stands(kind, &comment, body, shown))
}

/// Writes an answer to where it was asked, which nobody edits later: 1 call.
pub async fn reply(context: &Context, pull: Option<u64>, body: &str) -> Result<Outcome, Error> {
    let number = place(context, pull)?;
    context.repo.create_comment(number, body).await?;
    Ok(Outcome::Done)
}

/// Whether the answer stands: 1 call for each 100 comments.
pub async fn look_reply(
    context: &Context,
    pull: Option<u64>,
    marker: &str,
) -> Result<Found, Error> {
    let number = place(context, pull)?;
    let comments = context.repo.comments(number, None).await?;
    let stands = ours(&comments, marker, |login| context.is_bot(login)).is_some();
    Ok(match stands {
        true => Found::Done(Outcome::Done),
        false => Found::Not,
    })
}

fn place(context: &Context, pull: Option<u64>) -> Result<i64, Error> {
    pull.map_or(Ok(context.issue), convert::id)
}

/// Reacts to a comment: 1 call. A reaction to a comment that was deleted
/// meanwhile can never be given, and nobody misses it.
pub async fn react(context: &Context, comment: u64, reaction: Reaction) -> Result<Outcome, Error> {
    match context
        .repo
        .react(convert::id(comment)?, reaction.word())
        .await
    {
        Ok(()) | Err(Error::NotFound) => Ok(Outcome::Done),
        Err(error) => Err(error),
    }
}

/// Whether the comment stands. To be edited: 1 call, its body is compared. To
/// be written: the issue's comments (1 call for each 100), the oldest of the
/// bot's that begins with the marker counts, with whatever body it has.
pub async fn look(
    context: &Context,
    kind: CommentKind,
    id: Option<u64>,
    marker: &str,
    body: &str,
    shown: Option<&Shown>,
) -> Result<Found, Error> {
    if let Some(id) = id {
        return Ok(match context.repo.comment(convert::id(id)?).await? {
            Some(comment) if same(&comment.body, body) => {
                Found::Done(stands(kind, &comment, body, shown))
            }
            Some(_) => Found::Not,
            None => Found::Done(Outcome::CommentGone { kind }),
        });
    }
    let number = place(context, kind.elsewhere())?;
    let comments = context.repo.comments(number, None).await?;
    Ok(
        match ours(&comments, marker, |login| context.is_bot(login)) {
            Some(comment) if same(&comment.body, body) => {
                Found::Done(stands(kind, comment, body, shown))
            }
            Some(comment) => Found::Done(stands(kind, comment, &comment.body, None)),
            None => Found::Not,
        },
    )
}

/// The oldest comment of the bot's that begins with the marker.
fn ours<'c>(
    comments: &'c [ops::Comment],
    marker: &str,
    is_bot: impl Fn(&str) -> bool,
) -> Option<&'c ops::Comment> {
    comments
        .iter()
        .filter(|comment| comment.body.trim_start().starts_with(marker))
        .filter(|comment| comment.user.as_ref().is_some_and(|u| is_bot(&u.login)))
        .min_by_key(|comment| comment.id)
}

/// Whether two bodies are one, line breaks and outer space aside.
fn same(there: &str, wanted: &str) -> bool {
    let plain = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    plain(there) == plain(wanted)
}

/// A comment with commands as it stands now: 1 call.
pub async fn read_word(context: &Context, comment: u64) -> Result<Outcome, Error> {
    let found = context.repo.comment(convert::id(comment)?).await?;
    Ok(Outcome::Word(match found {
        Some(comment) => WordRead::Stands(print(&comment.body)),
        None => WordRead::Gone,
    }))
}

fn stands(kind: CommentKind, comment: &ops::Comment, body: &str, shown: Option<&Shown>) -> Outcome {
    Outcome::CommentWritten {
        kind,
        id: convert::count(comment.id),
        url: comment.html_url.clone(),
        hash: fingerprint(body),
        page: shown.map(|shown| {
            Box::new(Page {
                // Where GitHub does not say when, nobody can be thought to have seen it.
                at: comment.updated_at.unwrap_or(Millis::MAX),
                shown: shown.clone(),
            })
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_of_ours_with_the_marker_counts() {
        let comment = |id, login: &str, body: &str| ops::Comment {
            id,
            body: body.into(),
            user: Some(ops::Actor {
                login: login.into(),
                ..ops::Actor::default()
            }),
            ..ops::Comment::default()
        };
        let comments = [
            comment(1, "someone", "<!-- m:1 -->\nx"),
            comment(9, "bot[bot]", "<!-- m:1 -->\nlater"),
            comment(5, "bot[bot]", "<!-- m:1 -->\nours"),
            comment(2, "bot[bot]", "quoted: <!-- m:1 -->"),
            comment(3, "bot[bot]", "<!-- m:12 -->"),
        ];
        let found = ours(&comments, "<!-- m:1 -->", |login| login == "bot[bot]");
        assert_eq!(found.map(|c| c.id), Some(5));
        assert!(ours(&comments, "<!-- m:3 -->", |_| true).is_none());
        assert!(same("a\r\nb\n", "a\nb") && !same("a", "b"));
    }
}
