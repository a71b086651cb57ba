//! Schedules of faults: what goes wrong is drawn from a seed, played with the
//! whole server on owned clocks, and judged by what the stand-in shows.
//!
//! `SCHEDULE_SEED=17` tells one schedule, `SCHEDULE_ONLY=0,3` of it these events
//! alone; `SCHEDULE_FROM` and `SCHEDULE_COUNT` say which are played, and
//! `SCHEDULE_SECONDS` for how long to go on after that; `TEST_DATABASE=postgres`
//! plays on PostgreSQL. See docs/faults.md.

#[path = "../support/mod.rs"]
mod support;

mod cast;
mod deeds;
mod dice;
mod life;
mod over;
mod play;
mod promises;
mod schedule;
mod servers;
mod setting;
mod shrink;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use play::{Ended, play};
use schedule::Schedule;

/// How many are played when nobody says otherwise.
const COUNT: u64 = 16;
/// After so many it is said how far it is.
const TELLS: u64 = 50;

fn number(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(
        value
            .parse()
            .unwrap_or_else(|_| panic!("{name} is a number")),
    )
}

#[test]
fn every_promise_holds_whatever_goes_wrong() {
    match number("SCHEDULE_SEED") {
        Some(seed) => one(seed),
        None => many(),
    }
}

/// Plays one and tells its story; with `RUST_LOG` what the server logs, too.
fn one(seed: u64) {
    if std::env::var_os("RUST_LOG").is_some() {
        let filter = tracing_subscriber::EnvFilter::from_default_env();
        tracing_subscriber::fmt().with_env_filter(filter).init();
    }
    let mut schedule = Schedule::of(seed);
    if let Ok(only) = std::env::var("SCHEDULE_ONLY") {
        let parts = only.split(',').filter(|it| !it.is_empty());
        let kept = parts.map(|it| it.parse().expect("numbers of events"));
        schedule = schedule.only(&kept.collect::<Vec<_>>());
    }
    println!("schedule {seed}:\n{schedule}");
    let played = play(&schedule);
    println!("{}", played.story());
    match &played.broken {
        None => println!("{:?}: {}", played.ended, played.asked),
        Some(broken) => panic!("{broken}"),
    }
}

/// Plays many, several at the same time; what fails is shrunk.
fn many() {
    let from = number("SCHEDULE_FROM").unwrap_or(0);
    let count = number("SCHEDULE_COUNT").unwrap_or(COUNT);
    let more = number("SCHEDULE_SECONDS").map(Duration::from_secs);
    let (next, began) = (AtomicU64::new(from), Instant::now());
    let failed = Mutex::new(Vec::new());
    let ends: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());
    // Each waits now and then, so there is one more than the machine has cores.
    let at_once = std::thread::available_parallelism().map_or(2, usize::from) + 1;
    std::thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    let on = more.is_some_and(|more| began.elapsed() < more);
                    if seed - from >= count && !on {
                        return;
                    }
                    let schedule = Schedule::of(seed);
                    let played = std::panic::catch_unwind(|| play(&schedule));
                    let Ok(played) = played else {
                        println!("seed {seed} panics:\n{schedule}");
                        failed.lock().unwrap().push(seed);
                        continue;
                    };
                    let end = match (&played.ended, &played.broken) {
                        (_, Some(_)) => "broken".to_owned(),
                        (Ended::Asked, None) => format!("asked: {}", played.asked),
                        (ended, None) => format!("{ended:?}"),
                    };
                    let done = {
                        let mut ends = ends.lock().unwrap();
                        *ends.entry(end).or_default() += 1;
                        ends.values().sum::<u64>()
                    };
                    if done.is_multiple_of(TELLS) {
                        println!("{done} in {:.0} s", began.elapsed().as_secs_f64());
                    }
                    if let Some(broken) = played.broken {
                        println!("seed {seed}: {broken}");
                        let smaller = shrink::shrink(schedule, &broken);
                        let replay = smaller.replay();
                        println!("seed {seed}, shrunk:\n{smaller}  {replay}\n");
                        failed.lock().unwrap().push(seed);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    let played = ends.lock().unwrap().values().sum::<u64>();
    let took = began.elapsed().as_secs_f64();
    println!("{played} schedules from {from} on in {took:.0} s:");
    for (end, times) in ends.into_inner().unwrap() {
        println!("{times:>6} {end}");
    }
    assert!(failed.is_empty(), "seeds that fail: {failed:?}");
}
