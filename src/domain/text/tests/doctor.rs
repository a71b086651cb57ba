//! What the doctor finds: each kind has its words, and its section in
//! `docs/doctor.md`, which is written from them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::doctor::{Told, told};
use super::{every, preflight, samples, world};
use crate::documented::part;
use crate::domain::ailments::{Ailment, Budget, Way};
use crate::domain::need::{CheckFrom, Finding, NeedKind, Stopped};
use crate::domain::objects::{MergeMethod, Right, Stale};
use crate::domain::role::Role;
use crate::domain::shipping::{Dispatched, Publishes, Tags};
use crate::domain::workflow_file::{Act, Gone};
use crate::ecosystem::{LeftAlone, Registry, WhyLeft};

/// The needs that come before there is a branch, or of what publishes.
fn asked() -> Vec<Ailment> {
    let all = every::every().into_iter();
    let kinds = all.filter(|(_, kind)| {
        matches!(
            kind,
            NeedKind::NoBase { .. }
                | NeedKind::WhichBase { .. }
                | NeedKind::WhichLine { .. }
                | NeedKind::BranchInTheWay { .. }
                | NeedKind::PushPublishes { .. }
                | NeedKind::MergePublishes { .. }
                | NeedKind::MakesLatest { .. }
                | NeedKind::DraftFirst { .. }
        )
    });
    kinds
        .map(|(_, kind)| Ailment::Asked(Box::new(kind)))
        .collect()
}

fn all() -> Vec<Ailment> {
    let files = || vec!["a.md".to_owned()];
    let test = |way| Ailment::TestElsewhere {
        files: vec!["ci.yml".into()],
        way,
    };
    let check = |from| Ailment::Check {
        name: "build".into(),
        from,
    };
    let left = |why| {
        Ailment::NoSection(LeftAlone {
            path: "CHANGELOG.md".into(),
            why,
        })
    };
    let registry = |why| Ailment::Registry {
        name: "caro".into(),
        registry: "crates.io",
        why,
    };
    let by = || Dispatched {
        file: "publish.yml".into(),
        ..Dispatched::default()
    };
    let harm = vec![("ship".to_owned(), Act::Secret("TOKEN".into()))];
    let idle = |gates| Ailment::Idle {
        key: "verify.registries".into(),
        gates,
    };
    let labels = |other| Ailment::NoLabels {
        missing: vec!["P0".into()],
        other,
    };
    let lost = |failed| Ailment::Undelivered {
        of: 20,
        failed,
        status: "timed out".into(),
    };
    let runner = || Gone::Runner("ubuntu-18.04".into());
    let dead = |gone, mended, release| Ailment::Dead {
        file: "ci.yml".into(),
        job: "test".into(),
        gone,
        mended,
        release,
    };
    let settings = |finding| Ailment::Settings(finding);
    let lacks = |right| Finding::Lacks { right, stops: true };
    let mut all: Vec<Ailment> = samples!(Ailment {
        NotInstalled: Ailment::NotInstalled;
        Suspended: Ailment::Suspended;
        IssuesOff: Ailment::IssuesOff;
        Untold: Ailment::Untold(vec!["issues".into(), "issue_comment".into()]),
            Ailment::Untold(vec!["push".into()]);
        FewCalls: Ailment::FewCalls(Budget {
            limit: 5_000,
            left: 1_200,
            resets: world::START + 30 * world::MINUTE,
        });
        Undelivered: lost(3), lost(20);
        NoLabels: labels(false), labels(true);
        Config: Ailment::Config;
        NoConfig: Ailment::NoConfig;
        LabelBar: Ailment::LabelBar(Role::Triage), Ailment::LabelBar(Role::Read);
        Idle: idle(true), idle(false);
        Settings: settings(lacks(Right::Contents)),
            settings(Finding::Method { branch: "main".into(), method: MergeMethod::Squash });
        Asked: Ailment::Asked(Box::new(NeedKind::BranchInTheWay { branch: "hotfix".into() }));
        NoTests: Ailment::NoTests;
        TestElsewhere: test(Way::Dispatch), test(Way::Enable), test(Way::Hand(harm));
        TestByPaths: Ailment::TestByPaths(vec!["ci.yml".into()]);
        Dead: dead(runner(), true, false), dead(runner(), false, false),
            dead(Gone::Action("actions/upload-artifact@v3".into()), false, true);
        Check: check(CheckFrom::Nothing), check(CheckFrom::App),
            check(CheckFrom::Job("lint.yml".into())), check(CheckFrom::Elsewhere);
        Stopped: Ailment::Stopped {
            file: "publish.yml".into(),
            why: Stopped::Filter(vec!["w*".into()]),
        };
        TagBy: Ailment::TagBy(Tags::Signed { file: "verify.yml".into() }),
            Ailment::TagBy(Tags::Signed { file: String::new() }),
            Ailment::TagBy(Tags::Workflow(by()));
        PublishedBy: Ailment::PublishedBy(Publishes::Dispatch(by())),
            Ailment::PublishedBy(Publishes::Person);
        NoSection: left(WhyLeft::NoRelease), left(WhyLeft::NotKept { newest: "0.9.0".into() });
        Registry: registry(Registry::Absent), registry(Registry::Unnamed);
        StaleLock: Ailment::StaleLock(vec![Stale {
            name: "caro".into(),
            found: "1.0.3".into(),
            expected: "1.0.4".into(),
        }]);
        PortCertain: Ailment::PortCertain { version: "1.1.0".into() };
        Elsewhere: Ailment::Elsewhere(files());
        Generated: Ailment::Generated(files());
        OnePerson: Ailment::OnePerson("octo".into());
        NotRehearsed: Ailment::NotRehearsed;
        NoInstall: Ailment::NoInstall;
        NoKnownIssues: Ailment::NoKnownIssues;
        NoEscalation: Ailment::NoEscalation;
        NoSecurityPolicy: Ailment::NoSecurityPolicy("SECURITY.md".into());
    })
    .into_iter()
    .map(|(_, it)| it)
    .collect();
    let findings = preflight::findings().into_iter();
    all.extend(findings.map(|(_, it)| Ailment::Settings(it)));
    all.extend(asked());
    all
}

fn words() -> Vec<Told> {
    world::ready().view(|view| all().iter().map(|it| told(it, view)).collect())
}

#[test]
fn each_is_told_in_words_and_leads_to_its_section() {
    for it in words() {
        assert!(!it.costs.is_empty() && !it.mend.is_empty(), "{it:?}");
        for text in [&it.costs, &it.mend] {
            let markup = ["](", "**", "<code>", "&#"]
                .iter()
                .any(|m| text.contains(m));
            assert!(!markup && !text.contains('\n'), "{text}");
        }
        assert_eq!(it.docs, format!("docs/doctor.md#{}", it.name));
        assert_ne!(it.name, "asked", "{it:?}");
    }
}

/// One section a name, in the order of their coming.
fn sections() -> String {
    let mut names: Vec<&str> = Vec::new();
    let mut all: BTreeMap<&str, Vec<Told>> = BTreeMap::new();
    for it in words() {
        if !names.contains(&it.name) {
            names.push(it.name);
        }
        let known = all.entry(it.name).or_default();
        if !known.contains(&it) {
            known.push(it);
        }
    }
    let mut out = String::new();
    for name in names {
        let _ = writeln!(out, "### {name}\n");
        for it in &all[name] {
            let _ = writeln!(
                out,
                "- *{}*: {}. **Mend:** {}.",
                it.grade, it.costs, it.mend
            );
        }
        out.push('\n');
    }
    out
}

#[test]
fn the_documented_findings_are_those_that_there_are() {
    part("docs/doctor.md", "findings", &sections());
}
