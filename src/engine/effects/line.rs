//! The branch of the base's release line: fetched here, judged in
//! `domain::derive::line`.

use semver::Version;

use super::Context;
use super::base_tag::{Asked, names};
use crate::domain::derive::base::Chosen;
use crate::domain::derive::line::{Answer, Held, Known, Why, asks_default, candidates, line};
use crate::domain::derive::tag::Pattern;
use crate::domain::ids::Sha;
use crate::domain::objects::Base;
use crate::ecosystem::Kind;
use crate::github::Error;
use crate::github::ops::GitRef;

/// Which branch the hotfix goes to: 1 call for each branch that is called like
/// the base's line and does not stand at the base, 1 more where a higher release
/// would be another line's or the default branch's head tells, and 1 for what the
/// default branch holds, where that tells.
pub async fn read(
    context: &Context,
    asked: &Asked<'_>,
    base: &mut Base,
    (chosen, tags, heads): (&Chosen, &[GitRef], &[GitRef]),
) -> Result<Option<(String, Why)>, Error> {
    let pattern = Pattern::read(&chosen.pattern);
    let versions = names(tags, "refs/tags/").into_iter();
    let versions = versions.filter_map(|tag| Some((pattern?.version_in(tag)?, tag)));
    let stable = versions.filter(|(version, _)| version.pre.is_empty());
    let releases: Vec<(Version, &str)> = stable.collect();
    let repo = context.repo.name();
    let mut known = Known {
        branches: names(heads, "refs/heads/"),
        default: &base.main.branch,
        products: vec![repo, base.package.name.as_str()],
        version: Some(&chosen.version),
        released: releases
            .iter()
            .map(|(version, _)| version.clone())
            .collect(),
        apart: false,
        pointers: base.package.kind() == Kind::Action,
        said: asked.line_said,
        written: asked.line_branch,
    };
    let newest = releases.iter().max().map(|(_, tag)| *tag);
    let (commit, main) = (base.commit.as_str(), base.main.head.as_str());
    known.apart = asks_default(&known) && !holds(context, commit, main).await?;
    let mut held = Vec::new();
    for one in candidates(&known) {
        let name = format!("refs/heads/{}", one.branch);
        let head = heads.iter().find(|it| it.name == name);
        let head = head.map_or("", |it| it.object.sha.as_str());
        let base = holds(context, commit, head).await?;
        let newest = match newest.filter(|_| base && one.newest) {
            Some(newest) => holds(context, newest, head).await?,
            None => false,
        };
        // With more on top: one that stands where main does is a line like any other.
        let more = base && one.default && head != main;
        let default = more && holds(context, main, head).await?;
        let what = Held {
            base,
            newest,
            default,
        };
        held.push((one, what));
    }
    match line(&known, &held) {
        Answer::Default => {
            let apart = held.into_iter().filter(|(_, held)| !held.base);
            base.apart = apart.map(|(one, _)| one.branch).collect();
        }
        Answer::Ask(question) => base.which_line = Some(question),
        Answer::Branch(branch, why) => return Ok(Some((branch, why))),
    }
    Ok(None)
}

/// Whether a commit is an ancestor of the head, or it: 1 call.
async fn holds(context: &Context, commit: &str, head: &str) -> Result<bool, Error> {
    if commit == head {
        return Ok(true);
    }
    let way = context.repo.compare_files(commit, head).await?;
    Ok(way.is_some_and(|way| way.contains_base()))
}

/// How many commits the branch of the line has beyond the base: 1 call.
pub async fn ahead(context: &Context, base: &Sha, line: &str) -> Result<u64, Error> {
    let way = context.repo.compare_files(base.as_str(), line).await?;
    let way = way.ok_or(Error::NotFound)?;
    Ok(super::convert::count(way.ahead_by))
}
