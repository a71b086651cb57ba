//! The base release and what surrounds it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use semver::Version;

use super::base_tag::{self, Chosen};
use super::files::text;
use super::package::Configured;
use super::tag_pattern::Pattern;
use super::{Context, convert, known_file, package, tag};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::{Ahead, Base, Main, MergeMethod, Observation, Workflow};
use crate::domain::workflow_file::WorkflowFile;
use crate::ecosystem::{self, Release, Repository};
use crate::github::Error;
use crate::github::ops::{ChangedFile, Compare, RepoInfo, Rule};

/// Where workflow files stand.
pub const WORKFLOWS: &str = ".github/workflows";

/// The base and its surroundings: tags (1 call for each 100; see
/// [`base_tag::derived`] where no pattern is configured), the tag's object
/// (1 if annotated), its release, its packages, its changelog, the folder of
/// workflows and each file in it, there and on the default branch, the
/// default branch's head, manifest and tree, the repository, the branch's rules and the hotfix branches. Without a
/// tag or a version to raise it stops there.
pub async fn read(
    context: &Context,
    tag_pattern: Option<&str>,
    branch_pattern: &str,
    prereleases: bool,
    configured: Configured<'_>,
    known_issues: &str,
) -> Result<Outcome, Error> {
    let trouble = |words: String| {
        Ok(Outcome::seen(Observation::Base(Arc::new(Base {
            trouble: Some(words.into()),
            ..Base::default()
        }))))
    };
    let found = match tag_pattern {
        Some(pattern) => base_tag::configured(context, pattern, prereleases).await?,
        None => base_tag::derived(context, prereleases).await?,
    };
    let Chosen {
        pattern: named,
        base: chosen,
        tags,
    } = match found {
        Ok(chosen) => chosen,
        Err(words) => return trouble(words),
    };
    let repo = &context.repo;
    let tag = tag::peel(context, &chosen.object).await?;
    let mut base = Base {
        tag_pattern: named.clone(),
        tag: chosen.tag.clone(),
        version: chosen.version.to_string(),
        tag_object: tag.object,
        commit: tag.commit,
        ..Base::default()
    };
    let release = Release {
        repo: repo.name(),
        tag: &base.tag,
        version: &base.version,
        changelog: configured.changelog.written(),
        packages: configured.packages,
        generic: configured.generic,
    };
    // Its name may have changed since it was heard of.
    let settings = repo.get().await?;
    context.is_ours(settings.id)?;
    let repository = Repository {
        page: settings.html_url.clone(),
        commit: base.commit.to_string(),
        fork: settings.fork,
        configured: configured.registry,
    };
    let read = package::read(context, &release, &base.commit, &repository).await?;
    let published = match read {
        Ok((package, published)) => {
            base.package = package;
            published
        }
        Err(words) => {
            base.trouble = Some(words.into());
            return Ok(Outcome::seen(Observation::Base(Arc::new(base))));
        }
    };
    base.release = repo
        .release_by_tag(&base.tag)
        .await?
        .as_ref()
        .map(convert::release);
    base.main = main(context, &settings).await?;
    base.known_issues = known_file::find(context, known_issues, &base.main.head).await?;
    let (at_base, on_main) = workflows(context, &base.commit, &base.main.head).await?;
    (base.workflows, base.main_workflows) = (at_base, on_main);

    let mut taken: BTreeSet<Version> = BTreeSet::new();
    if let Some(pattern) = Pattern::read(&named) {
        taken.extend(versions(&pattern, "refs/tags/", &tags));
        base.newest = pattern
            .highest(&tags, false)
            .filter(|newest| newest.version > chosen.version)
            .map(|newest| newest.tag);
    }
    if let Some(branches) = Pattern::read(branch_pattern) {
        let heads = repo.matching_refs(&branches.refs_below("heads")).await?;
        taken.extend(versions(&branches, "refs/heads/", &heads));
    }
    let ahead = match base.package.from_tag {
        true => None,
        false => text(context, &base.package.manifest, &base.main.head).await?,
    };
    let ahead = ahead.map(|text| ecosystem::stated(&base.package, &text));
    let ahead = ahead.unwrap_or_default();
    taken.extend(ahead.iter().filter_map(|v| Version::parse(v).ok()));
    base.taken = taken.iter().map(Version::to_string).collect();
    base.taken.extend(published);
    Ok(Outcome::seen(Observation::Base(Arc::new(base))))
}

fn versions<'r>(
    pattern: &Pattern<'_>,
    root: &str,
    refs: &'r [crate::github::ops::GitRef],
) -> impl Iterator<Item = Version> + use<'r> {
    let found = pattern.versions(root, refs);
    found.into_iter().map(|(version, ..)| version)
}

/// The names of the workflow files at a commit: 1 call.
pub async fn workflow_names(context: &Context, at: &Sha) -> Result<Vec<String>, Error> {
    let entries = context.repo.dir(WORKFLOWS, at.as_str()).await?;
    Ok(entries
        .unwrap_or_default()
        .into_iter()
        .filter(|entry| entry.kind != "dir" && is_workflow(&entry.name))
        .map(|entry| entry.name)
        .collect())
}

fn is_workflow(name: &str) -> bool {
    name.ends_with(".yml") || name.ends_with(".yaml")
}

/// The workflow files at the base and on the default branch, each with what it
/// says or why it cannot be read. A file that is the same in both is read once.
async fn workflows(
    context: &Context,
    base: &Sha,
    main: &Sha,
) -> Result<(Vec<Workflow>, Vec<Workflow>), Error> {
    let mut known: BTreeMap<String, Workflow> = BTreeMap::new();
    let mut found = Vec::new();
    for at in [base, main] {
        let entries = context.repo.dir(WORKFLOWS, at.as_str()).await?;
        let mut files = Vec::new();
        for entry in entries.unwrap_or_default() {
            if entry.kind == "dir" || !is_workflow(&entry.name) {
                continue;
            }
            let key = format!("{} {}", entry.sha, entry.name);
            let workflow = match known.get(&key) {
                Some(same) => same.clone(),
                None => match workflow(context, &entry.name, at).await? {
                    Some(read) => read,
                    None => continue,
                },
            };
            known.insert(key, workflow.clone());
            files.push(workflow);
        }
        found.push(files);
    }
    let on_main = found.pop().unwrap_or_default();
    Ok((found.pop().unwrap_or_default(), on_main))
}

/// The workflow files among changed ones, as they are at the head: 1 call for
/// each.
pub async fn changed_workflows(
    context: &Context,
    files: &[ChangedFile],
    head: &Sha,
) -> Result<Vec<Workflow>, Error> {
    let mut found = Vec::new();
    for file in files.iter().filter(|f| f.status != "removed") {
        let name = file
            .filename
            .strip_prefix(WORKFLOWS)
            .and_then(|rest| rest.strip_prefix('/'))
            .filter(|name| !name.contains('/') && is_workflow(name));
        if let Some(name) = name {
            found.extend(workflow(context, name, head).await?);
        }
    }
    Ok(found)
}

async fn workflow(context: &Context, name: &str, at: &Sha) -> Result<Option<Workflow>, Error> {
    let path = format!("{WORKFLOWS}/{name}");
    let Some(text) = text(context, &path, at).await? else {
        return Ok(None);
    };
    let (file, broken) = match WorkflowFile::parse(&text) {
        Ok(file) => (file, None),
        Err(error) => (WorkflowFile::default(), Some(error.to_string())),
    };
    Ok(Some(Workflow { path, file, broken }))
}

/// The default branch.
async fn main(context: &Context, settings: &RepoInfo) -> Result<Main, Error> {
    let repo = &context.repo;
    let branch = match settings.default_branch.as_str() {
        "" => context.default_branch.as_str(),
        named => named,
    };
    let head = repo.git_ref(&format!("heads/{branch}")).await?;
    let rules = repo.branch_rules(branch).await?;
    Ok(Main {
        branch: branch.to_owned(),
        head: Sha::new(head.ok_or(Error::NotFound)?.object.sha),
        merge_method: merge_method(settings, &rules),
    })
}

/// What the default branch has beyond the base: 1 call for each 100 commits.
pub async fn ahead(context: &Context, base: &Sha) -> Result<Ahead, Error> {
    let main = context.default_branch.as_str();
    let compare = context.repo.compare(base.as_str(), main).await?;
    let compare = compare.ok_or(Error::NotFound)?;
    Ok(Ahead {
        ahead_by: convert::count(compare.ahead_by),
        features: features(&compare),
    })
}

fn features(compare: &Compare) -> u64 {
    let subjects = compare.commits.iter().map(|c| c.commit.message.as_str());
    subjects.filter(|subject| is_feature(subject)).count() as u64
}

/// Whether a message begins as a conventional feature: `feat:`, `feat(x)!:`.
fn is_feature(message: &str) -> bool {
    let rest = message.trim_start().strip_prefix("feat");
    rest.is_some_and(|rest| rest.starts_with([':', '(', '!']))
}

/// How a pull request may be merged: a merge commit keeps the tagged commit in
/// main's history, so it goes first. What GitHub does not tell is allowed.
fn merge_method(settings: &RepoInfo, rules: &[Rule]) -> MergeMethod {
    let linear = rules.iter().any(|r| r.kind == "required_linear_history");
    let named = |method: MergeMethod| {
        rules.iter().all(|rule| {
            let allowed = rule.parameters.get("allowed_merge_methods");
            match allowed.and_then(|a| a.as_array()) {
                Some(allowed) if rule.kind == "pull_request" => {
                    allowed.iter().any(|m| m.as_str() == Some(method.as_str()))
                }
                _ => true,
            }
        })
    };
    let may = |method, setting: Option<bool>| setting.unwrap_or(true) && named(method);
    if !linear && may(MergeMethod::Merge, settings.allow_merge_commit) {
        MergeMethod::Merge
    } else if may(MergeMethod::Squash, settings.allow_squash_merge) {
        MergeMethod::Squash
    } else if may(MergeMethod::Rebase, settings.allow_rebase_merge) {
        MergeMethod::Rebase
    } else {
        MergeMethod::Merge
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_merge_commit_unless_it_is_forbidden() {
        let settings = |merge, squash, rebase| RepoInfo {
            allow_merge_commit: merge,
            allow_squash_merge: squash,
            allow_rebase_merge: rebase,
            ..RepoInfo::default()
        };
        let rule = |kind: &str, parameters| Rule {
            kind: kind.into(),
            parameters,
            ..Rule::default()
        };
        let all = settings(None, None, None);
        assert_eq!(merge_method(&all, &[]), MergeMethod::Merge);
        let linear = [rule("required_linear_history", json!({}))];
        assert_eq!(merge_method(&all, &linear), MergeMethod::Squash);
        let rebase = [rule(
            "pull_request",
            json!({"allowed_merge_methods": ["rebase"]}),
        )];
        assert_eq!(merge_method(&all, &rebase), MergeMethod::Rebase);
        let no_merge = settings(Some(false), Some(false), Some(true));
        assert_eq!(merge_method(&no_merge, &[]), MergeMethod::Rebase);
        let squash = settings(Some(false), Some(true), Some(true));
        assert_eq!(merge_method(&squash, &[]), MergeMethod::Squash);
    }

    #[test]
    fn what_calls_itself_a_feature() {
        for yes in ["feat: a", "feat(cli): b", "feat!: c\n\nmore"] {
            assert!(is_feature(yes), "{yes}");
        }
        for no in ["feature branch", "fix: feat", "defeat", ""] {
            assert!(!is_feature(no), "{no}");
        }
    }
}
