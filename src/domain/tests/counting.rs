//! Which run of a file counts, of all that there are.

use super::world::{World, base, needs, sha};
use crate::domain::need::NeedKind;
use crate::domain::objects::{Ahead, Run};
use crate::domain::policy::Policy;
use crate::ecosystem::{LeftAlone, WhyLeft};

/// What the runs of `ci.yml` come to: passed, or the run that is named.
#[derive(Debug, PartialEq)]
enum Comes {
    Passed,
    Failed(u64),
    Pending(u64),
    Skipped(u64),
    Missing,
}

fn comes(w: &World) -> Comes {
    let all = needs(w);
    let of = all.iter().find_map(|need| match need {
        NeedKind::RunFailed { run, .. } => Some(Comes::Failed(run.id)),
        NeedKind::RunPending { run } => Some(Comes::Pending(run.id)),
        NeedKind::RunSkipped { run, .. } => Some(Comes::Skipped(run.id)),
        NeedKind::RunMissing { .. } => Some(Comes::Missing),
        _ => None,
    });
    of.unwrap_or(Comes::Passed)
}

/// A run of `ci.yml` on the head: id, event, when its newest attempt started,
/// how it ended (nothing: not yet).
type Told = (u64, &'static str, i64, &'static str);

fn world(ahead: u64, told: &[Told]) -> World {
    let mut w = World::new(base(), Policy::default());
    w.ahead = Ahead {
        ahead_by: ahead,
        features: 0,
        ..Ahead::default()
    };
    w.begin("maintainer");
    w.push_fix('f');
    for (id, event, started, end) in told {
        let over = !end.is_empty();
        w.run_is(Run {
            id: *id,
            attempt: 1,
            path: ".github/workflows/ci.yml".into(),
            event: (*event).into(),
            ref_name: "hotfix/v1.0.5".into(),
            sha: sha('f'),
            status: if over { "completed" } else { "in_progress" }.into(),
            conclusion: over.then(|| (*end).to_owned()),
            started_at: *started,
            ..Run::default()
        });
    }
    w
}

#[test]
fn the_worst_of_the_newest_of_each_event_counts() {
    use Comes::{Failed, Missing, Passed, Pending, Skipped};
    let by_hand = "workflow_dispatch";
    let table: &[(&[Told], Comes)] = &[
        (&[], Missing),
        (&[(1, "push", 1, "success")], Passed),
        // One event is not made good by another.
        (
            &[(1, "push", 1, "failure"), (2, by_hand, 2, "success")],
            Failed(1),
        ),
        (
            &[(1, "push", 1, ""), (2, by_hand, 2, "success")],
            Pending(1),
        ),
        (
            &[(1, "push", 1, "success"), (2, by_hand, 2, "failure")],
            Failed(2),
        ),
        (
            &[(1, "push", 1, "success"), (2, by_hand, 2, "cancelled")],
            Failed(2),
        ),
        (&[(1, "push", 1, ""), (2, by_hand, 2, "failure")], Failed(2)),
        (
            &[(1, "push", 1, "success"), (2, "schedule", 2, "failure")],
            Failed(2),
        ),
        // Of one event the attempt that started last, whatever its number.
        (
            &[(1, "push", 1, "failure"), (2, "push", 2, "success")],
            Passed,
        ),
        (
            &[(1, "push", 3, "failure"), (2, "push", 2, "success")],
            Failed(1),
        ),
        (&[(1, "push", 3, ""), (2, "push", 2, "success")], Pending(1)),
        (
            &[(1, "push", 3, "success"), (2, "push", 2, "failure")],
            Passed,
        ),
        // What did nothing says nothing.
        (
            &[(1, "push", 1, "failure"), (2, by_hand, 2, "skipped")],
            Failed(1),
        ),
        (
            &[(1, "push", 1, "success"), (2, by_hand, 2, "neutral")],
            Passed,
        ),
        (
            &[(1, "push", 1, "skipped"), (2, by_hand, 2, "skipped")],
            Skipped(2),
        ),
        // The merge with main is no test of the head.
        (&[(1, "pull_request", 1, "success")], Missing),
        (
            &[(1, "pull_request", 1, "failure"), (2, "push", 1, "success")],
            Passed,
        ),
        (&[(1, "pull_request_target", 1, "success")], Missing),
    ];
    for (runs, expected) in table {
        assert_eq!(comes(&world(2, runs)), *expected, "{runs:?}");
    }
}

#[test]
fn a_pull_request_run_counts_where_main_holds_nothing_more() {
    use Comes::{Failed, Missing, Passed};
    let table: &[(&[Told], Comes)] = &[
        (&[(1, "pull_request", 1, "success")], Passed),
        (
            &[(1, "pull_request", 1, "failure"), (2, "push", 1, "success")],
            Failed(1),
        ),
        (&[(1, "pull_request_target", 1, "success")], Missing),
        (&[(1, "pull_request_review", 1, "success")], Missing),
    ];
    for (runs, expected) in table {
        assert_eq!(comes(&world(0, runs)), *expected, "{runs:?}");
    }
}

#[test]
fn a_changelog_that_is_left_alone_is_not_told_to_be_missing() {
    let said = |left: &[WhyLeft]| {
        let mut base = base();
        base.package.changelog = None;
        base.package.changelogs = Vec::new();
        let left = left.iter().map(|why| LeftAlone {
            path: "CHANGELOG.md".to_owned(),
            why: why.clone(),
        });
        base.package.left_alone = left.collect();
        let mut w = World::new(base, Policy::default());
        w.begin("maintainer");
        super::known::status(&w)
    };
    let (missing, left) = ("there is no changelog", "the changelog is left as it is");
    let none = said(&[]);
    assert!(none.contains(missing) && !none.contains(left), "{none}");
    let kept = said(&[WhyLeft::NoRelease]);
    assert!(kept.contains(left) && !kept.contains(missing), "{kept}");
}
