//! `[rollback]`

use crate::domain::policy::findings::{Findings, PLACEHOLDERS};
use crate::domain::policy::kinds::Yank;
use crate::domain::policy::table::{Acted::Always, section};

section! {
    /// `[rollback]`
    Rollback [texts] {
        /// Who takes the version back at the registry: "ask" (a person),
        /// "token" (the server) or `workflow:<file>`.
        yank: Yank = Yank::Ask, r#""token""#, Always;
        /// Whether the tag may be deleted where nothing was published from it.
        delete_tag: bool = false, "true", Always;
        /// The title of the issue about the failure.
        issue_title: String = "[HOTFIX FAILED] {tag} introduced regression".to_owned(), r#""{tag}""#, Always;
    }
}

impl Rollback {
    fn texts(&self, find: &mut Findings<'_, '_>) {
        find.names_only("issue_title", &self.issue_title, PLACEHOLDERS);
        find.one_line("issue_title", &self.issue_title);
    }
}
