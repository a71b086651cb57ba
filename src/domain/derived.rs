//! What nobody configured and was derived from what is there: one list, as
//! data, for whoever shows it. Each row says from what it was derived and what
//! overrules it.

use super::command::Verb;
use super::policy::KeyLine;
use super::view::View;

/// Something that was derived, with what it was derived from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Derived {
    /// There is no configuration.
    Defaults,
    /// How release tags are named.
    TagPattern {
        /// With `{version}`.
        pattern: String,
    },
    /// The tests.
    Tests {
        /// The workflow files.
        files: Vec<String>,
    },
    /// What follows the tag.
    Release {
        /// The tag.
        tag: String,
        /// The workflow files.
        files: Vec<String>,
    },
}

impl Derived {
    /// The lines of the file that say the same, to be pasted and changed.
    pub fn toml(&self) -> Vec<KeyLine> {
        match self {
            Derived::Defaults => Vec::new(),
            Derived::TagPattern { pattern } => {
                vec![KeyLine::text("base", "tag_pattern", pattern)]
            }
            Derived::Tests { files } if files.is_empty() => Vec::new(),
            Derived::Tests { files } => vec![KeyLine::texts("test", "workflows", files)],
            Derived::Release { files, .. } => {
                let line = |file: &String| KeyLine::text("[release.workflow]", "file", file);
                files.iter().map(line).collect()
            }
        }
    }

    /// The verb of the command that overrules it.
    pub fn verb(&self) -> Option<Verb> {
        match self {
            Derived::Defaults
            | Derived::TagPattern { .. }
            | Derived::Tests { .. }
            | Derived::Release { .. } => None,
        }
    }
}

/// Everything that was derived so far, in the order in which it is needed.
pub fn derived(view: &View<'_>) -> Vec<Derived> {
    let mut all = Vec::new();
    let read = view.facts.policy.get();
    if read.is_some_and(|read| !read.own_file) {
        all.push(Derived::Defaults);
    }
    all.extend(base(view));
    all.extend(workflows(view));
    all
}

/// The release that is fixed.
fn base(view: &View<'_>) -> Vec<Derived> {
    let Some(base) = view.line.seen.base.get() else {
        return Vec::new();
    };
    let mut all = Vec::new();
    let written = view.policy.base.written_tag_pattern();
    if written.is_none() && !base.tag_pattern.is_empty() {
        let pattern = base.tag_pattern.clone();
        all.push(Derived::TagPattern { pattern });
    }
    all
}

/// What tests the head, and what follows the tag.
fn workflows(view: &View<'_>) -> Vec<Derived> {
    let Some(branched) = &view.proofs().branched else {
        return Vec::new();
    };
    let mut all = Vec::new();
    if view.policy.test.workflows.written().is_none() {
        let files = view.test_workflows.clone();
        all.push(Derived::Tests { files });
    }
    if view.policy.release.workflow.is_empty() {
        let files = view.release_workflows.iter();
        all.push(Derived::Release {
            tag: branched.tag.clone(),
            files: files.map(|workflow| workflow.file.clone()).collect(),
        });
    }
    all
}
