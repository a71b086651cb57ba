//! `[test]`

use crate::domain::policy::findings::Findings;
use crate::domain::policy::kinds::AutoOr;
use crate::domain::policy::table::{
    Acted::{Always, Never, Only},
    Weight::{Aside, Gates},
    section,
};

section! {
    /// `[test]`
    Test [files] {
        /// The workflow files that must pass on the head; "auto": those that
        /// the main branch runs.
        workflows: AutoOr<Vec<String>> = AutoOr::Auto, r#"["ci.yml", "e2e.yaml"]"#, Always;
        /// Check runs or status contexts that must pass on the head.
        checks: Vec<String> = vec![], r#"["lint"]"#, Always;
        /// Commands of the critical path, for people.
        commands: Vec<String> = vec![], r#"["cargo test --test e2e_cli_tests"]"#, Never(Aside);
        /// The platforms to test on, for people.
        platforms: Vec<String> = vec![], r#"["Windows"]"#, Only("a manual test", |t| t.manual, Gates);
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
