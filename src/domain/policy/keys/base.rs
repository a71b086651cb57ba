//! `[base]`

use crate::domain::line_name::LineName;
use crate::domain::policy::findings::{Findings, VERSION};
use crate::domain::policy::kinds::AUTO;
use crate::domain::policy::table::{Acted::Always, section};

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
        /// The release lines that are fixed, each by a hotfix of its own; empty: the
        /// newest stable release alone.
        lines: Vec<String> = vec![], r#"["1.x", "2.x"]"#, Always;
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
        let mut known: Vec<LineName> = Vec::new();
        for name in &self.lines {
            let message = match LineName::read(name) {
                None => format!(
                    "expected a release line such as \"1.x\" or \"1.2.x\", found \"{name}\""
                ),
                Some(line) => match known.iter().find(|other| other.meets(&line)) {
                    Some(other) => format!(
                        "\"{name}\" and \"{other}\" hold the same releases: each line is fixed once"
                    ),
                    None => {
                        known.push(line);
                        continue;
                    }
                },
            };
            find.say("lines", &message, None);
        }
    }

    /// The release lines that are fixed, the oldest first.
    pub fn release_lines(&self) -> Vec<LineName> {
        let lines = self.lines.iter();
        let mut lines: Vec<_> = lines.filter_map(|line| LineName::read(line)).collect();
        lines.sort();
        lines.dedup();
        lines
    }
}
