//! The issue, and the roles of people.

use std::collections::BTreeMap;

use super::convert::count as account_id;
use super::{Context, Found, refused};
use crate::domain::event::Outcome;
use crate::domain::ids::Person;
use crate::domain::objects::{Fixes, Labelled, Logged, Observation, RoleRead};
use crate::domain::role::Role;
use crate::engine::heard::{actor, issue_of};
use crate::github::{Error, ops};

/// The issue: 1 call.
pub async fn read(context: &Context) -> Result<Outcome, Error> {
    let issue = there(context).await?.ok_or(Error::NotFound)?;
    Ok(Outcome::seen(Observation::Issue(issue_of(&issue))))
}

/// The case's issue, or the merged pull request whose label asked for a hotfix: 1
/// call. One that was moved to another repository is answered from there, and is
/// not there any more.
async fn there(context: &Context) -> Result<Option<ops::Issue>, Error> {
    let issue = context.repo.issue(context.issue).await?;
    let here = |issue: &ops::Issue| {
        let pull = issue.pull_request.as_ref();
        let could_begin = pull.is_none_or(|pull| pull.merged_at.is_some());
        issue.number == context.issue && could_begin && issue.is_of(&context.full_name())
    };
    Ok(issue.filter(here))
}

/// The newest change of each label of the issue: 1 call for each 100 entries of
/// its log.
pub async fn read_labellers(context: &Context) -> Result<Outcome, Error> {
    let mut log = context.repo.issue_events(context.issue).await?;
    // As GitHub numbers them, whatever their order here.
    log.sort_by_key(|entry| entry.id);
    let mut newest: BTreeMap<String, Labelled> = BTreeMap::new();
    for entry in log {
        let on = entry.event == "labeled";
        let Some(label) = entry.label.filter(|_| on || entry.event == "unlabeled") else {
            continue;
        };
        let change = Labelled {
            label: label.name,
            by: entry.actor.as_ref().map(actor).unwrap_or_default(),
            at: entry.created_at.unwrap_or_default(),
            on,
        };
        newest.insert(change.label.to_lowercase(), change);
    }
    let newest = newest.into_values().collect();
    Ok(Outcome::seen(Observation::Labellers(newest)))
}

/// What the issue's log tells of its fix: 1 call for each 100 entries.
pub async fn read_fixes(context: &Context) -> Result<Outcome, Error> {
    let log = context.repo.issue_timeline(context.issue).await?;
    let here = context.full_name();
    let told = |entry: ops::TimelineEntry| match entry.event.as_str() {
        "closed" => Some(Logged::Closed {
            at: entry.created_at?,
            by_commit: entry.commit_id.is_some(),
        }),
        "reopened" => Some(Logged::Reopened {
            at: entry.created_at?,
        }),
        "cross-referenced" => {
            let issue = entry.source?.issue.filter(|issue| issue.is_of(&here))?;
            Some(Logged::Merged {
                number: account_id(issue.number),
                at: issue.pull_request.as_ref()?.merged_at?,
                text: issue.body,
            })
        }
        _ => None,
    };
    let log: Vec<Logged> = log.into_iter().filter_map(told).collect();
    let fixes = Fixes::of(account_id(context.issue), &log);
    Ok(Outcome::seen(Observation::Fixes(fixes)))
}

/// The issues of this repository that are marked as duplicates: 1 call.
pub async fn read_duplicates(context: &Context) -> Result<Outcome, Error> {
    let all = context.repo.duplicates(context.issue).await?;
    let all = all.into_iter().map(account_id).collect();
    Ok(Outcome::seen(Observation::Duplicates(all)))
}

fn gone(context: &Context) -> String {
    format!("issue #{} is gone, or was moved", context.issue)
}

/// A person's role: 1 call, which answers 404 to a stranger, who has no role; and
/// 1 more for each team.
pub async fn read_role(context: &Context, login: &str, teams: &[String]) -> Result<Outcome, Error> {
    let mut read = role(context, login).await?;
    for team in teams {
        let Some((organisation, slug)) = team.split_once('/') else {
            continue;
        };
        let is_in = match context.repo.is_in_team(organisation, slug, login).await {
            Ok(is_in) => Some(is_in),
            // Without the right to see it, or to see that organisation.
            Err(Error::Forbidden { .. }) => None,
            Err(error) => return Err(error),
        };
        read.teams.insert(team.clone(), is_in);
    }
    Ok(Outcome::Role(read))
}

async fn role(context: &Context, login: &str) -> Result<RoleRead, Error> {
    let known = context.repo.permission(login).await?;
    Ok(known.map_or_else(
        || RoleRead {
            role_name: Role::None.name().to_owned(),
            permission: Role::None.name().to_owned(),
            id: 0,
            ..RoleRead::default()
        },
        |known| RoleRead {
            role_name: known.role_name,
            permission: known.permission,
            id: known.user.map_or(0, |user| account_id(user.id)),
            ..RoleRead::default()
        },
    ))
}

/// Whether a person may push: 1 call. Their login may be another account's by
/// now; then it says nothing of them.
pub async fn may_write(context: &Context, who: &Person) -> Result<bool, Error> {
    let read = role(context, &who.login).await?;
    let theirs = read.id == 0 || read.id == who.id;
    Ok(theirs && Role::from_api(Some(&read.role_name), Some(&read.permission)) >= Role::Write)
}

/// The people who may push: 1 call for each 100 collaborators. None where
/// the App may not see them.
pub async fn read_writers(context: &Context) -> Result<Outcome, Error> {
    let all = match context.repo.collaborators().await {
        Ok(all) => all,
        Err(Error::Forbidden { .. } | Error::NotFound) => {
            return Ok(Outcome::seen(Observation::Writers(None)));
        }
        Err(error) => return Err(error),
    };
    let people = all
        .into_iter()
        .filter(|one| one.kind == "User" && one.permissions.push)
        .map(|one| Person::new(account_id(one.id), one.login));
    let mut people: Vec<Person> = people.collect();
    people.sort_by(|one, other| one.login.cmp(&other.login));
    Ok(Outcome::seen(Observation::Writers(Some(people))))
}

/// Closes it as completed, if it still is the repository's: 2 calls.
pub async fn close(context: &Context) -> Result<Outcome, Error> {
    match there(context).await? {
        None => return Ok(refused(gone(context))),
        Some(issue) if issue.state == "closed" => return Ok(Outcome::IssueClosed),
        Some(_) => {}
    }
    context.repo.close_issue(context.issue, "completed").await?;
    Ok(Outcome::IssueClosed)
}

/// Whether it is closed: 1 call.
pub async fn look_closed(context: &Context) -> Result<Found, Error> {
    Ok(match there(context).await? {
        Some(issue) if issue.state == "closed" => Found::Done(Outcome::IssueClosed),
        Some(_) => Found::Not,
        None => Found::Other(gone(context)),
    })
}

/// Puts a label on the issue: 1 call. One that the repository has not is made by
/// that.
pub async fn label(context: &Context, label: &str) -> Result<Outcome, Error> {
    context.repo.add_labels(context.issue, &[label]).await?;
    Ok(Outcome::Done)
}

/// Whether the label is on it: 1 call.
pub async fn look_label(context: &Context, label: &str) -> Result<Found, Error> {
    let Some(issue) = there(context).await? else {
        return Ok(Found::Other(gone(context)));
    };
    let issue = issue_of(&issue);
    let there = issue.labels.iter().any(|it| it.eq_ignore_ascii_case(label));
    Ok(match there {
        true => Found::Done(Outcome::Done),
        false => Found::Not,
    })
}

/// Opens the issue again: 1 call.
pub async fn reopen(context: &Context) -> Result<Outcome, Error> {
    context.repo.reopen_issue(context.issue).await?;
    Ok(Outcome::Done)
}

/// Whether it is open: 1 call.
pub async fn look_open(context: &Context) -> Result<Found, Error> {
    Ok(match there(context).await? {
        Some(issue) if issue.state == "open" => Found::Done(Outcome::Done),
        Some(_) => Found::Not,
        None => Found::Other(gone(context)),
    })
}
