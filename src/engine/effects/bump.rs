//! The bump: one commit that raises the version in manifest, lock file and
//! changelog.

use super::commit::{self, Built, Onto};
use super::{Context, Found};
use crate::domain::effect::Raise;
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::{Commit, Hands, Head};
use crate::domain::workflow_file::skips_ci;
use crate::ecosystem::{self, Bump};
use crate::github::Error;

/// Pushes the bump on top of `parent`: 7 calls without a lock file, a changelog
/// and learnt places, and 1 for each of them.
pub async fn push(
    context: &Context,
    branch: &str,
    parent: &Sha,
    wanted: &Bump<'_>,
    message: &str,
) -> Result<Outcome, Error> {
    let spare: Vec<&str> = wanted.package.learnt_places().collect();
    let onto = Onto {
        branch,
        parent,
        what: "the bump",
        spare: &spare,
    };
    let paths: Vec<&str> = wanted.package.places().collect();
    let pushed = commit::push(context, onto, &paths, message, |texts| {
        ecosystem::bump(texts, wanted)
    })
    .await?;
    Ok(pushed.map_or_else(|other| other, |_| Outcome::Done))
}

/// Makes the bump on top of the base, which no ref leads to yet: its name, and
/// the head that a branch there has, where that is known without a look. None
/// where there is nothing to raise, or it cannot be raised: whoever tries it on
/// the branch says why. The calls of [`commit::build`].
pub async fn begin(
    context: &Context,
    base: &Sha,
    raise: &Raise<String>,
) -> Result<Option<(Sha, Option<Head>)>, Error> {
    let package = &raise.package;
    let wanted = Bump {
        package,
        version: &raise.version,
        entry: &raise.entry,
        date: &raise.date,
        was: None,
    };
    let spare: Vec<&str> = package.learnt_places().collect();
    let paths: Vec<&str> = package.places().collect();
    let message = &raise.message;
    let built = commit::build(context, base, &spare, &paths, message, |texts| {
        ecosystem::bump(texts, &wanted)
    });
    let Ok(Some(built)) = built.await? else {
        return Ok(None);
    };
    let head = is_plain(&built.paths, raise).then(|| head(context, raise, &built));
    Ok(Some((built.sha, head)))
}

/// Whether only version and changelog are to be seen in the head: no file of it
/// decides what runs, and no package is touched that is published apart.
fn is_plain(paths: &[String], raise: &Raise<String>) -> bool {
    let mut known = paths.iter().map(String::as_str);
    let apart = ecosystem::touched(&raise.package, known.clone()).outside;
    apart.is_empty() && known.all(|path| raise.package.known_places().any(|it| it == path))
}

/// A branch with the bump alone on it. What its files changed by is told by
/// looks at heads to come: a bump alone is nothing to release.
fn head(context: &Context, raise: &Raise<String>, built: &Built) -> Head {
    let texts = built.texts.iter();
    let texts = texts.map(|(path, text)| (path.as_str(), text.as_str()));
    let held = ecosystem::held(&texts.collect(), &raise.package, &raise.version);
    let message = context.signed(&raise.message, &[]);
    let commit = Commit {
        sha: built.sha.clone(),
        subject: message.lines().next().unwrap_or_default().into(),
        author: context.bot.clone(),
        // An App is nobody who could say what they wrote.
        hands: Some(Hands {
            unknown: true,
            ..Hands::default()
        }),
        effect: Some(context.key.clone()),
        paths: built.paths.clone(),
        unread: false,
        skips_ci: skips_ci(&message),
        closes: Vec::new(),
        picked: None,
        // What GitHub vouches for is told by the next look.
        unsigned: false,
    };
    Head {
        sha: built.sha.clone(),
        tree: built.tree.clone(),
        holds_base: true,
        commits: vec![commit],
        versions: held.versions,
        changelog: held.changelog,
        ..Head::default()
    }
}

/// Whether a commit since `parent` is this effect's: 1 or 2 calls.
pub async fn look(context: &Context, branch: &str, parent: &Sha) -> Result<Found, Error> {
    Ok(match commit::look(context, branch, parent).await? {
        Some(_) => Found::Done(Outcome::Done),
        None => Found::Not,
    })
}
