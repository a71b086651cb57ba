//! `[trigger]`

use crate::domain::policy::findings::Findings;
use crate::domain::policy::kinds::list;
use crate::domain::policy::period::Period;
use crate::domain::policy::table::{Acted::Always, section};
use crate::domain::role::Role;

section! {
    /// `[trigger]`
    Trigger [starts_something] {
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

    fn starts_something(&self, find: &mut Findings<'_, '_>) {
        if self.labels.is_empty() {
            find.say("labels", "no label would start a hotfix", None);
        }
    }
}
