//! The places of the version that the configuration names, and those that the
//! last two releases show: fetches what `ecosystem` wants to see.

use semver::Version;

use super::files::{gather, put, text};
use super::{Context, tag};
use crate::domain::derive::tag::Pattern;
use crate::domain::ids::Sha;
use crate::domain::objects::{Base, Habit};
use crate::ecosystem::learnt::{
    Asked, Blob, Built, Diff, FileDiff, Lessons, Place, READ, Step, Told, Unread, build_command,
    compared, configured, differing, predecessors, raised, untold,
};
use crate::ecosystem::{self, Files};
use crate::github::Error;
use crate::github::ops::{ChangedFile, GitObject, GitRef, Tree};

/// What the base is learnt from.
pub struct From<'a> {
    /// The base, with its package.
    pub base: &'a Base,
    /// What the configuration says.
    pub asked: &'a Asked,
    /// How the last releases differ, the newest first.
    pub steps: Steps,
    /// What was read of the base.
    pub files: Files,
}

/// A release before the base.
pub struct Earlier {
    tag: String,
    /// Its version.
    pub version: String,
    commit: Option<Sha>,
}

/// These releases with their commits, where they are learnt from: 1 call for
/// each annotated tag, side by side.
pub async fn peeled(
    context: &Context,
    releases: Vec<(String, String, GitObject)>,
    learns: bool,
) -> Result<Vec<Earlier>, Error> {
    let one = |(tag, version, object): (String, String, GitObject)| async move {
        let commit = match learns {
            true => Some(tag::peel(context, &object).await?.commit),
            false => None,
        };
        Ok::<_, Error>(Earlier {
            tag,
            version,
            commit,
        })
    };
    both(releases.into_iter().map(one)).await
}

/// What the first two of these come to, asked side by side.
async fn both<T, F>(mut asked: impl Iterator<Item = F>) -> Result<Vec<T>, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let ask = |it: Option<F>| async {
        match it {
            Some(it) => it.await.map(Some),
            None => Ok(None),
        }
    };
    let (one, two) = (ask(asked.next()), ask(asked.next()));
    let (one, two) = tokio::try_join!(one, two)?;
    Ok(one.into_iter().chain(two).collect())
}

/// How the last releases differ, the newest first.
#[derive(Default)]
pub struct Steps(Vec<OneStep>);

/// How two releases differ.
struct OneStep {
    /// The older one's tag.
    tag: String,
    diff: Diff,
    /// The commit and the version of the older one, and of the newer one.
    older: (Sha, String),
    newer: (Sha, String),
    /// Whether not all of it could be seen.
    cut: bool,
}

impl OneStep {
    fn step(&self) -> Step<'_> {
        Step {
            diff: &self.diff,
            from: &self.older.1,
            to: &self.newer.1,
        }
    }
}

/// How two releases before the base differ from what came next: 1 call for each
/// comparison; where that does not tell all, 2 for the trees, 1 for the newer one's
/// commit, and 2 for each 40 files that are wanted of them. Side by side.
pub async fn steps(
    context: &Context,
    base: &Base,
    earlier: &[Earlier],
    learns: bool,
) -> Result<Steps, Error> {
    let mut pairs = Vec::new();
    let mut newer = (base.commit.clone(), base.version.clone());
    for one in earlier.iter().filter(|_| learns) {
        let Some(commit) = &one.commit else { continue };
        let older = (commit.clone(), one.version.clone());
        pairs.push((one.tag.clone(), older.clone(), newer));
        newer = older;
    }
    let one = |(tag, older, newer): (String, (Sha, String), (Sha, String))| async move {
        let mut cut = false;
        let diff = difference(context, &older, &newer, &mut cut).await?;
        Ok::<_, Error>(OneStep {
            tag,
            diff,
            older,
            newer,
            cut,
        })
    };
    Ok(Steps(both(pairs.into_iter().map(one)).await?))
}

/// Looks whether the release before the last changed what the last one did, where
/// its difference does not tell: 2 calls for each 40 such files. With these all
/// of it is known that is asked for.
async fn confirm(context: &Context, steps: &mut [OneStep], ignore: &[String]) -> Result<(), Error> {
    let [last, before] = steps else {
        return Ok(());
    };
    if !before.cut {
        return Ok(());
    }
    let mut paths = untold(&Lessons {
        last: last.step(),
        before: Some(before.step()),
        ignore,
    });
    before.cut = paths.len() > READ;
    paths.truncate(READ);
    let (older, newer) = (before.older.0.clone(), before.newer.0.clone());
    let read = files_of(context, &paths, (&older, &newer), &mut before.cut).await?;
    before.diff.files.extend(read);
    Ok(())
}

/// So many files are read one by one where they do not come many at once.
const ALONE: usize = 20;

/// How these files differ between two commits: 2 calls for each 40 of them, and 2
/// for each that does not come so (20 at most). `cut` tells that there were more.
async fn files_of(
    context: &Context,
    paths: &[String],
    (older, newer): (&Sha, &Sha),
    cut: &mut bool,
) -> Result<Vec<FileDiff>, Error> {
    for at in [older, newer] {
        gather(context, paths.iter().map(String::as_str), at).await;
    }
    let (mut found, mut alone) = (Vec::new(), 0);
    for path in paths {
        let knows = |at: &Sha| context.repo.knows(path, at.as_str());
        if !knows(older) || !knows(newer) {
            alone += 1;
            if alone > ALONE {
                *cut = true;
                continue;
            }
        }
        let before = text(context, path, older).await?;
        let after = text(context, path, newer).await?;
        if let (Some(before), Some(after)) = (before, after) {
            found.push(FileDiff::of_texts(path, &before, &after));
        }
    }
    Ok(found)
}

/// The places and what else the last releases show, or in words which configured one is none: 1 call for each further
/// file that is wanted at the base, and for each folder with built files (4 at
/// most).
pub async fn read(
    context: &Context,
    mut from: From<'_>,
) -> Result<Result<(Vec<Place>, Habit), String>, Error> {
    let From { base, asked, .. } = from;
    let mut places = Vec::new();
    let mut wrong = Vec::new();
    let there = from.files.tree().map(<[String]>::to_vec);
    let is_there = |path: &String| there.as_ref().is_none_or(|all| all.contains(path));
    for one in &asked.files {
        // It may have another name.
        if one.optional && !is_there(&one.path) {
            continue;
        }
        fetch(context, &mut from.files, &one.path, &base.commit).await?;
        match configured(one, from.files.get(&one.path), &base.version) {
            Ok(place) => places.push(place),
            Err(_) if one.optional => {}
            Err(words) => wrong.push(words),
        }
    }
    if !wrong.is_empty() {
        return Ok(Err(wrong.join("; ")));
    }
    if !asked.learn {
        return Ok(Ok((places, Habit::default())));
    }
    let Steps(mut told) = std::mem::take(&mut from.steps);
    confirm(context, &mut told, &asked.ignore).await?;
    let mut habit = Habit {
        looked: true,
        cut: told.iter().any(|step| step.cut),
        ..Habit::default()
    };
    habit.releases = told.iter().map(|step| step.tag.clone()).collect();
    let mut steps = told.iter().map(OneStep::step);
    let Some(last) = steps.next() else {
        return Ok(Ok((places, habit)));
    };
    let lessons = Lessons {
        last,
        before: steps.next(),
        ignore: &asked.ignore,
    };
    let wanted = ecosystem::at_hand(&from.files, &lessons);
    let unread = wanted.iter().filter(|path| !from.files.was_read(path));
    gather(context, unread.map(String::as_str), &base.commit).await;
    for path in wanted {
        fetch(context, &mut from.files, &path, &base.commit).await?;
    }
    let learnt = ecosystem::learn(&base.package, &from.files, &lessons).asked_for(asked);
    places.extend(learnt.places);
    habit.listed = learnt.listed;
    habit.generated = learnt.generated;
    habit.built = learnt.built;
    for of in folders(&habit.built) {
        let path = format!("{of}package.json");
        fetch(context, &mut from.files, &path, &base.commit).await?;
        let command = from.files.get(&path).and_then(build_command);
        habit.builds.extend(command.map(|command| (of, command)));
    }
    habit.logs = learnt.logs;
    habit.along = learnt.along;
    Ok(Ok((places, habit)))
}

/// Of so many folders with built files it is read how they are built.
const BUILDS: usize = 4;

/// The folders that the sources of built files stand below, each once.
fn folders(built: &[Built]) -> Vec<String> {
    let mut all: Vec<String> = built.iter().map(|it| it.of.clone()).collect();
    all.sort();
    all.dedup();
    all.truncate(BUILDS);
    all
}

/// The two releases before the base: tag, version, what the tag's ref names.
pub fn before(pattern: &str, tags: &[GitRef], base: &str) -> Vec<(String, String, GitObject)> {
    let Some(pattern) = Pattern::read(pattern) else {
        return Vec::new();
    };
    let Some(base) = pattern.version_in(base) else {
        return Vec::new();
    };
    let all: Vec<(Version, &str, &GitRef)> = tags
        .iter()
        .filter_map(|tag| {
            let name = tag.name.strip_prefix("refs/tags/")?;
            Some((pattern.version_in(name)?, name, tag))
        })
        .collect();
    let names = all.iter().map(|(version, tag, _)| (version.clone(), *tag));
    let object = |tag: &str| all.iter().find(|(_, name, _)| *name == tag);
    predecessors(names, &base)
        .into_iter()
        .filter_map(|(version, tag)| {
            let object = object(tag)?.2.object.clone();
            Some((tag.to_owned(), version.to_string(), object))
        })
        .collect()
}

async fn fetch(context: &Context, files: &mut Files, path: &str, at: &Sha) -> Result<(), Error> {
    if !files.was_read(path) {
        put(context, files, path, at).await?;
    }
    Ok(())
}

/// How two releases differ, each a commit with its version.
async fn difference(
    context: &Context,
    (older, from): &(Sha, String),
    (newer, to): &(Sha, String),
    cut: &mut bool,
) -> Result<Diff, Error> {
    let compare = context.repo.compare_files(older.as_str(), newer.as_str());
    let told = compare
        .await?
        .and_then(|compare| compared(compare.behind_by, &told(&compare.files)));
    let (mut diff, unread) = match told {
        Some(told) => told,
        None => match trees(context, older, newer, (from, to)).await? {
            Some(told) => told,
            None => {
                *cut = true;
                return Ok(Diff::default());
            }
        },
    };
    let Unread { paths, cut: more } = unread;
    *cut |= more;
    let read = files_of(context, &paths, (older, newer), cut).await?;
    diff.files.extend(read);
    Ok(diff)
}

/// The files of a comparison, or of a commit.
fn told(files: &[ChangedFile]) -> Vec<Told<'_>> {
    let files = files.iter().map(|file| Told {
        path: &file.filename,
        status: &file.status,
        lines: file.additions.saturating_add(file.deletions),
        patch: file.patch.as_deref(),
    });
    files.collect()
}

async fn trees(
    context: &Context,
    older: &Sha,
    newer: &Sha,
    (from, to): (&str, &str),
) -> Result<Option<(Diff, Unread)>, Error> {
    let before = context.repo.tree(older.as_str()).await?;
    let after = context.repo.tree(newer.as_str()).await?;
    let (Some(before), Some(after)) = (before, after) else {
        return Ok(None);
    };
    let commit = context.repo.commit(newer.as_str()).await?;
    let files = commit.map(|commit| commit.files).unwrap_or_default();
    let own = raised(&told(&files), from, to);
    if before.truncated || after.truncated {
        let told = compared(0, &told(&files));
        return Ok(told.filter(|_| !own.is_empty()));
    }
    Ok(Some(differing(&blobs(&before), &blobs(&after), &own)))
}

fn blobs(tree: &Tree) -> Vec<Blob<'_>> {
    let files = tree
        .entries
        .iter()
        .filter(|entry| entry.mode.starts_with("100"));
    let blobs = files.map(|entry| Blob {
        path: &entry.path,
        sha: &entry.sha,
        size: entry.size.unwrap_or_default(),
    });
    blobs.collect()
}
