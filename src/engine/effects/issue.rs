//! The issue, and the roles of people.

use std::collections::BTreeMap;

use super::{Context, Found};
use crate::domain::event::Outcome;
use crate::domain::objects::{Labelled, Observation, RoleRead};
use crate::domain::role::Role;
use crate::engine::heard::{actor, issue_of};
use crate::github::Error;

/// The issue: 1 call.
pub async fn read(context: &Context) -> Result<Outcome, Error> {
    let issue = context.repo.issue(context.issue).await?;
    issue
        .map(|issue| Outcome::seen(Observation::Issue(issue_of(&issue))))
        .ok_or(Error::NotFound)
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

/// A person's role: 1 call. GitHub answers 404 to a stranger: no role.
pub async fn read_role(context: &Context, login: &str) -> Result<Outcome, Error> {
    Ok(Outcome::Role(role(context, login).await?))
}

async fn role(context: &Context, login: &str) -> Result<RoleRead, Error> {
    let known = context.repo.permission(login).await?;
    Ok(known.map_or_else(
        || RoleRead {
            role_name: Role::None.name().to_owned(),
            permission: Role::None.name().to_owned(),
        },
        |known| RoleRead {
            role_name: known.role_name,
            permission: known.permission,
        },
    ))
}

/// Whether a person may push: 1 call.
pub async fn may_write(context: &Context, login: &str) -> Result<bool, Error> {
    let read = role(context, login).await?;
    Ok(Role::from_api(Some(&read.role_name), Some(&read.permission)) >= Role::Write)
}

/// Who may push, the bot aside: 1 call for each 100 collaborators. None where
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
        .filter(|one| one.kind == "User" && one.permissions.push && !context.is_bot(&one.login));
    let mut logins: Vec<String> = people.map(|one| one.login).collect();
    logins.sort();
    Ok(Outcome::seen(Observation::Writers(Some(logins))))
}

/// Closes it as completed: 1 call.
pub async fn close(context: &Context) -> Result<Outcome, Error> {
    context.repo.close_issue(context.issue, "completed").await?;
    Ok(Outcome::IssueClosed)
}

/// Whether it is closed: 1 call.
pub async fn look_closed(context: &Context) -> Result<Found, Error> {
    let issue = context.repo.issue(context.issue).await?;
    Ok(match issue {
        Some(issue) if issue.state == "closed" => Found::Done(Outcome::IssueClosed),
        Some(_) => Found::Not,
        None => Found::Other(format!("issue #{} is gone", context.issue)),
    })
}

/// Opens the issue again: 1 call.
pub async fn reopen(context: &Context) -> Result<Outcome, Error> {
    context.repo.reopen_issue(context.issue).await?;
    Ok(Outcome::Done)
}

/// Whether it is open: 1 call.
pub async fn look_open(context: &Context) -> Result<Found, Error> {
    let issue = context.repo.issue(context.issue).await?;
    Ok(match issue {
        Some(issue) if issue.state == "open" => Found::Done(Outcome::Done),
        Some(_) => Found::Not,
        None => Found::Other(format!("issue #{} is gone", context.issue)),
    })
}
