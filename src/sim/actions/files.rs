//! The workflow files of a commit.

use std::sync::Arc;

use crate::sim::git::Git;
use crate::sim::model::run::{File, Registered};
use crate::sim::workflow_file::workflow::{name_of_broken, parse};
use crate::sim::workflow_file::{composite, scripts};
use crate::sim::world::{Repo, World};

/// Where workflow files live.
pub const DIR: &str = ".github/workflows";

/// The workflow files of a commit, read once and kept.
pub fn at(world: &mut World, repo: u64, commit: &str) -> Arc<Vec<File>> {
    let Some(found) = world.repos.get_mut(&repo) else {
        return Arc::default();
    };
    if let Some(files) = found.actions.files.get(commit) {
        return files.clone();
    }
    let files = Arc::new(read(&found.git, commit));
    found.actions.files.insert(commit.to_owned(), files.clone());
    files
}

/// The workflow files of a commit, each with what its steps lead to in the repository.
pub fn read(git: &Git, commit: &str) -> Vec<File> {
    let paths = git.paths_at(commit, DIR);
    let is_workflow = |p: &&String| {
        let below = p.strip_prefix(DIR).and_then(|p| p.strip_prefix('/'));
        below.is_some_and(|name| {
            !name.contains('/') && (name.ends_with(".yml") || name.ends_with(".yaml"))
        })
    };
    let text = |path: &str| {
        let bytes = git.file_at(commit, path)?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    let read = |path: &String| {
        let own = text(path).unwrap_or_default();
        let mut flow = parse(path, &own);
        if let Ok(flow) = &mut flow {
            composite::put_in(flow, &text);
            scripts::put_in(flow, &text);
        }
        let name = match &flow {
            Ok(flow) => flow.name.clone(),
            Err(_) => name_of_broken(path, &own),
        };
        File {
            path: path.clone(),
            name,
            flow: flow.map(Arc::new),
        }
    };
    paths.iter().filter(is_workflow).map(read).collect()
}

/// The workflow's entry in the list; made when it is first seen.
pub fn register(world: &mut World, repo: u64, path: &str, name: &str) -> Option<Registered> {
    let id = world.next_id();
    let created_at = world.now();
    let found = world.repos.get_mut(&repo)?;
    let (path, name) = (path.to_owned(), name.to_owned());
    let entry = found
        .actions
        .workflows
        .entry(path.clone())
        .or_insert(Registered {
            id,
            path,
            name: name.clone(),
            active: true,
            created_at,
            runs: 0,
        });
    entry.name = name;
    Some(entry.clone())
}

/// Registers what stands on the default branch.
pub fn register_default(world: &mut World, repo: u64) {
    let Some(head) = world.repos.get(&repo).and_then(Repo::default_head) else {
        return;
    };
    for file in at(world, repo, &head).iter() {
        register(world, repo, &file.path, &file.name);
    }
}
