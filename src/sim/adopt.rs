//! A repository that is there already, taken in as a bare clone that borrows
//! its objects: what `git clone --bare --shared` makes, with a choice of refs.

use std::path::Path;

use super::git::{GitError, RefEdit};
use super::refusal::Refusal;
use super::world::World;

impl World {
    /// Takes a repository in, silently: no events. Objects are read from the
    /// folders `objects` (`info/alternates`) and never written there; `refs` are
    /// full names with what they point to. Gives the repository's id.
    ///
    /// # Errors
    /// 422 when there is one of that name; 500 when git fails, as for a ref
    /// whose object is missing.
    pub fn adopt_repo(
        &mut self,
        owner: &str,
        name: &str,
        default_branch: &str,
        objects: &[&Path],
        refs: &[(String, String)],
    ) -> Result<u64, Refusal> {
        let id = self.create_repo_on(owner, name, false, default_branch)?;
        let git = &self.repo(id)?.git;
        let mut text = String::new();
        for folder in objects {
            text.push_str(&folder.to_string_lossy());
            text.push('\n');
        }
        std::fs::write(git.dir().join("objects/info/alternates"), text).map_err(GitError::from)?;
        let edits: Vec<RefEdit> = refs
            .iter()
            .map(|(name, target)| RefEdit {
                name: name.clone(),
                old: None,
                new: Some(target.clone()),
            })
            .collect();
        git.update_refs(&edits)?;
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::git::{Git, Kind};
    use crate::sim::{Seed, Sim, SimClock, SimOptions};

    #[tokio::test]
    async fn objects_are_borrowed() {
        let dir = tempfile::tempdir().unwrap();
        let sim = Sim::start(SimOptions {
            dir: dir.path().join("sim"),
            clock: SimClock::owned(1_000_000),
            index_lag_ms: 0,
            fresh_token_refusals: 0,
        })
        .await
        .unwrap();
        let mut world = sim.world();
        let source = world.create_repo("a", "source", false).unwrap();
        let seed = Seed {
            author: "ann",
            message: "one",
            at: 1_000,
            files: &[("a.txt", Some("text"))],
        };
        let sha = world.seed(source, "main", &[seed]).unwrap();
        let objects = world.repos[&source].git.dir().join("objects");
        let refs = [("refs/heads/trunk".to_owned(), sha.clone())];
        let id = world
            .adopt_repo("b", "clone", "trunk", &[&objects], &refs)
            .unwrap();
        let git: &Git = &world.repos[&id].git;
        assert_eq!(git.read_ref("refs/heads/trunk"), Some(sha.clone()));
        assert_eq!(git.file_at(&sha, "a.txt").unwrap(), b"text");
        let blob = git.write(Kind::Blob, b"new").unwrap();
        assert_eq!(
            world.repos[&source].git.blob(&blob),
            None,
            "not written there"
        );
        sim.stop();
    }
}
