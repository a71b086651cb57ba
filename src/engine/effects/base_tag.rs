//! Which tag is the release to start from, and how release tags are named where
//! nobody configured it.

use super::tag_pattern::{BaseTag, Pattern, known, other};
use super::{Context, tag};
use crate::ecosystem::{self, Kind};
use crate::github::Error;
use crate::github::ops::GitRef;

/// The release to start from, among its like.
pub struct Chosen {
    /// How release tags are named.
    pub pattern: String,
    /// The release.
    pub base: BaseTag,
    /// The tags among which it was found.
    pub tags: Vec<GitRef>,
}

/// The base by a pattern that is configured: tags (1 call for each 100); or in
/// words why there is none.
pub async fn configured(
    context: &Context,
    pattern: &str,
    prereleases: bool,
) -> Result<Result<Chosen, String>, Error> {
    let Some(read) = Pattern::read(pattern) else {
        return Ok(Err(format!("the tag pattern {pattern} has no {{version}}")));
    };
    let tags = context.repo.matching_refs(&read.refs_below("tags")).await?;
    Ok(match read.highest(&tags, prereleases) {
        Some(base) => Ok(Chosen {
            pattern: pattern.to_owned(),
            base,
            tags,
        }),
        None => Err(format!(
            "no {}release tag that fits {pattern}: there is no release to fix",
            stable(prereleases)
        )),
    })
}

/// The base by the tags that are there: the usual ways to name a release are
/// tried, those with the package's name too. Where tags are named in several
/// ways, the way of the newest release holds; where they are named in none of
/// them, the only other way. All tags (1 call for each 100), the manifest (1,
/// where tags have a prefix), and 1 or 2 for each way if there are several.
pub async fn derived(
    context: &Context,
    prereleases: bool,
) -> Result<Result<Chosen, String>, Error> {
    let tags = context.repo.matching_refs("tags").await?;
    let package = match other(&tags).is_empty() {
        true => None,
        false => package(context).await?,
    };
    let known = known(package.as_deref());
    let find = |prereleases: bool| {
        let highest = |pattern: &String| {
            let base = Pattern::read(pattern)?.highest(&tags, prereleases)?;
            Some((pattern.clone(), base))
        };
        known.iter().filter_map(highest).collect::<Vec<_>>()
    };
    let mut found = find(false);
    if found.is_empty() && prereleases {
        found = find(true);
    }
    if found.is_empty()
        && let [only] = other(&tags).as_slice()
    {
        let base = Pattern::read(only).and_then(|p| p.highest(&tags, prereleases));
        found.extend(base.map(|base| (only.clone(), base)));
    }
    let Some((pattern, stable_base)) = newest(context, found).await? else {
        return Ok(Err(format!(
            "no {}release tag, named {}: there is no release to fix",
            stable(prereleases),
            known.join(" or ")
        )));
    };
    // How releases are named was found; prereleases may be a base as well.
    let base = Pattern::read(&pattern).and_then(|p| p.highest(&tags, prereleases));
    Ok(Ok(Chosen {
        base: base.unwrap_or(stable_base),
        pattern,
        tags,
    }))
}

fn stable(prereleases: bool) -> &'static str {
    if prereleases { "" } else { "stable " }
}

/// The package at the root of the default branch.
async fn package(context: &Context) -> Result<Option<String>, Error> {
    let branch = &context.default_branch;
    let kind = Kind::default();
    let manifest = ecosystem::manifest(kind);
    let file = context.repo.file(manifest, branch).await?;
    let text = file.map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
    Ok(text.and_then(|text| ecosystem::name(kind, &text)))
}

/// The one whose commit is the newest; of two that are equally new, the first.
async fn newest(
    context: &Context,
    mut found: Vec<(String, BaseTag)>,
) -> Result<Option<(String, BaseTag)>, Error> {
    if found.len() < 2 {
        return Ok(found.pop());
    }
    let mut best = None;
    for (pattern, base) in found {
        let commit = tag::peel(context, &base.object).await?.commit;
        let commit = context.repo.git_commit(commit.as_str()).await?;
        let at = commit.and_then(|commit| commit.committer.date);
        if best.as_ref().is_none_or(|(newest, _)| at > *newest) {
            best = Some((at, (pattern, base)));
        }
    }
    Ok(best.map(|(_, found)| found))
}
