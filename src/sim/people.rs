//! People, who act by hand: in the browser and with git.

use super::actions::let_go_on;
use super::git::{CommitObject, Ident, Kind, Merge, TagObject};
use super::ops::{AdvisoryChange, FromFork, MergeRequest, NewPull, StateChange, releases};
use super::refusal::Refusal;
use super::stand_in::Sim;
use super::world::{BranchRule, UserId, Who, World};

/// What a person's act comes to; a refusal is GitHub's.
pub type Done<T> = Result<T, Refusal>;

/// A handle on a person in one repository.
#[derive(Clone, Debug)]
pub struct Person {
    sim: Sim,
    user: UserId,
    repo: u64,
}

/// What a reviewer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// `APPROVED`
    Approve,
    /// `CHANGES_REQUESTED`
    RequestChanges,
    /// `COMMENTED`
    Comment,
}

impl Sim {
    /// A person in a repository; made when there is none of that login.
    pub fn person(&self, login: &str, repo: u64) -> Person {
        let user = self.world().add_user(login);
        Person {
            sim: self.clone(),
            user,
            repo,
        }
    }
}

impl Person {
    /// Their account.
    pub fn id(&self) -> UserId {
        self.user
    }

    /// Their address in commits.
    pub fn email(&self) -> String {
        self.sim.world().ident(self.user).email
    }

    /// They sign commits with another address, and GitHub knows that it is theirs.
    pub fn takes_mail_at(&self, email: &str) {
        if let Some(user) = self.sim.world().users.get_mut(&self.user) {
            user.email = email.to_owned();
        }
    }

    /// They take another login. The old one is free, and says nothing of them any
    /// more.
    pub fn rename(&self, login: &str) {
        if let Some(user) = self.sim.world().users.get_mut(&self.user) {
            user.login = login.to_owned();
        }
    }

    fn who(&self) -> Who {
        Who::person(self.user)
    }

    /// Opens an issue; gives its number.
    pub fn open_issue(&self, title: &str, body: &str) -> Done<u64> {
        self.sim
            .world()
            .open_issue(self.repo, title, Some(body), &[], &self.who())
    }

    /// Puts a label on an issue.
    pub fn label(&self, issue: u64, label: &str) -> Done<()> {
        self.sim
            .world()
            .add_labels(self.repo, issue, &[label.to_owned()], &self.who())
    }

    /// Takes a label off an issue.
    pub fn unlabel(&self, issue: u64, label: &str) -> Done<()> {
        self.sim
            .world()
            .remove_label(self.repo, issue, label, &self.who())
    }

    /// Comments on an issue or pull request; gives the comment's id.
    pub fn comment(&self, issue: u64, body: &str) -> Done<u64> {
        self.sim
            .world()
            .add_comment(self.repo, issue, body, &self.who())
    }

    /// Edits a comment, one's own or (with write) another's.
    pub fn edit_comment(&self, comment: u64, body: &str) -> Done<()> {
        self.sim
            .world()
            .edit_comment(self.repo, comment, body, &self.who())
    }

    /// Ticks (or unticks) the first task-list box whose line contains `text`;
    /// 404 when there is no such line.
    pub fn tick_box(&self, comment: u64, text: &str, on: bool) -> Done<()> {
        let (from, to) = if on { ("[ ]", "[x]") } else { ("[x]", "[ ]") };
        let mut world = self.sim.world();
        let of = world.repo(self.repo)?;
        let body = &of
            .comments
            .get(&comment)
            .ok_or_else(Refusal::not_found)?
            .body;
        let mut done = false;
        let lines: Vec<String> = body
            .split('\n')
            .map(|line| {
                let this = !done && line.contains(text) && line.contains(from);
                done |= this;
                if this {
                    line.replacen(from, to, 1)
                } else {
                    line.to_owned()
                }
            })
            .collect();
        if !done {
            return Err(Refusal::not_found());
        }
        world.edit_comment(self.repo, comment, &lines.join("\n"), &self.who())
    }

    /// Publishes an advisory on its page.
    pub fn publish_advisory(&self, id: &str) -> Done<()> {
        let change = AdvisoryChange {
            state: Some("published".to_owned()),
            ..AdvisoryChange::default()
        };
        self.sim
            .world()
            .change_advisory(self.repo, id, change, &self.who())
    }

    /// Deletes a comment.
    pub fn delete_comment(&self, comment: u64) -> Done<()> {
        self.sim
            .world()
            .delete_comment(self.repo, comment, &self.who())
    }

    /// Reacts to a comment (`+1`, `eyes`, ...).
    pub fn react(&self, comment: u64, content: &str) -> Done<()> {
        self.sim
            .world()
            .react(self.repo, comment, content, &self.who())
            .map(|_| ())
    }

    /// Reviews a pull request at its present head; gives the review's id.
    pub fn review(&self, pull: u64, verdict: Verdict, body: &str) -> Done<u64> {
        let state = match verdict {
            Verdict::Approve => "APPROVED",
            Verdict::RequestChanges => "CHANGES_REQUESTED",
            Verdict::Comment => "COMMENTED",
        };
        self.sim
            .world()
            .add_review(self.repo, pull, state, body, None, &self.who())
    }

    /// Commits on top of a branch and pushes; `None` deletes the file. Gives
    /// the commit.
    pub fn push_commit(
        &self,
        branch: &str,
        message: &str,
        files: &[(&str, Option<&str>)],
    ) -> Done<String> {
        let own = self.sim.world().ident(self.user);
        self.push_signed(branch, message, files, [&own.email, &own.email])
    }

    /// The same with other addresses: git takes whatever is given for author and
    /// committer.
    pub fn push_signed(
        &self,
        branch: &str,
        message: &str,
        files: &[(&str, Option<&str>)],
        [author, committer]: [&str; 2],
    ) -> Done<String> {
        let mut world = self.sim.world();
        let name = format!("refs/heads/{branch}");
        let git = &world.repo(self.repo)?.git;
        let head = git.read_ref(&name).ok_or_else(Refusal::not_found)?;
        let tree = world.tree_with(self.repo, Some(&head), files)?;
        let own = world.ident(self.user);
        let by = |email: &str| match email == own.email {
            true => own.clone(),
            false => Ident {
                name: "Some Body".to_owned(),
                email: email.to_owned(),
                ..own.clone()
            },
        };
        let sha = world.repo(self.repo)?.git.write_commit(&CommitObject {
            sha: String::new(),
            tree,
            parents: vec![head],
            author: by(author),
            committer: by(committer),
            message: message.to_owned(),
            signed: false,
        })?;
        world.update_ref(self.repo, &name, &sha, false, &self.who())?;
        Ok(sha)
    }

    /// Puts a commit into the place of a branch's newest one and pushes it, as
    /// `git commit --amend` and `git push --force` do. Gives the commit.
    pub fn amend(
        &self,
        branch: &str,
        message: &str,
        files: &[(&str, Option<&str>)],
    ) -> Done<String> {
        let mut world = self.sim.world();
        let name = format!("refs/heads/{branch}");
        let git = &world.repo(self.repo)?.git;
        let head = git.read_ref(&name).and_then(|head| git.commit(&head));
        let head = head.ok_or_else(Refusal::not_found)?;
        let tree = world.tree_with(self.repo, Some(&head.sha), files)?;
        let own = world.ident(self.user);
        let sha = world.repo(self.repo)?.git.write_commit(&CommitObject {
            sha: String::new(),
            tree,
            committer: own,
            message: message.to_owned(),
            signed: false,
            ..head
        })?;
        world.update_ref(self.repo, &name, &sha, true, &self.who())?;
        Ok(sha)
    }

    /// Signs what a branch has since a commit anew and pushes it, as
    /// `git rebase --force-rebase -S` and `git push --force` do. Gives the new head.
    pub fn sign_anew(&self, branch: &str, since: &str) -> Done<String> {
        let mut world = self.sim.world();
        let name = format!("refs/heads/{branch}");
        let own = world.ident(self.user);
        let git = &world.repo(self.repo)?.git;
        let head = git.read_ref(&name).ok_or_else(Refusal::not_found)?;
        let mut onto = since.to_owned();
        for sha in git.log(Some(since), &head, None, 100)?.iter().rev() {
            let commit = git.commit(sha).ok_or_else(Refusal::not_found)?;
            onto = git.write_commit(&CommitObject {
                sha: String::new(),
                parents: vec![onto],
                committer: own.clone(),
                signed: true,
                ..commit
            })?;
        }
        world.update_ref(self.repo, &name, &onto, true, &self.who())?;
        Ok(onto)
    }

    /// Puts all that `from` brings on top of a branch as one signed commit of a new
    /// branch, as `git merge --squash` and `git commit -S` do. Gives the commit.
    pub fn squash_signed(&self, from: &str, onto: &str, branch: &str) -> Done<String> {
        let mut world = self.sim.world();
        let own = world.ident(self.user);
        let git = &world.repo(self.repo)?.git;
        let head = git.read_ref(&format!("refs/heads/{onto}"));
        let head = head.ok_or_else(Refusal::not_found)?;
        let Merge::Clean(tree) = git.merge(&head, from)? else {
            return Err(Refusal::new(409, "Merge conflict"));
        };
        let sha = git.write_commit(&CommitObject {
            sha: String::new(),
            tree,
            parents: vec![head],
            author: own.clone(),
            committer: own,
            message: "fix: all of it, signed".to_owned(),
            signed: true,
        })?;
        let name = format!("refs/heads/{branch}");
        world.create_ref(self.repo, &name, &sha, &self.who())?;
        Ok(sha)
    }

    /// Moves a branch to any commit, as `git push --force` does.
    pub fn force_push(&self, branch: &str, sha: &str) -> Done<()> {
        let name = format!("refs/heads/{branch}");
        self.sim
            .world()
            .update_ref(self.repo, &name, sha, true, &self.who())
    }

    /// Creates a branch at a commit.
    pub fn create_branch(&self, branch: &str, sha: &str) -> Done<()> {
        let name = format!("refs/heads/{branch}");
        self.sim
            .world()
            .create_ref(self.repo, &name, sha, &self.who())
    }

    /// Deletes a branch.
    pub fn delete_branch(&self, branch: &str) -> Done<()> {
        self.sim
            .world()
            .delete_ref(self.repo, &format!("refs/heads/{branch}"), &self.who())
    }

    /// Pushes a tag at a commit; annotated with a message, else lightweight.
    /// Gives what the ref points to.
    pub fn create_tag(&self, tag: &str, sha: &str, message: Option<&str>) -> Done<String> {
        let mut world = self.sim.world();
        let tagger = world.ident(self.user);
        let target = match message {
            None => sha.to_owned(),
            Some(message) => world.repo(self.repo)?.git.write_tag(&TagObject {
                sha: String::new(),
                object: sha.to_owned(),
                kind: Kind::Commit,
                tag: tag.to_owned(),
                tagger,
                message: message.to_owned(),
            })?,
        };
        world.create_ref(self.repo, &format!("refs/tags/{tag}"), &target, &self.who())?;
        Ok(target)
    }

    /// Deletes a tag.
    pub fn delete_tag(&self, tag: &str) -> Done<()> {
        self.sim
            .world()
            .delete_ref(self.repo, &format!("refs/tags/{tag}"), &self.who())
    }

    /// Opens a pull request in the same repository; gives its number.
    pub fn open_pull(&self, title: &str, body: &str, head: &str, base: &str) -> Done<u64> {
        let new = NewPull {
            title,
            body: Some(body),
            head,
            base,
            draft: false,
        };
        self.sim.world().open_pull(self.repo, new, &self.who())
    }

    /// Opens a pull request from one's own fork: a branch of this name there, with
    /// this commit on top of `from`. Gives its number and that commit.
    pub fn open_pull_from_fork(
        &self,
        title: &str,
        from: &str,
        files: &[(&str, Option<&str>)],
        (head, base): (&str, &str),
    ) -> Done<(u64, String)> {
        let sha = self.commit_in_fork(title, from, files)?;
        let new = FromFork {
            title,
            body: "From a fork.",
            head,
            sha: &sha,
            base,
        };
        let mut world = self.sim.world();
        let number = world.open_from_fork(self.repo, new, &self.who())?;
        Ok((number, sha))
    }

    /// Pushes a commit to the branch of one's own fork that a pull request comes
    /// from. Gives the commit.
    pub fn push_to_fork(
        &self,
        pull: u64,
        message: &str,
        files: &[(&str, Option<&str>)],
    ) -> Done<String> {
        let head = self
            .sim
            .world()
            .repo(self.repo)?
            .pull(pull)?
            .1
            .head_sha
            .clone();
        let sha = self.commit_in_fork(message, &head, files)?;
        let mut world = self.sim.world();
        world.push_to_fork(self.repo, pull, &sha, &self.who())?;
        Ok(sha)
    }

    /// Deletes one's own fork.
    pub fn delete_fork(&self) -> Done<()> {
        self.sim.world().delete_fork(self.repo, &self.who())
    }

    /// Lets all runs of a commit of a fork go on that wait for that.
    pub fn approve_runs(&self, sha: &str) -> Done<()> {
        let mut world = self.sim.world();
        let runs = world.repo(self.repo)?.actions.runs.values();
        let of = runs.filter(|run| run.head_sha == sha && run.status == "completed");
        let waiting: Vec<u64> = of.map(|run| run.id).collect();
        for run in waiting {
            let_go_on(&mut world, self.repo, run, &self.who())?;
        }
        Ok(())
    }

    /// A commit that no branch of the repository has.
    fn commit_in_fork(
        &self,
        message: &str,
        on: &str,
        files: &[(&str, Option<&str>)],
    ) -> Done<String> {
        let world = self.sim.world();
        let tree = world.tree_with(self.repo, Some(on), files)?;
        let own = world.ident(self.user);
        Ok(world.repo(self.repo)?.git.write_commit(&CommitObject {
            sha: String::new(),
            tree,
            parents: vec![on.to_owned()],
            author: own.clone(),
            committer: own,
            message: message.to_owned(),
            signed: false,
        })?)
    }

    /// Makes a pull request go to another branch.
    pub fn retarget(&self, pull: u64, base: &str) -> Done<()> {
        self.sim
            .world()
            .set_base(self.repo, pull, base, &self.who())
    }

    /// Gives the repository another name.
    pub fn rename_repo(&self, name: &str) -> Done<()> {
        self.sim.world().rename_repo(self.repo, name, &self.who())
    }

    /// Gives the repository to another owner.
    pub fn transfer_repo(&self, owner: &str) -> Done<()> {
        let who = self.who();
        self.sim.world().transfer_repo(self.repo, owner, &who)
    }

    /// Gives the default branch another name.
    pub fn rename_default_branch(&self, name: &str) -> Done<()> {
        let who = self.who();
        self.sim
            .world()
            .rename_default_branch(self.repo, name, &who)
    }

    /// Marks a pull request ready for review, or a draft again.
    pub fn set_draft(&self, pull: u64, draft: bool) -> Done<()> {
        self.sim
            .world()
            .set_draft(self.repo, pull, draft, &self.who())
    }

    /// Merges a pull request with a merge commit; gives the commit.
    pub fn merge_pull(&self, pull: u64) -> Done<String> {
        self.sim
            .world()
            .merge_pull(self.repo, pull, &MergeRequest::default(), &self.who())
    }

    /// Puts a pull request into the merge queue, which lets it through at once;
    /// gives the commit.
    pub fn enqueue(&self, pull: u64) -> Done<String> {
        self.merge_past("merge_queue", pull)
    }

    /// Merges a pull request as somebody may who passes rules of this kind by; gives
    /// the commit.
    pub fn merge_past(&self, kind: &str, pull: u64) -> Done<String> {
        let mut world = self.sim.world();
        let rules = |world: &World| world.repos.get(&self.repo).map(|r| r.rules.clone());
        let kept = rules(&world).unwrap_or_default();
        let set = |world: &mut World, rules: Vec<BranchRule>| {
            if let Some(repo) = world.repos.get_mut(&self.repo) {
                repo.rules = rules;
            }
        };
        let rest = kept.iter().filter(|rule| rule.kind != kind);
        let rest = rest.cloned().collect();
        set(&mut world, rest);
        let merged = world.merge_pull(self.repo, pull, &MergeRequest::default(), &self.who());
        set(&mut world, kept);
        merged
    }

    /// Merges one as it is asked; gives the commit.
    pub fn merge_as(&self, pull: u64, request: &MergeRequest) -> Done<String> {
        let mut world = self.sim.world();
        world.merge_pull(self.repo, pull, request, &self.who())
    }

    /// Makes a release on its page; gives its id.
    pub fn make_release(&self, change: &releases::Change) -> Done<u64> {
        releases::create(&mut self.sim.world(), self.repo, change, &self.who())
    }

    /// Changes the release of a tag, a draft too.
    pub fn edit_release(&self, tag: &str, change: &releases::Change) -> Done<()> {
        let id = self.release_of(tag)?;
        releases::update(&mut self.sim.world(), self.repo, id, change, &self.who())
    }

    /// Deletes the release of a tag; the tag stays.
    pub fn delete_release(&self, tag: &str) -> Done<()> {
        let id = self.release_of(tag)?;
        releases::delete(&mut self.sim.world(), self.repo, id, &self.who())
    }

    fn release_of(&self, tag: &str) -> Done<u64> {
        let world = self.sim.world();
        let release = world.repo(self.repo)?.releases.any_by_tag(tag);
        release.map(|it| it.id).ok_or_else(Refusal::not_found)
    }

    /// Closes an issue or pull request; a reason is for issues only.
    pub fn close(&self, number: u64, reason: Option<&str>) -> Done<()> {
        let change = StateChange::Close(reason.map(str::to_owned));
        self.sim
            .world()
            .set_state(self.repo, number, &change, &self.who())
    }

    /// Opens an issue or pull request again.
    pub fn reopen(&self, number: u64) -> Done<()> {
        self.sim
            .world()
            .set_state(self.repo, number, &StateChange::Reopen, &self.who())
    }

    /// Changes an issue's title and body.
    pub fn edit_issue(&self, issue: u64, title: Option<&str>, body: Option<&str>) -> Done<()> {
        self.sim
            .world()
            .edit_issue(self.repo, issue, title, body, &self.who())
    }
}
