//! `[scope]`

use crate::domain::policy::findings::Findings;
use crate::domain::policy::kinds::{OnViolation, list};
use crate::domain::policy::table::{Acted::Always, section};

section! {
    /// `[scope]`; the bot's own bump is not counted.
    Scope [paths] {
        /// The most files that a fix may touch.
        max_files: u32 = 10, "3", Always;
        /// The most lines that a fix may add and take away together.
        max_lines: u32 = 200, "30", Always;
        /// Commit types that are no fix.
        forbid: Vec<String> = list(&["feat", "refactor"]), r#"["feat"]"#, Always;
        /// Paths that a fix may not touch: patterns from the repository's root.
        forbid_paths: Vec<String> = vec![], r#"["docs/"]"#, Always;
        /// Whether people are asked for a test with the fix.
        require_test: bool = true, "false", Always;
        /// How a fix's subject should begin; a warning only, never on picks.
        commit_prefix: String = "fix(critical):".to_owned(), r#""fix:""#, Always;
        /// What to do about a violation: "warn" or "block".
        on_violation: OnViolation = OnViolation::Block, r#""warn""#, Always;
    }
}

impl Scope {
    fn paths(&mut self, find: &mut Findings<'_, '_>) {
        find.patterns("forbid_paths", &mut self.forbid_paths);
    }
}
