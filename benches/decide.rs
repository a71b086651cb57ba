//! How long one decision takes: `decide` with a wake, on facts as they stand in
//! a store. `cargo bench --bench decide`; a word after `--` picks rows.

use std::hint::black_box;
use std::time::{Duration, Instant};

use hotfix_bot::domain::decide::decide;
use hotfix_bot::domain::event::Event;
use hotfix_bot::domain::facts::{Facts, stored};

macro_rules! frozen {
    ($($name:literal),*) => {
        [$(($name, include_str!(concat!("../tests/data/facts/v1/", $name, ".json")))),*]
    };
}

/// The longest facts of a rehearsal that something still follows from (a case
/// that is over decides nothing), and some of the way to them.
const FROZEN: &[(&str, &str)] = &frozen![
    "assess-asked",
    "release-undecided",
    "monitor",
    "known-open",
    "largest"
];

const WARM_UP: usize = 200;
const TIMES: usize = 2_000;

fn main() {
    let mut args = std::env::args().skip(1);
    // Without it this is a test that the bench still runs.
    let bench = args.any(|arg| arg == "--bench");
    let only = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    let (warm_up, times) = if bench { (WARM_UP, TIMES) } else { (0, 3) };
    println!(
        "{:<18} {:>7} {:>9} {:>9} {:>9} {:>9}   µs, {times} times",
        "decide(Wake)", "bytes", "min", "p10", "median", "p90"
    );
    for (name, json) in FROZEN {
        if only.as_ref().is_some_and(|only| !name.contains(only)) {
            continue;
        }
        let (facts, bytes) = facts(json);
        for _ in 0..warm_up {
            once(&facts);
        }
        let mut took: Vec<Duration> = (0..times).map(|_| once(&facts)).collect();
        took.sort();
        let at = |part: usize| took[(took.len() - 1) * part / 100].as_secs_f64() * 1e6;
        println!(
            "{name:<18} {bytes:>7} {:>9.1} {:>9.1} {:>9.1} {:>9.1}",
            at(0),
            at(10),
            at(50),
            at(90)
        );
    }
}

/// The facts of a fixture, and how long their JSON is.
fn facts(fixture: &str) -> (Facts, usize) {
    let fixture: serde_json::Value = serde_json::from_str(fixture).expect("a fixture");
    let schema = fixture["facts"]["schema"].as_i64().expect("a schema");
    let json = fixture["facts"].to_string();
    let facts = stored::read(schema, &json).expect("facts");
    (facts, json.len())
}

/// One decision; the copy of the facts is made, and the plan dropped, outside of
/// what is measured.
fn once(facts: &Facts) -> Duration {
    let mut facts = facts.clone();
    let now = facts.now + 60_000;
    let began = Instant::now();
    let plan = decide(black_box(&mut facts), black_box(&Event::Wake), now);
    let took = began.elapsed();
    black_box((plan, facts));
    took
}
