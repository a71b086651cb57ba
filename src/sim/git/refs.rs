//! Refs: read as the files they are, changed by `git update-ref` alone.

use std::fs;
use std::path::Path;
use std::sync::PoisonError;

use super::repository::{Git, GitError};

/// One change of a ref.
#[derive(Clone, Debug)]
pub struct RefEdit {
    /// The full name.
    pub name: String,
    /// What it must point to now; inner none: it must not exist.
    pub old: Option<Option<String>>,
    /// What it shall point to; none: it is deleted.
    pub new: Option<String>,
}

impl Git {
    /// What the ref `name` (full: `refs/heads/main`) points to.
    pub fn read_ref(&self, name: &str) -> Option<String> {
        if !is_valid_ref(name) {
            return None;
        }
        // Nothing packs refs here, so a ref is its file.
        let text = fs::read_to_string(self.dir.join(name)).ok()?;
        let sha = text.trim();
        (sha.len() == 40).then(|| sha.to_owned())
    }

    /// All refs whose full name starts with `prefix`, sorted: (name, sha).
    pub fn list_refs(&self, prefix: &str) -> Vec<(String, String)> {
        let mut known = self.refs.lock().unwrap_or_else(PoisonError::into_inner);
        let all = known.get_or_insert_with(|| {
            let mut found = Vec::new();
            walk(&self.dir, "refs", &mut found);
            found.sort();
            found
        });
        let from = all.partition_point(|(name, _)| name.as_str() < prefix);
        let found = all.iter().skip(from);
        found
            .take_while(|(name, _)| name.starts_with(prefix))
            .cloned()
            .collect()
    }

    /// Changes refs, all or none.
    ///
    /// # Errors
    /// When an old value does not hold, a name clashes with another ref's
    /// directory, or an object is missing; then nothing has changed.
    pub fn update_refs(&self, edits: &[RefEdit]) -> Result<(), GitError> {
        const NONE: &str = "0000000000000000000000000000000000000000";
        let mut script = String::from("start\n");
        for edit in edits {
            if !is_valid_ref(&edit.name) {
                return Err(GitError(format!("{} is no valid ref name", edit.name)));
            }
            let old = match &edit.old {
                Some(Some(sha)) => format!(" {sha}"),
                Some(None) => format!(" {NONE}"),
                None => String::new(),
            };
            match &edit.new {
                Some(new) => script.push_str(&format!("update {} {new}{old}\n", edit.name)),
                None => script.push_str(&format!("delete {}{old}\n", edit.name)),
            }
        }
        script.push_str("prepare\ncommit\n");
        let mut known = self.refs.lock().unwrap_or_else(PoisonError::into_inner);
        *known = None;
        self.run(&["update-ref", "--stdin"], Some(script.as_bytes()))
            .map(|_| ())
    }
}

fn walk(root: &Path, name: &str, found: &mut Vec<(String, String)>) {
    let Ok(entries) = fs::read_dir(root.join(name)) else {
        return;
    };
    for entry in entries.flatten() {
        let child = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            walk(root, &child, found);
        } else if !child.ends_with(".lock")
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            found.push((child, text.trim().to_owned()));
        }
    }
}

/// Whether git would take this as a full ref name (`git check-ref-format`),
/// below `refs/` and with a part after the kind.
pub fn is_valid_ref(name: &str) -> bool {
    let odd = |c: char| c.is_ascii_control() || " ~^:?*[\\".contains(c);
    name.starts_with("refs/")
        && name.split('/').count() >= 3
        && !name.contains("..")
        && !name.contains("@{")
        && !name.ends_with('.')
        && !name.chars().any(odd)
        && name
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock"))
}
