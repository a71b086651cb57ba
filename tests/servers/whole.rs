//! A whole hotfix, whose deliveries come to two servers by turns. At a write the one
//! that leads is killed, before GitHub acted or after, the other goes on, and some writes
//! later that one is killed in turn. The world must come out as if there had been one
//! server, which nothing happened to.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use hotfix_bot::sim::{FaultPlan, FaultWhen};

use crate::support::postgres::Database;
use crate::support::{Played, Troubles, play};

/// Every so manieth write is tried, once before and once after.
const EVERY: usize = 5;
/// Plays at the same time.
const AT_ONCE: usize = 3;

#[test]
fn a_whole_hotfix_goes_through_two_servers_and_their_deaths() {
    if Database::new().is_none() {
        return;
    }
    let calm = play(Troubles::default());
    let both = play(Troubles {
        pair: true,
        ..Troubles::default()
    });
    is_the_same(&calm, &both, &[]).unwrap();
    let whens = [FaultWhen::Before, FaultWhen::After];
    let points: Vec<FaultPlan> = (0..calm.writes)
        .step_by(EVERY)
        .zip(whens.into_iter().cycle())
        .map(|(at, when)| FaultPlan { at, when })
        .collect();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(plan) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let killed = play(Troubles {
                        pair: true,
                        fault: Some(*plan),
                        ..Troubles::default()
                    });
                    if let Err(why) = dies(&calm, &killed) {
                        let why = format!("{plan:?}, {:?}: {why}", killed.strikes);
                        println!("{why}");
                        wrong.lock().unwrap().push(why);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    println!("{} deaths, each with a second one", points.len());
    assert!(wrong.is_empty(), "{} of {} fail", wrong.len(), points.len());
}

fn dies(calm: &Played, killed: &Played) -> Result<(), String> {
    // The second comes too late near the end.
    if killed.strikes.is_empty() {
        return Err("nobody died".to_owned());
    }
    let starts = |it: &&hotfix_bot::sim::Strike| {
        it.plan.when == FaultWhen::Before && it.operation == "actions/create-workflow-dispatch"
    };
    // No workflow is started twice: where nobody knows whether it was, and it is not
    // seen, it is offered to a person.
    let once = killed.strikes.iter().any(|it| starts(&it));
    let asked: &[&str] = match once {
        true => &["/hotfix retry", "| Release workflows |"],
        false => &[],
    };
    is_the_same(calm, killed, asked)
}

fn is_the_same(calm: &Played, other: &Played, without: &[&str]) -> Result<(), String> {
    if !other.report.is_as_expected() {
        return Err(format!("unfinished: {}", other.report.reason));
    }
    let [calm, ending] = [&calm.ending, &other.ending].map(|it| it.without(without));
    calm.difference(&ending).map_or(Ok(()), Err)
}
