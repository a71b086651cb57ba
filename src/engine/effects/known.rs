//! The entry in the file of known issues.

use super::on_main::{self, Parts, Pushed};
use super::{Context, Found, commits, found, refused};
use crate::domain::effect::KnownIssue;
use crate::domain::event::Outcome;
use crate::domain::facts::Carried;
use crate::domain::ids::Sha;
use crate::edits::known_issues::{self, Entry};
use crate::github::Error;
use crate::github::ops::{TreeChange, TreeTarget};

/// The file's name, where the configuration says `auto`.
const NAME: &str = "known-issues.md";

/// The file that the repository keeps: as configured, else the one of that name
/// nearest to the root. 1 call where it is looked for.
pub async fn find(
    context: &Context,
    configured: &str,
    main: &Sha,
) -> Result<Option<String>, Error> {
    match configured {
        "" => Ok(None),
        "auto" => {
            let tree = context.repo.tree(main.as_str()).await?;
            let entries = tree.map(|tree| tree.entries).unwrap_or_default();
            let paths = entries.iter().filter(|entry| entry.kind == "blob");
            Ok(nearest(paths.map(|entry| entry.path.as_str())))
        }
        path => Ok(Some(path.to_owned())),
    }
}

fn nearest<'a>(paths: impl Iterator<Item = &'a str>) -> Option<String> {
    let is_it = |path: &&str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.to_lowercase().replace('_', "-") == NAME
    };
    let depth = |path: &&str| (path.matches('/').count(), path.len());
    paths.filter(is_it).min_by_key(depth).map(str::to_owned)
}

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
                Err(_) => return Ok(refused(format!("`{path}` is no UTF-8 text"))),
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
        message: &commits::with_trailer(message, &context.key),
    };
    Ok(match on_main::push(context, name, replaces, parts).await? {
        Pushed::Stands(commit) => carried(commit),
        Pushed::Exists => found(look(context, name, None).await?, || {
            refused(format!(
                "GitHub says that {name} exists, but has no such branch"
            ))
        }),
        Pushed::Refused(why) => refused(why),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_that_very_name() {
        let find = |paths: &[&str]| nearest(paths.iter().copied());
        let deep = "docs/a/b/known-issues.md";
        let all = ["docs/BETA-KNOWN-ISSUES.md", deep, "docs/KNOWN_ISSUES.md"];
        assert_eq!(find(&all).as_deref(), Some("docs/KNOWN_ISSUES.md"));
        assert_eq!(find(&all[..2]).as_deref(), Some(deep));
        assert_eq!(find(&all[..1]), None);
    }
}
