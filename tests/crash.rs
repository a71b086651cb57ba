//! The server dies at every write of a whole hotfix, once before GitHub acted
//! and once after it acted and before the answer came, and starts again on the
//! same file: the world must come out as if nothing had happened.
//!
//! Dying is dropping the runtime: no code for stopping runs, and what was
//! under way is cut.

mod support;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use hotfix_bot::sim::{FaultPlan, FaultWhen};
use support::{Played, Troubles, play};

/// Rehearsals at the same time.
const AT_ONCE: usize = 2;

#[test]
fn the_world_is_the_same_wherever_the_server_dies() {
    let began = Instant::now();
    let calm = play(Troubles::default());
    assert_eq!(calm.report.outcome, "finished", "{}", calm.story);
    let points: Vec<FaultPlan> = (0..calm.writes)
        .flat_map(|at| [FaultWhen::Before, FaultWhen::After].map(|when| FaultPlan { at, when }))
        .filter(|plan| wanted(plan))
        .collect();
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(plan) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(failure) = failure(*plan, &calm) {
                        println!("{failure}");
                        failures.lock().unwrap().push(failure);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    println!(
        "{} crash points tried ({} writes) in {:.0} s",
        points.len(),
        calm.writes,
        began.elapsed().as_secs_f64()
    );
    assert!(failures.is_empty(), "{} points fail", failures.len());
}

/// `CRASH_AT=12` tries this write alone.
fn wanted(plan: &FaultPlan) -> bool {
    let only = std::env::var("CRASH_AT").ok();
    only.is_none_or(|at| at.parse() == Ok(plan.at))
}

/// What is wrong after a crash there; none when nothing is.
fn failure(plan: FaultPlan, calm: &Played) -> Option<String> {
    let played = play(Troubles {
        fault: Some(plan),
        ..Troubles::default()
    });
    let struck = played.strikes.first().map(|s| s.operation.clone());
    let place = format!("write {} {:?} ({struck:?})", plan.at, plan.when);
    if played.strikes.len() != 1 {
        return Some(format!("{place}: struck {} times", played.strikes.len()));
    }
    let mut wrong = String::new();
    if played.report.outcome != "finished" {
        wrong += &format!("  unfinished: {}\n", played.report.reason);
    }
    wrong += &calm.ending.difference(&played.ending).unwrap_or_default();
    if std::env::var_os("CRASH_AT").is_some() && !wrong.is_empty() {
        wrong += &played.story;
    }
    (!wrong.is_empty()).then(|| format!("{place}:\n{wrong}"))
}
