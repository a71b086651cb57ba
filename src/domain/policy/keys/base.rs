//! `[base]`

use crate::domain::policy::findings::{Findings, VERSION};
use crate::domain::policy::kinds::AUTO;
use crate::domain::policy::table::{
    Acted::{Always, Never},
    Weight::Aside,
    section,
};

section! {
    /// `[base]`
    Base [names] {
        /// The name of a release tag, with `{version}`; "auto": as the newest
        /// release is tagged.
        tag_pattern: String = AUTO.to_owned(), r#""release-{version}""#, Always;
        /// The name of a hotfix branch, with `{version}`.
        branch: String = "hotfix/v{version}".to_owned(), r#""fix/{version}""#, Always;
        /// The branch of the base's release line, which the hotfix goes to; "auto":
        /// the one that is named like it and holds the base; "": none, so that it
        /// goes to the default branch.
        line_branch: String = AUTO.to_owned(), r#""1.x""#, Always;
        /// Whether a prerelease may be a base.
        prereleases: bool = false, "true", Always;
        /// Release lines; empty: the newest stable release.
        lines: Vec<String> = vec![], r#"["1.x", "2.x"]"#, Never(Aside);
    }
}

impl Base {
    /// How release tags are named, where it is written.
    pub fn written_tag_pattern(&self) -> Option<&str> {
        (self.tag_pattern != AUTO).then_some(self.tag_pattern.as_str())
    }

    /// The branch of the release line, where it is written; empty: none.
    pub fn written_line_branch(&self) -> Option<&str> {
        (self.line_branch != AUTO).then_some(self.line_branch.as_str())
    }

    fn names(&self, find: &mut Findings<'_, '_>) {
        let tag = self.written_tag_pattern().map(|tag| ("tag_pattern", tag));
        for (key, name) in tag.into_iter().chain([("branch", self.branch.as_str())]) {
            find.holds_version(key, name);
            find.git_name(key, name);
            find.names_only(key, name, VERSION);
        }
        find.git_name("line_branch", &self.line_branch);
        for line in self.lines.iter().filter(|line| !is_line(line)) {
            let message =
                format!("expected a release line such as \"1.x\" or \"1.2.x\", found \"{line}\"");
            find.say("lines", &message, None);
        }
    }
}

/// Whether it names a release line: a number or two, and an `x`.
fn is_line(line: &str) -> bool {
    let numbers = line.strip_prefix('v').unwrap_or(line).strip_suffix(".x");
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    numbers.is_some_and(|it| it.split('.').all(number) && it.split('.').count() <= 2)
}
