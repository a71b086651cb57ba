//! What a story's people see of the repository.

use super::story::{START, Story};

impl Story {
    /// The pull request's number.
    pub fn pull(&self) -> u64 {
        self.look(|view| view.pull().map(|p| p.number))
            .expect("a pull request")
    }

    /// A file's text at a ref.
    pub fn text_at(&self, name: &str, path: &str) -> String {
        let bytes = self.look(|view| {
            let commit = view.repo.git.peel(&view.repo.git.read_ref(name)?)?;
            view.repo.git.file_at(&commit, path)
        });
        String::from_utf8(bytes.unwrap_or_default()).expect("text")
    }

    /// The pull request of a branch: number, whether open, whether merged.
    pub fn pull_of(&self, branch: &str) -> Option<(u64, bool, bool)> {
        self.look(|view| {
            let of = |i: &&hotfix_bot::sim::world::Issue| {
                i.pull.as_ref().is_some_and(|p| p.head == branch)
            };
            let issue = view.repo.issues.values().find(of)?;
            let pull = issue.pull.as_ref()?;
            Some((issue.number, issue.open, pull.merged.is_some()))
        })
    }

    /// The bot's comments on an issue, oldest first: id and text.
    pub fn bot_comments(&self, issue: u64) -> Vec<(u64, String)> {
        self.look(|view| {
            view.comments(issue)
                .filter(|c| c.author == view.scene.bot)
                .map(|c| (c.id, c.body.clone()))
                .collect()
        })
    }

    /// The status comment of an issue: id and text.
    pub fn status(&self, issue: u64) -> (u64, String) {
        let comments = self.bot_comments(issue);
        comments.first().cloned().expect("a status comment")
    }

    /// The status comment says this.
    #[track_caller]
    pub fn shows(&self, issue: u64, words: &str) {
        let text = self.status(issue).1;
        let refused = self.refused_calls();
        assert!(
            super::told::says(&text, words),
            "no “{words}” in:\n{text}\n{refused:#?}"
        );
    }

    /// The status comment does not say it any more.
    #[track_caller]
    pub fn shows_no_more(&self, issue: u64, words: &str) {
        let text = self.status(issue).1;
        assert!(!super::told::says(&text, words), "“{words}” in:\n{text}");
    }

    /// What GitHub refused so far.
    pub fn refused_calls(&self) -> Vec<String> {
        let world = self.sim().world();
        // That releases may be changed is said by 404.
        let said = |path: &str| path.ends_with("/immutable-releases");
        let calls = world.log.calls.iter();
        let refused = calls.filter(|c| c.status >= 400 && !said(&c.path));
        refused
            .map(|c| {
                let at = (c.at - START) / 1_000;
                let said = c.message.as_deref().unwrap_or_default();
                format!("{at} s: {} {} {}: {said}", c.method, c.path, c.status)
            })
            .collect()
    }

    /// The status comment does not say this.
    #[track_caller]
    pub fn hides(&self, issue: u64, words: &str) {
        let text = self.status(issue).1;
        assert!(!super::told::says(&text, words), "“{words}” in:\n{text}");
    }

    /// The bot's reactions on a comment.
    pub fn reactions(&self, comment: u64) -> Vec<String> {
        self.look(|view| {
            let reactions = &view.repo.comments[&comment].reactions;
            let ours = reactions.iter().filter(|r| r.user == view.scene.bot);
            ours.map(|r| r.content.clone()).collect()
        })
    }

    /// What a ref leads to; an annotated tag to its commit.
    pub fn commit_of(&self, name: &str) -> Option<String> {
        self.look(|view| {
            let sha = view.repo.git.read_ref(name)?;
            view.repo.git.peel(&sha)
        })
    }

    /// The branch of the hotfix stands.
    pub fn has_branch(&self) -> bool {
        self.commit_of("refs/heads/hotfix/v1.0.5").is_some()
    }

    /// The hotfix's tag leads to this commit, and there is one merge.
    #[track_caller]
    pub fn released(&self, sha: &str) {
        assert_eq!(self.commit_of("refs/tags/v1.0.5").as_deref(), Some(sha));
        self.look(|view| {
            let merged = view.pull().and_then(|p| p.pull.as_ref()?.merged.as_ref());
            assert!(merged.is_some(), "merged");
        });
    }

    /// The same, and that commit is the merge, which holds what was tested.
    #[track_caller]
    pub fn released_by_merge(&self, head: &str) {
        let tagged = self.commit_of("refs/tags/v1.0.5").expect("a tag");
        self.released(&tagged);
        self.look(|view| {
            let merged = view.pull().and_then(|p| p.pull.as_ref()?.merged.as_ref());
            assert_eq!(merged.map(|it| it.sha.as_str()), Some(&*tagged));
            let tree = |sha: &str| view.repo.git.commit(sha).expect("a commit").tree;
            assert_eq!(tree(&tagged), tree(head));
        });
    }

    /// Nothing was tagged and nothing merged.
    #[track_caller]
    pub fn not_released(&self) {
        assert_eq!(self.commit_of("refs/tags/v1.0.5"), None);
        let main = self.look(|view| view.changes("refs/heads/main").len());
        assert_eq!(main, 0, "main did not move");
    }
}
