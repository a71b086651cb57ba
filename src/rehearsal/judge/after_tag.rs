//! What proves a finished hotfix, from the tag on.

use std::collections::BTreeMap;

use super::commands::{self, Whose};
use super::proof::{Answer, all, fact, not_applicable, word};
use super::shipped::{NO_BASE, Shipped, base_commit, tagged_at, text_at};
use crate::rehearsal::git;
use crate::rehearsal::project::Kind as PackageKind;
use crate::rehearsal::registry::Version;
use crate::rehearsal::story::Fix;
use crate::rehearsal::view::{View, file_of, short};
use crate::sim::clock::Millis;
use crate::sim::git::{Kind, Merge};
use crate::sim::world::Issue;

/// The tag as the world shows it.
#[derive(Clone, Debug)]
pub struct Tagged {
    /// Its name.
    pub name: String,
    /// The tag object.
    pub object: String,
    /// The commit.
    pub commit: String,
}

/// Reads the hotfix's tag, which must be annotated.
///
/// # Errors
/// In words, while it is not there, or is lightweight.
pub fn tag(view: &View<'_>) -> Result<Tagged, String> {
    let name = view.tag().ok_or("no tag is known")?;
    let target = view.repo.git.read_ref(&format!("refs/tags/{name}"));
    let target = target.ok_or(format!("the tag {name} is not there"))?;
    let object = view
        .repo
        .git
        .tag(&target)
        .filter(|t| t.kind == Kind::Commit);
    let object = object.ok_or(format!("the tag {name} is not annotated"))?;
    Ok(Tagged {
        name,
        object: target,
        commit: object.object,
    })
}

/// The annotated tag stands on the head that was tested, or on a commit with the
/// identical tree.
pub fn tagged(view: &View<'_>, shipped: &Shipped) -> Answer {
    let tag = tag(view)?;
    let tree = |commit: &str| view.repo.git.commit(commit).map(|it| it.tree);
    if tag.commit != shipped.head && tree(&tag.commit) != tree(&shipped.head) {
        let (on, head) = (short(&tag.commit), short(&shipped.head));
        return Err(format!(
            "{} is on {on}, the tested head is {head}",
            tag.name
        ));
    }
    let at = tagged_at(view).ok_or("the tag was there before the rehearsal")?;
    fact(
        at,
        format!(
            "{} is annotated ({}) on {}",
            tag.name,
            short(&tag.object),
            short(&tag.commit)
        ),
    )
}

/// The pull request that brought the fix to the default branch: the hotfix's
/// own, or the bot's other one where that one conflicted or went elsewhere.
fn merged_pull<'a>(view: &View<'a>) -> Option<&'a Issue> {
    let here = &view.repo.default_branch;
    let merged = |i: &&Issue| {
        let pull = i.pull.as_ref();
        pull.is_some_and(|p| p.merged.is_some() && p.base == *here)
    };
    view.pull().filter(|i| merged(i)).or_else(|| {
        let ours = |i: &&Issue| i.author == view.scene.bot && i.created_at >= view.scene.started;
        view.repo.issues.values().filter(merged).find(ours)
    })
}

/// The merge into the default branch: number of the pull request and commit.
pub fn forward_port(view: &View<'_>) -> Option<(u64, String)> {
    let pull = merged_pull(view)?;
    let merged = pull.pull.as_ref()?.merged.as_ref()?;
    Some((pull.number, merged.sha.clone()))
}

/// The fix is on the default branch, and on the branch that the hotfix pull
/// request goes to.
pub fn merged(view: &View<'_>, shipped: &Shipped) -> Answer {
    let on_main = match on_main(view, shipped) {
        Err(why) => waived(view).unwrap_or(Err(why)),
        held => held,
    };
    match view.line_branch() {
        Some(line) => all(&[&on_line(view, shipped, line), &on_main]),
        None => on_main,
    }
}

/// A commander's word that the default branch does without it.
fn waived(view: &View<'_>) -> Option<Answer> {
    let since = tagged_at(view)?;
    let waives = |line: &str| line.starts_with("/hotfix waive forward-port ");
    commands::said(view, waives, Whose::Writers, Some((since, Millis::MAX)))
}

/// The hotfix pull request is merged into the branch of the release line, which
/// holds the fix.
fn on_line(view: &View<'_>, shipped: &Shipped, line: &str) -> Answer {
    let pull = view.pull().ok_or("there is no pull request")?;
    let git = &view.repo.git;
    let head = git
        .read_ref(&format!("refs/heads/{line}"))
        .ok_or(format!("{line} is gone"))?;
    let merge = pull.pull.as_ref().and_then(|p| p.merged.as_ref());
    let merge = merge.ok_or(format!("pull request #{} is not merged", pull.number))?;
    let on_it = |sha: &str| git.is_ancestor(sha, &head).unwrap_or(false);
    let same =
        |path: &String| text_at(view, &merge.sha, path) == text_at(view, &shipped.head, path);
    if !on_it(&merge.sha) || !(on_it(&shipped.head) || shipped.paths.iter().all(same)) {
        return Err(format!("{line} does not hold the fix"));
    }
    let (number, commit) = (pull.number, short(&merge.sha));
    fact(
        merge.at,
        format!("#{number} merged into {line} as {commit}"),
    )
}

/// The fix is on the default branch.
fn on_main(view: &View<'_>, shipped: &Shipped) -> Answer {
    let pull = view.pull().ok_or("there is no pull request")?;
    let branch = &view.repo.default_branch;
    let git = &view.repo.git;
    let main = git
        .read_ref(&format!("refs/heads/{branch}"))
        .ok_or(format!("{branch} is gone"))?;
    let pull = merged_pull(view).unwrap_or(pull);
    let merge = pull.pull.as_ref().and_then(|p| p.merged.as_ref());
    let Some(merge) = merge else {
        let at = tagged_at(view).filter(|_| had_it(view, shipped, &main));
        let at = at.ok_or(format!("pull request #{} is not merged", pull.number))?;
        return fact(at, format!("{branch} had the fix already"));
    };
    let on_main = |sha: &str| git.is_ancestor(sha, &main).unwrap_or(false);
    if !on_main(&merge.sha) {
        return Err(format!("{} is not on {branch}", short(&merge.sha)));
    }
    // Squashed or rebased, the content tells; picked, the patch does.
    let same =
        |path: &String| text_at(view, &merge.sha, path) == text_at(view, &shipped.head, path);
    if !on_main(&shipped.head)
        && !shipped.paths.iter().all(same)
        && !has_patches(view, shipped, &main)
        && !had_it(view, shipped, &main)
        && !brings_nothing(view, shipped, &main)
    {
        return Err(format!("{branch} does not hold the fix"));
    }
    fact(
        merge.at,
        format!(
            "#{} merged into {branch} as {}",
            pull.number,
            short(&merge.sha)
        ),
    )
}

/// Whether a commit with the patch of each of the fix's is on the default
/// branch (`git cherry`).
fn has_patches(view: &View<'_>, shipped: &Shipped, main: &str) -> bool {
    let known = |on: &BTreeMap<String, bool>| on.get(main).copied();
    if let Some(has) = shipped.on.lock().ok().and_then(|on| known(&on)) {
        return has;
    }
    let Ok(base) = base_commit(view) else {
        return false;
    };
    let args = ["cherry", main, &shipped.head, &base];
    let found = git::git(view.repo.git.dir(), &args, ("judge", "judge"), 0);
    let found = found.unwrap_or_default();
    let there = |sha: &String| found.lines().any(|l| l.strip_prefix("- ") == Some(sha));
    let has = !shipped.fixes.is_empty() && shipped.fixes.iter().all(there);
    if let Ok(mut on) = shipped.on.lock() {
        on.insert(main.to_owned(), has);
    }
    has
}

/// Whether the fix was picked from the default branch.
fn had_it(view: &View<'_>, shipped: &Shipped, main: &str) -> bool {
    let git = &view.repo.git;
    match &view.scene.story.fix {
        Fix::Pick { sha, .. } => git.is_ancestor(sha, main).unwrap_or(false),
        _ => has_patches(view, shipped, main),
    }
}

/// Whether the fix, carried over once more, would change nothing of its files on
/// the default branch: all that the branch changed, or what came after the bump.
fn brings_nothing(view: &View<'_>, shipped: &Shipped, main: &str) -> bool {
    let git = &view.repo.git;
    let before = shipped.fixes.first().and_then(|first| {
        let commit = git.commit(first)?;
        commit.parents.first().cloned()
    });
    let changes_nothing = |from: &String| {
        let Ok(Merge::Clean(tree)) = git.replay(from, main, &shipped.head) else {
            return false;
        };
        let changed = git.diff(Some(main), &tree).unwrap_or_default();
        !changed.iter().any(|f| shipped.paths.contains(&f.path))
    };
    base_commit(view).iter().chain(&before).any(changes_nothing)
}

/// The workflows of the release that do this passed for the tag; `what` they
/// do, where there is none.
pub fn released_by(view: &View<'_>, files: &[String], what: &str) -> Answer {
    let tag = tag(view)?;
    if files.is_empty() {
        // It is over with the tag: from there on the next phase counts.
        let at = tagged_at(view).unwrap_or(view.scene.started);
        return not_applicable(at, format!("no workflow {what}"));
    }
    let passed = files.iter().map(|file| passed_for(view, &tag, file));
    let mut passed: Vec<Answer> = passed.collect();
    // One that is for tags of another name skips this one.
    let skips = |answer: &Answer| answer.as_ref().is_err_and(|why| why.ends_with(SKIPPED));
    if passed.iter().any(Result::is_ok) {
        passed.retain(|answer| !skips(answer));
    }
    all(&passed.iter().collect::<Vec<_>>())
}

/// The workflows that publish passed for the tag. Where the registries have nothing of
/// it, what they would publish is nobody's to wait for.
pub fn published_by(view: &View<'_>) -> Answer {
    let files = view.roles(|r| &r.publish);
    let published = view.is_published() || view.product().is_none();
    released_by(view, if published { files } else { &[] }, "publishes")
}

/// How a run ended that did nothing.
const SKIPPED: &str = "ended with skipped";

/// A file's last run for the tag: on its commit, or chained to one that was.
fn passed_for(view: &View<'_>, tag: &Tagged, file: &str) -> Answer {
    let since = tagged_at(view).unwrap_or(view.scene.started);
    let of_tag = |r: &&crate::sim::actions::Run| {
        let own = r.head_sha == tag.commit && (r.head_branch == tag.name || r.event != "push");
        let chained = matches!(
            r.event.as_str(),
            "workflow_run" | "workflow_dispatch" | "release"
        ) && r.created_at >= since
            && r.conclusion.as_deref() != Some("skipped");
        file_of(r) == file && r.event != "pull_request" && (own || chained)
    };
    let run = view.repo.actions.runs.values().rfind(of_tag);
    let run = run.ok_or(format!("{file} has no run for {}", tag.name))?;
    match run.conclusion.as_deref() {
        Some("success") => fact(
            run.updated_at,
            format!("{file} run {} passed for {}", run.id, tag.name),
        ),
        Some(end) => Err(format!("{file} run {} ended with {end}", run.id)),
        None => Err(format!("{file} run {} is {}", run.id, run.status)),
    }
}

/// The registry serves the version to everybody, and has not put it in front of a
/// higher one.
pub fn on_registry(view: &View<'_>) -> Answer {
    let package = &view.product().ok_or(NO_BASE)?.package;
    let (name, number) = (&package.name, view.version().ok_or("no version is known")?);
    let Some(registry) = package.registry().filter(|_| view.is_published()) else {
        return not_applicable(view.scene.started, format!("{name} is on no registry"));
    };
    // Which of the many repositories of charts has it, its own does not say.
    if package.kind == PackageKind::Helm && !view.scene.config.names_registries() {
        let why = format!("nothing says which repository of charts has {name}");
        return not_applicable(view.scene.started, why);
    }
    let found = view.on_registry();
    let found = found.ok_or(format!("{} has no {name} {number}", registry.name()))?;
    if found.withdrawn {
        return Err(format!("{name} {number} is taken back"));
    }
    if !found.listed {
        return Err(format!("{} does not show {name} {number}", registry.name()));
    }
    if let Some(why) = registry.in_front(view.world, Version { name, number }) {
        return Err(format!("{}: {why}", registry.name()));
    }
    fact(found.since, found.evidence)
}

/// The release is published with the base's assets, renamed and whole.
pub fn release(view: &View<'_>) -> Answer {
    let tag = view.tag().ok_or("no tag is known")?;
    let found = view
        .release(&tag)
        .ok_or(format!("there is no published release {tag}"))?;
    let version = view.written().unwrap_or_default();
    let product = view.product().ok_or(NO_BASE)?;
    let base = view.release(&product.base_tag);
    let wanted: Vec<String> = base.map_or(Vec::new(), |r| {
        r.assets
            .iter()
            .map(|a| a.name.replace(&product.base_version, &version))
            .collect()
    });
    for name in &wanted {
        let whole = |a: &&crate::sim::releases::Asset| a.state == "uploaded" && !a.data.is_empty();
        if !found.assets.iter().filter(whole).any(|a| a.name == *name) {
            return Err(format!("the asset {name} is missing"));
        }
    }
    let at = found.published_at.unwrap_or(found.updated_at);
    let (have, base) = (found.assets.len(), &product.base_tag);
    fact(
        at,
        format!(
            "{tag} published, {have} of {} assets of {base}",
            wanted.len()
        ),
    )
}

/// Somebody installed the published version afresh.
pub fn installed(view: &View<'_>) -> Answer {
    let check = |line: &str| commands::is_check(line, "fresh-install");
    let since = view.out_since().ok_or("the version is not out")?;
    commands::said(view, check, Whose::Writers, Some((since, i64::MAX)))
        .ok_or("nobody tried a fresh install")?
}

/// The reporter confirmed the fix, or somebody who may push did.
pub fn verified(view: &View<'_>) -> Answer {
    let since = view.out_since().ok_or("the version is not out")?;
    let within = Some((since, i64::MAX));
    let confirm = |line: &str| commands::is_verb(line, "confirm-fixed");
    let check = |line: &str| commands::is_check(line, "fix-verified");
    let reporter = commands::said(view, confirm, Whose::Reporters, within);
    reporter
        .or_else(|| commands::said(view, check, Whose::Writers, within))
        .ok_or("nobody confirmed that the fix works")?
}

/// The bot wrote into the release's text, and it still says what was fixed.
pub fn notes(view: &View<'_>) -> Answer {
    let tag = view.tag().ok_or("no tag is known")?;
    let found = view
        .release(&tag)
        .ok_or(format!("there is no published release {tag}"))?;
    let ours = found.bodies.iter().find(|(_, by, _)| *by == view.scene.bot);
    let (at, _, _) = ours.ok_or("the release's text is as the workflow left it")?;
    let body = found.body.as_deref().unwrap_or_default();
    let number = view.issue().map(|i| i.number).unwrap_or_default();
    let named = [format!("#{number}"), format!("/issues/{number}")];
    let version = view.version().unwrap_or_default();
    let written = view.written().unwrap_or_default();
    let told = body.contains(version) || body.contains(&written);
    if !told || !named.iter().any(|n| body.contains(n)) {
        return Err(format!(
            "the text of {tag} does not name the version and #{number}"
        ));
    }
    fact(
        *at,
        format!("the text of {tag} names the version and #{number}"),
    )
}

/// The community was told, once it was out: not wanted where nothing is configured.
pub fn community(view: &View<'_>) -> Answer {
    let text = text_at(view, &view.repo.default_branch, ".github/hotfix.toml").unwrap_or_default();
    let table: toml::Table = toml::from_str(&text).unwrap_or_default();
    let set = |key: &str| {
        let value = table.get("announce").and_then(|a| a.get(key));
        value.is_some_and(|v| {
            v.as_str().is_some_and(|s| !s.is_empty()) || v.as_array().is_some_and(|a| !a.is_empty())
        })
    };
    let check = |line: &str| commands::is_check(line, "community");
    let told = |since| commands::said(view, check, Whose::Writers, Some((since, i64::MAX)));
    match view.out_since().and_then(told) {
        Some(said) => said,
        None if !set("discussion_category") && !set("channels") => {
            not_applicable(view.scene.started, "no channel is configured")
        }
        None => {
            let tag = view.tag().unwrap_or_default();
            let release = view.repo.releases.by_tag(&tag);
            if let Some(at) = release.and_then(|it| it.discussion.map(|_| it.updated_at)) {
                return fact(at, "its discussion is open");
            }
            let mut all = view.world.chat.posted.iter();
            let out = all.find(|it| it.title().contains(&tag) && it.title().contains("is out"));
            match out {
                Some(it) => fact(it.at, format!("{} was told", it.receiver.name())),
                None => Err("the community was not told".to_owned()),
            }
        }
    }
}

/// The issue is closed, by the bot, with link and thanks.
pub fn closed(view: &View<'_>) -> Answer {
    let issue = view.issue().ok_or("there is no issue")?;
    if issue.open {
        return Err(format!("#{} is open", issue.number));
    }
    let at = issue.closed_at.unwrap_or(issue.updated_at);
    let by = issue.closed_by.map_or("somebody", |u| view.login(u));
    let evidence = format!("#{} closed by @{by}", issue.number);
    if issue.closed_by == Some(view.scene.bot) {
        fact(at, evidence)
    } else {
        word(at, by, evidence)
    }
}

/// A comment thanks the reporter and links the release.
pub fn thanked(view: &View<'_>) -> Answer {
    let tag = view.tag().ok_or("no tag is known")?;
    let reporter = view
        .issue()
        .map(|i| view.login(i.author))
        .unwrap_or_default();
    let link = format!("/releases/tag/{tag}");
    let all = view.bot_comments();
    let comment = all.iter().find(|c| {
        c.body.contains(&link)
            && c.body.contains(&format!("@{reporter}"))
            && c.body.contains("hank")
    });
    let comment = comment.ok_or("no comment thanks the reporter and links the release")?;
    fact(
        comment.created_at,
        format!("comment {} thanks @{reporter}", comment.id),
    )
}

/// The entry in the known issues: not wanted where there is no such file.
pub fn known_issue(view: &View<'_>) -> Answer {
    let branch = format!("refs/heads/{}", view.repo.default_branch);
    let git = &view.repo.git;
    let main = git.read_ref(&branch).ok_or("the default branch is gone")?;
    let is_list = |p: &String| {
        let name = p.rsplit('/').next().unwrap_or(p);
        name.to_lowercase().replace('_', "-") == "known-issues.md"
    };
    let paths = git.paths_at(&main, "").into_iter().filter(is_list);
    let Some(path) = paths.min_by_key(|p| (p.matches('/').count(), p.len())) else {
        return not_applicable(view.scene.started, "there is no file of known issues");
    };
    let text = text_at(view, &main, &path).unwrap_or_default();
    if !text.contains(view.version().unwrap_or("\0")) {
        return Err(format!("{path} does not name the version"));
    }
    let at = view
        .changes(&branch)
        .last()
        .map_or(view.scene.started, |c| c.at);
    fact(at, format!("{path} names the version"))
}

/// The branch is gone, and its deletion recorded; so is every other one that
/// the bot made.
pub fn deleted(view: &View<'_>) -> Answer {
    let branch = view.branch().ok_or("there was no hotfix branch")?;
    if view.head().is_some() {
        return Err(format!("{branch} is still there"));
    }
    let log = view.repo.ref_log.iter();
    let made =
        log.filter(|c| c.at >= view.scene.started && c.by == view.scene.bot && c.before.is_none());
    let mut branches = made.filter_map(|c| c.name.strip_prefix("refs/heads/"));
    // A draft that nobody waits for any more is left to people, with its branch.
    let waived = waived(view).is_some();
    let draft = |name: &str| {
        let pulls = view.repo.issues.values();
        pulls.filter(|it| it.open).any(|it| {
            let pull = it.pull.as_ref();
            pull.is_some_and(|pull| pull.draft && pull.head == name)
        })
    };
    let there = |name: &&str| {
        let head = view.repo.git.read_ref(&format!("refs/heads/{name}"));
        head.is_some() && !(waived && draft(name))
    };
    if let Some(left) = branches.find(there) {
        return Err(format!("{left} is still there"));
    }
    let changes = view.changes(&format!("refs/heads/{branch}"));
    let gone = changes.iter().rev().find(|c| c.after.is_none());
    let gone = gone.ok_or("the branch's deletion is not recorded")?;
    fact(
        gone.at,
        format!("{branch} deleted by @{}", view.login(gone.by)),
    )
}
