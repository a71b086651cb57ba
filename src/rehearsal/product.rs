//! What the hotfix is of, once it has begun: its base, the package, its files
//! and workflows. Read from the repository, apart from the server.

use super::project::{
    Config, Kind, Package, Roles, Workflows, is_changelog, made_up, other, package,
};
use super::registry::Registry;
use super::release_name::{as_numbers, as_written, family, split};
use super::story::Edit;
use crate::sim::Repo;

/// The lock file that cargo keeps.
const LOCK: &str = "Cargo.lock";

/// Folders of news that a tool puts into the changelog.
const FRAGMENTS: [&str; 6] = [
    "newsfragments",
    "changelog.d",
    ".changes",
    ".changeset",
    ".changesets",
    "changes.d",
];

/// What the hotfix is of.
#[derive(Clone, Debug)]
pub struct Product {
    /// The tag that it starts from.
    pub base_tag: String,
    /// Its version, as the tag writes it.
    pub base_version: String,
    /// The same as manifests write it.
    pub number: String,
    /// The package, and where its version stands.
    pub package: Package,
    /// Others of the same version, which a person would publish with it: where, and
    /// their names.
    pub with_it: Vec<(Registry, String)>,
    /// A fix that fits it, where none is told.
    pub made_up: Vec<Edit>,
    /// Its lock file, where it is committed.
    pub lock: Option<String>,
    /// Its changelog, where there is one.
    pub changelog: Option<String>,
    /// What the workflows are for.
    pub roles: Roles,
}

/// Whether an entry of its name in cargo's lock file is of the package: of what is no
/// crate, a crate of the same name may have a number of its own.
fn is_locked(package: &Package, locked: &str) -> bool {
    package.kind == Kind::Cargo || package.version == locked
}

impl Product {
    /// Reads it at a release; `next` is the hotfix's version.
    pub fn at(repo: &Repo, config: &Config, base_tag: &str, next: &str) -> Option<Product> {
        let (prefix, base_version) = split(base_tag)?;
        let commit = repo.tag_commit(base_tag)?;
        let git = &repo.git;
        let text = |path: &str| {
            let bytes = git.file_at(&commit, path)?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        let paths = git.paths_at(&commit, "");
        let wanted = match family(prefix) {
            "" => repo.name.as_str(),
            family => family,
        };
        let number = as_numbers(base_version);
        let cargo = |path: &String| path.rsplit('/').next() == Some("Cargo.toml");
        let none = !paths.iter().any(cargo) && !other::is_there(&paths);
        let package = match package::find(&text, &paths, wanted, Some(&number)) {
            _ if config.is_generic() => other::alone(wanted, &number),
            Err(_) if none => other::alone(wanted, &number),
            found => found.ok()?,
        };
        let same = |p: &Package| {
            let itself = p.name == package.name && p.kind == package.kind;
            p.version == number && !itself
        };
        let mut all = package::all(&text, &paths);
        all.extend(other::all(&text, &paths));
        let with_it = all.into_iter().filter(same);
        let with_it = with_it
            .filter_map(|p| Some((p.registry()?, p.name)))
            .collect();
        let there = |path: &String| paths.contains(path);
        let locked = |path: &String| {
            let text = text(path)?;
            package::version_locked(&text, &package.name)
        };
        let is_its = |locked: String| is_locked(&package, &locked);
        let lock = Some(LOCK.to_owned()).filter(|p| there(p) && locked(p).is_some_and(is_its));
        // One that has no section for the base is none that is kept.
        let tells = |path: &String| {
            text(path).is_some_and(|text| text.contains(base_version) || text.contains(&number))
        };
        let folder = package.manifest.rsplit_once('/').map_or("", |(at, _)| at);
        let mut logs = match config.changelogs() {
            Some(written) => written,
            None => {
                let usual = paths.iter().filter(|path| is_changelog(path, folder));
                let mut usual: Vec<String> = usual.cloned().collect();
                usual.sort_by_key(|path| path.matches('/').count());
                usual
            }
        }
        .into_iter();
        // One that is put together from a folder is written at the release.
        let gathered = |path: &String| {
            let folder = path.split('/').next().unwrap_or_default();
            FRAGMENTS.contains(&folder) && path.contains('/')
        };
        let changesets = paths.iter().any(|path| path == ".changeset/config.json");
        let gathered = !changesets && paths.iter().any(gathered);
        // A package of several has its own.
        let beside = |path: &String| match package.dir.as_str() {
            "" => path.clone(),
            dir => format!("{dir}/{path}"),
        };
        let own: Vec<String> = logs.clone().map(|path| beside(&path)).collect();
        let mut logs = own.into_iter().chain(&mut logs);
        let changelog = logs.find(|path| !gathered && there(path) && tells(path));
        let tag = base_tag.replace(base_version, &as_written(base_version, next));
        let workflows = Workflows::at(repo, &commit);
        Some(Product {
            base_tag: base_tag.to_owned(),
            base_version: base_version.to_owned(),
            number,
            with_it,
            made_up: made_up(&package, &paths),
            lock,
            changelog,
            roles: workflows.roles(config, &repo.default_branch, &tag),
            package,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_of_its_name_need_not_be_the_package() {
        for (kind, locked, is) in [
            (Kind::Cargo, "1.31.0", true),
            // It lags behind, and is mended.
            (Kind::Cargo, "1.30.2", true),
            (Kind::Python, "1.31.0", true),
            (Kind::Npm, "1.0.0-alpha.69", false),
        ] {
            let package = Package {
                kind,
                name: "light".into(),
                dir: String::new(),
                manifest: String::new(),
                version: "1.31.0".into(),
                published: true,
                in_workspace: false,
            };
            assert_eq!(is_locked(&package, locked), is, "{kind:?} {locked}");
        }
    }
}
