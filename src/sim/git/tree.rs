//! Trees: reading, and writing one from another.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use super::entry::Entry;
use super::reader::Kind;
use super::repository::{Git, GitError};

/// What becomes of a path: mode and object, or none when it goes.
pub type TreeEdit = Option<(String, String)>;

impl Git {
    /// The entries of one tree, in git's order.
    pub fn tree(&self, sha: &str) -> Option<Vec<Entry>> {
        let (_, kind, bytes) = self.object(sha).ok().flatten()?;
        if kind != Kind::Tree {
            return None;
        }
        let mut entries = Vec::new();
        let mut rest = &*bytes;
        while let Some(nul) = rest.iter().position(|b| *b == 0) {
            let head = String::from_utf8_lossy(rest.get(..nul)?);
            let (mode, name) = head.split_once(' ')?;
            entries.push(Entry {
                path: name.to_owned(),
                mode: format!("{mode:0>6}"),
                sha: hex::encode(rest.get(nul + 1..nul + 21)?),
            });
            rest = rest.get(nul + 21..)?;
        }
        Some(entries)
    }

    /// All entries below a tree, directories included, each with its full path.
    /// Large ones are asked for often, so that they are kept.
    pub fn tree_recursive(&self, sha: &str) -> Option<Arc<[Entry]>> {
        let memory = || self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = memory().tree(sha) {
            return Some(known);
        }
        let mut all = Vec::new();
        self.descend(sha, "", &mut all)?;
        let all = Arc::from(all);
        memory().keep_tree(sha, &all);
        Some(all)
    }

    fn descend(&self, sha: &str, below: &str, all: &mut Vec<Entry>) -> Option<()> {
        for entry in self.tree(sha)? {
            let path = format!("{below}{}", entry.path);
            let into = entry
                .is_tree()
                .then(|| (entry.sha.clone(), format!("{path}/")));
            all.push(Entry { path, ..entry });
            if let Some((sha, below)) = into {
                self.descend(&sha, &below, all)?;
            }
        }
        Some(())
    }

    /// The entry at `path` in the tree of a commit; the empty path is its root.
    pub fn entry_at(&self, commit: &str, path: &str) -> Option<Entry> {
        let mut at = Entry {
            path: path.to_owned(),
            mode: "040000".into(),
            sha: self.commit(commit)?.tree,
        };
        for part in path.split('/').filter(|p| !p.is_empty()) {
            let found = self.tree(&at.sha)?.into_iter().find(|e| e.path == part)?;
            at = Entry {
                path: path.to_owned(),
                ..found
            };
        }
        Some(at)
    }

    /// The bytes of the file `path` in a commit.
    pub fn file_at(&self, commit: &str, path: &str) -> Option<Vec<u8>> {
        self.blob(&self.entry_at(commit, path)?.sha)
    }

    /// The paths of all files below `dir` in a commit (`""`: all), sorted.
    pub fn paths_at(&self, commit: &str, dir: &str) -> Vec<String> {
        let Some(entry) = self.entry_at(commit, dir).filter(Entry::is_tree) else {
            return Vec::new();
        };
        let dir = dir.trim_matches('/');
        let below = if dir.is_empty() {
            String::new()
        } else {
            format!("{dir}/")
        };
        let all = self.tree_recursive(&entry.sha);
        let files = all
            .iter()
            .flat_map(|all| all.iter())
            .filter(|e| !e.is_tree());
        let mut paths: Vec<_> = files.map(|e| format!("{below}{}", e.path)).collect();
        paths.sort();
        paths
    }

    /// A tree with edits by path on top of `base`. An edit whose mode is
    /// `040000` puts a whole tree there.
    ///
    /// # Errors
    /// A deleted path that is not there, a base that is no tree.
    pub fn edit_tree(
        &self,
        base: Option<&str>,
        edits: &BTreeMap<String, TreeEdit>,
    ) -> Result<String, GitError> {
        let mut entries = match base {
            Some(sha) => self
                .tree(sha)
                .ok_or_else(|| GitError(format!("{sha} is no tree")))?,
            None => Vec::new(),
        };
        let mut below: BTreeMap<&str, BTreeMap<String, TreeEdit>> = BTreeMap::new();
        for (path, edit) in edits {
            if let Some((dir, rest)) = path.split_once('/') {
                below
                    .entry(dir)
                    .or_default()
                    .insert(rest.to_owned(), edit.clone());
                continue;
            }
            let known = entries.len();
            entries.retain(|e| e.path != *path);
            match edit {
                Some((mode, sha)) => entries.push(Entry {
                    path: path.clone(),
                    mode: mode.clone(),
                    sha: sha.clone(),
                }),
                None if entries.len() == known => {
                    return Err(GitError(format!("{path} is not in the tree")));
                }
                None => {}
            }
        }
        for (dir, edits) in below {
            let old = entries
                .iter()
                .find(|e| e.path == dir && e.is_tree())
                .map(|e| e.sha.clone());
            let sha = self.edit_tree(old.as_deref(), &edits)?;
            entries.retain(|e| e.path != dir);
            // git keeps no empty directories.
            if self.tree(&sha).is_some_and(|t| !t.is_empty()) {
                entries.push(Entry {
                    path: dir.to_owned(),
                    mode: "040000".into(),
                    sha,
                });
            }
        }
        self.write_tree(entries)
    }

    fn write_tree(&self, mut entries: Vec<Entry>) -> Result<String, GitError> {
        // git sorts directories as if their names ended with a slash.
        let key = |e: &Entry| {
            if e.is_tree() {
                format!("{}/", e.path)
            } else {
                e.path.clone()
            }
        };
        entries.sort_by_key(|e| key(e).into_bytes());
        let mut bytes = Vec::new();
        for entry in &entries {
            let mode = entry.mode.trim_start_matches('0');
            bytes.extend_from_slice(format!("{mode} {}\0", entry.path).as_bytes());
            let sha = hex::decode(&entry.sha)
                .map_err(|_| GitError(format!("{} is no object name", entry.sha)))?;
            bytes.extend_from_slice(&sha);
        }
        self.write(Kind::Tree, &bytes)
    }
}
