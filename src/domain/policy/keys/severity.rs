//! `[severity]`

use crate::domain::policy::findings::Findings;
use crate::domain::policy::kinds::{Question, list};
use crate::domain::policy::table::{
    Acted::{Always, Only},
    Weight::Aside,
    section,
};

/// The levels that the matrix gives.
const LEVELS: [&str; 3] = ["P0", "P1", "P2"];

section! {
    /// `[severity]`
    Severity [agree] {
        /// The levels that may be hotfixed; case does not matter.
        hotfix: Vec<String> = list(&["P0"]), r#"["S1"]"#, Only("\"P0\", \"P1\" and \"P2\"", |s| {
            let known = |level: &String| LEVELS.iter().any(|l| l.eq_ignore_ascii_case(level));
            s.hotfix.iter().all(known)
        }, Aside);
        /// The levels that wait for the next release: answered with the reasons
        /// not to hotfix.
        regular: Vec<String> = list(&["P1", "P2"]), r#"["S2"]"#, Always;
        /// The questions that must be answered.
        require: Vec<Question> = vec![
            Question::Condition,
            Question::Workaround,
            Question::Affected,
            Question::Approach,
        ], r#"["condition"]"#, Always;
        /// Fewer affected users than this are a reason not to; 0 to 100.
        min_affected_percent: u8 = 10, "0", Always;
    }
}

impl Severity {
    /// Whether this level may be hotfixed; case does not matter.
    pub fn may_be_hotfixed(&self, level: &str) -> bool {
        self.hotfix.iter().any(|l| l.eq_ignore_ascii_case(level))
    }

    /// Whether this level waits for a regular release; case does not matter.
    pub fn is_regular(&self, level: &str) -> bool {
        self.regular.iter().any(|l| l.eq_ignore_ascii_case(level))
    }

    fn agree(&self, find: &mut Findings<'_, '_>) {
        if self.hotfix.is_empty() {
            find.say("hotfix", "at least one level must be hotfixed", None);
        }
        if let Some(both) = self.hotfix.iter().find(|level| self.is_regular(level)) {
            let message = format!("\"{both}\" stands in both `hotfix` and `regular`");
            find.say_between("hotfix", "regular", &message);
        }
    }
}
