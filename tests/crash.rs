//! The server dies at every write of a whole hotfix, once before GitHub acted
//! and once after it acted and before the answer came, and starts again on the
//! same file: the world must come out as if nothing had happened.
//!
//! Dying is dropping the runtime: no code for stopping runs, and what was
//! under way is cut.
//!
//! `CRASH_AT=12` tries this write alone, and tells the story where it fails.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use hotfix_bot::sim::{FaultPlan, FaultWhen};
use support::{Played, Troubles, ahead, play};

/// Rehearsals at the same time: each waits now and then, so there is one more
/// than the machine has cores.
fn at_once() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from) + 1
}

/// One scenario after the other.
static TURN: Mutex<()> = Mutex::new(());

#[test]
fn the_world_is_the_same_wherever_the_server_dies() {
    let troubles = Troubles::default;
    hold(&troubles, "the whole hotfix", |_| true);
}

/// The hotfix pull request conflicts with main, in nothing but what has a rule,
/// and main keeps known issues: the bot opens two more. Tried are the writes to
/// refs and pull requests from the tag on; the others are those of the other
/// scenario.
#[test]
fn nor_where_the_fix_is_carried_over_to_main() {
    let troubles = || Troubles {
        before: Some(Box::new(|sim| {
            ahead::seed(sim);
            ahead::keep_known_issues(sim);
        })),
        ..Troubles::default()
    };
    let calm = hold(&troubles, "from the tag on", |write| {
        let operation = write.operation.as_deref().unwrap_or_default();
        let others = ["pulls/create-review", "pulls/update-review"];
        write.after_tag
            && ["git/", "pulls/", "graphql/"]
                .iter()
                .any(|kind| operation.starts_with(kind))
            && !others.contains(&operation)
    });
    if std::env::var_os("CRASH_AT").is_some() {
        println!("{}", calm.story);
    }
    for words in [
        "opens a pull request: Forward-port",
        "closes pull request #2",
        "merges pull request #3",
        "opens a pull request: docs: add a known issue",
        "merges pull request #4",
    ] {
        assert!(
            calm.story.contains(words),
            "no “{words}” in\n{}",
            calm.story
        );
    }
}

/// Main holds nothing since the release: the pull request is merged first, and the
/// merge is tagged. Tried are the writes from the decision on that make them.
#[test]
fn nor_where_the_merge_is_tagged() {
    let troubles = || Troubles {
        before: Some(Box::new(ahead::nothing)),
        ..Troubles::default()
    };
    let calm = hold(&troubles, "a tag on the merge", |write| {
        let operation = write.operation.as_deref().unwrap_or_default();
        let first = ["graphql/", "pulls/merge", "git/create-tag"];
        first.iter().any(|it| operation.starts_with(it))
            || write.after_tag && operation.starts_with("git/")
    });
    let all = writes(&calm);
    let place = |of: &str| {
        all.iter()
            .position(|it| it.operation.as_deref() == Some(of))
    };
    let (merge, tag) = (place("pulls/merge"), place("git/create-tag"));
    assert!(merge.is_some() && merge < tag, "{merge:?} {tag:?}");
}

/// The finished hotfix is taken back: every write from the decision on.
#[test]
fn nor_where_the_release_is_taken_back() {
    let troubles = || Troubles {
        scenario: Some("rollback"),
        ..Troubles::default()
    };
    let calm = hold(&troubles, "a rollback", |write| write.taken_back);
    for words in ["[HOTFIX FAILED]", "<!-- hotfix-bot:yanked -->"] {
        let all = calm.ending.0.join("\n");
        assert!(all.contains(words), "no “{words}” in\n{all}");
    }
}

/// The security advisory is published, once: that write.
#[test]
fn nor_where_an_advisory_is_published() {
    let troubles = || Troubles {
        scenario: Some("security"),
        ..Troubles::default()
    };
    let calm = hold(&troubles, "an advisory", |write| {
        let operation = write.operation.as_deref().unwrap_or_default();
        operation.starts_with("security-advisories/")
    });
    let all = calm.ending.0.join("\n");
    let says = "advisory GHSA-2f4g-5h6j-7m8p published patched=[Some(\"1.0.5\")]";
    assert!(all.contains(says), "{all}");
}

/// A write of the calm play.
struct Write {
    operation: Option<String>,
    after_tag: bool,
    taken_back: bool,
}

fn writes(calm: &Played) -> Vec<Write> {
    let world = calm.sim.world();
    let calls = world.log.calls.iter();
    let (mut after_tag, mut taken_back) = (false, false);
    calls
        .filter(|c| c.is_write && c.actor == "installation")
        .map(|call| {
            after_tag |= call.operation.as_deref() == Some("git/create-tag");
            taken_back |= call.operation.as_deref() == Some("issues/create");
            Write {
                operation: call.operation.clone(),
                after_tag,
                taken_back,
            }
        })
        .collect()
}

/// Plays it calmly, then once before and once after each write that is
/// `wanted`; each must end as the calm one, which is given.
fn hold(
    troubles: &(dyn Fn() -> Troubles + Sync),
    name: &str,
    wanted: fn(&Write) -> bool,
) -> Played {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let began = Instant::now();
    let calm = play(troubles());
    assert!(
        calm.report.is_as_expected(),
        "{}\n{}",
        calm.report.reason,
        calm.story
    );
    let only = std::env::var("CRASH_AT").ok();
    let only = only.map(|at| at.parse::<usize>().expect("CRASH_AT is a number"));
    let points: Vec<FaultPlan> = writes(&calm)
        .iter()
        .enumerate()
        .filter(|(at, write)| only.map_or_else(|| wanted(write), |only| only == *at))
        .map(|(at, _)| at)
        .flat_map(|at| [FaultWhen::Before, FaultWhen::After].map(|when| FaultPlan { at, when }))
        .collect();
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..at_once() {
            scope.spawn(|| {
                while let Some(plan) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(failure) = failure(*plan, troubles(), &calm, only.is_some()) {
                        println!("{failure}");
                        failures.lock().unwrap().push(failure);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    println!(
        "{name}: {} crash points tried ({} writes) in {:.0} s",
        points.len(),
        calm.writes,
        began.elapsed().as_secs_f64()
    );
    assert!(failures.is_empty(), "{} points fail", failures.len());
    calm
}

/// What is wrong after a crash there; none when nothing is.
fn failure(plan: FaultPlan, troubles: Troubles, calm: &Played, tell: bool) -> Option<String> {
    let played = play(Troubles {
        fault: Some(plan),
        ..troubles
    });
    let struck = played.strikes.first().map(|s| s.operation.clone());
    let place = format!("write {} {:?} ({struck:?})", plan.at, plan.when);
    if played.strikes.len() != 1 {
        return Some(format!("{place}: struck {} times", played.strikes.len()));
    }
    let mut wrong = String::new();
    if !played.report.is_as_expected() {
        wrong += &format!("  unfinished: {}\n", played.report.reason);
    }
    // No workflow is started twice: where nobody knows whether it was, and it is
    // not seen, it is offered to a person.
    let once = plan.when == FaultWhen::Before
        && struck.as_deref() == Some("actions/create-workflow-dispatch");
    let asked: &[&str] = match once {
        true => &["/hotfix retry", "| Release workflows |"],
        false => &[],
    };
    let [calm, ending] = [&calm.ending, &played.ending].map(|it| it.without(asked));
    wrong += &calm.difference(&ending).unwrap_or_default();
    if tell && !wrong.is_empty() {
        wrong += &played.story;
    }
    (!wrong.is_empty()).then(|| format!("{place}:\n{wrong}"))
}
