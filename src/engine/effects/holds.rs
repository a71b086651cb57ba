//! Whether a branch holds the fix: the tagged commit itself, or a commit with the
//! same change.

use std::collections::BTreeSet;

use super::Context;
use super::trees::entries;
use crate::domain::ids::Sha;
use crate::domain::objects::{Carry, Holds};
use crate::edits::forward_port;
use crate::edits::patch_id::{FilePatch, FileStatus, patch_id};
use crate::github::Error;
use crate::github::ops::ChangedFile;

/// Of so many commits of the branch the change is read.
const COMMITS: usize = 30;
/// GitHub shows at most so many files of a comparison: that many are no change
/// that could be compared.
const FILES: usize = 300;

/// What is looked for, and where.
pub struct Asked<'a> {
    /// The branch.
    pub branch: &'a str,
    /// The fix.
    pub carry: &'a Carry,
    /// The commit that carried it over, if one was made.
    pub carried: Option<&'a Sha>,
    /// Where it came in, if a pull request was merged.
    pub merged: Option<&'a Sha>,
    /// Whether what came in there is known to be the fix.
    pub whole: bool,
}

/// Looks for the fix: 2 calls where the tagged commit is an ancestor; else 1
/// more where a pull request was merged, 3 for the fix, 4 for the forward-port's
/// commit and its merge; where it is not that, 1 for the list and 1 for each
/// commit that touches the fix's first file, and where modes count 2 for one
/// with its lines.
pub async fn read(context: &Context, asked: &Asked<'_>) -> Result<Holds, Error> {
    let repo = &context.repo;
    let Asked {
        branch,
        carry,
        carried,
        merged,
        whole,
    } = *asked;
    let main = super::refs::head(context, branch).await?;
    let main = main.ok_or(Error::NotFound)?;
    let holds = |by: Option<Sha>| {
        Ok(Holds {
            main: main.clone(),
            by,
        })
    };
    if contains(context, &main, &carry.head).await? {
        return holds(Some(carry.head.clone()));
    }
    // A merge counts where the branch has it: it may have gone elsewhere.
    let merged = match merged {
        Some(merged) if contains(context, &main, merged).await? => Some(merged),
        _ => None,
    };
    if let Some(merged) = merged.filter(|_| whole) {
        return holds(Some(merged.clone()));
    }
    let fix = repo.compare(carry.base.as_str(), carry.head.as_str());
    let fix = fix.await?.ok_or(Error::NotFound)?.files;
    let whole_list = fix.len() < FILES;
    let mut wanted = Vec::new();
    if whole_list {
        wanted.extend(Wanted::of(context, carry, [&carry.base, &carry.head], &fix).await?);
    }
    // Where a file has another name here, ours has it too.
    if let Some(carried) = carried
        && let Some(ours) = repo.commit(carried.as_str()).await?
        && let Some(parent) = ours.parents.first()
    {
        let (before, after) = (Sha::new(parent.sha.clone()), Sha::new(ours.sha.clone()));
        wanted.extend(Wanted::of(context, carry, [&before, &after], &ours.files).await?);
    }
    if wanted.is_empty() {
        // Nothing but version, lock file and changelog: the merge is the proof.
        return holds(merged.filter(|_| whole_list).cloned());
    }
    if let Some(merged) = merged
        && is_one(context, merged, &wanted, carry).await?
    {
        return holds(Some(merged.clone()));
    }
    holds(by_lines(context, carry, branch, &wanted).await?)
}

/// Whether a commit is the head or one of its ancestors: 1 call.
async fn contains(context: &Context, head: &Sha, commit: &Sha) -> Result<bool, Error> {
    let way = context.repo.compare(head.as_str(), commit.as_str()).await?;
    Ok(way.is_some_and(|way| matches!(way.status.as_str(), "behind" | "identical")))
}

/// The commit of the default branch's history, up to `onto`, that makes the same
/// change as the whole fix, as where the fix was picked from there: 2 calls for
/// the fix's modes, 1 for the list and 1 for each commit that touches the fix's first file.
pub async fn picked_from(
    context: &Context,
    carry: &Carry,
    onto: &Sha,
    fix: &[ChangedFile],
) -> Result<Option<Sha>, Error> {
    if fix.len() >= FILES {
        return Ok(None);
    }
    let wanted = Wanted::of(context, carry, [&carry.base, &carry.head], fix).await?;
    let Some(wanted) = wanted else {
        return Ok(None);
    };
    by_lines(context, carry, onto.as_str(), &[wanted]).await
}

/// A change that is looked for.
struct Wanted {
    /// Its id, without modes.
    lines: String,
    /// With them, where any is but a plain file's.
    whole: Option<String>,
    /// A file that it touches.
    first: String,
}

impl Wanted {
    /// The change from one commit to another one, without the places of the
    /// version; none where there is nothing else: 2 calls.
    async fn of(
        context: &Context,
        carry: &Carry,
        between: [&Sha; 2],
        files: &[ChangedFile],
    ) -> Result<Option<Self>, Error> {
        let modes = Modes::between(context, between).await?;
        let others = others(files, carry);
        // GitHub does not say whether it lists what changes its mode alone.
        let rules: BTreeSet<&str> = carry.package.known_places().collect();
        let mut special = modes.special.iter();
        let mode_alone = special.find(|path| !rules.contains(path.as_str()));
        let first = others.first().map(|it| it.file.filename.clone());
        let Some(first) = first.or_else(|| mode_alone.cloned()) else {
            return Ok(None);
        };
        let whole = mode_alone.map(|_| modes.id(&others, &rules));
        Ok(Some(Self {
            lines: lines(&others, whole.is_some()),
            whole,
            first,
        }))
    }
}

async fn by_lines(
    context: &Context,
    carry: &Carry,
    branch: &str,
    wanted: &[Wanted],
) -> Result<Option<Sha>, Error> {
    let repo = &context.repo;
    if let Some(first) = wanted.first() {
        for commit in repo.commits_of(branch, &first.first, COMMITS).await? {
            let commit = Sha::new(commit.sha);
            if is_one(context, &commit, wanted, carry).await? {
                return Ok(Some(commit));
            }
        }
    }
    Ok(None)
}

/// Whether a commit makes one of the changes: 1 call, and 2 for the modes where
/// they count and its lines are the same.
async fn is_one(
    context: &Context,
    commit: &Sha,
    wanted: &[Wanted],
    carry: &Carry,
) -> Result<bool, Error> {
    let Some(commit) = context.repo.commit(commit.as_str()).await? else {
        return Ok(false);
    };
    let others = others(&commit.files, carry);
    for wanted in wanted {
        if lines(&others, wanted.whole.is_some()) != wanted.lines {
            continue;
        }
        let (Some(whole), Some(parent)) = (&wanted.whole, commit.parents.first()) else {
            return Ok(wanted.whole.is_none());
        };
        let (before, after) = (Sha::new(parent.sha.clone()), Sha::new(commit.sha.clone()));
        let modes = Modes::between(context, [&before, &after]).await?;
        if modes.id(&others, &carry.package.places().collect()) == *whole {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A changed file, with its lines but those that hold the version.
struct Changed<'f> {
    file: &'f ChangedFile,
    patch: Option<String>,
}

/// The files but the places of the version; of a file with learnt ones, the
/// other lines.
fn others<'f>(files: &'f [ChangedFile], carry: &Carry) -> Vec<Changed<'f>> {
    let rules: BTreeSet<&str> = carry.package.known_places().collect();
    let files = files.iter();
    files
        .filter(|file| !rules.contains(file.filename.as_str()))
        .map(|file| {
            let beside = |patch| {
                let package = &carry.package;
                package.beside_places(&file.filename, patch, &carry.version)
            };
            let patch = file.patch.as_deref().map(beside);
            Changed { file, patch }
        })
        .filter(|changed| changed.patch.as_deref() != Some(""))
        .collect()
}

/// Identifies a change by the lines that it adds and takes away. Files without
/// lines (binary, or too large for GitHub to show) count by what they become,
/// unless `lines_alone` leaves them to [`Modes::id`].
fn lines(files: &[Changed<'_>], lines_alone: bool) -> String {
    let counted = files
        .iter()
        .filter(|changed| !lines_alone || changed.patch.is_some());
    let files: Vec<FilePatch<'_>> = counted.map(patch).collect();
    patch_id(&files)
}

fn patch<'c>(changed: &'c Changed<'_>) -> FilePatch<'c> {
    let file = changed.file;
    FilePatch {
        status: FileStatus::parse(&file.status),
        path: &file.filename,
        previous: file.previous_filename.as_deref(),
        patch: changed.patch.as_deref(),
        blob: file.sha.as_deref(),
        modes: [None; 2],
    }
}

/// The modes in two trees.
struct Modes {
    before: forward_port::Tree,
    after: forward_port::Tree,
    /// Files whose mode changed, or that came or went with another mode than a
    /// plain file's.
    special: BTreeSet<String>,
}

impl Modes {
    /// Reads both trees: 2 calls.
    async fn between(context: &Context, between: [&Sha; 2]) -> Result<Self, Error> {
        let mut trees = Vec::new();
        for commit in between {
            let tree = context.repo.tree(commit.as_str()).await?;
            trees.push(entries(&tree.ok_or(Error::NotFound)?));
        }
        let after = trees.pop().unwrap_or_default();
        let before = trees.pop().unwrap_or_default();
        let special = forward_port::special_modes(&before, &after);
        Ok(Self {
            before,
            after,
            special,
        })
    }

    /// The change's id with modes, files whose mode alone changes included.
    fn id(&self, files: &[Changed<'_>], rules: &BTreeSet<&str>) -> String {
        let mode = |tree: &'_ forward_port::Tree, path: &str| tree.get(path).cloned();
        let named: BTreeSet<&str> = files.iter().map(|it| it.file.filename.as_str()).collect();
        let is_left =
            |path: &&String| !named.contains(path.as_str()) && !rules.contains(path.as_str());
        let listed = files.iter().map(|changed| {
            let file = changed.file;
            let old = file.previous_filename.as_deref().unwrap_or(&file.filename);
            let sides = [mode(&self.before, old), mode(&self.after, &file.filename)];
            (patch(changed), sides)
        });
        let alone = self.special.iter().filter(is_left).map(|path| {
            let file = FilePatch {
                status: FileStatus::Modified,
                path,
                previous: None,
                patch: None,
                blob: None,
                modes: [None; 2],
            };
            (file, [mode(&self.before, path), mode(&self.after, path)])
        });
        let all: Vec<_> = listed.chain(alone).collect();
        let patches: Vec<FilePatch<'_>> = all
            .iter()
            .map(|(file, [before, after])| {
                let is_content = match (before, after) {
                    (Some(before), Some(after)) => before.id != after.id,
                    _ => true,
                };
                FilePatch {
                    blob: file.blob.filter(|_| is_content),
                    modes: [before, after].map(|side| side.as_ref().map(|it| it.mode.as_str())),
                    ..*file
                }
            })
            .collect();
        patch_id(&patches)
    }
}
