//! What a hotfix would meet here: what is found on a quiet day, each finding with
//! its name and what it comes to.

use super::ids::Millis;
use super::need::{CheckFrom, Finding, Grade, NeedKind, Stopped};
use super::objects::Stale;
use super::procedure::harm::Harm;
use super::role::Role;
use super::shipping::{Publishes, Tags};
use super::workflow_file::Gone;
use crate::ecosystem::{LeftAlone, Registry, WhyLeft};

/// With whose eyes it is looked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Eyes {
    /// The App's own: it sees what the bot will see.
    #[default]
    App,
    /// A person's: what the App may do is not seen.
    Person,
    /// At a clone alone: nothing of GitHub is seen.
    Clone,
}

/// What is known of the App and the repository beside what a hotfix reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// With whose eyes.
    pub eyes: Eyes,
    /// The App is not installed on the repository.
    pub not_installed: bool,
    /// The installation is suspended.
    pub suspended: bool,
    /// The repository has no issues.
    pub issues_off: bool,
    /// Events that the App is not told of.
    pub untold: Vec<String>,
    /// The labels of the repository; none: not known.
    pub labels: Option<Vec<String>>,
    /// Of the last deliveries, how many there were, how many were not taken, and
    /// what became of the newest of those.
    pub deliveries: (usize, usize, String),
    /// How many calls GitHub grants the App until when; none: it did not say.
    pub budget: Option<Budget>,
    /// What could not be read, although these eyes may see it.
    pub unread: Vec<Unread>,
}

/// The calls that GitHub grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// In an hour.
    pub limit: u64,
    /// Of them left.
    pub left: u64,
    /// When they are granted anew.
    pub resets: Millis,
}

/// Something that could not be read: whether it would stop a hotfix is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// What.
    pub what: Blind,
    /// What GitHub answered; empty: it was not asked, or did not say.
    pub why: String,
}

/// What may be unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blind {
    /// The configuration, and with it everything that follows.
    Policy,
    /// The release that is fixed, with its files.
    Base,
    /// Rights, rulesets, environments.
    Guards,
    /// What the App was granted.
    Rights,
    /// The rulesets.
    Rulesets,
    /// The environments.
    Environments,
    /// What the default branch has beyond the release.
    Main,
    /// Who may write.
    Writers,
    /// The labels.
    Labels,
    /// What became of the App's deliveries.
    Deliveries,
}

/// How the tests of a file come to run on the hotfix branch where no push starts
/// them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// The bot starts it.
    Dispatch,
    /// A commit gives it the trigger, once somebody asks for that.
    Enable,
    /// A maintainer starts it: this is what it could do.
    Hand(Harm),
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ailment {
    /// The App is not installed.
    NotInstalled,
    /// Its installation is suspended.
    Suspended,
    /// There are no issues.
    IssuesOff,
    /// The App is not told of these events.
    Untold(Vec<String>),
    /// Few of the App's calls are left.
    FewCalls(Budget),
    /// Deliveries were not taken.
    Undelivered {
        /// How many there were.
        of: usize,
        /// How many were not taken.
        failed: usize,
        /// What became of the newest of those.
        status: String,
    },
    /// Labels that start a hotfix are not there.
    NoLabels {
        /// They.
        missing: Vec<String>,
        /// Whether another one is.
        other: bool,
    },
    /// The configuration is wrong.
    Config,
    /// There is no configuration.
    NoConfig,
    /// A key that asks for what is not carried out.
    Idle {
        /// Which.
        key: String,
        /// Whether it holds every release up.
        gates: bool,
    },
    /// The settings of the repository, or of the App.
    Settings(Finding),
    /// A label of people who may not write starts a hotfix: the lowest role.
    LabelBar(Role),
    /// What would be asked.
    Asked(Box<NeedKind>),
    /// No workflow tests the head.
    NoTests,
    /// No push of the hotfix branch starts these tests.
    TestElsewhere {
        /// The files.
        files: Vec<String>,
        /// What does.
        way: Way,
    },
    /// Only some paths start these tests.
    TestByPaths(Vec<String>),
    /// A workflow asks for what GitHub does not have any more.
    Dead {
        /// The file.
        file: String,
        /// The job's key.
        job: String,
        /// What it asks for.
        gone: Gone,
        /// Whether the default branch has mended it.
        mended: bool,
        /// Whether the release needs it; else it is a test.
        release: bool,
    },
    /// A check that the rules require.
    Check {
        /// Its name.
        name: String,
        /// What leaves it.
        from: CheckFrom,
    },
    /// A workflow of the release that the tag would not start.
    Stopped {
        /// The file.
        file: String,
        /// Why not.
        why: Stopped,
    },
    /// Somebody else than the bot makes the tag.
    TagBy(Tags),
    /// Somebody starts what publishes, or does it.
    PublishedBy(Publishes),
    /// A changelog gets no section.
    NoSection(LeftAlone),
    /// The registry does not count.
    Registry {
        /// The package.
        name: String,
        /// The registry.
        registry: &'static str,
        /// Why not.
        why: Registry,
    },
    /// Entries of the lock file that do not match their manifests.
    StaleLock(Vec<Stale>),
    /// The default branch has moved the version: the bump cannot be merged there.
    PortCertain {
        /// The default branch's version.
        version: String,
    },
    /// The version stands in lines that are left alone.
    Elsewhere(Vec<String>),
    /// Files that a tool makes belong to the release.
    Generated(Vec<String>),
    /// One person alone may write.
    OnePerson(String),
    /// Publishing is not tried out beforehand.
    NotRehearsed,
    /// Nobody but a person installs the release afresh.
    NoInstall,
    /// No known issues are kept.
    NoKnownIssues,
    /// Nobody is called at a maximum.
    NoEscalation,
    /// There is no security policy of this name.
    NoSecurityPolicy(String),
}

/// Events without which nothing begins: labels and commands are heard by them.
const FIRST: [&str; 2] = ["issues", "issue_comment"];

/// Whether nothing begins without this event.
pub fn is_first(event: &str) -> bool {
    FIRST.contains(&event)
}

impl Ailment {
    /// Its name, which is its section in `docs/doctor.md`.
    pub fn name(&self) -> &'static str {
        match self {
            Ailment::NotInstalled => "not-installed",
            Ailment::Suspended => "suspended",
            Ailment::IssuesOff => "issues-disabled",
            Ailment::Untold(_) => "event-missing",
            Ailment::Undelivered { .. } => "webhook-unreachable",
            Ailment::NoLabels { .. } => "labels-missing",
            Ailment::Config => "config-invalid",
            Ailment::NoConfig => "config-derived",
            Ailment::Idle { .. } => "key-not-carried-out",
            Ailment::Settings(finding) => finding.name(),
            Ailment::Asked(kind) => match kind.as_ref() {
                NeedKind::NoBase { .. } => "no-base",
                NeedKind::WhichBase { question } if question.candidates.is_empty() => "no-base",
                NeedKind::WhichBase { .. } => "base-ambiguous",
                NeedKind::WhichLine { .. } => "line-ambiguous",
                NeedKind::BranchInTheWay { .. } => "branch-in-the-way",
                NeedKind::PushPublishes { .. } => "branch-publishes",
                NeedKind::MergePublishes { .. } => "merging-publishes",
                NeedKind::MakesLatest { .. } => "makes-latest",
                NeedKind::DraftFirst { .. } => "release-must-be-there",
                _ => "asked",
            },
            Ailment::NoTests => "no-tests",
            Ailment::TestElsewhere {
                way: Way::Hand(_), ..
            } => "tests-not-harmless",
            Ailment::TestElsewhere { .. } => "tests-do-not-run-on-hotfix",
            Ailment::TestByPaths(_) => "tests-by-paths",
            Ailment::Check {
                from: CheckFrom::Nothing,
                ..
            } => "required-check-unproducible",
            Ailment::Check { .. } => "required-check-from-elsewhere",
            Ailment::Stopped { .. } => "release-not-from-tag",
            Ailment::TagBy(_) => "tag-not-by-bot",
            Ailment::PublishedBy(_) => "publishing-by-hand",
            Ailment::NoSection(left) => match left.why {
                WhyLeft::NotKept { .. } => "changelog-dormant",
                _ => "changelog-unreadable",
            },
            Ailment::Registry { why, .. } => match why {
                Registry::Unnamed | Registry::Strangers(_) => "registry-name-not-ours",
                _ => "registry-not-watched",
            },
            Ailment::Elsewhere(_) => "version-elsewhere",
            Ailment::Generated(_) => "generated-files",
            Ailment::OnePerson(_) => "no-second-maintainer",
            Ailment::NotRehearsed => "publishing-not-rehearsed",
            Ailment::NoInstall => "install-check-missing",
            Ailment::NoKnownIssues => "known-issues-missing",
            Ailment::NoEscalation => "escalation-empty",
            Ailment::FewCalls(_) => "rate-limit-low",
            Ailment::LabelBar(_) => "label-bar-low",
            Ailment::Dead { .. } => "old-ci-dead",
            Ailment::StaleLock(_) => "lock-file-stale",
            Ailment::PortCertain { .. } => "forward-port-certain",
            Ailment::NoSecurityPolicy(_) => "security-policy-missing",
        }
    }

    /// What it comes to.
    pub fn grade(&self) -> Grade {
        match self {
            Ailment::NotInstalled
            | Ailment::Suspended
            | Ailment::IssuesOff
            | Ailment::Config
            | Ailment::Stopped { .. } => Grade::Stops,
            Ailment::Untold(events) if events.iter().any(|it| is_first(it)) => Grade::Stops,
            Ailment::Dead { release: true, .. } => Grade::Stops,
            Ailment::Dead { .. } => Grade::ByHand,
            Ailment::Settings(finding) => finding.grade(),
            Ailment::Undelivered { of, failed, .. } if of == failed => Grade::Stops,
            Ailment::NoLabels { other: true, .. } => Grade::Note,
            Ailment::Idle { gates: false, .. } => Grade::Note,
            Ailment::Asked(kind) => match kind.as_ref() {
                NeedKind::NoBase { .. } | NeedKind::BranchInTheWay { .. } => Grade::Stops,
                NeedKind::WhichBase { question } if question.candidates.is_empty() => Grade::Stops,
                _ => Grade::ByHand,
            },
            Ailment::TestElsewhere {
                way: Way::Dispatch, ..
            } => Grade::Note,
            Ailment::TestElsewhere {
                way: Way::Hand(_), ..
            } => Grade::ByHand,
            Ailment::Check {
                from: CheckFrom::Nothing,
                ..
            } => Grade::Stops,
            Ailment::Check { .. } => Grade::Note,
            Ailment::TagBy(_) | Ailment::PublishedBy(_) => Grade::ByHand,
            Ailment::Registry {
                why: Registry::Unnamed | Registry::Strangers(_),
                ..
            } => Grade::Costs,
            Ailment::Registry { .. } => Grade::Note,
            Ailment::Untold(_)
            | Ailment::Undelivered { .. }
            | Ailment::NoLabels { .. }
            | Ailment::Idle { .. }
            | Ailment::NoTests
            | Ailment::TestElsewhere { .. }
            | Ailment::Generated(_)
            | Ailment::LabelBar(_)
            | Ailment::PortCertain { .. }
            | Ailment::OnePerson(_) => Grade::Costs,
            Ailment::NoConfig
            | Ailment::TestByPaths(_)
            | Ailment::NoSection(_)
            | Ailment::Elsewhere(_)
            | Ailment::NotRehearsed
            | Ailment::NoInstall
            | Ailment::NoKnownIssues
            | Ailment::FewCalls(_)
            | Ailment::StaleLock(_)
            | Ailment::NoSecurityPolicy(_)
            | Ailment::NoEscalation => Grade::Note,
        }
    }
}
