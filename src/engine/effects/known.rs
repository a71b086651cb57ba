//! The entry in the file of known issues.

use super::on_main::{self, Parts, Pushed};
use super::{Context, Found, found, refused, said_no};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::Carried;
use crate::domain::objects::KnownIssue;
use crate::edits::known_issues::{self, Entry};
use crate::github::Error;
use crate::github::ops::{TreeChange, TreeTarget};

/// Pushes the entry to a branch of its own: 1 call for the default branch's
/// head, 1 for its tree, 1 for the file; then tree, commit and ref.
pub async fn push(
    context: &Context,
    path: &str,
    name: &str,
    replaces: Option<&Carried>,
    entry: &KnownIssue,
    message: &str,
) -> Result<Outcome, Error> {
    let onto = on_main::head(context).await?;
    if let Some(why) = on_main::is_newest(context, name, replaces, &onto) {
        return Ok(refused(why));
    }
    let tree = context.repo.tree(onto.as_str()).await?;
    let tree = tree.ok_or(Error::NotFound)?;
    let there = tree.entries.iter().find(|entry| entry.path == path);
    let text = match there {
        None => String::new(),
        Some(there) => {
            let bytes = context.repo.blob(&there.sha).await?;
            match String::from_utf8(bytes.ok_or(Error::NotFound)?) {
                Ok(text) => text,
                Err(_) => return Ok(refused(format!("{path} is no UTF-8 text"))),
            }
        }
    };
    let carried = |commit: Sha| {
        Outcome::Carried(Carried {
            commit,
            onto: onto.clone(),
            ..Carried::default()
        })
    };
    if known_issues::has(&text, &entry.fixed_in, &entry.issue) {
        // Somebody wrote it.
        return Ok(carried(onto.clone()));
    }
    let fields: Vec<(&str, String)> = entry
        .fields
        .iter()
        .map(|(name, text)| (name.as_str(), text.clone()))
        .collect();
    let new = known_issues::insert(
        &text,
        &Entry {
            title: &entry.title,
            affected: &entry.affected,
            fixed_in: &entry.fixed_in,
            fields: &fields,
        },
    );
    let change = TreeChange {
        path: path.to_owned(),
        mode: there.map_or("100644", |there| &there.mode).to_owned(),
        to: TreeTarget::Text(new),
    };
    let parts = Parts {
        onto: &onto,
        tree: &tree.sha,
        changes: &[change],
        message: &context.signed(message, &[]),
    };
    Ok(match on_main::push(context, name, replaces, parts).await? {
        Pushed::Stands(commit) => carried(commit),
        Pushed::Exists => found(look(context, name, None).await?, || {
            refused(format!(
                "GitHub says that {name} exists, but has no such branch"
            ))
        }),
        Pushed::Refused(words) => said_no(words),
    })
}

/// Whether the branch holds this effect's commit: 1 or 2 calls.
pub async fn look(
    context: &Context,
    name: &str,
    replaces: Option<&Carried>,
) -> Result<Found, Error> {
    Ok(match on_main::look(context, name, replaces).await? {
        Ok((commit, onto)) => Found::Done(Outcome::Carried(Carried {
            commit,
            onto,
            ..Carried::default()
        })),
        Err(found) => found,
    })
}
