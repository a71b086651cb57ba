//! What tells which release is the base, and which numbers are taken: fetched
//! here, judged in `domain::derive`.

use std::collections::BTreeSet;

use semver::Version;

use super::files::text;
use super::package::Configured;
use super::{Context, convert, kept_files};
use crate::domain::derive::base::{Answer, Chosen, Known, Question, base as derived, newest};
use crate::domain::derive::tag::Pattern;
use crate::domain::derive::taken::{Taken, TakenBy, in_the_way};
use crate::domain::derive::untagged::untagged as beyond;
use crate::domain::derive::withdrawn::withdrawn as gone;
use crate::domain::line_name::LineName;
use crate::domain::objects::{self, Base, Package};
use crate::domain::text::YANKED;
use crate::ecosystem::learnt;
use crate::ecosystem::{self, Kind, Published};
use crate::edits::changelog;
use crate::github::Error;
use crate::github::ops::{GitObject, GitRef, OpenPull, Release};

/// What the configuration and a person say of the base.
pub struct Asked<'a> {
    /// `base.tag_pattern`, where it is written.
    pub tag_pattern: Option<&'a str>,
    /// The release that a person named.
    pub said: Option<&'a str>,
    /// The release line that is fixed.
    pub line: Option<&'a LineName>,
    /// `base.branch`.
    pub branch_pattern: &'a str,
    /// `base.prereleases`.
    pub prereleases: bool,
    /// The branch of the release line that a person named.
    pub line_said: Option<&'a str>,
    /// `base.line_branch`, where it is written.
    pub line_branch: Option<&'a str>,
    /// What the package is read by.
    pub package: Configured<'a>,
    /// The files that are looked for on the default branch.
    pub kept: kept_files::Asked<'a>,
    /// What `version` says of the version's places.
    pub places: &'a learnt::Asked,
}

/// The newest releases, and which one is shown as the latest.
pub struct Releases {
    all: Vec<Release>,
    /// The tag of GitHub's Latest.
    pub latest: Option<String>,
}

impl Releases {
    /// The newest 100 releases with their drafts, and Latest: 2 calls, side by
    /// side.
    pub async fn read(context: &Context) -> Result<Releases, Error> {
        let (all, latest) = tokio::try_join!(context.repo.releases(1), context.repo.latest_tag())?;
        Ok(Releases { all, latest })
    }

    /// The newest that is published and no prerelease.
    fn newest(&self) -> Option<&str> {
        let published = self.all.iter().filter(|it| !it.draft && !it.prerelease);
        let newest = published.max_by_key(|it| it.published_at);
        newest.map(|it| it.tag_name.as_str())
    }

    /// The published release of a tag: 1 call where it is not among the newest.
    pub async fn of(
        &self,
        context: &Context,
        tag: &str,
    ) -> Result<Option<objects::Release>, Error> {
        let here = self.all.iter().find(|it| !it.draft && it.tag_name == tag);
        // All of them were read.
        let found = match here {
            Some(here) => Some(here.clone()),
            None if self.all.len() < 100 => None,
            None => context.repo.release_by_tag(tag).await?,
        };
        Ok(found.as_ref().map(|found| objects::Release {
            latest: self.latest.as_deref() == Some(tag),
            ..convert::release(found)
        }))
    }
}

/// The tags: 1 call for each 100; of a configured pattern those alone, unless a
/// person named another.
pub async fn tags(context: &Context, asked: &Asked<'_>) -> Result<Vec<GitRef>, Error> {
    let pattern = asked.tag_pattern.filter(|_| asked.said.is_none());
    let below = pattern
        .and_then(Pattern::read)
        .map(|it| it.refs_below("tags"));
    let below = below.unwrap_or_else(|| "tags".to_owned());
    let tags = context.repo.matching_refs(&below).await?;
    // What else there is tells how the pattern is wrong.
    match tags.is_empty() && below != "tags" {
        true => context.repo.matching_refs("tags").await,
        false => Ok(tags),
    }
}

/// The names of these refs below a root.
pub fn names<'r>(refs: &'r [GitRef], root: &str) -> Vec<&'r str> {
    let all = refs.iter();
    all.filter_map(|it| it.name.strip_prefix(root)).collect()
}

/// Which release it is, with what its tag names; or what a person must say. 1
/// call where the default branch's paths would tell.
pub async fn choose(
    context: &Context,
    asked: &Asked<'_>,
    base: &Base,
    manifest: Option<&Root>,
    tags: &[GitRef],
    releases: &Releases,
) -> Result<Result<(Chosen, GitObject), Question>, Error> {
    let root = manifest.map(|root| ecosystem::root(root.kind, root.path, &root.text));
    let (root, main) = root.unwrap_or_default();
    let mut known = Known {
        tags: names(tags, "refs/tags/"),
        pattern: asked.tag_pattern,
        prereleases: asked.prereleases,
        said: asked.said,
        line: asked.line,
        repo: context.repo.name(),
        root: root.as_deref(),
        main: main.as_deref(),
        latest: releases.latest.as_deref(),
        newest: releases.newest(),
        paths: None,
    };
    let mut answer = derived(&known);
    let paths: Vec<String>;
    if answer == Answer::Paths {
        let tree = context.repo.tree(base.main.head.as_str()).await?;
        let entries = tree.map(|tree| tree.entries).unwrap_or_default();
        paths = entries.into_iter().map(|entry| entry.path).collect();
        known.paths = Some(&paths);
        answer = derived(&known);
    }
    let chosen = match answer {
        Answer::Base(chosen) => chosen,
        Answer::Ask(question) => return Ok(Err(question)),
        Answer::Paths => return Err(Error::NotFound),
    };
    let name = format!("refs/tags/{}", chosen.tag);
    let object = tags.iter().find(|it| it.name == name);
    let object = object.map(|it| it.object.clone()).ok_or(Error::NotFound)?;
    Ok(Ok((chosen, object)))
}

/// What a person must say because the registry has a higher version than any
/// tag.
pub fn untagged(
    base: &Base,
    chosen: &Chosen,
    tags: &[GitRef],
    package: &Package,
    published: &Published,
) -> Option<Question> {
    let tags = names(tags, "refs/tags/");
    let registry = package.kind().registry();
    beyond(
        chosen,
        &tags,
        &published.standing,
        registry,
        base.latest.as_deref(),
    )
}

/// What a person must say because the release was taken back: as its title says,
/// or the registry.
pub fn withdrawn(
    base: &Base,
    chosen: &Chosen,
    tags: &[GitRef],
    releases: &Releases,
    published: &Published,
) -> Option<Question> {
    let marked = |tag: &str| {
        let here = releases.all.iter().find(|it| it.tag_name == tag);
        let title = here.and_then(|it| it.name.as_deref()).unwrap_or_default();
        title.trim_start().starts_with(YANKED.trim())
    };
    let yanked = |version: &Version| {
        let number = version.to_string();
        let product = !published.standing.is_empty();
        product && published.taken.contains(&number) && !published.standing.contains(&number)
    };
    let is_withdrawn = |tag: &str, version: &Version| marked(tag) || yanked(version);
    let tags = names(tags, "refs/tags/");
    gone(chosen, &tags, is_withdrawn, base.latest.as_deref())
}

/// A manifest at the root of the default branch.
pub struct Root {
    /// The kind that it shows.
    pub kind: Kind,
    /// Its path.
    pub path: &'static str,
    /// What it says.
    pub text: String,
}

/// What was found out on the way to the base.
pub struct Found {
    /// The release.
    pub chosen: Chosen,
    /// The tags.
    pub tags: Vec<GitRef>,
    /// The branches.
    pub heads: Vec<GitRef>,
    /// The releases.
    pub releases: Releases,
    /// The newest open pull requests.
    pub pulls: Vec<OpenPull>,
    /// The manifest at the root of the default branch.
    pub manifest: Option<Root>,
    /// The versions on the registry.
    pub published: BTreeSet<String>,
}

/// Which numbers are taken, and what keeps the branch from being made: branches,
/// open pull requests, main's changelog (1, where there is one),
/// and the manifest there (1, where it is not the root's).
pub async fn taken(
    context: &Context,
    asked: &Asked<'_>,
    base: &mut Base,
    found: Found,
) -> Result<(), Error> {
    let Found {
        chosen,
        tags,
        heads,
        releases,
        pulls,
        manifest: root,
        published,
    } = found;
    let mut taken = Taken::default();
    let products = [base.package.name.as_str(), context.repo.name()];
    let tags = names(&tags, "refs/tags/");
    base.newest = newest(&chosen, tags.iter().copied()).map(str::to_owned);
    taken.tags(tags, &chosen.pattern, &products);
    for release in &releases.all {
        taken.release(&release.tag_name, &chosen.pattern, &products);
    }

    let first = Pattern::read(asked.branch_pattern).map_or("", |it| it.first());
    let mut heads = names(&heads, "refs/heads/");
    // Others are named for something else.
    heads.retain(|name| [first, "release"].iter().any(|it| name.starts_with(it)));
    base.in_the_way = in_the_way(asked.branch_pattern, heads.iter().copied()).map(str::to_owned);
    taken.branches(heads, asked.branch_pattern);

    for pull in pulls {
        taken.pull(convert::count(pull.number), &pull.title, &pull.head);
    }

    let main = &base.main.head;
    let path = &base.package.manifest;
    let manifest = match root.filter(|root| root.path == path) {
        _ if base.package.from_tag => None,
        Some(root) => Some(root.text),
        None => text(context, path, main).await?,
    };
    let ahead = manifest.map(|text| ecosystem::stated(&base.package, &text));
    let ahead = ahead.unwrap_or_default();
    let ahead: Vec<Version> = ahead
        .iter()
        .filter_map(|it| Version::parse(it).ok())
        .collect();
    let higher = ahead.iter().filter(|it| **it > chosen.version).max();
    base.main.version = higher.map(Version::to_string);
    // What is in development has not taken its number.
    let ahead = ahead.into_iter().filter(|it| it.pre.as_str() != "SNAPSHOT");
    taken.all(ahead, &TakenBy::Manifest(path.clone()));

    for path in base.package.logs() {
        let log = text(context, path, main).await?.unwrap_or_default();
        let sections = changelog::releases(&log).into_iter();
        let sections = sections.filter_map(|it| Version::parse(&it).ok());
        taken.all(sections, &TakenBy::Changelog(path.to_owned()));
    }
    let published = published.iter().filter_map(|it| Version::parse(it).ok());
    taken.all(published, &TakenBy::Registry);
    base.taken = taken.versions().map(Version::to_string).collect();
    base.taken_by = taken.above(&chosen.version);
    Ok(())
}
