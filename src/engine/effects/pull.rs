//! The pull request: read, opened as a draft, made ready, merged.

use std::collections::BTreeMap;

use super::files::text;
use super::{Context, Found, convert, found, issue, refused, said_no, tag};
use crate::domain::event::Outcome;
use crate::domain::ids::{Person, Sha, fingerprint};
use crate::domain::objects::{MergeMethod, Observation, Pull, PullKind, Review, StandingTag};
use crate::edits::three_way::has_markers;
use crate::github::Error;
use crate::github::ops::{self, CreatePull, MergeOutcome, MergePull, NewPull, PullPatch};

/// Begins the title where the repository's plan has no drafts.
const NO_DRAFTS: &str = "DO NOT MERGE: ";

/// The pull request: 1 call, 1 for each file of its head that is looked through
/// for conflict markers while it is open, and 1 for the tree of its merge, where
/// that is wanted and GitHub has it by now.
pub async fn read(
    context: &Context,
    number: u64,
    marked: &[String],
    tree: bool,
) -> Result<Pull, Error> {
    let mut pull = convert::pull(&look_at(context, number).await?);
    if let Some(merge) = pull.merge_commit.as_ref().filter(|_| tree) {
        pull.merge_tree = context.repo.tree_of(merge.as_str()).await?.map(Sha::new);
    }
    for path in marked.iter().filter(|_| pull.open) {
        let text = text(context, path, &pull.head).await?;
        if text.is_some_and(|text| has_markers(&text)) {
            pull.marked.push(path.clone());
        }
    }
    Ok(pull)
}

/// The pull request as GitHub has it: 1 call. One of another repository is none
/// of ours, whatever its number.
pub async fn look_at(context: &Context, number: u64) -> Result<ops::Pull, Error> {
    let pull = context.repo.pull(convert::id(number)?).await?;
    let pull = pull.ok_or(Error::NotFound)?;
    match pull.base.repo.as_ref() {
        Some(repo) => context.is_ours(repo.id).map(|()| pull),
        None => Ok(pull),
    }
}

/// Its reviews, oldest first: 1 call for each 100, and 1 for each person who
/// approved or asked for changes.
pub async fn read_reviews(context: &Context, number: u64) -> Result<Outcome, Error> {
    let told = context.repo.reviews(convert::id(number)?).await?;
    let mut writers: BTreeMap<u64, bool> = BTreeMap::new();
    let mut reviews = Vec::new();
    for review in told {
        let state = review.state.to_uppercase();
        let user = review.user.unwrap_or_default();
        let bot = !user.is_person();
        let who = Person::new(convert::count(user.id), user.login);
        let judges = !bot && matches!(state.as_str(), "APPROVED" | "CHANGES_REQUESTED");
        if judges && !writers.contains_key(&who.id) {
            let may = issue::may_write(context, &who).await?;
            writers.insert(who.id, may);
        }
        reviews.push(Review {
            may_write: judges && writers.get(&who.id).copied().unwrap_or(false),
            id: who.id,
            login: who.login,
            bot,
            state,
            commit: Sha::new(review.commit_id),
            url: review.html_url,
        });
    }
    Ok(Outcome::seen(Observation::Reviews(reviews)))
}

/// Opens a draft, or one that is ready: 1 call; 1 more where there is one already, or where the
/// repository's plan has no drafts.
pub async fn open(
    context: &Context,
    head: &str,
    base: &str,
    title: &str,
    body: &str,
    ready: bool,
) -> Result<Outcome, Error> {
    let mut new = NewPull {
        title,
        head,
        base,
        body,
        draft: !ready,
    };
    let marked = format!("{NO_DRAFTS}{title}");
    let mut made = context.repo.create_pull(&new).await?;
    if made == CreatePull::NoDrafts {
        new.title = &marked;
        new.draft = false;
        made = context.repo.create_pull(&new).await?;
    }
    match made {
        CreatePull::Created(pull) => Ok(opened(&pull)),
        CreatePull::Exists => {
            let look = look_opened(context, head, base).await?;
            Ok(found(look, || {
                refused(format!(
                    "GitHub says that there is a pull request of {head}, but lists none"
                ))
            }))
        }
        CreatePull::NoCommits => Ok(refused(format!("{head} has no commit that {base} has not"))),
        CreatePull::NoDrafts => Ok(refused("GitHub opens no pull request here")),
    }
}

/// Whether there is a pull request of the branch: 1 call. An open one counts,
/// whoever opened it; else our own, closed meanwhile.
pub async fn look_opened(context: &Context, head: &str, base: &str) -> Result<Found, Error> {
    let mut pulls = context.repo.pulls_of_head(head).await?;
    // The filter names an owner and a branch: a fork within the organisation has both.
    pulls.retain(|pull| {
        let repo = pull.head.repo.as_ref();
        repo.is_none_or(|repo| context.is_ours(repo.id).is_ok())
    });
    Ok(choose(&pulls, base, |login| context.is_bot(login)))
}

/// The pull request of the branch among all of them, newest first.
fn choose(pulls: &[ops::Pull], base: &str, is_bot: impl Fn(&str) -> bool) -> Found {
    let mut to_base = pulls.iter().filter(|pull| pull.base.name == base);
    if let Some(open) = to_base.clone().find(|pull| pull.state == "open") {
        return Found::Done(opened(open));
    }
    let is_ours = |pull: &&ops::Pull| pull.user.as_ref().is_some_and(|u| is_bot(&u.login));
    match to_base.find(is_ours) {
        Some(ours) => Found::Done(opened(ours)),
        None => Found::Not,
    }
}

fn opened(pull: &ops::Pull) -> Outcome {
    Outcome::PullOpened {
        number: convert::count(pull.number),
        pull: convert::pull(pull),
    }
}

/// Makes it say this of itself, where people left it a part of ours: 1 call to look,
/// and 1 where it says something else.
pub async fn describe(
    context: &Context,
    number: u64,
    title: Option<&str>,
    body: &str,
) -> Result<Outcome, Error> {
    let there = look_at(context, number).await?;
    if let Some(patch) = to_describe(&there, title, body) {
        context
            .repo
            .update_pull(convert::id(number)?, &patch)
            .await?;
    }
    Ok(described(title, body))
}

/// Whether it says so: 1 call.
pub async fn look_described(
    context: &Context,
    number: u64,
    title: Option<&str>,
    body: &str,
) -> Result<Found, Error> {
    let there = look_at(context, number).await?;
    Ok(match to_describe(&there, title, body) {
        Some(_) => Found::Not,
        None => Found::Done(described(title, body)),
    })
}

/// What is to be changed of one that is open.
fn to_describe(there: &ops::Pull, title: Option<&str>, body: &str) -> Option<PullPatch> {
    let marked = |title: &str| match there.title.starts_with(NO_DRAFTS) {
        true => format!("{NO_DRAFTS}{title}"),
        false => title.to_owned(),
    };
    let title = title.map(marked).filter(|title| *title != there.title);
    let body = convert::body_to_write(&there.body, body);
    let patch = PullPatch {
        title,
        body,
        ..PullPatch::default()
    };
    (there.state == "open" && patch != PullPatch::default()).then_some(patch)
}

fn described(title: Option<&str>, body: &str) -> Outcome {
    Outcome::Described {
        hash: fingerprint(&format!("{}\n{body}", title.unwrap_or_default())),
    }
}

/// Takes it out of draft: 1 call; 1 more where GitHub says that it is none.
pub async fn mark_ready(context: &Context, number: u64, node_id: &str) -> Result<Outcome, Error> {
    let installation = context.repo.installation();
    let why = match installation.mark_ready_for_review(node_id).await {
        Ok(false) => return Ok(Outcome::Readied),
        Ok(true) => refused("GitHub left the pull request a draft"),
        Err(Error::Conflict(message) | Error::Invalid { message }) => said_no(message),
        Err(error) => return Err(error),
    };
    let look = look_ready(context, number).await?;
    Ok(found(look, || why))
}

/// Whether it is no draft: 1 call.
pub async fn look_ready(context: &Context, number: u64) -> Result<Found, Error> {
    Ok(match context.repo.pull(convert::id(number)?).await? {
        Some(pull) if pull.draft => Found::Not,
        Some(_) => Found::Done(Outcome::Readied),
        None => Found::Other(format!("pull request #{number} is gone")),
    })
}

/// What a merge is to be.
pub struct Wanted<'a> {
    /// The pull request's number.
    pub number: u64,
    /// Which one it is.
    pub kind: PullKind,
    /// The branch that it brings.
    pub branch: &'a str,
    /// The branch that it goes to; none: the default branch.
    pub to: Option<&'a str>,
    /// The tag that must stand; none: nothing hangs on one.
    pub after: Option<&'a StandingTag>,
    /// The tested head.
    pub head: &'a Sha,
    /// How.
    pub method: MergeMethod,
    /// The merge commit's title.
    pub title: &'a str,
    /// And its message.
    pub message: &'a str,
}

/// Merges it if it still is what was made, with the tested head, and its tag
/// stands: 2 calls, 3 with a tag; 1 more where GitHub refuses, to tell "not worked out yet" and "merged already" from
/// "no". One that leads elsewhere is only looked at.
pub async fn merge(context: &Context, wanted: &Wanted<'_>) -> Result<Outcome, Error> {
    let Wanted {
        number,
        head,
        method,
        ..
    } = *wanted;
    let id = convert::id(number)?;
    let there = look_at(context, number).await?;
    let way = convert::pull(&there);
    let strays = way.way.strays(context.repo_id, wanted.branch, wanted.to);
    if there.is_merged() {
        return Ok(match strays {
            Some(_) => Outcome::seen(convert::seen(wanted.kind, way)),
            None => merged(number, &there),
        });
    }
    if !way.open || strays.is_some() {
        return Ok(Outcome::seen(convert::seen(wanted.kind, way)));
    }
    if let Some(standing) = wanted.after
        && let Some(other) = tag::other(context, standing).await?
    {
        return Ok(Outcome::seen(Observation::Tag(other)));
    }
    // A rebase writes no commit of its own.
    let own = |text| (method != MergeMethod::Rebase).then_some(text);
    let merge = MergePull {
        sha: head.as_str(),
        merge_method: method.as_str(),
        commit_title: own(wanted.title),
        commit_message: own(wanted.message),
    };
    match context.repo.merge_pull(id, &merge).await? {
        MergeOutcome::Merged { sha } => Ok(Outcome::Merged {
            commit: Sha::new(sha),
        }),
        MergeOutcome::HeadMoved => Ok(refused(format!(
            "the head of pull request #{number} is not {} any more",
            head.short()
        ))),
        MergeOutcome::NotMergeable(message) => {
            let pull = context.repo.pull(id).await?.ok_or(Error::NotFound)?;
            if pull.is_merged() {
                return Ok(merged(number, &pull));
            }
            if pull.state == "open" && !pull.draft && pull.mergeable.is_none() {
                return Err(Error::Transient(format!(
                    "{message} (GitHub has not worked out yet whether it merges)"
                )));
            }
            // A rule that asks for something may have it later: an approval, a check.
            if pull.state == "open" && pull.mergeable_state == "blocked" {
                return Err(Error::Forbidden {
                    message,
                    needs: None,
                });
            }
            Ok(said_no(message))
        }
    }
}

/// Whether it is merged: 1 call.
pub async fn look_merged(context: &Context, number: u64) -> Result<Found, Error> {
    Ok(match context.repo.pull(convert::id(number)?).await? {
        Some(pull) if pull.is_merged() => match merged(number, &pull) {
            Outcome::Refused { obstacle } => Found::In(obstacle),
            outcome => Found::Done(outcome),
        },
        Some(pull) if pull.state == "open" => Found::Not,
        Some(_) => Found::Other(format!("pull request #{number} was closed without merging")),
        None => Found::Other(format!("pull request #{number} is gone")),
    })
}

fn merged(number: u64, pull: &ops::Pull) -> Outcome {
    match convert::pull(pull).merge_commit {
        Some(commit) => Outcome::Merged { commit },
        None => refused(format!(
            "pull request #{number} is merged, but GitHub names no commit"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pull(number: i64, state: &str, base: &str, by: &str) -> ops::Pull {
        ops::Pull {
            number,
            state: state.into(),
            base: ops::PullSide {
                name: base.into(),
                ..ops::PullSide::default()
            },
            user: Some(ops::Actor {
                login: by.into(),
                ..ops::Actor::default()
            }),
            ..ops::Pull::default()
        }
    }

    #[test]
    fn an_open_pull_request_goes_before_our_closed_one() {
        let number = |pulls: &[ops::Pull]| match choose(pulls, "main", |login| login == "bot") {
            Found::Done(Outcome::PullOpened { number, pull }) => Some((number, pull.open)),
            _ => None,
        };
        let other_base = pull(4, "open", "next", "bot");
        let theirs = pull(3, "closed", "main", "someone");
        let ours = pull(2, "closed", "main", "bot");
        let open = pull(1, "open", "main", "someone");
        let all = [other_base.clone(), theirs.clone(), ours.clone(), open];
        assert_eq!(number(&all), Some((1, true)));
        assert_eq!(number(&all[..3]), Some((2, false)));
        assert_eq!(number(&[other_base, theirs]), None);
    }
}
