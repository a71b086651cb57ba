//! From queued to completed, again, cancelled, and waiting for a person.

use super::{START, stage};
use crate::sim::actions::{Failure, control};

#[test]
fn a_run_goes_through_its_states_by_the_clock() {
    let mut s = stage(&[]);
    s.push("refs/heads/main", &s.head.clone());
    assert_eq!(s.runs().len(), 1, "only CI listens to main");
    let ci = s.run_of("ci.yml");
    assert_eq!((ci.status, ci.attempt, ci.number), ("queued", 1, 1));
    assert_eq!(ci.head_branch, "main");
    assert_eq!(ci.jobs[0].status, "queued");
    s.pass(4_999);
    assert_eq!(s.run_of("ci.yml").status, "queued");
    s.pass(1);
    assert_eq!(s.run_of("ci.yml").status, "in_progress");
    assert_eq!(s.run_of("ci.yml").jobs[0].status, "in_progress");
    s.pass(179_999);
    assert_eq!(s.run_of("ci.yml").status, "in_progress");
    s.pass(1);
    let ci = s.run_of("ci.yml");
    assert_eq!(ci.status, "completed");
    assert_eq!(ci.conclusion.as_deref(), Some("success"));
    assert_eq!(ci.updated_at, START + 185_000);
}

#[test]
fn times_are_set_by_file_and_shared_by_the_levels_of_needs() {
    let mut s = stage(&[]);
    let settings = s.world.run_settings(s.repo).unwrap();
    settings.set_pace("publish.yml", 1_000, 10_000);
    s.push_tag("v1.0.5");
    s.pass(1_000);
    let names = |s: &super::Stage| -> Vec<(String, &'static str)> {
        let jobs = &s.run_of("publish.yml").jobs;
        jobs.iter().map(|j| (j.name.clone(), j.status)).collect()
    };
    assert_eq!(names(&s), [("check".to_owned(), "in_progress")]);
    s.pass(5_000);
    assert_eq!(
        names(&s),
        [
            ("check".to_owned(), "completed"),
            ("publish".to_owned(), "in_progress")
        ]
    );
    s.pass(5_000);
    assert_eq!(
        s.run_of("publish.yml").conclusion.as_deref(),
        Some("success")
    );
}

#[test]
fn a_rerun_keeps_the_id_and_raises_the_attempt() {
    let mut s = stage(&[]);
    let settings = s.world.run_settings(s.repo).unwrap();
    settings
        .failures
        .push(Failure::first_attempt("publish.yml").job("publish"));
    s.push_tag("v1.0.5");
    s.pass(200_000);
    let run = s.run_of("publish.yml").clone();
    assert_eq!(run.conclusion.as_deref(), Some("failure"));
    assert_eq!(run.jobs[0].conclusion.as_deref(), Some("success"));
    assert!(
        s.world.registry.version("caro", "1.0.5").is_none(),
        "a failure publishes nothing"
    );

    let who = s.owner();
    control::rerun(&mut s.world, s.repo, run.id, true, &who).unwrap();
    let again = s.run_of("publish.yml");
    assert_eq!(
        (again.id, again.attempt, again.status),
        (run.id, 2, "queued")
    );
    assert_eq!(again.conclusion, None);
    let refused = control::rerun(&mut s.world, s.repo, run.id, false, &who).unwrap_err();
    assert_eq!(refused.status, 403);
    s.pass(200_000);
    let again = s.run_of("publish.yml");
    assert_eq!(again.conclusion.as_deref(), Some("success"));
    assert_eq!(
        again.jobs[0].completed_at, run.jobs[0].completed_at,
        "taken over, not repeated"
    );
    assert_eq!(again.past.len(), 1);
    assert!(s.world.registry.version("caro", "1.0.5").is_some());
}

#[test]
fn what_needs_a_failed_job_is_skipped() {
    let mut s = stage(&[]);
    let settings = s.world.run_settings(s.repo).unwrap();
    settings
        .failures
        .push(Failure::always("publish.yml").run(1));
    s.push_tag("v1.0.5");
    s.pass(200_000);
    let run = s.run_of("publish.yml");
    let ends: Vec<_> = run.jobs.iter().map(|j| j.conclusion.as_deref()).collect();
    assert_eq!(ends, [Some("failure"), Some("skipped")]);
    assert_eq!(run.conclusion.as_deref(), Some("failure"));
}

#[test]
fn a_run_is_cancelled_once() {
    let mut s = stage(&[]);
    s.push("refs/heads/main", &s.head.clone());
    s.pass(10_000);
    let id = s.run_of("ci.yml").id;
    control::cancel(&mut s.world, s.repo, id).unwrap();
    assert_eq!(s.run_of("ci.yml").conclusion.as_deref(), Some("cancelled"));
    assert_eq!(
        control::cancel(&mut s.world, s.repo, id)
            .unwrap_err()
            .status,
        409
    );
    s.pass(1_000_000);
    assert_eq!(s.run_of("ci.yml").conclusion.as_deref(), Some("cancelled"));
}

#[test]
fn a_protected_environment_waits_for_its_reviewer() {
    let flow = "on: push\njobs:\n  ship:\n    runs-on: x\n    environment: prod\n    steps:\n      - run: make\n";
    let mut s = stage(&[(".github/workflows/ship.yml", flow)]);
    let mona = s.owner().user;
    let settings = s.world.run_settings(s.repo).unwrap();
    settings.protected.insert("prod".into(), vec![mona]);
    s.push("refs/heads/dev", &s.head.clone());
    s.pass(1_000_000);
    let run = s.run_of("ship.yml");
    assert_eq!((run.status, run.jobs[0].status), ("waiting", "waiting"));
    let id = run.id;
    assert!(control::approve(&mut s.world, s.repo, id, "prod", mona + 1_000).is_err());
    control::approve(&mut s.world, s.repo, id, "prod", mona).unwrap();
    assert_eq!(s.run_of("ship.yml").status, "in_progress");
    s.pass(180_000);
    assert_eq!(s.run_of("ship.yml").conclusion.as_deref(), Some("success"));
}

#[test]
fn a_broken_file_fails_at_its_start() {
    let mut s = stage(&[(
        ".github/workflows/odd.yml",
        "name: Odd\non: push\njobs: 7\n",
    )]);
    s.push("refs/heads/dev", &s.head.clone());
    let run = s.run_of("odd.yml");
    assert_eq!((run.name.as_str(), run.status), ("Odd", "completed"));
    assert_eq!(run.conclusion.as_deref(), Some("startup_failure"));
    assert!(run.jobs.is_empty());
}
