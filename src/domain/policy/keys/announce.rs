//! `[announce]`

use crate::domain::policy::kinds::AUTO;
use crate::domain::policy::table::{
    Acted::{Always, Never, Only},
    Weight::Aside,
    section,
};

section! {
    /// `[announce]`
    Announce {
        /// "hotfix" for the built-in template, or a path in the repository.
        notes: String = BUILT_IN.to_owned(), r#""notes.md""#, Only("\"hotfix\"", |a| a.notes == BUILT_IN, Aside);
        /// Whether the bot closes the issue.
        close_issue: bool = true, "false", Always;
        /// Whether the bot reopens an issue that a keyword closed before the
        /// release is out, or whose release is taken back.
        reopen_issue: bool = true, "false", Always;
        /// Whether the closing comment thanks the reporter.
        thank_reporter: bool = true, "false", Always;
        /// The category of the discussion; empty: none is opened.
        discussion_category: String = String::new(), r#""News""#, Never(Aside);
        /// Names of channels that the server knows; the secrets stay there.
        channels: Vec<String> = vec![], r#"["ops"]"#, Never(Aside);
        /// "auto": a file of that name; or a path; or empty: none.
        known_issues: String = AUTO.to_owned(), r#""docs/known.md""#, Always;
        /// Whether the bot deletes the branch.
        delete_branch: bool = true, "false", Always;
        /// Whether people are called by a new comment when it is ready to be
        /// released, when something failed, and when a maximum is over.
        nudge: bool = true, "false", Always;
    }
}

/// The built-in template of the notes.
const BUILT_IN: &str = "hotfix";
