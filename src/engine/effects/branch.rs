//! The hotfix branch: created, and read with the way to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::files::{gather, text};
use super::refs::head;
use super::{Context, Found, actions, base, bump, commits, found, hands, package, refs, refused};
use crate::domain::effect::Raise;
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::{Apart, Branch, Commit, Head, Observation, Package};
use crate::ecosystem::{self, Answer, Held, Question, Repository, Required};
use crate::github::Error;
use crate::github::ops::{CommitAuthor, Compare, CreateRef, RepoCommit};

/// Of so many commits the paths are read; a branch with more is no hotfix, and
/// each costs a call.
const COMMITS: usize = 30;

/// Creates the branch, at the bump where that can be made: 1 call, 1 more where
/// there is one already, and those of [`bump::begin`].
pub async fn create(
    context: &Context,
    branch: &str,
    sha: &Sha,
    raise: Option<&Raise<String>>,
) -> Result<Outcome, Error> {
    let begun = match raise {
        Some(raise) => bump::begin(context, sha, raise).await?,
        None => None,
    };
    let (at, bumped) = begun.unwrap_or_else(|| (sha.clone(), None));
    let name = format!("heads/{branch}");
    let made = match context.repo.create_ref(&name, at.as_str()).await {
        Err(error @ Error::Invalid { .. }) => {
            return match refs::in_the_way(context, "branch", branch).await? {
                Some(words) => Ok(refused(words)),
                None => Err(error),
            };
        }
        made => made?,
    };
    match made {
        CreateRef::Created(_) => Ok(Outcome::BranchMade {
            sha: at,
            bumped: bumped.map(Box::new),
        }),
        CreateRef::Exists => {
            let look = look_created(context, branch, sha).await?;
            Ok(found(look, || {
                refused(format!(
                    "GitHub says that {branch} exists, but has no such branch"
                ))
            }))
        }
    }
}

/// Whether the branch stands at the commit, or at a bump of our own on top of it:
/// 1 call.
pub async fn look_created(context: &Context, branch: &str, sha: &Sha) -> Result<Found, Error> {
    let Some(head) = head(context, branch).await? else {
        return Ok(Found::Not);
    };
    if head == *sha || context.made.has(&head).await? {
        return Ok(Found::Done(Outcome::BranchMade {
            sha: head,
            bumped: None,
        }));
    }
    Ok(Found::Other(format!(
        "the branch {branch} exists already, at {} and not at {}",
        head.short(),
        sha.short()
    )))
}

/// What is asked of the branch.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its short name.
    pub branch: &'a str,
    /// The base's commit.
    pub base: &'a Sha,
    /// The head that is known already.
    pub known: Option<&'a Sha>,
    /// Where the version stands.
    pub package: &'a Package,
    /// The claimed version.
    pub version: &'a str,
    /// The folders of the actions that were read at the base.
    pub actions: &'a [String],
    /// Whether `verify.registries` names a registry.
    pub registry: bool,
}

/// The branch: 1 call where it is gone or as known. Else the comparison with
/// the base (1 for each 100 commits), 1 for each commit if there are several,
/// 1 for each that has co-authors whose accounts their addresses do not tell, and
/// 1 for each of manifest, lock file, changelog and changed workflow file.
pub async fn read(context: &Context, asked: &Asked<'_>) -> Result<Outcome, Error> {
    let &Asked {
        branch,
        base: from,
        known,
        package,
        version,
        ..
    } = asked;
    let Some(sha) = head(context, branch).await? else {
        return Ok(Outcome::seen(Observation::Branch(Branch { head: None })));
    };
    if known == Some(&sha) {
        return Ok(Outcome::Same);
    }
    let compare = context.repo.compare(from.as_str(), sha.as_str()).await?;
    let compare = compare.ok_or(Error::NotFound)?;
    let tree = tree(context, &compare, &sha).await?;
    let list = commit_list(context, &compare).await?;
    let files = compare.files.iter().map(commits::file).collect();
    let workflows = base::changed_workflows(context, &compare.files, &sha).await?;
    let (base, files_of) = (asked.actions, &compare.files);
    let actions = actions::at_head(context, &sha, base, files_of, &workflows).await?;
    let held = held(context, &sha, package, version).await?;
    let outside = outside(context, &sha, asked, &compare, &list).await?;
    let requires = requires(context, [from, &sha], package, &compare).await?;
    Ok(Outcome::seen(Observation::Branch(Branch {
        head: Some(Arc::new(Head {
            holds_base: compare.contains_base(),
            sha,
            tree,
            commits: list,
            files,
            versions: held.versions,
            changelog: held.changelog,
            workflows,
            actions,
            requires,
            outside,
        })),
    })))
}

/// So many manifests and lock files are compared.
const REQUIRING: usize = 10;

/// What it requires of others otherwise: 2 calls for each of the manifests and
/// lock files that it touches, where they are not known already.
async fn requires(
    context: &Context,
    [base, head]: [&Sha; 2],
    package: &Package,
    compare: &Compare,
) -> Result<Vec<Required>, Error> {
    let files = compare.files.iter();
    let files = files.filter(|file| ecosystem::requires(package, &file.filename));
    let mut all = Vec::new();
    for file in files.take(REQUIRING) {
        let was = file.previous_filename.as_ref().unwrap_or(&file.filename);
        let before = text(context, was, base).await?.unwrap_or_default();
        let after = text(context, &file.filename, head).await?;
        let after = after.unwrap_or_default();
        all.extend(ecosystem::required(
            package,
            &file.filename,
            &before,
            &after,
        ));
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// The touched packages that are published without the release: 1 call for each,
/// and 1 to the registry, 2 more where it has the package; and 1 if there are any.
async fn outside(
    context: &Context,
    at: &Sha,
    asked: &Asked<'_>,
    compare: &Compare,
    commits: &[Commit],
) -> Result<Vec<Apart>, Error> {
    let package = asked.package;
    let mut apart = Vec::new();
    if !package.parts().any(|part| part.on_registry) {
        return Ok(apart);
    }
    let mut repository = None;
    let of_commits = commits.iter().flat_map(|commit| &commit.paths);
    let files = compare.files.iter().map(|file| &file.filename);
    let paths = of_commits.chain(files).map(String::as_str);
    for member in ecosystem::touched(package, paths).outside {
        let kind = package.kind_of(&member.manifest);
        let question = Question {
            registry: kind,
            name: member.name.clone(),
            version: member.version.clone(),
        };
        let ours = match &repository {
            Some(known) => known,
            None => repository.insert(ours(context, asked).await?),
        };
        let answer = package::ask(context, &question, ours).await?;
        // Nobody publishes it, or somebody else.
        let published = |answer: &Answer| {
            !answer.versions.is_empty() && !ecosystem::is_strangers(&question, answer, ours)
        };
        let Some(answer) = answer.filter(published) else {
            continue;
        };
        let manifest = text(context, &member.manifest, at).await?;
        let now = manifest.and_then(|text| ecosystem::own_version(kind, &member.manifest, &text));
        apart.push(Apart {
            name: question.name,
            manifest: member.manifest.clone(),
            before: question.version,
            taken: now
                .as_ref()
                .is_some_and(|now| answer.versions.contains(now)),
            now,
        });
    }
    Ok(apart)
}

/// The repository, as the registry's answers are held against it: 1 call.
async fn ours(context: &Context, asked: &Asked<'_>) -> Result<Repository, Error> {
    let settings = context.repo.get().await?;
    Ok(Repository {
        page: settings.html_url,
        commit: asked.base.to_string(),
        fork: settings.fork,
        configured: asked.registry,
    })
}

/// The head's tree: shown by the comparison, else 1 call.
async fn tree(context: &Context, compare: &Compare, head: &Sha) -> Result<Sha, Error> {
    let last = compare
        .commits
        .last()
        .filter(|last| head.as_str() == last.sha);
    if let Some(last) = last.filter(|last| !last.commit.tree.sha.is_empty()) {
        return Ok(Sha::new(last.commit.tree.sha.clone()));
    }
    let commit = context.repo.git_commit(head.as_str()).await?;
    Ok(Sha::new(commit.ok_or(Error::NotFound)?.tree.sha))
}

/// The commits since the base, oldest first, each with its paths.
async fn commit_list(context: &Context, compare: &Compare) -> Result<Vec<Commit>, Error> {
    let is_bot = |login: &str| context.is_bot(login);
    let mut list = Vec::new();
    let mut asked = 0;
    for (at, told) in compare.commits.iter().enumerate() {
        let mut commit = commits::commit(told, is_bot);
        let mut hands = hands::of(told, &compare.commits, is_bot);
        if !hands.untold.is_empty() && asked < COMMITS {
            asked += 1;
            hands.tell(&co_authors(context, told).await?);
        }
        commit.hands = Some(hands.done());
        commit.paths = match compare.commits.as_slice() {
            [_] => commits::paths(&compare.files),
            _ if at >= COMMITS => {
                commit.unread = true;
                Vec::new()
            }
            _ => paths_of(context, told).await?,
        };
        list.push(commit);
    }
    Ok(list)
}

/// The accounts of a commit's authors, where GitHub knows the question.
async fn co_authors(context: &Context, commit: &RepoCommit) -> Result<Vec<CommitAuthor>, Error> {
    match context.repo.commit_authors(&commit.sha).await {
        // Nobody can tell, then.
        Err(Error::NotFound | Error::Invalid { .. } | Error::Forbidden { .. }) => Ok(Vec::new()),
        told => told,
    }
}

/// The paths that a commit changes: 1 call, unless it is ours.
async fn paths_of(context: &Context, commit: &RepoCommit) -> Result<Vec<String>, Error> {
    if let Some(known) = context.repo.known_paths(&commit.sha) {
        return Ok(known);
    }
    let whole = context.repo.commit(&commit.sha).await?;
    Ok(commits::paths(&whole.ok_or(Error::NotFound)?.files))
}

/// Which version stands where, and whether the changelog has the section: 1
/// call for each place.
async fn held(
    context: &Context,
    at: &Sha,
    package: &Package,
    version: &str,
) -> Result<Held, Error> {
    gather(context, package.places(), at).await;
    let mut texts = BTreeMap::new();
    for path in package.places() {
        if let Some(text) = text(context, path, at).await? {
            texts.insert(path, text);
        }
    }
    let texts = texts.iter().map(|(path, text)| (*path, text.as_str()));
    Ok(ecosystem::held(&texts.collect(), package, version))
}
