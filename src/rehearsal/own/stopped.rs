//! What would have stopped a hotfix here, had it been a real one: seen before
//! it began, and met on the way.

use super::clone::Prepared;
use super::fix;
use super::flows::{Flows, Roles};
use super::package;
use crate::rehearsal::view::{View, needed_in};

/// What the repository shows before anything begins.
pub fn before(
    p: &Prepared,
    flows: &Flows,
    roles: &Roles,
    branch: &str,
    people: u32,
) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(of_tests(flows, roles, branch));
    found.extend(of_release(p, flows, roles));
    found.extend(of_files(p));
    if people == 1 {
        found.push(
            "One person alone may push: nobody else can approve, and `release` must stand for the review"
                .to_owned(),
        );
    }
    found
}

fn of_tests(flows: &Flows, roles: &Roles, branch: &str) -> Vec<String> {
    let mut found = Vec::new();
    if roles.tests.is_empty() {
        found.push(
            "No workflow tests the head: a person must say `/hotfix check critical-path`"
                .to_owned(),
        );
    }
    let pattern = branch.split('/').next().unwrap_or(branch);
    let mut absent = Vec::new();
    for file in &roles.tests {
        match flows.on_branch(file, branch) {
            None => absent.push(file.as_str()),
            Some(true) => found.push(format!(
                "{file} runs on pushes to {branch} for some paths only: a fix elsewhere is not tested by it"
            )),
            Some(false) => {}
        }
    }
    if !absent.is_empty() {
        let does = if absent.len() == 1 { "does" } else { "do" };
        found.push(format!(
            "{} {does} not run on pushes to {branch}: add {pattern}/** to the branches of `on.push`",
            absent.join(", ")
        ));
    }
    found
}

fn of_release(p: &Prepared, flows: &Flows, roles: &Roles) -> Vec<String> {
    let mut found = Vec::new();
    for flow in flows.iter() {
        if let Err(why) = &flow.read {
            let line = why.lines().next().unwrap_or_default();
            found.push(format!("{} cannot be read: {line}", flow.file));
        }
    }
    if !p.package.published {
        found.push(format!(
            "{} says publish = false: there is no registry to verify",
            p.package.manifest
        ));
    } else if roles.publish.is_empty() {
        found.push(
            "No workflow publishes on the tag: somebody must run `cargo publish` by hand"
                .to_owned(),
        );
    }
    if roles.release.is_empty() {
        found
            .push("No workflow makes the GitHub release: somebody must make it by hand".to_owned());
    }
    for file in &roles.tagged {
        let jobs = flows
            .get(file)
            .map(|f| f.jobs.as_slice())
            .unwrap_or_default();
        let mut names: Vec<&str> = jobs
            .iter()
            .filter_map(|j| j.environment.as_deref())
            .collect();
        names.dedup();
        for name in names {
            found.push(format!(
                "{file} deploys to the environment {name}: if that has reviewers, the release waits for one"
            ));
        }
    }
    found
}

fn of_files(p: &Prepared) -> Vec<String> {
    let mut found = Vec::new();
    let (source, commit) = (&p.source, &p.base.tag.commit);
    let (base, tag) = (p.base.version.to_string(), &p.base.tag.name);
    if p.package.version != base {
        found.push(format!(
            "{} at {tag} says {}: the tag and the manifest differ",
            p.package.manifest, p.package.version
        ));
    }
    let locked = p.lock.as_ref().and_then(|lock| {
        let text = source.text(commit, lock)?;
        Some((lock, package::version_locked(&text, &p.package.name)?))
    });
    if let Some((lock, version)) = locked
        && version != p.package.version
    {
        found.push(format!(
            "{lock} at {tag} holds {} {version}, the manifest {}: a build with --locked fails there",
            p.package.name, p.package.version
        ));
    }
    if p.changelog.is_none() {
        found.push(
            "There is no CHANGELOG.md: the fix is told in the release notes alone".to_owned(),
        );
    }
    found
}

/// What was met on the way: conflicts with the default branch, and whatever the
/// status comment asked for that an ordinary hotfix has no need of.
pub fn on_the_way(view: &View<'_>) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(conflicts(view));
    const UNUSUAL: [&str; 10] = [
        "conflict",
        "does not run",
        "no workflow",
        "no run",
        "failed",
        "by hand",
        "missing",
        "cannot",
        "wrong",
        "refused",
    ];
    let comments = view.status().into_iter();
    let texts = comments.flat_map(|c| {
        let edits = c.edits.iter().map(|e| e.body.as_str());
        edits.chain([c.body.as_str()])
    });
    for needed in texts.filter_map(needed_in) {
        let lower = needed.to_lowercase();
        let line = format!("The bot asked: {needed}");
        if UNUSUAL.iter().any(|word| lower.contains(word)) && !found.contains(&line) {
            found.push(line);
        }
    }
    // Numbers of runs and commits make the same need look new: the last one.
    let asked = found
        .iter()
        .filter(|l| l.starts_with("The bot asked"))
        .count();
    let mut skip = asked.saturating_sub(4);
    found.retain(|line| {
        let drop = skip > 0 && line.starts_with("The bot asked");
        skip -= usize::from(drop);
        !drop
    });
    found
}

/// Files in which the head and the default branch, as they were before they met,
/// conflict.
fn conflicts(view: &View<'_>) -> Option<String> {
    let branch = view.branch()?;
    let main = &view.repo.default_branch;
    let last = view.changes(&format!("refs/heads/{branch}"));
    let head = last.iter().rev().find_map(|c| c.after.clone())?;
    let changes = view.changes(&format!("refs/heads/{main}"));
    let before = match changes.first() {
        Some(change) => change.before.clone()?,
        None => view.repo.git.read_ref(&format!("refs/heads/{main}"))?,
    };
    match fix::conflicts(view.repo.git.dir(), &before, &head) {
        Ok(files) if files.is_empty() => None,
        Ok(files) => {
            let shown = files.iter().take(6).cloned().collect::<Vec<_>>().join(", ");
            let more = match files.len().saturating_sub(6) {
                0 => String::new(),
                more => format!(" and {more} more files"),
            };
            Some(format!("{branch} conflicts with {main} in {shown}{more}"))
        }
        Err(why) => Some(format!(
            "Whether {branch} conflicts with {main} cannot be told: {why}"
        )),
    }
}
