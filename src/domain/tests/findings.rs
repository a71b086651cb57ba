//! Each finding of `docs/doctor.md` with facts that make it and the nearest that do
//! not.

use std::collections::BTreeSet;

use super::quiet::{Change, Known, MAIN, TAG, on, run};
use super::sample::{self, CI};
use crate::domain::ailments::Budget;
use crate::domain::derive::base::{Candidate, Doubt, Question};
use crate::domain::derive::line;
use crate::domain::objects::{ConfigFault, MergeMethod, RequiredCheck, Rule, Stale, Takes};
use crate::domain::policy::{DryRun, Install, PublishedBy, TaggedBy};
use crate::domain::role::Role;
use crate::ecosystem::learnt::Listed;
use crate::ecosystem::{LeftAlone, Registry, WhyLeft};

const DOCKER: &str =
    "steps: [{uses: docker/build-push-action@v6, with: {push: true, tags: 'a:latest'}}]";

fn asked(tags: &[&str]) -> Option<Question> {
    let candidate = |tag: &&str| Candidate {
        tag: (*tag).to_owned(),
        pattern: "v{version}".into(),
        latest: false,
    };
    Some(Question {
        doubt: Doubt::Which,
        candidates: tags.iter().map(candidate).collect(),
    })
}

fn left(why: WhyLeft) -> Vec<LeftAlone> {
    let path = "CHANGELOG.md".into();
    vec![LeftAlone { path, why }]
}

fn check(name: &str, app: Option<u64>) -> Vec<RequiredCheck> {
    let name = name.into();
    vec![RequiredCheck { name, app }]
}

/// GitHub Actions, as it leaves checks.
const ACTIONS: Option<u64> = Some(15_368);

/// A finding, what makes it, and what comes nearest without making it.
const TABLE: &[(&str, Change, Change)] = &[
    ("not-installed", |k| k.around.not_installed = true, |_| {}),
    ("suspended", |k| k.around.suspended = true, |_| {}),
    ("issues-disabled", |k| k.around.issues_off = true, |_| {}),
    (
        "event-missing",
        |k| k.around.untold = vec!["push".into()],
        |_| {},
    ),
    (
        "rate-limit-low",
        |k| k.around.budget = budget(2_499),
        |k| k.around.budget = budget(2_500),
    ),
    (
        "webhook-unreachable",
        |k| k.around.deliveries = (20, 1, "timed out".into()),
        |k| k.around.deliveries = (20, 0, String::new()),
    ),
    (
        "labels-missing",
        |k| k.around.labels = Some(vec!["hotfix".into()]),
        |k| k.around.labels = Some(vec!["Hotfix".into(), "p0".into()]),
    ),
    (
        "config-invalid",
        |k| k.faults = vec![ConfigFault::default()],
        |_| {},
    ),
    ("config-derived", |k| k.own_file = false, |_| {}),
    (
        "key-not-carried-out",
        |k| k.policy.verify.registries = vec!["hex:caro".into()],
        |k| k.policy.merge.allow_self_approval = true,
    ),
    (
        "label-bar-low",
        |k| k.policy.trigger.who = Role::Triage,
        |k| k.policy.trigger.who = Role::Write,
    ),
    (
        "permission-missing",
        |k| drop(k.guards.granted.as_mut().map(|it| it.remove("contents"))),
        |k| drop(k.guards.granted.as_mut().map(|it| it.remove("statuses"))),
    ),
    (
        "merge-methods",
        |k| k.base.main.merge_method = MergeMethod::Squash,
        |k| k.base.main.merge_method = MergeMethod::Merge,
    ),
    (
        "branch-in-the-way",
        |k| k.base.in_the_way = Some("hotfix".into()),
        |_| {},
    ),
    (
        "no-tests",
        |k| k.base.workflows.retain(|it| it.name() != "ci.yml"),
        |k| k.file("ci.yml", &on("{pull_request: }", &run("cargo test"))),
    ),
    (
        "tests-do-not-run-on-hotfix",
        |k| k.file("ci.yml", &on("{pull_request: }", &run("cargo test"))),
        |k| k.file("ci.yml", CI),
    ),
    (
        "tests-not-harmless",
        |k| {
            let job = "steps: [{run: x, env: {A: '${{ secrets.A }}'}}]";
            k.file("ci.yml", &on("{pull_request: }", job));
        },
        |k| {
            let job = "steps: [{run: x, env: {A: '${{ secrets.GITHUB_TOKEN }}'}}]";
            k.file("ci.yml", &on("{pull_request: }", job));
        },
    ),
    (
        "tests-by-paths",
        |k| {
            let text = "{push: {paths: [src/**]}, pull_request: {paths: [src/**]}}";
            k.file("b.yml", &on(text, &run("cargo test")));
        },
        |k| {
            let text = "{push: {paths: [src/**]}, pull_request: }";
            k.file(
                "b.yml",
                &on(&text.replace(": {paths: [src/**]}", ": "), &run("x")),
            );
        },
    ),
    (
        "old-ci-dead",
        |k| k.file("ci.yml", &CI.replace("ubuntu-latest", "ubuntu-18.04")),
        |k| k.file("ci.yml", &CI.replace("ubuntu-latest", "ubuntu-24.04")),
    ),
    (
        "required-check-unproducible",
        |k| k.base.main.checks = check("build", ACTIONS),
        |k| k.base.main.checks = check("test", ACTIONS),
    ),
    (
        "required-check-from-elsewhere",
        |k| k.base.main.checks = check("build", Some(7)),
        |k| k.base.main.checks = check("test", None),
    ),
    (
        "release-not-from-tag",
        |k| k.file("publish.yml", &sample::PUBLISH.replace("v*", "v.*")),
        |k| k.file("publish.yml", sample::PUBLISH),
    ),
    (
        "tag-not-by-bot",
        |k| k.policy.release.tagged_by = TaggedBy::Person,
        |k| k.policy.release.tagged_by = TaggedBy::Bot,
    ),
    (
        "publishing-by-hand",
        |k| k.policy.release.published_by = PublishedBy::Person,
        |k| k.policy.release.published_by = PublishedBy::Tag,
    ),
    (
        "changelog-unreadable",
        |k| k.base.package.left_alone = left(WhyLeft::NoRelease),
        |_| {},
    ),
    (
        "changelog-dormant",
        |k| {
            let newest = "0.9.0".into();
            k.base.package.left_alone = left(WhyLeft::NotKept { newest });
        },
        |k| k.base.package.left_alone = left(WhyLeft::NoRelease),
    ),
    (
        "registry-not-watched",
        |k| k.base.package.registry = Registry::Absent,
        |k| k.base.package.registry = Registry::Private,
    ),
    (
        "registry-name-not-ours",
        |k| k.base.package.registry = Registry::Unnamed,
        |k| k.base.package.registry = Registry::OursByCommit,
    ),
    (
        "lock-file-stale",
        |k| k.base.package.stale = vec![Stale::default()],
        |_| {},
    ),
    (
        "forward-port-certain",
        |k| k.base.main.version = Some("1.1.0".into()),
        |_| {},
    ),
    (
        "version-elsewhere",
        |k| k.base.habit.listed = listed(true),
        |k| k.base.habit.listed = listed(false),
    ),
    (
        "generated-files",
        |k| k.base.habit.generated = vec!["a.md".into()],
        |k| k.base.habit.logs = vec!["a.md".into()],
    ),
    (
        "no-second-maintainer",
        |k| k.writers = vec!["mia"],
        |k| k.writers = vec!["mia", "rev"],
    ),
    (
        "publishing-not-rehearsed",
        |k| k.policy.release.dry_run = DryRun::No,
        |_| {},
    ),
    (
        "install-check-missing",
        |k| k.policy.verify.install = Install::Manual,
        |_| {},
    ),
    (
        "known-issues-missing",
        |k| k.base.known_issues = None,
        |k| {
            k.base.known_issues = None;
            k.policy.announce.known_issues = String::new();
        },
    ),
    (
        "escalation-empty",
        |k| k.policy.roles.escalation.clear(),
        |_| {},
    ),
    (
        "security-policy-missing",
        |k| k.base.security_policy = None,
        |k| {
            k.base.security_policy = None;
            k.policy.security.policy = String::new();
        },
    ),
    ("archived", |k| k.base.archived = true, |_| {}),
    (
        "ruleset-blocks-branch",
        |k| k.rule("refs/heads/hotfix/**", Rule::Creation),
        |k| k.rule("refs/heads/feature/**", Rule::Creation),
    ),
    (
        "ruleset-blocks-delete",
        |k| k.rule("refs/heads/hotfix/**", Rule::Deletion),
        |k| {
            k.rule("refs/heads/hotfix/**", Rule::Deletion);
            k.policy.announce.delete_branch = false;
        },
    ),
    (
        "ruleset-blocks-tag",
        |k| k.rule("refs/tags/v*", Rule::Creation),
        |k| k.rule("refs/tags/v*", Rule::Deletion),
    ),
    (
        "ruleset-blocks-merge",
        |k| k.rule("refs/heads/main", Rule::Update),
        |k| k.rule("refs/heads/main", Rule::PullRequest),
    ),
    (
        "merge-queue",
        |k| k.rule("refs/heads/main", Rule::Queue),
        |k| k.rule("refs/heads/next", Rule::Queue),
    ),
    (
        "reviews-required",
        |k| {
            let rule = Rule::Reviews {
                approvals: 2,
                code_owners: false,
            };
            k.rule("refs/heads/main", rule);
        },
        |k| k.rule("refs/heads/main", Rule::PullRequest),
    ),
    (
        "signatures-required",
        |k| k.rule("refs/heads/main", Rule::Signatures),
        |k| k.rule("refs/tags/v*", Rule::Signatures),
    ),
    (
        "environment-refuses-tag",
        |k| k.environment(Takes::Protected, 0),
        |k| k.environment(Takes::Named(vec![(true, "v*".into())]), 0),
    ),
    (
        "environment-waits",
        |k| k.environment(Takes::All, 30),
        |k| k.environment(Takes::All, 0),
    ),
    (
        "immutable-releases",
        |k| k.guards.immutable = Some(true),
        |k| k.guards.immutable = Some(false),
    ),
    ("settings-unread", |k| k.guards.rulesets = None, |_| {}),
    (
        "no-base",
        |k| k.base.trouble = Some("there is none".into()),
        |k| k.base.question = asked(&["v1.0.4"]),
    ),
    (
        "base-ambiguous",
        |k| k.base.question = asked(&["v1.0.4", "w2.0.0"]),
        |k| k.base.question = asked(&[]),
    ),
    (
        "line-ambiguous",
        |k| {
            let branch = "3.x".into();
            k.base.which_line = Some(line::Question::Gone {
                branch,
                configured: true,
            });
        },
        |_| {},
    ),
    (
        "branch-publishes",
        |k| k.file("w.yml", &on("{push: }", &run("cargo publish"))),
        |k| k.file("w.yml", &on("{push: }", &run("cargo publish --dry-run"))),
    ),
    (
        "merging-publishes",
        |k| k.file("publish.yml", &on(MAIN, &run("cargo publish"))),
        |k| {
            let on_main = on(MAIN, &run("cargo publish"));
            k.file("w.yml", &on_main);
        },
    ),
    (
        "makes-latest",
        |k| {
            k.file("w.yml", &on(TAG, DOCKER));
            k.base.newest = Some("v2.0.0".into());
        },
        |k| k.file("w.yml", &on(TAG, DOCKER)),
    ),
    (
        "release-must-be-there",
        |k| k.file("w.yml", &on(TAG, &run("gh release upload x a"))),
        |k| {
            k.file("w.yml", &on(TAG, &run("gh release upload x a")));
            k.file("x.yml", &on(TAG, &run("gh release create x")));
        },
    ),
];

fn budget(left: u64) -> Option<Budget> {
    Some(Budget {
        limit: 5_000,
        left,
        resets: 2_000_000,
    })
}

fn listed(was_changed: bool) -> Vec<Listed> {
    vec![Listed {
        path: "a.md".into(),
        pattern: None,
        was_changed,
    }]
}

#[test]
fn each_finding_is_made_by_its_facts_and_not_by_the_nearest_others() {
    assert_eq!(Known::well().found(), Vec::<&str>::new());
    let mut wrong = Vec::new();
    for (name, makes, spares) in TABLE {
        let (mut ill, mut near) = (Known::well(), Known::well());
        makes(&mut ill);
        spares(&mut near);
        let (ill, near) = (ill.found(), near.found());
        if !ill.contains(name) || near.contains(name) {
            wrong.push((name, ill, near));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_table_holds_what_is_documented() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/doctor.md");
    let page = std::fs::read_to_string(page).unwrap();
    let documented: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .collect();
    let held: BTreeSet<&str> = TABLE.iter().map(|(name, ..)| *name).collect();
    assert_eq!(held, documented);
}
