//! What is found on a quiet day: how bad it is, what is not known, and what is
//! proposed, taken in again.

use proptest::prelude::*;

use super::quiet::{Change, Known, MAIN, TAG, on, run};
use super::sample::{self, CI, workflow};
use crate::domain::ailments::{Around, Blind, Eyes};
use crate::domain::diagnosis::ailments;
use crate::domain::facts::Facts;
use crate::domain::objects::{ConfigFault, Guards, Seen};
use crate::domain::outlook::outlook;
use crate::domain::policy::{Policy, parse};
use crate::domain::procedure::Case;
use crate::domain::procedure::branch::foreseen;
use crate::domain::procedure::publishing::publishing;
use crate::domain::quiet_day::{blind_spots, examined, wanted_labels};
use crate::domain::view::view;

#[test]
fn events_without_which_nothing_begins_stop() {
    let grades = |untold: &[&str]| {
        let mut known = Known::well();
        known.around.untold = untold.iter().map(|it| (*it).to_owned()).collect();
        let all = examined(&known.facts(), &known.around).findings;
        all.iter().map(|it| it.grade).collect::<Vec<_>>()
    };
    assert_eq!(grades(&["issues"]), ["stops"]);
    assert_eq!(grades(&["issue_comment"]), ["stops"]);
    assert_eq!(grades(&["push"]), ["costs"]);
    assert_eq!(grades(&["push", "issues"]), ["stops", "costs"]);
}

#[test]
fn what_is_not_known_is_named_and_not_taken_for_right() {
    let mut known = Known::well();
    let facts = known.facts();
    assert_eq!(blind_spots(&facts), []);
    assert_eq!(examined(&facts, &known.around).unread, []);

    let spots = |change: fn(&mut Facts)| {
        let mut facts = Known::well().facts();
        change(&mut facts);
        blind_spots(&facts)
    };
    assert_eq!(spots(|it| it.policy = Seen::default()), [Blind::Policy]);
    let base = spots(|it| it.lines.only_mut().seen.base = Seen::default());
    assert_eq!(base, [Blind::Base]);
    let guards = spots(|it| it.lines.only_mut().seen.guards = Seen::default());
    assert_eq!(guards, [Blind::Guards]);

    known.guards = Guards::default();
    let unread = |eyes| {
        let around = Around {
            eyes,
            ..Around::default()
        };
        examined(&known.facts(), &around).unread.len()
    };
    assert_eq!(unread(Eyes::App), 3);
    // What a person's token never shows is said elsewhere.
    assert_eq!(unread(Eyes::Person), 2);
    assert_eq!(unread(Eyes::Clone), 0);
}

#[test]
fn labels_are_wanted_by_a_configuration_that_was_read_and_is_right() {
    let mut known = Known::well();
    known.policy.trigger.labels = vec!["urgent".into()];
    let wanted = |facts: &Facts| wanted_labels(facts).map(<[String]>::to_vec);
    assert_eq!(wanted(&known.facts()), Some(vec!["urgent".to_owned()]));
    known.faults = vec![ConfigFault::default()];
    assert_eq!(wanted(&known.facts()), None);
    let mut unread = known.facts();
    unread.policy = Seen::default();
    assert_eq!(wanted(&unread), None);
}

#[test]
fn a_file_of_ones_own_gets_the_missing_lines_alone() {
    let mut known = Known::well();
    let proposed = |known: &Known| examined(&known.facts(), &known.around).proposed;
    let lines = proposed(&known);
    assert!(lines.added);
    assert!(!lines.text.contains("[trigger]"), "{}", lines.text);
    assert!(
        lines.text.contains("workflows = [\"ci.yml\"]"),
        "{}",
        lines.text
    );
    let whole: Policy = parse(&lines.text).unwrap();
    known.policy.test.workflows = whole.test.workflows;
    known.policy.release.workflow = whole.release.workflow;
    known.policy.base.tag_pattern = whole.base.tag_pattern;
    assert_eq!(proposed(&known).text, "");
    known.own_file = false;
    assert!(proposed(&known).text.contains("[trigger]"));
    known.own_file = true;
    known.faults = vec![ConfigFault::default()];
    assert_eq!(
        proposed(&known),
        Default::default(),
        "by nothing that holds"
    );
}

#[test]
fn a_list_is_proposed_where_it_says_what_is_derived() {
    let text = |change: Change| {
        let mut known = Known::well();
        known.own_file = false;
        change(&mut known);
        examined(&known.facts(), &known.around).proposed.text
    };
    let (tests, release) = ("\nworkflows = [", "\n[[release.workflow]]\n");
    let whole = text(|_| {});
    assert!(whole.contains(tests) && whole.contains(release), "{whole}");
    let without: [(&str, &str, Change); 5] = [
        (tests, "in their paths alone", |k| {
            let by_paths = on("{pull_request: {paths: [docs/**]}}", &run("x"));
            k.file("docs.yml", &by_paths);
        }),
        (tests, "what their jobs could do", |k| {
            k.file("site.yml", &on(MAIN, "environment: prod, steps: []"));
        }),
        (tests, "does not have `ci.yml`", |k| {
            k.base.main_workflows.retain(|it| it.name() != "ci.yml");
        }),
        (release, "nothing that the tag starts does", |k| {
            k.file("publish.yml", &on(MAIN, &run("cargo publish")));
            let job = "steps: [{uses: actions/checkout@v4}]";
            k.file("note.yml", &on(TAG, job));
        }),
        (release, "does not have `publish.yml`", |k| {
            k.base.main_workflows.retain(|it| it.name() == "ci.yml");
        }),
    ];
    for (line, why, change) in without {
        let text = text(change);
        assert!(!text.contains(line), "{why}: {text}");
        let plain = text.replace("\n# ", " ");
        assert!(plain.contains(why), "{why}: {text}");
    }
    let optional = text(|k| {
        let on_release = "{release: {types: [published]}}";
        k.file("site.yml", &on(on_release, &run("x")));
    });
    let told = "file = \"site.yml\"\nrequired = false\n";
    assert!(optional.contains(told), "{optional}");
}

/// Workflow files as repositories have them.
fn pool() -> Vec<(&'static str, String)> {
    vec![
        ("ci.yml", CI.to_owned()),
        ("pull.yml", on("{pull_request: }", &run("cargo test"))),
        (
            "paths.yml",
            on("{pull_request: {paths: [src/**]}}", &run("x")),
        ),
        ("site.yml", on(MAIN, "environment: pages, steps: []")),
        ("lint.yml", on(MAIN, &run("cargo clippy"))),
        ("publish.yml", sample::PUBLISH.to_owned()),
        ("release.yml", on(TAG, &run("gh release create x"))),
        (
            "other.yml",
            on(
                TAG,
                "if: \"startsWith(github.ref, 'refs/tags/w')\", steps: [{run: cargo publish}]",
            ),
        ),
        (
            "after.yml",
            on(
                "{workflow_run: {workflows: [Publish], types: [completed]}}",
                &run("x"),
            ),
        ),
        ("plz.yml", on(MAIN, &run("cargo publish"))),
        (
            "out.yml",
            on("{release: {types: [published]}}", &run("cargo publish")),
        ),
        (
            "hand.yml",
            on("{workflow_dispatch: }", &run("cargo publish")),
        ),
        ("signed.yml", on(TAG, &run("git tag -v x"))),
        (
            "never.yml",
            on("{push: {tags: ['w*']}}", &run("cargo publish")),
        ),
    ]
}

/// What is derived of tests and release, and what is found by it.
fn derivation(known: &Known) -> impl PartialEq + std::fmt::Debug + use<> {
    let facts = known.facts();
    let case = Case::of(&facts, &known.policy);
    let mut outlook = outlook(&case);
    outlook.survey.proofs.branched = foreseen(&case);
    let view = view(case, &outlook);
    let branched = view.proofs().branched.clone().expect("a branch");
    let by = publishing(&case, &branched);
    let found: Vec<_> = ailments(&view, &known.around)
        .iter()
        .map(|it| it.name())
        .filter(|name| *name != "config-derived")
        .collect();
    (
        view.test_workflows.clone(),
        view.left_out_workflows.clone(),
        view.harmful_workflows.clone(),
        view.release_workflows.clone(),
        std::mem::discriminant(&by.tags),
        std::mem::discriminant(&by.publishes),
        (by.on_merge, by.drafts, found),
    )
}

proptest! {
    #[test]
    fn what_is_proposed_derives_the_same_again(
        base in proptest::sample::subsequence(pool(), 0..=14),
        main in proptest::sample::subsequence(pool(), 0..=14),
        same in any::<bool>(),
        on_registry in any::<bool>(),
        released in any::<bool>(),
    ) {
        let mut known = Known::well();
        known.own_file = false;
        known.policy = Policy::default();
        let files = |all: &[(&str, String)]| {
            all.iter().map(|(name, text)| workflow(name, text)).collect::<Vec<_>>()
        };
        known.base.workflows = files(&base);
        known.base.main_workflows = if same { files(&base) } else { files(&main) };
        known.base.other_workflows = !same;
        known.base.package.on_registry = on_registry;
        if !released {
            known.base.release = None;
        }
        let before = derivation(&known);
        let proposed = examined(&known.facts(), &known.around).proposed.text;
        let there: Vec<&str> = known.base.main_workflows.iter().map(|it| it.name()).collect();
        known.policy = parse(&proposed).expect("a right file");
        known.own_file = true;
        let named = known.policy.test.workflows.written().cloned().unwrap_or_default();
        let listed = known.policy.release.workflow.iter().map(|it| it.file.clone());
        for file in named.into_iter().chain(listed) {
            prop_assert!(there.contains(&file.as_str()), "{} is not on main: {}", file, proposed);
        }
        let after = derivation(&known);
        prop_assert!(before == after, "{:#?}\n{:#?}\n{}", before, after, proposed);
    }
}
