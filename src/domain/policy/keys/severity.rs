//! `[severity]`

use crate::domain::policy::findings::Findings;
use crate::domain::policy::kinds::{Question, list};
use crate::domain::policy::table::{Acted::Always, section};

section! {
    /// `[severity]`
    Severity [agree] {
        /// The levels that may be hotfixed; case does not matter. Where none of them
        /// and of `regular` is called "P0", the first is what the matrix calls P0.
        hotfix: Vec<String> = list(&["P0"]), r#"["S1"]"#, Always;
        /// The levels that wait for the next release: answered with the reasons
        /// not to hotfix. The first two are what the matrix calls P1 and P2, unless
        /// those names stand here or in `hotfix`.
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
    /// What the repository calls a level of the matrix: "P0", "P1" or "P2". Its own
    /// name where that is a level here; else by its place.
    pub fn named<'a>(&'a self, level: &'a str) -> &'a str {
        if self.may_be_hotfixed(level) || self.is_regular(level) {
            return level;
        }
        let at = match level {
            "P0" => self.hotfix.first(),
            "P1" => self.regular.first(),
            _ => self.regular.get(1).or(self.regular.first()),
        };
        at.map_or(level, String::as_str)
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrixs_levels_have_the_repositorys_names() {
        let of = |hotfix: &[&str], regular: &[&str]| {
            let own = Severity {
                hotfix: list(hotfix),
                regular: list(regular),
                ..Severity::default()
            };
            ["P0", "P1", "P2"].map(|level| {
                let named = own.named(level);
                (named.to_owned(), own.may_be_hotfixed(named))
            })
        };
        let named = |all: [(&str, bool); 3]| all.map(|(level, may)| (level.to_owned(), may));
        for (hotfix, regular, expected) in [
            (
                &["P0"][..],
                &["P1", "P2"][..],
                [("P0", true), ("P1", false), ("P2", false)],
            ),
            (
                &["S1"],
                &["S2", "S3"],
                [("S1", true), ("S2", false), ("S3", false)],
            ),
            (
                &["S1"],
                &["S2"],
                [("S1", true), ("S2", false), ("S2", false)],
            ),
            // What it names itself is meant.
            (
                &["p0", "P1"],
                &["P2"],
                [("P0", true), ("P1", true), ("P2", false)],
            ),
            (
                &["sev-1"],
                &["P1", "P2"],
                [("sev-1", true), ("P1", false), ("P2", false)],
            ),
            (
                &["sev-1"],
                &[],
                [("sev-1", true), ("P1", false), ("P2", false)],
            ),
        ] {
            assert_eq!(
                of(hotfix, regular),
                named(expected),
                "{hotfix:?} {regular:?}"
            );
        }
    }
}
