//! What people do by hand, beside those who carry the hotfix. A deed that GitHub
//! refuses is none.

use hotfix_bot::sim::Verdict;

use super::play::Play;
use super::schedule::Deed;

impl Play {
    /// Somebody does it; what came of it.
    pub fn does(&mut self, deed: Deed) -> Option<String> {
        let issue = self.issue?;
        let branch = self.branch();
        let pull = self.look(|view| view.pull().map(|it| it.number));
        let status = self.look(|view| view.status().map(|it| it.id));
        let newest = self.said.last().map(|it| it.id);
        if let Deed::Overwrites | Deed::DeletesStatus = deed
            && self.is_done()
        {
            self.over = self.status();
        }
        let (developer, maintainer) = (self.person("developer"), self.person("maintainer"));
        self.count += 1;
        let text = format!("// {}\n", self.count);
        let done = match deed {
            Deed::Push => {
                let files = [("src/more.rs", Some(text.as_str()))];
                let pushed = developer.push_commit(&branch, "fix: more", &files);
                pushed.is_ok()
            }
            Deed::Amend => {
                let files = [("src/more.rs", Some(text.as_str()))];
                developer.amend(&branch, "fix: better", &files).is_ok()
            }
            Deed::SetBack => {
                let head = self.head()?;
                let before = self.look(|view| view.repo.git.commit(&head));
                let parent = before?.parents.first().cloned()?;
                developer.force_push(&branch, &parent).is_ok()
            }
            Deed::DeleteBranch => developer.delete_branch(&branch).is_ok(),
            Deed::PushMain => {
                let files = [("docs/notes.md", Some(text.as_str()))];
                developer.push_commit("main", "docs: notes", &files).is_ok()
            }
            Deed::Says(text) => self.says("maintainer", issue, text).is_some(),
            Deed::Decides => {
                let head = self.head()?;
                let text = format!("/hotfix release {}", head.get(..7)?);
                self.says("maintainer", issue, &text).is_some()
            }
            Deed::StrangerSays(text) => self.says("stranger", issue, text).is_some(),
            Deed::Edits(text) => {
                let at = self.now();
                let id = newest?;
                let done = maintainer.edit_comment(id, text).is_ok();
                if done {
                    let text = text.to_owned();
                    self.said.push(super::promises::Said {
                        at,
                        who: "editor",
                        id,
                        text,
                        hushed: false,
                    });
                }
                done
            }
            Deed::DeletesComment => maintainer.delete_comment(newest?).is_ok(),
            Deed::Ticks => maintainer
                .tick_box(status?, "item:manual-test", true)
                .is_ok(),
            Deed::Overwrites => maintainer.edit_comment(status?, "I know better.").is_ok(),
            Deed::DeletesStatus => maintainer.delete_comment(status?).is_ok(),
            Deed::Unlabels => maintainer.unlabel(issue, "P0").is_ok(),
            Deed::Labels => maintainer.label(issue, "P0").is_ok(),
            Deed::ClosesPull => developer.close(pull?, None).is_ok(),
            Deed::ReopensPull => developer.reopen(pull?).is_ok(),
            Deed::MergesPull => maintainer.merge_pull(pull?).is_ok(),
            Deed::Drafts => developer.set_draft(pull?, true).is_ok(),
            Deed::Retargets => developer.retarget(pull?, "topic").is_ok(),
            Deed::RequestsChanges => {
                let review = maintainer.review(pull?, Verdict::RequestChanges, "Not yet.");
                review.is_ok()
            }
            Deed::Approves => {
                let review = maintainer.review(pull?, Verdict::Approve, "Good.");
                review.is_ok()
            }
            Deed::ClosesIssue => maintainer.close(issue, Some("completed")).is_ok(),
            Deed::ReopensIssue => maintainer.reopen(issue).is_ok(),
            Deed::Tags { head, annotated } => {
                let at = match head {
                    true => self.head()?,
                    false => self.look(|view| view.repo.tag_commit("v1.0.4"))?,
                };
                let message = annotated.then_some("lantern 1.0.5");
                developer.create_tag("v1.0.5", &at, message).is_ok()
            }
            Deed::DeletesTag => maintainer.delete_tag("v1.0.5").is_ok(),
            Deed::Titles => {
                let title = format!("lantern does not start at all, {}", self.count);
                maintainer.edit_issue(issue, Some(&title), None).is_ok()
            }
            Deed::Renames => {
                let name = format!("lantern-{}", self.count);
                maintainer.rename_repo(&name).is_ok()
            }
        };
        Some(match done {
            true => "done".to_owned(),
            false => "refused by GitHub".to_owned(),
        })
    }
}
