//! Comments and reactions.

use serde_json::{Value, json};

use crate::sim::json as build;
use crate::sim::model::issue::REACTIONS;
use crate::sim::refusal::Refusal;
use crate::sim::world::{Comment, Edit, Reaction, Role, Who, World};

/// GitHub's limit on a body, in characters as its message says.
const LONGEST: usize = 65_536;

fn check_body(body: &str) -> Result<(), Refusal> {
    if body.trim().is_empty() {
        return Err(Refusal::validation(
            "IssueComment",
            "missing_field",
            "body",
            None,
        ));
    }
    if body.chars().count() > LONGEST {
        let why = "body is too long (maximum is 65536 characters)";
        return Err(Refusal::validation(
            "IssueComment",
            "custom",
            "body",
            Some(why),
        ));
    }
    Ok(())
}

impl World {
    /// Comments on an issue or pull request; gives the comment's id.
    pub fn add_comment(
        &mut self,
        repo: u64,
        number: u64,
        body: &str,
        who: &Who,
    ) -> Result<u64, Refusal> {
        self.require(repo, who, Role::Read)?;
        let locked = self.repo(repo)?.issue(number)?.locked.is_some();
        if locked && self.require(repo, who, Role::Write).is_err() {
            return Err(Refusal::new(
                403,
                "Unable to create comment because issue is locked.",
            ));
        }
        check_body(body)?;
        let (id, now) = (self.next_id(), self.now());
        let comment = Comment {
            id,
            issue: number,
            author: who.user,
            app: who.app,
            body: body.to_owned(),
            created_at: now,
            updated_at: now,
            edits: vec![Edit {
                at: now,
                by: who.user,
                body: body.to_owned(),
            }],
            reactions: Vec::new(),
        };
        self.repo_mut(repo)?.comments.insert(id, comment);
        self.issue_mut(repo, number)?.updated_at = now;
        self.emit_comment(repo, id, "created", json!({}), who);
        Ok(id)
    }

    /// Edits a comment: one's own, or with write anybody's.
    pub fn edit_comment(
        &mut self,
        repo: u64,
        id: u64,
        body: &str,
        who: &Who,
    ) -> Result<(), Refusal> {
        self.require_comment(repo, id, who)?;
        check_body(body)?;
        let now = self.now();
        let Some(comment) = self.repo_mut(repo)?.comments.get_mut(&id) else {
            return Err(Refusal::not_found());
        };
        if comment.body == body {
            return Ok(());
        }
        let before = std::mem::replace(&mut comment.body, body.to_owned());
        comment.updated_at = now;
        comment.edits.push(Edit {
            at: now,
            by: who.user,
            body: body.to_owned(),
        });
        let more = json!({ "changes": { "body": { "from": before } } });
        self.emit_comment(repo, id, "edited", more, who);
        Ok(())
    }

    /// Deletes a comment: one's own, or with write anybody's.
    pub fn delete_comment(&mut self, repo: u64, id: u64, who: &Who) -> Result<(), Refusal> {
        self.require_comment(repo, id, who)?;
        self.emit_comment(repo, id, "deleted", json!({}), who);
        let now = self.now();
        let of = self.repo_mut(repo)?;
        if of.comments.remove(&id).is_some() {
            of.deleted_comments.push((id, now, who.user));
        }
        Ok(())
    }

    /// Reacts to a comment; gives the reaction's id and whether it is new.
    pub fn react(
        &mut self,
        repo: u64,
        comment: u64,
        content: &str,
        who: &Who,
    ) -> Result<(u64, bool), Refusal> {
        self.require(repo, who, Role::Read)?;
        if !REACTIONS.contains(&content) {
            return Err(Refusal::validation("Reaction", "invalid", "content", None));
        }
        let (id, at) = (self.next_id(), self.now());
        let Some(comment) = self.repo_mut(repo)?.comments.get_mut(&comment) else {
            return Err(Refusal::not_found());
        };
        let known = comment
            .reactions
            .iter()
            .find(|r| r.user == who.user && r.content == content);
        if let Some(known) = known {
            return Ok((known.id, false));
        }
        let reaction = Reaction {
            id,
            user: who.user,
            content: content.to_owned(),
            at,
        };
        comment.reactions.push(reaction);
        Ok((id, true))
    }

    fn require_comment(&self, repo: u64, id: u64, who: &Who) -> Result<(), Refusal> {
        let of = self.repo(repo)?;
        let comment = of.comments.get(&id).ok_or_else(Refusal::not_found)?;
        if comment.author == who.user {
            return Ok(());
        }
        self.require(repo, who, Role::Write)
    }

    fn emit_comment(&mut self, repo: u64, id: u64, action: &str, more: Value, who: &Who) {
        let Some(of) = self.repos.get(&repo) else {
            return;
        };
        let Some(comment) = of.comments.get(&id) else {
            return;
        };
        let Some(issue) = of.issues.get(&comment.issue) else {
            return;
        };
        let fields = json!({
            "issue": build::issue(self, of, issue),
            "comment": build::comment(self, of, comment),
        });
        self.emit(
            repo,
            "issue_comment",
            Some(action),
            build::extend(fields, more),
            who.user,
        );
    }
}
