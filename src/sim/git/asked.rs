//! Questions to git whose answers never change: asked once.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use super::memory::{Said, is_whole};
use super::repository::{Git, GitError};

/// More blobs than these are not read to know how long they are.
const FEW: usize = 50;

impl Git {
    /// Asks git what follows from `names`. Code 0 is a yes, 1 a no; asked once,
    /// where these are whole names of objects.
    ///
    /// # Errors
    /// Any other code, with what git said.
    pub(super) fn ask(&self, args: &[&str], names: &[&str]) -> Result<Arc<Said>, GitError> {
        let lasting = names.iter().all(|name| is_whole(name));
        let key = args.join("\0");
        let known = || self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(said) = known().answer(&key).filter(|_| lasting) {
            return Ok(said);
        }
        let output = self.output(args, None)?;
        let yes = match output.status.code() {
            Some(0) => true,
            Some(1) => false,
            _ => {
                let said = String::from_utf8_lossy(&output.stderr);
                let verb = args
                    .iter()
                    .find(|arg| !arg.starts_with('-') && !arg.contains('='));
                let verb = verb.copied().unwrap_or_default();
                return Err(GitError(format!("git {verb}: {}", said.trim())));
            }
        };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let said = Arc::new(Said { yes, text });
        if lasting {
            known().keep_answer(key, &said);
        }
        Ok(said)
    }

    /// How long these blobs are; those that are not here have no length.
    ///
    /// # Errors
    /// When git cannot be run.
    pub fn sizes(&self, shas: &[&str]) -> Result<HashMap<String, usize>, GitError> {
        let memory = || self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = HashMap::new();
        let mut unknown = Vec::new();
        for sha in shas {
            if let Some(size) = memory().sizes.get(*sha) {
                found.insert((*sha).to_owned(), *size);
            } else {
                unknown.push(*sha);
            }
        }
        if unknown.len() <= FEW {
            for sha in unknown {
                if let Some((sha, _, bytes)) = self.object(sha)? {
                    found.insert(sha, bytes.len());
                }
            }
            return Ok(found);
        }
        let mut input = unknown.join("\n");
        input.push('\n');
        let format = "--batch-check=%(objectname) %(objectsize)";
        let list = self.run(&["cat-file", format], Some(input.as_bytes()))?;
        for line in list.lines() {
            let size = line.split_once(' ').map(|(sha, size)| (sha, size.parse()));
            if let Some((sha, Ok(size))) = size {
                memory().sizes.insert(sha.to_owned(), size);
                found.insert(sha.to_owned(), size);
            }
        }
        Ok(found)
    }
}
