//! `[announce]`

use crate::domain::policy::findings::Findings;
use crate::domain::policy::kinds::{AUTO, OldLines};
use crate::domain::policy::table::{Acted::Always, section};

section! {
    /// `[announce]`
    Announce [paths] {
        /// "hotfix" for the built-in template of the block in the release notes; or
        /// the path of a template in the repository, a Markdown text with
        /// placeholders such as `{what_was_fixed}`; or empty: none is written.
        notes: String = BUILT_IN.to_owned(), r#"".github/hotfix-notes.md""#, Always;
        /// Whether the bot closes the issue.
        close_issue: bool = true, "false", Always;
        /// The label that is put on the issue once its users have the fix; empty:
        /// none.
        label: String = "hotfix-released".to_owned(), r#""released""#, Always;
        /// Whether the bot reopens an issue that a keyword closed before the
        /// release is out, or whose release is taken back.
        reopen_issue: bool = true, "false", Always;
        /// Whether the closing comment thanks the reporter.
        thank_reporter: bool = true, "false", Always;
        /// The category of GitHub Discussions in which one is opened for the release;
        /// empty: none is.
        discussion_category: String = String::new(), r#""Announcements""#, Always;
        /// Names of channels that the server knows; the secrets stay there.
        channels: Vec<String> = vec![], r#"["ops"]"#, Always;
        /// "auto": a file of that name; or a path; or empty: none.
        known_issues: String = AUTO.to_owned(), r#""docs/known.md""#, Always;
        /// Whether the bot deletes the branch.
        delete_branch: bool = true, "false", Always;
        /// Whether people are called by a new comment when it is ready to be
        /// released, when something failed, and when a maximum is over.
        nudge: bool = true, "false", Always;
        /// "name": the closing comment names the lines of the README in the root
        /// folder (`README.md`, `.rst`, `.adoc`, ...) that hold the old version at the
        /// new tag; "change": wherever it stands there as a whole
        /// the bump raises it; empty: nobody looks.
        readme: OldLines = OldLines::Name, r#""""#, Always;
    }
}

impl Announce {
    fn paths(&self, find: &mut Findings<'_, '_>) {
        if let Some(path) = self.notes_template() {
            find.path("notes", path);
        }
        if !self.known_issues.is_empty() {
            find.path("known_issues", &self.known_issues);
        }
    }

    /// The path of the repository's own template of the notes.
    pub fn notes_template(&self) -> Option<&str> {
        Some(self.notes.as_str()).filter(|notes| !notes.is_empty() && *notes != BUILT_IN)
    }
}

/// The built-in template of the notes.
const BUILT_IN: &str = "hotfix";
