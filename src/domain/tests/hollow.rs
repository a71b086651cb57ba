//! Runs that passed and tested nothing, for GitHub left out what tests.

use super::world::{World, base, needs, sha, status, workflow};
use crate::domain::need::NeedKind;
use crate::domain::objects::{Ahead, RanJob, Run};
use crate::domain::policy::{Policy, parse};

/// A job as GitHub tells of it: whether it did something, and its name.
type Told = (bool, &'static str);

fn world(ci: &str, jobs: &[Told]) -> World {
    let mut base = base();
    base.workflows[0] = workflow("ci.yml", ci);
    let mut w = World::new(base, Policy::default());
    // What runs for the pull request tests the head itself then.
    w.ahead = Ahead::default();
    w.begin("maintainer");
    did(&mut w, 1, jobs);
    w.push_fix('f');
    w
}

fn did(w: &mut World, run: u64, jobs: &[Told]) {
    let told = jobs.iter().zip(run * 10..).map(|((did, name), id)| RanJob {
        id,
        run,
        name: (*name).into(),
        passed: *did,
        idle: !*did,
        ..RanJob::default()
    });
    w.jobs.jobs.extend(told);
}

fn passes(w: &mut World, id: u64, event: &str) {
    w.run_is(Run {
        id,
        attempt: 1,
        path: ".github/workflows/ci.yml".into(),
        event: event.into(),
        ref_name: "hotfix/v1.0.5".into(),
        sha: sha('f'),
        status: "completed".into(),
        conclusion: Some("success".into()),
        started_at: i64::try_from(id).unwrap(),
        ..Run::default()
    });
}

/// The jobs that are told to have been left out of a run that passed.
fn hollow(w: &World) -> Option<(Vec<String>, bool, Vec<String>)> {
    needs(w).into_iter().find_map(|need| match need {
        NeedKind::RunHollow {
            jobs,
            draft,
            conditions,
            ..
        } => {
            let names = jobs.iter().map(|job| job.folded()).collect();
            Some((names, draft, conditions))
        }
        _ => None,
    })
}

const ON: &str = "on:\n  push:\n  pull_request:\n  workflow_dispatch:\n";

/// A file that every push starts, with these jobs: `a: {…}`, one a line.
fn file(jobs: &[&str]) -> String {
    let jobs: Vec<String> = jobs.iter().map(|job| format!("  {job}\n")).collect();
    format!("{ON}jobs:\n{}", jobs.concat())
}

#[test]
fn a_run_counts_where_what_tests_was_not_left_out() {
    let filter = "changes: {steps: [{uses: dorny/paths-filter@v3}]}";
    let test = "test: {needs: changes, if: x, steps: [{run: cargo test}]}";
    let lint = "lint: {steps: [{run: cargo clippy}]}";
    let all = "ok: {needs: [changes, test], if: always(), steps: [{run: exit 0}]}";
    let tag = "if: \"startsWith(github.ref, 'refs/tags/')\"";
    let release =
        &format!("release: {{needs: test, {tag}, steps: [{{run: make test && cargo publish}}]}}");
    let matrix = "unit: {name: \"unit on ${{ matrix.os }}\", if: x, strategy: {matrix: {os: [a, b]}}, steps: [{run: make test}]}";
    let plain = "test: {if: x, steps: [{run: cargo test}]}";
    let called = "ci: {if: x, uses: ./.github/workflows/inner.yml}";
    let elsewhere = "ci: {if: x, uses: a/b/.github/workflows/c.yml@v1}";
    let any = "any: {name: \"${{ matrix.name }}\", if: x, strategy: {matrix: {name: [a]}}, steps: [{run: cargo test}]}";
    /// The file's jobs, what GitHub says of them, and what was left out.
    type Row<'a> = (&'a [&'a str], &'a [Told], Option<&'a [&'a str]>);
    let table: &[Row<'_>] = &[
        // A filter decided that there is nothing to do.
        (
            &[filter, test],
            &[(true, "changes"), (false, "test")],
            Some(&["test"]),
        ),
        (&[filter, test], &[(true, "changes"), (true, "test")], None),
        // What is green whatever happened says nothing either.
        (
            &[filter, test, all],
            &[(true, "changes"), (false, "test"), (true, "ok")],
            Some(&["test"]),
        ),
        // How it is written is no test.
        (
            &[lint, plain],
            &[(true, "lint"), (false, "test")],
            Some(&["test"]),
        ),
        // Only what waits for a release was left out.
        (
            &[plain, release],
            &[(true, "test"), (false, "release")],
            None,
        ),
        (
            &[lint, release],
            &[(true, "lint"), (false, "release")],
            None,
        ),
        // Of a matrix one is enough, and by no other job's name.
        (
            &[matrix],
            &[(true, "unit on a"), (false, "unit on b")],
            None,
        ),
        (
            &[lint, matrix],
            &[(true, "lint"), (false, "unit on ${{ matrix.os }}")],
            Some(&["unit on ${{ matrix.os }}"]),
        ),
        (
            &[filter, any],
            &[(true, "changes"), (false, "${{ matrix.name }}")],
            Some(&["${{ matrix.name }}"]),
        ),
        // What it calls is known where it is of this repository.
        (
            &[filter, called],
            &[(true, "changes"), (false, "ci")],
            Some(&["ci"]),
        ),
        (
            &[called],
            &[(true, "ci / changes"), (false, "ci / test")],
            Some(&["ci / test"]),
        ),
        (
            &[called],
            &[(true, "ci / changes"), (true, "ci / test")],
            None,
        ),
        // What nobody reads is taken for a test where it ran.
        (
            &[elsewhere, plain],
            &[(true, "ci / a"), (false, "test")],
            None,
        ),
        (
            &[filter, elsewhere],
            &[(true, "changes"), (false, "ci")],
            Some(&["ci"]),
        ),
        (&[plain], &[(true, "some check"), (false, "test")], None),
        (&[plain], &[(false, "test")], Some(&["test"])),
        (&[plain], &[], None),
    ];
    for (jobs, told, expected) in table {
        let mut w = world(&file(jobs), told);
        let inner = file(&[
            "changes: {steps: [{uses: dorny/paths-filter@v3}]}",
            "test: {needs: changes, if: x, steps: [{run: cargo test}]}",
        ]);
        let inner = inner.replace(ON, "on: workflow_call\n");
        let mut with = w.base.clone();
        with.workflows.push(workflow("inner.yml", &inner));
        w = World::of(with, Policy::default(), "maintainer");
        did(&mut w, 1, told);
        w.push_fix('f');
        passes(&mut w, 1, "push");
        let found = hollow(&w).map(|(jobs, ..)| jobs);
        let expected = expected.map(|all| all.iter().map(|it| (*it).to_owned()).collect());
        assert_eq!(found, expected, "{jobs:?} {told:?}");
    }
}

#[test]
fn a_hollow_run_is_no_proof_and_a_word_or_another_run_is() {
    let ci = file(&["test: {if: x, steps: [{run: cargo test}]}"]);
    let mut w = world(&ci, &[(false, "test")]);
    passes(&mut w, 1, "push");
    assert!(hollow(&w).is_some());
    assert!(
        status(&w).contains("passed and tested nothing, for GitHub left out `test` (`if:` `x`)")
    );
    w.say("developer", "/hotfix check critical-path note=ran-it-all");
    assert_eq!(hollow(&w), None);
    w.say("developer", "/hotfix uncheck critical-path");
    assert!(hollow(&w).is_some());
    // What was started otherwise did more; which of them is newer is no matter.
    did(&mut w, 2, &[(true, "test")]);
    passes(&mut w, 2, "workflow_dispatch");
    assert_eq!(hollow(&w), None);
    w.look();
    assert_eq!(hollow(&w), None);
    let looking = |need: &NeedKind| matches!(need, NeedKind::Looking { .. });
    assert!(!needs(&w).iter().any(looking), "{:?}", needs(&w));
}

#[test]
fn no_decision_is_offered_before_it_is_known_what_the_jobs_did() {
    let ci = file(&["test: {if: x, steps: [{run: cargo test}]}"]);
    // Nothing else asks for them.
    let policy = parse("[test]\nmanual = false\n").unwrap();
    let mut base = base();
    base.workflows[0] = workflow("ci.yml", &ci);
    let mut w = World::of(base, policy, "maintainer");
    did(&mut w, 1, &[(false, "test")]);
    w.push_fix('f');
    passes(&mut w, 1, "push");
    assert!(hollow(&w).is_some(), "{:?}", needs(&w));
}

#[test]
fn a_draft_leaves_out_what_runs_once_it_is_none() {
    let when = "!github.event.pull_request.draft";
    let with = |types: &str| {
        let job = format!("jobs: {{test: {{if: \"{when}\", steps: [{{run: cargo test}}]}}}}");
        format!("on: {{pull_request: {{types: [{types}]}}}}\n{job}\n")
    };
    for (types, ready) in [
        ("opened, synchronize, ready_for_review", true),
        ("opened, synchronize", false),
    ] {
        let mut w = world(&with(types), &[(false, "test")]);
        passes(&mut w, 1, "pull_request");
        let expected = (vec!["test".to_owned()], ready, vec![when.to_owned()]);
        assert_eq!(hollow(&w), Some(expected), "{types}");
        assert_eq!(status(&w).contains("gh pr ready"), ready, "{types}");
        // Ready, it runs anew.
        did(&mut w, 2, &[(true, "test")]);
        passes(&mut w, 2, "pull_request");
        assert_eq!(hollow(&w), None, "{types}");
    }
}

#[test]
fn what_only_the_opening_starts_is_not_waited_for() {
    let by = |types: &str| {
        let file = format!("on: {{pull_request: {{types: [{types}]}}}}\njobs: {{}}\n");
        let mut w = world(&file, &[]);
        w.look();
        let missing = |need: &NeedKind| matches!(need, NeedKind::RunMissing { .. });
        needs(&w).iter().any(missing)
    };
    assert!(by("opened, synchronize"));
    for types in ["opened", "opened, reopened, ready_for_review", "labeled"] {
        assert!(!by(types), "{types}");
    }
}
