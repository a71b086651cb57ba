//! The base release and what surrounds it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::base_tag::{Asked, Found, Releases, Root, choose, tags, taken};
use super::files::{gather, text};
use super::{Context, actions, base_tag, checks, convert, kept_files, learn, line, package, tag};
use crate::domain::derive::beside::{Beside, candidates};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::{Ahead, Base, LineBranch, Main, MergeMethod, Observation, Workflow};
use crate::domain::workflow_file::WorkflowFile;
use crate::ecosystem::{self, Kind, Release, Repository};
use crate::github::Error;
use crate::github::ops::{Branch, ChangedFile, Compare, DirEntry, GitRef, RepoInfo, Rule};

/// Where workflow files stand.
pub const WORKFLOWS: &str = ".github/workflows";

/// The base and its surroundings: the repository, its default branch, that
/// one's rules and manifest; tags (1 call for each 100), the newest 100
/// releases, Latest (see [`Releases::read`]); the tag's object (1 if annotated), its
/// release where it is not among those, its packages, the places of its version
/// (see [`learn::read`]), its changelog, the folder
/// of workflows and each file in it, there and on the default branch; the
/// branches (1 call for each 100), and which of them the hotfix goes to (see
/// [`line::read`]); and what takes numbers (see [`taken`]). Where a person must say which release it is,
/// or nothing can be raised, it stops there.
pub async fn read(context: &Context, asked: &Asked<'_>) -> Result<Outcome, Error> {
    let seen = |base: Base| Ok(Outcome::seen(Observation::Base(Arc::new(base))));
    let repo = &context.repo;
    let named = context.default_branch.as_str();
    let (settings, there, tags, releases, heads, pulls) = tokio::try_join!(
        repo.get(),
        ruled(context, named),
        tags(context, asked),
        Releases::read(context),
        repo.matching_refs("heads"),
        repo.open_heads(),
    )?;
    // Its name, and that of its default branch, may have changed since they were
    // heard of.
    context.is_ours(settings.id)?;
    let now = match settings.default_branch.as_str() {
        "" => named,
        now => now,
    };
    let mut base = Base {
        archived: settings.archived,
        main: match there {
            Some(there) if now == named => target(&settings, named, there),
            _ => branch(context, &settings, now).await?,
        },
        ..Base::default()
    };
    let manifest = root(context, asked.package.kinds, &base.main.head).await?;
    base.latest = releases.latest.clone();
    let (chosen, object) =
        match choose(context, asked, &base, manifest.as_ref(), &tags, &releases).await? {
            Ok(found) => found,
            Err(question) => {
                base.question = Some(question);
                return seen(base);
            }
        };
    let earlier = learn::before(&chosen.pattern, &tags, &chosen.tag);
    let learns = asked.places.learn;
    let (tag, earlier) = tokio::join!(
        tag::peel(context, &object),
        learn::peeled(context, earlier, learns),
    );
    let (tag, earlier) = (tag?, earlier?);
    base.tag_pattern = chosen.pattern.clone();
    base.why = Some(chosen.why.clone());
    base.tag = chosen.tag.clone();
    base.version = chosen.version.to_string();
    base.tag_object = tag.object;
    base.commit = tag.commit;
    let before: Vec<String> = earlier.iter().map(|it| it.version.clone()).collect();
    let release = Release {
        repo: repo.name(),
        tag: &base.tag,
        version: &base.version,
        before: &before,
        changelog: asked.package.changelog.written(),
        packages: asked.package.packages,
        kinds: asked.package.kinds,
    };
    let repository = Repository {
        page: settings.html_url.clone(),
        commit: base.commit.to_string(),
        fork: settings.fork,
        configured: asked.package.registry,
    };
    let foreseen = manifest.as_ref();
    let foreseen =
        foreseen.and_then(|root| ecosystem::foreseen(root.kind, &root.text, &base.version));
    let (read, steps, kept, ()) = tokio::join!(
        package::read(
            context,
            &release,
            &base.commit,
            &repository,
            foreseen.as_ref()
        ),
        learn::steps(context, &base, &earlier, learns),
        kept_files::find(context, &asked.kept, &base.main.head),
        ahead_of(context, &base),
    );
    let published = match read? {
        Ok((package, mut published, files)) => {
            let question = base_tag::withdrawn(&base, &chosen, &tags, &releases, &published)
                .or_else(|| base_tag::untagged(&base, &chosen, &tags, &package, &published));
            if let Some(question) = question {
                return seen(Base {
                    main: base.main,
                    latest: base.latest,
                    question: Some(question),
                    ..Base::default()
                });
            }
            base.package = package;
            let from = learn::From {
                base: &base,
                asked: asked.places,
                steps: steps?,
                files,
            };
            match learn::read(context, from).await? {
                Ok((places, habit)) => {
                    let along = package::along(context, &base.package, &habit, &repository).await?;
                    base.package.take_along(&habit.along, &along.names);
                    published.taken.extend(along.taken);
                    (base.package.learnt, base.habit) = (places, habit);
                }
                Err(words) => {
                    base.trouble = Some(words.into());
                    return seen(base);
                }
            }
            // Not before it is known that they are no place to be learnt.
            if asked.package.leave_locks {
                base.package.leave_locks();
            }
            published.taken
        }
        Err(words) => {
            base.trouble = Some(words.into());
            return seen(base);
        }
    };
    base.release = releases.of(context, &base.tag).await?;
    let kept = kept?;
    base.other_ci = kept.other_ci;
    if kept.is_tested_elsewhere {
        base.other_checks = checks::of_others(context, &base.commit).await?;
    }
    (base.known_issues, base.security_policy) = (kept.known_issues, kept.security_policy);
    base.beside = beside(context, &base, &tags).await?;
    let found = (&chosen, tags.as_slice(), heads.as_slice());
    if let Some((name, why)) = line::read(context, asked, &mut base, found).await? {
        base.line = Some(LineBranch {
            at: branch(context, &settings, &name).await?,
            why,
            workflows: Vec::new(),
        });
    }
    workflows(context, &mut base).await?;
    base.actions = actions::at_base(context, &base.commit, &base.workflows).await?;
    let found = Found {
        chosen,
        tags,
        heads,
        releases,
        pulls,
        manifest,
        published,
    };
    taken(context, asked, &mut base, found).await?;
    seen(base)
}

/// The tags that stand on the base's commit beside its own, of those that are named
/// for it: 1 call for each that is annotated.
async fn beside(context: &Context, base: &Base, tags: &[GitRef]) -> Result<Vec<Beside>, Error> {
    let named = base_tag::names(tags, "refs/tags/");
    let mut all = Vec::new();
    for found in candidates(&base.tag, &base.tag_pattern, &named) {
        let name = format!("refs/tags/{}", found.tag);
        let Some(there) = tags.iter().find(|it| it.name == name) else {
            continue;
        };
        let at = match there.object.kind.as_str() {
            "tag" => match tag::peel(context, &there.object).await {
                Ok(at) => at.commit,
                // One that leads to no commit leads to no release.
                Err(Error::NotFound | Error::Invalid { .. }) => continue,
                Err(error) => return Err(error),
            },
            _ => Sha::new(there.object.sha.clone()),
        };
        if at == base.commit {
            all.push(found);
        }
    }
    Ok(all)
}

/// The manifest at the root of a commit that is believed first: 1 call for each
/// that is looked for.
async fn root(context: &Context, kinds: &[Kind], at: &Sha) -> Result<Option<Root>, Error> {
    for (kind, path) in ecosystem::roots(kinds) {
        if let Some(text) = text(context, path, at).await? {
            return Ok(Some(Root { kind, path, text }));
        }
    }
    Ok(None)
}

/// Asks beside all else for what is read of the base later, and remembered: it
/// answers nothing, and what it cannot see is asked for in its turn. 3 calls, and 1 for
/// the scripts that its workflows run. Of these none is asked again, but for what a
/// build would make: that it is no file of the repository the tree says later.
async fn ahead_of(context: &Context, base: &Base) {
    let (repo, at) = (&context.repo, &base.commit);
    let workflows = async {
        let names = workflow_names(context, at).await.unwrap_or_default();
        let paths: Vec<String> = names.iter().map(|it| format!("{WORKFLOWS}/{it}")).collect();
        gather(context, paths.iter().map(String::as_str), at).await;
        let mut all = Vec::new();
        for name in &names {
            all.extend(workflow(context, name, at).await.ok().flatten());
        }
        actions::ahead(context, at, &all).await;
    };
    let tree = repo.tree_of(at.as_str());
    let _ = tokio::join!(workflows, tree);
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

/// The workflow files at the base, on the default branch and on that of the
/// release line, each with what it says or why it cannot be read. A file that is
/// the same in several is read once.
async fn workflows(context: &Context, base: &mut Base) -> Result<(), Error> {
    let key = |entry: &DirEntry| format!("{} {}", entry.sha, entry.name);
    let path = |entry: &DirEntry| format!("{WORKFLOWS}/{}", entry.name);
    let line = base.line.as_ref().map(|line| line.at.head.clone());
    let heads = [base.commit.clone(), base.main.head.clone()];
    let mut known: BTreeMap<String, Workflow> = BTreeMap::new();
    let mut found = Vec::new();
    let mut there: Vec<Vec<String>> = Vec::new();
    for at in heads.iter().chain(&line) {
        let entries = context.repo.dir(WORKFLOWS, at.as_str()).await?;
        let mut entries = entries.unwrap_or_default();
        entries.retain(|entry| entry.kind != "dir" && is_workflow(&entry.name));
        there.push(entries.iter().map(key).collect());
        let new = |entry: &&DirEntry| !known.contains_key(&key(entry));
        let paths: Vec<String> = entries.iter().filter(new).map(path).collect();
        gather(context, paths.iter().map(String::as_str), at).await;
        let mut files = Vec::new();
        for entry in entries {
            let key = key(&entry);
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
    if let [of_base, of_main, ..] = there.as_slice() {
        base.other_workflows = !of_base.iter().all(|file| of_main.contains(file));
    }
    if let Some(line) = &mut base.line {
        line.workflows = found.pop().unwrap_or_default();
    }
    base.main_workflows = found.pop().unwrap_or_default();
    base.workflows = found.pop().unwrap_or_default();
    base.leave_pointer();
    Ok(())
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

/// A branch that pull requests of ours go to, with what its rules ask for: 2
/// calls, side by side.
async fn branch(context: &Context, settings: &RepoInfo, branch: &str) -> Result<Main, Error> {
    let there = ruled(context, branch).await?.ok_or(Error::NotFound)?;
    Ok(target(settings, branch, there))
}

/// A branch and its rules; none: there is no such branch.
async fn ruled(context: &Context, name: &str) -> Result<Option<(Branch, Vec<Rule>)>, Error> {
    let repo = &context.repo;
    let (there, rules) = tokio::join!(repo.branch(name), repo.branch_rules(name));
    match there? {
        Some(there) => Ok(Some((there, rules?))),
        None => Ok(None),
    }
}

fn target(settings: &RepoInfo, branch: &str, (there, rules): (Branch, Vec<Rule>)) -> Main {
    Main {
        branch: branch.to_owned(),
        checks: convert::required_checks(&there.protection, &rules),
        head: Sha::new(there.commit.sha),
        merge_method: merge_method(settings, &rules),
        version: None,
    }
}

/// What the default branch has beyond the base: 1 call for each 100 commits.
pub async fn ahead(context: &Context, base: &Sha) -> Result<Ahead, Error> {
    let main = context.default_branch.as_str();
    let compare = context.repo.compare(base.as_str(), main).await?;
    let compare = compare.ok_or(Error::NotFound)?;
    Ok(Ahead {
        ahead_by: convert::count(compare.ahead_by),
        features: features(&compare),
        on_line: None,
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
