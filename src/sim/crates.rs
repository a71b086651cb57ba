//! What a step that publishes crates does: which packages it means, as they stand at
//! the commit, and what becomes of them on crates.io.

use super::git::Git;
use super::ops::registry;
use super::workflow_file::cargo::Crates;
use super::workflow_file::glob::Glob;
use super::world::World;

/// A crate at a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    name: String,
    version: String,
    /// Whether its manifest lets it be published.
    goes_out: bool,
}

/// Publishes from a commit, by this user; says what, or why it was left alone.
///
/// # Errors
/// The registry's words, where it takes none of it.
pub(super) fn publish(
    world: &mut World,
    repo: u64,
    commit: &str,
    by: u64,
    what: &Crates,
) -> Result<String, String> {
    let git = &world.repos.get(&repo).ok_or("the repository is gone")?.git;
    // What other steps prepare (a version set from the tag, a folder) is unknown
    // here: that is no failure of the run.
    let found = match crates(git, commit, what) {
        Ok(found) => found,
        Err(why) => return Ok(format!("left alone: {why}")),
    };
    let by = world.users.get(&by).map(|user| user.login.clone());
    let mut said = Vec::new();
    for Found { name, version, .. } in found {
        if world.registry.version(&name, &version).is_some() {
            match what.all {
                true => continue,
                false => return Err(format!("crate version `{version}` is already uploaded")),
            }
        }
        let now = world.now();
        let git = &world.repos.get(&repo).ok_or("the repository is gone")?.git;
        let file = git.archive(commit, &format!("{name}-{version}"));
        let file = file.map_err(|e| e.to_string())?;
        let visible = registry::index_moves(world);
        world
            .registry
            .publish(now, visible, &name, &version, file, by.as_deref())?;
        said.push(format!("{name} {version}"));
    }
    match said.is_empty() {
        true => Ok("left alone: all of it is there already".to_owned()),
        false => Ok(format!("published {} from {commit}", said.join(", "))),
    }
}

fn manifest(git: &Git, commit: &str, path: &str) -> Result<toml::Table, String> {
    let bytes = git.file_at(commit, path);
    let bytes = bytes.ok_or_else(|| format!("{path} is not in {commit}"))?;
    toml::from_str(&String::from_utf8_lossy(&bytes)).map_err(|e| format!("{path}: {e}"))
}

/// The manifest of the workspace that one belongs to: the nearest above it, or itself,
/// that has one.
fn workspace(git: &Git, commit: &str, path: &str) -> Option<toml::Table> {
    let mut folder = path.strip_suffix("Cargo.toml")?.trim_end_matches('/');
    loop {
        let path = match folder {
            "" => "Cargo.toml".to_owned(),
            folder => format!("{folder}/Cargo.toml"),
        };
        let found = manifest(git, commit, &path).ok();
        if let Some(found) = found.filter(|it| it.contains_key("workspace")) {
            return Some(found);
        }
        folder = match folder {
            "" => return None,
            folder => folder.rsplit_once('/').map_or("", |(above, _)| above),
        };
    }
}

/// The crate of a manifest; none: it has no package, or is not there.
fn crate_of(git: &Git, commit: &str, path: &str) -> Option<Found> {
    let table = manifest(git, commit, path).ok()?;
    let package = table.get("package")?;
    let of_workspace = || -> Option<String> {
        let workspace = workspace(git, commit, path)?;
        let shared = workspace.get("workspace")?.get("package")?.get("version")?;
        shared.as_str().map(str::to_owned)
    };
    let version = package.get("version")?.as_str().map(str::to_owned);
    let kept = match package.get("publish") {
        Some(toml::Value::Boolean(is)) => !is,
        Some(toml::Value::Array(to)) => to.is_empty(),
        _ => false,
    };
    Some(Found {
        name: package.get("name")?.as_str()?.to_owned(),
        version: version.or_else(of_workspace)?,
        goes_out: !kept,
    })
}

/// Whether a manifest belongs to the workspace of another: named there, and none's of
/// its own. A workspace that names no members has none but itself.
fn is_member(git: &Git, commit: &str, root: &str, path: &str) -> bool {
    if path == root {
        return true;
    }
    let Ok(table) = manifest(git, commit, root) else {
        return false;
    };
    let folder = |path: &str| path.strip_suffix("Cargo.toml").unwrap_or(path).to_owned();
    let below = folder(path);
    let below = below.strip_prefix(&folder(root)).unwrap_or(&below);
    let below: Vec<&str> = below.trim_end_matches('/').split('/').collect();
    let named = |list: &str| {
        let all = table.get("workspace").and_then(|it| it.get(list));
        let all = all.and_then(toml::Value::as_array).into_iter().flatten();
        let mut all = all.filter_map(toml::Value::as_str);
        all.any(|pattern| {
            let parts = pattern.split('/').filter(|part| !["", "."].contains(part));
            let parts: Vec<Glob> = parts.map(Glob::new).collect();
            let fits = |(glob, part): (&Glob, &&str)| glob.matches(part);
            parts.len() == below.len() && parts.iter().zip(&below).all(fits)
        })
    };
    let own = manifest(git, commit, path).is_ok_and(|it| it.contains_key("workspace"));
    named("members") && !named("exclude") && !own
}

/// The crates that are meant; without a name that of the manifest, of a workspace
/// without a package of its own any, or all.
fn crates(git: &Git, commit: &str, what: &Crates) -> Result<Vec<Found>, String> {
    let path = what.manifest.as_deref().unwrap_or("Cargo.toml");
    manifest(git, commit, path)?;
    let fits = |found: &Found| what.package.as_ref().is_none_or(|name| *name == found.name);
    let own = crate_of(git, commit, path).filter(fits);
    if let Some(own) = own.filter(|_| !what.all) {
        return Ok(vec![own]);
    }
    let folder = path.strip_suffix("Cargo.toml").unwrap_or_default();
    let below = git.paths_at(commit, folder.trim_end_matches('/'));
    let manifests = below
        .iter()
        .filter(|path| *path == "Cargo.toml" || path.ends_with("/Cargo.toml"));
    let manifests = manifests.filter(|it| is_member(git, commit, path, it));
    let found = manifests.filter_map(|path| crate_of(git, commit, path));
    let mut found: Vec<Found> = found.filter(fits).collect();
    match what.all {
        true => found.retain(|it| it.goes_out),
        false => found.truncate(1),
    }
    match found.is_empty() {
        true => Err(format!("no package to publish in {commit}")),
        false => Ok(found),
    }
}
