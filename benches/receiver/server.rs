//! A server as a process of its own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::Connection as _;

use super::payload::SECRET;

/// Tells this program that it is to be a server itself.
pub const KIND: &str = "HOTFIX_BENCH_RECEIVER";
const TASKSET: &str = "/usr/bin/taskset";

pub struct Server {
    child: Child,
    pub address: String,
    database: PathBuf,
    ours: bool,
    /// How long it took until it answered, ms.
    pub start: f64,
}

/// Holds a process to one core, where that can be done.
pub fn hold_to(core: &str, process: u32) {
    let mut command = Command::new(TASKSET);
    command.args(["-p", "-c", core, &process.to_string()]);
    let _ = command.stdout(Stdio::null()).status();
}

impl Server {
    /// Starts one, and waits until it answers.
    pub fn start(kind: &str, dir: &Path, github: &str) -> Server {
        let database = dir.join("bench.db");
        let ours = kind == "hotfix-bot";
        let program = match ours {
            true => PathBuf::from(env!("CARGO_BIN_EXE_hotfix-bot")),
            false => std::env::current_exe().expect("this program"),
        };
        let mut command = match Path::new(TASKSET).exists() {
            true => {
                let mut held = Command::new(TASKSET);
                held.args(["-c", "0"]).arg(program);
                held
            }
            false => Command::new(program),
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
                ("GITHUB_API_URL", github),
                ("RUST_LOG", "warn,hotfix_bot::cli=info"),
                ("DATABASE_URL", &format!("sqlite:{}", database.display())),
            ]);
        } else {
            command.env(KIND, kind).env("DATABASE", &database);
        }
        let began = Instant::now();
        let mut child = command.stderr(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines();
        let address = loop {
            let line = lines.next().expect("it listens").expect("its log");
            if let Some((_, rest)) = line.split_once("listening on http://") {
                break rest.split('/').next().unwrap_or_default().to_owned();
            }
        };
        answers(&address);
        let start = began.elapsed().as_secs_f64() * 1e3;
        std::thread::spawn(move || lines.for_each(drop));
        Server {
            child,
            address,
            database,
            ours,
            start,
        }
    }

    /// Waits until nothing is left to be worked on.
    pub async fn worked_off(&self) {
        if !self.ours {
            return;
        }
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(&self.database)
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

    /// What the database takes on the disk, MB.
    pub fn size(&self) -> f64 {
        std::fs::metadata(&self.database).map_or(0.0, |it| it.len() as f64 / 1e6)
    }

    /// Seconds of processor time.
    pub fn cpu(&self) -> f64 {
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
    pub fn memory(&self, line: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let found = status.lines().find_map(|it| it.strip_prefix(line));
        let kb = found.and_then(|it| it.split_whitespace().next()?.parse::<f64>().ok());
        kb.unwrap_or(0.0) / 1_024.0
    }

    /// The peak of its memory is counted from now on.
    pub fn forget_peak(&self) {
        let _ = std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5");
    }

    /// Stops it in order.
    pub fn stop(mut self) {
        let stop = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        stop.expect("kill");
        self.child.wait().expect("it ends");
    }
}

/// Asks once, over a connection of its own.
fn answers(address: &str) {
    let mut stream = std::net::TcpStream::connect(address).expect("it listens");
    let ask = "GET /healthz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n";
    stream.write_all(ask.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
