//! `[security]`

use crate::domain::policy::findings::Findings;
use crate::domain::policy::kinds::list;
use crate::domain::policy::table::{Acted::Always, section};

section! {
    /// `[security]`
    Security [path] {
        /// The labels of a vulnerability; case does not matter.
        labels: Vec<String> = list(&["security"]), r#"["cve"]"#, Always;
        /// The path of the security policy.
        policy: String = "SECURITY.md".to_owned(), r#""docs/security.md""#, Always;
    }
}

impl Security {
    fn path(&self, find: &mut Findings<'_, '_>) {
        if !self.policy.is_empty() {
            find.path("policy", &self.policy);
        }
    }

    /// Whether this label says vulnerability; case does not matter.
    pub fn is_named_by(&self, label: &str) -> bool {
        self.labels.iter().any(|l| l.eq_ignore_ascii_case(label))
    }
}
