//! `[test]`

use crate::domain::policy::findings::Findings;
use crate::domain::policy::kinds::AutoOr;
use crate::domain::policy::table::{Acted::Always, section};

section! {
    /// `[test]`
    Test [files] {
        /// The workflow files that must pass on the head; "auto": those that
        /// the main branch runs.
        workflows: AutoOr<Vec<String>> = AutoOr::Auto, r#"["ci.yml", "e2e.yaml"]"#, Always;
        /// Check runs or status contexts that must pass on the head.
        checks: Vec<String> = vec![], r#"["lint"]"#, Always;
        /// Commands of the critical path: shown with who or what ran them.
        commands: Vec<String> = vec![], r#"["cargo test --test e2e_cli_tests"]"#, Always;
        /// The platforms that the head must have been tried on: by a job that
        /// passed there, or by a person.
        platforms: Vec<String> = vec![], r#"["Windows"]"#, Always;
        /// Whether a person must test the head.
        manual: bool = true, "false", Always;
    }
}

impl Test {
    /// Workflow files are kept by name, however they were written.
    fn files(&mut self, find: &mut Findings<'_, '_>) {
        if let AutoOr::Is(files) = &mut self.workflows {
            for file in files {
                if let Some(name) = find.workflow_file("workflows", file) {
                    *file = name;
                }
            }
        }
    }
}
