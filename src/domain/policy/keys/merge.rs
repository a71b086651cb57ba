//! `[merge]`

use crate::domain::policy::findings::{Findings, PLACEHOLDERS};
use crate::domain::policy::kinds::{AutoOr, MergeMethod, TagAt};
use crate::domain::policy::table::{Acted::Always, section};

section! {
    /// `[merge]`
    Merge [texts] {
        /// Which commit is tagged: "head" is the tested one, merged afterwards;
        /// "merge" is the merge of the pull request, made first, where it holds
        /// exactly the tested tree, and the tested commit where it does not; "auto"
        /// is "merge" where the branch holds nothing else since the base and the bot
        /// makes a merge commit of its own, else "head", merged first where a workflow
        /// of the release takes only what the branch holds.
        tag_at: TagAt = TagAt::Auto, r#""merge""#, Always;
        /// How the pull request is merged: "merge", "squash" or "rebase";
        /// "auto": as the branch's rules allow.
        method: MergeMethod = MergeMethod::Auto, r#""squash""#, Always;
        /// How many approving reviews of the head are needed; "auto": one.
        approvals: AutoOr<u32> = AutoOr::Auto, "2", Always;
        /// Whether the fix's author may approve.
        allow_self_approval: bool = false, "true", Always;
        /// Whether the fix must reach the main branch.
        require_forward_port: bool = true, "false", Always;
        /// The tag's message.
        tag_message: String = "Hotfix {tag}: {summary}\n\nFixes #{issue}\n\nCritical fix for {symptom}.\n\nSee {changelog} for details.".to_owned(), r#""{tag}""#, Always;
    }
}

impl Merge {
    /// How many approving reviews of the head are needed; left open: one.
    pub fn approvals_needed(&self) -> u32 {
        self.approvals.written().copied().unwrap_or(1)
    }

    fn texts(&self, find: &mut Findings<'_, '_>) {
        find.names_only("tag_message", &self.tag_message, PLACEHOLDERS);
        if self.tag_message.trim().is_empty() {
            find.say("tag_message", "must say something", None);
        }
    }
}
