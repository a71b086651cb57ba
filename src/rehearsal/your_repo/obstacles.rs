//! What would stop a real hotfix of this repository, seen before it begins.

use crate::rehearsal::product::Product;
use crate::rehearsal::project::package;
use crate::rehearsal::project::{Kind, Roles, Workflows};
use crate::rehearsal::view::View;

/// What the repository shows of itself, at the release that the hotfix starts
/// from; nothing is known of it without one.
pub fn at_the_base(view: &View<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let base = view.product();
    let commit = base.and_then(|p| view.repo.tag_commit(&p.base_tag));
    if let (Some(base), Some(commit), Some(branch)) = (base, commit, view.branch()) {
        let workflows = Workflows::at(view.repo, &commit);
        found.extend(of_tests(&workflows, &base.roles, branch));
        found.extend(of_release(view, base, &workflows));
        found.extend(of_files(view, base, &commit));
    }
    if view.scene.people == 1 {
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

fn of_release(view: &View<'_>, base: &Product, workflows: &Workflows) -> Vec<String> {
    let roles = &base.roles;
    let mut found = Vec::new();
    for file in workflows.iter() {
        if let Err(why) = &file.read {
            let line = why.lines().next().unwrap_or_default();
            found.push(format!("{} cannot be read: {line}", file.file));
        }
    }
    found.extend(of_registry(view, base));
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

/// What of the package nobody verifies, or a person has to publish.
fn of_registry(view: &View<'_>, base: &Product) -> Option<String> {
    let package = &base.package;
    let registry = package.kind.registry()?;
    if !package.published {
        let why = match package.manifest.as_str() {
            "" => format!("{} is not published", package.name),
            manifest if package.kind == Kind::Cargo => format!("{manifest} says publish = false"),
            manifest => format!("{manifest} keeps it from being published"),
        };
        return Some(format!("{why}: there is no registry to verify"));
    }
    if !view.is_published() {
        let name = &package.name;
        return Some(format!(
            "Nothing shows that {name} is on {}: there is none to verify",
            registry.name()
        ));
    }
    let by_hand = registry
        .publishes()
        .filter(|_| base.roles.publish.is_empty())?;
    Some(format!(
        "No push of the tag is seen to publish: what does stands above, and where nothing does, somebody runs `{by_hand}`"
    ))
}

fn of_files(view: &View<'_>, base: &Product, commit: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (package, tag) = (&base.package, &base.base_tag);
    let short = format!("{}.0", base.number);
    if package.version != base.number && package.version != short {
        found.push(format!(
            "{} at {tag} says {}: the tag and the manifest differ",
            package.manifest, package.version
        ));
    }
    let locked = base.lock.as_ref().and_then(|lock| {
        let bytes = view.repo.git.file_at(commit, lock)?;
        let text = String::from_utf8_lossy(&bytes);
        Some((lock, package::version_locked(&text, &package.name)?))
    });
    if let Some((lock, version)) = locked
        && version != package.version
    {
        found.push(format!(
            "{lock} at {tag} holds {} {version}, the manifest {}: a build with --locked fails there",
            package.name, package.version
        ));
    }
    if base.changelog.is_none() {
        found.push(
            "The rehearsal's judge knows no changelog with a section of the base's, and looks for none"
                .to_owned(),
        );
    }
    found
}
