//! Which packages are released together, and where their version stands: asks
//! for what `ecosystem` wants to read.

use super::files::{gather, put};
use super::{Context, convert};
use crate::domain::ids::Sha;
use crate::domain::objects::{Habit, Origin, Package, RegistryKind};
use crate::ecosystem::{
    self, Answer, Changelogs, Files, Kind, Published, Question, Release, Repository, Wanted,
};
use crate::github::Error;
use crate::registry::{Asked, VersionFact, index_path};

/// What the configuration says of what is released.
#[derive(Clone, Copy, Debug)]
pub struct Configured<'a> {
    /// `version.changelog`.
    pub changelog: &'a Changelogs,
    /// `version.packages`.
    pub packages: &'a [String],
    /// `version.ecosystem`; empty: by the files that are there.
    pub kinds: &'a [Kind],
    /// Whether `verify.registries` names a registry.
    pub registry: bool,
    /// Whether lock files stay as they are: not `version.update_lock`.
    pub leave_locks: bool,
}

/// The package, what the registry has, and what was read; or in words why nothing
/// can be raised. 1 call for each file that is wanted, 1 for the tree, and 1 to
/// the registry for each package that may be published, 1 more where it has the
/// release. What is `foreseen` of the registry is asked beside the files.
pub async fn read(
    context: &Context,
    release: &Release<'_>,
    at: &Sha,
    repository: &Repository,
    foreseen: Option<&Question>,
) -> Result<Result<(Package, Published, Files), String>, Error> {
    let likely = async {
        match foreseen {
            Some(question) => ask_at_once(context, question, repository).await,
            None => Ok(None),
        }
    };
    let (files, likely) = tokio::join!(read_files(context, release, at), likely);
    let files = files?;
    let project = match ecosystem::project(&files, release) {
        Ok(project) => project,
        Err(words) => return Ok(Err(words)),
    };
    // What went wrong is met again by who wants it.
    let mut likely = foreseen.zip(likely.ok());
    let mut answers = Vec::new();
    for question in &project.questions {
        let known = likely.take_if(|(of, _)| *of == question);
        answers.extend(match known {
            Some((_, answer)) => answer,
            None => ask(context, question, repository).await?,
        });
    }
    let (package, published) = project.answered(&answers, repository);
    Ok(Ok((package, published, files)))
}

/// Crates that go along with the release, as the registry has them.
#[derive(Default)]
pub struct Along {
    /// Those that are this repository's there.
    pub names: Vec<String>,
    /// Their versions.
    pub taken: Vec<String>,
}

/// What the registry has of the crates that go along: 1 call to it for each, some more
/// as for [`ask`].
pub async fn along(
    context: &Context,
    package: &Package,
    habit: &Habit,
    repository: &Repository,
) -> Result<Along, Error> {
    let mut found = Along::default();
    for question in package.along(&habit.along) {
        let answer = ask(context, &question, repository).await?;
        let is_ours = |it: &Answer| ecosystem::identity(&question, it, repository).is_ours();
        if let Some(answer) = answer.filter(is_ours) {
            found.taken.extend(answer.versions);
            found.names.push(question.name);
        }
    }
    Ok(found)
}

/// The files that are wanted to tell what is released.
async fn read_files(context: &Context, release: &Release<'_>, at: &Sha) -> Result<Files, Error> {
    let mut files = Files::default();
    while let Some(wanted) = ecosystem::wanted(&files, release) {
        match wanted {
            Wanted::Tree => {
                let tree = context.repo.tree(at.as_str()).await?;
                let entries = tree.ok_or(Error::NotFound)?.entries;
                files.put_tree(entries.into_iter().map(|entry| entry.path).collect());
            }
            Wanted::Files(paths) => {
                gather(context, paths.iter().map(String::as_str), at).await;
                for path in paths {
                    put(context, &mut files, &path, at).await?;
                }
            }
        }
    }
    Ok(files)
}

/// Whether it is a name that could be on crates.io, which is asked there.
fn can_ask(question: &Question) -> bool {
    question.registry == Kind::Cargo && index_path(&question.name).is_ok()
}

/// What the registry says of a name; none where it could not be one there. 1
/// call to it, some more where there is one of that name, and for the release's
/// file where its link does not tell whose it is.
pub async fn ask(
    context: &Context,
    question: &Question,
    repository: &Repository,
) -> Result<Option<Answer>, Error> {
    if question.registry != Kind::Cargo {
        return ask_elsewhere(context, question, repository).await;
    }
    let name = &question.name;
    if !can_ask(question) {
        return Ok(None);
    }
    let registry = context.registry.crates_io();
    let versions = registry.versions(name).await;
    let versions = versions.map_err(convert::registry_error)?;
    let link = match versions.is_empty() {
        true => Ok(None),
        false => registry.repository(name).await,
    };
    let link = link.map_err(convert::registry_error)?;
    told(context, question, repository, versions, link).await
}

/// The same of another registry than crates.io.
async fn ask_elsewhere(
    context: &Context,
    question: &Question,
    repository: &Repository,
) -> Result<Option<Answer>, Error> {
    let Some(registry) = RegistryKind::of(question.registry) else {
        return Ok(None);
    };
    let asked = Asked {
        registry,
        name: &question.name,
        version: &question.version,
        by: (context.repo.owner(), context.repo.name()),
    };
    if !asked.is_possible() {
        return Ok(None);
    }
    let named = context.registry.named(asked).await;
    let named = named.map_err(convert::registry_error)?.unwrap_or_default();
    // Go's versions begin with a `v`, which the numbers here do not.
    let bare = |versions: Vec<String>| -> Vec<String> {
        let bare = |it: String| match registry {
            RegistryKind::Go => it.trim_start_matches('v').to_owned(),
            _ => it,
        };
        versions.into_iter().map(bare).collect()
    };
    let mut answer = Answer {
        registry: question.registry,
        name: question.name.clone(),
        versions: bare(named.versions),
        yanked: bare(named.withdrawn),
        link: named.link,
        commit: None,
    };
    let has = answer.versions.contains(&question.version);
    if has && ecosystem::is_unclear(&answer, repository) {
        let fact = context.registry.version(asked).await;
        if let Some(fact) = fact.map_err(convert::registry_error)? {
            let origin = context.registry.origin(asked, &fact).await;
            answer.commit = commit(origin.map_err(convert::registry_error)?);
        }
    }
    Ok(Some(answer))
}

/// The commit that tells whose a package is: what was changed before it was packed is
/// anybody's.
fn commit(origin: Origin) -> Option<String> {
    match origin {
        Origin::Commit {
            commit,
            dirty: false,
        } => Some(commit.to_string()),
        _ => None,
    }
}

/// The same, where most likely there is one of that name: both calls side by side.
async fn ask_at_once(
    context: &Context,
    question: &Question,
    repository: &Repository,
) -> Result<Option<Answer>, Error> {
    let (registry, name) = (context.registry.crates_io(), &question.name);
    if !can_ask(question) {
        return Ok(None);
    }
    let asked = tokio::try_join!(registry.versions(name), registry.repository(name));
    let (versions, link) = asked.map_err(convert::registry_error)?;
    let link = link.filter(|_| !versions.is_empty());
    told(context, question, repository, versions, link).await
}

/// The answer; the release's file tells whose it is where the link does not.
async fn told(
    context: &Context,
    question: &Question,
    repository: &Repository,
    versions: Vec<VersionFact>,
    link: Option<String>,
) -> Result<Option<Answer>, Error> {
    let (registry, name) = (context.registry.crates_io(), &question.name);
    let mut answer = Answer {
        registry: question.registry,
        name: name.clone(),
        versions: versions.iter().map(|it| it.num.clone()).collect(),
        yanked: versions
            .iter()
            .filter(|it| it.yanked)
            .map(|it| it.num.clone())
            .collect(),
        link,
        commit: None,
    };
    let fact = versions.iter().find(|it| it.num == question.version);
    if let Some(fact) = fact.filter(|_| ecosystem::is_unclear(&answer, repository)) {
        let origin = registry.origin(fact, name).await;
        answer.commit = commit(origin.map_err(convert::registry_error)?);
    }
    Ok(Some(answer))
}
