//! The way in, beside two receivers that do nothing else: `cargo bench --bench
//! receiver`. Each server is a process of its own, held to one core where
//! `taskset` is there; all are sent the same, one after the other, three times.
//! Believe the ratios of one run, not the levels. `docs/performance.md` has
//! figures.

mod cases;
mod load;
mod payload;
mod reference;
mod server;

use std::path::Path;
use std::time::{Duration, Instant};

use load::{Run, Until, send};
use payload::Requests;
use server::{KIND, Server, hold_to};

const KINDS: [&str; 3] = ["fields", "bodies", "hotfix-bot"];
const BURST: u64 = 10_000;
const CASES: i64 = 5_000;

/// How much is measured.
struct Extent {
    rounds: usize,
    time: Duration,
    burst: u64,
    cases: i64,
}

fn main() {
    if let Ok(kind) = std::env::var(KIND) {
        let threads = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build();
        let database = std::env::var("DATABASE").expect("a database");
        threads
            .expect("a runtime")
            .block_on(reference::serve(&database, kind == "bodies"));
        return;
    }
    // Without it this is a test that the bench still runs.
    let extent = match std::env::args().any(|arg| arg == "--bench") {
        true => Extent {
            rounds: 3,
            time: Duration::from_secs(2),
            burst: BURST,
            cases: CASES,
        },
        false => Extent {
            rounds: 1,
            time: Duration::from_millis(200),
            burst: 100,
            cases: 10,
        },
    };
    // The servers have the other one.
    hold_to("1", std::process::id());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(compare(&extent));
}

/// What was measured of one server in one round.
#[derive(Default)]
struct Figures {
    mixed: f64,
    mixed_cpu: f64,
    relevant: f64,
    relevant_cpu: f64,
    p50: f64,
    p99: f64,
    idle: f64,
    peak: f64,
    start: f64,
}

async fn compare(extent: &Extent) {
    let github = github();
    let mut all: Vec<(&str, Vec<Figures>)> = KINDS.map(|kind| (kind, Vec::new())).into();
    for _ in 0..extent.rounds {
        for (kind, figures) in &mut all {
            figures.push(round(kind, extent, &github).await);
        }
    }
    println!(
        "{:<12} {:>8} {:>7} {:>10} {:>7} {:>7} {:>7} {:>8} {:>8} {:>8}",
        "",
        "mixed/s",
        "CPU µs",
        "relevant/s",
        "CPU µs",
        "p50 ms",
        "p99 ms",
        "idle MB",
        "peak MB",
        "start ms"
    );
    for (kind, figures) in &all {
        let median = |of: fn(&Figures) -> f64| median(figures.iter().map(of));
        println!(
            "{kind:<12} {:>8.0} {:>7.1} {:>10.0} {:>7.1} {:>7.2} {:>7.2} {:>8.1} {:>8.1} {:>8.1}",
            median(|it| it.mixed),
            median(|it| it.mixed_cpu),
            median(|it| it.relevant),
            median(|it| it.relevant_cpu),
            median(|it| it.p50),
            median(|it| it.p99),
            median(|it| it.idle),
            median(|it| it.peak),
            median(|it| it.start),
        );
    }
    let [limit, .., (_, ours)] = &all[..] else {
        return;
    };
    // Of the two that ran one after the other.
    let ratio = |of: fn(&Figures) -> f64| {
        let pairs = ours.iter().zip(&limit.1);
        median(pairs.map(|(ours, limit)| of(ours) / of(limit)))
    };
    println!(
        "hotfix-bot of the limit: mixed {:.2}, relevant {:.2}",
        ratio(|it| it.mixed),
        ratio(|it| it.relevant)
    );
    burst(extent, &github).await;
    starts(extent, &github).await;
}

/// The middle one.
fn median(all: impl Iterator<Item = f64>) -> f64 {
    let mut all: Vec<f64> = all.collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// A folder on a disk: what is kept in memory alone is written in no time.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder")
}

async fn round(kind: &str, extent: &Extent, github: &str) -> Figures {
    let dir = folder();
    // The tables are made; what counts is the next start.
    Server::start(kind, dir.path(), github).stop();
    let server = Server::start(kind, dir.path(), github);
    tokio::time::sleep(extent.time / 4).await;
    let mut figures = Figures {
        start: server.start,
        idle: server.memory("VmRSS:"),
        ..Figures::default()
    };
    let calm = Until::Calm(500, extent.time);
    let calm = send(&server.address, Requests::new(2, 1), calm).await;
    (figures.p50, figures.p99) = (calm.at(50), calm.at(99));
    for (run, relevant) in [(2, 2), (3, 100)] {
        let cpu = server.cpu();
        let requests = Requests::new(relevant, run);
        let all = send(&server.address, requests, Until::For(extent.time)).await;
        honest(kind, &all);
        server.worked_off().await;
        let cpu = (server.cpu() - cpu) * 1e6 / all.answered as f64;
        match relevant {
            100 => (figures.relevant, figures.relevant_cpu) = (all.rate(), cpu),
            _ => (figures.mixed, figures.mixed_cpu) = (all.rate(), cpu),
        }
    }
    figures.peak = server.memory("VmHWM:");
    figures
}

/// Many at once: how long until all is worked off, and what it takes.
async fn burst(extent: &Extent, github: &str) {
    let dir = folder();
    let server = Server::start("hotfix-bot", dir.path(), github);
    let warm = send(&server.address, Requests::new(100, 4), Until::Sent(500)).await;
    honest("hotfix-bot", &warm);
    server.worked_off().await;
    server.forget_peak();
    let (memory, size) = (server.memory("VmRSS:"), server.size());
    let began = Instant::now();
    let burst = Until::Sent(extent.burst);
    let all = send(&server.address, Requests::new(100, 5), burst).await;
    honest("hotfix-bot", &all);
    server.worked_off().await;
    let done = began.elapsed();
    println!(
        "a burst of {} relevant ones: acknowledged in {:.1} s, worked off in {:.1} s, memory \
         {memory:.1} to {:.1} MB, the database {size:.1} to {:.1} MB",
        extent.burst,
        all.took.as_secs_f64(),
        done.as_secs_f64(),
        server.memory("VmHWM:"),
        server.size(),
    );
}

/// Starts with many open cases.
async fn starts(extent: &Extent, github: &str) {
    let dir = folder();
    let start = |dir: &Path| Server::start("hotfix-bot", dir, github);
    start(dir.path()).stop();
    cases::fill(&dir.path().join("bench.db"), extent.cases).await;
    let mut took = Vec::new();
    for _ in 0..5 {
        let server = start(dir.path());
        took.push(server.start);
        server.stop();
    }
    println!(
        "a start with {} open cases: {:.1} ms",
        extent.cases,
        median(took.into_iter())
    );
}

fn honest(kind: &str, run: &Run) {
    if run.refused > 0 {
        println!(
            "{kind}: {} of {} were refused",
            run.refused,
            run.answered + run.refused
        );
    }
}

/// A GitHub that knows who the App is, and is busy else.
fn github() -> String {
    use axum::http::{StatusCode, header};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    listener.set_nonblocking(true).expect("a socket");
    std::thread::spawn(move || {
        let app =
            r#"{"id":7,"slug":"hotfix-bot","name":"Hotfix Bot","owner":{"login":"acme","id":1}}"#;
        let kind = [(header::CONTENT_TYPE, "application/json")];
        let router = axum::Router::new()
            .route(
                "/app",
                axum::routing::get(move || async move { (kind, app) }),
            )
            .fallback(|| async { StatusCode::SERVICE_UNAVAILABLE });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
            axum::serve(listener, router).await.expect("it serves");
        });
    });
    address
}
