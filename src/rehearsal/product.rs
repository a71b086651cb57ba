//! What the hotfix is of, once it has begun: its base, the package, its files
//! and workflows. Read from the repository, apart from the server.

use super::project::{Package, Roles, Workflows, package};
use super::view::View;
use super::your_repo::split;

/// The lock file that cargo keeps.
const LOCK: &str = "Cargo.lock";

/// What the hotfix is of.
#[derive(Clone, Debug)]
pub struct Product {
    /// The tag that it starts from.
    pub base_tag: String,
    /// Its version, as the tag writes it.
    pub base_version: String,
    /// The package, and where its version stands.
    pub package: Package,
    /// Its lock file, where it is committed.
    pub lock: Option<String>,
    /// Its changelog, where there is one.
    pub changelog: Option<String>,
    /// What the workflows are for.
    pub roles: Roles,
}

impl Product {
    /// Reads it at the release that the hotfix branch began at; none before
    /// there is a branch, or where it began at no release.
    pub fn of(view: &View<'_>) -> Option<Product> {
        let scene = view.scene;
        let branch = view.branch()?;
        let (before, version) = split(branch)?;
        let changes = view.changes(&format!("refs/heads/{branch}"));
        let began = changes.first()?.after.clone()?;
        let at = |name: &&String| view.repo.tag_commit(name).as_deref() == Some(began.as_str());
        let mut there: Vec<&String> = scene.release_tags.iter().filter(at).collect();
        // Several products may have been released from one commit: the branch's
        // name tells.
        there.sort_by_key(|name| {
            let prefix = split(name).map_or("", |(prefix, _)| prefix);
            let named = !prefix.is_empty() && before.ends_with(prefix);
            (!named, prefix.len())
        });
        let base_tag = (*there.first()?).clone();
        Product::at(view, &base_tag, version)
    }

    /// Reads it at a release; `next` is the hotfix's version.
    pub fn at(view: &View<'_>, base_tag: &str, next: &str) -> Option<Product> {
        let (prefix, base_version) = split(base_tag)?;
        let commit = view.repo.tag_commit(base_tag)?;
        let git = &view.repo.git;
        let text = |path: &str| {
            let bytes = git.file_at(&commit, path)?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        let paths = git.paths_at(&commit, "");
        let family = prefix.strip_suffix('v').unwrap_or(prefix);
        let family = family.trim_end_matches(['-', '/', '@', '_']);
        let wanted = if family.is_empty() {
            view.repo.name.as_str()
        } else {
            family
        };
        let package = package::find(&text, &paths, wanted, Some(base_version)).ok()?;
        let there = |path: &String| paths.contains(path);
        let locked = |path: &String| {
            let text = text(path)?;
            package::version_locked(&text, &package.name)
        };
        let lock = Some(LOCK.to_owned()).filter(|p| there(p) && locked(p).is_some());
        let tag = base_tag.replace(base_version, next);
        let workflows = Workflows::at(view.repo, &commit);
        let config = &view.scene.config;
        Some(Product {
            base_tag: base_tag.to_owned(),
            base_version: base_version.to_owned(),
            lock,
            changelog: config.changelog().filter(there),
            roles: workflows.roles(config, &view.repo.default_branch, &tag),
            package,
        })
    }
}
