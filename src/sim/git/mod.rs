//! Real bare repositories, through the `git` executable.

use std::path::{Path, PathBuf};

/// What went wrong in git.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct GitError(pub String);

/// A bare repository.
#[derive(Debug)]
pub struct Git {
    dir: PathBuf,
}

impl Git {
    /// Where it is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What the ref `name` (full: `refs/heads/main`) points to.
    pub fn read_ref(&self, name: &str) -> Option<String> {
        let _ = name;
        None
    }

    /// All refs whose full name starts with `prefix`, sorted: (name, sha).
    pub fn list_refs(&self, prefix: &str) -> Vec<(String, String)> {
        let _ = prefix;
        Vec::new()
    }

    /// The commit behind a commit or (annotated) tag object.
    pub fn peel(&self, sha: &str) -> Option<String> {
        let _ = sha;
        None
    }

    /// The bytes of the file `path` in a commit.
    pub fn file_at(&self, commit: &str, path: &str) -> Option<Vec<u8>> {
        let _ = (commit, path);
        None
    }

    /// The paths of all files below `dir` in a commit (`""`: all), sorted.
    pub fn paths_at(&self, commit: &str, dir: &str) -> Vec<String> {
        let _ = (commit, dir);
        Vec::new()
    }
}
