//! `[release]`

use std::collections::BTreeMap;

use crate::domain::policy::findings::Findings;
use crate::domain::policy::kinds::{
    AutoOr, DryRun, PublishedBy, StartedBy, TaggedBy, workflow_file,
};
use crate::domain::policy::period::Period;
use crate::domain::policy::table::{Acted::Always, section};

/// The document's maximum for the whole of CI/CD.
const TIMEOUT: Period = Period::minutes(45);

/// What a tag may name.
const PARTS: &[&str] = &["version", "major", "minor", "patch"];

/// What an input may name.
const INPUTS: &[&str] = &["version", "tag", "issue"];

section! {
    /// `[release]`
    Release [once] {
        /// Whether the release must be GitHub's Latest; "auto": where it is the
        /// highest stable, and the one before it was.
        make_latest: AutoOr<bool> = AutoOr::Auto, "false", Always;
        /// How publishing is rehearsed on the tested head: `workflow:<file>`;
        /// empty: not at all.
        dry_run: DryRun = DryRun::No, r#""workflow:publish.yml""#, Always;
        /// Who makes the tag: "bot", "person", or `workflow:<file>`, which makes
        /// it itself; "auto": the workflow files say.
        tagged_by: TaggedBy = TaggedBy::Auto, r#""person""#, Always;
        /// Who publishes: what starts on the "tag", on the GitHub "release", on
        /// the "merge"; `workflow:<file>`, started by hand at the tag; a
        /// "person"; "auto": the workflow files say.
        published_by: PublishedBy = PublishedBy::Auto, r#""person""#, Always;
        /// Further tags on the released commit, made with the release's:
        /// `{version}`, `{major}`, `{minor}` and `{patch}` are filled in.
        also_tags: Vec<String> = vec![], r#"["sdk/v{version}"]"#, Always;
        /// Tags that are moved to the release once it is verified, where they stand
        /// at the one before: `{major}` and `{minor}` are filled in.
        moving_tags: Vec<String> = vec![], r#"["v{major}", "v{major}.{minor}"]"#, Always;
        /// What follows the tag; empty: found by the workflows' own triggers.
        workflow: Vec<ReleaseWorkflow> = vec![];
    }
}

section! {
    /// `[[release.workflow]]`
    ReleaseWorkflow [rules] {
        /// The file's name, without the folder.
        file (required): String = String::new(), r#""publish.yml""#, Always;
        /// What starts it: "tag", "dispatch" (by the bot) or "after" (another
        /// workflow); "auto": its own triggers say.
        on: StartedBy = StartedBy::Auto, r#""dispatch""#, Always;
        /// What it is given when the bot dispatches it.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        inputs: BTreeMap<String, String> = BTreeMap::new(), r#"{ version = "{tag}" }"#, Always;
        /// How long it usually takes.
        #[serde(skip_serializing_if = "Option::is_none")]
        expect: Option<Period> = None, r#""7m""#, Always;
        /// When to call it stuck.
        timeout: Period = TIMEOUT, r#""30m""#, Always;
        /// Whether the release needs it.
        required: bool = true, "false", Always;
    }
}

impl Release {
    /// Each workflow once, by name, however it was written.
    fn once(&mut self, find: &mut Findings<'_, '_>) {
        for (key, all) in [
            ("also_tags", &self.also_tags),
            ("moving_tags", &self.moving_tags),
        ] {
            for pattern in all {
                find.names_only(key, pattern, PARTS);
                if !pattern.contains('{') {
                    let message = format!("\"{pattern}\" would be the same tag for each release");
                    let hint = "name a part of the version, such as {major}".to_owned();
                    find.say(key, &message, Some(hint));
                }
            }
        }
        let mut names = Vec::new();
        for (at, workflow) in self.workflow.iter_mut().enumerate() {
            let name = workflow_file(&workflow.file);
            if names.contains(&name) {
                let message = format!("\"{}\" is listed twice", workflow.file);
                find.say(&format!("workflow.{at}.file"), &message, None);
            }
            if let Some(name) = &name {
                workflow.file.clone_from(name);
            }
            names.push(name);
        }
    }
}

impl ReleaseWorkflow {
    /// The workflow of this file with every other key at its default.
    pub fn new(file: impl Into<String>) -> Self {
        let file = file.into();
        Self {
            file,
            ..Self::default()
        }
    }

    fn rules(&self, find: &mut Findings<'_, '_>) {
        find.workflow_file("file", &self.file);
        let timeout = self.timeout;
        if let Some(expect) = self.expect.filter(|expect| *expect > timeout) {
            let message = format!("{expect} is more than the workflow's timeout of {timeout}");
            find.say("expect", &message, None);
        }
        if timeout == Period::default() {
            find.say("timeout", "must be more than nothing", None);
        }
        let dispatched = matches!(self.on, StartedBy::Dispatch | StartedBy::Auto);
        if !self.inputs.is_empty() && !dispatched {
            let message = format!(
                "inputs reach a workflow only by dispatch, and `on` is \"{}\"",
                self.on
            );
            let hint = "set `on = \"dispatch\"`".to_owned();
            find.say("inputs", &message, Some(hint));
        }
        for text in self.inputs.values() {
            find.names_only("inputs", text, INPUTS);
        }
    }
}
