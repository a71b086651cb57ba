//! `[scope]`

use crate::domain::policy::kinds::{OnViolation, list};
use crate::domain::policy::table::{
    Acted::{Always, Never},
    Weight::{Aside, Limits},
    section,
};

section! {
    /// `[scope]`; the bot's own bump is not counted.
    Scope {
        /// The most files that a fix may touch.
        max_files: u32 = 10, "3", Never(Limits(blocks));
        /// The most lines that a fix may add and take away together.
        max_lines: u32 = 200, "30", Never(Limits(blocks));
        /// Commit types that are no fix.
        forbid: Vec<String> = list(&["feat", "refactor"]), r#"["feat"]"#, Never(Limits(blocks));
        /// Paths that a fix may not touch.
        forbid_paths: Vec<String> = vec![], r#"["docs/"]"#, Never(Limits(|s| blocks(s) && !s.forbid_paths.is_empty()));
        /// Whether people are asked for a test with the fix.
        require_test: bool = true, "false", Always;
        /// How a fix's subject should begin; a warning only, never on picks.
        commit_prefix: String = "fix(critical):".to_owned(), r#""fix:""#, Never(Aside);
        /// What to do about a violation: "warn" or "block".
        on_violation: OnViolation = OnViolation::Block, r#""warn""#, Never(Aside);
    }
}

/// Whether what is beyond the limits holds up a release.
fn blocks(scope: &Scope) -> bool {
    scope.on_violation == OnViolation::Block
}
