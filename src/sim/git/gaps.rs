//! Contents that a clone does not have: a partial one leaves them where they
//! came from. Something stands in for them, so that trees which hold them can
//! be compared and merged.

use std::collections::BTreeSet;
use std::fs;

use super::objects::stored_zlib;
use super::repository::{Git, GitError};

impl Git {
    /// Lets a line of text stand in for each blob in the trees of `commits` that
    /// is not here; gives how many there were. The text lies under the blob's
    /// own name, which is not its hash: only `git fsck` minds.
    ///
    /// # Errors
    /// When git cannot list a tree, or nothing can be written.
    pub fn fill_gaps(&self, commits: &[&str]) -> Result<usize, GitError> {
        let mut blobs = BTreeSet::new();
        for commit in commits {
            let list = self.run(&["ls-tree", "-r", commit], None)?;
            let shas = list.lines().filter_map(|line| {
                let mut columns = line.split_whitespace().skip(1);
                (columns.next() == Some("blob")).then(|| columns.next())?
            });
            blobs.extend(shas.map(str::to_owned));
        }
        let mut input: String = blobs.into_iter().collect::<Vec<_>>().join("\n");
        input.push('\n');
        let found = self.run(&["cat-file", "--batch-check"], Some(input.as_bytes()))?;
        let missing = found.lines().filter_map(|l| l.strip_suffix(" missing"));
        let mut count = 0;
        for sha in missing.filter(|sha| sha.len() == 40) {
            let text = format!("content of {sha}, which this clone does not have\n");
            let whole = format!("blob {}\0{text}", text.len());
            let (fan, rest) = sha.split_at(2);
            let dir = self.dir.join("objects").join(fan);
            fs::create_dir_all(&dir)?;
            fs::write(dir.join(rest), stored_zlib(whole.as_bytes()))?;
            count += 1;
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Ident, Kind, TreeEdit};
    use super::*;
    use crate::sim::git::CommitObject;

    #[test]
    fn a_tree_with_gaps_can_be_compared() {
        let dir = tempfile::tempdir().unwrap();
        let git = Git::init(&dir.path().join("a.git"), "main").unwrap();
        let ident = Ident {
            name: "a".into(),
            email: "a@b".into(),
            at: 1_000,
        };
        let commit = |text: &[u8]| {
            let blob = git.write(Kind::Blob, text).unwrap();
            let edit: TreeEdit = Some(("100644".to_owned(), blob.clone()));
            let edits = [("big".to_owned(), edit)].into();
            let tree = git.edit_tree(None, &edits).unwrap();
            let sha = git
                .write_commit(&CommitObject {
                    sha: String::new(),
                    tree,
                    parents: vec![],
                    author: ident.clone(),
                    committer: ident.clone(),
                    message: "m".into(),
                    signed: false,
                })
                .unwrap();
            (sha, blob)
        };
        let (one, blob) = commit(b"one\n");
        let (two, _) = commit(b"two\n");
        let (fan, rest) = blob.split_at(2);
        fs::remove_file(git.dir().join("objects").join(fan).join(rest)).unwrap();
        assert!(git.diff(Some(&one), &two).is_err());
        assert_eq!(git.fill_gaps(&[&one, &two]).unwrap(), 1);
        assert_eq!(git.diff(Some(&one), &two).unwrap().len(), 1);
        assert_eq!(git.fill_gaps(&[&one, &two]).unwrap(), 0);
    }
}
