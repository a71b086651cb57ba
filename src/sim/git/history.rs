//! History and merging, asked of git itself.

use std::sync::PoisonError;

use super::repository::{Git, GitError, Stats};

/// What a merge of two commits gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merge {
    /// The merged tree.
    Clean(String),
    /// It conflicts.
    Conflict,
}

impl Git {
    /// How much `head` changes against where it left `base`. Asked often, and
    /// never different for the same two commits, so it is kept.
    pub fn stats(&self, base: &str, head: &str) -> Result<Stats, GitError> {
        let key = (base.to_owned(), head.to_owned());
        let known = self
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .copied();
        if let Some(known) = known {
            return Ok(known);
        }
        let from = self.merge_base(base, head)?;
        let files = self.diff(from.as_deref(), head)?;
        let stats = Stats {
            commits: self.log(Some(base), head, None, 250)?.len(),
            additions: files.iter().map(|f| f.additions).sum(),
            deletions: files.iter().map(|f| f.deletions).sum(),
            files: files.len(),
        };
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, stats);
        Ok(stats)
    }

    /// The best common ancestor.
    pub fn merge_base(&self, a: &str, b: &str) -> Result<Option<String>, GitError> {
        let said = self.ask(&["merge-base", a, b], &[a, b])?;
        let first = said.text.lines().next().filter(|_| said.yes);
        Ok(first.map(str::to_owned))
    }

    /// Whether `old` is `new` or one of its ancestors.
    pub fn is_ancestor(&self, old: &str, new: &str) -> Result<bool, GitError> {
        if old == new {
            return Ok(true);
        }
        let args = ["merge-base", "--is-ancestor", old, new];
        Ok(self.ask(&args, &[old, new])?.yes)
    }

    /// How many commits `head` has that `base` has not, and the other way.
    pub fn ahead_behind(&self, base: &str, head: &str) -> Result<(u64, u64), GitError> {
        let range = format!("{base}...{head}");
        let args = ["rev-list", "--left-right", "--count", &range];
        let said = self.ask(&args, &[base, head])?;
        let mut numbers = said.text.split_whitespace().filter_map(|n| n.parse().ok());
        let behind = numbers.next().unwrap_or(0);
        Ok((numbers.next().unwrap_or(0), behind))
    }

    /// Commits of `head` that are not in `base`, newest first; at most `limit`.
    pub fn log(
        &self,
        base: Option<&str>,
        head: &str,
        path: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, GitError> {
        let max = format!("--max-count={limit}");
        let not = base.map(|b| format!("^{b}"));
        let mut args = vec!["rev-list", "--topo-order", &max, head];
        args.extend(not.as_deref());
        args.push("--");
        args.extend(path);
        let said = self.ask(&args, &[base.unwrap_or(head), head])?;
        Ok(said.text.lines().map(str::to_owned).collect())
    }

    /// Merges two commits without touching any ref.
    pub fn merge(&self, ours: &str, theirs: &str) -> Result<Merge, GitError> {
        let args = ["merge-tree", "--write-tree", ours, theirs];
        self.merge_tree(&args, &[ours, theirs])
    }

    /// Puts the change from `parent` to `commit` on top of `onto`.
    pub fn replay(&self, parent: &str, onto: &str, commit: &str) -> Result<Merge, GitError> {
        let base = format!("--merge-base={parent}");
        let args = ["merge-tree", "--write-tree", &base, onto, commit];
        self.merge_tree(&args, &[parent, onto, commit])
    }

    fn merge_tree(&self, args: &[&str], names: &[&str]) -> Result<Merge, GitError> {
        let said = self.ask(args, names)?;
        let tree = said.text.lines().next().unwrap_or_default();
        Ok(match said.yes {
            true => Merge::Clean(tree.to_owned()),
            false => Merge::Conflict,
        })
    }
}
