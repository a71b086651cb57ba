//! The sections of the configuration, with their defaults.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::kinds::{
    AutoOr, DryRun, Ecosystem, Install, MergeMethod, OnViolation, Period, Question, StartedBy,
    TagAt, Yank,
};
use crate::domain::role::Role;

/// The word for what is derived.
const AUTO: &str = "auto";

/// The schema that this version reads.
pub const SCHEMA: u32 = 1;

/// `.github/hotfix.toml`: how a repository wants its hotfixes. The default is
/// what holds without a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// The version of the file's own format.
    pub schema: u32,
    /// What starts a hotfix.
    pub trigger: Trigger,
    /// What may be hotfixed.
    pub severity: Severity,
    /// What a hotfix starts from.
    pub base: Base,
    /// How small the fix must be.
    pub scope: Scope,
    /// What must pass on the head.
    pub test: Test,
    /// Where the version stands.
    pub version: Version,
    /// What leads to the tag.
    pub merge: Merge,
    /// What follows the tag.
    pub release: Release,
    /// What must be seen afterwards.
    pub verify: Verify,
    /// Who is told.
    pub announce: Announce,
    /// How long each phase may take.
    pub timeline: Timeline,
    /// How a release is taken back.
    pub rollback: Rollback,
    /// Who may do what.
    pub roles: Roles,
    /// What is different when it is a vulnerability.
    pub security: Security,
    /// Name and address, or text; shown in the status comment.
    pub links: BTreeMap<String, String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            schema: SCHEMA,
            trigger: Trigger::default(),
            severity: Severity::default(),
            base: Base::default(),
            scope: Scope::default(),
            test: Test::default(),
            version: Version::default(),
            merge: Merge::default(),
            release: Release::default(),
            verify: Verify::default(),
            announce: Announce::default(),
            timeline: Timeline::default(),
            rollback: Rollback::default(),
            roles: Roles::default(),
            security: Security::default(),
            links: BTreeMap::new(),
        }
    }
}

/// Declares a section: each key with its type, default and documentation.
macro_rules! section {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $key:ident: $type:ty = $default:expr,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct $name { $($(#[$doc])* pub $key: $type,)* }

        impl Default for $name {
            fn default() -> Self {
                Self { $($key: $default,)* }
            }
        }
    };
}

fn list(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

section! {
    /// `[trigger]`
    Trigger {
        /// The labels that start a hotfix; case does not matter.
        labels: Vec<String> = list(&["hotfix", "P0"]),
        /// The lowest role whose label is enough without a `confirm`.
        who: Role = Role::Write,
        /// A label taken off again within this time cancels quietly.
        grace: Period = Period::minutes(5),
    }
}

section! {
    /// `[severity]`
    Severity {
        /// The levels that may be hotfixed.
        hotfix: Vec<String> = list(&["P0"]),
        /// The levels that wait for the next release.
        regular: Vec<String> = list(&["P1", "P2"]),
        /// The questions that must be answered.
        require: Vec<Question> = vec![
            Question::Condition,
            Question::Workaround,
            Question::Affected,
            Question::Approach,
        ],
        /// Fewer affected users than this are a reason not to; 0 to 100.
        min_affected_percent: u8 = 10,
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
}

impl Base {
    /// How release tags are named, where it is written.
    pub fn written_tag_pattern(&self) -> Option<&str> {
        (self.tag_pattern != AUTO).then_some(self.tag_pattern.as_str())
    }
}

impl Trigger {
    /// Whether this label starts a hotfix; case does not matter.
    pub fn starts(&self, label: &str) -> bool {
        self.labels.iter().any(|l| l.eq_ignore_ascii_case(label))
    }
}

section! {
    /// `[base]`
    Base {
        /// The name of a release tag, with `{version}`; "auto": as the tags
        /// that are there are named.
        tag_pattern: String = AUTO.to_owned(),
        /// The name of a hotfix branch, with `{version}`.
        branch: String = "hotfix/v{version}".to_owned(),
        /// Whether a prerelease may be a base.
        prereleases: bool = false,
        /// Release lines such as "1.x"; empty: the newest stable release.
        lines: Vec<String> = vec![],
    }
}

section! {
    /// `[scope]`; the bot's own bump is not counted.
    Scope {
        /// The most files that a fix may touch.
        max_files: u32 = 10,
        /// The most lines that a fix may add and take away together.
        max_lines: u32 = 200,
        /// Commit types that are no fix.
        forbid: Vec<String> = list(&["feat", "refactor"]),
        /// Paths that a fix may not touch.
        forbid_paths: Vec<String> = vec![],
        /// Whether the fix must touch a test.
        require_test: bool = true,
        /// How a fix's subject should begin.
        commit_prefix: String = "fix(critical):".to_owned(),
        /// What to do about a violation.
        on_violation: OnViolation = OnViolation::Block,
    }
}

section! {
    /// `[test]`
    Test {
        /// The workflow files that must pass on the head.
        workflows: AutoOr<Vec<String>> = AutoOr::Auto,
        /// Check runs or status contexts that must pass on the head.
        checks: Vec<String> = vec![],
        /// Commands of the critical path, for people.
        commands: Vec<String> = vec![],
        /// The platforms to test on, for people.
        platforms: Vec<String> = vec![],
        /// Whether a person must test the head.
        manual: bool = true,
    }
}

section! {
    /// `[version]`
    Version {
        /// Which manifests hold the version.
        ecosystem: Ecosystem = Ecosystem::Auto,
        /// Further places.
        files: Vec<VersionFile> = vec![],
        /// Whether the lock file follows.
        update_lock: bool = true,
        /// The path of the changelog; empty: there is none.
        changelog: String = "CHANGELOG.md".to_owned(),
        /// The changelog's line.
        entry: String = "Critical: {summary} (#{issue})".to_owned(),
        /// The subject of the bump's commit.
        commit: String = "chore: bump version to {version} for hotfix".to_owned(),
    }
}

/// A place in a file that holds the version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionFile {
    /// From the repository's root.
    pub path: String,
    /// The text around `{version}`.
    pub pattern: String,
}

section! {
    /// `[merge]`
    Merge {
        /// Which commit is tagged.
        tag_at: TagAt = TagAt::Auto,
        /// How the pull request is merged.
        method: MergeMethod = MergeMethod::Auto,
        /// How many approving reviews of the head are needed; auto: one.
        approvals: AutoOr<u32> = AutoOr::Auto,
        /// Whether the fix's author may approve.
        allow_self_approval: bool = false,
        /// Whether the fix must reach the main branch.
        require_forward_port: bool = true,
        /// The tag's message.
        tag_message: String = "Hotfix {tag}: {summary}\n\nFixes #{issue}\n\nCritical fix for {symptom}.\n\nSee {changelog} for details.".to_owned(),
    }
}

section! {
    /// `[release]`
    Release {
        /// Whether the release becomes Latest; auto: where it is the highest stable.
        make_latest: AutoOr<bool> = AutoOr::Auto,
        /// How publishing is rehearsed on the tested head.
        dry_run: DryRun = DryRun::No,
        /// What follows the tag; empty: found by the workflows' own triggers.
        workflow: Vec<ReleaseWorkflow> = vec![],
    }
}

/// `[[release.workflow]]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseWorkflow {
    /// The file's name, without the folder.
    pub file: String,
    /// What starts it.
    #[serde(default = "started_by_default")]
    pub on: StartedBy,
    /// What it is given when the bot dispatches it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, String>,
    /// How long it usually takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<Period>,
    /// When to call it stuck.
    #[serde(default = "timeout_default")]
    pub timeout: Period,
    /// Whether the release needs it.
    #[serde(default = "required_default")]
    pub required: bool,
}

impl ReleaseWorkflow {
    /// The workflow of this file with every other key at its default.
    pub fn new(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            on: started_by_default(),
            inputs: BTreeMap::new(),
            expect: None,
            timeout: timeout_default(),
            required: required_default(),
        }
    }
}

fn started_by_default() -> StartedBy {
    StartedBy::Auto
}

/// The document's maximum for the whole of CI/CD.
fn timeout_default() -> Period {
    Period::minutes(45)
}

fn required_default() -> bool {
    true
}

section! {
    /// `[verify]`
    Verify {
        /// The registries to look at; "auto": those that the manifest publishes to.
        registries: Vec<String> = list(&["auto"]),
        /// The asset names to expect; empty: the base release's, version replaced.
        assets: Vec<String> = vec![],
        /// Who installs the release afresh.
        install: Install = Install::Manual,
        /// Further addresses, each a required fact.
        urls: Vec<VerifyUrl> = vec![],
        /// Whether the reporter is asked.
        ask_reporter: bool = true,
    }
}

/// An address that must show the version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyUrl {
    /// Where to look.
    pub url: String,
    /// What must be found there.
    #[serde(default = "contains_default")]
    pub contains: String,
}

pub(super) fn contains_default() -> String {
    "{version}".to_owned()
}

section! {
    /// `[announce]`
    Announce {
        /// "hotfix" for the built-in template, or a path in the repository.
        notes: String = "hotfix".to_owned(),
        /// Whether the bot closes the issue.
        close_issue: bool = true,
        /// Whether the closing comment thanks the reporter.
        thank_reporter: bool = true,
        /// The category of the discussion; empty: none is opened.
        discussion_category: String = String::new(),
        /// Names of channels that the server knows.
        channels: Vec<String> = vec![],
        /// "auto": a file of that name; or a path; or empty: none.
        known_issues: String = "auto".to_owned(),
        /// Whether the bot deletes the branch.
        delete_branch: bool = true,
    }
}

/// A phase's times, written as `[target, maximum]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(Period, Period)", into = "(Period, Period)")]
pub struct Budget {
    /// What it should take.
    pub target: Period,
    /// What it may take.
    pub maximum: Period,
}

impl From<(Period, Period)> for Budget {
    fn from((target, maximum): (Period, Period)) -> Self {
        Self { target, maximum }
    }
}

impl From<Budget> for (Period, Period) {
    fn from(budget: Budget) -> Self {
        (budget.target, budget.maximum)
    }
}

const fn minutes(target: i64, maximum: i64) -> Budget {
    Budget {
        target: Period::minutes(target),
        maximum: Period::minutes(maximum),
    }
}

section! {
    /// `[timeline]`: the document's eight rows and its total.
    Timeline {
        /// Assess and branch.
        assess: Budget = minutes(15, 30),
        /// Apply the fix.
        fix: Budget = minutes(30, 120),
        /// Test.
        test: Budget = minutes(15, 60),
        /// Version bump.
        bump: Budget = minutes(5, 15),
        /// Merge and tag.
        merge: Budget = minutes(10, 20),
        /// CI/CD.
        ci: Budget = minutes(20, 45),
        /// Verification.
        verify: Budget = minutes(10, 30),
        /// Communication.
        communicate: Budget = minutes(15, 45),
        /// From label to release; a cap of its own, below the rows' sum.
        total: Budget = minutes(120, 360),
    }
}

section! {
    /// `[rollback]`
    Rollback {
        /// Who takes the version back at the registry.
        yank: Yank = Yank::Ask,
        /// Whether the tag may be deleted where nothing was published from it.
        delete_tag: bool = false,
        /// The title of the issue about the failure.
        issue_title: String = "[HOTFIX FAILED] {tag} introduced regression".to_owned(),
    }
}

section! {
    /// `[roles]`: names of roles, `@user` or `@organisation/team`.
    Roles {
        /// Who carries a hotfix out.
        responder: Vec<String> = list(&["write"]),
        /// Who decides what cannot be taken back.
        commander: Vec<String> = list(&["maintain"]),
        /// Who is shown in a security hotfix.
        security: Vec<String> = vec![],
        /// Who is mentioned at a maximum, in this order.
        escalation: Vec<String> = vec![],
    }
}

section! {
    /// `[security]`
    Security {
        /// The labels of a vulnerability; case does not matter.
        labels: Vec<String> = list(&["security"]),
        /// The path of the security policy.
        policy: String = "SECURITY.md".to_owned(),
    }
}

impl Security {
    /// Whether this label says vulnerability; case does not matter.
    pub fn is_named_by(&self, label: &str) -> bool {
        self.labels.iter().any(|l| l.eq_ignore_ascii_case(label))
    }
}
