//! What a hotfix would meet here, asked on a quiet day: preflight's findings, the
//! questions that would come, and what the files and settings say of tests and
//! release. Each is a fold over the same survey that a case answers by.

use super::ailments::{Ailment, Around, Blind, Eyes, Unread, Way, is_first};
use super::need::{self, Finding, NeedKind, Stopped};
use super::policy::{DryRun, Install, not_carried_out};
use super::procedure::branch::{Branched, foreseen};
use super::procedure::findings::findings;
use super::procedure::harm;
use super::procedure::release::UNTIL;
use super::procedure::triggers::{can_dispatch, is_by_paths, takes_branch};
use super::procedure::{checks, dead_ci, launch, publishing, required, stopped};
use super::role::Role;
use super::shipping::{Publishes, Tags};
use super::view::View;
use crate::ecosystem::Registry;

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
    // Those without which nothing begins are a finding of their own.
    let (first, later): (Vec<String>, Vec<String>) =
        around.untold.iter().cloned().partition(|it| is_first(it));
    let untold = [first, later].into_iter().filter(|it| !it.is_empty());
    all.extend(untold.map(Ailment::Untold));
    // Below the half, what nobody asked for is looked at more rarely.
    let low = around.budget.filter(|it| it.left < it.limit / 2);
    all.extend(low.map(Ailment::FewCalls));
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
    let who = view.policy.trigger.who;
    let low = (who < Role::Write).then_some(Ailment::LabelBar(who));
    none.into_iter().chain(low).chain(idle).collect()
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
    all.extend(dead(branched, &required::required(c, branched), false));
    for (check, proof) in checks::by_rules(c, branched) {
        if let checks::Proof::Check(from) = proof {
            let name = check.name;
            all.push(Ailment::Check { name, from });
        }
    }
    all
}

/// Those of these files that ask for what is gone.
fn dead(branched: &Branched, files: &[String], release: bool) -> Vec<Ailment> {
    let one = |file: &String| {
        let found = dead_ci::dead(branched, file)?;
        Some(Ailment::Dead {
            file: file.clone(),
            job: found.job.to_owned(),
            gone: found.gone.clone(),
            mended: found.mended,
            release,
        })
    };
    files.iter().filter_map(one).collect()
}

fn of_release(view: &View<'_>, branched: &Branched) -> Vec<Ailment> {
    let c = &view.case;
    let stopped = stopped::stopped(c, branched).into_iter();
    // An environment that refuses the tag is told of the settings.
    let stopped = stopped.filter(|(_, why)| !matches!(why, Stopped::Environment(_)));
    let mut all: Vec<Ailment> = stopped
        .map(|(file, why)| Ailment::Stopped { file, why })
        .collect();
    let needed = launch::workflows(c, branched).into_iter();
    let needed: Vec<String> = needed.filter(|it| it.required).map(|it| it.file).collect();
    all.extend(dead(branched, &needed, true));
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
    let by_hand = matches!(by.publishes, Publishes::Dispatch(_) | Publishes::Person);
    if by_hand || matches!(by.publishes, Publishes::Unseen { .. }) {
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
    let private = matches!(
        package.registry,
        Registry::Private | Registry::ByTag | Registry::Misnamed
    );
    // What a clone is looked at with knows no registry.
    if !counts && !private && around.eyes != Eyes::Clone {
        all.push(Ailment::Registry {
            name: package.name.clone(),
            registry: package.kind().registry(),
            why: package.registry.clone(),
        });
    }
    if !package.stale.is_empty() {
        all.push(Ailment::StaleLock(package.stale.clone()));
    }
    if let Some(version) = base.main.version.clone() {
        all.push(Ailment::PortCertain { version });
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
    let (named, found) = (&policy.security.policy, &branched.base.security_policy);
    let open = [
        (
            !named.is_empty() && found.is_none(),
            Ailment::NoSecurityPolicy(named.clone()),
        ),
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

/// What could not be looked at, although these eyes may see it: what GitHub refused,
/// and what its settings do not show.
pub fn unread(view: &View<'_>, around: &Around) -> Vec<Unread> {
    let mut all = around.unread.clone();
    if around.eyes == Eyes::Clone {
        return all;
    }
    for finding in findings(&view.case) {
        let Finding::Unread { what } = finding else {
            continue;
        };
        let what = match what {
            // A person's token never shows it, and that is said.
            need::Unread::Rights if around.eyes == Eyes::Person => continue,
            need::Unread::Rights => Blind::Rights,
            need::Unread::Rulesets => Blind::Rulesets,
            need::Unread::Environments => Blind::Environments,
            // It stops nothing.
            need::Unread::Immutable => continue,
        };
        let why = String::new();
        all.push(Unread { what, why });
    }
    all
}
