//! `[version]`

use crate::domain::policy::findings::{Findings, PLACEHOLDERS};
use crate::domain::policy::kinds::{Learn, VersionForm};
use crate::domain::policy::table::{Acted::Always, section};
use crate::ecosystem::{Changelogs, Ecosystems};

section! {
    /// `[version]`
    Version [texts] {
        /// What the repository's packages are: "auto" (by the manifests that are
        /// there and hold the version), a kind ("cargo", "npm", "python", "go",
        /// "ruby", "java", "helm", "action"), or a list, the one that lends name and
        /// number first; "generic": the tag alone is the version.
        ecosystem: Ecosystems = Ecosystems::Auto, r#"["python", "npm"]"#, Always;
        /// The packages that are released, by name or folder; empty: those that
        /// have the tag's version, of them the one that the tag names.
        packages: Vec<String> = vec![], r#"["core"]"#, Always;
        /// Further places.
        files: Vec<VersionFile> = vec![], r#"[{ path = "VERSION", pattern = "{version}" }]"#, Always;
        /// Which places are learnt from the last releases: "two" (those that the
        /// last two changed), "known" (none: what they changed is listed) or
        /// "off" (none, and nothing is looked at).
        learn: Learn = Learn::Two, r#""off""#, Always;
        /// Files that are never a place, though the last releases changed the
        /// version in them; a folder stands for all that is below it.
        ignore: Vec<String> = vec![], r#"["docs/**"]"#, Always;
        /// Whether the lock files follow: whoever lets them stay as they are raises
        /// them, or builds without `--locked`.
        update_lock: bool = true, "false", Always;
        /// The changelogs: "auto" are those that had a section for the last
        /// releases; else a path, or a list; empty: there is none.
        changelog: Changelogs = Changelogs::Auto, r#""CHANGES.md""#, Always;
        /// The changelog's line.
        entry: String = "Critical: {summary} (#{issue})".to_owned(), r#""{summary}""#, Always;
        /// The subject of the bump's commit.
        commit: String = "chore: bump version to {version} for hotfix".to_owned(), r#""{version}""#, Always;
    }
}

section! {
    /// A place in a file that holds the version.
    VersionFile [pattern] {
        /// From the repository's root.
        path (required): String = String::new(), r#""VERSION""#, Always;
        /// The text around `{version}` (or `{hex}`, `{patch}`), within a line;
        /// `{major}` and `{minor}` may stand beside it. `{date}` is the day of the
        /// release.
        pattern (required): String = String::new(), r#"'VERSION = "{version}"'"#, Always;
        /// How `{version}` is written there: "full", "hex", "comma" or
        /// "underscore".
        form: VersionForm = VersionForm::Full, r#""hex""#, Always;
    }
}

impl Version {
    fn texts(&mut self, find: &mut Findings<'_, '_>) {
        for (key, text) in [("entry", &self.entry), ("commit", &self.commit)] {
            find.names_only(key, text, PLACEHOLDERS);
            find.one_line(key, text);
        }
        find.patterns("ignore", &mut self.ignore);
        find.paths("changelog", self.changelog.written().unwrap_or_default());
    }
}

impl VersionFile {
    fn pattern(&self, find: &mut Findings<'_, '_>) {
        find.holds_one("pattern", &self.pattern, &["{version}", "{hex}", "{patch}"]);
        find.path("path", &self.path);
    }
}
