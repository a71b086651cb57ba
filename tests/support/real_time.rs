//! The real program as a process of its own, by the system's clock, and a stand-in with
//! one small repository that it works with.

// Each test target uses a part of this.
#![allow(dead_code)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hotfix_bot::sim::clock::SimClock;
use hotfix_bot::sim::{NewApp, Role, Seed, Sim, SimOptions, TEST_APP_KEY};

pub const SECRET: &str = "a-secret-of-this-test";
/// A step takes some seconds; on a loaded machine it takes much longer.
pub const PATIENCE: Duration = Duration::from_secs(90);

pub type Files<'a> = [(&'a str, Option<&'a str>)];

/// A crate that does nothing.
pub const TOOL: [(&str, Option<&str>); 2] = [
    (
        "Cargo.toml",
        Some("[package]\nname = \"tool\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
    ),
    ("src/main.rs", Some("fn main() {}\n")),
];

/// Asks until there is an answer; what is waited for lives by the system's clock.
pub async fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(began.elapsed() < PATIENCE, "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A stand-in with the repository `acme/tool`, where v0.1.0 is released and the App is
/// installed; with the ids of both.
pub async fn stage(dir: &Path, fresh_token_refusals: u32, files: &Files<'_>) -> (Sim, u64, u64) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let options = SimOptions {
        dir: dir.join("git"),
        clock: SimClock::system(),
        index_lag_ms: 0,
        fresh_token_refusals,
    };
    let sim = Sim::start(options).await.unwrap();
    let now = sim.clock().now();
    let mut world = sim.world();
    world.add_org("acme");
    let repo = world.create_repo("acme", "tool", false).unwrap();
    for (login, role) in [
        ("maintainer", Role::Maintain),
        ("developer", Role::Write),
        ("reporter", Role::Read),
    ] {
        world.add_user(login);
        world.set_role(repo, login, role);
    }
    world.add_label(repo, "P0", "b60205");
    let seed = Seed {
        author: "maintainer",
        message: "Begin",
        at: now - 1_000_000,
        files,
    };
    let sha = world.seed(repo, "main", &[seed]).unwrap();
    let tag = Some("v0.1.0");
    world.seed_tag(repo, "v0.1.0", &sha, tag).unwrap();
    let app = NewApp {
        slug: "hotfix-bot",
        owner: "acme",
        key_pem: TEST_APP_KEY,
        webhook_secret: SECRET,
        permissions: &hotfix_bot::rehearsal::PERMISSIONS,
        events: &[],
    };
    let app = world.add_app(&app).unwrap();
    world.install_app(app, &[repo]).unwrap();
    drop(world);
    (sim, repo, app)
}

/// Somebody opens an issue and labels it; waits for the draft of its pull request.
pub async fn is_prepared(sim: &Sim, repo: u64, issue: u64) {
    let draft = until("a pull request", || {
        let world = sim.world();
        let pull = world.repos[&repo].pull(issue + 1).ok();
        pull.map(|(_, pull)| pull.draft)
    });
    assert!(draft.await, "it is a draft");
}

/// `hotfix-bot serve` for the App, with what every server needs.
pub fn serve(sim: &Sim, app: u64, dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotfix-bot"));
    command
        .arg("serve")
        .env_clear()
        .envs([
            ("APP_ID", app.to_string()),
            ("PRIVATE_KEY", TEST_APP_KEY.replace('\n', "\\n")),
            ("WEBHOOK_SECRET", SECRET.to_owned()),
            ("PORT", "0".to_owned()),
            ("GITHUB_API_URL", sim.api_url()),
            ("CRATES_IO_URL", sim.crates_url()),
            ("CRATES_IO_INDEX_URL", sim.crates_index_url()),
        ])
        .current_dir(dir);
    command
}

/// The program; killed if the test fails before it ends.
pub struct Program {
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
}

impl Program {
    pub fn starts(command: &mut Command) -> Program {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let into = log.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                into.lock().unwrap().push(line);
            }
        });
        Program { child, log }
    }

    pub fn lines(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    pub fn says(&self, words: &str) -> bool {
        self.lines().iter().any(|line| line.contains(words))
    }

    pub async fn has_said(&self, words: &str) {
        until(words, || self.says(words).then_some(())).await;
    }

    /// Where it listens, without a path.
    pub async fn address(&self) -> String {
        until("it listens", || {
            self.lines().iter().find_map(|line| {
                let at = line
                    .find("http://127.0.0.1:")
                    .filter(|_| line.contains("listening on"))?;
                let rest = &line[at..];
                Some(rest[..rest.find("/webhook")?].to_owned())
            })
        })
        .await
    }

    pub async fn webhook(&self) -> String {
        format!("{}/webhook", self.address().await)
    }

    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &pid]).status().unwrap();
        assert!(sent.success());
    }

    /// Its exit code, when it has ended.
    pub async fn ended(&mut self) -> Option<i32> {
        let ended = until("it ends", || self.child.try_wait().unwrap()).await;
        ended.code()
    }

    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
