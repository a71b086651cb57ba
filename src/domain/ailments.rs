//! What a hotfix would meet here, asked on a quiet day: preflight's findings, the
//! questions that would come, and what the files and settings say of tests and
//! release. Each is a fold over the same survey that a case answers by.

use super::need::{CheckFrom, Finding, Grade, NeedKind, Stopped};
use super::policy::{DryRun, Install, not_carried_out};
use super::procedure::branch::{Branched, foreseen};
use super::procedure::findings::findings;
use super::procedure::harm::{self, Harm};
use super::procedure::release::UNTIL;
use super::procedure::triggers::{can_dispatch, is_by_paths, takes_branch};
use super::procedure::{checks, publishing, required, stopped};
use super::shipping::{Publishes, Tags};
use super::view::View;
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
            | Ailment::OnePerson(_) => Grade::Costs,
            Ailment::NoConfig
            | Ailment::TestByPaths(_)
            | Ailment::NoSection(_)
            | Ailment::Elsewhere(_)
            | Ailment::NotRehearsed
            | Ailment::NoInstall
            | Ailment::NoKnownIssues
            | Ailment::NoEscalation => Grade::Note,
        }
    }
}

/// Everything that was found, the worst first.
pub fn ailments(view: &View<'_>, around: &Around) -> Vec<Ailment> {
    let mut all = of_app(around);
    all.extend(labels(view, around));
    all.extend(of_config(view));
    if around.eyes != Eyes::Clone {
        all.extend(findings(&view.case).into_iter().map(Ailment::Settings));
        all.extend(people(view));
    }
    all.extend(asked(view));
    if let Some(branched) = foreseen(&view.case) {
        all.extend(of_tests(view, &branched));
        all.extend(of_release(view, &branched));
        all.extend(of_package(&branched, around));
        all.extend(of_keys(view, &branched));
    }
    all.sort_by_key(Ailment::grade);
    all
}

fn of_app(around: &Around) -> Vec<Ailment> {
    let mut all = Vec::new();
    all.extend(around.not_installed.then_some(Ailment::NotInstalled));
    all.extend(around.suspended.then_some(Ailment::Suspended));
    all.extend(around.issues_off.then_some(Ailment::IssuesOff));
    if !around.untold.is_empty() {
        all.push(Ailment::Untold(around.untold.clone()));
    }
    let (of, failed, status) = &around.deliveries;
    if *failed > 0 {
        all.push(Ailment::Undelivered {
            of: *of,
            failed: *failed,
            status: status.clone(),
        });
    }
    all
}

fn labels(view: &View<'_>, around: &Around) -> Option<Ailment> {
    let there = around.labels.as_ref()?;
    let missing = missing_labels(&view.policy.trigger.labels, there);
    let other = missing.len() < view.policy.trigger.labels.len();
    (!missing.is_empty()).then_some(Ailment::NoLabels { missing, other })
}

/// The labels that are wanted and not there; case does not matter.
pub fn missing_labels(wanted: &[String], there: &[String]) -> Vec<String> {
    let is_there = |label: &&String| there.iter().any(|it| it.eq_ignore_ascii_case(label));
    wanted.iter().filter(|it| !is_there(it)).cloned().collect()
}

fn of_config(view: &View<'_>) -> Vec<Ailment> {
    let Some(read) = view.facts.policy.get() else {
        return Vec::new();
    };
    if read.is_wrong() {
        return vec![Ailment::Config];
    }
    let idle = not_carried_out(view.policy).into_iter();
    let idle = idle.map(|idle| Ailment::Idle {
        key: idle.key,
        gates: idle.gates,
    });
    let none = (!read.own_file).then_some(Ailment::NoConfig);
    none.into_iter().chain(idle).collect()
}

fn people(view: &View<'_>) -> Option<Ailment> {
    let writers = view.line.seen.writers.get()?.as_ref()?;
    match writers.as_slice() {
        [one] => Some(Ailment::OnePerson(one.login.clone())),
        _ => None,
    }
}

/// The questions before there is a branch. What the settings forbid is told as such.
fn asked(view: &View<'_>) -> Vec<Ailment> {
    let needs = view.outlook.survey.needs(UNTIL);
    let kinds = needs.map(|need| &need.kind).filter(|kind| {
        matches!(
            kind,
            NeedKind::NoBase { .. }
                | NeedKind::WhichBase { .. }
                | NeedKind::WhichLine { .. }
                | NeedKind::BranchInTheWay { .. }
                | NeedKind::PushPublishes { .. }
        )
    });
    kinds.cloned().map(Box::new).map(Ailment::Asked).collect()
}

fn of_tests(view: &View<'_>, branched: &Branched) -> Vec<Ailment> {
    let c = &view.case;
    let files = required::required(c, branched);
    let by_paths = required::left_out(c, branched);
    let mut all = Vec::new();
    if files.is_empty() && by_paths.is_empty() {
        all.push(Ailment::NoTests);
    }
    let (mut dispatched, mut enabled) = (Vec::new(), Vec::new());
    let mut some_paths = Vec::new();
    for file in files {
        let harm = harm::at_head(branched, &file);
        match takes_branch(branched, &file) {
            true if is_by_paths(branched, &file) => some_paths.push(file),
            true => {}
            false if !harm.is_empty() => all.push(Ailment::TestElsewhere {
                files: vec![file],
                way: Way::Hand(harm),
            }),
            false if can_dispatch(branched, &file) => dispatched.push(file),
            false => enabled.push(file),
        }
    }
    for (files, way) in [(dispatched, Way::Dispatch), (enabled, Way::Enable)] {
        if !files.is_empty() {
            all.push(Ailment::TestElsewhere { files, way });
        }
    }
    some_paths.extend(by_paths);
    if !some_paths.is_empty() {
        all.push(Ailment::TestByPaths(some_paths));
    }
    for (check, proof) in checks::by_rules(c, branched) {
        if let checks::Proof::Check(from) = proof {
            let name = check.name;
            all.push(Ailment::Check { name, from });
        }
    }
    all
}

fn of_release(view: &View<'_>, branched: &Branched) -> Vec<Ailment> {
    let c = &view.case;
    let stopped = stopped::stopped(c, branched).into_iter();
    // An environment that refuses the tag is told of the settings.
    let stopped = stopped.filter(|(_, why)| !matches!(why, Stopped::Environment(_)));
    let mut all: Vec<Ailment> = stopped
        .map(|(file, why)| Ailment::Stopped { file, why })
        .collect();
    let gates = publishing::gates(c, branched, &branched.base.commit);
    all.extend(
        gates
            .into_iter()
            .map(|need| Ailment::Asked(Box::new(need.kind))),
    );
    let by = publishing::publishing(c, branched);
    // A rule, or a right, is told of the settings.
    if !matches!(by.tags, Tags::Bot | Tags::Protected { .. }) {
        all.push(Ailment::TagBy(by.tags));
    }
    if matches!(by.publishes, Publishes::Dispatch(_) | Publishes::Person) {
        all.push(Ailment::PublishedBy(by.publishes));
    }
    all
}

fn of_package(branched: &Branched, around: &Around) -> Vec<Ailment> {
    let base = &branched.base;
    let package = &base.package;
    let left = package.left_alone.iter().cloned();
    let mut all: Vec<Ailment> = left.map(Ailment::NoSection).collect();
    let counts = package.registry.is_ours() || package.registry == Registry::Unasked;
    let private = package.registry == Registry::Private;
    // What a clone is looked at with knows no registry.
    if !counts && !private && around.eyes != Eyes::Clone {
        all.push(Ailment::Registry {
            name: package.name.clone(),
            registry: package.kind().registry(),
            why: package.registry.clone(),
        });
    }
    let changed = base.habit.listed.iter().filter(|it| it.was_changed);
    let mut paths: Vec<String> = changed.map(|it| it.path.clone()).collect();
    paths.dedup();
    if !paths.is_empty() {
        all.push(Ailment::Elsewhere(paths));
    }
    if !base.habit.generated.is_empty() {
        all.push(Ailment::Generated(base.habit.generated.clone()));
    }
    all
}

/// What the configuration leaves open, and could say.
fn of_keys(view: &View<'_>, branched: &Branched) -> Vec<Ailment> {
    let policy = view.policy;
    let ships = publishing::publishing(&view.case, branched).publishes != Publishes::Nothing;
    let keeps = policy.announce.known_issues.is_empty() || branched.base.known_issues.is_some();
    let open = [
        (
            policy.release.dry_run == DryRun::No && ships,
            Ailment::NotRehearsed,
        ),
        (policy.verify.install == Install::Manual, Ailment::NoInstall),
        (!keeps, Ailment::NoKnownIssues),
        (policy.roles.escalation.is_empty(), Ailment::NoEscalation),
    ];
    let open = open.into_iter().filter(|(is, _)| *is);
    open.map(|(_, ailment)| ailment).collect()
}
