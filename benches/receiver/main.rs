//! The way in, beside two receivers that do nothing else: `cargo bench --bench
//! receiver`. Each server is a process of its own, held to one core where
//! `taskset` is there; all are sent the same, one after another. Believe the
//! ratios of one run, not the levels. `docs/performance.md` has figures.

mod load;
mod payload;
mod reference;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use load::{Run, send};
use payload::{Requests, SECRET};
use sqlx::Connection as _;

const KIND: &str = "HOTFIX_BENCH_RECEIVER";
const BURST: u64 = 10_000;

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
    let bench = std::env::args().any(|arg| arg == "--bench");
    let time = Duration::from_millis(if bench { 5_000 } else { 200 });
    let burst = if bench { BURST } else { 100 };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        println!(
            "{:<12} {:>8} {:>7} {:>9} {:>7} {:>7} {:>7} {:>8} {:>8} {:>8}",
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
        for kind in ["fields", "bodies", "hotfix-bot"] {
            measure(kind, time, burst).await;
        }
    });
}

async fn measure(kind: &str, time: Duration, burst: u64) {
    let dir = tempfile::tempdir().expect("a folder");
    // The tables are made; what counts is the next start.
    drop(Server::start(kind, dir.path()));
    let began = Instant::now();
    let server = Server::start(kind, dir.path());
    let start = began.elapsed().as_secs_f64() * 1e3;
    let address = server.address.clone();
    tokio::time::sleep(time / 5).await;
    let idle = server.memory("VmRSS:");
    let mut figures = Vec::new();
    for (run, relevant) in [(1, 2), (2, 100)] {
        let cpu = server.cpu();
        let requests = Requests::new(relevant, run << 32);
        let all = send(&address, requests, time, u64::MAX, None).await;
        figures.push((all.rate(), (server.cpu() - cpu) * 1e6 / all.answered as f64));
        honest(kind, &all);
        server.worked_off().await;
    }
    let calm = send(
        &address,
        Requests::new(2, 3 << 32),
        time,
        u64::MAX,
        Some(500.0),
    )
    .await;
    println!(
        "{kind:<12} {:>8.0} {:>7.0} {:>9.0} {:>7.0} {:>7.2} {:>7.2} {idle:>8.1} {:>8.1} {start:>8.1}",
        figures[0].0,
        figures[0].1,
        figures[1].0,
        figures[1].1,
        calm.at(50),
        calm.at(99),
        server.memory("VmHWM:"),
    );
    if kind == "hotfix-bot" {
        let before = server.memory("VmHWM:");
        let began = Instant::now();
        let requests = Requests::new(100, 4 << 32);
        let all = send(&address, requests, Duration::MAX, burst, None).await;
        honest(kind, &all);
        server.worked_off().await;
        println!(
            "a burst of {burst} relevant ones: acknowledged in {:.1} s, worked off in {:.1} s, \
             memory {before:.1} to {:.1} MB, the database's file {:.1} MB",
            all.took.as_secs_f64(),
            began.elapsed().as_secs_f64(),
            server.memory("VmHWM:"),
            std::fs::metadata(dir.path().join("bench.db")).map_or(0.0, |it| it.len() as f64) / 1e6,
        );
    }
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
    static ADDRESS: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let start = || {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        listener.set_nonblocking(true).expect("a socket");
        std::thread::spawn(move || {
            let app = r#"{"id":7,"slug":"hotfix-bot","name":"Hotfix Bot","owner":{"login":"acme","id":1}}"#;
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
    };
    ADDRESS.get_or_init(start).clone()
}

struct Server {
    child: Child,
    address: String,
    database: Option<String>,
}

impl Server {
    fn start(kind: &str, dir: &Path) -> Server {
        let database = dir.join("bench.db").display().to_string();
        let ours = kind == "hotfix-bot";
        let program = match ours {
            true => env!("CARGO_BIN_EXE_hotfix-bot").to_owned(),
            false => std::env::current_exe()
                .expect("this program")
                .display()
                .to_string(),
        };
        let mut command = match Path::new("/usr/bin/taskset").exists() {
            true => {
                let mut held = Command::new("/usr/bin/taskset");
                held.args(["-c", "0", &program]);
                held
            }
            false => Command::new(&program),
        };
        if ours {
            command.arg("serve").envs([
                ("APP_ID", "7"),
                (
                    "PRIVATE_KEY",
                    include_str!("../../tests/data/key-pkcs1.pem"),
                ),
                ("WEBHOOK_SECRET", SECRET),
                ("PORT", "0"),
                ("GITHUB_API_URL", &github()),
                ("RUST_LOG", "warn,hotfix_bot::cli=info"),
                ("DATABASE_URL", &format!("sqlite:{database}")),
            ]);
        } else {
            command.env(KIND, kind).env("DATABASE", &database);
        }
        let mut child = command.stderr(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines();
        let address = loop {
            let line = lines.next().expect("it listens").expect("its log");
            if let Some((_, rest)) = line.split_once("listening on http://") {
                break rest.split('/').next().unwrap_or_default().to_owned();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        Server {
            child,
            address,
            database: ours.then_some(database),
        }
    }

    /// Waits until nothing is left to be worked on.
    async fn worked_off(&self) {
        let Some(database) = &self.database else {
            return;
        };
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(database)
            .read_only(true);
        let mut conn = sqlx::SqliteConnection::connect_with(&options)
            .await
            .expect("the file");
        loop {
            let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM inbox")
                .fetch_one(&mut conn)
                .await
                .expect("the inbox");
            if left == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Seconds of processor time.
    fn cpu(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let stat = stat.unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split(' ').collect();
        let ticks = |at: usize| {
            fields
                .get(at)
                .and_then(|t| t.parse::<f64>().ok())
                .unwrap_or(0.0)
        };
        (ticks(12) + ticks(13)) / 100.0
    }

    /// A line of the process' memory, MB.
    fn memory(&self, line: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let found = status.lines().find_map(|it| it.strip_prefix(line));
        let kb = found.and_then(|it| it.split_whitespace().next()?.parse::<f64>().ok());
        kb.unwrap_or(0.0) / 1_024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
