//! `[trigger]`

use crate::domain::policy::kinds::list;
use crate::domain::policy::period::Period;
use crate::domain::policy::table::{Acted::Always, section};
use crate::domain::role::Role;

section! {
    /// `[trigger]`
    Trigger {
        /// The labels that start a hotfix; case does not matter.
        labels: Vec<String> = list(&["hotfix", "P0"]), r#"["urgent"]"#, Always;
        /// The lowest role whose label is enough without a commander's `confirm`.
        who: Role = Role::Write, r#""triage""#, Always;
        /// A label taken off again within this time cancels quietly.
        grace: Period = Period::minutes(5), r#""90s""#, Always;
    }
}

impl Trigger {
    /// Whether this label starts a hotfix; case does not matter.
    pub fn starts(&self, label: &str) -> bool {
        self.labels.iter().any(|l| l.eq_ignore_ascii_case(label))
    }
}
