//! What would stop a real hotfix of this repository, seen before it begins.

use super::prepared::Prepared;
use crate::rehearsal::project::package;
use crate::rehearsal::project::{Roles, Workflows};

/// What the repository shows before anything begins.
pub fn seen_before(
    prepared: &Prepared,
    workflows: &Workflows,
    roles: &Roles,
    branch: &str,
    people: u32,
) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(of_tests(workflows, roles, branch));
    found.extend(of_release(prepared, workflows, roles));
    found.extend(of_files(prepared));
    if people == 1 {
        found.push(
            "One person alone may push: nobody else can approve, and `release` must stand for the review"
                .to_owned(),
        );
    }
    found
}

fn of_tests(workflows: &Workflows, roles: &Roles, branch: &str) -> Vec<String> {
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
        match workflows.on_branch(file, branch) {
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

fn of_release(prepared: &Prepared, workflows: &Workflows, roles: &Roles) -> Vec<String> {
    let mut found = Vec::new();
    for file in workflows.iter() {
        if let Err(why) = &file.read {
            let line = why.lines().next().unwrap_or_default();
            found.push(format!("{} cannot be read: {line}", file.file));
        }
    }
    if !prepared.package.published {
        found.push(format!(
            "{} says publish = false: there is no registry to verify",
            prepared.package.manifest
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
        let jobs = workflows
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

fn of_files(prepared: &Prepared) -> Vec<String> {
    let mut found = Vec::new();
    let (source, commit) = (&prepared.source, &prepared.base.tag.commit);
    let (base, tag) = (prepared.base.version.to_string(), &prepared.base.tag.name);
    if prepared.package.version != base {
        found.push(format!(
            "{} at {tag} says {}: the tag and the manifest differ",
            prepared.package.manifest, prepared.package.version
        ));
    }
    let locked = prepared.lock.as_ref().and_then(|lock| {
        let text = source.text(commit, lock)?;
        Some((
            lock,
            package::version_locked(&text, &prepared.package.name)?,
        ))
    });
    if let Some((lock, version)) = locked
        && version != prepared.package.version
    {
        found.push(format!(
            "{lock} at {tag} holds {} {version}, the manifest {}: a build with --locked fails there",
            prepared.package.name, prepared.package.version
        ));
    }
    if prepared.changelog.is_none() {
        found.push(
            "There is no CHANGELOG.md: the fix is told in the release notes alone".to_owned(),
        );
    }
    found
}
